"""The order in which a line of mixed directions is read: the Unicode Bidirectional Algorithm.

Titles have no embeddings, so the rules for these (X1 to X8) are left out and their characters
count as nothing; the rest is UAX 9 with its brackets.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import takewhile

_IGNORED = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI", "BN"})
_NEUTRAL = frozenset({"B", "S", "WS", "ON"})
_BRACKETS = dict(zip("([{«‹⟨〈《「『【〔（［｛", ")]}»›⟩〉》」』】〕）］｝", strict=True))
"""Pairs that are read as one; guillemets among them, which the standard leaves to chance."""


def is_rtl(text: str) -> bool:
    """Tell whether the first letter of a text belongs to a script from right to left."""
    for character in text:
        sort = unicodedata.bidirectional(character)
        if sort in ("R", "AL"):
            return True
        if sort == "L":
            return False
    return False


def levels(text: str, *, rtl: bool) -> list[int]:
    """Return the level of each character in a line: odd ones run from right to left."""
    base = "R" if rtl else "L"
    sorts = [unicodedata.bidirectional(character) or "L" for character in text]
    if not rtl and not any(sort in ("R", "AL", "AN", "RLE", "RLO", "RLI") for sort in sorts):
        return [0] * len(text)
    _weak(sorts, base)
    _brackets(text, sorts, base)
    _neutral(sorts, base)
    found = []
    for sort in sorts:
        if rtl:
            found.append(1 if sort == "R" else 2)
        else:
            found.append({"L": 0, "R": 1}.get(sort, 2))
    for place in range(len(text) - 1, -1, -1):  # L1: white space at the end
        if not text[place].isspace():
            break
        found[place] = int(rtl)
    return found


def _weak(sorts: list[str], base: str) -> None:
    """Resolve marks and numbers (W1 to W7)."""
    before = strong = base
    for place, written in enumerate(sorts):
        sort = before if written == "NSM" or written in _IGNORED else written  # W1
        if sort == "EN" and strong == "AL":
            sort = "AN"  # W2
        if sort in ("L", "R", "AL"):
            strong = sort
        sorts[place] = before = sort
    sorts[:] = ["R" if sort == "AL" else sort for sort in sorts]  # W3
    _separators(sorts)
    strong = base
    for place, sort in enumerate(sorts):
        if sort in ("ES", "ET", "CS"):
            sorts[place] = "ON"  # W6
        elif sort in ("L", "R"):
            strong = sort
        elif sort == "EN" and strong == "L":
            sorts[place] = "L"  # W7


def _separators(sorts: list[str]) -> None:
    """Let what stands in numbers and at them be part of them (W4, W5)."""
    for place in range(1, len(sorts) - 1):
        one, sort, other = sorts[place - 1 : place + 2]
        joined = {"ES": ("EN",), "CS": ("EN", "AN")}.get(sort, ())
        if one == other and one in joined:
            sorts[place] = one
    for order in (range(len(sorts)), range(len(sorts) - 1, -1, -1)):
        near = ""
        for place in order:
            if sorts[place] == "ET" and near == "EN":
                sorts[place] = "EN"
            near = sorts[place]


def _direction(sort: str) -> str:
    """Return the direction for which a sort counts beside neutral ones; empty for none."""
    return "R" if sort in ("R", "EN", "AN") else "L" if sort == "L" else ""


def _brackets(text: str, sorts: list[str], base: str) -> None:
    """Give both brackets of a pair one direction (N0)."""
    pairs, open_ones = [], []
    for place, character in enumerate(text):
        if sorts[place] != "ON":
            continue
        if character in _BRACKETS:
            open_ones.append((_BRACKETS[character], place))
        else:
            for number in range(len(open_ones) - 1, -1, -1):
                if open_ones[number][0] == character:
                    pairs.append((open_ones[number][1], place))
                    del open_ones[number:]
                    break
    for start, end in sorted(pairs):
        inside = {_direction(sort) for sort in sorts[start + 1 : end]} - {""}
        if base in inside:
            found = base
        elif inside:
            earlier = (_direction(sort) for sort in reversed(sorts[:start]))
            context = next((one for one in earlier if one), base)
            found = context if context in inside else base
        else:
            continue
        for bracket in (start, end):
            marks = takewhile(_is_mark, text[bracket + 1 :])
            behind = bracket + 1 + sum(1 for _ in marks)
            sorts[bracket:behind] = [found] * (behind - bracket)


def _is_mark(character: str) -> bool:
    return unicodedata.bidirectional(character) == "NSM"


def _neutral(sorts: list[str], base: str) -> None:
    """Give neutral ones their neighbours' direction, if these agree, else the line's (N1, N2)."""
    place = 0
    while place < len(sorts):
        end = place
        while end < len(sorts) and sorts[end] in _NEUTRAL:
            end += 1
        if end > place:
            before = _direction(sorts[place - 1]) if place else base
            behind = _direction(sorts[end]) if end < len(sorts) else base
            sorts[place:end] = [before if before == behind else base] * (end - place)
        place = max(end, place + 1)


def visual_order(found: Sequence[int]) -> list[int]:
    """Return in which order runs with some levels stand from left to right (L2)."""
    order = list(range(len(found)))
    for level in range(max(found, default=0), 0, -1):
        place = 0
        while place < len(order):
            end = place
            while end < len(order) and found[order[end]] >= level:
                end += 1
            order[place:end] = reversed(order[place:end])
            place = max(end, place + 1)
    return order
