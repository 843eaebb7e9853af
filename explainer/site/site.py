"""The linked site: everything that pages are made from, looked up in constant time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from explainer.config import Config
from explainer.content.mentions import Matcher
from explainer.content.model import AnyEntry, Author, Event, Page, Paper, Question, Story, Topic
from explainer.site.urls import encoded

Key = tuple[str, str]
"""Kind and slug of an entry."""


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """An event on a topic's timeline, with the stories that tell of it."""

    event: Event
    owner: Key
    """The story whose words are shown."""

    stories: tuple[Key, ...]
    """All stories that have it, newest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A site whose references all hold; nothing in it is a draft or under embargo."""

    config: Config
    now: datetime
    """The build clock's one reading."""

    entries: Mapping[Key, AnyEntry]
    """Every entry that has a page, sorted by kind and slug."""

    urls: Mapping[Key, str]
    """URL of each entry within the site, decoded: without host and base path."""

    targets: Mapping[str, Key]
    """Entry at a URL within the site; aliases included."""

    known_urls: frozenset[str]
    """URLs of the pages that are made without an entry, and of static files."""

    files: Mapping[str, str]
    """Output path -> file in content/ that is published there, because something links it."""

    file_urls: Mapping[tuple[str, str], str]
    """Path of an entry's file, and path that it names -> URL of the published file."""

    static: tuple[str, ...]
    """Files in static/, by path relative to it."""

    stories: tuple[Key, ...]
    """Stories that lists show, newest first."""

    order: Mapping[Key, int]
    """Place of each entry among all of them, newest first, then by slug."""

    expired: frozenset[Key]
    """Entries that keep their page, but that no list shows."""

    backlinks: Mapping[tuple[Key, str], tuple[Key, ...]]
    """An entry, and a kind -> entries of that kind that refer to it, in front matter or prose,
    newest first."""

    followers: Mapping[Key, tuple[Key, ...]]
    """Later stories that follow a story, oldest first."""

    topics_of: Mapping[Key, tuple[str, ...]]
    """Slugs of the topics that a story names, in front matter or prose."""

    together: Mapping[str, tuple[tuple[str, int], ...]]
    """Topics that share stories with a topic, and how many, most first."""

    matcher: Matcher

    def story(self, key: Key) -> Story:
        """Return a story."""
        entry = self.entries[key]
        assert isinstance(entry, Story)
        return entry

    def of_kind(self, kind: str) -> list[AnyEntry]:
        """Return the entries of a kind that lists show, by slug."""
        listed = (key for key in self.entries if key[0] == kind and key not in self.expired)
        return [self.entries[key] for key in listed]

    def topics(self) -> list[Topic]:
        """Return the topics that lists show, by slug."""
        return [entry for entry in self.of_kind("topic") if isinstance(entry, Topic)]

    def questions(self) -> list[Question]:
        """Return the questions that lists show, newest first; those without a date last."""
        found = [entry for entry in self.of_kind("question") if isinstance(entry, Question)]
        return sorted(found, key=newest_first)

    def papers(self) -> list[Paper]:
        """Return the papers that lists show, by slug."""
        return [entry for entry in self.of_kind("paper") if isinstance(entry, Paper)]

    def authors(self) -> list[Author]:
        """Return the authors that lists show, by slug."""
        return [entry for entry in self.of_kind("author") if isinstance(entry, Author)]

    def pages(self) -> list[Page]:
        """Return the pages that lists show, by slug."""
        return [entry for entry in self.of_kind("page") if isinstance(entry, Page)]

    def is_listed(self, entry: AnyEntry) -> bool:
        """Tell whether lists show an entry: expired ones keep their page only."""
        return key_of(entry) not in self.expired

    def referrers(self, key: Key, kind: str) -> tuple[Key, ...]:
        """Return the entries of a kind that refer to an entry, newest first."""
        return self.backlinks.get((key, kind), ())

    def href(self, url: str) -> str:
        """Return a URL within the site as a link from the host's root."""
        return encoded(self.config.base_path.rstrip("/") + url)

    def full(self, href: str) -> str:
        """Return a link from the host's root with scheme and host."""
        return self.config.origin + href

    def absolute(self, url: str) -> str:
        """Return a URL within the site with scheme and host."""
        return self.config.origin + self.href(url)


def newest_first(entry: AnyEntry) -> tuple[float, str]:
    """Order entries by date, newest first; those without one last, then by slug."""
    return (-entry.date.instant.timestamp() if entry.date else float("inf"), entry.id.slug)


def key_of(entry: AnyEntry) -> Key:
    """Return the key of an entry."""
    return (entry.id.kind, entry.id.slug)


def sorted_keys(entries: Mapping[Key, AnyEntry], keys: Iterable[Key]) -> tuple[Key, ...]:
    """Return keys by date, newest first, then by kind and slug."""
    return tuple(sorted(keys, key=lambda key: (*newest_first(entries[key]), key)))
