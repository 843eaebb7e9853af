"""Which entries are part of the site now: drafts and embargoed ones are not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import Enum

from explainer.content.record import Outline


class Status(Enum):
    """What an entry is at the time of the build."""

    PUBLISHED = "published"
    EXPIRED = "expired"
    """Has a page, but no list shows it."""

    EMBARGOED = "embargoed"
    DRAFT = "draft"

    @property
    def has_page(self) -> bool:
        """Whether the entry is in the output."""
        return self in (Status.PUBLISHED, Status.EXPIRED)


def status(entry: Outline, now: datetime, *, drafts: bool) -> Status:
    """Return what an entry is; `drafts` brings drafts in."""
    if entry.draft and not drafts:
        return Status.DRAFT
    if entry.publish_at is not None and entry.publish_at.instant > now:
        return Status.EMBARGOED
    if entry.expires is not None and entry.expires.instant <= now:
        return Status.EXPIRED
    return Status.PUBLISHED


def appears_before(one: Outline, other: Outline) -> bool:
    """Tell whether an entry will be seen at a time when `other` is not."""
    if one.draft:
        return False
    if other.draft:
        return True
    if other.publish_at is None:
        return False
    return one.publish_at is None or one.publish_at.instant < other.publish_at.instant


def constant_between(outlines: Iterable[Outline], now: datetime) -> tuple[datetime, datetime]:
    """Return the first moment at which every entry is what it is now, and the first at which
    some entry is not any more."""
    moments = [
        moment.instant
        for outline in outlines
        for moment in (outline.publish_at, outline.expires)
        if moment is not None
    ]
    earliest, latest = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    since = max((moment for moment in moments if moment <= now), default=earliest)
    until = min((moment for moment in moments if moment > now), default=latest)
    return since, until
