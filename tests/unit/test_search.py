"""The index of the search: what is in it, how words weigh, how it is cut into files."""

import json
from itertools import accumulate
from typing import Any

import pytest

from explainer.content.words import (
    BODY_MOST,
    WEIGHTS,
    count_terms,
    fold,
    parts,
    weighed,
)
from explainer.outputs.search import piece_of, pieces
from explainer.site import shards
from explainer.site.links import Lists
from explainer.site.shards import shards_of
from tests.building import SiteBuilder, entry_text, parse_entry, site

Index = dict[str, dict[str, dict[int, int]]]


def index_of(builder: SiteBuilder) -> tuple[Index, dict[str, list[Any]]]:
    """Return the terms of each shard, as entry -> weight, and what results show of its entries."""
    terms: Index = {}
    shown: dict[str, list[Any]] = {}
    for output in builder.plan():
        if output.sort == "search terms":
            for term, steps in json.loads(builder.output(output.path)).items():
                places = {place // WEIGHTS: place % WEIGHTS for place in accumulate(steps)}
                terms.setdefault(output.kind, {})[term] = places
        elif output.sort == "search entries":
            shown.setdefault(output.kind, []).extend(json.loads(builder.output(output.path)))
    return terms, shown


def weights(body: str = "", **keys: Any) -> dict[str, int]:
    parsed = parse_entry(entry_text("story", "a", body, keys))
    assert parsed.entry is not None
    return weighed(parsed.entry)


class TestWords:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("Straße", "STRASSE"), ("STRAẞE", "strasse"), ("Łódź", "lodz"), ("Ærø", "aero"),
            ("ΣΊΣΥΦΟΣ", "σισυφος"), ("Ёлка", "елка"), ("إسرائيل", "اسرائيل"), ("مـصـر", "مصر"),
            ("ﾊﾝｸﾞﾙ", "ハングル"), ("İstanbul", "istanbul"), ("ﬁne", "FINE"), ("ＡＩ", "ai"),
            ("so\u00adlar", "solar"), ("한국", "한국"),
        ],
    )  # fmt: skip
    def test_other_ways_to_write_a_word_are_the_same_word(self, one: str, other: str) -> None:
        assert fold(one) == fold(other)

    def test_what_makes_another_word_is_kept(self) -> None:
        assert fold("かき") != fold("かぎ")
        assert fold("हिन्दी") == "हिन्दी"

    def test_words_end_at_signs_and_at_scripts_without_spaces(self) -> None:
        assert parts("O’Neil's AI芯片, 5G_x") == ["o", "neil", "s", "ai", "芯片", "5g", "x"]

    def test_scripts_without_spaces_are_cut_into_twos(self) -> None:
        assert set(count_terms("中国芯片")) == {"中国", "国芯", "芯片", "片"}
        assert set(count_terms("서울에서")) == {"서울", "울에", "에서", "서"}

    def test_the_short_way_to_words_finds_the_same(self) -> None:
        text = "The “Straße” isn’t far – 50% of Łódź’s AI芯片…\u00a0yes\u2014no (x)"
        found = [part for part in parts(text) if part not in ("芯片",)]
        assert set(count_terms(text)) == {*found, "芯片", "片"}

    def test_the_best_place_of_a_word_counts(self) -> None:
        found = weights(
            "## Heading here\n\nBody body body, title and summary.",
            title="The title", summary="The summary.",
        )  # fmt: skip
        assert found["title"] > found["summary"] > found["heading"] > found["body"]
        assert found["body"] > found["and"]
        assert found["body"] <= BODY_MOST < found["heading"]

    def test_weights_have_their_bounds_and_order(self) -> None:
        found = weights("word " * 3000 + "rare", title="word", summary="word")
        assert 0 < found["rare"] <= BODY_MOST < found["word"] < WEIGHTS
        assert list(found) == sorted(found)

    def test_a_short_name_says_more_than_a_long_title(self) -> None:
        assert weights(title="Nvidia")["nvidia"] > weights(title="Nvidia and others")["nvidia"]

    def test_events_are_found_and_headings_within_sections(self) -> None:
        found = weights("## A\n\n### Deeper\n\nText.", events=[{"date": "2022", "text": "Rules."}])
        assert found["rules"] <= BODY_MOST < found["deeper"]


class TestIndex:
    def test_holds_stories_by_year_questions_and_topics(self) -> None:
        builder = site().topic("x", also=["Ex"], description="Known.").question("q")
        builder.story("a", date="2024-03-01", summary="Short.", topics=["x"]).story("b")
        builder.paper("p").author("j").page("about")
        terms, shown = index_of(builder)
        assert list(shown) == ["question", "story-2024", "story-2025", "topic"]
        assert terms["topic"]["ex"].keys() == {0}
        assert shown["topic"] == [
            {"title": "x", "url": "/topics/x/", "summary": "Known.", "also": ["Ex"]}
        ]  # fmt: skip
        assert shown["story-2024"] == [
            {"title": "a", "url": "/stories/a/", "summary": "Short.", "iso": "2024-03-01",
             "date": "1 March 2024"}
        ]  # fmt: skip
        names = json.loads(builder.output("search/index.json"))["shards"]
        assert names == [
            ["topic", "topic", 1, 1], ["question", "question", 1, 1],
            ["story-2025", "story", 1, 1], ["story-2024", "story", 1, 1],
        ]  # fmt: skip

    def test_has_nothing_of_what_lists_do_not_show(self) -> None:
        builder = site().story("a", body="Open.")
        builder.story("b", body="Draftword.", title="Draftword", draft=True)
        builder.story("c", body="Laterword.", publish_at="2026-02-01")
        builder.story("d", body="Pastword.", expires="2026-01-01")
        builder.topic("t", expires="2026-01-01", also=["Pastword"])
        written = b"".join(
            builder.output(one.path) for one in builder.plan() if one.sort.startswith("search")
        )
        assert b"open" in written
        for word in (b"draftword", b"Draftword", b"laterword", b"pastword", b"Pastword"):
            assert word not in written

    def test_has_links_under_the_path_of_the_site(self) -> None:
        builder = site(base_url="https://example.org/news/").story("a")
        assert index_of(builder)[1]["story-2025"][0]["url"] == "/news/stories/a/"

    def test_can_be_switched_off(self) -> None:
        assert [path for path in site(search=False).story("a").planned() if "search" in path] == []
        assert "search/index.html" in site().planned()

    def test_the_search_page_is_not_for_search_engines(self) -> None:
        assert b"/search/" not in site().story("a").output("sitemap.xml")

    def test_a_page_cannot_take_its_place(self) -> None:
        assert site().page("search").findings() == ["E501"]
        assert site(search=False).page("search").findings() == []

    def test_of_a_word_that_most_entries_have_only_good_places_are_listed(self) -> None:
        builder = site()
        for number in range(40):
            builder.story(f"s{number:02}", body="Everywhere.", date="2025-01-01")
        builder.story("special", title="Everywhere", date="2025-01-01")
        terms, _ = index_of(builder)
        assert terms["story-2025"]["everywhere"].keys() == {0, 40}
        assert terms["story-2025"]["everywhere"][0] == 0

    def test_terms_with_one_beginning_are_in_one_file(self) -> None:
        assert piece_of("semiconductor", 64) == piece_of("se", 64)
        assert piece_of("中国", 64) == piece_of("中", 64)
        letters = "abcdefghijklmnopqrstuvwxyz"
        assert {piece_of(a + b, 64) for a in letters for b in letters} == set(range(64))

    @pytest.mark.parametrize(("entries", "files"), [(1, 1), (10, 1), (11, 2), (21, 4), (500, 64)])
    def test_large_shards_have_more_files(self, entries: int, files: int) -> None:
        assert pieces(entries) == files


class TestShards:
    def lists(self, *months: tuple[str, int], questions: int = 0) -> Lists:
        total = sum(count for _, count in months)
        return Lists(
            story=tuple(f"s{number}" for number in range(total)),
            months=months,
            question=tuple(f"q{number}" for number in range(questions)),
        )

    @pytest.fixture(autouse=True)
    def small(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(shards, "MOST", 10)

    def test_a_year_is_one(self) -> None:
        found = shards_of(self.lists(("2025-02", 4), ("2025-01", 6), ("2024-12", 1)))
        assert {name: len(slugs) for name, slugs in found.items()} == {
            "story-2025": 10, "story-2024": 1,
        }  # fmt: skip

    def test_a_full_year_is_cut_at_months(self) -> None:
        found = shards_of(self.lists(("2025-12", 9), ("2025-07", 1), ("2025-06", 3)))
        assert {name: len(slugs) for name, slugs in found.items()} == {
            "story-2025-07": 10, "story-2025-01": 3,
        }  # fmt: skip

    def test_a_full_month_is_cut_by_slugs(self) -> None:
        found = shards_of(self.lists(("2025-12", 25), ("2025-11", 1)))
        assert list(found) == ["story-2025-12_0", "story-2025-12_1", "story-2025-12_2",
                               "story-2025-11"]  # fmt: skip
        assert sorted(slug for slugs in found.values() for slug in slugs) == sorted(
            f"s{number}" for number in range(26)
        )

    def test_months_that_zones_mix_up_are_kept_together(self) -> None:
        found = shards_of(self.lists(("2025-02", 5), ("2025-01", 1), ("2025-02", 1),
                                     ("2025-01", 8)))  # fmt: skip
        assert {name: len(slugs) for name, slugs in found.items()} == {
            "story-2025-02": 6, "story-2025-01": 9,
        }  # fmt: skip

    def test_an_entry_that_goes_leaves_the_others_where_they_are(self) -> None:
        before = shards_of(self.lists(questions=27))
        lists = self.lists(questions=27)
        after = shards_of(Lists(question=tuple(one for one in lists.question if one != "q11")))
        assert sum(before[name] != after[name] for name in before) == 1
