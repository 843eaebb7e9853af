"""What the files of a site were at a moment, and which of them are not what they were.

Digests decide, never times. A file is not read again if its size, times and inode are those of
the last look; one that was young then may have been changed within the clock's tick, so that it
is read in any case (git calls such files "racily clean").
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterable, Mapping
from pathlib import Path

from explainer.content.model import Value
from explainer.content.reader import Stamp
from explainer.fingerprint import DIGEST_SIZE, digest_file

YOUNG = 2_000_000_000
"""Nanoseconds before a look within which a file counts as young: file systems with coarse times
round to two seconds."""

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

    def by_stamp(self) -> dict[str, tuple[bytes, bytes]]:
        """Return packed stamp and digest by path."""
        names = self.paths.split("\0") if self.paths else []
        size = 4 * 8
        return {
            name: (
                self.stamps[number * size : number * size + size],
                self.digests[number * DIGEST_SIZE : (number + 1) * DIGEST_SIZE],
            )
            for number, name in enumerate(names)
        }


def packed(stamps: Iterable[Stamp]) -> bytes:
    """Return stamps one behind the other."""
    found = array("q")
    for stamp in stamps:
        found.extend(stamp)
    return found.tobytes()


def look(
    root: Path, stamps: Mapping[str, Stamp], before: Snapshot, now_ns: int
) -> tuple[Snapshot, Digests | None, list[tuple[str, OSError]]]:
    """Return what the files are now, their digests, and those that could not be read.

    The digests are None where every file is what it was `before`.
    """
    paths = "\0".join(sorted(stamps))
    ordered = [stamps[path] for path in (paths.split("\0") if paths else [])]
    data = packed(ordered)
    if paths == before.paths and data == before.stamps and not before.young:
        return before, None, []
    known = before.by_stamp()
    young = frozenset(before.young)
    digests: Digests = {}
    failed: list[tuple[str, OSError]] = []
    for path in paths.split("\0") if paths else []:
        old = known.get(path)
        if old is not None and path not in young and old[0] == packed([stamps[path]]):
            digests[path] = old[1]
            continue
        try:
            digests[path] = digest_file(os.path.join(root, path))
        except OSError as error:
            failed.append((path, error))
            digests[path] = bytes(DIGEST_SIZE)
    still_young = tuple(
        path for path, stamp in zip(digests, ordered, strict=True)
        if max(stamp[1], stamp[2]) > now_ns - YOUNG
    )  # fmt: skip
    after = Snapshot(paths, data, b"".join(digests.values()), still_young)
    if after.paths == before.paths and after.digests == before.digests and not failed:
        return after, None, []
    return after, digests, failed
