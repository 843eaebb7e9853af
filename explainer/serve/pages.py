"""HTML as it is shown: published pages with the preview's script, and pages in our own words."""

from __future__ import annotations

import re
from html import escape, unescape

CLIENT = "/_explainer/client.js"

_IN_PAGES = re.ASCII | re.IGNORECASE | re.DOTALL

# Comments and scripts are matched as well, so that nothing is found in them.
_PART = re.compile(
    r"""<!--.*?--> | <script\b.*?</script\s*> | <meta\b (?: [^>"'] | "[^"]*" | '[^']*' )* >""",
    _IN_PAGES | re.VERBOSE,
)
_ATTRIBUTE = re.compile(
    r"""(?P<name> [^\s"'<>/=]+ ) \s*=\s*
        (?: "(?P<double> [^"]* )" | '(?P<single> [^']* )' | (?P<bare> [^\s"'<>`=]+ ) )""",
    re.VERBOSE,
)
_END = re.compile(r"</body\s*>", _IN_PAGES)

_OPENED = ("script-src", "connect-src", "img-src")
"""Directives of a policy that would keep the preview's script from working."""


def script(page: str, session: str, build: int, base: str = "/") -> str:
    """Return the element that lets a page hear of news; `page` is the output that it is in.

    `base` is the path of the site on the server.
    """
    return (
        f'<script src="{CLIENT}" data-page="{escape(page)}" data-session="{escape(session)}"'
        f' data-build="{build}" data-base="{escape(base)}" defer></script>'
    )


def with_script(page: bytes, element: str) -> bytes:
    """Return a page with a script at the end of its body, and a policy that lets it run.

    A page that only leads to another one stays as it is, and so does what is not UTF-8.
    """
    try:
        text = page.decode("utf-8")
    except UnicodeDecodeError:
        return page
    if any(_equivalent(found) == "refresh" for found in _PART.finditer(text)):
        return page
    text = _PART.sub(_opened, text)
    ends = [found.start() for found in _END.finditer(text)]
    place = ends[-1] if ends else len(text)
    return f"{text[:place]}{element}{text[place:]}".encode()


def _attributes(tag: str) -> dict[str, re.Match[str]]:
    """Return the attributes of a tag; of two with one name the first one counts."""
    found: dict[str, re.Match[str]] = {}
    for attribute in _ATTRIBUTE.finditer(tag):
        found.setdefault(attribute["name"].lower(), attribute)
    return found


def _value(attribute: re.Match[str]) -> str:
    return unescape(attribute["double"] or attribute["single"] or attribute["bare"] or "")


def _equivalent(part: re.Match[str]) -> str:
    """Return which header a meta element stands for; empty where it is another part."""
    if part[0][:5].lower() != "<meta":
        return ""
    header = _attributes(part[0]).get("http-equiv")
    return _value(header).strip().lower() if header is not None else ""


def _opened(part: re.Match[str]) -> str:
    """Return a part of a page; a policy as it lets the script run."""
    tag = part[0]
    if _equivalent(part) != "content-security-policy":
        return tag
    content = _attributes(tag).get("content")
    if content is None:
        return tag
    policy = escape(opened_policy(_value(content)))
    start, end = content.span()
    return f'{tag[:start]}{content["name"]}="{policy}"{tag[end:]}'


def opened_policy(policy: str) -> str:
    """Return a Content-Security-Policy that lets scripts of this server run and call it."""
    parts = [part for part in policy.split(";") if part.split()]
    directives: dict[str, list[str]] = {}
    for part in parts:
        name, *sources = part.split()
        directives.setdefault(name.lower(), sources)
    wanted = [*_OPENED, "script-src-elem"] if "script-src-elem" in directives else [*_OPENED]
    added = []
    for name in wanted:
        allowed = directives.get(name, directives.get("default-src"))
        if allowed is not None:  # without either, everything is allowed
            added.append(" ".join((name, *_with_self(allowed))))
    kept = [part for part in parts if part.split()[0].lower() not in wanted]
    return "; ".join([*(part.strip() for part in kept), *added])


def _with_self(sources: list[str]) -> list[str]:
    kept = [source for source in sources if source.lower() not in ("'none'", "'self'")]
    return [*kept, "'self'"]


# -- in our own words ----------------------------------------------------------------------------

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
</head>
<body>
<h1>{title}</h1>
<p>{text}</p>
{script}</body>
</html>
"""


def waiting_page(session: str) -> bytes:
    """Return what is shown before there was any good build."""
    return _PAGE.format(
        title="The site cannot be built yet",
        text="It is shown here as soon as what is wrong is mended.",
        script=f"{script('', session, 0)}\n",
    ).encode()


def missing_page() -> bytes:
    """Return what is shown where nothing is found and the site has no page for that."""
    return _PAGE.format(
        title="Not found", text="The site has nothing at this address.", script=""
    ).encode()
