"""Titles in pictures: how a text is broken into lines, and the outlines of these lines.

SVG has no paragraphs, and the fonts of the machine must not show in a picture. So a text is
measured, broken and shaped here, and stands in the SVG as outlines. A letter that no font has is
left out and told of: there are no boxes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from markupsafe import Markup

from explainer.theme.bidi import is_rtl, levels, visual_order
from explainer.theme.fonts import Font, Fonts, Shaped

_SPACES = re.compile(r"[\s\u200b]+")
_HARD = "\u00a0\u2007\u202f"
"""Spaces at which no line ends."""

_SOFT_HYPHEN = "\u00ad"
_JOINERS = "\u200d\u2060\ufeff"
_NOT_FIRST = frozenset(
    "、。，．・：；？！）］｝〕〉》」』】〙〗〟’”»›)]}!?:;,.…‥%‰℃゛゜ヽヾゝゞ々〻ー～—–-‐"
    "ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ％"
)
"""Characters with which no line of Chinese or Japanese begins."""

_NOT_LAST = frozenset("（［｛〔〈《「『【〘〖〝‘“«‹([{$£¥€＄￡￥#＃")
"""Characters with which none ends."""

_BREAK_BEHIND = frozenset("-‐–—/")
_DASHES = frozenset("-–—")
_ENOUGH = 0.004
"""Part of a line's width by which a balanced line may miss the narrowest."""

_SIDES = {"left": 0.0, "middle": 0.5, "right": 1.0}
"""Sides of a box -> how much of the room beside a line is before it."""

_TIGHT = 0.8
"""Leading of lines that are set solid: part of the height of the tallest font."""


class Piece(NamedTuple):
    """A part of a text within which no line ends, unless it is longer than a line."""

    text: str
    glue: str
    """What stands behind it if no line ends there: a space, or nothing."""

    mark: str = ""
    """What stands behind it if a line ends there: the hyphen of a soft hyphen."""


def pieces_of(text: str) -> list[Piece]:
    """Cut a text up at all places where a line may end."""
    found: list[Piece] = []
    start = 0
    for gap in _SPACES.finditer(text):
        if any(one in _HARD for one in gap[0]):
            continue
        glue = "" if set(gap[0]) == {"\u200b"} else " "
        found += _unspaced(text[start : gap.start()], glue)
        start = gap.end()
    found += _unspaced(text[start:], "")
    return _with_dashes(found)


def _with_dashes(pieces: list[Piece]) -> list[Piece]:
    """Bind dashes between spaces to what stands before them: no line begins with one."""
    found: list[Piece] = []
    for piece in pieces:
        if found and found[-1].glue and piece.text in _DASHES:
            before = found.pop()
            found.append(Piece(f"{before.text}\u00a0{piece.text}", piece.glue, piece.mark))
        else:
            found.append(piece)
    return found


def _unspaced(text: str, glue: str) -> Iterator[Piece]:
    """Cut up a text without spaces."""
    start = 0
    for place in range(1, len(text)):
        if text[place - 1] == _SOFT_HYPHEN:
            yield Piece(text[start : place - 1], "", "-")
            start = place
        elif _may_break(text, place):
            yield Piece(text[start:place], "")
            start = place
    rest = text[start:].rstrip(_SOFT_HYPHEN)
    if rest:
        yield Piece(rest, glue)


def _may_break(text: str, place: int) -> bool:
    """Tell whether a line may end before a place in a text without spaces."""
    before, behind = text[place - 1], text[place]
    if _is_bound(before, behind) or behind in _NOT_FIRST or before in _NOT_LAST:
        return False
    if _is_ideographic(before) or _is_ideographic(behind):
        return True
    hyphened = before in _BREAK_BEHIND and place > 1 and text[place - 2].isalpha()
    return hyphened and behind.isalpha()


def _is_bound(before: str, behind: str) -> bool:
    """Tell whether two characters are parts of one letter."""
    return (
        before in _JOINERS or behind in _JOINERS
        or unicodedata.category(behind) in ("Mn", "Mc", "Me")
        or "\U0001f3fb" <= behind <= "\U0001f3ff"
    )  # fmt: skip


@lru_cache(maxsize=4096)
def _is_ideographic(character: str) -> bool:
    """Tell whether a character is of a script whose lines may end at any letter.

    Hangul is not: Korean puts spaces between words.
    """
    code = ord(character)
    return (
        0x2E80 <= code <= 0x312F or 0x31A0 <= code <= 0x4DBF or 0x4E00 <= code <= 0xA4CF
        or 0xF900 <= code <= 0xFAFF or 0xFF01 <= code <= 0xFF60 or 0x20000 <= code <= 0x3FFFF
    )  # fmt: skip


def letters_of(text: str) -> list[str]:
    """Cut a text up into letters with all that belongs to them."""
    found: list[str] = []
    for character in text:
        if found and _is_bound(found[-1][-1], character):
            found[-1] += character
        else:
            found.append(character)
    return found


# -- lines ---------------------------------------------------------------------------------------

Measure = Callable[[str], float]
"""Returns the width of a text in ems."""


def wrap(pieces: Sequence[Piece], width: float, measure: Measure) -> list[str]:
    """Break a text into lines of some width; a piece that is longer is broken where it must be."""
    lines: list[str] = []
    line, used, behind, mark = "", 0.0, "", ""
    for piece in pieces:
        more = measure(behind) + measure(piece.text)
        # Where a line ends with a hyphen, there must be room for it.
        if line and used + more + measure(piece.mark) > width:
            lines.append(line + mark)
            line, used, behind, more = "", 0.0, "", measure(piece.text)
        *full, rest = _broken(piece.text, width, measure) if more > width else [piece.text]
        lines += full
        line = rest if full else line + behind + rest
        used = measure(rest) if full else used + more
        behind, mark = piece.glue, piece.mark
    return [*lines, line] if line else lines


def _broken(text: str, width: float, measure: Measure) -> list[str]:
    """Break a single piece at letters."""
    found = [""]
    for letter in letters_of(text):
        if found[-1] and measure(found[-1] + letter) > width:
            found.append("")
        found[-1] += letter
    return found


def balanced(pieces: Sequence[Piece], width: float, measure: Measure) -> list[str]:
    """Break a text into as few lines as there must be, which are of much the same width."""
    best = wrap(pieces, width, measure)
    if len(best) < 2:
        return best
    widest = max(measure(piece.text + piece.mark) for piece in pieces)
    low, high = min(width, max(width / len(best) / 2, widest)), width
    while high - low > _ENOUGH * width:
        middle = (low + high) / 2
        found = wrap(pieces, middle, measure)
        if len(found) > len(best):
            low = middle
        else:
            best, high = found, middle
    return best


def cut(line: str, width: float, ellipsis: str, measure: Measure) -> str:
    """Shorten a line until an ellipsis fits behind it."""
    letters = letters_of(line)
    while letters and measure("".join(letters).rstrip() + ellipsis) > width:
        letters.pop()
    return "".join(letters).rstrip(" -–—,;:、，。") + ellipsis


# -- setting -------------------------------------------------------------------------------------


class Run(NamedTuple):
    """A part of a line in one font and one direction."""

    font: Font
    shaped: Shaped


class Line(NamedTuple):
    """A line as it is drawn: its runs from left to right, and its width in ems."""

    runs: tuple[Run, ...]
    width: float


@dataclass(frozen=True, slots=True)
class Block:
    """A text that was fitted into a box; lengths are in pixels of the picture."""

    lines: tuple[Line, ...]
    size: float
    """Size of the letters."""

    leading: float
    """From one baseline to the next."""

    width: float
    """Width of the box."""

    direction: str
    """`ltr` or `rtl`: on which side its lines begin."""

    @property
    def height(self) -> float:
        """From the first baseline to the last."""
        return self.leading * max(0, len(self.lines) - 1)

    @property
    def widest(self) -> float:
        """Width of the longest line."""
        return max((line.width for line in self.lines), default=0.0) * self.size

    def at(self, x: float, y: float, side: str = "") -> Markup:
        """Return the outlines; `x` is the left edge of the box, `y` the first baseline.

        Lines stand at the `left` or `right` side or in the `middle`; if nothing is said, at the
        side where their direction begins.
        """
        side = side or ("right" if self.direction == "rtl" else "left")
        if side not in _SIDES:
            raise LookupError(f'there is no side "{side}"')
        parts: list[str] = []
        for number, line in enumerate(self.lines):
            left = x + (self.width - line.width * self.size) * _SIDES[side]
            parts += _drawn(line, left, y + number * self.leading, self.size)
        return Markup("\n".join(parts))


def _drawn(line: Line, x: float, y: float, size: float) -> Iterator[str]:
    """Yield an SVG element for each run of a line."""
    for font, shaped in line.runs:
        scale = size / font.units
        outlines = [
            f'<path transform="translate({glyph.x} {glyph.y})" d="{data}"/>'
            for glyph in shaped.glyphs
            if (data := font.outline(glyph.number))
        ]
        if outlines:
            place = f"translate({x:.2f} {y:.2f}) scale({scale:.6f} {-scale:.6f})"
            yield f'<g transform="{place}">{"".join(outlines)}</g>'
        x += shaped.width * scale


class Setter:
    """Sets the texts of one picture, and remembers for which letters there is no font."""

    def __init__(self, fonts: Fonts, language: str) -> None:
        self._fonts = fonts
        self._language = language
        self.missing: dict[str, None] = {}
        """Characters that had to be left out, in order."""

    def fit(
        self,
        text: str,
        *,
        font: str,
        width: float,
        sizes: Sequence[float],
        lines: int = 1,
        height: float = 0,
        leading: float = 1.15,
        direction: str = "",
    ) -> Block:
        """Fit a text into a box in the largest of some sizes that needs no more than some lines.

        `height` is the room from the first baseline to the last, 0 for as much as there must be.
        A text that is too long in the smallest size as well ends with an ellipsis. Without a
        `direction`, the first letter decides.
        """
        fonts = self._fonts.led_by(font, self._language)
        shown = self._shown(str(text).strip(), fonts)
        rtl = direction == "rtl" or is_rtl(shown)
        found: list[Line] = []
        size = between = 0.0
        pieces = pieces_of(shown)
        if pieces and sizes:
            setting = _Setting(_ranked(shown, fonts), rtl, self._language)
            leading = max(leading, _TIGHT * max(one.height for one in setting.fonts_of(shown)))
            box = _Box(width, height, lines, leading)
            found, size = setting.in_box(pieces, box, sizes)
            between = size * leading
        return Block(tuple(found), size, between, width, "rtl" if rtl else "ltr")

    def _shown(self, text: str, fonts: Sequence[Font]) -> str:
        """Return a text without the characters that no font has, and note these."""
        kept = []
        for letter in letters_of(text):
            found = [self._found(character, fonts) for character in letter]
            # What belongs to a letter goes with it: a joiner, a selector.
            if found[0] or is_unseen(letter[0]):
                kept += found
        shown = "".join(kept)
        return re.sub(" +", " ", shown).strip() if self.missing else shown

    def _found(self, character: str, fonts: Sequence[Font]) -> str:
        """Return what stands for a character; nothing where there is no font for it."""
        for one in (character, _LIKE.get(character, "")):
            if one and (is_unseen(one) or any(font.has(one) for font in fonts)):
                return one
        self.missing[character] = None
        return ""


_LIKE = {"\u2011": "-", "\u2010": "-", "\u00a0": " ", "\u202f": " ", "\u2007": " ", "\u3000": " ",
         "\u2212": "-", "\u02bc": "'", "\u2032": "'", "\u2033": '"'}  # fmt: skip
"""Characters that look like others, which stand in for them where a font lacks them."""


def is_unseen(character: str) -> bool:
    """Tell whether a character needs no shape: a mark of direction, a joiner, a selector."""
    return (
        unicodedata.category(character) in ("Cf", "Zl", "Zp") or character.isspace()
        or "\ufe00" <= character <= "\ufe0f"
    )  # fmt: skip


def is_symbol(character: str) -> bool:
    """Tell whether a character is an ornament without which a title can be read: an emoji."""
    category = unicodedata.category(character)
    return category[0] in "SC" or category == "Me"


class _Box(NamedTuple):
    """Room for a text, in pixels."""

    width: float
    height: float
    lines: int
    leading: float
    """From one baseline to the next, as part of the size of the letters."""

    def most(self, size: float) -> int:
        """Return how many lines of a size there is room for."""
        if not self.height:
            return self.lines
        return max(1, min(self.lines, int(self.height / size / self.leading + 1e-6) + 1))


def _ranked(text: str, fonts: Sequence[Font]) -> tuple[Font, ...]:
    """Put the first font that has all of a text before the others: so it is of one piece.

    Where none has, the first stays, and of the others those come first that have most of the rest.
    """
    seen = {character for character in text if not is_unseen(character)}
    for font in fonts:
        if all(font.has(character) for character in seen):
            return (font, *(one for one in fonts if one is not font))
    rest = {character for character in seen if not fonts[0].has(character)}
    others = sorted(fonts[1:], key=lambda font: -sum(font.has(one) for one in rest))
    return (fonts[0], *others)


def _widest(lines: Sequence[Line]) -> float:
    return max(line.width for line in lines)


class _Setting:
    """How texts of one block are set."""

    def __init__(self, fonts: Sequence[Font], rtl: bool, language: str) -> None:
        self._fonts = fonts
        self._rtl = rtl
        self._language = language
        self._widths: dict[str, float] = {"": 0.0}

    def in_box(
        self, pieces: Sequence[Piece], box: _Box, sizes: Sequence[float]
    ) -> tuple[list[Line], float]:
        """Return the lines of a text in the largest size for which there is room, and that size."""
        longest = max(self.measure(piece.text + piece.mark) for piece in pieces)
        *larger, smallest = sorted(sizes, reverse=True)
        for size in larger:
            room = box.width / size
            if longest > room:
                continue  # rather smaller than with a word in two
            lines = [self.line(one) for one in balanced(pieces, room, self.measure)]
            if len(lines) <= box.most(size) and _widest(lines) <= room:
                return lines, size
        room, most = box.width / smallest, box.most(smallest)
        texts = balanced(pieces, room, self.measure)
        if len(texts) > most:
            texts = wrap(pieces, room, self.measure)[:most]
            texts[-1] = cut(texts[-1], room, self._ellipsis, self.measure)
        lines = [self.line(one) for one in texts]
        # The parts of a line may be narrower than the whole; then nothing but this one gives way.
        return lines, min(smallest, box.width / max(_widest(lines), 1e-6))

    @property
    def _ellipsis(self) -> str:
        """Return what stands for the rest of a text."""
        return "…" if any(font.has("…") for font in self._fonts) else "..."

    def fonts_of(self, text: str) -> list[Font]:
        """Return the font of each character."""
        found: list[Font] = []
        for character in text:
            before = found[-1] if found else self._fonts[0]
            if is_unseen(character) and not (character.isspace() and not before.has(character)):
                found.append(before)
            elif not character.isalpha() and before.has(character):
                found.append(before)  # signs go with what they stand behind
            else:
                have = (font for font in self._fonts if font.has(character))
                found.append(next(have, before))
        return found

    def measure(self, text: str) -> float:
        """Return the width of a text in ems."""
        width = self._widths.get(text)
        if width is None:
            width = self._widths[text] = self.line(text).width
        return width

    def line(self, text: str) -> Line:
        """Shape a line."""
        text = text.replace("\u200b", "")
        fonts = self.fonts_of(text)
        places = zip(levels(text, rtl=self._rtl), fonts, strict=True)
        runs, sorts, place = [], [], 0
        for (level, font), group in groupby(places, key=lambda one: (one[0], one[1])):
            end = place + len(list(group))
            rtl = level % 2 == 1
            shaped = font.shape(text[place:end], rtl=rtl, language=self._language)
            runs.append(Run(font, shaped))
            sorts.append(level)
            place = end
        order = visual_order(sorts)
        width = sum(run.shaped.width / run.font.units for run in runs)
        return Line(tuple(runs[number] for number in order), width)
