"""The Atom feed of the newest stories, in full. An XML library writes it, so that no text of an
author can break it."""

from __future__ import annotations

import uuid
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from urllib.parse import urlsplit

from explainer.content.model import Story
from explainer.outputs.output import Making, Output
from explainer.site.facts import Facts
from explainer.site.link import FEED
from explainer.site.links import Key
from explainer.site.rendering import ProseRenderer
from explainer.site.urls import output_path

_ATOM = "http://www.w3.org/2005/Atom"
_XML = "http://www.w3.org/XML/1998/namespace"


def outputs() -> Iterator[Output]:
    """Return the feed."""
    yield Output(output_path(FEED), "feed")


def stable_id(facts: Facts, *parts: str) -> str:
    """Return an id that stays when permalinks, titles or the path of the site change.

    The host is that of site.toml: a preview under another `--base-url` has the same ids.
    """
    host = urlsplit(facts.config.own_url or facts.config.base_url).hostname or ""
    return uuid.uuid5(uuid.NAMESPACE_DNS, "/".join((host, *parts))).urn


def render(output: Output, making: Making) -> bytes:
    """Return the Atom feed of the newest stories."""
    facts = making.facts
    config = facts.config
    stories = [story for key in facts.newest(config.feed_size)
               if isinstance(story := facts.entry(key), Story)]  # fmt: skip
    ET.register_namespace("", _ATOM)
    feed = ET.Element(f"{{{_ATOM}}}feed", {f"{{{_XML}}}lang": config.language})
    _add(feed, "title", config.title)
    if config.description:
        _add(feed, "subtitle", config.description)
    _add(feed, "id", stable_id(facts))
    _add(feed, "link", href=config.base_url, rel="alternate", type="text/html")
    feed_url = facts.absolute(FEED)
    _add(feed, "link", href=feed_url, rel="self", type="application/atom+xml")
    # An empty feed needs a date too; the build clock would make it differ from run to run.
    changed = [_updated(story) for story in stories]
    _add(feed, "updated", max(changed, default="1970-01-01T00:00:00+00:00"))
    author = ET.SubElement(feed, f"{{{_ATOM}}}author")
    _add(author, "name", making.views.publisher.name)
    for story in stories:
        _entry(feed, story, facts)
    ET.indent(feed, space=" ")
    written: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _entry(feed: ET.Element, story: Story, facts: Facts) -> None:
    assert story.date is not None
    key = ("story", story.id.slug)
    entry = ET.SubElement(feed, f"{{{_ATOM}}}entry", {f"{{{_XML}}}lang": story.id.lang})
    _add(entry, "title", story.title)
    _add(entry, "id", stable_id(facts, *key))
    _add(entry, "link", href=facts.absolute(facts.url(key)), rel="alternate", type="text/html")
    _add(entry, "published", story.date.instant.isoformat())
    _add(entry, "updated", _updated(story))
    for ref in story.authors:
        author = ET.SubElement(entry, f"{{{_ATOM}}}author")
        _add(author, "name", facts.title(("author", ref.slug)))
        _add(author, "uri", facts.absolute(facts.url(("author", ref.slug))))
    for ref in story.topics:
        _add(entry, "category", term=ref.slug, label=facts.title(("topic", ref.slug)))
    _add(entry, "summary", story.summary.text)
    _add(entry, "content", _content(story, key, facts), type="html")


def _content(story: Story, key: Key, facts: Facts) -> str:
    """Return the whole prose with addresses that work anywhere."""
    renderer = ProseRenderer(facts, key, story.sources, away=True)
    parts = [renderer.html(story.body.lead)]
    for section in story.body.sections:
        parts.append(f"<h2>{renderer.html(section.title)}</h2>")
        parts.append(renderer.html(section.prose))
    parts.append(renderer.html(story.body.notes))
    return "\n".join(part for part in parts if part)


def _updated(story: Story) -> str:
    moment = story.updated or story.date
    assert moment is not None
    return moment.instant.isoformat()


def _add(parent: ET.Element, name: str, text: str = "", **attributes: str) -> None:
    element = ET.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    if text:
        element.text = text
