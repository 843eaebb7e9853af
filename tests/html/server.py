"""A server of the output on this machine only, on a port that is free."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

STRICT = "default-src 'self'"
"""A Content-Security-Policy that allows a site its own files, and nothing written into pages."""


class _Handler(SimpleHTTPRequestHandler):
    """Serves files without writing a line for each."""

    def __init__(self, *args: Any, policy: str = "", **more: Any) -> None:
        self.policy = policy
        super().__init__(*args, **more)

    def end_headers(self) -> None:
        if self.policy:
            self.send_header("Content-Security-Policy", self.policy)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def serve(root: Path, policy: str = "") -> Iterator[str]:
    """Serve a folder, with a policy if there is one; give its address, with a slash at the end."""
    handler = partial(_Handler, directory=str(root), policy=policy)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
