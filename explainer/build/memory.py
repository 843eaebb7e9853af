"""What a process that builds again and again keeps from one build to the next.

Nothing here decides what is stale, and nothing is trusted for being here: everything is kept under
what it depends on, so that a build finds it as long as nothing of that has changed, and else does
what a first build does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from explainer.build.environment import environment
from explainer.build.store import Cache

if TYPE_CHECKING:
    from collections.abc import Callable

    from explainer.theme.templates import Templates


class Memory:
    """Values of the store, compiled templates, and what our own code is."""

    def __init__(self) -> None:
        self.values = Cache()
        self._environments: dict[str, str] = {}
        self._templates: tuple[str, Templates] | None = None

    def environment(self, timezone: str) -> str:
        """Return the digest of our code: that which runs, whatever was installed since."""
        if timezone not in self._environments:
            self._environments[timezone] = environment(timezone)
        return self._environments[timezone]

    def templates(self, key: str, make: Callable[[], Templates]) -> Templates:
        """Return the templates of a theme; `key` is a digest of all that they depend on."""
        if self._templates is None or self._templates[0] != key:
            self._templates = (key, make())
        return self._templates[1]

    def take_templates(self, key: str, templates: Templates) -> None:
        """Keep templates that are known to be good."""
        self._templates = (key, templates)
