"""Which names may become part of a URL, and so of a path in the output."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote

MAX_BYTES = 200
"""Bytes of UTF-8 in a name: file systems hold 255, endings and hashes are added."""

_ASCII_NAME = re.compile(r"[A-Za-z0-9_.-]+")
_RESERVED = frozenset(
    ["con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(1, 10))]
)


def is_slug(name: str) -> bool:
    """Tell whether a name is made of letters, digits, hyphens and underscores of any script."""
    return is_name(name) and "." not in name


def is_name(name: str) -> bool:
    """Tell whether a name may be one part of a path: like a slug, with dots inside."""
    if not 0 < len(name.encode("utf-8", "replace")) <= MAX_BYTES or name.strip(".") == "":
        return False
    if _ASCII_NAME.fullmatch(name):
        return True
    return all(char in "-_." or unicodedata.category(char)[0] in "LMN" for char in name)


def is_empty(name: str) -> bool:
    """Tell whether a name has no letter and no digit of any script."""
    return not any(char.isalnum() for char in name)


def is_reserved(name: str) -> bool:
    """Tell whether Windows keeps the name to itself, with any ending."""
    return name.split(".")[0].casefold() in _RESERVED


def suggest_slug(name: str) -> str:
    """Return a slug much like the name; may be empty."""
    return re.sub(r"[\W_]+", "-", re.sub(r"['’]", "", name.casefold())).strip("-")


def clean_path(text: str) -> str | None:
    """Return a site path decoded and in NFC, or None where it is no path below the root.

    The allow-list is applied after decoding, so `%2e%2e` climbs no further than `..` does.
    """
    path = unicodedata.normalize("NFC", unquote(text, errors="strict"))
    if not path.startswith("/"):
        return None
    parts = path[1:].removesuffix("/").split("/")
    if path != "/" and not all(is_name(part) and not is_reserved(part) for part in parts):
        return None
    return path
