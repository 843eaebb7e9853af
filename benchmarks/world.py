"""The content that every program is given: stories, questions, topics, papers and authors.

Everything follows from the number of stories and the seed. Each entry has its own source of
chance, so that an entry's words do not depend on how many others were written before it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from random import Random

from benchmarks.words import GIVEN_NAMES, Writer, proper_names

SEED = 20250919
PAPERS = 12
AUTHORS = 8
TOPICS_PER_STORY = 5
QUESTIONS_PER_STORY = 5
SOURCES_PER_STORY = 2
TOPICS_PER_QUESTION = 3
WORDS_PER_STORY = 600
SECTIONS = (
    "What's happened",
    "What's behind the headline?",
    "What the papers say",
    "How we got here",
)
PAPERS_SECTION = 2

_FIRST_DAY = datetime(2016, 1, 4, 6, tzinfo=UTC)
_SPAN = timedelta(days=8 * 365)
"""Time from the first story to the last, however many there are."""

_NEAR = 25
"""How far around its own place in the list of questions a story looks for its questions."""

_TOPIC_SHAPES = (
    ("place", "{name}", ()),
    ("organization", "{name} Bank", ("Bank of {name}",)),
    ("person", "{given} {name}", ("{name}",)),
    ("event", "{name} summit", ()),
    ("organization", "{name} Steel", ()),
    ("product", "{name} 7", ("{name} VII",)),
    ("concept", "{name} rule", ()),
)


@dataclass(frozen=True, slots=True)
class Head:
    """What other entries need to know of an entry."""

    slug: str
    title: str
    summary: str
    date: datetime


@dataclass(frozen=True, slots=True)
class Source:
    """An article that a story cites."""

    id: str
    paper: int
    title: str
    url: str
    date: datetime


@dataclass(frozen=True, slots=True)
class Section:
    """A second-level heading and its Markdown, with links as explainer writes them."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Story:
    """A story; topics, questions and authors are numbers of entries."""

    head: Head
    authors: tuple[int, ...]
    topics: tuple[int, ...]
    questions: tuple[int, ...]
    sources: tuple[Source, ...]
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its pairs."""

    head: Head
    topics: tuple[int, ...]
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic."""

    slug: str
    kind: str
    name: str
    also: tuple[str, ...]
    description: str
    text: str


@dataclass(frozen=True, slots=True)
class Person:
    """A paper or an author."""

    slug: str
    name: str
    text: str


class World:
    """All entries of a site with that many stories."""

    def __init__(self, stories: int, seed: int = SEED) -> None:
        self.size = stories
        self.seed = seed
        self.question_count = max(QUESTIONS_PER_STORY, stories // 2)
        self.topic_count = max(TOPICS_PER_STORY, stories // 20)
        self._names = proper_names()
        self._chance("names", 0).shuffle(self._names)
        if self.topic_count + PAPERS + AUTHORS > len(self._names):
            raise ValueError(f"{stories} stories need more names of topics than there are")

    @property
    def files(self) -> int:
        """How many entries there are, each in a file of its own."""
        return self.size + self.question_count + self.topic_count + PAPERS + AUTHORS

    def _chance(self, kind: str, index: int) -> Random:
        return Random(f"{self.seed}/{kind}/{index}")

    # -- small kinds -------------------------------------------------------------------------

    @cached_property
    def topics(self) -> tuple[Topic, ...]:
        """All topics."""
        return tuple(self._topic(index) for index in range(self.topic_count))

    def _topic(self, index: int) -> Topic:
        random = self._chance("topic", index)
        writer = Writer(random)
        kind, shape, others = _TOPIC_SHAPES[index % len(_TOPIC_SHAPES)]
        parts = {"name": self._names[index], "given": random.choice(GIVEN_NAMES)}
        name = shape.format(**parts)
        return Topic(
            slug=slug_of(name),
            kind=kind,
            name=name,
            also=tuple(other.format(**parts) for other in others),
            description=plain(writer.text(35)),
            text=writer.text(60),
        )

    @cached_property
    def papers(self) -> tuple[Person, ...]:
        """All papers."""
        return tuple(self._person("paper", index, "{name} Times") for index in range(PAPERS))

    @cached_property
    def authors(self) -> tuple[Person, ...]:
        """All authors."""
        return tuple(self._person("author", index, "{given} {name}") for index in range(AUTHORS))

    def _person(self, kind: str, index: int, shape: str) -> Person:
        random = self._chance(kind, index)
        name = self._names[-1 - index - (PAPERS if kind == "author" else 0)]
        full = shape.format(name=name, given=random.choice(GIVEN_NAMES))
        return Person(slug_of(full), full, plain(Writer(random).text(25)))

    # -- questions ---------------------------------------------------------------------------

    @cached_property
    def question_heads(self) -> tuple[Head, ...]:
        """Title, teaser and date of every question."""
        return tuple(
            self._head("question", index, self.question_count)
            for index in range(self.question_count)
        )

    def questions(self) -> Iterator[Question]:
        """Make every question."""
        for index, head in enumerate(self.question_heads):
            random = self._chance("answers", index)
            writer = Writer(random)
            topics = self._some_topics(random, TOPICS_PER_QUESTION)
            other = self.question_heads[random.randrange(self.question_count)]
            links = [*(self._topic_link(topic) for topic in topics), _link("question", other)]
            sections = tuple(Section(writer.question(), writer.text(70, (link,))) for link in links)
            yield Question(head, topics, _distinct(sections))

    # -- stories -----------------------------------------------------------------------------

    @cached_property
    def story_heads(self) -> tuple[Head, ...]:
        """Title, summary and date of every story, oldest first."""
        return tuple(self._head("story", index, self.size) for index in range(self.size))

    def stories(self) -> Iterator[Story]:
        """Make every story, oldest first."""
        for index in range(self.size):
            yield self.story(index)

    def story(self, index: int) -> Story:
        """Make the story at that place, 0 being the oldest."""
        head = self.story_heads[index]
        random = self._chance("body", index)
        writer = Writer(random)
        topics = self._some_topics(random, TOPICS_PER_STORY)
        questions = self._near_questions(random, index)
        sources = tuple(
            self._source(random, writer, number, head) for number in range(1, SOURCES_PER_STORY + 1)
        )
        earlier = self.story_heads[random.randrange(index) if index else 0]
        links = [
            *(self._topic_link(topic) for topic in topics[:4]),
            *(_link("question", self.question_heads[number]) for number in questions[:3]),
            _link("story", earlier),
        ]
        random.shuffle(links)
        citations = [f"[the {self.papers[one.paper].name}](source:{one.id})" for one in sources]
        return Story(
            head=head,
            authors=(index % AUTHORS,),
            topics=topics,
            questions=questions,
            sources=sources,
            sections=self._sections(random, writer, links, citations),
        )

    def _sections(
        self, random: Random, writer: Writer, links: Sequence[str], citations: Sequence[str]
    ) -> tuple[Section, ...]:
        """Return the four sections: three with links, a list in one of them, one with citations."""
        share = WORDS_PER_STORY // len(SECTIONS)
        with_list = random.choice((1, 3))
        sections = []
        for number, title in enumerate(SECTIONS):
            if number == PAPERS_SECTION:
                paragraphs = [writer.text(share // 2, (citation,)) for citation in citations]
            else:
                turn = number if number < PAPERS_SECTION else number - 1
                here = tuple(links[turn::3])
                unlinked = self.topics[self._some_topics(random, 1)[0]].name
                paragraphs = [
                    writer.text(share // 2, here[:1]),
                    writer.text(share // 2, (*here[1:], unlinked)),
                ]
            if number == with_list:
                sentences = paragraphs.pop().split(". ")
                paragraphs.append("\n".join(f"- {one.rstrip('.')}." for one in sentences))
            sections.append(Section(title, "\n\n".join(paragraphs)))
        return tuple(sections)

    def _source(self, random: Random, writer: Writer, number: int, story: Head) -> Source:
        paper = random.randrange(PAPERS)
        url = f"https://{self.papers[paper].slug}.example/{story.slug}/{number}"
        return Source(f"s{number}", paper, writer.headline(), url, story.date - timedelta(days=1))

    def _near_questions(self, random: Random, story: int) -> tuple[int, ...]:
        """Return distinct questions near the story's own place in time."""
        middle = story * self.question_count // self.size
        lowest = min(max(0, middle - _NEAR), max(0, self.question_count - 2 * _NEAR))
        near = range(lowest, min(self.question_count, lowest + 2 * _NEAR))
        return tuple(random.sample(near, QUESTIONS_PER_STORY))

    # -- shared ------------------------------------------------------------------------------

    def _head(self, kind: str, index: int, total: int) -> Head:
        writer = Writer(self._chance(kind, index))
        title = writer.headline() if kind == "story" else writer.question()
        date = _FIRST_DAY + _SPAN * index / total
        slug = f"{slug_of(title)}-{index:05}"
        return Head(slug, title, plain(writer.text(22)), date.replace(microsecond=0))

    def _some_topics(self, random: Random, count: int) -> tuple[int, ...]:
        """Return distinct topics; those at the front of the list are in the news more often."""
        found: dict[int, None] = {}
        while len(found) < count:
            found[int(self.topic_count * random.random() ** 2)] = None
        return tuple(found)

    def _topic_link(self, number: int) -> str:
        topic = self.topics[number]
        return f"[{topic.name}](topic:{topic.slug})"


def _link(kind: str, head: Head) -> str:
    words = " ".join(head.title.rstrip("?").lower().split()[:5])
    return f"[{words}]({kind}:{head.slug})"


def _distinct(sections: tuple[Section, ...]) -> tuple[Section, ...]:
    """Number headings that chance made the same."""
    seen: dict[str, int] = {}
    distinct = []
    for section in sections:
        seen[section.title] = count = seen.get(section.title, 0) + 1
        title = section.title if count == 1 else f"{section.title[:-1]} ({count})?"
        distinct.append(Section(title, section.text))
    return tuple(distinct)


def plain(text: str) -> str:
    """Return a text without emphasis, for places where Markdown is not read."""
    return text.replace("*", "")


def slug_of(text: str) -> str:
    """Return a text as ASCII letters, digits and hyphens."""
    ascii_only = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only.lower()).strip("-")
