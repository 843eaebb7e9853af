"""Files of the published tree, found by the paths of URLs and opened so that nothing leads out.

A path comes from whoever sends a request. It is not resolved and then compared: each of its
components is opened within the folder before it, and links are not followed. What cannot be had,
for whatever reason, is not there.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

PORTION = 1 << 16
"""Bytes of a file that are held at once while it is sent."""

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# A pipe would be waited for without O_NONBLOCK, and a terminal become ours without O_NOCTTY.
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A file of the tree, to be closed; it stays what it is when the tree is exchanged."""

    path: str
    """Its path in the tree: `stories/x/index.html`."""

    size: int
    """Its bytes when it was opened."""

    descriptor: int

    def read(self, start: int, count: int) -> bytes:
        """Return a portion; a shorter one, or nothing, where the file has become shorter."""
        try:
            return os.pread(self.descriptor, count, start)
        except OSError:
            return b""

    def read_all(self) -> bytes:
        """Return the file as long as it was when it was opened, or what is left of it."""
        data = bytearray()
        while portion := self.read(len(data), self.size - len(data)):
            data += portion
        return bytes(data)

    def __enter__(self) -> OpenFile:
        return self

    def __exit__(
        self,
        sort: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.close(self.descriptor)


def find(folder: Path, path: str) -> OpenFile | None:
    """Open the file that answers to the decoded path of a URL within the site: `stories/x/`."""
    return open_file(folder, f"{path}index.html" if not path or path.endswith("/") else path)


def is_folder(folder: Path, path: str) -> bool:
    """Tell whether a path would lead to a page if a slash came after it."""
    index = open_file(folder, f"{path}/index.html")
    if index is None:
        return False
    with index:
        return True


def open_file(folder: Path, path: str) -> OpenFile | None:
    """Open a plain file by its path in the tree; None where there is none to be had."""
    *parents, name = path.split("/")
    if not all(map(_is_allowed, (*parents, name))):
        return None
    try:
        return _open(folder, parents, name, path)
    except (OSError, ValueError):  # a name that the system cannot hold is a ValueError
        return None


def _is_allowed(name: str) -> bool:
    """Tell whether a component may be looked up at all."""
    if name.startswith("."):  # the folder itself, the one above, what is hidden
        return name == ".well-known"
    return bool(name) and "\\" not in name and "\0" not in name


def _open(folder: Path, parents: list[str], name: str, path: str) -> OpenFile | None:
    place = os.open(folder, _FOLDER)
    try:
        for parent in parents:
            inner = os.open(parent, _FOLDER, dir_fd=place)
            outer, place = place, inner
            os.close(outer)
        descriptor = os.open(name, _FILE, dir_fd=place)
    finally:
        os.close(place)
    try:
        status = os.fstat(descriptor)
    except OSError:
        os.close(descriptor)
        raise
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        return None
    return OpenFile(path, status.st_size, descriptor)
