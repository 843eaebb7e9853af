"""Pictures as they are made: upright, in the right colours, with nothing but their pixels."""

import hashlib
import io
import subprocess
import sys

import pytest
from PIL import Image

from explainer.pictures import strip
from explainer.pictures.make import made
from explainer.pictures.sorts import sort_of
from tests.pictures import samples
from tests.pictures.samples import (
    SECRET,
    SIZE,
    animation,
    colour,
    encoded,
    exif,
    is_like,
    opened,
    png,
    scene,
    see_through,
    stored,
    swapped_profile,
    words,
)

RED, BLUE = (200, 30, 20), (20, 40, 200)
FORMS = ["avif", "webp"]


def make(data: bytes, form: str, width: int = SIZE[0]) -> Image.Image:
    return opened(made(data, sort_of(data), width, form))


def assert_scene(image: Image.Image, size: tuple[int, int] = SIZE) -> None:
    """Check that red is on the left, blue on the right, and yellow in the upper left corner."""
    wide, high = image.size
    assert (wide, high) == size
    flat = image.convert("RGB")
    assert is_like(flat.getpixel((wide // 4, high * 3 // 4)), RED)
    assert is_like(flat.getpixel((wide * 3 // 4, high * 3 // 4)), BLUE)
    assert is_like(flat.getpixel((wide // 12, high // 12)), (230, 230, 80), 40)


@pytest.mark.parametrize("form", [*FORMS, "jpeg", "png"])
@pytest.mark.parametrize("source", ["JPEG", "PNG", "WEBP", "AVIF", "GIF"])
def test_every_sort_is_made_into_every_format(source: str, form: str):
    assert_scene(make(encoded(scene((320, 200)), source), form, 64))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("orientation", range(1, 9))
def test_pictures_are_upright(orientation: int, form: str):
    data = encoded(stored(orientation), "JPEG", exif=exif(orientation), quality=95)
    assert_scene(make(data, form))
    assert_scene(make(data, "jpeg"))


@pytest.mark.parametrize("source", ["PNG", "WEBP"])
def test_so_are_those_of_other_sorts(source: str):
    data = encoded(stored(6), source, exif=exif(6))
    assert_scene(make(data, "webp"))
    assert_scene(make(data, sort_of(data)))


@pytest.mark.parametrize("form", [*FORMS, "jpeg"])
def test_print_colours(form: str):
    data = encoded(scene(mode="CMYK"), "JPEG", quality=95)
    assert_scene(make(data, form))


@pytest.mark.parametrize("form", [*FORMS, "png"])
def test_a_profile_is_heeded(form: str):
    image = scene()
    image.paste((0, 220, 0), (32, 0, 64, 40))
    data = encoded(image, "PNG", icc_profile=swapped_profile())
    found = colour(make(data, form).convert("RGB"), 48, 20)
    assert found[0] > 180
    assert found[1] < 80


def test_a_profile_that_makes_no_sense_is_none():
    assert_scene(make(encoded(scene(), "PNG", icc_profile=b"nonsense" * 40), "webp"))


@pytest.mark.parametrize("form", [*FORMS, "png"])
def test_sixteen_bits(form: str):
    image = make(samples.deep_png(), form).convert("RGB")
    assert is_like(colour(image, 16, 20), (0x20, 0x20, 0x20))
    assert is_like(colour(image, 48, 20), (0xE0, 0xE0, 0xE0))


@pytest.mark.parametrize("form", [*FORMS, "png"])
@pytest.mark.parametrize("palette", [False, True])
def test_what_is_seen_through(form: str, palette: bool):
    image = see_through()
    data = encoded(image.quantize(16) if palette else image, "PNG")
    found = make(data, form)
    assert found.mode == "RGBA"
    assert is_like(colour(found, 16, 20), (200, 30, 20, 128), 30)
    assert colour(found, 48, 20)[3] < 10


def test_a_channel_that_hides_nothing_is_left_out():
    data = encoded(scene(mode="RGBA"), "PNG")
    assert Image.open(io.BytesIO(made(data, "png", 32, "png"))).mode == "RGB"


# -- metadata ------------------------------------------------------------------------------------


def with_metadata() -> dict[str, bytes]:
    profile = swapped_profile()
    return {
        "jpeg": encoded(scene(), "JPEG", exif=exif(), comment=SECRET, icc_profile=profile,
                        xmp=SECRET.encode()),
        "png": encoded(scene(), "PNG", pnginfo=words(), exif=exif()),
        "webp": encoded(scene(), "WEBP", exif=exif(), xmp=SECRET.encode(), icc_profile=profile),
        "avif": encoded(scene(), "AVIF", exif=exif(), xmp=SECRET.encode(), icc_profile=profile),
        "gif": encoded(scene(), "GIF", comment=SECRET.encode()),
    }  # fmt: skip


@pytest.mark.parametrize("sort", with_metadata())
@pytest.mark.parametrize("width", [0, 32, SIZE[0]])
def test_nothing_is_told_but_the_picture(sort: str, width: int):
    data = with_metadata()[sort]
    assert SECRET.encode() in data
    for form in (*FORMS, sort):
        if form == "gif" and width:
            continue
        found = made(data, sort, width, form)
        assert SECRET.encode() not in found
        assert b"Exif" not in found
        image = Image.open(io.BytesIO(found))
        assert not image.getexif()
        assert not {"exif", "xmp", "comment", "icc_profile"} & image.info.keys()


def test_what_stands_behind_the_end_of_a_png_is_left_out():
    assert made(png() + SECRET.encode(), "png", 0, "png") == png()


# -- animations ----------------------------------------------------------------------------------


def frames(data: bytes) -> list[bytes]:
    image = Image.open(io.BytesIO(data))
    found = []
    for number in range(getattr(image, "n_frames", 1)):
        image.seek(number)
        found.append(image.convert("RGBA").tobytes())
    return found


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_an_animation_goes_on_without_its_metadata(form: str):
    data = animation(form)
    assert SECRET.encode() in data
    found = made(data, sort_of(data), 0, sort_of(data))
    assert SECRET.encode() not in found
    assert len(frames(data)) == 3
    assert frames(found) == frames(data)
    assert Image.open(io.BytesIO(found)).info.get("loop") == Image.open(io.BytesIO(data)).info.get(
        "loop"
    )


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_stripping_twice_changes_nothing(form: str):
    take = {"GIF": strip.gif, "WEBP": strip.webp, "PNG": strip.png}[form]
    once = take(animation(form))
    assert take(once) == once


# -- the same bytes everywhere -------------------------------------------------------------------

DIGEST = """
import hashlib, io, os, sys
if sys.argv[1] == "one":
    os.sched_setaffinity(0, {sorted(os.sched_getaffinity(0))[0]})
from explainer.pictures.make import made
from tests.pictures.samples import jpeg
data = jpeg((900, 600))
for form in ("avif", "webp", "jpeg"):
    print(hashlib.sha256(made(data, "jpeg", 480, form)).hexdigest())
"""


def test_bytes_do_not_depend_on_how_many_processors_there_are():
    found = {
        subprocess.run(
            [sys.executable, "-c", DIGEST, how], capture_output=True, text=True, check=True
        ).stdout
        for how in ("one", "all")
    }
    assert len(found) == 1


def test_nor_on_what_was_made_before():
    data, other = samples.jpeg((900, 600)), samples.jpeg((500, 400))

    def digests() -> list[str]:
        return [
            hashlib.sha256(made(data, "jpeg", width, form)).hexdigest()
            for width in (240, 480)
            for form in FORMS
        ]

    first = digests()
    made(other, "jpeg", 240, "webp")
    assert digests() == first
    made(data, "jpeg", 0, "jpeg")
    assert digests() == first
