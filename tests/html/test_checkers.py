"""The Nu HTML checker and html-validate on the example site, and proof that they can fail."""

from pathlib import Path

import pytest

from tests.conftest import BuiltSite
from tests.html.findings import report
from tests.html.html_validate import check_with_html_validate
from tests.html.nu import check_style_sheets_with_nu, check_with_nu

GOOD = """<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>A page</title>
  </head>
  <body>
    <h1>A page</h1>
    <p>Some words.</p>
  </body>
</html>
"""
BAD = GOOD.replace("<p>Some words.</p>", '<p><img src="x.png"></p>\n<a><button>x</button></a>')


@pytest.fixture
def small_site(tmp_path: Path) -> Path:
    """A good page at the top and a bad one, with a name beyond ASCII, below it."""
    (tmp_path / "头").mkdir()
    (tmp_path / "index.html").write_text(GOOD, encoding="utf-8")
    (tmp_path / "头/index.html").write_text(BAD, encoding="utf-8")
    return tmp_path


@pytest.mark.slow
def test_the_nu_html_checker_finds_nothing_in_the_example_site(site_at_root: BuiltSite):
    assert report(check_with_nu(site_at_root.root)) == ""


@pytest.mark.slow
def test_html_validate_finds_nothing_in_the_example_site(site_at_root: BuiltSite):
    assert report(check_with_html_validate(site_at_root.root)) == ""


@pytest.mark.slow
def test_both_find_nothing_in_the_theme_wire(site_in_wire: BuiltSite):
    assert report(check_with_html_validate(site_in_wire.root)) == ""
    assert report(check_with_nu(site_in_wire.root)) == ""


@pytest.mark.slow
def test_the_style_sheets_of_both_themes_are_valid(
    site_at_root: BuiltSite, site_in_wire: BuiltSite
):
    assert report(check_style_sheets_with_nu(site_at_root.root)) == ""
    assert report(check_style_sheets_with_nu(site_in_wire.root)) == ""


def test_a_wrong_style_sheet_is_a_finding(tmp_path: Path):
    (tmp_path / "a.css").write_text("p { color: #12; colour: red }\n")
    findings = check_style_sheets_with_nu(tmp_path)
    assert {(one.path, one.line) for one in findings} == {("a.css", 1)}
    assert "colour" in report(findings)


def test_the_nu_html_checker_finds_what_is_bad(small_site: Path):
    findings = sorted(check_with_nu(small_site))
    assert {finding.path for finding in findings} == {"头/index.html"}
    assert [finding.line for finding in findings] == [9, 10]
    assert "must have an “alt” attribute" in findings[0].message
    assert "must not appear as a descendant" in findings[1].message


def test_html_validate_finds_what_is_bad(small_site: Path):
    findings = sorted(check_with_html_validate(small_site))
    assert {finding.path for finding in findings} == {"头/index.html"}
    assert "wcag/h37" in report(findings)
    assert "no-implicit-button-type" in report(findings)
