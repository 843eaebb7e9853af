"""The Markdown dialect: which rules markdown-it runs, and how tokens become HTML.

References, pictures and runs of text leave the renderer as slots between NUL characters, which
content can never hold; `explainer.content.prose` cuts the result at them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, MutableMapping, Sequence
from functools import cache, partial
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.tasklists import tasklists_plugin

from explainer.content.engine import label_end, plain_link, quicken
from explainer.content.model import Link, Picture, Segment, Text
from explainer.content.quotes import curl

SLOT = "\0"
MAX_QUOTES = 400
"""Quotation marks in one paragraph above which they stay straight: the rule is quadratic."""

MAX_HIGHLIGHTED = 20_000
"""Characters of code above which it is not coloured."""

QUOTES: dict[str, str | list[str]] = {
    "en": "“”‘’",
    "de": "„“‚‘",
    "fr": ["«\u00a0", "\u00a0»", "‹\u00a0", "\u00a0›"],
    "es": "«»“”",
    "pt": "“”‘’",
    "it": "«»“”",
    "nl": "“”‘’",
    "sv": "””’’",
    "fi": "””’’",
    "da": "”“’‘",
    "nb": "«»‘’",
    "pl": "„”«»",
    "cs": "„“‚‘",
    "sk": "„“‚‘",
    "hu": "„”»«",
    "ro": "„”«»",
    "bg": "„“’‘",
    "ru": "«»„“",
    "uk": "«»„“",
    "el": "«»“”",
    "ja": "「」『』",
    "zh-Hant": "「」『』",
    "zh-TW": "「」『』",
    "zh-HK": "「」『』",
    "de-CH": "«»‹›",
}
"""Opening and closing marks, then those inside them, by language; others take the English."""

MAX_TASKS = 1000
"""Items of task lists in one text above which their boxes stay text: the rule is quadratic."""

_BOX = re.compile(r"\[[ xX]\]")
_TASK = re.compile(r"\[[ xX]\][ \u00a0]")
_ADDRESS = re.compile(r":(?:(?<=http:)|(?<=https:)|(?<=mailto:))", re.IGNORECASE)
"""What a paragraph holds in which an address may have to become a link. It starts with the colon,
which is found much faster than letters of either case."""

_HEADING_ID = re.compile(r"\{#([^{}]*)\}\s*$")

Env = MutableMapping[str, Any]


def commonmark() -> MarkdownIt:
    """Return the engine as the CommonMark specification wants it, raw HTML on.

    Only the specification's own examples are run through it: entries use `dialect`.
    """
    md = MarkdownIt("commonmark")
    quicken(md)
    return md


@cache
def dialect(language: str, *, notes: bool = True) -> MarkdownIt:
    """Return the engine for entries in a language; without `notes` it knows no footnotes."""
    md = MarkdownIt("commonmark", renderer_cls=_Renderer)
    md.enable(["table", "strikethrough", "linkify", "smartquotes"])
    md.options["html"] = False
    md.options["linkify"] = True
    md.options["typographer"] = True
    md.options["xhtmlOut"] = False
    md.options["quotes"] = _quotes(language)
    md.use(footnote_plugin).use(deflist_plugin).use(tasklists_plugin, label=True)
    if md.linkify is None:
        raise RuntimeError("linkify-it-py is not installed")
    md.linkify.set({"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})
    md.linkify.add("ftp:", None)
    md.linkify.add("//", None)
    # Its own test is one large pattern, run on every paragraph: a quarter of all parsing.
    setattr(md.linkify, "pretest", _ADDRESS.search)  # noqa: B010
    # Destinations are judged after parsing, where a refused one becomes a finding: left to
    # markdown-it it would silently become text.
    setattr(md, "validateLink", lambda url: True)  # noqa: B010
    setattr(md, "normalizeLink", lambda url: url)  # noqa: B010
    for name in ("link", "image", "autolink"):
        md.inline.ruler.at(name, _with_place(name, md))
    md.inline.ruler.at("link", partial(_link_rule, _rule("link", md)))
    md.inline.ruler.at("linkify", _behind_a_scheme(md))
    md.core.ruler.at("smartquotes", _quotes_rule)
    links = next(rule.fn for rule in md.core.ruler.__rules__ if rule.name == "linkify")
    md.core.ruler.at("linkify", partial(_addresses_rule, links))
    tasks = next(rule.fn for rule in md.core.ruler.__rules__ if rule.name == "github-tasklists")
    md.core.ruler.at("github-tasklists", partial(_tasks_rule, tasks))
    md.core.ruler.after("block", "heading_ids", _heading_ids)
    if not notes:
        md.disable(["footnote_def", "footnote_inline", "footnote_ref", "footnote_tail"])
    md.add_render_rule("footnote_ref", _footnote_ref)
    md.add_render_rule("footnote_anchor", _footnote_anchor)
    md.add_render_rule("footnote_block_open", lambda *_: '<ol class="footnotes-list">\n')
    md.add_render_rule("footnote_block_close", lambda *_: "</ol>\n")
    quicken(md)
    return md


def _quotes(language: str) -> str | list[str]:
    parts = language.split("-")
    for end in range(len(parts), 0, -1):
        if found := QUOTES.get("-".join(parts[:end])):
            return found
    return QUOTES["en"]


def _rule(name: str, md: MarkdownIt) -> Any:
    return next(rule.fn for rule in md.inline.ruler.__rules__ if rule.name == name)


def _behind_a_scheme(md: MarkdownIt) -> Any:
    """Wrap the rule for bare addresses so that it is not tried where it can only cost time."""
    original = _rule("linkify", md)

    def rule(state: StateInline, silent: bool) -> bool:
        return _ends_in_scheme(state) and bool(original(state, silent))

    return rule


def _ends_in_scheme(state: StateInline) -> bool:
    """Tell whether an address may begin here: the rule else searches all that came before."""
    end = state.src[max(0, state.pos - 5) : state.pos].lower()
    return end.endswith(("http", "https"))


def _with_place(name: str, md: MarkdownIt) -> Any:
    """Wrap a rule so that its token knows where the link's destination stands.

    `meta["place"]` holds the indexes of its first character and behind its last one; for links
    whose destination is defined elsewhere there is `meta["label"]` instead.
    """
    original = _rule(name, md)
    kind = "image" if name == "image" else "link_open"

    def rule(state: StateInline, silent: bool) -> bool:
        start, count = state.pos, len(state.tokens)
        if not original(state, silent):
            return False
        if not silent:
            # Text that stood before the link may have become a token first.
            while state.tokens[count].type != kind:
                count += 1
            token = state.tokens[count]
            if name == "autolink":
                token.meta["place"] = (start + 1, state.pos - 1)
            else:
                _note_destination(state, start + (name == "image"), token)
        return True

    return rule


def _link_rule(
    original: Callable[[StateInline, bool], bool], state: StateInline, silent: bool
) -> bool:
    """Make a link of `[words](address)` at once; leave all others to the rule for links."""
    found = plain_link(state)
    if found is None:
        return original(state, silent)
    state.pos = found.end()
    if not silent:
        opened = state.push("link_open", "a", 1)
        opened.attrs["href"] = found[2]
        opened.meta["place"] = found.span(2)
        state.append_pending(found[1])
        state.push("link_close", "a", -1)
    return True


def _note_destination(state: StateInline, start: int, token: Token) -> None:
    """Note the destination or label of the link whose text begins with the bracket at `start`."""
    src = state.src
    end = label_end(state, start)
    pos = end + 1
    if src[pos : pos + 1] == "(":
        pos += 1
        while src[pos : pos + 1] in (" ", "\t", "\n"):
            pos += 1
        found = state.md.helpers.parseLinkDestination(src, pos, state.posMax)
        if found.str == (token.attrGet("src" if token.type == "image" else "href") or ""):
            bracket = src[pos] == "<"
            token.meta["place"] = (pos + bracket, max(found.pos - bracket, pos + bracket))
            return
    close = src.find("]", pos) if src[pos : pos + 1] == "[" else -1
    token.meta["label"] = src[pos + 1 : close] if close > pos + 1 else src[start + 1 : end]


def _heading_ids(state: StateCore) -> None:
    """Take an explicit id (`## Words {#id}`) off a heading before its words are parsed.

    What an inline token held before this, and before task lists lose their boxes, is kept in
    `meta["written"]`: places are indexes into it.
    """
    for token in state.tokens:
        if token.type == "inline":
            token.meta["written"] = token.content
    for token, inline in zip(state.tokens, state.tokens[1:], strict=False):
        if token.type == "heading_open" and (found := _HEADING_ID.search(inline.content)):
            token.meta["id"] = found[1]
            inline.content = inline.content[: found.start()].rstrip()


def _addresses_rule(original: Callable[[StateCore], None], state: StateCore) -> None:
    """Make links of bare addresses, where there are any: none goes over the end of a line."""
    if _ADDRESS.search(state.src):
        original(state)


def _tasks_rule(original: Callable[[StateCore], None], state: StateCore) -> None:
    """Make the boxes of task lists, where an item can be one."""
    if not _BOX.search(state.src):
        return
    texts = [token.content for token in state.tokens if token.type == "inline"]
    possible = [text for text in texts if text.startswith("[")]
    if possible and sum(_TASK.match(text) is not None for text in possible) <= MAX_TASKS:
        original(state)


def _quotes_rule(state: StateCore) -> None:
    for token in state.tokens:
        if token.type != "inline" or not token.children:
            continue
        if 0 < token.content.count('"') + token.content.count("'") <= MAX_QUOTES:
            curl(token.children, state.md.options.quotes)


class _Renderer(RendererHTML):
    """Renders tokens to HTML; `env["slots"]` collects what is filled in later."""

    def renderInline(self, tokens: Sequence[Token], options: OptionsDict, env: Env) -> str:  # noqa: N802
        """Render what stands within a block; most of it is text, so that is not called for."""
        parts = []
        mentions = env.get("mentions")
        for index, token in enumerate(tokens):
            if token.type == "text":
                if mentions and not token.meta.get("linked"):
                    parts.append(_slot(env, Text(token.content)))
                else:
                    parts.append(escapeHtml(token.content))
            elif rule := self.rules.get(token.type):
                parts.append(rule(tokens, index, options, env))
            else:
                parts.append(self.renderToken(tokens, index, options, env))
        return "".join(parts)

    def renderToken(  # noqa: N802
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env
    ) -> str:
        """Render a tag as the library does, which makes every part of it anew each time."""
        token = tokens[idx]
        if token.hidden or token.nesting == 0:
            return super().renderToken(tokens, idx, options, env)
        attributes = self.renderAttrs(token) if token.attrs else ""
        if token.nesting < 0:
            return f"</{token.tag}{attributes}>\n" if token.block else f"</{token.tag}{attributes}>"
        if not token.block:
            return f"<{token.tag}{attributes}>"
        before = "\n" if idx and tokens[idx - 1].hidden else ""
        after = "\n"
        if idx + 1 < len(tokens):
            following = tokens[idx + 1]
            is_empty = following.nesting == -1 and following.tag == token.tag
            if following.type == "inline" or following.hidden or is_empty:
                after = ""
        return f"{before}<{token.tag}{attributes}>{after}"

    def link_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        token = tokens[idx]
        if ref := token.meta.get("ref"):
            return _slot(env, Link(ref, token.meta["empty"]))
        if not (href := token.meta.get("href")):
            return "<a>"
        words = re.sub("^(?:mailto|tel):", "", href) if token.meta["empty"] else ""
        return f'<a href="{escapeHtml(href)}">{escapeHtml(words)}'

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        token = tokens[idx]
        alt = self.renderInlineAsText(token.children, options, env)
        ref = token.meta.get("ref")
        title = str(token.attrGet("title") or "")
        return _slot(env, Picture(ref, alt, title)) if ref else ""

    def html_inline(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        # Raw HTML is off: these tokens are the boxes of task lists, which the plugin writes.
        return re.sub(r' (checked|disabled)="\1"', r" \1", tokens[idx].content)

    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        token = tokens[idx]
        info = token.info.split()
        language, code = _highlighted(token.content, info[0]) if info else ("", "")
        attribute = f' class="language-{language}"' if language else ""
        code = code or escapeHtml(token.content)
        return f'<pre class="highlight" tabindex="0"><code{attribute}>{code}</code></pre>\n'

    def code_block(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        code = escapeHtml(tokens[idx].content)
        return f'<pre class="highlight" tabindex="0"><code>{code}</code></pre>\n'

    def table_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        label = escapeHtml(_table_label(tokens, idx))
        return f'<div class="table" tabindex="0" role="group" aria-label="{label}">\n<table>\n'

    def table_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        return "</table>\n</div>\n"

    def th_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        empty = not tokens[idx + 1].content
        return "<td>" if empty else f'<th scope="col"{_alignment(tokens[idx])}>'

    def th_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        return "</th>\n" if tokens[idx - 1].content else "</td>\n"

    def td_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        return f"<td{_alignment(tokens[idx])}>"

    def figcaption(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        inner = self.renderInline(tokens[idx].children or [], options, env)
        return f"\n<figcaption>{inner}</figcaption>"


def _slot(env: Env, segment: Segment) -> str:
    slots = env["slots"]
    slots.append(segment)
    return f"{SLOT}{len(slots) - 1}{SLOT}"


def _alignment(token: Token) -> str:
    """Return a class instead of a style, which the Content-Security-Policy forbids."""
    style = str(token.attrGet("style") or "")
    return f' class="align-{style.removeprefix("text-align:")}"' if style else ""


def _table_label(tokens: Sequence[Token], idx: int) -> str:
    """Return the words of the head row, which name the table in any language."""
    words = []
    for token in tokens[idx:]:
        if token.type == "thead_close":
            break
        if token.type == "inline" and token.children:
            words.append("".join(child.content for child in token.children))
    return ", ".join(word for word in words if word) or "Table"


def _highlighted(code: str, name: str) -> tuple[str, str]:
    """Return a language's own name and the code as coloured HTML; empty where unknown."""
    from pygments.formatters.html import HtmlFormatter
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    if len(code) > MAX_HIGHLIGHTED:
        return "", ""
    try:
        lexer = get_lexer_by_name(name, stripnl=False)
    except ClassNotFound:
        return "", ""
    from pygments import highlight

    return lexer.aliases[0], highlight(code, lexer, HtmlFormatter(nowrap=True))


def _footnote_ref(
    renderer: Any, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env
) -> str:
    number, back = _footnote_ids(tokens[idx])
    return (
        f'<sup class="footnote-ref"><a href="#fn{number}" id="fnref{back}" '
        f'role="doc-noteref">{number}</a></sup>'
    )


def _footnote_anchor(
    renderer: Any, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env
) -> str:
    number, back = _footnote_ids(tokens[idx])
    return (
        f' <a href="#fnref{back}" class="footnote-backref" role="doc-backlink" '
        f'aria-label="{number} ↩">↩\ufe0e</a>'
    )


def _footnote_ids(token: Token) -> tuple[str, str]:
    number = str(token.meta["id"] + 1)
    again = token.meta.get("subId", 0)
    return number, f"{number}-{again}" if again > 0 else number
