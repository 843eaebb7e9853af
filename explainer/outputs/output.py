"""The Output: one file of the site, and how it is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from explainer.content.model import Value
from explainer.diagnostics import Findings, Span
from explainer.pictures.cache import Cache

if TYPE_CHECKING:
    from explainer.outputs.builder import ViewBuilder
    from explainer.outputs.gallery import Gallery
    from explainer.site.facts import Facts
    from explainer.theme.templates import Templates
    from explainer.theme.views import BasePage


class Output(Value, frozen=True, order=True):
    """One file of the site, as plain data."""

    path: str
    """Relative to the output folder, with `/` between its parts."""

    sort: str
    """Key of `explainer.outputs.plan.SORTS`: what makes it."""

    kind: str = ""
    """What it is made of, as its sort wants it: kind of the entry, name of the index, path."""

    slug: str = ""
    """Slug of the entry; of a picture, the format in which it is published."""

    number: int = 0
    """Page of a list, from 1; width of a picture, 0 for that of its file."""

    @property
    def is_page(self) -> bool:
        """Whether a reader would call it a page."""
        return self.sort in ("entry", "index")


@dataclass(frozen=True, slots=True)
class Making:
    """What outputs are made with."""

    root: Path
    """Folder of the site, for files that are published as they are."""

    facts: Facts
    views: ViewBuilder
    templates: Templates
    gallery: Gallery | None = None
    """Draws pictures; None where what is made is thrown away, so that none need be drawn."""

    findings: Findings = field(default_factory=Findings)
    """What is wrong with an output and yet keeps nobody from making it."""

    def warn(self, code: str, span: Span, message: str, *hints: str) -> None:
        """Report something of the output that is being made."""
        self.findings.add(code, span, message, *hints)

    pictures: Cache = field(default_factory=lambda: Cache(None))
    """Pictures that were made before."""

    def page(self, template: str, view: BasePage) -> bytes:
        """Return a view as a page."""
        self.facts.note("template", template)
        return self.templates.render(template, view, self.views.site_view).encode()


Render = Callable[[Output, "Making"], bytes]
"""Returns the content of an output; it depends on nothing but what it looks at in `Making`."""
