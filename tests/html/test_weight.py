"""What a reader's browser loads before the first view of a page, and what it may load at all."""

import gzip
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Browser

from tests.html.browser import HEIGHT, Served
from tests.html.sorts import pages

LARGEST_VIEW = 60_000
LARGEST_SCRIPTS = 5_000
"""Bytes, compressed as servers do."""

READY_PACKED = {".woff2", ".png", ".jpg", ".jpeg", ".avif", ".webp"}
PICTURES = {".png", ".jpg", ".jpeg", ".avif", ".webp", ".svg"}


def loaded(browser: Browser, served: Served, path: str) -> dict[str, int]:
    """Return what the first view of a page loads, and how many bytes of each are sent."""
    asked: list[str] = []
    context = browser.new_context(viewport={"width": 360, "height": HEIGHT})
    page = context.new_page()
    page.on("request", lambda request: asked.append(unquote(urlsplit(request.url).path)))
    page.goto(served.address(path), wait_until="networkidle")
    context.close()
    found = {}
    for url in asked:
        file = served.root / url.lstrip("/")
        data = (file / "index.html" if file.is_dir() else file).read_bytes()
        found[url] = len(data) if file.suffix in READY_PACKED else len(gzip.compress(data, 6))
    return found


def stories(root: Path) -> list[str]:
    return [path for path in pages(root) if path.startswith("stories/") and path.count("/") == 2]


@pytest.mark.slow
def test_the_first_view_of_a_story_is_light(browser: Browser, served: Served):
    for path in stories(served.root):
        parts = loaded(browser, served, path)
        scripts = sum(size for url, size in parts.items() if url.endswith(".js"))
        text = {url: size for url, size in parts.items() if Path(url).suffix not in PICTURES}
        assert sum(text.values()) <= LARGEST_VIEW, (path, text)
        assert scripts <= LARGEST_SCRIPTS, (path, parts)
