"""The programs that are measured: where they come from and how each is told to build."""

from __future__ import annotations

import subprocess
import sys
import venv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import explainer

HERE = Path(__file__).parent.parent / ".bench"
"""Where other programs are installed; git is told to overlook it."""

PELICAN = "4.12.0"
HUGO = "0.168.0"
_REQUIREMENTS = (f"pelican[markdown]=={PELICAN}", f"hugo=={HUGO}")
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


def programs() -> tuple[Program, ...]:
    """Return everything that can be measured, ours first."""
    ours = f"explainer {explainer.__version__}"
    return (
        Program("explainer", f"{ours}, plain templates", _explainer),
        Program("explainer-gazette", f"{ours}, gazette and mentions", _explainer),
        Program("pelican", f"Pelican {PELICAN}", _pelican),
        Program("hugo", f"Hugo {HUGO}", _hugo),
    )


def install() -> None:
    """Install the other programs from the package index, unless that was done before."""
    done = HERE / "installed"
    wanted = "\n".join(_REQUIREMENTS)
    if done.is_file() and done.read_text("utf-8") == wanted:
        return
    HERE.mkdir(exist_ok=True)
    (HERE / ".gitignore").write_text("*\n", encoding="utf-8")
    venv.create(HERE / "venv", clear=True, with_pip=True)
    pip = [_python(), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    subprocess.run([*pip, *_REQUIREMENTS], check=True)
    done.write_text(wanted, encoding="utf-8")


def _explainer(output: Path) -> Sequence[str]:
    build = ("build", "--quiet", "--now", _NOW, "--output", str(output))
    return (sys.executable, "-m", "explainer", *build)


def _pelican(output: Path) -> Sequence[str]:
    settings = ("--settings", "pelicanconf.py", "--quiet", "--fatal", "warnings")
    return (_python(), "-m", "pelican", "--output", str(output), *settings)


def _hugo(output: Path) -> Sequence[str]:
    # The command in bin/ is a Python program that starts this one, which costs it 50 ms and more.
    binary = next((HERE / "venv").glob("lib/python*/site-packages/hugo/binaries/hugo*"))
    cache = ("--cacheDir", str(output.with_name("hugo-cache")), "--noBuildLock")
    return (str(binary), "build", "--quiet", "--panicOnWarning", "--destination", str(output),
            *cache)  # fmt: skip


def _python() -> str:
    return str(HERE / "venv" / "bin" / "python")
