"""What lets hundreds of builds of a small site run in seconds, without changing what they write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from pathlib import Path
from types import CodeType
from typing import Any

import jinja2
import pytest
from jinja2 import nodes

from explainer.build import commit, prepare, snapshot, trace, tree
from explainer.build.environment import environment
from explainer.outputs import charts, coverage, entry_pages, index_pages, search, topic_map
from explainer.site import graph, shards
from explainer.theme import pictures
from tests.building import module

_parse = jinja2.Environment.parse
_compile = jinja2.Environment.compile


# What Jinja makes of a template depends on nothing but its text: two sites have the same filters.


@lru_cache(maxsize=500)
def _parsed(source: str, name: str | None, filename: str | None) -> nodes.Template:
    return _parse(_last[0], source, name, filename)


@lru_cache(maxsize=500)
def _compiled(source: str, name: str | None, filename: str | None) -> CodeType:
    return _compile(_last[0], source, name, filename)


_find_all = nodes.Node.find_all


def _quick_find_all(self: nodes.Node, types: Any) -> Iterator[nodes.Node]:
    """What is in a whole template is looked for once, for trees are kept and never changed."""
    if not isinstance(self, nodes.Template):
        return _find_all(self, types)
    found = self.__dict__.setdefault("_quickly_found", {})
    if types not in found:
        found[types] = list(_find_all(self, types))
    return iter(found[types])


_last: list[jinja2.Environment] = []


def _quick_parse(
    self: jinja2.Environment, source: str, name: str | None = None, filename: str | None = None
) -> nodes.Template:
    _last[:] = [self]
    return _parsed(source, name, filename)


def _quick_compile(
    self: jinja2.Environment,
    source: str,
    name: str | None = None,
    filename: str | None = None,
    raw: bool = False,
    defer_init: bool = False,
) -> CodeType:
    _last[:] = [self]
    return _compiled(source, name, filename)


def _no_flush(folder: Path) -> None:
    """No power is cut in these tests."""


def _no_drawing(svg: str) -> bytes:
    """A picture is a function of its SVG alone; drawing one takes longer than a build."""
    return b"drawn: " + svg.encode()


@contextmanager
def quick(*, small: bool = True, drawing: bool = False) -> Iterator[pytest.MonkeyPatch]:
    """Build quickly; `small`: let lists, chunks and batches end after a few items.

    With `drawing`, social cards are the pictures that readers get.

    A site of a dozen entries then has entries beyond the end of every list, outputs in several
    chunks, and more new files than are read at once.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jinja2.Environment, "parse", _quick_parse)
        patch.setattr(jinja2.Environment, "compile", _quick_compile)
        patch.setattr(nodes.Node, "find_all", _quick_find_all)
        patch.setattr(commit, "flush", _no_flush)
        # Builds follow each other so closely that every file would be too young to be trusted,
        # and nothing that is remembered of one would be made use of.
        patch.setattr(tree, "YOUNG", 12_000_000)
        patch.setattr(snapshot, "YOUNG", 12_000_000)
        patch.setattr(prepare, "environment", cache(environment))
        if not drawing:
            patch.setattr(pictures, "png", _no_drawing)
        if small:
            sizes: dict[str, tuple[Any, int]] = {
                "HOME_STORIES": (index_pages, 2),
                "HOME_QUESTIONS": (index_pages, 1),
                "HOME_TOPICS": (index_pages, 2),
                "RECENT_STORIES": (index_pages, 3),
                "NOT_FOUND_STORIES": (index_pages, 2),
                "MOST": (shards, 2),
                "_ENTRIES_A_PIECE": (search, 1),
                "_SHOWN_TOGETHER": (search, 1),
                "_COMMON": (search, 2),
                "STRIP_LEAST": (charts, 2),
                "CHART_LEAST": (charts, 1),
                "LEAST": (topic_map, 1),
                "TALLY_LEAST": (coverage, 1),
                "ROWS_MOST": (coverage, 2),
                "MAPPED_MOST": (graph, 3),
                "TIES_MOST": (graph, 1),
                "TIE_LEAST": (graph, 1),
                "CHUNK": (trace, 7),
                "_AT_ONCE": (prepare, 4),
            }
            for name, (owner, size) in sizes.items():
                patch.setattr(owner, name, size)
            patch.setattr(entry_pages, "MAPPED_MOST", 3)
            for owner in ("explainer.site.related", "explainer.site.link"):
                patch.setattr(module(owner), "RELATED_MOST", 2)
        yield patch
