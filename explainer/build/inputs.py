"""What a build is made from, as it is now: settings, content, theme, our own code."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from explainer.build.environment import environment
from explainer.build.snapshot import Digests, Snapshot, look
from explainer.build.state import Ground, ground_of
from explainer.config import Config
from explainer.content.reader import Sources, scan
from explainer.diagnostics import Findings, Span
from explainer.fingerprint import digest
from explainer.theme.theme import Theme, load_theme


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything that a site depends on."""

    sources: Sources
    snapshot: Snapshot
    """Files of content/ and static/."""

    digests: Digests
    """Digest of each of them; of those that were read, of what was read."""

    same_files: bool
    """Whether all of them are what they were at the last build."""

    theme: Theme | None
    """None where it cannot be used."""

    theme_files: dict[str, str]
    ground: Ground

    def as_read(self) -> Snapshot:
        """Return the files with the digests of what was read."""
        return self.snapshot.holding(self.digests)


def look_around(
    root: Path, config: Config, before: Snapshot, findings: Findings, *, drafts: bool
) -> Inputs:
    """Find out what a site is made of, and report what of it cannot be used."""
    now_ns = time.time_ns()
    sources = scan(root)
    findings.extend(sources.diagnostics)
    snapshot, digests, failed = look(root, sources.stamps, before, now_ns)
    for path, error in failed:
        findings.add("E105", Span(path), f"cannot read the file: {error.strerror}")
    # A setting that the theme does not know is an error of its own; errors of other parts must
    # not keep the theme from being looked at.
    theme_findings = Findings()
    theme = load_theme(root, config, theme_findings)
    findings.extend(theme_findings)
    files = {name: digest(content) for name, content in theme.contents().items()} if theme else {}
    theme_digest = digest(*(part for item in sorted(files.items()) for part in item))
    ground = ground_of(config, environment(config.timezone), theme_digest, drafts=drafts)
    return Inputs(
        sources,
        snapshot,
        snapshot.known() if digests is None else digests,
        digests is None,
        theme,
        files,
        ground,
    )
