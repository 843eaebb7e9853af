"""`explainer check`: name everything that is wrong, write nothing."""

from __future__ import annotations

import time
from pathlib import Path

import click

from explainer.cli.options import Common, common_options
from explainer.cli.program import FINDINGS
from explainer.cli.report import counts, report


@click.command(short_help="Name everything that is wrong; write nothing.")
@common_options
def command(root: Path, common: Common) -> None:
    """Name everything that is wrong in the site, and write nothing."""
    from explainer.build import pipeline

    started = time.perf_counter()
    result = pipeline.check(root, common.for_engine())
    seconds = time.perf_counter() - started
    report(result.diagnostics, root, common.format)
    if not common.quiet:
        summary = counts(result.diagnostics) or "no errors, no warnings"
        if common.verbose:
            summary += f" ({result.pages} pages, {seconds:.2f} s)"
        to_stderr = bool(result.diagnostics) or common.format != "text"
        click.echo(summary, err=to_stderr)
    if not result.ok:
        raise click.exceptions.Exit(FINDINGS)
