"""Tells that something of a site has changed on the disk, and gathers what changes together.

What has changed is for the build to find out; here it only matters that it is time for one.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
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
"""Seconds after which git is not waited for any more: a crash may have left its lock behind."""

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
        self._handler = _Handler(self._root, self._told)
        self._tell = tell
        self._observer: BaseObserver | None = None
        self._watches: dict[str, ObservedWatch] = {}
        self._replaced: set[str] = set()
        """Watched folders that may be others by now: a watch stays with the old one."""

        self._grown = False
        """Whether there are folders in them that were not there before."""

        self.polls = False
        """Whether folders are looked through again and again, for want of something better."""

        # What the library says of lost events is no news for a person, but a reason to look.
        self._log = _Log(self._lost)
        logging.getLogger("watchdog").addHandler(self._log)
        logging.getLogger("watchdog").propagate = False
        try:
            self._start(Observer())
            self.watch(())
        except OSError:  # the system gives no more watches
            self._poll(())

    def _start(self, observer: BaseObserver) -> None:
        self._observer = observer
        self._watches = {}
        observer.start()
        self._schedule(str(self._root), recursive=False)

    def _poll(self, others: Iterable[str]) -> None:
        self._stop()
        self.polls = True
        self._start(PollingObserver(timeout=1))
        self.watch(others)

    def watch(self, others: Iterable[str]) -> set[str]:
        """Watch the folders of the site that there are now, and `others` outside of it.

        Returns those that were not watched before: what has happened in them until now was not
        told.
        """
        others = set(map(os.path.realpath, others))
        wanted = {str(self._root / name) for name in FOLDERS} | others
        wanted = {name for name in wanted if os.path.isdir(name)}
        grown, self._grown = self._grown, False
        try:
            new = self._renew(wanted, self._replaced & self._below())
            if (new or grown) and not self.polls and not _all_watched(self._below()):
                # Maybe a folder is another one by now, and that was not told yet.
                new |= self._renew(wanted, self._below())
                if not _all_watched(self._below()):
                    raise OSError(errno.ENOSPC, "not every folder is watched")
        except OSError:
            if self.polls:
                raise
            self._poll(others)
            return self._below()
        return new

    def _renew(self, wanted: set[str], replaced: set[str]) -> set[str]:
        """Watch other folders, and some of them anew; return those that were not watched."""
        assert self._observer is not None
        for name in (self._below() - wanted) | replaced:
            self._replaced.discard(name)
            self._observer.unschedule(self._watches.pop(name))
        new = wanted - self._watches.keys()
        for name in new:
            with suppress(FileNotFoundError, NotADirectoryError):  # has just gone: we are told
                self._schedule(name, recursive=True)
        return new

    def _below(self) -> set[str]:
        """Return the folders that are watched with all that is in them."""
        return self._watches.keys() - {str(self._root)}

    def _schedule(self, name: str, *, recursive: bool) -> None:
        assert self._observer is not None
        self._watches[name] = self._observer.schedule(
            self._handler, os.path.realpath(name), recursive=recursive, event_filter=_KINDS
        )

    def _told(self, name: str, settled: bool, is_folder: bool) -> None:
        folder = str(self._root / name)
        if folder in self._watches:
            self._replaced.add(folder)
        self._grown |= is_folder
        self._tell(name, settled)

    def _lost(self) -> None:
        """Take it for a change of anything that the system had more to tell than it could hold."""
        self._replaced.update(self._watches)
        self._tell("content", True)

    def _stop(self) -> None:
        if self._observer is not None and self._observer.is_alive():
            self._observer.stop()
            self._observer.join()

    def close(self) -> None:
        """Stop watching."""
        logging.getLogger("watchdog").removeHandler(self._log)
        self._stop()


def _all_watched(roots: Iterable[str]) -> bool:
    """Tell whether the system watches for this process as many folders as there are.

    The library keeps silent about folders in a folder that it could not watch. Only Linux has
    such a limit, and only Linux tells what is watched.
    """
    before: set[str] | None = None
    while True:
        # A folder may be reached on two ways; that of the site is the one more.
        folders = {os.path.realpath(one) for root in roots for one, _, _ in os.walk(root)}
        watched = 0
        try:
            for name in os.listdir("/proc/self/fd"):
                with suppress(FileNotFoundError):
                    if os.readlink(f"/proc/self/fd/{name}") == "anon_inode:inotify":
                        lines = Path(f"/proc/self/fdinfo/{name}").read_text("ascii").splitlines()
                        watched += sum(line.startswith("inotify ") for line in lines)
        except OSError:
            return True
        if watched > sum(os.access(one, os.R_OK) for one in folders):
            return True
        if folders == before:
            return False
        before = folders  # those that have just come may not be watched yet
        time.sleep(0.2)


class _Log(logging.Handler):
    """Hears from the library that the system had more to tell than its queue holds."""

    def __init__(self, lost: Callable[[], None]) -> None:
        super().__init__()
        self._lost = lost

    def emit(self, record: logging.LogRecord) -> None:
        """Look at what the library reports."""
        if "overflow" in record.getMessage().lower():
            self._lost()


class _Handler(FileSystemEventHandler):
    """Sorts out what is none of the site's; called in the observer's thread."""

    def __init__(self, root: Path, tell: Callable[[str, bool, bool], None]) -> None:
        self._root = str(root)
        self._real = os.path.realpath(root)
        self._tell = tell

    def on_any_event(self, event: FileSystemEvent) -> None:
        kind = event.event_type
        settled = kind in ("moved", "deleted", "closed") or event.is_directory
        for path in {os.fsdecode(event.src_path), os.fsdecode(event.dest_path)} - {""}:
            name = self._name(path)
            if name and self._counts(name):
                self._tell(name, settled, event.is_directory)

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
        if not self._paths:  # else the last one who waited was called away
            await self._came.wait()
        started = time.monotonic()
        while time.monotonic() - started < (ABANDONED if self._git_works() else LONGEST):
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
