"""The addresses that a style sheet makes a browser load."""

from collections.abc import Iterable, Iterator
from typing import Any

import tinycss2

Address = tuple[str, int]
"""An address and its line in the style sheet, from 1."""


def addresses(text: str) -> list[Address]:
    """Return every url() and @import of a style sheet."""
    return list(_walk(tinycss2.parse_stylesheet(text, skip_comments=True)))


def addresses_in_declarations(text: str) -> list[Address]:
    """Return every url() of a style attribute."""
    return list(_walk(tinycss2.parse_blocks_contents(text, skip_comments=True)))


def _walk(nodes: Iterable[Any]) -> Iterator[Address]:
    for node in nodes:
        if node.type == "url":
            yield node.value, node.source_line
        elif node.type == "function" and node.lower_name in {"url", "src", "image-set"}:
            yield from _strings(node.arguments)
        elif node.type == "at-rule" and node.lower_at_keyword == "import":
            yield from _strings(node.prelude)
        for part in ("prelude", "content", "value", "arguments"):
            inner = getattr(node, part, None)
            if isinstance(inner, list):
                yield from _walk(inner)


def _strings(nodes: Iterable[Any]) -> Iterator[Address]:
    for node in nodes:
        if node.type == "string":
            yield node.value, node.source_line
