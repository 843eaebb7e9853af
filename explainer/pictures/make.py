"""Making a picture in one size and format: upright, in sRGB, with nothing but its pixels."""

from __future__ import annotations

import io
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from explainer.fingerprint import digest
from explainer.pictures import strip
from explainer.pictures.sizes import largest, scaled

_SAVED: dict[str, dict[str, Any]] = {
    "avif": {"format": "AVIF", "quality": 55, "speed": 8, "max_threads": 1, "codec": "aom"},
    "webp": {"format": "WEBP", "quality": 75, "method": 4},
    "jpeg": {"format": "JPEG", "quality": 82, "optimize": True, "progressive": True},
    "png": {"format": "PNG", "compress_level": 9},
}
"""How each format is written; docs/performance.md has the measurements behind it. AVIF is told
one thread and one encoder, for its bytes depend on both."""

_DRAWN: dict[str, dict[str, Any]] = {
    "avif": {"quality": 65, "subsampling": "4:4:4"},
    "webp": {"quality": 85, "use_sharp_yuv": True},
}
"""What is different for pictures that came without loss, such as charts and screens: they have
thin coloured lines and letters."""


def made(data: bytes, sort: str, width: int, form: str) -> bytes:
    """Return a picture in a width and format.

    Width 0 stands for its own, under its own name. Raises `Cut`, `Undecodable` or `TooLarge`
    where the file is not what it was when it was looked at.
    """
    if form == sort and (plain := _untouched(data, sort, width)):
        return plain
    base = _base(data, bool(width))
    image = base.image
    if width and width != image.width:
        from PIL import Image

        size = scaled(*base.size, width)
        image = image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    lossless = sort in ("png", "gif")
    options = _SAVED[form] | (_DRAWN.get(form, {}) if lossless else {})
    if form == "jpeg" and image.mode != "RGB":
        image = image.convert("RGB")
    out = io.BytesIO()
    image.save(out, **options)
    return out.getvalue()


@cache
def recipe() -> str:
    """Return a digest of all that shapes a picture besides its file."""
    from PIL import __version__, features

    from explainer.pictures import decode

    names = ("avif", "webp", "jpg", "libjpeg_turbo", "zlib", "littlecms2")
    versions = (str(features.version(name)) for name in names)
    sources = (Path(module).read_bytes() for module in (__file__, strip.__file__, decode.__file__))
    return digest(__version__, *versions, *sources)


def _untouched(data: bytes, sort: str, width: int) -> bytes:
    """Return a file without its metadata, where the pixels can stay; else nothing."""
    if sort == "gif":
        return strip.gif(data)
    if sort == "png":
        if strip.png_moves(data):
            return strip.png(data)
        wide = int.from_bytes(data[16:20], "big")
        stays = width in (0, wide) and not strip.png_has_profile(data) and _is_upright(data)
        return strip.png(data) if stays else b""
    if sort == "webp" and strip.webp_size(data)[2]:
        return strip.webp(data)
    return b""


def _is_upright(data: bytes) -> bool:
    from explainer.pictures import decode

    with decode.opened(data) as image:
        return decode.orientation(image) == 1


class _Base:
    """A picture as all its sizes are made from it, and the size of the whole."""

    def __init__(self, image: Any, size: tuple[int, int]) -> None:
        self.image = image
        self.size = size


_bases: dict[tuple[bytes, bool], _Base] = {}


def _base(data: bytes, limited: bool) -> _Base:
    """Return the picture upright and in sRGB, `limited` to the largest width that is published.

    That of the last file is kept: its other sizes are mostly the next to be made.
    """
    key = (data, limited)
    found = _bases.get(key)
    if found is None:
        _bases.clear()
        found = _bases[key] = _prepared(data, limited)
    return found


def _prepared(data: bytes, limited: bool) -> _Base:
    from PIL import Image

    from explainer.pictures import decode

    with decode.opened(data) as image:
        turn = decode.orientation(image)
        wide, high = image.size
        if turn >= decode.TURNED:
            wide, high = high, wide
        to = scaled(wide, high, largest(wide, high)) if limited else (wide, high)
        size = (to[1], to[0]) if turn >= decode.TURNED else to
        profile = image.info.get("icc_profile")
        if limited and image.format in ("JPEG", "MPO"):
            image.draft(image.mode, size)
        image.load()
        found = _in_eight_bits(image)
        if found.size != size:
            found = found.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
        found = _in_srgb(found, profile)
        if found.mode == "RGBA" and found.getchannel("A").getextrema() == (255, 255):
            found = found.convert("RGB")
        if turn in _TURNS:
            found = found.transpose(_turn(turn))
        # Some writers take profiles and comments from here.
        found.info = {}
        return _Base(found, (wide, high))


_TURNS = range(2, 9)


def _turn(orientation: int) -> Any:
    from PIL.Image import Transpose

    return (
        Transpose.FLIP_LEFT_RIGHT, Transpose.ROTATE_180, Transpose.FLIP_TOP_BOTTOM,
        Transpose.TRANSPOSE, Transpose.ROTATE_270, Transpose.TRANSVERSE, Transpose.ROTATE_90,
    )[orientation - 2]  # fmt: skip


def _in_eight_bits(image: Any) -> Any:
    """Return a picture in a form that can be scaled: true colours or greys, eight bits each."""
    from PIL import Image

    see_through = "transparency" in image.info
    if image.mode.startswith("I;16"):
        high = image.tobytes("raw", image.mode)[0 if image.mode.endswith("B") else 1 :: 2]
        return Image.frombytes("L", image.size, high)
    if image.mode in ("P", "PA", "1") or see_through:
        return image.convert("RGBA" if see_through or image.mode == "PA" else "RGB")
    if image.mode in ("I", "F"):
        return image.convert("L")
    return image


def _in_srgb(image: Any, profile: bytes | None) -> Any:
    """Return a picture in sRGB, where its profile says that it is in other colours."""
    mode = "RGBA" if image.mode in ("RGBA", "LA") else "RGB"
    if profile:
        from PIL import ImageCms

        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            if image.mode == "LA":
                image = image.convert("RGBA")
            return ImageCms.profileToProfile(image, source, _srgb(), outputMode=mode)
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            pass  # a profile that makes no sense: the colours are taken as they are
    return image if image.mode == mode else image.convert(mode)


@lru_cache(maxsize=1)
def _srgb() -> Any:
    from PIL import ImageCms

    return ImageCms.createProfile("sRGB")
