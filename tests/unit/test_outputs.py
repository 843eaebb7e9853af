"""Outputs that need no theme: the feed, the sitemap, redirects, and which pages there are."""

import json
import xml.etree.ElementTree as ET
from typing import Any

import feedparser
import pytest

from tests.building import NOW, SiteBuilder, site

TOP = "https://example.org/"
BASES = [TOP, "https://example.org/repo/", "https://example.org/a/b/"]
BODY = "Lead with [a topic](topic:x).\n\n## What's happened\n\nNews.[^1]\n\n[^1]: Note.\n"


def feed(builder: SiteBuilder) -> Any:
    parsed = feedparser.parse(builder.output("feed.xml"))
    assert not parsed.bozo, parsed.bozo_exception
    return parsed


def small(**settings: Any) -> SiteBuilder:
    return site(**settings).topic("x").author("w").story(
        "a", BODY, title="A <b> & c", topics=["x"], authors=["w"], date="2025-09-19T10:00:00Z",
        updated="2025-09-20", aliases=["/old/"],
    )  # fmt: skip


class TestFeed:
    def test_a_link_elsewhere_without_a_text_shows_its_address(self) -> None:
        body = "[](https://x.example/?a&b) [ ](mailto:a@x.example) [text](https://y.example)"
        html = feed(site().story("a", body)).entries[0].content[0].value
        assert ">https://x.example/?a&amp;b</a>" in html
        assert ">a@x.example" in html
        assert ">text</a>" in html

    def test_holds_the_full_text(self) -> None:
        entry = feed(small()).entries[0]
        assert entry.title == "A <b> & c"
        html = entry.content[0].value
        for part in ("Lead with", "<h2>What’s happened</h2>", "News.", "Note."):
            assert part in html
        assert entry.author == "w"
        assert entry.tags[0].term == "x"
        assert entry.published.startswith("2025-09-19T10:00:00")
        assert entry.updated.startswith("2025-09-20T00:00:00")

    @pytest.mark.parametrize("base", BASES)
    def test_every_address_has_scheme_and_host(self, base: str) -> None:
        parsed = feed(small(base_url=base))
        html = parsed.entries[0].content[0].value
        assert f'href="{base}topics/x/"' in html
        assert f'href="{base}stories/a/#fn1"' in html
        assert 'href="#' not in html
        assert 'href="/' not in html
        assert parsed.entries[0].link == f"{base}stories/a/"
        assert {link.href for link in parsed.feed.links} == {base, f"{base}feed.xml"}

    def test_ids_stay_when_all_else_changes(self) -> None:
        ids = {
            (feed(builder).feed.id, feed(builder).entries[0].id)
            for builder in (
                small(),
                small(base_url="https://example.org/repo/"),
                small(base_url="http://example.org:8080/"),
                small(base_url="https://preview.example/", own_url="https://example.org/"),
                small(title="Another name", language="fr"),
                small(permalinks={**PERMALINKS, "story": "/{year}/{slug}/"}),
                small().story("a", "Another text.", title="Another title", date="2020-01-01"),
            )
        }
        assert len(ids) == 1
        one, other = feed(small().story("b")).entries
        assert one.id != other.id

    def test_newest_first_and_so_many(self) -> None:
        builder = site(feed_size=2)
        for day in (1, 3, 2):
            builder.story(f"s{day}", date=f"2025-09-{day:02d}")
        parsed = feed(builder)
        assert [entry.title for entry in parsed.entries] == ["s3", "s2"]
        assert parsed.feed.updated.startswith("2025-09-03")

    @pytest.mark.parametrize(
        ("aliases", "permalink"),
        [
            (["/stories/a/"], "/stories/{slug}/"),
            (["/stories/a"], "/{year}/{month}/{day}/{slug}/"),
            (["/2025/09/19/a/"], "/{year}/{month}/{day}/{slug}/"),
            (["/china-chips/", "/stories/a/", "/stories/later/"], "/stories/{slug}/"),
        ],
    )
    def test_a_renamed_story_keeps_its_id(self, aliases: list[str], permalink: str) -> None:
        first = feed(site().story("a")).entries[0]
        settings = {"permalinks": {**PERMALINKS, "story": permalink}}
        renamed = feed(site(**settings).story("b", aliases=aliases)).entries[0]
        assert renamed.id == first.id
        assert renamed.link != first.link

    def test_other_aliases_do_not_make_another_story_of_it(self) -> None:
        one = feed(site().story("a")).entries[0].id
        assert feed(site().story("a", aliases=["/china/"])).entries[0].id == one

    def test_without_stories_it_is_valid_and_knows_no_now(self) -> None:
        assert feed(site()).feed.updated.startswith("1970-01-01")

    def test_expired_and_embargoed_stories_are_not_in_it(self) -> None:
        builder = site().story("a", expires="2026-01-01").story("b", publish_at="2026-02-01")
        assert feed(builder.story("c", draft=True).story("d")).entries[0].title == "d"
        assert len(feed(builder).entries) == 1


class TestTopicFeeds:
    def test_hold_the_stories_of_the_topic_in_full(self) -> None:
        builder = small().topic("y", name="Why & <how>").story("b", topics=["y"], date="2025-09-21")
        parsed = feedparser.parse(builder.output("topics/y/feed.xml"))
        assert not parsed.bozo
        assert parsed.feed.title == "Why & <how> – The Daily"
        assert {link.href for link in parsed.feed.links} == {
            f"{TOP}topics/y/", f"{TOP}topics/y/feed.xml",
        }  # fmt: skip
        assert [entry.link for entry in parsed.entries] == [f"{TOP}stories/b/"]
        assert parsed.entries[0].id == feed(builder).entries[0].id
        assert parsed.feed.id != feed(builder).feed.id

    def test_are_newest_first_and_so_many(self) -> None:
        builder = site(feed_size=2).topic("x")
        for day in (1, 3, 2):
            builder.story(f"s{day}", topics=["x"], date=f"2025-09-{day:02d}")
        items = json.loads(builder.output("topics/x/feed.json"))["items"]
        assert [item["title"] for item in items] == ["s3", "s2"]

    def test_can_be_switched_off(self) -> None:
        planned = small(topic_feeds=False).planned()
        assert [path for path in planned if "/feed." in path] == []
        assert {"feed.xml", "feed.json"} < set(planned)

    def test_an_expired_topic_has_none(self) -> None:
        planned = site().topic("x", expires="2026-01-01").planned()
        assert "topics/x/index.html" in planned
        assert "topics/x/feed.xml" not in planned


class TestJsonFeed:
    @pytest.mark.parametrize("base", BASES)
    def test_is_a_feed_of_version_1_1(self, base: str) -> None:
        builder = small(base_url=base, description="News, explained.")
        found = json.loads(builder.output("feed.json"))
        (item,) = found.pop("items")
        assert found == {
            "version": "https://jsonfeed.org/version/1.1",
            "title": "The Daily",
            "description": "News, explained.",
            "home_page_url": base,
            "feed_url": f"{base}feed.json",
            "language": "en",
            "authors": [{"name": "The Daily", "url": base}],
        }
        html = item.pop("content_html")
        assert f'href="{base}topics/x/"' in html
        assert item == {
            "id": feed(builder).entries[0].id,
            "url": f"{base}stories/a/",
            "title": "A <b> & c",
            "summary": "In short.",
            "date_published": "2025-09-19T10:00:00+00:00",
            "date_modified": "2025-09-20T00:00:00+00:00",
            "authors": [{"name": "w", "url": f"{base}authors/w/"}],
            "tags": ["x"],
            "language": "en",
        }

    def test_without_stories_it_still_has_items(self) -> None:
        assert json.loads(site().output("feed.json"))["items"] == []


PERMALINKS = {
    "story": "/stories/{slug}/", "question": "/questions/{slug}/", "topic": "/topics/{slug}/",
    "paper": "/papers/{slug}/", "author": "/authors/{slug}/", "page": "/{slug}/",
}  # fmt: skip


class TestSitemap:
    def urls(self, builder: SiteBuilder) -> dict[str, str]:
        root = ET.fromstring(builder.output("sitemap.xml"))
        return {item.findtext("{*}loc") or "": item.findtext("{*}lastmod") or "" for item in root}

    @pytest.mark.parametrize("base", BASES)
    def test_every_page_that_may_be_indexed(self, base: str) -> None:
        builder = (
            small(base_url=base)
            .story("gone", expires="2026-01-01")
            .page("über", updated="2025-01-02")
        )
        assert self.urls(builder) == {
            base: "",
            f"{base}authors/": "",
            f"{base}authors/w/": "",
            f"{base}stories/": "",
            f"{base}stories/a/": "2025-09-20",
            f"{base}topics/": "",
            f"{base}topics/x/": "",
            f"{base}%C3%BCber/": "2025-01-02",
        }

    def test_robots_names_it(self) -> None:
        text = site(base_url="https://example.org/repo/").output("robots.txt").decode()
        assert "Sitemap: https://example.org/repo/sitemap.xml" in text


class TestRedirects:
    @pytest.mark.parametrize(
        ("alias", "path"),
        [("/old/", "old/index.html"), ("/old", "old/index.html"), ("/a/b.html", "a/b.html"),
         ("/ünï/", "ünï/index.html"), ("/%C3%BCn/", "ün/index.html"), ("/a.b", "a.b/index.html")],
    )  # fmt: skip
    @pytest.mark.parametrize("base", BASES)
    def test_an_alias_leads_to_its_entry(self, base: str, alias: str, path: str) -> None:
        builder = site(base_url=base).topic("x", name="X & <Y>", aliases=[alias])
        html = builder.output(path).decode()
        assert f'<link rel="canonical" href="{base}topics/x/">' in html
        place = base.removeprefix("https://example.org")
        assert f'content="0; url={place}topics/x/"' in html
        assert "X &amp; &lt;Y&gt;" in html
        assert "noindex" in html

    def test_no_pages_where_the_host_redirects(self) -> None:
        builder = site(redirect_hosts=("netlify",)).topic("x", aliases=["/old/"])
        assert "old/index.html" not in builder.planned()


class TestPages:
    @pytest.mark.parametrize(("count", "pages"), [(0, 0), (1, 1), (2, 1), (3, 2), (4, 2), (5, 3)])
    def test_the_archive_has_as_many_pages_as_it_needs(self, count: int, pages: int) -> None:
        builder = site(page_size=2)
        for number in range(count):
            builder.story(f"s{number}").question(f"q{number}")
        planned = builder.planned()
        for index in ("stories", "questions"):
            found = [path for path in planned if path.startswith(index) and path.split("/")[1:2] in
                     (["index.html"], ["page"])]  # fmt: skip
            assert len(found) == pages

    @pytest.mark.parametrize(("count", "pages"), [(0, 1), (1, 1), (2, 1), (3, 2), (5, 3)])
    def test_so_has_the_list_of_a_topic(self, count: int, pages: int) -> None:
        builder = site(page_size=2).topic("x")
        for number in range(count):
            builder.story(f"s{number}", topics=["x"])
        found = [path for path in builder.planned() if path.startswith("topics/x/")]
        assert len([path for path in found if path.endswith(".html")]) == pages

    def test_what_is_not_listed_makes_no_index(self) -> None:
        planned = site().story("a", expires="2026-01-01").planned()
        assert "stories/a/index.html" in planned
        assert "stories/index.html" not in planned

    def test_nothing_is_planned_twice_and_all_is_sorted(self) -> None:
        planned = small().planned()
        assert planned == sorted(set(planned))

    def test_the_list_of_a_page_holds_its_stories(self) -> None:
        builder = site(page_size=2)
        for day in range(1, 6):
            builder.story(f"s{day}", date=f"2025-09-{day:02d}")
        views = builder.views()
        shown = [
            [slug for _, slug in views.facts.list("story", *views.reach(number))]
            for number in (1, 2, 3, 4)
        ]
        assert shown == [["s5", "s4"], ["s3", "s2"], ["s1"], []]
        assert views.facts.list_length("story") == 5
        ends = [views.pagination("/stories/", number, 5) for number in (1, 2, 3)]
        assert [(one.previous_url, one.next_url) for one in ends] == [
            ("", "/stories/page/2/"), ("/stories/", "/stories/page/3/"), ("/stories/page/2/", ""),
        ]  # fmt: skip
        assert views.pagination("/stories/", 1, 0).count == 1

    @pytest.mark.parametrize(
        ("number", "count", "shown"),
        [
            (1, 1, "1"),
            (1, 3, "1 2 3"),
            (1, 4, "1 2 3 4"),
            (1, 5, "1 2 3 … 5"),
            (4, 7, "1 2 3 4 5 6 7"),
            (5, 9, "1 … 3 4 5 6 7 … 9"),
            (500, 500, "1 … 498 499 500"),
        ],
    )
    def test_only_pages_near_this_one_are_linked(self, number: int, count: int, shown: str) -> None:
        found = site(page_size=2).views().pagination("/stories/", number, count * 2)
        words = [f"… {one.number}" if one.after_gap else str(one.number) for one in found.pages]
        assert " ".join(words) == shown
        assert found.pages[-1].url == ("/stories/" if count == 1 else f"/stories/page/{count}/")


class TestBasePaths:
    @pytest.mark.parametrize("base", BASES)
    def test_links_begin_with_the_path_of_the_site(self, base: str) -> None:
        facts = site(base_url=base).topic("中国", name="中国").facts(NOW)
        place = base.removeprefix("https://example.org")
        assert facts.href("/topics/中国/") == f"{place}topics/%E4%B8%AD%E5%9B%BD/"
        assert facts.absolute("/") == base
