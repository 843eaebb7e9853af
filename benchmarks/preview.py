"""Measures how long it takes from saving a file until the browser shows the new page.

Run as: python -m benchmarks.preview --stories 1000 --edits 200
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random

from playwright.sync_api import Page, sync_playwright

from benchmarks.generate import write
from benchmarks.world import World

PATIENCE = 60_000
"""Milliseconds after which an edit that is not seen is taken for lost."""

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]

_SEEN = """
([selector, text]) => {
  const found = document.querySelector(selector);
  return found !== null && found.textContent.includes(text) ? performance.timeOrigin
    + performance.now() : 0;
}
"""


def measure(stories: int, edits: int) -> dict[str, list[float]]:
    """Return the milliseconds from each save to the moment at which the browser shows it."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        site = Path(folder, "site")
        write("explainer-gazette", site, World(stories))
        process = subprocess.Popen(
            [sys.executable, "-m", "explainer", "-C", str(site), "serve", "--port", "0"],
            stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
        try:
            return _measured(process, site, edits)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()
            if process.stdout is not None:
                process.stdout.close()


def _measured(process: subprocess.Popen[str], site: Path, edits: int) -> dict[str, list[float]]:
    assert process.stdout is not None
    for line in process.stdout:
        if found := re.search(r"The site is at (http://\S+)", line):
            address = found[1].rstrip("/")
            break
    chance = Random(20250919)
    files = sorted((site / "content" / "stories").rglob("*.md"))
    chromium = shutil.which("chromium")
    found_times: dict[str, list[float]] = {"words": [], "title": []}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page()
        for number in range(edits + 5):
            file = chance.choice(files)
            slug = file.stem if file.stem != "index" else file.parent.name
            page.goto(f"{address}/stories/{slug}/", wait_until="networkidle")
            what = "title" if number % 4 == 3 else "words"
            milliseconds = _edit(page, file, what, f"edition{number}x")
            if number >= 5:  # the first ones warm up
                found_times[what].append(milliseconds)
        browser.close()
    return found_times


def _edit(page: Page, file: Path, what: str, word: str) -> float:
    text = file.read_text("utf-8")
    if what == "title":
        selector = "h1"
        new = re.sub(r'(?m)^title: "?([^"\n]*)"?$', rf'title: "\1 {word}"', text, count=1)
    else:
        selector = "main"
        new = f"{text.rstrip()} And {word}.\n"
    assert new != text
    saved = time.time()
    file.write_text(new, "utf-8")
    # The moment is taken in the browser: asking it from here takes a time of its own.
    seen = page.wait_for_function(_SEEN, arg=[selector, word], timeout=PATIENCE, polling="raf")
    return float(seen.json_value()) - saved * 1000


def told(times: list[float]) -> str:
    """Return median, 99th of a hundred, and the longest."""
    ordered = sorted(times)
    late = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    middle = statistics.median(ordered)
    return f"median {middle:.0f} ms, 99 of 100 within {late:.0f}, longest {ordered[-1]:.0f}"


def main(arguments: list[str] | None = None) -> None:
    """Measure, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stories", type=int, default=1000)
    parser.add_argument("--edits", type=int, default=200)
    given = parser.parse_args(arguments)
    times = measure(given.stories, given.edits)
    both = [one for some in times.values() for one in some]
    print(f"{given.stories} stories, {len(both)} edits: {told(both)}")
    for what, some in times.items():
        print(f"  {what} ({len(some)}): {told(some)}")


if __name__ == "__main__":
    main()
