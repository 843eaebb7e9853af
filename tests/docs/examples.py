"""The examples of a page as sites that can be checked; docs/contributing.md tells the form."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from tests.building import SiteFolder, a_png
from tests.case_sites import CASES
from tests.docs.pages import ROOT, Block, Page

SCAFFOLD = ROOT / "explainer" / "cli" / "scaffold"
NOW = datetime(2026, 6, 1, tzinfo=UTC)
A_JPEG = (CASES / "ok-every-key/content/stories/chips.jpg").read_bytes()
_FILE = re.compile(r"[\w./-]+\.(?:jpg|png|svg|pdf|csv)\b")


def sites_of(page: Page) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the sites that a page shows: a line of the page, and the files, by path.

    The first is made of all complete entries of the page; each of the others has a fragment in
    the place of something of its first story.
    """
    complete = {block.role: block for block in page.blocks if block.role.startswith("content/")}
    files = {path: block.text for path, block in complete.items()}
    if files:
        yield min(block.line for block in complete.values()), files
    for block in page.blocks:
        if block.role in ("prose", "keys"):
            story = next(path for path in files if path.startswith("content/stories/"))
            yield block.line, files | {story: _with_fragment(files[story], block)}


def _with_fragment(story: str, block: Block) -> str:
    _, front, prose = story.split("---\n", 2)
    if block.role == "prose":
        return f"---\n{front}---\n\n## What's happened\n\n{block.text}"
    given = _keys(block.text)
    return f"---\n{''.join((_keys(front) | given).values())}---\n{prose}"


def _keys(front: str) -> dict[str, str]:
    """Split front matter into the lines of each key."""
    return {part.split(":")[0]: part for part in re.split(r"(?m)^(?=\w)", front) if part}


def folder_of(root: Path, files: dict[str, str]) -> SiteFolder:
    """Write the site of `explainer init` with these files in it.

    The theme is that of `SiteFolder`: whether gazette is in order is the matter of other tests.
    """
    folder = SiteFolder(root)
    for source in (SCAFFOLD / "content").rglob("*"):
        if source.is_file():
            folder.write(source.relative_to(SCAFFOLD).as_posix(), source.read_bytes())
    for path, text in files.items():
        folder.write(path, text)
        for name in _FILE.findall(text):
            made_up = A_JPEG if name.endswith(".jpg") else a_png()
            folder.write(posixpath.join(posixpath.dirname(path), name), made_up)
    return folder


def faults(root: Path, files: dict[str, str]) -> list[str]:
    """Return what `explainer check` finds in the site of these files."""
    found = folder_of(root, files).check(now=NOW).result.diagnostics
    return [f"{one.span.path}:{one.span.line} {one.code} {one.message}" for one in found]
