"""JSON-LD for search engines, by the vocabulary of schema.org."""

from __future__ import annotations

from typing import Any

from explainer.content.model import Question, Story
from explainer.outputs.builder import ViewBuilder
from explainer.site.rendering import ProseRenderer
from explainer.site.site import key_of


def news_article(story: Story, build: ViewBuilder) -> dict[str, Any]:
    """Return a `NewsArticle`."""
    site = build.site
    assert story.date is not None
    url = site.absolute(site.urls[key_of(story)])
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
        "publisher": {"@type": "Organization", "name": build.site_view.publisher.name},
        "author": [
            {
                "@type": "Person",
                "name": site.entries["author", ref.slug].title,
                "url": site.absolute(site.urls["author", ref.slug]),
            }
            for ref in story.authors
        ],
    }
    if build.site_view.publisher.logo_url:
        data["publisher"]["logo"] = site.full(build.site_view.publisher.logo_url)
    if picture := build.picture(story):
        data["image"] = site.full(picture.url)
    return data


def questions_and_answers(question: Question, build: ViewBuilder) -> dict[str, Any] | None:
    """Return an `FAQPage` of the pairs of a question page; None where it has none."""
    if not question.body.sections:
        return None
    renderer = ProseRenderer(build.site, question, away=True)
    return {
        "@context": "https://schema.org",
        "@type": "FAQPage",
        "url": build.site.absolute(build.site.urls[key_of(question)]),
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
