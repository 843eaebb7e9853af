"""What the papers say: sources by paper, and the tallies that tell something."""

from typing import Any

from explainer.outputs.entry_pages import entry_view
from explainer.theme.views import Coverage, SourceView, Tally
from tests.building import SiteBuilder, site


def papers(**settings: Any) -> SiteBuilder:
    return (
        site(**settings)
        .paper("ft", name="Financial Times", country="GB", language="en", kind="newspaper")
        .paper("reuters", name="Reuters", country="GB", language="en", kind="agency")
        .paper("scmp", name="South China Morning Post", country="HK", kind="newspaper")
        .paper("blog", name="A blog")
    )


def story(builder: SiteBuilder, *cited: str, **source: Any) -> Any:
    sources = [{"id": f"s{n}", "paper": paper} | source for n, paper in enumerate(cited, 1)]
    views = builder.story("a", sources=sources).views()
    return entry_view(("story", "a"), views.facts.entry(("story", "a")), 1, views)


def coverage(builder: SiteBuilder, *cited: str) -> Coverage:
    found: Coverage = story(builder, *cited).coverage
    return found


def rows(tally: Tally) -> list[tuple[str, int, float]]:
    return [(row.name, row.count, row.share) for row in tally.rows]


def test_sources_are_grouped_by_paper_and_keep_their_numbers():
    found = coverage(papers(), "scmp", "ft", "scmp")
    numbers = {one.paper.slug: [source.number for source in one.sources] for one in found.papers}
    assert list(numbers.items()) == [("scmp", [1, 3]), ("ft", [2])]


def test_a_paper_is_shown_with_its_kind_country_and_language():
    found = coverage(papers(language="de"), "ft", "blog").papers
    assert [(one.kind, one.country, one.language) for one in found] == [
        ("newspaper", "Vereinigtes Königreich", "Englisch"), ("", "", ""),
    ]  # fmt: skip


def test_tallies_count_sources_most_first_and_what_is_not_known_last():
    found = coverage(papers(), "scmp", "blog", "blog", "blog", "ft", "reuters")
    assert [tally.by for tally in found.tallies] == ["paper", "country", "kind"]
    by_paper, by_country, by_kind = found.tallies
    assert rows(by_paper)[0] == ("A blog", 3, 100.0)
    assert rows(by_country) == [
        ("United Kingdom", 2, 66.7), ("Hong Kong SAR China", 1, 33.3), ("", 3, 100.0),
    ]  # fmt: skip
    assert rows(by_kind) == [("newspaper", 2, 66.7), ("agency", 1, 33.3), ("", 3, 100.0)]


def test_what_tells_nothing_is_not_counted():
    assert coverage(papers()).tallies == ()
    assert coverage(papers(), "ft", "scmp").tallies == ()
    assert coverage(papers(), "ft", "ft", "ft").tallies == ()
    # Each paper once, and all of one country: the kind alone tells something.
    found = coverage(papers().paper("guardian", country="GB", kind="newspaper"),
                     "ft", "reuters", "guardian")  # fmt: skip
    assert [tally.by for tally in found.tallies] == ["kind"]


def test_a_tally_has_eight_rows_at_most():
    builder = papers()
    for number in range(12):
        builder.paper(f"p{number:02d}", country="GB")
    cited = [f"p{number:02d}" for number in range(12)]
    (tally,) = coverage(builder, *cited, "p11").tallies
    assert (len(tally.rows), tally.more) == (8, 4)
    assert rows(tally)[0] == ("p11", 2, 100.0)


def test_an_archived_copy_is_linked_where_there_is_no_other_address():
    copy = {"archived": "https://archive.example/x"}
    both = copy | {"url": "https://x.example/"}
    alone: SourceView = story(papers(), "ft", **copy).sources[0]
    beside: SourceView = story(papers(), "ft", **both).sources[0]
    assert (alone.url, alone.link) == ("", "https://archive.example/x")
    assert (beside.link, beside.archived) == ("https://x.example/", "https://archive.example/x")


def test_the_section_on_the_papers_has_the_tallies():
    body = "## What's happened\n\nNews.\n\n## What the papers say\n\nMuch."
    views = papers().story("a", body).views()
    found = entry_view(("story", "a"), views.facts.entry(("story", "a")), 1, views)
    assert [one.shows_coverage for one in found.sections] == [False, True]
