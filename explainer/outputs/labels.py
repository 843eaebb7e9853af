"""Labels of drawings: text broken into lines before any browser has measured it.

Widths are those of a wide sans-serif face, and for what it does not have estimates on the wide
side: what is taken for too wide leaves air, what is taken for too narrow runs into its neighbour.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_GROUPS = {
    "'ijlı": 0.28,
    "IJ .,‘’": 0.32,
    "/:;\\|f-": 0.36,
    "()[]t!r": 0.41,
    '"*_`–': 0.5,
    "sz?“”": 0.53,
    "cL": 0.56,
    "Fk": 0.58,
    "vxyPTYaoe": 0.62,
    "ESbdghnpqu$0123456789{}": 0.64,
    "KAVBRXZC": 0.7,
    "UHNDG&": 0.77,
    "OQw": 0.82,
    "#+<=>^~M": 0.86,
    "%mÆæ": 0.98,
    "W@—…œŒ": 1.04,
}
_WIDTHS = {letter: width for letters, width in _GROUPS.items() for letter in letters}
"""Letter -> its width in DejaVu Sans, the widest face that readers are likely to have."""

_CLOSING = frozenset("、。，．：；？！）］｝」』】〉》〕”’ー々ゝっッャュョゃゅょ·・")
"""Characters with which no line begins."""

_STUMP = 4
"""Letters that are too few to stand for a word that is cut off."""

_JOINER = "\u200d"


def width_of(text: str) -> float:
    """Return about how wide a text is, as a multiple of its font size."""
    return sum(map(_width, text))


@lru_cache(maxsize=4096)
def _width(character: str) -> float:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0.0
    if unicodedata.east_asian_width(character) in ("W", "F"):
        return 1.04
    # Letters of other scripts come from fonts that we do not know; some are broad.
    return _WIDTHS.get(unicodedata.normalize("NFD", character)[0], 0.85)


def lines_of(text: str, width: float, most: int) -> tuple[str, ...]:
    """Return a text in at most so many lines, none wider than `width` (in font sizes).

    Lines end between words; where Chinese or Japanese is written, between any two characters. What
    finds no room is cut off with an ellipsis. One behind the other the lines are the text, or its
    beginning: a blank between two words stays at the end of its line.
    """
    lines: list[str] = []
    pieces = list(_pieces(" ".join(text.split())))
    while pieces:
        line = pieces.pop(0)
        while pieces and width_of((line + pieces[0]).rstrip()) <= width:
            line += pieces.pop(0)
        if width_of(line.rstrip()) > width or (pieces and len(lines) == most - 1):
            lines.append(_cut(line + "".join(pieces), width))
            break
        lines.append(line)
    return tuple(lines)


def _pieces(text: str) -> Iterator[str]:
    """Yield the parts of a text behind which a line may end."""
    piece = ""
    for before, character in zip(" " + text, text, strict=False):
        if piece and _may_break(before, character):
            yield piece
            piece = ""
        piece += character
    if piece:
        yield piece


def _may_break(before: str, character: str) -> bool:
    if character == " " or _is_attached(before, character):
        return False
    if before in " -/":
        return True
    wide = ("W", "F")
    return character not in _CLOSING and (
        unicodedata.east_asian_width(character) in wide
        or unicodedata.east_asian_width(before) in wide
    )


def _is_attached(before: str, character: str) -> bool:
    """Tell whether a character is one sign together with the one before it."""
    marks = ("Mn", "Mc", "Me", "Cf")
    return unicodedata.category(character) in marks or before == _JOINER


def _cut(line: str, width: float) -> str:
    """Return the beginning of a line that is too long, as far as there is room."""
    kept = ""
    for before, character in zip(" " + line, line, strict=False):
        if width_of(kept + character) + _width("…") > width and not _is_attached(before, character):
            break
        kept += character
    head, blank, tail = kept.rpartition(" ")
    if blank and len(tail) < _STUMP:
        kept = head
    return f"{kept.rstrip(' -–—,.:;、，')}…"
