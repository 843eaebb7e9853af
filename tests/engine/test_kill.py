"""A build may be killed at any moment: the old site or the new stands, and the next is right."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.building import SiteFolder
from tests.engine.faults import (
    BEFORE,
    EVERY,
    TRIES,
    Call,
    a_site,
    calls_of,
    difference,
    end,
    fresh,
    in_memory,
    in_session,
    killed_at,
    mended,
    said_clearly,
    some,
    start,
    trees_of,
    whole,
)

pytestmark = pytest.mark.slow
scratch = pytest.fixture(in_memory)


# -- at each call --------------------------------------------------------------------------------


@pytest.mark.parametrize("before", BEFORE)
def test_killed_at_a_system_call(scratch: Path, before: str) -> None:
    calls = calls_of(BEFORE[before](fresh(scratch)))
    wrong = []
    for call in some(calls, 7, before):
        wrong += killed_and_mended(lambda: BEFORE[before](fresh(scratch)), call)
    assert not wrong, f"{len(wrong)} of {len(calls)} calls:\n" + "\n".join(wrong)


def killed_and_mended(prepare: Callable[[], SiteFolder], call: Call) -> list[str]:
    for _ in range(TRIES):
        folder = prepare()
        trees = trees_of(folder)
        code, said, hit = killed_at(folder, call)
        if hit:
            break
    wrong = [] if code == -signal.SIGKILL else [f"exit code {code}: {said}"]
    wrong += whole(folder, trees) + mended(folder, trees)
    return [f"{call}\n  {line}" for line in wrong]


STORIES = 120
"""Enough for the work to be shared by processes."""


@pytest.mark.parametrize("before", ["first", "edit"])
def test_killed_at_a_system_call_of_several_processes(scratch: Path, before: str) -> None:
    """Whichever process comes first to the call is killed; a killed worker ends the build."""

    def prepared() -> SiteFolder:
        folder = BEFORE[before](fresh(scratch), STORIES)
        if before == "edit":  # shared by processes only where many pages change
            folder.write("themes/plain/assets/style.css", "body { color: #222 }\n")
        return folder

    calls = calls_of(prepared(), workers=2)
    step = max(1, len(calls) // 60)
    wrong = []
    chosen = some(calls[::step], 4, before)
    killed = 0
    for call in chosen:
        folder = prepared()
        trees = trees_of(folder)
        code, said, hit = killed_at(folder, call, workers=2)
        killed += hit
        # Processes share the work as it comes, so that maybe none gets to so high a number.
        if code not in (-signal.SIGKILL, 1, *(() if hit else (0,))):
            wrong.append(f"{call}\n  exit code {code}: {said}")
        if code == 1:
            clear = [*said_clearly(said, "E802"), *old_stands(folder, trees.old)]
            wrong += [f"{call}\n  {line}" for line in clear]
        found = whole(folder, trees) + mended(folder, trees)
        wrong += [f"{call}\n  {line}" for line in found]
    assert not wrong, "\n".join(wrong)
    assert killed > 0.8 * len(chosen) - 1, f"{killed} of {len(chosen)} were killed"


def old_stands(folder: SiteFolder, old: object) -> list[str]:
    return [] if folder.tree() == old else ["the old site does not stand after an error"]


# -- at any time ---------------------------------------------------------------------------------

PAGES = 300
KILLS = 200 if EVERY else 15


def variant(folder: SiteFolder, number: int) -> None:
    """Make one of four sites: every page differs from that of another one, and some are no more."""
    folder.write("themes/plain/assets/style.css", f"body {{ color: #{number}{number}{number} }}\n")
    folder.story("s0", title=f"Title {number}")
    for one in range(4):
        path = folder.root / f"content/pages/page-{one}.md"
        if one != number:
            folder.page(f"page-{one}")
        else:
            path.unlink(missing_ok=True)


def test_killed_at_any_time(scratch: Path) -> None:
    chance = random.Random(300)
    folder = a_site(fresh(scratch), PAGES)
    variant(folder, 0)
    started = time.monotonic()
    first = start(folder, "--workers", "2")
    assert first.communicate(timeout=60)[0]
    length = time.monotonic() - started
    wrong = []
    for number in range(KILLS):
        victim = ("build", "all", "worker")[number % 3]
        variant(folder, (number + 1) % 4)
        trees = trees_of(folder)
        process = start(folder, "--workers", "2")
        try:
            found = killed(process, victim, chance, length)
            if victim == "worker":
                if found == ["exit code 0"]:  # it had done its work
                    found = [] if folder.tree() == trees.new else ["not the new site"]
                else:
                    found += old_stands(folder, trees.old)
            found += whole(folder, trees)
            outcome = folder.build(workers=1)
            if outcome.codes or folder.tree() != trees.new:
                found.append(f"{outcome.codes} {difference(folder.tree(), trees.new)}")
            if folder.build(workers=1).result.rendered:
                found.append("a build without a change rendered something")
            wrong += [f"kill {number} of {victim}: {line}" for line in found]
        finally:
            end(process.pid)
            process.communicate()
    assert not wrong, "\n".join(wrong)


def killed(
    process: subprocess.Popen[str], victim: str, chance: random.Random, length: float
) -> list[str]:
    """Kill a process of a build at some time, and return what is wrong with its end."""
    if victim == "worker":
        worker = first_worker(process)
        time.sleep(chance.uniform(0, length / 6))
        if worker:
            kill(worker)
        said = process.communicate(timeout=60)[1]
        if process.returncode == 0:
            return ["exit code 0"]
        wrong = said_clearly(said, "E802")
        if process.returncode != 1 or "E802" not in said:
            wrong.append(f"exit code {process.returncode}: {said}")
    else:
        time.sleep(chance.uniform(0, length * 1.05))
        if victim == "all":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
        process.wait(60)
        wrong = []
    until = time.monotonic() + 10
    while (left := in_session(process.pid)) and time.monotonic() < until:
        time.sleep(0.02)
    return [*wrong, *(f"process {one} outlives the build" for one in left)]


def first_worker(process: subprocess.Popen[str]) -> int:
    """Wait until a build has a worker, and return its number; 0 where it has ended before."""
    while process.poll() is None:
        workers = [one for one in in_session(process.pid) if one != process.pid]
        if workers:
            return workers[-1]
        time.sleep(0.005)
    return 0


def kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
