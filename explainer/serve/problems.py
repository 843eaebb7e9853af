"""Diagnostics as browsers are told them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from explainer.diagnostics import Diagnostic
from explainer.diagnostics.sources import lines_of, source_reader


def problems(root: Path, diagnostics: Iterable[Diagnostic]) -> Iterable[Mapping[str, Any]]:
    """Return diagnostics as browsers are told them, with the lines that they are about."""
    read = source_reader(root)
    lines: dict[str, list[str]] = {}
    for one in diagnostics:
        span = one.span
        if span.path not in lines:
            lines[span.path] = lines_of(read(span.path)) if span.line else []
        known = lines[span.path]
        yield {
            "code": one.code,
            "severity": one.severity.value,
            "file": span.path,
            "line": span.line,
            "column": span.column,
            "end_column": span.end_column,
            "message": one.message,
            "hints": list(one.hints),
            "source": known[span.line - 1] if 0 < span.line <= len(known) else "",
        }
