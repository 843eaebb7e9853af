"""Files that are published as they are: those beside entries, static/, the theme's assets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from explainer.outputs.output import Making, Output
from explainer.site.links import Site


def outputs(site: Site, assets: Mapping[str, str]) -> Iterator[Output]:
    """Return the linked files of content/, everything in static/, and the theme's assets.

    Pictures are no such files, but for SVG: they are published without their metadata.
    """
    for output, path in site.lists.files.items():
        if path not in site.lists.pictures:
            yield Output(output, "file", path)
    for path in site.lists.static:
        yield Output(path, "file", f"static/{path}")
    yield from of_assets(assets)


def of_assets(assets: Mapping[str, str]) -> Iterator[Output]:
    """Return the theme's assets: name under which one is published -> name with its hash."""
    for published, name in assets.items():
        yield Output(f"assets/{published}", "asset", name)


def render(output: Output, making: Making) -> bytes:
    """Return a file of the site as it is."""
    making.facts.note("file", output.kind)
    return (making.root / output.kind).read_bytes()


def render_asset(output: Output, making: Making) -> bytes:
    """Return an asset; the hash in its name stands for its content."""
    return making.templates.assets.contents[output.kind]
