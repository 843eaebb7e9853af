"""The layout of topic maps: no label over another, the same every time."""

from itertools import combinations
from math import hypot

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explainer.outputs.entry_pages import entry_view
from explainer.outputs.labels import width_of
from explainer.outputs.topic_map import (
    FONT,
    LARGEST,
    SEATS,
    SMALLEST,
    WIDTH,
    Neighbour,
    Placed,
    Seat,
    layout,
)
from explainer.theme.views import TopicMap
from tests.building import SiteBuilder, site

Box = tuple[float, float, float, float]

letters = st.characters(codec="utf-8", categories=["L", "N", "Zs"])
titles = st.text(letters, min_size=1, max_size=50).filter(str.strip)
LONG = "Bundesverfassungsgerichtspräsidentin Wolkenkuckucksheim"


@st.composite
def neighbourhoods(draw: st.DrawFn) -> tuple[list[Neighbour], list[tuple[str, str]]]:
    count = draw(st.integers(3, 8))
    found = [Neighbour(f"t{n}", draw(titles), draw(st.integers(1, 500))) for n in range(count)]
    pairs = list(combinations([one.slug for one in found], 2))
    return found, draw(st.lists(st.sampled_from(pairs), unique=True, max_size=12))


def boxes(found: tuple[Placed, ...]) -> list[tuple[Box, Box]]:
    """Return the circle and the label of each topic."""
    pairs = []
    for one in found:
        wide = max((width_of(line) * FONT / 2 for line, _ in one.lines), default=0)
        bases = [y for _, y in one.lines]
        circle = (one.x - one.radius, one.y - one.radius, one.x + one.radius, one.y + one.radius)
        label = (one.x - wide, bases[0] - FONT * 0.8, one.x + wide, bases[-1] + FONT * 0.25)
        pairs.append((circle, label))
    return pairs


def overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@given(neighbourhoods(), titles, st.booleans())
def test_no_label_reaches_another_or_a_circle_or_the_edge(
    given_: tuple[list[Neighbour], list[tuple[str, str]]], title: str, mirrored: bool
):
    found = layout(title, *given_, mirrored=mirrored)
    hub = Placed(Neighbour("", "", 0), found.x, found.y, found.radius, found.lines)
    parts = boxes((*found.places, hub))
    for (circle, label), (other_circle, other_label) in combinations(parts, 2):
        assert not overlap(label, other_label)
        assert not overlap(label, other_circle)
        assert not overlap(circle, other_label)
        assert not overlap(circle, other_circle)
    for circle, label in parts:
        assert not overlap(circle, label)
        for box in (circle, label):
            assert box[0] >= 0
            assert box[1] >= 0
            assert box[2] <= WIDTH
            assert box[3] <= found.height


@settings(deadline=None)  # how long it takes on a busy machine is no fault
@given(neighbourhoods(), titles)
def test_the_same_topics_give_the_same_map(
    given_: tuple[list[Neighbour], list[tuple[str, str]]], title: str
):
    assert layout(title, *given_) == layout(title, *given_)


@given(neighbourhoods(), titles)
def test_from_right_to_left_it_is_mirrored(
    given_: tuple[list[Neighbour], list[tuple[str, str]]], title: str
):
    left, right = layout(title, *given_), layout(title, *given_, mirrored=True)
    for one, other in zip(left.places, right.places, strict=True):
        assert one.x == pytest.approx(WIDTH - other.x, abs=0.2)
        assert one.y == other.y


def test_the_area_of_a_circle_goes_with_the_stories():
    some = [Neighbour("a", "A", 100), Neighbour("b", "B", 25), Neighbour("c", "C", 1)]
    found = layout("x", some, [])
    assert [one.radius for one in found.places] == [LARGEST, LARGEST / 2, SMALLEST]


def test_those_that_go_together_stand_side_by_side():
    some = [Neighbour(slug, slug, 1) for slug in "abcdefgh"]
    ties = [("a", "e"), ("b", "f"), ("c", "g"), ("d", "h")]
    found = layout("x", some, ties)
    seats = [(seat.x, seat.y) for seat in SEATS[8]]
    number = {
        one.neighbour.slug: seats.index((one.x - found.x, one.y - found.y)) for one in found.places
    }
    assert {abs(number[one] - number[other]) for one, other in ties} <= {1, 7}


@pytest.mark.parametrize("seats", SEATS.values(), ids=len)
def test_no_line_between_two_leads_through_a_third(seats: tuple[Seat, ...]):
    for one, other in combinations(seats, 2):
        for third in seats:
            if third not in (one, other):
                assert distance(third, one, other) > LARGEST


def distance(point: Seat, one: Seat, other: Seat) -> float:
    """Return the distance of a point from the line through two others."""
    dx, dy = other.x - one.x, other.y - one.y
    return abs(dx * (point.y - one.y) - dy * (point.x - one.x)) / hypot(dx, dy)


class TestOfATopic:
    def builder(self, stories: int, *names: str) -> SiteBuilder:
        builder = site().topic("x", name="Nvidia")
        for number, name in enumerate(names):
            builder.topic(f"t{number}", name=name)
        for number in range(stories):
            topics = ["x", *(f"t{n}" for n in range(len(names)))]
            builder.story(f"s{number}", topics=topics)
        return builder

    def map(self, builder: SiteBuilder) -> TopicMap | None:
        views = builder.views()
        key = ("topic", "x")
        found: TopicMap | None = entry_view(key, views.facts.entry(key), 1, views).map
        return found

    def test_shows_the_neighbours_with_their_stories(self) -> None:
        found = self.map(self.builder(3, "China", LONG, "中国 人工智能"))
        assert found is not None
        assert [(one.topic.slug, one.count) for one in found.topics] == [
            ("t0", 3), ("t1", 3), ("t2", 3),
        ]  # fmt: skip
        assert [line.text for line in found.label] == ["Nvidia"]
        assert found.topics[1].label[0].text.endswith("…")
        assert [(tie.one.topic.slug, tie.other.topic.slug) for tie in found.ties] == [
            ("t0", "t1"), ("t0", "t2"), ("t1", "t2"),
        ]  # fmt: skip

    def test_shows_eight_at_most(self) -> None:
        found = self.map(self.builder(3, *"ABCDEFGHIJ"))
        assert found is not None
        assert len(found.topics) == 8

    def test_there_is_none_with_little_to_show(self) -> None:
        assert self.map(self.builder(2, "A", "B", "C")) is None
        assert self.map(self.builder(3, "A", "B")) is None
