"""The theme wire: made of nothing but what the theme reference promises."""

import re
import tomllib
from pathlib import Path

from explainer.theme.templates import TEMPLATES
from explainer.theme.theme import SEARCH
from tests.docs.pages import ROOT

WIRE = ROOT / "themes" / "wire"


def templates() -> list[Path]:
    return sorted((WIRE / "templates").rglob("*.html"))


def test_it_stands_on_no_other_theme_and_has_every_template_that_it_must():
    assert "extends" not in tomllib.loads((WIRE / "theme.toml").read_text("utf-8"))
    assert {path.stem for path in WIRE.glob("templates/*.html")} == {*TEMPLATES} - {SEARCH}


def test_it_asks_for_no_word_that_it_has_not_and_has_none_too_many():
    words = set(tomllib.loads((WIRE / "locales" / "en.toml").read_text("utf-8")))
    kinds = {word for word in words if word.startswith("kind_")}
    indexes = {"stories", "questions", "topics", "papers", "authors"}
    asked = kinds | indexes | {f"title_{name}" for name in (*indexes, "404")}
    for path in templates():
        text = path.read_text("utf-8")
        asked |= set(re.findall(r'\bt\("(\w+)"[,)]', text))
        asked |= set(re.findall(r'counted\(.*?, "(\w+)"\)', text))
    assert words == asked


def test_it_runs_no_script_and_asks_nobody_for_anything():
    for path in templates():
        scripts = re.findall(r"<script[^>]*>", path.read_text("utf-8"))
        assert scripts in ([], ['<script type="application/ld+json">'])
    assert "url(" not in (WIRE / "assets" / "wire.css").read_text("utf-8")
