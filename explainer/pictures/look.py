"""A look at a picture's file: what it is, how large, and whether it can be published.

Sizes are checked in the header, before anything is decoded. Then the whole of it is decoded once,
so that a picture that was cut off is found while its author is there.
"""

from __future__ import annotations

import os

from explainer.fingerprint import digest_bytes
from explainer.pictures import strip, svg
from explainer.pictures.seen import Seen, fault
from explainer.pictures.sizes import MARK_LENGTH
from explainer.pictures.sorts import described, sort_of

BYTES_MOST = 50_000_000
PIXELS_MOST = 50_000_000
"""Pixels of a picture: decoded with four bytes for each, and copied once, they fit in 512 MB."""

_SCANS_MOST = 30
"""Scans of a JPEG: each goes over all pixels again, and a cheap file can have thousands. Cameras
and programs write a dozen at most."""

_WANTED = "give a JPEG, PNG, WebP, AVIF, GIF or SVG file"


def look_at(path: str) -> Seen:
    """Return what a file is; raises OSError where it cannot be read."""
    size = os.stat(path).st_size
    if size > BYTES_MOST:
        message = f"has {size / 1e6:.0f} MB, more than the {BYTES_MOST / 1e6:.0f} MB of a picture"
        return fault("E218", message, "save a smaller copy of it")
    with open(path, "rb") as file:
        return look(file.read())


def look(data: bytes) -> Seen:
    """Return what the content of a file is."""
    if not data:
        return fault("E216", "is empty", "save the picture again")
    sort = sort_of(data)
    if not sort:
        return fault("E215", f"is {described(data)}", _WANTED)
    if sort == "svg":
        return svg.look(data)
    try:
        return _raster(data, sort)
    except strip.Cut:
        return _broken(sort)


def _raster(data: bytes, sort: str) -> Seen:
    moves = False
    if sort == "webp":
        # Pillow sets memory for all pixels aside before it tells the size.
        wide, high, moves = strip.webp_size(data)
        if wide * high > PIXELS_MOST:
            return _too_large(sort, wide, high)
        strip.webp_check(data)
    elif sort == "png":
        wide, high = (int.from_bytes(data[at : at + 4], "big") for at in (16, 20))
        if wide * high > PIXELS_MOST:
            return _too_large(sort, wide, high)
        moves = strip.png_moves(data)
    elif sort == "gif":
        moves = strip.gif_moves(data)
    elif sort == "jpeg" and data.count(b"\xff\xda") > _SCANS_MOST:
        return fault("E216", f"has more than {_SCANS_MOST} scans", "save the picture again", sort)
    seen = _decoded(data, sort, moves)
    if sort == "png" and not seen.code:
        strip.png(data)
    return seen


def _decoded(data: bytes, sort: str, moves: bool) -> Seen:
    from explainer.pictures import decode

    try:
        with decode.opened(data) as image:
            wide, high = image.size
            if wide * high > PIXELS_MOST:
                return _too_large(sort, wide, high)
            if sort == "avif" and getattr(image, "is_animated", False):
                return fault(
                    "E215", "is a film in AVIF", "give it as an animated WebP or GIF", sort
                )
            turned = decode.orientation(image) >= decode.TURNED
            image.load()
    except decode.TooLarge:
        return fault("E217", _over(), "save a smaller copy of it", sort)
    except decode.Undecodable:
        return _broken(sort)
    size = (high, wide) if turned else (wide, high)
    return Seen(sort, *size, moves, digest_bytes(data).hex()[:MARK_LENGTH])


def _too_large(sort: str, wide: int, high: int) -> Seen:
    message = f"{_over()}: {wide:,} by {high:,}"
    return fault("E217", message, "save a smaller copy of it", sort)


def _over() -> str:
    return f"has more than {PIXELS_MOST // 1_000_000} million pixels"


def _broken(sort: str) -> Seen:
    return fault("E216", "is broken or was cut off", "save or copy the picture again", sort)
