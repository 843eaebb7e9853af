"""Feeds as JSON Feed 1.1 (jsonfeed.org)."""

from __future__ import annotations

import json
from typing import Any

from explainer.outputs.feed import Item, collect
from explainer.outputs.output import Making, Output

VERSION = "https://jsonfeed.org/version/1.1"


def render(output: Output, making: Making) -> bytes:
    """Return the feed of the site, or of a topic."""
    feed = collect(output, making)
    data = {
        "version": VERSION,
        "title": feed.title,
        "home_page_url": feed.home,
        "feed_url": feed.url,
        "description": feed.description,
        "language": feed.language,
        "authors": [{"name": feed.publisher, "url": making.facts.config.base_url}],
        "items": [_item(item) for item in feed.items],
    }
    return json.dumps(_filled(data), ensure_ascii=False, indent=1).encode() + b"\n"


def _item(item: Item) -> dict[str, Any]:
    return _filled(
        {
            "id": item.id,
            "url": item.url,
            "title": item.title,
            "summary": item.summary,
            "content_html": item.html,
            "image": item.image,
            "date_published": item.published,
            "date_modified": item.updated,
            "authors": [{"name": name, "url": address} for name, address in item.authors],
            "tags": [name for _, name in item.topics],
            "language": item.language,
        }
    )


def _filled(data: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is empty, but for the list of items, which a feed must have."""
    return {name: value for name, value in data.items() if value or name == "items"}
