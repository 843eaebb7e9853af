"""Several builds of one site at once: one works, the others say so, and the result is right."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.building import SiteFolder
from tests.engine.faults import (
    a_site,
    clean_tree,
    edited,
    edited_again,
    end,
    fresh,
    in_memory,
    mended,
    said_clearly,
    start,
    trees_of,
)

scratch = pytest.fixture(in_memory)
BUILDS = 8


@pytest.fixture
def folder(scratch: Path) -> SiteFolder:
    return a_site(fresh(scratch), 20)


def at_once(folder: SiteFolder) -> list[str]:
    """Start builds at once; return what is wrong with what they say."""
    processes = [start(folder, "--workers", "1") for _ in range(BUILDS)]
    wrong, ended = [], []
    try:
        for process in processes:
            said = "".join(process.communicate(timeout=120))
            ended.append(process.returncode)
            wrong += said_clearly(said, "E803")
            if process.returncode not in (0, 1) or (process.returncode == 1) != ("E803" in said):
                wrong.append(f"exit code {process.returncode}: {said}")
    finally:
        for process in processes:
            end(process.pid)
    if 0 not in ended:
        wrong.append("none of them has built")
    return wrong


@pytest.mark.slow
def test_at_once(folder: SiteFolder) -> None:
    """The first builds of a site, then with a store, then without one."""
    assert at_once(folder) == []
    assert folder.tree() == clean_tree(folder)
    edited(folder)
    assert at_once(folder) == []
    assert folder.tree() == clean_tree(folder)
    edited_again(folder)
    shutil.rmtree(folder.root / ".explainer")
    assert at_once(folder) == []
    assert mended(folder, trees_of(folder)) == []


@pytest.mark.slow
def test_an_edit_between_the_starts(folder: SiteFolder) -> None:
    """Whichever build has seen it: the next one shows it."""
    assert folder.build().ok
    processes = []
    try:
        for number in range(BUILDS):
            folder.story("a", title=f"Title {number}")
            processes.append(start(folder, "--workers", "1"))
        wrong = []
        for process in processes:
            wrong += said_clearly("".join(process.communicate(timeout=120)), "E803")
        assert not wrong
    finally:
        for process in processes:
            end(process.pid)
    assert mended(folder, trees_of(folder)) == []
