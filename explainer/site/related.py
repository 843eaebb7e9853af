"""Entries that share topics, those with most in common first, then those nearest in time.

Each topic is one large number with a bit for every entry that has it, in the order of their
dates. Adding such numbers bit by bit counts the shared topics of one entry with all others at
once, which takes some ten operations on a kilobyte where counters would take thousands.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

RELATED_MOST = 5
"""Related entries that a page shows."""


class Relations:
    """The entries of one kind, by the topics that they have.

    `order` names them by date; `topics` holds the topics of each.
    """

    def __init__(self, order: Sequence[str], topics: Mapping[str, Collection[str]]) -> None:
        self._order = order
        self._places = {slug: place for place, slug in enumerate(order)}
        members: dict[str, list[int]] = {}
        for place, slug in enumerate(order):
            for topic in topics.get(slug, ()):
                members.setdefault(topic, []).append(place)
        self._members = {topic: _bits(places, len(order)) for topic, places in members.items()}

    def related(
        self, slug: str, topics: Collection[str], without: Collection[str] = ()
    ) -> tuple[tuple[str, int], ...]:
        """Return the entries with topics in common, and how many topics those are."""
        own = self._places.get(slug)
        left_out = 0 if own is None else 1 << own
        for other in without:
            if (place := self._places.get(other)) is not None:
                left_out |= 1 << place
        found: list[tuple[str, int]] = []
        for count, members in _by_count([self._members.get(topic, 0) for topic in topics]):
            # An entry that lists do not show has no place among them: the newest are its nearest.
            for place in _nearest(members & ~left_out, own or 0):
                found.append((self._order[place], count))
                if len(found) == RELATED_MOST:
                    return tuple(found)
        return tuple(found)


def _bits(places: Sequence[int], size: int) -> int:
    data = bytearray(size // 8 + 1)
    for place in places:
        data[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(data, "little")


def _by_count(members: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield (n, the entries that have exactly n of the topics), the largest n first."""
    at_least = [0] * (len(members) + 1)  # at_least[n]: those that have n topics or more
    for number, one in enumerate(members, 1):
        for count in range(number, 1, -1):
            at_least[count] |= at_least[count - 1] & one
        at_least[1] |= one
    more = 0
    for count in range(len(members), 0, -1):
        if exactly := at_least[count] & ~more:
            yield count, exactly
        more |= at_least[count]


def _nearest(members: int, place: int) -> Iterator[int]:
    """Yield the places of bits by their distance from a place, the lower one first."""
    above = members >> place
    below = members & ((1 << place) - 1)
    up = place + (above & -above).bit_length() - 1 if above else -1
    down = below.bit_length() - 1
    while above or below:
        if below and (not above or place - down <= up - place):
            yield down
            below ^= 1 << down
            down = below.bit_length() - 1
        else:
            yield up
            above &= above - 1
            up = place + (above & -above).bit_length() - 1 if above else -1
