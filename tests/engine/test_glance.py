"""Another process asks the system about the outputs: it gives the same answers, or none."""

import fcntl
import os
import signal
import termios
import time
from array import array
from pathlib import Path

import pytest

from explainer.build import commit, glance
from explainer.build.glance import Glance
from explainer.build.store import Store
from explainer.build.tree import Tree
from tests.building import SiteFolder

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SiteFolder:
    monkeypatch.setattr(glance, "WORTH_IT", 1)
    folder = SiteFolder(tmp_path / "site").story("a").story("b")
    assert folder.build(workers=1).ok
    return folder


def looking(site: SiteFolder, *, apart: bool) -> Glance:
    place = commit.place(site.root, site.output, "public")
    store = Store(place.home, read_only=True)
    tree = store.part("tree", Tree)
    store.close()
    assert tree is not None
    return Glance(place, tree, apart=apart)


def answers(one: Glance) -> list[list[int]]:
    return [list(found) for found in (one.published(), one.hidden(), one.folders())]


def test_the_other_process_gives_the_same_answers(site: SiteFolder) -> None:
    here, apart = looking(site, apart=False), looking(site, apart=True)
    assert here._pid < 0 < apart._pid
    pid = apart._pid
    assert answers(here) == answers(apart)
    apart.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_what_is_asked_for_last_may_be_asked_for_first(site: SiteFolder) -> None:
    apart = looking(site, apart=True)
    assert list(apart.folders()) == answers(looking(site, apart=False))[2]
    assert list(apart.published()) == answers(looking(site, apart=False))[0]
    apart.close()


def test_a_process_that_is_killed_is_done_without(
    site: SiteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent = os.getpid()
    look = Glance._look

    def slow(self: Glance, number: int) -> object:
        if os.getpid() != parent:
            time.sleep(60)
        return look(self, number)

    monkeypatch.setattr(Glance, "_look", slow)
    apart = looking(site, apart=True)
    os.kill(apart._pid, signal.SIGKILL)
    assert answers(apart) == answers(looking(site, apart=False))
    apart.close()


def test_a_process_that_nobody_asks_any_more_ends(
    site: SiteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be in the midst of its work then."""
    look = Glance._look

    def slow(self: Glance, number: int) -> object:
        if number:
            time.sleep(60)
        return look(self, number)

    monkeypatch.setattr(Glance, "_look", slow)
    apart = looking(site, apart=True)
    started = time.monotonic()
    assert len(apart.published()) > 0
    apart.close()
    assert time.monotonic() - started < 30


def test_it_does_not_wait_to_be_asked(site: SiteFolder) -> None:
    """Its answers are many times what a pipe holds, and all are there when they are asked for."""
    stories = [f"content/stories/{number:04}.md" for number in range(1_000)]
    text = (site.root / "content/stories/a.md").read_text("utf-8")
    for path in stories:
        site.write(path, text.replace("slug: a\n", ""))
    assert site.build(workers=1).ok
    expected = answers(looking(site, apart=False))
    assert sum(map(len, expected)) * 8 > 65_536
    apart = looking(site, apart=True)
    told = array("i", [0])
    end = time.monotonic() + 30
    while told[0] < 2 and time.monotonic() < end:  # two of its three answers, unasked
        fcntl.ioctl(apart._pipe, termios.FIONREAD, told)
    assert told[0] == 2
    assert answers(apart) == expected
    apart.close()


def test_a_build_that_ends_early_leaves_no_process(
    site: SiteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin, begun = Glance._begin, []

    def noted(self: Glance) -> None:
        begin(self)
        begun.append(self._pid)

    monkeypatch.setattr(Glance, "_begin", noted)
    site.write("content/stories/a.md", "nothing")
    assert not site.build(workers=2).ok
    (pid,) = begun
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.mark.parametrize("workers", [1, 2])
def test_builds_are_the_same_with_it(site: SiteFolder, workers: int) -> None:
    (site.output / "stories/a/index.html").write_text("harmed")
    (site.output / "own.txt").write_text("of others")
    tree = site.story("b", title="New").built(workers=workers)
    assert b"harmed" not in tree["stories/a/index.html"]
    assert b"New" in tree["stories/b/index.html"]
    assert tree["own.txt"] == b"of others"
    assert site.build(workers=workers).result.rendered == 0
