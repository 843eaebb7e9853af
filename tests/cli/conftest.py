"""Calls the command line in this process, with an engine that only notes what it is asked."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import explainer.build.pipeline as pipeline
from explainer.cli.program import main
from explainer.diagnostics import Diagnostic, Severity, Span

Run = Callable[..., Result]

ERROR = Diagnostic("E201", Span("site.toml", 2, 1, 6), 'unknown "x"', ('did you mean "y"?',))
WARNING = Diagnostic("W204", Span("site.toml", 1, 1), "expired", severity=Severity.WARNING)


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away what the machine that runs the tests says of colours, clocks and the like."""
    names = ("NO_COLOR", "FORCE_COLOR", "CI", "SOURCE_DATE_EPOCH", "EXPLAINER_DEBUG", "TERM")
    for name in names:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def run() -> Run:
    """Call `explainer` with arguments; gives its exit code, stdout and stderr."""

    def call(*args: str | Path) -> Result:
        return CliRunner().invoke(main, [str(arg) for arg in args])

    return call


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder."""
    place = tmp_path / "work"
    place.mkdir()
    monkeypatch.chdir(place)
    return place


@dataclass
class FakeEngine:
    """Stands for the engine: notes each call and answers as a test wants it."""

    diagnostics: tuple[Diagnostic, ...] = ()
    pages: int = 27
    output: str = "public"
    removed: tuple[str, ...] = ()
    calls: list[tuple[str, Path, pipeline.Options]] = field(default_factory=list)
    raises: BaseException | None = None

    @property
    def options(self) -> pipeline.Options:
        """Options of the only call."""
        ((_, _, options),) = self.calls
        return options

    def build(self, root: Path, options: pipeline.Options, progress: Any) -> pipeline.Result:
        progress("render", 0, 2)
        progress("render", 1, 2)
        progress("write", 0, 5)
        return self._answer("build", root, options)

    def check(self, root: Path, options: pipeline.Options) -> pipeline.Result:
        return self._answer("check", root, options)

    def clean(self, root: Path, options: pipeline.Options) -> tuple[str, ...]:
        self._answer("clean", root, options)
        return self.removed

    def _answer(self, name: str, root: Path, options: pipeline.Options) -> pipeline.Result:
        self.calls.append((name, root, options))
        if self.raises is not None:
            raise self.raises
        return pipeline.Result(
            diagnostics=self.diagnostics,
            pages=self.pages,
            files=60,
            output=self.output,
            rendered=3,
            reused=27,
            deleted=1,
        )


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch, folder: Path) -> FakeEngine:
    """A fake engine, and a folder that looks like a site."""
    (folder / "site.toml").write_text("[site]\ntitle = 1\n")
    fake = FakeEngine()
    for name in ("build", "check", "clean"):
        monkeypatch.setattr(pipeline, name, getattr(fake, name))
    return fake
