"""The index of the search, as many small files: a reader loads those that a query needs.

`index.json` names the shards (`explainer.site.shards`). In the folder of a shard, `0.json`,
`1.json` … hold its terms, each those whose first two letters come to that number, and `in-0.json`,
`in-1.json` … what results show of its entries, some at a time. The theme's `search.js` reads them;
docs/decisions/0010-search.md says why they are cut like this.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from operator import sub
from typing import Any

import msgspec

from explainer.config import Config
from explainer.content.words import BODY_MOST, UNSPACED, WEIGHTS
from explainer.outputs.output import Making, Output
from explainer.site.facts import Facts
from explainer.site.links import Key, Site
from explainer.site.shards import kind_of, shards_of
from explainer.site.urls import SEARCH, SEARCH_INDEX, output_path
from explainer.theme.locales import format_moment

_ENTRIES_A_PIECE = 10
"""Entries of a shard for which one more file of terms is made, about."""

_SHOWN_TOGETHER = 32
"""Entries in a file of what results show."""

_COMMON = 32
"""Entries of a shard from which on a term may be too common to list who has it."""

_encode = msgspec.json.Encoder().encode
_UNSPACED = re.compile(f"[{UNSPACED}]")


def outputs(site: Site, config: Config) -> Iterator[Output]:
    """Return all files of the index, unless the site has no search."""
    if not config.search:
        return
    yield Output(output_path(SEARCH_INDEX), "search")
    for name, slugs in shards_of(site.lists).items():
        folder = output_path(f"{SEARCH}{name}")
        for number in range(pieces(len(slugs))):
            yield Output(f"{folder}/{number}.json", "search terms", name, "", number)
        for number in range(-(-len(slugs) // _SHOWN_TOGETHER)):
            yield Output(f"{folder}/in-{number}.json", "search entries", name, "", number)


def pieces(entries: int) -> int:
    """Return into how many files the terms of so many entries are cut: a power of two.

    So that it seldom changes, for then all files of the shard do.
    """
    return 1 << max(0, (entries - 1) // _ENTRIES_A_PIECE).bit_length()


def piece_of(term: str, count: int) -> int:
    """Return the number of the file, of so many, in which a term stands.

    Terms with the same beginning are in the same file. Where there are no words, one character is
    the beginning.
    """
    second = ord(term[1]) if len(term) > 1 and not _UNSPACED.match(term) else 0
    return (ord(term[0]) * 31 + second) % count


def render(output: Output, making: Making) -> bytes:
    """Name the shards: kind of the entries, how many they are, and how many files of terms."""
    shards = [
        [name, kind_of(name), count, pieces(count)] for name, count in making.facts.shards().items()
    ]
    return _json({"together": _SHOWN_TOGETHER, "weights": WEIGHTS, "shards": shards})


def render_terms(output: Output, making: Making) -> bytes:
    """Return the terms of a shard that belong into one file, with the entries they stand in."""
    facts, name = making.facts, output.kind
    return facts.part("index", name, lambda: _index(name, facts), large=True)[output.number]


def _index(name: str, facts: Facts) -> list[bytes]:
    """Return all files of terms of a shard.

    A term has a list of numbers, each the difference to the one before: of the number of the entry
    in the shard, times `WEIGHTS`, and the weight of the term in it. Before all of them stands 0
    where most entries have the term: those are left out that have it in their text only.
    """
    keys = facts.shard(name)
    found: dict[str, list[int]] = {}
    for number, words in enumerate(facts.words(keys)):
        place = number * WEIGHTS
        for term, weight in words.items():
            if term in found:
                found[term].append(place + weight)
            else:
                found[term] = [place + weight]
    count = pieces(len(keys))
    files: list[dict[str, list[int]]] = [{} for _ in range(count)]
    most = len(keys) // 2 if len(keys) >= _COMMON else len(keys)
    for term in sorted(found):
        places = found[term]
        start = []
        if len(places) > most:
            places = [place for place in places if place % WEIGHTS > BODY_MOST]
            start = [0]
        files[piece_of(term, count)][term] = start + list(map(sub, places, [0, *places]))
    return [_json(terms) for terms in files]


def render_entries(output: Output, making: Making) -> bytes:
    """Return what results show of some entries of a shard, in its order."""
    start = output.number * _SHOWN_TOGETHER
    keys = making.facts.shard(output.kind)[start : start + _SHOWN_TOGETHER]
    return _json([_shown(key, making) for key in keys])


def _shown(key: Key, making: Making) -> dict[str, Any]:
    facts = making.facts
    language = facts.config.language
    brief = facts.brief(key)
    found = {
        "title": brief.title,
        "url": facts.href(facts.url(key)),
        "summary": brief.summary.text,
        "lang": brief.lang if brief.lang != language else "",
        "also": list(brief.also),
    }
    if brief.date is not None:
        found |= {"iso": brief.date.text, "date": format_moment(brief.date, "long", language)}
    return {name: value for name, value in found.items() if value}


def _json(data: Any) -> bytes:
    return _encode(data) + b"\n"
