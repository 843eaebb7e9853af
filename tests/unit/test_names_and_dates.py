"""The order of names, and dates as the site's zone has them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from explainer.content.dates import parse_moment
from explainer.content.model import Moment
from explainer.outputs.alphabet import letter_of, letter_order, sort_name
from explainer.theme.locales import format_moment, format_span


@pytest.mark.parametrize(
    ("name", "sorted_as", "letter"),
    [
        ("Nvidia", "nvidia", "N"),
        ("Huáng Rénxūn", "huang renxun", "H"),
        ("Lǚ Wěi", "lu wei", "L"),
        ("Łódź", "lodz", "L"),
        ("Ørsted", "orsted", "O"),
        ("Đặng", "dang", "D"),
        ("Ångström", "angstrom", "A"),
        ("Æsir", "aesir", "A"),
        ("Þór", "thor", "T"),
        ("ßtraße", "sstrasse", "S"),
        ("İstanbul", "istanbul", "I"),
        ("‘Quoted’", "quoted", "Q"),
        ('"The" one', 'the" one', "T"),
        ("ﬁnance", "finance", "F"),
        ("Ｗide", "wide", "W"),
        ("3M", "3m", "#"),
        ("٣", "٣", "#"),
        ("½", "1⁄2", "#"),
        ("", "", "#"),
        ("!?", "!?", "#"),
        ("😀", "😀", "#"),
        ("黃仁勳", "黃仁勳", "漢"),
        ("中国", "中国", "漢"),
        ("トヨタ", "トヨタ", "あ"),
        ("ガス", "カス", "あ"),
        ("삼성", "삼성", "한"),
        ("Яндекс", "яндекс", "Я"),
        ("Йод", "иод", "И"),
        ("Όμηρος", "ομηροσ", "Ο"),
        ("الجزيرة", "الجزيرة", "ا"),
    ],
)
def test_names(name: str, sorted_as: str, letter: str) -> None:
    assert sort_name(name) == sorted_as
    assert letter_of(name) == letter


def test_letters_stand_in_order_and_digits_last() -> None:
    letters = ["#", "漢", "Z", "A", "Я", "あ"]
    assert sorted(letters, key=letter_order) == ["A", "Z", "Я", "あ", "漢", "#"]


def utc(
    year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0
) -> datetime:
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC)


LONDON, NEW_YORK = ZoneInfo("Europe/London"), ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("text", "zone", "instant", "written"),
    [
        ("2025", LONDON, utc(2025, 1, 1), "2025"),
        ("2025-07", LONDON, utc(2025, 6, 30, 23), "2025-07"),
        ("2025-07-01", LONDON, utc(2025, 6, 30, 23), "2025-07-01"),
        ("2025-07-01", NEW_YORK, utc(2025, 7, 1, 4), "2025-07-01"),
        ("2025-07-01T10:00", LONDON, utc(2025, 7, 1, 9), "2025-07-01T10:00:00+01:00"),
        ("2025-07-01 10:00", LONDON, utc(2025, 7, 1, 9), "2025-07-01T10:00:00+01:00"),
        ("2025-07-01T03:00Z", NEW_YORK, utc(2025, 7, 1, 3), "2025-06-30T23:00:00-04:00"),
        ("2025-07-01T10:00:59.9z", LONDON, utc(2025, 7, 1, 10, 0, 59),
         "2025-07-01T11:00:59+01:00"),
        ("2025-07-01T10:00+0530", LONDON, utc(2025, 7, 1, 4, 30),
         "2025-07-01T05:30:00+01:00"),
        (" 2025-07-01 ", LONDON, utc(2025, 6, 30, 23), "2025-07-01"),
        ("1800-01-01T00:00", NEW_YORK, utc(1800, 1, 1, 4, 56, 2),
         "1800-01-01T04:56:02+00:00"),
    ],
)  # fmt: skip
def test_dates(text: str, zone: ZoneInfo, instant: datetime, written: str) -> None:
    moment = parse_moment(text, zone)
    assert moment is not None
    assert moment.instant == instant
    assert moment.text == written
    assert moment.has_day == (len(text.strip()) >= 10)
    assert moment.has_time == (":" in text)


@pytest.mark.parametrize(
    "text",
    ["", "now", "25-07-01", "2025-13", "2025-02-30", "2025-7-1", "2025/07/01", "01.07.2025",
     "2025-07-01T", "2025-07-01T25:00", "2025-07-01T10", "2025-07-01T10:00 CET",
     "2025-07-01T10:00+99:99", "2025-07-01T10:00+24:00", "0000-01-01", "20250701", "2025-07-01Z",
     "9999-12-31T23:59:59-12:00", "٢٠٢٥-٠٧-٠١x", "2025-07-01\n2026"],
)  # fmt: skip
def test_what_is_no_date(text: str) -> None:
    assert parse_moment(text, LONDON) is None


@pytest.mark.parametrize("text", ["2025-03-30T01:30", "2025-10-26T01:30"])
def test_hours_that_clocks_skip_or_repeat_are_read(text: str) -> None:
    assert parse_moment(text, LONDON) is not None


@pytest.mark.parametrize(
    ("first", "last", "language", "words"),
    [
        ("2025", "2025", "en", "2025"),
        ("2020", "2025", "en", "2020–2025"),
        ("2025-10", "2025-12", "en", "Oct – Dec 2025"),
        ("2025-10", "2025-12", "de", "Okt.–Dez. 2025"),
        ("2024-11", "2025-02", "en", "Nov 2024 – Feb 2025"),
        ("2025-10", "2025-10", "en", "Oct 2025"),
        ("2025-10-01", "2025-10-09", "en", "1–9 Oct 2025"),
        ("2025-10-01T08:00:00+00:00", "2025-10-01", "en", "1 Oct 2025"),
        # No more precise than the less precise of the two.
        ("2025", "2025-12-31", "en", "2025"),
        ("2024-03", "2025-12-31", "en", "Mar 2024 – Dec 2025"),
        ("0001", "9999-12", "en", "1–9999"),
    ],
)
def test_a_span_of_time_in_words(first: str, last: str, language: str, words: str) -> None:
    found = format_span(moment(first), moment(last), language)
    assert found.replace("\u2009", " ").replace("\u202f", " ") == words


def test_the_month_alone() -> None:
    named = [format_moment(one, "month-name", "fr") for one in map(moment, ("2025", "2025-04"))]
    assert named == ["2025", "avr."]


def moment(text: str) -> Moment:
    found = parse_moment(text, UTC)
    assert found is not None
    return found
