"""The file with what cards at links show of topics."""

import json
from typing import Any

from tests.building import SiteBuilder, site

PATH = "topics/summaries.json"


def summaries(builder: SiteBuilder) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads(builder.output(PATH))
    return found


def test_every_topic_with_a_summary_stands_in_it_by_its_url() -> None:
    made = site(base_url="https://example.org/news/")
    made.topic("a", name="A & B", description="Made by *b*, see [it](topic:b).").topic("b")
    assert summaries(made) == {
        "/news/topics/a/": {"title": "A & B", "summary": "Made by b, see it."}
    }


def test_it_has_the_words_of_the_theme_for_kinds() -> None:
    made = site().topic("a", description="One.", kind="organization")
    made.topic("b", description="Two.", kind="event")  # the theme of this test has no word for it
    found = summaries(made)
    assert found["/topics/a/"]["label"] == "Organisation"
    assert found["/topics/b/"].get("label", "") == ""


def test_it_says_which_topics_are_in_another_language() -> None:
    made = site().topic("a", description="Eins.", lang="de").topic("b", description="Two.")
    found = summaries(made)
    assert found["/topics/a/"]["lang"] == "de"
    assert "lang" not in found["/topics/b/"]


def test_without_topics_there_is_none_and_pages_name_none() -> None:
    made = site().story("a")
    assert PATH not in made.planned()
    assert made.views().site_view.summaries_url == ""
    assert site().topic("a").views().site_view.summaries_url == "/topics/summaries.json"


def test_nothing_else_can_take_its_place() -> None:
    made = site().topic("a").story("s", aliases=["/topics/summaries.json"])
    assert made.findings() == ["E503"]
