"""How titles are broken into lines and fitted into a box, with the fonts that come with gazette."""

from __future__ import annotations

from pathlib import Path

import pytest

from explainer.theme.fonts import Font, FontFault, Fonts
from explainer.theme.typesetting import (
    Block,
    Setter,
    balanced,
    cut,
    letters_of,
    pieces_of,
    wrap,
)

ROOT = Path(__file__).parents[2]
FOLDERS = (ROOT / "tests" / "fonts", ROOT / "themes" / "gazette" / "fonts")
SIZES = [100, 92, 84, 76, 68, 60, 54, 48, 42]


@pytest.fixture(scope="module")
def fonts() -> Fonts:
    """The fonts of gazette, behind small ones for Chinese, Japanese and Korean."""
    files = [file for folder in FOLDERS for file in sorted(folder.glob("*.ttf"))]
    return Fonts([Font(file.stem, file.read_bytes()) for file in files])


def lines(text: str, width: float) -> list[str]:
    """Break a text where each character is one wide."""
    return wrap(pieces_of(text), width, len)


def fitted(fonts: Fonts, text: str, language: str = "en", **given: float) -> tuple[Block, Setter]:
    setter = Setter(fonts, language)
    box = {"width": 1056, "lines": 4, "height": 250, "leading": 1.1} | given
    block = setter.fit(text, font="newsreader-display", sizes=SIZES, **box)  # type: ignore[arg-type]
    return block, setter


class TestBreaking:
    def test_at_spaces(self) -> None:
        assert lines("one two  three", 7) == ["one two", "three"]

    def test_not_at_spaces_that_bind(self) -> None:
        assert lines("a 20\u00a0million b", 10) == ["a", "20\u00a0million", "b"]

    def test_behind_hyphens_between_letters(self) -> None:
        assert lines("well-known", 6) == ["well-", "known"]
        assert lines("in 2024-25", 8) == ["in", "2024-25"]
        assert lines("a 7-nanometre", 5)[:2] == ["a", "7-nan"]
        assert lines("at -5 now", 4) == ["at", "-5", "now"]

    def test_no_line_begins_with_a_dash(self) -> None:
        assert lines("this – or that", 6) == ["this\u00a0–", "or", "that"]

    def test_at_soft_hyphens_with_a_hyphen(self) -> None:
        assert lines("Donau\u00addampf", 7) == ["Donau-", "dampf"]
        assert lines("Donau\u00addampf", 10) == ["Donaudampf"]

    def test_long_words_at_letters(self) -> None:
        assert lines("abcdefgh ij", 3) == ["abc", "def", "gh", "ij"]
        assert lines("a abcd", 3) == ["a", "abc", "d"]

    def test_letters_stay_whole(self) -> None:
        assert letters_of("e\u0301👩\u200d🚀x") == ["e\u0301", "👩\u200d🚀", "x"]
        assert letters_of("👍🏽!") == ["👍🏽", "!"]

    def test_between_letters_of_chinese(self) -> None:
        assert lines("稀土管制暂停", 3) == ["稀土管", "制暂停"]

    def test_no_line_of_chinese_begins_with_a_closing_sign(self) -> None:
        assert lines("稀土管，制暂", 3) == ["稀土", "管，制", "暂"]
        assert lines("稀土」管制", 2) == ["稀", "土」", "管制"]

    def test_and_none_ends_with_an_opening_one(self) -> None:
        assert lines("稀土「管制」", 3) == ["稀土", "「管", "制」"]

    def test_no_line_of_japanese_begins_with_a_small_letter(self) -> None:
        assert lines("レアッース", 3) == ["レ", "アッー", "ス"]
        assert all(line[0] not in "ッー" for line in lines("シャットダウンーー", 4))

    def test_korean_at_spaces(self) -> None:
        assert lines("중국은 왜 자체", 4) == ["중국은", "왜 자체"]

    def test_latin_in_chinese(self) -> None:
        assert lines("中国的AI芯片", 4) == ["中国的", "AI芯片"]

    def test_nothing(self) -> None:
        assert lines("", 3) == []
        assert lines("\u200b", 3) == []


class TestBalancing:
    def test_lines_are_of_much_the_same_width(self) -> None:
        text = "aaaa bbbb cccc dd"
        assert wrap(pieces_of(text), 14, len) == ["aaaa bbbb cccc", "dd"]
        assert balanced(pieces_of(text), 14, len) == ["aaaa bbbb", "cccc dd"]

    def test_there_are_no_more_of_them(self) -> None:
        for width in range(4, 30):
            text = "a bb ccc dddd a bb ccc dddd"
            pieces = pieces_of(text)
            assert len(balanced(pieces, width, len)) == len(wrap(pieces, width, len))

    def test_an_ellipsis_takes_the_place_of_what_is_left_out(self) -> None:
        assert cut("one two, three", 9, "…", len) == "one two…"


TITLES = {
    "short": ("en", "China builds its own AI chips"),
    "150 characters": (
        "en",
        "Why the European Union’s new rules on artificial intelligence could change everything "
        "for small companies that build on models made elsewhere, and how",
    ),
    "German": (
        "de",
        "Donaudampfschifffahrtsgesellschaftskapitän verteidigt "
        "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz",
    ),
    "Chinese": (
        "zh",
        "中国为什么要自己制造人工智能芯片？「稀土」出口管制，“暂停”一年：谁赢得了时间",
    ),
    "Japanese": (
        "ja",
        "なぜ中国は自国製のAI半導体を作るのか、そしてそれは誰のためなのか。「レアアース」",
    ),
    "Korean": ("ko", "중국은 왜 자체 인공지능 반도체를 만드는가?"),
    "Arabic": ("ar", "الصين تصنع رقائق الذكاء الاصطناعي الخاصة بها بعد قيود واشنطن"),
    "Hebrew": ("he", "הממשלה אישרה את התקציב (2026) — מה זה אומר?"),
    "mixed": ("ar", "شركة Nvidia (NVDA) تواجه قيوداً: 50% من الإيرادات؟"),
    "Greek and Cyrillic": ("en", "Ελλάδα και Россия: what Łódź has to do with it"),
    "markup": ("en", "R&D <cuts> & \"quotes\" aren't 'it'"),
    "one long word": ("en", "W" * 400),
    "long without end": ("en", "word " * 200),
}
"""What a title may be like -> language and title."""


class TestFitting:
    @pytest.mark.parametrize("name", TITLES)
    def test_every_title_stays_in_its_box(self, fonts: Fonts, name: str) -> None:
        language, text = TITLES[name]
        block, setter = fitted(fonts, text, language)
        assert 1 <= len(block.lines) <= 4
        assert 0 < block.widest <= 1056.001
        assert block.height <= 250.001
        assert not setter.missing

    def test_longer_titles_are_smaller(self, fonts: Fonts) -> None:
        sizes = [fitted(fonts, "A word or two " * times)[0].size for times in (1, 4, 8, 12)]
        assert sizes == sorted(sizes, reverse=True)
        assert sizes[0] == 100
        assert sizes[-1] < 60

    def test_a_long_word_makes_a_title_smaller_before_it_is_broken(self, fonts: Fonts) -> None:
        block, _ = fitted(fonts, "Die Rindfleischetikettierungsverordnung")
        assert block.size < 100
        assert len(block.lines) == 2

    def test_right_to_left_by_language_or_first_letter(self, fonts: Fonts) -> None:
        assert fitted(fonts, TITLES["Arabic"][1])[0].direction == "rtl"
        setter = Setter(fonts, "ar")
        latin = setter.fit("AI", font="public-sans", width=90, sizes=[20], direction="rtl")
        assert latin.direction == "rtl"
        assert 'transform="translate(69.69 20.00)' in latin.at(0, 20)  # at the right side
        assert "translate(0.00 " in latin.at(0, 20, "left")

    def test_a_title_of_one_font_is_of_one_piece(self, fonts: Fonts) -> None:
        for name in ("Chinese", "Japanese", "Korean", "mixed"):
            block, _ = fitted(fonts, TITLES[name][1], TITLES[name][0])
            assert len({run.font.name for line in block.lines for run in line.runs}) == 1, name

    def test_arabic_is_measured_as_it_is_joined(self, fonts: Fonts) -> None:
        text = "الصين"
        font = next(one for one in fonts.led_by("noto-naskh-arabic"))
        joined = font.shape(text, rtl=True, language="ar").width
        apart = sum(font.shape(letter, rtl=True, language="ar").width for letter in text)
        assert joined < 0.95 * apart
        block, _ = fitted(fonts, text, "ar")
        assert block.lines[0].width == pytest.approx(joined / font.units)

    def test_what_no_font_has_is_left_out_and_told(self, fonts: Fonts) -> None:
        block, setter = fitted(fonts, "A 🚀 launch 👩\u200d🚀 𠀀")
        plain, _ = fitted(fonts, "A launch")
        assert list(setter.missing) == ["🚀", "👩", "𠀀"]
        assert block.widest == pytest.approx(plain.widest, rel=0.02)

    def test_no_box_is_ever_drawn(self, fonts: Fonts) -> None:
        texts = [text for _, text in TITLES.values()]
        for text in (*texts, "🚀", "a\u200bb", "\u2011\u202f", "ﷺ 𒀀", "\u200f(a)\u2069"):
            block, _ = fitted(fonts, text)
            glyphs = [one for line in block.lines for run in line.runs for one in run.shaped.glyphs]
            assert all(one.number for one in glyphs), text

    def test_nothing_to_set(self, fonts: Fonts) -> None:
        for text in ("", "  ", "🚀", "\u200b"):
            block, _ = fitted(fonts, text)
            assert block.lines == ()
            assert block.at(0, 0) == ""
            assert block.height == block.widest == 0

    def test_fonts_for_a_language_by_their_names(self, fonts: Fonts) -> None:
        def first(language: str) -> str:
            return fonts.led_by("newsreader-display", language)[1].name

        assert first("ja") == "noto-serif-jp"
        assert first("ko-KR") == "noto-serif-kr"
        assert first("zh-Hans") == "noto-serif-sc"

    def test_a_font_that_is_not_there(self, fonts: Fonts) -> None:
        with pytest.raises(LookupError, match='no font "news"'):
            Setter(fonts, "en").fit("x", font="news", width=10, sizes=[10])


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "no font"),
        (b"wOF2....", "WOFF2"),
        (b"ttcf", "collection"),
        (b"\0\1\0\0" * 9, "damaged"),
        (b"version https://git-lfs", "LFS"),
    ],
)
def test_what_is_no_font_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(FontFault, match=message):
        Font("x", data)
