"""The settings of a site, and how site.toml becomes them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit
from zoneinfo import ZoneInfo

from explainer.config.toml import Key, TomlDocument, read_toml
from explainer.diagnostics import Diagnostic, Findings, Span, did_you_mean

FILE_NAME = "site.toml"

DEFAULT_PERMALINKS = {
    "story": "/stories/{slug}/",
    "question": "/questions/{slug}/",
    "topic": "/topics/{slug}/",
    "paper": "/papers/{slug}/",
    "author": "/authors/{slug}/",
    "page": "/{slug}/",
}
DATED_KINDS = frozenset({"story"})
"""Kinds whose permalinks may hold a date: only these always have one."""

REDIRECT_HOSTS = ("netlify", "nginx", "html")

CARD_FONT_ENDINGS = (".ttf", ".otf")
"""Endings of the fonts that pictures for social networks are set in."""

SOURCES = ("", "content", "static", "themes", ".git", ".explainer")
"""Folders of a site, itself among them, that it cannot be built into."""

_LANGUAGE = re.compile(r"^[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?$")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
_SECTION_ID = re.compile(r"^[\w-]+$")
_PATTERN_PART = re.compile(r"[\w-]*(\{[^{}]*\}[\w-]*)*")


@dataclass(frozen=True, slots=True)
class SectionRule:
    """A section that stories have, as `[[sections]]` names it."""

    id: str
    title: str
    required: bool = False


DEFAULT_SECTIONS = (
    SectionRule("happened", "What's happened"),
    SectionRule("behind", "What's behind the headline?"),
    SectionRule("papers", "What the papers say"),
    SectionRule("background", "How we got here"),
)


@dataclass(frozen=True, slots=True)
class PublisherConfig:
    """Who publishes the site."""

    name: str = ""
    logo: str = ""
    """Path of the logo in static/."""

    corrections: str = ""
    """Reference to the page on corrections (`page:corrections`)."""

    principles: str = ""
    """Reference to the page on principles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The settings of a site; every field but title and base_url has a default."""

    title: str
    base_url: str
    """Scheme, host and path, with a slash at its end."""

    own_url: str = ""
    """The base URL of site.toml, where another one has taken its place for a build."""

    description: str = ""
    language: str = "en"
    timezone: str = "UTC"
    theme: str = "gazette"
    publisher: PublisherConfig = PublisherConfig()
    sections: tuple[SectionRule, ...] = DEFAULT_SECTIONS
    permalinks: dict[str, str] = field(default_factory=lambda: dict(DEFAULT_PERMALINKS))
    page_size: int = 50
    feed_size: int = 20
    topic_feeds: bool = True
    mentions: bool = True
    search: bool = True
    search_together: int = 0
    """Entries that are indexed together, about; 0 leaves it to the search. Not from site.toml: the
    preview, where an edit is to be seen at once, has smaller parts."""

    cards: bool = True
    """Whether there are pictures for social networks, and the tags that name them."""

    card_fonts: tuple[str, ...] = ()
    """Fonts for these pictures besides those of the theme: paths relative to the site."""

    output: str = "public"
    workers: int = 0
    redirect_hosts: tuple[str, ...] = REDIRECT_HOSTS
    theme_settings: dict[str, Any] = field(default_factory=dict)
    """The table `[theme]`, checked against theme.toml when the theme is loaded."""

    document: TomlDocument
    """The file that it was read from, for the places of later findings."""

    @property
    def zone(self) -> ZoneInfo:
        """The site's time zone."""
        return ZoneInfo(self.timezone)

    @property
    def origin(self) -> str:
        """Scheme and host of `base_url`, without a slash at its end."""
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def base_path(self) -> str:
        """Path of `base_url`, decoded: `/`, or `/news/`."""
        return unquote(urlsplit(self.base_url).path)


PATH_SAFE = "/-._~!$&'()*+,;=:@"
"""Characters of a path that need no percent sign (RFC 3986)."""


def parse_base_url(text: str) -> str | None:
    """Return a base URL as links need it, with a slash at its end, or None where it is none.

    Its path may be written with percent signs or without.
    """
    try:
        parts = urlsplit(text)
        host = parts.hostname
        _ = parts.port
        path = unquote(parts.path, errors="strict")
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment:
        return None
    if re.search(r"""[\s"<>\\^`{|}]|%2f""", parts.path, re.IGNORECASE) or "@" in parts.netloc:
        return None
    if re.search(r"""[\x00-\x1f\x7f"<>\\^`{|}?#%]|(?:^|/)\.\.?(?:/|$)|//""", path):
        return None
    return f"{parts.scheme}://{parts.netloc}{quote(path, safe=PATH_SAFE).rstrip('/')}/"


def load_config(root: Path) -> tuple[Config | None, tuple[Diagnostic, ...]]:
    """Read `site.toml` of a site; without a usable one there are findings instead."""
    findings = Findings()
    file = root / FILE_NAME
    if not file.is_file():
        findings.add(
            "E601", Span(FILE_NAME), "there is no site.toml here, so this is not a site",
            "make one with: explainer init DIR",
        )  # fmt: skip
        return None, tuple(findings)
    document = read_toml(file, FILE_NAME, "E602", findings)
    if document is None:
        return None, tuple(findings)
    config = _Reader(document, findings).config()
    return (None if findings.has_errors else config), tuple(findings)


class _Reader:
    """Takes the tables of site.toml one by one and reports all that is wrong."""

    def __init__(self, document: TomlDocument, findings: Findings) -> None:
        self.document = document
        self.findings = findings

    def config(self) -> Config:
        data = self.document.data
        tables = (
            "site", "sections", "permalinks", "lists", "mentions", "search", "cards", "build",
            "redirects", "theme",
        )  # fmt: skip
        self._unknown((), data, tables)
        site = self._table("site")
        keys = ("title", "description", "base_url", "language", "timezone", "theme", "publisher")
        self._unknown(("site",), site, keys)
        for key in ("title", "base_url"):
            if key not in site:
                self._add(
                    "E604", self.document.key("site"), f"`{key}` is missing in [site]",
                    f'add a line: {key} = "…"',
                )  # fmt: skip
        theme = data.get("theme", {})
        if not isinstance(theme, dict):
            self._wrong(("theme",), "[theme] must be a table; the theme's name is [site] theme")
            theme = {}
        lists = self._table("lists", "page_size", "feed_size", "topic_feeds")
        cards = self._table("cards", "enabled", "fonts")
        build = self._table("build", "output", "workers")
        return Config(
            title=self._text(site, "site", "title", "untitled"),
            base_url=self._base_url(site),
            description=self._text(site, "site", "description", ""),
            language=self._language(site),
            timezone=self._timezone(site),
            theme=self._text(site, "site", "theme", "gazette"),
            publisher=self._publisher(site),
            sections=self._sections(),
            permalinks=self._permalinks(),
            page_size=self._number(lists, "lists", "page_size", 50, least=1),
            feed_size=self._number(lists, "lists", "feed_size", 20, least=1),
            topic_feeds=self._flag(lists, "lists", "topic_feeds"),
            mentions=self._enabled("mentions"),
            search=self._enabled("search"),
            cards=self._flag(cards, "cards", "enabled"),
            card_fonts=self._fonts(cards),
            output=self._output(build),
            workers=self._number(build, "build", "workers", 0, least=0),
            redirect_hosts=self._hosts(),
            theme_settings=theme,
            document=self.document,
        )

    # -- the tables --------------------------------------------------------------------------

    def _base_url(self, site: dict[str, Any]) -> str:
        text = self._text(site, "site", "base_url", "https://site.invalid/")
        parsed = parse_base_url(text)
        if parsed is None:
            self._wrong(
                ("site", "base_url"), f'"{text}" is not the address of a site',
                "write scheme, host and path: https://example.org/news/",
            )  # fmt: skip
        return parsed or "https://site.invalid/"

    def _language(self, site: dict[str, Any]) -> str:
        text = self._text(site, "site", "language", "en")
        if not _LANGUAGE.match(text):
            self._wrong(
                ("site", "language"), f'"{text}" is not a language tag', "write en or zh-Hans"
            )
            return "en"
        return text

    def _timezone(self, site: dict[str, Any]) -> str:
        import zoneinfo

        text = self._text(site, "site", "timezone", "UTC")
        try:
            ZoneInfo(text)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
            hint = did_you_mean(text, zoneinfo.available_timezones())
            self._wrong(("site", "timezone"), f'unknown time zone "{text}"', hint)
            return "UTC"
        return text

    def _publisher(self, site: dict[str, Any]) -> PublisherConfig:
        where = ("site", "publisher")
        data = site.get("publisher", {})
        if not isinstance(data, dict):
            self._wrong(where, '`publisher` must be a table: { name = "…" }')
            return PublisherConfig()
        keys = ("name", "logo", "corrections", "principles")
        self._unknown(where, data, keys)
        values = {key: self._text(data, *where, key, "") for key in keys}
        for key in ("corrections", "principles"):
            if values[key] and not values[key].startswith("page:"):
                self._wrong(
                    (*where, key), f'`{key}` must be a reference to a page, not "{values[key]}"',
                    "write page:slug",
                )  # fmt: skip
                values[key] = ""
        return PublisherConfig(**values)

    def _sections(self) -> tuple[SectionRule, ...]:
        data = self.document.data.get("sections")
        if data is None:
            return DEFAULT_SECTIONS
        if not isinstance(data, list) or not all(isinstance(item, dict) for item in data):
            self._wrong(("sections",), "sections are written as [[sections]] tables")
            return DEFAULT_SECTIONS
        rules: list[SectionRule] = []
        for index, item in enumerate(data):
            where: tuple[Key, ...] = ("sections", index)
            self._unknown(where, item, ("id", "title", "required"))
            for key in ("id", "title"):
                if key not in item:
                    span = self.document.key(*where)
                    self._add("E604", span, f"`{key}` is missing in this section")
            name = self._text(item, *where, "id", f"section-{index}")
            title = self._text(item, *where, "title", name)
            required = item.get("required", False)
            if not isinstance(required, bool):
                self._wrong((*where, "required"), "`required` must be true or false")
            if not _SECTION_ID.match(name):
                self._wrong(
                    (*where, "id"), f'"{name}" is not an id: use letters, digits and hyphens'
                )
            if any(rule.id == name for rule in rules):
                self._wrong((*where, "id"), f'two sections have the id "{name}"')
            if any(rule.title == title for rule in rules):
                self._wrong((*where, "title"), f'two sections have the title "{title}"')
            rules.append(SectionRule(name, title, required is True))
        return tuple(rules)

    def _permalinks(self) -> dict[str, str]:
        data = self._table("permalinks", *DEFAULT_PERMALINKS)
        patterns = dict(DEFAULT_PERMALINKS)
        for kind in DEFAULT_PERMALINKS:
            pattern = self._text(data, "permalinks", kind, patterns[kind])
            fault, hint = _permalink_fault(kind, pattern)
            if fault:
                self._add("E606", self.document.value("permalinks", kind), fault, hint)
            else:
                patterns[kind] = pattern
        return patterns

    def _output(self, build: dict[str, Any]) -> str:
        text = self._text(build, "build", "output", "public")
        if not text or text.startswith("/") or "\0" in text or ".." in text.split("/"):
            self._wrong(
                ("build", "output"), f'"{text}" is not a folder inside the site',
                "write a name such as public; --output takes any folder",
            )  # fmt: skip
            return "public"
        first = next((part for part in text.split("/") if part not in ("", ".")), "")
        if first in SOURCES:
            self._wrong(
                ("build", "output"), f'"{text}" is part of the site itself',
                "write a name such as public",
            )  # fmt: skip
            return "public"
        return text

    def _hosts(self) -> tuple[str, ...]:
        data = self._table("redirects", "hosts")
        hosts = data.get("hosts", list(REDIRECT_HOSTS))
        if not isinstance(hosts, list):
            self._wrong(("redirects", "hosts"), "`hosts` must be a list of names")
            return REDIRECT_HOSTS
        for index, host in enumerate(hosts):
            if host not in REDIRECT_HOSTS:
                self._wrong(
                    ("redirects", "hosts", index), f'unknown host "{host}"',
                    did_you_mean(str(host), REDIRECT_HOSTS) or "netlify, nginx or html",
                )  # fmt: skip
        return tuple(host for host in REDIRECT_HOSTS if host in hosts)

    def _fonts(self, cards: dict[str, Any]) -> tuple[str, ...]:
        data = cards.get("fonts", [])
        if not isinstance(data, list):
            self._wrong(("cards", "fonts"), "`fonts` must be a list of files")
            return ()
        for index, name in enumerate(data):
            where = ("cards", "fonts", index)
            if not isinstance(name, str) or not name.strip() or "\0" in name:
                self._wrong(where, "a font must be the path of a file, in quotes")
            elif name.startswith("/") or ".." in name.split("/"):
                self._wrong(
                    where, f'"{name}" is not a file inside the site',
                    "write a path such as fonts/NotoSerifSC.ttf, relative to site.toml",
                )  # fmt: skip
            elif not name.lower().endswith(CARD_FONT_ENDINGS):
                self._wrong(
                    where, f'"{name}" is not a TrueType or OpenType font',
                    "take the font as .ttf or .otf: web fonts (.woff2) can be converted",
                )  # fmt: skip
        return tuple(map(str, data))

    def _enabled(self, table: str) -> bool:
        return self._flag(self._table(table, "enabled"), table, "enabled")

    def _flag(self, data: dict[str, Any], table: str, key: str) -> bool:
        value = data.get(key, True)
        if not isinstance(value, bool):
            self._wrong((table, "enabled"), "`enabled` must be true or false")
            return True
        return value

    # -- single values -----------------------------------------------------------------------

    def _table(self, name: str, *keys: str) -> dict[str, Any]:
        data = self.document.data.get(name, {})
        if not isinstance(data, dict):
            self._wrong((name,), f"[{name}] must be a table")
            return {}
        if keys:
            self._unknown((name,), data, keys)
        return data

    def _text(self, data: dict[str, Any], *where: Any) -> str:
        """Return the text at the path `where[:-1]`, or the default `where[-1]`."""
        *path, default = where
        value = data.get(path[-1], default)
        if not isinstance(value, str):
            self._wrong(tuple(path), f"`{path[-1]}` must be a text in quotes")
            return str(default)
        if not value.strip() and default:
            self._wrong(tuple(path), f"`{path[-1]}` is empty")
            return str(default)
        if _CONTROL.search(value):
            self._wrong(tuple(path), f"`{path[-1]}` holds a control character")
            return str(default)
        return value

    def _number(
        self, data: dict[str, Any], table: str, key: str, default: int, *, least: int
    ) -> int:
        value = data.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            self._wrong((table, key), f"`{key}` must be a whole number from {least}")
            return default
        return value

    def _unknown(
        self, where: tuple[Key, ...], data: dict[str, Any], known: tuple[str, ...]
    ) -> None:
        for key in data:
            if key not in known:
                table = f" in [{'.'.join(str(part) for part in where)}]" if where else ""
                hint = did_you_mean(key, known) or f"known are {', '.join(known)}"
                span = self.document.key(*where, key)
                self._add("E603", span, f'unknown setting "{key}"{table}', hint)

    def _wrong(self, where: tuple[Key, ...], message: str, *hints: str) -> None:
        self._add("E605", self.document.value(*where), message, *hints)

    def _add(self, code: str, span: Span, message: str, *hints: str) -> None:
        self.findings.add(code, span, message, *hints)


def _permalink_fault(kind: str, pattern: str) -> tuple[str, str]:
    """Return what is wrong with a permalink pattern, and a hint; empty texts where nothing is."""
    allowed = ["slug", *(("year", "month", "day") if kind in DATED_KINDS else ())]
    if not pattern.startswith("/") or not pattern.endswith("/"):
        return f'the pattern "{pattern}" must start and end with a slash', ""
    for name in re.findall(r"\{([^{}]*)\}", pattern):
        if name not in allowed:
            choice = ", ".join(f"{{{one}}}" for one in allowed)
            nearest = did_you_mean(name, allowed)
            return f'unknown part {{{name}}} in the pattern "{pattern}"', nearest or f"use {choice}"
    if "{slug}" not in pattern:
        return f'the pattern "{pattern}" has no {{slug}}, so all entries would be one page', ""
    for part in pattern[1:-1].split("/"):
        if not part or not _PATTERN_PART.fullmatch(part):
            return (
                f'the pattern "{pattern}" has a part that a URL cannot hold: "{part}"',
                "use letters, digits, hyphens and underscores",
            )
    return "", ""
