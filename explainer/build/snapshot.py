"""What the files of a site were at a moment, and which of them are not what they were.

Digests decide, never times. A file is not read again if its size, times and inode are those of
the last look; one that was young then may have been changed within the clock's tick, so that it
is read in any case (git calls such files "racily clean").
"""

from __future__ import annotations

import os
import stat
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from explainer.build.packed import differing, names, place_of
from explainer.content.model import Value
from explainer.content.reader import TOPS, Stamp
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
        starts = range(0, len(self.digests), DIGEST_SIZE)
        return {
            name: self.digests[start : start + DIGEST_SIZE]
            for name, start in zip(names(self.paths), starts, strict=True)
        }

    def digest_of(self, path: str) -> bytes | None:
        """Return the digest of one file; None where there is no such file."""
        place = place_of(path, names(self.paths))
        return self.digests[place * DIGEST_SIZE :][:DIGEST_SIZE] if place is not None else None

    def holding(self, digests: Digests) -> Snapshot:
        """Return the same files with other digests for some: of what was read, should a file have
        been changed between the look at it and its reading."""
        known = names(self.paths)
        data = bytearray(self.digests)
        for path, found in digests.items():
            place = place_of(path, known)
            if place is not None:
                data[place * DIGEST_SIZE : (place + 1) * DIGEST_SIZE] = found
        if data == self.digests:
            return self
        return Snapshot(self.paths, self.stamps, bytes(data), self.young)

    def changed_since(self, before: Snapshot) -> frozenset[str]:
        """Return the files that are new, or gone, or hold other bytes."""
        if self.paths != before.paths:
            now, then = self.known(), before.known()
            return frozenset(
                path for path in now.keys() | then.keys() if now.get(path) != then.get(path)
            )
        if self.digests == before.digests:
            return frozenset()
        known = names(self.paths)
        return frozenset(known[n] for n in differing(self.digests, before.digests, DIGEST_SIZE))


def look(
    root: Path, stamps: Mapping[str, Stamp], before: Snapshot, now_ns: int
) -> tuple[Snapshot, list[tuple[str, OSError]]]:
    """Return what the files are now, and those that could not be read."""
    found = sorted(stamps)
    table = array("q", list(chain.from_iterable(map(stamps.__getitem__, found))))
    paths, data = "\0".join(found), table.tobytes()
    if paths == before.paths:
        if data == before.stamps and not before.young:
            return before, []
        # All others were old when they were looked at, and are what they were.
        again = {bisect_left(found, name) for name in before.young}
        places = {*differing(data, before.stamps, _STAMP_SIZE), *again}
        digests = bytearray(before.digests)
    else:
        places, digests = _taken_over(found, data, before)
    failed = []
    for place in places:
        try:
            digest = digest_file(os.path.join(root, found[place]))
        except OSError as error:
            failed.append((found[place], error))
            digest = bytes(DIGEST_SIZE)
        digests[place * DIGEST_SIZE : (place + 1) * DIGEST_SIZE] = digest
    limit = now_ns - YOUNG
    changes = {place: table[place * 4 + 1 : place * 4 + 3] for place in sorted(places)}
    young = tuple(found[place] for place, times in changes.items() if max(times) > limit)
    return Snapshot(paths, data, bytes(digests), young), failed


@dataclass(frozen=True, slots=True)
class Looked:
    """A look at all sources of a site, from which a process that builds again goes on."""

    stamps: Mapping[str, Stamp]
    snapshot: Snapshot


def look_again(root: Path, touched: Iterable[str], last: Looked, now_ns: int) -> Looked | None:
    """Look at those files alone that may be others than at the last look.

    Returns None where a look at all is needed: something is new or gone, or no plain file.
    """
    before, known = last.snapshot, names(last.snapshot.paths)
    stamps, digests = bytearray(before.stamps), bytearray(before.digests)
    fresh: dict[str, Stamp] = {}
    for path in {*touched, *before.young}:
        if path.split("/")[0] not in TOPS:
            continue
        place = place_of(path, known)
        try:
            status = os.lstat(os.path.join(root, path))
            if place is None or not stat.S_ISREG(status.st_mode):
                return None
            digest = digest_file(os.path.join(root, path))
        except (FileNotFoundError, NotADirectoryError):
            below = bisect_left(known, f"{path}/")
            if place is not None or any(one.startswith(f"{path}/") for one in known[below:][:1]):
                return None
            continue  # it came and went, as editors' files do
        except OSError:
            return None
        fresh[path] = (status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
        row = array("q", fresh[path]).tobytes()
        stamps[place * _STAMP_SIZE : (place + 1) * _STAMP_SIZE] = row
        digests[place * DIGEST_SIZE : (place + 1) * DIGEST_SIZE] = digest
    limit = now_ns - YOUNG
    young = tuple(sorted(path for path, stamp in fresh.items() if max(stamp[1:3]) > limit))
    snapshot = Snapshot(before.paths, bytes(stamps), bytes(digests), young)
    return Looked({**last.stamps, **fresh}, snapshot)


def _taken_over(found: Sequence[str], data: bytes, before: Snapshot) -> tuple[set[int], bytearray]:
    """Return the places of files that have to be read, and the digests of the others."""
    known, young = before.known(), frozenset(before.young)
    stamps = {
        name: before.stamps[n * _STAMP_SIZE : (n + 1) * _STAMP_SIZE]
        for n, name in enumerate(names(before.paths))
        if name not in young
    }
    places = set()
    digests = bytearray(len(found) * DIGEST_SIZE)
    for place, name in enumerate(found):
        if stamps.get(name) == data[place * _STAMP_SIZE : (place + 1) * _STAMP_SIZE]:
            digests[place * DIGEST_SIZE : (place + 1) * DIGEST_SIZE] = known[name]
        else:
            places.add(place)
    return places, digests
