"""The same files give the same bytes, wherever and however they are built."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from explainer.build import pipeline, workers
from tests.building import tree_of
from tests.engine.places import write
from tests.engine.quick import quick
from tests.engine.sketch import Entry, Sketch, first_sketch
from tests.tooling import ROOT

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
PLAIN = pipeline.Options(now=NOW, workers=1)


def large_sketch() -> Sketch:
    """Return a site with enough files and pages for several processes."""
    site = first_sketch("spare")
    for number in range(workers.WORTH_IT + 30):
        slug = f"more-{number:03d}"
        site.entries["story", slug] = Entry(
            "story", slug, f"More {number}", date=number, lists={"topics": [number, number + 1]},
            sources=[(number, "")], blocks=[("say", number, 0), ("ref", number, number)],
        )  # fmt: skip
    return site


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The large site as one process builds it."""
    root = tmp_path_factory.mktemp("expected")
    write(root, large_sketch(), {})
    assert pipeline.build(root, PLAIN).ok
    return tree_of(root / "public")


def threads(count: int) -> Executor:
    return ThreadPoolExecutor(count)


def forked(count: int) -> Executor:
    return ProcessPoolExecutor(count, mp_context=get_context("fork"))


def spawned(count: int) -> Executor:
    return ProcessPoolExecutor(count, mp_context=get_context("spawn"))


# -- processes -----------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 2, 4])
@pytest.mark.parametrize("make", [None, threads, forked, spawned])
def test_any_number_of_workers_of_any_sort(
    tmp_path: Path,
    expected: dict[str, bytes],
    count: int,
    make: Callable[[int], Executor] | None,
) -> None:
    if make in (forked, spawned) and count == 4:
        pytest.skip("two processes show what four would")
    site = large_sketch()
    known = write(tmp_path, site, {})
    options = replace(PLAIN, workers=count, executor=make)
    assert pipeline.build(tmp_path, options).ok
    assert tree_of(tmp_path / "public") == expected
    # And the build after an edit, for which traces of several workers were put together.
    site.entries["topic", "nvidia"].title = "Plain Words"
    known = write(tmp_path, site, known)
    assert pipeline.build(tmp_path, options).ok
    after = tree_of(tmp_path / "public")
    shutil.rmtree(tmp_path / "public")
    shutil.rmtree(tmp_path / ".explainer")
    assert pipeline.build(tmp_path, PLAIN).ok
    assert tree_of(tmp_path / "public") == after != expected


# -- surroundings --------------------------------------------------------------------------------


def run_build(
    root: Path, *options: str, umask: int = 0o022, variables: Mapping[str, str] | None = None
) -> None:
    """Build in a process of its own, with other surroundings."""
    command = [sys.executable, "-m", "explainer", "-C", str(root), "build", *options]
    environment = {
        name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"
    } | {"PYTHONPATH": str(ROOT), **(variables or {})}
    done = subprocess.run(
        command, env=environment, umask=umask, capture_output=True, text=True, check=False, cwd=root
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def plain_tree(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    root = tmp_path_factory.mktemp("plain")
    write(root, first_sketch(), {})
    run_build(root, "--now", "2026-01-15T12:00:00Z")
    return tree_of(root / "public")


@pytest.mark.parametrize(
    "variables",
    [
        {"TZ": "Asia/Kathmandu"},
        {"TZ": "America/St_Johns"},
        {"LC_ALL": "tr_TR.UTF-8"},
        {"LC_ALL": "C", "PYTHONUTF8": "0"},
        {"PYTHONHASHSEED": "1"},
        {"PYTHONHASHSEED": "4711"},
        {"PYTHONOPTIMIZE": "2"},
    ],
    ids=str,
)
def test_any_surroundings(
    tmp_path: Path, plain_tree: dict[str, bytes], variables: dict[str, str]
) -> None:
    write(tmp_path, first_sketch(), {})
    run_build(tmp_path, "--now", "2026-01-15T12:00:00Z", variables=variables)
    assert tree_of(tmp_path / "public") == plain_tree


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_the_umask_decides_who_may_read_and_nothing_else(
    tmp_path: Path, plain_tree: dict[str, bytes], umask: int
) -> None:
    """As with any program that writes files: a web server of another user needs 022."""
    write(tmp_path, first_sketch(), {})
    run_build(tmp_path, "--now", "2026-01-15T12:00:00Z", umask=umask)
    assert tree_of(tmp_path / "public") == plain_tree
    modes = {path.stat().st_mode & 0o777 for path in (tmp_path / "public").rglob("*")
             if path.is_file()}  # fmt: skip
    assert modes == {0o666 & ~umask}


def test_any_path_of_the_site(tmp_path: Path, plain_tree: dict[str, bytes]) -> None:
    root = tmp_path / "a long way down" / "été" / "site #1 %20 'x'"
    root.mkdir(parents=True)
    write(root, first_sketch(), {})
    assert pipeline.build(root, PLAIN).ok
    assert tree_of(root / "public") == plain_tree


def test_the_way_that_the_path_is_written(
    tmp_path: Path, plain_tree: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "site").mkdir()
    write(tmp_path / "site", first_sketch(), {})
    monkeypatch.chdir(tmp_path)
    assert pipeline.build(Path("site"), PLAIN).ok
    assert tree_of(tmp_path / "site" / "public") == plain_tree
    (tmp_path / "link").symlink_to("site")
    result = pipeline.build(tmp_path / "link", PLAIN)
    assert (result.ok, result.rendered) == (True, 0)


# -- order of files ------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(3))
def test_any_order_of_files_in_their_folders(
    tmp_path: Path, plain_tree: dict[str, bytes], monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    write(tmp_path, first_sketch(), {})
    shuffle_folders(monkeypatch, random.Random(seed))
    with quick(small=False, drawing=True):
        first = pipeline.build(tmp_path, PLAIN)
        assert tree_of(tmp_path / "public") == plain_tree
        second = pipeline.build(tmp_path, PLAIN)
    assert (first.ok, second.rendered) == (True, 0)


class Shuffled:
    """A listing of a folder in another order than the system's."""

    def __init__(self, listing: Any, chance: random.Random) -> None:
        with listing:
            self._children = list(listing)
        chance.shuffle(self._children)

    def __enter__(self) -> Shuffled:
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def __iter__(self) -> Iterator[Any]:
        return iter(self._children)

    def __next__(self) -> Any:
        if not self._children:
            raise StopIteration
        return self._children.pop()

    def close(self) -> None:
        pass


def shuffle_folders(patch: pytest.MonkeyPatch, chance: random.Random) -> None:
    scandir, listdir = os.scandir, os.listdir

    def shuffled_scandir(path: Any = ".") -> Any:
        return Shuffled(scandir(path), chance)

    def shuffled_listdir(path: Any = ".") -> Any:
        names = listdir(path)
        chance.shuffle(names)
        return names

    patch.setattr(os, "scandir", shuffled_scandir)
    patch.setattr(os, "listdir", shuffled_listdir)


# -- the clock -----------------------------------------------------------------------------------


def test_the_clock_of_the_build_is_the_only_one(
    tmp_path: Path, plain_tree: dict[str, bytes]
) -> None:
    """Nothing in this site has its time before or behind one of these moments."""
    for number, now in enumerate(("2026-01-15T12:00:00Z", "2031-05-05T05:05:05+05:00")):
        root = tmp_path / str(number)
        root.mkdir()
        write(root, first_sketch(), {})
        run_build(root, "--now", now)
        assert tree_of(root / "public") == plain_tree


def test_source_date_epoch_and_now_are_the_same_clock(tmp_path: Path) -> None:
    site = first_sketch()
    site.entries["story", "alpha"].expires = "2025-12-01T00:00:00Z"
    site.entries["question", "why"].publish_at = "2025-12-01T00:00:00Z"
    for entry in site.all():  # nothing may refer to what is under embargo
        entry.lists = {}
        entry.blocks = [("say", 0, 0)]
    moment = datetime(2025, 12, 1, tzinfo=UTC)
    trees = {}
    for name, seconds in (("before", -1), ("at", 0), ("after", 1)):
        for way in ("now", "epoch"):
            root = tmp_path / f"{name}-{way}"
            root.mkdir()
            write(root, site, {})
            at = int(moment.timestamp()) + seconds
            if way == "now":
                run_build(root, "--now", datetime.fromtimestamp(at, UTC).isoformat())
            else:
                run_build(root, variables={"SOURCE_DATE_EPOCH": str(at)})
            trees[name, way] = tree_of(root / "public")
    assert trees["before", "now"] == trees["before", "epoch"]
    assert trees["at", "now"] == trees["at", "epoch"] == trees["after", "now"]
    assert trees["at", "now"] == trees["after", "epoch"] != trees["before", "now"]
