"""Where each line of a piece of Markdown stands in the author's file.

The prose of a YAML entry is put together from values at many places; a finding in it must still
point at the word in the file.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from functools import cached_property
from itertools import accumulate

import msgspec

from explainer.content.document import Document
from explainer.content.yaml import Scalar
from explainer.diagnostics import Span

_BLANKS = " \t\r\n"
_BLANK_ESCAPES = " \tnrt\n"
"""What stands behind a backslash in double quotes where a blank, or nothing, is meant."""

_ESCAPE = re.compile(r"\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", re.DOTALL)


class Chart:
    """Where each character of a value stands that reads otherwise than it is written.

    It is drawn when a place is first asked for: most values hold nothing that has to be found.
    """

    def __init__(self, span: Span, text: str, written: str, style: str) -> None:
        self.span = span
        self._text = text
        self._written = written
        self._style = style

    @cached_property
    def places(self) -> array[int]:
        """Index of each character of the value in what was written."""
        return _aligned(self._text, self._written, self._style)

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """Index of the first character of each written line."""
        return (0, *(found.end() for found in re.finditer("\n", self._written)))

    def place(self, index: int) -> tuple[int, int]:
        """Return line and column, from 1, of a character of the value."""
        if not self.places:
            return self.span.line, self.span.column
        at = self.places[max(min(index, len(self.places) - 1), 0)]
        row = bisect_right(self.starts, at) - 1
        column = at - self.starts[row] + (self.span.column if row == 0 else 1)
        return self.span.line + row, column


class LineOrigin(msgspec.Struct, frozen=True):
    """Where one line of Markdown stands."""

    line: int
    """Line in the file, from 1."""

    column: int = 0
    """Characters that stand before it on that line."""

    chart: Chart | None = None
    """The value that it is a part of, where that was folded or escaped."""

    start: int = 0
    """Index in that value of the line's first character."""

    fixed: Span | None = None
    """The one place that stands for the whole line, where the line was made from a key."""


class Origins(msgspec.Struct, frozen=True):
    """Where the lines of a piece of Markdown stand in one file."""

    path: str
    lines: tuple[LineOrigin, ...] = ()
    first: int = 0
    """The line of the file at which the text begins that is no YAML value, but stands there as it
    is: its `lines` need no list. Else 0."""

    count: int = 0
    """How many lines such a text has."""

    def span(self, row: int, column: int, length: int) -> Span:
        """Return the place of some characters of line `row` from `column` on (both from 0)."""
        if self.first:
            line = self.first + min(row, self.count - 1)
            return Span(self.path, line, column + 1, column + 1 + length if length else 0)
        if not self.lines:
            return Span(self.path, 1, 1, 0)
        origin = self.lines[min(row, len(self.lines) - 1)]
        if origin.fixed is not None:
            return origin.fixed
        if origin.chart is not None:
            first = origin.start + column
            line, start = origin.chart.place(first)
            last_line, last = origin.chart.place(first + length - 1)
            return Span(self.path, line, start, last + 1 if length and last_line == line else 0)
        start = origin.column + column + 1
        return Span(self.path, origin.line, start, start + length if length else 0)


def prose_origins(document: Document) -> Origins:
    """Return the origins of the prose below a front matter."""
    count = document.prose.count("\n") + 1
    return Origins(document.source.path, (), document.prose_line, count)


def scalar_origins(document: Document, scalar: Scalar) -> Origins:
    """Return the origins of the lines of a YAML value."""
    path, span = document.source.path, scalar.span
    texts = scalar.text.split("\n")
    if scalar.style == "|":
        rows = document.yaml_text[scalar.start : scalar.end].split("\n")[1:]
        pairs = zip(texts, rows, strict=False)
        indent = next((len(row) - len(text) for text, row in pairs if text.strip()), 0)
        lines = tuple(LineOrigin(span.line + 1 + row, indent) for row in range(len(texts)))
        return Origins(path, lines)
    starts = accumulate((len(text) + 1 for text in texts), initial=0)
    return Origins(path, line_origins(document, scalar, scalar.text, tuple(starts)[:-1]))


def line_origins(
    document: Document, scalar: Scalar, text: str, starts: tuple[int, ...]
) -> tuple[LineOrigin, ...]:
    """Return the origins of lines that begin at these indexes of `text`.

    `text` is the value that `scalar` holds, or differs from it in blanks alone.
    """
    span, written = scalar.span, document.yaml_text[scalar.start : scalar.end]
    quote = 1 if scalar.style in ("'", '"') else 0
    if written[quote : len(written) - quote] == text and len(starts) == 1:
        return (LineOrigin(span.line, span.column - 1 + quote + starts[0]),)
    chart = Chart(span, text, written, scalar.style)
    return tuple(LineOrigin(span.line, span.column - 1, chart, start) for start in starts)


def _aligned(text: str, written: str, style: str) -> array[int]:
    """Return the index in `written` of each character of the value `text`.

    Folding changes blanks alone, and quotes add signs: so every visible character is the next
    one that is left when blanks and signs are taken away.
    """
    places = array("L")
    at = {">": written.find("\n") + 1, "'": 1, '"': 1}.get(style, 0)
    for char in text:
        if char in _BLANKS:
            places.append(min(at, len(written) - 1))
            continue
        at, width = _next_visible(written, at, style)
        places.append(min(at, len(written) - 1))
        at += width
    return places


def _next_visible(written: str, at: int, style: str) -> tuple[int, int]:
    """Return where the next visible character is written, and how many signs it takes."""
    while at < len(written):
        if written[at] in _BLANKS:
            at += 1
        elif style == '"' and written[at] == "\\" and (found := _ESCAPE.match(written, at)):
            if found[0][1] not in _BLANK_ESCAPES:
                return at, len(found[0])
            at = found.end()
        else:
            return at, 2 if style == "'" and written.startswith("''", at) else 1
    return at, 1
