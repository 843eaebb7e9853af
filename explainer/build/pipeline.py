"""The whole build on one screen: scan, parse, link, plan, render, commit."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from explainer.build import commit
from explainer.config import Config, load_config, parse_base_url
from explainer.content.fields import Reading
from explainer.content.reader import Sources, scan
from explainer.content.schema import Parsed, parse
from explainer.diagnostics import Diagnostic, Findings, Severity, Span
from explainer.outputs.builder import ViewBuilder
from explainer.outputs.output import Making, Output
from explainer.outputs.plan import plan
from explainer.site import Site, link
from explainer.theme.assets import Assets, read_assets
from explainer.theme.locales import read_strings
from explainer.theme.templates import TemplateFault, Templates
from explainer.theme.theme import load_theme

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of a run."""

    diagnostics: tuple[Diagnostic, ...]
    pages: int = 0
    files: int = 0
    output: str = ""
    """The published folder as it was named."""

    @property
    def ok(self) -> bool:
        """Whether there is no error."""
        return not any(one.severity is Severity.ERROR for one in self.diagnostics)


@dataclass(frozen=True, slots=True)
class _Ready:
    """A site that can be rendered."""

    config: Config
    site: Site
    assets: Assets
    templates: Templates


def _quiet(stage: str, done: int, total: int) -> None:
    """Tell no one."""


def check(root: Path, options: Options) -> Result:
    """Find everything that is wrong with the site at `root`; write nothing."""
    findings = Findings()
    pages = 0
    ready = _prepare(root, options, findings, _quiet)
    if ready is not None and not findings.has_errors:
        outputs = plan(ready.site, root, ready.assets)
        _render(outputs, ready, findings, _quiet)
        pages = sum(output.is_page for output in outputs)
    return Result(diagnostics=_judged(findings, options), pages=pages)


def build(root: Path, options: Options, progress: Progress = _quiet) -> Result:
    """Build the site at `root` and publish it whole; with any error nothing is touched."""
    findings = Findings()
    ready = _prepare(root, options, findings, progress)
    if ready is None or _has_errors(findings, options):
        return Result(diagnostics=_judged(findings, options))
    outputs = plan(ready.site, root, ready.assets)
    tree = _render(outputs, ready, findings, progress)
    shown = options.output or ready.config.output
    if not _has_errors(findings, options):
        target = output_folder(root, ready.config, options)
        commit.publish(root, target, tree, shown, findings, progress)
    pages = sum(output.is_page for output in outputs)
    return Result(
        diagnostics=_judged(findings, options), pages=pages, files=len(outputs), output=shown
    )


def clean(root: Path, options: Options) -> tuple[str, ...]:
    """Remove the published folder, if we made it, and the cache; return what was removed."""
    config, _ = load_config(root)
    name = options.output or (config.output if config is not None else "public")
    target = Path(options.output) if options.output else root / name
    return commit.remove(root, target, name)


def output_folder(root: Path, config: Config, options: Options) -> Path:
    """Return the folder to publish."""
    return Path(options.output).absolute() if options.output else root.absolute() / config.output


def _prepare(root: Path, options: Options, findings: Findings, progress: Progress) -> _Ready | None:
    """Read and link everything that pages are made from; None where that cannot be done."""
    config, diagnostics = load_config(root)
    findings.extend(diagnostics)
    if config is None:
        return None
    config = _with_base_url(config, options, findings)
    sources = scan(root)
    findings.extend(sources.diagnostics)
    parsed = list(_parse(root, sources, config, findings, progress))
    for one in parsed:
        findings.extend(one.diagnostics)
    theme_findings = Findings()
    templates, assets = _theme(root, config, theme_findings)
    findings.extend(theme_findings)
    entries = [one.entry for one in parsed if one.entry is not None]
    progress("link", 0, 1)
    now = options.now or datetime.now(UTC)
    linked = link(entries, sources, config, now, drafts=options.drafts)
    findings.extend(linked.diagnostics)
    if findings.has_errors or linked.site is None or templates is None or assets is None:
        return None
    return _Ready(config, linked.site, assets, templates(linked.site))


def _with_base_url(config: Config, options: Options, findings: Findings) -> Config:
    if options.base_url is None:
        return config
    parsed = parse_base_url(options.base_url)
    if parsed is None:
        message = f'"{options.base_url}" is not the address of a site'
        findings.add("E605", Span("site.toml"), f"--base-url {message}")
        return config
    return replace(config, base_url=parsed, own_url=config.base_url)


def _parse(
    root: Path, sources: Sources, config: Config, findings: Findings, progress: Progress
) -> Iterable[Parsed]:
    reading = Reading(config.sections, config.language, config.zone, config.mentions)
    total = len(sources.entries)
    for number, source in enumerate(sources.entries):
        progress("read", number, total)
        try:
            data = (root / source.path).read_bytes()
        except OSError as error:
            reason = error.strerror or "unknown reason"
            findings.add("E105", Span(source.path), f"cannot read the file: {reason}")
            continue
        yield parse(source, data, reading)


def _theme(
    root: Path, config: Config, findings: Findings
) -> tuple[Callable[[Site], Templates] | None, Assets | None]:
    """Read the theme; returns what makes its templates once the site is there."""
    theme = load_theme(root, config, findings)
    if theme is None:
        return None, None
    assets = read_assets(theme, findings)
    strings = read_strings(theme, config.language, findings)

    def templates(site: Site) -> Templates:
        return Templates(theme, assets, strings, site.href, site.full)

    Templates(theme, assets, strings, str, str).check(findings)
    return (None, None) if findings.has_errors else (templates, assets)


def _render(
    outputs: tuple[Output, ...], ready: _Ready, findings: Findings, progress: Progress
) -> dict[str, bytes]:
    """Return the content of every output; a template that fails is reported once."""
    making = Making(ViewBuilder(ready.site), ready.templates)
    tree = {}
    for number, output in enumerate(outputs):
        progress("render", number, len(outputs))
        try:
            tree[output.path] = output.render(making)
        except TemplateFault as fault:
            findings.extend([fault.diagnostic])
        except OSError as error:
            path = os.path.relpath(error.filename or output.path)
            findings.add("E105", Span(path), f"cannot read the file: {error.strerror}")
    return tree


def _has_errors(findings: Findings, options: Options) -> bool:
    return findings.has_errors or (options.strict and len(findings) > 0)


def _judged(findings: Findings, options: Options) -> tuple[Diagnostic, ...]:
    """Return the findings in order; with `strict` as errors all."""
    if not options.strict:
        return tuple(findings)
    return tuple(
        Diagnostic(one.code, one.span, one.message, one.hints, Severity.ERROR) for one in findings
    )
