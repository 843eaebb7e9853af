"""Pages for MkDocs: each names its template, and the hook of the site makes the lists."""

from __future__ import annotations

import html
import json

from benchmarks.world import Person, Question, Story, Topic
from benchmarks.writers.base import Writer, body_with_urls, flow, iso, put, yaml


class MkDocsWriter(Writer):
    """A page's address follows its path, so stories lie in one folder without months."""

    templates = "mkdocs"
    content = "docs"

    def story(self, story: Story) -> None:
        """Write a page."""
        head = story.head
        matter = [
            *yaml(template="story.html", title=head.title, description=_quoted(head.summary)),
            *yaml(date=iso(head)),
            flow("writers", (author.slug for author in self.authors_of(story))),
            flow("topics", (topic.slug for topic in self.topics_of(story))),
            flow("questions", (question.slug for question in self.questions_of(story))),
            *self.sources(story),
        ]
        put(self.entries / "stories" / f"{head.slug}.md", matter, body_with_urls(story.sections))

    def question(self, question: Question) -> None:
        """Write a page."""
        head = question.head
        matter = [
            *yaml(template="question.html", title=head.title, description=_quoted(head.summary)),
            *yaml(date=iso(head)),
            flow("topics", (topic.slug for topic in self.topics_of(question))),
        ]
        path = self.entries / "questions" / f"{head.slug}.md"
        put(path, matter, body_with_urls(question.sections))

    def topic(self, topic: Topic) -> None:
        """Write the first page of a topic's list."""
        matter = [
            *yaml(template="topic.html", title=topic.name, kind=topic.kind),
            *yaml(description=_quoted(topic.description)),
            flow("also", map(json.dumps, topic.also)),
        ]
        put(self.entries / "topics" / f"{topic.slug}.md", matter, topic.text)

    def person(self, kind: str, person: Person) -> None:
        """Write the first page of a paper's or an author's list."""
        matter = yaml(template="person.html", title=person.name, description=_quoted(person.text))
        put(self.entries / kind / f"{person.slug}.md", matter, "")


def _quoted(text: str) -> str:
    """Return a text for an attribute: Material puts descriptions there as they are."""
    return html.escape(text)
