"""Which files a template may name: all of its theme, wherever they lie."""

import re
from pathlib import Path

import pytest

from tests.building import SiteFolder


@pytest.fixture
def site(tmp_path: Path) -> SiteFolder:
    folder = SiteFolder(tmp_path / "site", theme="own").story("a")
    folder.write("themes/own/theme.toml", 'name = "own"\nextends = "gazette"\n')
    return folder


def test_a_file_beside_the_templates(site: SiteFolder) -> None:
    site.write("themes/own/assets/mark.svg", "<svg id='mark'></svg>")
    site.write("themes/own/templates/404.html", '{% include "../assets/mark.svg" %}')
    assert "<svg id='mark'>" in site.built()["404.html"].decode()


def test_a_folder_behind_a_link(site: SiteFolder) -> None:
    shared = site.root.parent / "shared"
    shared.mkdir()
    (shared / "p.html").write_text("shared words")
    site.write("themes/own/templates/404.html", '{% include "parts/p.html" %}')
    site.link_to("themes/own/templates/parts", shared)
    assert "shared words" in site.built()["404.html"].decode()
    (shared / "p.html").write_text("other words")
    assert "other words" in site.built()["404.html"].decode()


def test_a_link_to_a_folder_around_it(site: SiteFolder) -> None:
    site.write("themes/own/templates/404.html", "all is well")
    site.link_to("themes/own/templates/loop", site.root / "themes/own/templates")
    assert site.built()["404.html"] == b"all is well"


def test_a_file_outside(site: SiteFolder) -> None:
    (site.root.parent / "secret.html").write_text("secret")
    site.write("themes/own/templates/404.html", '{% include "../../../../secret.html" %}')
    assert site.build().codes == ["E704"]


def test_a_theme_may_do_without_a_search(tmp_path: Path) -> None:
    """And when it has one, or has no more, the site is what a build from nothing makes."""
    folder = SiteFolder(tmp_path / "site").story("a")
    folder.write("themes/plain/templates/404.html", "[{{ site.search_url }}]")
    template = folder.root / "themes/plain/templates/search.html"
    words = template.read_text("utf-8")
    with_search = folder.built()
    assert with_search["404.html"] == b"[/search/]"
    assert "search/index.html" in with_search
    template.unlink()
    without = folder.built()
    assert without["404.html"] == b"[]"
    assert not any(path.startswith("search/") for path in without)
    assert folder.build().result.rendered == 0
    template.write_text(words, "utf-8")
    assert folder.built() == with_search


def test_a_sheet_of_ones_own_comes_behind_those_of_the_theme(site: SiteFolder) -> None:
    """So that it needs no more than the same selector to draw something in another way."""
    site.write("themes/own/assets/own.css", "h1 { color: red }")
    site.write(
        "themes/own/templates/base.html",
        '{% extends "gazette/base.html" %}{% block styles %}{{ super() }}'
        '<link rel="stylesheet" href="{{ asset("own.css") }}">{% endblock %}',
    )
    pages = site.topic("x").built()
    for path, sheets in {
        "index.html": ["style", "home", "own"],
        "topics/x/index.html": ["style", "topic", "own"],
        "search/index.html": ["style", "search", "own"],
        "stories/a/index.html": ["style", "own"],
    }.items():
        found = re.findall(r'stylesheet" href="/assets/(\w+)\.\w+\.css', pages[path].decode())
        assert found == sheets, path
