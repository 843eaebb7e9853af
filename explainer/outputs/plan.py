"""All outputs of a site. A new sort of output is a new module and a line here."""

from __future__ import annotations

from pathlib import Path

from explainer.outputs import entry_pages, feed, files, index_pages, redirects, sitemap
from explainer.outputs.output import Output
from explainer.site import Site
from explainer.theme.assets import Assets


def plan(site: Site, root: Path, assets: Assets) -> tuple[Output, ...]:
    """Return every file of the site, sorted by path, none twice."""
    outputs = [
        *entry_pages.outputs(site),
        *index_pages.outputs(site),
        *feed.outputs(site),
        *sitemap.outputs(site),
        *redirects.outputs(site),
        *files.outputs(site, root, assets),
    ]
    return tuple(sorted(outputs, key=lambda output: output.path))
