"""The store is disposable: whatever is wrong with it ends in a clean build, not in a wrong one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from explainer.build import making, pipeline
from explainer.build.run import Run
from explainer.build.store import VERSION, StoreDamaged
from explainer.site.urls import MARK
from tests.building import SiteFolder, codes
from tests.engine.bench import Bench, Step


def everything(bench: Bench) -> int:
    """Return how many outputs the site has."""
    return sum(1 for path in bench.public.rglob("*") if path.is_file() and path.name != MARK)


@pytest.mark.parametrize("size", [0, 1, 16, 99, 100, 1024, 4096, 5000])
def test_a_truncated_store_is_made_anew(bench: Bench, size: int) -> None:
    with bench.store.open("r+b") as file:
        file.truncate(size)
    assert bench.build().rendered == everything(bench)
    assert bench.build().rendered == 0


@pytest.mark.parametrize(
    "content", [b"garbage", b"garbage" * 5000, bytes(8192), b"SQLite format 3\0"]
)
def test_garbage_is_made_anew(bench: Bench, content: bytes) -> None:
    bench.store.write_bytes(content)
    assert bench.build().rendered == everything(bench)
    assert bench.build().rendered == 0


@pytest.mark.parametrize("version", [VERSION - 1, VERSION + 1])
def test_a_store_of_another_version_is_made_anew(bench: Bench, version: int) -> None:
    connection = sqlite3.connect(bench.store)
    connection.execute(f"PRAGMA user_version = {version}")
    connection.close()
    assert bench.build().rendered == everything(bench)
    assert bench.build().rendered == 0


@pytest.mark.parametrize("table", ["parts", "links", "entries", "bodies", "fresh_entries"])
def test_a_store_without_one_of_its_tables_is_made_anew(bench: Bench, table: str) -> None:
    connection = sqlite3.connect(bench.store)
    connection.execute(f"DROP TABLE {table}")
    connection.close()
    bench.do(("edit a template", 0, 1, 0))
    bench.do(("retitle", 0, 1, 0))
    assert bench.build().rendered == everything(bench)
    assert bench.build().rendered == 0


@pytest.mark.parametrize(
    "name",
    [
        "outputs/000001", "shared/0", "story/bravo", "topic/nvidia", "content/stories/2025/bravo",
        "content/papers/post", "state", "sources", "tree", "lists", "dates",
    ],
)  # fmt: skip
def test_a_row_that_lost_its_name_is_missed(spare_bench: Bench, name: str) -> None:
    """No checksum of what is found tells that something is not found."""
    bench = spare_bench
    steps: list[Step] = [
        ("retitle", 10, 2, 1),
        ("edit a template", 0, 2, 1),
        ("rename a topic", 1, 2, 1),
        ("delete", 1, 2, 1),
    ]
    for step in steps:
        data = bench.store.read_bytes()
        assert name.encode() in data or step != steps[0]
        bench.store.write_bytes(data.replace(name.encode(), b"~" + name[1:].encode()))
        bench.do(step)
        bench.build()


def test_the_next_build_finds_what_the_last_one_wrote_down(bench: Bench) -> None:
    bench.do(("delete a kind", 0, 1, 0))
    bench.build()
    for kind in range(1, 6):
        bench.do(("delete a kind", kind, 1, 0))
    bench.build()
    # The dates of entries that are no more must not come back with a lost sitemap.
    bench.do(("both trees are deleted", 0, 0, 0))
    bench.build()


def test_a_site_without_entries_is_remembered_too(bench: Bench) -> None:
    bench.sketch.entries.clear()
    bench.build()
    bench.do(("edit a template", 13, 1, 0))
    assert bench.build().rendered == 1


def test_a_warning_about_the_settings_moves_with_its_line(bench: Bench) -> None:
    bench.sketch.settings["corrections"] = True
    bench.sketch.entries["page", "about"].expires = "2025-12-01T00:00:00Z"
    (first,) = bench.build().diagnostics
    bench.sketch.settings["head"] = 2
    (second,) = bench.build().diagnostics
    assert second.span.line == first.span.line + 2


def test_a_store_that_takes_nothing_more_is_made_anew(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(*arguments: Any) -> None:
        raise sqlite3.DatabaseError("database disk image is malformed")

    bench.do(("retitle", 0, 1, 0))
    with monkeypatch.context() as patch:
        patch.setattr("explainer.build.store.Writing.accept", damaged)
        bench.save()
        result = pipeline.build(bench.root, bench.options)
        assert (codes(result.diagnostics), result.ok) == (["W804"], True)
    assert not bench.store.exists()
    assert bench.build().rendered == everything(bench)
    assert bench.build().diagnostics == ()


def test_a_refusal_in_the_second_attempt_is_reported(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Run._kept
    calls = []

    def damaged_once(self: Run, *arguments: Any) -> Any:
        calls.append(1)
        if len(calls) == 1:
            raise StoreDamaged("for once")
        return kept(self, *arguments)

    monkeypatch.setattr(Run, "_kept", damaged_once)
    bench.do(("rename the file", 0, 1, 0))
    bench.save()
    taken = bench.public / bench.sketch.url(bench.sketch.all()[0]).strip("/") / "index.html"
    taken.parent.mkdir(parents=True)
    taken.write_text("theirs")
    result = pipeline.build(bench.root, bench.options)
    assert len(calls) == 2
    assert codes(result.diagnostics) == ["E801"]


def test_a_check_that_is_stopped_holds_up_no_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It reads the store without the lock of the folder, so it may not hold that of the store."""
    site = SiteFolder(tmp_path).story("a")
    assert site.build(workers=1).ok
    make, tried = making.Workshop.make, []

    def stopped(workshop: making.Workshop, task: making.Task) -> making.Done:
        done = make(workshop, task)
        if workshop.writer is None:
            with closing(
                sqlite3.connect(site.root / ".explainer/public/store.db", timeout=0)
            ) as one:
                one.execute("BEGIN EXCLUSIVE")
            tried.append(task)
        return done

    monkeypatch.setattr(making.Workshop, "make", stopped)
    site.story("a", title="New")
    assert site.check(workers=1).ok
    assert tried
