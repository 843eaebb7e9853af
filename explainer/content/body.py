"""The prose of an entry: both forms become one Markdown text, which is then cut into sections.

A YAML entry's sections are written out as Markdown headings and texts before parsing, so that
footnotes, heading ids and link definitions come out alike and both forms give the same pages.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import cache, lru_cache

from explainer.config import SectionRule
from explainer.content.document import Document
from explainer.content.model import Body, Prose, Section
from explainer.content.origins import (
    LineOrigin,
    Origins,
    line_origins,
    prose_origins,
    scalar_origins,
)
from explainer.content.prose import Markdown
from explainer.content.yaml import Mapping, Scalar, Sequence
from explainer.diagnostics import Findings, Span, did_you_mean

_STRAIGHT = str.maketrans("‘’“”", "''\"\"")

NEAR = 0.8
"""Likeness from which a heading counts as a misspelt section title."""

PROSE_KEYS = ("body", "sections", "answers")
"""Keys that hold the prose of a YAML entry."""


@dataclass(frozen=True, slots=True)
class Written:
    """Markdown as it will be parsed, and where its lines come from."""

    text: str
    origins: Origins
    headings: dict[int, int]
    """Lines (from 0) at which a heading must be found, made from YAML; the length of its words."""


def read_body(
    document: Document,
    rules: tuple[SectionRule, ...],
    language: str,
    findings: Findings,
    *,
    mentions: bool,
    pairs: bool = False,
) -> Body:
    """Read the prose of an entry.

    `rules` are the sections that a story has; `pairs` says that every section is a key question.
    """
    written = _written(document, rules, findings, pairs=pairs)
    markdown = Markdown(written.text, written.origins, language, findings, mentions=mentions)
    sections = _Sections(markdown, rules, language, findings)
    sections.identify()
    if not rules and not pairs:
        return sections.body()
    sections.report_missing(document.start)
    sections.report_empty()
    found = {markdown.tokens[n].map[0] for n in sections.cuts}  # type: ignore[index]
    for row in sorted(written.headings.keys() - found):
        span = written.origins.span(row, len("## "), written.headings[row])
        findings.add(
            "E408", span, "the section before this one opens something that it never closes",
            "close the code fence (```) or the like",
        )  # fmt: skip
    return sections.body()


class _Sections:
    """The second-level headings of a piece of Markdown, and what they stand for."""

    def __init__(
        self,
        markdown: Markdown,
        rules: tuple[SectionRule, ...],
        language: str,
        findings: Findings,
    ) -> None:
        self.markdown = markdown
        self.rules = rules
        self.language = language
        self.findings = findings
        tokens = markdown.tokens
        self.end = next(
            (n for n, token in enumerate(tokens) if token.type == "footnote_block_open"),
            len(tokens),
        )
        self.cuts = [
            n
            for n, token in enumerate(tokens[: self.end])
            if token.type == "heading_open" and token.level == 0 and token.tag in ("h1", "h2")
        ]
        self.known: dict[int, SectionRule] = {}
        self.own_words: set[int] = set()
        self.near: set[str] = set()

    def identify(self) -> None:
        """Find out which headings are sections that the site knows, and give all their ids."""
        for index in self.markdown.wordless_headings():
            span = self.markdown.heading_span(index)
            self.findings.add("E412", span, "the heading has no words", "write some behind the ##")
        for index in self.cuts:
            span = self.markdown.heading_span(index)
            token = self.markdown.tokens[index]
            if token.tag == "h1":
                self.findings.add("W411", span, "a first-level heading", "write ## instead of #")
            rule = self._rule(index, span)
            if rule is None:
                continue
            if rule in self.known.values():
                message = f'the section "{rule.title}" stands twice'
                self.findings.add("E403", span, message, "join the two")
                token.meta.pop("id", None)
                continue
            self.known[index] = rule
        self.markdown.give_ids({index: rule.id for index, rule in self.known.items()})

    def _rule(self, index: int, span: Span) -> SectionRule | None:
        explicit = self.markdown.tokens[index].meta.get("id")
        if explicit is not None:
            rule = next((rule for rule in self.rules if rule.id == explicit), None)
            if rule is not None and not _same(rule.title, self.markdown.heading_words(index)):
                self.own_words.add(index)
            return rule
        words = self.markdown.heading_words(index)
        for rule in self.rules:
            if _same(words, rule.title):
                return rule
        title = self._title(index)
        if best := self._near(title):
            self.near.add(best.id)
            self.findings.add(
                "E402", span, f'the heading "{title}" is almost the title of a section',
                f'did you mean "{best.title}"?', "else give it an id of its own: {#id}",
            )  # fmt: skip
        return None

    def _near(self, title: str) -> SectionRule | None:
        """Return the section whose title is most like a heading, if it is near enough."""
        found, most = None, 0.0
        for rule in self.rules:
            matcher = difflib.SequenceMatcher(None, _bare(rule.title), _bare(title))
            # The quick ratios are never below the ratio, which takes a hundred times as long.
            if matcher.real_quick_ratio() < NEAR or matcher.quick_ratio() < NEAR:
                continue
            ratio = matcher.ratio()
            if ratio >= NEAR and ratio > most:
                found, most = rule, ratio
        return found

    def _title(self, index: int) -> str:
        """Return the heading as it was written, for messages."""
        return self.markdown.tokens[index + 1].content

    def _ranges(self) -> list[tuple[int, int]]:
        """Return where each section starts and ends among the tokens."""
        return list(zip(self.cuts, [*self.cuts, self.end][1:], strict=True))

    def report_missing(self, start: Span) -> None:
        """Report the required sections that are not there."""
        found = {rule.id for rule in self.known.values()} | self.near
        for rule in self.rules:
            if rule.required and rule.id not in found:
                self.findings.add(
                    "E401", start, f'the section "{rule.title}" is missing',
                    f"add a heading: ## {rule.title}",
                )  # fmt: skip

    def report_empty(self) -> None:
        """Report the sections without a text."""
        for index, stop in self._ranges():
            if stop <= index + 3:
                span = self.markdown.heading_span(index)
                message = f'nothing stands below the heading "{self._title(index)}"'
                self.findings.add("E410", span, message, "write it, or take the heading out")

    def body(self) -> Body:
        """Render all sections."""
        tokens = self.markdown.tokens
        first = self.cuts[0] if self.cuts else self.end
        sections = []
        for index, stop in self._ranges():
            rule = self.known.get(index)
            # The title in site.toml stands for all headings that match it, so that a straight
            # and a typographic apostrophe give the same page.
            if rule is not None and index not in self.own_words:
                title = _ruled_title(rule.title, self.language)
            else:
                title = self.markdown.heading(index)
            prose = self.markdown.prose(tokens[index + 3 : stop])
            name = str(tokens[index].attrGet("id"))
            sections.append(Section(name, title, prose, rule is not None))
        return Body(
            self.markdown.prose(tokens[:first]),
            self._in_order(sections),
            self.markdown.prose(tokens[self.end :]),
        )

    def _in_order(self, sections: list[Section]) -> tuple[Section, ...]:
        """Return known sections in the order of site.toml; an extra one stays behind its own."""
        places = {rule.id: place for place, rule in enumerate(self.rules)}
        place = -1
        ranked = []
        for section in sections:
            place = places[section.id] if section.known else place
            ranked.append((place, section))
        return tuple(section for _, section in sorted(ranked, key=lambda pair: pair[0]))


@cache
def _ruled_title(title: str, language: str) -> Prose:
    """Return the title of a section as site.toml has it."""
    return Markdown(title, Origins("site.toml", ()), language, Findings(), inline=True).inline()


def _same(one: str, other: str) -> bool:
    """Tell whether two titles differ in nothing but blanks and the form of apostrophes."""
    return _straight(one) == _straight(other)


@lru_cache(maxsize=1024)
def _straight(title: str) -> str:
    return " ".join(title.translate(_STRAIGHT).split())


@lru_cache(maxsize=1024)
def _bare(title: str) -> str:
    """Put case and punctuation aside."""
    return " ".join(re.sub(r"[^\w\s]", "", title.casefold()).split())


# -- the YAML form -------------------------------------------------------------------------------


def _written(
    document: Document, rules: tuple[SectionRule, ...], findings: Findings, *, pairs: bool
) -> Written:
    given = [key for key, _ in document.keys.pairs if key.text in PROSE_KEYS]
    if document.source.ending == ".md":
        for key in given:
            hint = "a Markdown file has its prose below the front matter"
            findings.add("E407", key.span, f"`{key.text}` belongs in a YAML entry", hint)
        return Written(document.prose, prose_origins(document), {})
    writer = _Writer(document, findings)
    names = {key.text for key in given}
    if "sections" in names and "answers" in names:
        key = next(key for key in given if key.text == "answers")
        findings.add("E407", key.span, "the prose stands in `sections` and in `answers`")
    if (body := document.keys.get("body")) is not None:
        writer.text(body, "body")
    if (sections := document.keys.get("sections")) is not None:
        writer.sections(sections, rules)
    if (answers := document.keys.get("answers")) is not None and pairs:
        writer.answers(answers)
    return writer.written()


class _Writer:
    """Writes the values of a YAML entry out as one Markdown text."""

    def __init__(self, document: Document, findings: Findings) -> None:
        self.document = document
        self.findings = findings
        self.lines: list[str] = []
        self.origins: list[LineOrigin] = []
        self.headings: dict[int, int] = {}

    def written(self) -> Written:
        origins = Origins(self.document.source.path, tuple(self.origins))
        return Written("\n".join(self.lines), origins, self.headings)

    def text(self, node: object, name: str) -> None:
        """Add a value that is Markdown."""
        if not isinstance(node, Scalar):
            span = node.span if isinstance(node, Mapping | Sequence) else self.document.start
            self.findings.add("E303", span, f"`{name}` must be text", "start it with: |")
            self.lines.append("…")  # so that the section is not taken for an empty one
            self.origins.append(LineOrigin(span.line, fixed=span))
            return
        if node.is_null:
            return
        origins = scalar_origins(self.document, node).lines
        self.lines += [*node.text.rstrip("\n").split("\n"), ""]
        self.origins += [*origins[: node.text.rstrip("\n").count("\n") + 1], origins[-1]]

    def heading(self, title: str, name: str, place: Scalar | Span) -> None:
        """Add a heading whose words stand in a value, or are those of a key."""
        words = " ".join(title.split())
        if not words and isinstance(place, Scalar):
            key = "title" if name else "question"
            self.findings.add("E309", place.span, f"`{key}` is empty", "write something behind it")
            words, place = "…", place.span  # so that the heading is not reported once more
        self.headings[len(self.lines)] = len(words)
        self.lines += [f"## {words} {{#{name}}}" if name else f"## {words}", ""]
        if isinstance(place, Scalar):
            (origin,) = line_origins(self.document, place, words, (-len("## "),))
        else:
            origin = LineOrigin(place.line, fixed=place)
        self.origins += [origin, origin]

    def sections(self, node: object, rules: tuple[SectionRule, ...]) -> None:
        if not isinstance(node, Mapping):
            span = node.span if isinstance(node, Scalar | Sequence) else self.document.start
            self.findings.add("E303", span, "`sections` must map section ids to texts")
            return
        titles = {rule.id: rule.title for rule in rules}
        for key, value in node.pairs:
            title, text = titles.get(key.text), value
            where: Scalar | Span = key.span
            if isinstance(value, Mapping):
                self._check_keys(value, ("title", "text"))
                own, inner = value.get("title"), value.get("text")
                if isinstance(own, Scalar) and not own.is_null:
                    title, where = own.text, own
                elif own is not None:
                    self.findings.add("E303", own.span, "`title` must be text")
                if inner is None:
                    self.findings.add("E302", value.span, "`text` is missing in this section")
                    continue
                text = inner
            if title is None:
                self.findings.add(
                    "E404", key.span, f'the section "{key.text}" has no title',
                    did_you_mean(key.text, titles), "write { title: …, text: … }",
                )  # fmt: skip
                continue
            self.heading(title, key.text, where)
            self.text(text, key.text)

    def answers(self, node: object) -> None:
        if not isinstance(node, Sequence):
            span = node.span if isinstance(node, Scalar | Mapping) else self.document.start
            self.findings.add("E303", span, "`answers` must be a list of question and answer")
            return
        for item in node.items:
            if not isinstance(item, Mapping):
                self.findings.add("E303", item.span, "write `question:` and `answer:` here")
                continue
            self._check_keys(item, ("question", "answer"))
            question, answer = item.get("question"), item.get("answer")
            for name, value in (("question", question), ("answer", answer)):
                if value is None:
                    self.findings.add("E302", item.span, f"`{name}` is missing here")
            if isinstance(question, Scalar) and answer is not None:
                self.heading(question.text, "", question)
                self.text(answer, "answer")
            elif question is not None and answer is not None:
                self.findings.add("E303", question.span, "`question` must be text")

    def _check_keys(self, mapping: Mapping, known: tuple[str, ...]) -> None:
        for key, _ in mapping.pairs:
            if key.text not in known:
                hint = did_you_mean(key.text, known) or f"known are {', '.join(known)}"
                self.findings.add("E301", key.span, f'unknown key "{key.text}"', hint)
