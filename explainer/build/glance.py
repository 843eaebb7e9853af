"""What the system says of the two trees, looked up by another process while this one works.

Asking for the stamps of all outputs is a third of what a build after one edit takes. A second core
does it meanwhile. On one core, and where a site is small, it is done here when it is asked for.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import signal
import sys
from array import array

from explainer.build.commit import Place
from explainer.build.tree import FILE_STAMP, FOLDER_STAMP, Tree, folder_stamps, stamps_of
from explainer.build.workers import end_with_parent

WORTH_IT = 2_000
"""Outputs from which on another process saves more than it costs."""


class Glance:
    """The stamps of the published tree, of the hidden one, and of the published folders."""

    def __init__(self, place: Place, tree: Tree, *, apart: bool) -> None:
        self._place = place
        self._tree = tree
        self._known: list[array[int]] = []
        self._pipe = self._pid = self._request = -1
        self._sizes = (0, 0, 0)
        self._asked = False
        if apart and sys.platform == "linux" and tree.paths.count("\0") >= WORTH_IT:
            with contextlib.suppress(OSError):
                self._begin()

    def published(self) -> array[int]:
        """Return the stamps of the published files."""
        return self._answer(0)

    def hidden(self) -> array[int]:
        """Return the stamps of the hidden files."""
        return self._answer(1)

    def folders(self) -> array[int]:
        """Return the stamps of the published folders: late ones, for others may write there."""
        return self._answer(2)

    def close(self) -> None:
        """Let the other process end."""
        if self._pid > 0:
            os.close(self._pipe)
            os.close(self._request)
            with contextlib.suppress(ProcessLookupError, ChildProcessError):
                os.kill(self._pid, signal.SIGKILL)  # it only looks; nobody asks it any more
                os.waitpid(self._pid, 0)
            self._pid = -1

    def _look(self, number: int) -> array[int]:
        place, tree = self._place, self._tree
        if number < 2:
            return stamps_of((place.target, place.hidden)[number], tree.names())
        return folder_stamps(place.target, tree.folder_names())

    def _answer(self, number: int) -> array[int]:
        if self._pid > 0 and number and not self._asked:
            # From now on, all that somebody else does to the folders must be seen.
            self._asked = True
            with contextlib.suppress(BrokenPipeError):
                os.write(self._request, b"x")
        while self._pid > 0 and len(self._known) <= number:
            if not os.read(self._pipe, 1):  # the other process was killed
                self.close()
                break
            self._known.append(array("q", self._table.read(self._sizes[len(self._known)])))
        return self._known[number] if number < len(self._known) else self._look(number)

    def _begin(self) -> None:
        parent = os.getpid()
        files, folders = self._tree.paths.count("\0") + 1, self._tree.folders.count(b"\0") + 1
        self._sizes = (files * FILE_STAMP, files * FILE_STAMP, folders * FOLDER_STAMP)
        # Not by way of the pipe: it holds little, and the other process would wait to be asked.
        self._table = mmap.mmap(-1, sum(self._sizes))
        self._pipe, writing = os.pipe()
        reading, self._request = os.pipe()
        self._pid = os.fork()
        if self._pid:
            os.close(writing)
            os.close(reading)
            return
        try:  # nothing of the parent may be run here, not even at the end
            # Above all, it must not hold the lock of the output folder.
            low, high = sorted((writing, reading))
            for first, last in ((3, low), (low + 1, high), (high + 1, 256)):
                os.closerange(first, last)
            end_with_parent(parent)
            for number in range(3):
                if number == 2 and not os.read(reading, 1):
                    break
                self._table.write(self._look(number).tobytes())
                os.write(writing, b"x")
        finally:
            os._exit(0)
