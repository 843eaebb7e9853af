"""What is looked at before a program is timed: its pages, its links, and the edit in them."""

import subprocess
from pathlib import Path

import pytest

from benchmarks.edits import EditLost, edit, must_have_arrived
from benchmarks.generate import write
from benchmarks.pages import dead_links, expected, faults
from benchmarks.peers import programs
from benchmarks.world import World

STORIES = 120
"""Enough for second pages of lists."""


def build(name: str, site: Path, output: Path) -> None:
    (program,) = [one for one in programs() if one.name == name]
    done = subprocess.run(
        [*program.command(output), "--strict"],
        cwd=site,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_plain_site_has_exactly_the_pages_that_are_asked_of_everyone(tmp_path):
    world, output = World(STORIES), tmp_path / "public"
    writer = write("explainer", tmp_path / "site", world)
    build("explainer", writer.folder, output)
    assert faults(output, expected(world)) == []

    change = edit(world, 1)
    with pytest.raises(EditLost, match="does not show the new words"):
        must_have_arrived(change, output)
    writer.story(change.story)
    build("explainer", writer.folder, output)
    must_have_arrived(change, output)

    # A list that was left as it was does not get past.
    archive = output / change.archive
    text = archive.read_text("utf-8")
    archive.write_text(text.replace(change.story.head.title, "as before"), "utf-8")
    with pytest.raises(EditLost, match=r"stories/.*index\.html does not show the new title"):
        must_have_arrived(change, output)


def test_gazette_has_these_pages_at_least(tmp_path):
    world, output = World(STORIES), tmp_path / "public"
    writer = write("explainer-gazette", tmp_path / "site", world)
    build("explainer-gazette", writer.folder, output)
    assert faults(output, expected(world), more=True) == []


def test_lists_have_fifty_entries_a_page():
    paths = expected(World(STORIES))
    assert {path for path in paths if path.startswith("stories/page/")} == {
        "stories/page/2/index.html",
        "stories/page/3/index.html",
    }
    assert "questions/page/2/index.html" in paths


def test_missing_and_needless_pages_are_named(tmp_path):
    (tmp_path / "index.html").write_text("", "utf-8")
    (tmp_path / "more.html").write_text("", "utf-8")
    assert faults(tmp_path, {"index.html", "404.html"}) == [
        "no 404.html",
        "more.html is one too many",
        "no sitemap.xml",
        "no feed",
    ]


@pytest.mark.parametrize(
    ("link", "alive"),
    [
        ("/", True),
        ("/a/", True),
        ("../a/", True),
        ("/style.css", True),
        ("https://benchmark.example/a/", True),
        ("https://elsewhere.example/a/", True),
        ("#here", True),
        ("#there", False),
        ("/b/", False),
        ("../b/", False),
        ("/a", False),
        ("https://benchmark.example/b/", False),
    ],
)
def test_dead_links_are_named(link, alive, tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "style.css").write_text("", "utf-8")
    (tmp_path / "index.html").write_text("", "utf-8")
    (tmp_path / "a" / "index.html").write_text(f'<p id=here><a class="x" href="{link}">', "utf-8")
    dead = dead_links(tmp_path, ["a/index.html"])
    assert dead == ([] if alive else [f"a/index.html links to {link}"])
