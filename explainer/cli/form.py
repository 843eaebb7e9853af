"""Fills in the form of a kind: the keys with their explanations, and the prose to be written."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from explainer.config import SectionRule

FIRST_QUESTION = "First key question?"
"""Stands in a new question until its author has a better one; `check` asks for its answer."""

_PLAIN = re.compile(r"[a-z][a-z0-9_-]*")


def write_form(
    kind: str,
    title: str,
    day: date | None,
    sections: Sequence[SectionRule],
    *,
    as_yaml: bool,
) -> str:
    """Return the text of a new entry, as Markdown with front matter or as YAML."""
    form = (files("explainer.cli") / "forms" / f"{kind}.yaml").read_text(encoding="utf-8")
    # JSON's quotes are YAML's as well, and hold any title.
    values = {
        "title": json.dumps(title, ensure_ascii=False),
        "date": f"date: {day}" if day else "#date: 2026-01-15",
    }
    keys = Template(form).substitute(values)
    if as_yaml:
        return keys + _yaml_prose(kind, sections)
    return f"---\n{keys}---\n{_markdown_prose(kind, sections)}"


def _markdown_prose(kind: str, sections: Sequence[SectionRule]) -> str:
    if kind == "question":
        return f"\n## {FIRST_QUESTION}\n"
    if kind == "story":
        return "".join(f"\n## {_heading(rule)}\n" for rule in sections)
    return ""


def _heading(rule: SectionRule) -> str:
    title = " ".join(rule.title.split())
    # These would be read as Markdown, so that the words alone would not be recognised.
    return f"{title} {{#{rule.id}}}" if re.search(r"[#{}\\]", title) else title


def _yaml_prose(kind: str, sections: Sequence[SectionRule]) -> str:
    if kind == "question":
        return (
            "\n# Pairs of a key question and its answer.\n"
            f"answers:\n  - question: {FIRST_QUESTION}\n    answer:\n"
        )
    if kind == "story":
        advice = "# The text, as Markdown: `|` behind the colon, then the text, indented."
        lines = ["", advice, "sections:"]
        for rule in sections:
            lines += [f"  # {' '.join(rule.title.split())}", f"  {_key(rule.id)}:"]
        return "\n".join(lines) + "\n"
    return "\n# The text, as Markdown.\n#body: |\n#  A first paragraph.\n"


def _key(name: str) -> str:
    """Return a key as YAML wants it: in quotes where it would be read as a number or the like."""
    plain = _PLAIN.fullmatch(name) and name not in ("true", "false", "null")
    return name if plain else json.dumps(name, ensure_ascii=False)
