"""Looking at pictures: those that are new are opened once, the others are remembered."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TypedDict

import msgspec

from explainer.build.workers import Shared
from explainer.content.model import Value
from explainer.pictures.seen import Seen


class _Portion(TypedDict):
    batch: int
    worth_it: int


LOOKING: _Portion = {"batch": 8, "worth_it": 8}
"""Pictures that one task looks at, and from how many on further processes help."""

MAKING: _Portion = {"batch": 11, "worth_it": 4}
"""Pictures that one task makes: all sizes of one file, so that it is mostly decoded once."""


class Gallery(Value, frozen=True):
    """What is remembered of pictures."""

    program: str = ""
    """Digest of our code and what it builds with, under which they were looked at."""

    seen: dict[bytes, Seen] = msgspec.field(default_factory=dict)
    """Digest of a file -> what was seen in it."""


def look_batch(shared: Shared[Path], paths: Sequence[str]) -> list[Seen]:
    """Look at some files."""
    from explainer.pictures.look import look_at
    from explainer.pictures.seen import fault

    found = []
    for path in paths:
        try:
            found.append(look_at(os.path.join(shared.get(), path)))
        except OSError as error:
            found.append(fault("E105", f"cannot be read: {error.strerror}"))
    return found
