"""What follows from references: backlinks, arcs, topics that go together."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from itertools import combinations

from explainer.content.model import KINDS
from explainer.content.record import Outline
from explainer.diagnostics import Findings
from explainer.site.links import Key
from explainer.site.order import newest_first

Outlines = Mapping[Key, Outline]

TOGETHER_MOST = 12
"""Topics that a topic's page shows as appearing with it."""

MAPPED_MOST = 8
"""Those of them, the first, of which a map shows how they go together."""

TIES_MOST = 12
"""Pairs that a map joins: with more of them it would be a tangle."""

TIE_LEAST = 2
"""Stories that such a pair shares: one alone is no habit."""

_KINDS = frozenset(KINDS)


def references(outline: Outline, targets: Mapping[str, Key]) -> dict[Key, None]:
    """Return the entries that an entry refers to, in front matter and prose, in order."""
    found: dict[Key, None] = {}
    for ref in outline.listed_refs:
        found[ref.kind, ref.slug] = None
    for ref in outline.prose_refs:
        kind = ref.kind
        if kind in _KINDS:
            found[kind, ref.slug] = None
        elif kind == "url" and (key := targets.get(ref.slug)):
            found[key] = None
    return found


def backlinks(
    order: Iterable[Key], references: Mapping[Key, Iterable[Key]]
) -> dict[Key, list[Key]]:
    """Return the entries that refer to each entry, in the order in which `order` names them."""
    found: dict[Key, list[Key]] = defaultdict(list)
    for key in order:
        for target in references[key]:
            if target != key:
                found[target].append(key)
    return found


def followers(outlines: Outlines) -> dict[Key, list[Key]]:
    """Return the later stories that name each story under `follows`, oldest first."""
    found: dict[Key, list[Key]] = defaultdict(list)
    for key, outline in outlines.items():
        if key[0] == "story":
            for slug in outline.slugs("story"):
                found["story", slug].append(key)
    return {key: oldest_first(outlines, keys) for key, keys in found.items()}


def report_loops(outlines: Outlines, findings: Findings) -> None:
    """Report stories whose `follows` lead back to themselves."""
    reported: set[Key] = set()
    for key in sorted(_leading_to_loops(outlines)):
        outline = outlines[key]
        follows = (ref for ref in outline.listed_refs if ref.kind == "story")
        for ref in follows if key not in reported else ():
            loop = _path(outlines, ("story", ref.slug), key)
            if loop and not reported & {key, *loop}:
                reported |= {key, *loop}
                names = " → ".join(slug for _, slug in (key, *loop))
                findings.add("E212", outline.span(ref), f"stories follow each other: {names}",
                             "take one `follows` out")  # fmt: skip


def _leading_to_loops(outlines: Outlines) -> set[Key]:
    """Return the stories from which `follows` never comes to an end: hardly ever any."""
    ahead = {}
    later: dict[Key, list[Key]] = defaultdict(list)
    for key, outline in outlines.items():
        if key[0] == "story":
            known = [("story", slug) for slug in outline.slugs("story")]
            known = [one for one in known if one in outlines]
            ahead[key] = len(known)
            for one in known:
                later[one].append(key)
    ended = [key for key, count in ahead.items() if not count]
    while ended:
        for key in later.get(ended.pop(), ()):
            ahead[key] -= 1
            if not ahead[key]:
                ended.append(key)
    return {key for key, count in ahead.items() if count}


def _path(outlines: Outlines, start: Key, goal: Key) -> tuple[Key, ...]:
    """Return the keys on a way along `follows` from one story to another."""
    came_from: dict[Key, Key | None] = {start: None}
    pending = [start]
    while pending and goal not in came_from:
        key = pending.pop()
        for slug in outlines[key].slugs("story") if key in outlines else ():
            following = ("story", slug)
            if following not in came_from:
                came_from[following] = key
                pending.append(following)
    way: list[Key] = []
    step: Key | None = goal if goal in came_from else None
    while step is not None:
        way.append(step)
        step = came_from[step]
    return tuple(reversed(way))


class Arcs:
    """The arcs of stories: what each follows, and what follows it."""

    def __init__(self, outlines: Outlines, expired: frozenset[Key]) -> None:
        self._outlines = outlines
        self._expired = expired
        self._followers = followers(outlines)

    def earlier(self, key: Key) -> list[Key]:
        """Return the stories that a story names under `follows`; expired ones included."""
        keys = (("story", slug) for slug in self._outlines[key].slugs("story"))
        return [key for key in keys if key in self._outlines]

    def later(self, key: Key) -> list[Key]:
        """Return the stories that name a story under `follows`, oldest first."""
        return [one for one in self._followers.get(key, ()) if one not in self._expired]

    def arc(self, key: Key) -> list[Key]:
        """Return the arc of a story, itself included, oldest first; empty where it is alone."""
        found = {key}
        for step in (self.earlier, self.later):
            pending = [key]
            while pending:
                for other in step(pending.pop()):
                    if other not in found:
                        found.add(other)
                        pending.append(other)
        return oldest_first(self._outlines, found) if len(found) > 1 else []

    def neighbours(self, key: Key) -> tuple[str, str]:
        """Return the slugs of the stories before and behind a story in its arc."""
        before = oldest_first(self._outlines, self.earlier(key))
        behind = self.later(key)
        return before[-1][1] if before else "", behind[0][1] if behind else ""


def oldest_first(outlines: Outlines, keys: Iterable[Key]) -> list[Key]:
    """Return keys by date, the oldest first, then by slug."""

    def order(key: Key) -> tuple[float, str]:
        stamp, slug = newest_first(outlines[key])
        return -stamp, slug

    return sorted(keys, key=order)


class Company:
    """Topics that appear in the same stories, and how often.

    `topics` holds the topics of each story; only `listed` ones are shown.
    """

    def __init__(self, topics: Mapping[str, tuple[str, ...]], listed: frozenset[Key]) -> None:
        self._listed = listed
        self._counts: dict[str, Counter[str]] = defaultdict(Counter)
        for slugs in topics.values():
            for slug in slugs:
                self._counts[slug].update(slugs)

    def together(self, topic: str) -> tuple[tuple[str, int], ...]:
        """Return the topics that share stories with one and how many, most first."""
        counts = self._counts.get(topic, Counter())
        shown = [
            item for item in counts.items()
            if item[0] != topic and ("topic", item[0]) in self._listed
        ]  # fmt: skip
        shown.sort(key=lambda item: (-item[1], item[0]))
        return tuple(shown[:TOGETHER_MOST])

    def ties(self, topics: Iterable[str]) -> tuple[tuple[str, str], ...]:
        """Return the pairs of some topics that share the most stories, sorted by their slugs.

        Of pairs that share equally many either all are there or none, so that nothing but the
        stories decides.
        """
        found = [
            (count, pair) for pair in combinations(sorted(topics), 2)
            if (count := self._counts[pair[0]].get(pair[1], 0)) >= TIE_LEAST
        ]  # fmt: skip
        if len(found) > TIES_MOST:
            found.sort(key=lambda item: -item[0])
            too_few = found[TIES_MOST][0]
            found = [item for item in found if item[0] > too_few]
        return tuple(sorted(pair for _, pair in found))
