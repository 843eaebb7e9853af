"""Document -> model: what an entry must and may say, with all that is wrong about it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Any

from explainer.content.body import read_body
from explainer.content.dates import parse_moment
from explainer.content.document import Document, read_document
from explainer.content.fields import Fields, Reading
from explainer.content.keys import CORRECTION_KEYS, EVENT_KEYS, IMAGE_KEYS, KEYS, SOURCE_KEYS
from explainer.content.model import (
    PAPER_KINDS,
    TOPIC_KINDS,
    AnyEntry,
    Author,
    ContentId,
    Correction,
    Event,
    Image,
    Link,
    Moment,
    Page,
    Paper,
    Picture,
    Prose,
    Question,
    Ref,
    Source,
    Story,
    Topic,
)
from explainer.content.reader import SourceFile
from explainer.content.slugs import is_empty, is_reserved, is_slug, suggest_slug
from explainer.diagnostics import Diagnostic, Findings, Span, did_you_mean

SUMMARY_MOST = 300
"""Characters that a card has room for."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """What became of one file."""

    source: SourceFile
    entry: AnyEntry | None
    """None where the file has errors that leave nothing to go on with."""

    diagnostics: tuple[Diagnostic, ...]


def parse(source: SourceFile, data: bytes, reading: Reading) -> Parsed:
    """Read one entry; the result depends on nothing but the arguments."""
    findings = Findings()
    document = read_document(source, data, findings)
    entry = _Schema(document, reading, findings).entry() if document is not None else None
    return Parsed(source, entry, tuple(findings))


class _Schema:
    def __init__(self, document: Document, reading: Reading, findings: Findings) -> None:
        self.document = document
        self.source = document.source
        self.reading = reading
        self.findings = findings
        self.fields = Fields(
            document, document.keys, KEYS[self.source.kind], reading, findings, document.start
        )
        self.language = self.fields.language_tag("lang") or reading.language
        self.fields.language = self.language

    def entry(self) -> AnyEntry:
        kind = self.source.kind
        slug, file_date = self._slug()
        common = self._common(kind, slug, file_date)
        entry: AnyEntry = getattr(self, f"_{kind}")(common)
        self._check_local_refs(entry)
        self._check_order(entry)
        return entry

    # -- the kinds ---------------------------------------------------------------------------

    def _story(self, common: dict[str, Any]) -> Story:
        f = self.fields
        events = []
        for record in f.records("events", EVENT_KEYS):
            date, text = record.moment("date", day=False), record.inline("text")
            source = record.ref("source", "source")
            if date is not None:
                events.append(Event(date, text, source))
        corrections = []
        for record in f.records("corrections", CORRECTION_KEYS):
            date, text = record.moment("date"), record.inline("text")
            if date is not None:
                corrections.append(Correction(date, text))
        return Story(
            **common,
            authors=f.refs("authors", "author"),
            topics=f.refs("topics", "topic"),
            questions=f.refs("questions", "question"),
            follows=f.refs("follows", "story"),
            events=tuple(events),
            corrections=tuple(corrections),
        )

    def _question(self, common: dict[str, Any]) -> Question:
        f = self.fields
        return Question(
            **common, topics=f.refs("topics", "topic"), related=f.refs("related", "question")
        )

    def _topic(self, common: dict[str, Any]) -> Topic:
        f = self.fields
        return Topic(
            **common,
            kind=f.choice("kind", TOPIC_KINDS),
            also=f.texts("also"),
            related=f.refs("related", "topic"),
            mentions=bool(f.flag("mentions", True)),
        )

    def _paper(self, common: dict[str, Any]) -> Paper:
        f = self.fields
        return Paper(
            **common,
            url=f.url("url"),
            country=f.country("country"),
            language=f.language_tag("language"),
            owner=f.text("owner"),
            kind=f.choice("kind", PAPER_KINDS),
            paywall=f.flag("paywall", None),
        )

    def _author(self, common: dict[str, Any]) -> Author:
        return Author(**common, role=self.fields.text("role"))

    def _page(self, common: dict[str, Any]) -> Page:
        return Page(**common)

    # -- what kinds have in common -----------------------------------------------------------

    def _common(self, kind: str, slug: str, file_date: Moment | None) -> dict[str, Any]:
        f = self.fields
        names = {key.name for key in KEYS[kind]}
        date = file_date
        if "date" in names and (file_date is None or f.has("date")):
            date = f.moment("date") or file_date
        return {
            "id": ContentId(kind, slug, self.language),
            "path": self.source.path,
            "title": f.text("title" if "title" in names else "name"),
            "summary": self._summary(kind),
            "body": read_body(
                self.document,
                self.reading.rules if kind == "story" else (),
                self.language,
                self.findings,
                mentions=self.reading.mentions,
                pairs=kind == "question",
            ),
            "aliases": f.paths("aliases"),
            "draft": bool(f.flag("draft", False)),
            "publish_at": f.moment("publish_at"),
            "expires": f.moment("expires"),
            "review_by": f.moment("review_by"),
            "date": date,
            "updated": f.moment("updated") if "updated" in names else None,
            "image": self._image() if "image" in names else None,
            "sources": self._sources() if "sources" in names else (),
            "same_as": f.urls("same_as") if "same_as" in names else (),
        }

    def _summary(self, kind: str) -> Prose:
        if kind in ("topic", "author"):
            return self.fields.inline("description" if kind == "topic" else "bio")
        if kind == "paper":
            return Prose()
        text = self.fields.text("summary", most=SUMMARY_MOST if kind == "story" else 0)
        return plain_prose(text)

    def _image(self) -> Image | None:
        record = self.fields.record("image", IMAGE_KEYS)
        if record is None:
            return None
        src, alt = record.file("src"), record.text("alt", empty=True)
        credit, caption = record.text("credit"), record.inline("caption")
        return Image(src, alt, credit, caption) if src is not None else None

    def _sources(self) -> tuple[Source, ...]:
        found: dict[str, Source] = {}
        for record in self.fields.records("sources", SOURCE_KEYS):
            name = record.id("id")
            paper = record.ref("paper", "paper")
            source = Source(
                name,
                paper or Ref("paper", ""),
                record.text("title"),
                record.url("url"),
                record.moment("date", day=False),
                record.text("quote"),
                record.url("archived"),
            )
            if name in found:
                span = record.value_span("id")
                self.findings.add("E308", span, f'two sources have the id "{name}"')
            elif name and paper:
                found[name] = source
        return tuple(found.values())

    # -- slug and date -----------------------------------------------------------------------

    def _slug(self) -> tuple[str, Moment | None]:
        """Return the slug, and the date that a story's file name starts with."""
        written, name = self.source.name_parts
        date = parse_moment(written, self.reading.zone) if written else None
        if written and date is None:
            message = f'the file name starts with "{written}", which is not a date'
            self.findings.add("E305", Span(self.source.path), message)
        scalar = self.fields.scalar("slug")
        if scalar is None and self.fields.is_empty("slug"):
            span = self.fields.value_span("slug")
            self.findings.add("E506", span, "the slug is empty", "write one, or take the key out")
            return name, date
        if scalar is not None:
            name = unicodedata.normalize("NFC", scalar.text.strip())
        self._check_slug(name, scalar.span if scalar is not None else Span(self.source.path))
        return name, date

    def _check_slug(self, name: str, span: Span) -> None:
        if is_empty(name):
            self.findings.add(
                "E506", span, f'no URL can be made of "{name}"', "give the entry a slug: slug: …"
            )
        elif not is_slug(name):
            suggestion = suggest_slug(name)
            hint = f'try "{suggestion}"' if is_slug(suggestion) else "give the entry a slug"
            if span.line:
                self.findings.add("E507", span, f'"{name}" is not a slug', hint)
            else:
                self.findings.add("E107", span, f'the file name "{name}" is not a slug', hint)
        elif is_reserved(name):
            self.findings.add("E108", span, f'Windows keeps the name "{name}" to itself')

    # -- checks within the entry -------------------------------------------------------------

    def _check_local_refs(self, entry: AnyEntry) -> None:
        sources = {source.id for source in entry.sources}
        refs = [
            segment.ref
            for prose in entry.proses
            for segment in prose.segments
            if type(segment) is Link or type(segment) is Picture
        ]
        if isinstance(entry, Story):
            refs += [event.source for event in entry.events if event.source is not None]
        has_anchors = any(ref.kind == "anchor" for ref in refs)
        headings = {heading.id for heading in entry.body.headings} if has_anchors else set()
        for ref in refs:
            if ref.kind == "source" and ref.slug not in sources:
                hint = did_you_mean(ref.slug, sources)
                if not hint:
                    known = ", ".join(sorted(sources))
                    hint = f"known are {known}" if known else "this entry has no `sources`"
                span = entry.span(ref)
                self.findings.add("E207", span, f'unknown source "{ref.slug}"', hint)
            elif ref.kind == "anchor" and ref.fragment not in headings and ref.fragment:
                self.findings.add(
                    "E205", entry.span(ref), f'this entry has no heading "#{ref.fragment}"',
                    did_you_mean(ref.fragment, headings),
                )  # fmt: skip

    def _check_order(self, entry: AnyEntry) -> None:
        if entry.date is None:
            return
        for name, moment in (("updated", entry.updated), ("expires", entry.expires)):
            if moment is not None and moment.instant < entry.date.instant:
                # A day that is the same is no contradiction: one of the two has no time.
                if moment.text[:10] == entry.date.text[:10]:
                    continue
                span = self.fields.value_span(name)
                days = (moment.text[:10], entry.date.text[:10])
                message = f"`{name}` ({days[0]}) is before the date ({days[1]})"
                self.findings.add("W313", span, message)


def plain_prose(text: str) -> Prose:
    """Return text that is no Markdown as prose."""
    from html import escape

    return Prose((escape(text, quote=False),), (), text) if text else Prose()
