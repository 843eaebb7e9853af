"""docs/diagnostics.md, `explain` and the codes are one list."""

import re

import pytest

from explainer.diagnostics.codes import CODES, FAMILIES
from explainer.diagnostics.reference import render_reference
from tests.tooling import ROOT


def test_page_is_up_to_date():
    page = (ROOT / "docs" / "diagnostics.md").read_text(encoding="utf-8")
    command = "python -m explainer.diagnostics.reference docs/diagnostics.md"
    assert page == render_reference(), f"write it anew: {command}"


def test_page_explains_every_code_once():
    headings = re.findall(r"^### (\w+): (.*)$", render_reference(), re.MULTILINE)
    assert headings == [(code, CODES[code].title) for code in sorted(CODES, key=lambda c: c[1:])]


def test_links_of_the_page_lead_to_its_headings():
    page = render_reference()
    anchors = {
        re.sub(r"[^\w\s-]", "", words.lower()).replace(" ", "-")
        for words in re.findall(r"^### (.*)$", page, re.MULTILINE)
    }
    links = re.findall(r"\]\(#([^)]*)\)", page)
    assert len(links) == len(CODES)
    assert set(links) == anchors


@pytest.mark.parametrize("code", CODES)
def test_code_is_well_formed(code):
    known = CODES[code]
    assert re.fullmatch(r"[EW]\d{3}", code)
    assert code[1] in FAMILIES
    assert (code[0] == "E") == (known.severity == "error")
    assert known.title
    assert known.meaning.endswith(".")
    assert known.example


def test_no_number_is_used_twice():
    numbers = [code[1:] for code in CODES]
    assert len(numbers) == len(set(numbers))
