"""Shows how far a build is: a bar for a person at a terminal, lines for `--verbose`."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from explainer.cli.terminal import is_watched

Step = Callable[[str, int, int], None]
"""Is told of a stage, how much of it is done, and how much there is in all."""

REFRESH = 0.1
"""Seconds between two pictures of the bar."""


@contextmanager
def watching(*, quiet: bool, verbose: bool) -> Iterator[Step]:
    """Give the function that the engine reports its steps to."""
    if verbose:
        lines = _Lines()
        yield lines.step
        lines.finish()
    elif quiet or not is_watched():
        yield _nothing
    else:
        with _bar() as step:
            yield step


def _nothing(stage: str, done: int, total: int) -> None:
    pass


class _Lines:
    """Writes one line for each stage when it has ended."""

    def __init__(self) -> None:
        self.stage = ""
        self.total = 0
        self.started = time.perf_counter()

    def step(self, stage: str, done: int, total: int) -> None:
        if stage != self.stage:
            self.finish()
            self.stage, self.started = stage, time.perf_counter()
        self.total = total

    def finish(self) -> None:
        if self.stage:
            seconds = time.perf_counter() - self.started
            click.echo(f"{self.stage}: {self.total} in {seconds:.2f} s", err=True)


@contextmanager
def _bar() -> Iterator[Step]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    # No thread that refreshes: the engine may fork, and a lock held then is held for ever.
    progress = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        console=Console(stderr=True),
        transient=True,
        auto_refresh=False,
    )
    task = progress.add_task("", total=None)
    shown = 0.0

    def step(stage: str, done: int, total: int) -> None:
        nonlocal shown
        progress.update(task, description=stage, completed=done, total=total)
        if (now := time.monotonic()) - shown >= REFRESH:
            shown = now
            progress.refresh()

    with progress:
        yield step
