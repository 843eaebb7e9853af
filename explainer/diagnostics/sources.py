"""The files of a site, to show the lines that findings are about."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

MAX_BYTES = 4 * 1024 * 1024
"""Larger files are not opened again just to show a line of them."""


def source_reader(root: Path) -> Callable[[str], str | None]:
    """Return a function that gives the text of a file of the site, as far as that is possible.

    It reads inside the site only: a link in untrusted content could lead to a private file.
    """

    def read(path: str) -> str | None:
        try:
            file = (root / path).resolve(strict=True)
            inside = file.is_relative_to(root.resolve())
            if not inside or not file.is_file() or file.stat().st_size > MAX_BYTES:
                return None
            return file.read_bytes().decode("utf-8", "replace")
        except (OSError, ValueError, RuntimeError):
            return None

    return read


def lines_of(text: str | None) -> list[str]:
    """Split a file into lines as its reader counts them, without a byte order mark."""
    if text is None:
        return []
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
