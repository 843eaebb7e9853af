"""The shape of a page: one h1, no heading level skipped, no id twice, no scripts of others."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from tests.html.findings import Finding
from tests.html.page import Page, read_page

Rule = Callable[[Page], Iterator[tuple[int, str]]]

DATA = "application/ld+json"


def check_structure(root: Path) -> list[Finding]:
    """Return every breach of every rule in the pages of the output."""
    return [
        Finding(file.relative_to(root).as_posix(), line, message)
        for file in sorted(root.rglob("*.html"))
        for rule in RULES
        for line, message in rule(read_page(file))
    ]


def ids_are_unique(page: Page) -> Iterator[tuple[int, str]]:
    """A link to an id that stands twice leads to the first only."""
    counts = Counter(id_ for id_, _ in page.ids)
    for id_, line in page.ids:
        if counts[id_] > 1:
            yield line, f"the id {id_!r} stands {counts[id_]} times"


def one_h1(page: Page) -> Iterator[tuple[int, str]]:
    """A page is about one thing."""
    found = [heading.line for heading in page.headings if heading.level == 1]
    if len(found) != 1:
        yield found[-1] if found else 0, f"{len(found)} h1 elements instead of one"


def no_level_skipped(page: Page) -> Iterator[tuple[int, str]]:
    """The headings are the table of contents that a screen reader offers."""
    before = 0
    for heading in page.headings:
        if heading.level > before + 1:
            yield (
                heading.line,
                f"h{heading.level} comes after {f'h{before}' if before else 'no heading'}",
            )
        before = heading.level


def scripts_are_our_own(page: Page) -> Iterator[tuple[int, str]]:
    """Scripts are files of the site, which a policy can tell from others; data stand in pages."""
    for script in page.scripts:
        if script.src:
            if urlsplit(script.src).netloc:
                yield script.line, f"a script of another host: {script.src}"
            continue
        if script.type != DATA:
            yield script.line, "a script in the page itself"
            continue
        try:
            json.loads(script.text)
        except ValueError as error:
            yield script.line, f"structured data that is not JSON: {error}"


RULES: tuple[Rule, ...] = (ids_are_unique, one_h1, no_level_skipped, scripts_are_our_own)
