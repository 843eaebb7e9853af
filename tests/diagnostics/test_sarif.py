"""The SARIF log: valid against the schema of the standard, and true to the findings."""

import json
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from explainer.diagnostics import Diagnostic, Severity, Span
from explainer.diagnostics.codes import CODES
from explainer.diagnostics.formats import render_sarif
from tests.tooling import node_module

FINDINGS = [
    Diagnostic("E201", Span("content/stories/x.md", 3, 10, 15), "unknown topic", ("hint",)),
    Diagnostic("W204", Span("content/stories/x.md", 4, 1), "expired", severity=Severity.WARNING),
    Diagnostic("E104", Span("content/stories/ä b%.md"), "the link leads out"),
    Diagnostic("E410", Span("content/topics/x.md", 4), "a line without a column"),
    Diagnostic("E201", Span("content/\udcff\x1b", 1, 2, 2), "\x1b[2J \u202e {0} [a](b)"),
]


@cache
def schema() -> Any:
    path = node_module("@microsoft/sarif-multitool-linux/sarif-2.1.0.json")
    return json.loads(path.read_text(encoding="utf-8-sig"))


def sarif(findings: list[Diagnostic], prefix: str = "") -> Any:
    return json.loads(render_sarif(findings, "1.2.3", prefix))


@pytest.mark.parametrize("findings", [[], FINDINGS, *([one] for one in FINDINGS)])
def test_is_valid_against_the_schema_of_the_standard(findings):
    validator = Draft202012Validator(schema(), format_checker=Draft202012Validator.FORMAT_CHECKER)
    assert [error.message for error in validator.iter_errors(sarif(findings))] == []


def test_schema_would_notice_a_fault():
    broken = sarif(FINDINGS)
    broken["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0
    assert list(Draft202012Validator(schema()).iter_errors(broken))


def test_says_who_made_it():
    log = sarif([])
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("explainer", "1.2.3")
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["results"] == []


def test_every_code_is_a_rule_with_help():
    rules = sarif([])["runs"][0]["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(CODES)
    for rule in rules:
        known = CODES[rule["id"]]
        assert rule["defaultConfiguration"]["level"] == known.severity
        assert rule["shortDescription"]["text"] == known.title
        assert known.meaning in rule["help"]["text"]
        assert known.example in rule["help"]["text"]


def test_results_name_rule_level_message_and_place():
    results = sarif(FINDINGS)["runs"][0]["results"]
    first = results[0]
    assert first["ruleId"] == list(CODES)[first["ruleIndex"]] == "E201"
    assert first["level"] == "error"
    assert results[1]["level"] == "warning"
    assert first["message"]["text"] == "unknown topic (hint)"
    place = first["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "content/stories/x.md"
    assert place["region"] == {"startLine": 3, "startColumn": 10, "endColumn": 15}


def test_without_a_line_there_is_no_region():
    place = sarif(FINDINGS)["runs"][0]["results"][2]["locations"][0]["physicalLocation"]
    assert "region" not in place


def test_end_that_is_not_known_is_left_out():
    place = sarif(FINDINGS)["runs"][0]["results"][1]["locations"][0]["physicalLocation"]
    assert place["region"] == {"startLine": 4, "startColumn": 1}


def test_paths_are_uris_from_the_root_of_the_repository():
    results = sarif(FINDINGS, "my site/")["runs"][0]["results"]
    place = results[2]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place["uri"] == "my%20site/content/stories/%C3%A4%20b%25.md"


def test_messages_carry_no_control_characters():
    text = sarif(FINDINGS)["runs"][0]["results"][4]["message"]["text"]
    assert text == "<U+001B>[2J <U+202E> {0} [a](b)"
