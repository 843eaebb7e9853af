"""Which pages every program has to make, and whether it did."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from benchmarks.world import World

PER_PAGE = 50
BASE_URL = "https://benchmark.example"
_LINKED_PAGES = 1000
"""Pages whose links are followed, at most."""

_HREF = re.compile(r"""<(?:a|link)\b[^>]*?\bhref=(?:"([^"]*)"|'([^']*)'|([^\s>"']+))""")
_ID = re.compile(r"""\bid=(?:"([^"]*)"|'([^']*)'|([^\s>"']+))""")


def expected(world: World) -> set[str]:
    """Return the paths of all pages of a site."""
    stories: Counter[str] = Counter()
    for story in world.stories():
        stories.update(f"topics/{world.topics[one].slug}" for one in story.topics)
        stories.update(f"authors/{world.authors[one].slug}" for one in story.authors)
        papers = {world.papers[source.paper].slug for source in story.sources}
        stories.update(f"papers/{slug}" for slug in papers)
    lists = [
        ("stories", world.size),
        ("questions", world.question_count),
        *((name, 0) for name in ("topics", "papers", "authors")),
        *((f"topics/{one.slug}", stories[f"topics/{one.slug}"]) for one in world.topics),
        *((f"papers/{one.slug}", stories[f"papers/{one.slug}"]) for one in world.papers),
        *((f"authors/{one.slug}", stories[f"authors/{one.slug}"]) for one in world.authors),
    ]
    return {
        "index.html",
        "404.html",
        *(f"stories/{head.slug}/index.html" for head in world.story_heads),
        *(f"questions/{head.slug}/index.html" for head in world.question_heads),
        *(path for name, count in lists for path in _pages(name, count)),
    }


def _pages(name: str, count: int) -> Iterator[str]:
    for number in range(1, max(1, -(-count // PER_PAGE)) + 1):
        yield list_page(name, number)


def list_page(name: str, number: int) -> str:
    """Return the path of a page of a list, 1 being the first."""
    return f"{name}/index.html" if number == 1 else f"{name}/page/{number}/index.html"


def made(output: Path) -> set[str]:
    """Return the paths of all pages in an output."""
    return {path.relative_to(output).as_posix() for path in output.rglob("*.html")}


def faults(output: Path, wanted: set[str], *, more: bool = False) -> list[str]:
    """Return what is wrong with an output, in words: pages, feed or sitemap that are not there,
    pages that no one asked for, unless there may be more, and links that lead nowhere."""
    found = made(output)
    wrong = [f"no {path}" for path in sorted(wanted - found)]
    if not more:
        wrong += [f"{path} is one too many" for path in sorted(found - wanted)]
    if not (output / "sitemap.xml").is_file():
        wrong.append("no sitemap.xml")
    if not any((output / name).is_file() for name in ("feed.xml", "index.xml")):
        wrong.append("no feed")
    pages = sorted(found & wanted - {"404.html"})
    wrong += dead_links(output, pages[:: -(-len(pages) // _LINKED_PAGES) or 1])
    return wrong


def dead_links(output: Path, pages: Iterable[str]) -> list[str]:
    """Return links on pages that lead to no file of the site, or to no place on their page."""
    dead = []
    files: dict[str, bool] = {}
    for page in pages:
        text = (output / page).read_text(encoding="utf-8")
        ids = {_group(found) for found in _ID.finditer(text)}
        base = f"{BASE_URL}/{page.removesuffix('index.html')}"
        for link in {_group(found) for found in _HREF.finditer(text)}:
            address = urljoin(base, link)
            path = unquote(urlsplit(address).path).lstrip("/")
            if link.startswith("#"):
                alive = link == "#" or unquote(link[1:]) in ids
            elif not address.startswith(f"{BASE_URL}/"):
                alive = True
            else:
                if path not in files:
                    place = output / path
                    files[path] = (
                        place / "index.html" if path.endswith("/") or not path else place
                    ).is_file()
                alive = files[path]
            if not alive:
                dead.append(f"{page} links to {link}")
    return dead


def _group(found: re.Match[str]) -> str:
    return next((text for text in found.groups() if text is not None), "")
