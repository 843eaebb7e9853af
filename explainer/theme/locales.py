"""The words of the interface, dates and plurals in the site's language."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.dates import format_date, format_interval, format_skeleton

from explainer.content.model import Moment
from explainer.diagnostics import Findings, Span
from explainer.theme.theme import Theme

FALLBACK = "en"


@cache
def babel_locale(language: str) -> Locale:
    """Return Babel's locale of a language tag; world English where it knows none.

    Plain `en` means the English of the world, not of the United States, so that dates read
    19 September 2025.
    """
    if language == "en":
        return Locale.parse("en_001")
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        primary = language.split("-")[0]
        return babel_locale(primary if primary != language else "en")


@cache
def language_name(language: str, shown_in: str) -> str:
    """Return the name of a language in another one; the tag itself where there is none."""
    try:
        named = Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return language
    return named.get_display_name(babel_locale(shown_in)) or language


@cache
def country_name(country: str, shown_in: str) -> str:
    """Return the name of a country in a language; its code where there is none."""
    return str(babel_locale(shown_in).territories.get(country, country))


@cache
def og_locale(language: str) -> str:
    """Return a language with its country, as Open Graph has it: `en_GB`, `zh_CN` for `zh-Hans`."""
    parts = language.split("-")
    likely = get_global("likely_subtags")
    country = parts[-1] if len(parts) > 1 and len(parts[-1]) < 4 else ""
    if not country:
        whole = likely.get("_".join(parts)) or likely.get(parts[0]) or ""
        country = whole.split("_")[-1]
    return f"{parts[0].lower()}_{country.upper()}" if country else parts[0].lower()


@cache
def format_moment(moment: Moment, style: str, language: str) -> str:
    """Return a date in words, as precise as it was written."""
    locale = babel_locale(language)
    if len(moment.text) == len("2025"):
        return moment.text
    day, has_day = _day(moment)
    if style == "month-name":
        return str(format_skeleton("MMM", day, locale=locale))
    if not has_day or style == "month":
        return str(format_skeleton("yMMMM", day, locale=locale))
    return str(format_date(day, "medium" if style == "short" else "long", locale=locale))


_SKELETONS = {len("2025"): "y", len("2025-09"): "yMMM", len("2025-09-19"): "yMMMd"}
"""Length of a date as it is written -> how a span of such dates is written out."""


@cache
def format_span(first: Moment, last: Moment, language: str) -> str:
    """Return a span of time in words, short, as precise as the less precise of its ends."""
    locale = babel_locale(language)
    length = min(len(first.text[:10]), len(last.text[:10]))
    skeleton = _SKELETONS[length]
    start, end = (_day(Moment(one.instant, one.text[:length]))[0] for one in (first, last))
    if start != end:
        return str(format_interval(start, end, skeleton=skeleton, locale=locale))
    return first.text[:length] if skeleton == "y" else (
        str(format_skeleton(skeleton, start, locale=locale))
    )  # fmt: skip


def _day(moment: Moment) -> tuple[date, bool]:
    """Return the day of a date, the first of its month or year if need be, and if it names one."""
    year, month, day, *_ = (*map(int, moment.text[:10].split("-")), 0, 0)
    return date(year, month or 1, day or 1), bool(day)


class Strings:
    """The words of a theme in one language."""

    def __init__(self, strings: Mapping[str, Any], language: str) -> None:
        self._strings = strings
        self._locale = babel_locale(language)
        self._plain: dict[str, str] = {}
        """Words that were asked for without values, most of all."""

    def __call__(self, key: str, /, **values: Any) -> str:
        """Return the words behind a key, with its places filled in."""
        if not values and (plain := self._plain.get(key)) is not None:
            return plain
        found = self._strings.get(key)
        if found is None:
            raise LookupError(f'no locale file has the words "{key}"')
        if isinstance(found, dict):
            form = self._locale.plural_form(values.get("count", 0))
            found = found.get(form, found["other"])
        words = str(found).format(**values)
        if not values:
            self._plain[key] = words
        return words

    def forms(self, key: str) -> dict[str, str]:
        """Return the plural forms of words by their names, with the places not filled in.

        For scripts, which learn the number in the browser.
        """
        found = self._strings.get(key)
        if not isinstance(found, dict):
            raise LookupError(f'no locale file has plural forms of "{key}"')
        return {form: str(words) for form, words in found.items()}

    @property
    def keys(self) -> frozenset[str]:
        """The keys that exist."""
        return frozenset(self._strings)


def read_strings(theme: Theme, language: str, findings: Findings) -> Strings:
    """Read the words of a theme: the language's own, its primary language's, else English."""
    merged: dict[str, Any] = {}
    for name in dict.fromkeys((FALLBACK, language.split("-")[0], language)):
        for layer in reversed(theme.layers):
            path = layer.folder / "locales" / f"{name}.toml"
            content = theme.all_files().get(path)
            if content is None:
                continue
            shown = f"{layer.shown}/locales/{name}.toml"
            try:
                merged.update(tomllib.loads(content.decode("utf-8")))
            except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
                findings.add("E701", Span(shown, 1, 1), f"not valid TOML: {error}")
    for key, value in merged.items():
        if isinstance(value, dict) and "other" not in value:
            span = Span(f"themes/{theme.name}/locales")
            findings.add("E701", span, f'the words "{key}" have no form `other`')
    return Strings(merged, language)
