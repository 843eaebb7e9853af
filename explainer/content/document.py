"""A file as an author wrote it: its keys, its prose, and where each line of it stands."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from explainer.content.model import FOLDERS
from explainer.content.reader import SourceFile
from explainer.content.yaml import CONTROL, Mapping, parse_yaml
from explainer.diagnostics import Findings, Span

MAX_BYTES = 2 * 1024 * 1024
_MAX_CONTROL_FINDINGS = 10
_END_OF_KEYS = re.compile(r"\n---[^\S\n]*(?:\n|\Z)")


@dataclass(frozen=True, slots=True)
class Document:
    """An entry's file, split into keys and prose, not yet checked against a schema."""

    source: SourceFile
    keys: Mapping
    yaml_text: str
    """The YAML that `keys` was read from: positions of its scalars are indexes into it."""

    yaml_line: int
    """Line of the file at which the YAML text begins, from 1."""

    prose: str
    """Markdown below the front matter; empty in a YAML file."""

    prose_line: int
    """Line of the file at which the prose begins, from 1."""

    @property
    def start(self) -> Span:
        """The front matter's first line: where a missing key is reported."""
        return Span(self.source.path, 1, 1, 0)


def read_document(source: SourceFile, data: bytes, findings: Findings) -> Document | None:
    """Split a file into front matter and prose; returns None where that is impossible."""
    path = source.path
    text = _decode(path, data, findings)
    if text is None:
        return None
    if source.ending != ".md":
        node = parse_yaml(text, path, 1, findings)
        return _document(source, node, text, 1, "", 1, findings)
    first, _, _ = text.partition("\n")
    if first.rstrip() != "---":
        hint = "start the file with a line of three hyphens, the keys, and three hyphens again"
        findings.add("E110", Span(path, 1, 1), "the file has no front matter", hint)
        return None
    end = _END_OF_KEYS.search(text, len(first))
    if end is None:
        hint = "end the keys with a line of three hyphens"
        findings.add("E111", Span(path, 1, 1), "the front matter is not closed", hint)
        return None
    front = text[len(first) + 1 : end.start()] + "\n"
    node = parse_yaml(front, path, 2, findings)
    prose_line = text.count("\n", 0, end.start()) + 3
    return _document(source, node, front, 2, text[end.end() :], prose_line, findings)


def _document(
    source: SourceFile,
    node: object,
    yaml_text: str,
    yaml_line: int,
    prose: str,
    prose_line: int,
    findings: Findings,
) -> Document | None:
    if isinstance(node, Mapping):
        return Document(source, node, yaml_text, yaml_line, prose, prose_line)
    if not findings.has_errors:
        hint = "write one `key: value` on each line"
        findings.add("E117", Span(source.path, 1, 1), "a map of keys was expected", hint)
    return None


def _decode(path: str, data: bytes, findings: Findings) -> str | None:
    """Return the text with Unix line ends and without a byte order mark."""
    if len(data) > MAX_BYTES:
        findings.add("E103", Span(path), "the file is larger than 2 MiB")
        return None
    try:
        text = data.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode("utf-8", "replace")
        line = before.count("\n") + 1
        column = len(before) - before.rfind("\n")
        byte = error.object[error.start]
        findings.add(
            "E101", Span(path, line, column, 0),
            f"the file is not UTF-8 text (byte 0x{byte:02X})", "save it as UTF-8",
        )  # fmt: skip
        return None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.replace("\n", "").replace("\t", "").isprintable():  # as no control character is
        return text
    found = None
    for count, found in enumerate(CONTROL.finditer(text)):
        if count < _MAX_CONTROL_FINDINGS:
            line = text.count("\n", 0, found.start()) + 1
            column = found.start() - text.rfind("\n", 0, found.start())
            name = f"U+{ord(found[0]):04X}"
            span = Span(path, line, column, column + 1)
            findings.add("E102", span, f"the control character {name} is not allowed", "delete it")
    return None if found else text


def title_place(path: str, data: bytes) -> Span:
    """Return where the title of an entry stands that has been read before without an error."""
    folder, _, name = path.removeprefix("content/").partition("/")
    stem, dot, ending = name.rpartition("/")[2].rpartition(".")
    source = SourceFile(path, FOLDERS.get(folder, "page"), stem, dot + ending)
    document = read_document(source, data, Findings())
    if document is None:
        return Span(path)
    found = document.keys.get("title") or document.keys.get("name")
    return found.span if found is not None else document.start
