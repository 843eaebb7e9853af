"""The theme gazette: its words are whole, its weight is small, what its docs show works."""

import gzip
import re
import tomllib
from pathlib import Path

import pytest

from explainer.theme.templates import TEMPLATES, file_of
from explainer.theme.theme import PICTURE
from tests.building import SiteFolder
from tests.docs.pages import ROOT, Page

GAZETTE = ROOT / "themes" / "gazette"
DOCS = Page(ROOT / "docs" / "themes.md", (ROOT / "docs" / "themes.md").read_text("utf-8"))
KINDS = [
    "person", "organization", "place", "event", "product", "work", "concept",
    "newspaper", "agency", "broadcaster", "magazine", "online",
]  # fmt: skip
INDEXES = ["stories", "questions", "topics", "papers", "authors"]

LARGEST_SHEET = 9_000
"""Bytes, compressed as servers do."""

LARGEST_SCRIPTS = 5_000
"""The same, of all scripts that pages of entries have."""

LARGEST_SEARCH = 5_000
"""The same, of the script that the search page has besides."""

LARGEST_FIRST_FONTS = 27_000
"""Those that every page has: headlines and text."""

LARGEST_CARD_FONTS = 600_000
"""Bytes of all fonts for social cards, which come with the program."""


def words(language: str) -> dict[str, str | dict[str, str]]:
    """Return the texts of one language."""
    return tomllib.loads((GAZETTE / "locales" / f"{language}.toml").read_text("utf-8"))


def places(text: str | dict[str, str]) -> set[str]:
    """Return the places of a text, of all its forms together."""
    forms = text.values() if isinstance(text, dict) else [text]
    return {place for form in forms for place in re.findall(r"{(\w+)}", form)}


def asked_for() -> set[str]:
    """Return every key that a template asks for."""
    found = {f"kind_{kind}" for kind in KINDS}
    found |= {f"title_{name}" for name in [*INDEXES, "search", "404"]}
    found |= {*INDEXES, "home", "search"}
    found |= {f"one_{kind}" for kind in ("story", "question", "topic")}
    found |= {f"coverage_by_{by}" for by in ("paper", "country", "kind")}
    units = ("month", "quarter", "year", "decade", "century")
    found |= {f"stories_by_{unit}" for unit in units}
    for file in (GAZETTE / "templates").rglob("*.*"):
        text = file.read_text("utf-8")
        found |= set(re.findall(r'\bt\("(\w+)"\s*[,)]', text))
        found |= set(re.findall(r't\.forms\("(\w+)"\)', text))
        found |= set(re.findall(r'counted_list\(.*?, "(\w+)"\)', text))
    return found


def test_every_text_that_a_template_asks_for_is_there_and_no_other():
    assert set(words("en")) == asked_for()


@pytest.mark.parametrize("language", ["de", "fr"])
def test_a_language_has_every_text_with_the_same_places(language: str):
    english, other = words("en"), words(language)
    assert list(other) == list(english)
    assert {key: places(text) for key, text in other.items()} == {
        key: places(text) for key, text in english.items()
    }


def test_the_style_sheet_and_the_first_fonts_are_light():
    fonts = GAZETTE / "assets" / "fonts"
    assets = GAZETTE / "assets"
    assert len(gzip.compress((assets / "style.css").read_bytes())) < LARGEST_SHEET
    scripts = {file.name: len(gzip.compress(file.read_bytes())) for file in assets.glob("*.js")}
    assert scripts.pop("search.js") < LARGEST_SEARCH
    assert sum(scripts.values()) < LARGEST_SCRIPTS
    first = [fonts / f"newsreader-{name}-latin.woff2" for name in ("display", "text")]
    assert sum(file.stat().st_size for file in first) < LARGEST_FIRST_FONTS
    assert len(list(fonts.glob("LICENSE-*.txt"))) == 1


def test_the_fonts_for_social_cards_are_light_and_licensed():
    fonts = list((GAZETTE / "fonts").glob("*.ttf"))
    assert sum(file.stat().st_size for file in fonts) < LARGEST_CARD_FONTS
    licences = [file.stem for file in GAZETTE.rglob("LICENSE-*.txt")]
    for font in fonts:
        assert any(font.stem.startswith(name.removeprefix("LICENSE-")) for name in licences) or (
            "LICENSE-" + font.stem.removesuffix("-display") in licences
        ), font


def test_the_docs_list_the_blocks_of_every_template():
    row = r"^\| `([\w.-]+\.(?:html|svg))` \| [^|]+ \| (.+) \|$"
    listed = dict(re.findall(row, DOCS.text, re.MULTILINE))
    there = {
        file_of(name): re.findall(r"{% block (\w+) %}", template(name).read_text("utf-8"))
        for name in (*TEMPLATES, PICTURE)
    }
    assert {name: re.findall(r"`(\w+)`", blocks) for name, blocks in listed.items()} == there


def template(name: str) -> Path:
    return GAZETTE / "templates" / file_of(name)


def test_the_docs_list_every_setting_with_its_default():
    theme = tomllib.loads((GAZETTE / "theme.toml").read_text("utf-8"))
    rows = re.findall(r'^\| `(\w+)` \| (\w+) \| `"(.*)"` \| ', DOCS.text, re.MULTILINE)
    assert rows == [
        (key, setting["type"], setting["default"]) for key, setting in theme["settings"].items()
    ]


def test_the_worked_example_of_the_docs_changes_one_block(tmp_path: Path):
    site = SiteFolder(tmp_path, theme="harbour")
    for block in DOCS.blocks:
        if block.role.startswith("themes/"):
            site.write(block.role, block.text)
    site.entry("paper", "p")
    site.story("one", sources=[{"id": "a", "paper": "p"}])
    site.story("two", sources=[{"id": "a", "paper": "p"}, {"id": "b", "paper": "p"}])
    for number in range(10):
        site.story(f"older-{number}", date="2025-01-01")

    files = {path: data.decode("utf-8", "replace") for path, data in site.built().items()}

    assert '<p class="rests-on">Rests on one source</p>' in files["stories/one/index.html"]
    assert '<p class="rests-on">Rests on 2 sources</p>' in files["stories/two/index.html"]
    assert "rests-on" not in files["stories/older-1/index.html"]
    sheet = re.search(r'href="/(assets/harbour\.\w+\.css)"', files["index.html"])
    assert sheet is not None
    assert ".rests-on" in files[sheet[1]]
    assert 'class="stories"' in files["index.html"]
