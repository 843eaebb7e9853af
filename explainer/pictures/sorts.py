"""The sorts of picture files that are published, told by their first bytes and never by a name."""

from __future__ import annotations

import re

ENDINGS = {
    "jpeg": (".jpg", ".jpeg", ".jpe"),
    "png": (".png", ".apng"),
    "webp": (".webp",),
    "avif": (".avif",),
    "gif": (".gif",),
    "svg": (".svg",),
}
"""Sort of picture -> endings that a file of that sort may have; the first is its usual one."""

NAMES = {
    "jpeg": "JPEG",
    "png": "PNG",
    "webp": "WebP",
    "avif": "AVIF",
    "gif": "GIF",
    "svg": "SVG",
}
"""Sort of picture -> its name in messages."""

ALL_ENDINGS = frozenset(ending for endings in ENDINGS.values() for ending in endings)
"""Endings, in lower case, of files that are taken for pictures even where they are only linked."""

_ARTICLE = {"svg": "an", "avif": "an"}

_FOREIGN = (
    (rb"II\*\0|MM\0\*", "a TIFF picture"),
    (rb"BM.{4}\0{4}", "a Windows bitmap"),
    (rb"8BPS", "a Photoshop document"),
    (rb"%PDF-", "a PDF document"),
    (rb"\0\0\x01\0", "an icon"),
    (rb"\xff\x0a|\0\0\0\x0cJXL ", "a JPEG XL picture"),
    (rb"\0\0\0\x0cjP  ", "a JPEG 2000 picture"),
    (rb"\x1f\x8b", "a compressed file"),
    (rb".{4}ftyp(?:hei|hev|mif1|msf1)", "a HEIC picture"),
    (rb".{4}ftyp", "a film"),
)
"""First bytes of what people take for a picture to publish, and what it is."""

_SVG = re.compile(
    r"\A\ufeff?\s*(?:<\?xml\b|<!--|<!doctype\s+svg\b|<(?:[a-z_][\w.-]*:)?svg(?:[\s/>]|\Z))",
    re.IGNORECASE,
)
_HEAD = 4096
"""Bytes in which it shows whether a file is XML."""


def sort_of(data: bytes) -> str:
    """Return the sort of a picture, a key of `ENDINGS`; empty where it is none of them."""
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "gif"
    if data[4:8] == b"ftyp" and {b"avif", b"avis"} & _brands(data):
        return "avif"
    return "svg" if _SVG.match(_as_text(data[:_HEAD])) else ""


def _brands(data: bytes) -> set[bytes]:
    """Return the sorts of which an ISO media file says that it is."""
    size = min(int.from_bytes(data[:4], "big"), 256)
    return {data[8:12], *(data[at : at + 4] for at in range(16, size, 4))}


def _as_text(head: bytes) -> str:
    """Return the head of what may be XML; it may be written in UTF-16."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "replace")
    return head.decode("utf-8", "replace")


def described(data: bytes) -> str:
    """Return what a file is that is no picture to publish, as far as its first bytes tell."""
    for pattern, name in _FOREIGN:
        if re.match(pattern, data, re.DOTALL):
            return name
    return "no picture"


def named(sort: str) -> str:
    """Return a sort as it stands in a sentence: `a PNG picture`."""
    return f"{_ARTICLE.get(sort, 'a')} {NAMES[sort]} picture"
