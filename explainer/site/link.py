"""Outlines -> Site: the whole of linking on one screen, with every finding on the way."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby

import msgspec

from explainer.config import Config
from explainer.content.mentions import Name
from explainer.content.model import KINDS, Ref
from explainer.content.reader import Sources
from explainer.content.record import Outline
from explainer.diagnostics import Diagnostic, Findings, Span, did_you_mean
from explainer.pictures.seen import Seen
from explainer.site import graph
from explainer.site.collisions import Claim, report_collisions
from explainer.site.links import Key, Links, Lists, Site
from explainer.site.order import key_of, newest_first
from explainer.site.pictures import (
    References,
    check_pictures,
    published_pictures,
    references,
    shown_pictures,
)
from explainer.site.related import RELATED_MOST, Relations
from explainer.site.resolve import (
    Known,
    check_entry_ref,
    check_ref,
    file_places,
    published_files,
    site_url,
)
from explainer.site.shards import shards_of
from explainer.site.urls import (
    CARD_KINDS,
    CARDS,
    FEEDS,
    INDEXES,
    MARK,
    SEARCH,
    SEARCH_INDEX,
    SUMMARIES,
    card_url,
    entry_url,
    feed_url,
    folded,
    output_path,
    page_url,
)
from explainer.site.visibility import Status, constant_between, status

SITEMAP = "/sitemap.xml"
ROBOTS = "/robots.txt"
NOT_FOUND = "/404.html"
ASSETS = "/assets/"

_OWN = ("source", "anchor")
"""Kinds of references to places in the entry itself, which are checked when it is read."""

_WITH_STORIES = ("topic", "paper", "author")
"""Kinds whose pages have a list of stories that may go on over several pages."""


NEVER = (datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC))
"""A span of time in which there is no moment."""


@dataclass(frozen=True, slots=True)
class Linked:
    """What became of the entries."""

    site: Site | None
    """None where there are errors."""

    diagnostics: tuple[Diagnostic, ...]
    between: tuple[datetime, datetime] = NEVER
    """First moment at which the clock would give the same site, and the first at which it would
    not any more."""


def link(
    outlines: Iterable[Outline],
    sources: Sources,
    config: Config,
    now: datetime,
    *,
    drafts: bool,
    pictures: Mapping[str, Seen] | None = None,
) -> Linked:
    """Join the entries into a site; every reference is resolved or reported.

    `pictures` is what was seen in the files of `explainer.site.pictures.named_pictures`.
    """
    findings = Findings()
    everything = _by_key(outlines, findings)
    states = {key: status(outline, now, drafts=drafts) for key, outline in everything.items()}
    entries = {key: outline for key, outline in everything.items() if states[key].has_page}
    expired = frozenset(key for key in entries if states[key] is Status.EXPIRED)
    all_urls = {key: entry_url(outline, config) for key, outline in everything.items()}
    all_targets = _targets(everything, all_urls)
    urls = {key: all_urls[key] for key in entries}
    targets = {url: key for url, key in all_targets.items() if key in entries}

    order = sorted(entries, key=lambda key: (*newest_first(entries[key]), key))
    listed = [key for key in order if key not in expired]
    followed = {key: graph.references(entries[key], targets) for key in entries}
    backlinks = graph.backlinks(listed, followed)
    made = _made_pages(listed, entries, urls, backlinks, config)
    known_urls = frozenset({*made, *(f"/{path}" for path in sources.static)})
    unreadable = _unreadable(sources, everything.values())
    known = Known(
        everything, all_urls, all_targets, known_urls, unreadable, sources, now,
        drafts=drafts, pictures=pictures or {},
    )  # fmt: skip

    files, clashes = published_files(entries, urls, sources.files)
    for output, path, outline, ref in clashes:
        message = f'"{path}" and "{files[output]}" would both be published as "/{output}"'
        findings.add("E501", outline.span(ref), message, "rename one of them")
    by_kind: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for kind, slug in listed:
        by_kind[kind].append(slug)
    lists = Lists(
        story=tuple(by_kind["story"]),
        together=config.search_together,
        months=tuple(_months(entries["story", slug] for slug in by_kind["story"])),
        question=tuple(by_kind["question"]),
        topic=tuple(sorted(by_kind["topic"])),
        paper=tuple(sorted(by_kind["paper"])),
        author=tuple(sorted(by_kind["author"])),
        page=tuple(sorted(by_kind["page"])),
        made=tuple(sorted(url for url in made if url.endswith("/") and url != SEARCH)),
        static=sources.static,
        files=files,
        names=tuple(_names(entries["topic", slug] for slug in by_kind["topic"]))
        if config.mentions
        else (),
    )
    named = {key: refs for key, outline in everything.items() if (refs := references(outline))}
    _check_references(everything, states, known, findings)
    check_pictures(((everything[key], refs) for key, refs in named.items()), known, findings)
    graph.report_loops(everything, findings)
    _check_config(config, known, sources, findings)
    index = _claims_of_index(lists) if config.search else ()
    claims = _claims(everything, all_urls, made, files, sources)
    drawn = _card_claims(entries, claims) if config.cards else ()
    report_collisions([*index, *drawn, *claims], findings)
    if findings.has_errors:
        return Linked(None, tuple(findings))

    shown = ((entries[key], refs) for key, refs in named.items() if key in entries)
    lists = msgspec.structs.replace(lists, pictures=published_pictures(shown, known))
    linker = _Linker(entries, expired, urls, targets, known, named, followed, backlinks, lists)
    links = {key: linker.links(key) for key in entries}
    between = constant_between(everything.values(), now)
    return Linked(Site(links, lists), tuple(findings), between)


class _Linker:
    """Puts together what is known of each entry."""

    def __init__(
        self,
        entries: Mapping[Key, Outline],
        expired: frozenset[Key],
        urls: Mapping[Key, str],
        targets: Mapping[str, Key],
        known: Known,
        named: Mapping[Key, References],
        references: Mapping[Key, Mapping[Key, None]],
        backlinks: Mapping[Key, list[Key]],
        lists: Lists,
    ) -> None:
        self._entries = entries
        self._expired = expired
        self._urls = urls
        self._targets = targets
        self._known = known
        self._named = named
        self._backlinks = backlinks
        self._arcs = graph.Arcs(entries, expired)
        self._topics = {
            kind: {
                slug: tuple(target[1] for target in references[kind, slug] if target[0] == "topic")
                for slug in getattr(lists, kind)
            }
            for kind in ("story", "question")
        }
        self._relations = {
            kind: Relations(getattr(lists, kind), topics) for kind, topics in self._topics.items()
        }
        listed = frozenset(key for key in entries if key not in expired)
        self._company = graph.Company(self._topics["story"], listed)
        self._months = {
            key[1]: outline.date.text[: len("2025-09")]
            for key, outline in entries.items()
            if key[0] == "story" and outline.date is not None
        }

    def links(self, key: Key) -> Links:
        """Return what is known of one entry."""
        kind, _ = key
        outline = self._entries[key]
        referrers: dict[str, list[str]] = {}
        for other_kind, other in self._backlinks.get(key, ()):
            referrers.setdefault(other_kind, []).append(other)
        image, pictures = shown_pictures(
            outline, self._named.get(key, ()), self._urls[key], self._known
        )
        more = getattr(self, f"_{kind}", self._nothing)(key, outline)
        return Links(
            path=outline.path,
            url=self._urls[key],
            listed=key not in self._expired,
            referrers={name: tuple(slugs) for name, slugs in referrers.items()},
            aliases=tuple(alias.slug for alias in outline.aliases),
            files=file_places(outline, self._urls[key]),
            urls=self._site_urls(outline),
            image=image,
            pictures=pictures,
            **more,
        )

    def _nothing(self, key: Key, outline: Outline) -> dict[str, object]:
        return {}

    def _story(self, key: Key, outline: Outline) -> dict[str, object]:
        arc = self._arcs.arc(key)
        before, behind = self._arcs.neighbours(key)
        slugs = tuple(slug for _, slug in arc)
        topics = self._topics["story"].get(key[1], ())
        return {
            "topics": topics,
            "questions": outline.slugs("question"),
            "arc": slugs,
            "before": before,
            "behind": behind,
            "followers": tuple(slug for _, slug in self._arcs.later(key)),
            "mentioned_in": tuple(
                other
                for other in self._backlinks.get(key, ())
                if other[0] == "question" or (other[0] == "story" and other[1] not in slugs)
            ),
            "related": self._relations["story"].related(key[1], topics, slugs),
        }

    def _question(self, key: Key, outline: Outline) -> dict[str, object]:
        named = outline.slugs("question")
        others = self._relations["question"].related(key[1], outline.slugs("topic"), named)
        found = (*named, *(slug for slug, _ in others))
        return {"related_questions": found[: max(RELATED_MOST, len(named))]}

    def _topic(self, key: Key, outline: Outline) -> dict[str, object]:
        together = self._company.together(key[1])
        stories = [slug for kind, slug in self._backlinks.get(key, ()) if kind == "story"]
        # A story that could not be read as it is has no date; the error is told already.
        months = map(self._months.get, stories)
        return {
            "together": together,
            "ties": self._company.ties(slug for slug, _ in together[: graph.MAPPED_MOST]),
            "months": tuple(sorted(Counter(filter(None, months)).items())),
            "chronicle": tuple(slug for slug in stories if self._entries["story", slug].has_events),
        }

    def _site_urls(self, outline: Outline) -> dict[str, tuple[str, Key | None]]:
        found = {}
        refs = (*outline.prose_refs, outline.image) if outline.image else outline.prose_refs
        for ref in refs:
            if ref.kind == "url" and ref.slug not in found:
                url = site_url(ref.slug, self._targets, self._known.pages) or ref.slug
                key = self._targets.get(url)
                found[ref.slug] = (self._urls[key] if key else url, key)
        return found


def _by_key(outlines: Iterable[Outline], findings: Findings) -> dict[Key, Outline]:
    """Return the entries by kind and slug; a second one of the same key is reported."""
    found: dict[Key, Outline] = {}
    for outline in sorted(outlines, key=lambda outline: (key_of(outline), outline.path)):
        if not outline.id.slug:
            continue
        other = found.setdefault(key_of(outline), outline)
        if other is not outline:
            kind, slug = key_of(outline)
            findings.add(
                "E109", Span(outline.path),
                f'{outline.path} and {other.path} are both the {kind} "{slug}"',
                "delete one, or give one another slug",
            )  # fmt: skip
    return found


def _unreadable(sources: Sources, outlines: Iterable[Outline]) -> frozenset[Key]:
    """Return the keys of the files that have no entry, because reading them failed."""
    read = {outline.path for outline in outlines}
    return frozenset(
        (source.kind, source.name_parts[1]) for source in sources.entries if source.path not in read
    )


def _targets(outlines: Mapping[Key, Outline], urls: Mapping[Key, str]) -> dict[str, Key]:
    """Return the entry at each URL; a page's own URL counts before an alias."""
    found: dict[str, Key] = {}
    for key, outline in outlines.items():
        for alias in outline.aliases:
            found.setdefault(alias.slug, key)
    found.update((url, key) for key, url in urls.items())
    return found


def _names(topics: Iterable[Outline]) -> Iterator[Name]:
    """Return the names under which topics are found in prose."""
    for topic in topics:
        for number, name in enumerate(topic.names):
            yield Name(name, topic.id.slug, number == 0)


def _months(stories: Iterable[Outline]) -> Iterator[tuple[str, int]]:
    """Return the months of stories, and how many follow each other in each."""
    for month, some in groupby(one.date.text[:7] for one in stories if one.date is not None):
        yield month, sum(1 for _ in some)


def _check_references(
    outlines: Mapping[Key, Outline], states: Mapping[Key, Status], known: Known, findings: Findings
) -> None:
    """Report every reference that leads nowhere; nearly all are looked up once and are good."""
    good = {key for key, state in states.items() if state is Status.PUBLISHED}

    def judge(outline: Outline, refs: Iterable[Ref]) -> None:
        for ref in refs:
            if ((ref.kind, ref.slug) not in good or ref.fragment) and ref.kind not in _OWN:
                check_ref(outline, ref, known, findings)

    for outline in outlines.values():
        judge(outline, outline.listed_refs)
        judge(outline, (outline.image,) if outline.image is not None else ())
        judge(outline, outline.prose_refs)


def _made_pages(
    listed: Iterable[Key],
    entries: Mapping[Key, Outline],
    urls: Mapping[Key, str],
    backlinks: Mapping[Key, list[Key]],
    config: Config,
) -> dict[str, str]:
    """Return the pages that no author writes: URL -> what it is, in words."""
    made = {
        "/": "the home page",
        NOT_FOUND: "the page for what is not found",
        SITEMAP: "the sitemap",
        **{feed_url("/", sort): "the feed" for sort in FEEDS},
    }
    if config.search:
        made[SEARCH] = "the search page"
    counts = dict.fromkeys(KINDS, 0)
    for kind, _ in listed:
        counts[kind] += 1
    for name, url in INDEXES.items():
        count = counts[INDEXED[name]]
        if count:
            pages = math.ceil(count / config.page_size) if name in ("stories", "questions") else 1
            for number in range(1, pages + 1):
                made[page_url(url, number)] = f"the index of {name}"
    made |= _made_for_topics([key for key in listed if key[0] == "topic"], urls, config)
    for key in entries:
        if key[0] in _WITH_STORIES:
            count = sum(1 for other in backlinks.get(key, ()) if other[0] == "story")
            for number in range(2, math.ceil(count / config.page_size) + 1):
                made[page_url(urls[key], number)] = f'the list of stories of {key[0]} "{key[1]}"'
    return made


def _made_for_topics(
    topics: Iterable[Key], urls: Mapping[Key, str], config: Config
) -> Iterator[tuple[str, str]]:
    """Yield the files beside the pages of topics: URL, and what it is, in words."""
    # Where two topics are in each other's way, that is said of their pages.
    places = {folded(urls[key]): key for key in topics}
    if places:
        yield SUMMARIES, "the summaries of topics"
    if config.topic_feeds:
        for key in places.values():
            for sort in FEEDS:
                yield feed_url(urls[key], sort), f'the feed of topic "{key[1]}"'


INDEXED = {
    "stories": "story",
    "questions": "question",
    "topics": "topic",
    "papers": "paper",
    "authors": "author",
}
"""Sort of index page -> kind of the entries in it."""


def _claims(
    outlines: Mapping[Key, Outline],
    urls: Mapping[Key, str],
    made: Mapping[str, str],
    files: Mapping[str, str],
    sources: Sources,
) -> list[Claim]:
    """Return all that wants a place in the output, in the order in which it may have it."""
    toml = Span("site.toml")
    claims = [Claim(output_path(url), words, toml) for url, words in made.items()]
    claims.append(Claim(output_path(ASSETS), "the theme's assets", toml))
    claims.append(Claim(MARK, "the mark of a built site", toml))
    if output_path(ROBOTS) not in sources.static:
        claims.append(Claim(output_path(ROBOTS), "robots.txt", toml))
    by_path = sorted(outlines.items(), key=lambda item: item[1].path)
    for key, outline in by_path:
        claims.append(Claim(output_path(urls[key]), outline.path, Span(outline.path)))
    for path in sources.static:
        claims.append(Claim(path, f"static/{path}", Span(f"static/{path}")))
    for output, path in sorted(files.items()):
        claims.append(Claim(output, path, Span(path)))
    for _, outline in by_path:
        for alias in outline.aliases:
            path = output_path(redirect_url(alias.slug))
            claims.append(Claim(path, outline.path, outline.span(alias), is_alias=True))
    return claims


def _claims_of_index(lists: Lists) -> Iterator[Claim]:
    """Yield the places of the files of the search's index: a folder for each shard."""
    owner, toml = "the index of the search", Span("site.toml")
    yield Claim(output_path(SEARCH_INDEX), owner, toml)
    for name in shards_of(lists):
        yield Claim(output_path(f"{SEARCH}{name}"), owner, toml)


def _card_claims(keys: Iterable[Key], others: Iterable[Claim]) -> Iterator[Claim]:
    """Return the claims of social cards, where something else wants a place in their folder."""
    folder = CARDS.strip("/")
    if any(folded(claim.path).split("/")[0] == folder for claim in others):
        toml = Span("site.toml")
        for kind, slug in (("site", ""), *keys):
            if kind in CARD_KINDS or kind == "site":
                what = f'the social card of {kind} "{slug}"' if slug else "the site's social card"
                yield Claim(output_path(card_url(kind, slug)), what, toml)


def redirect_url(alias: str) -> str:
    """Return the URL at which an alias is answered: a folder, unless it names an HTML file."""
    return alias if alias.endswith(("/", ".html")) else f"{alias}/"


def _check_config(config: Config, known: Known, sources: Sources, findings: Findings) -> None:
    """Report what site.toml names and is not there."""
    for name in ("corrections", "principles"):
        value = getattr(config.publisher, name)
        if value:
            span = config.document.value("site", "publisher", name)
            check_entry_ref(("page", value.removeprefix("page:")), "", span, known, findings)
    logo = config.publisher.logo
    if logo and logo.lstrip("/") not in sources.static:
        span = config.document.value("site", "publisher", "logo")
        hint = did_you_mean(logo, sources.static) or "put it into static/"
        findings.add("W608", span, f'there is no file "{logo}" in static/', hint)
