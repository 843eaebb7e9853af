"""The long form of the proof: thousands of random sequences, each of them known by its number.

    python -m tests.engine.soak --sequences 10000 --processes 2 --first 0

Sequence 4711 is the same one on every machine, so that a run can be taken up where it was broken
off (`--first`), and what it found can be had again. A sequence that fails is cut down to the steps
that it takes to fail.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

from tests.engine.bench import OPTIONS, Bench, Step
from tests.engine.edits import EDITS
from tests.engine.mishaps import MISHAPS
from tests.engine.quick import quick
from tests.engine.themes import THEMES

Round = tuple[Step, ...]
"""What is done before one build."""

ROUNDS = 12
_PEACEFUL = tuple(name for name in EDITS if name != "make a fault")


def sequence(number: int, rounds: int = ROUNDS) -> tuple[str, list[Round]]:
    """Return the theme and the rounds of a sequence."""
    chance = random.Random(number)

    def step() -> Step:
        names = chance.choices(
            (_PEACEFUL, tuple(MISHAPS), OPTIONS, ("make a fault",), ("mend all faults",)),
            (70, 18, 6, 3, 3),
        )[0]
        a, b, c = (chance.randrange(100) for _ in range(3))
        return chance.choice(names), a, b, c

    base = chance.choice(sorted(THEMES))
    found = []
    broken = 0
    for _ in range(rounds):
        one = [step() for _ in range(chance.choice((1, 1, 1, 2, 3)))]
        broken = broken + 1 if broken or any(name == "make a fault" for name, *_ in one) else 0
        if broken > 2:  # what is broken is mended soon
            one.append(("mend all faults", 0, 0, 0))
            broken = 0
        found.append(tuple(one))
    return base, found


@contextmanager
def folder() -> Iterator[Path]:
    """Give a folder in memory, where there is one: it is quicker."""
    memory = Path("/dev/shm")
    made = Path(tempfile.mkdtemp(prefix="proof-", dir=memory if memory.is_dir() else None))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def fault_of(base: str, rounds: list[Round], *, warm: bool = False) -> str:
    """Play a sequence and return what went wrong; an empty text where nothing did.

    `warm`: as a process that keeps its memory from one build to the next.
    """
    with folder() as made:
        try:
            bench = Bench(made, base, warm=warm)
            bench.build()
            for one in rounds:
                for step in one:
                    bench.do(step)
                bench.build()
        except Exception as error:  # a crash of the engine is a finding as well
            return f"{type(error).__name__}: {error}"
    return ""


def cut_down(rounds: list[Round], fails: Callable[[list[Round]], bool]) -> list[Round]:
    """Return the fewest steps that can be found that still fail."""
    again = True
    while again:
        again = False
        for number in reversed(range(len(rounds))):
            for shorter in _shorter(rounds, number):
                if fails(shorter):
                    rounds, again = shorter, True
                    break
    return rounds


def _shorter(rounds: list[Round], number: int) -> Iterator[list[Round]]:
    yield rounds[:number] + rounds[number + 1 :]
    if number + 1 < len(rounds):
        yield [*rounds[:number], rounds[number] + rounds[number + 1], *rounds[number + 2 :]]
    one = rounds[number]
    if len(one) > 1:
        for place in range(len(one)):
            yield [*rounds[:number], one[:place] + one[place + 1 :], *rounds[number + 1 :]]


def prove(number: int) -> tuple[int, int, str]:
    """Play one sequence; return its number, how many builds it took, and what went wrong."""
    base, rounds = sequence(number)
    warm = number % 2 == 1
    with quick():
        fault = fault_of(base, rounds, warm=warm)
        if fault:
            kind = fault.split("\n")[0][:40]
            rounds = cut_down(
                rounds, lambda shorter: fault_of(base, shorter, warm=warm)[:20] == kind[:20]
            )
            steps = "\n".join(f"    {one}," for one in rounds)
            fault = f'theme "{base}", warm={warm}\n{steps}\n{fault_of(base, rounds, warm=warm)}'
    return number, len(rounds) + 1, fault


def main(arguments: list[str] | None = None) -> int:
    """Run the sequences that are asked for, and say how many there were."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--sequences", type=int, default=10_000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--first", type=int, default=0, help="number of the first sequence")
    parser.add_argument("--most-faults", type=int, default=5, help="faults after which it stops")
    given = parser.parse_args(arguments)
    numbers = range(given.first, given.first + given.sequences)
    started = time.monotonic()
    done = builds = faults = 0
    with ProcessPoolExecutor(given.processes, mp_context=get_context("fork")) as executor:
        for number, count, fault in executor.map(prove, numbers):
            done, builds = done + 1, builds + count
            if fault:
                faults += 1
                print(f"sequence {number} fails:\n{fault}\n", flush=True)
            if done % 100 == 0 or fault:
                seconds = time.monotonic() - started
                print(f"{done} sequences (up to number {number}), {builds} builds, "
                      f"{faults} failed, {seconds:.0f} s; go on with --first {number + 1}",
                      flush=True)  # fmt: skip
            if faults >= given.most_faults:
                executor.shutdown(cancel_futures=True)
                break
    print(f"{done} sequences of {ROUNDS} rounds, {builds} builds, {faults} failed")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
