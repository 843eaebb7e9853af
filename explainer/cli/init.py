"""`explainer init`: a new site that builds at once."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import click

RENAMED = {"gitignore": ".gitignore"}
"""Files that cannot have their real name here: git would obey them in our own source."""


@click.command(short_help="Start a new site with a small example.")
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.pass_obj
def command(root: Path, folder: Path) -> None:
    """Start a new site in DIR, with a small example.

    Nothing that is there already is overwritten.
    """
    from explainer.diagnostics.excerpt import visible

    site = root / folder
    written = [(site / name, source) for name, source in _scaffold()]
    for top in ("site.toml", "content", *RENAMED.values()):
        if os.path.lexists(site / top):
            place = visible(str(site / top))
            raise click.ClickException(f"{place} is there already; nothing was written.")
    try:
        for target, source in written:
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as file:
                file.write(source.read_bytes())
    except OSError as error:
        place = visible(str(error.filename or site))
        raise click.ClickException(f"Cannot write {place}: {error.strerror}.") from None
    click.echo(_advice(site))


def _scaffold() -> Iterator[tuple[str, Traversable]]:
    """Yield the files of a new site, by their path in it."""
    pending = [("", files("explainer.cli") / "scaffold")]
    while pending:
        path, folder = pending.pop()
        for child in sorted(folder.iterdir(), key=lambda one: one.name):
            name = path + RENAMED.get(child.name, child.name)
            if child.is_dir():
                pending.append((f"{name}/", child))
            else:
                yield name, child


def _advice(site: Path) -> str:
    from explainer.diagnostics.excerpt import visible

    here = os.path.normpath(site)
    program = "explainer" if here == os.curdir else f"explainer -C {shlex.quote(visible(here))}"
    settings = visible(os.path.normpath(site / "site.toml"))
    return (
        f"A new site stands in {'this folder' if here == os.curdir else visible(here)}. "
        f"Put its title and address into {settings}, then:\n\n"
        f"  {program} build\n"
        f'  {program} new story "Your first headline"'
    )
