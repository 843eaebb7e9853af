"""TOML with positions: tomllib gives none, so the places of keys are found in the text."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from explainer.diagnostics import Findings, Span

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(
    r"""^\s*(?P<key>(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*[A-Za-z0-9_-]+)*)"""
    r"""\s*=\s*(?P<value>.*)$"""
)
_PROBLEMS = {
    "Illegal character '\\n'": "a quote is not closed on this line",
    "Invalid value": "a value was expected here: texts stand in quotes",
}
"""What tomllib says -> what an author understands."""

_AT = re.compile(r"\s*\(at line (\d+), column (\d+)\)")

Key = str | int


class TomlDocument:
    """A TOML file that was read: its data, and where each key of it stands."""

    def __init__(self, path: str, text: str, data: dict[str, Any]) -> None:
        self.path = path
        self.data = data
        self._keys, self._values = _places(path, text)

    def key(self, *keys: Key) -> Span:
        """Return the place of a key, or of the nearest table around it."""
        return self._find(self._keys, keys)

    def value(self, *keys: Key) -> Span:
        """Return the place of a value, or of the nearest table around it."""
        return self._find(self._values, keys)

    def _find(self, places: dict[tuple[Key, ...], Span], keys: tuple[Key, ...]) -> Span:
        for end in range(len(keys), 0, -1):
            if (span := places.get(keys[:end])) is not None:
                return span
        return Span(self.path, 1, 1, 0)


def read_toml(file: Path, path: str, code: str, findings: Findings) -> TomlDocument | None:
    """Read a TOML file; what is wrong with it is reported under `code` at `path`."""
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode("utf-8", "replace")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        byte = error.object[error.start]
        findings.add(
            "E101", Span(path, line, column, 0),
            f"the file is not UTF-8 text (byte 0x{byte:02X})", "save it as UTF-8",
        )  # fmt: skip
        return None
    except OSError as error:
        findings.add("E105", Span(path), f"cannot read the file: {error.strerror}")
        return None
    try:
        return TomlDocument(path, text, tomllib.loads(text))
    except RecursionError:
        findings.add(code, Span(path, 1, 1, 0), "lists or tables are nested too deep")
        return None
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        found = _AT.search(message)
        if found:
            line, column = int(found[1]), int(found[2])
        else:
            line, column = text.count("\n") + 1, 1
        message = _AT.sub("", message).replace(" (at end of document)", " at the end of the file")
        message = _PROBLEMS.get(message, message[:1].lower() + message[1:])
        findings.add(code, Span(path, line, column, 0), message)
        return None


def _places(
    path: str, text: str
) -> tuple[dict[tuple[Key, ...], Span], dict[tuple[Key, ...], Span]]:
    """Map each key path of the text to the place of its key and of its value."""
    keys: dict[tuple[Key, ...], Span] = {}
    values: dict[tuple[Key, ...], Span] = {}
    counts: dict[tuple[Key, ...], int] = {}
    table: tuple[Key, ...] = ()
    for number, line in enumerate(text.split("\n"), 1):
        if header := _HEADER.match(line):
            table = tuple(part.strip().strip("\"'") for part in header[2].split("."))
            if header[1] == "[[":
                index = counts.get(table, 0)
                counts[table] = index + 1
                table = (*table, index)
            column = header.start(2) + 1
            keys[table] = values[table] = Span(path, number, column, header.end(2) + 1)
        elif found := _KEY.match(line):
            key = found["key"]
            parts = [key.strip("\"'")] if key[0] in "\"'" else re.split(r"\s*\.\s*", key)
            here = (*table, *parts)
            keys[here] = Span(path, number, found.start("key") + 1, found.end("key") + 1)
            value = found["value"].split(" #")[0].rstrip()
            start = found.start("value") + 1
            values[here] = Span(path, number, start, start + len(value))
            if value.startswith(("{", "[")):
                _inline(here, line, found.start("value"), number, path, keys, values)
    return keys, values


def _inline(
    here: tuple[Key, ...],
    line: str,
    start: int,
    number: int,
    path: str,
    keys: dict[tuple[Key, ...], Span],
    values: dict[tuple[Key, ...], Span],
) -> None:
    """Add the places inside an inline table or a list that stands on one line."""
    if line[start] == "{":
        for item in re.finditer(r"""([A-Za-z0-9_-]+)\s*=\s*("[^"]*"|'[^']*'|[^,}\s]+)""", line):
            if item.start() >= start:
                inner = (*here, item[1])
                keys[inner] = Span(path, number, item.start(1) + 1, item.end(1) + 1)
                values[inner] = Span(path, number, item.start(2) + 1, item.end(2) + 1)
    else:
        items = re.finditer(r""""[^"]*"|'[^']*'|[^,\[\]\s]+""", line[start:])
        for index, item in enumerate(items):
            values[*here, index] = Span(
                path, number, start + item.start() + 1, start + item.end() + 1
            )
