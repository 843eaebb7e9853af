"""What the preview answers to requests."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote_to_bytes

from starlette.types import Receive, Scope, Send

from explainer.serve import pages
from explainer.serve.events import Shown, Streams
from explainer.serve.exchange import TEXT, Exchange, Gone
from explainer.serve.files import PORTION, OpenFile, find, is_folder, open_file
from explainer.serve.hosts import Hosts, read_host
from explainer.serve.preview import Preview
from explainer.serve.ranges import Unsatisfiable, section
from explainer.serve.sorts import HTML, content_type
from explainer.site.urls import encoded

OWN = "/_explainer/"
"""Path beneath which the preview itself is, whatever the site is called."""

NOT_FOUND_PAGE = "404.html"

_ABSOLUTE = re.compile(rb"http://([^/]*)(/.*)?", re.IGNORECASE | re.DOTALL)
_CLIENT_FILE = Path(__file__).with_name("client") / "client.js"


def create_app(
    preview: Preview, hosts: Hosts, on_fault: Callable[[Exception], None] | None = None
) -> App:
    """Return the application that shows a preview to those who ask for one of the hosts.

    `on_fault` is told of exceptions, which are faults of this program.
    """
    return App(preview, hosts, on_fault or (lambda fault: None))


class App:
    """The ASGI application."""

    def __init__(
        self, preview: Preview, hosts: Hosts, on_fault: Callable[[Exception], None]
    ) -> None:
        self.streams = Streams(preview)
        self._preview = preview
        self._hosts = hosts
        self._on_fault = on_fault
        self._client = _CLIENT_FILE.read_bytes()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, whatever happens."""
        if scope["type"] != "http":
            return
        exchange = Exchange(scope, receive, send)
        try:
            await self._answer(exchange)
        except Gone:
            pass
        except Exception as fault:
            # It may name files of this machine: the terminal is told, not the browser.
            with contextlib.suppress(Exception):
                self._on_fault(fault)
            with contextlib.suppress(Gone):
                if not exchange.started:
                    await exchange.reply(500, TEXT, b"Internal server error\n")

    # -- who asks for what -------------------------------------------------------------------

    async def _answer(self, exchange: Exchange) -> None:
        """Answer a request that may be anything."""
        authority, target = _target(exchange.request.scope["raw_path"])
        names = _names(exchange, authority)
        if names is None:
            await exchange.reply(400, TEXT, b"Bad request\n")
        elif not all(map(self._hosts.allow, names)):
            await exchange.reply(421, TEXT, b"This server does not answer to that name\n")
        elif exchange.request.method not in ("GET", "HEAD"):
            await exchange.reply(405, TEXT, b"Method not allowed\n", {"allow": "GET, HEAD"})
        elif (path := _decoded(target)) is None:
            await self._missing(exchange)
        elif path.startswith(OWN):
            await self._own(exchange, path.removeprefix(OWN))
        else:
            await self._site(exchange, path)

    # -- the site ----------------------------------------------------------------------------

    async def _site(self, exchange: Exchange, path: str) -> None:
        """Answer with a file of the site."""
        preview, base = self._preview, self._preview.base_path
        if path != base and path in ("/", base.removesuffix("/")):
            # Not for good: settings may give the site another place.
            await exchange.reply(307, TEXT, b"", {"location": encoded(base)})
            return
        if not path.startswith(base):
            await self._missing(exchange)
            return
        inner = path.removeprefix(base)
        if preview.build == 0 and _is_page(inner):
            await exchange.reply(503, HTML, pages.waiting_page(preview.session))
            return
        file = find(preview.folder, inner)
        if file is not None:
            with file:
                await self._file(exchange, file)
        elif inner and not inner.endswith("/") and is_folder(preview.folder, inner):
            query = exchange.request.scope["query_string"].decode("latin-1")
            location = f"{encoded(path)}/{'?' if query else ''}{query}"
            await exchange.reply(308, TEXT, b"", {"location": location})
        else:
            await self._missing(exchange)

    async def _missing(self, exchange: Exchange) -> None:
        """Answer that there is nothing, as the site itself would say it."""
        file = open_file(self._preview.folder, NOT_FOUND_PAGE) if self._preview.build else None
        if file is None:
            await exchange.reply(404, HTML, pages.missing_page())
            return
        with file:
            await self._page(exchange, file, 404)

    async def _file(self, exchange: Exchange, file: OpenFile) -> None:
        sort = content_type(file.path)
        if sort == HTML:
            await self._page(exchange, file, 200)
            return
        try:
            asked = _section(exchange, file.size)
        except Unsatisfiable:
            headers = {"content-range": f"bytes */{file.size}"}
            await exchange.reply(416, TEXT, b"Range not satisfiable\n", headers)
            return
        part = asked if asked is not None else range(file.size)
        headers = {
            "content-type": sort,
            "content-length": str(len(part)),
            "accept-ranges": "bytes",
        }
        if asked is not None:
            headers["content-range"] = f"bytes {part.start}-{part.stop - 1}/{file.size}"
        await exchange.begin(200 if asked is None else 206, headers)
        await _send_part(exchange, file, part)

    async def _page(self, exchange: Exchange, file: OpenFile, status: int) -> None:
        shown = self._preview
        element = pages.script(file.path, shown.session, shown.build, shown.base_path)
        await exchange.reply(status, HTML, pages.with_script(file.read_all(), element))

    # -- the preview itself ------------------------------------------------------------------

    async def _own(self, exchange: Exchange, name: str) -> None:
        """Answer to the script that is in every page."""
        asked = exchange.request.query_params
        if name == "client.js":
            await exchange.reply(200, content_type(name), self._client)
        elif name not in ("events", "about"):
            await exchange.reply(404, TEXT, b"Not found\n")
        elif not _is_same_origin(exchange):
            await exchange.reply(403, TEXT, b"Only for pages of this server\n")
        elif name == "events":
            build = asked.get("build", "")
            number = int(build) if re.fullmatch("[0-9]{1,9}", build) else 0
            shown = Shown(asked.get("page", ""), asked.get("session", ""), number)
            await self.streams.serve(exchange, shown)
        else:
            about = await self._preview.about(asked.get("page", ""))
            status = 200 if about is not None else 404
            await exchange.reply(status, "application/json", json.dumps(about).encode())


def _target(raw: bytes) -> tuple[str | None, bytes]:
    """Return host and path of what is asked for; a host is there where it is a whole URL."""
    found = _ABSOLUTE.fullmatch(raw)
    if found is None:
        return None, raw
    return found[1].decode("latin-1"), found[2] or b"/"


def _names(exchange: Exchange, authority: str | None) -> list[str] | None:
    """Return all names of this server that are in a request; None where that is not clear."""
    written = exchange.request.headers.getlist("host")
    if len(written) != 1:
        return None
    if authority is not None:
        written.append(authority)
    names = [name for name in map(read_host, written) if name is not None]
    return names if len(names) == len(written) else None


def _decoded(raw: bytes) -> str | None:
    """Return a path without its percent signs; None where no file can have it."""
    # An encoded slash is no separator: one name that holds a slash is no name.
    if not raw.startswith(b"/") or b"%2f" in raw.lower():
        return None
    try:
        return unquote_to_bytes(raw).decode("utf-8")
    except UnicodeDecodeError:
        return None


def _is_page(path: str) -> bool:
    """Tell whether a path within the site is that of a page, as far as it shows."""
    name = path.rpartition("/")[2]
    return "." not in name or name.lower().endswith(".html")


def _is_same_origin(exchange: Exchange) -> bool:
    """Tell whether a request comes from a page of this server, or from no page at all."""
    headers = exchange.request.headers
    host = headers.get("host", "")
    return all(origin == f"http://{host}" for origin in headers.getlist("origin")) and all(
        site in ("same-origin", "none") for site in headers.getlist("sec-fetch-site")
    )


def _section(exchange: Exchange, size: int) -> range | None:
    """Return the bytes that are asked for; None for all of them."""
    request = exchange.request
    asked = request.headers.getlist("range")
    # Nothing that we send could be meant by If-Range, so it never holds.
    if request.method != "GET" or len(asked) != 1 or "if-range" in request.headers:
        return None
    return section(asked[0], size)


async def _send_part(exchange: Exchange, file: OpenFile, part: range) -> None:
    """Send bytes of a file in portions, as long as someone takes them."""
    if exchange.request.method == "HEAD":
        await exchange.portion(b"", more=False)
        return
    leaving = asyncio.create_task(exchange.gone())
    try:
        start = part.start
        while not leaving.done():
            data = file.read(start, min(PORTION, part.stop - start))
            if not data and start < part.stop:
                return  # it is shorter now: the connection is cut off, so that the browser notices
            start += len(data)
            await exchange.portion(data, more=start < part.stop)
            if start >= part.stop:
                return
            await asyncio.sleep(0)  # a quick reader must not keep the others waiting
    finally:
        leaving.cancel()
        await asyncio.gather(leaving, return_exceptions=True)
