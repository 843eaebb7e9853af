"""Crafted YAML is refused at its place: nothing runs, nothing grows, nothing is dropped."""

import sys
from pathlib import Path

import pytest
import yaml as pyyaml

from explainer.content import document, schema, yaml
from explainer.diagnostics import Findings
from tests.building import SiteFolder, codes, limited, parse_entry

SECONDS = 5
MEGABYTES = 512

PAD = "title: a\nsummary: b\ndate: 2025-01-01\n"

BOMBS = {
    "100,000 open lists": ("x: " + "[" * 100_000, "E116"),
    "100,000 open maps": ("x: " + "{" * 100_000, "E116"),
    "100,000 lists, all closed": ("x: " + "[" * 100_000 + "]" * 100_000, "E116"),
    "deep lists in block form": ("\n".join(" " * n + "-" for n in range(400)), "E116"),
    "dashes on one line": ("- " * 100_000 + "a", "E116"),
    "deep maps in block form": ("\n".join(" " * n + "a:" for n in range(400)), "E116"),
    "question marks": ("? " * 100_000 + "a", "E116"),
    "billion laughs": (
        "a: &a [x, x, x, x, x, x, x, x, x]\n"
        + "".join(
            f"{name}: &{name} [{', '.join([f'*{chr(ord(name) - 1)}'] * 9)}]\n"
            for name in "bcdefghi"
        ),
        "E114",
    ),
    "an anchor that holds itself": ("a: &a [*a]", "E114"),
    "quadratic blow-up": (f"a: &a {'x' * 100_000}\nb: [{'*a, ' * 10_000}]", "E114"),
    "merge keys": ("a: &a {b: c}\nd:\n  <<: *a", "E114"),
    "too many values": ("x: [" + "a, " * 200_000 + "]", "E103"),
    "too many keys": ("".join(f"k{n}: v\n" for n in range(100_000)), "E103"),
    "many unknown keys": ("".join(f"titel{n}: v\n" for n in range(45_000)), "E301"),
    "many doubles of a key": ("title: v\n" * 45_000, "E113"),
    "a huge file": ("title: " + "x" * 3_000_000, "E103"),
    "a huge number": ("title: " + "9" * 1_000_000, ""),
    "a huge key": ("? " + "k" * 1_000_000 + "\n: v", "E301"),
    "sexagesimal": ("title: " + "1:" * 100_000 + "1", ""),
    "many bad references": ("topics: [" + "a, " * 45_000 + "]", "W310"),
    "many unknown references": (
        "topics: [" + ", ".join(f"a{n}" for n in range(45_000)) + "]",
        "E201",
    ),
    "100,000 quotes": ("title: " + "'" * 100_001, "E112"),
    "100,000 tags": ("title: " + "!" * 100_000, "E115"),
    "percent": ("%" * 100_000, "E112"),
    "many documents": ("---\na: b\n" * 50_000, "E112"),
}
"""Name -> YAML text, and the code that refuses it; no code where it is harmless."""


@pytest.mark.parametrize(("text", "code"), BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_refused_within_5_seconds_and_512_megabytes(
    tmp_path: Path, text: str, code: str
) -> None:
    folder = SiteFolder(tmp_path).write("content/stories/a.yaml", f"{text}\n{PAD}")
    if "title: " in text or code in ("", "E201", "W310"):
        rest = PAD.replace("title: a\n", "") if "title:" in text else PAD
        folder.write("content/stories/a.yaml", f"{text}\n{rest}")
    done = folder.run(
        "check", "--format", "json",
        prepare=limited(megabytes=MEGABYTES, seconds=SECONDS), timeout=60,
    )  # fmt: skip
    assert "internal error" not in done.stderr
    assert done.returncode == (1 if code not in ("", "W310") else done.returncode), done.stderr
    assert done.returncode in (0, 1), done.stderr
    assert code in done.stdout


TAGS = [
    "!!python/object/apply:os.system ['touch /tmp/pwned']",
    "!!python/object/new:os.system [id]",
    "!!python/name:os.system",
    "!!python/module:os",
    "!!str a",
    "!!binary aGk=",
    "!!int 1",
    "!custom a",
    "!<tag:yaml.org,2002:python/object:os> {}",
    "! a",
]


@pytest.mark.parametrize("value", TAGS)
@pytest.mark.parametrize("ending", ["md", "yaml"])
def test_a_tag_is_an_error_at_its_place(value: str, ending: str) -> None:
    text = f"title: {value}\n"
    if ending == "md":
        text = f"---\n{text}---\n"
    parsed = parse_entry(text, f"content/stories/a.{ending}")
    assert codes(parsed.diagnostics) == ["E115"]
    span = parsed.diagnostics[0].span
    assert (span.line, span.column) == ((2 if ending == "md" else 1), 8)


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("title: a\nx: &anchor b", "E114", 2, 4),
        ("title: *alias", "E114", 1, 8),
        ("title: a\ntitle: b", "E113", 2, 1),
        ("image:\n  src: a\n  alt: b\n  src: c", "E113", 4, 3),
        ("{title: a, 'title': b}", "E113", 1, 12),
        ('title: a\n"ti\\u0074le": b', "E113", 2, 1),
        ('title: "a\\0b"', "E102", 1, 8),
        ('title: "\\x07"', "E102", 1, 8),
        ('title: "\\uFFFE"', "E102", 1, 8),
        ("title: a\x07b", "E102", 1, 9),
        ("title: a\n--- \nb: c", "E112", 2, 1),
        ("[a, b]: c", "E112", 1, 1),
        ("x: " + "[" * 51, "E116", 1, 53),
    ],
)
def test_faults_have_a_place(text: str, code: str, line: int, column: int) -> None:
    found = [one for one in parse_entry(text, "content/stories/a.yaml").diagnostics
             if one.code == code]  # fmt: skip
    assert [(one.span.line, one.span.column) for one in found] == [(line, column)]


def test_values_keep_what_was_written() -> None:
    words = ["NO", "yes", "010", "0x1F", "12:30", "1_000", "2025-09-19", "1e3", ".inf", "~a", "="]
    for word in words:
        parsed = parse_entry(
            f"title: {word}\nsummary: b\ndate: 2025-01-01", "content/stories/a.yaml"
        )
        assert parsed.entry is not None
        assert parsed.entry.title == word


class TestGuardMatters:
    def tree(self, text: str) -> yaml.Node | None:
        return yaml.parse_yaml(text, "x", 1, Findings())

    def test_depth(self, monkeypatch: pytest.MonkeyPatch) -> None:
        text = "[" * 60 + "]" * 60
        assert self.tree(text) is None
        monkeypatch.setattr(yaml, "MAX_DEPTH", sys.maxsize)
        assert self.tree(text) is not None

    def test_count_of_values(self, monkeypatch: pytest.MonkeyPatch) -> None:
        text = f"[{'a, ' * 100_001}]"
        assert self.tree(text) is None
        monkeypatch.setattr(yaml, "MAX_NODES", sys.maxsize)
        assert self.tree(text) is not None

    @pytest.mark.parametrize("text", ["a: !!str b", "a: &x b", "a: !!python/name:os.system"])
    def test_tags_and_anchors(self, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
        assert self.tree(text) is None
        monkeypatch.setattr(yaml._Builder, "_guard", lambda self, event: None)
        assert self.tree(text) is not None

    def test_doubles(self) -> None:
        """What PyYAML itself makes of it: the first value is gone without a word."""
        assert pyyaml.safe_load("a: 1\na: 2") == {"a": 2}
        findings = Findings()
        yaml.parse_yaml("a: 1\na: 2", "x", 1, findings)
        assert codes(findings) == ["E113"]

    def test_aliases(self) -> None:
        """What PyYAML itself makes of it: one list stands everywhere."""
        assert pyyaml.safe_load("a: &a [1]\nb: [*a, *a]") == {"a": [1], "b": [[1], [1]]}
        assert self.tree("a: &a [1]\nb: [*a, *a]") is None

    def test_size(self, monkeypatch: pytest.MonkeyPatch) -> None:
        text = f"{PAD}body: {'x' * 3_000_000}"
        assert codes(parse_entry(text, "content/stories/a.yaml").diagnostics) == ["E103"]
        monkeypatch.setattr(document, "MAX_BYTES", sys.maxsize)
        assert parse_entry(text, "content/stories/a.yaml").entry is not None

    def test_control_characters(self, monkeypatch: pytest.MonkeyPatch) -> None:
        import re

        text = f'{PAD}slug: "x\\ay"'
        assert "E102" in codes(parse_entry(text, "content/stories/a.yaml").diagnostics)
        monkeypatch.setattr(yaml, "CONTROL", re.compile("(?!)"))
        monkeypatch.setattr(schema, "is_slug", lambda name: True)
        entry = parse_entry(text, "content/stories/a.yaml").entry
        assert entry is not None
        assert entry.id.slug == "x\ay"
