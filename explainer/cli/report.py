"""Shows the findings of a run, in the form that was asked for."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from explainer import __version__
from explainer.cli.terminal import color_on_stderr

if TYPE_CHECKING:
    from explainer.diagnostics import Diagnostic


def report(diagnostics: tuple[Diagnostic, ...], root: Path, form: str) -> None:
    """Write findings: as text to standard error, in any other form to standard output."""
    if form == "text" and not diagnostics:
        return
    from explainer.diagnostics import formats
    from explainer.diagnostics.sources import source_reader

    if form == "text":
        color = color_on_stderr()
        text = formats.render_text(diagnostics, source_reader(root), color)
        click.echo(text, nl=False, err=True, color=color)
        return
    if form == "json":
        document = formats.render_json(diagnostics)
    elif form == "github":
        document = formats.render_github(diagnostics, repository_prefix(root))
    else:
        document = formats.render_sarif(diagnostics, __version__, repository_prefix(root))
    click.echo(document, nl=False)


def counts(diagnostics: Iterable[Diagnostic]) -> str:
    """Return `3 errors, 1 warning`; an empty text where there is neither."""
    severities = [item.severity.value for item in diagnostics]
    numbers = [(severities.count(word), word) for word in ("error", "warning")]
    return ", ".join(f"{n} {word}{'s' if n > 1 else ''}" for n, word in numbers if n)


def repository_prefix(root: Path) -> str:
    """Return what leads from the root of the repository to the site: `docs/site/`, or nothing.

    GitHub counts paths from the root of the repository, findings count them from the site's.
    """
    site = root.resolve()
    for folder in (site, *site.parents):
        if (folder / ".git").exists():
            prefix = os.path.relpath(site, folder).replace(os.sep, "/")
            return "" if prefix == "." else f"{prefix}/"
    return ""
