"""Files that are published as they are: pictures beside entries, static/, the theme's assets."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from explainer.outputs.output import Making, Output
from explainer.site import Site
from explainer.theme.assets import Assets


def outputs(site: Site, root: Path, assets: Assets) -> Iterator[Output]:
    """Return the linked files of content/, everything in static/, and the theme's assets."""
    for output, path in site.files.items():
        yield Output(output, partial(_copy, root / path))
    for path in site.static:
        yield Output(path, partial(_copy, root / "static" / path))
    for name, content in assets.contents.items():
        yield Output(f"assets/{name}", partial(_given, content))


def _copy(path: Path, making: Making) -> bytes:
    return path.read_bytes()


def _given(content: bytes, making: Making) -> bytes:
    return content
