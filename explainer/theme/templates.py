"""The Jinja environment: finds templates along the chain of themes and renders views.

Whatever is wrong with a template becomes a diagnostic with its file and line.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any, NamedTuple

import jinja2
from jinja2 import meta, nodes
from jinja2.runtime import Context
from markupsafe import Markup, escape

from explainer.content.model import Moment
from explainer.diagnostics import Diagnostic, Findings, Span, did_you_mean
from explainer.fingerprint import digest
from explainer.theme import views
from explainer.theme.assets import Assets
from explainer.theme.fonts import Font, FontFault, Fonts
from explainer.theme.helpers import csp_hash, host, iso, readable
from explainer.theme.locales import Strings, format_moment, format_span, og_locale
from explainer.theme.pictures import svg_fault
from explainer.theme.theme import PICTURE, SEARCH, WORDS, Theme
from explainer.theme.typesetting import Setter

TEMPLATES = (
    "base", "home", "story", "question", "topic", "paper", "author", "page", "stories",
    "questions", "topics", "papers", "authors", "search", "404",
)  # fmt: skip
"""Templates that every theme has, itself or from those it extends; without `.html`."""

_NO_ATTRIBUTE = re.compile(r"'(?:[\w.]+\.)?(\w+) object' has no attribute '(\w+)'")


_NO_FONT = re.compile(r'there is no font "(.*)"')
_NAMED = re.compile(r"""\{%[-+]?\s*(?:extends|include|import|from)\s+["']([^"']+)""")


def file_of(name: str) -> str:
    """Return the file of a template: all but one are pages."""
    return f"{name}.svg" if name == PICTURE else f"{name}.html"


class TemplateFault(Exception):
    """A template could not be rendered; carries the diagnostic."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


class _Look(NamedTuple):
    """What can be told of a template without rendering it."""

    source: str
    references: tuple[str, ...]
    """Templates that it extends, includes or imports."""

    assets: tuple[str, ...] | None
    """Assets that it names; None where a name is not written out."""


class _Loader(jinja2.BaseLoader):
    """Finds `story.html` in the first layer that has it, `gazette/story.html` in that theme."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self.shown: dict[str, str] = {}
        """File of a template that was read -> how messages name it."""

    def get_source(
        self, environment: jinja2.Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        head, _, rest = template.partition("/")
        parents = [layer for layer in self.theme.layers if layer.name == head]
        layers = (parents[-1],) if parents and rest else self.theme.layers
        name = rest if parents and rest else template
        for layer in layers:
            path = layer.folder / os.path.normpath(f"templates/{name}")
            content = self.theme.all_files().get(path)
            if content is not None:
                self.shown[str(path)] = f"{layer.shown}/templates/{name}"
                return content.decode("utf-8"), str(path), lambda: True
        raise jinja2.TemplateNotFound(template)

    def shown_as(self, template: str) -> str:
        """Return how messages name the file of a template."""
        _, path, _ = self.get_source(jinja2.Environment(), template)
        return self.shown[path]


_SPECIAL = re.compile("[&<>\"']").search


def _escaped(value: Any) -> str:
    """Return a value as it stands in HTML.

    Does what `markupsafe.escape` does, which templates call some hundred times for a page. Nearly
    all values are finished HTML, or text with nothing in it to escape; those are given back as they
    are, without a new object.
    """
    kind = type(value)
    if kind is Markup or (kind is str and _SPECIAL(value) is None):
        return value  # type: ignore[no-any-return]
    return escape(value)


class _Environment(jinja2.Environment):
    """Finds a template that was loaded before in one step.

    A page has a dozen that it extends, includes and imports, and the library's own way to each
    takes many times as long. Files do not change while an environment is in use.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._ready: dict[str, jinja2.Template] = {}

    def get_template(
        self, name: str | jinja2.Template, parent: str | None = None, globals: Any = None
    ) -> jinja2.Template:
        """Return the template of a name."""
        if globals is not None or not isinstance(name, str):
            return super().get_template(name, parent, globals)
        found = self._ready.get(name)
        if found is None:
            found = self._ready[name] = super().get_template(name, parent)
        return found


class _Template(jinja2.Template):
    """A compiled template that escapes with less effort."""

    @classmethod
    def from_code(cls, *given: Any, **more: Any) -> jinja2.Template:
        template = super().from_code(*given, **more)
        names = template.root_render_func.__globals__
        if names.get("escape") is escape:
            names["escape"] = _escaped
        return template


class Templates:
    """The templates of a theme, with the helpers that they may use."""

    def __init__(
        self,
        theme: Theme,
        assets: Assets,
        strings: Strings,
        href: Callable[[str], str],
        absolute: Callable[[str], str],
    ) -> None:
        self.theme = theme
        self.assets = assets
        self.strings = strings
        self._href = href
        self._loader = _Loader(theme)
        self._looks: dict[str, _Look] = {}
        self._fonts: Fonts | None = None
        self.environment = self._environment(strings, absolute)

    def _environment(self, strings: Strings, absolute: Callable[[str], str]) -> jinja2.Environment:
        environment = _Environment(
            loader=self._loader,
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            cache_size=-1,
        )
        environment.template_class = _Template
        del environment.globals["lipsum"]
        del environment.filters["random"]
        environment.globals.update(
            asset=self._asset, t=strings, absolute=absolute, csp_hash=csp_hash, readable=readable
        )
        environment.filters.update(
            date=_date, until=_until, iso=iso, host=host, og_locale=og_locale
        )
        return environment

    def _asset(self, name: str) -> str:
        published = self.assets.names.get(name)
        if published is None:
            raise LookupError(f'there is no asset "{name}"')
        return self._href(f"/assets/{published}")

    def _sorts(self) -> tuple[str, ...]:
        """Return the sorts of pages that the theme must have a template for, or has one for."""
        return tuple(name for name in TEMPLATES if name != SEARCH or self.theme.searches)

    def check(self, findings: Findings) -> None:
        """Read every template, and report all that can be told without rendering."""
        names = [f"{name}.html" for name in self._sorts()]
        names += [name for name in self.theme.files("templates") if name not in names]
        for name in names:
            try:
                source, path, _ = self._loader.get_source(self.environment, name)
            except jinja2.TemplateNotFound:
                span = Span(f"themes/{self.theme.name}/templates")
                findings.add("E704", span, f'the theme has no template "{name}"')
                continue
            except UnicodeDecodeError:
                findings.add("E702", Span(f"themes/{self.theme.name}/templates/{name}"),
                             "the template is not UTF-8 text")  # fmt: skip
                continue
            self._check_template(name, source, path, findings)

    def _check_template(self, name: str, source: str, path: str, findings: Findings) -> None:
        shown = self._loader.shown[path]
        try:
            tree = self.environment.parse(source, filename=path)
            # Unknown filters and tests come to light only here.
            self.environment.get_template(name)
        except jinja2.TemplateSyntaxError as error:
            span = Span(shown, error.lineno, 1)
            findings.add("E702", span, str(error.message or "cannot be read").rstrip("."))
            return
        for node in tree.find_all((nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)):
            span = Span(shown, node.lineno, 1)
            target = getattr(node, "template", None)
            if not isinstance(target, nodes.Const) or not isinstance(target.value, str):
                findings.add("E706", span, "the name of the template is not written out")
                continue
            try:
                self._loader.get_source(self.environment, target.value)
            except jinja2.TemplateNotFound:
                hint = did_you_mean(target.value, self._names())
                findings.add("E704", span, f'there is no template "{target.value}"', hint)

    def _names(self) -> list[str]:
        """Return all names by which a template may be called."""
        names = [*(f"{name}.html" for name in TEMPLATES), *self.theme.files("templates")]
        return names + [f"{layer.name}/{name}" for layer in self.theme.layers for name in names]

    def closure(self, name: str) -> dict[str, str]:
        """Return all templates that one is made of: name -> source."""
        found: dict[str, str] = {}
        pending = [name]
        while pending:
            current = pending.pop()
            if current not in found:
                found[current] = self._looked_at(current).source
                pending += self._looked_at(current).references
        return found

    def files_of(self, name: str) -> frozenset[str]:
        """Return the files of all templates that one sort of page is made of, as messages do."""
        if name == WORDS:
            return frozenset()
        return frozenset(self._loader.shown_as(part) for part in self.closure(file_of(name)))

    def _looked_at(self, name: str) -> _Look:
        """Return what a template names; each is parsed once, however many pages have it."""
        if name not in self._looks:
            source, path, _ = self._loader.get_source(self.environment, name)
            tree = self.environment.parse(source, filename=path)
            references = (ref for ref in meta.find_referenced_templates(tree) if ref is not None)
            self._looks[name] = _Look(source, tuple(references), _assets_in(tree))
        return self._looks[name]

    def fingerprints(self, around: str) -> dict[str, str]:
        """Return a digest for each sort of page, and for `WORDS`: of all that may shape it.

        That is every template it is made of, the assets that these name, and what is `around`
        all of them: words, settings.
        """
        found = {WORDS: digest(around)}
        for name in (*self._sorts(), *([PICTURE] if self.theme.draws else [])):
            sources = self.closure(file_of(name))
            parts = [around]
            if name == PICTURE:
                files = self.theme.all_files()
                parts += [part for path, _ in self.theme.fonts()
                          for part in (path.stem, digest(files[path]))]  # fmt: skip
            for part, source in sorted(sources.items()):
                parts += [part, self._loader.shown_as(part), source]
            for asset in sorted(self._assets_of(sources)):
                parts += [asset, self.assets.names.get(asset, "")]
            found[name] = digest(*parts)
        return found

    def _assets_of(self, names: Iterable[str]) -> set[str]:
        """Return the assets that some templates name; all, where a name is not written out."""
        found: set[str] = set()
        for name in names:
            named = self._looked_at(name).assets
            if named is None:
                return set(self.assets.names)
            found.update(named)
        return found

    def compile(self, names: Iterable[str]) -> None:
        """Compile the templates of some sorts of pages, as far as their names are written out.

        What is wrong with one is told by whoever renders with it.
        """
        pending = [file_of(name) for name in names]
        done: set[str] = set()
        while pending:
            name = pending.pop()
            if name in done:
                continue
            done.add(name)
            with contextlib.suppress(jinja2.TemplateError, UnicodeDecodeError, OSError):
                self.environment.get_template(name)
                pending += _NAMED.findall(self._loader.get_source(self.environment, name)[0])

    def render(self, name: str, page: views.View, site: views.SiteView, **more: Any) -> str:
        """Render a view with the template of that name; `more` are further variables."""
        theme = views.ThemeView(name=self.theme.name, settings=dict(self.theme.settings))
        try:
            template = self.environment.get_template(file_of(name))
            return template.render(page=page, site=site, theme=theme, **more)
        except Exception as error:
            raise TemplateFault(self._diagnostic(name, error)) from error

    # -- pictures ----------------------------------------------------------------------------

    def fonts(self) -> Fonts:
        """Return the fonts for pictures; those that cannot be used are left out."""
        if self._fonts is None:
            self._fonts = self._read_fonts(Findings())
        return self._fonts

    def check_fonts(self, findings: Findings) -> None:
        """Read the fonts for pictures, and report those that cannot be used."""
        self._fonts = self._read_fonts(findings)

    def _read_fonts(self, findings: Findings) -> Fonts:
        found = []
        for path, shown in self.theme.fonts():
            try:
                found.append(Font(path.stem, self.theme.all_files()[path]))
            except FontFault as fault:
                findings.add(
                    "E707", Span(shown), f"this is {fault}",
                    "pictures are set in fonts that are TrueType or OpenType files",
                )  # fmt: skip
        return Fonts(found)

    def picture(self, page: views.View, site: views.SiteView, setter: Setter) -> str:
        """Render the picture of a view as SVG; what is wrong with it raises TemplateFault."""
        text = self.render(PICTURE, page, site, fit=setter.fit)
        fault = svg_fault(text)
        if fault:
            findings = Findings()
            shown = self._loader.shown_as(file_of(PICTURE))
            findings.add("E708", Span(shown, 1, 1), fault)
            raise TemplateFault(next(iter(findings)))
        return text

    def _diagnostic(self, name: str, error: Exception) -> Diagnostic:
        """Tell where in which template an error came up, in words."""
        if isinstance(error, jinja2.TemplateSyntaxError) and error.filename:
            path, line = error.filename, error.lineno
        else:
            path, line = self._innermost(error.__traceback__)
        file = file_of(name)
        shown = self._loader.shown.get(path, f"themes/{self.theme.name}/templates/{file}")
        message = str(error) or type(error).__name__
        hints: list[str] = []
        if found := _NO_ATTRIBUTE.search(message):
            view, attribute = found.groups()
            message = f'{_class_words(view)} has no "{attribute}"'
            hints = [did_you_mean(attribute, _fields(view))]
            if view == "dict":
                message = f'there is no "{attribute}" here'
                hints = [did_you_mean(attribute, self.theme.settings)]
        findings = Findings()
        code = "E705" if "no asset" in message else "E703"
        if code == "E705":
            hints = [did_you_mean(message.split('"')[1], self.assets.names)]
        if found := _NO_FONT.search(message):
            hints = [did_you_mean(found[1], self.fonts().names)]
        findings.add(code, Span(shown, line, 1 if line else 0), message, *hints)
        return next(iter(findings))

    def _innermost(self, trace: TracebackType | None) -> tuple[str, int]:
        place = ("", 0)
        while trace is not None:
            filename = trace.tb_frame.f_code.co_filename
            if filename in self._loader.shown:
                place = (filename, trace.tb_lineno)
            trace = trace.tb_next
        return place


def _assets_in(tree: nodes.Template) -> tuple[str, ...] | None:
    """Return the assets that a template names; None where a name is not written out."""
    calls = [
        call for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name == "asset"
    ]  # fmt: skip
    names = [call.args[0].value for call in calls
             if call.args and isinstance(call.args[0], nodes.Const)]  # fmt: skip
    uses = sum(1 for name in tree.find_all(nodes.Name) if name.name == "asset")
    return tuple(map(str, names)) if len(names) == uses else None


@jinja2.pass_context
def _date(context: Context, moment: Moment, style: str = "long") -> str:
    return format_moment(moment, style, context["site"].language)


@jinja2.pass_context
def _until(context: Context, first: Moment, last: Moment) -> str:
    return format_span(first, last, context["site"].language)


def _fields(view: str) -> list[str]:
    """Return the names that a view class, or a type of the model, offers to templates."""
    cls: Any = getattr(views, view, None)
    return sorted(views.field_names(cls)) if cls else []


def _class_words(view: str) -> str:
    if view == "SocialCardPage":
        return "a social card"
    return "page" if view.endswith("Page") else "site" if view == "SiteView" else f"a {view}"
