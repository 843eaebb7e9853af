"""The Diagnostic: one finding, with its place in a file and a hint on what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum

import msgspec

from explainer.diagnostics.codes import CODES


class Severity(StrEnum):
    """How grave a finding is: errors end a run with exit code 1, warnings do not."""

    ERROR = "error"
    WARNING = "warning"


class Span(msgspec.Struct, frozen=True, order=True):
    """A place in a file of the site."""

    path: str
    """Path relative to the site's root, with `/` between its parts."""

    line: int = 0
    """Line, from 1; 0 where the finding has no place in a text (a link in the file system)."""

    column: int = 0
    """Column in characters, from 1; 0 where `line` is 0."""

    end_column: int = 0
    """Column just behind the last character; 0 where it is not known or on a later line."""


class Diagnostic(msgspec.Struct, frozen=True):
    """One finding about the input."""

    code: str
    """A key of `explainer.diagnostics.codes.CODES`, such as `E201`."""

    span: Span
    """Where it was found."""

    message: str
    """One plain sentence without a full stop at its end."""

    hints: tuple[str, ...] = ()
    """What to do about it, most helpful first: `did you mean "nvidia"?`."""

    severity: Severity = Severity.ERROR
    """Given by the code; `--strict` turns warnings into errors."""

    def sort_key(self) -> tuple[str, int, int, str, str]:
        """Order of findings: file, then position, then code."""
        return (self.span.path, self.span.line, self.span.column, self.code, self.message)


class Findings:
    """Collects the diagnostics of one stage, so that a run can report all of them at once."""

    def __init__(self) -> None:
        self._items: list[Diagnostic] = []

    def add(self, code: str, span: Span, message: str, *hints: str) -> None:
        """Add a finding; empty hints are dropped and the code decides its severity."""
        severity = Severity(CODES[code].severity)
        self._items.append(Diagnostic(code, span, message, tuple(h for h in hints if h), severity))

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Take over findings that another stage made."""
        self._items.extend(diagnostics)

    def clear(self) -> None:
        """Forget everything: the work begins anew."""
        self._items.clear()

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(sorted(set(self._items), key=Diagnostic.sort_key))

    def __len__(self) -> int:
        return len(self._items)

    @property
    def has_errors(self) -> bool:
        """Whether any finding is an error."""
        return any(item.severity is Severity.ERROR for item in self._items)
