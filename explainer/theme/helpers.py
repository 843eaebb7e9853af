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


_RTL_SCRIPTS = frozenset({"Arab", "Hebr", "Thaa", "Syrc", "Nkoo", "Adlm"})
_RTL_LANGUAGES = frozenset("ar arc ckb dv fa he iw ks ku nqo ps sd ug ur yi".split())


def direction(language: str) -> str:
    """Return `rtl` for languages that are written from right to left, else `ltr`."""
    primary, *others = language.split("-")
    if any(part.title() in _RTL_SCRIPTS for part in others):
        return "rtl"
    latin = any(part.title() == "Latn" for part in others)
    return "rtl" if primary in _RTL_LANGUAGES and not latin else "ltr"


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


def readable(color: str, paper: str) -> str:
    """Return a colour as dark, or on dark paper as light, as text on some paper has to be."""
    one, ground = _channels(color), _channels(paper)
    target = 0 if _luminance(ground) > _MIDDLE else 255
    for step in range(21):
        mixed = tuple(round(part + (target - part) * step / 20) for part in one)
        light, dark = sorted((_luminance(mixed), _luminance(ground)), reverse=True)
        if (light + 0.05) / (dark + 0.05) >= _CONTRAST:
            break
    return "#" + "".join(f"{part:02x}" for part in mixed)


_MIDDLE = 0.18
"""Luminance of the grey beside which black and white are as good to read."""

_CONTRAST = 4.5
"""What WCAG 2.2 asks for between text and ground."""


def _channels(color: str) -> tuple[int, ...]:
    """Return red, green and blue of a colour such as `#7a1f1f` or `#a11`."""
    digits = color.removeprefix("#")
    if len(digits) < len("rrggbb"):
        digits = "".join(2 * digit for digit in digits)
    return tuple(int(digits[place : place + 2], 16) for place in (0, 2, 4))


def _luminance(channels: tuple[int, ...]) -> float:
    linear = [(part / 255 / 12.92 if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4)
              for part in channels]  # fmt: skip
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def safe_json(data: Any) -> Markup:
    """Return JSON that can stand inside a `<script>` element, whatever texts it holds."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    for character, escape in _ESCAPES.items():
        text = text.replace(character, escape)
    return Markup(text)
