"""The one edit that is measured: a story's title and a sentence of its body."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from benchmarks.pages import PER_PAGE, list_page
from benchmarks.words import Writer
from benchmarks.world import Story, World


class EditLost(Exception):
    """A build did not show what was edited; the message says where."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit, the same for every program."""

    story: Story
    """The story as it is after the edit."""

    words: str
    """What is new in a sentence of it: plain words, which no program prints otherwise."""

    archive: str
    """Path of the page of the archive that the story stands on."""

    topic: str
    """Slug of a topic of the story."""


def edit(world: World, number: int) -> Edit:
    """Return an edit of a story of the newest third; every number has a story of its own."""
    newest = range(2 * world.size // 3, world.size)
    order = Random(f"{world.seed}/edited").sample(newest, len(newest))
    index = order[number % len(order)]
    writer = Writer(Random(f"{world.seed}/edit/{number}"))
    story = world.story(index)
    words = f"as edition {number} says, {writer.headline().lower()}"
    *others, last = story.sections
    edited = replace(
        story,
        head=replace(story.head, title=f"{writer.headline()} in edition {number}"),
        sections=(*others, replace(last, text=f"{last.text.removesuffix('.')}, {words}.")),
    )
    archive = list_page("stories", (world.size - 1 - index) // PER_PAGE + 1)
    return Edit(edited, words, archive, world.topics[story.topics[0]].slug)


def must_have_arrived(change: Edit, output: Path) -> None:
    """Raise unless the story's page and the lists that it stands on show the edit."""
    title = change.story.head.title
    page = f"stories/{change.story.head.slug}/index.html"
    lists = output / "topics" / change.topic
    text = (output / page).read_text(encoding="utf-8")
    if title not in text or change.words not in text:
        raise EditLost(f"{page} does not show the new words: {title!r}, {change.words!r}")
    if title not in (output / change.archive).read_text(encoding="utf-8"):
        raise EditLost(f"{change.archive} does not show the new title {title!r}")
    if not any(title in one.read_text(encoding="utf-8") for one in lists.rglob("*.html")):
        raise EditLost(f"no page of topics/{change.topic} shows the new title {title!r}")
