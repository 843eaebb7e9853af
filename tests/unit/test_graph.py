"""What follows from references, told as small sites."""

from explainer.outputs.entry_pages import topic_timeline
from explainer.site.links import Links, Site
from explainer.theme.views import TimelineItem
from tests.building import SiteBuilder, site


def of(linked: Site, kind: str, slug: str) -> Links:
    """What linking found out about an entry."""
    return linked.links[kind, slug]


def neighbours(linked: Site, slug: str) -> tuple[str, str]:
    links = of(linked, "story", slug)
    return links.before, links.behind


def timeline_of_x(builder: SiteBuilder) -> tuple[TimelineItem, ...]:
    return topic_timeline(("topic", "x"), builder.views())


def follow(**follows: list[str]) -> Site:
    """A site of stories a day apart, each with those that it follows."""
    builder = site()
    for day, (slug, earlier) in enumerate(follows.items(), 1):
        builder.story(slug, date=f"2025-09-{day:02d}", follows=earlier)
    return builder.link()


class TestBacklinks:
    def test_front_matter_and_prose_count_alike(self) -> None:
        linked = (
            site()
            .topic("x")
            .story("listed", topics=["x"], date="2025-01-01")
            .story("told", "## What's happened\n\n[x](topic:x)", date="2025-01-02")
            .story("by-url", "## What's happened\n\n[x](/topics/x/)", date="2025-01-03")
            .story(
                "in-an-event", events=[{"date": "2025", "text": "[](topic:x)"}], date="2025-01-04"
            )
            .question("q", topics=["x"])
            .topic("y", related=["x"])
            .link()
        )
        told = list(of(linked, "topic", "x").referrers["story"])
        assert told == ["in-an-event", "by-url", "told", "listed"]
        assert list(of(linked, "topic", "x").referrers["topic"]) == ["y"]
        assert list(of(linked, "topic", "x").referrers["question"]) == ["q"]

    def test_a_mention_makes_none(self) -> None:
        linked = site().topic("x", name="Nvidia").story("a", "## What's happened\n\nNvidia.").link()
        assert of(linked, "topic", "x").referrers == {}

    def test_an_entry_does_not_refer_to_itself(self) -> None:
        linked = site().topic("x", "See [x](topic:x).").link()
        assert of(linked, "topic", "x").referrers == {}

    def test_a_draft_gives_none(self) -> None:
        linked = site().topic("x").story("a", topics=["x"], draft=True).link()
        assert of(linked, "topic", "x").referrers == {}

    def test_ties_are_broken_by_slug(self) -> None:
        builder = site().topic("x")
        for slug in ("c", "a", "b"):
            builder.story(slug, topics=["x"])
        assert list(of(builder.link(), "topic", "x").referrers["story"]) == ["a", "b", "c"]


class TestTogether:
    def test_shared_stories_are_counted(self) -> None:
        linked = (
            site()
            .topics("x", "y", "z")
            .story("a", topics=["x", "y"])
            .story("b", topics=["x", "y", "z"])
            .story("c", "## What's happened\n\n[z](topic:z)", topics=["x"])
            .link()
        )
        assert of(linked, "topic", "x").together == (("y", 2), ("z", 2))
        assert of(linked, "topic", "z").together == (("x", 2), ("y", 1))

    def test_a_story_alone_with_its_topic_shares_none(self) -> None:
        linked = site().topic("x").story("a", topics=["x"]).link()
        assert of(linked, "topic", "x").together == ()

    def test_expired_stories_do_not_count(self) -> None:
        linked = site().topics("x", "y").story("a", topics=["x", "y"], expires="2026-01-01").link()
        assert of(linked, "topic", "x").together == ()


class TestTies:
    def test_pairs_of_neighbours_that_share_two_stories_are_tied(self) -> None:
        linked = (
            site()
            .topics("x", "y", "z", "w")
            .story("a", topics=["x", "y", "z", "w"])
            .story("b", topics=["x", "y", "z"])
            .link()
        )
        assert of(linked, "topic", "x").ties == (("y", "z"),)
        assert of(linked, "topic", "w").ties == (("x", "y"), ("x", "z"), ("y", "z"))

    def test_of_too_many_pairs_those_with_most_stories_are_left(self) -> None:
        builder = site().topics("x", *"abcdefg")
        for number in range(2):
            builder.story(f"all-{number}", topics=["x", *"abcdefg"])
        assert of(builder.link(), "topic", "x").ties == ()  # 21 pairs, one like the other
        builder.story("more", topics=["c", "a"])
        assert of(builder.link(), "topic", "x").ties == (("a", "c"),)

    def test_only_the_first_neighbours_are_looked_at(self) -> None:
        names = [f"n{number}" for number in range(9)]
        builder = site().topics("x", *names)
        for number in range(2):
            builder.story(f"s{number}", topics=["x", *names[:8]])
            builder.story(f"t{number}", topics=["n0", "n8"])
        builder.story("u", topics=["x", "n8"])
        assert all("n8" not in pair for pair in of(builder.link(), "topic", "x").ties)


class TestMonths:
    def test_stories_are_counted_by_the_month_in_the_zone_of_the_site(self) -> None:
        linked = (
            site()
            .topic("x")
            .story("a", topics=["x"], date="2025-09-19")
            .story("b", "See [x](topic:x).", date="2025-09-02")
            .story("c", topics=["x"], date="2025-08-31T23:30:00-01:00")
            .story("d", topics=["x"], date="2024-01-01")
            .story("e", topics=["x"], date="2024-01-01", expires="2024-02-01")
            .link()
        )
        assert of(linked, "topic", "x").months == (("2024-01", 1), ("2025-09", 3))


class TestRelated:
    def test_most_topics_in_common_first_then_newest_then_slug(self) -> None:
        linked = (
            site()
            .topics("x", "y", "z")
            .story("a", topics=["x", "y", "z"], date="2025-01-01")
            .story("old", topics=["x", "y"], date="2024-01-01")
            .story("new", topics=["x"], date="2025-06-01")
            .story("same-b", topics=["y"], date="2024-05-01")
            .story("same-a", topics=["y"], date="2024-05-01")
            .story("stranger", date="2025-07-01")
            .link()
        )
        assert of(linked, "story", "a").related == (
            ("old", 2), ("new", 1), ("same-a", 1), ("same-b", 1),
        )  # fmt: skip

    def test_the_arc_is_left_out(self) -> None:
        linked = site().topic("x").story("a", topics=["x"]).story("b", topics=["x"], follows=["a"])
        assert of(linked.link(), "story", "a").related == ()

    def test_five_at_most(self) -> None:
        builder = site().topic("x")
        for number in range(9):
            builder.story(f"s{number}", topics=["x"])
        assert len(of(builder.link(), "story", "s0").related) == 5

    def test_named_questions_come_first(self) -> None:
        linked = (
            site()
            .topics("x", "y")
            .question("q", topics=["x", "y"], related=["named"])
            .question("named")
            .question("near", topics=["x", "y"])
            .question("far", topics=["y"])
            .link()
        )
        assert list(of(linked, "question", "q").related_questions) == ["named", "near", "far"]


class TestArc:
    def test_a_chain_from_its_first_story_on(self) -> None:
        linked = follow(a=[], b=["a"], c=["b"], other=[])
        for slug in "abc":
            assert list(of(linked, "story", slug).arc) == ["a", "b", "c"]
        assert of(linked, "story", "other").arc == ()

    def test_neighbours(self) -> None:
        linked = follow(a=[], b=["a"], c=["b"])
        assert neighbours(linked, "b") == ("a", "c")
        assert neighbours(linked, "a") == ("", "b")
        assert neighbours(linked, "c") == ("b", "")

    def test_a_fork_shows_a_story_its_own_past_and_future(self) -> None:
        linked = follow(a=[], b=["a"], c=["a"], d=["b", "c"])
        assert list(of(linked, "story", "d").arc) == ["a", "b", "c", "d"]
        assert list(of(linked, "story", "b").arc) == ["a", "b", "d"]
        assert neighbours(linked, "d")[0] == "c"

    def test_ties_are_broken_by_slug(self) -> None:
        builder = site().story("a", date="2025-01-01")
        for slug in ("z", "y"):
            builder.story(slug, date="2025-01-02", follows=["a"])
        linked = builder.link()
        assert list(of(linked, "story", "a").followers) == ["y", "z"]

    def test_loops_are_reported_once(self) -> None:
        loop = site().story("a", follows=["b"]).story("b", follows=["c"]).story("c", follows=["a"])
        assert loop.findings() == ["E212"]
        assert site().story("a", follows=["a"]).findings() == ["E212"]
        two = site().story("a", follows=["b"]).story("b", follows=["a"])
        two.story("c", follows=["d"]).story("d", follows=["c"])
        assert two.findings() == ["E212", "E212"]

    def test_a_long_loop_is_found_in_good_time(self) -> None:
        builder = site().story("s0", follows=["s1499"])
        for number in range(1, 1500):
            builder.story(f"s{number}", follows=[f"s{number - 1}"])
        assert builder.findings() == ["E212"]

    def test_what_leads_to_a_loop_is_not_in_it(self) -> None:
        builder = site().story("a", follows=["b"]).story("b", follows=["c", "end"])
        linked = builder.story("c", follows=["b"]).story("end").try_to_link()
        (finding,) = linked.diagnostics
        assert finding.span.path == "content/stories/b.md"
        assert finding.message.endswith("b → c → b")

    def test_a_long_arc_is_no_deep_recursion(self) -> None:
        builder = site().story("s0")
        for number in range(1, 1500):
            builder.story(f"s{number}", follows=[f"s{number - 1}"])
        assert len(of(builder.link(), "story", "s700").arc) == 1500


class TestTimeline:
    def test_events_of_all_stories_are_merged_oldest_first(self) -> None:
        builder = (
            site()
            .topic("x")
            .story("a", topics=["x"], date="2025-01-01",
                   events=[{"date": "2022-10", "text": "Rules."}, {"date": "2023", "text": "A."}])
            .story("b", topics=["x"], date="2025-02-01",
                   events=[{"date": "2022-10", "text": "Rules."},
                           {"date": "2022-10-07", "text": "B."}])
        )  # fmt: skip
        found = timeline_of_x(builder)
        assert [
            (one.date.text, one.html, [card.slug for card in one.stories]) for one in found
        ] == [
            ("2022-10", "Rules.", ["b", "a"]),
            ("2022-10-07", "B.", ["b"]),
            ("2023", "A.", ["a"]),
        ]

    def test_one_event_of_several_precisions_is_several(self) -> None:
        events = [{"date": "2022", "text": "E."}, {"date": "2022-01-01", "text": "E."}]
        builder = site().topic("x").story("a", topics=["x"], events=events)
        assert len(timeline_of_x(builder)) == 2

    def test_blanks_make_no_other_event(self) -> None:
        events = [{"date": "2022", "text": "One  event."}, {"date": "2022", "text": "One event."}]
        builder = site().topic("x").story("a", topics=["x"], events=events)
        found = timeline_of_x(builder)
        assert [[card.slug for card in one.stories] for one in found] == [["a"]]

    def test_no_stories_no_timeline(self) -> None:
        assert timeline_of_x(site().topic("x")) == ()
