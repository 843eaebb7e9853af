"""Drawn pictures, kept by what they show: the same picture is drawn once.

The folder is disposable. A picture lies in it under the digest of its SVG and of what draws it, and
under the digest of its own bytes: what was cut short by a crash is drawn again. It is cleaned by
the latter, for these are known of every file that is published.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Collection, Iterator
from pathlib import Path

from explainer.fingerprint import digest, digest_bytes
from explainer.theme import pictures

_SHARD = 2
"""Letters of a picture's name that name the folder in which it lies."""


class Gallery:
    """The pictures of one output folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._shards: dict[str, dict[str, str]] = {}
        """Name of a folder -> digest of an SVG -> file of its picture."""

    def draw(self, svg: str) -> bytes:
        """Return a picture as PNG; raises `CannotDraw`."""
        key = digest(svg, pictures.library())
        found = self._kept(key)
        if found is None:
            found = pictures.png(svg)
            self._keep(key, found)
        return found

    def _kept(self, key: str) -> bytes | None:
        name = self._shard(key[:_SHARD]).get(key)
        if name is None:
            return None
        try:
            content = (self._folder / key[:_SHARD] / name).read_bytes()
        except OSError:
            return None
        return content if _content_of(name) == digest_bytes(content).hex() else None

    def _shard(self, shard: str) -> dict[str, str]:
        if shard not in self._shards:
            names = _names(self._folder / shard)
            self._shards[shard] = {name.partition("-")[0]: name for name in names}
        return self._shards[shard]

    def _keep(self, key: str, content: bytes) -> None:
        """Keep a picture for later builds; where that cannot be, they draw it again."""
        folder = self._folder / key[:_SHARD]
        name = f"{key}-{digest_bytes(content).hex()}.png"
        passing = folder / f".{name}.{os.getpid()}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            passing.write_bytes(content)
            passing.replace(folder / name)
        except OSError:
            with contextlib.suppress(OSError):
                passing.unlink()
            return
        self._shard(key[:_SHARD])[key] = name

    def clean(self, used: Collection[bytes]) -> None:
        """Remove all pictures but those whose contents have some digests."""
        kept = {content.hex() for content in used}
        for shard in _names(self._folder):
            for name in _names(self._folder / shard, hidden=True):
                if _content_of(name) not in kept:
                    with contextlib.suppress(OSError):
                        (self._folder / shard / name).unlink()


def _content_of(name: str) -> str:
    """Return the digest of the content that a file should have; empty where it is no picture."""
    return name.partition("-")[2].removesuffix(".png") if not name.startswith(".") else ""


def _names(folder: Path, *, hidden: bool = False) -> Iterator[str]:
    try:
        names = os.listdir(folder)
    except OSError:
        return
    yield from (name for name in names if hidden or not name.startswith("."))
