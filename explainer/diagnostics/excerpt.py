"""The line of a file that a finding is about, with a caret below the place.

Content is untrusted. A control character that a terminal would obey, or a mark that turns the
order of letters round, is never shown raw: it is written out as `<U+202E>`.
"""

from __future__ import annotations

import unicodedata

INDENT = "    "
"""What stands before both lines, so that they differ from the findings at a glance."""

LIMIT = 92
"""Columns of a terminal that a source line may fill; longer ones are cut around the caret."""

TAB = 4
"""Tabs are shown as spaces, up to the next multiple of this column."""

CUT = "…"

_INVISIBLE = frozenset(
    {0x061C, 0x200E, 0x200F, 0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A)}
)
"""Marks that change the direction of text or break lines, without being seen themselves."""

_HANGUL_TAIL = range(0x1160, 0x1200)
"""Vowels and finals that join the syllable before them and take no room of their own."""


def visible(text: str) -> str:
    """Write out every character of a text that a terminal would obey instead of show."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_escaped(char) if _is_hidden(char) else char for char in text)


def display_width(char: str) -> int:
    """Return how many columns of a terminal a character fills: 0, 1 or 2."""
    if char.isascii():
        return 1
    if unicodedata.category(char) in ("Mn", "Me", "Cf") or ord(char) in _HANGUL_TAIL:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def excerpt(line: str, column: int, end_column: int) -> tuple[str, str]:
    """Return a source line made fit for a terminal, and the line with the caret below it.

    `column` and `end_column` count characters from 1; an `end_column` of 0 marks one character.
    """
    cells = _cells(line)
    start = min(max(column - 1, 0), len(cells))
    while 0 < start < len(cells) and cells[start][1] == 0:
        start -= 1  # a combining mark is shown on the letter before it
    end = max(min(end_column - 1, len(cells)), start)
    first, last = _window(cells, start)
    before = CUT if first > 0 else ""
    after = CUT if last < len(cells) else ""
    shown = before + "".join(text for text, _ in cells[first:last]) + after
    offset = len(before) + _width(cells[first:start])
    length = max(_width(cells[start : min(end, last)]), 1)
    return INDENT + shown.rstrip(), INDENT + " " * offset + "^" + "~" * (length - 1)


def _cells(line: str) -> list[tuple[str, int]]:
    """Split a line into what is shown for each character, and the columns that it fills."""
    cells: list[tuple[str, int]] = []
    column = 0
    for char in line:
        if char == "\t":
            shown = " " * (TAB - column % TAB)
            cell = (shown, len(shown))
        elif _is_hidden(char):
            shown = _escaped(char)
            cell = (shown, len(shown))
        else:
            cell = (char, display_width(char))
        cells.append(cell)
        column += cell[1]
    return cells


def _window(cells: list[tuple[str, int]], start: int) -> tuple[int, int]:
    """Return the first cell to show, and the one behind the last, so that `start` is in it."""
    if _width(cells) <= LIMIT:
        return 0, len(cells)
    first = last = start
    room = LIMIT - 2 * len(CUT)
    context = room // 3
    while first > 0 and cells[first - 1][1] <= context:
        first -= 1
        context -= cells[first][1]
    room -= _width(cells[first:start])
    while last < len(cells) and cells[last][1] <= room:
        room -= cells[last][1]
        last += 1
    while first > 0 and cells[first - 1][1] <= room:
        first -= 1
        room -= cells[first][1]
    while first < start and cells[first][1] == 0:
        first += 1  # a mark without its letter would join the sign of the cut
    return first, last


def _width(cells: list[tuple[str, int]]) -> int:
    return sum(width for _, width in cells)


def _is_hidden(char: str) -> bool:
    """Tell whether a character is obeyed by a terminal, or belongs to no text at all."""
    return unicodedata.category(char) in ("Cc", "Cs") or ord(char) in _INVISIBLE


def _escaped(char: str) -> str:
    return f"<U+{ord(char):04X}>"
