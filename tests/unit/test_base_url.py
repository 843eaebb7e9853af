"""The address of a site: links hold it as browsers need it, however it was written."""

import pytest

from explainer.config import parse_base_url
from tests.building import site


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("https://example.org", "https://example.org/"),
        ("https://example.org/news//", None),
        ("https://example.org/news/", "https://example.org/news/"),
        ("https://example.org/my%20news", "https://example.org/my%20news/"),
        ("https://example.org/nachrichten-für-alle", "https://example.org/nachrichten-f%C3%BCr-alle/"),
        ("https://example.org/f%C3%BCr/", "https://example.org/f%C3%BCr/"),
        ("https://example.org/f%fcr/", None),
        ("https://example.org/a b/", None),
        ("https://example.org/a%2Fb/", None),
        ("https://example.org/%2e%2e/", None),
        ("https://example.org/a/../b/", None),
        ("https://example.org/%2e/", None),
        ("https://example.org/a/./b/", None),
        ("https://example.org/a..b/", "https://example.org/a..b/"),
        ("https://example.org/a%3Fb/", None),
        ("https://example.org/a%25b/", None),
        ("https://example.org/a%00b/", None),
        ("https://example.org/?x", None),
        ("https://me@example.org/", None),
        ("ftp://example.org/", None),
    ],
)  # fmt: skip
def test_what_is_written_and_what_is_meant(written: str, meant: str | None) -> None:
    assert parse_base_url(written) == meant
    if meant is not None:
        assert parse_base_url(meant) == meant


@pytest.mark.parametrize("output", ["sitemap.xml", "feed.xml"])
def test_links_are_quoted_once(output: str) -> None:
    made = site(base_url="https://example.org/my%20news/").story("a").output(output)
    assert b"https://example.org/my%20news/stories/a/" in made
    assert b"%2520" not in made
