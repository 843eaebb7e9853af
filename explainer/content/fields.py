"""Reads the keys of one map: each value as the type that is wanted, every fault as a finding."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import tzinfo
from functools import cache
from urllib.parse import urlsplit

from explainer.config import SectionRule
from explainer.content.dates import parse_moment
from explainer.content.document import Document
from explainer.content.keys import Key
from explainer.content.model import KINDS, Moment, Prose, Ref
from explainer.content.origins import scalar_origins
from explainer.content.prose import Markdown
from explainer.content.references import classify
from explainer.content.slugs import clean_path
from explainer.content.yaml import Mapping, Node, Scalar, Sequence
from explainer.diagnostics import Findings, Span, did_you_mean

_NO_ADDRESS = re.compile(r'[\s"<>\\^`{|}]')
_ID = re.compile(r"\w[\w.-]*")
_LANGUAGE = re.compile(
    r"(?P<language>[A-Za-z]{2,3})(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|[0-9]{3}))?"
    r"(?:-(?:[A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*"
)
_NO_COUNTRIES = frozenset("AC CP CQ DG EA EU EZ IC QO TA UN XA XB XK ZZ".split())
"""Two-letter codes of CLDR that ISO 3166-1 does not assign to a country."""


_MAX_HINTS = 100
"""Unknown keys of one map that are held against the known ones: crafted input has thousands."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The settings that reading an entry depends on: the same file and these give the same."""

    rules: tuple[SectionRule, ...]
    language: str
    zone: tzinfo
    mentions: bool


class Fields:
    """The keys of one map in an entry."""

    def __init__(
        self,
        document: Document,
        mapping: Mapping,
        known: tuple[Key, ...],
        reading: Reading,
        findings: Findings,
        start: Span,
    ) -> None:
        self.document = document
        self.findings = findings
        self.reading = reading
        self.language = reading.language
        self.start = start
        self._values = {key.text: value for key, value in mapping.pairs}
        self._spans = {key.text: key.span for key, _ in mapping.pairs}
        names = [key.name for key in known]
        self._required = {key.name for key in known if key.required}
        unknown = [name for name in self._spans if name not in names]
        for number, name in enumerate(unknown):
            span, hint = self._spans[name], ""
            if number < _MAX_HINTS:
                hint = did_you_mean(name, names) or f"known are {', '.join(names)}"
            if " " in name:
                hint = "a comma inside { } splits a text in two: put the text in quotes"
            findings.add("E301", span, f'unknown key "{name}"', hint)

    # -- single values -----------------------------------------------------------------------

    def has(self, name: str) -> bool:
        """Tell whether the key stands there with a value."""
        value = self._values.get(name)
        return value is not None and not (isinstance(value, Scalar) and value.is_null)

    def is_empty(self, name: str) -> bool:
        """Tell whether the key stands there, and nothing behind it."""
        value = self._values.get(name)
        return isinstance(value, Scalar) and (value.is_null or not value.text.strip())

    def value_span(self, name: str) -> Span:
        """Return the place of a key's value, or where a missing key is reported."""
        value = self._values.get(name)
        return value.span if value is not None else self.start

    def scalar(self, name: str, *, empty: bool = False) -> Scalar | None:
        """Return the value as it was written, if it is a single one and not empty."""
        value = self._values.get(name)
        if value is None:
            if name in self._required:
                self._add("E302", self.start, f"`{name}` is missing", f"add a line: {name}: …")
            return None
        if not isinstance(value, Scalar):
            self._add("E303", value.span, f"`{name}` must be a single value, not a list or map")
            return None
        if empty and not value.is_null:
            return value
        if value.is_null or not value.text.strip():
            if name in self._required:
                span = value.span if value.end > value.start else self._spans[name]
                self._add("E309", span, f"`{name}` is empty", "write something behind it")
            return None
        return value

    def text(self, name: str, *, most: int = 0, empty: bool = False) -> str:
        """Return a text on one line, as it was written; at most `most` characters."""
        scalar = self.scalar(name, empty=empty)
        if scalar is None:
            return ""
        text = unicodedata.normalize("NFC", " ".join(scalar.text.split()))
        if most and len(text) > most:
            self._add(
                "E306", scalar.span, f"`{name}` has {len(text)} characters, {most} are allowed"
            )
        return text

    def inline(self, name: str) -> Prose:
        """Return a value that is inline Markdown."""
        scalar = self.scalar(name)
        if scalar is None:
            return Prose()
        origins = scalar_origins(self.document, scalar)
        text = scalar.text.rstrip("\n")
        return Markdown(text, origins, self.language, self.findings, inline=True).inline()

    def flag(self, name: str, default: bool | None) -> bool | None:
        """Return true or false."""
        scalar = self.scalar(name)
        if scalar is None:
            return default
        if not scalar.plain or scalar.text not in ("true", "false"):
            hint = did_you_mean(scalar.text, ("true", "false")) or "write true or false"
            self._add("E303", scalar.span, f"`{name}` must be true or false", hint)
            return default
        return scalar.text == "true"

    def choice(self, name: str, choices: tuple[str, ...]) -> str:
        """Return one of a fixed set of words."""
        scalar = self.scalar(name)
        if scalar is None:
            return ""
        if scalar.text not in choices:
            hint = did_you_mean(scalar.text, choices)
            self._add("E304", scalar.span, f'`{name}` may not be "{scalar.text}"',
                      hint or f"one of {', '.join(choices)}")  # fmt: skip
            return ""
        return scalar.text

    def moment(self, name: str, *, day: bool = True) -> Moment | None:
        """Return a date; `day` says that it must have at least a day."""
        scalar = self.scalar(name)
        if scalar is None:
            return None
        found = parse_moment(scalar.text, self.reading.zone)
        if found is None:
            self._add("E305", scalar.span, f'"{scalar.text}" is not a date',
                      "write 2025-09-19 or 2025-09-19T10:00:00Z")  # fmt: skip
        elif day and not found.has_day:
            self._add("E305", scalar.span, f'"{scalar.text}" has no day', "write 2025-09-19")
            return None
        return found

    def url(self, name: str) -> str:
        """Return a full web address."""
        scalar = self.scalar(name)
        return self._url(name, scalar) if scalar is not None else ""

    def id(self, name: str) -> str:
        """Return an id."""
        scalar = self.scalar(name)
        if scalar is None:
            return ""
        if not _ID.fullmatch(scalar.text):
            self._add("E312", scalar.span, f'"{scalar.text}" is not an id',
                      "use letters, digits, hyphens and dots")  # fmt: skip
            return ""
        return scalar.text

    def language_tag(self, name: str) -> str:
        """Return a BCP 47 language tag."""
        scalar = self.scalar(name)
        if scalar is None:
            return ""
        tag = _LANGUAGE.fullmatch(scalar.text)
        if tag is None or tag["language"].lower() not in _languages():
            names = _languages()
            by_name = next((code for code, one in names.items() if one == scalar.text.lower()), "")
            hint = f'did you mean "{by_name}"?' if by_name else "write en or zh-Hans"
            self._add("E311", scalar.span, f'"{scalar.text}" is not a language tag', hint)
            return ""
        return scalar.text

    def country(self, name: str) -> str:
        """Return an ISO 3166-1 country code."""
        scalar = self.scalar(name)
        if scalar is None:
            return ""
        countries = _countries()
        if scalar.text not in countries:
            code = {"UK": "GB", "EN": "GB"}.get(scalar.text.upper(), scalar.text.upper())
            if code not in countries:
                wanted = scalar.text.casefold()
                code = next((c for c, n in countries.items() if n.casefold() == wanted), "")
            hint = f'did you mean "{code}"?' if code else "write GB or CN"
            self._add("E311", scalar.span, f'"{scalar.text}" is not a country code', hint)
            return ""
        return scalar.text

    def ref(self, name: str, kind: str) -> Ref | None:
        """Return a reference to an entry, or to a source of this one."""
        scalar = self.scalar(name)
        return self._ref(scalar, kind) if scalar is not None else None

    def file(self, name: str) -> Ref | None:
        """Return a reference to a file beside the entry."""
        scalar = self.scalar(name)
        if scalar is None:
            return None
        meaning = classify(scalar.text, scalar.span, self.findings, picture=True)
        if isinstance(meaning, Ref) and meaning.kind in ("file", "url"):
            return meaning
        if isinstance(meaning, Ref):
            self._add("E209", scalar.span, f'"{scalar.text}" is not a file')
        return None

    # -- lists -------------------------------------------------------------------------------

    def refs(self, name: str, kind: str) -> tuple[Ref, ...]:
        """Return a list of references to entries of a kind."""
        found: dict[str, Ref] = {}
        for scalar in self._scalars(name):
            ref = self._ref(scalar, kind)
            if ref.slug in found:
                self._add("W310", scalar.span, f'"{ref.slug}" stands twice in `{name}`')
            found.setdefault(ref.slug, ref)
        return tuple(found.values())

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts."""
        found = [unicodedata.normalize("NFC", " ".join(s.text.split())) for s in
                 self._scalars(name)]  # fmt: skip
        return tuple(dict.fromkeys(found))

    def urls(self, name: str) -> tuple[str, ...]:
        """Return a list of web addresses."""
        found = [self._url(name, scalar) for scalar in self._scalars(name)]
        return tuple(dict.fromkeys(url for url in found if url))

    def paths(self, name: str) -> tuple[Ref, ...]:
        """Return a list of paths of this site."""
        found: dict[str, Ref] = {}
        for scalar in self._scalars(name):
            try:
                path = clean_path(scalar.text)
            except UnicodeDecodeError:
                path = None
            if path is None:
                hint = "write a path that starts with a slash: /old-path/"
                self._add("E505", scalar.span, f'"{scalar.text}" is not a path of this site', hint)
            elif path in found:
                self._add("W310", scalar.span, f'"{path}" stands twice in `{name}`')
            else:
                span = scalar.span
                found[path] = Ref("url", path, "", span.line, span.column, span.end_column)
        return tuple(found.values())

    def records(self, name: str, known: tuple[Key, ...]) -> Iterator[Fields]:
        """Yield the maps of a list of maps."""
        for node in self._items(name):
            if isinstance(node, Mapping):
                yield self._inner(node, known)
            else:
                first = known[0].name
                self._add("E303", node.span, f"each of `{name}` must be a map",
                          f"write {{ {first}: …, {known[1].name}: … }}")  # fmt: skip

    def record(self, name: str, known: tuple[Key, ...]) -> Fields | None:
        """Return the map behind a key."""
        value = self._values.get(name)
        if value is None or (isinstance(value, Scalar) and value.is_null):
            return None
        if not isinstance(value, Mapping):
            self._add("E303", value.span, f"`{name}` must be a map",
                      f"write {{ {known[0].name}: …, {known[1].name}: … }}")  # fmt: skip
            return None
        return self._inner(value, known)

    # -- helpers -----------------------------------------------------------------------------

    def _inner(self, mapping: Mapping, known: tuple[Key, ...]) -> Fields:
        inner = Fields(self.document, mapping, known, self.reading, self.findings, mapping.span)
        inner.language = self.language
        return inner

    def _items(self, name: str) -> tuple[Node, ...]:
        value = self._values.get(name)
        if value is None or (isinstance(value, Scalar) and value.is_null):
            return ()
        if not isinstance(value, Sequence):
            hint = f"write {name}: [{value.text}]" if isinstance(value, Scalar) else ""
            self._add("E303", value.span, f"`{name}` must be a list", hint)
            return ()
        return value.items

    def _scalars(self, name: str) -> Iterator[Scalar]:
        for node in self._items(name):
            if not isinstance(node, Scalar):
                self._add("E303", node.span, f"`{name}` must be a list of single values")
            elif node.is_null or not node.text.strip():
                self._add("E309", node.span, f"an item of `{name}` is empty")
            else:
                yield node

    def _ref(self, scalar: Scalar, kind: str) -> Ref:
        text = unicodedata.normalize("NFC", scalar.text.strip())
        prefix, colon, rest = text.partition(":")
        if colon and (prefix in KINDS or prefix == "source"):
            self._add("E303", scalar.span, f'"{text}" must be a bare slug here', f"write {rest}")
            text = rest
        span = scalar.span
        return Ref(kind, text, "", span.line, span.column, span.end_column)

    def _url(self, name: str, scalar: Scalar) -> str:
        text = scalar.text.strip()
        try:
            parts = urlsplit(text)
            valid = parts.scheme in ("http", "https") and bool(parts.hostname)
            _ = parts.port
        except ValueError:
            valid = False
        if not valid or _NO_ADDRESS.search(text):
            hint = "write the full address: https://…"
            self._add("E307", scalar.span, f'"{text}" is not a web address', hint)
            return ""
        return text

    def _add(self, code: str, span: Span, message: str, *hints: str) -> None:
        self.findings.add(code, span, message, *hints)


@cache
def _languages() -> dict[str, str]:
    """Map language codes to their English names in lower case."""
    from babel import Locale

    names = Locale("en").languages
    return {code: name.lower() for code, name in names.items() if "_" not in code}


@cache
def _countries() -> dict[str, str]:
    """Map ISO 3166-1 codes to English names."""
    from babel import Locale

    names = Locale("en").territories
    return {c: n for c, n in names.items() if len(c) == 2 and c not in _NO_COUNTRIES}
