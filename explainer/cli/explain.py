"""`explainer explain`: what the code of a finding means."""

from __future__ import annotations

import shutil
import textwrap
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


def _complete(ctx: click.Context, param: click.Parameter, begun: str) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    from explainer.diagnostics.codes import CODES

    found = (code for code in CODES if code.startswith(begun.upper()))
    return [CompletionItem(code, help=CODES[code].title) for code in found]


@click.command(short_help="Explain what the code of a finding means.")
@click.argument("code", required=False, shell_complete=_complete)
def command(code: str | None) -> None:
    """Explain what CODE means, with an example; without CODE, list all codes."""
    click.echo(_explained(code) if code else _listed(), nl=False)


def _explained(word: str) -> str:
    from explainer.diagnostics import did_you_mean
    from explainer.diagnostics.codes import CODES
    from explainer.diagnostics.excerpt import visible

    code = word.strip().upper()
    known = CODES.get(code)
    if known is None:
        hint = did_you_mean(code, CODES) or "`explainer explain` lists all of them"
        raise click.UsageError(f'There is no code "{visible(word)}" ({hint}).')
    width = min(shutil.get_terminal_size().columns, 80)
    meaning = textwrap.fill(known.meaning, width, break_on_hyphens=False)
    example = textwrap.indent(known.example, "    ")
    headline = click.style(f"{code} {known.title}", bold=True)
    return f"{headline} ({known.severity})\n\n{meaning}\n\nFor example:\n\n{example}\n"


def _listed() -> str:
    from explainer.diagnostics.codes import CODES, FAMILIES

    parts = []
    for digit, family in FAMILIES.items():
        lines = [f"  {code}  {known.title}" for code, known in CODES.items() if code[1] == digit]
        parts.append("\n".join([click.style(family, bold=True), *lines]) + "\n")
    return "\n".join(parts)
