"""Reading entries: those that changed are parsed, the others are remembered."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from explainer.build.store import Read
from explainer.build.workers import Shared
from explainer.config import Config
from explainer.content.model import Value
from explainer.content.reader import SourceFile
from explainer.content.record import Record
from explainer.diagnostics import Findings, Span
from explainer.fingerprint import digest_bytes


@dataclass(frozen=True, slots=True)
class Desk:
    """What reading needs."""

    root: Path
    config: Config
    ground: str
    """Digest of our code and the settings that reading looks at."""


class Finished(Value, frozen=True):
    """A file that was read."""

    path: str
    digest: bytes
    """Digest of the bytes that were read."""

    read: Read


def read_key(ground: str, digest: bytes) -> bytes:
    """Return the key of what a file is read as."""
    return digest_bytes(ground.encode() + digest)


def read_batch(shared: Shared[Desk], sources: Sequence[SourceFile]) -> list[Finished]:
    """Read some entries."""
    from explainer.content.fields import Reading

    desk = shared.get()
    config = desk.config
    reading = Reading(config.sections, config.language, config.zone, config.mentions)
    return [_read(desk, source, reading) for source in sources]


def _read(desk: Desk, source: SourceFile, reading: object) -> Finished:
    from explainer.content.record import record
    from explainer.content.schema import Parsed, parse

    try:
        with open(os.path.join(desk.root, source.path), "rb", buffering=0) as file:
            data = file.read()
    except OSError as error:
        reason = error.strerror or "unknown reason"
        findings = Findings()
        findings.add("E105", Span(source.path), f"cannot read the file: {reason}")
        nothing = record(Parsed(source, None, tuple(findings)))
        return Finished(source.path, b"", Read(b"", nothing))
    found = digest_bytes(data)
    parsed = parse(source, data, reading)  # type: ignore[arg-type]
    one = record(parsed, searched=desk.config.search)
    return Finished(source.path, found, Read(read_key(desk.ground, found), one))


NOTHING = Read(b"", Record())
"""What a file was read as that was not there."""
