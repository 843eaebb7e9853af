"""sitemap.xml and robots.txt, for search engines."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator

from explainer.outputs.output import Making, Output
from explainer.site import Site
from explainer.site.link import FEED, NOT_FOUND, ROBOTS, SITEMAP
from explainer.site.urls import output_path

_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def outputs(site: Site) -> Iterator[Output]:
    """Return the sitemap, and robots.txt unless the site brings its own in static/."""
    yield Output(output_path(SITEMAP), _sitemap)
    if output_path(ROBOTS) not in site.static:
        yield Output(output_path(ROBOTS), _robots)


def _sitemap(making: Making) -> bytes:
    """List every page that may be indexed: not 404, not redirects, not expired entries."""
    site = making.views.site
    static = {f"/{path}" for path in site.static}
    made = site.known_urls - static - {NOT_FOUND, FEED, SITEMAP}
    dates: dict[str, str] = dict.fromkeys(made, "")
    for key, entry in site.entries.items():
        if site.is_listed(entry):
            moment = entry.updated or entry.date
            dates[site.urls[key]] = moment.text if moment is not None else ""
    ET.register_namespace("", _NAMESPACE)
    root = ET.Element(f"{{{_NAMESPACE}}}urlset")
    for url in sorted(dates):
        item = ET.SubElement(root, f"{{{_NAMESPACE}}}url")
        ET.SubElement(item, f"{{{_NAMESPACE}}}loc").text = site.absolute(url)
        if dates[url]:
            ET.SubElement(item, f"{{{_NAMESPACE}}}lastmod").text = dates[url]
    ET.indent(root, space=" ")
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _robots(making: Making) -> bytes:
    address = making.views.site.absolute(SITEMAP)
    return f"User-agent: *\nAllow: /\n\nSitemap: {address}\n".encode()
