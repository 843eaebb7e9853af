"""The tables of all keys for writers, made from the lists that the schema reads.

`python -m explainer.content.reference` prints them; with the name of a page it writes them
between that page's marks. A test holds the page and the lists together.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from explainer.content.keys import (
    CORRECTION_KEYS,
    EVENT_KEYS,
    IMAGE_KEYS,
    KEYS,
    SOURCE_KEYS,
    Key,
)
from explainer.content.model import FOLDERS

BEGIN = "<!-- keys:begin -->"
END = "<!-- keys:end -->"

_PARTS = {
    "One of `sources`": SOURCE_KEYS,
    "One of `events`": EVENT_KEYS,
    "One of `corrections`": CORRECTION_KEYS,
    "`image`": IMAGE_KEYS,
}
"""Heading -> keys of the maps that stand inside an entry."""


def render_reference() -> str:
    """Return the tables as Markdown, marks included: one for each kind and each inner map."""
    parts = [BEGIN]
    for folder, kind in FOLDERS.items():
        introduction = f"Files in `content/{folder}/`."
        parts.append(f"### {kind.capitalize()}\n\n{introduction}\n\n{_table(KEYS[kind])}")
    parts += [f"### {heading}\n\n{_table(keys)}" for heading, keys in _PARTS.items()]
    return "\n\n".join([*parts, END])


def replaced(page: str) -> str:
    """Return a page of the docs with the tables between its marks."""
    head, begin, rest = page.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the page lacks the marks {BEGIN} and {END}")
    return f"{head}{render_reference()}{tail}"


def _table(keys: Iterable[Key]) -> str:
    rows = ["| key | value | meaning |", "| --- | --- | --- |"]
    for key in keys:
        mark = "**required:** " if key.required else ""
        meaning = key.meaning.replace("|", "\\|")
        rows.append(f"| `{key.name}` | {key.form} | {mark}{meaning} |")
    return "\n".join(rows)


if __name__ == "__main__":
    if sys.argv[1:]:
        target = Path(sys.argv[1])
        target.write_text(replaced(target.read_text("utf-8")), "utf-8", newline="\n")
    else:
        print(render_reference())
