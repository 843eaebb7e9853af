"""A site as data that edits change at random, and the files that it comes to.

References are written only where they hold, so that nearly every site builds; what is wrong with
a site is put into it on purpose (`Sketch.faults`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from tests.building import FOLDER_OF, a_png
from tests.engine.themes import THEMES, font

KINDS = ("story", "question", "topic", "paper", "author", "page")
FOLDERS = ("", "2025", "2025/deep")
"""Folders below that of a kind; they do not change the URL."""

NAMES = ("Nvidia", "Huawei", "Huawei Cloud", "Red Sea", "O'Neil", "中国", "Plain Words", "Sea")
"""Names of topics; prose holds them, so that what is a link there changes with the topics."""

SENTENCES = (
    "Nothing to see.",
    "Nvidia and Huawei Cloud met.",
    "Huawei says so, Red\u00a0Sea too.",
    "Ships on the Red\nSea; O’Neil knows.",
    "在中国 and elsewhere, Plain Words.",
    "A note.[^n]\n\n[^n]: What the note says of Nvidia.",
    "*Nvidia* in `Nvidia`, [Huawei](https://example.com/).",
)
HEADINGS = ("What's happened", "How we got here", "More {#more}", "Nvidia again", "Why?")
HEADING_IDS = ("happened", "background", "more", "nvidia-again", "why")
DATES = (
    "2025-08-31",
    "2025-09-01",
    "2025-09-19T10:00:00Z",
    "2025-10-05",
    "2026-01-02",
    "2024-02-29",
)
MOMENTS = ("2025-12-01T00:00:00Z", "2026-01-15T12:00:00Z", "2026-02-01")
"""Moments of publication and expiry; the clock moves from one side of them to the other."""

LANGUAGES = ("", "", "de", "ar", "zh-Hans")
PICTURES = ("one.svg", "two.svg", "photo.png")
LISTS = {
    "story": ("topics", "questions", "follows", "authors"),
    "question": ("topics", "related"),
    "topic": ("related",),
}
"""Kind -> keys that list other entries."""

LISTED_KIND = {"topics": "topic", "questions": "question", "follows": "story", "authors": "author"}

Block = tuple[str, int, int]
"""A piece of prose: its sort, and what it says or leads to."""


@dataclass
class Entry:
    """One entry; numbers stand for one of a list, taken modulo its length."""

    kind: str
    slug: str
    title: str
    folder: str = ""
    yaml: bool = False
    head: int = 0
    """Blank comment lines at the head of the file: they move every position in it."""

    summary: Block = ("say", 0, 0)
    date: int = 0
    updated: int | None = None
    lang: str = ""
    picture: str = ""
    also: list[str] = field(default_factory=list)
    events: list[tuple[str, int]] = field(default_factory=list)
    sources: list[tuple[int, str]] = field(default_factory=list)
    corrections: int = 0
    lists: dict[str, list[int]] = field(default_factory=dict)
    aliases: list[str] = field(default_factory=list)
    draft: bool = False
    publish_at: str = ""
    expires: str = ""
    mentions: bool = True
    own_slug: str = ""
    """The key `slug`, which overrides the file's name."""

    blocks: list[Block] = field(default_factory=list)
    label: int = 0
    """Kind of a topic or paper, role of an author, and so on."""

    @property
    def name(self) -> str:
        """The slug that counts."""
        return self.own_slug or self.slug

    @property
    def path(self) -> str:
        parts = ("content", FOLDER_OF[self.kind], self.folder, self.slug)
        return "/".join(part for part in parts if part) + (".yaml" if self.yaml else ".md")

    @property
    def place(self) -> str:
        """Folder of the file."""
        return self.path.rpartition("/")[0]

    def heading_ids(self) -> list[str]:
        """Return the ids of its headings, as a reference names them."""
        numbers = dict.fromkeys(n % len(HEADINGS) for sort, n, _ in self.blocks if sort == "head")
        return [HEADING_IDS[number] for number in numbers] if self.kind == "story" else [
            HEADING_IDS[number] for number in numbers if number >= 2
        ]  # fmt: skip

    def hides(self) -> tuple[bool, str]:
        """Tell what keeps it from readers; what it refers to may be hidden in the same way."""
        return self.draft, self.publish_at


@dataclass
class Sketch:
    """A whole site."""

    entries: dict[tuple[str, str], Entry] = field(default_factory=dict)
    pictures: dict[str, int] = field(default_factory=dict)
    """Path of a picture in content/ -> version."""

    static: dict[str, int] = field(default_factory=dict)
    font: str = ""
    """Font that lies over the one for social cards; empty for none."""

    theme: dict[str, str] = field(default_factory=dict)
    """Path below themes/ -> text, where it is not that of the theme as it was at first."""

    base: str = "full"
    """Theme that the site's own extends."""

    settings: dict[str, Any] = field(default_factory=dict)
    """Settings that are not the first ones, by name."""

    faults: set[str] = field(default_factory=set)
    """What is wrong with the site now: keys of `FAULTS`."""

    # -- looking -----------------------------------------------------------------------------

    def of_kind(self, kind: str) -> list[Entry]:
        return [one for _, one in sorted(self.entries.items()) if one.kind == kind]

    def all(self) -> list[Entry]:
        return [one for _, one in sorted(self.entries.items())]

    def url(self, entry: Entry) -> str:
        if entry.kind == "page":
            return f"/{entry.name}/"
        if entry.kind == "story" and self.settings.get("permalink"):
            return f"/{DATES[entry.date % len(DATES)][:4]}/{entry.name}/"
        return f"/{FOLDER_OF[entry.kind]}/{entry.name}/"

    def target(self, owner: Entry, kind: str, number: int) -> Entry | None:
        """Return an entry of a kind to which one may refer."""
        found = [
            one
            for one in self.of_kind(kind)
            if one is not owner and one.hides() in ((False, ""), owner.hides())
        ]
        return found[number % len(found)] if found else None

    # -- writing -----------------------------------------------------------------------------

    def files(self) -> dict[str, bytes]:
        """Return every file of the site, by path."""
        files = {"site.toml": self._site_toml()}
        for entry in self.all():
            files[entry.path] = self._text(entry)
        for path, version in self.pictures.items():
            if path.endswith(".svg"):
                size = f"width='{30 + version // 2}' height='20'"
                image = f"<svg xmlns='http://www.w3.org/2000/svg' {size}><!-- {version} --></svg>"
                files[path] = f"{image}\n"
        for path, version in self.static.items():
            files[f"static/{path}"] = f"static {version}\n"
        for name, text in THEMES[self.base]().items():
            files[f"themes/{self.base}/{name}"] = text
        files["themes/own/theme.toml"] = f'name = "own"\nextends = "{self.base}"\n'
        files |= {f"themes/{path}": text for path, text in self.theme.items()}
        for fault in sorted(self.faults):
            FAULTS[fault](files)
        photos = {path: _photo(version) for path, version in self.pictures.items()
                  if path.endswith(".png")}  # fmt: skip
        fonts = {f"themes/{self.base}/fonts/small.ttf": font("ascii")}
        if self.font:
            fonts["themes/own/fonts/small.ttf"] = font(self.font)
        return {path: text.encode() for path, text in files.items()} | photos | fonts

    def _site_toml(self) -> str:
        given: dict[str, Any] = {
            "title": "The Daily", "base": "https://example.org/", "page_size": 2, "feed_size": 3,
        }  # fmt: skip
        given |= self.settings
        lines = ["# A comment."] * given.get("head", 0) + [
            "[site]",
            f'title = "{given["title"]}"',
            f'base_url = "{given["base"]}"',
            'theme = "own"',
        ]
        lines += [f'{name} = "{given[name]}"' for name in ("description", "language", "timezone")
                  if given.get(name)]  # fmt: skip
        publisher = []
        if given.get("publisher"):
            publisher.append(f'name = "{given["publisher"]}"')
        if given.get("logo") and "logo.svg" in self.static:
            publisher.append('logo = "logo.svg"')
        pages = [one for one in self.of_kind("page") if one.hides() == (False, "")]
        if given.get("corrections") and pages:
            publisher.append(f'corrections = "page:{pages[0].name}"')
        if publisher:
            lines.append(f"publisher = {{ {', '.join(publisher)} }}")
        lines += ["[lists]", f"page_size = {given['page_size']}"]
        lines.append(f"feed_size = {given['feed_size']}")
        if given.get("no_topic_feeds"):
            lines.append("topic_feeds = false")
        off = [name for name in ("mentions", "search", "cards") if given.get(f"no_{name}")]
        lines += [f"[{table}]\nenabled = false" for table in off]
        if given.get("no_redirects"):
            lines += ["[redirects]", 'hosts = ["nginx"]']
        if given.get("permalink"):
            lines += ["[permalinks]", 'story = "/{year}/{slug}/"']
        if given.get("motto"):
            lines += ["[theme]", f'motto = "{given["motto"]}"']
        return "\n".join(lines) + "\n"

    def _text(self, entry: Entry) -> str:
        keys = {name: value for name, value in self._keys(entry) if value not in ("", None, [])}
        body = self._body(entry)
        head = "# A line.\n" * entry.head
        if entry.yaml:
            keys["body"] = body
        matter = "".join(
            f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in keys.items()
        )
        return f"{head}{matter}" if entry.yaml else f"---\n{head}{matter}---\n\n{body}\n"

    def _keys(self, entry: Entry) -> Iterator[tuple[str, Any]]:
        kind = entry.kind
        yield ("title" if kind in ("story", "question", "page") else "name"), entry.title
        words = self._inline(entry, entry.summary)
        plain = SENTENCES[entry.summary[1] % 2]
        yield from {
            "story": [("summary", plain)],
            "question": [("summary", plain)],
            "page": [("summary", plain)],
            "topic": [("description", words)],
            "author": [("bio", words)],
        }.get(kind, [])
        yield "slug", entry.own_slug
        yield "lang", entry.lang
        yield "aliases", entry.aliases
        yield "draft", entry.draft or None
        yield "publish_at", entry.publish_at
        yield "expires", entry.expires
        if kind == "story" or (kind == "question" and entry.date):
            yield "date", DATES[entry.date % len(DATES)]
        if kind in ("story", "question", "page") and entry.updated is not None:
            yield "updated", f"2026-02-{entry.updated % 27 + 1:02d}"
        if kind in ("story", "topic", "author"):
            yield "image", self._image(entry)
        yield from self._lists(entry)
        yield from self._own_keys(entry)

    def _lists(self, entry: Entry) -> Iterator[tuple[str, Any]]:
        for name in LISTS.get(entry.kind, ()):
            kind = LISTED_KIND.get(name, entry.kind)
            found = [self.target(entry, kind, number) for number in entry.lists.get(name, [])]
            if name == "follows":
                # An arc must not bite its own tail.
                found = [one for one in found if one is not None and one.name < entry.name]
            yield name, list(dict.fromkeys(one.name for one in found if one is not None))
        if entry.kind in ("story", "question"):
            yield "sources", [dict(self._source(one)) for one in self._sources(entry)]

    def _sources(self, entry: Entry) -> list[tuple[str, Entry, str]]:
        found = []
        for n, (number, title) in enumerate(entry.sources):
            if (paper := self.target(entry, "paper", number)) is not None:
                found.append((f"s{n}", paper, title))
        return found

    def _source(self, source: tuple[str, Entry, str]) -> Iterator[tuple[str, str]]:
        name, paper, title = source
        yield from (("id", name), ("paper", paper.name))
        if not title.endswith("1"):
            yield "url", "https://example.com/article"
        if title:
            yield from (("title", title), ("archived", "https://example.com/archive"))
        if title.endswith("2"):
            yield from (("quote", "So it is."), ("date", "2025-08-01"))

    def _own_keys(self, entry: Entry) -> Iterator[tuple[str, Any]]:
        label = entry.label
        sources = self._sources(entry)
        match entry.kind:
            case "story":
                events = []
                for date, number in entry.events:
                    event = {"date": date, "text": self._inline(entry, ("say", number, 0))}
                    if sources and number % 2:
                        event["source"] = sources[0][0]
                        event["text"] = f"[so](source:{sources[0][0]}) [](#) it went."[:23]
                    events.append(event)
                yield "events", events
                yield (
                    "corrections",
                    [
                        {"date": f"2026-03-{n + 1:02d}", "text": f"Wrong {n}."}
                        for n in range(entry.corrections)
                    ],
                )
            case "topic":
                yield "kind", ("person", "place", "concept")[label % 3]
                yield "also", [name for name in entry.also if name != entry.title]
                yield "mentions", None if entry.mentions else False
                yield "same_as", [f"https://example.com/{label}"] if label else []
            case "paper":
                yield "kind", ("newspaper", "agency", "online")[label % 3]
                yield "country", ("", "GB", "CN")[label % 3]
                yield "language", ("", "de", "zh-Hans")[label % 3]
                yield "owner", f"Owner {label}"
                yield "paywall", (None, True, False)[label % 3]
                yield "url", f"https://paper{label}.example.com/"
            case "author":
                yield "role", f"Role {label}" if label else ""

    def _image(self, entry: Entry) -> dict[str, str] | None:
        if f"{entry.place}/{entry.picture}" not in self.pictures:
            return None
        caption = self._inline(entry, entry.summary)
        sources = self._sources(entry)
        if sources and entry.label % 2:
            caption = f"See [](source:{sources[0][0]})."
        return {"src": entry.picture, "alt": "A", "credit": f"Jo {entry.label}", "caption": caption}

    def _inline(self, entry: Entry, block: Block) -> str:
        """Return a piece of prose of one paragraph, without a note."""
        text = self._block(entry, block)
        return text if "[^n]" not in text and "\n" not in text else "Words."

    def _body(self, entry: Entry) -> str:
        parts: list[str] = []
        used: set[object] = set()
        for block in entry.blocks:
            name: object = block[1] % len(HEADINGS) if block[0] == "head" else None
            text = self._block(entry, block)
            if name is None and "[^n]" in text:
                name = "note"
            if name is not None and name in used:
                continue  # neither a heading twice nor a note
            used.add(name)
            parts.append(text)
        return "\n\n".join(parts)

    def _block(self, entry: Entry, block: Block) -> str:
        """Return a piece of prose; a plain sentence, where what it refers to is not there."""
        sort, number, which = block
        plain = SENTENCES[number % len(SENTENCES)]
        if sort == "head":
            words = HEADINGS[number % len(HEADINGS)]
            if "{#" in words and which:  # other words under the same id
                words = f"Another {which} {words}"
            return f"## {words}\n\nBelow."
        if sort == "ref":
            target = self.target(entry, KINDS[which % len(KINDS)], number)
            if target is None:
                return plain
            words = "it" if number % 2 else ""
            ids = target.heading_ids() if which % 2 == 0 else []
            fragment = f"#{ids[number % len(ids)]}" if ids else ""
            return f"On [{words}]({target.kind}:{target.name}{fragment})."
        if sort == "url":
            target = self.target(entry, KINDS[which % len(KINDS)], number)
            if target is None:
                return "[home](/)"
            urls = [self.url(target), *target.aliases]
            words = "there" if number % 2 else ""
            return f"Look [{words}]({urls[number % len(urls)]})."
        if sort == "picture":
            name = PICTURES[2 if which % 3 == 2 else number % 2]
            if f"{entry.place}/{name}" in self.pictures:
                return f'![A {number}]({name} "T")'
        if sort == "cite" and (sources := self._sources(entry)):
            return f"As [](source:{sources[number % len(sources)][0]}) has it."
        if sort == "anchor" and (ids := entry.heading_ids()):
            return f"See [](#{ids[number % len(ids)]})."
        return plain


@cache
def _photo(version: int) -> bytes:
    """Return a picture in a version; every second one has another size."""
    return a_png(size=(300 + version // 2 * 40, 8), colour=(50 * version, 0, 90))


def _append(path_end: str, text: str) -> Any:
    """Return a fault that adds text to the first file whose path ends so."""

    def spoil(files: dict[str, str]) -> None:
        path = next((one for one in sorted(files) if one.endswith(path_end)), None)
        if path is not None:
            files[path] += text

    return spoil


def _put(path: str, text: str) -> Any:
    def spoil(files: dict[str, str]) -> None:
        files[path] = text

    return spoil


def _within(path_end: str, text: str) -> Any:
    """Return a fault that adds text to the last block of a template."""

    def spoil(files: dict[str, str]) -> None:
        path = next(one for one in sorted(files) if one.endswith(path_end))
        head, end, tail = files[path].rpartition("{% endblock %}")
        files[path] = f"{head}{text}{end}{tail}"

    return spoil


FAULTS: dict[str, Any] = {
    "unknown topic": _append(".md", "\n[x](topic:nowhere)\n"),
    "broken front matter": _put("content/pages/broken.md", "---\ntitle: [\n---\n"),
    "two of a name": _put("content/pages/2025/about.md", "---\ntitle: Another\n---\n"),
    "template syntax": _put("themes/own/templates/partials/card.html", "{% if %}"),
    "unknown field": _within("templates/story.html", "{{ page.nothing }}"),
    "unknown field inside": _append("templates/partials/card.html", "{{ card.nothing }}"),
    "missing asset": _append("assets/style.css", '@import "lost.css";'),
    "no such words": _append("templates/base.html", "{{ t('lost') }}"),
    "site.toml": _append("site.toml", "\nnonsense = 1\n"),
    "collision": _put("static/stories/index.html", "taken"),
}
"""What can be wrong with a site -> what puts it into the files."""


def first_sketch(base: str = "full") -> Sketch:
    """Return a small site that has some of everything."""
    site = Sketch(base=base)

    def add(kind: str, slug: str, title: str, **fields: Any) -> None:
        site.entries[kind, slug] = Entry(kind, slug, title, **fields)

    def prose(*blocks: Block) -> list[Block]:
        return list(blocks)

    for number, name in enumerate(("alpha", "bravo", "charlie", "delta", "echo")):
        add(
            "story", name, f"Story {name}", folder=FOLDERS[number % 3], date=number,
            lists={"topics": [number, number + 1], "questions": [number], "authors": [number],
                   "follows": [number - 1] if number else []},
            events=[("2022-10", number), ("2022-10", 1)],
            sources=[(number, "An article" if number % 2 else "")], corrections=number % 3,
            picture="photo.png" if name == "delta" else "one.svg", label=number,
            blocks=prose(("say", number, 0), ("head", 0, 0), ("say", 1, 0), ("ref", number, 0),
                         ("head", 1, 0), ("url", number, number), ("picture", number, 0)),
        )  # fmt: skip
    for number, name in enumerate(("why", "who", "when")):
        add("question", name, f"Question {name}?", date=number,
            lists={"topics": [number], "related": [number + 1]}, sources=[(0, "")],
            blocks=prose(("head", 4, 0), ("ref", number, number), ("say", 2, 0)))  # fmt: skip
    for number, name in enumerate(("nvidia", "huawei", "sea")):
        add("topic", name, NAMES[(0, 1, 3)[number]], label=number, also=[NAMES[number + 4]],
            lists={"related": [number]}, summary=("ref", number, number),
            blocks=prose(("head", 2, 0), ("say", 1, 0)))  # fmt: skip
    for number, name in enumerate(("post", "times")):
        add("paper", name, f"The {name}", label=number, blocks=prose(("say", 1, 0)))
    for number, name in enumerate(("dana", "jo")):
        add("author", name, f"Author {name}", label=number, summary=("ref", number, 2))
    for name in ("about", "imprint"):
        add("page", name, f"Page {name}", blocks=prose(("say", 2, 0), ("head", 2, 0)))
    for folder in ("stories", "stories/2025", "topics"):
        site.pictures[f"content/{folder}/one.svg"] = 0
    site.pictures["content/stories/photo.png"] = 0
    site.static = {"logo.svg": 0, "plain.txt": 0}
    return site
