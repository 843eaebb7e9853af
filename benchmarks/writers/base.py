"""What the writers of all programs share."""

from __future__ import annotations

import json
import re
import shutil
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from pathlib import Path

from benchmarks.world import Head, Person, Question, Section, Source, Story, Topic, World

TEMPLATES = Path(__file__).parent.parent / "templates"
_DESTINATION = re.compile(r"\]\((?P<kind>[a-z]+):(?P<slug>[a-z0-9-]+)\)")
_FOLDERS = {"story": "stories", "question": "questions", "topic": "topics"}


class Writer(ABC):
    """Writes the site of one program, one entry after the other."""

    templates: str
    """Folder in `templates/` with all that does not depend on the entries."""

    content = "content"
    """Folder of the entries in the site."""

    def __init__(self, folder: Path, world: World) -> None:
        self.world = world
        self.folder = folder
        self.entries = folder / self.content

    def start(self) -> None:
        """Make the site's folder, which does not exist yet, with templates and settings."""
        shutil.copytree(TEMPLATES / self.templates, self.folder)

    @abstractmethod
    def story(self, story: Story) -> None:
        """Write a story, or write it again."""

    @abstractmethod
    def question(self, question: Question) -> None:
        """Write a question."""

    @abstractmethod
    def topic(self, topic: Topic) -> None:
        """Write a topic."""

    @abstractmethod
    def person(self, kind: str, person: Person) -> None:
        """Write a paper (kind "papers") or an author (kind "authors")."""

    # -- what an entry refers to ---------------------------------------------------------------

    def authors_of(self, story: Story) -> list[Person]:
        """Return the authors of a story."""
        return [self.world.authors[one] for one in story.authors]

    def topics_of(self, entry: Story | Question) -> list[Topic]:
        """Return the topics of a story or a question."""
        return [self.world.topics[one] for one in entry.topics]

    def questions_of(self, story: Story) -> list[Head]:
        """Return the questions that a story lists."""
        return [self.world.question_heads[one] for one in story.questions]

    def paper_of(self, source: Source) -> Person:
        """Return the paper that a source appeared in."""
        return self.world.papers[source.paper]

    def sources(self, story: Story) -> Iterator[str]:
        """Return the lines of YAML that hold the sources of a story."""
        yield "sources:"
        for source in story.sources:
            first, *others = yaml(
                id=source.id,
                paper=self.paper_of(source).slug,
                title=source.title,
                url=source.url,
                date=source.date.date().isoformat(),
            )
            yield f"  - {first}"
            yield from (f"    {line}" for line in others)


def yaml(**values: str) -> list[str]:
    """Return lines with quoted texts; what JSON quotes is YAML too."""
    return [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]


def flow(key: str, values: Iterable[str]) -> str:
    """Return a line with a list."""
    return f"{key}: [{', '.join(values)}]"


def iso(head: Head) -> str:
    """Return the date of an entry."""
    return head.date.isoformat()


def month(head: Head) -> str:
    """Return the folder of an entry's month."""
    return head.date.strftime("%Y/%m")


def body(sections: Iterable[Section]) -> str:
    """Return the Markdown of an entry, with references as explainer writes them."""
    return "\n\n".join(f"## {section.title}\n\n{section.text}" for section in sections)


def body_with_urls(sections: Iterable[Section]) -> str:
    """Return the Markdown of an entry in which references are the URLs that they stand for."""

    def url(found: re.Match[str]) -> str:
        if found["kind"] == "source":
            return f"](#source-{found['slug']})"
        return f"](/{_FOLDERS[found['kind']]}/{found['slug']}/)"

    return _DESTINATION.sub(url, body(sections))


def put(path: Path, matter: Iterable[str], text: str, *, fence: str = "---") -> None:
    """Write a file with front matter, and its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [fence, *matter, fence] if fence else [*matter]
    path.write_text("\n".join([*lines, "", text, ""]), encoding="utf-8")
