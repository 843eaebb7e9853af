"""The browser and the server of the tests of the client."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.html.browser import chromium
from tests.serve.client.stand_in import StandIn, standing_in
from tests.serve.client.visit import Visit, visiting


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The browser, started once: each test opens a fresh profile in it."""
    with chromium() as started:
        yield started


@pytest.fixture
def server() -> Iterator[StandIn]:
    """A server that says what a test wants."""
    with standing_in() as started:
        yield started


@pytest.fixture
def visit(browser: Browser, server: StandIn) -> Iterator[Visit]:
    """A browser that has not gone anywhere yet."""
    with visiting(browser, server) as started:
        yield started
