"""Edits a site thousands of times while it is served, and looks what that does to the server.

Run as: python -m tests.serve.soak --edits 5000 --seed 0
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

from explainer.build import pipeline
from tests.building import tree_of
from tests.engine.bench import CLOCKS
from tests.engine.edits import EDITS
from tests.engine.places import write
from tests.engine.sketch import first_sketch
from tests.engine.themes import THEMES
from tests.serve.running import Serving, until
from tests.serve.test_running import descendants

WARM = 500
"""Edits before the first look at what the server holds."""

FRESH = 50
"""Edits after which the site is what it was at first, all at once, as after another checkout."""

BROKEN = 3
"""Edits for which a site may stay broken."""


def held(pid: int) -> dict[str, int]:
    """Return what the processes of a server hold: bytes of memory, descriptors, threads."""
    processes = [pid, *descendants(pid)]
    memory = 0
    for one in processes:
        rollup = Path(f"/proc/{one}/smaps_rollup").read_text()
        memory += sum(
            int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")
        )
    return {
        "processes": len(processes),
        "KiB": memory,
        "descriptors": sum(len(list(Path(f"/proc/{one}/fd").iterdir())) for one in processes),
        "threads": sum(len(list(Path(f"/proc/{one}/task").iterdir())) for one in processes),
    }


def ticks(pid: int) -> int:
    """Return the processor time of the processes of a server, in hundredths of a second."""
    stats = [Path(f"/proc/{one}/stat").read_text() for one in (pid, *descendants(pid))]
    return sum(sum(map(int, one.rpartition(")")[2].split()[11:13])) for one in stats)


def soak(folder: Path, edits: int, seed: int, idle: float) -> int:
    """Play so many edits, print what came of them, and return how many points are not met."""
    chance = random.Random(seed)
    root, sketch = folder / "site", first_sketch("full")
    known: dict[str, bytes] = write(root, sketch, {})
    now = CLOCKS[0].isoformat()
    peaceful = [name for name in EDITS if name not in ("make a fault", "mend all faults")]
    started, done, broken = time.monotonic(), 0, 0
    with Serving(root, "--now", now) as serving:
        serving.wait()
        begin = held(serving.pid)
        while done < edits:
            if done % FRESH == 0:  # or chance would delete nearly everything in the end
                sketch, broken = first_sketch(chance.choice(sorted(THEMES))), 0
            name = "make a fault" if chance.random() < 0.03 else chance.choice(peaceful)
            broken = broken + 1 if broken or name == "make a fault" else 0
            if broken > BROKEN:
                name, broken = "mend all faults", 0
            EDITS[name](sketch, *(chance.randrange(100) for _ in range(3)))
            before, lines = known, len(serving.builds)
            known = write(root, sketch, known)
            if known == before:
                continue
            done += 1
            end = time.monotonic() + 2
            while len(serving.builds) == lines and time.monotonic() < end:
                time.sleep(0.002)
            if done == WARM:
                begin = held(serving.pid)
            if done % 500 == 0:
                print(
                    f"{done} edits, {time.monotonic() - started:.0f} s, {held(serving.pid)}",
                    flush=True,
                )
        EDITS["mend all faults"](sketch, 0, 0, 0)
        known = write(root, sketch, known)
        serving.settled()
        finish = held(serving.pid)
        rested = ticks(serving.pid)
        time.sleep(idle)
        rested = ticks(serving.pid) - rested
        clean = folder / "clean"
        write(clean, sketch, {})
        result = pipeline.build(clean, pipeline.Options(now=CLOCKS[0], preview=True))
        tree = ".explainer/.preview/site"
        same = result.ok and until(
            lambda: tree_of(root / tree) == tree_of(clean / tree), "the tree of a clean build"
        )
        builds = len(serving.builds)
    growth = finish["KiB"] / begin["KiB"] - 1
    percent = rested / (idle * 100) * 100
    print(f"{done} edits, {builds} builds, seed {seed}, {time.monotonic() - started:.0f} s")
    print(f"after {min(WARM, done)}: {begin}\nat the end: {finish}")
    print(f"memory {growth:+.1%}, idle {percent:.2f} % of a core, tree as of a clean build: {same}")
    kept = all(begin[name] == finish[name] for name in ("processes", "descriptors", "threads"))
    return [same, kept, growth <= 0.1, percent < 1].count(False)


def main(arguments: list[str] | None = None) -> int:
    """Run the edits that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edits", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--idle", type=float, default=10, help="seconds of rest at the end")
    given = parser.parse_args(arguments)
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="soak-", dir=memory if memory.is_dir() else None))
    try:
        return soak(folder, given.edits, given.seed, given.idle)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
