"""From a token back to the author's text: where each piece of inline Markdown stands.

markdown-it tells the lines of a block, not the columns of what is in it. So the lines of every
inline token are looked for in the text, in order, each behind what was found before it.
"""

from __future__ import annotations

from bisect import bisect_right
from operator import attrgetter

import msgspec
from markdown_it.helpers import parseLinkDestination
from markdown_it.token import Token

from explainer.content.origins import Origins
from explainer.diagnostics import Span


class _Line(msgspec.Struct, frozen=True):
    """Where one line of a token's content stands."""

    start: int
    """Index of its first character in the content."""

    row: int
    """Line of the text, from 0."""

    column: int
    """Characters before it on that line; -1 where it was not found."""

    pipes: str
    """The line itself where it stands in a table and has pipes, each written as two signs."""


_start = attrgetter("start")


class Places:
    """Where the inline tokens of one piece of Markdown stand."""

    def __init__(self, text: str, origins: Origins) -> None:
        self.origins = origins
        self._rows = text.split("\n")
        self._cursor: dict[int, int] = {}
        self._found: dict[int, tuple[_Line, ...]] = {}
        self._note = (0, 0)

    def find(self, token: Token) -> None:
        """Find an inline token; to be called once for each, in the order of the text."""
        lines = written(token).split("\n")
        if token.map is None:
            place = self._next_note(lines[0])
            self._found[id(token)] = self._below(lines, *place) if place else ()
            return
        if len(lines) == 1:
            self._found[id(token)] = (self._line(0, token.map[0], lines[0]),)
            return
        found = []
        start = 0
        for row, line in enumerate(lines, token.map[0]):
            found.append(self._line(start, row, line))
            start += len(line) + 1
        self._found[id(token)] = tuple(found)

    def find_caption(self, token: Token, parent: Token, offset: int) -> None:
        """Find the title of a picture whose destination stands at `offset` of `parent`."""
        lines = written(token).split("\n")
        place = self._place(parent, offset)
        if place is None or parent.map is None:
            return
        first, behind = place
        for row in range(first, min(parent.map[1], len(self._rows))):
            if (at := self._rows[row].find(lines[0], behind)) >= 0:
                self._found[id(token)] = self._below(lines, row, at)
                return
            behind = 0

    def span(self, token: Token, start: int, end: int) -> Span:
        """Return the place of the characters from `start` to `end` of a token's content."""
        place = self._place(token, start)
        if place is None:
            return self.origins.span(token.map[0] if token.map else 0, 0, 0)
        return self.origins.span(*place, max(end - start, 0))

    def definition(self, first: int, last: int) -> Span:
        """Return the place of the destination in the definition of a link (`[label]: …`)."""
        is_behind_label = False
        for row in range(first, min(last, len(self._rows))):
            line, start = self._rows[row], 0
            if not is_behind_label:
                start = line.find("]:") + len("]:")
                if start < len("]:"):
                    continue
                is_behind_label = True
            while start < len(line) and line[start] in (" \t>" if row > first else " \t"):
                start += 1
            if start < len(line):
                found = parseLinkDestination(line, start, len(line))
                bracket = line[start] == "<"
                length = found.pos - start - 2 * bracket if found.ok else 0
                return self.origins.span(row, start + bracket, length)
        return self.origins.span(first, 0, 0)

    # -- helpers -----------------------------------------------------------------------------

    def _place(self, token: Token, offset: int) -> tuple[int, int] | None:
        """Return row and column, from 0, of a character of a token's content."""
        lines = self._found.get(id(token), ())
        index = bisect_right(lines, offset, key=_start) - 1
        if index < 0 or lines[index].column < 0:
            return None
        line = lines[index]
        inside = offset - line.start
        return line.row, line.column + inside + line.pipes.count("|", 0, inside)

    def _line(self, start: int, row: int, line: str) -> _Line:
        """Find a line that stands behind what was found before it on its row."""
        column, pipes = self._column(row, line, self._cursor.get(row, 0))
        if column >= 0:
            self._cursor[row] = column + len(line) + pipes.count("|")
        return _Line(start, row, column, pipes)

    def _below(self, lines: list[str], row: int, column: int) -> tuple[_Line, ...]:
        """Return where lines stand of which the first was found."""
        found = [_Line(0, row, column, "")]
        start = len(lines[0]) + 1
        for number, line in enumerate(lines[1:], row + 1):
            found.append(_Line(start, number, *self._column(number, line, 0)))
            start += len(line) + 1
        return tuple(found)

    def _column(self, row: int, line: str, behind: int) -> tuple[int, str]:
        """Return where a line begins in a row, and the line itself where its pipes are escaped."""
        if row >= len(self._rows):
            return -1, ""
        column = self._rows[row].find(line, behind)
        if column < 0 and "|" in line:
            return self._rows[row].find(line.replace("|", "\\|"), behind), line
        return column, ""

    def _next_note(self, line: str) -> tuple[int, int] | None:
        """Return where the next footnote that is written inside a paragraph begins."""
        row, behind = self._note
        while row < len(self._rows):
            if (at := self._rows[row].find(f"^[{line}", behind)) >= 0:
                self._note = (row, at + 1)
                return row, at + len("^[")
            row, behind = row + 1, 0
        self._note = (row, 0)
        return None


def written(token: Token) -> str:
    """Return the content of an inline token as the author wrote it."""
    return str(token.meta.get("written", token.content))
