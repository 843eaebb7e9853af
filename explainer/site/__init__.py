"""From single entries to a linked site: URLs, references, backlinks, timelines."""

from explainer.site.link import Linked, link
from explainer.site.site import Key, Site, TimelineEvent

__all__ = ["Key", "Linked", "Site", "TimelineEvent", "link"]
