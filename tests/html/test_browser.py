"""The example site in a browser, and proof that the checks made there can fail."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.conftest import BuiltSite
from tests.html.browser import Scheme, Served, check_accessibility, check_visits
from tests.html.findings import report
from tests.html.server import STRICT, serve
from tests.html.sorts import examples, pages


@pytest.fixture(scope="module")
def served_under_path(site_under_path: BuiltSite) -> Iterator[Served]:
    """The example site under `/repo/`."""
    root = site_under_path.root
    with serve(root.parent, STRICT) as url:
        yield Served(root, f"{url}{root.name}/")


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_axe_finds_nothing_on_any_sort_of_page(
    browser: Browser, served: Served, width: int, scheme: Scheme
):
    paths = examples(served.root)
    assert report(check_accessibility(browser, served, paths, width, scheme)) == ""


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_finds_nothing_in_the_theme_wire(
    browser: Browser, site_in_wire: BuiltSite, scheme: Scheme
):
    with serve(site_in_wire.root, STRICT) as url:
        served = Served(site_in_wire.root, url)
        paths = examples(served.root)
        assert report(check_accessibility(browser, served, paths, 360, scheme)) == ""
        assert report(check_visits(browser, served, paths)) == ""


@pytest.mark.slow
@pytest.mark.parametrize("place", ["served", "served_under_path"])
def test_every_page_opens_quietly_and_fits_the_smallest_screen(
    browser: Browser, place: str, request: pytest.FixtureRequest
):
    served = request.getfixturevalue(place)
    assert report(check_visits(browser, served, pages(served.root))) == ""


@pytest.fixture
def small_site(tmp_path: Path) -> Iterator[Served]:
    """An empty folder that is served; a test writes its page."""
    with serve(tmp_path) as url:
        yield Served(tmp_path, url)


def write_page(site: Served, body: str, head: str = "") -> list[str]:
    """Write the one page of a small site; return its path."""
    text = (
        f'<!DOCTYPE html><html lang="en"><head><title>A page</title>'
        f'<link rel="icon" href="data:,">{head}</head>'
        f"<body><main><h1>A page</h1>{body}</main></body></html>"
    )
    (site.root / "index.html").write_text(text, encoding="utf-8")
    return ["index.html"]


PALE_IN_THE_DARK = (
    "<style>body { background: #fff; color: #111 }"
    "@media (prefers-color-scheme: dark) { body { background: #222 } }</style>"
)


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        ('<img src="data:,">', "image-alt"),
        ('<p style="color: #ccc">pale</p>', "color-contrast"),
        ("<h3>deep</h3>", "heading-order"),
    ],
)
def test_a_barrier_is_a_finding(browser: Browser, small_site: Served, body: str, rule: str):
    paths = write_page(small_site, body)
    assert f"{rule}: " in report(check_accessibility(browser, small_site, paths, 360, "light"))


def test_a_barrier_in_the_dark_scheme_alone_is_a_finding(browser: Browser, small_site: Served):
    paths = write_page(small_site, "<p>words</p>", PALE_IN_THE_DARK)
    assert check_accessibility(browser, small_site, paths, 360, "light") == []
    assert "color-contrast" in report(check_accessibility(browser, small_site, paths, 360, "dark"))


def test_axe_runs_where_the_page_forbids_scripts(browser: Browser, small_site: Served):
    policy = '<meta http-equiv="Content-Security-Policy" content="script-src \'none\'">'
    paths = write_page(small_site, '<img src="data:,">', policy)
    assert "image-alt" in report(check_accessibility(browser, small_site, paths, 360, "light"))


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ('<div style="width: 400px">x</div>', "px too wide: <div"),
        ('<img src="missing.png" alt="x">', "status of 404"),
        ('<img src="http://example.invalid/x.png" alt="x">', "asked another host"),
        ("<script>nothing()</script>", "error: nothing is not defined"),
        ('<script>console.error("ouch")</script>', "console: ouch"),
    ],
)
def test_a_noisy_or_wide_page_is_a_finding(
    browser: Browser, small_site: Served, body: str, message: str
):
    assert message in report(check_visits(browser, small_site, write_page(small_site, body)))


def test_a_quiet_page_is_no_finding(browser: Browser, small_site: Served):
    paths = write_page(small_site, "<p>words</p>")
    assert check_visits(browser, small_site, paths) == []
    assert check_accessibility(browser, small_site, paths, 1440, "light") == []
