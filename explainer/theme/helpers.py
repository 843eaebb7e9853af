"""Filters that templates may use, and the one way of writing JSON into a page."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup

from explainer.content.model import Moment

_ESCAPES = {
    "<": "\\u003c",
    ">": "\\u003e",
    "&": "\\u0026",
    "\u2028": "\\u2028",
    "\u2029": "\\u2029",
}


def iso(moment: Moment) -> str:
    """Return a date for the `datetime` attribute of `<time>`, as precise as it was written."""
    return moment.text


def host(url: str) -> str:
    """Return the host of an address without `www.`."""
    return (urlsplit(url).hostname or url).removeprefix("www.")


def csp_hash(text: str) -> str:
    """Return the hash under which a Content-Security-Policy lets an inline text pass."""
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def safe_json(data: Any) -> Markup:
    """Return JSON that can stand inside a `<script>` element, whatever texts it holds."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    for character, escape in _ESCAPES.items():
        text = text.replace(character, escape)
    return Markup(text)
