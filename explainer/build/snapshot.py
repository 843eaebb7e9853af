"""What the files of a site were at a moment, and which of them are not what they were.

Digests decide, never times. A file is not read again if its size, times and inode are those of
the last look; one that was young then may have been changed within the clock's tick, so that it
is read in any case (git calls such files "racily clean").
"""

from __future__ import annotations

import os
from array import array
from bisect import bisect_left
from collections.abc import Mapping
from itertools import chain
from pathlib import Path

from explainer.content.model import Value
from explainer.content.reader import Stamp
from explainer.fingerprint import DIGEST_SIZE, digest_file

YOUNG = 2_000_000_000
"""Nanoseconds before a look within which a file counts as young: file systems with coarse times
round to two seconds."""

_STAMP_SIZE = 4 * 8

Digests = dict[str, bytes]
"""Path -> digest of the file's content."""


class Snapshot(Value, frozen=True):
    """Files with their stamps and digests, packed."""

    paths: str = ""
    """Paths, sorted, with NUL between them."""

    stamps: bytes = b""
    """Four numbers of eight bytes for each file: size, times of change, inode."""

    digests: bytes = b""
    """`DIGEST_SIZE` bytes for each file."""

    young: tuple[str, ...] = ()
    """Files that were young at the time of the look."""

    def known(self) -> Digests:
        """Return the digests by path."""
        names = self.paths.split("\0") if self.paths else []
        return {
            name: self.digests[start : start + DIGEST_SIZE]
            for name, start in zip(names, range(0, len(self.digests), DIGEST_SIZE), strict=True)
        }

    def holding(self, digests: Digests) -> Snapshot:
        """Return the same files with other digests: of what was read, should a file have been
        changed between the look at it and its reading."""
        data = b"".join(digests[name] for name in self.paths.split("\0")) if self.paths else b""
        if data == self.digests:
            return self
        return Snapshot(self.paths, self.stamps, data, self.young)

    def changed_since(self, before: Snapshot) -> frozenset[str]:
        """Return the files that are new, or gone, or hold other bytes."""
        if self.paths != before.paths:
            now, then = self.known(), before.known()
            return frozenset(
                path for path in now.keys() | then.keys() if now.get(path) != then.get(path)
            )
        if self.digests == before.digests:
            return frozenset()
        names = self.paths.split("\0")
        return frozenset(names[n] for n in differing(self.digests, before.digests, DIGEST_SIZE))


def differing(one: bytes, other: bytes, size: int) -> list[int]:
    """Return the numbers of the pieces of a size in which two packed tables differ."""
    return [
        start // size
        for start in range(0, len(one), size)
        if one[start : start + size] != other[start : start + size]
    ]


def look(
    root: Path, stamps: Mapping[str, Stamp], before: Snapshot, now_ns: int
) -> tuple[Snapshot, list[tuple[str, OSError]]]:
    """Return what the files are now, and those that could not be read."""
    names = sorted(stamps)
    table = array("q", list(chain.from_iterable(map(stamps.__getitem__, names))))
    paths, data = "\0".join(names), table.tobytes()
    if paths == before.paths:
        if data == before.stamps and not before.young:
            return before, []
        places = {*differing(data, before.stamps, _STAMP_SIZE)}
        places.update(bisect_left(names, name) for name in before.young)
        digests = bytearray(before.digests)
    else:
        places, digests = _taken_over(names, data, before)
    failed = []
    for place in places:
        try:
            found = digest_file(os.path.join(root, names[place]))
        except OSError as error:
            failed.append((names[place], error))
            found = bytes(DIGEST_SIZE)
        digests[place * DIGEST_SIZE : (place + 1) * DIGEST_SIZE] = found
    limit = now_ns - YOUNG
    changes = zip(names, table[1::4], table[2::4], strict=True)
    young = tuple(name for name, *times in changes if max(times) > limit)
    return Snapshot(paths, data, bytes(digests), young), failed


def _taken_over(names: list[str], data: bytes, before: Snapshot) -> tuple[set[int], bytearray]:
    """Return the places of files that have to be read, and the digests of the others."""
    known, young = before.known(), frozenset(before.young)
    old_names = before.paths.split("\0") if before.paths else []
    stamps = {
        name: before.stamps[n * _STAMP_SIZE : (n + 1) * _STAMP_SIZE]
        for n, name in enumerate(old_names)
        if name not in young
    }
    places = set()
    digests = bytearray(len(names) * DIGEST_SIZE)
    for place, name in enumerate(names):
        if stamps.get(name) == data[place * _STAMP_SIZE : (place + 1) * _STAMP_SIZE]:
            digests[place * DIGEST_SIZE : (place + 1) * DIGEST_SIZE] = known[name]
        else:
            places.add(place)
    return places, digests
