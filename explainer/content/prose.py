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
from explainer.content.places import Places, written
from explainer.content.references import External, classify
from explainer.content.yaml import CONTROL
from explainer.diagnostics import Findings, Span

__all__ = ["Markdown", "commonmark", "heading_id"]

_RAW_HTML = re.compile(r"<(?:/?[A-Za-z][A-Za-z0-9-]*(?:\s[^<>]*)?/?>|!--|\?|![A-Z])")
_OPEN_FOOTNOTE = re.compile(r"\[\^([^\[\]\s]+)\]")
_CONTROL_ENTITY = re.compile(r"&#(?:0*12|[xX]0*[cC]);")
"""A form feed: the one control character that Markdown's entities may stand for."""

_MOST_MISSES = 1000
"""Texts that may be looked for in vain before looking stops: each takes a pass over the text."""

DECORATION = '""'
"""Words in place of a picture that say that none are needed."""

_APOSTROPHES = re.compile(r"['’]")
_NO_LETTERS = re.compile(r"[\W_]+")

_ID = re.compile(r"\w[\w.:-]*")
_TAKEN_ID = re.compile(r"main$|page-|letter-|source-|fn(?:ref)?[0-9]")
"""Ids that themes, sources and footnotes use."""


def heading_id(title: str) -> str:
    """Return the id that a heading gets by its words; empty where nothing is left of them."""
    words = _APOSTROPHES.sub("", unicodedata.normalize("NFC", title).casefold())
    name = _NO_LETTERS.sub("-", words).strip("-")
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
        self._md = dialect(language, notes=not inline)
        self._captions = dialect(language, notes=False)
        self._inline = inline
        self._env: dict[str, Any] = {"slots": [], "mentions": mentions}
        self._places = Places(text, origins)
        self._at = 0
        """Index in the content of the token being judged, before which all is judged."""

        self._misses = 0
        self._heading = False
        """Whether a heading is judged: one without words is a finding of its own."""

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
        text = " ".join([_words(token) for token in tokens if token.type == "inline"])
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
            if type(segment) is Text:
                run += segment.text
                continue
            if run and segment == "\n":
                run += "\n"
                continue
            if run:
                yield Text(_composed(run))
                run = ""
            if segment:
                yield segment
        if run:
            yield Text(_composed(run))

    # -- headings ----------------------------------------------------------------------------

    def heading_span(self, index: int) -> Span:
        """Return the place of the words of the heading whose token stands at `index`."""
        inline = self.tokens[index + 1]
        return self._places.span(inline, 0, len(inline.content.partition("\n")[0]))

    def heading_words(self, index: int) -> str:
        """Return the plain words of the heading whose token stands at `index`."""
        return _words(self.tokens[index + 1])

    def wordless_headings(self) -> Iterator[int]:
        """Yield the index of every heading that would show no words."""
        for index, (token, inline) in enumerate(itertools.pairwise(self.tokens)):
            if token.type == "heading_open" and not _words(inline).strip():
                kinds = {child.type for child in inline.children or []}
                if kinds <= {"text", "image"}:
                    yield index

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
        inline = self.tokens[index + 1]
        start = written(inline).rfind("{#") + 1
        span = self._places.span(inline, start, start + len(name) + 1)
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
            kind = token.type
            if kind == "inline":
                if token.children:
                    self._places.find(token)
                    self._judge_children(token, token.children, silent=bool(quotes or heading))
                    self._figure(index)
            elif kind in ("blockquote_open", "blockquote_close"):
                quotes += token.nesting
            elif kind in ("heading_open", "heading_close"):
                heading = token.nesting == 1
                self._heading = heading

    def _judge_children(self, token: Token, children: list[Token], *, silent: bool) -> None:
        links: list[Token] = []
        self._at = 0
        for number, child in enumerate(children):
            kind = child.type
            if kind == "text":
                child.meta["linked"] = bool(silent or links)
                if not child.content.isprintable():
                    self._judge_characters(token, child.content)
                if "<" in child.content or "^" in child.content:
                    self._judge_text(token, child.content)
            elif kind == "link_open":
                links.append(child)
                child.meta["empty"] = _is_empty(children, number + 1)
                self._judge_link(token, child, "href", picture=False)
            elif kind == "link_close":
                self._pass(links.pop())
            elif kind == "image":
                self._judge_link(token, child, "src", picture=True)
                self._judge_alternative(token, child)
                self._judge_characters(token, str(child.attrGet("title") or ""))
                for inner in child.children or []:
                    self._judge_characters(token, inner.content)
                self._pass(child)
            elif kind == "code_inline":
                start = written(token).find(child.markup, self._at) + len(child.markup)
                self._at = max(self._at, start + len(child.content))

    def _pass(self, child: Token) -> None:
        """Go on behind the destination of a link or picture."""
        self._at = max(self._at, child.meta.get("place", (0, 0))[1])

    def _judge_link(self, token: Token, child: Token, attribute: str, *, picture: bool) -> None:
        destination = str(child.attrGet(attribute) or "")
        span = self._destination_span(token, child)
        meaning = classify(destination, span, self.findings, picture=picture)
        if isinstance(meaning, External):
            child.meta["href"] = normalizeLink(meaning.url)
        elif meaning is not None:
            if picture and meaning.kind not in ("file", "url"):
                self.findings.add("E209", span, f'"{destination}" is not a picture')
            else:
                child.meta["ref"] = meaning

    def _judge_alternative(self, token: Token, child: Token) -> None:
        """Ask for the words that stand for a picture; two quotes say that it needs none."""
        words = child.content.strip()
        if words == DECORATION:
            child.content, child.children = "", []
        elif not words and "ref" in child.meta and not self._heading:
            self.findings.add(
                "W223", self._destination_span(token, child), "the picture has no words for it",
                f"say what it shows between the square brackets; {DECORATION} if it is decoration",
            )  # fmt: skip

    def _destination_span(self, token: Token, child: Token) -> Span:
        if (place := child.meta.get("place")) is not None:
            return self._places.span(token, *place)
        known = self._env.get("references", {}).get(normalizeReference(child.meta.get("label", "")))
        if known is not None and (rows := known.get("map")):
            return self._places.definition(*rows)
        return self._places.span(token, 0, 0)

    def _judge_characters(self, token: Token, content: str) -> None:
        """Report a control character that was written as an entity, which no feed may carry."""
        if found := CONTROL.search(content):
            entity = _CONTROL_ENTITY.search(written(token), self._at)
            span = self._places.span(token, *(entity.span() if entity else (0, 0)))
            name = f"U+{ord(found[0]):04X}"
            self.findings.add("E102", span, f"the control character {name} is not allowed",
                              "delete it")  # fmt: skip

    def _judge_text(self, token: Token, content: str) -> None:
        first = self._at
        for found in _RAW_HTML.finditer(content):
            if span := self._next(token, found[0]):
                self.findings.add(
                    "W406", span, f"HTML is shown as text: {found[0][:40]}",
                    "put it between backticks if that is meant",
                )  # fmt: skip
        last, self._at = self._at, first
        if self._inline and "^[" in content and (span := self._next(token, "^[")):
            self.findings.add("E409", span, "a footnote cannot stand in a single value",
                              "footnotes are for the prose of an entry")  # fmt: skip
        for found in _OPEN_FOOTNOTE.finditer(content):
            if span := self._next(token, found[0]):
                self.findings.add(
                    "E409", span, f'there is no footnote "{found[1]}"', f"add a line: {found[0]}: …"
                )
        self._at = max(self._at, last)

    def _next(self, token: Token, raw: str) -> Span | None:
        """Return the next place of `raw`; None where it was not written so, but escaped."""
        text = written(token)
        start = text.find(raw, self._at) if self._misses < _MOST_MISSES else -1
        if start < 0:
            self._misses += 1
            return None
        self._at = start + len(raw)
        before = text[max(0, start - _MOST_MISSES) : start]
        if (len(before) - len(before.rstrip("\\"))) % 2:
            return None
        return self._places.span(token, start, self._at)

    def _figure(self, index: int) -> None:
        """Turn a paragraph that is one picture into a figure, its title into the caption."""
        inline = self.tokens[index]
        children = inline.children or []
        if len(children) != 1 or children[0].type != "image" or index == 0:
            return
        opened, closed = self.tokens[index - 1], self.tokens[index + 1 : index + 2]
        if opened.type != "paragraph_open" or opened.hidden:
            return
        if not closed or closed[0].type != "paragraph_close":  # a footnote's way back follows
            return
        opened.tag = closed[0].tag = "figure"
        title = str(children[0].attrs.pop("title", ""))
        if title:
            for token in self._captions.parseInline(title, self._env):
                token.map = inline.map
                self._places.find_caption(token, inline, children[0].meta.get("place", (0, 0))[1])
                self._judge_children(token, token.children or [], silent=False)
                children.append(Token("figcaption", "", 0, children=token.children))


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
    children = inline.children or []
    if len(children) == 1 and children[0].type == "text":
        return children[0].content
    words = []
    for child in children:
        if child.type in ("softbreak", "hardbreak"):
            words.append(" ")
        elif child.type in ("text", "code_inline", "image"):
            words.append(child.content)
    return "".join(words)


def _composed(text: str) -> str:
    """Return a text in NFC, in which all ASCII is already."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _unused(name: str, used: set[str], counts: dict[str, int]) -> str:
    """Return the name, or with the next number behind it that is free; `counts` remembers it."""
    free = name
    while free in used:
        counts[name] = counts.get(name, 1) + 1
        free = f"{name}-{counts[name]}"
    return free
