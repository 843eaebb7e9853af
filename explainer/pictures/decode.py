"""Pillow, opened within limits: the only module that imports it at its head.

It is imported when a picture is really looked at or made, for it takes longer to import than a
build without a change.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import (
    AvifImagePlugin,
    GifImagePlugin,
    Image,
    ImageFile,
    JpegImagePlugin,
    PngImagePlugin,
    WebPImagePlugin,
)

from explainer.pictures.look import PIXELS_MOST

FORMATS = tuple(
    plugin.format
    for plugin in (
        AvifImagePlugin.AvifImageFile,
        GifImagePlugin.GifImageFile,
        JpegImagePlugin.JpegImageFile,
        PngImagePlugin.PngImageFile,
        WebPImagePlugin.WebPImageFile,
    )
)
"""Formats that are opened at all: Pillow reads many more, which are seldom tried."""

TURNED = 5
"""Orientations from this on lay the picture on its side."""

_ORIENTATION = 0x0112


class Undecodable(Exception):
    """The file is no picture that Pillow can read to its end."""


class TooLarge(Exception):
    """The picture has more pixels than are allowed."""


@contextmanager
def opened(data: bytes) -> Iterator[Image.Image]:
    """Open a picture; whatever goes wrong with it until the end of the block is one of ours."""
    try:
        with warnings.catch_warnings():
            # Of odd metadata, which are thrown away in any case, Pillow warns.
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=FORMATS) as image:
                yield image
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise TooLarge from error
    except Exception as error:
        # Its plugins raise all sorts of errors for bytes that make no sense to them.
        raise Undecodable(str(error)) from error


def orientation(image: Image.Image) -> int:
    """Return how the camera was held, 1 to 8; 1 is upright."""
    try:
        found = image.getexif().get(_ORIENTATION, 1)
    except Exception:
        return 1
    return found if found in range(1, 9) else 1


Image.MAX_IMAGE_PIXELS = PIXELS_MOST
ImageFile.LOAD_TRUNCATED_IMAGES = False
AvifImagePlugin.DEFAULT_MAX_THREADS = 1
