"""Looking at what was touched alone: it comes to the same as a look at all, or says so."""

import os
import time
from pathlib import Path

import pytest

from explainer.build.inputs import _look
from explainer.build.memory import Memory
from explainer.build.snapshot import Looked, Snapshot, look_again
from explainer.diagnostics import Findings

STORY, OTHER = "content/stories/a.md", "content/stories/b.md"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for path in (STORY, OTHER, "content/topics/t.md", "static/x.txt"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(path)
    return tmp_path


def look_at_all(root: Path) -> Looked:
    looked, is_plain = _look(root, Snapshot(), Findings(), time.time_ns())
    assert is_plain
    return looked


def again(root: Path, last: Looked, *touched: str) -> Looked | None:
    return look_again(root, touched, last, time.time_ns())


def test_what_was_written_or_replaced_is_seen(root: Path) -> None:
    last = look_at_all(root)
    (root / STORY).write_text("new words")
    (root / "aside").write_text("others")
    os.rename(root / "aside", root / OTHER)
    found = again(root, last, STORY, OTHER)
    assert found == look_at_all(root)
    assert found is not None
    assert found.snapshot.changed_since(last.snapshot) == {STORY, OTHER}


def test_a_file_that_was_young_is_looked_at_though_nobody_told(root: Path) -> None:
    last = look_at_all(root)
    (root / STORY).write_text("within the same tick of the clock")
    assert again(root, last) == look_at_all(root)


def test_what_was_old_is_taken_for_what_it_was(root: Path) -> None:
    last = look_at_all(root)
    old = Looked(last.stamps, Snapshot(last.snapshot.paths, last.snapshot.stamps,
                                       last.snapshot.digests))  # fmt: skip
    (root / STORY).write_text("nobody tells")
    assert again(root, old) == old
    assert again(root, old, STORY) != old


def test_what_came_and_went_or_belongs_elsewhere_is_none_of_it(root: Path) -> None:
    last = look_at_all(root)
    found = again(root, last, "content/stories/4913", "site.toml", "themes/x/base.html", "content2")
    assert found == last


def new_file(root: Path) -> str:
    (root / "content/stories/c.md").write_text("new")
    return "content/stories/c.md"


def gone(root: Path) -> str:
    (root / STORY).unlink()
    return STORY


def folder_gone(root: Path) -> str:
    (root / "content/topics/t.md").unlink()
    (root / "content/topics").rmdir()
    return "content/topics"


def folder(root: Path) -> str:
    return "content/stories"


def everything(root: Path) -> str:
    return "content"


def a_link(root: Path) -> str:
    (root / STORY).unlink()
    (root / STORY).symlink_to("b.md")
    return STORY


@pytest.mark.parametrize("what", [new_file, gone, folder_gone, folder, everything, a_link])
def test_for_all_else_everything_has_to_be_looked_at(root: Path, what) -> None:
    last = look_at_all(root)
    assert again(root, last, what(root)) is None


class TestMemory:
    def test_without_a_word_everything_is_looked_at(self, root: Path) -> None:
        memory = Memory()
        memory.touch([STORY])
        assert memory.look_again(root, time.time_ns()) is None  # there was no look before
        memory.take_look(look_at_all(root))
        assert memory.look_again(root, time.time_ns()) is None
        memory.take_look(look_at_all(root))
        memory.touch([STORY])
        memory.touch(None)
        assert memory.look_again(root, time.time_ns()) is None

    def test_words_add_up_until_there_is_a_look(self, root: Path) -> None:
        memory = Memory()
        last = look_at_all(root)
        memory.take_look(Looked(last.stamps, Snapshot(
            last.snapshot.paths, last.snapshot.stamps, last.snapshot.digests)))  # fmt: skip
        for path in (STORY, OTHER):
            (root / path).write_text("new")
            memory.touch([path])
        found, all_of_it = memory.look_again(root, time.time_ns()), look_at_all(root)
        assert found is not None
        assert found.stamps == all_of_it.stamps
        assert found.snapshot.digests == all_of_it.snapshot.digests

    def test_links_are_not_relied_on(self, root: Path) -> None:
        (root / "content/stories/c.md").symlink_to("b.md")
        _, is_plain = _look(root, Snapshot(), Findings(), time.time_ns())
        assert not is_plain
