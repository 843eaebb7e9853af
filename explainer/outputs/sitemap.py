"""sitemap.xml and robots.txt, for search engines."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from explainer.outputs.output import Making, Output
from explainer.site.link import ROBOTS, SITEMAP
from explainer.site.links import Site
from explainer.site.urls import output_path

_HEAD = """<?xml version='1.0' encoding='utf-8'?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
"""


def outputs(site: Site) -> Iterator[Output]:
    """Return the sitemap, and robots.txt unless the site brings its own in static/."""
    yield Output(output_path(SITEMAP), "sitemap")
    if output_path(ROBOTS) not in site.lists.static:
        yield Output(output_path(ROBOTS), "robots")


def render(output: Output, making: Making) -> bytes:
    """List every page that may be indexed: not 404, not redirects, not expired entries.

    Addresses are ASCII and dates are our own words, so that escaping the one is all it takes:
    an XML library needs ten times as long for these many small elements.
    """
    facts = making.facts
    lines = [_HEAD]
    for url, date in sorted(facts.dated_urls().items()):
        lines.append(f" <url>\n  <loc>{escape(facts.absolute(url), quote=False)}</loc>\n")
        lines.append(f"  <lastmod>{date}</lastmod>\n </url>\n" if date else " </url>\n")
    lines.append("</urlset>\n")
    return "".join(lines).encode("ascii")


def render_robots(output: Output, making: Making) -> bytes:
    """Let every robot in and tell it where the sitemap is."""
    address = making.facts.absolute(SITEMAP)
    return f"User-agent: *\nAllow: /\n\nSitemap: {address}\n".encode()
