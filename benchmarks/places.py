"""Where contents and outputs are put: in memory, if there is room."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.install import HERE
from benchmarks.peers import Program

_MEMORY = Path("/dev/shm")
_MEMINFO = Path("/proc/meminfo")
_BYTES_PER_STORY = {"mkdocs": 75_000, "explainer-gazette": 90_000}
_BYTES_PER_STORY_ELSE = 55_000
"""Room for the content (11 kB) and the output of a story and its share of the other pages; for
ours the output counts twice, for the new site is whole before it takes the old one's place."""

_LEFT_TO_PROGRAMS = 0.5
"""Share of the free memory that stays for the programs themselves."""


@dataclass(frozen=True, slots=True)
class Place:
    """A folder to work in."""

    folder: Path
    words: str


def choose(programs: Sequence[Program], stories: int) -> Place:
    """Return where to work: creating files on a disk takes a time that varies more than the
    programs do, but a build that runs out of memory tells nothing."""
    need = room(programs, stories)
    if (
        _MEMORY.is_dir()
        and shutil.disk_usage(_MEMORY).free > need
        and _free_memory() * (1 - _LEFT_TO_PROGRAMS) > need
    ):
        return Place(_MEMORY, "in memory")
    HERE.mkdir(exist_ok=True)
    return Place(HERE, "on disk")


def room(programs: Sequence[Program], stories: int) -> int:
    """Return the bytes that contents and outputs may need."""
    each = (_BYTES_PER_STORY.get(one.name, _BYTES_PER_STORY_ELSE) for one in programs)
    return stories * sum(each)


def _free_memory() -> int:
    try:
        lines = _MEMINFO.read_text("ascii").splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
