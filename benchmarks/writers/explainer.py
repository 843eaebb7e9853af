"""Our own content model, with the plain theme beside it or with our own theme."""

from __future__ import annotations

import json
import shutil

from benchmarks.world import Person, Question, Story, Topic
from benchmarks.writers.base import Writer, body, flow, iso, month, put, yaml


class ExplainerWriter(Writer):
    """The theme is a plain one, beside the content; what the other programs lack is off."""

    templates = "explainer"

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
        put(path, matter, body(story.sections))

    def question(self, question: Question) -> None:
        """Write a question."""
        head = question.head
        matter = [
            *yaml(title=head.title, summary=head.summary, date=iso(head)),
            flow("topics", (topic.slug for topic in self.topics_of(question))),
        ]
        put(self.entries / "questions" / f"{head.slug}.md", matter, body(question.sections))

    def topic(self, topic: Topic) -> None:
        """Write a topic."""
        matter = yaml(name=topic.name, kind=topic.kind, description=topic.description)
        matter += [flow("also", map(json.dumps, topic.also))] if topic.also else []
        put(self.entries / "topics" / f"{topic.slug}.md", matter, topic.text)

    def person(self, kind: str, person: Person) -> None:
        """Write a paper or an author."""
        path = self.entries / kind / f"{person.slug}.md"
        if kind == "papers":
            url = f"https://{person.slug}.example/"
            put(path, yaml(name=person.name, url=url), person.text)
        else:
            put(path, yaml(name=person.name, bio=person.text), "")


class GazetteWriter(ExplainerWriter):
    """The same content with our own theme, and nothing off but social cards."""

    def start(self) -> None:
        """Make the site's folder with nothing but the settings."""
        super().start()
        shutil.rmtree(self.folder / "themes")
        (self.folder / "gazette.toml").replace(self.folder / "site.toml")
