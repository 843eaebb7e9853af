"""Runs a command and tells how long it took and how much memory it and its children held."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_INTERVAL = 0.01
"""Least seconds between two looks at the memory."""

_REST = 10
"""How many times longer than a look the pause behind it is: looking holds the process up."""


@dataclass(frozen=True, slots=True)
class Timing:
    """How long a command took."""

    seconds: float
    """By the clock on the wall."""

    cpu: float
    """Processor time of the command and its children, user and system."""


class CommandFailed(Exception):
    """A command ended with an error; the message holds the end of what it printed."""


def timed(command: Sequence[str], folder: Path, log: Path) -> Timing:
    """Run a command in a folder and time it."""
    started = time.perf_counter()
    process = _start(command, folder, log)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    _must_have_worked(process, log)
    return Timing(seconds, usage.ru_utime + usage.ru_stime)


def peak_memory(command: Sequence[str], folder: Path, log: Path) -> int:
    """Run a command and return the most bytes that it and its children held at once.

    What processes share counts once: shares of it are summed (PSS). Looking costs time, so a
    run is either timed or watched. Only Linux tells; elsewhere the result is 0.
    """
    process = _start(command, folder, log)
    peak = 0
    while process.poll() is None:
        started = time.perf_counter()
        peak = max(peak, sum(map(_held, _tree(process.pid))))
        time.sleep(max(_INTERVAL, _REST * (time.perf_counter() - started)))
    _must_have_worked(process, log)
    return peak


def _start(command: Sequence[str], folder: Path, log: Path) -> subprocess.Popen[bytes]:
    """Start a command; what it prints goes to a file, for a full pipe would stop it."""
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        # What a program keeps there is gone before the next cold build.
        "HOME": str(log.parent),
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        # The explainer beside this file is measured, wherever another may be installed.
        "PYTHONPATH": str(Path(__file__).parent.parent),
    }
    with log.open("wb") as output:
        return subprocess.Popen(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=output,
            stderr=subprocess.STDOUT,
        )  # fmt: skip


def _must_have_worked(process: subprocess.Popen[bytes], log: Path) -> None:
    if process.returncode:
        end = log.read_text("utf-8", "replace")[-4000:]
        raise CommandFailed(f"{process.args!r} ended with {process.returncode}:\n{end}")


def _tree(pid: int) -> list[int]:
    """Return a process and all its descendants."""
    found = [pid]
    for one in found:
        try:
            tasks = list(Path(f"/proc/{one}/task").iterdir())
            found += [int(child) for task in tasks for child in _words(task / "children")]
        except OSError:
            continue
    return found


def _held(pid: int) -> int:
    """Return the bytes that a process holds; its share only of what it shares."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def _words(path: Path) -> list[str]:
    return path.read_text("ascii").split()
