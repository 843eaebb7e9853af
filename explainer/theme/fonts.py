"""Fonts that pictures are set in: which letters each has, how wide they run, their outlines.

Shaping is HarfBuzz's work: it joins the letters of Arabic, and its widths are those of the outlines
that are drawn, so that what was measured is what is seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

_HEADS = (b"\x00\x01\x00\x00", b"OTTO", b"true")
"""How the files of TrueType and OpenType fonts begin."""

_OTHERS = {
    b"wOFF": "a web font (WOFF)",
    b"wOF2": "a web font (WOFF2)",
    b"ttcf": "a collection of fonts",
    b"vers": "no font but a pointer of Git LFS",
}
"""How files begin that may be taken for fonts -> what they are."""


class FontFault(Exception):
    """A file cannot be used as a font; the message says what it is."""


class Glyph(NamedTuple):
    """A shape of a font in its place, in units of the font."""

    number: int
    x: int
    y: int


class Shaped(NamedTuple):
    """A run of text as it is drawn, from left to right."""

    glyphs: tuple[Glyph, ...]
    width: int


class Font:
    """One font file."""

    def __init__(self, name: str, data: bytes) -> None:
        """Read a font; raises FontFault."""
        import uharfbuzz

        self.name = name
        """Name of its file without ending: templates call it by that."""

        head = data[:4]
        if head not in _HEADS:
            raise FontFault(_OTHERS.get(head, "no font"))
        face = uharfbuzz.Face(uharfbuzz.Blob(data))
        self._font = uharfbuzz.Font(face)
        self.units = face.upem
        """Units of an em."""

        self.characters = frozenset(face.unicodes)
        """Code points that it has a shape for."""

        if not self.characters or not face.glyph_count:
            raise FontFault("a damaged font")
        extents = self._font.get_font_extents("ltr")
        self.height = (extents.ascender - extents.descender) / self.units
        """From the highest to the lowest point that its letters need, in ems."""

        self._shaped = lru_cache(maxsize=20_000)(self._shape)
        self._outlines: dict[int, str] = {}

    def has(self, character: str) -> bool:
        """Tell whether there is a shape for a character."""
        return ord(character) in self.characters

    def shape(self, text: str, *, rtl: bool, language: str) -> Shaped:
        """Return the shapes of a run of text in one direction."""
        return self._shaped(text, rtl, language)

    def _shape(self, text: str, rtl: bool, language: str) -> Shaped:
        import uharfbuzz

        buffer = uharfbuzz.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        buffer.direction = "rtl" if rtl else "ltr"
        buffer.language = language
        uharfbuzz.shape(self._font, buffer)
        glyphs, x = [], 0
        infos, positions = buffer.glyph_infos, buffer.glyph_positions
        for info, place in zip(infos, positions or (), strict=True):
            glyphs.append(Glyph(info.codepoint, x + place.x_offset, place.y_offset))
            x += place.x_advance
        return Shaped(tuple(glyphs), x)

    def outline(self, number: int) -> str:
        """Return the outline of a shape as the data of an SVG path; empty for a space."""
        if number not in self._outlines:
            pen = _Pen()
            self._font.draw_glyph_with_pen(number, pen)
            self._outlines[number] = "".join(pen.parts)
        return self._outlines[number]


class _Pen:
    """Writes an outline down; HarfBuzz calls the methods, whose names are those of fontTools."""

    def __init__(self) -> None:
        self.parts: list[str] = []

    def moveTo(self, point: tuple[float, float]) -> None:  # noqa: N802
        self._add("M", point)

    def lineTo(self, point: tuple[float, float]) -> None:  # noqa: N802
        self._add("L", point)

    def curveTo(self, *points: tuple[float, float]) -> None:  # noqa: N802
        self._add("C", *points)

    def qCurveTo(self, *points: tuple[float, float]) -> None:  # noqa: N802
        self._add("Q", *points)

    def closePath(self) -> None:  # noqa: N802
        self.parts.append("Z")

    def endPath(self) -> None:  # noqa: N802
        pass

    def _add(self, letter: str, *points: tuple[float, float]) -> None:
        numbers = " ".join(f"{x:.0f} {y:.0f}" for x, y in points)
        self.parts.append(f"{letter}{numbers}")


class Fonts:
    """The fonts of a theme, in the order in which a letter is looked for in them."""

    def __init__(self, fonts: Sequence[Font]) -> None:
        self._fonts = tuple(fonts)
        self._known: dict[tuple[str, str], tuple[Font, ...]] = {}

    @property
    def names(self) -> list[str]:
        """Names by which templates call them."""
        return [font.name for font in self._fonts]

    def led_by(self, name: str, language: str = "") -> tuple[Font, ...]:
        """Return all fonts, that of a name before the others; raises LookupError.

        Behind it stand those that are made for a language: Chinese, Japanese and Korean write many
        letters in forms of their own.
        """
        if (name, language) not in self._known:
            first = [font for font in self._fonts if font.name == name][:1]
            if not first:
                raise LookupError(f'there is no font "{name}"')
            others = [font for font in self._fonts if font is not first[0]]
            others.sort(key=lambda font: not _is_for(font.name, language))
            self._known[name, language] = (*first, *others)
        return self._known[name, language]


_REGIONS = {"zh": "SC", "zh-Hant": "TC", "zh-TW": "TC", "zh-HK": "HK", "ja": "JP", "ko": "KR"}
"""Language -> how the names of fonts end that are made for it: NotoSerifJP, noto-serif-jp."""


def _is_for(name: str, language: str) -> bool:
    """Tell by its name whether a font is made for a language."""
    region = _REGIONS.get(language) or _REGIONS.get(language.split("-")[0])
    if not region:
        return False
    bare = name.removesuffix("-Regular").removesuffix("-SemiBold").removesuffix("-Bold")
    return bare.endswith((region, f"-{region.lower()}", f"_{region.lower()}"))
