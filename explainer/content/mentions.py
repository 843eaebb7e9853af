"""Finds the names of topics in prose: whole words, the longest name first."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple

_BREAK = "\0"
"""Stands between two runs of text, so that no name is found across them."""

_UNSPACED = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x2E80, 0x30FF),  # CJK radicals, kana
    (0x3400, 0x9FFF),  # Han
    (0xAC00, 0xD7AF),  # Hangul: particles follow without a space
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)
"""Scripts that write words without spaces between them, as ranges of code points."""


class Name(NamedTuple):
    """A name of a topic."""

    text: str
    slug: str
    is_main: bool
    """Whether it is the topic's own name, not one of its other names."""


class Mention(NamedTuple):
    """A place where a topic is named."""

    run: int
    """Index of the run of text."""

    start: int
    """Index of its first character in the run."""

    end: int
    slug: str


class Matcher:
    """Finds any of many names in one pass."""

    def __init__(self, names: Iterable[Name]) -> None:
        self.slugs = _unambiguous(names)
        """Name as it is looked for -> slug of the topic; names that could mean several are out."""

        self._names = sorted(self.slugs)
        from ahocorasick_rs import AhoCorasick  # a build that finds no mentions does without

        self._automaton = AhoCorasick(self._names) if self._names else None

    def first_mentions(self, runs: Sequence[str], linked: set[str]) -> list[Mention]:
        """Return the first mention of each topic that is not among `linked`, in order.

        Of names that overlap the longest counts, then the first; the others are not looked at,
        so that "New York" inside "New York Times" is never the city.
        """
        if self._automaton is None or not runs:
            return []
        text = _fold(_BREAK.join(runs))
        found = [
            (self._names[pattern], start, end)
            for pattern, start, end in self._automaton.find_matches_as_indexes(
                text, overlapping=True
            )
            if _is_whole(text, start, end)
        ]
        found.sort(key=lambda match: (match[1] - match[2], match[1]))
        taken: list[tuple[str, int, int]] = []
        covered = bytearray(len(text))
        for name, start, end in found:
            # What is taken already is as long or longer, so it covers an end of what it overlaps.
            if not (covered[start] or covered[end - 1]):
                covered[start:end] = b"\1" * (end - start)
                taken.append((name, start, end))
        taken.sort(key=lambda match: match[1])
        return self._placed(runs, taken, set(linked))

    def _placed(
        self, runs: Sequence[str], taken: list[tuple[str, int, int]], linked: set[str]
    ) -> list[Mention]:
        mentions = []
        run, offset = 0, 0
        for name, start, end in taken:
            while start >= offset + len(runs[run]) + len(_BREAK):
                offset += len(runs[run]) + len(_BREAK)
                run += 1
            slug = self.slugs[name]
            if slug not in linked:
                linked.add(slug)
                mentions.append(Mention(run, start - offset, end - offset, slug))
        return mentions


def _fold(text: str) -> str:
    """Put back what typography or a line's end stands in the place of; the length stays."""
    return text.replace("’", "'").replace("\n", " ").replace("\u00a0", " ")


def _unambiguous(names: Iterable[Name]) -> dict[str, str]:
    """Map each name to its topic; a name of several is kept only for the one that owns it."""
    owners: dict[str, set[tuple[bool, str]]] = {}
    for name in names:
        text = _fold(unicodedata.normalize("NFC", name.text)).strip()
        if text:
            owners.setdefault(text, set()).add((name.is_main, name.slug))
    slugs = {}
    for text, found in owners.items():
        main = {slug for is_main, slug in found if is_main}
        candidates = main or {slug for _, slug in found}
        if len(candidates) == 1:
            slugs[text] = candidates.pop()
    return slugs


def _is_whole(text: str, start: int, end: int) -> bool:
    """Tell whether a match is not a part of a longer word."""
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    return not (_joins(before, text[start]) or _joins(text[end - 1], after))


def _joins(one: str, other: str) -> bool:
    """Tell whether two neighbouring characters belong to one word."""
    if unicodedata.category(other)[0] == "M":
        return True
    if not _is_letter(one) or not _is_letter(other):
        return False
    return not (_is_unspaced(one) or _is_unspaced(other))


def _is_letter(char: str) -> bool:
    return char == "_" or unicodedata.category(char)[0] in "LMN"


def _is_unspaced(char: str) -> bool:
    code = ord(char)
    return any(first <= code <= last for first, last in _UNSPACED)
