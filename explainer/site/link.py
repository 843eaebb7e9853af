"""Entries -> Site: the whole of linking on one screen, with every finding on the way."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from explainer.config import Config
from explainer.content.mentions import Matcher, Name
from explainer.content.model import AnyEntry, Ref, Topic
from explainer.content.reader import Sources
from explainer.diagnostics import Diagnostic, Findings, Span, did_you_mean
from explainer.site import graph
from explainer.site.collisions import Claim, report_collisions
from explainer.site.resolve import Known, check_entry_ref, check_ref, published_files
from explainer.site.site import Key, Site, key_of, newest_first, sorted_keys
from explainer.site.urls import INDEXES, MARK, entry_url, output_path, page_url
from explainer.site.visibility import Status, status

FEED = "/feed.xml"
SITEMAP = "/sitemap.xml"
ROBOTS = "/robots.txt"
NOT_FOUND = "/404.html"
ASSETS = "/assets/"


@dataclass(frozen=True, slots=True)
class Linked:
    """What became of the entries."""

    site: Site | None
    """None where there are errors."""

    diagnostics: tuple[Diagnostic, ...]


def link(
    parsed: Iterable[AnyEntry], sources: Sources, config: Config, now: datetime, *, drafts: bool
) -> Linked:
    """Join the entries into a site; every reference is resolved or reported."""
    findings = Findings()
    everything = _by_key(parsed, findings)
    states = {key: status(entry, now, drafts=drafts) for key, entry in everything.items()}
    entries = {key: entry for key, entry in everything.items() if states[key].has_page}
    all_urls = {key: entry_url(entry, config) for key, entry in everything.items()}
    all_targets = _targets(everything, all_urls)
    urls = {key: all_urls[key] for key in entries}
    targets = {url: key for url, key in all_targets.items() if key in entries}

    listed = [key for key in entries if states[key] is Status.PUBLISHED]
    stories = sorted((k for k in listed if k[0] == "story"), key=lambda k: newest_first(entries[k]))
    order = {key: number for number, key in enumerate(sorted_keys(entries, entries))}
    backlinks = graph.backlinks(entries, targets, order)
    made = _made_pages(entries, set(listed), urls, backlinks, config)
    known_urls = frozenset({*made, *(f"/{path}" for path in sources.static)})
    unreadable = _unreadable(sources, everything.values())
    known = Known(
        everything, all_urls, all_targets, known_urls, unreadable, sources, now, drafts=drafts
    )

    files, file_urls, clashes = published_files(entries.values(), urls, sources.files)
    for output, path, entry, ref in clashes:
        message = f'"{path}" and "{files[output]}" would both be published as "/{output}"'
        findings.add("E501", entry.span(ref), message, "rename one of them")
    for entry in everything.values():
        for ref in (*entry.listed_refs, *_prose_refs(entry)):
            check_ref(entry, ref, known, findings)
    graph.report_loops(everything, findings)
    _check_config(config, known, sources, findings)
    report_collisions(_claims(everything, all_urls, made, files, sources), findings)
    if findings.has_errors:
        return Linked(None, tuple(findings))

    topics_of = graph.topics_of(stories, entries, targets)
    site = Site(
        config=config,
        now=now,
        entries=entries,
        urls=urls,
        targets=targets,
        known_urls=known_urls,
        files=files,
        file_urls=file_urls,
        static=sources.static,
        stories=tuple(stories),
        order=order,
        expired=frozenset(key for key in entries if states[key] is Status.EXPIRED),
        backlinks=backlinks,
        followers=graph.followers(entries),
        topics_of=topics_of,
        together=graph.together(topics_of),
        matcher=Matcher(_names(entries[key] for key in listed) if config.mentions else ()),
    )
    return Linked(site, tuple(findings))


def _by_key(parsed: Iterable[AnyEntry], findings: Findings) -> dict[Key, AnyEntry]:
    """Return the entries by kind and slug; a second one of the same key is reported."""
    found: dict[Key, AnyEntry] = {}
    for entry in sorted(parsed, key=lambda entry: (key_of(entry), entry.path)):
        if not entry.id.slug:
            continue
        other = found.setdefault(key_of(entry), entry)
        if other is not entry:
            kind, slug = key_of(entry)
            findings.add(
                "E109", Span(entry.path),
                f'{entry.path} and {other.path} are both the {kind} "{slug}"',
                "delete one, or give one another slug",
            )  # fmt: skip
    return found


def _unreadable(sources: Sources, entries: Iterable[AnyEntry]) -> frozenset[Key]:
    """Return the keys of the files that have no entry, because reading them failed."""
    read = {entry.path for entry in entries}
    return frozenset(
        (source.kind, source.name_parts[1]) for source in sources.entries if source.path not in read
    )


def _targets(entries: Mapping[Key, AnyEntry], urls: Mapping[Key, str]) -> dict[str, Key]:
    """Return the entry at each URL; a page's own URL counts before an alias."""
    found: dict[str, Key] = {}
    for key, entry in entries.items():
        for alias in entry.aliases:
            found.setdefault(alias.slug, key)
    found.update((url, key) for key, url in urls.items())
    return found


def _prose_refs(entry: AnyEntry) -> Iterator[Ref]:
    if entry.image is not None:
        yield entry.image.src
    for prose in entry.proses:
        yield from prose.refs


def _names(entries: Iterable[AnyEntry]) -> Iterable[Name]:
    """Return the names under which topics are found in prose."""
    for entry in entries:
        if isinstance(entry, Topic) and entry.mentions:
            yield Name(entry.title, entry.id.slug, True)
            yield from (Name(name, entry.id.slug, False) for name in entry.also)


def _made_pages(
    entries: Mapping[Key, AnyEntry],
    listed: set[Key],
    urls: Mapping[Key, str],
    backlinks: Mapping[tuple[Key, str], tuple[Key, ...]],
    config: Config,
) -> dict[str, str]:
    """Return the pages that no author writes: URL -> what it is, in words."""
    made = {
        "/": "the home page",
        NOT_FOUND: "the page for what is not found",
        FEED: "the feed",
        SITEMAP: "the sitemap",
    }
    singular = {"stories": "story", "questions": "question", "topics": "topic",
                "papers": "paper", "authors": "author"}  # fmt: skip
    for name, url in INDEXES.items():
        count = sum(1 for key in listed if key[0] == singular[name])
        if count:
            pages = math.ceil(count / config.page_size) if name in ("stories", "questions") else 1
            for number in range(1, pages + 1):
                made[page_url(url, number)] = f"the index of {name}"
    for key in entries:
        if key[0] in ("topic", "paper", "author"):
            count = sum(1 for story in backlinks.get((key, "story"), ()) if story in listed)
            for number in range(2, math.ceil(count / config.page_size) + 1):
                made[page_url(urls[key], number)] = f'the list of stories of {key[0]} "{key[1]}"'
    return made


def _claims(
    entries: Mapping[Key, AnyEntry],
    urls: Mapping[Key, str],
    made: Mapping[str, str],
    files: Mapping[str, str],
    sources: Sources,
) -> list[Claim]:
    """Return all that wants a place in the output, in the order in which it may have it."""
    claims = [Claim(output_path(url), words, Span("site.toml")) for url, words in made.items()]
    claims.append(Claim(output_path(ASSETS), "the theme's assets", Span("site.toml")))
    claims.append(Claim(MARK, "the mark of a built site", Span("site.toml")))
    if output_path(ROBOTS) not in sources.static:
        claims.append(Claim(output_path(ROBOTS), "robots.txt", Span("site.toml")))
    for key, entry in sorted(entries.items(), key=lambda item: item[1].path):
        claims.append(Claim(output_path(urls[key]), entry.path, Span(entry.path)))
    for path in sources.static:
        claims.append(Claim(path, f"static/{path}", Span(f"static/{path}")))
    for output, path in sorted(files.items()):
        claims.append(Claim(output, path, Span(path)))
    for entry in sorted(entries.values(), key=lambda entry: entry.path):
        for alias in entry.aliases:
            path = output_path(redirect_url(alias.slug))
            claims.append(Claim(path, entry.path, entry.span(alias), is_alias=True))
    return claims


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
