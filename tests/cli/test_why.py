"""`explainer why`: names the inputs of an output that changed since the last build."""

import re
from pathlib import Path

import pytest

from tests.building import SiteFolder

UP_TO_DATE = "is up to date: none of its inputs has changed since the last build"


@pytest.fixture
def site(tmp_path: Path) -> SiteFolder:
    folder = SiteFolder(tmp_path / "site")
    folder.story("a", topics=["x"], date="2025-01-01").story("b", date="2025-01-02")
    folder.story("later", date="2025-01-03", publish_at="2026-02-01")
    folder.topic("x", name="X").write("static/note.txt", "one")
    assert folder.build().ok
    return folder


@pytest.fixture
def why(run, site):
    """Ask why; gives the lines of the answer."""

    def ask(name: str, *options: str) -> list[str]:
        result = run("-C", site.root, "why", name, "--now", "2026-01-15T12:00Z", *options)
        assert (result.exit_code, result.stderr) == (0, "")
        lines: list[str] = result.stdout.splitlines()
        return lines

    return ask


def test_without_a_change(why):
    assert why("/stories/a/") == [f"stories/a/index.html {UP_TO_DATE}"]


@pytest.mark.parametrize(
    "name",
    ["/stories/a/", "/stories/a", "stories/a", "stories/a/", "stories/a/index.html",
     "public/stories/a/index.html", "./public/stories/a", "https://example.org/stories/a/#b"],
)  # fmt: skip
def test_every_way_of_naming_an_output(why, site, monkeypatch, name):
    monkeypatch.chdir(site.root)
    assert why(name)[0].startswith("stories/a/index.html is")


def test_an_edit_of_the_entry_itself(why, site):
    site.story("a", "## What's happened\n\nNew words.", topics=["x"], date="2025-01-01")
    assert why("/stories/a/") == [
        "stories/a/index.html has to be made anew",
        "  content/stories/a.md (changed): what it says",
    ]
    assert why("/stories/b/") == [f"stories/b/index.html {UP_TO_DATE}"]
    assert why("/topics/x/") == [f"topics/x/index.html {UP_TO_DATE}"]


def test_what_a_card_shows_by_way_of_another_page(why, site):
    site.topic("x", name="Xenon")
    assert "  content/topics/x.md (changed): what lists show of it" in why("/stories/a/")


def test_an_entry_that_is_new_and_one_that_is_gone(why, site):
    site.story("c", topics=["x"], date="2025-01-04")
    assert "  content/stories/c.md (added): how entries refer to each other" in why("/topics/x/")
    assert why("/stories/c/")[:2] == [
        "stories/c/index.html is new: the last build did not have it",
        "  content/stories/c.md (added)",
    ]
    site.remove("content/stories/c.md").remove("content/stories/b.md")
    assert why("/stories/b/") == [
        "stories/b/index.html will be deleted: nothing of the site is published there any more",
        "  content/stories/b.md (deleted)",
    ]


def test_templates_count_where_they_are_used(why, site):
    site.write("themes/plain/templates/topic.html", '{% extends "base.html" %}{# new #}')
    assert why("/topics/x/") == [
        "topics/x/index.html has to be made anew",
        "  themes/plain/templates/topic.html (changed)",
    ]
    assert why("/stories/a/") == [f"stories/a/index.html {UP_TO_DATE}"]


def test_files_settings_and_the_clock(run, why, site):
    site.write("static/note.txt", "two")
    assert why("note.txt")[1:] == ["  static/note.txt (changed): the file"]
    result = run("-C", site.root, "why", "/", "--now", "2026-03-01")
    assert "  the clock: an entry has appeared or expired since" in result.stdout.splitlines()
    site.setting("site", 'description = "New"')
    assert why("/stories/a/")[1:] == ["  site.toml, or an option in its place (changed)"]


def test_an_output_that_someone_else_has_changed(why, site):
    (site.output / "feed.xml").write_text("mine")
    assert why("feed.xml") == [
        "feed.xml is not what the last build left there, and will be put right",
        "  public/feed.xml (changed)",
    ]


def test_before_the_first_build(run, tmp_path):
    folder = SiteFolder(tmp_path / "new").story("a")
    result = run("-C", folder.root, "why", "/stories/a/")
    assert "nothing is known of an earlier build" in result.stdout


def test_no_such_output(run, site):
    result = run("-C", site.root, "why", "stories/aa/index.html", "--now", "2026-01-15")
    assert result.exit_code == 1
    assert re.search(
        r'no output "stories/aa/index.html" \(did you mean "stories/a/in', result.stderr
    )


def test_errors_are_named_first(run, site):
    site.write("content/stories/a.md", "nothing")
    result = run("-C", site.root, "why", "/stories/a/")
    assert result.exit_code == 1
    assert "E110" in result.stderr
    assert result.stdout == ""
