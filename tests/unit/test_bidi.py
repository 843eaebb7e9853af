"""In which order a line of mixed directions is read.

Hebrew letters stand for all that run from right to left; what is expected is read from the left.
"""

import unicodedata

import pytest

from explainer.theme.bidi import is_rtl, levels, visual_order


def shown(text: str, *, rtl: bool) -> str:
    """Return the characters of a line from left to right, those at odd levels mirrored."""
    found = levels(text, rtl=rtl)
    mirrored = dict(zip("()[]{}«»", ")(][}{»«", strict=True))
    return "".join(
        mirrored.get(text[place], text[place]) if found[place] % 2 else text[place]
        for place in visual_order(found)
    )


@pytest.mark.parametrize(
    ("text", "rtl", "expected"),
    [
        ("plain words", False, "plain words"),
        ("אבג", True, "גבא"),
        ("אבג דה", True, "הד גבא"),
        ("car אבג boat", False, "car גבא boat"),
        ("אבג car דה", True, "הד car גבא"),
        # Numbers run from left to right in either.
        ("אבג 2025 דה", True, "הד 2025 גבא"),
        ("אבג 1,250.50 דה", True, "הד 1,250.50 גבא"),
        ("אבג 50% דה", True, "הד 50% גבא"),
        ("אבג $5 דה", True, "הד $5 גבא"),
        # Arabic makes numbers behind it Arabic, and a hyphen between them is none of theirs.
        ("ع 3-5", True, "5-3 ع"),
        # Signs at the end go where the line ends.
        ("אבג!", True, "!גבא"),
        ("car אבג!", False, "car גבא!"),
        # Brackets stay a pair.
        ("אבג (NVDA)", True, "(NVDA) גבא"),
        ("Nvidia (NVDA) אבג", True, "גבא Nvidia (NVDA)"),
        ("אבג (2025) car", True, "car (2025) גבא"),
        ("car (אבג) boat", False, "car (גבא) boat"),
        ("«אבג» car", True, "car «גבא»"),
        ("אבג ) car", True, "car ( גבא"),
    ],
)
def test_a_line_is_read_in_its_order(text: str, rtl: bool, expected: str) -> None:
    assert shown(text, rtl=rtl) == expected


def test_marks_go_with_their_letters() -> None:
    text = "א\u05b8ב"
    assert unicodedata.bidirectional("\u05b8") == "NSM"
    assert levels(text, rtl=True) == [1, 1, 1]


def test_nothing_is_lost() -> None:
    for text in ("", " ", "()", "א", "a א 1 ( ", "\u200fa\u2067b", "((((א", "))א(("):
        for rtl in (False, True):
            found = levels(text, rtl=rtl)
            assert len(found) == len(text)
            assert sorted(visual_order(found)) == list(range(len(text)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("אב", True),
        ("«عرب»", True),
        ("2025 אב", True),
        ("AI אב", False),
        ("", False),
        ("12", False),
    ],
)
def test_the_first_letter_decides(text: str, expected: bool) -> None:
    assert is_rtl(text) is expected
