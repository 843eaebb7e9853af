"""The system refuses something: one clear line and the old site, or the new one as it should be."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from tests.building import SiteFolder
from tests.engine.faults import (
    BEFORE,
    Call,
    Trees,
    calls_of,
    fresh,
    in_memory,
    mended,
    refused_at,
    said_clearly,
    some,
    trees_of,
    whole,
)

pytestmark = pytest.mark.slow
scratch = pytest.fixture(in_memory)


# -- at each call --------------------------------------------------------------------------------


@pytest.mark.parametrize("error", ["ENOSPC", "EIO", "EACCES"])
@pytest.mark.parametrize("before", BEFORE)
def test_refused_at_a_system_call(scratch: Path, before: str, error: str) -> None:
    calls = calls_of(BEFORE[before](fresh(scratch)))
    wrong = []
    for call in some(calls, 3, f"{before} {error}"):
        folder = BEFORE[before](fresh(scratch))
        wrong += [f"{call} {error}\n  {line}" for line in refused_and_mended(folder, call, error)]
    assert not wrong, f"{len(wrong)} findings, {len(calls)} calls:\n" + "\n".join(wrong)


def refused_and_mended(folder: SiteFolder, call: Call, error: str) -> list[str]:
    trees = trees_of(folder)
    code, said, hit = refused_at(folder, call, error)
    if str(folder.root) not in hit:
        return [f"not refused: {hit}"]
    return ended_well(folder, trees, code, said) + mended(folder, trees)


def ended_well(folder: SiteFolder, trees: Trees, code: int, said: str) -> list[str]:
    """Return what is wrong with the end of a build that was refused something."""
    if code == 0:
        expected, clear = trees.new, said_clearly(said, "W804")
    else:
        expected, clear = trees.old, said_clearly(said, "E802")
    wrong = clear + whole(folder, trees)
    if code not in (0, 1) or (code == 1 and "E802" not in said):
        wrong.append(f"exit code {code}: {said}")
    if folder.tree() != expected:
        wrong.append(f"exit code {code}, but the other tree stands: {said}")
    return wrong


assert errno
assert os
