"""Finds what a site is made of: the only place that walks the folders of an author.

Content is untrusted, a stranger's pull request may be built in CI: a symbolic link that leaves
its folder, a pipe or a device is an error and is never opened.
"""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from explainer.content.model import FOLDERS
from explainer.diagnostics import Diagnostic, Findings, Span, did_you_mean

ENTRY_ENDINGS = (".md", ".yaml", ".yml")
_DATED_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})(?:-(.*))?", re.DOTALL)
_IGNORED_NAMES = frozenset({"Thumbs.db", "desktop.ini", "__pycache__", "node_modules", ".DS_Store"})
_IGNORED_ENDINGS = ("~", ".swp", ".tmp")
_IGNORED_STARTS = (".", "~", "#")
_STATIC = "static/"


Stamp = tuple[int, int, int, int]
"""What the system says of a file without reading it: size in bytes, times at which content and
inode were changed in nanoseconds, inode."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that holds an entry."""

    path: str
    """Relative to the site's root, with `/` between its parts."""

    kind: str
    """Kind of the entry, by its folder."""

    stem: str
    """File name without its ending, in NFC."""

    ending: str
    """`.md`, `.yaml` or `.yml`."""

    @property
    def name_parts(self) -> tuple[str, str]:
        """The date that a story's file name starts with, or an empty text; and the slug."""
        found = _DATED_NAME.fullmatch(self.stem) if self.kind == "story" else None
        return (found[1], found[2] or "") if found else ("", self.stem)


@dataclass(frozen=True, slots=True)
class Sources:
    """All files that a site is made of, sorted by path."""

    entries: tuple[SourceFile, ...]
    files: Mapping[str, str]
    """Other files in content/, published when linked: path in NFC, as references write it -> path
    as the disk has it; both relative to the site's root."""

    static: tuple[str, ...]
    """Files in static/, by path relative to it."""

    diagnostics: tuple[Diagnostic, ...]


def is_ignored(name: str) -> bool:
    """Tell whether a file or folder in content/ is none of the site: an editor's, the system's."""
    ignored = name in _IGNORED_NAMES or name.endswith(_IGNORED_ENDINGS)
    return ignored or name.startswith(_IGNORED_STARTS)


def scan(root: Path) -> Sources:
    """Find the entries, co-located files and static files of the site at `root`."""
    findings = Findings()
    stamps = walk(root, findings)
    return sorted_out(stamps, findings)


TOPS = ("content", "static")
"""Folders of a site whose files are its sources."""


def walk(root: Path, findings: Findings, links: list[str] | None = None) -> dict[str, Stamp]:
    """Return all files in content/ and static/, relative to `root`; report what is none.

    `links` takes the links among them, to files and to folders.
    """
    found: dict[str, Stamp] = {}
    for top in TOPS:
        found |= _walk(root, top, findings, [] if links is None else links)
    return found


def sorted_out(stamps: Mapping[str, Stamp], findings: Findings) -> Sources:
    """Tell what each file is; those in the wrong place are reported.

    The findings given are taken over.
    """
    entries = []
    files: dict[str, str] = {}
    static = []
    for path in sorted(stamps):
        if path.startswith(_STATIC):
            static.append(path.removeprefix(_STATIC))
            continue
        parts = path.split("/")
        stem, ending = os.path.splitext(parts[-1])
        if ending.lower() not in ENTRY_ENDINGS:
            _add_file(path, files, findings)
        elif len(parts) > 2 and parts[1] in FOLDERS:
            name = stem if stem.isascii() else unicodedata.normalize("NFC", stem)
            entries.append(SourceFile(path, FOLDERS[parts[1]], name, ending.lower()))
        else:
            _unknown_folder(path, parts, findings)
    return Sources(tuple(entries), files, tuple(sorted(static)), tuple(findings))


def _add_file(path: str, files: dict[str, str], findings: Findings) -> None:
    other = files.setdefault(unicodedata.normalize("NFC", path), path)
    if other != path:
        message = f'"{path}" and "{other}" differ only in how accents are encoded'
        findings.add("E502", Span(path), message, "delete one of them")


def _unknown_folder(path: str, parts: list[str], findings: Findings) -> None:
    known = ", ".join(FOLDERS)
    if len(parts) == 2:
        message = "an entry stands in a folder that says its kind, not in content/ itself"
        findings.add("E106", Span(path), message, f"move it to one of {known}")
    else:
        hint = did_you_mean(parts[1], FOLDERS) or f"known are {known}"
        findings.add("E106", Span(path), f'"content/{parts[1]}" is no folder for entries', hint)


def _walk(root: Path, top: str, findings: Findings, links: list[str]) -> dict[str, Stamp]:
    """Return the regular files below `root/top`, relative to `root`; report all others."""
    base = root / top
    if base.is_symlink():
        _bad_link(top, base, findings)
        return {}
    if not base.is_dir():
        return {}
    inside = os.path.realpath(base)
    starts = _IGNORED_STARTS if top == "content" else ()
    found: dict[str, Stamp] = {}
    pending = [(top, str(base))]
    while pending:
        shown, folder = pending.pop()
        try:
            for child in _children(folder):
                name = child.name
                if name in _IGNORED_NAMES or name.endswith(_IGNORED_ENDINGS):
                    continue
                if name.startswith(starts):
                    continue
                path = f"{shown}/{name}"
                is_odd = child.is_symlink() or not name.isascii()
                if is_odd and not _is_usable(child, folder, inside, path, findings, links):
                    continue
                try:
                    status = child.stat()
                except OSError as error:
                    findings.add("E105", Span(path), f"cannot read it: {error.strerror}")
                    continue
                kind = stat.S_IFMT(status.st_mode)
                if kind == stat.S_IFREG:
                    found[path] = (
                        status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino,
                    )  # fmt: skip
                elif kind == stat.S_IFDIR:
                    pending.append((path, f"{folder}/{name}"))
                else:
                    findings.add("E105", Span(path), "this is neither a file nor a folder")
        except OSError as error:
            findings.add("E105", Span(shown), f"cannot read the folder: {error.strerror}")
    return found


def _is_usable(
    child: os.DirEntry[str],
    folder: str,
    inside: str,
    path: str,
    findings: Findings,
    links: list[str],
) -> bool:
    """Tell whether something in a folder has a readable name, and leads nowhere else."""
    if not _is_utf8(child.name):
        shown = path.encode("utf-8", "backslashreplace").decode()
        findings.add("E105", Span(shown), "the file's name is not UTF-8 text")
        return False
    if child.is_symlink():
        links.append(path)
        if not _stays_inside(f"{folder}/{child.name}", inside):
            _bad_link(path, Path(folder, child.name), findings)
            return False
    return True


def _children(folder: str) -> Iterator[os.DirEntry[str]]:
    """Yield what is in a folder, which stays open meanwhile.

    So the system need not look up the folder for each file in it.
    """
    place = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        with os.scandir(place) as listing:
            children = list(listing)
        yield from children
    finally:
        os.close(place)


def _stays_inside(link: str, inside: str) -> bool:
    """Tell whether a link leads to a file, or a folder not around it, below `inside`."""
    try:
        target = os.path.realpath(link, strict=True)
    except (OSError, ValueError):
        return False
    if os.path.commonpath([target, inside]) != inside:
        return False
    parent = os.path.realpath(os.path.dirname(link))
    return os.path.isfile(target) or os.path.commonpath([target, parent]) != target


def _bad_link(path: str, link: Path, findings: Findings) -> None:
    try:
        target = os.readlink(link)
    except OSError:
        target = "?"
    top = path.split("/")[0]
    name = path.rsplit("/", 1)[-1]
    findings.add(
        "E104", Span(path),
        f'the link "{name}" leads to "{target}", which is not a file inside {top}/',
        "put a copy of the file there",
    )  # fmt: skip


def _is_utf8(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
