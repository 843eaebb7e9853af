"""Measures what a social card costs, step by step, in processor time of one core.

Run as: python -m benchmarks.cards --pictures 60
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable
from random import Random
from statistics import mean
from typing import TypeVar

import resvg_py

from explainer.theme import pictures
from explainer.theme.fonts import Font, Fonts
from explainer.theme.theme import built_in_themes
from explainer.theme.typesetting import Setter

WORDS = (
    "China builds its own chips after new export rules hit Nvidia and Huawei while the European "
    "Union weighs a ban on older machines that American firms still sell abroad"
).split()
SIZES = (100, 92, 84, 76, 68, 60, 54, 48, 42)
HEAD = (
    f'<svg xmlns="http://www.w3.org/2000/svg" width="{pictures.WIDTH}" height="{pictures.HEIGHT}"'
)

T = TypeVar("T")
R = TypeVar("R")


def timed(step: str, make: Callable[[T], R], items: Iterable[T]) -> list[R]:
    """Make something of each item, and say how long it took."""
    start, found = time.process_time(), [make(item) for item in items]
    print(f"{step:32}{1000 * (time.process_time() - start) / len(found):8.2f} ms")
    return found


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=int, default=60)
    count = parser.parse_args().pictures
    chance = Random(1)
    titles = [" ".join(chance.choices(WORDS, k=chance.randint(5, 14))) for _ in range(count)]
    files = sorted((built_in_themes() / "gazette" / "fonts").glob("*.ttf"))
    fonts = Fonts([Font(file.stem, file.read_bytes()) for file in files])

    def picture(title: str) -> str:
        setter = Setter(fonts, "en")
        block = setter.fit(
            title,
            font="newsreader-display",
            width=1056,
            lines=4,
            height=250,
            leading=1.1,
            sizes=SIZES,
        )
        label = setter.fit("Semiconductors", font="public-sans", width=1056, sizes=[30])
        outlines = f"{label.at(72, 174)}{block.at(72, 210 + block.size * 0.76)}"
        return f'{HEAD}><rect width="1200" height="630" fill="#fdfbf7"/>{outlines}</svg>'

    def small(svg: str) -> bytes:
        return resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True, width=120, height=63)

    svgs = timed("break and shape", picture, titles)
    timed("look whether it is SVG", pictures.svg_fault, svgs)
    drawn = timed("draw and write as PNG", pictures.png, svgs)
    timed("... an empty picture", pictures.png, [f"{HEAD}/>"] * count)
    timed("... at a tenth of the size", small, svgs)
    print(f"{mean(map(len, svgs)):.0f} bytes of SVG, {mean(map(len, drawn)):.0f} bytes of PNG")


if __name__ == "__main__":
    main()
