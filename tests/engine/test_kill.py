"""A build may be killed at any moment: the old site or the new stands, and the next is right."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.building import SiteFolder
from tests.engine.faults import (
    BEFORE,
    Call,
    calls_of,
    fresh,
    in_memory,
    killed_at,
    mended,
    said_clearly,
    some,
    trees_of,
    whole,
)

pytestmark = pytest.mark.slow
scratch = pytest.fixture(in_memory)


# -- at each call --------------------------------------------------------------------------------


@pytest.mark.parametrize("before", BEFORE)
def test_killed_at_a_system_call(scratch: Path, before: str) -> None:
    calls = calls_of(BEFORE[before](fresh(scratch)))
    wrong = []
    for call in some(calls, 7, before):
        wrong += killed_and_mended(BEFORE[before](fresh(scratch)), call)
    assert not wrong, f"{len(wrong)} of {len(calls)} calls:\n" + "\n".join(wrong)


def killed_and_mended(folder: SiteFolder, call: Call) -> list[str]:
    trees = trees_of(folder)
    code, said = killed_at(folder, call)
    wrong = [] if code == -signal.SIGKILL else [f"exit code {code}: {said}"]
    wrong += whole(folder, trees) + mended(folder, trees)
    return [f"{call}\n  {line}" for line in wrong]


STORIES = 120
"""Enough for the work to be shared by processes."""


@pytest.mark.parametrize("before", ["first", "edit"])
def test_killed_at_a_system_call_of_several_processes(scratch: Path, before: str) -> None:
    """Whichever process comes first to the call is killed; a killed worker ends the build."""

    def prepared() -> SiteFolder:
        folder = BEFORE[before](fresh(scratch), STORIES)
        if before == "edit":  # shared by processes only where many pages change
            folder.write("themes/plain/assets/style.css", "body { color: #222 }\n")
        return folder

    calls = calls_of(prepared(), workers=2)
    step = max(1, len(calls) // 60)
    wrong = []
    for call in some(calls[::step], 4, before):
        folder = prepared()
        trees = trees_of(folder)
        code, said = killed_at(folder, call, workers=2)
        if code not in (-signal.SIGKILL, 1):
            wrong.append(f"{call}\n  exit code {code}: {said}")
        if code == 1:
            clear = [*said_clearly(said, "E802"), *old_stands(folder, trees.old)]
            wrong += [f"{call}\n  {line}" for line in clear]
        found = whole(folder, trees) + mended(folder, trees)
        wrong += [f"{call}\n  {line}" for line in found]
    assert not wrong, "\n".join(wrong)


def old_stands(folder: SiteFolder, old: object) -> list[str]:
    return [] if folder.tree() == old else ["the old site does not stand after an error"]
