"""The sizes in which a picture is published, and the names of their files."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from explainer.content.model import Value

WIDTHS = (240, 480, 960, 1440, 1920)
"""Widths in pixels: a portrait; a telephone; a telephone with twice the pixels, or a column of
text; that column with twice the pixels; a wide picture on a large screen."""

FORMATS = ("avif", "webp")
"""Formats in which each width is published, the one that browsers are to prefer first."""

TYPES = {"avif": "image/avif", "webp": "image/webp"}
"""Format -> media type."""

_WORTH_IT = 0.85
"""A width is left out where it would be more than this part of the largest one."""

_PIXELS_MOST = 8_000_000
_HEIGHT_MOST = 16_383
"""WebP allows no more."""

MARK_LENGTH = 10


class Shown(Value, frozen=True):
    """A picture that an entry shows, as far as its pages need to know it."""

    url: str
    """URL within the site of the file under its own name."""

    width: int
    """Width of that file in pixels, of an SVG in CSS pixels."""

    height: int

    mark: str = ""
    """What tells this content from all others, in the names of its sizes; empty where there are
    none: of an SVG, an animation, a file of static/."""


class Candidate(Value, frozen=True):
    """A picture in one width and format."""

    url: str
    format: str
    width: int


def largest(width: int, height: int) -> int:
    """Return the largest width in which a picture of a size is published.

    That is 0 for what is higher than any format allows, however narrow it is made.
    """
    most = min(width, WIDTHS[-1])
    while most and not _fits(width, height, most):
        most = most * 3 // 4
    return most


def widths(width: int, height: int) -> tuple[int, ...]:
    """Return the widths in which a picture of a size is published; none is larger than it is."""
    most = largest(width, height)
    if not most:
        return ()
    return (*(one for one in WIDTHS if one <= most * _WORTH_IT), most)


def scaled(width: int, height: int, to: int) -> tuple[int, int]:
    """Return a size in another width."""
    return to, max(1, round(height * to / width))


def candidates(shown: Shown) -> Iterator[Candidate]:
    """Yield all sizes and formats of a picture, by format, from small to large."""
    if not shown.mark:
        return
    stem = posixpath.splitext(shown.url)[0]
    for name in FORMATS:
        for width in widths(shown.width, shown.height):
            yield Candidate(f"{stem}.{shown.mark}.{width}.{name}", name, width)


def _fits(width: int, height: int, to: int) -> bool:
    _, high = scaled(width, height, to)
    return high <= _HEIGHT_MOST and to * high <= _PIXELS_MOST
