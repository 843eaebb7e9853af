"""The system refuses something: one clear line and the old site, or the new one as it should be."""

from __future__ import annotations

import functools
import os
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.building import SiteFolder, limited
from tests.engine.faults import (
    AT,
    BEFORE,
    TRIES,
    Call,
    Trees,
    a_site,
    built_by,
    calls_of,
    edited,
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
        found = refused_and_mended(lambda: BEFORE[before](fresh(scratch)), call, error)
        wrong += [f"{call} {error}\n  {line}" for line in found]
    assert not wrong, f"{len(wrong)} findings, {len(calls)} calls:\n" + "\n".join(wrong)


def refused_and_mended(prepare: Callable[[], SiteFolder], call: Call, error: str) -> list[str]:
    for _ in range(TRIES):
        folder = prepare()
        trees = trees_of(folder)
        code, said, hit = refused_at(folder, call, error)
        if call.is_of(hit, folder):
            return ended_well(folder, trees, code, said) + mended(folder, trees)
    return [f"not refused: {hit}"]


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


# -- a full disk ---------------------------------------------------------------------------------

KIB = 1024


@pytest.fixture
def disk(scratch: Path) -> Iterator[Path]:
    """A small disk in the site's folder, which is gone after the test."""
    place = scratch / "site" / "disk"
    place.mkdir(parents=True)
    command = ["mount", "-t", "tmpfs", "-o", "size=2m", "none", str(place)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip(f"this user may not mount a disk: {done.stderr.strip()}")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def filled(place: Path, rest: int) -> Path:
    """Fill a disk with a file but for some bytes."""
    filler = place / "filler"
    status = os.statvfs(place)
    with open(filler, "wb") as file:
        file.write(bytes(max(0, status.f_bavail * status.f_frsize - rest)))
    return filler


def on_disk(disk: Path, *parts: str) -> SiteFolder:
    """Return a built site whose output or store lies on a small disk."""
    folder = a_site(disk.parent)
    if "store" in parts:
        (disk / "store").mkdir()
        folder.link_to(".explainer", disk / "store")
    if "output" in parts:
        folder.output = disk / "public"
        folder.setting("build", 'output = "disk/public"')
    folder.built(workers=1)
    return folder


@pytest.mark.parametrize("rest", [0, 4, 12, 24, 48, 100])
@pytest.mark.parametrize("full", [("output",), ("store",), ("output", "store")], ids="+".join)
def test_full_disk(disk: Path, full: tuple[str, ...], rest: int) -> None:
    """Whatever it is that lies on the full disk, and however much can be written until it is."""
    folder = on_disk(disk, *full)
    edited(folder)
    folder.write("static/files/data.bin", os.urandom(40 * KIB))
    trees = trees_of(folder)
    filler = filled(disk, rest * KIB)
    done = folder.run("build", "--now", AT, "--workers", "1")
    wrong = ended_well(folder, trees, done.returncode, done.stdout + done.stderr)
    filler.unlink()
    assert wrong + mended(folder, trees) == []


def test_a_full_disk_is_full(disk: Path) -> None:
    """The test above means nothing if nothing is refused."""
    folder = on_disk(disk, "output")
    edited(folder)
    filled(disk, 0)
    assert "E802" in folder.run("build", "--now", AT).stderr


@pytest.mark.parametrize("limit", [100, 2_000, 6_000, 20_000, 60_000, 150_000])
@pytest.mark.parametrize("before", ["first", "edit"])
def test_limit_on_the_size_of_files(scratch: Path, before: str, limit: int) -> None:
    folder = BEFORE[before](scratch / "site")
    folder.write("static/files/data.bin", os.urandom(100_000))
    trees = trees_of(folder)
    done = folder.run("build", "--now", AT, "--workers", "1", prepare=limited(file_bytes=limit))
    wrong = ended_well(folder, trees, done.returncode, done.stdout + done.stderr)
    assert wrong + mended(folder, trees) == []


# -- no permission -------------------------------------------------------------------------------


@pytest.mark.parametrize("place", [".", "public", ".explainer", ".explainer/public",
                                   ".explainer/public/tree", ".explainer/public/tree/stories",
                                   ".explainer/public/store.db"])  # fmt: skip
@pytest.mark.parametrize("change", ["edit", "nothing"])
def test_no_permission(scratch: Path, place: str, change: str) -> None:
    """A file or folder that only another user may write."""
    nobody = someone_else()
    folder = a_site(scratch / "site")
    folder.built(workers=1)
    if change == "edit":
        edited(folder)
    else:
        os.utime(folder.root / "content/stories/a.md")
    trees = trees_of(folder)
    if nobody is not None:
        scratch.chmod(0o755)
        for path in [folder.root, *folder.root.rglob("*")]:
            os.chown(path, nobody, nobody, follow_symlinks=False)
    refused = folder.root / place
    mode = refused.stat().st_mode
    refused.chmod(0o444 if refused.is_file() else 0o555)
    try:
        code, said = built_by(folder, nobody)
    finally:
        refused.chmod(mode)
    assert ended_well(folder, trees, code, said) + mended(folder, trees) == []


@pytest.mark.parametrize("call", ["BEGIN IMMEDIATE", "COMMIT"])
def test_a_store_that_cannot_be_written_hides_no_error(
    scratch: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    """What an author has to mend is said, and nothing of the store."""
    folder = a_site(scratch / "site")
    folder.built(workers=1)
    without_writing(monkeypatch, call)
    folder.story("new", "## What's happened\n\n[x](topic:nowhere)")
    assert folder.build(workers=1).codes == ["E201"]


@pytest.mark.parametrize("call", ["BEGIN IMMEDIATE", "COMMIT"])
def test_a_store_that_cannot_be_written_is_a_warning_where_nothing_has_changed(
    scratch: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    folder = a_site(scratch / "site")
    tree = folder.built(workers=1)
    os.utime(folder.root / "content/stories/a.md")
    without_writing(monkeypatch, call)
    assert folder.build(workers=1).codes == ["W804"]
    assert folder.tree() == tree


def without_writing(monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    """Let SQLite say at a call that the disk is full."""

    class Full(sqlite3.Connection):
        def execute(self, sql: str, *given: object) -> sqlite3.Cursor:
            if sql == call:
                error = sqlite3.OperationalError("database or disk is full")
                error.sqlite_errorcode = sqlite3.SQLITE_FULL
                raise error
            return super().execute(sql, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(sqlite3, "connect", functools.partial(sqlite3.connect, factory=Full))


def someone_else() -> int | None:
    """Return a user for whom permissions count; None where they count for us."""
    return 65534 if os.geteuid() == 0 else None


def test_read_only_disk(disk: Path) -> None:
    folder = on_disk(disk, "output")
    edited(folder)
    trees = trees_of(folder)
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    done = folder.run("build", "--now", AT)
    subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
    assert ended_well(folder, trees, done.returncode, done.stdout + done.stderr) == []
    assert done.returncode == 1
    assert mended(folder, trees) == []
