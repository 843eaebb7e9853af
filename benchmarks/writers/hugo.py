"""Pages for Hugo, and terms of taxonomies for topics, papers and authors."""

from __future__ import annotations

import json

from benchmarks.world import Person, Question, Story, Topic
from benchmarks.writers.base import Writer, body_with_urls, flow, iso, month, put, yaml


class HugoWriter(Writer):
    """The questions of a story are a taxonomy that has no pages of its own."""

    templates = "hugo"

    def start(self) -> None:
        """Make the site's folder; "asks" only leads from a question to its stories."""
        super().start()
        silent = ["cascade:", "  build: {render: never}", "build: {render: never}"]
        put(self.entries / "asks" / "_index.md", silent, "")

    def story(self, story: Story) -> None:
        """Write a page."""
        head = story.head
        papers = dict.fromkeys(self.paper_of(source).slug for source in story.sources)
        matter = [
            *yaml(title=head.title, summary=head.summary, date=iso(head)),
            flow("authors", (author.slug for author in self.authors_of(story))),
            flow("topics", (topic.slug for topic in self.topics_of(story))),
            flow("asks", (question.slug for question in self.questions_of(story))),
            flow("papers", papers),
            *self.sources(story),
        ]
        path = self.entries / "stories" / month(head) / f"{head.slug}.md"
        put(path, matter, body_with_urls(story.sections))

    def question(self, question: Question) -> None:
        """Write a page."""
        head = question.head
        matter = [
            *yaml(title=head.title, summary=head.summary, date=iso(head)),
            flow("topics", (topic.slug for topic in self.topics_of(question))),
        ]
        path = self.entries / "questions" / f"{head.slug}.md"
        put(path, matter, body_with_urls(question.sections))

    def topic(self, topic: Topic) -> None:
        """Write the page of a term."""
        matter = yaml(title=topic.name, kindOfTopic=topic.kind, description=topic.description)
        matter.append(flow("also", map(json.dumps, topic.also)))
        put(self.entries / "topics" / topic.slug / "_index.md", matter, topic.text)

    def person(self, kind: str, person: Person) -> None:
        """Write the page of a term."""
        matter = yaml(title=person.name, description=person.text)
        put(self.entries / kind / person.slug / "_index.md", matter, "")
