"""URLs of entries and the files of the output that answer to them."""

from __future__ import annotations

import unicodedata
from urllib.parse import quote

from explainer.config import PATH_SAFE, Config
from explainer.content.record import Outline

MARK = ".explainer-output"
"""File in a published tree that says whose it is, and lists what is ours in it."""

INDEXES = {
    "stories": "/stories/",
    "questions": "/questions/",
    "topics": "/topics/",
    "papers": "/papers/",
    "authors": "/authors/",
}
"""Sort of index page -> its URL within the site."""


def entry_url(entry: Outline, config: Config) -> str:
    """Return the URL of an entry within the site, decoded: `/stories/x/`."""
    year, month, day = entry.date.text[:10].split("-") if entry.date else ("0", "0", "0")
    pattern = config.permalinks[entry.id.kind]
    return pattern.format(slug=entry.id.slug, year=year, month=month, day=day)


def page_url(index: str, number: int) -> str:
    """Return the URL of a page of a paginated list."""
    return index if number == 1 else f"{index}page/{number}/"


SEARCH = "/search/"
"""URL of the search page; the files of the index lie below it."""

SEARCH_INDEX = f"{SEARCH}index.json"


SUMMARIES = f"{INDEXES['topics']}summaries.json"
"""URL of the file of what cards at links show of topics."""


FEEDS = {"atom": "feed.xml", "json": "feed.json"}
"""Sort of feed -> its file, beside the page that it belongs to."""


def feed_url(url: str, sort: str) -> str:
    """Return the URL of a feed of the page at a URL."""
    folder = url if url.endswith("/") else f"{url}/"
    return f"{folder}{FEEDS[sort]}"


CARDS = "/cards/"
CARD_KINDS = {"story": "stories", "question": "questions", "topic": "topics"}
"""Kinds of entries that have a social card each -> the folder of these."""


def card_url(kind: str, slug: str) -> str:
    """Return the URL of the social card of an entry; of any other kind, that of the site's."""
    return f"{CARDS}{CARD_KINDS[kind]}/{slug}.png" if kind in CARD_KINDS else f"{CARDS}site.png"


def output_path(url: str) -> str:
    """Return the file that answers to a URL, relative to the output folder."""
    path = url.lstrip("/")
    return f"{path}index.html" if not path or path.endswith("/") else path


def encoded(url: str) -> str:
    """Return a decoded path as it is written in a link."""
    return quote(url, safe=PATH_SAFE)


def folded(path: str) -> str:
    """Return a path as disks and servers that ignore case and composition see it."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())
