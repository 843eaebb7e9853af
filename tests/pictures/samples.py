"""Pictures of every form that cameras and programs leave behind, made for tests."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

SECRET = "Secret place 52.5200 N"
"""Words that stand in the metadata of samples, and in nothing that is published."""

SIZE = (64, 40)

Colour = tuple[int, ...]


def scene(size: tuple[int, int] = SIZE, mode: str = "RGB") -> Image.Image:
    """Return a picture whose left half is red and whose right half is blue, its top lighter."""
    wide, high = size
    image = Image.new("RGB", size, (20, 40, 200))
    image.paste((200, 30, 20), (0, 0, wide // 2, high))
    image.paste((230, 230, 80), (0, 0, wide // 4, high // 4))
    return image.convert(mode)


def encoded(image: Image.Image, form: str, **options: Any) -> bytes:
    """Return a picture as a file."""
    out = io.BytesIO()
    if form == "AVIF":
        options.setdefault("max_threads", 1)
    image.save(out, form, **options)
    return out.getvalue()


def jpeg(size: tuple[int, int] = SIZE, **options: Any) -> bytes:
    return encoded(scene(size), "JPEG", **options)


def png(size: tuple[int, int] = SIZE, **options: Any) -> bytes:
    return encoded(scene(size), "PNG", **options)


def exif(orientation: int = 1) -> bytes:
    """Return EXIF data as a telephone writes them, with a place."""
    data = Image.Exif()
    data[0x0112] = orientation
    data[0x010E] = SECRET
    data.get_ifd(0x8825)[1] = "N"
    return data.tobytes()


def words() -> PngInfo:
    """Return metadata of PNG files."""
    info = PngInfo()
    info.add_text("Comment", SECRET)
    info.add_itxt("XML:com.adobe.xmp", f"<x>{SECRET}</x>")
    return info


def stored(orientation: int, size: tuple[int, int] = SIZE) -> Image.Image:
    """Return the scene as a camera stores it that is held in an orientation."""
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }  # fmt: skip
    image = scene(size)
    return image.transpose(undo[orientation]) if orientation in undo else image


def swapped_profile() -> bytes:
    """Return a profile in which red and green have changed their places."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    table = {}
    for number in range(struct.unpack_from(">I", profile, 128)[0]):
        at = 132 + 12 * number
        table[bytes(profile[at : at + 4])] = at
    red, green = table[b"rXYZ"], table[b"gXYZ"]
    one, other = bytes(profile[red + 4 : red + 12]), bytes(profile[green + 4 : green + 12])
    profile[red + 4 : red + 12], profile[green + 4 : green + 12] = other, one
    profile[84:100] = bytes(16)  # its checksum is of no interest
    return bytes(profile)


def deep_png() -> bytes:
    """Return a grey PNG of 16 bits: dark on the left, light on the right."""
    wide, high = SIZE
    row = b"".join(struct.pack(">H", 0x2000 if x < wide // 2 else 0xE000) for x in range(wide))
    return png_of([
        (b"IHDR", struct.pack(">IIBBBBB", wide, high, 16, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress((b"\0" + row) * high)),
        (b"IEND", b""),
    ])  # fmt: skip


def png_of(chunks: list[tuple[bytes, bytes]]) -> bytes:
    """Return a PNG file of some chunks."""
    data = b"\x89PNG\r\n\x1a\n"
    for name, body in chunks:
        data += struct.pack(">I", len(body)) + name + body
        data += struct.pack(">I", zlib.crc32(name + body))
    return data


def bomb(wide: int = 65_000, high: int = 65_000) -> bytes:
    """Return a small PNG file that says it has a great many pixels."""
    return png_of([
        (b"IHDR", struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(bytes(100))),
        (b"IEND", b""),
    ])  # fmt: skip


def webp_bomb(wide: int = 16_000, high: int = 16_000) -> bytes:
    """Return a small WebP file that says it has a great many pixels."""
    head = b"VP8X" + struct.pack("<I", 10) + bytes(4)
    body = b"WEBP" + head + (wide - 1).to_bytes(3, "little") + (high - 1).to_bytes(3, "little")
    body += b"VP8 " + struct.pack("<I", 10) + bytes(10)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def animation(form: str) -> bytes:
    """Return a picture that moves, with words in its metadata."""
    frames = [scene(), scene().transpose(Image.Transpose.ROTATE_180), scene()]
    options: dict[str, Any] = {"save_all": True, "append_images": frames[1:], "duration": 200}
    if form == "GIF":
        options |= {"comment": SECRET.encode(), "loop": 0}
    elif form == "WEBP":
        options |= {"exif": exif(), "xmp": SECRET.encode()}
    elif form == "PNG":
        options |= {"pnginfo": words()}
    return encoded(frames[0], form, **options)


def see_through() -> Image.Image:
    """Return a picture whose left half is red and half seen through, and the rest not there."""
    image = Image.new("RGBA", SIZE)
    image.paste((200, 30, 20, 128), (0, 0, SIZE[0] // 2, SIZE[1]))
    return image


def svg(inside: str = "", attributes: str = 'viewBox="0 0 40 30"') -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}>{inside}</svg>'.encode()


def opened(data: bytes) -> Image.Image:
    """Return a file as a picture in true colours."""
    image: Image.Image = Image.open(io.BytesIO(data))
    image.load()
    if image.mode == "I;16":
        image = Image.frombytes("L", image.size, image.tobytes()[1::2])
    return image.convert("RGBA" if image.mode in ("RGBA", "LA", "P") else "RGB")


def colour(image: Image.Image, x: int, y: int) -> tuple[int, ...]:
    """Return the colour of one pixel."""
    found = image.getpixel((x, y))
    assert isinstance(found, tuple)
    return found


def is_like(found: Any, wanted: Colour, by: int = 24) -> bool:
    """Tell whether two colours are nearly the same."""
    return all(abs(one - other) <= by for one, other in zip(found, wanted, strict=True))
