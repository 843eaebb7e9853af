"""The linked site as outputs see it: every look at it is noted.

What an output has looked at is its list of inputs, so the list is complete however templates and
views change. An output needs to be made anew when one of the facts that it has looked at is not
what it was, and only then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar
from zlib import crc32

from explainer.config import Config
from explainer.content.mentions import Matcher, Name
from explainer.content.model import AnyEntry, Heading
from explainer.content.record import Brief, Provenance, Told
from explainer.content.words import SEARCHED
from explainer.site.links import Key, Links, Lists
from explainer.site.shards import kind_of, shards_of
from explainer.site.urls import encoded

T = TypeVar("T")

FactId = int
"""A fact by the CRC-32 of its name. Should two have the same, an output may be made anew without
need; none is ever kept that should not be."""


NEWEST_MOST = 1000
"""Newest stories that can be a fact of their own; who looks at more looks at all."""


class Library(Protocol):
    """Where the parts of entries come from: from memory, or from what was remembered."""

    def links(self, key: Key) -> Links | None:
        """Return what linking found out about an entry; None where it has no page."""

    def brief(self, key: Key) -> Brief:
        """Return what lists show of an entry."""

    def headings(self, key: Key) -> tuple[Heading, ...]:
        """Return the headings of an entry."""

    def told(self, key: Key) -> Told:
        """Return the events of a story as other pages show them."""

    def words(self, keys: Sequence[Key]) -> Iterator[dict[str, int]]:
        """Yield the terms that the search finds each of some entries by, with their weights."""

    def provenance(self, key: Key) -> Provenance:
        """Return what a paper is."""

    def entry(self, key: Key) -> AnyEntry:
        """Return the whole of an entry."""

    def dated(self) -> Iterable[tuple[str, str]]:
        """Return URL and date of the last change of all entries that lists show."""


def fact_id(aspect: str, key: Key | str = "") -> FactId:
    """Return the id of a fact: what of what."""
    name = key if isinstance(key, str) else f"{key[0]}/{key[1]}"
    return crc32(f"{aspect}:{name}".encode())


class Facts:
    """Reads a linked site."""

    def __init__(self, config: Config, lists: Lists, library: Library) -> None:
        self.config = config
        self._lists = lists
        self._library = library
        self._noted: set[FactId] = set()
        self._ids: dict[tuple[str, Key | str], FactId] = {}
        self._parts: dict[FactId, Any] = {}
        self._large: FactId | None = None
        self._shards: dict[str, tuple[str, ...]] | None = None
        self._matcher: Matcher | None = None
        self._static = frozenset(lists.static)
        self._base_path = config.base_path.rstrip("/")
        self._origin = config.origin
        self._hrefs: dict[str, str] = {}
        self._traces: dict[FactId, frozenset[FactId]] = {}

    # -- noting ------------------------------------------------------------------------------

    @contextmanager
    def noting(self) -> Iterator[set[FactId]]:
        """Give the set to which every look is added until the end of the block."""
        outer, self._noted = self._noted, set()
        try:
            yield self._noted
        finally:
            self._noted = outer

    def note(self, aspect: str, key: Key | str = "") -> None:
        """Note a look at something that is not read from here: a template, an asset."""
        place = (aspect, key)
        found = self._ids.get(place)
        if found is None:
            found = self._ids[place] = fact_id(aspect, key)
        self._noted.add(found)

    def part(self, aspect: str, key: Key | str, make: Callable[[], T], *, large: bool = False) -> T:
        """Return something that several outputs share, made once.

        It is a fact itself, which changes when one of those changes that it was made of. Of `large`
        parts only the last one is held; whoever comes back to another has it made again.
        """
        self.note(aspect, key)
        name = self._ids[aspect, key]
        if name not in self._parts:
            with self.noting() as noted:
                self._parts[name] = make()
            self._traces[name] = frozenset(noted)
            if large:
                if self._large is not None:
                    del self._parts[self._large]
                self._large = name
        return self._parts[name]  # type: ignore[no-any-return]

    def take_traces(self) -> dict[FactId, frozenset[FactId]]:
        """Return what each shared part was made of, of those made since this was asked last."""
        found, self._traces = self._traces, {}
        return found

    # -- entries -----------------------------------------------------------------------------

    def has(self, key: Key) -> bool:
        """Tell whether an entry has a page."""
        self.note("url", key)
        return self._library.links(key) is not None

    def link(self, key: Key, field: str) -> Any:
        """Return a field of what linking found out about an entry."""
        self.note(field, key)
        return getattr(self._links(key), field)

    def _links(self, key: Key) -> Links:
        links = self._library.links(key)
        if links is None:
            raise KeyError(key)
        return links

    def url(self, key: Key) -> str:
        """Return the URL of an entry within the site."""
        self.note("url", key)
        return self._links(key).url

    def is_listed(self, key: Key) -> bool:
        """Tell whether lists show an entry: expired ones keep their page only."""
        self.note("listed", key)
        return self._links(key).listed

    def listed(self, keys: Iterable[Key]) -> tuple[Key, ...]:
        """Return those of some entries that lists show."""
        return tuple(key for key in keys if self.is_listed(key))

    def referrers(
        self, key: Key, kind: str, start: int = 0, end: int | None = None
    ) -> tuple[Key, ...]:
        """Return the entries of a kind that refer to an entry, newest first; none expired.

        Those from number `start` up to `end`, else all.
        """
        slugs = self.link(key, "referrers").get(kind, ())
        return tuple((kind, slug) for slug in slugs[start:end])

    def referrer_count(self, key: Key, kind: str) -> int:
        """Return how many `referrers` there are."""
        return len(self.link(key, "referrers").get(kind, ()))

    def title(self, key: Key) -> str:
        """Return the title of an entry."""
        self.note("name", key)
        return self._library.brief(key).title

    def language(self, key: Key) -> str:
        """Return the language of an entry."""
        self.note("name", key)
        return self._library.brief(key).lang

    def brief(self, key: Key) -> Brief:
        """Return what lists show of an entry."""
        self.note("brief", key)
        return self._library.brief(key)

    def heading(self, key: Key, fragment: str) -> str:
        """Return the words of a heading of an entry; its title where there is none."""
        self.note("headings", key)
        headings = self._library.headings(key)
        found = next((one.title for one in headings if one.id == fragment), None)
        return self.title(key) if found is None else found

    def told(self, key: Key) -> Told:
        """Return the events of a story as other pages show them."""
        self.note("events", key)
        return self._library.told(key)

    def words(self, keys: Sequence[Key]) -> Iterator[dict[str, int]]:
        """Yield the terms that the search finds each of some entries by, with their weights."""
        for key in keys:
            self.note("words", key)
        return self._library.words(keys)

    def provenance(self, key: Key) -> Provenance:
        """Return what a paper is: its kind, country and language."""
        self.note("provenance", key)
        return self._library.provenance(key)

    def entry(self, key: Key) -> AnyEntry:
        """Return the whole of an entry."""
        self.note("entry", key)
        return self._library.entry(key)

    # -- the whole site ----------------------------------------------------------------------

    def list(self, kind: str, start: int = 0, end: int | None = None) -> tuple[Key, ...]:
        """Return the entries of a kind that lists show, in the order of `Lists`.

        Those from number `start` up to `end`, else all.
        """
        self.note("list", kind)
        return tuple((kind, slug) for slug in getattr(self._lists, kind)[start:end])

    def list_length(self, kind: str) -> int:
        """Return how many entries of a kind lists show."""
        self.note("list", kind)
        return len(getattr(self._lists, kind))

    def newest(self, most: int) -> tuple[Key, ...]:
        """Return the newest stories that lists show."""
        if most > NEWEST_MOST:
            return self.list("story", end=most)
        self.note("newest", str(most))
        return tuple(("story", slug) for slug in self._lists.story[:most])

    def has_any(self, kind: str) -> bool:
        """Tell whether lists show any entry of a kind, so that there is an index of them."""
        self.note("any", kind)
        return bool(getattr(self._lists, kind))

    def is_static(self, path: str) -> bool:
        """Tell whether there is a file in static/."""
        self.note("static", path)
        return path in self._static

    def mentions(self, key: Key) -> Matcher:
        """Return what finds the names of topics in the prose of an entry."""
        self.note("mentions", key)
        if self._matcher is None:
            self._matcher = Matcher(self._lists.names)
        return self._matcher

    def dated_urls(self) -> dict[str, str]:
        """Return the pages that search engines may list, and when each was last changed."""
        self.note("list", "made")
        self.note("dated")
        return dict.fromkeys(self._lists.made, "") | dict(self._library.dated())

    def shard(self, name: str) -> tuple[Key, ...]:
        """Return the entries of a shard of the search's index; none expired."""
        self.note("shard", name)
        kind = kind_of(name)
        return tuple((kind, slug) for slug in self._all_shards()[name])

    def shards(self) -> dict[str, int]:
        """Return the shards of the search's index, and how many entries each has."""
        self.note("shards")
        return {name: len(slugs) for name, slugs in self._all_shards().items()}

    def _all_shards(self) -> dict[str, tuple[str, ...]]:
        if self._shards is None:
            self._shards = shards_of(self._lists)
        return self._shards

    # -- addresses ---------------------------------------------------------------------------

    def href(self, url: str) -> str:
        """Return a URL within the site as a link from the host's root."""
        found = self._hrefs.get(url)
        if found is None:
            found = self._hrefs[url] = encoded(self._base_path + url)
        return found

    def full(self, href: str) -> str:
        """Return a link from the host's root with scheme and host."""
        return self._origin + href

    def absolute(self, url: str) -> str:
        """Return a URL within the site with scheme and host."""
        return self._origin + self.href(url)


# -- what changed --------------------------------------------------------------------------------


def changed_links(old: Links | None, new: Links | None) -> list[str]:
    """Return the fields of what linking found out about an entry that are not what they were."""
    if old == new:
        return []
    empty = Links(path="", url="")
    fields = (name for name in Links.__struct_fields__ if name != "path")
    one, other = old or empty, new or empty
    found = [name for name in fields if getattr(one, name) != getattr(other, name)]
    if (old is None or new is None) and "listed" not in found:
        found.append("listed")
    return found


def changed_lists(old: Lists, new: Lists) -> Iterator[tuple[str, str]]:
    """Yield the facts of the whole site that are not what they were, as aspect and name."""
    for kind in ("story", "question", "topic", "paper", "author", "page", "made"):
        before, after = getattr(old, kind), getattr(new, kind)
        if before != after:
            yield "list", kind
            if bool(before) != bool(after):
                yield "any", kind
    yield from _changed_shards(old, new)
    for path in set(old.static) ^ set(new.static):
        yield "static", path
    if old.story != new.story:
        pairs = zip(old.story, new.story, strict=False)
        shorter = min(len(old.story), len(new.story))
        same = next((n for n, (one, other) in enumerate(pairs) if one != other), shorter)
        for most in range(same + 1, NEWEST_MOST + 1):
            yield "newest", str(most)


def _changed_shards(old: Lists, new: Lists) -> Iterator[tuple[str, str]]:
    names = (*SEARCHED, "months", "together")
    if all(getattr(old, name) == getattr(new, name) for name in names):
        return
    before, after = shards_of(old), shards_of(new)
    for shard in before.keys() | after.keys():
        if before.get(shard) != after.get(shard):
            yield "shard", shard
    if [(name, len(one)) for name, one in before.items()] != [
        (name, len(one)) for name, one in after.items()
    ]:
        yield "shards", ""


def changed_names(old: Iterable[Name], new: Iterable[Name]) -> frozenset[str]:
    """Return the names of topics that are found in prose now and were not, or the reverse."""
    before, after = Matcher(old).slugs, Matcher(new).slugs
    return frozenset(
        name for name in before.keys() | after.keys() if before.get(name) != after.get(name)
    )
