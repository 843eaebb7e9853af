"""What the papers say: the sources of an entry by paper, and who reports how much.

Facts only: where a paper is published, in which language, and what kind of paper it is. Nothing
here judges a paper.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from explainer.outputs.builder import ViewBuilder
from explainer.theme import views
from explainer.theme.locales import country_name, language_name

TALLY_LEAST = 3
"""Sources without which there is nothing to count."""

ROWS_MOST = 8
"""Rows of a tally; what is left out has less than these."""

_Row = Callable[[views.PaperSources], tuple[str, str, str]]
"""Returns name, URL and language of the row to which a paper belongs."""


def coverage(sources: Iterable[views.SourceView], build: ViewBuilder) -> views.Coverage:
    """Return sources by paper, with the tallies that tell something."""
    of_paper: dict[str, list[views.SourceView]] = {}
    for source in sources:
        of_paper.setdefault(source.paper.slug, []).append(source)
    papers = tuple(_paper(tuple(found), build) for found in of_paper.values())
    return views.Coverage(papers=papers, tallies=tuple(_tallies(papers, build)))


def _paper(sources: tuple[views.SourceView, ...], build: ViewBuilder) -> views.PaperSources:
    paper = sources[0].paper
    origin = build.facts.provenance(("paper", paper.slug))
    language = build.facts.config.language
    return views.PaperSources(
        paper=paper,
        kind=origin.kind,
        country=country_name(origin.country, language) if origin.country else "",
        language=_language(origin.language, language),
        sources=sources,
    )


def _language(tag: str, shown_in: str) -> str:
    """Return the name of a language without that of a country: the paper's own is shown."""
    primary, *others = tag.split("-")
    scripts = [part for part in others if len(part) == len("Hans") and part.isalpha()]
    return language_name("-".join([primary, *scripts]), shown_in) if tag else ""


def _tallies(papers: tuple[views.PaperSources, ...], build: ViewBuilder) -> Iterable[views.Tally]:
    if sum(len(one.sources) for one in papers) < TALLY_LEAST or len(papers) < 2:
        return
    language = build.facts.config.language
    if any(len(one.sources) > 1 for one in papers):
        yield _tally("paper", papers, lambda one: (one.paper.title, one.paper.url, one.paper.lang))
    if len({one.country for one in papers if one.country}) > 1:
        yield _tally("country", papers, lambda one: (one.country, "", language))
    if len({one.kind for one in papers if one.kind}) > 1:
        yield _tally("kind", papers, lambda one: (one.kind, "", language))


def _tally(by: str, papers: tuple[views.PaperSources, ...], row: _Row) -> views.Tally:
    counts: Counter[tuple[str, str, str]] = Counter()
    for one in papers:
        counts[row(one)] += len(one.sources)
    # The order of the papers decides between equals; what is not known comes last.
    found = sorted(counts.items(), key=lambda item: (not item[0][0], -item[1]))
    most = max(counts.values())
    return views.Tally(
        by=by,
        rows=tuple(
            views.TallyRow(
                name=name, url=url, lang=lang, count=count, share=round(count / most * 100, 1)
            )
            for (name, url, lang), count in found[:ROWS_MOST]
        ),
        more=max(0, len(found) - ROWS_MOST),
    )
