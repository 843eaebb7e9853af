"""Tells that something of a site has changed on the disk, and gathers what changes together.

What has changed is for the build to find out; here it only matters that it is time for one.
"""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver, ObservedWatch
from watchdog.observers.polling import PollingObserver

from explainer.config import FILE_NAME
from explainer.content.reader import is_ignored

FOLDERS = ("content", "themes", "static")
"""Folders of a site that it is made from."""

SETTLED = 0.012
"""Seconds without a further change after which a file that was closed or renamed is taken up."""

OPEN = 0.08
"""The same, where a file may still be written to."""

STORM = 0.2
"""The same, where many files have changed: a checkout, a copy."""

MANY = 5
"""Files from which on it is a storm."""

LONGEST = 5.0
"""Seconds after which changes are taken up even though there is no end of them."""

ABANDONED = 30
"""Seconds after which the lock of git is taken for one that a crash has left behind."""

_KINDS: list[type[FileSystemEvent]] = [
    DirCreatedEvent, DirDeletedEvent, DirMovedEvent,
    FileClosedEvent, FileCreatedEvent, FileDeletedEvent, FileModifiedEvent, FileMovedEvent,
]  # fmt: skip
"""What happens to a file that changes it: not that somebody has opened or read it. The system
tells of nothing else then; a build that reads thousands of files would fill its queue."""

Change = tuple[str, bool]
"""Path relative to the site, and whether nobody writes to it any more."""


class Watcher:
    """Watches the files that a site is made from."""

    def __init__(self, root: Path, tell: Callable[[str, bool], None]) -> None:
        self._root = root.absolute()
        self._handler = _Handler(self._root, tell)
        self._watches: dict[str, ObservedWatch] = {}
        self.polls = False
        """Whether folders are looked through again and again, for want of something better."""

        # What the library says of lost events is no news for a person, but a reason to look.
        self._log = _Log(tell)
        logging.getLogger("watchdog").addHandler(self._log)
        logging.getLogger("watchdog").propagate = False
        self._observer: BaseObserver = Observer()
        try:
            self._observer.start()
            self._schedule(str(self._root), recursive=False)
            self.watch(())
        except OSError:  # the system gives no more watches
            self._poll()

    def _poll(self) -> None:
        self.close()
        self.polls = True
        self._watches = {}
        self._observer = PollingObserver(timeout=1)
        self._observer.start()
        self._schedule(str(self._root), recursive=False)
        self.watch(())

    def watch(self, others: Iterable[str]) -> None:
        """Watch the folders of the site that there are now, and `others` outside of it."""
        wanted = {str(self._root / name) for name in FOLDERS if (self._root / name).is_dir()}
        wanted |= {name for name in others if os.path.isdir(name)}
        known = self._watches.keys() - {str(self._root)}
        for name in known - wanted:
            self._observer.unschedule(self._watches.pop(name))
        try:
            for name in wanted - known:
                self._schedule(name, recursive=True)
        except OSError:
            if self.polls:
                raise
            self._poll()
            self.watch(others)

    def _schedule(self, name: str, *, recursive: bool) -> None:
        self._watches[name] = self._observer.schedule(
            self._handler, os.path.realpath(name), recursive=recursive, event_filter=_KINDS
        )

    def close(self) -> None:
        """Stop watching."""
        logging.getLogger("watchdog").removeHandler(self._log)
        if self._observer.is_alive():
            self._observer.stop()
            self._observer.join()


class _Log(logging.Handler):
    """Takes it for a change of anything when the system has more to tell than its queue holds."""

    def __init__(self, tell: Callable[[str, bool], None]) -> None:
        super().__init__()
        self._tell = tell

    def emit(self, record: logging.LogRecord) -> None:
        """Look at what the library reports."""
        if "overflow" in record.getMessage().lower():
            self._tell("content", True)


class _Handler(FileSystemEventHandler):
    """Sorts out what is none of the site's; called in the observer's thread."""

    def __init__(self, root: Path, tell: Callable[[str, bool], None]) -> None:
        self._root = str(root)
        self._real = os.path.realpath(root)
        self._tell = tell

    def on_any_event(self, event: FileSystemEvent) -> None:
        kind = event.event_type
        if not isinstance(event, tuple(_KINDS)):
            return
        settled = kind in ("moved", "deleted", "closed") or event.is_directory
        for path in {os.fsdecode(event.src_path), os.fsdecode(event.dest_path)} - {""}:
            name = self._name(path)
            if name and self._counts(name):
                self._tell(name, settled)

    def _name(self, path: str) -> str:
        for start in (self._root, self._real):
            if path.startswith(start + os.sep):
                return path[len(start) + 1 :].replace(os.sep, "/")
        return path

    def _counts(self, name: str) -> bool:
        top, *rest = name.split("/")
        if os.path.isabs(name):  # of a theme outside of the site
            return True
        if top not in FOLDERS:
            return name == FILE_NAME
        return top == "static" or not any(map(is_ignored, rest))


class Changes:
    """Gathers changes until it is time for a build."""

    def __init__(self, root: Path) -> None:
        self._loop = asyncio.get_running_loop()
        self._came = asyncio.Event()
        self._open: set[str] = set()
        self._paths: dict[str, None] = {}
        self._git = _git_lock(root.absolute())

    def tell(self, path: str, settled: bool) -> None:
        """Take a change; may be called in any thread."""
        try:
            self._loop.call_soon_threadsafe(self._take, path, settled)
        except RuntimeError:  # the loop has ended
            return

    def _take(self, path: str, settled: bool) -> None:
        self._paths[path] = None
        if settled:
            self._open.discard(path)
        else:
            self._open.add(path)
        self._came.set()

    async def gathered(self) -> list[str]:
        """Wait for changes, and return the paths once no more of them follow."""
        await self._came.wait()
        started = time.monotonic()
        while time.monotonic() - started < LONGEST:
            self._came.clear()
            many = len(self._paths) > MANY
            pause = STORM if many else OPEN if self._open else SETTLED
            try:
                await asyncio.wait_for(self._came.wait(), pause)
            except TimeoutError:
                if not self._git_works():
                    break
                self._came.set()
                await asyncio.sleep(SETTLED)
        paths = list(self._paths)
        self._paths.clear()
        self._open.clear()
        self._came.clear()
        return paths

    def _git_works(self) -> bool:
        """Tell whether git is in the midst of changing files."""
        try:
            return self._git is not None and time.time() - self._git.stat().st_mtime < ABANDONED
        except OSError:
            return False


def _git_lock(root: Path) -> Path | None:
    """Return the file that git holds while it changes files; None outside of a repository."""
    for folder in (root, *root.parents):
        git = folder / ".git"
        if git.is_dir():
            return git / "index.lock"
        if git.is_file():  # a worktree
            named = git.read_text("utf-8", "replace").removeprefix("gitdir:").strip()
            return folder / named / "index.lock"
    return None
