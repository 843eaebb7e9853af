"""The one reading of the clock: every "now" of a run is this moment."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import click

EPOCH = "SOURCE_DATE_EPOCH"
"""Environment variable of reproducible builds: seconds since 1970."""


def parse_now(ctx: click.Context, param: click.Parameter, value: str | None) -> datetime | None:
    """Read `--now`: a date, or a date and time, in ISO 8601; UTC where no zone is written."""
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        from explainer.diagnostics.excerpt import visible

        raise click.BadParameter(
            f'"{visible(value)}" is not a date: write 2026-01-15 or 2026-01-15T12:00:00Z'
        ) from None


def read_clock(now: datetime | None) -> datetime:
    """Return the moment of this run: `--now`, SOURCE_DATE_EPOCH, or what the clock says."""
    if now is not None:
        return now
    if epoch := os.environ.get(EPOCH):
        try:
            return datetime.fromtimestamp(int(epoch), UTC)
        except (ValueError, OverflowError, OSError):
            from explainer.diagnostics.excerpt import visible

            raise click.UsageError(
                f"The environment variable {EPOCH} must be whole seconds since 1970, "
                f'not "{visible(epoch)}".'
            ) from None
    return datetime.now(UTC).replace(microsecond=0)
