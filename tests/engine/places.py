"""A sketch on disk: only the files that differ are written."""

from __future__ import annotations

import os
from pathlib import Path

from tests.engine.sketch import Sketch

TOPS = ("content", "static", "themes")


def write(root: Path, sketch: Sketch, known: dict[str, bytes]) -> dict[str, bytes]:
    """Bring the files of a site to what they should be; `known` are those that stand there."""
    files = sketch.files()
    for path in known.keys() - files.keys():
        (root / path).unlink()
        _prune((root / path).parent, root)
    for path, data in files.items():
        if known.get(path) != data:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(data)
    return files


def _prune(folder: Path, root: Path) -> None:
    while folder != root and not os.listdir(folder):
        folder.rmdir()
        folder = folder.parent
