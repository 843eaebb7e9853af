"""What our builds are meant to take, beside what they take."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.results import COLD, EDIT, UNCHANGED


@dataclass(frozen=True, slots=True)
class Aim:
    """A ratio that is to stay below a limit."""

    words: str
    ours: tuple[str, str]
    """Name of a row, and a scenario."""

    theirs: tuple[str, str]
    limit: float


AIMS = (
    Aim("one edit ÷ Hugo's", ("explainer", EDIT), ("hugo", EDIT), 0.05),
    Aim("nothing changed ÷ Hugo's one edit", ("explainer", UNCHANGED), ("hugo", EDIT), 0.015),
    Aim("cold, plain templates ÷ Hugo", ("explainer", COLD), ("hugo", COLD), 1.2),
    Aim("cold, gazette ÷ Hugo", ("explainer-gazette", COLD), ("hugo", COLD), 1.6),
    Aim("cold, plain templates ÷ Eleventy", ("explainer", COLD), ("eleventy", COLD), 0.6),
    Aim("cold, plain templates ÷ Pelican", ("explainer", COLD), ("pelican", COLD), 0.3),
    Aim("cold, plain templates ÷ MkDocs", ("explainer", COLD), ("mkdocs", COLD), 0.2),
)
MEMORY = Aim("peak memory, cold ÷ Hugo", ("explainer", COLD), ("hugo", COLD), 0.3)
"""A ratio of bytes."""

AIMED_AT = 10_000
"""Stories that the ratios are meant for; at other sizes they are told without the limits."""

COLD_GROWTH = 11.0
"""Times longer that a cold build may take with ten times the stories."""

EDIT_PER_FILE = 15e-6
"""Seconds that each further source file may add to the build after one edit."""

HUGE_EDIT = 3.0
"""Seconds that the build after one edit may take at 100,000 stories."""
