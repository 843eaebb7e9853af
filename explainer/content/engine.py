"""markdown-it's parsers, made to try a rule only where it may begin.

The library tries every rule in turn at every place, although nearly all of them look at one
character first and give up. Here that character is looked up in a table, so a rule is called only
where it can match. The rules are the library's own and keep their order: what comes out is the
same for every text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, Literal

import msgspec
from markdown_it import MarkdownIt, helpers
from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.parser_block import ParserBlock
from markdown_it.parser_inline import ParserInline
from markdown_it.ruler import Ruler
from markdown_it.rules_block import StateBlock, lheading, paragraph
from markdown_it.rules_core import StateCore, normalize, text_join
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Scanned
from markdown_it.token import Token
from markdown_it.utils import EnvType

InlineRule = Callable[[StateInline, bool], bool]
BlockRule = Callable[[StateBlock, int, int, bool], bool]

INLINE_STARTS = {
    "linkify": ":",
    "newline": "\n",
    "escape": "\\",
    "backticks": "`",
    "strikethrough": "~",
    "emphasis": "*_",
    "link": "[",
    "image": "!",
    "footnote_inline": "^",
    "footnote_ref": "[",
    "autolink": "<",
    "html_inline": "<",
    "entity": "&",
}
"""The characters at which an inline rule may match. `text` takes all that stands between them."""

BLOCK_STARTS = {
    "fence": "`~",
    "blockquote": ">",
    "hr": "*-_",
    "list": "*-+0123456789",
    "footnote_def": "[",
    "reference": "[",
    "html_block": "<",
    "heading": "#",
}
"""The characters, the first of a line that are no blanks, at which a block rule may match."""

ANY_LINE = frozenset({"table", "code", "lheading", "deflist", "paragraph"})
"""Block rules that look at the indentation or at the next line first."""

_LOOK_AHEAD = 8
"""Lines of a paragraph in which an underline is looked for."""

_PAIRS = frozenset({"balance_pairs", "strikethrough", "emphasis", "fragments_join"})
"""The rules that join the marks of emphasis: without one of these marks they change nothing."""

_PLAIN = r"[^\x00-\x20\x7f\\()&<]+"
"""A link's destination without anything that is escaped, counted or quoted."""

_plain_destination = re.compile(_PLAIN).match
_ONLY_LOUD = frozenset({"strikethrough", "emphasis"})
"""Rules that never match where text is only skipped."""


def quicken(md: MarkdownIt) -> None:
    """Give an engine these parsers; they take over the rules that it has by then."""
    md.inline = _InlineParser(md.inline)
    md.block = _BlockParser(md.block)
    setattr(md, "helpers", _Helpers)  # noqa: B010
    md.block.ruler.at("lheading", _lheading)
    md.core.ruler.at("normalize", _normalize)
    md.core.ruler.at("text_join", _text_join)


# -- the whole text ------------------------------------------------------------------------------


def _normalize(state: StateCore) -> None:
    """Replace line ends of other systems and NUL, where there are any."""
    if "\r" in state.src or "\0" in state.src:
        normalize(state)


def _text_join(state: StateCore) -> None:
    """Join texts to what was escaped between them: only a backslash or an entity is ever apart."""
    if "\\" not in state.src and "&" not in state.src:
        return
    escaped = [
        token
        for token in state.tokens
        if token.type == "inline" and ("\\" in token.content or "&" in token.content)
    ]
    if escaped:
        text_join(StateCore(state.src, state.md, state.env, escaped))


# -- inline --------------------------------------------------------------------------------------


class _InlineRuler(Ruler[InlineRule]):
    """The inline rules, and the tables made from them whenever they change."""

    def __init__(self, plain: Ruler[InlineRule]) -> None:
        super().__init__()
        self.__rules__ = plain.__rules__

    def __compile__(self) -> None:
        super().__compile__()
        active = [rule for rule in self.__rules__ if rule.enabled and rule.name != "text"]
        _check(active, INLINE_STARTS)
        self.loud = _by_start(((rule.name, rule.fn) for rule in active), INLINE_STARTS)
        quiet = ((rule.name, rule.fn) for rule in active if rule.name not in _ONLY_LOUD)
        self.quiet = _by_start(quiet, INLINE_STARTS)
        # Labels of links are searched for brackets, so text must end at these in any case.
        self.next_loud = _search_for({*self.loud, "[", "]"})
        self.next_quiet = _search_for({*self.quiet, "[", "]"})
        self.plain_label = re.compile(_set_of({*self.quiet, "[", "]"}, "^") + r"+(?=\])").match
        label = _set_of({*self.loud, "[", "]"}, "^")
        self.plain_link = re.compile(rf"\[({label}+)\]\(({_PLAIN})\)").match


def _check(rules: Iterable[Any], known: Iterable[str]) -> None:
    """Refuse a rule of which it is not known where it may begin: it would never be tried."""
    if strange := {rule.name for rule in rules} - set(known):
        raise RuntimeError(f"no start is known for the rules {sorted(strange)}")


def _by_start(
    rules: Iterable[tuple[str, InlineRule]], starts: dict[str, str]
) -> dict[str, tuple[InlineRule, ...]]:
    """Return the rules that may begin at each character, in their order."""
    table: dict[str, tuple[InlineRule, ...]] = {}
    for name, rule in rules:
        for char in starts[name]:
            table[char] = (*table.get(char, ()), rule)
    return table


def _search_for(chars: Iterable[str]) -> Callable[..., re.Match[str] | None]:
    return re.compile(_set_of(chars)).search


def _set_of(chars: Iterable[str], sign: str = "") -> str:
    return f"[{sign}{re.escape(''.join(sorted(chars)))}]"


class _InlineParser(ParserInline):
    """Finds the next character at which a rule may begin; all before it is text."""

    ruler: _InlineRuler

    def __init__(self, plain: ParserInline) -> None:
        super().__init__()
        self.ruler = _InlineRuler(plain.ruler)
        self.ruler2 = plain.ruler2
        active = [rule for rule in self.ruler2.__rules__ if rule.enabled]
        _check(active, _PAIRS)
        self.pairs = [rule.fn for rule in active]
        self.pairs_of_emphasis = [rule.fn for rule in active if rule.name != "strikethrough"]

    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        """Parse the text of a block into `tokens`."""
        if self.ruler.__cache__ is None:
            self.ruler.__compile__()
        if not self.ruler.next_loud(src):
            if src:
                tokens.append(_token("text", "", 0, 0, src))
            return tokens
        state = _InlineState(src, md, env, tokens, self.ruler)
        self.tokenize(state)
        if "*" in src or "_" in src or "~" in src:
            for rule in self.pairs if "~" in src else self.pairs_of_emphasis:
                rule(state)
        return state.tokens

    def tokenize(self, state: StateInline) -> None:
        """Make tokens of the range that `state` names."""
        if state.level and state.level >= state.md.options["maxNesting"]:
            super().tokenize(state)
            return
        rules, search = self.ruler.loud, self.ruler.next_loud
        src, end, pos = state.src, state.posMax, state.pos
        while pos < end:
            found = search(src, pos, end)
            start = found.start() if found else end
            if start > pos:
                state.append_pending(src[pos:start])
                state.pos = pos = start
                if pos >= end:
                    break
            char = src[pos]
            for rule in rules.get(char, ()):
                if rule(state, False):
                    if state.pos <= pos:
                        raise RuntimeError("inline rule didn't increment state.pos")
                    break
            else:
                state.append_pending(char)
                state.pos += 1
            pos = state.pos
        if state._pending_buffer or state._pending:
            state.pushPending()

    def skipToken(self, state: StateInline) -> None:  # noqa: N802
        """Go on behind the token at `state.pos` without making it."""
        pos = state.pos
        if (known := state.cache.get(pos)) is not None:
            state.pos = known
            return
        if state.level and state.level >= state.md.options["maxNesting"]:
            super().skipToken(state)
            return
        found = self.ruler.next_quiet(state.src, pos, state.posMax)
        start = found.start() if found else state.posMax
        if start > pos:
            state.pos = state.cache[pos] = start
            return
        state.level += 1
        for rule in self.ruler.quiet.get(state.src[pos], ()):
            if rule(state, True):
                if state.pos <= pos:
                    raise RuntimeError("inline rule didn't increment state.pos")
                break
        else:
            state.pos += 1
        state.level -= 1
        state.cache[pos] = state.pos


class _InlineState(StateInline):
    """The state of parsing one block's text."""

    def __init__(
        self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token], ruler: _InlineRuler
    ) -> None:
        super().__init__(src, md, env, tokens)
        self.ruler: _InlineRuler = ruler
        self.label_ends: dict[int, int] = {}
        """Index of the bracket that opens a label -> index of the one that closes it, or -1."""

    def pushPending(self) -> Token:  # noqa: N802
        """Make a token of the text that was passed."""
        buffer = self._pending_buffer
        if len(buffer) == 1 and not self._pending:
            text = buffer.pop()
        else:
            text = self.pending
            self._pending = ""
        token = _token("text", "", 0, self.pendingLevel, text)
        self.tokens.append(token)
        return token

    def push(self, ttype: str, tag: str, nesting: Literal[-1, 0, 1]) -> Token:
        """Add a token behind the text that was passed."""
        if self._pending_buffer or self._pending:
            self.pushPending()
        meta = None
        if nesting < 0:
            self.level -= 1
            self.delimiters = self._prev_delimiters.pop()
        token = _token(ttype, tag, nesting, self.level, "")
        if nesting > 0:
            self.level += 1
            self._prev_delimiters.append(self.delimiters)
            self.delimiters = []
            meta = {"delimiters": self.delimiters}
        self.pendingLevel = self.level
        self.tokens.append(token)
        self.tokens_meta.append(meta)
        return token

    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:  # noqa: N802, N803
        """Tell whether a run of marks may open or close emphasis, and how long it is."""
        src, end = self.src, self.posMax
        marker = src[start]
        pos = start + 1
        while pos < end and src[pos] == marker:
            pos += 1
        # The beginning and the end of a line count as blanks.
        last_blank, last_sign = char_class(src[start - 1]) if start > 0 else (True, False)
        next_blank, next_sign = char_class(src[pos]) if pos < end else (True, False)
        left = not (next_blank or (next_sign and not (last_blank or last_sign)))
        right = not (last_blank or (last_sign and not (next_blank or next_sign)))
        return Scanned(
            left and (canSplitWord or not right or last_sign),
            right and (canSplitWord or not left or next_sign),
            pos - start,
        )


@lru_cache(maxsize=1024)
def char_class(char: str) -> tuple[bool, bool]:
    """Tell whether a character is a blank, and whether it is punctuation."""
    code = ord(char)
    return isWhiteSpace(code), isMdAsciiPunct(code) or isPunctChar(char)


# -- blocks --------------------------------------------------------------------------------------


class _BlockRuler(Ruler[BlockRule]):
    """The block rules, each chain of which is one rule that tries those that may match."""

    def __init__(self, plain: Ruler[BlockRule]) -> None:
        super().__init__()
        self.__rules__ = plain.__rules__

    def __compile__(self) -> None:
        super().__compile__()
        active = [rule for rule in self.__rules__ if rule.enabled]
        _check(active, {*BLOCK_STARTS, *ANY_LINE})
        self.__cache__ = {
            chain: [_first_of([(r.name, r.fn) for r in active if not chain or chain in r.alt])]
            for chain in self.__cache__ or {}
        }


def _first_of(rules: list[tuple[str, BlockRule]]) -> BlockRule:
    """Return a rule that stands for the first of these that matches."""
    chars = {char for name, _ in rules for char in BLOCK_STARTS.get(name, "")}
    has_paragraphs = {"lheading", "paragraph"} <= {name for name, _ in rules}
    others = tuple(rule for name, rule in rules if name in ANY_LINE)
    table = {
        char: tuple(r for name, r in rules if name in ANY_LINE or char in BLOCK_STARTS[name])
        for char in chars
    }

    def first(state: StateBlock, line: int, end: int, silent: bool) -> bool:
        pos = state.bMarks[line] + state.tShift[line]
        possible = table.get(state.src[pos : pos + 1], others)
        if (
            not silent
            and possible is others
            and has_paragraphs
            and _is_single_line(state, line, end)
        ):
            # So does the rule for underlined headings leave it, which is tried before.
            state.parentType = "paragraph"
            return paragraph(state, line, end, silent)
        for rule in possible:  # noqa: SIM110
            if rule(state, line, end, silent):  # any() takes twice the time of this loop
                return True
        return False

    return first


def _is_single_line(state: StateBlock, line: int, end: int) -> bool:
    """Tell whether a line that no rule begins with is a paragraph by itself, the usual case.

    Code is indented; headings with underlines and tables go on in the next line; a definition
    follows a term at once or behind one empty line.
    """
    following = line + 1
    if state.sCount[line] - state.blkIndent > 3:
        return False
    if following >= end:
        return following >= state.lineMax
    if not state.isEmpty(following):
        return False
    following += 1
    if following >= end:
        return True
    pos = state.bMarks[following] + state.tShift[following]
    return state.src[pos : pos + 1] not in (":", "~")


class _BlockParser(ParserBlock):
    ruler: _BlockRuler

    def __init__(self, plain: ParserBlock) -> None:
        super().__init__()
        self.ruler = _BlockRuler(plain.ruler)

    def parse(
        self,
        src: str,
        md: MarkdownIt,
        env: EnvType,
        outTokens: list[Token],  # noqa: N803
    ) -> list[Token] | None:
        """Cut a text into blocks."""
        if not src:
            return None
        state = _BlockState(src, md, env, outTokens)
        self.tokenize(state, state.line, state.lineMax)
        return state.tokens


class _BlockState(StateBlock):
    """The state of cutting one text into blocks."""

    def push(self, ttype: str, tag: str, nesting: Literal[-1, 0, 1]) -> Token:
        """Add a token."""
        if nesting < 0:
            self.level -= 1
        token = _token(ttype, tag, nesting, self.level, "")
        token.block = True
        if nesting > 0:
            self.level += 1
        self.tokens.append(token)
        return token

    def getLines(self, begin: int, end: int, indent: int, keepLastLF: bool) -> str:  # noqa: N802, N803
        """Return some lines without their indentation."""
        if indent or begin >= end:
            return super().getLines(begin, end, indent, keepLastLF)
        src, starts, ends = self.src, self.bMarks, self.eMarks
        last = src[starts[end - 1] : ends[end - 1] + keepLastLF]
        if end - begin == 1:
            return last
        lines = [src[starts[line] : ends[line] + 1] for line in range(begin, end - 1)]
        return "".join([*lines, last])


def _lheading(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """Look for a heading that is underlined, where a line that may be one follows at once.

    Where the paragraph ends the library's rule knows better, so this one does not look far: a list
    of many items would else be gone through to its end for each of them.
    """
    if state.is_code_block(line):
        return False
    last = min(end, line + 1 + _LOOK_AHEAD)
    for number in range(line + 1, last):
        pos = state.bMarks[number] + state.tShift[number]
        if pos >= state.eMarks[number]:
            break
        if state.src[pos] in "-=":
            return lheading(state, line, end, silent)
    else:
        if last < end:
            return lheading(state, line, end, silent)
    # So the library's rule leaves it, where it looked in vain; lists ask for it.
    state.parentType = "paragraph"
    return False


# -- tokens --------------------------------------------------------------------------------------

_new_token = Token.__new__


def _token(ttype: str, tag: str, nesting: Literal[-1, 0, 1], level: int, content: str) -> Token:
    """Return a new token; the dataclass's own way takes twice the time, for defaults and checks."""
    token = _new_token(Token)
    token.type = ttype
    token.tag = tag
    token.nesting = nesting
    token.attrs = {}
    token.map = None
    token.level = level
    token.children = None
    token.content = content
    token.markup = ""
    token.info = ""
    token.meta = {}
    token.block = False
    token.hidden = False
    return token


# -- links ---------------------------------------------------------------------------------------


class Destination(msgspec.Struct, frozen=True):
    """What stands where a link's destination should be, in the library's own terms."""

    ok: bool
    pos: int
    """Index behind it."""

    str: str


class _Helpers:
    """Takes the place of the library's helpers for links."""

    parseLinkTitle = staticmethod(helpers.parseLinkTitle)  # noqa: N815

    @staticmethod
    def parseLinkLabel(  # noqa: N802
        state: StateInline,
        start: int,
        disableNested: bool = False,  # noqa: N803
    ) -> int:
        """Return where the label that begins at `start` ends, and note it; -1 if it does not."""
        if not isinstance(state, _InlineState):
            return helpers.parseLinkLabel(state, start, disableNested)
        first = start + 1
        # The library skips the text, which it notes, and stands at the bracket. Where labels are
        # nested too deep, or were passed before, its notes decide.
        if not state.level and first not in state.cache:
            found = state.ruler.plain_label(state.src, first, state.posMax)
            if found:
                state.cache[first] = state.label_ends[start] = found.end()
                return found.end()
        end = state.label_ends[start] = helpers.parseLinkLabel(state, start, disableNested)
        return end

    @staticmethod
    def parseLinkDestination(  # noqa: N802
        string: str, pos: int, maximum: int
    ) -> Any:
        """Read a destination: one without special signs in one go, any other sign by sign."""
        found = _plain_destination(string, pos, maximum)
        if found:
            end = found.end()
            # A blank or control character ends it, and so does a bracket that none has opened.
            if end == maximum or string[end] == ")" or string[end] not in "\\(&<":
                return Destination(True, end, found[0])
        return helpers.parseLinkDestination(string, pos, maximum)


def plain_link(state: StateInline) -> re.Match[str] | None:
    """Return the link that begins here, if it is the usual one: plain words, then an address.

    The library's rule would find the same after reading sign by sign: there is nothing in either
    part that could be anything else. How deep labels may be nested it judges by itself.
    """
    if state.level or state.pos + 1 in state.cache or not isinstance(state, _InlineState):
        return None
    return state.ruler.plain_link(state.src, state.pos, state.posMax)


def label_end(state: StateInline, start: int) -> int:
    """Return where a label ends that a rule for links has just read."""
    if isinstance(state, _InlineState):
        return state.label_ends[start]
    return helpers.parseLinkLabel(state, start, False)
