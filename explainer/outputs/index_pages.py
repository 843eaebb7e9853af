"""The pages that no author writes: home, archive, indexes, A-Z, search, what is not found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import groupby
from typing import Any

from explainer.config import Config
from explainer.content.model import Moment
from explainer.outputs.alphabet import letter_of, letter_order, sort_name
from explainer.outputs.builder import ViewBuilder, month_of
from explainer.outputs.card_views import SITE, social_card
from explainer.outputs.output import Making, Output
from explainer.site.link import INDEXED, NOT_FOUND
from explainer.site.links import Key, Site
from explainer.site.urls import INDEXES, SEARCH, SEARCH_INDEX, output_path, page_url
from explainer.theme import views

HOME_STORIES = 12
HOME_QUESTIONS = 6
HOME_TOPICS = 12
RECENT_STORIES = 40
"""Newest stories whose topics are "in the news"."""

NOT_FOUND_STORIES = 5


def outputs(site: Site, config: Config) -> Iterator[Output]:
    """Return the home page, every index that has entries, the search page, and the page for what
    is not found."""
    yield Output(output_path("/"), "index", "home", number=1)
    yield Output(output_path(NOT_FOUND), "index", "404", number=1)
    if config.search:
        yield Output(output_path(SEARCH), "index", "search", number=1)
    for name, kind in INDEXED.items():
        count = len(getattr(site.lists, kind))
        pages = -(-count // config.page_size) if name in ("stories", "questions") else 1
        for number in range(1, pages + 1 if count else 1):
            yield Output(output_path(page_url(INDEXES[name], number)), "index", name, "", number)


def render(output: Output, making: Making) -> bytes:
    """Return one of these pages."""
    return making.page(output.kind, _VIEWS[output.kind](output.number, making.views))


def home_view(number: int, build: ViewBuilder) -> views.HomePage:
    """Return the view of the home page."""
    facts, config = build.facts, build.facts.config

    def shown() -> tuple[Key, ...]:
        return facts.newest(HOME_STORIES + 1)

    def questions() -> tuple[views.Card, ...]:
        keys: dict[Key, None] = {}
        for key in facts.newest(RECENT_STORIES):
            keys.update((("question", slug), None) for slug in facts.link(key, "questions"))
        return build.listed(keys)[:HOME_QUESTIONS]

    def topics() -> tuple[views.CountedCard, ...]:
        counts: Counter[str] = Counter()
        for key in facts.newest(RECENT_STORIES):
            counts.update(facts.link(key, "topics"))
        in_the_news = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        listed = [item for item in in_the_news if facts.is_listed(("topic", item[0]))]
        return tuple(
            views.CountedCard(card=build.card(("topic", slug)), count=count)
            for slug, count in listed[:HOME_TOPICS]
        )

    data = {
        "@context": "https://schema.org",
        "@type": "WebSite",
        "name": config.title,
        "url": config.base_url,
        "inLanguage": config.language,
    }
    return views.HomePage.of(
        build.base("home", "/", description=config.description),
        breadcrumbs=tuple,
        social_card=lambda: social_card(SITE, build),
        structured_data=lambda: build.structured_data(data),
        lead=lambda: build.card(shown()[0]) if shown() else None,
        stories=lambda: build.cards(shown()[1:]),
        questions=questions,
        topics=topics,
    )


def _index(
    view: type[views.V], name: str, number: int, build: ViewBuilder, **later: views.Later
) -> views.V:
    crumb = views.Crumb(title="", key=name, url="")
    return view.of(
        build.base(name, page_url(INDEXES[name], number)),
        breadcrumbs=lambda: (build.home_crumb(), crumb),
        social_card=lambda: social_card(SITE, build),
        structured_data=lambda: build.structured_data(None),
        **later,
    )


def _paged(kind: str, number: int, build: ViewBuilder) -> tuple[Key, ...]:
    return build.facts.list(kind, *build.reach(number))


def _pagination(name: str, number: int, build: ViewBuilder) -> views.Pagination:
    return build.pagination(INDEXES[name], number, build.facts.list_length(INDEXED[name]))


def _stories(number: int, build: ViewBuilder) -> views.StoriesPage:
    def months() -> tuple[views.MonthGroup, ...]:
        cards = build.cards(_paged("story", number, build))
        return tuple(
            views.MonthGroup(month=month, stories=tuple(group))
            for month, group in groupby(cards, key=lambda card: _month(card, build))
        )

    return _index(
        views.StoriesPage, "stories", number, build,
        months=months, pagination=lambda: _pagination("stories", number, build),
    )  # fmt: skip


def _month(card: views.Card, build: ViewBuilder) -> Moment:
    assert card.date is not None
    text = month_of(card.date)
    zone = build.facts.config.zone
    return Moment(datetime(int(text[:4]), int(text[5:]), 1, tzinfo=zone), text)


def _questions(number: int, build: ViewBuilder) -> views.QuestionsPage:
    return _index(
        views.QuestionsPage, "questions", number, build,
        questions=lambda: tuple(_counted(key, build) for key in _paged("question", number, build)),
        pagination=lambda: _pagination("questions", number, build),
    )  # fmt: skip


def _counted(key: Key, build: ViewBuilder) -> views.CountedCard:
    """Return a card with the number of stories that refer to the entry."""
    return views.CountedCard(card=build.card(key), count=build.facts.referrer_count(key, "story"))


def _topics(number: int, build: ViewBuilder) -> views.TopicsPage:
    def letters() -> tuple[views.LetterGroup, ...]:
        names = [
            _named(key, name, is_other, build)
            for key in build.facts.list("topic")
            for name, is_other in _all_names(key, build)
        ]
        names.sort(key=lambda line: (letter_order(letter_of(line.name)), sort_name(line.name),
                                     line.topic.slug))  # fmt: skip
        groups = groupby(names, key=lambda line: letter_of(line.name))
        return tuple(
            views.LetterGroup(letter=letter, id=_letter_id(letter), topics=tuple(group))
            for letter, group in groups
        )

    return _index(views.TopicsPage, "topics", number, build, letters=letters)


def _all_names(key: Key, build: ViewBuilder) -> list[tuple[str, bool]]:
    """Return a topic's name, and the others that do not stand where it stands."""
    brief = build.facts.brief(key)
    others = [name for name in brief.also if sort_name(name) != sort_name(brief.title)]
    return [(brief.title, False), *((name, True) for name in others)]


def _letter_id(letter: str) -> str:
    """Return an id for a letter that is plain ASCII whatever its script."""
    return f"letter-{letter.lower()}" if letter.isascii() and letter.isalpha() else (
        f"letter-{ord(letter):x}"
    )  # fmt: skip


def _named(key: Key, name: str, is_other: bool, build: ViewBuilder) -> views.NamedTopic:
    facts = build.facts
    return views.NamedTopic(
        name=name,
        topic=build.card(key),
        is_other_name=is_other,
        stories=facts.referrer_count(key, "story"),
        questions=facts.referrer_count(key, "question"),
    )


def _papers(number: int, build: ViewBuilder) -> views.PapersPage:
    return _index(
        views.PapersPage, "papers", number, build, papers=lambda: _by_title("paper", build)
    )


def _authors(number: int, build: ViewBuilder) -> views.AuthorsPage:
    return _index(
        views.AuthorsPage, "authors", number, build, authors=lambda: _by_title("author", build)
    )


def _by_title(kind: str, build: ViewBuilder) -> tuple[views.CountedCard, ...]:
    keys = sorted(build.facts.list(kind), key=build.by_title)
    return tuple(_counted(key, build) for key in keys)


def _not_found(number: int, build: ViewBuilder) -> views.NotFoundPage:
    return views.NotFoundPage.of(
        build.base("404", NOT_FOUND, indexable=False),
        breadcrumbs=lambda: (build.home_crumb(),),
        social_card=lambda: social_card(SITE, build),
        structured_data=lambda: build.structured_data(None),
        stories=lambda: build.cards(build.facts.newest(NOT_FOUND_STORIES)),
    )


def _search(number: int, build: ViewBuilder) -> views.SearchPage:
    crumb = views.Crumb(title="", key="search", url="")
    return views.SearchPage.of(
        build.base("search", SEARCH, indexable=False),
        breadcrumbs=lambda: (build.home_crumb(), crumb),
        structured_data=lambda: build.structured_data(None),
        index_url=lambda: build.facts.href(SEARCH_INDEX),
        social_card=lambda: social_card(SITE, build),
    )


_VIEWS: dict[str, Callable[[int, ViewBuilder], Any]] = {
    "home": home_view,
    "404": _not_found,
    "search": _search,
    "stories": _stories,
    "questions": _questions,
    "topics": _topics,
    "papers": _papers,
    "authors": _authors,
}
