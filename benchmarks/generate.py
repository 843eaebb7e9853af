"""Writes the same content as a site of explainer, of Pelican or of Hugo.

Run as: python -m benchmarks.generate explainer FOLDER --stories 1000
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from benchmarks.world import SEED, Head, Person, Section, Source, Story, Topic, World

TEMPLATES = Path(__file__).parent / "templates"
_DESTINATION = re.compile(r"\]\((?P<kind>[a-z]+):(?P<slug>[a-z0-9-]+)\)")
_FOLDERS = {"story": "stories", "question": "questions", "topic": "topics"}


def write(program: str, folder: Path, world: World) -> None:
    """Write the site of a program, ready to be built, to a folder that does not exist yet."""
    shutil.copytree(TEMPLATES / program.partition("-")[0], folder)
    PROGRAMS[program](folder, world)


# -- explainer -------------------------------------------------------------------------------


def _write_explainer(folder: Path, world: World) -> None:
    """Write the content model; the theme is the plain one, beside the content."""
    content = folder / "content"
    for story in world.stories():
        head = story.head
        matter = [
            *_yaml(title=head.title, summary=head.summary, date=_iso(head)),
            _flow("authors", (world.authors[one].slug for one in story.authors)),
            _flow("topics", (world.topics[one].slug for one in story.topics)),
            _flow("questions", (world.question_heads[one].slug for one in story.questions)),
            "sources:",
            *(
                line
                for source in story.sources
                for line in _explainer_source(source, world.papers[source.paper])
            ),
        ]
        _put(content / "stories" / _month(head) / f"{head.slug}.md", matter, _body(story.sections))
    for question in world.questions():
        head = question.head
        matter = [
            *_yaml(title=head.title, summary=head.summary, date=_iso(head)),
            _flow("topics", (world.topics[one].slug for one in question.topics)),
        ]
        _put(content / "questions" / f"{head.slug}.md", matter, _body(question.sections))
    for topic in world.topics:
        matter = _yaml(name=topic.name, kind=topic.kind, description=topic.description)
        matter += [_flow("also", map(json.dumps, topic.also))] if topic.also else []
        _put(content / "topics" / f"{topic.slug}.md", matter, topic.text)
    for paper in world.papers:
        matter = _yaml(name=paper.name, url=f"https://{paper.slug}.example/")
        _put(content / "papers" / f"{paper.slug}.md", matter, paper.text)
    for author in world.authors:
        matter = _yaml(name=author.name, bio=author.text)
        _put(content / "authors" / f"{author.slug}.md", matter, "")


def _write_gazette(folder: Path, world: World) -> None:
    """Write the same content with our own theme and everything on that the plain site has off."""
    _write_explainer(folder, world)
    shutil.rmtree(folder / "themes")
    (folder / "site.toml").write_bytes((folder / "gazette.toml").read_bytes())


def _explainer_source(source: Source, paper: Person) -> list[str]:
    first, *others = _yaml(
        id=source.id,
        paper=paper.slug,
        title=source.title,
        url=source.url,
        date=source.date.date().isoformat(),
    )
    return [f"  - {first}", *(f"    {line}" for line in others)]


# -- Pelican ---------------------------------------------------------------------------------


def _write_pelican(folder: Path, world: World) -> None:
    """Write articles, and pages for the other kinds; lists in front matter are lines."""
    content = folder / "content"
    for story in world.stories():
        head = story.head
        matter = [
            *_lines(title=head.title, slug=head.slug, summary=head.summary, date=_iso(head)),
            *_lines(authors=", ".join(world.authors[one].name for one in story.authors)),
            *_lines(tags=", ".join(world.topics[one].name for one in story.topics)),
            *_lines(asks=" ".join(world.question_heads[one].slug for one in story.questions)),
            *_lines(sources=_pelican_source(story.sources[0], world)),
            *(f"    {_pelican_source(source, world)}" for source in story.sources[1:]),
        ]
        path = content / "stories" / _month(head) / f"{head.slug}.md"
        _put(path, matter, _with_urls(_body(story.sections)), fence="")
    for question in world.questions():
        head = question.head
        matter = [
            *_lines(title=head.title, slug=head.slug, summary=head.summary, date=_iso(head)),
            *_lines(topics=" ".join(world.topics[one].slug for one in question.topics)),
            *_lines(template="question"),
        ]
        path = content / "questions" / f"{head.slug}.md"
        _put(path, matter, _with_urls(_body(question.sections)), fence="")
    for topic in world.topics:
        matter = _lines(title=topic.name, slug=topic.slug, topic_kind=topic.kind)
        matter += _lines(about=topic.description, also=" | ".join(topic.also), save_as="")
        _put(content / "topics" / f"{topic.slug}.md", matter, topic.text, fence="")
    for kind, people in (("papers", world.papers), ("authors", world.authors)):
        for person in people:
            matter = _lines(title=person.name, slug=person.slug, about=person.text, save_as="")
            _put(content / kind / f"{person.slug}.md", matter, "", fence="")


def _pelican_source(source: Source, world: World) -> str:
    date = source.date.date().isoformat()
    return (
        f"{source.id} | {world.papers[source.paper].slug} | {date} | {source.url} | {source.title}"
    )


def _lines(**values: str) -> list[str]:
    return [f"{key.capitalize()}: {value}" for key, value in values.items()]


# -- Hugo ------------------------------------------------------------------------------------


def _write_hugo(folder: Path, world: World) -> None:
    """Write pages, and terms of taxonomies for topics, papers and authors."""
    content = folder / "content"
    for story in world.stories():
        _put(
            content / "stories" / _month(story.head) / f"{story.head.slug}.md",
            _hugo_story(story, world),
            _with_urls(_body(story.sections)),
        )
    for question in world.questions():
        head = question.head
        matter = [
            *_yaml(title=head.title, summary=head.summary, date=_iso(head)),
            _flow("topics", (world.topics[one].slug for one in question.topics)),
        ]
        path = content / "questions" / f"{head.slug}.md"
        _put(path, matter, _with_urls(_body(question.sections)))
    for topic in world.topics:
        _put(content / "topics" / topic.slug / "_index.md", _hugo_topic(topic), topic.text)
    for kind, people in (("papers", world.papers), ("authors", world.authors)):
        for person in people:
            matter = _yaml(title=person.name, description=person.text)
            _put(content / kind / person.slug / "_index.md", matter, "")
    # "asks" only leads from a question to its stories; it has no pages of its own.
    silent = ["cascade:", "  build: {render: never}", "build: {render: never}"]
    _put(content / "asks" / "_index.md", silent, "")


def _hugo_story(story: Story, world: World) -> list[str]:
    head = story.head
    sources: list[str] = []
    for source in story.sources:
        first, *others = _yaml(
            id=source.id,
            paper=world.papers[source.paper].slug,
            title=source.title,
            url=source.url,
            date=source.date.date().isoformat(),
        )
        sources += [f"  - {first}", *(f"    {line}" for line in others)]
    papers = dict.fromkeys(world.papers[source.paper].slug for source in story.sources)
    return [
        *_yaml(title=head.title, summary=head.summary, date=_iso(head)),
        _flow("authors", (world.authors[one].slug for one in story.authors)),
        _flow("topics", (world.topics[one].slug for one in story.topics)),
        _flow("asks", (world.question_heads[one].slug for one in story.questions)),
        _flow("papers", papers),
        "sources:",
        *sources,
    ]


def _hugo_topic(topic: Topic) -> list[str]:
    matter = _yaml(title=topic.name, kindOfTopic=topic.kind, description=topic.description)
    return [*matter, _flow("also", map(json.dumps, topic.also))]


# -- shared ----------------------------------------------------------------------------------


def _yaml(**values: str) -> list[str]:
    """Return lines with quoted texts; what JSON quotes is YAML too."""
    return [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]


def _flow(key: str, values: Iterable[str]) -> str:
    return f"{key}: [{', '.join(values)}]"


def _iso(head: Head) -> str:
    return head.date.isoformat()


def _month(head: Head) -> str:
    return head.date.strftime("%Y/%m")


def _body(sections: Iterable[Section]) -> str:
    return "\n\n".join(f"## {section.title}\n\n{section.text}" for section in sections)


def _with_urls(markdown: str) -> str:
    """Return Markdown in which our references are the URLs that they stand for."""

    def url(found: re.Match[str]) -> str:
        if found["kind"] == "source":
            return f"](#source-{found['slug']})"
        return f"](/{_FOLDERS[found['kind']]}/{found['slug']}/)"

    return _DESTINATION.sub(url, markdown)


def _put(path: Path, matter: Iterable[str], text: str, *, fence: str = "---") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [fence, *matter, fence] if fence else [*matter]
    path.write_text("\n".join([*lines, "", text, ""]), encoding="utf-8")


PROGRAMS: dict[str, Callable[[Path, World], None]] = {
    "explainer": _write_explainer,
    "explainer-gazette": _write_gazette,
    "pelican": _write_pelican,
    "hugo": _write_hugo,
}
"""Name of a program, or of a way to use it -> what writes its content."""


def main() -> None:
    """Write one site."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.generate", description=__doc__)
    parser.add_argument("program", choices=PROGRAMS)
    parser.add_argument("folder", type=Path, help="a folder that does not exist yet")
    parser.add_argument("--stories", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args()
    write(given.program, given.folder, World(given.stories, given.seed))


if __name__ == "__main__":
    main()
