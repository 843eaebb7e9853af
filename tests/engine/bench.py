"""The bench of the proofs: a site that is edited and built on, held against clean builds.

The statement is one: whatever was done to the site before, a build publishes what a clean build of
the same files publishes, byte for byte and file for file, and says the same about them; a build
that ends in errors leaves the published tree as it is.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from explainer.build import commit, pipeline
from explainer.build.memory import Memory
from explainer.diagnostics import Diagnostic
from tests.building import tree_of
from tests.engine.edits import EDITS
from tests.engine.mishaps import MISHAPS
from tests.engine.places import write
from tests.engine.sketch import Sketch, first_sketch

Step = tuple[str, int, int, int]
"""Name of an edit, a mishap or an option, and three numbers."""

CLOCKS = tuple(
    datetime(*day, 12, tzinfo=UTC)
    for day in ((2026, 1, 1), (2025, 11, 1), (2026, 1, 15), (2026, 3, 1))
)
OPTIONS = ("clock", "drafts flag", "base url flag")
NAMES = (*EDITS, *MISHAPS, *OPTIONS)


TICK = 0.015
"""Seconds after which the clock of the file system has gone on: what is done leaves a trace."""


class Difference(AssertionError):
    """The statement does not hold."""


class Bench:
    """A site on disk with its history, and the oracle beside it."""

    def __init__(self, folder: Path, base: str = "full", *, warm: bool = False) -> None:
        self._folder = folder
        self._moves = 0
        self.sketch: Sketch = first_sketch(base)
        self.options = pipeline.Options(now=CLOCKS[0], workers=1)
        self.root = folder / "site0"
        self.known: dict[str, bytes] = {}
        """Files of the site as they stand on disk."""

        self.strangers: dict[str, bytes] = {}
        """Files that someone else put into the published folder; empty folders end in a slash."""

        self.before_exchange: list[Callable[[], None]] = []
        self.behind_exchange: list[Callable[[], None]] = []
        """What others do when the next build exchanges the trees."""

        self.builds = 0
        self.memory = Memory() if warm else None
        """What one process keeps between its builds; None where each is a process of its own."""

        self._oracle = Oracle(folder / "clean")

    # -- places ------------------------------------------------------------------------------

    @property
    def public(self) -> Path:
        return self.root / "public"

    @property
    def home(self) -> Path:
        return self.root / ".explainer" / "public"

    @property
    def store(self) -> Path:
        return self.home / "store.db"

    @property
    def hidden(self) -> Path:
        return self.home / "tree"

    @property
    def foreign(self) -> frozenset[str]:
        return frozenset(self.strangers)

    # -- doing -------------------------------------------------------------------------------

    def do(self, step: Step) -> None:
        """Do one thing to the site; edits reach the disk with the next build."""
        name, a, b, c = step
        if name in EDITS:
            EDITS[name](self.sketch, a, b, c)
        elif name in MISHAPS:
            time.sleep(TICK)
            MISHAPS[name](self, a, b, c)
        elif name == "clock":
            self.options = replace(self.options, now=CLOCKS[a % len(CLOCKS)])
        elif name == "drafts flag":
            self.options = replace(self.options, drafts=not self.options.drafts)
        else:
            urls = (None, "https://preview.example/", "http://127.0.0.1:8000/p/")
            self.options = replace(self.options, base_url=urls[a % len(urls)])

    def move(self, *, with_public: bool) -> None:
        """Copy the site to another folder and go on there."""
        self._moves += 1
        new = self._folder / f"site{self._moves}"
        shutil.copytree(self.root, new, symlinks=True)
        shutil.rmtree(self.root)
        self.root = new
        self.memory = Memory() if self.memory is not None else None
        if not with_public:
            shutil.rmtree(self.public, ignore_errors=True)
            self.strangers.clear()

    def save(self) -> None:
        """Bring the files on disk to what the sketch says."""
        time.sleep(TICK)
        before = self.known
        self.known = write(self.root, self.sketch, before)
        if self.memory is not None:  # as the live preview is told by the system
            both = before.keys() | self.known.keys()
            self.memory.touch(path for path in both if before.get(path) != self.known.get(path))

    def build(self) -> pipeline.Result:
        """Build on, and hold what comes of it against a clean build."""
        self.save()
        self.builds += 1
        before = whole_tree_of(self.public)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(commit, "switch", partial(self._switch, commit.switch))
            result = pipeline.build(self.root, self.options, memory=self.memory)
        after = whole_tree_of(self.public)
        clean, findings = self._oracle.build(self.sketch, self.options)
        if (clean is not None) != result.ok:
            raise Difference(f"{result.diagnostics} where a clean build has {findings}")
        if clean is None:
            _compare(after, before, "a failed build has touched the published tree")
        else:
            _compare(after, clean | self.strangers, "not what a clean build publishes")
            if result.files != len(clean) - 1:
                raise Difference(f"{result.files} files, but a clean build has {len(clean) - 1}")
            if result.rendered + result.reused != result.files:
                raise Difference(f"the numbers do not add up: {result}")
        # That a damaged store could not be written is said by no clean build.
        said = tuple(one for one in result.diagnostics if one.code != "W804")
        if said != findings:
            raise Difference(f"says {said}, a clean build {findings}")
        return result

    def _switch(self, switch: Callable[[commit.Place], None], place: commit.Place) -> None:
        self._let(self.before_exchange)
        switch(place)
        self._let(self.behind_exchange)

    @staticmethod
    def _let(those: list[Callable[[], None]]) -> None:
        for one in those:
            one()
        those.clear()

    def play(self, steps: list[Step]) -> None:
        """Do some things one after the other, and build after each."""
        self.build()
        for step in steps:
            self.do(step)
            self.build()


class Oracle:
    """Clean builds of sketches, in a folder without store or output; the last are remembered."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._known: dict[str, bytes] = {}

    def build(
        self, sketch: Sketch, options: pipeline.Options
    ) -> tuple[dict[str, bytes] | None, tuple[Diagnostic, ...]]:
        """Return the published tree, None where there are errors, and all findings."""
        name = hashlib.sha256(repr((sorted(sketch.files().items()), options)).encode()).digest()
        if name in _remembered:
            _remembered.move_to_end(name)
            return _remembered[name]
        self._known = write(self._root, sketch, self._known)
        for folder in ("public", ".explainer"):
            shutil.rmtree(self._root / folder, ignore_errors=True)
        result = pipeline.build(self._root, options)
        tree = tree_of(self._root / "public") if result.ok else None
        _remembered[name] = (tree, result.diagnostics)
        while len(_remembered) > 200:
            _remembered.popitem(last=False)
        return _remembered[name]


def whole_tree_of(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder, and every empty folder under its path with a slash."""
    found = tree_of(folder)
    for place, folders, names in os.walk(folder):
        if not folders and not names and place != str(folder):
            found[f"{Path(place).relative_to(folder).as_posix()}/"] = b""
    return found


_remembered: OrderedDict[bytes, tuple[dict[str, bytes] | None, tuple[Diagnostic, ...]]] = (
    OrderedDict()
)


def _compare(found: dict[str, bytes], expected: dict[str, bytes], what: str) -> None:
    if found == expected:
        return
    lines = [f"{what}:"]
    lines += [f"  missing: {path}" for path in sorted(expected.keys() - found.keys())]
    lines += [f"  too much: {path}" for path in sorted(found.keys() - expected.keys())]
    for path in sorted(found.keys() & expected.keys()):
        if found[path] != expected[path]:
            lines.append(f"  another: {path}: {_first_difference(found[path], expected[path])}")
    raise Difference("\n".join(lines[:12]))


def _first_difference(one: bytes, other: bytes) -> str:
    place = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
    start = max(0, place - 30)
    return f"{one[start : place + 40]!r} is not {other[start : place + 40]!r}"
