"""The map over processes, with the shape of `concurrent.futures.Executor`.

Another executor can take the place of ours. A task is a function of a module with plain
arguments, and what many tasks need is handed over once, as `Shared`.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Executor

T = TypeVar("T")
R = TypeVar("R")

WORTH_IT = 100
"""Files or pages from which on further processes save more than they cost."""

BATCH = 60
"""Files or pages of one task."""


class WorkerLost(Exception):
    """A process that had work ended in the midst of it."""


_held: dict[str, Any] = {}
_numbers = itertools.count()


class Shared(Generic[T]):
    """Something that all tasks of a stage look at.

    Processes that fork have it at once. Others read it from a file, which lives as long as the
    stage, and each of them only once.
    """

    def __init__(self, value: T) -> None:
        self._token = f"{os.getpid()}-{next(_numbers)}"
        self._path = ""
        _held[self._token] = value

    def get(self) -> T:
        """Return it."""
        if self._token not in _held:
            import pickle

            with open(self._path, "rb") as file:
                _held[self._token] = pickle.load(file)
        return _held[self._token]  # type: ignore[no-any-return]

    def write_down(self) -> None:
        """Let processes that did not fork read it."""
        if self._path:
            return
        import pickle
        import tempfile

        descriptor, self._path = tempfile.mkstemp(prefix="explainer-")
        with open(descriptor, "wb") as file:
            pickle.dump(_held[self._token], file, pickle.HIGHEST_PROTOCOL)

    def drop(self) -> None:
        """Let go of it."""
        _held.pop(self._token, None)
        if self._path:
            with contextlib.suppress(OSError):
                os.unlink(self._path)


def cores() -> int:
    """Return how many processors this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)  # not on macOS
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1


@contextlib.contextmanager
def sharing(value: T) -> Iterator[Shared[T]]:
    """Hand something to the tasks of a stage."""
    shared = Shared(value)
    try:
        yield shared
    finally:
        shared.drop()


class Workers:
    """Runs the tasks of a build."""

    def __init__(self, count: int = 0, make: Callable[[int], Executor] | None = None) -> None:
        self.count = count or cores()
        self._make = make

    def map(
        self,
        task: Callable[[Shared[T], Sequence[Any]], Sequence[R]],
        shared: Shared[T],
        items: Sequence[Any],
        *,
        batch: int = BATCH,
        worth_it: int = WORTH_IT,
    ) -> Iterator[R]:
        """Yield what a task makes of items, in their order; a task takes a `batch` of them.

        Further processes help where there are so many that it is `worth_it`.
        """
        batches = [items[start : start + batch] for start in range(0, len(items), batch)]
        alone = self.count == 1 or len(items) < worth_it
        if alone and (self._make is None or not items):
            for one in batches:
                yield from task(shared, one)
            return
        from concurrent.futures import BrokenExecutor

        try:
            yield from self._spread(task, shared, batches)
        except BrokenExecutor as error:
            raise WorkerLost from error

    def _spread(
        self,
        task: Callable[[Shared[T], Sequence[Any]], Sequence[R]],
        shared: Shared[T],
        batches: Sequence[Sequence[Any]],
    ) -> Iterator[R]:
        with self._executor(shared) as executor:
            futures = deque(executor.submit(task, shared, batch) for batch in batches)
            try:
                while futures:
                    yield from futures.popleft().result()
            except BaseException:
                for future in futures:
                    future.cancel()
                raise

    def _executor(self, shared: Shared[Any]) -> Executor:
        if self._make is not None:
            shared.write_down()
            return self._make(self.count)
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_all_start_methods, get_context

        # Forked processes have all that is loaded already; where fork is not safe, on macOS,
        # processes start anew.
        forks = sys.platform == "linux" and "fork" in get_all_start_methods()
        if not forks:
            shared.write_down()
        context = get_context("fork" if forks else "spawn")
        return ProcessPoolExecutor(
            self.count, mp_context=context, initializer=_begin, initargs=(os.getpid(),)
        )


def _begin(parent: int) -> None:
    """Make a worker end with its parent, however that ends, and leave Ctrl-C to it."""
    import gc
    import signal

    # What was there before the fork is not gone through again, or written to for that: it stays
    # shared. What tasks leave behind is collected, but in larger portions than usual.
    gc.freeze()
    gc.enable()
    gc.set_threshold(20_000, 20, 50)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent(parent)


def end_with_parent(parent: int) -> None:
    """Make this process end with its parent, however that ends."""
    import signal
    import threading

    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
        if os.getppid() != parent:
            os._exit(1)
    else:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    import time

    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)
