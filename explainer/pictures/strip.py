"""Taking metadata out of files whose pixels stay as they are: animations, and PNG files.

What is not known to belong to the picture is left out: places, names, comments, thumbnails, other
programs' data, and whatever stands behind the end.
"""

from __future__ import annotations

from collections.abc import Iterator

_PNG_KEPT = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP cICP sBIT acTL fcTL fdAT".split()
)
_WEBP_KEPT = frozenset([b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"])
_WEBP_METADATA = 0x0C
"""Flags that say that there are EXIF and XMP data."""


class Cut(ValueError):
    """The file ends too early, or is not made as it should be."""


# -- PNG -----------------------------------------------------------------------------------------


def png(data: bytes) -> bytes:
    """Return a PNG file without metadata."""
    kept = [data[:8]]
    kept += [chunk for name, chunk in _png_chunks(data) if name in _PNG_KEPT]
    return b"".join(kept)


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 8
    while True:
        name, end = data[at + 4 : at + 8], at + 12 + int.from_bytes(data[at : at + 4], "big")
        if len(name) < 4 or end > len(data):
            raise Cut
        yield name, data[at:end]
        if name == b"IEND":
            return
        at = end


def png_moves(data: bytes) -> bool:
    """Tell whether a PNG file is an animation."""
    for name, chunk in _png_chunks(data):
        if name == b"acTL":
            return int.from_bytes(chunk[8:12], "big") > 1
        if name == b"IDAT":
            break
    return False


def png_has_profile(data: bytes) -> bool:
    """Tell whether a PNG file says how its colours are meant in a profile of its own."""
    return any(name == b"iCCP" for name, _ in _png_chunks(data))


# -- WebP ----------------------------------------------------------------------------------------


def webp(data: bytes) -> bytes:
    """Return a WebP file without metadata."""
    kept = []
    for name, chunk in _webp_chunks(data):
        if name == b"VP8X":
            kept.append(chunk[:8] + bytes([chunk[8] & ~_WEBP_METADATA]) + chunk[9:])
        elif name in _WEBP_KEPT:
            kept.append(chunk)
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def _webp_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    total = 8 + int.from_bytes(data[4:8], "little")
    if total > len(data) + 1:
        raise Cut
    at = 12
    while at < min(total, len(data)):
        name, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        if len(data) < at + 8 + size:
            raise Cut
        chunk = data[at : at + 8 + size]
        yield name, chunk + b"\0" * (size % 2)
        at += 8 + size + size % 2


def webp_size(data: bytes) -> tuple[int, int, bool]:
    """Return width and height of a WebP file, and whether it is an animation."""
    name, chunk = next(_webp_chunks(data), (b"", b""))
    body = chunk[8:]
    if name == b"VP8X" and len(body) >= 10:
        wide, high = (int.from_bytes(body[at : at + 3], "little") + 1 for at in (4, 7))
        return wide, high, bool(body[0] & 2)
    if name == b"VP8L" and len(body) >= 5 and body[0] == 0x2F:
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, False
    if name == b"VP8 " and len(body) >= 10 and body[3:6] == b"\x9d\x01\x2a":
        wide, high = (int.from_bytes(body[at : at + 2], "little") & 0x3FFF for at in (6, 8))
        return wide, high, False
    raise Cut


def webp_check(data: bytes) -> None:
    """Raise `Cut` where a WebP file ends too early."""
    for _ in _webp_chunks(data):
        pass


# -- GIF -----------------------------------------------------------------------------------------

_GIF_LOOP = (b"\x0bNETSCAPE2.0", b"\x0bANIMEXTS1.0")
_GRAPHIC_CONTROL = 0xF9
_APPLICATION = 0xFF


def gif(data: bytes) -> bytes:
    """Return a GIF file without comments and the data of other programs."""
    head = data[: _gif_head(data)]
    return b"".join([head, *(part for part, kept, _ in _gif_parts(data) if kept), b";"])


def gif_moves(data: bytes) -> bool:
    """Tell whether a GIF file is an animation; all of it is gone through."""
    return sum(is_frame for _, _, is_frame in _gif_parts(data)) > 1


def _gif_head(data: bytes) -> int:
    """Return where the head of a file ends."""
    if len(data) < 13:
        raise Cut
    return 13 + _colours(data[10])


def _colours(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _gif_parts(data: bytes) -> Iterator[tuple[bytes, bool, bool]]:
    """Yield the parts behind the head: bytes, whether the picture needs them, is it a frame."""
    at = _gif_head(data)
    frames = 0
    while True:
        sort = data[at : at + 1]
        if sort == b";":
            break
        if sort == b"!" and len(data) > at + 1:
            end = _gif_blocks(data, at + 2)
            label = data[at + 1]
            loops = label == _APPLICATION and data[at + 2 : at + 14] in _GIF_LOOP
            yield data[at:end], label == _GRAPHIC_CONTROL or loops, False
        elif sort == b"," and len(data) > at + 10:
            end = _gif_blocks(data, at + 11 + _colours(data[at + 9]))
            frames += 1
            yield data[at:end], True, True
        else:
            raise Cut
        at = end
    if not frames:
        raise Cut


def _gif_blocks(data: bytes, at: int) -> int:
    """Return where a run of blocks ends."""
    while at < len(data):
        size = data[at]
        at += 1 + size
        if size == 0:
            return at
    raise Cut
