"""What authors wrote, as frozen plain data: one type for each kind of entry.

Everything here can be stored and compared. Nothing is filled in later: what needs the rest of
the site (URLs, backlinks, titles of targets) is found by `explainer.site`.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from explainer.diagnostics import Span

KINDS = ("story", "question", "topic", "paper", "author", "page")
"""Kinds of entries, in the order in which menus and messages name them."""

FOLDERS = {
    "stories": "story",
    "questions": "question",
    "topics": "topic",
    "papers": "paper",
    "authors": "author",
    "pages": "page",
}
"""Folder under `content/` -> kind of the entries in it."""

TOPIC_KINDS = ("person", "organization", "place", "event", "product", "work", "concept")
PAPER_KINDS = ("newspaper", "agency", "broadcaster", "magazine", "online")


class Value(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Plain data: frozen, and stored as a list of its fields without their names.

    Nothing in it leads back to itself, so the garbage collector need not look at it.
    """


class ContentId(Value, frozen=True, order=True):
    """Names one entry within the site."""

    kind: str
    """One of `KINDS`."""

    slug: str
    """Last part of the URL, in NFC."""

    lang: str
    """Language of this version of the entry (BCP 47)."""


class Moment(Value, frozen=True, order=True):
    """A date as precise as it was written, with the instant at which it starts."""

    instant: datetime
    """Start of the day, month or year in the site's zone, or the exact time; aware."""

    text: str
    """ISO 8601 with the written precision: `2022-10`, `2025-09-19`, or a full date and time."""

    @property
    def has_day(self) -> bool:
        """Whether the date names a day, not just a month or a year."""
        return len(self.text) >= len("2025-09-19")

    @property
    def has_time(self) -> bool:
        """Whether a time of day was written."""
        return "T" in self.text


class Ref(Value, frozen=True):
    """A reference that some text makes, not yet resolved."""

    kind: str
    """One of `KINDS`, or `source` (a source of the same entry), `file` (a file beside the
    entry), `url` (a URL of this site), `anchor` (a heading of the same entry)."""

    slug: str
    """Slug, source id, relative path or site URL, by kind; decoded and in NFC."""

    fragment: str = ""
    """Id of a heading in the target, without `#`; empty for the whole."""

    line: int = 0
    """Line of the reference in the entry's file, from 1."""

    column: int = 0
    """Column of the destination's first character, from 1."""

    end_column: int = 0
    """Column behind its last character."""


class Text(Value, frozen=True, tag="text"):
    """A run of plain text (not yet escaped) in which a topic's name may become a link."""

    text: str


class Link(Value, frozen=True, tag="link"):
    """The place of the start tag of a link; its text and its `</a>` follow as segments."""

    ref: Ref

    empty: bool = False
    """Whether the author left the text empty, so that the target's title stands there."""


class Picture(Value, frozen=True, tag="picture"):
    """The place of a picture."""

    ref: Ref
    alt: str
    title: str = ""


Segment = str | Text | Link | Picture
"""Piece of rendered prose: finished HTML, or a slot that is filled when the site is linked."""


class Heading(Value, frozen=True):
    """A heading within prose."""

    level: int
    """2 for `##` and so on."""

    id: str
    """Value of its `id` attribute, unique in the entry."""

    title: str
    """Its words as plain text."""


class Prose(Value, frozen=True):
    """Markdown, rendered once into HTML with slots where references stand."""

    segments: tuple[Segment, ...] = ()
    headings: tuple[Heading, ...] = ()
    """Headings in it, in order."""

    text: str = ""
    """The words alone, for excerpts, search and the length of a text."""

    def __bool__(self) -> bool:
        return bool(self.segments)

    @property
    def refs(self) -> tuple[Ref, ...]:
        """References in it, in order."""
        return tuple(s.ref for s in self.segments if isinstance(s, Link | Picture))

    @property
    def picture_refs(self) -> tuple[Ref, ...]:
        """References to the pictures in it, in order."""
        return tuple(s.ref for s in self.segments if isinstance(s, Picture))


class Section(Value, frozen=True):
    """A second-level heading and what follows it; on a question: a key question, its answer."""

    id: str
    title: Prose
    """The heading's words, inline."""

    prose: Prose
    known: bool = False
    """Whether `site.toml` names this section."""


class Body(Value, frozen=True):
    """The prose of an entry."""

    lead: Prose = Prose()
    """What stands before the first second-level heading."""

    sections: tuple[Section, ...] = ()
    notes: Prose = Prose()
    """The footnotes of the whole entry."""

    def __bool__(self) -> bool:
        return bool(self.lead or self.sections)

    @property
    def headings(self) -> tuple[Heading, ...]:
        """All headings, those of the sections included, in order."""
        found = list(self.lead.headings)
        for section in self.sections:
            found.append(Heading(2, section.id, section.title.text))
            found.extend(section.prose.headings)
        return tuple(found)

    @property
    def proses(self) -> tuple[Prose, ...]:
        """Every piece of prose, in the order of the page."""
        parts = [self.lead]
        for section in self.sections:
            parts += [section.title, section.prose]
        return (*parts, self.notes)


class Image(Value, frozen=True):
    """The picture of an entry."""

    src: Ref
    alt: str
    """What the picture shows, for those who do not see it; empty for mere decoration."""

    credit: str
    caption: Prose = Prose()


class Source(Value, frozen=True):
    """An article or document that an entry rests on."""

    id: str
    paper: Ref
    title: str = ""
    url: str = ""
    date: Moment | None = None
    quote: str = ""
    archived: str = ""


class Event(Value, frozen=True):
    """A dated fact of the background."""

    date: Moment
    text: Prose
    source: Ref | None = None


class Correction(Value, frozen=True):
    """What was put right after publication."""

    date: Moment
    text: Prose


class Entry(Value, frozen=True, kw_only=True):
    """What entries of every kind have."""

    id: ContentId
    path: str
    """File it was written in, relative to the site's root."""

    title: str
    """The headline, the question, or the name."""

    summary: Prose = Prose()
    """One or two sentences for cards; a topic's description, an author's bio."""

    body: Body = Body()
    aliases: tuple[Ref, ...] = ()
    """Old URLs that lead here (`kind` is `url`)."""

    draft: bool = False
    publish_at: Moment | None = None
    expires: Moment | None = None
    review_by: Moment | None = None

    date: Moment | None = None
    updated: Moment | None = None
    image: Image | None = None
    sources: tuple[Source, ...] = ()
    same_as: tuple[str, ...] = ()
    """URLs elsewhere that denote the same thing."""

    def span(self, ref: Ref) -> Span:
        """Where a reference of this entry stands."""
        return Span(self.path, ref.line, ref.column, ref.end_column)

    @property
    def listed_refs(self) -> tuple[Ref, ...]:
        """References to entries that the front matter lists."""
        return tuple(source.paper for source in self.sources)

    @property
    def proses(self) -> tuple[Prose, ...]:
        """Every piece of prose of the entry, front matter included."""
        extra = (self.image.caption,) if self.image else ()
        return (self.summary, *extra, *self.body.proses)


class Story(Entry, frozen=True, kw_only=True, tag="story"):
    """What happened, what is behind it, what the papers say and how we got here."""

    authors: tuple[Ref, ...] = ()
    topics: tuple[Ref, ...] = ()
    questions: tuple[Ref, ...] = ()
    follows: tuple[Ref, ...] = ()
    """Earlier stories of the same arc."""

    events: tuple[Event, ...] = ()
    corrections: tuple[Correction, ...] = ()

    @property
    def listed_refs(self) -> tuple[Ref, ...]:
        """References to entries that the front matter lists."""
        papers = tuple(source.paper for source in self.sources)
        return (*self.authors, *self.topics, *self.questions, *self.follows, *papers)

    @property
    def proses(self) -> tuple[Prose, ...]:
        """Every piece of prose of the entry, front matter included."""
        dated = (*(e.text for e in self.events), *(c.text for c in self.corrections))
        return (*super().proses, *dated)


class Question(Entry, frozen=True, kw_only=True, tag="question"):
    """A common question; every section of its body is a key question with its answer."""

    topics: tuple[Ref, ...] = ()
    related: tuple[Ref, ...] = ()

    @property
    def listed_refs(self) -> tuple[Ref, ...]:
        """References to entries that the front matter lists."""
        papers = tuple(source.paper for source in self.sources)
        return (*self.topics, *self.related, *papers)


class Topic(Entry, frozen=True, kw_only=True, tag="topic"):
    """A person, company, country or other thing that stories are about."""

    kind: str
    also: tuple[str, ...] = ()
    related: tuple[Ref, ...] = ()
    mentions: bool = True
    """Whether its names in prose become links."""

    @property
    def listed_refs(self) -> tuple[Ref, ...]:
        """References to entries that the front matter lists."""
        return self.related


class Paper(Entry, frozen=True, kw_only=True, tag="paper"):
    """A publisher."""

    url: str = ""
    country: str = ""
    language: str = ""
    owner: str = ""
    kind: str = ""
    paywall: bool | None = None


class Author(Entry, frozen=True, kw_only=True, tag="author"):
    """Someone who writes stories; `summary` is the bio."""

    role: str = ""


class Page(Entry, frozen=True, kw_only=True, tag="page"):
    """A page that stands for itself: about, corrections, principles."""


AnyEntry = Story | Question | Topic | Paper | Author | Page
