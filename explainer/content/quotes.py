"""Straight quotation marks become typographic ones: markdown-it's rule, without its copies.

The library's own rule copies the rest of a text for each mark and judges each neighbour anew. This
one decides in the same way, step by step, so that the result is the same for every text.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from markdown_it.token import Token

from explainer.content.engine import char_class

APOSTROPHE = "’"
_BREAKS = ("softbreak", "hardbreak")


class _Open(NamedTuple):
    """A mark that may open a quotation, its counterpart not yet found."""

    token: int
    """Index of the token that holds it."""

    at: int
    """Index of the mark in that token's content."""

    mark: str
    level: int


def curl(tokens: list[Token], quotes: Sequence[str]) -> None:
    """Put typographic marks for the straight ones in the texts among `tokens`.

    `quotes` holds the opening and closing mark, and those of a quotation inside another.
    """
    stack: list[_Open] = []
    for index, token in enumerate(tokens):
        level = token.level
        while stack and stack[-1].level > level:
            stack.pop()
        if token.type == "text" and ("'" in token.content or '"' in token.content):
            _curl_text(tokens, index, quotes, stack)


def _curl_text(tokens: list[Token], index: int, quotes: Sequence[str], stack: list[_Open]) -> None:
    token = tokens[index]
    # Neighbours are looked up in the text as it was when a pair was last found; what is put in
    # for single marks meanwhile has the same length.
    text = token.content
    pos = 0
    while (at := _next_mark(text, pos)) >= 0:
        mark = text[at]
        pos = at + 1
        last = text[at - 1] if at else _before(tokens, index)
        following = text[pos] if pos < len(text) else _behind(tokens, index)
        can_open, can_close = _sides(last, following, mark)
        if can_close and (opened := _take_opened(stack, mark, token.level)):
            first, second = quotes[0:2] if mark == '"' else quotes[2:4]
            # The later one first: they may stand in one token, and marks differ in length.
            _put(token, at, second)
            _put(tokens[opened.token], opened.at, first)
            pos += len(second) - 1
            if opened.token == index:
                pos += len(first) - 1
            text = token.content
        elif can_open:
            stack.append(_Open(index, at, mark, token.level))
        elif mark == "'":  # within a word, or a closing mark that none has opened
            _put(token, at, APOSTROPHE)


def _next_mark(text: str, pos: int) -> int:
    """Return where the next mark stands, -1 if there is none."""
    single, double = text.find("'", pos), text.find('"', pos)
    return min(single, double) if single >= 0 and double >= 0 else max(single, double)


def _take_opened(stack: list[_Open], mark: str, level: int) -> _Open | None:
    """Return the nearest mark that this one may close, and drop it and those behind it."""
    for place in range(len(stack) - 1, -1, -1):
        opened = stack[place]
        if opened.level < level:
            return None
        if opened.mark == mark and opened.level == level:
            del stack[place:]
            return opened
    return None


def _put(token: Token, at: int, mark: str) -> None:
    token.content = f"{token.content[:at]}{mark}{token.content[at + 1 :]}"


def _before(tokens: list[Token], index: int) -> str:
    """Return the character before a token; a blank where its line begins."""
    for number in range(index - 1, -1, -1):
        if tokens[number].type in _BREAKS:
            break
        if tokens[number].content:
            return tokens[number].content[-1]
    return " "


def _behind(tokens: list[Token], index: int) -> str:
    """Return the character behind a token; a blank where its line ends."""
    for number in range(index + 1, len(tokens)):
        if tokens[number].type in _BREAKS:
            break
        if tokens[number].content:
            return tokens[number].content[0]
    return " "


@lru_cache(maxsize=4096)
def _sides(last: str, following: str, mark: str) -> tuple[bool, bool]:
    """Tell whether a mark between two characters may open a quotation, and may close one."""
    last_blank, last_sign = char_class(last)
    next_blank, next_sign = char_class(following)
    can_open = not (next_blank or (next_sign and not (last_blank or last_sign)))
    can_close = not (last_blank or (last_sign and not (next_blank or next_sign)))
    if following == mark == '"' and "0" <= last <= "9":  # 1"": the first one is an inch
        return False, False
    if can_open and can_close:  # between signs, but not within a word
        return last_sign, next_sign
    return can_open, can_close
