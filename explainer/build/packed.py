"""Tables that hold a row for each file of a site, packed into one text or one string of bytes."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache


@lru_cache(maxsize=4)
def names(packed: str) -> tuple[str, ...]:
    """Return the names in a text that has NUL between them.

    The last few texts are kept: sources and outputs of a site, which are asked for again and again.
    """
    return tuple(packed.split("\0")) if packed else ()


def place_of(name: str, among: Sequence[str]) -> int | None:
    """Return the place of a name in sorted ones; None where it is not there."""
    place = bisect_left(among, name)
    return place if place < len(among) and among[place] == name else None


def differing(one: bytes, other: bytes, size: int) -> list[int]:
    """Return the numbers of the rows of a size in which two tables of the same length differ.

    Few rows differ as a rule: halves that are equal are not looked at further.
    """
    found: list[int] = []
    pending = [(0, len(one) // size)]
    while pending:
        start, end = pending.pop()
        if one[start * size : end * size] == other[start * size : end * size]:
            continue
        if end - start == 1:
            found.append(start)
            continue
        middle = (start + end) // 2
        pending += [(middle, end), (start, middle)]
    return found
