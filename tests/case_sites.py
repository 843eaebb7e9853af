"""The small sites of tests/cases/: how their findings are written down, and how to renew them.

`expected.txt` holds one finding on each line:

    content/stories/s.md:7:10-18: E201 unknown topic "nv" (did you mean "nvidia"?)

Line and column count from 1, in characters; behind the hyphen stands the column just behind the
last character, where it is known. A finding without a place has only its path.

After a change that is meant, `python -m tests.case_sites NAME…` writes the expected findings of
some cases anew; read the difference before you keep it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from explainer.build import pipeline
from explainer.diagnostics import Diagnostic

CASES = Path(__file__).parent / "cases"
NOW = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)


def names() -> list[str]:
    """Return the names of all cases."""
    return sorted(path.name for path in CASES.iterdir() if path.is_dir())


def expected_of(name: str) -> str:
    """Return the findings that a case must have."""
    return (CASES / name / "expected.txt").read_text("utf-8")


def found_in(name: str) -> str:
    """Return the findings that a case has."""
    return written(pipeline.check(CASES / name, pipeline.Options(now=NOW)).diagnostics)


def written(diagnostics: Iterable[Diagnostic]) -> str:
    """Return findings as `expected.txt` holds them."""
    return "".join(f"{_line(one)}\n" for one in diagnostics)


def _line(one: Diagnostic) -> str:
    span = one.span
    place = span.path
    if span.line:
        place += f":{span.line}:{span.column}"
        place += f"-{span.end_column}" if span.end_column else ""
    hints = f" ({'; '.join(one.hints)})" if one.hints else ""
    return f"{place}: {one.code} {one.message}{hints}"


def main() -> None:
    """Write the expected findings of the named cases anew."""
    for name in sys.argv[1:]:
        (CASES / name / "expected.txt").write_text(found_in(name), "utf-8", newline="\n")


if __name__ == "__main__":
    main()
