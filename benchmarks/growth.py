"""Compares two runs of different size: what each further source file costs."""

from __future__ import annotations

import statistics

from benchmarks.aims import COLD_GROWTH, EDIT_PER_FILE
from benchmarks.report import figure, table
from benchmarks.results import COLD, EDIT, Row, Run


def growth(small: Run, large: Run) -> str:
    """Return the comparison as a table with its circumstances above it."""
    further = large.files - small.files
    head = [
        f"From {small.stories:,} to {large.stories:,} stories",
        "cold, times as long",
        "lowest to highest",
        "one edit, µs for each further file",
        "lowest to highest",
    ]
    body = []
    for row in large.rows:
        before = small.row(row.name)
        if before is not None and before.seconds(COLD) and row.seconds(COLD):
            body.append([row.title, *_cold(before, row), *_edit(before, row, further)])
    return "\n\n".join([
        f"{small.files:,} files measured on {small.date} and {large.files:,} on {large.date}, "
        f"{large.machine}. The aims for explainer with plain templates are at most "
        f"{COLD_GROWTH:.0f} times as long, and at most {EDIT_PER_FILE * 1e6:.0f} µs for a file.",
        table(head, body),
    ])  # fmt: skip


def _cold(small: Row, large: Row) -> list[str]:
    """Return how many times as long, and the extremes that the rounds allow."""
    before, after = small.seconds(COLD), large.seconds(COLD)
    middle = statistics.median(after) / statistics.median(before)
    lowest, highest = min(after) / max(before), max(after) / min(before)
    return [figure(middle), f"{figure(lowest)} to {figure(highest)}"]


def _edit(small: Row, large: Row, further: int) -> list[str]:
    """Return microseconds, and the extremes that the rounds allow."""
    before, after = small.seconds(EDIT), large.seconds(EDIT)
    middle = statistics.median(after) - statistics.median(before)
    lowest, highest = min(after) - max(before), max(after) - min(before)
    each = [1e6 * seconds / further for seconds in (middle, lowest, highest)]
    return [f"{each[0]:.1f}", f"{each[1]:.1f} to {each[2]:.1f}"]
