"""Where each line of a piece of Markdown stands in the author's file.

The prose of a YAML entry is put together from values at many places; a finding in it must still
point at the word in the file.
"""

from __future__ import annotations

from dataclasses import dataclass

from explainer.content.document import Document
from explainer.content.yaml import Scalar
from explainer.diagnostics import Span


@dataclass(frozen=True, slots=True)
class LineOrigin:
    """Where one line of Markdown stands."""

    line: int
    """Line in the file, from 1."""

    column: int = 0
    """Characters that stand before it on that line."""

    written: str = ""
    """The value as written, where it was folded or escaped: places in it are searched."""

    fixed: Span | None = None
    """The one place that stands for the whole line, where the line was made from a key."""


@dataclass(frozen=True, slots=True)
class Origins:
    """Where the lines of a piece of Markdown stand in one file."""

    path: str
    lines: tuple[LineOrigin, ...]

    def span(self, row: int, column: int, raw: str = "") -> Span:
        """Return the place of the text `raw`, found in line `row` at `column` (both from 0)."""
        if not self.lines:
            return Span(self.path, 1, 1, 0)
        origin = self.lines[min(row, len(self.lines) - 1)]
        if origin.fixed is not None:
            return origin.fixed
        if origin.written:
            return self._searched(origin, raw)
        start = origin.column + column + 1
        return Span(self.path, origin.line, start, start + len(raw) if raw else 0)

    def _searched(self, origin: LineOrigin, raw: str) -> Span:
        found = origin.written.find(raw) if raw else -1
        if found < 0:
            return Span(self.path, origin.line, origin.column + 1, 0)
        before = origin.written[:found]
        line = origin.line + before.count("\n")
        column = found - before.rfind("\n") if "\n" in before else origin.column + found + 1
        return Span(self.path, line, column, column + len(raw))


def prose_origins(document: Document) -> Origins:
    """Return the origins of the prose below a front matter."""
    count = document.prose.count("\n") + 1
    lines = tuple(LineOrigin(document.prose_line + row) for row in range(count))
    return Origins(document.source.path, lines)


def scalar_origins(document: Document, scalar: Scalar) -> Origins:
    """Return the origins of the lines of a YAML value."""
    path, span = document.source.path, scalar.span
    written = document.yaml_text[scalar.start : scalar.end]
    count = scalar.text.count("\n") + 1
    if scalar.style == "|":
        indent = _indent(written)
        lines = tuple(LineOrigin(span.line + 1 + row, indent) for row in range(count))
        return Origins(path, lines)
    inner = written[1:-1] if scalar.style in ("'", '"') else written
    if inner == scalar.text:
        shift = span.column - 1 + (1 if scalar.style in ("'", '"') else 0)
        return Origins(path, (LineOrigin(span.line, shift),))
    origin = LineOrigin(span.line, span.column - 1, written)
    return Origins(path, (origin,) * count)


def _indent(written: str) -> int:
    """Return how far the lines of a literal block are indented."""
    header, _, block = written.partition("\n")
    lines = [line for line in block.split("\n") if line.strip()]
    if not lines:
        return 0
    if any(char.isdigit() for char in header.split("#")[0]):
        return min(len(line) - len(line.lstrip(" ")) for line in lines)
    return len(lines[0]) - len(lines[0].lstrip(" "))
