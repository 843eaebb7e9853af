"""A browser, and the example site served to it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.conftest import BuiltSite
from tests.html.browser import Served, chromium
from tests.html.server import STRICT, serve


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The browser, started once: each check opens a fresh profile in it."""
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def served(site_at_root: BuiltSite) -> Iterator[Served]:
    """The example site at the top of a host that allows nothing but its own files."""
    with serve(site_at_root.root, STRICT) as url:
        yield Served(site_at_root.root, url)
