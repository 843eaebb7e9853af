"""Which facts are not what they were when the outputs were made."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from explainer.build.store import Read, decoded_links, encoded_links, sealed
from explainer.content.record import ASPECTS
from explainer.fingerprint import DIGEST_SIZE
from explainer.site.facts import changed_links, changed_lists, changed_names
from explainer.site.links import Key, Links, Lists

Fact = tuple[str, Key | str]
"""Aspect, and what it is an aspect of."""

_ALWAYS = frozenset({"outline"})
"""Aspects that no output looks at: linking does, and tells what follows."""


def of_entries(old: Iterable[Read], new: Iterable[Read]) -> Iterator[Fact]:
    """Yield the facts that changed with some files; an entry may have moved to another file."""
    before, after = _by_key(old), _by_key(new)
    for key in before.keys() | after.keys():
        one, other = before.get(key, b""), after.get(key, b"")
        for number, name in enumerate(ASPECTS):
            place = slice(number * DIGEST_SIZE, (number + 1) * DIGEST_SIZE)
            if one[place] != other[place] and name not in _ALWAYS:
                yield (name, "") if name == "dated" else (name, key)


def aspects_of(read: Read | None) -> dict[str, bytes]:
    """Return the digest of each part of an entry; empty where there is none."""
    aspects = read.record.aspects if read is not None else b""
    return {
        name: aspects[number * DIGEST_SIZE : (number + 1) * DIGEST_SIZE]
        for number, name in enumerate(ASPECTS)
        if aspects
    }


def outline_changed(old: Read, new: Read) -> bool:
    """Tell whether linking may find out something else about a file than it did."""
    start = ASPECTS.index("outline") * DIGEST_SIZE
    place = slice(start, start + DIGEST_SIZE)
    one, other = old.record, new.record
    return (
        not one.kind or (one.kind, one.slug) != (other.kind, other.slug)
        or one.aspects[place] != other.aspects[place]
    )  # fmt: skip


def _by_key(reads: Iterable[Read]) -> dict[Key, bytes]:
    return {(one.record.kind, one.record.slug): one.record.aspects for one in reads
            if one.record.kind}  # fmt: skip


class LinkChanges:
    """What linking found out, held against what it found out before: links by name, sealed."""

    def __init__(self, before: dict[str, bytes], links: Mapping[Key, Links]) -> None:
        self.facts: list[Fact] = []
        self.encoded: dict[Key, bytes] = {}
        """What has to be kept anew."""

        for key, one in links.items():
            name = "/".join(key)
            data = encoded_links(one)
            old = before.pop(name, None)
            if old == sealed(name, data):
                continue
            self.encoded[key] = data
            self._note(key, decoded_links(name, old) if old is not None else None, one)
        for name, old in before.items():
            kind, _, slug = name.partition("/")
            self._note((kind, slug), decoded_links(name, old), None)
        self.gone = tuple(before)
        """Names of those that are no more."""

    def _note(self, key: Key, old: Links | None, new: Links | None) -> None:
        fields = changed_links(old, new)
        self.facts += [(field, key) for field in fields]
        if "url" in fields or "listed" in fields:
            self.facts.append(("dated", ""))


def of_lists(old: Lists, new: Lists) -> Iterator[Fact]:
    """Yield the facts of the whole site that changed."""
    yield from changed_lists(old, new)


def of_names(
    old: Lists, new: Lists, bodies: Iterable[tuple[str, bytes]], keys: Mapping[str, Key]
) -> Iterator[Fact]:
    """Yield the entries in whose words a name stands that means something else than before.

    Where none of those names stands, the same names are found as before. The words are looked
    through in their encoded form, in which each run of text stands in one piece.
    """
    names = changed_names(old.names, new.names)
    if not names:
        return
    pattern = re.compile(b"|".join(_as_written(name) for name in sorted(names)))
    for path, body in bodies:
        if path in keys and pattern.search(body):
            yield "mentions", keys[path]


def _as_written(name: str) -> bytes:
    """Return a pattern for all forms in which prose may hold a name (see `Matcher`)."""
    written = re.escape(name.encode())
    written = written.replace(b"\\ ", b"(?: |\n|\xc2\xa0)")
    return written.replace(b"'", b"(?:'|\xe2\x80\x99)")


def of_files(changed: Iterable[str]) -> Iterator[Fact]:
    """Yield the facts of files that changed."""
    for path in changed:
        yield "file", path


def of_templates(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Fact]:
    """Yield the sorts of pages that the theme shapes in another way."""
    for name in old.keys() | new.keys():
        if old.get(name) != new.get(name):
            yield "template", name
