"""The shards of the search's index: which entries are indexed together.

An edit makes one shard anew, so that none may be large; a reader asks every shard, so that there
must not be many.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from zlib import crc32

from explainer.content.words import SEARCHED
from explainer.site.links import Lists

MOST = 500
"""Entries of a shard, about: what is larger is divided. `Lists` may ask for another number."""

_PARTS_OF_A_YEAR = (1, 2, 3, 4, 6, 12)

Shards = Mapping[str, tuple[str, ...]]
"""Name of a shard, which begins with the kind of its entries -> their slugs."""


def shards_of(lists: Lists) -> dict[str, tuple[str, ...]]:
    """Return the shards of a site: topics, questions, then stories by year, newest first.

    Within a shard entries have the order of `Lists`. To which shard one belongs depends on its
    date, or its slug, and on how many there are, not on those beside it: an entry that comes or
    goes leaves the others where they are.
    """
    most = lists.together or MOST
    found: dict[str, tuple[str, ...]] = {}
    for kind in SEARCHED:
        if kind == "story":
            for name, slugs in _by_year(lists, most):
                found |= _divided(name, slugs, most)
        else:
            found |= _divided(kind, getattr(lists, kind), most)
    return found


def _by_year(lists: Lists, most: int) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the stories of each year, or of as large a part of one as is not too large."""
    months: dict[str, tuple[str, ...]] = {}
    start = 0
    for month, count in lists.months:
        months[month] = months.get(month, ()) + lists.story[start : start + count]
        start += count
    years: dict[str, list[str]] = {}
    for month in months:
        years.setdefault(month[:4], []).append(month)
    for year, names in years.items():
        for parts in _PARTS_OF_A_YEAR:
            length = 12 // parts
            found: dict[str, tuple[str, ...]] = {}
            for month in names:
                first = (int(month[5:7]) - 1) // length * length + 1
                name = f"story-{year}" if parts == 1 else f"story-{year}-{first:02}"
                found[name] = found.get(name, ()) + months[month]
            if all(len(slugs) <= most for slugs in found.values()):
                break
        yield from found.items()


def _divided(name: str, slugs: tuple[str, ...], most: int) -> Shards:
    """Return what cannot be divided by date, divided by the slugs."""
    count = -(-len(slugs) // most)
    if count <= 1:
        return {name: slugs} if slugs else {}
    found: dict[str, list[str]] = {f"{name}_{number}": [] for number in range(count)}
    for slug in slugs:
        found[f"{name}_{crc32(slug.encode()) % count}"].append(slug)
    return {part: tuple(some) for part, some in found.items() if some}


def kind_of(shard: str) -> str:
    """Return the kind of the entries of a shard."""
    return next(kind for kind in SEARCHED if shard.startswith(kind))
