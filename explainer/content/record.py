"""What is remembered of a file that was read: an entry, cut up by who asks for which part.

Linking looks at the outline of every entry, a list at the briefs of those it shows, and only a
page of its own at the whole. Each part has a digest of its own, so that an edit is seen by those
alone who look at what it changed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import msgspec

from explainer.content.model import (
    AnyEntry,
    ContentId,
    Event,
    Heading,
    Image,
    Link,
    Moment,
    Paper,
    Picture,
    Prose,
    Ref,
    Segment,
    Source,
    Story,
    Topic,
    Value,
)
from explainer.diagnostics import Diagnostic, Span
from explainer.fingerprint import digest_bytes

if TYPE_CHECKING:
    from explainer.content.schema import Parsed

ASPECTS = (
    "name", "brief", "headings", "events", "dated", "outline", "entry", "words", "provenance",
)  # fmt: skip
"""The parts of an entry that others look at, in the order of `Record.aspects`."""


class Outline(Value, frozen=True, kw_only=True):
    """What linking needs of an entry: everything but its words."""

    id: ContentId
    path: str
    date: Moment | None
    draft: bool
    publish_at: Moment | None
    expires: Moment | None
    aliases: tuple[Ref, ...]
    listed_refs: tuple[Ref, ...]
    """References to entries that the front matter lists."""

    image: Ref | None
    """File of the entry's picture."""

    prose_refs: tuple[Ref, ...]
    """References in prose, in order."""

    picture_refs: tuple[Ref, ...]
    """Those of them that show a picture."""

    anchors: tuple[str, ...]
    """Ids on its page that a reference may name: headings and sources."""

    has_events: bool
    names: tuple[str, ...]
    """Names under which a topic is found in prose, its own first; empty for all else."""

    def span(self, ref: Ref) -> Span:
        """Where a reference of this entry stands."""
        return Span(self.path, ref.line, ref.column, ref.end_column)

    def slugs(self, kind: str) -> tuple[str, ...]:
        """Return the entries of a kind that the front matter lists, in order."""
        return tuple(ref.slug for ref in self.listed_refs if ref.kind == kind)


class Brief(Value, frozen=True, kw_only=True):
    """What lists show of an entry."""

    title: str
    lang: str
    summary: Prose
    date: Moment | None
    updated: Moment | None
    image: Image | None
    label: str
    """A topic's or paper's kind, an author's role."""

    topics: tuple[str, ...]
    """Slugs of a story's topics, in display order."""

    also: tuple[str, ...]
    """A topic's other names."""

    sources: tuple[Source, ...]
    """Sources that the picture's caption cites."""


class Told(Value, frozen=True):
    """The events of a story, as other pages show them."""

    events: tuple[Event, ...] = ()
    """Without their own sources, which only the story's page names."""

    sources: tuple[Source, ...] = ()
    """Sources that the words of the events cite."""


class Provenance(Value, frozen=True):
    """What a paper is, as the entries that cite it show it."""

    kind: str = ""
    country: str = ""
    """ISO 3166-1; so it is with the following: empty where the author does not say."""

    language: str = ""
    """BCP 47."""


class Record(Value, frozen=True, kw_only=True):
    """All that is remembered of one file, in encoded parts; empty where it gave no entry."""

    kind: str = ""
    slug: str = ""
    aspects: bytes = b""
    """One digest for each of `ASPECTS`, one behind the other."""

    changed: str = ""
    """Date of the last change, as it was written; empty where there is none."""

    outline: bytes = b""
    brief: bytes = b""
    headings: bytes = b""
    events: bytes = b""
    entry: bytes = b""
    findings: bytes = b""
    words: bytes = b""
    """Terms that the search finds it by; empty where it is not searched for."""
    provenance: bytes = b""


_encode = msgspec.msgpack.Encoder().encode


_decoders: dict[Any, msgspec.msgpack.Decoder[Any]] = {}


def decoder(kind: Any) -> msgspec.msgpack.Decoder[Any]:
    """Return the decoder of a type."""
    if kind not in _decoders:
        _decoders[kind] = msgspec.msgpack.Decoder(kind)
    return _decoders[kind]


def record(parsed: Parsed, *, searched: bool = True) -> Record:
    """Return what is remembered of a file; `searched`: whether the site has a search."""
    findings = _encode(parsed.diagnostics) if parsed.diagnostics else b""
    entry = parsed.entry
    if entry is None:
        return Record(findings=findings)
    outline = outline_of(entry)
    parts = {
        "name": _encode((entry.title, entry.id.lang)),
        "brief": _encode(brief_of(entry)),
        "headings": _encode(entry.body.headings),
        "events": _encode(told_of(entry)),
        "dated": _encode(last_changed(entry)),
        "outline": _encode(_without_places(outline)),
        "entry": _encode(entry),
        "words": _words(entry) if searched else b"",
        "provenance": _encode(provenance_of(entry)) if entry.id.kind == "paper" else b"",
    }
    return Record(
        kind=entry.id.kind,
        slug=entry.id.slug,
        aspects=b"".join(digest_bytes(parts[name]) for name in ASPECTS),
        changed=last_changed(entry),
        outline=_encode(outline),
        brief=parts["brief"],
        headings=parts["headings"],
        events=parts["events"],
        entry=parts["entry"],
        findings=findings,
        words=parts["words"],
        provenance=parts["provenance"],
    )


def _words(entry: AnyEntry) -> bytes:
    from explainer.content.words import SEARCHED, weighed

    return _encode(weighed(entry)) if entry.id.kind in SEARCHED else b""


def outline_of(entry: AnyEntry) -> Outline:
    """Return what linking needs of an entry."""
    headings = (heading.id for heading in entry.body.headings)
    sources = (f"source-{source.id}" for source in entry.sources)
    named = isinstance(entry, Topic) and entry.mentions
    return Outline(
        id=entry.id,
        path=entry.path,
        date=entry.date,
        draft=entry.draft,
        publish_at=entry.publish_at,
        expires=entry.expires,
        aliases=entry.aliases,
        listed_refs=entry.listed_refs,
        image=entry.image.src if entry.image is not None else None,
        prose_refs=tuple(ref for prose in entry.proses for ref in prose.refs),
        picture_refs=tuple(ref for prose in entry.proses for ref in prose.picture_refs),
        anchors=(*headings, *sources),
        has_events=isinstance(entry, Story) and bool(entry.events),
        names=(entry.title, *entry.also) if named and isinstance(entry, Topic) else (),
    )


def brief_of(entry: AnyEntry) -> Brief:
    """Return what lists show of an entry."""
    image = entry.image
    return Brief(
        title=entry.title,
        lang=entry.id.lang,
        summary=_placeless(entry.summary),
        date=entry.date,
        updated=entry.updated,
        image=Image(_bare(image.src), image.alt, image.credit, _placeless(image.caption))
        if image is not None
        else None,
        label=str(getattr(entry, "role", "") or getattr(entry, "kind", "")),
        topics=tuple(ref.slug for ref in entry.topics) if isinstance(entry, Story) else (),
        also=entry.also if isinstance(entry, Topic) else (),
        sources=_cited(entry, [image.caption] if image is not None else []),
    )


def last_changed(entry: AnyEntry) -> str:
    """Return the date of the last change, as it was written; empty where there is none."""
    moment = entry.updated or entry.date
    return moment.text if moment is not None else ""


def told_of(entry: AnyEntry) -> Told:
    """Return the events of an entry as other pages show them."""
    if not isinstance(entry, Story) or not entry.events:
        return Told()
    events = tuple(Event(event.date, _placeless(event.text)) for event in entry.events)
    return Told(events, _cited(entry, [event.text for event in events]))


def provenance_of(entry: AnyEntry) -> Provenance:
    """Return what a paper is; nothing of other entries."""
    if not isinstance(entry, Paper):
        return Provenance()
    return Provenance(entry.kind, entry.country, entry.language)


def _cited(entry: AnyEntry, proses: Iterable[Prose]) -> tuple[Source, ...]:
    """Return the sources that some prose of an entry cites."""
    slugs = {ref.slug for prose in proses for ref in prose.refs if ref.kind == "source"}
    return tuple(
        Source(source.id, _bare(source.paper), source.title)
        for source in entry.sources
        if source.id in slugs
    )


# What stands elsewhere shows nothing of the place in the file where a reference was written; with
# the places in it, a new line at the head of a file would be an edit of all that follows.


def _without_places(outline: Outline) -> tuple[Any, ...]:
    refs = ("aliases", "listed_refs", "prose_refs", "picture_refs")
    return tuple(
        _meant(getattr(outline, name)) if name in refs
        else _bare(outline.image) if name == "image" and outline.image is not None
        else getattr(outline, name)
        for name in outline.__struct_fields__
    )  # fmt: skip


def _meant(refs: Iterable[Ref]) -> tuple[tuple[str, str, str], ...]:
    return tuple((ref.kind, ref.slug, ref.fragment) for ref in refs)


def _placeless(prose: Prose) -> Prose:
    if not prose.refs:
        return prose
    return Prose(tuple(map(_placeless_segment, prose.segments)), prose.headings, prose.text)


def _placeless_segment(segment: Segment) -> Segment:
    if isinstance(segment, Link):
        return Link(_bare(segment.ref), segment.empty)
    if isinstance(segment, Picture):
        return Picture(_bare(segment.ref), segment.alt, segment.title)
    return segment


def _bare(ref: Ref) -> Ref:
    return Ref(ref.kind, ref.slug, ref.fragment)


# -- reading them again --------------------------------------------------------------------------


def read_outline(data: bytes) -> Outline:
    """Return an outline from its encoded form."""
    found: Outline = decoder(Outline).decode(data)
    return found


def read_brief(data: bytes) -> Brief:
    """Return a brief from its encoded form."""
    found: Brief = decoder(Brief).decode(data)
    return found


def read_headings(data: bytes) -> tuple[Heading, ...]:
    """Return headings from their encoded form."""
    found: tuple[Heading, ...] = decoder(tuple[Heading, ...]).decode(data)
    return found


def read_told(data: bytes) -> Told:
    """Return the events of a story from their encoded form."""
    found: Told = decoder(Told).decode(data)
    return found


def read_words(data: bytes) -> dict[str, int]:
    """Return terms with their weights from their encoded form."""
    found: dict[str, int] = decoder(dict[str, int]).decode(data)
    return found


def read_provenance(data: bytes) -> Provenance:
    """Return what a paper is from its encoded form; that of other entries is empty."""
    found: Provenance = decoder(Provenance).decode(data) if data else Provenance()
    return found


def read_entry(data: bytes) -> AnyEntry:
    """Return a whole entry from its encoded form."""
    found: AnyEntry = decoder(AnyEntry).decode(data)
    return found


def read_findings(data: bytes) -> tuple[Diagnostic, ...]:
    """Return findings from their encoded form."""
    found: tuple[Diagnostic, ...] = decoder(tuple[Diagnostic, ...]).decode(data) if data else ()
    return found
