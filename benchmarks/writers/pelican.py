"""Articles for Pelican, and pages for the other kinds; lists in front matter are lines."""

from __future__ import annotations

from benchmarks.world import Person, Question, Source, Story, Topic
from benchmarks.writers.base import Writer, body_with_urls, iso, month, put


class PelicanWriter(Writer):
    """Topics are tags; a page without a file of its own lends its words to a list."""

    templates = "pelican"

    def story(self, story: Story) -> None:
        """Write an article."""
        head = story.head
        first, *others = map(self._source, story.sources)
        matter = [
            *_lines(title=head.title, slug=head.slug, summary=head.summary, date=iso(head)),
            *_lines(authors=", ".join(author.name for author in self.authors_of(story))),
            *_lines(tags=", ".join(topic.name for topic in self.topics_of(story))),
            *_lines(asks=" ".join(question.slug for question in self.questions_of(story))),
            *_lines(sources=first),
            *(f"    {source}" for source in others),
        ]
        path = self.entries / "stories" / month(head) / f"{head.slug}.md"
        put(path, matter, body_with_urls(story.sections), fence="")

    def question(self, question: Question) -> None:
        """Write a page."""
        head = question.head
        matter = [
            *_lines(title=head.title, slug=head.slug, summary=head.summary, date=iso(head)),
            *_lines(topics=" ".join(topic.slug for topic in self.topics_of(question))),
            *_lines(template="question"),
        ]
        path = self.entries / "questions" / f"{head.slug}.md"
        put(path, matter, body_with_urls(question.sections), fence="")

    def topic(self, topic: Topic) -> None:
        """Write a page that lends its words to the page of a tag."""
        matter = _lines(title=topic.name, slug=topic.slug, topic_kind=topic.kind)
        matter += _lines(about=topic.description, also=" | ".join(topic.also), save_as="")
        put(self.entries / "topics" / f"{topic.slug}.md", matter, topic.text, fence="")

    def person(self, kind: str, person: Person) -> None:
        """Write a page that lends its words to the page of a paper or an author."""
        matter = _lines(title=person.name, slug=person.slug, about=person.text, save_as="")
        put(self.entries / kind / f"{person.slug}.md", matter, "", fence="")

    def _source(self, source: Source) -> str:
        date = source.date.date().isoformat()
        paper = self.paper_of(source).slug
        return " | ".join((source.id, paper, date, source.url, source.title))


def _lines(**values: str) -> list[str]:
    return [f"{key.capitalize()}: {value}" for key, value in values.items()]
