"""Dates as authors write them, read in the site's own zone: never in the machine's."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache

from explainer.content.model import Moment

_DATE = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d{2})(?:-(?P<day>\d{2})"
    r"(?:[T ](?P<hour>\d{2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d+)?)?"
    r"\s?(?P<zone>Z|z|[+-]\d{2}:?\d{2})?)?)?)?"
)


@lru_cache(maxsize=4096)
def parse_moment(text: str, zone: tzinfo) -> Moment | None:
    """Read a year, month, day or exact time in ISO 8601; None where it is none of these.

    A time that names its own zone is brought to `zone`, so that its day is the site's day.
    """
    found = _DATE.fullmatch(text.strip())
    if found is None:
        return None
    numbers = [int(found[name] or 1) for name in ("year", "month", "day")]
    clock = [int(found[name] or 0) for name in ("hour", "minute", "second")]
    own = _zone(found["zone"]) if found["zone"] else zone
    if own is None:
        return None
    try:
        hour, minute, second = clock
        instant = datetime(numbers[0], numbers[1], numbers[2], hour, minute, second, 0, own)
        instant = instant.astimezone(zone)
        instant.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    offset = instant.utcoffset() or timedelta()
    if offset.total_seconds() % 60:  # local mean time, which neither HTML nor Atom can write
        instant = instant.astimezone(UTC)
    written = instant.isoformat() if found["hour"] else text.strip()
    return Moment(instant.astimezone(UTC), written)


def _zone(text: str) -> tzinfo | None:
    if text in ("Z", "z"):
        return UTC
    digits = text[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    if offset >= timedelta(hours=24):
        return None
    return timezone(-offset if text[0] == "-" else offset)
