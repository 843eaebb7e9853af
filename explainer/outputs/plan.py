"""All outputs of a site. A new sort of output is a new module and a line or two here."""

from __future__ import annotations

from collections.abc import Mapping

from explainer.config import Config
from explainer.outputs import (
    atom,
    entry_pages,
    feed,
    files,
    index_pages,
    json_feed,
    pictures,
    redirects,
    search,
    sitemap,
    social_cards,
    topic_summaries,
)
from explainer.outputs.output import Output, Render
from explainer.site.links import Site

SORTS: dict[str, Render] = {
    "entry": entry_pages.render,
    "index": index_pages.render,
    "atom": atom.render,
    "json": json_feed.render,
    "search": search.render,
    "search terms": search.render_terms,
    "search entries": search.render_entries,
    "summaries": topic_summaries.render,
    "sitemap": sitemap.render,
    "robots": sitemap.render_robots,
    "card": social_cards.render,
    "redirect": redirects.render,
    "file": files.render,
    "picture": pictures.render,
    "asset": files.render_asset,
}
"""Sort of output -> what makes it."""


def plan(
    site: Site, config: Config, assets: Mapping[str, str], *, cards: bool = False
) -> tuple[Output, ...]:
    """Return every file of the site, sorted by path, none twice; `cards`: social cards as well."""
    outputs = [
        *entry_pages.outputs(site, config),
        *index_pages.outputs(site, config),
        *feed.outputs(site, config),
        *search.outputs(site, config),
        *topic_summaries.outputs(site),
        *sitemap.outputs(site),
        *(social_cards.outputs(site) if cards else ()),
        *redirects.outputs(site, config),
        *files.outputs(site, assets),
        *pictures.outputs(site),
    ]
    return tuple(sorted(outputs))
