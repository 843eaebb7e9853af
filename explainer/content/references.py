"""What the destination of a link means: an entry, a source, a file, a page, or the outside."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import unquote

from explainer.content.model import KINDS, Ref
from explainer.content.yaml import CONTROL
from explainer.diagnostics import Findings, Span, did_you_mean

ALLOWED_SCHEMES = ("https", "http", "mailto", "tel")

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_BLANK = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029]+")
_KNOWN_SCHEMES = frozenset(
    "javascript data vbscript file blob about ftp ftps sftp ssh git irc ircs news nntp sms geo "
    "magnet ws wss whatsapp tg intent chrome view-source livescript mocha resource jar".split()
)
"""Schemes that are no misspelt kind of ours."""


@dataclass(frozen=True, slots=True)
class External:
    """A link that leaves the site, with its address as it will stand in the page."""

    url: str


def classify(
    destination: str, span: Span, findings: Findings, *, picture: bool = False
) -> Ref | External | None:
    """Tell what a destination names; one that names nothing allowed is a finding and None."""
    bare = _BLANK.sub("", destination)
    scheme = _SCHEME.match(bare)
    if not bare:
        findings.add("E209", span, "the link has no destination", "write where it leads")
    elif scheme is not None:
        return _with_scheme(scheme[1], destination.strip(), bare, span, findings, picture)
    elif bare.startswith(("//", "\\\\", "/\\", "\\/")):
        findings.add("E210", span, f'"{destination}" names no scheme', "write https: before it")
    elif bare.startswith("#"):
        return _ref("anchor", "", destination.strip()[1:], span, findings)
    else:
        path, _, fragment = destination.strip().partition("#")
        kind = "url" if bare.startswith("/") else "file"
        slug = path if kind == "url" else path.split("?")[0]
        return _ref(kind, slug, fragment, span, findings)
    return None


def _with_scheme(
    scheme: str, destination: str, bare: str, span: Span, findings: Findings, picture: bool
) -> Ref | External | None:
    if (scheme in KINDS or scheme == "source") and destination.startswith(f"{scheme}:"):
        slug, _, fragment = destination[len(scheme) + 1 :].partition("#")
        return _ref(scheme, slug, fragment, span, findings)
    if scheme.lower() in ALLOWED_SCHEMES:
        if bare != destination:
            findings.add("E210", span, "the address holds blanks or control characters")
        elif picture:
            findings.add(
                "E211", span, "a picture may not be loaded from another host",
                "put the file beside the entry",
            )  # fmt: skip
        else:
            return External(destination)
        return None
    shown = _BLANK.sub(" ", destination)[:60]
    if scheme.lower() in _KNOWN_SCHEMES or bare != destination:
        allowed = ", ".join(f"{one}:" for one in ALLOWED_SCHEMES)
        findings.add("E210", span, f'links may not start with "{scheme}:"', f"allowed: {allowed}")
    else:
        kinds = (*KINDS, "source")
        hint = did_you_mean(scheme, kinds) or f"known are {', '.join(kinds)}"
        findings.add("E206", span, f'unknown kind "{scheme}" in "{shown}"', hint)
    return None


def _ref(kind: str, slug: str, fragment: str, span: Span, findings: Findings) -> Ref | None:
    name, place = _plain(slug), _plain(fragment)
    if not (name + place).isprintable() and CONTROL.search(name + place):
        findings.add("E102", span, "the address holds a control character", "delete it")
        return None
    return Ref(kind, name, place, span.line, span.column, span.end_column)


def _plain(text: str) -> str:
    """Decode percent signs and compose accents, so that one name has one spelling."""
    if text.isascii() and "%" not in text:
        return text
    return unicodedata.normalize("NFC", unquote(text))
