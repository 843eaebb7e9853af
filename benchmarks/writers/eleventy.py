"""Templates for Eleventy: the folder decides layout and address."""

from __future__ import annotations

import json

from benchmarks.world import Person, Question, Story, Topic
from benchmarks.writers.base import Writer, body_with_urls, flow, iso, month, put, yaml


class EleventyWriter(Writer):
    """What leads from one entry to others are collections, made in the site's settings."""

    templates = "eleventy"

    def story(self, story: Story) -> None:
        """Write a story."""
        head = story.head
        matter = [
            *yaml(title=head.title, summary=head.summary, date=iso(head)),
            flow("authors", (author.slug for author in self.authors_of(story))),
            flow("topics", (topic.slug for topic in self.topics_of(story))),
            flow("questions", (question.slug for question in self.questions_of(story))),
            *self.sources(story),
        ]
        path = self.entries / "stories" / month(head) / f"{head.slug}.md"
        put(path, matter, body_with_urls(story.sections))

    def question(self, question: Question) -> None:
        """Write a question."""
        head = question.head
        matter = [
            *yaml(title=head.title, summary=head.summary, date=iso(head)),
            flow("topics", (topic.slug for topic in self.topics_of(question))),
        ]
        path = self.entries / "questions" / f"{head.slug}.md"
        put(path, matter, body_with_urls(question.sections))

    def topic(self, topic: Topic) -> None:
        """Write a topic, which lends its words to the pages of its list."""
        matter = yaml(title=topic.name, topicKind=topic.kind, summary=topic.description)
        matter.append(flow("also", map(json.dumps, topic.also)))
        put(self.entries / "topics" / f"{topic.slug}.md", matter, topic.text)

    def person(self, kind: str, person: Person) -> None:
        """Write a paper or an author, which lends its words to the pages of its list."""
        matter = yaml(title=person.name, summary=person.text)
        put(self.entries / kind / f"{person.slug}.md", matter, "")
