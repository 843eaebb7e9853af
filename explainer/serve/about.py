"""What a page is made from, and what is left to do on the site: for the panel of the preview."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from explainer.build import commit
from explainer.build.library import StoredLibrary
from explainer.build.memory import Memory
from explainer.build.pipeline import Result
from explainer.build.store import Store, StoreDamaged
from explainer.build.trace import Chunk, outputs_of
from explainer.config import Config
from explainer.content.model import AnyEntry, Moment, Prose, Question, Story, Topic
from explainer.content.record import outline_of, read_entry
from explainer.diagnostics import Diagnostic
from explainer.serve.problems import problems
from explainer.site.links import Key
from explainer.site.urls import encoded
from explainer.site.visibility import Status, status

SHOWN = 100
"""Entries with something left to do that the panel lists; of the others it tells the number."""


@dataclass(frozen=True, slots=True)
class Card:
    """An entry as the panel lists it."""

    key: Key
    path: str
    title: str
    draft: bool
    publish_at: Moment | None
    review_by: Moment | None
    missing: tuple[str, ...]


class Desk:
    """Answers questions about a site, of what its last good build has left."""

    def __init__(self, root: Path, memory: Memory) -> None:
        self._root = root
        self._memory = memory
        self._place = commit.preview_place(root.absolute())
        self._cards: dict[str, Card] = {}
        """By file. Empty until somebody asks."""

        self._pending: set[str] | None = None
        """Files whose cards are not what they were; None where all of them are to be made."""

        self._warnings: tuple[Diagnostic, ...] = ()
        self._base_path = "/"

    def built(self, result: Result, config: Config) -> None:
        """Take note of a good build."""
        self._base_path = config.base_path
        self._warnings = result.diagnostics
        if self._pending is not None:
            self._pending |= result.read

    def about(self, output: str) -> Mapping[str, Any] | None:
        """Return what a page is made from; None where that is not known."""
        try:
            store = Store(self._place.home, read_only=True, cache=self._memory.values)
        except StoreDamaged:
            return None
        try:
            self._look(store)
            return self._about(store, output)
        except (StoreDamaged, KeyError):
            return None
        finally:
            store.close()

    def _look(self, store: Store) -> None:
        """Bring the cards up to date."""
        if self._pending is None:
            self._cards = {path: card_of(read_entry(body)) for path, body in store.bodies()}
        else:
            for path in self._pending:
                self._cards.pop(path, None)
                if store.read(path) is not None:
                    self._cards[path] = card_of(read_entry(store.body(path)))
        self._pending = set()

    def _about(self, store: Store, output: str) -> Mapping[str, Any] | None:
        now = self._now()
        library = StoredLibrary(store, None, {}, frozenset(), {})
        found: dict[str, Any] = {
            "groups": [], "missing": [], "warnings": [], **self._to_do(library, now)
        }  # fmt: skip
        chunks = store.parts("outputs", Chunk).values()
        made = next((one for chunk in chunks for one in outputs_of(chunk) if one.path == output),
                    None)  # fmt: skip
        if made is None:
            return None
        if made.sort != "entry":
            return {**found, "kind": made.kind, "title": "", "file": "", "status": "published"}
        entry = library.entry((made.kind, made.slug))
        card = card_of(entry)
        mine = (one for one in self._warnings if one.span.path == entry.path)
        return {
            **found,
            "kind": made.kind,
            "title": entry.title,
            "file": entry.path,
            **_state(card, status(outline_of(entry), now, drafts=False)),
            "missing": _lacks(card, now),
            "groups": [group for group in self._groups(library, entry) if group["items"]],
            "warnings": list(problems(self._root, mine)),
        }

    def _groups(self, library: StoredLibrary, entry: AnyEntry) -> Iterable[dict[str, Any]]:
        by_key = {card.key: card for card in self._cards.values()}

        def item(kind: str, slug: str, note: str = "") -> dict[str, Any]:
            card = by_key.get((kind, slug))
            found = {"title": slug, "url": self._url(library, (kind, slug)), "note": note}
            if card is None:
                return found
            return {
                **found,
                "title": card.title,
                "file": card.path,
                **_state(card, self._status(card)),
            }

        if isinstance(entry, Story):
            yield {"name": "Authors", "items": [item("author", ref.slug) for ref in entry.authors]}
            yield {"name": "Follows", "items": [item("story", ref.slug) for ref in entry.follows]}
        if isinstance(entry, (Story, Question)):
            named = entry.questions if isinstance(entry, Story) else entry.related
            yield {"name": "Questions", "items": [item("question", ref.slug) for ref in named]}
        if isinstance(entry, (Story, Question, Topic)):
            topics = entry.related if isinstance(entry, Topic) else entry.topics
            yield {"name": "Topics", "items": [item("topic", ref.slug) for ref in topics]}
        yield {
            "name": "Sources",
            "items": [item("paper", one.paper.slug, one.title or one.url) for one in entry.sources],
        }

    def _url(self, library: StoredLibrary, key: Key) -> str:
        """Return where an entry is seen; an empty text where it has no page now."""
        try:
            links = library.links(key)
        except StoreDamaged:  # nothing was found out about it: it has no page
            return ""
        base = self._base_path.rstrip("/")
        return encoded(f"{base}{links.url}") if links is not None else ""

    def _now(self) -> datetime:
        """Return the real clock's time: what `--now` shows early is still under embargo."""
        return datetime.now(UTC)

    def _status(self, card: Card) -> Status:
        if card.draft:
            return Status.DRAFT
        waits = card.publish_at is not None and card.publish_at.instant > self._now()
        return Status.EMBARGOED if waits else Status.PUBLISHED

    def _to_do(self, library: StoredLibrary, now: datetime) -> dict[str, Any]:
        """Return the entries of the site that are missing something, or are not published yet."""
        left = []
        for card in self._cards.values():
            lacks = _lacks(card, now)
            state = self._status(card)
            if lacks or state is not Status.PUBLISHED:
                left.append((state is Status.PUBLISHED, -len(lacks), card.path, card, lacks, state))
        left.sort(key=lambda one: one[:3])
        return {
            "todo_count": len(left),
            "todo": [
                {"title": card.title, "file": card.path, "missing": lacks,
                 "url": self._url(library, card.key), **_state(card, state)}
                for *_, card, lacks, state in left[:SHOWN]
            ],
        }  # fmt: skip


def card_of(entry: AnyEntry) -> Card:
    """Return an entry as the panel lists it."""
    return Card(
        (entry.id.kind, entry.id.slug), entry.path, entry.title, entry.draft, entry.publish_at,
        entry.review_by, tuple(_missing(entry)),
    )  # fmt: skip


def _missing(entry: AnyEntry) -> Iterable[str]:
    """Yield what a reader would miss, in the order in which a page shows it."""
    if isinstance(entry, (Story, Question, Topic)) and entry.summary == Prose():
        yield "a summary"
    if isinstance(entry, Story):
        if entry.image is None:
            yield "a picture"
        if not entry.authors:
            yield "an author"
    if isinstance(entry, (Story, Question)):
        if not entry.sources:
            yield "sources"
        if not entry.topics:
            yield "topics"
    if isinstance(entry, Story) and not entry.questions:
        yield "common questions"


def _lacks(card: Card, now: datetime) -> list[str]:
    due = card.review_by
    overdue = due is not None and due.instant <= now
    return [*card.missing, *([f"a review, due since {due.text}"] if due and overdue else [])]


def _state(card: Card, state: Status) -> dict[str, str]:
    waits = state is Status.EMBARGOED and card.publish_at is not None
    return {
        "status": state.value,
        "until": card.publish_at.text if waits and card.publish_at is not None else "",
    }
