"""The sorts of pages that an output has, told from their paths, and a few pages of each."""

from collections import defaultdict
from pathlib import Path


def pages(root: Path) -> list[str]:
    """Return the paths of all pages, sorted; one that only leads to another is none."""
    return sorted(
        file.relative_to(root).as_posix()
        for file in root.rglob("*.html")
        if b'http-equiv="refresh"' not in file.read_bytes()
    )


def examples(root: Path) -> list[str]:
    """Return the longest and the shortest page of each sort.

    They differ most in what they show: every part filled in, and as few parts as can be.
    """
    sorts = defaultdict(list)
    for path in pages(root):
        sorts[sort_of(path)].append(path)
    chosen = set()
    for paths in sorts.values():
        by_size = sorted(paths, key=lambda path: (root / path).stat().st_size)
        chosen |= {by_size[0], by_size[-1]}
    return sorted(chosen)


def sort_of(path: str) -> str:
    """Return the path with slugs and numbers replaced, so that pages of one template agree.

    The first folder names the kind, and a folder below it is an entry's slug.
    """
    first, *rest = path.split("/")
    middle = ["#" if part.isdigit() else "*" for part in rest[:-1]]
    return "/".join([first, *middle, *rest[-1:]])
