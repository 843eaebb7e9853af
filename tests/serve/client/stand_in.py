"""A small server that speaks the protocol of `explainer serve`; a test sets what it tells."""

from __future__ import annotations

import json
import select
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from pathlib import Path
from threading import Condition, Event, Thread
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

CLIENT = Path(__file__).parents[3] / "explainer" / "serve" / "client" / "client.js"

POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; "
    "img-src 'self' data:; font-src 'self'"
)
BEAT = 0.02
"""Seconds between two looks at whether a browser is still there."""


class StandIn:
    """What is served, and the state of the site; a browser is told whatever changes."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        """Path of the URL, decoded -> content."""

        self.pages: dict[str, tuple[str, str, str]] = {}
        """Path of the URL -> path below the base path, what is in the head, what is in main."""

        self.scripts = ""
        """Elements with the scripts of the theme."""

        self.held: dict[str, Event] = {}
        """Path -> set when its answer may go out."""

        self.session = "first"
        self.build = 7
        self.state: dict[str, Any] = {}
        """What is told on top of session and build."""

        self.about: Any = None
        self.asked: list[str] = []
        """Paths with queries, in the order of requests."""

        self.streams = 0
        """How many browsers listen now."""

        self.port = 0
        self._turn = 0
        self._told = Condition()
        self._server: _Server | None = None
        self._thread: Thread | None = None

    # -- content -----------------------------------------------------------------------------

    def page(self, path: str, body: str, head: str = "", *, base: str = "/") -> StandIn:
        """Put a page at a path below the base path."""
        self.pages[base + path] = (path, head, body)
        return self

    def with_a_script(self) -> StandIn:
        """Let every page run a script of the theme: it is reloaded, and never changed in place."""
        self.scripts = '<script src="/assets/theme.js" defer></script>'
        return self.file("/assets/theme.js", "window.themed = true;")

    def file(self, path: str, content: str | bytes) -> StandIn:
        self.files[path] = content.encode() if isinstance(content, str) else content
        return self

    def hold(self, path: str) -> Event:
        """Keep the answers for a path back until the event is set."""
        event = self.held[path] = Event()
        return event

    # -- news --------------------------------------------------------------------------------

    def tell(self, *, build: int | None = None, **state: Any) -> None:
        """Set the state, and send it to every browser that listens."""
        with self._told:
            self.build = self.build if build is None else build
            self.state = state
            self._turn += 1
            self._told.notify_all()

    def message(self, asked: dict[str, str]) -> bytes:
        """Return what a browser is told that said so much of itself."""
        news = {"session": self.session, "build": self.build, "page": "same", "files": []}
        told = news | {"failed": False, "problems": []} | self.state
        if (asked["session"], asked["build"]) == (self.session, str(self.build)):
            told |= {"page": "gone" if told["page"] == "gone" else "same", "files": []}
        return f"event: state\ndata: {json.dumps(told)}\n\n".encode()

    def serve_stream(self, handler: _Handler) -> None:
        """Tell one browser all news until it hangs up or the server ends."""
        asked = {key: values[0] for key, values in parse_qs(urlsplit(handler.path).query).items()}
        server, turn = self._server, -1
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.end_headers()
        with self._told:
            self.streams += 1
            try:
                while self._server is server and not _has_left(handler.connection):
                    if turn != self._turn:
                        turn = self._turn
                        handler.wfile.write(self.message({"session": "", "build": "", **asked}))
                    self._told.wait(BEAT)
            finally:
                self.streams -= 1

    def render(self, path: str) -> bytes:
        """Return a page as the real server would send it."""
        below, head, body = self.pages[path]
        name = below + "index.html" if below.endswith("/") or not below else below
        script = (
            f'<script src="/_explainer/client.js" data-page="{name if self.build else ""}" '
            f'data-session="{self.session}" data-build="{self.build}" defer></script>'
        )
        return (
            '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>A page</title>'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
            f'<link rel="icon" href="data:,">{head}{self.scripts}{script}</head>'
            f"<body><main><h1>A page</h1>{body}</main></body></html>"
        ).encode()

    # -- coming and going --------------------------------------------------------------------

    def start(self) -> None:
        """Serve, on the same port as before."""
        server = _Server(("127.0.0.1", self.port), _Handler)
        server.stand_in = self
        self.port = server.server_port
        with self._told:
            self._server = server
        self._thread = Thread(target=server.serve_forever, args=(BEAT,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Be away: end all streams and refuse connections."""
        with self._told:
            server, self._server = self._server, None
            self._told.notify_all()
        for event in self.held.values():
            event.set()
        if server and self._thread:
            server.shutdown()
            self._thread.join()
            server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


class _Server(ThreadingHTTPServer):
    stand_in: StandIn

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Browsers hang up whenever they like."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        here = self.server.stand_in
        here.asked.append(self.path)
        path = unquote(urlsplit(self.path).path)
        if path in here.held:
            here.held[path].wait(60)
        if path == "/_explainer/events":
            here.serve_stream(self)
        elif path == "/_explainer/about":
            self.answer(json.dumps(here.about).encode(), "application/json")
        elif path == "/_explainer/client.js":
            self.answer(CLIENT.read_bytes(), "text/javascript")
        elif path in here.pages:
            self.answer(here.render(path), "text/html; charset=utf-8")
        elif path in here.files:
            self.answer(here.files[path], guess_type(path)[0] or "text/plain")
        else:
            self.send_error(404)

    def answer(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


def _has_left(connection: socket.socket) -> bool:
    """Tell whether a browser has closed its connection."""
    if not select.select([connection], [], [], 0)[0]:
        return False
    return not connection.recv(1, socket.MSG_PEEK)


@contextmanager
def standing_in() -> Iterator[StandIn]:
    """Serve for the time of one test."""
    server = StandIn()
    server.start()
    try:
        yield server
    finally:
        server.stop()
