"""`explainer serve`: shows the site in a browser while it is written."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from explainer.cli.clock import EPOCH, read_clock
from explainer.cli.options import INPUT_OPTIONS
from explainer.cli.program import FINDINGS
from explainer.cli.report import counts, report

if TYPE_CHECKING:
    from explainer.build.pipeline import Options
    from explainer.diagnostics import Diagnostic
    from explainer.serve.builder import Report

HOST, PORT = "127.0.0.1", 8000

EVERYWHERE = ("0.0.0.0", "::")
SHOWN = 2
"""Changed files that a line names."""


@click.command(short_help="Show the site in a browser while it is written.")
@click.option(
    "--host",
    default=HOST,
    show_default=True,
    help="Address to listen on. 0.0.0.0 lets every machine in the network see the site, drafts "
    "and all.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=PORT,
    show_default=True,
    help="Port to listen on; 0 for any that is free.",
)
@click.option("--open", "opens", is_flag=True, help="Open the site in the browser.")
@click.option("-q", "--quiet", is_flag=True, help="Show findings only.")
@click.pass_obj
def command(
    root: Path,
    host: str,
    port: int,
    opens: bool,
    quiet: bool,
    base_url: str | None,
    drafts: bool,
    now: datetime | None,
) -> None:
    """Show the site in a browser, and every change of it as soon as a file is saved.

    The site is built into a folder of its own, never into the one that `build` publishes. Only
    this machine can see it, unless --host says otherwise. Ctrl-C ends it.
    """
    from explainer.build.pipeline import Options
    from explainer.config import FILE_NAME, load_config

    if not (root / FILE_NAME).is_file():
        _, diagnostics = load_config(root)
        report(diagnostics, root, "text")
        raise click.exceptions.Exit(FINDINGS)
    fixed = now is not None or bool(os.environ.get(EPOCH))
    options = Options(
        base_url=base_url, drafts=drafts, now=read_clock(now) if fixed else None, preview=True
    )
    terminal = Terminal(root, opens=opens, quiet=quiet)
    with suppress(KeyboardInterrupt):  # before there is anything to end
        _serve(root, host, port, options, terminal)
    terminal.end()


for _option in reversed(INPUT_OPTIONS):
    command = _option(command)


def _serve(root: Path, host: str, port: int, options: Options, terminal: Terminal) -> None:
    from explainer.serve.hosts import hosts_for
    from explainer.serve.live import Live, Served, hold, open_socket

    try:
        listening = open_socket(host, port)
    except OSError as error:
        raise click.ClickException(_cannot_listen(host, port, error)) from None
    with listening, ExitStack() as stack:
        terminal.address = _address(host, listening.getsockname()[1])
        try:
            stack.enter_context(hold(root, terminal.address))
        except OSError as error:
            raise click.ClickException(
                f"Cannot write to .explainer, where the preview is built: {error.strerror}"
            ) from None
        except Served as other:
            raise click.ClickException(
                f"This site is being served already: {other} shows it."
            ) from None
        terminal.begin(everywhere=host in EVERYWHERE)
        Live(root, options, terminal).run(listening, hosts_for(host))


def _cannot_listen(host: str, port: int, error: OSError) -> str:
    import errno

    from explainer.diagnostics.excerpt import visible
    from explainer.serve.live import free_port

    if error.errno == errno.EADDRINUSE:
        free = free_port(host, port)
        return (
            f"Port {port} is in use by another program. Port {free} is free: "
            f"explainer serve --port {free}"
        )
    reason = error.strerror or str(error)
    return f'Cannot listen on "{visible(host)}", port {port}: {visible(reason)}'


def _address(host: str, port: int) -> str:
    name = "localhost" if host in (*EVERYWHERE, HOST) else host
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


class Terminal:
    """What a person at the terminal is told: one line for each build, and every finding."""

    def __init__(self, root: Path, *, opens: bool, quiet: bool) -> None:
        self.address = ""
        self._root = root
        self._opens = opens
        self._quiet = quiet
        self._known: tuple[Diagnostic, ...] = ()
        self._told_first = False

    def begin(self, *, everywhere: bool) -> None:
        """Tell where the site will be seen."""
        if everywhere:
            click.echo(
                "Every machine in this network can see the site now, drafts and all; "
                "without --host only this one can.",
                err=True,
            )
        self._say(f"The site will be at {self.address}/ - Ctrl-C ends this.")

    def end(self) -> None:
        """Tell that this is the end."""
        self._say("The preview has ended.")

    def built(self, paths: Sequence[str] | None, found: Report) -> None:
        """Tell what came of a build, and which files it was for; None: for any.

        None at all are named where it was for the clock.
        """
        # Errors are told until they are mended, warnings once.
        new = [one for one in found.diagnostics if one not in self._known or _is_error(one)]
        report(tuple(new), self._root, "text")
        self._known = (*self._known, *new) if not found.ok else found.diagnostics
        what = _named(paths or ()) or ("the clock" if paths is not None else "a second look")
        what = what if self._told_first else "first build"
        if not found.ok:
            errors = counts(filter(_is_error, found.diagnostics))
            self._line(what, click.style(f"not built, {errors}", fg="red"))
            return
        self._line(what, f"{found.rendered} of {found.files} rendered, {found.milliseconds} ms")
        if not self._told_first:
            from explainer.site.urls import encoded

            self._told_first = True
            address = f"{self.address}{encoded(found.base_path)}"
            self._say(f"The site is at {address}")
            if self._opens:
                self._open(address)

    def lost(self) -> None:
        """Tell that the process that builds was killed."""
        click.echo("The process that builds was killed, maybe for want of memory.", err=True)

    def polls(self) -> None:
        """Tell that the system gives no more watches."""
        click.echo(
            "The system watches no more files for us (fs.inotify.max_user_watches): looking "
            "through the folders every second instead.",
            err=True,
        )

    def fault(self, error: BaseException) -> None:
        """Tell that a request could not be answered for a fault of ours."""
        from explainer.diagnostics.excerpt import visible

        said = visible(f"{type(error).__name__}: {error}")
        click.echo(f"internal error ({said}): please report it", err=True)

    def _line(self, what: str, came: str) -> None:
        self._say(f"{time.strftime('%H:%M:%S')}  {what}: {came}")

    def _say(self, text: str) -> None:
        if not self._quiet:
            click.echo(text)

    def _open(self, address: str) -> None:
        import webbrowser

        with suppress(webbrowser.Error):
            webbrowser.open(address)


def _is_error(one: Diagnostic) -> bool:
    return one.severity.value == "error"


def _named(paths: Sequence[str]) -> str:
    """Return `content/stories/x.md and 3 more`."""
    from explainer.diagnostics.excerpt import visible

    names = [visible(path) for path in sorted(paths)]
    if len(names) <= SHOWN:
        return " and ".join(names)
    return f"{names[0]} and {len(names) - 1} more"
