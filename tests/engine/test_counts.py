"""What a build makes, and what it leaves as it is, after one edit each."""

from __future__ import annotations

import os

import pytest

from explainer.build import making
from explainer.build.making import Done, Task, Workshop
from explainer.site.urls import MARK
from tests.building import tree_of
from tests.engine.bench import Bench
from tests.engine.sketch import Entry, Sketch


class Watch:
    """Sees which outputs are made, and which of them are written."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.made: set[str] = set()
        self.written: set[str] = set()
        make = making.Workshop.make

        def watched(workshop: Workshop, task: Task) -> Done:
            done = make(workshop, task)
            if workshop.root.name == "clean":
                return done  # the oracle's
            self.made.add(task.output.path)
            if done.written:
                self.written.add(task.output.path)
            return done

        patch.setattr(making.Workshop, "make", watched)


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    return Watch(monkeypatch)


def plain(bench: Bench) -> Sketch:
    """Make of the site one in which each entry is shown in few places that are plain to see."""
    site = bench.sketch
    site.entries.clear()
    site.pictures.clear()
    site.static.clear()
    site.settings |= {"page_size": 50}
    site.settings |= {"no_topic_feeds": True, "no_search": True, "no_cards": True}
    for number in range(6):
        add(site, "story", f"s{number}", date=number, blocks=[("say", 0, 0)])
    for slug in ("old", "new"):
        add(site, "topic", slug, title={"old": "Old Topic", "new": "New Topic"}[slug])
    site.entries["story", "s0"].lists["topics"] = [1]  # sorted by slug: "new", "old"
    add(site, "author", "dana")
    add(site, "question", "why", blocks=[("head", 4, 0), ("say", 0, 0)])
    bench.build()
    return site


def add(site: Sketch, kind: str, slug: str, title: str = "", **fields: object) -> Entry:
    entry = Entry(kind, slug, title or f"Title {slug}", **fields)  # type: ignore[arg-type]
    site.entries[kind, slug] = entry
    return entry


def made_after(bench: Bench, watch: Watch) -> set[str]:
    """Build, hold the numbers against what was seen, and return what was made."""
    watch.made.clear()
    watch.written.clear()
    result = bench.build()
    assert result.ok, result.diagnostics
    assert result.rendered == len(watch.made)
    assert result.reused == result.files - result.rendered
    return set(watch.made)


def page(kind: str, slug: str) -> str:
    folder = {"story": "stories", "topic": "topics", "author": "authors", "question": "questions",
              "paper": "papers"}  # fmt: skip
    return f"{folder[kind]}/{slug}/index.html"


# The dates of the stories: s4 is the newest, then s3, s2, s1, s0, s5. The feed has three of them,
# the front page and 404 show the newest two or three (see `quick`).
OLD, NEWEST = "s0", "s4"
FEEDS = ("feed.xml", "feed.json")


def test_nothing_changed(bench: Bench, watch: Watch) -> None:
    plain(bench)
    before = {path: path.stat().st_ino for path in bench.public.rglob("*")}
    result = bench.build()
    assert (result.rendered, result.deleted) == (0, 0)
    assert result.reused == result.files == len(tree_of(bench.public)) - 1
    assert {path: path.stat().st_ino for path in bench.public.rglob("*")} == before


def test_files_were_touched(bench: Bench, watch: Watch) -> None:
    plain(bench)
    for path in bench.known:
        os.utime(bench.root / path, (1, 1))
    assert made_after(bench, watch) == set()


def test_files_were_written_again_in_place(bench: Bench, watch: Watch) -> None:
    plain(bench)
    for path, data in bench.known.items():
        (bench.root / path).unlink()
        (bench.root / path).write_bytes(data)
    assert made_after(bench, watch) == set()


def test_a_body_is_seen_on_its_own_page(bench: Bench, watch: Watch) -> None:
    plain(bench).entries["story", OLD].blocks = [("say", 3, 0)]
    assert made_after(bench, watch) == {page("story", OLD)}


def test_a_body_of_one_of_the_newest_is_seen_in_the_feed(bench: Bench, watch: Watch) -> None:
    plain(bench).entries["story", NEWEST].blocks = [("say", 3, 0)]
    assert made_after(bench, watch) == {page("story", NEWEST), *FEEDS}


def test_a_body_is_seen_in_the_feeds_of_its_topics(bench: Bench, watch: Watch) -> None:
    site = plain(bench)
    site.settings["no_topic_feeds"] = False
    bench.build()
    site.entries["story", OLD].blocks = [("say", 3, 0)]
    assert made_after(bench, watch) == {
        page("story", OLD), "topics/old/feed.xml", "topics/old/feed.json",
    }  # fmt: skip


def test_a_line_at_the_head_of_a_file_is_seen_nowhere_else(bench: Bench, watch: Watch) -> None:
    site = plain(bench)
    site.entries["story", OLD].blocks = [("ref", 0, 2)]
    bench.build()
    site.entries["story", OLD].head = 2
    assert made_after(bench, watch) == {page("story", OLD)}
    assert watch.written == set()


def test_a_title_is_seen_where_it_is_shown(bench: Bench, watch: Watch) -> None:
    site = plain(bench)
    site.entries["story", OLD].title = "Another"
    # Its own page, the archive, and the topic that it has; no front page, feed or sitemap.
    assert made_after(bench, watch) == {
        page("story", OLD), "stories/index.html", page("topic", "old"),
    }  # fmt: skip


def test_a_title_of_the_newest_is_seen_on_the_front_page(bench: Bench, watch: Watch) -> None:
    plain(bench).entries["story", NEWEST].title = "Another"
    assert made_after(bench, watch) == {
        page("story", NEWEST), "stories/index.html", "index.html", "404.html", *FEEDS,
    }  # fmt: skip


def test_a_title_that_no_template_shows_is_seen_on_its_own_page(
    spare_bench: Bench, watch: Watch
) -> None:
    site = plain(spare_bench)
    site.entries["story", OLD].title = "Another"
    # The topic's page of this theme says only how many stories there are.
    assert made_after(spare_bench, watch) == {page("story", OLD), "stories/index.html"}


def test_a_name_of_a_topic_is_seen_on_the_cards_of_its_stories(bench: Bench, watch: Watch) -> None:
    site = plain(bench)
    site.entries["topic", "old"].title = "Plain Words"
    made = made_after(bench, watch)
    assert made == {
        page("topic", "old"), "topics/index.html", page("story", OLD), "stories/index.html",
        "topics/summaries.json",
    }  # fmt: skip


def test_a_new_name_is_seen_where_prose_mentions_it(bench: Bench, watch: Watch) -> None:
    site = plain(bench)
    for slug in ("s1", "s5"):
        site.entries["story", slug].blocks = [("say", 1, 0)]  # Nvidia and Huawei Cloud
    bench.build()
    site.entries["topic", "new"].title = "Nvidia"
    assert made_after(bench, watch) == {
        page("story", "s1"), page("story", "s5"), page("topic", "new"), "topics/index.html",
        "topics/summaries.json",
    }  # fmt: skip


def test_a_heading_is_seen_where_a_link_shows_its_words(bench: Bench, watch: Watch) -> None:
    site = plain(bench)
    site.entries["story", OLD].blocks = [("head", 2, 0)]
    site.entries["story", "s1"].blocks = [("ref", 0, 0)]  # to the first story, by its heading
    bench.build()
    assert ">More</a>" in (bench.public / page("story", "s1")).read_text()
    site.entries["story", OLD].blocks = [("say", 0, 0), ("head", 2, 0)]
    assert made_after(bench, watch) == {page("story", OLD)}
    site.entries["story", OLD].blocks = [("say", 0, 0), ("head", 2, 1)]
    assert made_after(bench, watch) == {page("story", OLD), page("story", "s1")}


def test_a_date_that_changes_no_order_is_seen_on_cards_and_in_the_sitemap(
    bench: Bench, watch: Watch
) -> None:
    plain(bench).entries["story", OLD].updated = 3
    assert made_after(bench, watch) == {
        page("story", OLD), "stories/index.html", page("topic", "old"), "sitemap.xml",
    }  # fmt: skip


def with_papers(bench: Bench) -> Sketch:
    """Make a site in which the oldest story and the question cite the first of two papers."""
    site = plain(bench)
    for number, slug in enumerate(("post", "times")):
        add(site, "paper", slug, label=number)
    for entry in (site.entries["story", OLD], site.entries["question", "why"]):
        entry.sources = [(0, "")]
    bench.build()
    return site


def test_what_a_paper_is_is_seen_where_it_is_cited(bench: Bench, watch: Watch) -> None:
    site = with_papers(bench)
    site.entries["paper", "post"].label = 1  # another kind, country and language
    assert made_after(bench, watch) == {
        page("story", OLD), page("question", "why"), page("paper", "post"), "papers/index.html",
    }  # fmt: skip


def test_all_else_of_a_paper_is_seen_on_its_own_page(bench: Bench, watch: Watch) -> None:
    site = with_papers(bench)
    site.entries["paper", "post"].blocks = [("say", 3, 0)]
    assert made_after(bench, watch) == {page("paper", "post")}
    site.entries["paper", "post"].label = 3  # another owner and address
    assert made_after(bench, watch) == {page("paper", "post")}


CHARTS = (
    '{% extends "spare/topic.html" %}{% block own %}'
    "{{ page.over_time }}{{ page.map }}{% endblock %}"
)


def test_charts_of_a_topic_are_made_of_months_and_of_topics_that_go_together(
    spare_bench: Bench, watch: Watch
) -> None:
    site = plain(spare_bench)
    site.theme["own/templates/topic.html"] = CHARTS
    stories = [site.entries["story", f"s{number}"] for number in range(6)]
    for story in stories[:4]:
        story.lists["topics"] = [0, 1]
    spare_bench.build()
    both = {page("topic", "old"), page("topic", "new")}
    assert "MapTopic" in (spare_bench.public / page("topic", "old")).read_text()

    stories[1].title, stories[1].blocks = "Another", [("say", 3, 0)]
    assert not made_after(spare_bench, watch) & both
    stories[1].date = 2  # the same month
    assert not made_after(spare_bench, watch) & both
    stories[1].date = 5
    assert made_after(spare_bench, watch) >= both
    stories[5].lists["topics"] = [0, 1]
    assert made_after(spare_bench, watch) >= both


def test_a_template_is_seen_on_its_own_pages(bench: Bench, watch: Watch) -> None:
    plain(bench)
    bench.do(("edit a template", 4, 1, 0))  # topic.html
    assert made_after(bench, watch) == {page("topic", "old"), page("topic", "new")}


def test_the_base_is_seen_on_all_pages(bench: Bench, watch: Watch) -> None:
    plain(bench)
    bench.do(("edit a template", 0, 1, 0))
    pages = {path for path in tree_of(bench.public) if path.endswith(".html")}
    assert made_after(bench, watch) == pages


def test_a_partial_is_seen_on_the_pages_that_include_it(spare_bench: Bench, watch: Watch) -> None:
    plain(spare_bench)
    spare_bench.do(("edit a partial", 0, 1, 0))
    assert made_after(spare_bench, watch) == {"stories/index.html"}


def test_a_partial_that_no_page_includes_is_seen_nowhere(bench: Bench, watch: Watch) -> None:
    plain(bench)
    bench.do(("edit a partial", 2, 1, 0))
    assert made_after(bench, watch) == set()


def test_an_override_that_did_not_exist_is_seen_on_its_pages(bench: Bench, watch: Watch) -> None:
    plain(bench)
    bench.do(("override a block", 5, 1, 1))  # author.html
    assert made_after(bench, watch) == {page("author", "dana")}
    bench.do(("override a block", 5, 1, 0))
    assert made_after(bench, watch) == {page("author", "dana")}


def test_an_asset_is_seen_on_the_pages_that_name_it(bench: Bench, watch: Watch) -> None:
    plain(bench)
    bench.do(("edit an asset", 2, 1, 0))  # script.js
    made = made_after(bench, watch)
    assert {path for path in made if path.endswith(".html")} == {
        page("story", f"s{number}") for number in range(6)
    }
    assert len(made) == 7


def test_an_asset_that_another_imports_is_seen_through_it(bench: Bench, watch: Watch) -> None:
    plain(bench)
    bench.do(("edit an asset", 3, 1, 0))  # dot.svg, in inner.css, in style.css, on every page
    made = made_after(bench, watch)
    pages = {path for path in tree_of(bench.public) if path.endswith(".html")}
    assert made > pages
    assert len(made) == len(pages) + 3


def test_a_deleted_entry_takes_just_its_outputs_with_it(bench: Bench, watch: Watch) -> None:
    site = plain(bench)
    site.entries["question", "why"].aliases = ["/old/why/"]
    bench.build()
    before = tree_of(bench.public)
    del site.entries["question", "why"]
    result = bench.build()
    gone = {page("question", "why"), "questions/index.html", "old/why/index.html"}
    assert before.keys() - tree_of(bench.public).keys() == gone
    assert result.deleted == len(gone)
    assert not (bench.public / "questions").exists()


def test_a_page_that_comes_out_the_same_is_not_written(bench: Bench, watch: Watch) -> None:
    site = plain(bench)
    site.entries["author", "dana"].blocks = [("say", 0, 0)]
    bench.build()
    before = {path: (bench.public / path).stat() for path in tree_of(bench.public)}
    # Another file, the same words: the page is made again, and comes out as it was.
    site.entries["author", "dana"].yaml = True
    assert made_after(bench, watch) == {page("author", "dana")}
    assert watch.written == set()
    for path, old in before.items():
        new = (bench.public / path).stat()
        same = (new.st_ino, new.st_mtime_ns) == (old.st_ino, old.st_mtime_ns)
        assert same or path == MARK


def test_the_clock_alone_makes_nothing(bench: Bench, watch: Watch) -> None:
    plain(bench)
    bench.do(("clock", 1, 0, 0))
    assert made_after(bench, watch) == set()


def test_a_comment_in_the_settings_makes_nothing(bench: Bench, watch: Watch) -> None:
    site = plain(bench)
    site.settings["head"] = 2
    assert made_after(bench, watch) == set()


def test_after_a_failed_build_that_was_mended_all_is_known_again(
    bench: Bench, watch: Watch
) -> None:
    site = plain(bench)
    site.faults.add("unknown field inside")
    assert not bench.build().ok
    site.faults.clear()
    # What it may have begun to change in the hidden tree is made once more, and is then known.
    made_after(bench, watch)
    assert made_after(bench, watch) == set()


# -- the search ----------------------------------------------------------------------------------


def searched(bench: Bench) -> Sketch:
    """Make of the site one with a search; `quick` lets shards and their files be very small."""
    site = plain(bench)
    site.settings["no_search"] = False
    bench.build()
    return site


def shards(paths: set[str]) -> set[str]:
    """Return the shards of the index to which some outputs belong."""
    return {path.split("/")[1] for path in paths if path.startswith("search/")}


def test_a_body_is_indexed_with_its_shard_alone(bench: Bench, watch: Watch) -> None:
    searched(bench).entries["story", OLD].blocks = [("say", 3, 0)]
    made = made_after(bench, watch)
    assert shards(made) == {"story-2025-08"}
    assert not any("/in-" in path for path in made)


def test_a_title_is_indexed_and_shown_in_results(bench: Bench, watch: Watch) -> None:
    searched(bench).entries["story", OLD].title = "Another"
    made = made_after(bench, watch)
    assert shards(made) == {"story-2025-08"}
    assert sum("/in-" in path for path in made) == 1


def test_what_results_do_not_show_does_not_change_the_index(bench: Bench, watch: Watch) -> None:
    searched(bench).entries["story", OLD].updated = 5
    assert shards(made_after(bench, watch)) == {"story-2025-08"}
    assert shards(watch.written) == set()


def test_a_new_story_of_another_year_leaves_the_other_shards(bench: Bench, watch: Watch) -> None:
    site = searched(bench)
    add(site, "story", "leap", date=5)
    assert shards(made_after(bench, watch)) == {"index.json", "story-2024"}


def test_a_new_topic_is_indexed_with_topics(bench: Bench, watch: Watch) -> None:
    site = searched(bench)
    add(site, "topic", "third", title="Third")
    made = shards(made_after(bench, watch))
    assert made
    assert all(one == "index.json" or one.startswith("topic") for one in made)
