"""The shape of the example site's pages, and proof that the checks of it can fail."""

from pathlib import Path

import pytest

from tests.conftest import BuiltSite
from tests.html.findings import report
from tests.html.structure import check_structure


def test_every_page_of_the_example_site_has_a_sound_structure(site_at_root: BuiltSite):
    assert report(check_structure(site_at_root.root)) == ""


def test_so_has_every_page_in_the_theme_wire(site_in_wire: BuiltSite):
    assert report(check_structure(site_in_wire.root)) == ""


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("<h1>a</h1>\n<h3>b</h3>", "index.html:2: h3 comes after h1"),
        ("<h2>b</h2><h1>a</h1>", "index.html:1: h2 comes after no heading"),
        ("<p>a</p>", "index.html:0: 0 h1 elements instead of one"),
        ("<h1>a</h1>\n<h1>b</h1>", "index.html:2: 2 h1 elements instead of one"),
        ("<h1>a</h1><script>alert(1)</script>", "index.html:1: a script in the page itself"),
        (
            '<h1>a</h1><script type="module">alert(1)</script>',
            "index.html:1: a script in the page itself",
        ),
        (
            '<h1>a</h1><script src="https://b.example/a.js"></script>',
            "index.html:1: a script of another host: https://b.example/a.js",
        ),
        (
            '<h1>a</h1><script src="//b.example/a.js"></script>',
            "index.html:1: a script of another host: //b.example/a.js",
        ),
        (
            '<h1 id="a">a</h1>\n<p id="a">b</p>',
            "index.html:1: the id 'a' stands 2 times\nindex.html:2: the id 'a' stands 2 times",
        ),
    ],
)
def test_a_fault_of_structure_is_a_finding(tmp_path: Path, body: str, fault: str):
    (tmp_path / "index.html").write_text(body, encoding="utf-8")
    assert report(check_structure(tmp_path)) == fault


def test_scripts_of_the_theme_are_allowed(tmp_path: Path):
    page = tmp_path / "index.html"
    page.write_text('<h1>a</h1><script src="/news/assets/a.js" defer></script>', "utf-8")
    assert check_structure(tmp_path) == []


def test_structured_data_is_allowed_when_it_is_json(tmp_path: Path):
    page = tmp_path / "index.html"
    page.write_text('<h1>a</h1><script type="application/ld+json">{"a": 1}</script>', "utf-8")
    assert check_structure(tmp_path) == []
    page.write_text('<h1>a</h1><script type="application/ld+json">{"a": 1</script>', "utf-8")
    assert "not JSON" in report(check_structure(tmp_path))
