"""Resolves references; nothing dangles."""

from __future__ import annotations

import posixpath
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from explainer.content.model import KINDS, Ref
from explainer.content.reader import ENTRY_ENDINGS, Sources
from explainer.content.record import Outline
from explainer.diagnostics import Findings, Span, did_you_mean, nearest
from explainer.pictures.seen import Seen
from explainer.site.links import Key
from explainer.site.urls import output_path
from explainer.site.visibility import Status, appears_before, status

RUNNING_ENDINGS = frozenset(
    [".html", ".htm", ".xhtml", ".xht", ".shtml", ".mhtml", ".xml", ".xsl", ".js", ".mjs", ".wasm"]
)
"""Files that a browser runs or renders as a page of the site: content may be a stranger's."""


@dataclass(frozen=True, slots=True)
class Known:
    """What references can lead to."""

    entries: Mapping[Key, Outline]
    """All entries, hidden ones included."""

    urls: Mapping[Key, str]
    targets: Mapping[str, Key]
    """Entry at each URL, aliases included."""

    pages: frozenset[str]
    """URLs of the pages that the program makes by itself, and of static files."""

    unreadable: frozenset[Key]
    """Entries whose files could not be read: references to them are no fault of their own."""

    sources: Sources
    now: datetime
    drafts: bool
    pictures: Mapping[str, Seen]
    """What was seen in the files that may be pictures, by path."""


def check_ref(entry: Outline, ref: Ref, known: Known, findings: Findings) -> None:
    """Report what is wrong with a reference of an entry."""
    span = entry.span(ref)
    if ref.kind in KINDS:
        check_entry_ref((ref.kind, ref.slug), ref.fragment, span, known, findings, entry)
    elif ref.kind == "url":
        _check_url(entry, ref, span, known, findings)
    elif ref.kind == "file":
        _check_file(entry, ref, span, known, findings)


def check_entry_ref(
    key: Key,
    fragment: str,
    span: Span,
    known: Known,
    findings: Findings,
    owner: Outline | None = None,
) -> None:
    """Report a reference to an entry that is not there, or not yet."""
    kind, slug = key
    target = known.entries.get(key)
    if target is None:
        if key in known.unreadable:
            return
        hint = did_you_mean(slug, (s for k, s in known.entries if k == kind))
        others = [k for k in KINDS if (k, slug) in known.entries]
        if others:
            hint = f"there is a {others[0]} of this name: {others[0]}:{slug}"
        findings.add("E201", span, f'unknown {kind} "{slug}"', hint)
        return
    _check_status(target, span, known, findings, owner)
    if fragment and fragment not in target.anchors:
        hint = did_you_mean(fragment, target.anchors)
        message = f'the {kind} "{slug}" has no section "{fragment}"'
        findings.add("E205", span, message, hint)


def _check_status(
    target: Outline, span: Span, known: Known, findings: Findings, owner: Outline | None
) -> None:
    what = f'the {target.id.kind} "{target.id.slug}"'
    now = status(target, known.now, drafts=known.drafts)
    if now is Status.EXPIRED:
        day = target.expires.text[:10] if target.expires else ""
        findings.add("W204", span, f"{what} expired on {day}", "point to something newer")
        return
    if now is Status.PUBLISHED or (owner is not None and not _will_dangle(owner, target, known)):
        return
    if now is Status.DRAFT:
        hint = "publish it first, or build with --drafts"
        findings.add("E202", span, f"{what} is a draft", hint)
    else:
        until = target.publish_at.text if target.publish_at else ""
        hint = "wait until then, or give this entry the same `publish_at`"
        findings.add("E203", span, f"{what} is under embargo until {until}", hint)


def _will_dangle(owner: Outline, target: Outline, known: Known) -> bool:
    """Tell whether the owner is, or will be, seen while its target is not."""
    if status(owner, known.now, drafts=known.drafts).has_page:
        return True
    return appears_before(owner, target)


def _check_url(entry: Outline, ref: Ref, span: Span, known: Known, findings: Findings) -> None:
    url = site_url(ref.slug, known.targets, known.pages)
    if url is None:
        candidates = [*known.targets, *known.pages]
        hint = did_you_mean(ref.slug, candidates)
        findings.add("E208", span, f'nothing is published at "{ref.slug}"', hint)
    elif key := known.targets.get(url):
        check_entry_ref(key, ref.fragment, span, known, findings, entry)


def site_url(path: str, targets: Mapping[str, Key], pages: frozenset[str] | set[str]) -> str | None:
    """Return the URL within the site that a written one means; None where nothing is there."""
    bare = path.split("?")[0]
    for url in (bare, f"{bare}/", bare.removesuffix("index.html")):
        if url in targets or url in pages:
            return url
    return None


def _check_file(entry: Outline, ref: Ref, span: Span, known: Known, findings: Findings) -> None:
    path = named_file(entry.path, ref.slug)
    files = known.sources.files
    if path is None:
        findings.add("E213", span, f'"{ref.slug}" leads out of content/')
    elif posixpath.splitext(path)[1].lower() in RUNNING_ENDINGS:
        message = f'"{ref.slug}" would run in the reader\'s browser'
        findings.add("E214", span, message, "put it into static/ if you trust it")
    elif path not in files:
        ending = posixpath.splitext(path)[1].lower()
        entries = {source.path: source for source in known.sources.entries}
        if path in entries and ending in ENTRY_ENDINGS:
            other = next((e for e in known.entries.values() if e.path == path), None)
            hint = f"write {other.id.kind}:{other.id.slug}" if other else "write kind:slug"
            findings.add("E213", span, f'"{ref.slug}" is an entry, not a file to publish', hint)
            return
        folder = posixpath.dirname(entry.path)
        beside = [posixpath.relpath(file, folder) for file in files if
                  posixpath.dirname(file) == posixpath.dirname(path)]  # fmt: skip
        hint = did_you_mean(ref.slug, beside)
        if not hint and "." not in ref.slug and (found := _as_slug(ref.slug, known)):
            hint = f"to link an entry write {found}"
        findings.add("E209", span, f'there is no file "{ref.slug}" beside the entry', hint)


def _as_slug(name: str, known: Known) -> str:
    slugs = {slug: kind for kind, slug in known.entries}
    slug = nearest(name, slugs)
    return f"{slugs[slug]}:{slug}" if slug else ""


def named_file(entry_path: str, name: str) -> str | None:
    """Return the path, relative to the root, of a file that an entry names; None outside."""
    folder = unicodedata.normalize("NFC", posixpath.dirname(entry_path))
    path = posixpath.normpath(posixpath.join(folder, name))
    if "\0" in name or "\\" in name or not path.startswith("content/"):
        return None
    return path


def published_files(
    entries: Mapping[Key, Outline], urls: Mapping[Key, str], files: Mapping[str, str]
) -> tuple[dict[str, str], list[tuple[str, str, Outline, Ref]]]:
    """Return where linked files are published.

    Returns output path -> file, and the clashes: output path, second file, entry and reference.
    """
    published: dict[str, str] = {}
    clashes = []
    for key, outline in entries.items():
        for ref in file_refs(outline):
            path = named_file(outline.path, ref.slug)
            if path is None or path not in files:
                continue
            output = output_path(file_url(outline, path, urls[key]))
            if published.setdefault(output, files[path]) != files[path]:
                clashes.append((output, files[path], outline, ref))
    return published, clashes


def file_places(outline: Outline, folder: str) -> dict[str, str]:
    """Return the URLs of the files that an entry names, by the path that it writes."""
    found = {}
    for ref in file_refs(outline):
        if (path := named_file(outline.path, ref.slug)) is not None:
            found[ref.slug] = file_url(outline, path, folder)
    return found


def file_refs(outline: Outline) -> list[Ref]:
    """Return the references of an entry to files beside it."""
    found = [ref for ref in outline.prose_refs if ref.kind == "file"]
    if outline.image is not None and outline.image.kind == "file":
        found.insert(0, outline.image)
    return found


def file_url(outline: Outline, path: str, folder: str) -> str:
    """Return the URL of a file: beside the entry's page, under its own name."""
    home = unicodedata.normalize("NFC", posixpath.dirname(outline.path))
    inside = posixpath.relpath(path, home)
    return f"{folder}{posixpath.basename(path) if inside.startswith('..') else inside}"
