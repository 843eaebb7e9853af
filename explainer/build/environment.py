"""What shapes an output besides the site itself: our own code, libraries, the time zone's rules."""

from __future__ import annotations

import os
import sys
import unicodedata
import zoneinfo
from pathlib import Path

import explainer
from explainer.fingerprint import digest

LIBRARIES = (
    "ahocorasick_rs", "babel", "jinja2", "linkify_it_py", "markdown_it_py", "markupsafe",
    "mdit_py_plugins", "msgspec", "pillow", "pygments", "pyyaml", "resvg_py", "tzdata",
    "uharfbuzz",
)  # fmt: skip
"""Distributions whose version may change what is written, as their folders name them."""


def environment(timezone: str) -> str:
    """Return a digest of all that shapes outputs and is no part of the site.

    Contents are looked at, never times: a fresh installation of the same code is the same.
    """
    python = f"{sys.version_info[:3]} {unicodedata.unidata_version} {sys.implementation.name}"
    return digest(python, _code(), *_versions(), _zone(timezone))


def _code() -> bytes:
    """Return the source of this program."""
    root = Path(explainer.__file__).parent
    parts = []
    for folder, folders, names in os.walk(root):
        if folder == str(root):
            folders[:] = [name for name in folders if name != "themes"]
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(names):
            if name.endswith(".py"):
                path = os.path.join(folder, name)
                with open(path, "rb") as file:
                    parts += [os.path.relpath(path, root).encode(), file.read()]
    return b"\0".join(parts)


def _versions() -> list[str]:
    """Return name and version of each library, as its folder of metadata tells them.

    importlib.metadata would say the same, but takes longer to import than a build without change.
    """
    found: dict[str, str] = {}
    for folder in dict.fromkeys(sys.path):
        try:
            names = os.listdir(folder or ".")
        except OSError:
            continue
        for name in names:
            if name.endswith(".dist-info"):
                bare, _, version = name.removesuffix(".dist-info").partition("-")
                library = bare.lower().replace(".", "_")
                if library in LIBRARIES:
                    found.setdefault(library, version)
    return [f"{name} {found.get(name) or _by_file(name)}" for name in LIBRARIES]


def _by_file(library: str) -> str:
    """Return what tells one installation without metadata from another: its first file."""
    from importlib.util import find_spec

    name = {"pyyaml": "yaml", "markdown_it_py": "markdown_it", "linkify_it_py": "linkify_it",
            "pillow": "PIL"}  # fmt: skip
    spec = find_spec(name.get(library, library))
    return spec.origin or "" if spec is not None else ""


def _zone(key: str) -> bytes:
    """Return the rules of a time zone as zoneinfo would read them."""
    for folder in zoneinfo.TZPATH:
        try:
            with open(os.path.join(folder, *key.split("/")), "rb") as file:
                return file.read()
        except (OSError, ValueError):
            continue
    return b""  # the package tzdata has it, whose version counts already
