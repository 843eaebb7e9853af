"""The pages of the documentation, taken apart: headings, links, fenced blocks, commands."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

_FENCE = re.compile(
    r"^(?P<fence>`{3,}|~{3,})(?P<info>[^\n]*)\n(?P<text>.*?)^(?P=fence)[`~]*[ \t]*$\n?",
    re.MULTILINE | re.DOTALL,
)
_CODE = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_LINK = re.compile(r"(?<!\\)\[[^\[\]]*\]\((?P<target>[^()\s]+)\)")
_HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t]*#*$", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A fenced block."""

    info: tuple[str, ...]
    """Words behind the fence: language, then what the block is."""

    text: str
    line: int
    """Line of the page at which its text begins, from 1."""

    @property
    def language(self) -> str:
        return self.info[0] if self.info else ""

    @property
    def role(self) -> str:
        return self.info[1] if len(self.info) > 1 else ""


@dataclass(frozen=True)
class Page:
    """A page of the documentation."""

    path: Path
    text: str

    @property
    def name(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @property
    def blocks(self) -> tuple[Block, ...]:
        return tuple(
            Block(tuple(m["info"].split()), m["text"], self.text.count("\n", 0, m.start()) + 2)
            for m in _FENCE.finditer(self.text)
        )

    @property
    def prose(self) -> str:
        """The page without its fenced blocks."""
        return _FENCE.sub("", self.text)

    @property
    def links(self) -> tuple[str, ...]:
        """Destinations of its links, those in code left out."""
        return tuple(m["target"] for m in _LINK.finditer(_CODE.sub("", self.prose)))

    @property
    def anchors(self) -> frozenset[str]:
        """Ids that code forges give its headings."""
        found: set[str] = set()
        for words in _HEADING.findall(self.prose):
            shown = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", words).replace("`", "")
            name = re.sub(r"[^\w\- ]", "", shown.lower()).replace(" ", "-")
            number, unique = 0, name
            while unique in found:
                number += 1
                unique = f"{name}-{number}"
            found.add(unique)
        return frozenset(found)

    @property
    def commands(self) -> tuple[tuple[str, ...], ...]:
        """Every `explainer …` that the page shows, as arguments."""
        lines = [m[2] for m in _CODE.finditer(self.prose)]
        for block in self.blocks:
            if block.language in ("sh", "console", "bash", "yaml", ""):
                lines += block.text.replace("\\\n", " ").splitlines()
        return tuple(arguments for line in lines if (arguments := _arguments(line)))


def _arguments(line: str) -> tuple[str, ...]:
    """Return the arguments of a line that calls the program; empty for others."""
    call = re.match(
        r"(?:\$ |- run: )?\s*(?:[A-Z_]+=(?:\$\([^)]*\)|\S*) )*"
        r"(?:[\w./-]*/)?(?:python -m )?explainer (?P<rest>[-\w].*)",
        line.strip(),
    )
    if call is None or "…" in line:
        return ()
    rest = re.split(r"\s(?:#|\||>|>>|&&|2>)\s?", call["rest"])[0]
    return tuple(shlex.split(rest))


def pages() -> Iterator[Page]:
    """Yield the README, the changelog and everything in docs/."""
    for path in (ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(ROOT.glob("docs/**/*.md"))):
        yield Page(path, path.read_text(encoding="utf-8"))


def page(name: str) -> Page:
    """Return the page of this name."""
    return next(one for one in pages() if one.name == name)
