"""Streams of events: how a page in a browser hears that there is something new."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any

from explainer.serve.exchange import Exchange
from explainer.serve.files import open_file
from explainer.serve.preview import Preview

HEARTBEAT = 15.0
"""Seconds after which a stream shows that it is alive, and notices a connection that is not."""

MOST_STREAMS = 64
MOST_FILES = 200


@dataclass(frozen=True, slots=True)
class Shown:
    """What a browser has on its screen."""

    page: str
    """Path of the output; empty for the page that is shown before there is a site."""

    session: str
    build: int


class Streams:
    """All streams that are open."""

    def __init__(self, preview: Preview) -> None:
        self._preview = preview
        self._open: dict[asyncio.Task[None], None] = {}
        """What writes them, the oldest first."""

    def __len__(self) -> int:
        return len(self._open)

    async def serve(self, exchange: Exchange, shown: Shown) -> None:
        """Send events until the browser goes away, the server ends or others need the room."""
        await exchange.begin(200, {"content-type": "text/event-stream; charset=utf-8"})
        if exchange.request.method == "HEAD":
            await exchange.portion(b"", more=False)
            return
        writing = asyncio.create_task(self._write(exchange, shown))
        leaving = asyncio.create_task(exchange.gone())
        self._make_room()
        self._open[writing] = None
        try:
            await asyncio.wait({writing, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._open.pop(writing, None)
            writing.cancel()
            leaving.cancel()
            await asyncio.gather(writing, leaving, return_exceptions=True)
        if writing.cancelled():
            return  # the stream is cut off: its end might wait for a browser that does not read
        writing.result()
        await exchange.portion(b"", more=False)

    def _make_room(self) -> None:
        while len(self._open) >= MOST_STREAMS:
            oldest = next(iter(self._open))
            del self._open[oldest]
            oldest.cancel()

    async def _write(self, exchange: Exchange, shown: Shown) -> None:
        preview = self._preview
        await exchange.portion(b"retry: 500\n\n", more=True)
        while not preview.ended:
            turn = preview.turn
            state = json.dumps(self._state(shown))
            shown = Shown(shown.page, preview.session, preview.build)
            await exchange.portion(f"event: state\ndata: {state}\n\n".encode(), more=True)
            await self._wait(exchange, turn)

    async def _wait(self, exchange: Exchange, turn: int) -> None:
        """Wait until there is more to tell than there was at a turn."""
        while True:
            try:
                async with asyncio.timeout(HEARTBEAT):
                    await self._preview.news(turn)
                    return
            except TimeoutError:
                await exchange.portion(b": still here\n\n", more=True)

    def _state(self, shown: Shown) -> dict[str, Any]:
        preview = self._preview
        changed = preview.changed_since(shown.session, shown.build)
        files = sorted(path for path in changed or () if not path.endswith(".html"))
        return {
            "session": preview.session,
            "build": preview.build,
            "page": self._page(shown, changed),
            "files": files[:MOST_FILES],
            "failed": preview.failed,
            "problems": [dict(problem) for problem in preview.problems],
        }

    def _page(self, shown: Shown, changed: frozenset[str] | None) -> str:
        """Return what has become of a page: `same`, `changed`, `gone` or `unknown`."""
        if changed is None:
            return "unknown" if shown.build == self._preview.build == 0 else "changed"
        if shown.page not in changed:
            return "same"
        file = open_file(self._preview.folder, shown.page)
        if file is None:
            return "gone"
        with file:
            return "changed"
