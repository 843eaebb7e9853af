"""What is seen in files of pictures: their sort and size, and all that is wrong with them."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

from explainer.pictures.look import BYTES_MOST, look, look_at
from explainer.pictures.seen import Seen
from tests.building import limited
from tests.pictures import samples
from tests.pictures.samples import SIZE, animation, encoded, exif, jpeg, scene, stored

FORMS = {"jpeg": "JPEG", "png": "PNG", "webp": "WEBP", "avif": "AVIF", "gif": "GIF"}


def size_of(data: bytes) -> tuple[str, int, int]:
    seen = look(data)
    assert not seen.code, seen
    return seen.sort, seen.width, seen.height


@pytest.mark.parametrize("sort", FORMS)
def test_every_sort_is_known_by_its_content(sort: str):
    assert size_of(encoded(scene(), FORMS[sort])) == (sort, *SIZE)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "I;16"])
def test_every_mode_of_png(mode: str):
    image = Image.new(mode, SIZE) if mode == "I;16" else scene(mode="L").convert(mode)
    assert size_of(encoded(image, "PNG")) == ("png", *SIZE)


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_every_mode_of_jpeg(mode: str):
    assert size_of(encoded(scene(mode=mode), "JPEG")) == ("jpeg", *SIZE)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_size_is_that_of_the_upright_picture(orientation: int):
    data = encoded(stored(orientation), "JPEG", exif=exif(orientation))
    assert size_of(data) == ("jpeg", *SIZE)


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_an_animation_is_one(form: str):
    seen = look(animation(form))
    assert (seen.code, seen.moves, seen.width, seen.height) == ("", True, *SIZE)


def test_the_same_content_has_the_same_mark_and_other_content_another():
    assert look(jpeg()).mark == look(jpeg()).mark != look(jpeg(quality=50)).mark


def code_of(data: bytes) -> str:
    return look(data).code


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"no picture at all", "is no picture"),
        (b"II*\0" + bytes(40), "TIFF"),
        (b"%PDF-1.7", "PDF"),
        (b"\0\0\0\x18ftypheic" + bytes(20), "HEIC"),
        (b"\0\0\0\x18ftypmp42" + bytes(20), "film"),
        (b"<html><body></body></html>", "is no picture"),
        (b"\x1f\x8b" + bytes(20), "compressed"),
    ],
)
def test_what_is_no_picture(data: bytes, words: str):
    seen = look(data)
    assert seen.code == "E215"
    assert words in seen.message


def test_a_film_in_avif_is_not_taken():
    film = encoded(scene(), "AVIF", save_all=True, append_images=[scene()])
    assert code_of(film) == "E215"


def test_an_empty_file():
    assert code_of(b"") == "E216"


@pytest.mark.parametrize("data", [samples.bomb(), samples.bomb(7100, 7100), samples.webp_bomb()])
def test_a_bomb_is_found_in_its_head(data: bytes):
    started = time.monotonic()
    assert code_of(data) == "E217"
    assert time.monotonic() - started < 1


def test_a_jpeg_that_goes_over_its_pixels_again_and_again():
    scan = b"\xff\xda\0\x08\x01\x01\0\0\x3f\0\x55"
    data = jpeg()
    assert code_of(data[:-2] + scan * 200 + data[-2:]) == "E216"


def test_a_huge_file_is_not_even_read(tmp_path: Path):
    path = tmp_path / "huge.jpg"
    with path.open("wb") as file:
        file.truncate(BYTES_MOST + 1)
    assert look_at(str(path)).code == "E218"


# -- files that were spoilt ----------------------------------------------------------------------


def whole() -> dict[str, bytes]:
    big = scene((320, 200))
    found = {sort: encoded(big, form) for sort, form in FORMS.items()}
    return found | {f"moving {form}": animation(form) for form in ("GIF", "WEBP", "PNG")}


@pytest.mark.parametrize("name", whole())
def test_a_file_that_was_cut_off(name: str):
    data = whole()[name]
    for part in (0.1, 0.5, 0.9):
        seen = look(data[: int(len(data) * part)])
        assert seen.code in ("E215", "E216"), (part, seen)


@pytest.mark.parametrize("name", whole())
def test_no_damage_comes_to_more_than_a_finding(name: str):
    data, dice = whole()[name], random.Random(name)
    for _ in range(60):
        spoilt = bytearray(data)
        for _ in range(dice.randint(1, 12)):
            spoilt[dice.randrange(len(spoilt))] = dice.randrange(256)
        if dice.random() < 0.3:
            del spoilt[dice.randrange(len(spoilt)) :]
        assert isinstance(look(bytes(spoilt)), Seen)


def test_nor_do_random_bytes_behind_the_right_first_ones():
    dice = random.Random(7)
    heads = [b"", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"GIF89a",
             b"RIFF\xff\xff\0\0WEBPVP8 ", b"RIFF\xff\xff\0\0WEBPVP8X",
             b"\0\0\0\x1cftypavif\0\0\0\0avif", b"<svg ", b"<?xml "]  # fmt: skip
    for head in heads:
        for size in (0, 1, 10, 1000):
            assert isinstance(look(head + dice.randbytes(size)), Seen)


MEASURE = """
import sys
from explainer.pictures.look import look_at
from explainer.pictures.make import made
seen = look_at(sys.argv[1])
print(seen.code, len(made(open(sys.argv[1], "rb").read(), seen.sort, 960, "webp")))
"""


@pytest.mark.slow
@pytest.mark.parametrize(("mode", "form"), [("RGB", "PNG"), ("RGBA", "PNG"), ("CMYK", "JPEG")])
def test_the_largest_picture_that_is_taken_fits_in_512_megabytes(
    tmp_path: Path, mode: str, form: str
):
    path = tmp_path / "large"
    Image.new(mode, (8000, 6200), 90).save(
        path, form, **({"compress_level": 1} if form == "PNG" else {})
    )
    command = [sys.executable, "-c", MEASURE, str(path)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, preexec_fn=limited(megabytes=512)
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split()[0].isdigit()
