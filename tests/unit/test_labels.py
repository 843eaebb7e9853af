"""Text broken into lines for drawings."""

from hypothesis import given
from hypothesis import strategies as st

from explainer.outputs.labels import lines_of, width_of

names = st.text(
    st.one_of(
        st.characters(codec="utf-8", categories=["L", "M", "N", "P", "Zs"]),
        st.sampled_from(" -/中。あー\u200d\u0301ــ"),
    ),
    max_size=60,
)


def test_a_name_that_has_room_is_one_line():
    assert lines_of("United States", 20, 2) == ("United States",)
    # The narrowest place of a map.
    assert lines_of("Semiconductors", 123 / 15, 2) == ("Semiconductors",)


def test_a_line_ends_between_words():
    assert lines_of("United Arab Emirates", 8, 2) == ("United Arab ", "Emirates")
    assert lines_of("Chip-Exportkontrollen", 9, 2) == ("Chip-", "Exportkontrollen")


def test_chinese_breaks_anywhere_but_not_before_a_closing_sign():
    assert lines_of("欧洲中央银行", 3.5, 2) == ("欧洲中", "央银行")
    assert lines_of("中央银行。行长", 4.5, 2) == ("中央银", "行。行长")


def test_what_finds_no_room_is_cut_off():
    assert lines_of("Bundesverfassungsgericht", 8, 2) == ("Bundesverfas…",)
    assert lines_of("one two three four five", 4, 2) == ("one ", "two…")


def test_blanks_are_no_lines():
    assert lines_of("  ", 8, 2) == ()


@given(names, st.floats(3, 20), st.integers(1, 3))
def test_no_line_is_wider_than_it_may_be(name: str, width: float, most: int):
    lines = lines_of(name, width, most)
    assert len(lines) <= most
    for line in lines:
        assert width_of(line.rstrip()) <= width or len(line.rstrip("…")) <= 1
        assert line == line.lstrip()
    assert " ".join(name.split()).startswith("".join(lines).removesuffix("…"))


@given(names)
def test_with_room_enough_nothing_is_lost(name: str):
    assert "".join(lines_of(name, 1000, 3)) == " ".join(name.split())
