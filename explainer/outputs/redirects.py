"""Aliases: a small page at each old URL that leads to the new one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from html import escape

from explainer.outputs.output import Making, Output
from explainer.site import Key, Site
from explainer.site.link import redirect_url
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


def outputs(site: Site) -> Iterator[Output]:
    """Return a page for each alias, where the host takes redirects as HTML."""
    if "html" not in site.config.redirect_hosts:
        return
    for key, entry in site.entries.items():
        for alias in entry.aliases:
            yield Output(output_path(redirect_url(alias.slug)), partial(_render, key))


def _render(key: Key, making: Making) -> bytes:
    site = making.views.site
    entry = site.entries[key]
    url = site.urls[key]
    return _PAGE.format(
        language=escape(entry.id.lang),
        site=escape(site.config.title),
        title=escape(entry.title),
        canonical=escape(site.absolute(url)),
        href=escape(site.href(url)),
    ).encode()
