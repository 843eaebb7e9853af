"""Sections of files: films and recordings are asked for in pieces (RFC 9110, section 14)."""

from __future__ import annotations

import re

# More digits than a file can have bytes; Python refuses to read numbers of thousands of digits.
_SPAN = re.compile(r"bytes=\s*(?:([0-9]{1,30})-([0-9]{0,30})|-([0-9]{1,30}))\s*", re.IGNORECASE)


class Unsatisfiable(Exception):
    """Nothing of the file lies in the section that is asked for."""


def section(header: str, size: int) -> range | None:
    """Return the bytes that a Range header asks for; None where it is to be ignored.

    Several sections are not served: the whole file is an answer to them, too.
    """
    found = _SPAN.fullmatch(header)
    if found is None:
        return None
    first, last, suffix = found.groups()
    if suffix is not None:
        return _end_of(int(suffix), size)
    start = int(first)
    if last and int(last) < start:
        return None
    if start >= size:
        raise Unsatisfiable
    return range(start, min(int(last) + 1, size) if last else size)


def _end_of(count: int, size: int) -> range | None:
    if count == 0:
        raise Unsatisfiable
    if size == 0:
        return None  # satisfiable, but no Content-Range can say so
    return range(max(size - count, 0), size)
