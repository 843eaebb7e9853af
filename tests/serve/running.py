"""A real `explainer serve` with a copy of the example site, and what its browsers are told."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import quote, urlsplit

from tests.tooling import PICTURES, ROOT

PATIENCE = 30.0
"""Seconds after which something that should happen does not happen any more."""


# Where tests run in the background, a process would not hear of Ctrl-C.
_START = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
_PROGRAM = [sys.executable, "-c", f"{_START}from explainer.cli import main; main()"]


def until(condition: Callable[[], Any], what: str) -> Any:
    """Wait until something is so, and return what the condition returned."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.01)
    raise AssertionError(f"{what}: not within {PATIENCE} s")


def copy_of_the_site(folder: Path) -> Path:
    """Copy what a site is made from, with the pictures that `make site` has made already."""
    for name in ("content", "themes"):
        shutil.copytree(ROOT / name, folder / name)
    if PICTURES.is_dir():
        shutil.copytree(PICTURES, folder / PICTURES.relative_to(ROOT))
    shutil.copy(ROOT / "site.toml", folder)
    return folder


def repository(root: Path) -> Callable[..., None]:
    """Put all of a site under git, on the branch main, and return what runs git there."""
    git = ("git", "-C", str(root), "-c", "user.name=W", "-c", "user.email=w@example.org")

    def run(*arguments: str) -> None:
        subprocess.run([*git, *arguments], check=True, capture_output=True)

    run("init", "-q", "-b", "main")
    (root / ".gitignore").write_text(".explainer\n", "utf-8")
    run("add", "-A")
    run("commit", "-qm", "all")
    return run


class Serving:
    """A running `explainer serve`."""

    def __init__(self, root: Path, *arguments: str, **environment: str) -> None:
        self.root = root
        clean = {key: value for key, value in os.environ.items() if key != "SOURCE_DATE_EPOCH"}
        self._process = subprocess.Popen(
            [*_PROGRAM, "-C", str(root), "serve", "--port", "0", *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8",
            env={**clean, "NO_COLOR": "1", "PYTHONUNBUFFERED": "1", **environment},
        )  # fmt: skip
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.lines.append(line.rstrip("\n"))

    @property
    def output(self) -> str:
        """What the terminal shows."""
        return "\n".join(self.lines)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def address(self) -> str:
        """Where the site is, without a slash at the end."""
        said = until(lambda: re.search(r"will be at (http://\S+)/ ", self.output), "an address")
        return str(said[1])

    def wait(self) -> Serving:
        """Wait for the first build."""
        until(lambda: "The site is at" in self.output or "not built" in self.output, "a build")
        return self

    def built(self, line: str) -> str:
        """Wait for a line of a build that holds some words."""
        return str(
            until(lambda: next((one for one in self.builds if line in one), None), repr(line))
        )

    @property
    def builds(self) -> list[str]:
        """The lines that tell of builds."""
        return [line for line in self.lines if re.match(r"\d\d:\d\d:\d\d  ", line)]

    def settled(self) -> int:
        """Wait until no build has ended for a while, and return how many there were."""
        known = -1
        while known != len(self.builds):
            known = len(self.builds)
            time.sleep(1)
        return known

    def get(self, path: str, **headers: str) -> tuple[int, http.client.HTTPMessage, bytes]:
        """Ask for something."""
        place = urlsplit(self.address)
        connection = http.client.HTTPConnection(
            place.hostname or "", place.port or 0, timeout=PATIENCE
        )
        try:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def page(self, path: str) -> str:
        """Return a page, which must be there."""
        status, _, body = self.get(path)
        assert status == 200, (path, status)
        return body.decode()

    def send(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def end(self, number: signal.Signals = signal.SIGINT) -> int:
        """End it, and return its exit code."""
        if self._process.poll() is None:
            self._process.send_signal(number)
        return self.ended()

    def ended(self) -> int:
        """Wait for its end, and return its exit code."""
        try:
            code = self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            raise
        self._reader.join(PATIENCE)
        if self._process.stdout is not None:
            self._process.stdout.close()
        return code

    def __enter__(self) -> Serving:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        if self._process.poll() is None:
            self.end()
        elif self._process.stdout is not None:
            self._process.stdout.close()

    @contextmanager
    def watched(self, path: str) -> Iterator[Watched]:
        """Look at a page as the client in a browser does."""
        watched = Watched(self, path)
        try:
            yield watched
        finally:
            watched.close()


class Watched:
    """A page in a browser: what it is told of itself."""

    def __init__(self, serving: Serving, path: str) -> None:
        tag = re.search(
            r'<script src="/_explainer/client.js" [^>]*>', serving.get(path)[2].decode()
        )
        assert tag, f"no client on {path}"
        values = dict(re.findall(r'data-(\w+)="([^"]*)"', tag[0]))
        self.output = values["page"]
        place = urlsplit(serving.address)
        self._connection = http.client.HTTPConnection(
            place.hostname or "", place.port or 0, timeout=PATIENCE
        )
        query = "&".join(f"{key}={quote(values[key])}" for key in ("page", "session", "build"))
        self._connection.request("GET", f"/_explainer/events?{query}")
        self._answer = self._connection.getresponse()
        assert self._answer.status == 200
        self.states: list[dict[str, Any]] = []
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        try:
            for line in self._answer:
                if line.startswith(b"data: "):
                    self.states.append(json.loads(line[6:]))
        except (OSError, ValueError, AttributeError):
            return  # closed

    def told(self, condition: Callable[[dict[str, Any]], bool], what: str) -> dict[str, Any]:
        """Wait for a state of some sort, and return it."""
        found = until(lambda: next(filter(condition, list(self.states)), None), what)
        assert isinstance(found, dict)
        return found

    def close(self) -> None:
        if self._connection.sock is not None:
            import socket

            self._connection.sock.shutdown(socket.SHUT_RDWR)
        self._answer.close()
        self._connection.close()
        self._thread.join(PATIENCE)
