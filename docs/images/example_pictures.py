"""Draws the raster pictures of the example site; run it from the root of the repository.

    python docs/images/example_pictures.py

They are no photographs, and their credits say so. Each run gives the same pictures.
"""

from __future__ import annotations

import math
import random
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter

CONTENT = Path("content/stories")
Colour = tuple[int, int, int]


def sky(size: tuple[int, int], *stops: Colour) -> Image.Image:
    """Return a field whose colours run from top to bottom."""
    column = Image.new("RGB", (1, len(stops)))
    column.putdata(stops)
    return column.resize(size, Image.Resampling.BICUBIC)


def grain(image: Image.Image, seed: int, strength: int) -> Image.Image:
    """Return a picture with the unevenness of a film."""
    dice = random.Random(seed)
    small = Image.frombytes("L", (400, 267), dice.randbytes(400 * 267))
    noise = small.resize(image.size, Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(2))
    noise = noise.point([128 + (value - 128) * strength // 128 for value in range(256)])
    return ImageChops.add(image, noise.convert("RGB"), 1, -128)


def ridge(dice: random.Random, width: int, level: float, rough: float) -> list[tuple[float, float]]:
    """Return the line of a range of hills."""
    waves = [(dice.uniform(0.5, 9), dice.uniform(0, 6.3), dice.uniform(0.2, 1)) for _ in range(7)]
    return [
        (x, level + rough * sum(p * math.sin(x / width * n * 6.3 + at) / n for n, at, p in waves))
        for x in range(0, width + 8, 8)
    ]


def winter_forest() -> Image.Image:
    """A lake under snow between dark spruces, with hills behind it."""
    size = wide, high = 1800, 1200
    dice = random.Random(31)
    image = sky(size, (108, 132, 168), (176, 192, 210), (238, 214, 196), (246, 236, 226))
    for number in range(5):
        level, part = high * (0.34 + 0.055 * number), number / 4
        shade = tuple(round(far + (near - far) * part) for far, near in
                      zip((172, 186, 206), (70, 92, 110), strict=True))  # fmt: skip
        hills = ridge(dice, wide, level, 46)
        ImageDraw.Draw(image).polygon([*hills, (wide, high), (0, high)], fill=shade)
        image = image.filter(ImageFilter.GaussianBlur(1.6 - 0.3 * number))
    draw = ImageDraw.Draw(image)
    shore = ridge(dice, wide, high * 0.64, 18)
    draw.polygon([*shore, (wide, high), (0, high)], fill=(226, 233, 241))
    for _ in range(60):
        x, y = dice.uniform(0, wide), dice.uniform(high * 0.67, high)
        long = dice.uniform(60, 420) * (y / high)
        draw.line([(x, y), (x + long, y + dice.uniform(-4, 4))], fill=(208, 219, 232), width=3)
    image = image.filter(ImageFilter.GaussianBlur(2))
    draw = ImageDraw.Draw(image)
    for _ in range(420):
        x, depth = dice.uniform(-40, wide + 40), dice.random()
        side = abs(x / wide - 0.52) * 2
        foot = high * (0.62 + 0.34 * depth * min(1.0, side * 1.15))
        spruce(draw, dice, x, foot, 40 + 260 * depth * side)
    return grain(image.filter(ImageFilter.GaussianBlur(1)), 5, 5)


def spruce(
    draw: ImageDraw.ImageDraw, dice: random.Random, x: float, foot: float, tall: float
) -> None:
    """Draw a tree with snow on its branches."""
    tone = dice.randint(-8, 10)
    for step in range(9):
        top = foot - tall * (1 - step / 11)
        half = tall * 0.025 * (step + 1)
        low = top + tall * 0.17
        draw.polygon([(x, top), (x - half, low), (x + half, low)],
                     fill=(34 + tone, 52 + tone, 58 + tone))  # fmt: skip
        if step % 2:
            draw.polygon([(x - half * 0.2, top + 2), (x - half, low), (x - half * 0.35, low - 2)],
                         fill=(214 + tone, 224 + tone, 234 + tone))  # fmt: skip


def container_ship() -> Image.Image:
    """A loaded ship before the evening sun."""
    size = wide, high = 1800, 1200
    dice = random.Random(12)
    image = sky(
        size, (44, 56, 96), (122, 98, 122), (222, 138, 96), (250, 206, 140), (250, 206, 140)
    )
    glow = Image.new("L", size)
    ImageDraw.Draw(glow).ellipse((1130, 420, 1290, 580), fill=255)
    for blur, light in ((140, (255, 196, 120)), (30, (255, 232, 190)), (2, (255, 248, 226))):
        image.paste(Image.new("RGB", size, light), mask=glow.filter(ImageFilter.GaussianBlur(blur)))
    sea = sky((wide, high - 640), (146, 104, 92), (58, 62, 86), (26, 34, 56))
    image.paste(sea, (0, 640))
    draw = ImageDraw.Draw(image)
    for _ in range(5200):
        y = 640 + (high - 640) * dice.random() ** 1.7
        near = (y - 640) / (high - 640)
        x, long = dice.uniform(-50, wide), 6 + 90 * near * dice.random()
        bright = max(0.0, 1 - abs(x - 1210) / (120 + 420 * near)) * dice.random()
        base = (44 + 30 * (1 - near), 48 + 24 * (1 - near), 74)
        fill = tuple(round(dark + (light - dark) * bright) for dark, light in
                     zip(base, (255, 206, 150), strict=True))  # fmt: skip
        draw.line([(x, y), (x + long, y)], fill=fill, width=1 + round(3 * near))
    hull = [(330, 600), (1010, 600), (1060, 566), (1042, 664), (1000, 690), (372, 690)]
    draw.polygon(hull, fill=(24, 26, 38))
    for column in range(22):
        stack = 3 + (column * 7 % 5 > 1) + (3 < column < 17) * 2
        for row in range(stack):
            left, top = 440 + column * 25, 578 - row * 19
            tone = dice.choice(
                ((70, 40, 40), (40, 52, 72), (66, 58, 44), (38, 60, 58), (56, 44, 60))
            )
            draw.rectangle((left, top, left + 23, top + 17), fill=tone)
    draw.rectangle((364, 468, 420, 600), fill=(34, 36, 50))
    draw.rectangle((352, 462, 430, 474), fill=(30, 32, 44))
    draw.rectangle((384, 430, 396, 464), fill=(30, 32, 44))
    return grain(image.filter(ImageFilter.GaussianBlur(1.3)), 8, 4)


def mineral_grains() -> Image.Image:
    """Grains of several minerals, cut flat and seen from above, in few colours."""
    wide, high = 1200, 800
    dice = random.Random(57)
    tones = ((216, 196, 164), (188, 150, 110), (120, 92, 78), (232, 222, 206), (150, 168, 160),
             (96, 110, 118), (206, 130, 92), (64, 60, 66))  # fmt: skip
    grains = [(dice.uniform(0, wide), dice.uniform(0, high), dice.choice(tones))
              for _ in range(130)]  # fmt: skip

    def at(x: int, y: int) -> Colour:
        near = sorted((math.hypot(one[0] - x, one[1] - y), one[2]) for one in grains)
        return (44, 40, 44) if near[1][0] - near[0][0] < 5 else near[0][1]

    image = Image.new("RGB", (wide // 4, high // 4))
    image.putdata([at(x, y) for y in range(0, high, 4) for x in range(0, wide, 4)])
    image = image.resize((wide, high), Image.Resampling.BICUBIC)
    return image.quantize(48, dither=Image.Dither.NONE)


def main() -> None:
    """Draw all pictures into the folders of their stories."""
    options = {"quality": 76, "optimize": True, "progressive": True}
    winter_forest().save(CONTENT / "2023/04/winter-forest.jpg", **options)
    container_ship().save(CONTENT / "2024/01/container-ship.jpg", **options)
    mineral_grains().save(CONTENT / "2025/10/mineral-grains.png", optimize=True)


if __name__ == "__main__":
    main()
