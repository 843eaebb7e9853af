"""Puts what was found into tables, and the tables into the README."""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence
from pathlib import Path

from benchmarks.aims import AIMED_AT, AIMS, HUGE_EDIT, MEMORY, Aim
from benchmarks.results import COLD, EDIT, UNCHANGED, Row, Run

README = Path(__file__).with_name("README.md")
_BASE = "hugo"
"""Row that the ratios are taken to."""

_TABLES = (
    (COLD, COLD, "From nothing"),
    (EDIT, EDIT, "After one edit"),
    (UNCHANGED, EDIT, "With nothing changed"),
)
"""Scenario, the base's scenario that it is compared with, and heading."""


def report(run: Run) -> str:
    """Return all tables of a run with the circumstances above them."""
    base = run.row(_BASE)
    parts = [f"{run.stories:,} stories ({run.files:,} files), {run.date}, {run.machine}, "
             f"contents and outputs {run.place}. Medians of all rounds."]  # fmt: skip
    for scenario, against, heading in _TABLES:
        parts.append(_times(run.rows, scenario, base, against, heading))
    parts.append(_memory(run.rows, base))
    parts += [
        f"{row.title}: {len(row.faults)} faults in its pages." for row in run.rows if row.faults
    ]
    parts += _aims(run)
    return "\n\n".join(parts)


def _times(rows: Sequence[Row], scenario: str, base: Row | None, against: str, heading: str) -> str:
    head = [heading, "rounds", "seconds", "lowest to highest", "processor seconds"]
    if base is not None:
        name = base.title.split()[0]
        head += [f"÷ {name}" if against == scenario else f"÷ {name}, one edit"]
        head += ["lowest to highest"]
    body = []
    for row in rows:
        seconds = row.seconds(scenario)
        if not seconds:
            continue
        cpu = statistics.median(one.cpu for one in row.timings[scenario].values())
        cells = [row.title, str(len(seconds)), *_middle_and_spread(seconds), figure(cpu)]
        if base is not None:
            cells += _middle_and_spread(row.ratios(scenario, base, against))
        body.append(cells)
    return table(head, body)


def _memory(rows: Sequence[Row], base: Row | None) -> str:
    head = ["Peak memory and output", "memory, MB", "after one edit, MB", "pages", "output, MB"]
    if base is not None:
        head.append(f"memory ÷ {base.title.split()[0]}")
    body = []
    for row in rows:
        cells = [row.title, _megabytes(row.memory.get(COLD)), _megabytes(row.memory.get(EDIT))]
        cells += [f"{row.pages:,}", _megabytes(row.written)]
        if base is not None:
            ratio = _memory_ratio(row, base)
            cells.append("–" if ratio is None else figure(ratio))
        body.append(cells)
    return table(head, body)


def _memory_ratio(ours: Row, theirs: Row) -> float | None:
    """Return the ratio of the memory of cold builds, where the system tells it."""
    mine, other = ours.memory.get(COLD), theirs.memory.get(COLD)
    return mine / other if mine and other else None


def _aims(run: Run) -> list[str]:
    """Return the table of what is aimed at, if any of it was measured."""
    body = []
    for aim in AIMS:
        ours, theirs = run.row(aim.ours[0]), run.row(aim.theirs[0])
        ratios = ours.ratios(aim.ours[1], theirs, aim.theirs[1]) if ours and theirs else []
        if ratios:
            body.append([aim.words, *_middle_and_spread(ratios), _limit(aim, run)])
    ours, theirs = run.row(MEMORY.ours[0]), run.row(MEMORY.theirs[0])
    ratio = _memory_ratio(ours, theirs) if ours and theirs else None
    if ratio is not None:
        body.append([MEMORY.words, figure(ratio), "–", _limit(MEMORY, run)])
    first = run.row("explainer")
    if run.stories == 10 * AIMED_AT and first and first.seconds(EDIT):
        seconds = _middle_and_spread(first.seconds(EDIT))
        body.append(["one edit, seconds", *seconds, f"under {HUGE_EDIT:.0f}"])
    head = ["explainer beside the others", "measured", "lowest to highest", "aim"]
    return [table(head, body)] if body else []


def _limit(aim: Aim, run: Run) -> str:
    return f"at most {aim.limit}" if run.stories == AIMED_AT else "–"


def table(head: Sequence[str], body: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table whose first column holds words and whose others hold numbers."""
    rule = ["---", *("---:" for _ in head[1:])]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, rule, *body))


def figure(value: float) -> str:
    """Return a number with as many places as say something."""
    return f"{value:.2f}" if value >= 0.1 else f"{value:.3f}" if value >= 0.01 else f"{value:.4f}"


def _middle_and_spread(values: Sequence[float]) -> list[str]:
    """Return the median, and the lowest and the highest value."""
    if not values:
        return ["–", "–"]
    spread = f"{figure(min(values))} to {figure(max(values))}" if len(values) > 1 else "–"
    return [figure(statistics.median(values)), spread]


def _megabytes(count: int | None) -> str:
    return f"{count / 1e6:,.0f}" if count else "–"


def write_down(text: str, what: str, readme: Path = README) -> None:
    """Put a text into the README, in place of the results of that name."""
    start, end = f"<!-- results: {what} -->", "<!-- end of results -->"
    block = f"{start}\n{text}\n{end}"
    page = readme.read_text("utf-8")
    pattern = re.compile(f"{re.escape(start)}.*?{re.escape(end)}", re.DOTALL)
    if not pattern.search(page):
        page = f"{page.rstrip()}\n\n{start}{end}\n"
    readme.write_text(pattern.sub(lambda _: block, page), encoding="utf-8")
