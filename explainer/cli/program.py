"""The command `explainer`: finds the command that was asked for and turns ends into exit codes."""

from __future__ import annotations

import importlib
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import click

from explainer import __version__
from explainer.cli.terminal import color_choice

COMMANDS = {
    "build": "explainer.cli.build",
    "check": "explainer.cli.check",
    "clean": "explainer.cli.clean",
    "completion": "explainer.cli.completion",
    "explain": "explainer.cli.explain",
    "init": "explainer.cli.init",
    "new": "explainer.cli.new",
    "serve": "explainer.cli.serve",
    "theme": "explainer.cli.theme",
    "why": "explainer.cli.why",
}
"""Name of a command -> the module that holds it as `command`."""

FINDINGS, INTERRUPTED = 1, 130
"""Exit codes besides 0 (fine) and 2 (wrong usage, click's own)."""

DEBUG = "EXPLAINER_DEBUG"
"""Environment variable that asks for the traceback of an internal error."""


class Program(click.Group):
    """A group that imports a command when it is called, and never shows a traceback."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, for the help text and for completion."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command of this name."""
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(COMMANDS[cmd_name]).command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; a mistyped name gets the nearest one as a hint."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-") and not ctx.resilient_parsing:
            from explainer.diagnostics import did_you_mean
            from explainer.diagnostics.excerpt import visible

            hint = did_you_mean(name, COMMANDS) or f"one of {', '.join(COMMANDS)}"
            ctx.fail(f'There is no command "{visible(name)}" ({hint}).')
        return super().resolve_command(ctx, args)

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> NoReturn:
        """Run the program and end the process with 0, 1, 2 or 130."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                # A terminal without UTF-8 shows \u2026 then, instead of ending in an error.
                stream.reconfigure(errors="backslashreplace")
        try:
            code = super().main(args, "explainer", complete_var, standalone_mode=False, **extra)
            sys.stdout.flush()
        except click.ClickException as error:
            error.show()
            sys.exit(error.exit_code)
        except (click.Abort, KeyboardInterrupt):
            click.echo("interrupted", err=True)
            sys.exit(INTERRUPTED)
        except BrokenPipeError:
            leave_quietly()
        except Exception as error:
            _report_internal(error)
        sys.exit(code if isinstance(code, int) else 0)


def leave_quietly() -> NoReturn:
    """End where the reader of a pipe went away (`explainer explain | head`)."""
    # Python flushes at the end: into nowhere, or it would complain of the broken pipe again.
    null = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            os.dup2(null, stream.fileno())
        except (OSError, ValueError):
            continue
    sys.exit(FINDINGS)


def _report_internal(error: Exception) -> NoReturn:
    if os.environ.get(DEBUG):
        import traceback

        traceback.print_exc()
    else:
        from explainer.diagnostics.excerpt import visible

        said = visible(f"{type(error).__name__}: {error}")
        advice = f"please report it; run again with {DEBUG}=1 for the traceback"
        click.echo(f"internal error ({said}): {advice}", err=True)
    sys.exit(FINDINGS)


@click.group(
    cls=Program,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="`explainer COMMAND --help` shows the options of a command.",
)
@click.option(
    "-C",
    "root",
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    help="Work on the site in DIR instead of the current folder.",
)
@click.version_option(__version__, prog_name="explainer", message="%(prog)s %(version)s")
@click.pass_context
def main(ctx: click.Context, root: Path) -> None:
    """Make a static site of news explainers: stories, questions, topics and papers."""
    ctx.obj = root
    ctx.color = color_choice()
