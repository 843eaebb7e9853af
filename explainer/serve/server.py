"""How Uvicorn is set up to serve a preview."""

from __future__ import annotations

import asyncio
import contextlib
import socket

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from explainer.serve.exchange import ALWAYS, TEXT

MOST_CONNECTIONS = 400
"""More than browsers open, and fewer than the files that a process may usually have open."""


class Protocol(H11Protocol):
    """Uvicorn's HTTP/1.1 for clients that send anything."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin with a connection."""
        super().connection_made(transport)
        # asyncio does so itself only for some sockets; a body would wait 40 ms for its head.
        connection = transport.get_extra_info("socket")
        with contextlib.suppress(OSError):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def handle_events(self) -> None:
        """Act on what was received; where that cannot even be refused, hang up.

        h11 raises where a request goes wrong after it was answered, and where a length has
        thousands of digits.
        """
        try:
            super().handle_events()
        except (h11.ProtocolError, ValueError):
            self.transport.abort()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP, with the headers of every answer."""
        headers = [(b"content-type", TEXT.encode()), (b"connection", b"close"), *ALWAYS]
        for event in (
            h11.Response(status_code=400, headers=headers, reason=b"Bad Request"),
            h11.Data(data=b"Bad request\n"),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()


def server_settings(app: ASGIApp, host: str = "127.0.0.1", port: int = 0) -> uvicorn.Config:
    """Return the settings of a server; host and port hold where it is given no sockets."""
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        loop="asyncio",
        http=Protocol,
        ws="none",
        lifespan="off",
        interface="asgi3",
        workers=1,  # or the environment decides
        # It writes of every broken request; faults of ours are told in our own way.
        log_config=None,
        log_level="critical",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=True,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=2,
    )
