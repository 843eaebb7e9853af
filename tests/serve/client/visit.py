"""One visit of one browser to the stand-in server, and what may be asked of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

from tests.serve.client.stand_in import StandIn

HOST = "explainer-preview"

expect.set_options(timeout=30_000)  # milliseconds: a machine may be slow


HIDE = """(() => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => HIDDEN });
    document.dispatchEvent(new Event("visibilitychange"));
})()"""


class Visit:
    """A page in a browser that knows no other; whatever it complains about is noted."""

    def __init__(self, page: Page, server: StandIn) -> None:
        self.page = page
        self.server = server
        self.noise: list[str] = []
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.noise.append(f"error: {error.stack}"))

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.noise.append(f"console: {message.text}")

    def open(self, path: str = "/a/") -> Visit:
        """Go to a page, and wait until it listens and knows what it is made from."""
        before = len(self.server.asked)
        self.page.goto(self.server.url + path)
        self.wait_for_server(
            lambda: (
                any("/about?" in asked for asked in self.server.asked[before:])
                and self.server.streams > 0
            )
        )
        return self

    def wait_for_server(self, condition: Any) -> None:
        """Wait for something that the server sees, while the browser goes on."""
        for _ in range(3000):
            if condition():
                return
            self.page.wait_for_timeout(10)
        raise AssertionError("this never came about")

    def until(self, condition: str, argument: Any = None) -> None:
        """Wait until an expression of JavaScript is true, across reloads."""
        self.page.wait_for_function(f"argument => ({condition})", arg=argument)

    def get(self, expression: str) -> Any:
        return self.page.evaluate(expression)

    # -- reloads -----------------------------------------------------------------------------

    def mark(self) -> None:
        """Leave a mark that a reload wipes out."""
        self.get("window.mark = true")

    @property
    def is_marked(self) -> bool:
        return bool(self.get("window.mark === true"))

    def until_reloaded(self) -> None:
        """Wait for a reload, and until the new page has given the reader's place back."""
        self.until("!window.mark && document.readyState === 'complete'")
        self.until(f"document.querySelector('{HOST}') && history.scrollRestoration === 'auto'")

    def until_told(self) -> None:
        """Wait until the page has heard what was told last, by what only that brings about."""
        self.server.about = {"title": f"turn {len(self.server.asked)}"}
        self.server.tell(**self.server.state)
        self.page.locator(f"{HOST} .title").get_by_text(self.server.about["title"]).wait_for(
            state="attached"
        )

    # -- what the client shows ---------------------------------------------------------------

    def own(self, selector: str) -> Locator:
        """Return elements that the client shows."""
        return self.page.locator(f"{HOST} {selector}")

    def focused(self) -> str:
        """Return the id of what has the focus, inside the client or on the page."""
        inside = f"document.querySelector('{HOST}').shadowRoot.activeElement"
        return str(self.get(f"({inside} ?? document.activeElement).id"))

    # -- being looked at ---------------------------------------------------------------------

    def set_hidden(self, hidden: bool) -> None:
        """Behave as a tab that goes to the background or comes back; headless tabs never do."""
        self.get(HIDE.replace("HIDDEN", str(hidden).lower()))


@contextmanager
def visiting(browser: Browser, server: StandIn, **options: Any) -> Iterator[Visit]:
    """Open a fresh profile; everything that the browser complains about is a fault."""
    context = browser.new_context(**options)
    visit = Visit(context.new_page(), server)
    try:
        yield visit
    finally:
        context.close()
    assert visit.noise == []
