"""The map of a topic: the topics it appears with, placed around it, and who of them go together.

The layout is computed from a few numbers and is the same on every machine. Places are found for
the labels first: an upper label stands above its circle, a lower one below, and the places are so
far from each other that no label reaches another, however long the names are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from explainer.outputs.labels import lines_of

WIDTH = 352
"""Width of the drawing. On the smallest screens it is shown at 288 pixels, and text of `FONT` at
twelve."""

FONT = 15.0
LEADING = 18.0
LARGEST, SMALLEST = 15.0, 4.5
"""Radius of the largest circle, and of one that would hardly be seen."""

LEAST = 3
"""Neighbours, and stories, without which there is nothing to see in a map."""

_GAP = 6.0
_MOST_LINES = 2
_HUB, _HUB_ROOM = 9.0, 112

_UP, _DOWN = -1, 1


@dataclass(frozen=True, slots=True)
class Seat:
    """A place for a neighbour: from the middle, with the room that its label has."""

    x: float
    y: float
    room: float
    """Width of the label, centred on the circle."""

    @property
    def side(self) -> int:
        """Whether the label stands above or below."""
        return _UP if self.y < 0 else _DOWN


_TOP, _BOTTOM = Seat(0, -128, 170), Seat(0, 128, 170)
_TOP_PAIR = (Seat(62, -128, 123), Seat(-62, -128, 123))
_BOTTOM_PAIR = (Seat(62, 128, 123), Seat(-62, 128, 123))

SEATS: dict[int, tuple[Seat, ...]] = {
    1: (_TOP,),
    2: (_TOP, _BOTTOM),
    3: (_TOP, Seat(98, 84, 150), Seat(-98, 84, 150)),
    4: (Seat(98, -84, 150), Seat(98, 84, 150), Seat(-98, 84, 150), Seat(-98, -84, 150)),
    5: (_TOP, Seat(114, -42, 123), Seat(76, 108, 146), Seat(-76, 108, 146),
        Seat(-114, -42, 123)),
    6: (_TOP, Seat(110, -60, 126), Seat(110, 60, 126), _BOTTOM, Seat(-110, 60, 126),
        Seat(-110, -60, 126)),
    7: (_TOP, Seat(108, -66, 130), Seat(114, 36, 123), *_BOTTOM_PAIR, Seat(-114, 36, 123),
        Seat(-108, -66, 130)),
    8: (_TOP_PAIR[0], Seat(114, -44, 123), Seat(114, 44, 123), *_BOTTOM_PAIR,
        Seat(-114, 44, 123), Seat(-114, -44, 123), _TOP_PAIR[1]),
}  # fmt: skip
"""Number of neighbours -> their places, clockwise, on a curve on which no line between two of
them leads through a third."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A topic that is to be shown."""

    slug: str
    title: str
    count: int
    """Stories that it shares with the topic in the middle."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A neighbour in its place; `lines` are those of its label with the base line of each."""

    neighbour: Neighbour
    x: float
    y: float
    radius: float
    lines: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """A map, all lengths in units of the drawing from its upper left corner."""

    height: float
    x: float
    y: float
    radius: float
    lines: tuple[tuple[str, float], ...]
    """Label of the topic in the middle."""

    places: tuple[Placed, ...]
    """The neighbours, most shared stories first."""


def layout(
    title: str,
    neighbours: Sequence[Neighbour],
    ties: Sequence[tuple[str, str]],
    *,
    mirrored: bool = False,
) -> Layout:
    """Place some neighbours around a topic, those that go together side by side.

    `mirrored` is for what is read from right to left.
    """
    seats = SEATS[len(neighbours)]
    most = max(one.count for one in neighbours)
    round_order = _ring([one.slug for one in neighbours], ties)
    seat_of = dict(zip(round_order, seats, strict=True))
    middle = WIDTH / 2
    placed = []
    for one in neighbours:
        seat = seat_of[one.slug]
        radius = max(SMALLEST, LARGEST * sqrt(one.count / most))
        lines = lines_of(one.title, seat.room / FONT, _MOST_LINES)
        x = middle + (-seat.x if mirrored else seat.x)
        placed.append(Placed(one, x, seat.y, radius, _label(lines, seat.y, radius, seat.side)))
    top = min(_top(one) for one in placed)
    bottom = max(_bottom(one) for one in placed)
    hub = _label(lines_of(title, _HUB_ROOM / FONT, _MOST_LINES), 0, _HUB, _DOWN)
    return Layout(
        height=_short(bottom - top),
        x=middle,
        y=_short(-top),
        radius=_HUB,
        lines=_moved(hub, -top),
        places=tuple(
            Placed(one.neighbour, _short(one.x), _short(one.y - top), _short(one.radius),
                   _moved(one.lines, -top))
            for one in placed
        ),
    )  # fmt: skip


def _label(
    lines: tuple[str, ...], y: float, radius: float, side: int
) -> tuple[tuple[str, float], ...]:
    """Return lines of text with their base lines, above or below a circle."""
    if side == _UP:
        last = y - radius - _GAP
        first = last - (len(lines) - 1) * LEADING
    else:
        first = y + radius + _GAP + FONT * 0.75
    return tuple((line, first + number * LEADING) for number, line in enumerate(lines))


def _top(one: Placed) -> float:
    return min(one.y - one.radius, one.lines[0][1] - FONT if one.lines else one.y) - 1


def _bottom(one: Placed) -> float:
    return max(one.y + one.radius, one.lines[-1][1] + FONT * 0.35 if one.lines else one.y) + 1


def _moved(lines: tuple[tuple[str, float], ...], by: float) -> tuple[tuple[str, float], ...]:
    return tuple((line, _short(y + by)) for line, y in lines)


def _short(length: float) -> float:
    return round(length, 1)


def _ring(slugs: Sequence[str], ties: Sequence[tuple[str, str]]) -> list[str]:
    """Return topics in an order around the map in which those that are tied are near each other.

    Begins with the order that is given and changes two at a time as long as that helps.
    """
    ring = list(slugs)
    pairs = [(ring.index(one), ring.index(other)) for one, other in ties]
    place = list(range(len(ring)))  # of each topic, by its number

    def length() -> int:
        steps = (abs(place[one] - place[other]) for one, other in pairs)
        return sum(min(step, len(place) - step) for step in steps)

    best, better = length(), bool(pairs)
    while better:
        better = False
        for one in range(len(place)):
            for other in range(one):
                place[one], place[other] = place[other], place[one]
                if (now := length()) < best:
                    best, better = now, True
                else:
                    place[one], place[other] = place[other], place[one]
    return [slug for _, slug in sorted(zip(place, ring, strict=True))]
