"""Builds that are killed, or that the system refuses something, and what must hold afterwards.

strace does it: it follows a build's system calls, and at one of them sends a SIGKILL or makes the
call fail. First a build is followed and its calls are counted; then it is done again for each.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TypeVar

from tests.building import NOW, SiteFolder, tree_of

T = TypeVar("T")

EVERY = bool(os.environ.get("EXPLAINER_KILLS"))
"""Whether to go through every call (`make kills`); else through some of them."""

AT = NOW.isoformat()
"""The build clock of all builds here."""

CALLS = (
    "openat", "creat", "write", "writev", "pwrite64", "rename", "renameat", "renameat2", "link",
    "linkat", "symlink", "symlinkat", "unlink", "unlinkat", "mkdir", "mkdirat", "rmdir", "truncate",
    "ftruncate", "fallocate", "fsync", "fdatasync", "syncfs", "chmod", "fchmod", "fchmodat",
    "utimensat", "copy_file_range", "sendfile",
)  # fmt: skip
"""System calls that change files."""


# -- sites ---------------------------------------------------------------------------------------


def a_site(root: Path, stories: int = 0) -> SiteFolder:
    """Return a small site: every sort of file, and as many further stories as are asked for."""
    folder = SiteFolder(root)
    folder.story("a", topics=["x"]).story("b").story("gone").topic("x").page("about")
    folder.write("static/files/data.bin", bytes(range(256)) * 40)
    for number in range(stories):
        folder.story(f"s{number}", topics=["x"])
    return folder


def edited(folder: SiteFolder) -> None:
    """Change a page, add one, delete one; and files that are copied."""
    folder.story("b", "## What's happened\n\nOther text.", title="Another title").page("added")
    folder.remove("content/stories/gone.md")
    folder.write("static/files/data.bin", b"other").write("static/more.txt", "more")


def edited_again(folder: SiteFolder) -> None:
    """Change what a build after the last one has to do."""
    folder.story("a", title="Yet another title").topic("y").remove("content/pages/about.md")


_clean: dict[tuple[tuple[str, bytes], ...], dict[str, bytes]] = {}


def clean_tree(folder: SiteFolder) -> dict[str, bytes]:
    """Return what a build from nothing makes of the site as it is now."""
    made = ("public", ".public", ".explainer")
    files = {path: data for path, data in tree_of(folder.root).items() if not path.startswith(made)}
    key = tuple(files.items())
    if key not in _clean:
        with tempfile.TemporaryDirectory() as name:
            copy = SiteFolder(Path(name, "site"))
            for path, data in files.items():
                copy.write(path, data)
            _clean[key] = copy.built(workers=1)
    return _clean[key]
