"""JSON-LD for search engines, by the vocabulary of schema.org."""

from __future__ import annotations

from typing import Any

from explainer.content.model import Question, Story
from explainer.outputs.builder import ViewBuilder
from explainer.site.links import Key
from explainer.site.rendering import ProseRenderer


def news_article(key: Key, story: Story, build: ViewBuilder) -> dict[str, Any]:
    """Return a `NewsArticle`."""
    facts = build.facts
    assert story.date is not None
    url = facts.absolute(facts.url(key))
    publisher = build.publisher
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.title,
        "description": story.summary.text,
        "url": url,
        "mainEntityOfPage": url,
        "inLanguage": story.id.lang,
        "datePublished": story.date.text,
        "dateModified": (story.updated or story.date).text,
        "publisher": {"@type": "Organization", "name": publisher.name},
        "author": [
            {
                "@type": "Person",
                "name": facts.title(("author", ref.slug)),
                "url": facts.absolute(facts.url(("author", ref.slug))),
            }
            for ref in story.authors
        ],
    }
    if publisher.logo_url:
        data["publisher"]["logo"] = facts.full(publisher.logo_url)
    if picture := build.picture(key, story.image, story.sources):
        data["image"] = facts.full(picture.url)
    return data


def questions_and_answers(key: Key, question: Question, build: ViewBuilder) -> Any:
    """Return an `FAQPage` of the pairs of a question page; None where it has none."""
    if not question.body.sections:
        return None
    facts = build.facts
    renderer = ProseRenderer(facts, key, question.sources, away=True)
    return {
        "@context": "https://schema.org",
        "@type": "FAQPage",
        "url": facts.absolute(facts.url(key)),
        "inLanguage": question.id.lang,
        "mainEntity": [
            {
                "@type": "Question",
                "name": section.title.text,
                "acceptedAnswer": {"@type": "Answer", "text": renderer.html(section.prose)},
            }
            for section in question.body.sections
        ],
    }
