"""Writes the page of the documentation that lists every code.

`python -m explainer.diagnostics.reference docs/diagnostics.md` writes it anew; a test fails
while the page and the codes differ.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from explainer.diagnostics.codes import CODES, FAMILIES, Code

_INTRODUCTION = """\
# Diagnostics

<!-- Made from explainer/diagnostics/codes.py by `python -m explainer.diagnostics.reference`. -->

Everything that `explainer check` and `explainer build` find has a code. The first digit tells
what it is about. Codes that start with E are errors: they end a run with exit code 1, and nothing
is published. Codes that start with W are warnings: they become errors with `--strict`.

`explainer explain E201` shows what stands here for one code.
"""


def render_reference() -> str:
    """Return the page: every code by family, with its meaning and an example."""
    parts = [_INTRODUCTION]
    for digit, family in FAMILIES.items():
        codes = {code: known for code, known in CODES.items() if code[1] == digit}
        rows = [f"- [{code}](#{_anchor(code, one)}): {one.title}" for code, one in codes.items()]
        parts.append("\n".join([f"## {family}", "", *rows, ""]))
        parts += [_entry(code, known) for code, known in codes.items()]
    return "\n".join(parts)


def _entry(code: str, known: Code) -> str:
    fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", known.example) or [""]))
    example = f"{fence}text\n{known.example}\n{fence}"
    return f"### {code}: {known.title}\n\n{known.meaning}\n\nFor example:\n\n{example}\n"


def _anchor(code: str, known: Code) -> str:
    """Return the id that code forges give the heading of an entry."""
    words = re.sub(r"[^\w\s-]", "", f"{code}: {known.title}".lower())
    return words.replace(" ", "-")


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(render_reference(), encoding="utf-8", newline="\n")
