"""A theme and those it extends: which folders it is searched in, and its settings."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import explainer
from explainer.config import CARD_FONT_ENDINGS, Config, TomlDocument, read_toml
from explainer.diagnostics import Findings, Span, did_you_mean

SETTING_TYPES = ("color", "text", "boolean", "integer", "choice")
FOLDERS = ("templates", "assets", "locales", "fonts")
"""Folders of a theme whose files shape pages, or the pictures of pages."""

PICTURE = "social-card"
"""The template that is no page but a picture."""

WORDS = "words"
"""Stands in the place of a template where words of the theme are shown without one."""

SEARCH = "search"
"""The template of the page that a site may do without."""

_SETTING_KEYS = ("type", "default", "doc", "choices")
_THEME_KEYS = ("name", "description", "extends", "settings")
_COLOR = re.compile(r"#(?:[0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})")


@dataclass(frozen=True, slots=True)
class Layer:
    """One folder of the chain of themes, the most specific first."""

    name: str
    """Name of the theme: `{% extends "name/story.html" %}` means the last layer of a name."""

    folder: Path
    shown: str
    """How messages name the folder: relative to the site where it lies in it."""


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme, ready to be used."""

    name: str
    layers: tuple[Layer, ...]
    settings: Mapping[str, Any]
    """Values of its settings: the site's own, else the defaults."""

    site_fonts: tuple[tuple[Path, str], ...] = ()
    """Fonts that site.toml adds to its own, each with the name that messages give it."""

    _read: dict[Path, bytes] = field(default_factory=dict, compare=False, repr=False)
    _found: dict[str, dict[str, tuple[Path, str]]] = field(
        default_factory=dict, compare=False, repr=False
    )

    def all_files(self) -> dict[Path, bytes]:
        """Return every file of all layers that may shape a page, with its content.

        All are read once, when somebody asks for the first time. So what shapes a page is what the
        digest of the theme was taken of, even if a file is saved in the midst of a build.
        """
        if not self._read:
            for layer in self.layers:
                paths = [layer.folder / "theme.toml"]
                for folder in FOLDERS:
                    paths += sorted(_files_in(layer.folder / folder))
                self._read.update((path, path.read_bytes()) for path in paths if path.is_file())
            self._read.update((path, path.read_bytes()) for path, _ in self.site_fonts)
        return self._read

    def files(self, folder: str) -> dict[str, tuple[Path, str]]:
        """Return the files in a folder of the theme: name -> path, and how messages name it.

        A file of a more specific layer stands for those of the same name behind it.
        """
        if folder not in self._found:
            found: dict[str, tuple[Path, str]] = {}
            for layer in self.layers:
                base = f"{layer.folder / folder}{os.sep}"
                for path in self.all_files():
                    if str(path).startswith(base):
                        name = Path(str(path)[len(base) :]).as_posix()
                        if not any(part.startswith(".") for part in name.split("/")):
                            found.setdefault(name, (path, f"{layer.shown}/{folder}/{name}"))
            self._found[folder] = dict(sorted(found.items()))
        return self._found[folder]

    @property
    def draws(self) -> bool:
        """Whether it has a template for social cards; a theme may do without them."""
        return f"{PICTURE}.svg" in self.files("templates")

    @property
    def searches(self) -> bool:
        """Whether it has a template for the search; a theme may do without it."""
        return f"{SEARCH}.html" in self.files("templates")

    def fonts(self) -> tuple[tuple[Path, str], ...]:
        """Return the fonts for pictures: those of site.toml before those of the theme."""
        own = self.files("fonts").values()
        fonts = (one for one in own if one[0].suffix.lower() in CARD_FONT_ENDINGS)
        return (*self.site_fonts, *fonts)

    def contents(self) -> dict[str, bytes]:
        """Return all files as messages name them, with their contents.

        A file that another one hides counts as well: the layers behind may name it.
        """
        found: dict[str, bytes] = {}
        for number, layer in enumerate(self.layers):
            for path, content in self.all_files().items():
                if path.is_relative_to(layer.folder):
                    shown = f"{layer.shown}/{path.relative_to(layer.folder).as_posix()}"
                    # A theme of the site and one of ours may have the same name.
                    found[shown if shown not in found else f"{number}:{shown}"] = content
        found.update((shown, self.all_files()[path]) for path, shown in self.site_fonts)
        return found


def _files_in(folder: Path) -> Iterator[Path]:
    """Yield all files in a folder, those behind links included."""
    seen: set[str] = set()
    for place, folders, names in os.walk(folder, followlinks=True):
        if (real := os.path.realpath(place)) in seen:
            folders.clear()  # a link to a folder around it
            continue
        seen.add(real)
        yield from (Path(place, name) for name in names)


def built_in_themes() -> Path:
    """Return the folder of our own themes: in the package, or beside it in a checkout."""
    package = Path(explainer.__file__).parent
    inside = package / "themes"
    return inside if inside.is_dir() else package.parent / "themes"


def load_theme(root: Path, config: Config, findings: Findings) -> Theme | None:
    """Find the site's theme and read the settings of its chain."""
    span = config.document.value("site", "theme")
    layers: list[Layer] = []
    declared: dict[str, dict[str, Any]] = {}
    name: str | None = config.theme
    while name is not None:
        found = _layers(root, name)
        if not found:
            names = theme_names(root)
            hint = did_you_mean(name, names) or f"known are {', '.join(names)}"
            findings.add("E607", span, f'there is no theme "{name}"', hint)
            return None
        following: str | None = None
        for layer in found:
            layers.append(layer)
            document = _read(layer, findings)
            if document is None:
                continue
            for key, setting in _settings(document, findings).items():
                declared.setdefault(key, setting)
            following = _extends(document)
            span = document.value("extends")
            if following == layer.name:
                following = None
            elif following is None:
                break
        if following is not None and any(layer.name == following for layer in layers):
            findings.add("E701", span, f'the themes "{name}" and "{following}" extend each other')
            return None
        name = following
    if findings.has_errors:
        return None
    draws = any((one.folder / "templates" / f"{PICTURE}.svg").is_file() for one in layers)
    fonts = _site_fonts(root, config, findings) if config.cards and draws else ()
    return Theme(config.theme, tuple(layers), _values(config, declared, findings), fonts)


def _site_fonts(root: Path, config: Config, findings: Findings) -> tuple[tuple[Path, str], ...]:
    """Return the fonts that site.toml names, in its order; one that is not there is reported."""
    found = []
    for number, name in enumerate(config.card_fonts):
        path = root / name
        if path.is_file():
            found.append((path, name))
        else:
            span = config.document.value("cards", "fonts", number)
            folder = path.parent
            beside = [one.name for one in folder.iterdir()] if folder.is_dir() else []
            hint = did_you_mean(path.name, beside) or "it is looked for beside site.toml"
            findings.add("W609", span, f'there is no font "{name}"', hint)
    return tuple(found)


def _layers(root: Path, name: str) -> list[Layer]:
    """Return the folders of one theme: the site's own first, then ours."""
    if not re.fullmatch(r"[\w-]+", name):
        return []
    own, ours = root / "themes" / name, built_in_themes() / name
    found = []
    if own.is_dir():
        found.append(Layer(name, own, f"themes/{name}"))
    if ours.is_dir() and not (own.is_dir() and own.samefile(ours)):
        found.append(Layer(name, ours, f"themes/{name}"))
    return found


def theme_names(root: Path) -> list[str]:
    """Return the names of the themes that a site can have, sorted."""
    folders = (root / "themes", built_in_themes())
    return sorted(
        {path.name for folder in folders if folder.is_dir() for path in folder.iterdir()
         if path.is_dir() and not path.name.startswith((".", "_"))}
    )  # fmt: skip


def _read(layer: Layer, findings: Findings) -> TomlDocument | None:
    """Read a theme.toml; a folder without one only overrides files of the theme behind it."""
    file = layer.folder / "theme.toml"
    if not file.is_file():
        return None
    document = read_toml(file, f"{layer.shown}/theme.toml", "E701", findings)
    if document is None:
        return None
    for key in document.data:
        if key not in _THEME_KEYS:
            hint = did_you_mean(key, _THEME_KEYS)
            findings.add("E701", document.key(key), f'unknown key "{key}"', hint)
    for key in ("name", "description", "extends"):
        if not isinstance(document.data.get(key, ""), str):
            findings.add("E701", document.value(key), f"`{key}` must be a text in quotes")
            document.data.pop(key)
    return document


def _extends(document: TomlDocument) -> str | None:
    value = document.data.get("extends")
    return value if isinstance(value, str) else None


def _settings(document: TomlDocument, findings: Findings) -> dict[str, dict[str, Any]]:
    """Return the settings that a theme.toml declares rightly."""
    data = document.data.get("settings", {})
    if not isinstance(data, dict):
        findings.add("E701", document.value("settings"), "settings are [settings.key] tables")
        return {}
    found = {}
    for key, setting in data.items():
        fault = _setting_fault(key, setting)
        if fault is None:
            found[key] = setting
        else:
            where, message, hint = fault
            findings.add("E701", document.value("settings", key, *where), message, hint)
    return found


def _setting_fault(key: str, setting: Any) -> tuple[tuple[str, ...], str, str] | None:
    """Return where, what and a hint for a setting that is declared wrongly."""
    if not isinstance(setting, dict):
        return (), f'the setting "{key}" must be a table', ""
    for name in setting:
        if name not in _SETTING_KEYS:
            hint = did_you_mean(name, _SETTING_KEYS)
            return (name,), f'unknown key "{name}" of the setting "{key}"', hint
    for name in ("type", "default", "doc"):
        if name not in setting:
            return (), f'the setting "{key}" has no `{name}`', ""
    if setting["type"] not in SETTING_TYPES:
        hint = did_you_mean(str(setting["type"]), SETTING_TYPES)
        return ("type",), f'unknown type "{setting["type"]}"', hint or ", ".join(SETTING_TYPES)
    if setting["type"] == "choice" and not isinstance(setting.get("choices"), list):
        return (), f'the setting "{key}" has no list of `choices`', ""
    fault = _value_fault(setting, setting["default"])
    return (("default",), f"the default {fault}", "") if fault else None


def _value_fault(setting: dict[str, Any], value: Any) -> str:
    """Return what is wrong with a value of a setting; empty where nothing is."""
    match setting["type"]:
        case "color" if not (isinstance(value, str) and _COLOR.fullmatch(value)):
            return "must be a colour such as #7a1f1f"
        case "text" if not isinstance(value, str):
            return "must be a text in quotes"
        case "boolean" if not isinstance(value, bool):
            return "must be true or false"
        case "integer" if not isinstance(value, int) or isinstance(value, bool):
            return "must be a whole number"
        case "choice" if value not in setting["choices"]:
            return f"must be one of {', '.join(map(str, setting['choices']))}"
    return ""


def _values(
    config: Config, declared: dict[str, dict[str, Any]], findings: Findings
) -> dict[str, Any]:
    """Return the value of every declared setting, and report what [theme] has wrong."""
    for key, value in config.theme_settings.items():
        if key not in declared:
            hint = did_you_mean(key, declared)
            span: Span = config.document.key("theme", key)
            message = f'the theme "{config.theme}" has no setting "{key}"'
            findings.add("E603", span, message, hint or f"known are {', '.join(sorted(declared))}")
        elif fault := _value_fault(declared[key], value):
            findings.add("E605", config.document.value("theme", key), f"`{key}` {fault}")
    own = config.theme_settings
    return {key: own.get(key, setting["default"]) for key, setting in sorted(declared.items())}
