"""Content types by the endings of files: the same on every machine.

Python's own table takes in what the machine has in its `mime.types`.
"""

from __future__ import annotations

import posixpath

UNKNOWN = "application/octet-stream"
HTML = "text/html; charset=utf-8"

_FEED = "application/atom+xml; charset=utf-8"
_FEEDS = {"feed.xml": _FEED, "feed.json": "application/feed+json"}

_TYPES = {
    ".atom": _FEED,
    ".avif": "image/avif",
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".gif": "image/gif",
    ".htm": HTML,
    ".html": HTML,
    ".ico": "image/x-icon",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".m4a": "audio/mp4",
    ".md": "text/markdown; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".ogg": "audio/ogg",
    ".otf": "font/otf",
    ".pdf": "application/pdf",
    ".png": "image/png",
    # XML of other hands says itself how it is encoded; a charset here would overrule it.
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webm": "video/webm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
    ".zip": "application/zip",
}


def content_type(path: str) -> str:
    """Return the content type of an output."""
    name = posixpath.basename(path)
    if name in _FEEDS:
        return _FEEDS[name]
    return _TYPES.get(posixpath.splitext(path)[1].lower(), UNKNOWN)
