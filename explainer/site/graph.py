"""What follows from references: backlinks, arcs, related stories, topics that go together."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from heapq import nsmallest

from explainer.content.model import KINDS, AnyEntry, Event, Ref, Story
from explainer.diagnostics import Findings
from explainer.site.site import Key, Site, TimelineEvent, newest_first

RELATED_MOST = 5
"""Related stories and questions that a page shows."""


def references(entry: AnyEntry, targets: Mapping[str, Key]) -> Iterable[Key]:
    """Return the entries that an entry refers to, in front matter and prose, in order."""
    for ref in entry.listed_refs:
        yield (ref.kind, ref.slug)
    for prose in entry.proses:
        for ref in prose.refs:
            if ref.kind in KINDS:
                yield (ref.kind, ref.slug)
            elif ref.kind == "url" and (key := targets.get(ref.slug)):
                yield key


def backlinks(
    entries: Mapping[Key, AnyEntry], targets: Mapping[str, Key], order: Mapping[Key, int]
) -> dict[tuple[Key, str], tuple[Key, ...]]:
    """Return the entries of each kind that refer to each entry, newest first."""
    found: dict[tuple[Key, str], set[Key]] = defaultdict(set)
    for key, entry in entries.items():
        for target in references(entry, targets):
            if target != key and target in entries:
                found[target, key[0]].add(key)
    return {place: tuple(sorted(keys, key=order.__getitem__)) for place, keys in found.items()}


def followers(entries: Mapping[Key, AnyEntry]) -> dict[Key, tuple[Key, ...]]:
    """Return the later stories that name each story under `follows`, oldest first."""
    found: dict[Key, list[Key]] = defaultdict(list)
    for key, entry in entries.items():
        if isinstance(entry, Story):
            for ref in entry.follows:
                found["story", ref.slug].append(key)
    return {key: _oldest_first(entries, keys) for key, keys in found.items()}


def report_loops(entries: Mapping[Key, AnyEntry], findings: Findings) -> None:
    """Report stories whose `follows` lead back to themselves."""
    reported: set[Key] = set()
    for key in sorted(_leading_to_loops(entries)):
        entry = entries[key]
        for ref in entry.follows if isinstance(entry, Story) and key not in reported else ():
            loop = _path(entries, ("story", ref.slug), key)
            if loop and not reported & {key, *loop}:
                reported |= {key, *loop}
                names = " → ".join(slug for _, slug in (key, *loop))
                findings.add("E212", entry.span(ref), f"stories follow each other: {names}",
                             "take one `follows` out")  # fmt: skip


def _leading_to_loops(entries: Mapping[Key, AnyEntry]) -> set[Key]:
    """Return the stories from which `follows` never comes to an end: hardly ever any."""
    later = followers(entries)
    ahead = {
        key: len([ref for ref in entry.follows if ("story", ref.slug) in entries])
        for key, entry in entries.items()
        if isinstance(entry, Story)
    }
    ended = [key for key, count in ahead.items() if not count]
    while ended:
        for key in later.get(ended.pop(), ()):
            ahead[key] -= 1
            if not ahead[key]:
                ended.append(key)
    return {key for key, count in ahead.items() if count}


def _path(entries: Mapping[Key, AnyEntry], start: Key, goal: Key) -> tuple[Key, ...]:
    """Return the keys on a way along `follows` from one story to another."""
    came_from: dict[Key, Key | None] = {start: None}
    pending = [start]
    while pending and goal not in came_from:
        key = pending.pop()
        entry = entries.get(key)
        for ref in entry.follows if isinstance(entry, Story) else ():
            following = ("story", ref.slug)
            if following not in came_from:
                came_from[following] = key
                pending.append(following)
    way: list[Key] = []
    step: Key | None = goal if goal in came_from else None
    while step is not None:
        way.append(step)
        step = came_from[step]
    return tuple(reversed(way))


def arc(site: Site, key: Key) -> tuple[Key, ...]:
    """Return the arc of a story, itself included, oldest first; empty where it stands alone."""
    found = {key}
    for step in (_earlier, _later):
        pending = [key]
        while pending:
            for other in step(site, pending.pop()):
                if other not in found:
                    found.add(other)
                    pending.append(other)
    return _oldest_first(site.entries, found) if len(found) > 1 else ()


def neighbours(site: Site, key: Key) -> tuple[Key | None, Key | None]:
    """Return the stories before and behind a story in its arc."""
    before = _oldest_first(site.entries, _earlier(site, key))
    behind = _oldest_first(site.entries, _later(site, key))
    return before[-1] if before else None, behind[0] if behind else None


def _earlier(site: Site, key: Key) -> tuple[Key, ...]:
    keys = (("story", ref.slug) for ref in site.story(key).follows)
    return tuple(key for key in keys if key in site.entries)


def _later(site: Site, key: Key) -> tuple[Key, ...]:
    listed = site.followers.get(key, ())
    return tuple(other for other in listed if other not in site.expired)


def _oldest_first(entries: Mapping[Key, AnyEntry], keys: Iterable[Key]) -> tuple[Key, ...]:
    def order(key: Key) -> tuple[float, str]:
        stamp, slug = newest_first(entries[key])
        return -stamp, slug

    return tuple(sorted(keys, key=order))


def topics_of(
    stories: Iterable[Key], entries: Mapping[Key, AnyEntry], targets: Mapping[str, Key]
) -> dict[Key, tuple[str, ...]]:
    """Return the topics that each story names, in front matter or prose."""
    found = {}
    for key in stories:
        keys = dict.fromkeys(references(entries[key], targets))
        found[key] = tuple(slug for kind, slug in keys if kind == "topic")
    return found


def together(topics: Mapping[Key, tuple[str, ...]]) -> dict[str, tuple[tuple[str, int], ...]]:
    """Return, for each topic, those that share stories with it and how many, most first."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for slugs in topics.values():
        for slug in slugs:
            counts[slug].update(other for other in slugs if other != slug)
    return {
        slug: tuple(sorted(counter.items(), key=lambda item: (-item[1], item[0])))
        for slug, counter in counts.items()
    }


def related_stories(site: Site, key: Key) -> tuple[tuple[Key, int], ...]:
    """Return the stories with most topics in common, and how many; none of the arc."""
    left_out = {key, *arc(site, key)}
    counts: Counter[Key] = Counter()
    for slug in site.topics_of.get(key, ()):
        counts.update(site.referrers(("topic", slug), "story"))
    found = _most_shared(site, counts, left_out)
    return tuple((other, counts[other]) for other in found)


def related_questions(site: Site, key: Key) -> tuple[Key, ...]:
    """Return the questions that the author names, then those with most topics in common."""
    entry = site.entries[key]
    named = [("question", ref.slug) for ref in getattr(entry, "related", ())]
    counts: Counter[Key] = Counter()
    for ref in _topic_refs(entry):
        counts.update(site.referrers(("topic", ref.slug), "question"))
    others = _most_shared(site, counts, {key, *named})
    return (*named, *others)[:RELATED_MOST] if len(named) < RELATED_MOST else tuple(named)


def _most_shared(site: Site, counts: Counter[Key], left_out: set[Key]) -> list[Key]:
    """Return the listed entries with the highest counts, then the newest."""
    shown = (key for key in counts if key not in left_out and key not in site.expired)
    return nsmallest(RELATED_MOST, shown, key=lambda key: (-counts[key], site.order[key]))


def _topic_refs(entry: AnyEntry) -> tuple[Ref, ...]:
    return getattr(entry, "topics", ())


def topic_timeline(site: Site, key: Key) -> tuple[TimelineEvent, ...]:
    """Return the events of a topic's stories, merged, oldest first.

    Equal events of several stories, in date and words, are one; the newest story's stands.
    """
    merged: dict[tuple[str, str], list[Key]] = {}
    events: dict[tuple[str, str], tuple[Event, Key]] = {}
    for story_key in listed(site, site.referrers(key, "story")):
        for event in site.story(story_key).events:
            name = (event.date.text, " ".join(event.text.text.split()))
            tellers = merged.setdefault(name, [])
            if story_key not in tellers:
                tellers.append(story_key)
            events.setdefault(name, (event, story_key))
    order = sorted(events, key=lambda name: (events[name][0].date, name))
    return tuple(TimelineEvent(*events[name], tuple(merged[name])) for name in order)


def listed(site: Site, keys: Iterable[Key]) -> tuple[Key, ...]:
    """Return those of some entries that lists show."""
    return tuple(key for key in keys if key not in site.expired)
