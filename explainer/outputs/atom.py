"""Feeds in Atom (RFC 4287), written by an XML library: no text of an author can break one."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from explainer.outputs.feed import Item, collect
from explainer.outputs.output import Making, Output

_ATOM = "http://www.w3.org/2005/Atom"
_XML = "http://www.w3.org/XML/1998/namespace"


def render(output: Output, making: Making) -> bytes:
    """Return the feed of the site, or of a topic."""
    found = collect(output, making)
    ET.register_namespace("", _ATOM)
    feed = ET.Element(f"{{{_ATOM}}}feed", {f"{{{_XML}}}lang": found.language})
    _add(feed, "title", found.title)
    if found.description:
        _add(feed, "subtitle", found.description)
    _add(feed, "id", found.id)
    _add(feed, "link", href=found.home, rel="alternate", type="text/html")
    _add(feed, "link", href=found.url, rel="self", type="application/atom+xml")
    # An empty feed needs a date too; the build clock would make it differ from run to run.
    changed = [item.updated for item in found.items]
    _add(feed, "updated", max(changed, default="1970-01-01T00:00:00+00:00"))
    author = ET.SubElement(feed, f"{{{_ATOM}}}author")
    _add(author, "name", found.publisher)
    for item in found.items:
        _entry(feed, item)
    ET.indent(feed, space=" ")
    written: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _entry(feed: ET.Element, item: Item) -> None:
    entry = ET.SubElement(feed, f"{{{_ATOM}}}entry", {f"{{{_XML}}}lang": item.language})
    _add(entry, "title", item.title)
    _add(entry, "id", item.id)
    _add(entry, "link", href=item.url, rel="alternate", type="text/html")
    _add(entry, "published", item.published)
    _add(entry, "updated", item.updated)
    for name, address in item.authors:
        author = ET.SubElement(entry, f"{{{_ATOM}}}author")
        _add(author, "name", name)
        _add(author, "uri", address)
    for slug, name in item.topics:
        _add(entry, "category", term=slug, label=name)
    _add(entry, "summary", item.summary)
    _add(entry, "content", item.html, type="html")


def _add(parent: ET.Element, name: str, text: str = "", **attributes: str) -> None:
    element = ET.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    if text:
        element.text = text
