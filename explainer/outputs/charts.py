"""Small charts of time: the strip above a timeline, and how many stories came when.

Both are computed as places in per cent, so that they are as wide as there is room, with text of one
size. From right to left, `mirrored`, time runs the other way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby

from explainer.content.model import Moment
from explainer.theme.views import OverTime, Strip, StripLink, StripStack, StripYear, TimeBar

STRIP_LEAST = 4
"""Events without which a strip would show nothing that the list does not."""

CHART_LEAST = 3
"""Stories, and columns, of which a chart is worth drawing."""

_COLUMNS = 50
"""Places for marks; six pixels each on the smallest screens."""

_LINKS = 10
"""Links of a strip at most; 28 pixels wide on the smallest screens, so that a finger meets one."""

_ROWS = 12
"""Marks above each other at most; with more events in one place each mark stands for several."""

_LABELS = 6
"""Years that have room below a strip."""

_STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000, 2000)
_BARS = 24
"""Columns of a chart at most, unless time is longer than all our units."""

_MONTHS = {"month": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200}
"""Unit of a chart -> its months."""

_BAR = 0.8
"""Share of its place that a column fills."""


# -- the strip of a timeline ---------------------------------------------------------------------


def strip(dates: Sequence[Moment], *, mirrored: bool = False) -> Strip | None:
    """Return the events of a timeline as marks over the years; `dates` are sorted.

    None where there are too few of them, or all are of one day.
    """
    if len(dates) < STRIP_LEAST or dates[0].text == dates[-1].text:
        return None
    years = [_year_of(date) for date in dates]
    first, last = int(min(years)), int(max(years))
    length = last - first + 1
    columns = [min(_COLUMNS - 1, int((year - first) / length * _COLUMNS)) for year in years]
    counts = Counter(columns)
    each = -(-max(counts.values()) // _ROWS)

    def place(share: float, width: float = 0.0) -> float:
        return round((1 - share - width if mirrored else share) * 100, 2)

    return Strip(
        stacks=tuple(
            StripStack(x=place((column + 0.5) / _COLUMNS), marks=-(-counts[column] // each))
            for column in sorted(counts)
        ),
        links=tuple(
            StripLink(
                x=place(number / _LINKS, 1 / _LINKS),
                width=100 / _LINKS,
                first=dates[numbers[0]],
                last=dates[numbers[-1]],
                count=len(numbers),
                item=numbers[0] + 1,
            )
            for number, numbers in _linked(columns)
        ),
        years=tuple(StripYear(date=date, x=place(share)) for date, share in _ticks(first, length)),
        rows=-(-max(counts.values()) // each),
        each=each,
    )


def _year_of(date: Moment) -> float:
    """Return a date as a year and its part that has gone by, all months being of one length."""
    year, month, day, *_ = (*map(int, date.text[:10].split("-")), 1, 1)
    return year + (month - 1 + (day - 1) / 31) / 12


def _linked(columns: Sequence[int]) -> Iterator[tuple[int, list[int]]]:
    """Yield the number of each link and the numbers of the events that it is of."""
    numbers = range(len(columns))
    groups = groupby(numbers, key=lambda number: columns[number] * _LINKS // _COLUMNS)
    return ((link, list(group)) for link, group in groups)


def _ticks(first: int, length: int) -> Iterator[tuple[Moment, float]]:
    """Yield the years that are named below a strip, or months of one year, and their places."""
    if length == 1:
        yield _start(first), 0.0
        for month in (4, 7, 10):
            yield _start(first, month), (month - 1) / 12
        return
    step = next(step for step in _STEPS if length / step <= _LABELS)
    for year in range(first, first + length):
        # What would begin at the very end has no room for its figures.
        if year % step == 0 and (year - first) / length < 1 - 0.5 / _LABELS:
            yield _start(year), (year - first) / length


def _start(year: int, month: int | None = None) -> Moment:
    instant = datetime(year, month or 1, 1, tzinfo=UTC)
    return Moment(instant, f"{year:04d}" if month is None else f"{year:04d}-{month:02d}")


# -- stories over time ---------------------------------------------------------------------------


def over_time(months: Mapping[str, int], *, mirrored: bool = False) -> OverTime | None:
    """Return how many stories came in each month, quarter or year; None where that says little.

    `months` is a month (`2025-09`) -> its stories.
    """
    total = sum(months.values())
    if total < CHART_LEAST:
        return None
    numbered = {_month_number(month): count for month, count in months.items()}
    unit, size = _unit(min(numbered), max(numbered))
    counts: Counter[int] = Counter()
    for month, count in numbered.items():
        counts[month // size] += count
    first, last = min(counts), max(counts)
    places = last - first + 1
    if places < CHART_LEAST:
        return None
    most = max(counts.values())
    bars = []
    for number in range(first, last + 1):
        share = (number - first + (1 - _BAR) / 2) / places
        bars.append(
            TimeBar(
                first=_period(number * size, size),
                last=_period(number * size + size - 1, size),
                count=counts[number],
                x=round((1 - share - _BAR / places if mirrored else share) * 100, 2),
                width=round(_BAR / places * 100, 2),
                height=round(counts[number] / most * 100, 1),
            )
        )
    peak = next(bar for bar in bars if bar.count == most)
    return OverTime(unit=unit, bars=tuple(bars), total=total, peak=peak)


def _month_number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:7]) - 1


def _period(number: int, size: int) -> Moment:
    """Return a month by its number; its year, where a column is of a whole one or of several."""
    year = min(max(number // 12, 1), 9999)
    return _start(year) if size >= _MONTHS["year"] else _start(year, number % 12 + 1)


def _unit(first: int, last: int) -> tuple[str, int]:
    """Return the finest unit in which all has room, and its months."""
    for unit, size in _MONTHS.items():
        if last // size - first // size < _BARS:
            return unit, size
    return unit, size
