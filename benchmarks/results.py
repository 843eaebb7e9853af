"""What a run found, and where it is kept for the comparison of sizes."""

from __future__ import annotations

import os
import platform
import sys
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from benchmarks.install import HERE
from benchmarks.measure import Timing

COLD, UNCHANGED, EDIT = "cold", "unchanged", "edit"
SCENARIOS = (COLD, UNCHANGED, EDIT)


@dataclass(slots=True)
class Row:
    """What was found of one program."""

    name: str
    title: str
    timings: dict[str, dict[int, Timing]] = field(
        default_factory=lambda: {scenario: {} for scenario in SCENARIOS}
    )
    """Scenario -> number of the round -> how long it took."""

    memory: dict[str, int] = field(default_factory=dict)
    """Scenario -> most bytes held at once, in a run of its own."""

    pages: int = 0
    """HTML files that it wrote."""

    written: int = 0
    """Bytes of its whole output."""

    faults: list[str] = field(default_factory=list)
    """What its pages lack, in words."""

    def seconds(self, scenario: str) -> list[float]:
        """Return the wall-clock seconds of all rounds."""
        return [one.seconds for one in self.timings[scenario].values()]

    def ratios(self, scenario: str, other: Row, others: str) -> list[float]:
        """Return this program's time by another's in the rounds that both took part in."""
        theirs = other.timings[others]
        return [
            one.seconds / theirs[number].seconds
            for number, one in self.timings[scenario].items()
            if number in theirs
        ]


@dataclass(slots=True)
class Run:
    """What one run found."""

    stories: int
    files: int
    """Source files, each with one entry."""

    date: str
    machine: str
    place: str
    """Where contents and outputs lay, in words."""

    rows: list[Row]

    def row(self, name: str) -> Row | None:
        """Return what was found of a program, if it took part."""
        return next((row for row in self.rows if row.name == name), None)


def save(run: Run) -> None:
    """Keep a run; it takes the place of an earlier one of the same size."""
    path = _path(run.stories)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(msgspec.json.encode(run))


def load(stories: int) -> Run:
    """Return the last run of that size."""
    path = _path(stories)
    if not path.is_file():
        raise SystemExit(f"measure {stories} stories first")
    return msgspec.json.decode(path.read_bytes(), type=Run)


def _path(stories: int) -> Path:
    return HERE / "results" / f"{stories}.json"


def machine() -> str:
    """Return the shape of this machine in words, without its name."""
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    words = {1: "one core", 2: "two cores", 4: "four cores", 8: "eight cores"}
    return (
        f"{words.get(cores, f'{cores} cores')}, {memory:.0f} GB of memory, "
        f"{platform.system()}, Python {platform.python_version()}"
    )
