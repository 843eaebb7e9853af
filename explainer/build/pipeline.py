"""The whole build on one screen: scan, read, link, plan, make what is stale, publish."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from explainer.build import commit, store
from explainer.build.store import StoreDamaged
from explainer.build.workers import WorkerLost
from explainer.config import Config, load_config, parse_base_url
from explainer.diagnostics import Diagnostic, Findings, Severity, Span

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from explainer.build.memory import Memory

Progress = Callable[[str, int, int], None]
"""Told the stage, how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a caller may ask of a build."""

    output: str | None = None
    """Folder to publish, relative to the working directory; else that of site.toml."""

    base_url: str | None = None
    """Takes the place of site.toml's."""

    drafts: bool = False
    now: datetime | None = None
    """The build clock; aware. Embargoes and expiry are held against it. None reads the clock."""

    strict: bool = False
    """Whether warnings count as errors."""

    workers: int | None = None
    """Processes that read and render; None takes site.toml's number, 0 one for each core."""

    preview: bool = False
    """For live preview: into a tree of its own in .explainer/, with assets under their own names,
    so that another style sheet does not make other pages, and without social cards, which nobody
    looks at there."""

    executor: Callable[[int], Executor] | None = None
    """Makes what runs the tasks of many files or pages; None takes processes of our own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of a run."""

    diagnostics: tuple[Diagnostic, ...]
    pages: int = 0
    files: int = 0
    output: str = ""
    """The published folder as it was named."""

    rendered: int = 0
    """Outputs that were made."""

    reused: int = 0
    """Outputs that were left as they are, because nothing that they show has changed."""

    deleted: int = 0
    """Outputs of the last build that are no more."""

    changed: frozenset[str] = frozenset()
    """Paths of the outputs whose bytes are others than before, or that are no more."""

    read: frozenset[str] = frozenset()
    """Files of content/ that were read anew, and those that are no more."""

    until: datetime | None = None
    """First moment at which the clock alone would give another site; None after an error."""

    @property
    def ok(self) -> bool:
        """Whether there is no error."""
        return not any(one.severity is Severity.ERROR for one in self.diagnostics)


Announce = Callable[[Result], None]
"""Told of a site that stands: what came of the build, as far as it is known by then."""


_INDEXED_TOGETHER = 100
"""Entries of a part of the search's index in a preview: small parts are made quickly, and many are
no burden where there is no network between."""


def quiet(stage: str, done: int, total: int) -> None:
    """Tell no one."""


def unheard(result: Result) -> None:
    """Tell no one that the new site stands."""


def check(root: Path, options: Options) -> Result:
    """Find everything that is wrong with the site at `root`; write nothing."""
    from explainer.build.run import Run

    findings = Findings()
    config = configured(root, options, findings)
    result = Result(diagnostics=())
    if config is not None:
        target = output_folder(root, config, options)
        place = commit.place(root.absolute(), target, options.output or config.output)
        try:
            result = Run(root, options, config, place, findings, quiet).check()
        except StoreDamaged:
            findings = Findings()
            configured(root, options, findings)
            run = Run(root, options, config, place, findings, quiet)
            result = run.check(with_store=False)
        except WorkerLost:
            _lost_worker(options.output or config.output, findings)
    return replace(result, diagnostics=judged(findings, options))


def build(
    root: Path,
    options: Options,
    progress: Progress = quiet,
    memory: Memory | None = None,
    announce: Announce = unheard,
) -> Result:
    """Build the site at `root` and publish it whole; with any error nothing is touched.

    A process that builds the same site again and again hands over the same `memory`. `announce` is
    called as soon as the new site stands, before the next build is made easier: only warnings may
    be added to what it is told.
    """
    findings = Findings()
    config = configured(root, options, findings)
    result = Result(diagnostics=())
    if config is not None:
        shown = options.output or config.output
        target = output_folder(root, config, options)
        try:
            if options.preview:
                place = commit.preview_place(root.absolute())
                shown = place.shown
                place.home.mkdir(parents=True, exist_ok=True)
            else:
                commit.check_target(root, target, shown, findings)
                place = commit.place(root.absolute(), target, shown)
            with commit.hold(place, findings):
                told = _judging(announce, findings, options)
                result = _build(root, options, config, place, findings, progress, memory, told)
        except commit.Refused:
            pass
        except WorkerLost:
            _lost_worker(shown, findings)
        except (OSError, StoreDamaged) as error:
            reason = getattr(error, "strerror", None) or str(error)
            findings.add("E802", Span(shown), f"cannot write the site: {reason}",
                         "the site that stood there stands untouched")  # fmt: skip
    return replace(result, diagnostics=judged(findings, options))


def _judging(announce: Announce, findings: Findings, options: Options) -> Announce:
    return lambda result: announce(replace(result, diagnostics=judged(findings, options)))


def _lost_worker(shown: str, findings: Findings) -> None:
    message = "a process that shared the work was killed, maybe for want of memory"
    findings.add("E802", Span(shown), message,
                 "the site that stood there stands untouched; --workers 1 takes less")  # fmt: skip


def _build(
    root: Path,
    options: Options,
    config: Config,
    place: commit.Place,
    findings: Findings,
    progress: Progress,
    memory: Memory | None,
    announce: Announce,
) -> Result:
    """Build; a store that cannot be relied on is thrown away, and the work begun anew."""
    from explainer.build.run import Run

    commit.recover(place)
    place, passing = _with_home(place)
    try:
        try:
            return Run(root, options, config, place, findings, progress, memory, announce).build()
        except StoreDamaged:
            store.discard(place.home)
        findings.clear()
        configured(root, options, findings)
        return Run(root, options, config, place, findings, progress, memory, announce).build()
    finally:
        if passing:
            for folder in (place.home, place.hidden, place.twin):
                shutil.rmtree(folder, ignore_errors=True)


def _with_home(place: commit.Place) -> tuple[commit.Place, bool]:
    """Make the folder of the store; where that cannot be, a passing one stands in for it."""
    try:
        place.home.mkdir(parents=True, exist_ok=True)
    except OSError:
        import tempfile

        home = Path(tempfile.mkdtemp(prefix="explainer-"))
        hidden = place.target.with_name(f".{place.target.name}.next")
        return replace(place, home=home, hidden=hidden), True
    return place, False


def clean(root: Path, options: Options) -> tuple[str, ...]:
    """Remove the published folder, if we made it, and the cache; return what was removed."""
    config, _ = load_config(root)
    name = options.output or (config.output if config is not None else "public")
    target = Path(options.output) if options.output else root / name
    return commit.remove(root, commit.place(root.absolute(), target.absolute(), name))


def output_folder(root: Path, config: Config, options: Options) -> Path:
    """Return the folder to publish."""
    return Path(os.path.abspath(options.output or root / config.output))


def configured(root: Path, options: Options, findings: Findings) -> Config | None:
    """Read the settings of a site; None where they cannot be used."""
    config, diagnostics = load_config(root)
    findings.extend(diagnostics)
    if config is not None and options.preview:
        config = replace(config, cards=False, search_together=_INDEXED_TOGETHER)
    if config is None or options.base_url is None:
        return config
    parsed = parse_base_url(options.base_url)
    if parsed is None:
        message = f'"{options.base_url}" is not the address of a site'
        findings.add("E605", Span("site.toml"), f"--base-url {message}")
        return config
    return replace(config, base_url=parsed, own_url=config.base_url)


def clock(options: Options) -> datetime:
    """Return the one reading of the clock."""
    return options.now or datetime.fromtimestamp(int(time.time()), UTC)


def judged(findings: Findings, options: Options) -> tuple[Diagnostic, ...]:
    """Return the findings in order; with `strict` as errors all, but for those of this machine."""
    if not options.strict:
        return tuple(findings)
    return tuple(
        one if one.code == "W804"
        else Diagnostic(one.code, one.span, one.message, one.hints, Severity.ERROR)
        for one in findings
    )  # fmt: skip
