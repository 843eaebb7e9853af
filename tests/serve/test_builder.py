"""The process that builds: what it tells of the theme, and what it keeps of memory."""

from __future__ import annotations

import ctypes
import gc
import platform
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from explainer.build import commit
from explainer.build.pipeline import Options
from explainer.build.run import Run
from explainer.serve import builder
from explainer.serve.builder import Builder, News
from explainer.theme.theme import built_in_themes


def test_a_theme_that_cannot_be_loaded_is_still_where_it_was(root):
    """Else nobody would watch the folders of ours that it extends until it is mended."""
    (root / "themes" / "gazette").rename(root / "aside")
    own = root / "themes" / "gazette"
    own.mkdir()
    (own / "theme.toml").write_text('name = "mine"\nextends = "gazette"\n', "utf-8")
    build = Builder(root, Options(preview=True, workers=1)).build
    folders = build().folders
    assert folders == (str(built_in_themes() / "gazette"),)
    (own / "theme.toml").write_text("name = [\n", "utf-8")
    report = build()
    assert not report.ok
    assert report.folders == folders


class TestNews:
    """Browsers are told of a new site before the store is: they need not wait for it."""

    @pytest.fixture
    def steps(self, monkeypatch: pytest.MonkeyPatch) -> list[object]:
        taken: list[object] = []
        save = Run._save

        def noted(run: Run, *arguments: Any) -> None:
            taken.append("saved")
            save(run, *arguments)

        monkeypatch.setattr(Run, "_save", noted)
        return taken

    def test_they_come_when_the_site_stands_and_before_the_store_is_written(self, root, steps):
        page = commit.preview_place(root.absolute()).target / "stories" / "index.html"
        builder = Builder(root, Options(preview=True, workers=1))
        builder.build()
        steps.clear()
        file = next((root / "content" / "stories").rglob("*.md"))
        file.write_text(re.sub("(?m)^title: .*", "title: Another one", file.read_text("utf-8")))

        def tell(news: News) -> None:
            steps.append(news)
            assert "Another one" in page.read_text("utf-8")

        report = builder.build(tell)
        (news, saved) = steps
        assert saved == "saved"
        assert isinstance(news, News)
        assert report.changed
        assert (news.changed, news.base_path) == (report.changed, report.base_path)
        assert news.problems == report.problems

    def test_nothing_is_told_of_a_build_that_changed_nothing_or_failed(self, root, steps):
        builder = Builder(root, Options(preview=True, workers=1))
        builder.build()
        steps.clear()
        assert builder.build(steps.append).changed == frozenset()
        (root / "content" / "stories" / "bad.md").write_text("no keys at all", "utf-8")
        assert not builder.build(steps.append).ok
        assert not any(isinstance(one, News) for one in steps)


class Line:
    """Asks so many times, and then hangs up; while `waits` says so, the next question is there."""

    def __init__(self, waits: list[bool]) -> None:
        self._waits = waits
        self._asked = 0

    def recv(self) -> object:
        self._asked += 1
        if self._asked > len(self._waits):
            raise EOFError
        return builder.About("index.html")

    def send(self, answer: Any) -> None:
        pass

    def poll(self) -> bool:
        return self._waits[self._asked - 1]


class TestTidying:
    @pytest.fixture
    def tidied(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
        calls: list[object] = []
        monkeypatch.setattr(builder, "_tidy", calls.append)
        monkeypatch.setattr(builder, "end_with_parent", lambda parent: None)
        monkeypatch.setattr(signal, "signal", lambda number, what: None)
        yield calls
        gc.enable()

    @pytest.mark.parametrize(
        ("waits", "times"),
        [
            ([False] * (builder._TIDY_AFTER - 1), 0),
            ([False] * builder._TIDY_AFTER, 1),
            ([False] * builder._TIDY_AFTER * 3, 3),
            ([True] * builder._TIDY_AFTER * 3, 0),
            ([True] * builder._TIDY_AFTER + [False] * 2, 1),
        ],
    )
    def test_it_is_done_now_and_then_while_nobody_waits(self, tmp_path, tidied, waits, times):
        builder.work(Line(waits), 0, tmp_path, Options())  # type: ignore[arg-type]
        assert len(tidied) == times

    @pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="of the GNU C library")
    def test_what_is_free_between_what_is_kept_goes_back_to_the_system(self):
        pieces: list[bytearray | None] = [bytearray(20_000) for _ in range(3000)]
        for number in range(len(pieces)):
            if number % 100:
                pieces[number] = None
        before = resident()
        builder._tidy(ctypes.CDLL(None))
        assert before - resident() > 30_000_000


def resident() -> int:
    """Return the bytes of memory that this process has."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * 4096
