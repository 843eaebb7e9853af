"""The options that `build` and `check` share."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from explainer.cli.clock import parse_now, read_clock

if TYPE_CHECKING:
    from explainer.build.pipeline import Options

FORMATS = ("text", "json", "github", "sarif")


@dataclass(frozen=True, slots=True, kw_only=True)
class Common:
    """What was asked for, of a command that reads the site."""

    quiet: bool
    verbose: bool
    base_url: str | None
    drafts: bool
    now: datetime | None
    strict: bool
    format: str
    """One of `FORMATS`."""

    def for_engine(self, output: str | None = None, workers: int | None = None) -> Options:
        """Return the options of the engine; here the clock is read."""
        from explainer.build.pipeline import Options

        return Options(
            output=output,
            base_url=self.base_url,
            drafts=self.drafts,
            now=read_clock(self.now),
            strict=self.strict,
            workers=workers,
        )


def _parse_base_url(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """Return the address with a slash at its end; anything else is wrong usage."""
    if value is None:
        return None
    from explainer.config import parse_base_url
    from explainer.diagnostics.excerpt import visible

    parsed = parse_base_url(value)
    if parsed is None:
        raise click.BadParameter(
            f'"{visible(value)}" is not the address of a site: write https://example.org/news/'
        )
    return parsed


INPUT_OPTIONS = (
    click.option(
        "--base-url",
        metavar="URL",
        callback=_parse_base_url,
        help="Address of the site, over site.toml's.",
    ),
    click.option("--drafts", is_flag=True, help="Take drafts in."),
    click.option(
        "--now",
        metavar="ISO8601",
        callback=parse_now,
        help="Pretend that it is this date; UTC unless it has a zone. "
        "Default: SOURCE_DATE_EPOCH, or the clock.",
    ),
)
"""Options that change what the site is."""

OUTPUT_OPTION = click.option(
    "-o",
    "--output",
    metavar="DIR",
    type=click.Path(file_okay=False),
    help="Folder to write the site to, over site.toml's; from the current folder.",
)

_OPTIONS = (
    click.option("-q", "--quiet", is_flag=True, help="Show findings only."),
    click.option("-v", "--verbose", is_flag=True, help="Show each step and how long it took."),
    *INPUT_OPTIONS,
    click.option("--strict", is_flag=True, help="Take warnings for errors."),
    click.option(
        "--format",
        type=click.Choice(FORMATS, case_sensitive=False),
        default="text",
        show_default=True,
        help="Form of the findings: text goes to standard error, the others to standard output.",
    ),
)


def common_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add the shared options to a command, which is given the site's folder and a `Common`."""

    def command(root: Path, /, **given: Any) -> None:
        if given["quiet"] and given["verbose"]:
            raise click.UsageError("--quiet and --verbose do not go together.")
        names = Common.__dataclass_fields__
        common = Common(**{name: given.pop(name) for name in names})
        function(root, common, **given)

    decorated: Callable[..., None] = functools.update_wrapper(click.pass_obj(command), function)
    for option in reversed(_OPTIONS):
        decorated = option(decorated)
    return decorated
