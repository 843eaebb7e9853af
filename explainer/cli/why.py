"""`explainer why`: which inputs of an output have changed since the last build."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from explainer.cli.clock import read_clock
from explainer.cli.options import INPUT_OPTIONS, OUTPUT_OPTION
from explainer.cli.program import FINDINGS
from explainer.cli.report import report

if TYPE_CHECKING:
    from explainer.build.why import Cause


@click.command(short_help="Tell why an output would be made anew.")
@click.argument("name", metavar="OUTPUT")
@OUTPUT_OPTION
@click.pass_obj
def command(
    root: Path,
    name: str,
    output: str | None,
    base_url: str | None,
    drafts: bool,
    now: datetime | None,
) -> None:
    """Name the inputs of OUTPUT that have changed since the last build, or say that none has.

    OUTPUT is a file of the built site (public/stories/x/index.html) or a URL (/stories/x/). Give
    the options that the build is given.
    """
    from explainer.build.pipeline import Options
    from explainer.build.why import why
    from explainer.diagnostics import did_you_mean
    from explainer.diagnostics.excerpt import visible

    options = Options(output=output, base_url=base_url, drafts=drafts, now=read_clock(now))
    answer = why(root, name, options)
    report(answer.diagnostics, root, "text")
    if answer.diagnostics:
        raise click.exceptions.Exit(FINDINGS)
    if not answer.output:
        hint = did_you_mean(name, answer.known) or "name a file of the built site, or its URL"
        raise click.ClickException(f'The site has no output "{visible(name)}" ({hint}).')
    click.echo(f"{visible(answer.output)} {answer.verdict}")
    for cause in answer.causes:
        click.echo(f"  {_line(cause)}")


for _option in reversed(INPUT_OPTIONS):
    command = _option(command)


def _line(cause: Cause) -> str:
    from explainer.diagnostics.excerpt import visible

    words = visible(cause.input)
    if cause.status:
        words += f" ({cause.status})"
    return f"{words}: {', '.join(cause.aspects)}" if cause.aspects else words
