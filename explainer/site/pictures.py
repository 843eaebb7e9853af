"""Pictures of entries: which files are meant, what is wrong with them, how they are published."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping

from explainer.content.model import Ref
from explainer.content.reader import Sources
from explainer.content.record import Outline
from explainer.diagnostics import Findings
from explainer.pictures.seen import Seen
from explainer.pictures.sizes import Shown, largest, scaled
from explainer.pictures.sorts import ALL_ENDINGS, ENDINGS, named
from explainer.site.resolve import Known, file_url, named_file, site_url

References = tuple[tuple[Ref, bool], ...]
"""References of one entry to files and URLs, and whether each shows a picture."""

Named = tuple[Outline, References]
"""An entry that names files or URLs."""

_KINDS = ("file", "url")


def named_pictures(outlines: Iterable[Outline], sources: Sources) -> tuple[str, ...]:
    """Return the files that entries show, or link by the name of a picture, sorted."""
    static = frozenset(sources.static)
    found = set()
    for outline in outlines:
        for ref, shown in references(outline):
            path = _file(outline, ref, sources.files, static)
            if path and (shown or _is_named_so(path)):
                found.add(path)
    return tuple(sorted(found))


def check_pictures(named: Iterable[Named], known: Known, findings: Findings) -> None:
    """Report every picture that cannot be published, wherever it is named."""
    static = frozenset(known.sources.static)
    for outline, refs in named:
        for ref, shown in refs:
            path = _file(outline, ref, known.sources.files, static)
            if path is None:
                _check_page(outline, ref, known, findings)
            elif path in known.pictures and (shown or not path.startswith("static/")):
                # What is only linked in static/ is trusted, and copied whatever it is.
                _check(outline, ref, path, known.pictures[path], findings)


def _check(outline: Outline, ref: Ref, path: str, seen: Seen, findings: Findings) -> None:
    name, ending = posixpath.basename(path), posixpath.splitext(path)[1].lower()
    if seen.code:
        findings.add(seen.code, outline.span(ref), f'"{name}" {seen.message}', seen.hint)
    elif ending not in ENDINGS[seen.sort]:
        stem = posixpath.splitext(name)[0]
        findings.add(
            "E222", outline.span(ref), f'"{name}" is {named(seen.sort)}, whatever its name says',
            f'call it "{stem}{ENDINGS[seen.sort][0]}"',
        )  # fmt: skip


def _check_page(outline: Outline, ref: Ref, known: Known, findings: Findings) -> None:
    """Report a page of the site that is to be shown as a picture."""
    if ref.kind == "url" and ref != outline.image and ref not in outline.picture_refs:
        return
    if ref.kind == "url" and site_url(ref.slug, known.targets, known.pages) is not None:
        findings.add("E215", outline.span(ref), f'"{ref.slug}" is a page, and no picture',
                     "name a file beside the entry")  # fmt: skip


def references(outline: Outline) -> References:
    """Return the references of an entry to files and URLs, and whether they show a picture."""
    refs = [ref for ref in outline.prose_refs if ref.kind in _KINDS]
    if outline.image is None and not refs:
        return ()
    shown = frozenset(outline.picture_refs)
    image = ((outline.image, True),) if outline.image is not None else ()
    return (*image, *((ref, ref in shown) for ref in refs))


def _file(
    outline: Outline, ref: Ref, files: Mapping[str, str], static: frozenset[str]
) -> str | None:
    """Return the file that a reference means, relative to the root; None where there is none."""
    if ref.kind == "file":
        path = named_file(outline.path, ref.slug)
        return files.get(path) if path is not None else None
    inside = ref.slug.split("?")[0].lstrip("/")
    return f"static/{inside}" if inside in static else None


def _is_named_so(path: str) -> bool:
    return posixpath.splitext(path)[1].lower() in ALL_ENDINGS


# -- how they are published ----------------------------------------------------------------------


def published_pictures(named: Iterable[Named], known: Known) -> dict[str, tuple[str, int]]:
    """Return the pictures of content/ that are made anew: file -> sort, and width of the file.

    One that is linked somewhere keeps its width: who follows the link wants to see all of it.
    """
    found: dict[str, tuple[str, int]] = {}
    for outline, refs in named:
        for ref, shown in refs:
            path = _file(outline, ref, known.sources.files, frozenset())
            seen = known.pictures.get(path or "")
            if path is None or seen is None or not seen.width or seen.sort == "svg":
                continue
            whole = seen.moves or seen.sort == "gif" or not shown
            _, before = found.get(path, ("", -1))
            width = 0 if whole or before == 0 else largest(seen.width, seen.height)
            found[path] = (seen.sort, width)
    return found


def shown_pictures(
    outline: Outline, refs: References, folder: str, known: Known
) -> tuple[Shown | None, dict[str, Shown]]:
    """Return what the pages of an entry need to know of its picture, and of those in its prose."""
    image, pictures = None, {}
    for ref, is_shown in refs:
        if not is_shown:
            continue
        shown = _shown(outline, ref, folder, known)
        if shown is not None and ref is outline.image:
            image = shown
        elif shown is not None:
            pictures[ref.slug] = shown
    return image, pictures


def _shown(outline: Outline, ref: Ref, folder: str, known: Known) -> Shown | None:
    static = frozenset(known.sources.static) if ref.kind == "url" else frozenset()
    path = _file(outline, ref, known.sources.files, static)
    seen = known.pictures.get(path or "")
    if path is None or seen is None or not seen.width:
        return None
    if path.startswith("static/"):
        return Shown(f"/{path.removeprefix('static/')}", seen.width, seen.height)
    named = named_file(outline.path, ref.slug)
    assert named is not None
    url = file_url(outline, named, folder)
    wide = largest(seen.width, seen.height)
    if seen.sort == "svg" or seen.moves or not wide:
        return Shown(url, seen.width, seen.height)
    return Shown(url, *scaled(seen.width, seen.height, wide), seen.mark)
