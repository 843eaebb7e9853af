"""From findings to text: for people, for programs, and for the pages of a code forge.

All of these are pure. What they are given may quote content that a stranger wrote, so each
guards its own reader: a terminal against control characters, a CI runner against commands.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote

from explainer.diagnostics.codes import CODES
from explainer.diagnostics.diagnostic import Diagnostic, Severity
from explainer.diagnostics.excerpt import excerpt, visible
from explainer.diagnostics.sources import lines_of

Sources = Callable[[str], str | None]
"""Gives the text of a file by its path relative to the site's root; None where there is none."""

SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
SARIF_VERSION = "2.1.0"

_LONGEST_MESSAGE = 600
"""Characters of a message that a terminal shows: it may quote a value of any length."""

_BOLD, _RED, _YELLOW, _GREEN, _CYAN = "1", "1;31", "1;33", "1;32", "36"


def render_text(diagnostics: Iterable[Diagnostic], sources: Sources, color: bool) -> str:
    """Return one paragraph for each finding: place, code, sentence, source line, caret."""
    lines: list[str] = []
    path, text = "", [""]
    for item in diagnostics:
        lines.append(_headline(item, color))
        if not item.span.line:
            continue
        if item.span.path != path:
            path, text = item.span.path, lines_of(sources(item.span.path))
        if 0 < item.span.line <= len(text):
            source = text[item.span.line - 1]
            shown, caret = excerpt(source, item.span.column, item.span.end_column)
            lines += [shown, _paint(caret, _GREEN, color)]
    return "".join(line + "\n" for line in lines)


def render_json(diagnostics: Iterable[Diagnostic]) -> str:
    """Return one JSON array of objects; `line` and the columns are null without a place.

    Everything is ASCII, other characters as escapes: the document comes through any terminal,
    pipe and code page unharmed.
    """
    return _json([_json_object(item) for item in diagnostics])


def render_github(diagnostics: Iterable[Diagnostic], prefix: str = "") -> str:
    """Return a workflow command for each finding, which GitHub shows beside the changed lines.

    `prefix` leads from the root of the repository to the site (`docs/site/`).
    """
    return "".join(_github_command(item, prefix) + "\n" for item in diagnostics)


def render_sarif(diagnostics: Iterable[Diagnostic], version: str, prefix: str = "") -> str:
    """Return a SARIF 2.1.0 log of one run, made by this `version` of the program.

    `prefix` leads from the root of the repository to the site.
    """
    places = {code: number for number, code in enumerate(CODES)}
    driver = {
        "name": "explainer",
        "version": version,
        "rules": [_sarif_rule(code) for code in CODES],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_sarif_result(item, places[item.code], prefix) for item in diagnostics],
    }
    return _json({"$schema": SARIF_SCHEMA, "version": SARIF_VERSION, "runs": [run]})


# -- text ------------------------------------------------------------------------------------


def _headline(item: Diagnostic, color: bool) -> str:
    is_warning = item.severity is Severity.WARNING
    message = _shortened(visible(item.message))
    hints = _paint(_hints(item), _CYAN, color)
    code = _paint(item.code, _YELLOW if is_warning else _RED, color)
    word = "warning: " if is_warning else ""
    return f"{_paint(visible(_place(item)), _BOLD, color)}: {code} {word}{message}{hints}"


def _place(item: Diagnostic) -> str:
    span = item.span
    return f"{span.path}:{span.line}:{span.column}" if span.line else span.path


def _hints(item: Diagnostic) -> str:
    return f" ({'; '.join(_shortened(visible(hint)) for hint in item.hints)})" if item.hints else ""


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_MESSAGE else text[: _LONGEST_MESSAGE - 1] + "…"


def _paint(text: str, style: str, color: bool) -> str:
    return f"\x1b[{style}m{text}\x1b[0m" if color and text else text


# -- JSON ------------------------------------------------------------------------------------


def _json_object(item: Diagnostic) -> dict[str, Any]:
    span = item.span
    return {
        "code": item.code,
        "severity": item.severity.value,
        "path": _valid(span.path),
        "line": span.line or None,
        "column": span.column or None,
        "end_column": span.end_column or None,
        "message": _valid(item.message),
        "hints": [_valid(hint) for hint in item.hints],
    }


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=True) + "\n"


def _valid(text: str) -> str:
    """Write out halves of surrogate pairs (from odd file names): strict readers refuse them."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


# -- GitHub ----------------------------------------------------------------------------------


def _github_command(item: Diagnostic, prefix: str) -> str:
    span = item.span
    properties = {"file": prefix + span.path}
    if span.line:
        properties["line"] = str(span.line)
        if span.column:
            properties["col"] = str(span.column)
        if span.end_column > span.column:
            properties["endColumn"] = str(span.end_column)
    properties["title"] = item.code
    listed = ",".join(f"{key}={_github_property(value)}" for key, value in properties.items())
    return f"::{item.severity.value} {listed}::{_github_data(item.message + _hints(item))}"


def _github_data(text: str) -> str:
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return visible(escaped)


def _github_property(text: str) -> str:
    return _github_data(text).replace(":", "%3A").replace(",", "%2C")


# -- SARIF -----------------------------------------------------------------------------------


def _sarif_rule(code: str) -> dict[str, Any]:
    known = CODES[code]
    return {
        "id": code,
        "shortDescription": {"text": known.title},
        "fullDescription": {"text": known.meaning},
        "help": {"text": f"{known.meaning}\n\nFor example:\n\n{known.example}"},
        "defaultConfiguration": {"level": known.severity},
    }


def _sarif_result(item: Diagnostic, rule: int, prefix: str) -> dict[str, Any]:
    uri = quote(_valid(prefix + item.span.path), safe="/")
    location: dict[str, Any] = {"artifactLocation": {"uri": uri, "uriBaseId": "%SRCROOT%"}}
    if item.span.line:
        location["region"] = _sarif_region(item)
    return {
        "ruleId": item.code,
        "ruleIndex": rule,
        "level": item.severity.value,
        "message": {"text": _valid(visible(item.message) + _hints(item))},
        "locations": [{"physicalLocation": location}],
    }


def _sarif_region(item: Diagnostic) -> dict[str, int]:
    span = item.span
    region = {"startLine": span.line, "startColumn": max(span.column, 1)}
    if span.end_column >= region["startColumn"]:
        region["endColumn"] = span.end_column
    return region
