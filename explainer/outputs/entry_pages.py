"""The pages of entries: stories, questions, topics, papers, authors and pages."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from explainer.config import Config
from explainer.content.model import AnyEntry, Author, Event, Page, Paper, Question, Story, Topic
from explainer.outputs import charts, topic_map
from explainer.outputs.builder import ViewBuilder, once
from explainer.outputs.coverage import coverage
from explainer.outputs.output import Making, Output
from explainer.outputs.structured_data import news_article, questions_and_answers
from explainer.site.graph import MAPPED_MOST
from explainer.site.links import Key, Site
from explainer.site.urls import feed_url, output_path, page_url
from explainer.theme import views
from explainer.theme.locales import country_name, language_name


def outputs(site: Site, config: Config) -> Iterator[Output]:
    """Return a page for every entry, and those on which its list of stories goes on."""
    for (kind, slug), links in site.links.items():
        yield Output(output_path(links.url), "entry", kind, slug, 1)
        if kind in ("topic", "paper", "author"):
            total = len(links.referrers.get("story", ()))
            for number in range(2, -(-total // config.page_size) + 1):
                path = output_path(page_url(links.url, number))
                yield Output(path, "entry", kind, slug, number)


def render(output: Output, making: Making) -> bytes:
    """Return the page of an entry."""
    key = (output.kind, output.slug)
    entry = making.facts.entry(key)
    return making.page(output.kind, entry_view(key, entry, output.number, making.views))


def entry_view(key: Key, entry: AnyEntry, number: int, build: ViewBuilder) -> views.EntryPage:
    """Return the view of an entry; `number` is the page of its list of stories."""
    match entry:
        case Story():
            return story_view(key, entry, build)
        case Question():
            return _question(key, entry, build)
        case Topic():
            return _topic(key, entry, number, build)
        case Paper():
            return _paper(key, entry, number, build)
        case Author():
            return _author(key, entry, number, build)
        case Page():
            return build.entry_view(views.PagePage, key, entry)


def story_view(key: Key, story: Story, build: ViewBuilder) -> views.StoryPage:
    """Return the view of a story."""
    facts = build.facts

    def neighbour(field: str) -> views.Card | None:
        slug = facts.link(key, field)
        return build.card(("story", slug)) if slug else None

    def stories(field: str) -> tuple[Key, ...]:
        return tuple(("story", slug) for slug in facts.link(key, field))

    sources = once(lambda: build.sources(story))
    timeline = once(lambda: _story_timeline(key, story, build))

    def corrections() -> tuple[views.CorrectionView, ...]:
        newest = sorted(story.corrections, key=lambda one: one.date, reverse=True)
        return tuple(
            views.CorrectionView(date=one.date, html=build.html(key, one.text, story.sources))
            for one in newest
        )

    return build.entry_view(
        views.StoryPage,
        key,
        story,
        data=lambda: news_article(key, story, build),
        date=lambda: story.date,
        authors=lambda: build.refs(story.authors),
        questions=lambda: build.refs(story.questions),
        topics=lambda: build.refs(story.topics),
        timeline=timeline,
        strip=lambda: _strip(timeline(), build),
        sources=sources,
        coverage=lambda: coverage(sources(), build),
        corrections=corrections,
        arc=lambda: tuple(
            views.ArcItem(card=build.card(one), current=one == key) for one in stories("arc")
        ),
        previous=lambda: neighbour("before"),
        next=lambda: neighbour("behind"),
        followed_by=lambda: build.cards(stories("followers")),
        mentioned_in=lambda: build.cards(facts.link(key, "mentioned_in")),
        related=lambda: tuple(
            views.RelatedStory(card=build.card(("story", slug)), shared_topics=count)
            for slug, count in facts.link(key, "related")
        ),
    )


def _story_timeline(key: Key, story: Story, build: ViewBuilder) -> tuple[views.TimelineItem, ...]:
    """Return a story's events and the earlier stories that it follows, oldest first."""
    sources = {source.id: source for source in build.sources(story)} if story.events else {}
    items = [
        views.TimelineItem(
            date=event.date,
            html=build.html(key, event.text, story.sources),
            story=None,
            source=sources[event.source.slug] if event.source else None,
            stories=(),
        )
        for event in story.events
    ]
    for card in build.refs(story.follows):
        assert card.date is not None
        empty = Markup()
        items.append(
            views.TimelineItem(date=card.date, html=empty, story=card, source=None, stories=())
        )
    return tuple(sorted(items, key=lambda item: (item.date, item.html)))


def _strip(timeline: tuple[views.TimelineItem, ...], build: ViewBuilder) -> views.Strip | None:
    return charts.strip([item.date for item in timeline], mirrored=build.is_mirrored)


def _question(key: Key, question: Question, build: ViewBuilder) -> views.QuestionPage:
    facts = build.facts
    sources = once(lambda: build.sources(question))
    return build.entry_view(
        views.QuestionPage,
        key,
        question,
        data=lambda: questions_and_answers(key, question, build),
        date=lambda: question.date,
        stories=lambda: build.cards(facts.referrers(key, "story")),
        topics=lambda: build.refs(question.topics),
        sources=sources,
        coverage=lambda: coverage(sources(), build),
        related=lambda: build.cards(
            ("question", slug) for slug in facts.link(key, "related_questions")
        ),
    )


def _topic(key: Key, topic: Topic, number: int, build: ViewBuilder) -> views.TopicPage:
    facts = build.facts

    timeline = once(lambda: topic_timeline(key, build))

    def feed(sort: str) -> str:
        has_one = facts.config.topic_feeds and facts.is_listed(key)
        return facts.href(feed_url(facts.url(key), sort)) if has_one else ""

    return build.entry_view(
        views.TopicPage,
        key,
        topic,
        number,
        topic_kind=lambda: topic.kind,
        also=lambda: topic.also,
        questions=lambda: build.cards(facts.referrers(key, "question")),
        appears_with=lambda: tuple(
            views.CountedCard(card=build.card(("topic", slug)), count=count)
            for slug, count in facts.link(key, "together")
        ),
        map=lambda: _map(key, topic, build),
        related=lambda: build.refs(topic.related),
        timeline=timeline,
        strip=lambda: _strip(timeline(), build),
        over_time=lambda: charts.over_time(
            dict(facts.link(key, "months")), mirrored=build.is_mirrored
        ),
        feed_url=lambda: feed("atom"),
        json_feed_url=lambda: feed("json"),
        **_stories(key, number, build),
    )


def _map(key: Key, topic: Topic, build: ViewBuilder) -> views.TopicMap | None:
    """Return the map of a topic, unless it would show next to nothing."""
    facts = build.facts
    shown = facts.link(key, "together")[:MAPPED_MOST]
    stories = sum(count for _, count in facts.link(key, "months"))
    if min(len(shown), stories) < topic_map.LEAST:
        return None
    cards = {slug: build.card(("topic", slug)) for slug, _ in shown}
    neighbours = [topic_map.Neighbour(slug, cards[slug].title, count) for slug, count in shown]
    ties = facts.link(key, "ties")
    found = topic_map.layout(topic.title, neighbours, ties, mirrored=build.is_mirrored)

    def label(lines: tuple[tuple[str, float], ...]) -> tuple[views.MapLine, ...]:
        return tuple(views.MapLine(text=text, y=y) for text, y in lines)

    topics = {
        one.neighbour.slug: views.MapTopic(
            topic=cards[one.neighbour.slug],
            count=one.neighbour.count,
            x=one.x,
            y=one.y,
            radius=one.radius,
            label=label(one.lines),
        )
        for one in found.places
    }
    return views.TopicMap(
        width=topic_map.WIDTH,
        height=found.height,
        x=found.x,
        y=found.y,
        radius=found.radius,
        label=label(found.lines),
        topics=tuple(topics.values()),
        ties=tuple(views.MapTie(one=topics[one], other=topics[other]) for one, other in ties),
    )


def topic_timeline(key: Key, build: ViewBuilder) -> tuple[views.TimelineItem, ...]:
    """Return the events of a topic's stories, merged, oldest first.

    Equal events of several stories, in date and words, are one; the newest story's stands.
    """
    facts = build.facts
    tellers: dict[tuple[str, str], list[Key]] = {}
    events: dict[tuple[str, str], tuple[Event, Markup]] = {}
    for slug in facts.link(key, "chronicle"):
        story = ("story", slug)
        told = facts.told(story)
        for event in told.events:
            name = (event.date.text, " ".join(event.text.text.split()))
            if name not in events:
                html = build.html(story, event.text, told.sources, elsewhere=True)
                events[name] = (event, html)
            if story not in tellers.setdefault(name, []):
                tellers[name].append(story)
    order = sorted(events, key=lambda name: (events[name][0].date, name))
    return tuple(
        views.TimelineItem(
            date=events[name][0].date,
            html=events[name][1],
            story=None,
            source=None,
            stories=build.cards(tellers[name]),
        )
        for name in order
    )


def _stories(key: Key, number: int, build: ViewBuilder) -> dict[str, views.Later]:
    """Return the fields of a page that has a list of stories."""
    facts = build.facts
    return {
        "stories": lambda: build.cards(facts.referrers(key, "story", *build.reach(number))),
        "pagination": lambda: build.pagination(
            facts.url(key), number, facts.referrer_count(key, "story")
        ),
    }


def _paper(key: Key, paper: Paper, number: int, build: ViewBuilder) -> views.PaperPage:
    facts = build.facts
    language = facts.config.language

    return build.entry_view(
        views.PaperPage,
        key,
        paper,
        number,
        paper_kind=lambda: paper.kind,
        website=lambda: paper.url,
        country=lambda: country_name(paper.country, language) if paper.country else "",
        content_language=lambda: language_name(paper.language, language) if paper.language else "",
        owner=lambda: paper.owner,
        paywall=lambda: paper.paywall,
        questions=lambda: build.cards(facts.referrers(key, "question")),
        **_stories(key, number, build),
    )


def _author(key: Key, author: Author, number: int, build: ViewBuilder) -> views.AuthorPage:
    return build.entry_view(
        views.AuthorPage,
        key,
        author,
        number,
        role=lambda: author.role,
        **_stories(key, number, build),
    )
