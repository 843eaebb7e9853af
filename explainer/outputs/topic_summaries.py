"""One file with what cards at links show of topics.

Lists of stories name topics above each headline. Had these pages the summaries of the topics in
them, another summary would make hundreds of pages anew; so they stand in one file, which the
theme's `cards.js` loads when a reader first points at such a link.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from explainer.outputs.output import Making, Output
from explainer.site.links import Key, Site
from explainer.site.urls import SUMMARIES, output_path
from explainer.theme.theme import WORDS


def outputs(site: Site) -> Iterator[Output]:
    """Return the file, if lists show any topic."""
    if site.lists.topic:
        yield Output(output_path(SUMMARIES), "summaries")


def render(output: Output, making: Making) -> bytes:
    """Return title, summary and kind of every topic that has a summary, by URL."""
    facts = making.facts
    keys = facts.list("topic")
    shown = {facts.href(facts.url(key)): _shown(key, making) for key in keys}
    return msgspec.json.encode({url: one for url, one in shown.items() if one["summary"]}) + b"\n"


def _shown(key: Key, making: Making) -> dict[str, str]:
    brief = making.facts.brief(key)
    found = {"title": brief.title, "summary": brief.summary.text}
    if brief.label and (label := _words(f"kind_{brief.label}", making)):
        found["label"] = label
    if brief.lang != making.facts.config.language:
        found["lang"] = brief.lang
    return found


def _words(key: str, making: Making) -> str:
    """Return words of the theme; empty where it has none."""
    making.facts.note("template", WORDS)
    strings = making.templates.strings
    return strings(key) if key in strings.keys else ""
