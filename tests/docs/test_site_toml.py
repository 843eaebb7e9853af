"""docs/site-toml.md names every setting that is accepted, with its default, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from explainer.config import Config, load_config
from explainer.diagnostics import Findings
from explainer.theme.theme import load_theme
from tests.docs.pages import Block, page

PAGE = page("docs/site-toml.md")
REQUIRED = '[site]\ntitle = "T"\nbase_url = "https://site.example/"\n'
TABLES = ("site", "sections", "permalinks", "lists", "mentions", "search", "cards", "build",
          "redirects", "theme")  # fmt: skip
UNLIKE = "qqqqqqqqqq"
"""A key that is like no other: the message about it lists all that are known."""


def read(root: Path, text: str) -> tuple[Config | None, list[str]]:
    (root / "site.toml").write_text(text, encoding="utf-8")
    config, findings = load_config(root)
    return config, [f"{one.message} {one.hints}" for one in findings]


def known(root: Path, text: str) -> set[str]:
    """Return the keys that the program says are known where `UNLIKE` stands."""
    _, findings = read(root, text)
    message = next(one for one in findings if UNLIKE in one)
    found = re.search(r"known are ([\w, ]+)", message)
    assert found, message
    return set(found[1].split(", "))


def documented(heading: str) -> dict[str, str]:
    """Return the keys in the tables below a heading, and the cell of each one's default."""
    _, _, section = PAGE.text.partition(f"\n## {heading}\n")
    section = section.split("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \|[^|]*\| ([^|]*) \|[^|\n]*\|$", section, re.MULTILINE)
    return {key: default.strip("`") for key, default in rows}


def test_the_page_has_a_section_for_every_table(tmp_path: Path):
    assert known(tmp_path, f"{REQUIRED}[{UNLIKE}]\n") == set(TABLES)
    assert tuple(re.findall(r"^## (.+)$", PAGE.text, re.MULTILINE)) == TABLES


@pytest.mark.parametrize(
    "table", [name for name in TABLES if name not in ("site", "sections", "theme")]
)
def test_every_key_of_a_table_is_documented(tmp_path: Path, table: str):
    accepted = known(tmp_path, f"{REQUIRED}[{table}]\n{UNLIKE} = 1\n")

    assert set(documented(table)) == accepted


def test_every_key_of_the_site_and_its_publisher_is_documented(tmp_path: Path):
    site = known(tmp_path, f"{REQUIRED}{UNLIKE} = 1\n")
    publisher = known(tmp_path, f"{REQUIRED}publisher = {{ {UNLIKE} = 1 }}\n")

    assert set(documented("site")) == site | publisher


def test_every_key_of_a_section_is_documented(tmp_path: Path):
    section = f'[[sections]]\nid = "a"\ntitle = "A"\n{UNLIKE} = 1\n'

    assert set(documented("sections")) == known(tmp_path, REQUIRED + section)


def test_the_documented_defaults_are_those_of_the_code(tmp_path: Path):
    config, findings = read(tmp_path, REQUIRED)
    assert config is not None
    assert findings == []

    assert documented("site")["language"] == f'"{config.language}"'
    assert documented("site")["timezone"] == f'"{config.timezone}"'
    assert documented("site")["theme"] == f'"{config.theme}"'
    assert documented("site")["description"] == f'"{config.description}"'
    permalinks = {kind: f'"{pattern}"' for kind, pattern in config.permalinks.items()}
    assert documented("permalinks") == permalinks
    assert documented("lists") == {
        "page_size": str(config.page_size), "feed_size": str(config.feed_size),
        "topic_feeds": str(config.topic_feeds).lower(),
    }  # fmt: skip
    assert documented("build") == {
        "output": f'"{config.output}"', "workers": str(config.workers)
    }  # fmt: skip
    assert documented("cards") == {
        "enabled": str(config.cards).lower(), "fonts": str(list(config.card_fonts)),
    }  # fmt: skip
    for table in ("mentions", "search"):
        assert documented(table) == {"enabled": str(getattr(config, table)).lower()}
    for rule in config.sections:
        assert f"| `{rule.id}` | {rule.title} |" in PAGE.text


@pytest.mark.parametrize(
    "block", [one for one in PAGE.blocks if one.language == "toml"], ids=lambda one: one.line
)
def test_the_examples_load_without_findings(tmp_path: Path, block: Block):
    text = block.text if "[site]" in block.text else REQUIRED + block.text
    config, findings = read(tmp_path, text)
    assert findings == []
    assert config is not None

    found = Findings()
    load_theme(tmp_path, config, found)
    assert [one.message for one in found] == []


def test_the_complete_example_has_every_table_and_key():
    example = next(one for one in PAGE.blocks if one.role == "site.toml").text

    for table in TABLES:
        assert f"[{table}]" in example
        for key in documented(table):
            assert re.search(rf"\b{key} = ", example), f"{key} of [{table}]"
