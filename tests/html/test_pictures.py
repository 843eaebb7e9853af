"""Pictures in a browser: the file that fits is loaded, early or late, and nothing jumps."""

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, ViewportSize

from tests.building import SiteFolder
from tests.html.browser import Served
from tests.html.server import serve
from tests.pictures.samples import jpeg

IMAGE = {"src": "boat.jpg", "alt": "A boat", "credit": "Jo"}
LONG = "\n\n".join(["Words and more words, so that the page is long."] * 150)

SHIFTS = """
window.shifts = 0;
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) window.shifts += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A site whose story has a large picture at its head and one far below."""
    folder = SiteFolder(tmp_path_factory.mktemp("pictures"), theme="gazette")
    for name in ("boat", "late"):
        folder.write(f"content/stories/{name}.jpg", jpeg((2000, 1300)))
    folder.write("content/authors/face.jpg", jpeg((900, 900)))
    body = f"## What's happened\n\n{LONG}\n\n![A boat from behind](late.jpg)\n\n{LONG}"
    face = {"src": "face.jpg", "alt": "A face", "credit": "Jo"}
    folder.entry("author", "w", bio="Writes.", image=face)
    folder.story("a", body, image=IMAGE, authors=["w"])
    folder.built()
    with serve(folder.output) as url:
        yield Served(folder.output, url)


def slowly(route: Route) -> None:
    """Let words be there long before a picture is."""
    time.sleep(0.3)
    route.continue_()


def visit(
    browser: Browser, served: Served, width: int, path: str = "stories/a/", *, late: bool = False
) -> Page:
    """Open a page; with pictures that come `late`, nothing else can make it jump.

    Neither fonts nor scripts come then: they have their own ways of moving words.
    """
    size: ViewportSize = {"width": width, "height": 800}
    context = browser.new_context(viewport=size, bypass_csp=True)
    context.add_init_script(SHIFTS)
    if late:
        context.route("**/*.avif", slowly)
        context.route(re.compile(r"\.(woff2|js)$"), lambda route: route.abort())
    page = context.new_page()
    page.goto(served.address(path), wait_until="networkidle")
    return page


def shown(page: Page, selector: str) -> Any:
    return page.locator(selector).evaluate(
        "image => [image.currentSrc.split('/').pop(), image.complete && image.naturalWidth > 0]"
    )


@pytest.mark.parametrize(("width", "wanted"), [(360, "480.avif"), (1440, "960.avif")])
def test_the_file_that_fits_is_loaded(browser: Browser, served: Served, width: int, wanted: str):
    name, loaded = shown(visit(browser, served, width), ".picture-wide img")
    assert name.endswith(wanted)
    assert loaded


def test_a_small_round_face_has_the_smallest_file(browser: Browser, served: Served):
    page = visit(browser, served, 360, "authors/")
    assert shown(page, ".portrait img")[0].endswith("240.avif")
    assert page.locator(".portrait img").evaluate("image => image.clientWidth") == 64


@pytest.mark.parametrize("width", [360, 1440])
def test_nothing_jumps_while_pictures_come(browser: Browser, served: Served, width: int):
    page = visit(browser, served, width, late=True)
    assert shown(page, ".picture-wide img")[1]
    come_near(page)
    assert page.evaluate("window.shifts") == 0


def come_near(page: Page) -> None:
    """Scroll to the picture far below, and wait until it is there."""
    page.locator(".prose img").scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('.prose img').naturalWidth > 0")
    page.wait_for_timeout(200)


def test_what_is_far_below_is_loaded_when_a_reader_comes_near(browser: Browser, served: Served):
    page = visit(browser, served, 360)
    assert not shown(page, ".prose img")[1]
    come_near(page)
    assert shown(page, ".prose img")[1]


def test_a_picture_without_its_size_would_jump(browser: Browser, served: Served):
    """The test of jumps can fail."""
    page_file = served.root / "stories/a/index.html"
    text = page_file.read_text("utf-8")
    bare = text.replace(' width="1920" height="1248"', "")
    (served.root / "bare.html").write_text(bare, "utf-8")
    assert visit(browser, served, 360, "bare.html", late=True).evaluate("window.shifts") > 0
