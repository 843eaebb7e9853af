"""From single entries to a linked site: URLs, references, backlinks, timelines."""

from explainer.site.link import Linked, link
from explainer.site.links import Key, Links, Lists, Site

__all__ = ["Key", "Linked", "Links", "Lists", "Site", "link"]
