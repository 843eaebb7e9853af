"""The Output: one file of the site, and how it is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from explainer.outputs.builder import ViewBuilder
from explainer.theme.templates import Templates
from explainer.theme.views import BasePage


@dataclass(frozen=True, slots=True)
class Making:
    """What outputs are made with."""

    views: ViewBuilder
    templates: Templates

    def page(self, template: str, view: BasePage) -> bytes:
        """Return a view as a page."""
        return self.templates.render(template, view, self.views.site_view).encode()


@dataclass(frozen=True, slots=True)
class Output:
    """One file of the site."""

    path: str
    """Relative to the output folder, with `/` between its parts."""

    render: Callable[[Making], bytes]
    """Returns the file's content; depends on nothing but its argument."""

    is_page: bool = False
    """Whether a reader would call it a page."""
