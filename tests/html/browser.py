"""What only a browser can tell: accessibility, requests, errors, pages wider than the screen."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import quote, urlsplit

from playwright.sync_api import (
    Browser,
    BrowserType,
    ConsoleMessage,
    Page,
    Request,
    ViewportSize,
    sync_playwright,
)

from tests.html.findings import Finding
from tests.tooling import node_module, program

Scheme = Literal["light", "dark"]

# Without the flags on networking the browser looks for its maker's hosts at every start.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

SMALLEST_WIDTH = 320
HEIGHT = 900


@dataclass(frozen=True)
class Served:
    """An output folder and the address at which it is served."""

    root: Path
    url: str

    def address(self, path: str) -> str:
        """Return the address of a page of the output."""
        return self.url + quote(path.removesuffix("index.html"))


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the machine's own Chromium; playwright's cannot be had everywhere."""
    program("chromium")
    with sync_playwright() as playwright:
        browser = start(playwright.chromium)
        yield browser
        browser.close()


def start(browsers: BrowserType, *flags: str) -> Browser:
    """Start one more browser, with flags of its own."""
    return browsers.launch(executable_path=program("chromium"), args=[*FLAGS, *flags])


def check_accessibility(
    browser: Browser, site: Served, paths: list[str], width: int, scheme: Scheme
) -> list[Finding]:
    """Return what axe finds on pages at one width of the screen and in one colour scheme."""
    axe = node_module("axe-core/axe.min.js").read_text(encoding="utf-8")
    viewport: ViewportSize = {"width": width, "height": HEIGHT}
    # A page's own policy forbids scripts, and so would forbid axe.
    context = browser.new_context(viewport=viewport, color_scheme=scheme, bypass_csp=True)
    context.add_init_script(axe)
    page = context.new_page()
    findings = []
    for path in paths:
        page.goto(site.address(path))
        result = page.evaluate("axe.run({resultTypes: ['violations']})")
        for violation in result["violations"]:
            for node in violation["nodes"]:
                why = node["failureSummary"].replace("\n", " ")
                message = f"{violation['id']}: {why} {node['html'][:200]}"
                findings.append(Finding(path, 0, message))
    context.close()
    return findings


def check_visits(browser: Browser, site: Served, paths: list[str]) -> list[Finding]:
    """Open pages on the smallest screen; return errors, stray requests and sideways scrolling."""
    host = urlsplit(site.url).netloc
    seen: list[str] = []

    def is_foreign(url: str) -> bool:
        return urlsplit(url).netloc not in {"", host}

    def note_request(request: Request) -> None:
        if is_foreign(request.url):
            seen.append(f"asked another host for {request.url}")

    def note_words(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            seen.append(f"console: {message.text}")

    context = browser.new_context(viewport={"width": SMALLEST_WIDTH, "height": HEIGHT})
    context.route(is_foreign, lambda route: route.abort())
    page = context.new_page()
    page.on("request", note_request)
    page.on("console", note_words)
    page.on("pageerror", lambda error: seen.append(f"error: {error}"))
    findings = []
    for path in paths:
        seen.clear()
        page.goto(site.address(path))
        seen.extend(too_wide(page))
        findings += [Finding(path, 0, message) for message in seen]
    context.close()
    return findings


def too_wide(page: Page) -> Iterator[str]:
    """Say by how much the page is wider than the screen, and which element reaches furthest."""
    found = page.evaluate(
        """() => {
            const screen = document.documentElement.clientWidth;
            const excess = document.documentElement.scrollWidth - screen;
            if (excess <= 0) return null;
            const right = element => element.getBoundingClientRect().right;
            const widest = [...document.body.querySelectorAll('*')]
                .reduce((a, b) => right(b) > right(a) ? b : a);
            return `${excess}px too wide: ${widest.outerHTML.slice(0, 200)}`;
        }"""
    )
    if found:
        yield found
