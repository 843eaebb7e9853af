"""Pictures that were made before, by content: nothing is encoded twice.

The cache is shared by all builds of a site, to whatever folder, and by its live preview. It is
disposable: a file that is not what its digest says counts as missing.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterable
from pathlib import Path

from explainer.fingerprint import DIGEST_SIZE, digest_bytes

FOLDER = ".pictures"
"""Folder of the cache in .explainer/; no output folder can be called so there."""

KEPT_DAYS = 30
"""For how long pictures are kept of which no build has made use."""

_DAY = 24 * 60 * 60
_SWEPT = "swept"
_UNFINISHED = ".new-"


class Cache:
    """Pictures by key; a folder of None remembers nothing."""

    def __init__(self, folder: Path | None) -> None:
        # A link could lead to files of others, which must not be swept.
        leads_away = folder is not None and (folder.is_symlink() or folder.parent.is_symlink())
        self.folder = None if leads_away else folder

    def get(self, key: str) -> bytes | None:
        """Return a picture; None where it is not there, or not whole."""
        if self.folder is None:
            return None
        path = self._path(self.folder, key)
        try:
            data = path.read_bytes()
        except OSError:
            return None
        content = data[DIGEST_SIZE:]
        if data[:DIGEST_SIZE] == digest_bytes(key.encode() + content):
            return content
        with contextlib.suppress(OSError):
            path.unlink()
        return None

    def put(self, key: str, content: bytes) -> None:
        """Keep a picture; where that cannot be, it is made again another time."""
        if self.folder is None:
            return
        path = self._path(self.folder, key)
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            unfinished = path.with_name(f"{_UNFINISHED}{os.urandom(8).hex()}")
            try:
                unfinished.write_bytes(digest_bytes(key.encode() + content) + content)
                os.replace(unfinished, path)
            except OSError:
                unfinished.unlink()

    @staticmethod
    def _path(folder: Path, key: str) -> Path:
        return folder / key[:2] / key[2:]

    def is_due(self) -> bool:
        """Tell whether it is a day since the cache was swept."""
        if self.folder is None:
            return False
        try:
            return time.time() - os.stat(self.folder / _SWEPT).st_mtime > _DAY
        except OSError:
            return self.folder.is_dir()

    def sweep(self, used: Iterable[str]) -> None:
        """Remove what has not been used for `KEPT_DAYS`; `used` are keys of the site as it is."""
        if self.folder is None:
            return
        now = time.time()
        with contextlib.suppress(OSError):
            for key in used:
                with contextlib.suppress(FileNotFoundError):
                    os.utime(self._path(self.folder, key), (now, now))
            for folder, _, names in os.walk(self.folder):
                for name in names:
                    path = os.path.join(folder, name)
                    days = 1 if name.startswith(_UNFINISHED) else KEPT_DAYS
                    if os.stat(path).st_mtime < now - days * _DAY:
                        os.unlink(path)
            (self.folder / _SWEPT).write_bytes(b"")
