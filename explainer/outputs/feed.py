"""What feeds are made of: the newest stories in full, of the site and of each topic.

`atom.py` and `json_feed.py` write it down.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from explainer.config import Config
from explainer.content.model import Story
from explainer.outputs.output import Making, Output
from explainer.site.facts import Facts
from explainer.site.links import Key, Site
from explainer.site.rendering import ProseRenderer
from explainer.site.urls import FEEDS, feed_url, output_path

STORY_URL = "/stories/{slug}/"
"""Where stories are unless site.toml says otherwise."""


@dataclass(frozen=True, slots=True)
class Item:
    """A story as feeds show it; all addresses are whole."""

    id: str
    url: str
    title: str
    summary: str
    """Plain text."""

    html: str
    language: str
    published: str
    updated: str
    authors: tuple[tuple[str, str], ...]
    """Name and address of each."""

    topics: tuple[tuple[str, str], ...]
    """Slug and name of each."""

    image: str
    """Address of its picture, or empty."""


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed; all addresses are whole."""

    id: str
    title: str
    description: str
    """Plain text, or empty."""

    language: str
    home: str
    """Address of the page that it belongs to."""

    url: str
    publisher: str
    items: tuple[Item, ...]


def outputs(site: Site, config: Config) -> Iterator[Output]:
    """Return the feeds of the site, and of every topic that lists show."""
    for sort in FEEDS:
        yield Output(output_path(feed_url("/", sort)), sort)
        if config.topic_feeds:
            for slug in site.lists.topic:
                url = site.links["topic", slug].url
                yield Output(output_path(feed_url(url, sort)), sort, "topic", slug)


def collect(output: Output, making: Making) -> Feed:
    """Return what stands in a feed."""
    facts = making.facts
    config = facts.config
    publisher = making.views.publisher.name
    if not output.kind:
        return Feed(
            id=stable_id(facts),
            title=config.title,
            description=config.description,
            language=config.language,
            home=config.base_url,
            url=facts.absolute(feed_url("/", output.sort)),
            publisher=publisher,
            items=_items("", facts.newest(config.feed_size), facts),
        )
    key = (output.kind, output.slug)
    url = facts.url(key)
    brief = facts.brief(key)
    return Feed(
        id=stable_id(facts, *key),
        title=f"{brief.title} – {config.title}",
        description=brief.summary.text,
        language=config.language,
        home=facts.absolute(url),
        url=facts.absolute(feed_url(url, output.sort)),
        publisher=publisher,
        items=_items(output.slug, facts.referrers(key, "story", 0, config.feed_size), facts),
    )


def stable_id(facts: Facts, *parts: str) -> str:
    """Return an id that stays when permalinks, titles or the path of the site change.

    The host is that of site.toml: a preview under another `--base-url` has the same ids.
    """
    host = urlsplit(facts.config.own_url or facts.config.base_url).hostname or ""
    return uuid.uuid5(uuid.NAMESPACE_DNS, "/".join((host, *parts))).urn


def first_slug(story: Story, pattern: str) -> str:
    """Return the slug that a story had first: it may have been renamed since.

    Its old address is among its aliases then, in the order in which it had them. `pattern` is the
    permalink of stories; an alias of another form was never more than an alias.
    """
    forms = [re.compile(_expression(one)) for one in (pattern, STORY_URL)]
    for alias in story.aliases:
        for form in forms:
            if found := form.fullmatch(alias.slug.rstrip("/")):
                return found["slug"]
    return story.id.slug


def _expression(pattern: str) -> str:
    """Return a regular expression for the addresses that a permalink gives."""
    fields = {"slug": "(?P<slug>[^/]+)", "year": r"\d{4}", "month": r"\d{2}", "day": r"\d{2}"}
    parts = re.split(r"\{(\w+)\}", pattern.rstrip("/"))
    words = [re.escape(part) if number % 2 == 0 else fields[part]
             for number, part in enumerate(parts)]  # fmt: skip
    return "".join(words)


def _items(topic: str, keys: tuple[Key, ...], facts: Facts) -> tuple[Item, ...]:
    """Return the entries of the feeds of a topic, of the site where it is empty."""

    def make() -> tuple[Item, ...]:
        stories = ((key, facts.entry(key)) for key in keys)
        return tuple(_item(key, story, facts) for key, story in stories if isinstance(story, Story))

    # The same in all forms of the feed, which are made one behind the other.
    return facts.part("feed", topic, make, large=True)


def _item(key: Key, story: Story, facts: Facts) -> Item:
    assert story.date is not None
    renderer = ProseRenderer(facts, key, story.sources, away=True)
    slug = first_slug(story, facts.config.permalinks["story"])
    return Item(
        id=stable_id(facts, "story", slug),
        url=facts.absolute(facts.url(key)),
        title=story.title,
        summary=story.summary.text,
        html=_content(story, renderer),
        language=story.id.lang,
        published=story.date.instant.isoformat(),
        updated=(story.updated or story.date).instant.isoformat(),
        authors=tuple(
            (facts.title(author), facts.absolute(facts.url(author)))
            for ref in story.authors
            for author in [("author", ref.slug)]
        ),
        topics=tuple((ref.slug, facts.title(("topic", ref.slug))) for ref in story.topics),
        image=renderer.url(story.image.src) if story.image is not None else "",
    )


def _content(story: Story, renderer: ProseRenderer) -> str:
    """Return the whole prose with addresses that work anywhere."""
    parts = [renderer.html(story.body.lead)]
    for section in story.body.sections:
        parts.append(f"<h2>{renderer.html(section.title)}</h2>")
        parts.append(renderer.html(section.prose))
    parts.append(renderer.html(story.body.notes))
    return "\n".join(part for part in parts if part)
