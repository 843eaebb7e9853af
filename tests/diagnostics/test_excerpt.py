"""The source line and its caret, as a terminal shows them."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainer.diagnostics.excerpt import INDENT, LIMIT, display_width, excerpt, visible


def width(text: str) -> int:
    return sum(display_width(char) for char in text)


def show(line: str, column: int, end_column: int = 0) -> str:
    shown, caret = excerpt(line, column, end_column)
    assert shown.startswith(INDENT)
    assert caret.startswith(INDENT)
    return f"{shown.removeprefix(INDENT)}\n{caret.removeprefix(INDENT)}"


@pytest.mark.parametrize(
    ("line", "column", "end_column", "expected"),
    [
        ("topics: [nvida]", 10, 15, "topics: [nvida]\n         ^~~~~"),
        ("topics: [nvida]", 10, 0, "topics: [nvida]\n         ^"),
        ("topics: [nvida]", 10, 3, "topics: [nvida]\n         ^"),
        ("topics:", 8, 0, "topics:\n       ^"),
        ("topics:", 99, 0, "topics:\n       ^"),
        ("topics:", 0, 0, "topics:\n^"),
        ("topics:", 3, 99, "topics:\n  ^~~~~"),
        ("", 1, 0, "\n^"),
    ],
)
def test_caret_stands_below_the_place(line, column, end_column, expected):
    assert show(line, column, end_column) == expected


def test_tabs_become_spaces_and_the_caret_follows():
    assert show("\tab\tc: x", 5, 6) == "    ab  c: x\n        ^"


def test_wide_characters_fill_two_columns():
    assert show("名字: 黃仁勳 x", 5, 8) == "名字: 黃仁勳 x\n      ^~~~~~"


def test_combining_marks_fill_none():
    line = "Jîn-hun N̂g: x"  # no single character for the N
    assert not unicodedata.is_normalized("NFC", unicodedata.normalize("NFD", line))
    decomposed = unicodedata.normalize("NFD", line)
    column = decomposed.index("x") + 1
    assert show(decomposed, column, column + 1).split("\n")[1] == " " * 12 + "^"


def test_caret_at_a_combining_mark_stands_below_its_letter():
    assert show("ab\u0301c", 3, 4) == "ab\u0301c\n ^"


def test_zero_width_joiner_takes_no_room():
    assert show("a\u200db", 3, 4) == "a\u200db\n ^"


@pytest.mark.parametrize(
    "char", ["\x1b", "\x07", "\x00", "\x7f", "\x9b", "\u202e", "\u2066", "\u2028", "\udc80"]
)
def test_what_a_terminal_would_obey_is_written_out(char):
    assert visible(f"a{char}b") == f"a<U+{ord(char):04X}>b"
    assert show(f"a{char}b", 3, 4) == f"a<U+{ord(char):04X}>b\n         ^"


def test_caret_below_an_escaped_character_is_as_wide_as_its_escape():
    assert show("\u202ex", 1, 2) == "<U+202E>x\n^~~~~~~~"


def test_ordinary_text_of_any_script_is_left_alone():
    text = "Nvidia – 黃仁勳 – N̂g – مرحبا – हिन्दी – 👩‍💻"
    assert visible(text) is not None
    assert visible(text) == text


def test_long_line_is_cut_on_both_sides_of_the_caret():
    line = "a" * 300 + "NEEDLE" + "b" * 300
    shown, caret = excerpt(line, 301, 307)
    assert shown.startswith(f"{INDENT}…a")
    assert shown.endswith("b…")
    assert width(shown) <= LIMIT + len(INDENT)
    assert shown[caret.index("^") :].startswith("NEEDLE")
    assert caret.endswith("^~~~~~")


def test_long_line_with_the_caret_near_its_start_is_cut_behind_only():
    shown, caret = excerpt("title: " + "x" * 500, 8, 0)
    assert shown.startswith(f"{INDENT}title: xx")
    assert shown.endswith("x…")
    assert caret == INDENT + " " * 7 + "^"


def test_long_line_with_the_caret_at_its_end_is_cut_before_only():
    line = "x" * 500 + "!"
    shown, caret = excerpt(line, 501, 502)
    assert shown.startswith(f"{INDENT}…x")
    assert shown.endswith("x!")
    assert shown[caret.index("^")] == "!"


def test_long_mark_ends_with_the_part_that_is_shown():
    shown, caret = excerpt("x" * 5000, 1, 5001)
    assert len(caret) <= len(shown)


lines = st.text(st.sampled_from("ab \t漢字é\u0301\u0302\x1b\u202e👩\u200d💻"), max_size=250)


@given(lines, st.integers(-1, 300), st.integers(-1, 300))
def test_no_line_breaks_it(line, column, end_column):
    shown, caret = excerpt(line, column, end_column)
    assert width(shown) <= LIMIT + len(INDENT)
    assert visible(shown) == shown
    assert "\n" not in shown + caret
    assert caret.strip()[0] == "^"
    assert len(caret) <= width(INDENT) + LIMIT + 1


@given(st.text(st.sampled_from("ab漢字é"), min_size=1, max_size=200), st.data())
def test_caret_is_below_the_very_character(line, data):
    column = data.draw(st.integers(1, len(line)))
    shown, caret = excerpt(line, column, column + 1)
    before = ""
    for char in shown:
        if width(before) == caret.index("^"):
            assert char == line[column - 1]
            return
        before += char
    pytest.fail("the caret stands below no character")
