"""Little is imported where little is to be done: a start takes longer than the work."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from explainer import __version__
from tests.building import SiteFolder
from tests.engine.faults import AT, ENVIRONMENT, PROGRAM, a_site

LIBRARIES = {"click", "jinja2", "markdown_it", "yaml", "msgspec", "rich", "babel", "pygments"}
RENDERING = {
    "jinja2", "markdown_it", "mdit_py_plugins", "yaml", "babel", "rich", "pygments", "watchdog",
    "multiprocessing", "concurrent", "explainer.theme.templates", "explainer.content.prose",
    "PIL", "explainer.pictures.make",
    "resvg_py", "uharfbuzz",
}  # fmt: skip
"""What a build needs only where it reads or renders something."""


def imported_by(*arguments: str) -> set[str]:
    """Return the modules that a call of the program imports, and the packages they are in."""
    command = [sys.executable, "-X", "importtime", *PROGRAM[1:], *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=ENVIRONMENT)
    assert done.returncode == 0, done.stderr
    lines = (line for line in done.stderr.splitlines() if line.startswith("import time:"))
    names = {line.rpartition("|")[2].strip() for line in lines}
    return names | {name.partition(".")[0] for name in names}


def build(folder: SiteFolder) -> set[str]:
    return imported_by("-C", str(folder.root), "build", "--now", AT)


def test_version_imports_no_library() -> None:
    found = imported_by("--version")
    assert "explainer.cli" in found
    assert not found & LIBRARIES


def test_version_says_what_the_whole_program_says() -> None:
    def said(*arguments: str) -> tuple[int, str, str]:
        done = subprocess.run(
            [*PROGRAM, *arguments], capture_output=True, text=True, check=False, env=ENVIRONMENT
        )
        return done.returncode, done.stdout, done.stderr

    assert said("--version") == (0, f"explainer {__version__}\n", "")
    assert said("-C", ".", "--version") == said("--version")


@pytest.mark.skipif(os.name == "nt", reason="pipes of Unix")
def test_version_has_a_reader_that_goes_away() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [*PROGRAM, "--version"]
    environment = {name: text for name, text in os.environ.items() if name != "PYTHONUNBUFFERED"}
    done = subprocess.run(
        command, stdout=writing, stderr=subprocess.PIPE, check=False, env=environment
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, b"")


def test_a_build_without_a_change_imports_nothing_that_renders(tmp_path: Path) -> None:
    folder = a_site(tmp_path / "site")
    assert build(folder) & RENDERING  # the names are right
    for _ in range(2):
        assert not build(folder) & RENDERING


def test_only_a_new_picture_needs_what_draws_it(tmp_path: Path) -> None:
    folder = SiteFolder(tmp_path / "site", "gazette").story("a").story("b")
    drawing = {"resvg_py", "uharfbuzz"}
    assert build(folder) >= drawing
    assert not build(folder) & (RENDERING | drawing)
    assert not build(folder.story("a", "Another text.")) & drawing
    assert build(folder.story("a", "Another text.", title="Another title")) >= drawing


def test_nor_does_it_where_a_file_was_touched_only(tmp_path: Path) -> None:
    folder = a_site(tmp_path / "site")
    build(folder)
    os.utime(folder.root / "content/stories/a.md")
    assert not build(folder) & RENDERING
