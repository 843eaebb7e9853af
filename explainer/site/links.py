"""What linking found out, as plain data: the place of every entry among all others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from explainer.content.mentions import Name
from explainer.content.model import Value
from explainer.pictures.sizes import Shown

Key = tuple[str, str]
"""Kind and slug of an entry."""


class Links(Value, frozen=True, kw_only=True):
    """What linking found out about one entry that has a page.

    Entries are named by their slugs where the field allows of one kind only. Lists hold no
    expired entries, unless a field says so.
    """

    path: str
    """File that the entry was written in, relative to the site's root."""

    url: str
    """URL within the site, decoded: without host and base path."""

    listed: bool = True
    """Whether lists show it: expired entries keep their page only."""

    referrers: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    """Kind -> entries of that kind that refer to it in front matter or prose, newest first."""

    aliases: tuple[str, ...] = ()
    """Old URLs that lead to it."""

    topics: tuple[str, ...] = ()
    """A story's topics, in front matter or prose."""

    questions: tuple[str, ...] = ()
    """Questions that a story's front matter lists."""

    arc: tuple[str, ...] = ()
    """Arc of a story, itself included, oldest first; empty where it stands alone. What it follows
    may have expired."""

    before: str = ""
    """Story before it in the arc; may have expired."""

    behind: str = ""
    """Story behind it in the arc."""

    followers: tuple[str, ...] = ()
    """Later stories that name it under `follows`, oldest first."""

    mentioned_in: tuple[Key, ...] = ()
    """Stories outside its arc, and questions, that refer to a story, newest first."""

    related: tuple[tuple[str, int], ...] = ()
    """Stories with topics in common with a story, and how many."""

    related_questions: tuple[str, ...] = ()
    """Questions that a question names as related, then those with topics in common."""

    together: tuple[tuple[str, int], ...] = ()
    """Topics that share stories with a topic, and how many, most first."""

    ties: tuple[tuple[str, str], ...] = ()
    """Pairs of the first of `together` that share the most stories with each other, sorted."""

    months: tuple[tuple[str, int], ...] = ()
    """Months in which stories of a topic were published (`2025-09`) and how many, oldest first."""

    chronicle: tuple[str, ...] = ()
    """Stories of a topic that have events, newest first."""

    files: dict[str, str] = msgspec.field(default_factory=dict)
    """Path of a file as the entry names it -> URL under which it is published."""

    urls: dict[str, tuple[str, Key | None]] = msgspec.field(default_factory=dict)
    """Path of this site as the entry links it -> URL within the site, and the entry there."""

    image: Shown | None = None
    """What is known of the entry's picture; None where it has none."""

    pictures: dict[str, Shown] = msgspec.field(default_factory=dict)
    """Path of a picture as the prose names it -> what is known of it."""


LINK_FIELDS = tuple(name for name in Links.__struct_fields__ if name != "path")
"""The fields of `Links` that outputs look at, each a fact of its own."""


class Lists(Value, frozen=True, kw_only=True):
    """What linking found out about the site as a whole."""

    story: tuple[str, ...] = ()
    """Stories that lists show, newest first."""

    months: tuple[tuple[str, int], ...] = ()
    """Months of these stories (`2025-09`), in the same order, and how many are of each."""

    question: tuple[str, ...] = ()
    """Questions that lists show, newest first; those without a date last."""

    topic: tuple[str, ...] = ()
    """Topics that lists show, by slug; so are the following."""

    paper: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    page: tuple[str, ...] = ()

    together: int = 0
    """Entries that are indexed together for the search, about; 0 for as many as readers need."""

    made: tuple[str, ...] = ()
    """URLs of pages without an entry that search engines may list, sorted."""

    static: tuple[str, ...] = ()
    """Files in static/, by path relative to it, sorted."""

    files: dict[str, str] = msgspec.field(default_factory=dict)
    """Output path -> file in content/ that is published there, because something links it."""

    pictures: dict[str, tuple[str, int]] = msgspec.field(default_factory=dict)
    """File in content/ that is published as a picture -> its sort, and the width in which it is
    published under its own name; 0 for that of the file itself."""

    names: tuple[Name, ...] = ()
    """Names of topics that become links where prose mentions them."""


@dataclass(frozen=True, slots=True)
class Site:
    """A site whose references all hold; nothing in it is a draft or under embargo."""

    links: Mapping[Key, Links]
    """Every entry that has a page, sorted by kind and slug."""

    lists: Lists
