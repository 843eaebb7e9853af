"""Strict YAML with positions.

The tree is built from libyaml's events in one pass with a stack of its own: libyaml's composer
crashes on deep nesting, drops duplicate keys silently and expands aliases. Scalars keep what was
written; the schema decides what type is wanted, so `NO`, `010` and `12:30` stay what they are.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Any

import msgspec
import yaml

from explainer.diagnostics import Findings, Span

MAX_DEPTH = 50
MAX_NODES = 100_000
"""Values in one file: a guard of time and memory against crafted input."""

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff\ud800-\udfff]")
"""Characters that neither YAML nor a feed may carry."""

_ODD_BREAKS = re.compile("[\r\x85\u2028\u2029\ufeff]")
"""Characters in which libyaml counts lines or columns otherwise than we do."""

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_PROBLEMS = {
    "mapping values are not allowed in this context": (
        "a colon and a space inside a value",
        "put the whole value in quotes",
    ),
    "did not find expected key": (
        "a key was expected here",
        "look at the indentation and at quotes inside the value above",
    ),
    "could not find expected ':'": ("a key needs a colon behind it", ""),
    "found character that cannot start any token": (
        "this character cannot start a value",
        "put the value in quotes; indent with spaces, not tabs",
    ),
    "found unexpected end of stream": ("a quote or bracket is not closed", ""),
    "did not find expected ',' or ']'": ("a list in [ ] is not closed or lacks a comma", ""),
    "did not find expected ',' or '}'": ("a map in { } is not closed or lacks a comma", ""),
    "did not find expected alphabetic or numeric character": (
        "a value that starts with * or & needs quotes",
        "put the whole value in quotes",
    ),
    "mapping keys are not allowed in this context": (
        "a value that starts with ? needs quotes",
        "put the whole value in quotes",
    ),
    "block sequence entries are not allowed in this context": (
        "a list cannot start here",
        "begin the list on a line of its own",
    ),
    "found undefined tag handle": ("tags (!) are not allowed", "put the value in quotes"),
}
_LEFT_OPEN = frozenset(
    {
        "found unexpected end of stream",
        "did not find expected ',' or ']'",
        "did not find expected ',' or '}'",
    }
)
"""Problems whose cause is a quote or bracket that opens before the place that libyaml names."""

_WORD = re.compile(r"\S*")


class Scalar(msgspec.Struct, frozen=True):
    """A single value, as it was written."""

    text: str
    plain: bool
    """Whether it stands without quotes and not as a block."""

    span: Span
    start: int
    """Index of its first character in the YAML text."""

    end: int
    """Index behind its last character."""

    style: str
    """`|`, `>`, a quote, or empty."""

    @property
    def is_null(self) -> bool:
        """Whether nothing stands there."""
        return self.plain and self.text in ("", "~", "null")


class Sequence(msgspec.Struct, frozen=True):
    """A list of values."""

    items: tuple[Node, ...]
    span: Span


class Mapping(msgspec.Struct, frozen=True):
    """Keys and their values, in order; no key twice."""

    pairs: tuple[tuple[Scalar, Node], ...]
    span: Span

    def get(self, key: str) -> Node | None:
        """Return the value of a key."""
        for name, value in self.pairs:
            if name.text == key:
                return value
        return None


Node = Scalar | Sequence | Mapping


class _Refused(Exception):
    """Parsing cannot go on; the finding is already recorded."""


class _Open:
    """A list or map whose end has not come yet."""

    __slots__ = ("is_mapping", "nodes", "span")

    def __init__(self, span: Span, is_mapping: bool) -> None:
        self.span = span
        self.is_mapping = is_mapping
        self.nodes: list[Node] = []


def parse_yaml(text: str, path: str, first_line: int, findings: Findings) -> Node | None:
    """Read one YAML document that begins at line `first_line` of the file `path`.

    Returns None where the text is empty, or was refused with a finding.
    """
    try:
        return _Builder(text, path, first_line, findings).build()
    except _Refused:
        return None
    except yaml.MarkedYAMLError as error:
        mark = _place(error)
        problem = str(error.problem or error.context or "not valid YAML")
        message, hint = _PROBLEMS.get(problem, (problem, ""))
        places = _Places(text, path, first_line)
        index = min(mark.index, len(text)) if mark else 0
        findings.add("E112", places.span(index, index), f"not valid YAML: {message}", hint)
    except yaml.YAMLError as error:
        reason = str(error).splitlines()[0]
        findings.add("E112", Span(path, first_line, 1), f"not valid YAML: {reason}")
    return None


def _place(error: yaml.MarkedYAMLError) -> Any:
    """Return where the fault is: what is missed only on a later line was left open before."""
    problem, context = error.problem_mark, error.context_mark
    if problem and context and error.problem in _LEFT_OPEN and context.line < problem.line:
        return context
    return problem or context


class _Places:
    """Turns indexes into the text into places in the file."""

    def __init__(self, text: str, path: str, first_line: int) -> None:
        self.path = path
        self.first_line = first_line
        self.starts = [0, *(found.end() for found in re.finditer("\n", text))]

    def span(self, start: int, end: int) -> Span:
        row = bisect_right(self.starts, start) - 1
        column = start - self.starts[row] + 1
        end_row = bisect_right(self.starts, end) - 1
        end_column = end - self.starts[row] + 1 if end_row == row and end > start else 0
        return Span(self.path, self.first_line + row, column, end_column)


class _Builder:
    def __init__(self, text: str, path: str, first_line: int, findings: Findings) -> None:
        self.text = text
        self.places = _Places(text, path, first_line)
        self.findings = findings
        self.has_plain_lines = not _ODD_BREAKS.search(text)
        self.stack: list[_Open] = []
        self.count = 0
        self.faulty = False
        self.root: Node | None = None

    def build(self) -> Node | None:
        documents = 0
        loader = _Loader(self.text)
        while (event := loader.get_event()) is not None:
            kind = type(event)
            if kind is yaml.ScalarEvent:
                self._guard(event)
                self._add(self._scalar(event))
            elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                self._guard(event)
                self._open(event)
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                self._close(self.stack.pop())
            elif kind is yaml.AliasEvent:
                self._refuse("E114", event, f"the alias *{event.anchor} is not allowed",
                             "put a value that starts with * in quotes")  # fmt: skip
            elif kind is yaml.DocumentStartEvent:
                documents += 1
                if documents > 1:
                    self._refuse("E112", event, "a second YAML document starts here",
                                 "keep one document in a file")  # fmt: skip
        return None if self.faulty else self.root

    def _guard(self, event: Any) -> None:
        self.count += 1
        if self.count > MAX_NODES:
            self._refuse("E103", event, f"more than {MAX_NODES:,} values in one file")
        if event.anchor is not None:
            self._refuse("E114", event, f"the anchor &{event.anchor} is not allowed",
                         "put a value that starts with & in quotes")  # fmt: skip
        if event.tag is not None:
            self._refuse("E115", event, "tags (a value that starts with !) are not allowed",
                         "put the value in quotes")  # fmt: skip

    def _refuse(self, code: str, event: Any, message: str, *hints: str) -> None:
        """Record a finding at the event's first word, and give up."""
        start = event.start_mark.index
        word = _WORD.match(self.text, start, event.end_mark.index)
        end = word.end() if word else start
        self.findings.add(code, self.places.span(start, end), message, *hints)
        raise _Refused

    def _scalar(self, event: Any) -> Scalar:
        start, end = event.start_mark.index, event.end_mark.index
        span = self._span(event.start_mark, event.end_mark)
        if not event.value.isprintable() and (found := CONTROL.search(event.value)):
            name = f"U+{ord(found[0]):04X}"
            self.findings.add("E102", span, f"the value holds the control character {name}")
            self.faulty = True
        style = event.style or ""
        return Scalar(event.value, event.implicit[0] and not style, span, start, end, style)

    def _span(self, first: Any, last: Any) -> Span:
        """Return the place between two marks; libyaml has counted its lines already."""
        if not self.has_plain_lines:
            return self.places.span(first.index, last.index)
        line, column, end_column = first.line, first.column + 1, 0
        if last.line == line and last.index > first.index:
            end_column = last.column + 1
        return Span(self.places.path, self.places.first_line + line, column, end_column)

    def _open(self, event: Any) -> None:
        if len(self.stack) >= MAX_DEPTH:
            self._refuse("E116", event, f"nested more than {MAX_DEPTH} levels deep")
        span = self._span(event.start_mark, event.start_mark)
        self.stack.append(_Open(span, type(event) is yaml.MappingStartEvent))

    def _close(self, opened: _Open) -> None:
        if not opened.is_mapping:
            self._add(Sequence(tuple(opened.nodes), opened.span))
            return
        pairs: list[tuple[Scalar, Node]] = []
        seen: dict[str, Scalar] = {}
        for key, value in zip(opened.nodes[::2], opened.nodes[1::2], strict=True):
            if not isinstance(key, Scalar):
                self._report("E112", key.span, "a key must be plain text")
            elif first := seen.get(key.text):
                line = first.span.line
                self._report("E113", key.span, f'the key "{key.text}" stands twice',
                             f"it is already on line {line}")  # fmt: skip
            else:
                seen[key.text] = key
                pairs.append((key, value))
        self._add(Mapping(tuple(pairs), opened.span))

    def _report(self, code: str, span: Span, message: str, *hints: str) -> None:
        """Record a finding that still lets the rest be read."""
        self.findings.add(code, span, message, *hints)

    def _add(self, node: Node) -> None:
        if self.stack:
            self.stack[-1].nodes.append(node)
        else:
            self.root = node
