"""Links and loaded files of the example site, and proof that the checks of them can fail."""

from pathlib import Path

import pytest

from tests.conftest import BuiltSite
from tests.html.findings import report
from tests.html.links import check_hosts, check_links
from tests.html.page import srcset_addresses

BASE = "https://example.org/repo/"


def test_every_address_of_the_example_site_leads_to_a_file_and_an_id(site: BuiltSite):
    assert report(check_links(site.root, site.base_url)) == ""


def test_the_example_site_loads_nothing_from_another_host(site: BuiltSite):
    assert report(check_hosts(site.root, site.base_url)) == ""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A site of two pages, a style sheet and a picture, without a fault."""
    (tmp_path / "a").mkdir()
    (tmp_path / "a/index.html").write_text('<h1 id="top-of-a">A</h1>', encoding="utf-8")
    (tmp_path / "a/头.svg").write_text('<svg><g id="g"/></svg>', encoding="utf-8")
    (tmp_path / "style.css").write_text("a{background:url(a/头.svg)}", encoding="utf-8")
    return tmp_path


def links_of(tree: Path, body: str, name: str = "index.html") -> list[str]:
    """Return the faults of the links of a tree to which one file is added."""
    (tree / name).write_text(body, encoding="utf-8")
    return [finding.message for finding in check_links(tree, BASE)]


@pytest.mark.parametrize(
    "body",
    [
        '<a href="a/">relative</a>',
        '<a href="/repo/a/">from the root</a>',
        '<a href="https://example.org/repo/a/#top-of-a">absolute</a>',
        '<a href="#here" id="here">on the page</a>',
        '<a href="https://example.com/x#y">elsewhere</a>',
        '<a href="https://example.org/other-project/">beside the site</a>',
        '<a href="mailto:a@example.org">mail</a>',
        '<img src="a/%E5%A4%B4.svg" srcset="a/头.svg 1x, /repo/a/头.svg#g 2x" alt="">',
        '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" alt="">',
    ],
)
def test_a_good_address_is_no_finding(tree: Path, body: str):
    assert links_of(tree, body) == []


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ('<a href="b/">x</a>', "b/: no such file"),
        ('<a href="A/">x</a>', "A/: no such file"),
        ('<a href="a">x</a>', "a: needs a slash at its end"),
        ('<a href="a/#nowhere">x</a>', "a/#nowhere: no id 'nowhere' in index.html"),
        ('<a href="#nowhere">x</a>', "#nowhere: no id 'nowhere' in index.html"),
        ('<a href="/a/">x</a>', "/a/: leaves the site's path /repo/"),
        ('<a href="../a/">x</a>', "../a/: leaves the site's path /repo/"),
        (
            '<a href="https://example.org/repo/b/">x</a>',
            "https://example.org/repo/b/: no such file",
        ),
        ('<a href="javascript:alert(1)">x</a>', "javascript:alert(1): a script as an address"),
        ('<img src="b.png" alt="">', "b.png: no such file"),
        ('<img srcset="a/头.svg 1x, b.png 2x" alt="">', "b.png: no such file"),
        ('<link rel="stylesheet" href="b.css">', "b.css: no such file"),
        ("<style>\na { background: url(b.png) }</style>", "b.png: no such file"),
        ("<p style=\"background: url('b.png')\">x</p>", "b.png: no such file"),
        ('<meta http-equiv="refresh" content="0; url=b/">', "b/: no such file"),
        ('<svg><use href="a/头.svg#x"/></svg>', "a/头.svg#x: no id 'x' in 头.svg"),
    ],
)
def test_a_bad_address_is_a_finding(tree: Path, body: str, fault: str):
    assert links_of(tree, body) == [fault]


@pytest.mark.parametrize(
    "rule", ["a{background:url(b.png)}", '@import "b.png";', "@media print{a{cursor:url('b.png')}}"]
)
def test_a_bad_address_in_a_style_sheet_is_a_finding(tree: Path, rule: str):
    assert links_of(tree, rule, "bad.css") == ["b.png: no such file"]


def test_a_bad_address_in_a_feed_or_site_map_is_a_finding(tree: Path):
    body = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><link href="https://example.org/repo/b/"/>'
        '<content type="html">&lt;a href="https://example.org/repo/c/"&gt;x&lt;/a&gt;</content>'
        "</feed>"
    )
    faults = links_of(tree, body, "feed.xml")
    assert faults == [f"https://example.org/repo/{page}/: no such file" for page in "bc"]
    body = "<urlset><url><loc>https://example.org/repo/d/</loc></url></urlset>"
    assert links_of(tree, body, "feed.xml") == ["https://example.org/repo/d/: no such file"]


def test_a_relative_address_on_the_page_for_missing_pages_is_a_finding(tree: Path):
    assert links_of(tree, '<a href="a/">x</a>', "404.html") == ["a/: no such file"]
    assert links_of(tree, '<a href="/repo/a/">x</a>', "404.html") == []


@pytest.mark.parametrize(
    "body",
    [
        '<img src="https://example.com/x.png" alt="">',
        '<img src="//example.com/x.png" alt="">',
        '<img srcset="https://example.com/x.png 2x" alt="">',
        '<link rel="stylesheet" href="https://example.com/x.css">',
        '<link rel="preload icon" href="https://example.com/x.png">',
        '<style>@import "https://example.com/x.css";</style>',
        "<style>@font-face { src: url(https://example.com/x.woff2) }</style>",
        '<p style="background: url(https://example.com/x.png)">x</p>',
        '<iframe src="https://example.com/"></iframe>',
        '<video poster="https://example.com/x.png"></video>',
    ],
)
def test_a_file_from_another_host_is_a_finding(tmp_path: Path, body: str):
    (tmp_path / "index.html").write_text(body, encoding="utf-8")
    assert len(check_hosts(tmp_path, BASE)) == 1


def test_a_link_to_another_host_is_no_finding(tmp_path: Path):
    body = '<a href="https://example.com/">x</a><link rel="canonical" href="https://example.com/">'
    (tmp_path / "index.html").write_text(body, encoding="utf-8")
    assert check_hosts(tmp_path, BASE) == []


def test_a_comma_inside_an_address_of_a_srcset_does_not_end_it():
    assert srcset_addresses("a,b.png 1x, c.png, d.png 200w") == ["a,b.png", "c.png", "d.png"]
