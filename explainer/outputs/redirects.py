"""Aliases: a small page at each old URL that leads to the new one."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from explainer.config import Config
from explainer.outputs.output import Making, Output
from explainer.site.link import redirect_url
from explainer.site.links import Site
from explainer.site.urls import output_path

_PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<title>{site}</title>
<link rel="canonical" href="{canonical}">
<meta name="robots" content="noindex">
<meta http-equiv="refresh" content="0; url={href}">
</head>
<body>
<h1><a href="{href}">{title}</a></h1>
</body>
</html>
"""


def outputs(site: Site, config: Config) -> Iterator[Output]:
    """Return a page for each alias, where the host takes redirects as HTML."""
    if "html" not in config.redirect_hosts:
        return
    for (kind, slug), links in site.links.items():
        for alias in links.aliases:
            yield Output(output_path(redirect_url(alias)), "redirect", kind, slug)


def render(output: Output, making: Making) -> bytes:
    """Return the page that leads to an entry."""
    facts, key = making.facts, (output.kind, output.slug)
    url = facts.url(key)
    return _PAGE.format(
        language=escape(facts.language(key)),
        site=escape(facts.config.title),
        title=escape(facts.title(key)),
        canonical=escape(facts.absolute(url)),
        href=escape(facts.href(url)),
    ).encode()
