"""The process that builds for the live preview, and keeps in memory what helps the next build.

It is a process of its own, so that pages are served while a site is built, and so that it can share
its work with further processes.
"""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from explainer.build import pipeline
from explainer.build.memory import Memory
from explainer.build.pipeline import Options
from explainer.build.workers import end_with_parent
from explainer.diagnostics import Diagnostic, Findings
from explainer.serve.about import Desk
from explainer.serve.problems import problems
from explainer.theme.theme import load_theme

_TIDY_AFTER = 20
"""Answers after which memory is tidied up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What came of a build."""

    ok: bool
    diagnostics: tuple[Diagnostic, ...]
    problems: tuple[Mapping[str, Any], ...]
    """The diagnostics, as browsers are told them."""

    changed: frozenset[str] = frozenset()
    """Paths of the outputs whose bytes are others than before, or that are no more."""

    files: int = 0
    rendered: int = 0
    milliseconds: int = 0
    base_path: str = "/"
    until: datetime | None = None
    """When the clock alone will give another site."""

    folders: tuple[str, ...] = field(default=())
    """Folders of the theme that do not lie in `themes/` of the site, links followed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What browsers want to know of a build as soon as the new site stands."""

    changed: frozenset[str]
    problems: tuple[Mapping[str, Any], ...]
    base_path: str


@dataclass(frozen=True, slots=True)
class Build:
    """A wish for a build."""

    touched: frozenset[str] | None
    """Files that may have changed since the last one, relative to the site; None: it may be any."""


@dataclass(frozen=True, slots=True)
class About:
    """A question of a browser: what is a page made from?"""

    output: str


def work(connection: Connection, parent: int, root: Path, options: Options) -> None:
    """Answer what comes in, until nobody is there any more; runs in a process of its own."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends this one
    end_with_parent(parent)
    builder = Builder(root, options)
    # Going through all that is remembered would take longer than many a build: it waits until
    # nobody waits.
    gc.disable()
    libc = ctypes.CDLL(None)
    untidy = 0
    while True:
        try:
            request = connection.recv()
        except (EOFError, OSError):
            return
        if isinstance(request, About):
            connection.send(builder.about(request))
        else:
            connection.send(builder.build(connection.send, request.touched))
        untidy += 1
        if untidy >= _TIDY_AFTER and not connection.poll():
            _tidy(libc)
            untidy = 0


def _tidy(libc: ctypes.CDLL) -> None:
    """Collect garbage, and give back to the system what is free.

    Each build takes and frees some megabytes, and what it leaves to the next ones comes to lie
    anywhere among them. The C library would keep all that is free in between for good, and that
    becomes more for thousands of builds.
    """
    gc.collect()
    if hasattr(libc, "malloc_trim"):  # that of GNU
        libc.malloc_trim(0)


def _no_one(news: News) -> None:
    """Nobody waits."""


class Builder:
    """Builds one site again and again."""

    def __init__(self, root: Path, options: Options) -> None:
        self.root = root
        self.options = options
        self.memory = Memory()
        self.desk = Desk(root, self.memory)
        self._layers: tuple[Path, ...] = ()
        """Folders of the theme, as it was when it could be loaded last."""

    def build(
        self, tell: Callable[[News], None] = _no_one, touched: frozenset[str] | None = None
    ) -> Report:
        """Build what has changed; `tell` what browsers wait for as soon as the new site stands.

        `touched` are the files that may have changed; None: it may be any.
        """
        started = time.perf_counter()
        self.memory.touch(touched)
        findings = Findings()
        config = pipeline.configured(self.root, self.options, findings)

        def announce(result: pipeline.Result) -> None:
            if config is not None and result.changed:
                found = tuple(problems(self.root, result.diagnostics))
                tell(News(changed=result.changed, problems=found, base_path=config.base_path))

        result = pipeline.build(self.root, self.options, memory=self.memory, announce=announce)
        if result.ok and config is not None:
            self.desk.built(result, config)
        theme = load_theme(self.root, config, findings) if config is not None else None
        themes = (self.root / "themes").resolve()
        if theme is not None:
            self._layers = tuple(layer.folder for layer in theme.layers)
        return Report(
            ok=result.ok,
            diagnostics=result.diagnostics,
            problems=tuple(problems(self.root, result.diagnostics)),
            changed=result.changed,
            files=result.rendered + result.reused,
            rendered=result.rendered,
            milliseconds=round((time.perf_counter() - started) * 1000),
            base_path=config.base_path if config is not None else "/",
            until=result.until,
            folders=tuple(
                folder for layer in self._layers
                if not Path(folder := os.path.realpath(layer)).is_relative_to(themes)
            ),
        )  # fmt: skip

    def about(self, question: About) -> Mapping[str, Any] | None:
        """Tell what a page is made from."""
        return self.desk.about(question.output)
