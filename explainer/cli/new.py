"""`explainer new`: a file to write an entry in, which teaches its own form."""

from __future__ import annotations

import os
import re
import unicodedata
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from explainer.cli.clock import read_clock
from explainer.cli.program import FINDINGS

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

DATED = re.compile(r"^\d{4}-\d{2}-\d{2}-")
"""The date that a story's file name starts with; it is no part of the slug."""


def _complete(ctx: click.Context, param: click.Parameter, begun: str) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    from explainer.content.model import KINDS

    return [CompletionItem(kind) for kind in KINDS if kind.startswith(begun)]


def _parse_kind(ctx: click.Context, param: click.Parameter, value: str) -> str:
    from explainer.content.model import KINDS
    from explainer.diagnostics import did_you_mean
    from explainer.diagnostics.excerpt import visible

    if value not in KINDS:
        hint = did_you_mean(value, KINDS) or f"one of {', '.join(KINDS)}"
        raise click.UsageError(f'There is no kind "{visible(value)}" ({hint}).', ctx)
    return value


def _parse_date(ctx: click.Context, param: click.Parameter, value: str | None) -> date | None:
    from explainer.diagnostics.excerpt import visible

    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        message = f'"{visible(value)}" is not a day: write 2026-01-15'
        raise click.BadParameter(message) from None


@click.command(short_help="Write the file of a new entry, to be filled in.")
@click.argument("kind", callback=_parse_kind, shell_complete=_complete)
@click.argument("title")
@click.option("--yaml", "as_yaml", is_flag=True, help="Write a YAML file instead of Markdown.")
@click.option("--slug", metavar="SLUG", help="Last part of the URL; default: made of the title.")
@click.option(
    "--date",
    "day",
    metavar="DATE",
    callback=_parse_date,
    help="Day of a story (default: today), or of a question.",
)
@click.pass_obj
def command(
    root: Path, kind: str, title: str, as_yaml: bool, slug: str | None, day: date | None
) -> None:
    """Write a new file of KIND with this TITLE, to be filled in.

    KIND is story, question, topic, paper, author or page. Nothing that is there already is
    overwritten.
    """
    from explainer.cli.form import write_form
    from explainer.config import load_config

    if day is not None and kind not in ("story", "question"):
        raise click.UsageError(f"A {kind} has no date.")
    heading = _clean_title(title)
    name = _checked_slug(heading, slug)
    config, diagnostics = load_config(root)
    if config is None:
        from explainer.cli.report import report

        report(diagnostics, root, "text")
        raise click.exceptions.Exit(FINDINGS)
    if kind == "story" and day is None:
        day = read_clock(None).astimezone(config.zone).date()
    text = write_form(kind, heading, day, config.sections, as_yaml=as_yaml)
    _write(root, kind, name, day, ".yaml" if as_yaml else ".md", text)


def _clean_title(title: str) -> str:
    """Return the title on one line."""
    from explainer.content.yaml import CONTROL
    from explainer.diagnostics.excerpt import visible

    words = " ".join(title.split())
    if not words:
        raise click.UsageError("The title is empty.")
    if CONTROL.search(words):
        raise click.UsageError(f'No page can show this title: "{visible(words)}".')
    return words


def _checked_slug(title: str, given: str | None) -> str:
    """Return the slug: the one that was given, or one made of the title."""
    from explainer.cli.slug import slug_of
    from explainer.content.slugs import is_empty, is_reserved, is_slug
    from explainer.diagnostics.excerpt import visible

    slug = slug_of(title) if given is None else unicodedata.normalize("NFC", given)
    if given is not None and (is_empty(slug) or not is_slug(slug)):
        advice = slug_of(slug)
        hint = f'try "{advice}"' if advice else "use letters, digits and hyphens"
        raise click.UsageError(f'"{visible(slug)}" cannot be part of a URL ({hint}).')
    if not slug:
        raise click.UsageError(
            f'No URL can be made of the title "{visible(title)}": '
            "say with --slug what its address is to end with, such as --slug my-title."
        )
    if is_reserved(slug):
        raise click.UsageError(
            f'Windows keeps the name "{slug}" to itself: choose another with --slug.'
        )
    return slug


def _write(root: Path, kind: str, slug: str, day: date | None, ending: str, text: str) -> None:
    """Write the file, unless the entry is there already in any form or sub-folder."""
    from explainer.content.model import FOLDERS
    from explainer.content.reader import scan
    from explainer.diagnostics.excerpt import visible

    for source in scan(root).entries:
        stem = DATED.sub("", source.stem) if kind == "story" else source.stem
        if source.kind == kind and stem.casefold() == slug.casefold():
            place = visible(source.path)
            raise click.ClickException(
                f'The {kind} "{slug}" is there already, in {place}; nothing was written. '
                "Choose another name with --slug."
            )
    folder = next(name for name, one in FOLDERS.items() if one == kind)
    stem = f"{day.isoformat()}-{slug}" if kind == "story" and day else slug
    file = root / "content" / folder / (stem + ending)
    place = visible(os.path.normpath(file))
    try:
        if not file.parent.resolve().is_relative_to(root.resolve()):
            raise click.ClickException(f"{place} would be outside the site; nothing was written.")
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError:
        raise click.ClickException(f"{place} is there already; nothing was written.") from None
    except OSError as error:
        raise click.ClickException(f"Cannot write {place}: {error.strerror}.") from None
    click.echo(f"wrote {place}")
