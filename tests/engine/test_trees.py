"""What was done to the published tree, or to the hidden one, is put right by the next build."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from explainer.build import tree
from explainer.site.urls import MARK
from tests.engine.bench import Bench

PAGE = "stories/alpha/index.html"


def edit(bench: Bench, number: int) -> None:
    """Change something that does not touch `PAGE`."""
    bench.do(("change the label", 0, number, 0))


@pytest.fixture(params=["now", "much later"])
def seen_long_ago(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the rule of young files, and without it, as if an hour passed between two builds."""
    if request.param == "much later":
        monkeypatch.setattr(tree, "YOUNG", -3_600_000_000_000)


@pytest.mark.usefixtures("seen_long_ago")
class TestAFileOfTheTrees:
    @pytest.mark.parametrize("which", ["public", "hidden"])
    @pytest.mark.parametrize("sort", ["deleted", "altered", "replaced", "folder", "link"])
    @pytest.mark.parametrize("between", ["nothing", "an edit", "a new page"])
    def test_is_put_right_and_stays_right(
        self, spare_bench: Bench, which: str, sort: str, between: str
    ) -> None:
        bench = spare_bench
        path = (bench.public if which == "public" else bench.hidden) / PAGE
        spoil(path, sort)
        for number in range(3):
            # The trees change places with every build: each of them is seen twice.
            if between == "an edit":
                edit(bench, number + 10)
            if between == "a new page":
                bench.do(("add", 1, 6 + number % 3, number))
            bench.build()


def spoil(path: Path, sort: str) -> None:
    data = path.read_bytes()
    if sort == "altered":
        with path.open("r+b") as file:
            file.write(b"X" * 20)
        return
    path.unlink()
    if sort == "replaced":
        path.write_bytes(data[::-1])
    elif sort == "folder":
        path.mkdir()
    elif sort == "link":
        path.symlink_to("/etc/hostname")


def test_a_checkout_with_a_kept_store_makes_nothing_anew(bench: Bench, tmp_path: Path) -> None:
    bench.move(with_public=False)
    for path in bench.known:
        os.utime(bench.root / path)
    result = bench.build()
    assert (result.rendered, result.deleted) == (0, 0)
    assert bench.build().rendered == 0
    edit(bench, 5)
    assert 0 < bench.build().rendered < result.files
    edit(bench, 6)
    assert 0 < bench.build().rendered < result.files


def test_a_checkout_with_a_kept_store_and_an_edit(bench: Bench) -> None:
    bench.move(with_public=False)
    edit(bench, 5)
    first = bench.build()
    assert 0 < first.rendered < first.files
    edit(bench, 6)
    assert bench.build().rendered == first.rendered


def test_a_published_tree_without_a_store_is_taken_over(bench: Bench) -> None:
    bench.do(("a stranger puts a file there", 2, 1, 0))
    bench.do(("delete", 0, 0, 0))
    bench.do(("all but the site is deleted", 0, 0, 0))
    bench.build()
    shutil.rmtree(bench.root / ".explainer")
    bench.do(("delete", 0, 0, 0))
    bench.build()


def test_a_strangers_file_stays_as_it_is(bench: Bench) -> None:
    bench.do(("a stranger puts a file there", 0, 1, 0))
    for number in range(2):
        edit(bench, number + 10)
        bench.build()
    # Another file of the same length and time of change, as an archive unpacks it.
    path = bench.public / "CNAME"
    times = path.stat()
    bench.strangers["CNAME"] = b"theirs 4\n"
    assert times.st_size == len(bench.strangers["CNAME"])
    path.write_bytes(bench.strangers["CNAME"])
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    for number in range(3):
        edit(bench, number + 20)
        bench.build()
    bench.do(("a stranger takes a file away", 0, 0, 0))
    for number in range(3):
        edit(bench, number + 30)
        bench.build()


def test_a_strangers_link_stays_a_link(bench: Bench) -> None:
    (bench.public / "latest").symlink_to("stories")
    bench.strangers["latest"] = b"-> stories"
    for number in range(3):
        edit(bench, number + 10)
        bench.build()


def test_a_strangers_file_does_not_come_back_after_a_kill(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.do(("a stranger puts a file there", 0, 1, 0))
    edit(bench, 10)
    with monkeypatch.context() as patch:
        patch.setattr("explainer.build.commit.switch", killed)
        with pytest.raises(KeyboardInterrupt):
            bench.build()
    bench.do(("a stranger takes a file away", 0, 0, 0))
    for number in range(3):
        edit(bench, number + 20)
        bench.build()


def killed(*arguments: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("step", ["flush", "switch", "accepted"])
@pytest.mark.parametrize("edit_after", [False, True])
def test_a_build_after_a_killed_one_is_right(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, step: str, edit_after: bool
) -> None:
    edit(bench, 10)
    bench.do(("rename the file", 0, 1, 0))
    with monkeypatch.context() as patch:
        patch.setattr(f"explainer.build.commit.{step}", killed)
        with pytest.raises(KeyboardInterrupt):
            bench.build()
    if edit_after:
        bench.do(("delete", 3, 0, 0))
        edit(bench, 11)
    for number in range(3):
        bench.build()
        edit(bench, 20 + number)


def test_the_mark_says_what_is_there(bench: Bench) -> None:
    bench.do(("delete", 0, 0, 0))
    bench.build()
    for folder in (bench.public, bench.hidden):
        found = tree.read_mark(folder)
        assert found is not None
        names = {path.relative_to(folder).as_posix() for path in folder.rglob("*")
                 if path.is_file() and path.name != MARK}  # fmt: skip
        assert found[1] == names
