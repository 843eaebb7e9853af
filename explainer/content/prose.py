"""Markdown -> Prose: rendered once per file, with slots where references stand."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from markdown_it.common.normalize_url import normalizeLink
from markdown_it.common.utils import normalizeReference
from markdown_it.token import Token

from explainer.content.markdown import SLOT, commonmark, dialect
from explainer.content.model import Heading, Prose, Segment, Text
from explainer.content.origins import Origins
from explainer.content.references import External, classify
from explainer.diagnostics import Findings, Span

__all__ = ["Markdown", "commonmark", "heading_id"]

_RAW_HTML = re.compile(r"<(?:/?[A-Za-z][A-Za-z0-9-]*(?:\s[^<>]*)?/?>|!--|\?|![A-Z])")
_OPEN_FOOTNOTE = re.compile(r"\[\^([^\[\]\s]+)\]")
_ID = re.compile(r"\w[\w.:-]*")
_TAKEN_ID = re.compile(r"main$|page-|letter-|source-|fn(?:ref)?[0-9]")
"""Ids that themes, sources and footnotes use."""


def heading_id(title: str) -> str:
    """Return the id that a heading gets by its words; empty where nothing is left of them."""
    words = re.sub(r"['’]", "", unicodedata.normalize("NFC", title).casefold())
    name = re.sub(r"[\W_]+", "-", words).strip("-")
    return f"section-{name}" if _TAKEN_ID.match(name) else name


class Markdown:
    """One piece of Markdown, parsed: its tokens, with every reference found and judged."""

    def __init__(
        self,
        text: str,
        origins: Origins,
        language: str,
        findings: Findings,
        *,
        inline: bool = False,
        mentions: bool = False,
    ) -> None:
        self.text = text
        self.origins = origins
        self.findings = findings
        self._md = dialect(language)
        self._env: dict[str, Any] = {"slots": [], "mentions": mentions}
        self._lines = text.split("\n")
        self._cursor: dict[int, int] = {}
        self.tokens = (
            self._md.parseInline(text, self._env) if inline else self._md.parse(text, self._env)
        )
        self._judge()

    # -- rendering ---------------------------------------------------------------------------

    def prose(self, tokens: list[Token]) -> Prose:
        """Render some of the tokens."""
        html = self._md.renderer.render(tokens, self._md.options, self._env)
        headings = tuple(
            Heading(int(token.tag[1]), str(token.attrGet("id")), _words(inline))
            for token, inline in itertools.pairwise(tokens)
            if token.type == "heading_open"
        )
        text = " ".join(_words(token) for token in tokens if token.type == "inline")
        return Prose(tuple(self._segments(html.strip("\n"))), headings, text)

    def inline(self) -> Prose:
        """Render the whole as inline HTML."""
        return self.prose(self.tokens)

    def heading(self, index: int) -> Prose:
        """Render the words of the heading whose token stands at `index`."""
        return self.prose([self.tokens[index + 1]])

    def _segments(self, html: str) -> Iterator[Segment]:
        slots: list[Segment] = self._env["slots"]
        run = ""
        for number, part in enumerate(html.split(SLOT)):
            segment = slots[int(part)] if number % 2 else part
            if isinstance(segment, Text):
                run += segment.text
                continue
            if run and segment == "\n":
                run += "\n"
                continue
            if run:
                yield Text(unicodedata.normalize("NFC", run))
                run = ""
            if segment:
                yield segment
        if run:
            yield Text(unicodedata.normalize("NFC", run))

    # -- headings ----------------------------------------------------------------------------

    def heading_span(self, index: int) -> Span:
        """Return the place of the words of the heading whose token stands at `index`."""
        inline = self.tokens[index + 1]
        raw = inline.content.split("\n")[0]
        return self._span(inline, 0, raw)

    def give_ids(self, given: dict[int, str]) -> None:
        """Give every heading an id and a level that does not skip one.

        `given` holds ids that are decided already, by the index of the heading's token.
        """
        used = set(given.values())
        counts: dict[str, int] = {}
        opened = [n for n, token in enumerate(self.tokens) if token.type == "heading_open"]
        for n in opened:
            wanted = self.tokens[n].meta.get("id")
            if wanted is not None and n not in given and self._may_be_id(wanted, n, used):
                given[n] = wanted
                used.add(wanted)
        level = 1
        for n in opened:
            token = self.tokens[n]
            level = min(max(int(token.tag[1]), 2 if token.level == 0 else 3), level + 1)
            token.tag = self._close(n).tag = f"h{level}"
            if n not in given:
                name = heading_id(_words(self.tokens[n + 1])) or "section"
                given[n] = _unused(name, used, counts)
                used.add(given[n])
            token.attrSet("id", given[n])

    def _may_be_id(self, name: str, index: int, used: set[str]) -> bool:
        span = self._span(self.tokens[index + 1], 0, f"#{name}", search=True)
        if not _ID.fullmatch(name) or _TAKEN_ID.match(name):
            reason = "is taken by the page itself" if _ID.fullmatch(name) else "is no id"
            self.findings.add("E312", span, f'"{name}" {reason}', "use letters and hyphens")
            return False
        if name in used:
            self.findings.add("E405", span, f'the id "{name}" is given to two headings')
            return False
        return True

    def _close(self, index: int) -> Token:
        return self.tokens[index + 2]

    # -- references --------------------------------------------------------------------------

    def _judge(self) -> None:
        """Find the references, pictures and faults of all tokens, and make figures."""
        quotes = 0
        heading = False
        for index, token in enumerate(self.tokens):
            if token.type in ("blockquote_open", "blockquote_close"):
                quotes += token.nesting
            elif token.type in ("heading_open", "heading_close"):
                heading = token.nesting == 1
            elif token.type == "inline" and token.children:
                self._judge_children(token, token.children, silent=bool(quotes or heading))
                self._figure(index)

    def _judge_children(self, token: Token, children: list[Token], *, silent: bool) -> None:
        links = 0
        for number, child in enumerate(children):
            if child.type == "link_open":
                links += 1
                child.meta["empty"] = _is_empty(children, number + 1)
                self._judge_link(token, child, "href", picture=False)
            elif child.type == "link_close":
                links -= 1
            elif child.type == "image":
                self._judge_link(token, child, "src", picture=True)
            elif child.type == "text":
                child.meta["linked"] = bool(silent or links)
                if "<" in child.content or "[^" in child.content:
                    self._judge_text(token, child.content)
        last = token.content.rsplit("\n", 1)[-1]
        if token.map and last:
            row = token.map[0] + token.content.count("\n")
            at = self._find(row, last)
            self._cursor[row] = at + len(last) if at >= 0 else self._cursor.get(row, 0)

    def _judge_link(self, token: Token, child: Token, attribute: str, *, picture: bool) -> None:
        destination = str(child.attrGet(attribute) or "")
        span = self._destination_span(token, child, destination)
        meaning = classify(destination, span, self.findings, picture=picture)
        if isinstance(meaning, External):
            child.meta["href"] = normalizeLink(meaning.url)
        elif meaning is not None:
            if picture and meaning.kind not in ("file", "url"):
                self.findings.add("E209", span, f'"{destination}" is not a picture')
            else:
                child.meta["ref"] = meaning

    def _destination_span(self, token: Token, child: Token, destination: str) -> Span:
        offset = child.meta.get("dest")
        if offset is None:
            return self._span(token, 0, destination, search=True)
        if offset < 0:
            known = self._env.get("references", {})
            found = known.get(normalizeReference(child.meta["label"]))
            if found is not None and (rows := found.get("map")):
                return self._search(rows[0], rows[1], destination, behind="]:")
            return self._span(token, 0, destination, search=True)
        raw = re.match(r"[^\s()<>]*(?:\([^\s()]*\)[^\s()<>]*)*", token.content[offset:])
        return self._span(token, offset, raw[0] if raw else "")

    def _judge_text(self, token: Token, content: str) -> None:
        for found in _RAW_HTML.finditer(content):
            span = self._span(token, 0, found[0].split("\n")[0], search=True)
            self.findings.add(
                "W406", span, f"HTML is shown as text: {found[0][:40]}",
                "put it between backticks if that is meant",
            )  # fmt: skip
        for found in _OPEN_FOOTNOTE.finditer(content):
            span = self._span(token, 0, found[0], search=True)
            self.findings.add(
                "E409", span, f'there is no footnote "{found[1]}"', f"add a line: {found[0]}: …"
            )

    def _figure(self, index: int) -> None:
        """Turn a paragraph that is one picture into a figure, its title into the caption."""
        inline = self.tokens[index]
        children = inline.children or []
        if len(children) != 1 or children[0].type != "image" or index == 0:
            return
        opened, closed = self.tokens[index - 1], self.tokens[index + 1 : index + 2]
        if opened.type != "paragraph_open" or opened.hidden or not closed:
            return
        opened.tag = closed[0].tag = "figure"
        title = str(children[0].attrs.pop("title", ""))
        if title:
            for token in self._md.parseInline(title, self._env):
                token.map = inline.map
                self._judge_children(token, token.children or [], silent=False)
                children.append(Token("figcaption", "", 0, children=token.children))

    # -- places ------------------------------------------------------------------------------

    def _span(self, token: Token, offset: int, raw: str, *, search: bool = False) -> Span:
        """Return the place of `raw`, which stands at `offset` of an inline token's content."""
        if token.map is None:
            return self._search(0, len(self._lines), raw)
        first, last = token.map[0], max(token.map[1], token.map[0] + 1)
        if search:
            return self._search(first, last, raw)
        before = token.content[:offset]
        row = first + before.count("\n")
        start = offset - (before.rfind("\n") + 1)
        line = token.content.split("\n")[row - first]
        at = self._find(row, line)
        if at < 0:
            return self._search(first, last, raw)
        return self.origins.span(row, at + start, raw)

    def _find(self, row: int, part: str) -> int:
        """Return the column of a part of a line, behind what was found on it before."""
        if row >= len(self._lines):
            return -1
        return self._lines[row].find(part, self._cursor.get(row, 0))

    def _search(self, first: int, last: int, raw: str, *, behind: str = "") -> Span:
        """Return the first place of `raw` in some lines, or the start of the first of them."""
        for row in range(first, min(last, len(self._lines))):
            start = self._cursor.get(row, 0)
            if behind and (found := self._lines[row].find(behind)) >= 0:
                start = found + len(behind)
            at = self._lines[row].find(raw, start)
            if at >= 0 and raw:
                return self.origins.span(row, at, raw)
        return self.origins.span(first, 0)


def _is_empty(children: list[Token], first: int) -> bool:
    """Tell whether a link whose text begins at `first` has none of its own."""
    for number in range(first, len(children)):
        token = children[number]
        if token.type == "link_close":
            return True
        if token.type == "image" or token.content.strip():
            return False
    return True


def _words(inline: Token) -> str:
    """Return the plain words of an inline token."""
    words = []
    for child in inline.children or []:
        if child.type in ("softbreak", "hardbreak"):
            words.append(" ")
        elif child.type in ("text", "code_inline", "image"):
            words.append(child.content)
    return "".join(words)


def _unused(name: str, used: set[str], counts: dict[str, int]) -> str:
    """Return the name, or with the next number behind it that is free; `counts` remembers it."""
    free = name
    while free in used:
        counts[name] = counts.get(name, 1) + 1
        free = f"{name}-{counts[name]}"
    return free
