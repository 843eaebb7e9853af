"""The parts of entries, from what this build has read and from what is remembered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from explainer.build.store import Read, Store, StoreDamaged
from explainer.content.model import AnyEntry, Heading
from explainer.content.record import (
    Brief,
    Provenance,
    Record,
    Told,
    read_brief,
    read_entry,
    read_headings,
    read_provenance,
    read_told,
    read_words,
)
from explainer.site.links import Key, Links


@dataclass(slots=True)
class StoredLibrary:
    """Looks things up in memory first, then in the store; keeps the small ones."""

    store: Store | None
    """None where all is in memory."""

    known_links: Mapping[Key, Links] | None
    """What linking found out, of all entries; None where it is remembered in the store."""

    reads: Mapping[str, Read]
    """Files that were read in this build, or all that are known, by path."""

    in_store: frozenset[str]
    """Files of `reads` whose entries lie in the store already, as fresh ones."""

    dates: Mapping[str, str]
    """URL -> date of the last change, of all entries that lists show."""

    _links: dict[Key, Links | None] = field(default_factory=dict)
    _records: dict[str, Record] = field(default_factory=dict)
    _briefs: dict[Key, Brief] = field(default_factory=dict)

    def links(self, key: Key) -> Links | None:
        """Return what linking found out about an entry; None where it has no page."""
        if self.known_links is not None:
            return self.known_links.get(key)
        if key not in self._links:
            self._links[key] = self._stored.links(key)
        return self._links[key]

    @property
    def _stored(self) -> Store:
        if self.store is None:
            raise StoreDamaged("there is none")
        return self.store

    def _path(self, key: Key) -> str:
        links = self.links(key)
        if links is None:
            raise KeyError(key)
        return links.path

    def _record(self, key: Key) -> Record:
        path = self._path(key)
        if (read := self.reads.get(path)) is not None:
            return read.record
        if path not in self._records:
            read = self._stored.read(path)
            if read is None:
                raise StoreDamaged(f"nothing of {path}")
            self._records[path] = read.record
        return self._records[path]

    def brief(self, key: Key) -> Brief:
        """Return what lists show of an entry."""
        if key not in self._briefs:
            self._briefs[key] = read_brief(self._record(key).brief)
        return self._briefs[key]

    def headings(self, key: Key) -> tuple[Heading, ...]:
        """Return the headings of an entry."""
        return read_headings(self._record(key).headings)

    def told(self, key: Key) -> Told:
        """Return the events of a story as other pages show them."""
        return read_told(self._record(key).events)

    def provenance(self, key: Key) -> Provenance:
        """Return what a paper is."""
        return read_provenance(self._record(key).provenance)

    def entry(self, key: Key) -> AnyEntry:
        """Return the whole of an entry."""
        path = self._path(key)
        read = self.reads.get(path)
        if read is not None and read.record.entry:
            return read_entry(read.record.entry)
        return read_entry(self._stored.body(path, fresh=path in self.in_store))

    def words(self, keys: Sequence[Key]) -> Iterator[dict[str, int]]:
        """Yield the terms that the search finds each of some entries by, with their weights."""
        paths = self._paths(keys)
        known = {path: self.reads[path].record.words for path in paths if path in self.reads}
        known = {path: words for path, words in known.items() if words}
        wanted = [path for path in paths if path not in known]
        if wanted:
            fresh = self.in_store.intersection(wanted)
            known |= self._stored.words(fresh, fresh=True) if fresh else {}
            known |= self._stored.words([path for path in wanted if path not in fresh])
        return (read_words(known[path]) for path in paths)

    def _paths(self, keys: Sequence[Key]) -> list[str]:
        """Return the files of many entries, of which nothing else of their links is wanted."""
        if self.known_links is not None:
            return [self.known_links[key].path for key in keys]
        return self._stored.paths(keys)

    def dated(self) -> Iterable[tuple[str, str]]:
        """Return URL and date of the last change of all entries that lists show."""
        return self.dates.items()
