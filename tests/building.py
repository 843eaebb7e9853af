"""Builders with which tests tell a story: a linked site in memory, or a whole folder on disk."""

from __future__ import annotations

import importlib
import json
import os
import resource
import struct
import subprocess
import sys
import tomllib
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

from explainer.build import pipeline
from explainer.build.library import StoredLibrary
from explainer.build.store import Read
from explainer.config import Config, TomlDocument
from explainer.content.fields import Reading
from explainer.content.model import FOLDERS, AnyEntry
from explainer.content.reader import SourceFile, Sources
from explainer.content.record import outline_of, record
from explainer.content.schema import Parsed, parse
from explainer.diagnostics import Diagnostic
from explainer.outputs.builder import ViewBuilder
from explainer.outputs.output import Making, Output
from explainer.outputs.plan import SORTS, plan
from explainer.pictures.seen import Seen
from explainer.site.facts import Facts
from explainer.site.link import Linked, link
from explainer.site.links import Site
from explainer.theme.locales import Strings
from explainer.theme.templates import TEMPLATES

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
FOLDER_OF = {kind: folder for folder, kind in FOLDERS.items()}


def a_png(
    words: str = "", size: tuple[int, int] = (1, 1), colour: tuple[int, int, int] = (255, 0, 0)
) -> bytes:
    """Return a picture of one colour, with words in its metadata."""
    rows = (b"\0" + bytes(colour) * size[0]) * size[1]
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", *size, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    ]
    if words:
        chunks.insert(1, (b"tEXt", b"Comment\0" + words.encode()))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )


BASIC = {
    "story": {"title": "A story", "summary": "In short.", "date": "2025-09-19"},
    "question": {"title": "A question?"},
    "topic": {"name": "A topic"},
    "paper": {"name": "A paper"},
    "author": {"name": "An author"},
    "page": {"title": "A page"},
}
"""What an entry says unless a test says otherwise."""


def front_matter(kind: str, slug: str, keys: Mapping[str, Any]) -> str:
    """Return the keys of an entry as YAML; JSON is YAML, so every text is kept as it is."""
    basic = dict(BASIC[kind])
    name = "name" if "name" in basic else "title"
    basic[name] = slug
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}"
             for key, value in (basic | dict(keys)).items() if value is not None]  # fmt: skip
    return "\n".join(lines) + "\n"


def entry_text(kind: str, slug: str, body: str, keys: Mapping[str, Any]) -> str:
    """Return the file of an entry in its Markdown form."""
    return f"---\n{front_matter(kind, slug, keys)}---\n\n{body}\n"


def parse_entry(
    text: str | bytes,
    path: str = "content/stories/a.md",
    *,
    mentions: bool = True,
    language: str = "en",
) -> Parsed:
    """Read one entry from memory."""
    folder, name = path.split("/")[1], path.rsplit("/", 1)[-1]
    stem, ending = os.path.splitext(name)
    source = SourceFile(path, FOLDERS[folder], stem, ending)
    config = a_config()
    reading = Reading(config.sections, language, config.zone, mentions)
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    return parse(source, data, reading)


def a_config(**settings: Any) -> Config:
    """Return settings as an empty site.toml gives them."""
    given = {"title": "The Daily", "base_url": "https://example.org/"} | settings
    return Config(**given, document=TomlDocument("site.toml", "", {}))


def module(name: str) -> ModuleType:
    """Return a module, where its package exports a function under the same name."""
    return importlib.import_module(name)


def codes(diagnostics: Iterable[Diagnostic]) -> list[str]:
    """Return the codes of findings, in order."""
    return [one.code for one in diagnostics]


# -- in memory -----------------------------------------------------------------------------------


@dataclass
class SiteBuilder:
    """A site in memory: `site().story("a", topics=["x"]).topic("x").link()`."""

    settings: dict[str, Any] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    """Path -> the file's text."""

    pictures: dict[str, Seen] = field(default_factory=dict)
    """Path of a file in content/ or static/ -> what is seen in it."""

    def entry(self, kind: str, slug: str, /, body: str = "", **keys: Any) -> SiteBuilder:
        path = f"content/{FOLDER_OF[kind]}/{slug}.md"
        self.texts[path] = entry_text(kind, slug, body, keys)
        return self

    def story(self, slug: str, /, body: str = "", **keys: Any) -> SiteBuilder:
        return self.entry("story", slug, body, **keys)

    def question(self, slug: str, /, body: str = "", **keys: Any) -> SiteBuilder:
        return self.entry("question", slug, body, **keys)

    def topic(self, slug: str, /, body: str = "", **keys: Any) -> SiteBuilder:
        return self.entry("topic", slug, body, **keys)

    def topics(self, *slugs: str) -> SiteBuilder:
        for slug in slugs:
            self.topic(slug)
        return self

    def paper(self, slug: str, /, body: str = "", **keys: Any) -> SiteBuilder:
        return self.entry("paper", slug, body, **keys)

    def author(self, slug: str, /, body: str = "", **keys: Any) -> SiteBuilder:
        return self.entry("author", slug, body, **keys)

    def page(self, slug: str, /, body: str = "", **keys: Any) -> SiteBuilder:
        return self.entry("page", slug, body, **keys)

    def picture(self, path: str, seen: Seen) -> SiteBuilder:
        """Put a picture into content/ or static/."""
        self.pictures[path] = seen
        return self

    def entries(self) -> list[AnyEntry]:
        found = []
        for path, text in self.texts.items():
            parsed = parse_entry(text, path)
            errors = [one for one in parsed.diagnostics if one.severity == "error"]
            assert not errors, errors
            assert parsed.entry is not None
            found.append(parsed.entry)
        return found

    def try_to_link(self, now: datetime = NOW, *, drafts: bool = False) -> Linked:
        """Link the site, and return it with its findings."""
        sources = Sources(
            tuple(
                SourceFile(path, FOLDERS[path.split("/")[1]], Path(path).stem, ".md")
                for path in sorted(self.texts)
            ),
            {path: path for path in self.pictures if path.startswith("content/")},
            tuple(path.removeprefix("static/") for path in self.pictures
                  if path.startswith("static/")),
            (),
        )  # fmt: skip
        outlines = [outline_of(entry) for entry in self.entries()]
        return link(
            outlines, sources, a_config(**self.settings), now,
            drafts=drafts, pictures=self.pictures,
        )  # fmt: skip

    def link(self, now: datetime = NOW, *, drafts: bool = False) -> Site:
        """Link the site; anything wrong with it is a fault of the test."""
        linked = self.try_to_link(now, drafts=drafts)
        assert linked.site is not None, linked.diagnostics
        return linked.site

    def findings(self, now: datetime = NOW) -> list[str]:
        """Return the codes of what linking finds."""
        return codes(self.try_to_link(now).diagnostics)

    def facts(self, now: datetime = NOW) -> Facts:
        """Return the linked site as outputs see it."""
        linked = self.link(now)
        reads = {
            path: Read(b"", record(parse_entry(text, path))) for path, text in self.texts.items()
        }
        dates = {
            one.url: reads[one.path].record.changed for one in linked.links.values() if one.listed
        }
        library = StoredLibrary(None, linked.links, reads, frozenset(), dates)
        return Facts(a_config(**self.settings), linked.lists, library)

    def views(self, now: datetime = NOW) -> ViewBuilder:
        """Return what makes the views of the site."""
        return ViewBuilder(self.facts(now))

    def plan(self) -> tuple[Output, ...]:
        """Return all outputs of the site, under a theme without assets."""
        return plan(self.link(), a_config(**self.settings), {})

    def output(self, path: str) -> bytes:
        """Return one output that needs no theme: feed.xml, sitemap.xml, a redirect."""
        views = self.views()
        output = next(one for one in self.plan() if one.path == path)
        making = Making(Path(), views.facts, views, _NoTemplates())  # type: ignore[arg-type]
        return SORTS[output.sort](output, making)

    def planned(self) -> list[str]:
        """Return the paths of all outputs."""
        return [output.path for output in self.plan()]


class _NoTemplates:
    """Stands in for the templates of a theme where only its words are asked for."""

    strings = Strings({"kind_organization": "Organisation"}, "en")


def site(**settings: Any) -> SiteBuilder:
    """Start a site in memory; settings are those of `Config`."""
    return SiteBuilder(settings)


# -- on disk -------------------------------------------------------------------------------------

PLAIN_BASE = """<!DOCTYPE html>
<html lang="{{ page.language }}">
<head><meta charset="utf-8"><title>{{ page.title or site.title }}</title>
<meta name="description" content="{{ page.description }}">
<link rel="canonical" href="{{ page.canonical }}">
<link rel="stylesheet" href="{{ asset("style.css") }}">
{% if page.structured_data %}<script type="application/ld+json">{{ page.structured_data }}</script>
{% endif %}
</head>
<body><h1>{{ page.title }}</h1>
{% for name in ["summary", "lead", "notes"] if page[name] is defined %}<div>{{ page[name] }}</div>
{% endfor %}
{% if page.date is defined and page.date %}<time>{{ page.date|date }} {{ page.date|iso }}</time>
{% endif %}
{% for section in (page.sections if page.sections is defined else []) %}
<section><h2 id="{{ section.id }}">{{ section.title }}</h2>{{ section.html }}</section>
{% endfor %}
{% for name in ["stories", "questions", "topics", "authors", "related", "arc", "appears_with"] %}
{% for item in (page[name] if page[name] is defined else []) %}
{% set card = item.card if item.card is defined else item %}
{% if card.url is defined %}<p><a href="{{ card.url }}">{{ card.title }}</a> {{ card.summary }}</p>
{% endif %}
{% endfor %}
{% endfor %}
</body></html>
"""
"""A theme of one template that shows what the engine gives it, so that tests of files are quick
and do not change with the looks of the site."""

SITE_TOML = """[site]
title = "The Daily"
base_url = "https://example.org/"
theme = "{theme}"
"""


@dataclass(frozen=True)
class Outcome:
    """What came of a build on disk."""

    folder: SiteFolder
    result: pipeline.Result

    @property
    def codes(self) -> list[str]:
        return codes(self.result.diagnostics)

    @property
    def ok(self) -> bool:
        return self.result.ok

    def the(self, code: str) -> Diagnostic:
        """Return the only finding of a code."""
        found = [one for one in self.result.diagnostics if one.code == code]
        assert len(found) == 1, self.result.diagnostics
        return found[0]


class SiteFolder:
    """A site on disk: `SiteFolder(tmp_path).story("a").build()`."""

    def __init__(self, root: Path, theme: str = "plain", settings: str = "") -> None:
        self.root = root
        self.output = root / "public"
        root.mkdir(parents=True, exist_ok=True)
        self.write("site.toml", SITE_TOML.format(theme=theme) + settings)
        if theme == "plain":
            self.write("themes/plain/templates/base.html", PLAIN_BASE)
            self.write("themes/plain/assets/style.css", "body { color: #111 }\n")
            for name in TEMPLATES:
                if name != "base":
                    self.write(f"themes/plain/templates/{name}.html", '{% extends "base.html" %}')

    # -- writing -----------------------------------------------------------------------------

    def write(self, path: str, content: str | bytes) -> SiteFolder:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
        file.write_bytes(data)
        return self

    def entry(self, kind: str, slug: str, /, body: str = "Text.", **keys: Any) -> SiteFolder:
        path = f"content/{FOLDER_OF[kind]}/{slug}.md"
        return self.write(path, entry_text(kind, slug, body, keys))

    def story(
        self, slug: str, /, body: str = "## What's happened\n\nText.", **keys: Any
    ) -> SiteFolder:
        return self.entry("story", slug, body, **keys)

    def question(self, slug: str, /, body: str = "## Why?\n\nText.", **keys: Any) -> SiteFolder:
        return self.entry("question", slug, body, **keys)

    def topic(self, slug: str, /, body: str = "", **keys: Any) -> SiteFolder:
        return self.entry("topic", slug, body, **keys)

    def page(self, slug: str, /, body: str = "Text.", **keys: Any) -> SiteFolder:
        return self.entry("page", slug, body, **keys)

    def setting(self, table: str, line: str) -> SiteFolder:
        """Add a line to site.toml, in a table of its own or in [site]."""
        file = self.root / "site.toml"
        text = file.read_text("utf-8")
        head = f"[{table}]\n"
        text = text.replace(head, f"{head}{line}\n") if head in text else f"{text}\n{head}{line}\n"
        tomllib.loads(text)
        file.write_text(text, "utf-8")
        return self

    def link_to(self, path: str, target: str | Path) -> SiteFolder:
        """Make a symbolic link."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.symlink_to(target)
        return self

    def remove(self, path: str) -> SiteFolder:
        (self.root / path).unlink()
        return self

    # -- building ----------------------------------------------------------------------------

    def build(self, **options: Any) -> Outcome:
        """Build in this process."""
        given = pipeline.Options(now=NOW)
        return Outcome(self, pipeline.build(self.root, replace(given, **options)))

    def built(self, **options: Any) -> dict[str, bytes]:
        """Build, which must succeed, and return the output."""
        outcome = self.build(**options)
        assert outcome.ok, outcome.result.diagnostics
        return self.tree()

    def check(self, **options: Any) -> Outcome:
        given = pipeline.Options(now=NOW)
        return Outcome(self, pipeline.check(self.root, replace(given, **options)))

    def run(
        self,
        *arguments: str,
        env: Mapping[str, str] | None = None,
        prepare: Callable[[], None] | None = None,
        timeout: float = 60,
    ) -> subprocess.CompletedProcess[str]:
        """Run the command line in a process of its own."""
        command = [sys.executable, "-m", "explainer", "-C", str(self.root), *arguments]
        return subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "NO_COLOR": "1", **(env or {})},
            preexec_fn=prepare,
            timeout=timeout,
        )

    # -- looking -----------------------------------------------------------------------------

    def tree(self) -> dict[str, bytes]:
        """Return every file of the output."""
        return tree_of(self.output)

    def read(self, url: str) -> str:
        """Return the page at a URL within the site."""
        path = url.lstrip("/")
        name = f"{path}index.html" if not path or path.endswith("/") else path
        return (self.output / name).read_text("utf-8")


def tree_of(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder: path -> content; links are shown by their target."""
    found = {}
    for place, folders, names in os.walk(folder):
        for name in (*folders, *names):
            path = Path(place, name)
            if path.is_symlink():
                found[path] = b"-> " + os.fsencode(os.readlink(path))
            elif name in names and path.is_file():
                found[path] = path.read_bytes()
    start = len(str(folder)) + 1
    return {str(path)[start:]: found[path] for path in sorted(found)}


def limited(*, megabytes: int = 0, seconds: int = 0, file_bytes: int = 0) -> Callable[[], None]:
    """Return what sets the limits of a new process."""

    def prepare() -> None:
        if megabytes:
            size = megabytes * 1024 * 1024
            resource.setrlimit(resource.RLIMIT_AS, (size, size))
        if seconds:
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        if file_bytes:
            resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))

    return prepare
