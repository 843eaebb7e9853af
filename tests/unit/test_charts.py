"""Charts of time: places of marks and columns, and when there is nothing to draw."""

import itertools
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainer.content.model import Moment
from explainer.outputs.charts import over_time, strip

days = st.dates(min_value=date(1, 1, 1), max_value=date(9999, 12, 31))


def moment(text: str) -> Moment:
    year, month, day, *_ = (*map(int, text[:10].split("-")), 1, 1)
    return Moment(datetime(year, month, day, tzinfo=UTC), text)


def moments(*texts: str) -> list[Moment]:
    return [moment(text) for text in texts]


class TestStrip:
    def test_marks_stand_at_their_dates_and_years_below(self) -> None:
        found = strip(moments("2022", "2022-10", "2023", "2025-12-31"))
        assert found is not None
        assert [(one.x, one.marks) for one in found.stacks] == [
            (1.0, 1), (19.0, 1), (25.0, 1), (99.0, 1),
        ]  # fmt: skip
        assert [(one.date.text, one.x) for one in found.years] == [
            ("2022", 0.0), ("2023", 25.0), ("2024", 50.0), ("2025", 75.0),
        ]  # fmt: skip

    def test_a_link_leads_to_the_first_event_of_its_part(self) -> None:
        found = strip(moments("2020-01-02", "2020-02", "2024", "2024-12-30", "2024-12-31"))
        assert found is not None
        assert [(one.item, one.count, one.first.text, one.last.text) for one in found.links] == [
            (1, 2, "2020-01-02", "2020-02"),
            (3, 1, "2024", "2024"),
            (4, 2, "2024-12-30", "2024-12-31"),
        ]

    def test_from_right_to_left_it_is_mirrored(self) -> None:
        dates = moments("2022", "2022-10", "2023", "2025-12-31")
        left, right = strip(dates), strip(dates, mirrored=True)
        assert left is not None
        assert right is not None
        for one, other in zip(left.stacks, right.stacks, strict=True):
            assert one.x == pytest.approx(100 - other.x)
        for part, other_part in zip(left.links, right.links, strict=True):
            assert part.x == pytest.approx(100 - other_part.x - other_part.width)

    def test_within_one_year_months_are_named(self) -> None:
        found = strip(moments("2025-01", "2025-02", "2025-03", "2025-12"))
        assert found is not None
        assert [one.date.text for one in found.years] == ["2025", "2025-04", "2025-07", "2025-10"]

    def test_over_centuries_few_years_are_named(self) -> None:
        found = strip(moments("1787", "1863", "1945", "2025"))
        assert found is not None
        assert [one.date.text for one in found.years] == [
            "1800", "1850", "1900", "1950", "2000",
        ]  # fmt: skip

    def test_of_very_many_events_a_mark_stands_for_several(self) -> None:
        found = strip(moments("2020", *["2022-03-04"] * 100, "2024"))
        assert found is not None
        assert (found.each, found.rows) == (9, 12)
        assert [one.marks for one in found.stacks] == [1, 12, 1]

    def test_there_is_none_for_few_events_or_one_day(self) -> None:
        assert strip([]) is None
        assert strip(moments("2020", "2021", "2022")) is None
        assert strip(moments(*["2020-01-01"] * 9)) is None

    @given(st.lists(days, min_size=4, max_size=300), st.booleans())
    def test_all_events_are_in_it_and_nothing_stands_outside(
        self, given_: list[date], mirrored: bool
    ) -> None:
        dates = [moment(day.isoformat()) for day in sorted(given_)]
        found = strip(dates, mirrored=mirrored)
        if found is None:
            assert len(set(given_)) == 1
            return
        assert sum(one.count for one in found.links) == len(dates)
        assert sum(one.marks for one in found.stacks) <= len(dates)
        assert max(one.marks for one in found.stacks) == found.rows <= 12
        assert [dates[one.item - 1] for one in found.links] == [one.first for one in found.links]
        for x in (*(one.x for one in found.stacks), *(one.x for one in found.years)):
            assert 0 <= x <= 100
        places = sorted(one.x for one in found.links)
        for one, other in itertools.pairwise(places):
            assert other - one >= found.links[0].width - 0.01


class TestOverTime:
    def test_a_short_time_is_shown_by_months(self) -> None:
        found = over_time({"2025-09": 1, "2025-12": 4})
        assert found is not None
        assert found.unit == "month"
        assert [(one.first.text, one.count, one.height) for one in found.bars] == [
            ("2025-09", 1, 25.0), ("2025-10", 0, 0.0), ("2025-11", 0, 0.0), ("2025-12", 4, 100.0),
        ]  # fmt: skip
        assert (found.peak.first.text, found.total) == ("2025-12", 5)

    @pytest.mark.parametrize(
        ("first", "last", "unit", "names"),
        [
            ("2024-01", "2025-12", "month", ("2024-01", "2025-12")),
            ("2023-11", "2025-12", "quarter", ("2023-10", "2025-12")),
            ("2020-01", "2026-01", "year", ("2020", "2026")),
            ("1999-01", "2025-12", "decade", ("1990", "2029")),
            ("1500-01", "2025-12", "century", ("1500", "2099")),
        ],
    )
    def test_a_column_is_of_the_finest_unit_that_has_room(
        self, first: str, last: str, unit: str, names: tuple[str, str]
    ) -> None:
        found = over_time({first: 2, last: 1})
        assert found is not None
        assert found.unit == unit
        assert (found.bars[0].first.text, found.bars[-1].last.text) == names

    def test_there_is_none_for_few_stories_or_a_short_time(self) -> None:
        assert over_time({}) is None
        assert over_time({"2025-01": 1, "2025-09": 1}) is None
        assert over_time({"2025-01": 30, "2025-02": 9}) is None

    @given(st.dictionaries(days, st.integers(1, 99), min_size=3), st.booleans())
    def test_all_stories_are_in_it_and_no_column_stands_in_another(
        self, given_: dict[date, int], mirrored: bool
    ) -> None:
        months: dict[str, int] = {}
        for day, count in given_.items():
            months[day.isoformat()[:7]] = months.get(day.isoformat()[:7], 0) + count
        found = over_time(months, mirrored=mirrored)
        if found is None:
            return
        assert sum(one.count for one in found.bars) == found.total == sum(months.values())
        bars = sorted(found.bars, key=lambda one: one.x)
        assert list(found.bars) == (bars[::-1] if mirrored else bars)
        assert bars[0].x >= 0
        assert bars[-1].x + bars[-1].width <= 100.01
        for one, other in itertools.pairwise(bars):
            assert one.x + one.width <= other.x + 0.02
