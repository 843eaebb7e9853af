"""Builds with each program in turn: from nothing, with nothing changed, and after one edit."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from benchmarks import generate, pages
from benchmarks.edits import Edit, edit, must_have_arrived
from benchmarks.measure import peak_memory, timed
from benchmarks.peers import Program
from benchmarks.results import COLD, EDIT, UNCHANGED, Row, Run, machine
from benchmarks.world import World
from benchmarks.writers.base import Writer

_FAULTS_SHOWN = 5


@dataclass(slots=True)
class Bench:
    """One program with its own copy of the content."""

    program: Program
    row: Row
    folder: Path
    """Holds `site`, `out/site` and `home`."""

    writer: Writer
    written: set[str] = field(default_factory=set)
    """What the generator put into the site's folder; all else is a cache."""

    @property
    def output(self) -> Path:
        """Where the program builds to."""
        return self.folder / "out" / "site"

    @property
    def log(self) -> Path:
        """File for what the program prints, in the folder that it takes for its home."""
        return self.folder / "home" / "log"

    def forget(self) -> None:
        """Remove the output and all that the program keeps: the next build is a cold one."""
        for name in ("out", "home"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
            (self.folder / name).mkdir()
        for path in self.writer.folder.iterdir():
            if path.name not in self.written:
                shutil.rmtree(path) if path.is_dir() else path.unlink()

    def time(self, scenario: str, number: int) -> None:
        """Build and note how long it took."""
        timing = timed(self.program.command(self.output), self.writer.folder, self.log)
        self.row.timings[scenario][number] = timing
        _say(f"round {number}, {scenario}: {self.program.name} {timing.seconds:.2f} s")

    def watch(self, scenario: str) -> None:
        """Build and note the memory that it took."""
        command = self.program.command(self.output)
        self.row.memory[scenario] = peak_memory(command, self.writer.folder, self.log)
        _say(f"memory, {scenario}: {self.program.name} {self.row.memory[scenario] / 1e6:.0f} MB")

    def take(self, change: Edit, build: Callable[[], None]) -> None:
        """Edit a story, build, and make sure that the edit is there to be read."""
        self.writer.story(change.story)
        build()
        must_have_arrived(change, self.output)


def measure(
    chosen: Sequence[Program],
    stories: int,
    folder: Path,
    *,
    rounds: int,
    slow_rounds: int,
    place: str,
) -> Run:
    """Measure programs beside one another, round after round."""
    world = World(stories)
    benches = _prepare(chosen, world, folder)
    rows = [bench.row for bench in benches]
    run = Run(stories, world.files, f"{datetime.now(UTC):%-d %B %Y}", machine(), place, rows)
    wanted = pages.expected(world)
    first = edit(world, 0)
    for bench in benches:
        _watch(bench, first, wanted)
    for number in range(1, rounds + 1):
        change = edit(world, number)
        present = [one for one in benches if not one.program.slow or number <= slow_rounds]
        for bench in present:
            bench.forget()
        for scenario in (COLD, UNCHANGED):
            for bench in present:
                bench.time(scenario, number)
        for bench in present:
            bench.take(change, partial(bench.time, EDIT, number))
        for bench in present:
            bench.forget()
    return run


def _prepare(chosen: Sequence[Program], world: World, folder: Path) -> list[Bench]:
    _say(f"content: {world.size:,} stories, {world.files:,} files for each program")
    benches = []
    for program in chosen:
        place = folder / program.name
        place.mkdir()
        writer = generate.PROGRAMS[program.name](place / "site", world)
        benches.append(Bench(program, Row(program.name, program.title), place, writer))
    generate.write_all([bench.writer for bench in benches], world)
    for bench in benches:
        bench.written = {path.name for path in bench.writer.folder.iterdir()}
    return benches


def _watch(bench: Bench, change: Edit, wanted: set[str]) -> None:
    """Find the memory of a program, and see whether its pages are those that it has to make."""
    bench.forget()
    bench.watch(COLD)
    files = [path for path in bench.output.rglob("*") if path.is_file()]
    bench.row.pages = sum(path.suffix == ".html" for path in files)
    bench.row.written = sum(path.stat().st_size for path in files)
    bench.row.faults = pages.faults(bench.output, wanted, more=bench.program.more)
    for fault in bench.row.faults[:_FAULTS_SHOWN]:
        _say(f"{bench.program.name}: {fault}")
    if bench.program.ours:
        bench.take(change, partial(bench.watch, EDIT))
    else:
        bench.writer.story(change.story)
    bench.forget()


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)
