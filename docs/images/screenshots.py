"""Takes the screenshots of the example site for docs/screens.md; run it from the repository's root.

    python docs/images/screenshots.py

For each sort of page a sheet: three widths in light colours, the same in dark ones, and print.
Needs Chromium (`make tools`), and a font for Chinese: on a machine without one, FONTS names the
folder of one. The pictures are kept as WebP, small.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shutil import which
from threading import Thread
from typing import Literal

from PIL import Image, ImageOps
from playwright.sync_api import Browser, sync_playwright

SHEETS = Path("docs/images/screens")
PAGES = {
    "home": "",
    "story": "stories/china-ai-chips/",
    "question": "questions/how-do-climate-conferences-decide/",
    "topic": "topics/nvidia/",
    "paper": "papers/financial-times/",
    "author": "authors/tomas-okafor/",
    "page": "how-we-explain/",
    "stories": "stories/",
    "questions": "questions/",
    "topics": "topics/",
    "papers": "papers/",
    "authors": "authors/",
    "search": "search/?q=china",
    "404": "404.html",
}
WIDTHS = (360, 768, 1440)
PAPER = 760
"""Pixels of a sheet of A4 between its margins, about."""

MARGIN = 60
TALLEST = 2000
FONTS = """<fontconfig>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include><dir>{}</dir>
</fontconfig>"""
"""A folder of fonts beside those of the machine, which may have none for Chinese."""

SCALE = 0.3
GAP = 12
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


def shot(browser: Browser, url: str, width: int, scheme: Literal["light", "dark"], *,
         print_: bool = False) -> Image.Image:  # fmt: skip
    """Return the upper part of a page."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    if print_:
        page.emulate_media(media="print", color_scheme="light")
    page.goto(url, wait_until="networkidle")
    # What waits until a reader comes near is in no screenshot otherwise.
    page.set_viewport_size({"width": width, "height": TALLEST})
    page.wait_for_timeout(200)
    height = min(TALLEST, int(page.evaluate("document.documentElement.scrollHeight")))
    clip = {"x": 0, "y": 0, "width": width, "height": height}
    data = page.screenshot(full_page=True, clip=clip)  # type: ignore[arg-type]
    context.close()
    image = Image.open(io.BytesIO(data)).convert("RGB")
    return ImageOps.expand(image, MARGIN, "white") if print_ else image


def sheet(rows: list[list[Image.Image]], scale: float) -> Image.Image:
    """Return pictures side by side, row below row, made smaller."""
    small = [[ImageOps.scale(one, scale, Image.Resampling.LANCZOS) for one in row] for row in rows]
    width = max(sum(one.width + GAP for one in row) + GAP for row in small)
    heights = [max(one.height for one in row) + GAP for row in small]
    made = Image.new("RGB", (width, sum(heights) + GAP), "#8a8a8a")
    top = GAP
    for row, height in zip(small, heights, strict=True):
        left = GAP
        for one in row:
            made.paste(one, (left, top))
            left += one.width + GAP
        top += height
    return made


def main() -> None:
    SHEETS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        command = [
            sys.executable,
            "-m",
            "explainer",
            "build",
            "-q",
            "--now",
            "2026-01-15T12:00:00Z",
        ]
        subprocess.run([*command, "--output", f"{folder}/public"], check=True)
        handler = partial(_Quiet, directory=f"{folder}/public")
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        Thread(target=server.serve_forever, daemon=True).start()
        with sync_playwright() as playwright:
            flags = ["--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
            fonts = Path(folder, "fonts.conf")
            fonts.write_text(FONTS.format(os.environ.get("FONTS", "")), "utf-8")
            browser = playwright.chromium.launch(
                executable_path=which("chromium"), args=flags,
                env={**os.environ, "FONTCONFIG_FILE": str(fonts)},
            )  # fmt: skip
            for name in sys.argv[1:] or PAGES:
                url = f"http://127.0.0.1:{server.server_port}/{PAGES[name]}"
                light, dark = ([shot(browser, url, width, scheme) for width in WIDTHS]
                               for scheme in SCHEMES)  # fmt: skip
                light.append(shot(browser, url, PAPER, "light", print_=True))
                sheet([light, dark], SCALE).save(SHEETS / f"{name}.webp", quality=60, method=6)
                print(name, (SHEETS / f"{name}.webp").stat().st_size)
        server.shutdown()


if __name__ == "__main__":
    main()
