"""`theme new`: a theme of one's own that works at once."""

import re

import pytest


@pytest.fixture
def site(run, folder):
    """A small site in `site`."""
    run("init", "site")
    return folder / "site"


def use(site, theme: str) -> None:
    file = site / "site.toml"
    text = file.read_text()
    head = f'[site]\ntheme = "{theme}"'
    file.write_text(re.sub(r"(?m)^(# )?theme = .*\n", "", text, count=1).replace("[site]", head, 1))


def pages(site) -> dict[str, str]:
    """Return all pages without what differs between themes that look alike.

    That is the style sheet, and the version of pictures, which tells of all files of a theme.
    """
    differs = re.compile(r'<link rel="stylesheet"[^>]*>\n|(?<=\.png)\?v=\w+')
    found = (site / "public").rglob("*.html")
    return {str(page.relative_to(site)): differs.sub("", page.read_text()) for page in found}


@pytest.mark.parametrize("parent", ["gazette", "wire"])
def test_a_site_that_uses_it_builds_at_once_and_looks_as_before(run, site, parent):
    use(site, parent)
    assert run("-C", "site", "build").exit_code == 0
    before = pages(site)
    result = run("-C", "site", "theme", "new", "mine", "--extends", parent)
    assert result.exit_code == 0
    assert 'theme = "mine"' in result.stdout
    use(site, "mine")
    result = run("-C", "site", "build", "--strict")
    assert (result.exit_code, result.stderr) == (0, "")
    assert pages(site) == before
    story = next((site / "public" / "stories").glob("*/index.html")).read_text()
    sheets = re.findall(r'<link rel="stylesheet" href="([^"]+)"', story)
    assert len(sheets) == 2  # that of the parent, then its own
    assert "/mine." in sheets[1]


def test_its_words_can_be_used(run, site):
    run("-C", "site", "theme", "new", "mine")
    use(site, "mine")
    template = site / "themes" / "mine" / "templates" / "story.html"
    comment = re.search(r"{% block main %}.*?{% endblock %}", template.read_text(), re.DOTALL)
    assert comment is not None
    template.write_text('{% extends "gazette/story.html" %}\n' + comment[0])
    assert run("-C", "site", "build").exit_code == 0
    story = next((site / "public" / "stories").glob("*/index.html")).read_text()
    assert "<p>Rests on " in story


def test_nothing_is_overwritten(run, site):
    place = site / "themes" / "mine"
    place.mkdir(parents=True)
    result = run("-C", "site", "theme", "new", "mine")
    assert result.exit_code != 0
    assert list(place.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("Mine!",), "cannot be the name of a theme"),
        (("../out",), "cannot be the name of a theme"),
        (("gazette",), 'There is a theme "gazette" already'),
        (("mine", "--extends", "gazete"), 'did you mean "gazette"'),
        ((), "Missing argument"),
    ],
)
def test_wrong_usage_is_told(run, site, arguments, words):
    result = run("-C", "site", "theme", "new", *arguments)
    assert result.exit_code == 2
    assert words in result.stderr
    assert not (site / "themes").exists()


def test_a_folder_that_takes_nothing_is_told(run, site):
    (site / "themes").write_text("a file in the way")
    result = run("-C", "site", "theme", "new", "mine")
    assert result.exit_code == 1
    assert "Cannot write" in result.stderr
