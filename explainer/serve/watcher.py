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
    DirAttribEvent,
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
from watchdog.observers.polling import PollingObserverVFS

from explainer.config import FILE_NAME
from explainer.content.reader import is_ignored
from explainer.serve.places import Places, is_within, places_of

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

POLL = 1.0
"""Seconds between two looks through all folders, where the system does not tell of changes."""

_KINDS: list[type[FileSystemEvent]] = [
    DirAttribEvent, DirCreatedEvent, DirDeletedEvent, DirMovedEvent,
    FileClosedEvent, FileCreatedEvent, FileDeletedEvent, FileModifiedEvent, FileMovedEvent,
]  # fmt: skip
"""What happens to a file that changes it: not that somebody has opened or read it. The system
tells of nothing else then; a build that reads thousands of files would fill its queue. A folder is
another one, too, when it may be read from now on."""

Change = tuple[str, bool]
"""Path relative to the site, and whether nobody writes to it any more."""

Watch = tuple[str, bool]
"""A folder, without links on the way, and whether it is watched with all that is in it."""


class Watcher:
    """Watches the files that a site is made from."""

    def __init__(self, root: Path, tell: Callable[[str, bool], None]) -> None:
        self._root = os.path.realpath(root)
        self._handler = _Handler(self._root, self._told)
        self._tell = tell
        self._observer: BaseObserver | None = None
        self._watches: dict[Watch, ObservedWatch] = {}
        self._replaced: set[Watch] = set()
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

    def _poll(self, others: Iterable[str]) -> None:
        self._stop()
        self.polls = True
        # By itself it would go through links, round and round where they lead in a circle.
        self._start(PollingObserverVFS(os.lstat, os.scandir, polling_interval=POLL))
        self.watch(others)

    def watch(self, others: Iterable[str]) -> set[str]:
        """Watch the folders of the site that there are now, and themes in `others` outside of it.

        Returns those that were not watched before: what has happened in them until now was not
        told.
        """
        others = set(others)
        grown, self._grown = self._grown, False
        try:
            new = self._follow(others, self._replaced)
            if (new or grown) and not self.polls and not _all_watched(self._watches):
                # Maybe a folder is another one by now, and that was not told yet.
                new |= self._follow(others, self._watches)
                if not _all_watched(self._watches):
                    raise OSError(errno.ENOSPC, "not every folder is watched")
        except OSError:
            if self.polls:
                raise
            self._poll(others)
            new = set(self._watches)
        return {folder for folder, _ in new} - {self._root}

    def _follow(self, others: Iterable[str], replaced: Iterable[Watch]) -> set[Watch]:
        """Watch what there is to watch now, and anew what is `replaced`; return what is new."""
        places, before = places_of(self._root, others), None
        found: set[Watch] = set()
        while places != before:  # else a link could lead elsewhere before it is watched
            self._handler.places = places
            new = self._renew(_wanted(self._root, places), set(replaced))
            found |= new
            replaced, before = (), places
            places = places_of(self._root, others) if new else before
        return found

    def _renew(self, wanted: set[Watch], replaced: set[Watch]) -> set[Watch]:
        """Watch other folders, and some of them anew; return those that were not watched."""
        assert self._observer is not None
        if self.polls:
            # Where a folder is gone, that around it may have been looked at while it was there.
            gone = self._watches.keys() - wanted
            replaced |= {(os.path.dirname(folder), False) for folder, _ in gone}
        for one in self._watches.keys() - (wanted - replaced):
            self._replaced.discard(one)
            self._observer.unschedule(self._watches.pop(one))
        new = set()
        for one in wanted - self._watches.keys():
            # It has just gone, and we are told of it; or it may not be read, and whoever looks
            # through folders has to try it again.
            with suppress(FileNotFoundError, NotADirectoryError, PermissionError):
                self._watches[one] = self._observer.schedule(
                    self._handler, one[0], recursive=one[1], event_filter=_KINDS
                )
                new.add(one)
        return new

    def _told(self, path: str, settled: bool, is_folder: bool) -> None:
        self._replaced.update({(path, True), (path, False)} & self._watches.keys())
        self._grown |= is_folder
        self._tell(self._handler.shown(path), settled)

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


def _wanted(root: str, places: Places) -> set[Watch]:
    """Return what there is to be watched; the settings lie in the site's folder itself."""
    deep = {(folder, True) for folder in places.folders}
    return deep | {(folder, False) for folder in places.around() | {root}}


def _all_watched(watches: Iterable[Watch]) -> bool:
    """Tell whether the system watches for this process as many folders as there are.

    The library keeps silent about folders in a folder that it could not watch. Only Linux has
    such a limit, and only Linux tells what is watched.
    """
    watches = list(watches)
    before: set[str] | None = None
    while True:
        folders = {folder for folder, _ in watches}
        for root in [folder for folder, deep in watches if deep]:
            folders.update(folder for folder, _, _ in os.walk(root))
        watched = 0
        try:
            for name in os.listdir("/proc/self/fd"):
                with suppress(FileNotFoundError):
                    if os.readlink(f"/proc/self/fd/{name}") == "anon_inode:inotify":
                        lines = Path(f"/proc/self/fdinfo/{name}").read_text("ascii").splitlines()
                        watched += sum(line.startswith("inotify ") for line in lines)
        except OSError:
            return True
        if watched >= sum(os.access(one, os.R_OK) for one in folders):
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

    def __init__(self, root: str, tell: Callable[[str, bool, bool], None]) -> None:
        self._root = root
        self._static = os.path.join(root, "static")
        self._tell = tell
        self.places = Places()
        """What is watched; never changed, but replaced."""

    def on_any_event(self, event: FileSystemEvent) -> None:
        kind = event.event_type
        settled = kind in ("moved", "deleted", "closed") or event.is_directory
        for path in {os.fsdecode(event.src_path), os.fsdecode(event.dest_path)} - {""}:
            if self._counts(path):
                self._tell(path, settled, event.is_directory)

    def shown(self, path: str) -> str:
        """Return a path as messages name it: relative to the site where it lies in it."""
        if not path.startswith(self._root + os.sep):
            return path
        return path[len(self._root) + 1 :].replace(os.sep, "/")

    def _counts(self, path: str) -> bool:
        if path in self.places.steps:
            return True
        folder = next((one for one in self.places.folders if is_within(path, [one])), None)
        if folder is None:
            return self.shown(path) == FILE_NAME
        return folder == self._static or not any(map(is_ignored, path[len(folder) :].split("/")))


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
