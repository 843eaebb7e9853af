"""The pages of entries: stories, questions, topics, papers, authors and pages."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from explainer.content.model import (
    AnyEntry,
    Author,
    Page,
    Paper,
    Question,
    Story,
    Topic,
)
from explainer.outputs.builder import ViewBuilder
from explainer.outputs.output import Making, Output
from explainer.outputs.structured_data import news_article, questions_and_answers
from explainer.site import Key, Site
from explainer.site.graph import (
    arc,
    listed,
    neighbours,
    related_questions,
    related_stories,
    topic_timeline,
)
from explainer.site.site import key_of, sorted_keys
from explainer.site.urls import output_path, page_url
from explainer.theme import views
from explainer.theme.locales import babel_locale, language_name

APPEARS_WITH_MOST = 12
"""Topics that a topic's page shows as appearing with it."""


def outputs(site: Site) -> Iterator[Output]:
    """Return a page for every entry, and those on which its list of stories goes on."""
    for key, entry in site.entries.items():
        url = site.urls[key]
        yield Output(output_path(url), partial(_render, key, 1), is_page=True)
        if isinstance(entry, Topic | Paper | Author):
            total = len(_stories(site, key))
            for number in range(2, -(-total // site.config.page_size) + 1):
                path = output_path(page_url(url, number))
                yield Output(path, partial(_render, key, number), is_page=True)


def _render(key: Key, number: int, making: Making) -> bytes:
    entry = making.views.site.entries[key]
    return making.page(key[0], entry_view(entry, number, making.views))


def entry_view(entry: AnyEntry, number: int, build: ViewBuilder) -> views.EntryPage:
    """Return the view of an entry; `number` is the page of its list of stories."""
    match entry:
        case Story():
            return story_view(entry, build)
        case Question():
            return _question(entry, build)
        case Topic():
            return _topic(entry, number, build)
        case Paper():
            return _paper(entry, number, build)
        case Author():
            return _author(entry, number, build)
        case Page():
            summary = build.html(entry, entry.summary)
            return views.PagePage(**build.entry_base(entry), summary=summary)


def _stories(site: Site, key: Key) -> tuple[Key, ...]:
    return listed(site, site.referrers(key, "story"))


def story_view(story: Story, build: ViewBuilder) -> views.StoryPage:
    """Return the view of a story."""
    site, key = build.site, key_of(story)
    assert story.date is not None
    before, behind = neighbours(site, key)
    stories = arc(site, key)
    followed_by = listed(site, site.followers.get(key, ()))
    referrers = site.referrers(key, "story") + site.referrers(key, "question")
    mentioned_in = [other for other in referrers if other not in stories]
    corrections = sorted(story.corrections, key=lambda one: one.date, reverse=True)
    return views.StoryPage(
        **build.entry_base(story, news_article(story, build)),
        summary=build.html(story, story.summary),
        date=story.date,
        authors=build.refs(story.authors),
        questions=build.refs(story.questions),
        topics=build.refs(story.topics),
        timeline=_story_timeline(story, build),
        sources=build.sources(story),
        corrections=tuple(
            views.CorrectionView(date=one.date, html=build.html(story, one.text))
            for one in corrections
        ),
        arc=tuple(views.ArcItem(card=build.card(k), current=k == key) for k in stories),
        previous=build.card(before) if before else None,
        next=build.card(behind) if behind else None,
        followed_by=build.cards(followed_by),
        mentioned_in=build.listed(sorted_keys(site.entries, mentioned_in)),
        related=tuple(
            views.RelatedStory(card=build.card(other), shared_topics=count)
            for other, count in related_stories(site, key)
        ),
    )


def _story_timeline(story: Story, build: ViewBuilder) -> tuple[views.TimelineItem, ...]:
    """Return a story's events and the earlier stories that it follows, oldest first."""
    sources = {source.id: source for source in build.sources(story)}
    items = [
        views.TimelineItem(
            date=event.date,
            html=build.html(story, event.text),
            story=None,
            source=sources[event.source.slug] if event.source else None,
            stories=(),
        )
        for event in story.events
    ]
    for card in build.refs(story.follows):
        assert card.date is not None
        empty = build.html(story, type(story.summary)())
        items.append(
            views.TimelineItem(date=card.date, html=empty, story=card, source=None, stories=())
        )
    return tuple(sorted(items, key=lambda item: (item.date, item.html)))


def _question(question: Question, build: ViewBuilder) -> views.QuestionPage:
    site, key = build.site, key_of(question)
    return views.QuestionPage(
        **build.entry_base(question, questions_and_answers(question, build)),
        summary=build.html(question, question.summary),
        date=question.date,
        stories=build.cards(_stories(site, key)),
        topics=build.refs(question.topics),
        sources=build.sources(question),
        related=build.cards(related_questions(site, key)),
    )


def _topic(topic: Topic, number: int, build: ViewBuilder) -> views.TopicPage:
    site, key = build.site, key_of(topic)
    stories = _stories(site, key)
    together = [
        views.CountedCard(card=build.card(("topic", slug)), count=count)
        for slug, count in site.together.get(topic.id.slug, ())
        if listed(site, [("topic", slug)])
    ]
    timeline = tuple(
        views.TimelineItem(
            date=item.event.date,
            html=build.html(site.entries[item.owner], item.event.text, elsewhere=True),
            story=None,
            source=None,
            stories=build.cards(item.stories),
        )
        for item in topic_timeline(site, key)
    )
    return views.TopicPage(
        **build.entry_base(topic, number=number),
        topic_kind=topic.kind,
        summary=build.html(topic, topic.summary),
        also=topic.also,
        stories=build.paged(stories, number),
        pagination=build.pagination(site.urls[key], number, len(stories)),
        questions=build.listed(site.referrers(key, "question")),
        appears_with=tuple(together[:APPEARS_WITH_MOST]),
        related=build.refs(topic.related),
        timeline=timeline,
    )


def _paper(paper: Paper, number: int, build: ViewBuilder) -> views.PaperPage:
    site, key = build.site, key_of(paper)
    stories = _stories(site, key)
    locale = babel_locale(site.config.language)
    return views.PaperPage(
        **build.entry_base(paper, number=number),
        paper_kind=paper.kind,
        summary=build.html(paper, paper.summary),
        website=paper.url,
        country=locale.territories.get(paper.country, paper.country) if paper.country else "",
        content_language=(
            language_name(paper.language, site.config.language) if paper.language else ""
        ),
        owner=paper.owner,
        paywall=paper.paywall,
        stories=build.paged(stories, number),
        questions=build.listed(site.referrers(key, "question")),
        pagination=build.pagination(site.urls[key], number, len(stories)),
    )


def _author(author: Author, number: int, build: ViewBuilder) -> views.AuthorPage:
    site, key = build.site, key_of(author)
    stories = _stories(site, key)
    return views.AuthorPage(
        **build.entry_base(author, number=number),
        role=author.role,
        summary=build.html(author, author.summary),
        stories=build.paged(stories, number),
        pagination=build.pagination(site.urls[key], number, len(stories)),
    )
