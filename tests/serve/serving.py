"""A real server in a thread, and raw requests to it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import uvicorn
from starlette.types import Receive, Scope, Send

from explainer.serve.app import App, create_app
from explainer.serve.hosts import Hosts
from explainer.serve.preview import Preview
from explainer.serve.server import server_settings

CANARY = b"canary-5d0c8f1e-that-nobody-may-see"
"""Content of files that lie outside of the tree."""

PATIENCE = 20.0
"""Seconds after which a condition is taken to never come true."""

T = TypeVar("T")


class SecretSeen(AssertionError):
    """The server has sent what lies outside of its tree."""


def eventually(holds: Callable[[], bool]) -> None:
    """Wait until a condition holds."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.003)


def descriptors() -> int:
    """Return how many files this process has open."""
    return len(os.listdir("/dev/fd"))


# -- answers -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reply:
    """An answer as it came over the wire."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes
    whole: bool
    """Whether the body is as long as the head promised."""

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key == name]

    def __getitem__(self, name: str) -> str:
        """Return the only value of a header."""
        [value] = self.all(name)
        return value

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")


def parse(data: bytes, method: str = "GET") -> tuple[Reply, bytes]:
    """Read one answer; return what comes after it, too."""
    head, mark, rest = data.partition(b"\r\n\r\n")
    assert mark, data
    first, *lines = head.decode("latin-1").split("\r\n")
    version, status, _ = first.split(" ", 2)
    assert version == "HTTP/1.1", first
    headers = [(name.lower(), value.strip()) for name, _, value in
               (line.partition(":") for line in lines)]  # fmt: skip
    known = dict(headers)
    if method == "HEAD":
        return Reply(int(status), headers, b"", True), rest
    if known.get("transfer-encoding") == "chunked":
        body, whole, rest = _unchunked(rest)
        return Reply(int(status), headers, body, whole), rest
    length = int(known.get("content-length", len(rest)))
    return Reply(int(status), headers, rest[:length], len(rest) >= length), rest[length:]


def _unchunked(data: bytes) -> tuple[bytes, bool, bytes]:
    body = b""
    while True:
        size, mark, data = data.partition(b"\r\n")
        if not mark:
            return body, False, b""
        count = int(size, 16)
        if count == 0:
            return body, data.startswith(b"\r\n"), data[2:]
        body, data = body + data[:count], data[count + 2 :]


def replies(data: bytes) -> list[Reply]:
    """Read all answers to GET requests on one connection."""
    found = []
    while data:
        reply, data = parse(data)
        found.append(reply)
    return found


def request(
    path: str = "/",
    method: str = "GET",
    host: str | None = "localhost",
    headers: Mapping[str, str] | None = None,
    version: str = "1.1",
    close: bool = True,
) -> bytes:
    """Return a request as bytes."""
    lines = [f"{method} {path} HTTP/{version}"]
    if host is not None:
        lines.append(f"Host: {host}")
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if close:
        lines.append("Connection: close")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


# -- the server ----------------------------------------------------------------------------------


@dataclass
class Served:
    """A server, whose preview can be exchanged for a fresh one."""

    folder: Path = Path("/nowhere")
    faults: list[BaseException | str] = field(default_factory=list)
    """What our application, the event loop or its tasks have reported."""

    port: int = 0

    # -- its life ----------------------------------------------------------------------------

    @contextlib.contextmanager
    def running(self) -> Iterator[Served]:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            self.port = listening.getsockname()[1]
            thread = threading.Thread(target=asyncio.run, args=(self._serve(listening),))
            self.uvicorn = uvicorn.Server(server_settings(self._dispatch))
            thread.start()
            try:
                eventually(lambda: self.uvicorn.started or not thread.is_alive())
                yield self
            finally:
                self.uvicorn.should_exit = True
                thread.join(PATIENCE)
        assert not thread.is_alive()

    async def _serve(self, listening: socket.socket) -> None:
        self.loop = asyncio.get_running_loop()
        self.loop.set_exception_handler(
            lambda loop, context: self.faults.append(context.get("exception") or str(context))
        )
        await self.uvicorn.serve([listening])

    async def _dispatch(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)

    def show(self, folder: Path, hosts: Hosts | None = None) -> None:
        """Begin anew, with a tree."""
        self.folder = folder
        self.asked_about: list[str] = []
        self.preview = Preview(folder, self.about)
        self.app: App = create_app(self.preview, hosts or Hosts(), self.faults.append)
        self.faults.clear()

    async def about(self, path: str) -> Mapping[str, Any] | None:
        self.asked_about.append(path)
        return {"path": path} if path.startswith("stories/") else None

    def do(self, action: Callable[[], T]) -> T:
        """Do something in the thread of the server, which the preview belongs to."""
        done: Future[T] = Future()

        def act() -> None:
            try:
                done.set_result(action())
            except BaseException as fault:
                done.set_exception(fault)

        self.loop.call_soon_threadsafe(act)
        return done.result(PATIENCE)

    def wait(self, work: Awaitable[T]) -> T:
        async def done() -> T:
            return await work

        return asyncio.run_coroutine_threadsafe(done(), self.loop).result(PATIENCE)

    def publish(self, *changed: str, base: str = "/", problems: Any = ()) -> None:
        self.do(lambda: self.preview.publish(changed, problems, base))

    def tasks(self) -> int:
        return self.do(lambda: len(asyncio.all_tasks()))

    def connections(self) -> int:
        return self.do(lambda: len(self.uvicorn.server_state.connections))

    def settled(self) -> None:
        """Wait until all connections are closed and nothing runs for them any more."""
        eventually(lambda: self.connections() == 0)
        eventually(lambda: self.tasks() == 1)
        eventually(lambda: self.do(lambda: len(self.app.streams)) == 0)

    # -- its tree ----------------------------------------------------------------------------

    def write(self, path: str, content: str | bytes) -> Path:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file

    # -- talking to it -----------------------------------------------------------------------

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)

    def talk(self, *data: bytes) -> bytes:
        """Send bytes, and return everything until the server closes the connection."""
        with self.connect() as connection:
            with contextlib.suppress(ConnectionError):
                for portion in data:
                    connection.sendall(portion)
            return everything(connection)

    def ask(self, path: str = "/", method: str = "GET", **given: Any) -> Reply:
        """Send one request, and return its answer."""
        reply, rest = parse(self.talk(request(path, method, **given)), method)
        assert rest == b""
        return reply

    @contextlib.contextmanager
    def stream(self, query: str = "", **given: Any) -> Iterator[Stream]:
        """Open a stream of events."""
        with self.connect() as connection:
            connection.sendall(request(f"/_explainer/events?{query}", close=False, **given))
            stream = Stream(connection)
            try:
                yield stream
            finally:
                stream.close()


def everything(connection: socket.socket) -> bytes:
    """Return what comes until the end of a connection, which must not be a secret."""
    data = bytearray()
    with contextlib.suppress(ConnectionError):
        while portion := connection.recv(1 << 18):
            data += portion
    if CANARY in data:
        raise SecretSeen
    return bytes(data)


class Stream:
    """A stream of events as a browser reads it."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.seen = b""
        self._file = connection.makefile("rb")
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            line = self._file.readline()
            assert line, head
            head += line
        self.reply, _ = parse(head, "HEAD")

    def block(self) -> str:
        """Return the next block; an empty text at the end of the stream."""
        size = int(self._file.readline().strip() or b"0", 16)
        block = self._file.read(size).decode()
        self._file.readline()
        assert not block or block.endswith("\n\n")
        return block

    def event(self) -> dict[str, Any]:
        """Return the data of the next event."""
        block = self.block()
        while block.startswith(("retry:", ":")):
            block = self.block()
        name, data, *rest = block.split("\n")
        assert (name, rest) == ("event: state", ["", ""])
        found = json.loads(data.removeprefix("data: "))
        assert isinstance(found, dict)
        return found

    def close(self) -> None:
        self._file.close()
        self.connection.close()
