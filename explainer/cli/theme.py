"""`explainer theme new`: a theme of one's own, which stands on another one and works at once."""

from __future__ import annotations

import os
import re
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import click

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
_SHEET = "style.css"
"""Gets the name of the theme: one of the same name would take the place of the parent's."""


@click.group("theme", short_help="Work on themes.")
def command() -> None:
    """Work on themes."""


@command.command("new", short_help="Start a theme of your own.")
@click.argument("name")
@click.option(
    "--extends",
    "parent",
    metavar="THEME",
    default="gazette",
    show_default=True,
    help="The theme that it stands on.",
)
@click.pass_obj
def new(root: Path, name: str, parent: str) -> None:
    """Start a theme NAME in themes/, which changes one thing after the other of another theme.

    Nothing that is there already is overwritten.
    """
    from explainer.diagnostics.excerpt import visible

    _check_name(name)
    _check_parent(root, name, parent)
    folder = root / "themes" / name
    if os.path.lexists(folder):
        place = visible(os.path.normpath(folder))
        raise click.ClickException(f"{place} is there already; nothing was written.")
    try:
        _write(files("explainer.cli") / "theme_scaffold", folder, name, parent)
    except OSError as error:
        place = visible(os.path.normpath(error.filename or folder))
        raise click.ClickException(f"Cannot write {place}: {error.strerror}.") from None
    click.echo(
        f"A new theme stands in {visible(os.path.normpath(folder))}. To use it, write into "
        f'{visible(os.path.normpath(root / "site.toml"))}:\n\n  [site]\n  theme = "{name}"'
    )


def _check_name(name: str) -> None:
    from explainer.diagnostics.excerpt import visible

    if not _NAME.fullmatch(name):
        raise click.UsageError(
            f'"{visible(name)}" cannot be the name of a theme '
            "(use small letters, digits and hyphens)."
        )


def _check_parent(root: Path, name: str, parent: str) -> None:
    from explainer.diagnostics import did_you_mean
    from explainer.diagnostics.excerpt import visible
    from explainer.theme.theme import theme_names

    known = theme_names(root)
    if parent not in known:
        hint = did_you_mean(parent, known) or f"known are {', '.join(known)}"
        raise click.UsageError(f'There is no theme "{visible(parent)}" ({hint}).')
    if name in known:
        raise click.UsageError(f'There is a theme "{name}" already; give yours another name.')


def _write(source: Traversable, target: Path, name: str, parent: str) -> None:
    """Write the files of a folder of the scaffold, with the names of both themes in them."""
    target.mkdir(parents=True)
    for child in sorted(source.iterdir(), key=lambda one: one.name):
        place = target / (f"{name}.css" if child.name == _SHEET else child.name)
        if child.is_dir():
            _write(child, place, name, parent)
        else:
            text = child.read_text("utf-8").replace("$name", name).replace("$parent", parent)
            with place.open("x", encoding="utf-8", newline="\n") as file:
                file.write(text)
