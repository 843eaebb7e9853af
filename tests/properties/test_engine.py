"""The quickened engine gives the library's own tokens, whatever the text."""

import sys
import time
from copy import deepcopy
from dataclasses import fields
from math import inf
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from explainer.content import markdown
from explainer.content.engine import _token, quicken
from explainer.content.markdown import dialect
from explainer.content.quotes import curl
from tests.pitfalls.test_markdown import CRAFTED

_library_quotes = sys.modules["markdown_it.rules_core.smartquotes"]
"""The package exports the rule under the module's own name, so it is taken from here."""

PIECES = (
    *"*_~`[]()<>!#:/\\&;^|\"'-+=.{}@ab1é中 \t\n",
    "\n\n", "](", "![", "^[", "[^1]", "[^1]: ", "[a]: b\n", "](topic:a)", "**", "~~", "```\n",
    "\n> ", "\n- ", "\n- [ ] ", "\n1. ", "\n## ", "    ", "\n: ", "\n---\n", "\n===\n", "&amp;",
    "&#12;", "<a@b.c>", "<https://a.b>", "https://a.b/", "http://", "://", "  \n", "\\\n", "[[[[[",
    "[" * 20, "|a|b|\n|-|-|\n", '{#id}', "word ", "two words", "\r\n", "\u2028",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


@pytest.fixture(scope="module")
def plain_dialect() -> MarkdownIt:
    """Our dialect, run by the library's own parsers."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(markdown, "quicken", lambda md: None)
        return dialect.__wrapped__("de", notes=True)


def tokens_of(md: MarkdownIt, text: str) -> tuple[list[Token], Any]:
    env: dict[str, Any] = {}
    tokens = md.parse(text, env)
    # The library makes this entry when it asks in vain whether there are notes.
    if not any((env.get("footnotes") or {}).values()):
        env.pop("footnotes", None)
    return tokens, env


@settings(max_examples=500, deadline=None)
@given(text=TEXTS)
def test_our_dialect_is_parsed_as_the_library_does(plain_dialect: MarkdownIt, text: str) -> None:
    assert tokens_of(dialect("de", notes=True), text) == tokens_of(plain_dialect, text)


@settings(max_examples=300, deadline=None)
@given(text=TEXTS)
def test_commonmark_is_parsed_as_the_library_does(text: str) -> None:
    assert tokens_of(markdown.commonmark(), text) == tokens_of(MarkdownIt("commonmark"), text)


@settings(max_examples=500, deadline=None)
@given(
    pieces=st.lists(st.sampled_from([*"\"\"\"'''*_ ab19.-(,\n\u00a0中", "**", "`c`", "[x](y)"])),
    quotes=st.sampled_from(list(markdown.QUOTES.values())),
)
def test_quotation_marks_are_those_of_the_library(
    pieces: list[str], quotes: str | list[str]
) -> None:
    md = MarkdownIt("commonmark", {"quotes": quotes})
    (inline,) = md.parseInline("".join(pieces))
    ours, theirs = inline.children or [], deepcopy(inline.children or [])
    curl(ours, quotes)
    _library_quotes.process_inlines(theirs, StateCore("", md, {}))
    assert ours == theirs


@pytest.mark.parametrize("text", CRAFTED.values(), ids=CRAFTED)
def test_no_text_takes_longer_than_in_the_library(plain_dialect: MarkdownIt, text: str) -> None:
    """Others may disturb a run, but what takes longer by itself does so every time."""
    dialects = dialect("de", notes=True), plain_dialect
    best = [inf, inf]
    for run in range(20):
        best = [min(least, seconds(md, text[:20_000]))
                for least, md in zip(best, dialects, strict=True)]  # fmt: skip
        if run >= 2 and best[0] < 1.5 * best[1] + 0.1:
            return
    pytest.fail(f"{best[0]:.3f} s for {best[1]:.3f} s of the library")


def seconds(md: MarkdownIt, text: str) -> float:
    """Return the time of the processor for parsing a text."""
    started = time.process_time()
    md.parse(text)
    return time.process_time() - started


def test_a_token_has_all_that_the_library_gives_it() -> None:
    made = _token("text", "", 0, 0, "a")
    assert all(hasattr(made, field.name) for field in fields(Token))
    assert made == Token("text", "", 0, content="a")


def test_a_rule_is_refused_of_which_it_is_not_known_where_it_begins() -> None:
    md = MarkdownIt("commonmark")
    md.inline.ruler.push("sparkle", lambda state, silent: False)
    quicken(md)
    with pytest.raises(RuntimeError, match="sparkle"):
        md.parse("a")
