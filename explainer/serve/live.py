"""One run of `explainer serve`: watches, builds, and tells browsers and the terminal."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import signal
import socket
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import uvicorn

from explainer.build import commit
from explainer.build.pipeline import Options
from explainer.serve.app import create_app
from explainer.serve.builder import News, Report
from explainer.serve.hosts import Hosts
from explainer.serve.preview import Preview
from explainer.serve.process import BuilderLost, BuilderProcess
from explainer.serve.server import server_settings
from explainer.serve.watcher import Changes, Watcher

LOOK_AGAIN = 5.0
"""Seconds without a change after which all files are looked at, once, in case that the system has
not told of one: until then only those were, of which it told."""

LONGEST_SLEEP = 3600.0
"""Seconds; a computer that slept has another idea of how long it is until a moment."""


class Voice(Protocol):
    """What is said in the terminal."""

    def built(self, paths: Sequence[str] | None, report: Report) -> None:
        """Tell what came of a build, and which files it was for; None: for any.

        None at all are named where it was for the clock.
        """

    def lost(self) -> None:
        """Tell that the process that builds was killed."""

    def polls(self) -> None:
        """Tell that the system gives no more watches."""

    def fault(self, error: BaseException) -> None:
        """Tell that a request could not be answered for a fault of ours."""


class Live:
    """The live preview of one site."""

    def __init__(self, root: Path, options: Options, voice: Voice) -> None:
        self._root = root
        self._options = options
        self._voice = voice

    def run(self, listening: socket.socket, hosts: Hosts) -> None:
        """Serve until the process is told to end."""
        asyncio.run(self._run(listening, hosts))

    async def _run(self, listening: socket.socket, hosts: Hosts) -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, stop.set)
        builder = BuilderProcess(self._root, self._options)
        place = commit.preview_place(self._root.absolute())
        preview = Preview(place.target, builder.about)
        changes = Changes(self._root)
        app = create_app(preview, hosts, on_fault=self._voice.fault)
        server = _Server(server_settings(app))
        tasks = [
            asyncio.create_task(self._build_again_and_again(builder, preview, changes)),
            asyncio.create_task(server.serve([listening])),
        ]
        ending = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait([*tasks, ending], return_when=asyncio.FIRST_COMPLETED)
            for task in tasks:
                if task.done():
                    task.result()  # whatever made it end is told
        finally:
            preview.end()
            server.should_exit = server.force_exit = True
            builder.close()
            tasks[0].cancel()
            ending.cancel()
            await asyncio.gather(*tasks, ending, return_exceptions=True)

    async def _build_again_and_again(
        self, builder: BuilderProcess, preview: Preview, changes: Changes
    ) -> None:
        watcher = await asyncio.to_thread(Watcher, self._root, changes.tell)
        try:
            paths: list[str] | None = None  # those of which was told; None: any
            report: Report | None = None
            folders: Sequence[str] = ()
            polls = False
            while True:
                if watcher.polls and not polls:
                    polls = True
                    self._voice.polls()
                # Before the build reads them, for a folder may have come that nobody watches.
                new = await asyncio.to_thread(watcher.watch, folders)
                is_told = paths is not None and not new and not watcher.polls
                touched = frozenset(paths or ()) if is_told else None
                before = report if paths is None else None
                report = await self._build(builder, preview, paths, before, touched)
                folders = report.folders if report else folders
                if new := await asyncio.to_thread(watcher.watch, folders):
                    report = await self._build(builder, preview, sorted(new), report)
                    is_told = False
                until = report.until if report and self._options.now is None else None
                paths = await _next(changes, until, LOOK_AGAIN if is_told else None)
        finally:
            await asyncio.to_thread(watcher.close)

    async def _build(
        self, builder: BuilderProcess, preview: Preview, paths: Sequence[str] | None,
        before: Report | None = None, touched: frozenset[str] | None = None,
    ) -> Report | None:  # fmt: skip
        """Build and tell; nothing is said of a build that comes to the same as the one `before`.

        `touched` are the files to look at; None: all.
        """
        told: list[News] = []

        def tell(news: News) -> None:
            told.append(news)
            preview.publish(news.changed, news.problems, news.base_path)

        try:
            report = await builder.build(tell, touched)
        except BuilderLost:
            self._voice.lost()
            preview.fail([_LOST])
            return None
        if not report.ok:
            preview.fail(report.problems)
        elif not told:
            preview.publish(report.changed, report.problems, report.base_path)
        elif told[-1].problems != report.problems:
            preview.publish((), report.problems, report.base_path)
        is_same = before is not None and before.diagnostics == report.diagnostics
        if report.changed or not is_same:
            self._voice.built(paths, report)
        return report


_LOST = {
    "code": "E802", "severity": "error", "file": "", "line": 0, "column": 0, "end_column": 0,
    "message": "the process that builds was killed, maybe for want of memory",
    "hints": ["save a file to try again"], "source": "",
}  # fmt: skip


async def _next(changes: Changes, until: datetime | None, quiet: float | None) -> list[str] | None:
    """Wait for changes of files, or for the moment at which the clock changes the site.

    Returns None if there was neither for `quiet` seconds.
    """
    ends = time.monotonic() + quiet if quiet is not None else None
    while True:
        waits = []
        if until is not None:
            left = (until - datetime.now(UTC)).total_seconds()
            waits.append(min(max(left, 0), LONGEST_SLEEP))
        if ends is not None:
            waits.append(max(ends - time.monotonic(), 0))
        try:
            return await asyncio.wait_for(changes.gathered(), min(waits, default=None))
        except TimeoutError:
            if until is not None and until <= datetime.now(UTC):
                return []
            if ends is not None and ends <= time.monotonic():
                return None


class Served(Exception):
    """The site is served already; the message is the address."""


@contextlib.contextmanager
def hold(root: Path, address: str) -> Iterator[None]:
    """Keep a second preview from building into the same tree."""
    path = commit.served_file(root.absolute())
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise Served(file.read(200).strip()) from None
        file.truncate(0)
        file.write(address)
        file.flush()
        yield


class _Server(uvicorn.Server):
    """A server that leaves signals to us."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def open_socket(host: str, port: int) -> socket.socket:
    """Listen on an address, or raise an OSError; port 0 takes any that is free."""
    family, kind, _, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    listening = socket.socket(family, kind)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(128)
        listening.setblocking(False)
    except OSError:
        listening.close()
        raise
    return listening


def free_port(host: str, port: int) -> int:
    """Return the next port that is free."""
    for candidate in range(port + 1, min(port + 100, 65535)):
        with contextlib.suppress(OSError), open_socket(host, candidate):
            return candidate
    with open_socket(host, 0) as listening:
        return int(listening.getsockname()[1])
