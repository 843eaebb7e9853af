"""The pages that no author writes: home, archive, indexes, A-Z, and what is not found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from itertools import groupby

from explainer.content.model import AnyEntry, Moment, Topic
from explainer.outputs.alphabet import letter_of, letter_order, sort_name
from explainer.outputs.builder import ViewBuilder, by_title, month_of
from explainer.outputs.output import Making, Output
from explainer.site import Key, Site
from explainer.site.graph import listed
from explainer.site.link import NOT_FOUND
from explainer.site.site import key_of
from explainer.site.urls import INDEXES, output_path, page_url
from explainer.theme import views

HOME_STORIES = 12
HOME_QUESTIONS = 6
HOME_TOPICS = 12
RECENT_STORIES = 40
"""Newest stories whose topics are "in the news"."""

NOT_FOUND_STORIES = 5

_View = Callable[[int, ViewBuilder], views.BasePage]


def outputs(site: Site) -> Iterator[Output]:
    """Return the home page, every index that has entries, and the page for what is not found."""
    yield _page("home", "/", home_view)
    yield _page("404", NOT_FOUND, _not_found)
    for name, view in _INDEX_VIEWS.items():
        number = 1
        while (url := page_url(INDEXES[name], number)) in site.known_urls:
            yield _page(name, url, view, number)
            number += 1
            if name not in ("stories", "questions"):
                break


def _page(template: str, url: str, view: _View, number: int = 1) -> Output:
    return Output(output_path(url), partial(_render, template, view, number), is_page=True)


def _render(template: str, view: _View, number: int, making: Making) -> bytes:
    return making.page(template, view(number, making.views))


def home_view(number: int, build: ViewBuilder) -> views.HomePage:
    """Return the view of the home page."""
    site = build.site
    recent = site.stories[:RECENT_STORIES]
    questions: dict[Key, None] = {}
    counts: Counter[str] = Counter()
    for key in recent:
        questions.update((("question", ref.slug), None) for ref in site.story(key).questions)
        counts.update(site.topics_of[key])
    in_the_news = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    topics = [
        views.CountedCard(card=build.card(("topic", slug)), count=count)
        for slug, count in in_the_news
        if listed(site, [("topic", slug)])
    ]
    config = site.config
    data = {
        "@context": "https://schema.org",
        "@type": "WebSite",
        "name": config.title,
        "url": config.base_url,
        "inLanguage": config.language,
    }
    base = build.base("home", "/", description=config.description, data=data)
    return views.HomePage(
        **(base | {"breadcrumbs": ()}),
        lead=build.card(site.stories[0]) if site.stories else None,
        stories=build.cards(site.stories[1 : HOME_STORIES + 1]),
        questions=build.listed(questions)[:HOME_QUESTIONS],
        topics=tuple(topics[:HOME_TOPICS]),
    )


def _index(name: str, number: int, build: ViewBuilder) -> dict[str, object]:
    crumb = views.Crumb(title="", key=name, url="")
    return build.base(name, page_url(INDEXES[name], number), crumbs=(crumb,))


def _stories(number: int, build: ViewBuilder) -> views.StoriesPage:
    site = build.site
    size = site.config.page_size
    keys = site.stories[(number - 1) * size : number * size]
    groups = groupby(keys, key=lambda key: _month(site, key))
    return views.StoriesPage(
        **_index("stories", number, build),  # type: ignore[arg-type]
        months=tuple(
            views.MonthGroup(month=month, stories=build.cards(group)) for month, group in groups
        ),
        pagination=build.pagination(INDEXES["stories"], number, len(site.stories)),
    )


def _month(site: Site, key: Key) -> Moment:
    date = site.story(key).date
    assert date is not None
    text = month_of(date)
    return Moment(datetime(int(text[:4]), int(text[5:]), 1, tzinfo=site.config.zone), text)


def _questions(number: int, build: ViewBuilder) -> views.QuestionsPage:
    site = build.site
    size = site.config.page_size
    everything = site.questions()
    shown = everything[(number - 1) * size : number * size]
    return views.QuestionsPage(
        **_index("questions", number, build),  # type: ignore[arg-type]
        questions=tuple(_counted(entry, build) for entry in shown),
        pagination=build.pagination(INDEXES["questions"], number, len(everything)),
    )


def _counted(entry: AnyEntry, build: ViewBuilder) -> views.CountedCard:
    """Return a card with the number of stories that refer to the entry."""
    key = key_of(entry)
    count = len(listed(build.site, build.site.referrers(key, "story")))
    return views.CountedCard(card=build.card(key), count=count)


def _topics(number: int, build: ViewBuilder) -> views.TopicsPage:
    names = [
        line
        for topic in build.site.topics()
        for line in (
            _named(topic, topic.title, build),
            *(_named(topic, name, build) for name in _other_names(topic)),
        )
    ]
    names.sort(key=lambda line: (letter_order(letter_of(line.name)), sort_name(line.name),
                                 line.topic.slug))  # fmt: skip
    groups = groupby(names, key=lambda line: letter_of(line.name))
    return views.TopicsPage(
        **_index("topics", number, build),  # type: ignore[arg-type]
        letters=tuple(
            views.LetterGroup(letter=letter, id=_letter_id(letter), topics=tuple(group))
            for letter, group in groups
        ),
    )


def _other_names(topic: Topic) -> list[str]:
    """Return the other names that do not stand where the topic's own name stands."""
    return [name for name in topic.also if sort_name(name) != sort_name(topic.title)]


def _letter_id(letter: str) -> str:
    """Return an id for a letter that is plain ASCII whatever its script."""
    return f"letter-{letter.lower()}" if letter.isascii() and letter.isalpha() else (
        f"letter-{ord(letter):x}"
    )  # fmt: skip


def _named(topic: Topic, name: str, build: ViewBuilder) -> views.NamedTopic:
    key = key_of(topic)
    site = build.site
    return views.NamedTopic(
        name=name,
        topic=build.card(key),
        is_other_name=name != topic.title,
        stories=len(listed(site, site.referrers(key, "story"))),
        questions=len(listed(site, site.referrers(key, "question"))),
    )


def _papers(number: int, build: ViewBuilder) -> views.PapersPage:
    entries = sorted(build.site.papers(), key=by_title)
    return views.PapersPage(
        **_index("papers", number, build),  # type: ignore[arg-type]
        papers=tuple(_counted(entry, build) for entry in entries),
    )


def _authors(number: int, build: ViewBuilder) -> views.AuthorsPage:
    entries = sorted(build.site.authors(), key=by_title)
    return views.AuthorsPage(
        **_index("authors", number, build),  # type: ignore[arg-type]
        authors=tuple(_counted(entry, build) for entry in entries),
    )


def _not_found(number: int, build: ViewBuilder) -> views.NotFoundPage:
    return views.NotFoundPage(
        **build.base("404", NOT_FOUND, indexable=False),
        stories=build.cards(build.site.stories[:NOT_FOUND_STORIES]),
    )


_INDEX_VIEWS: dict[str, _View] = {
    "stories": _stories,
    "questions": _questions,
    "topics": _topics,
    "papers": _papers,
    "authors": _authors,
}
