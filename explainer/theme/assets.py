"""Assets under names that carry a hash of their content, so that they can be kept for ever."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from explainer.diagnostics import Findings, Span, did_you_mean
from explainer.fingerprint import digest
from explainer.theme.theme import Theme

_URL = re.compile(r"""url\(\s*(?P<quote>["']?)(?P<name>[^"')]+)(?P=quote)\s*\)""")
_IMPORT = re.compile(r"""(?P<head>@import\s+)(?P<quote>["'])(?P<name>[^"']+)(?P=quote)""")
_SETTING = re.compile(r"var\(\s*--setting-([a-z0-9-]+)")
_HASH_LENGTH = 10
_HASH = re.compile(rf"\.[0-9a-f]{{{_HASH_LENGTH}}}(\.[^./]*)?$")


@dataclass(frozen=True, slots=True)
class Assets:
    """The assets of a theme."""

    names: Mapping[str, str]
    """Name in assets/ -> name under which it is published."""

    contents: Mapping[str, bytes]
    """Name with a hash of the content -> content."""


def read_assets(theme: Theme, findings: Findings, *, plain: bool = False) -> Assets:
    """Read all assets; style sheets get the theme's settings and the published names of others.

    `plain` publishes them under their own names.
    """
    files = theme.files("assets")
    reader = _Reader(theme, {name: theme.all_files()[path] for name, (path, _) in files.items()},
                     {name: shown for name, (_, shown) in files.items()}, findings)  # fmt: skip
    reader.plain = plain
    names = {name: reader.publish(name, ()) for name in files}
    return Assets(names, reader.contents)


def plain_name(hashed: str) -> str:
    """Return the name of an asset without the hash of its content."""
    return _HASH.sub(r"\1", hashed)


class _Reader:
    def __init__(
        self, theme: Theme, data: dict[str, bytes], shown: dict[str, str], findings: Findings
    ) -> None:
        self.theme = theme
        self.data = data
        self.shown = shown
        self.findings = findings
        self.plain = False
        self.contents: dict[str, bytes] = {}
        self.published: dict[str, str] = {}

    def publish(self, name: str, around: tuple[str, ...]) -> str:
        """Return the published name of an asset; `around` are the sheets that import it."""
        if name not in self.published:
            content = self.data[name]
            if name.endswith(".css"):
                content = self._sheet(name, content, around)
            elif name.endswith((".js", ".mjs")):
                content = _without_comments(content)
            stem, ending = posixpath.splitext(name)
            hashed = f"{stem}.{digest(content)[:_HASH_LENGTH]}{ending}"
            self.published[name] = name if self.plain else hashed
            self.contents[hashed] = content
        return self.published[name]

    def _sheet(self, name: str, content: bytes, around: tuple[str, ...]) -> bytes:
        css = content.decode("utf-8")

        def replace(found: re.Match[str]) -> str:
            head = found["head"] if "head" in found.re.groupindex else ""
            target = self._target(name, css, found, around)
            return f'{head}"{target}"' if head else f'url("{target}")'

        css = _IMPORT.sub(replace, _URL.sub(replace, css))
        css = _COMMENT.sub(_without_comment, css)
        return (_custom_properties(css, self.theme.settings) + css).encode()

    def _target(self, name: str, css: str, found: re.Match[str], around: tuple[str, ...]) -> str:
        written = found["name"].strip()
        if written.startswith(("data:", "#")):
            return written
        bare, mark, fragment = written.partition("#")
        target = posixpath.normpath(posixpath.join(posixpath.dirname(name), bare))
        if target not in self.data or target in (*around, name):
            line = css.count("\n", 0, found.start()) + 1
            column = found.start("name") - css.rfind("\n", 0, found.start("name"))
            span = Span(self.shown[name], line, column, column + len(written))
            hint = did_you_mean(target, self.data)
            self.findings.add("E705", span, f'there is no asset "{target}"', hint)
            return written
        hashed = self.publish(target, (*around, name))
        return posixpath.join(posixpath.dirname(bare), posixpath.basename(hashed)) + mark + fragment


_COMMENT = re.compile(
    r"""(?P<kept>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|url\([^)"']*\)|/\*!.*?\*/)|/\*.*?\*/""",
    re.DOTALL,
)
"""A comment, or what may look as if one began in it; `/*!` begins one that is to stay."""


def _without_comment(found: re.Match[str]) -> str:
    """Leave out comments: they are for designers, and a tenth of a sheet's weight."""
    return found["kept"] or " "


def _without_comments(script: bytes) -> bytes:
    """Leave out the lines of a script that hold nothing but a `//` comment; its lines keep numbers.

    Those that begin with `//!` or `//#` stay. A script with a text over several lines is left as it
    is, for such a line might be a part of that.
    """
    lines = script.split(b"\n")
    if any(line.count(b"`") % 2 for line in lines):
        return script
    kept, before = [], b""
    for line in lines:
        bare = line.strip()
        is_comment = bare.startswith(b"//") and not bare.startswith((b"//!", b"//#"))
        goes_on = before.rstrip(b"\r").endswith(b"\\") or b"*/" in bare
        kept.append(line if not is_comment or goes_on else b"")
        before = line
    return b"\n".join(kept)


def _custom_properties(css: str, settings: Mapping[str, Any]) -> str:
    """Return the settings that a sheet uses as custom properties for its head."""
    used = set(_SETTING.findall(css))
    lines = [
        f"--setting-{name}:{_css_value(value)}"
        for key, value in sorted(settings.items())
        if (name := key.replace("_", "-")) in used
    ]
    return f":root{{{';'.join(lines)}}}\n" if lines else ""


def _css_value(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    return re.sub(r"[{};<>\\\n]", "", str(value))
