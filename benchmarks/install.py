"""Brings the other programs here, each in its own folder, from the package indexes."""

from __future__ import annotations

import json
import shutil
import subprocess
import venv
from collections.abc import Iterable
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent.parent / ".bench"
"""Where other programs are installed; git is told to overlook it."""

HUGO = "0.168.0"
PELICAN = "4.12.0"
MKDOCS = "1.6.1"
MATERIAL = "9.8.1"
ELEVENTY = "3.1.8"
LIGHTHOUSE = "12.8.2"

_PYTHON = {
    "hugo": (f"hugo=={HUGO}",),
    "pelican": (f"pelican[markdown]=={PELICAN}",),
    "mkdocs": (f"mkdocs=={MKDOCS}", f"mkdocs-material=={MATERIAL}"),
}
_NODE = {"eleventy": f"@11ty/eleventy@{ELEVENTY}", "lighthouse": f"lighthouse@{LIGHTHOUSE}"}


def install(names: Iterable[str]) -> None:
    """Install those of the named programs that are not ours and not there yet."""
    for name in names:
        wanted = " ".join(_PYTHON.get(name, ())) or _NODE.get(name, "")
        done = HERE / name / "installed"
        if wanted and not (done.is_file() and done.read_text("utf-8") == wanted):
            HERE.mkdir(exist_ok=True)
            (HERE / ".gitignore").write_text("*\n", encoding="utf-8")
            shutil.rmtree(HERE / name, ignore_errors=True)
            if name in _PYTHON:
                _install_python(name)
            else:
                _install_node(name)
            done.write_text(wanted, encoding="utf-8")


def python(name: str) -> str:
    """Return the Python of a program."""
    return str(HERE / name / "bin" / "python")


@cache
def node() -> str:
    """Return the Node.js that runs when `node` is called: a shim would count as start time."""
    command = ["node", "-p", "process.execPath"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@cache
def node_version() -> str:
    """Return the version of Node.js."""
    command = [node(), "-p", "process.versions.node"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def _install_python(name: str) -> None:
    venv.create(HERE / name, with_pip=True)
    pip = [python(name), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    subprocess.run([*pip, *_PYTHON[name]], check=True)


def _install_node(name: str) -> None:
    if not (shutil.which("node") and shutil.which("npm")):
        raise SystemExit(f"{name} needs Node.js and npm; leave it out with --programs")
    (HERE / name).mkdir()
    package = HERE / name / "package.json"
    package.write_text(json.dumps({"private": True}), encoding="utf-8")
    flags = ["--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    subprocess.run(["npm", "install", *flags, _NODE[name]], cwd=HERE / name, check=True)
