"""An HTML page as the checks see it: its references, ids, headings and scripts, with lines."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from tests.html import css

HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}

LINKING = {"a", "area"}
"""Elements whose address a reader may follow; every other address is of a thing the page loads."""

FETCHING_RELS = {
    "apple-touch-icon", "dns-prefetch", "icon", "manifest", "mask-icon", "modulepreload",
    "preconnect", "prefetch", "preload", "stylesheet",
}  # fmt: skip

ADDRESSES = {"action", "cite", "data", "formaction", "href", "poster", "src", "xlink:href"}
NAVIGATING = {"action", "cite", "formaction"}
SETS_OF_ADDRESSES = {"imagesrcset", "srcset"}

# A candidate of a srcset ends at a comma that a space follows; commas inside an address stay.
CANDIDATE = re.compile(r"\s*,*\s*([^\s,]\S*?)(?:,(?=\s|$)|\s+[^,]*(?:,|$)|$)")
REFRESH = re.compile(r"^\s*\d+\s*[;,]\s*(?:url\s*=\s*)?['\"]?([^'\"]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Reference:
    """An address that a file of the output holds."""

    url: str
    line: int
    fetched: bool
    """Whether a browser requests it by itself when it shows the page."""


@dataclass(frozen=True)
class Heading:
    """A heading's level, from 1, and its line."""

    level: int
    line: int


@dataclass(frozen=True)
class Script:
    """A script element: its type and address (empty when it has none), its text, and its line."""

    type: str
    src: str
    text: str
    line: int


@dataclass
class Page:
    """What the parser collected, in the order of the page."""

    references: list[Reference] = field(default_factory=list)
    ids: list[tuple[str, int]] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    scripts: list[Script] = field(default_factory=list)


def read_page(path: Path) -> Page:
    """Parse one HTML file."""
    return parse_page(path.read_text(encoding="utf-8"))


def parse_page(text: str) -> Page:
    """Parse the text of a page."""
    collector = _Collector()
    collector.feed(text)
    collector.close()
    return collector.page


class _Collector(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self._raw: tuple[str, dict[str, str], int] | None = None
        self._raw_text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        line = self.getpos()[0]
        if "id" in values:
            self.page.ids.append((values["id"], line))
        if tag in HEADINGS:
            self.page.headings.append(Heading(int(tag[1]), line))
        if tag in {"script", "style"}:
            self._raw = (tag, values, line)
        self._collect_references(tag, values, line)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_data(self, data: str) -> None:
        if self._raw:
            self._raw_text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if not self._raw or tag != self._raw[0]:
            return
        _, values, line = self._raw
        text = "".join(self._raw_text)
        if tag == "script":
            script = Script(values.get("type", ""), values.get("src", ""), text, line)
            self.page.scripts.append(script)
        else:
            self._add_css(css.addresses(text), line)
        self._raw = None
        self._raw_text = []

    def _collect_references(self, tag: str, values: dict[str, str], line: int) -> None:
        for name, value in values.items():
            if name in ADDRESSES:
                self._add(value, line, fetched=name not in NAVIGATING and _loads(tag, values))
            elif name in SETS_OF_ADDRESSES:
                for url in srcset_addresses(value):
                    self._add(url, line, fetched=True)
            elif name == "style":
                self._add_css(css.addresses_in_declarations(value), line)
        if tag == "meta" and values.get("http-equiv", "").lower() == "refresh":
            target = REFRESH.match(values.get("content", ""))
            if target:
                self._add(target[1].strip(), line, fetched=False)

    def _add(self, url: str, line: int, *, fetched: bool) -> None:
        self.page.references.append(Reference(url.strip(), line, fetched))

    def _add_css(self, found: list[tuple[str, int]], line: int) -> None:
        for url, line_of_css in found:
            self._add(url, line + line_of_css - 1, fetched=True)


def _loads(tag: str, values: dict[str, str]) -> bool:
    if tag == "link":
        return bool(FETCHING_RELS & set(values.get("rel", "").lower().split()))
    return tag not in LINKING


def srcset_addresses(value: str) -> list[str]:
    """Return the addresses of a srcset, without their widths and densities."""
    return [match[1] for match in CANDIDATE.finditer(value)]
