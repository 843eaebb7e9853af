"""Two things at one URL: found before anything is written, and both are named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from explainer.diagnostics import Findings, Span
from explainer.site.urls import folded, output_path


@dataclass(frozen=True, slots=True)
class Claim:
    """Something that wants a place in the output."""

    path: str
    """File of the output, relative to its root."""

    owner: str
    """What wants it, in words: `content/topics/china.md`, `the archive of stories`."""

    span: Span
    """Where the author can change it."""

    is_alias: bool = False


def report_collisions(claims: list[Claim], findings: Findings) -> None:
    """Report every claim whose place is taken by an earlier one.

    A file where another needs a folder is a collision too.
    """
    taken: dict[str, Claim] = {}
    folders: dict[str, Claim] = {}
    for claim in claims:
        place = folded(claim.path)
        other = taken.get(place) or folders.get(place)
        parts = place.split("/")
        for end in range(1, len(parts)):
            other = other or taken.get("/".join(parts[:end]))
        if other is not None:
            _report(claim, other, findings)
            continue
        taken[place] = claim
        for end in range(1, len(parts)):
            folders.setdefault("/".join(parts[:end]), claim)


def _report(claim: Claim, other: Claim, findings: Findings) -> None:
    if claim.owner == other.owner and not claim.is_alias:
        return
    url = "/" + claim.path.removesuffix("index.html")
    if claim.is_alias:
        same = claim.span.path == other.owner
        if same and not other.is_alias:
            findings.add("E504", claim.span, f'the alias "{url}" is the URL of this entry itself',
                         "take it out")  # fmt: skip
        else:
            findings.add("E503", claim.span, f'the alias "{url}" is taken by {other.owner}',
                         "take it out of one of the two")  # fmt: skip
    elif claim.path != other.path and folded(claim.path) == folded(other.path):
        findings.add(
            "E502", claim.span,
            f'{claim.owner} and {other.owner} have URLs that differ only in case or accents: '
            f'"{url}" and "/{other.path.removesuffix("index.html")}"',
            "give one another slug",
        )  # fmt: skip
    else:
        findings.add(
            "E501", claim.span, f'{claim.owner} and {other.owner} both want the URL "{url}"',
            "give one another slug or name",
        )  # fmt: skip


def made_by_itself(pages: Mapping[str, str]) -> list[Claim]:
    """Return the claims of the pages that the program makes: URL -> what it is, in words."""
    return [Claim(output_path(url), words, Span("site.toml")) for url, words in pages.items()]
