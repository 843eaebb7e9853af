"""What a build is made from, as it is now: settings, content, theme, our own code."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from explainer.build.snapshot import Digests, Looked, Snapshot, look
from explainer.build.state import Ground, ground_of
from explainer.config import Config
from explainer.content.reader import Sources, Stamp, sorted_out, walk
from explainer.diagnostics import Findings, Span
from explainer.fingerprint import digest
from explainer.theme.theme import Theme, load_theme

if TYPE_CHECKING:
    from explainer.build.memory import Memory


@dataclass
class Inputs:
    """Everything that a site depends on."""

    stamps: Mapping[str, Stamp]
    snapshot: Snapshot
    """Files of content/ and static/."""

    config: Config
    """The settings, without what the theme has no templates for."""

    changed: frozenset[str]
    """Those of them that are not what they were at the last build, or are gone."""

    theme: Theme | None
    """None where it cannot be used."""

    theme_files: dict[str, str]
    ground: Ground
    findings: Findings
    """Takes what is found of the sources when they are asked for."""

    read: Digests = field(default_factory=dict)
    """Digests of what was read, of the files that were read."""

    @cached_property
    def sources(self) -> Sources:
        """What each file is; not asked for where all of them are what they were."""
        found = sorted_out(self.stamps, Findings())
        self.findings.extend(found.diagnostics)
        return found

    def digest_of(self, path: str) -> bytes:
        """Return the digest of a file; of one that was read, of what was read."""
        found = self.read.get(path) or self.snapshot.digest_of(path)
        if found is None:
            raise KeyError(path)
        return found

    def as_read(self) -> Snapshot:
        """Return the files with the digests of what was read."""
        return self.snapshot.holding(self.read)


def look_around(
    root: Path,
    config: Config,
    before: Snapshot,
    findings: Findings,
    *,
    drafts: bool,
    environment: str,
    memory: Memory | None = None,
) -> Inputs:
    """Find out what a site is made of, and report what of it cannot be used.

    `environment` is the digest of our own code.
    """
    now_ns = time.time_ns()
    looked = memory.look_again(root, now_ns) if memory is not None else None
    if looked is None:
        looked, is_plain = _look(root, before, findings, now_ns)
        if memory is not None and is_plain:
            memory.take_look(looked)
    stamps, snapshot = looked.stamps, looked.snapshot
    changed = snapshot.changed_since(before)
    # A setting that the theme does not know is an error of its own; errors of other parts must
    # not keep the theme from being looked at.
    theme_findings = Findings()
    theme = load_theme(root, config, theme_findings)
    findings.extend(theme_findings)
    if theme is not None and not theme.searches:
        config = replace(config, search=False)
    files = {name: digest(content) for name, content in theme.contents().items()} if theme else {}
    # The settings were read before; should theme.toml have been saved since, they are older.
    settings = repr(sorted(theme.settings.items())) if theme else ""
    theme_digest = digest(settings, *(part for item in sorted(files.items()) for part in item))
    ground = ground_of(config, environment, theme_digest, drafts=drafts)
    found = Inputs(stamps, snapshot, config, changed, theme, files, ground, findings)
    if snapshot.paths != before.paths:
        found.sources  # noqa: B018 - files in wrong places are reported now
    return found


def _look(root: Path, before: Snapshot, findings: Findings, now_ns: int) -> tuple[Looked, bool]:
    """Look at all sources; tell as well whether they are plain files without any fault.

    A link becomes another file where nobody looks.
    """
    links: list[str] = []
    found = Findings()
    stamps = walk(root, found, links)
    snapshot, failed = look(root, stamps, before, now_ns)
    for path, error in failed:
        found.add("E105", Span(path), f"cannot read the file: {error.strerror}")
    findings.extend(found)
    return Looked(stamps, snapshot), not links and not len(found)
