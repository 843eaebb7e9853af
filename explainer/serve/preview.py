"""What the server shows: the last good site, and what is wrong with what came after it.

Builds change it and requests read it, all in the one thread of the event loop.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

REMEMBERED = 200
"""Builds whose changes are remembered for browsers that were away for a while."""

Problem = Mapping[str, Any]
"""A diagnostic as browsers are told it: `code`, `severity` (`error` or `warning`), `file`, `line`
and `column` and `end_column` (from 1; 0 where it is none), `message`, `hints` (a list of texts),
`source` (the line of the file, or an empty text)."""


class Preview:
    """The tree that is served, and the state of the site beside it."""

    def __init__(
        self,
        folder: Path,
        about: Callable[[str], Awaitable[Mapping[str, Any] | None]],
    ) -> None:
        self.folder = folder
        """The published tree; another folder may take its place at any moment."""

        self.about = about
        """Tells what an output, by its path, is made from; None where that is not known."""

        self.session = secrets.token_hex(8)
        """Tells this server from those that ran before it on the same port."""

        self.build = 0
        """Number of the build that is served; 0 where there was no good one yet."""

        self.base_path = "/"
        """Path of the site on the server, with a slash at both ends."""

        self.problems: tuple[Problem, ...] = ()
        """What the last build found, whether it was good or not."""

        self.failed = False
        """Whether the last build ended in errors, so that an older site is served."""

        self.ended = False
        """Whether the server is about to end: streams of events end as well."""

        self.turn = 0
        """Counts everything that there was to tell to browsers."""

        self._changes: dict[int, frozenset[str]] = {}
        self._told = asyncio.Event()

    def publish(self, changed: Iterable[str], problems: Iterable[Problem], base_path: str) -> None:
        """Take over a good build; `changed` are outputs with other bytes, new and lost ones."""
        self.problems = tuple(problems)
        self.failed = False
        paths = frozenset(changed)
        if paths or self.build == 0 or base_path != self.base_path:
            self.build += 1
            self._changes[self.build] = paths
            self._changes.pop(self.build - REMEMBERED, None)
        self.base_path = base_path
        self._tell()

    def fail(self, problems: Iterable[Problem]) -> None:
        """Take note of a build that ended in errors."""
        self.problems = tuple(problems)
        self.failed = True
        self._tell()

    def end(self) -> None:
        """Let all streams of events end."""
        self.ended = True
        self._tell()

    def changed_since(self, session: str, build: int) -> frozenset[str] | None:
        """Return the outputs that have changed since a build; None where that is not known."""
        if session != self.session or not 0 < build <= self.build:
            return None
        wanted = range(build + 1, self.build + 1)
        if any(number not in self._changes for number in wanted):
            return None
        return frozenset().union(*(self._changes[number] for number in wanted))

    async def news(self, turn: int) -> None:
        """Wait until there is more to tell than there was at a turn."""
        while self.turn == turn:
            await self._told.wait()

    def _tell(self) -> None:
        self.turn += 1
        told, self._told = self._told, asyncio.Event()
        told.set()
