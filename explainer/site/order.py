"""Orders of entries that several parts of linking share."""

from __future__ import annotations

from explainer.content.record import Outline
from explainer.site.links import Key


def key_of(outline: Outline) -> Key:
    """Return the key of an entry."""
    return (outline.id.kind, outline.id.slug)


def newest_first(outline: Outline) -> tuple[float, str]:
    """Order entries by date, newest first; those without one last, then by slug."""
    date = outline.date
    return (-date.instant.timestamp() if date is not None else float("inf"), outline.id.slug)
