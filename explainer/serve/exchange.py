"""One request and the way back to the browser."""

from __future__ import annotations

from collections.abc import Mapping

import h11
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

ALWAYS = [
    (b"cache-control", b"no-store"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"SAMEORIGIN"),
]
"""Headers of every answer: a preview is kept nowhere, and is no part of another site."""

TEXT = "text/plain; charset=utf-8"


class Gone(Exception):
    """Nobody takes the answer any more; that is no fault of ours."""


class Exchange:
    """A request, and what is sent in answer to it."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.request = Request(scope)
        self.started = False
        """Whether the head of an answer is sent, so that no other one can be."""

        self._receive = receive
        self._send = send

    async def reply(
        self, status: int, sort: str, body: bytes, headers: Mapping[str, str] | None = None
    ) -> None:
        """Send a whole answer of a content type."""
        response = Response(body, status, {"content-type": sort, **(headers or {})})
        await response(self.request.scope, self._receive, self.send)

    async def begin(self, status: int, headers: Mapping[str, str]) -> None:
        """Send the head of an answer whose body is sent in portions."""
        raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
        await self.send({"type": "http.response.start", "status": status, "headers": raw})

    async def portion(self, body: bytes, *, more: bool) -> None:
        """Send a portion of a body; `more` tells whether another one follows."""
        await self.send({"type": "http.response.body", "body": body, "more_body": more})

    async def send(self, message: Message) -> None:
        """Send a message of an answer; raises Gone."""
        if message["type"] == "http.response.start":
            self.started = True
            message = {**message, "headers": [*message["headers"], *ALWAYS]}
        try:
            await self._send(message)
        except (OSError, h11.ProtocolError) as fault:
            raise Gone from fault

    async def gone(self) -> None:
        """Wait until nobody takes the answer any more; what else is sent to us is dropped."""
        while (await self._receive())["type"] != "http.disconnect":
            pass
