"""What a build leaves to the next one, besides files and outputs: what all of them rested on."""

from __future__ import annotations

from datetime import datetime

import msgspec

from explainer.config import FILE_NAME, Config
from explainer.content.model import Value
from explainer.diagnostics import Diagnostic
from explainer.fingerprint import digest
from explainer.theme.theme import PICTURE

_NO_INPUT = ("workers", "output", "document")
"""Fields of the settings that no byte of the output depends on."""

_encode = msgspec.json.Encoder(order="deterministic", enc_hook=str).encode


class Ground(Value, frozen=True):
    """What all outputs rest on."""

    reading: str = ""
    """Digest of our code and the settings that reading an entry looks at."""

    config: str = ""
    """Digest of our code and all settings."""

    theme: str = ""
    """Digest of all files of the theme."""

    drafts: bool = False
    program: str = ""
    """Digest of our code and what it builds with, in itself."""

    settings: str = ""
    """Digest of the settings, in themselves."""


class State(Value, frozen=True, kw_only=True):
    """What the last build to an output folder rested on."""

    ground: Ground
    since: datetime
    """First moment at which the clock would have given the same site."""

    until: datetime
    """First moment at which it would not."""

    templates: dict[str, str]
    """Sort of page -> digest of all in the theme that may shape it."""

    theme_files: dict[str, str]
    """File of the theme -> digest."""

    assets: tuple[str, ...]
    """Names of the theme's assets with the hashes of their contents, sorted."""

    link_findings: tuple[Diagnostic, ...]
    """Warnings of linking."""

    read_findings: dict[str, tuple[Diagnostic, ...]]
    """File -> warnings of reading it."""

    made_findings: dict[str, tuple[Diagnostic, ...]]
    """Path of an output -> warnings of making it."""

    pages: int
    outputs: int
    shards: int
    """Parts in which the traces of shared facts are kept."""

    @property
    def names_settings(self) -> bool:
        """Whether linking has warned of a line of site.toml; a comment may have moved it since."""
        return any(one.span.path == FILE_NAME for one in self.link_findings)

    @property
    def draws(self) -> bool:
        """Whether the theme had social cards."""
        return PICTURE in self.templates

    @property
    def made_by_settings(self) -> frozenset[str]:
        """Outputs of which such a warning came: they have to be made again to know the line."""
        found = self.made_findings.items()
        return frozenset(
            path for path, warnings in found if any(one.span.path == FILE_NAME for one in warnings)
        )

    def covers(self, now: datetime) -> bool:
        """Tell whether the clock still gives the same site."""
        return self.since <= now < self.until


def ground_of(config: Config, environment: str, theme: str, *, drafts: bool) -> Ground:
    """Return what outputs rest on under some settings."""
    reading = (
        config.sections, config.language, config.timezone, config.mentions, config.search
    )  # fmt: skip
    fields = {
        name: getattr(config, name) for name in Config.__dataclass_fields__ if name not in _NO_INPUT
    }
    return Ground(
        reading=digest(environment, _encode(reading)),
        config=digest(environment, _encode(fields)),
        theme=theme,
        drafts=drafts,
        program=environment,
        settings=digest(_encode(fields)),
    )
