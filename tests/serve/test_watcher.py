"""What is told of the files of a site, and what is taken up together."""

from __future__ import annotations

import asyncio
import errno
import os
import selectors
import shutil
import stat
import time
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from watchdog.observers import polling
from watchdog.observers.inotify_c import InotifyFD
from watchdog.utils.dirsnapshot import DirectorySnapshot

from explainer.serve import watcher
from explainer.serve.watcher import Changes, Watcher
from tests.serve.running import until


class Heard:
    """Holds what a watcher tells."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def tell(self, name: str, settled: bool) -> None:
        self.names.append(name)

    def hears(self, file: Path, name: str) -> None:
        """Write a file and wait until it is told."""
        self.names.clear()
        file.write_text("x", "utf-8")
        until(lambda: name in self.names, f"{name} is told")


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def site(tmp_path: Path) -> Path:
    for name in ("content/stories/2024/05", "content/questions", "themes/own/templates"):
        (tmp_path / name).mkdir(parents=True)
    return tmp_path


@pytest.fixture
def watched(site: Path, heard: Heard) -> Iterator[Watcher]:
    with closing(Watcher(site, heard.tell)) as one:
        yield one


class closing:  # noqa: N801 - contextlib's, with a type
    def __init__(self, one: Watcher) -> None:
        self._one = one

    def __enter__(self) -> Watcher:
        return self._one

    def __exit__(self, *_: object) -> None:
        self._one.close()


FILE = "content/stories/2024/05/x.md"


class Refused(DirectorySnapshot):
    """Reads no folder that its owner may not read; root may read all."""

    def walk(self, root: str) -> Iterator[Any]:
        if not Path(root).stat().st_mode & stat.S_IRUSR:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), root)
        yield from super().walk(root)


def limit(patch: pytest.MonkeyPatch, count: int) -> None:
    """Let the system give so many watches and no more."""
    given = InotifyFD.add_callback
    left = iter(range(count))

    def add_callback(self: InotifyFD, *arguments: Any) -> Any:
        if next(left, None) is None:
            raise OSError(errno.ENOSPC, "inotify watch limit reached")
        return given(self, *arguments)

    patch.setattr(InotifyFD, "add_callback", add_callback)


class TestFolders:
    @pytest.mark.parametrize("at_once", [True, False])
    def test_a_folder_that_is_replaced(self, site, watched, heard, at_once):
        """As by a checkout of a branch that lacks it, and back."""
        shutil.copytree(site / "content", site / "aside")
        shutil.rmtree(site / "content")
        if not at_once:
            until(lambda: "content" in heard.names, "that it is gone")
            watched.watch(())
        (site / "aside").rename(site / "content")
        heard.names.clear()
        until(lambda: watched.watch(()) or "content" in heard.names, "that it came")
        watched.watch(())
        assert not watched.polls
        heard.hears(site / FILE, FILE)

    def test_a_folder_that_is_replaced_by_another_of_the_same_size(self, site, watched, heard):
        """So that the number of watches does not tell."""
        shutil.copytree(site / "content", site / "aside")
        (site / "content").rename(site / "old")
        (site / "aside").rename(site / "content")
        until(lambda: "content" in heard.names, "that it came")
        assert watched.watch(())
        assert not watched.polls
        heard.hears(site / FILE, FILE)

    def test_a_folder_that_is_moved_away_and_back(self, site, watched, heard):
        (site / "content").rename(site / "aside")
        (site / "aside").rename(site / "content")
        until(lambda: watched.watch(()), "that it is another one")
        heard.hears(site / FILE, FILE)

    def test_a_folder_that_comes_later(self, site, watched, heard):
        (site / "static").mkdir()
        until(lambda: "static" in heard.names, "that it came")
        assert watched.watch(())
        assert not watched.watch(())
        heard.hears(site / "static" / "x.txt", "static/x.txt")

    def test_a_folder_outside_of_the_site(self, site, watched, heard, tmp_path_factory):
        theme = tmp_path_factory.mktemp("theme")
        link = theme.with_name(theme.name + "-link")
        link.symlink_to(theme)
        assert watched.watch([str(link)])
        assert not watched.watch([str(link)])
        heard.hears(link / "base.html", str(theme / "base.html"))
        watched.watch([])
        (theme / "other.html").write_text("x", "utf-8")
        heard.hears(site / FILE, FILE)
        assert str(theme / "other.html") not in heard.names

    def test_a_folder_that_goes_while_it_is_asked_for(self, site, watched, heard, monkeypatch):
        """It is no reason to look through all folders from then on."""
        isdir = os.path.isdir
        monkeypatch.setattr(os.path, "isdir", lambda name: True)
        watched.watch(())  # there is no static/
        monkeypatch.setattr(os.path, "isdir", isdir)
        assert not watched.polls
        heard.hears(site / FILE, FILE)


class TestNoMoreWatches:
    def test_none_at_all(self, site, heard, monkeypatch):
        limit(monkeypatch, 0)
        with closing(Watcher(site, heard.tell)) as one:
            assert one.polls
            heard.hears(site / FILE, FILE)
            heard.hears(site / "site.toml", "site.toml")

    def test_no_instance(self, site, heard, monkeypatch):
        def none() -> None:
            raise OSError(errno.EMFILE, "inotify instance limit reached")

        monkeypatch.setattr(watcher, "Observer", none)
        with closing(Watcher(site, heard.tell)) as one:
            assert one.polls
            heard.hears(site / FILE, FILE)

    @pytest.mark.parametrize("count", range(1, 10))
    def test_not_for_all_folders(self, site, heard, monkeypatch, count):
        """The library keeps silent about those within others."""
        limit(monkeypatch, count)
        with closing(Watcher(site, heard.tell)) as one:
            assert one.polls == (count < 9)
            heard.hears(site / FILE, FILE)
            theme = "themes/own/templates/base.html"
            heard.hears(site / theme, theme)

    def test_not_for_a_folder_that_comes_later(self, site, watched, heard, monkeypatch):
        limit(monkeypatch, 0)
        (site / "content" / "topics").mkdir()
        until(lambda: "content/topics" in heard.names, "that it came")
        assert watched.watch(())
        assert watched.polls
        heard.hears(site / "content/topics/x.md", "content/topics/x.md")

    def test_folders_that_come_while_one_looks(self, site, watched, monkeypatch, tmp_path_factory):
        """As in the midst of a long copy: they are watched a moment later."""
        elsewhere = tmp_path_factory.mktemp("elsewhere")
        for number in range(9):
            (elsewhere / str(number)).mkdir()
        coming = iter([3, 6, 9])
        walk = os.walk

        def growing(root: str) -> Iterator[Any]:
            yield from walk(root)
            if root.endswith("content"):
                names = [str(elsewhere / str(number)) for number in range(next(coming, 0))]
                yield from ((name, [], []) for name in names)

        monkeypatch.setattr(os, "walk", growing)
        assert watcher._all_watched(watched._watches)
        assert next(coming, None) is None

    def test_a_folder_that_may_not_be_read_is_not_missed(self, site, heard):
        (site / "content" / "secret").mkdir(mode=0)
        with closing(Watcher(site, heard.tell)) as one:
            assert not one.polls

    def test_a_folder_of_the_site_that_may_not_be_read(self, site, heard, monkeypatch):
        """It does not keep the others from being looked through, and may be read one day."""
        limit(monkeypatch, 0)
        monkeypatch.setattr(polling, "DirectorySnapshot", Refused)
        (site / "content").chmod(0)
        with closing(Watcher(site, heard.tell)) as one:
            assert one.polls
            assert not one.watch(())
            theme = "themes/own/templates/base.html"
            heard.hears(site / theme, theme)
            heard.names.clear()
            (site / "content").chmod(0o755)
            until(lambda: "content" in heard.names, "that it may be read")
            assert one.watch(())
            heard.hears(site / FILE, FILE)


# -- gathering -------------------------------------------------------------------------------------


class Selector(selectors.DefaultSelector):
    """Lets the time of its loop pass instead of waiting."""

    now = 0.0

    def select(self, timeout: float | None = None) -> Any:
        found = super().select(0)
        if not found:
            assert timeout is not None, "everybody waits, and nothing will happen"
            self.now += max(timeout, 0)
        return found


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Any]]:
    """Run something in a loop whose time passes only while nothing is to do."""
    selector = Selector()
    loop = asyncio.SelectorEventLoop(selector)
    started = time.time()
    monkeypatch.setattr(loop, "time", lambda: selector.now)
    clock = SimpleNamespace(
        monotonic=lambda: selector.now, time=lambda: started + selector.now
    )  # fmt: skip
    monkeypatch.setattr(watcher, "time", clock)

    def run(what: Coroutine[Any, Any, Any]) -> Any:
        return loop.run_until_complete(what)

    yield run
    loop.close()


NOTHING: tuple[float, Callable[[], Any]] = (0, int)


async def taken_up(
    root: Path,
    *told: tuple[float, str, bool],
    meanwhile: tuple[float, Callable[[], Any]] = NOTHING,
) -> tuple[float, list[str]]:
    """Tell of changes at their times; return when they were taken up, and which."""
    loop = asyncio.get_running_loop()
    changes = Changes(root)
    for when, name, settled in told:
        loop.call_at(when, changes.tell, name, settled)
    loop.call_at(meanwhile[0], meanwhile[1])
    names = await changes.gathered()
    return loop.time(), names


class TestPauses:
    @pytest.mark.parametrize(
        ("told", "when"),
        [
            ([(0, "a", True)], watcher.SETTLED),
            ([(0, "a", True), (0.01, "b", True)], 0.01 + watcher.SETTLED),
            ([(0, "a", False)], watcher.OPEN),
            ([(0, "a", False), (0.05, "a", True)], 0.05 + watcher.SETTLED),
            ([(0, "a", False), (0.05, "b", True)], 0.05 + watcher.OPEN),
            ([(0, str(number), True) for number in range(watcher.MANY)], watcher.SETTLED),
            ([(0, str(number), True) for number in range(watcher.MANY + 1)], watcher.STORM),
        ],
    )
    def test_how_long_is_waited(self, play, tmp_path, told, when):
        assert play(taken_up(tmp_path, *told))[0] == pytest.approx(when, abs=0.002)

    def test_a_storm_is_one(self, play, tmp_path):
        told = [(0.0, str(number), True) for number in range(6)]
        told += [(number / 10, str(number // 2), True) for number in range(1, 40)]
        when, names = play(taken_up(tmp_path, *told))
        assert when == pytest.approx(3.9 + watcher.STORM, abs=0.01)
        assert len(names) == len(set(names)) == 20

    def test_changes_without_end(self, play, tmp_path):
        told = [(number / 100, "a", False) for number in range(1000)]
        when, names = play(taken_up(tmp_path, *told))
        assert when == pytest.approx(watcher.LONGEST, abs=0.1)
        assert names == ["a"]

    def test_what_was_told_is_not_lost_when_the_waiting_is_broken_off(self, play, tmp_path):
        async def twice() -> list[str]:
            changes = Changes(tmp_path)
            changes.tell("a", False)
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(changes.gathered(), watcher.OPEN / 2)
            return await asyncio.wait_for(changes.gathered(), 1)

        assert play(twice()) == ["a"]

    def test_after_the_end(self, play, tmp_path):
        async def none() -> Changes:
            return Changes(tmp_path)

        changes = play(none())
        asyncio.new_event_loop().close()
        changes.tell("a", True)


class TestGit:
    """While git works, half of a branch stands there."""

    @pytest.fixture
    def lock(self, tmp_path: Path) -> Path:
        (tmp_path / ".git").mkdir()
        lock = tmp_path / ".git" / "index.lock"
        lock.touch()
        return lock

    @pytest.fixture
    def site(self, lock: Path, tmp_path: Path) -> Path:
        site = tmp_path / "deep" / "site"
        site.mkdir(parents=True)
        return site

    CHANGES = ((0, "a", True), (0.5, "b", True), (0.9, "c", True))

    def test_one_waits_for_its_end(self, play, site, lock):
        when, names = play(taken_up(site, *self.CHANGES, meanwhile=(1, lock.unlink)))
        assert 1 < when < 1.1
        assert names == ["a", "b", "c"]

    def test_a_worktree(self, play, site, lock, tmp_path):
        (site / ".git").write_text("gitdir: ../../.git\n", "utf-8")
        other = tmp_path / "deep" / ".git"
        other.mkdir()  # of another one
        assert play(taken_up(site, *self.CHANGES, meanwhile=(1, lock.unlink)))[0] > 1

    def test_a_crash_may_leave_it(self, play, site, lock):
        os.utime(lock, (0, time.time() - watcher.ABANDONED - 1))
        assert play(taken_up(site, *self.CHANGES))[1] == ["a"]

    def test_it_is_not_waited_for_without_end(self, play, site, lock):
        when, names = play(taken_up(site, *self.CHANGES))
        assert when == pytest.approx(watcher.ABANDONED, abs=0.1)
        assert names == ["a", "b", "c"]

    def test_a_checkout_of_many_files(self, play, site, lock):
        """Longer than one waits for anything else."""
        told = [(number / 100, str(number), True) for number in range(1500)]
        when, names = play(taken_up(site, *told, meanwhile=(15, lock.unlink)))
        assert when == pytest.approx(15, abs=0.3)
        assert len(names) == 1500

    def test_the_guard_matters(self, play, site, lock, monkeypatch):
        monkeypatch.setattr(Changes, "_git_works", lambda self: False)
        assert play(taken_up(site, *self.CHANGES))[1] == ["a"]
