"""`explainer build`: from content to a site that can be put on any server."""

from __future__ import annotations

import os
import time
from pathlib import Path

import click

from explainer.cli.options import OUTPUT_OPTION, Common, common_options
from explainer.cli.program import FINDINGS
from explainer.cli.progress import watching
from explainer.cli.report import counts, report


@click.command(short_help="Build the site.")
@OUTPUT_OPTION
@click.option(
    "--workers",
    metavar="N",
    type=click.IntRange(min=0),
    help="Processes that share the work, over site.toml's; 0 for one on each core.",
)
@common_options
def command(root: Path, common: Common, output: str | None, workers: int | None) -> None:
    """Build the site.

    Only what has changed since the last build is made anew. After an error the site that was
    built before is left as it is.
    """
    from explainer.build import pipeline
    from explainer.diagnostics.excerpt import visible

    if output == "":
        raise click.UsageError("--output needs the name of a folder.")
    options = common.for_engine(output=output, workers=workers)
    started = time.perf_counter()
    with watching(quiet=common.quiet, verbose=common.verbose) as progress:
        result = pipeline.build(root, options, progress)
    seconds = time.perf_counter() - started
    report(result.diagnostics, root, common.format)
    if not common.quiet:
        if summary := counts(result.diagnostics):
            click.echo(summary, err=True)
        if result.ok:
            pages = f"{result.pages} page{'' if result.pages == 1 else 's'}"
            place = visible(_shown(Path(output) if output else root / result.output))
            line = f"{pages} in {seconds:.2f} s, in {place}/"
            to_stderr = common.format != "text"
            if common.verbose:
                made = f"{result.rendered} rendered, {result.reused} reused, "
                click.echo(f"{made}{result.deleted} deleted", err=to_stderr)
            click.echo(line, err=to_stderr)
    if not result.ok:
        raise click.exceptions.Exit(FINDINGS)


def _shown(output: Path) -> str:
    """Return the output folder as the user would type it from here."""
    folder = os.path.abspath(output)
    relative = os.path.relpath(folder)
    return folder if relative.startswith(os.pardir) else relative
