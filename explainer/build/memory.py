"""What a process that builds again and again keeps from one build to the next.

Nothing here decides what is stale, and nothing is trusted for being here: everything is kept under
what it depends on, so that a build finds it as long as nothing of that has changed, and else does
what a first build does. Only that files are what they were at the last look is taken from whoever
watches them, and from nobody else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from explainer.build.environment import environment
from explainer.build.snapshot import Looked, look_again
from explainer.build.store import Cache

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from explainer.theme.templates import Templates


class Memory:
    """Values of the store, compiled templates, what our own code is, and the last look around."""

    def __init__(self) -> None:
        self.values = Cache()
        self._environments: dict[str, str] = {}
        self._templates: tuple[str, Templates] | None = None
        self._looked: Looked | None = None
        self._touched: set[str] | None = None

    def touch(self, paths: Iterable[str] | None) -> None:
        """Take note of files that may have changed since the last look; None: it may be any.

        Without a word since the last look, it may be any, too.
        """
        if paths is None:
            self._looked = None
        else:
            self._touched = (self._touched or set()).union(paths)

    def look_again(self, root: Path, now_ns: int) -> Looked | None:
        """Look at what may have changed; None where the whole site has to be looked at."""
        last, touched = self._looked, self._touched
        self._looked = self._touched = None
        if last is not None and touched is not None:
            self._looked = look_again(root, touched, last, now_ns)
        return self._looked

    def take_look(self, looked: Looked) -> None:
        """Keep a look at the whole site, from which the next one may go on."""
        self._looked = looked

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
