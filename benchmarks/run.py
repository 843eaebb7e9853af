"""Measures cold builds of the same content, program after program.

Run as: python -m benchmarks.run --stories 1000 --runs 5
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import generate, peers
from benchmarks.measure import Timing, peak_memory, timed
from benchmarks.peers import Program
from benchmarks.world import World

README = Path(__file__).with_name("README.md")
_MEMORY_FOLDER = Path("/dev/shm")
_ROOM_PER_STORY = 300_000
"""Bytes that the contents and an output may need for each story."""

_BASE = "hugo"
"""Program that the ratios are taken to."""


@dataclass(slots=True)
class Measured:
    """What was found of one program."""

    program: Program
    memory: int = 0
    """Most bytes held at once, in a run of its own."""

    pages: int = 0
    """HTML files that it wrote."""

    timings: list[Timing] = field(default_factory=list)

    @property
    def seconds(self) -> list[float]:
        """Wall-clock seconds of each round."""
        return [timing.seconds for timing in self.timings]

    @property
    def cpu(self) -> float:
        """Median of processor seconds."""
        return statistics.median(timing.cpu for timing in self.timings)


def measure(chosen: Sequence[Program], stories: int, runs: int, folder: Path) -> list[Measured]:
    """Generate the content, then build with each program in turn, `runs` times over."""
    world = World(stories)
    for program in chosen:
        _say(f"content for {program.name}")
        generate.write(program.name, folder / program.name, world)
    results = [Measured(program) for program in chosen]
    for result in results:
        _say(f"{result.program.name}: memory")
        site = folder / result.program.name
        with _fresh(site) as output:
            result.memory = peak_memory(result.program.command(output), site, folder / "log")
            result.pages = sum(1 for _ in output.rglob("*.html"))
    for number in range(1, runs + 1):
        for result in results:
            site = folder / result.program.name
            with _fresh(site) as output:
                timing = timed(result.program.command(output), site, folder / "log")
            result.timings.append(timing)
            _say(f"{result.program.name}: run {number} of {runs}, {timing.seconds:.2f} s")
    return results


@contextmanager
def _fresh(site: Path) -> Iterator[Path]:
    """Give a folder to build to that does not exist yet, and leave nothing of the build."""
    parent = site.with_name("out")
    parent.mkdir()
    try:
        yield parent / "site"
    finally:
        shutil.rmtree(parent)
        shutil.rmtree(site / ".explainer", ignore_errors=True)


def table(results: Sequence[Measured], stories: int, runs: int) -> str:
    """Return the results as a Markdown table with the circumstances above it."""
    base = next((one for one in results if one.program.name == _BASE), results[0])
    rounds = "one run" if runs == 1 else f"medians of {runs} runs"
    lines = [
        f"{stories:,} stories, {rounds}, {datetime.now(UTC):%-d %B %Y}, {machine()}.",
        "",
        f"| | seconds | lowest to highest | ÷ {_name(base)} | in the same round "
        f"| processor seconds | peak memory, MB | ÷ {_name(base)} | pages |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for result in results:
        median = statistics.median(result.seconds)
        ratios = [a / b for a, b in zip(result.seconds, base.seconds, strict=True)]
        cells = [
            result.program.title,
            f"{median:.2f}",
            _spread(result.seconds),
            f"{median / statistics.median(base.seconds):.2f}",
            _spread(ratios),
            f"{result.cpu:.2f}",
            f"{result.memory / 1e6:.0f}" if result.memory else "–",
            f"{result.memory / base.memory:.2f}" if base.memory else "–",
            f"{result.pages:,}",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def machine() -> str:
    """Return the shape of this machine in words, without its name."""
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    words = {1: "one core", 2: "two cores", 4: "four cores", 8: "eight cores"}
    return (
        f"{words.get(cores, f'{cores} cores')}, {memory:.0f} GB of memory, "
        f"{platform.system()}, Python {platform.python_version()}"
    )


def write_down(text: str, stories: int) -> None:
    """Put a table into the README, in place of the one for as many stories."""
    start, end = f"<!-- results: {stories} stories -->", "<!-- end of results -->"
    block = f"{start}\n{text}\n{end}"
    readme = README.read_text("utf-8")
    pattern = re.compile(f"{re.escape(start)}.*?{re.escape(end)}", re.DOTALL)
    if not pattern.search(readme):
        readme = f"{readme.rstrip()}\n\n{start}{end}\n"
    README.write_text(pattern.sub(lambda _: block, readme), encoding="utf-8")


def _name(result: Measured) -> str:
    return result.program.title.split()[0]


def _spread(values: Sequence[float]) -> str:
    return f"{min(values):.2f} to {max(values):.2f}" if len(values) > 1 else "–"


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


def _working_folder(stories: int) -> Path:
    """Return where to work: in memory if there is room, for creating files on a disk takes
    a time that varies more than the programs do."""
    folder = _MEMORY_FOLDER
    if folder.is_dir() and shutil.disk_usage(folder).free > stories * _ROOM_PER_STORY:
        return folder
    return peers.HERE


def main() -> None:
    """Measure, print the table and, if asked to, write it down."""
    everything = {program.name: program for program in peers.programs()}
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    parser.add_argument("--stories", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--programs", nargs="+", choices=everything, default=list(everything))
    parser.add_argument("--folder", type=Path, help="where to put contents and outputs")
    parser.add_argument("--write", action="store_true", help="put the table into the README")
    given = parser.parse_args()
    peers.install()
    parent = given.folder or _working_folder(given.stories)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=parent) as folder:
        chosen = [everything[name] for name in given.programs]
        results = measure(chosen, given.stories, given.runs, Path(folder))
    text = table(results, given.stories, given.runs)
    print(text)
    if given.write:
        write_down(text, given.stories)


if __name__ == "__main__":
    main()
