"""Diagnostics as browsers are told them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from explainer.diagnostics import Diagnostic

MAX_BYTES = 4 * 1024 * 1024
"""Larger files are not opened again just to show a line of them."""


def problems(root: Path, diagnostics: Iterable[Diagnostic]) -> Iterable[Mapping[str, Any]]:
    """Return diagnostics as browsers are told them, with the lines that they are about."""
    lines: dict[str, list[str]] = {}
    for one in diagnostics:
        span = one.span
        if span.path not in lines:
            lines[span.path] = _lines_of(root, span.path) if span.line else []
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


def _lines_of(root: Path, path: str) -> list[str]:
    """Return the lines of a file of the site; none of one that leads out of it."""
    try:
        file = (root / path).resolve(strict=True)
        inside = file.is_relative_to(root.resolve())
        if not inside or not file.is_file() or file.stat().st_size > MAX_BYTES:
            return []
        return file.read_bytes().decode("utf-8", "replace").splitlines()
    except (OSError, ValueError, RuntimeError):
        return []
