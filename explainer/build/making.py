"""Making outputs, here or in other processes."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import get_ident
from typing import TYPE_CHECKING

from explainer.build.library import StoredLibrary
from explainer.build.memory import Memory
from explainer.build.store import Read, Store, StoreDamaged
from explainer.build.trace import trace_of
from explainer.build.tree import Writer
from explainer.build.workers import Shared
from explainer.config import Config
from explainer.content.model import Value
from explainer.diagnostics import Diagnostic, Findings, Span
from explainer.fingerprint import digest_bytes
from explainer.outputs.output import Making, Output
from explainer.pictures.cache import Cache
from explainer.site.links import Key, Links, Lists

if TYPE_CHECKING:
    from explainer.theme.templates import Templates
    from explainer.theme.theme import Theme


class Task(Value, frozen=True):
    """An output to make."""

    output: Output
    digest: bytes
    """What its content was; if it is so still, nothing is written."""

    missing: bool
    """Whether it has to be written in any case."""


class Done(Value, frozen=True):
    """An output that was made."""

    digest: bytes
    trace: bytes
    written: bool
    size: int = 0
    shared: dict[int, bytes] = {}  # noqa: RUF012 - msgspec copies it
    """Traces of shared facts that were met for the first time."""

    fault: Diagnostic | None = None
    """What went wrong with it."""

    findings: tuple[Diagnostic, ...] = ()
    """Warnings that came up with it."""


@dataclass
class Workshop:
    """All that outputs are made with; what cannot go to another process is made there."""

    root: Path
    config: Config
    lists: Lists
    links: dict[Key, Links] | None
    """What linking found out; None where it is remembered in the store."""

    reads: dict[str, Read]
    in_store: frozenset[str]
    dates: dict[str, str]
    theme: Theme
    home: Path | None
    """Folder of the store; None where there is none, and all is in memory."""

    writer: Writer | None
    """None where what is made is thrown away again."""

    theme_key: str
    """Digest of all that the templates depend on."""

    card_look: str = ""
    """Digest of all in the theme that may shape a social card."""

    plain: bool = False
    """Whether assets are published under their own names."""

    pictures: Path | None = None
    """Folder in which pictures are kept that were made before."""

    templates: Templates | None = None
    """Those of the theme, if they are there already; not for other processes, unless forked."""

    memory: Memory | None = None
    """What earlier builds of this process have left; not for other processes."""

    _stores: dict[tuple[int, int], Store] = field(default_factory=dict)
    _making: dict[tuple[int, int], Making] = field(default_factory=dict)
    """By process and thread: what notes looks, or is connected to the store, must not be shared."""

    def __getstate__(self) -> dict[str, object]:
        return {**self.__dict__, "_making": {}, "_stores": {}, "memory": None, "templates": None}

    def close(self) -> None:
        """Let go of the store, as far as it was opened in this process."""
        for store in self._stores.values():
            store.close()

    @contextlib.contextmanager
    def reading(self) -> Iterator[None]:
        """Make several outputs in this thread, for which much is looked up."""
        self.making  # noqa: B018 - the store is opened with it
        # Who writes holds the folder's lock, so that nobody waits for the store.
        known = self._stores if self.writer is not None else {}
        store = known.get((os.getpid(), get_ident()))
        with store.steady() if store is not None else contextlib.nullcontext():
            yield

    @property
    def making(self) -> Making:
        """What outputs are made with, in this thread."""
        place = (os.getpid(), get_ident())
        if place not in self._making:
            self._making[place] = self._new_making()
        return self._making[place]

    def _new_making(self) -> Making:
        from explainer.outputs.builder import ViewBuilder
        from explainer.outputs.gallery import Gallery
        from explainer.site.facts import Facts

        memory = self.memory or Memory()
        cache = self.memory.values if self.memory is not None else None
        store = None
        if self.home is not None:
            store = Store(self.home, read_only=True, cache=cache)
            self._stores[os.getpid(), get_ident()] = store
        library = StoredLibrary(
            store,
            self.links,
            self.reads,
            self.in_store,
            self.dates,
        )
        facts = Facts(self.config, self.lists, library)
        templates = self.templates or memory.templates(
            self.theme_key,
            lambda: templates_of(self.theme, self.config, Findings(), plain=self.plain),
        )
        gallery = None
        if self.writer is not None and self.home is not None:
            gallery = Gallery(gallery_folder(self.home))
        views = ViewBuilder(facts, self.root, self.card_look)
        return Making(self.root, facts, views, templates, gallery, pictures=Cache(self.pictures))

    def make(self, task: Task) -> Done:
        """Make one output, and write it unless it is what it was."""
        from explainer.outputs.pictures import PictureFault
        from explainer.outputs.plan import SORTS
        from explainer.theme.templates import TemplateFault

        making, output = self.making, task.output
        if output.sort == "picture" and self.writer is None:
            return self._unmade(task)
        making.findings.clear()
        with making.facts.noting() as noted:
            try:
                if output.sort == "file":
                    return self._copy(task)
                content = SORTS[output.sort](output, making)
            except PictureFault as fault:
                return Done(b"", b"", False, fault=fault.diagnostic)
            except TemplateFault as fault:
                if isinstance(fault.__cause__, StoreDamaged):
                    raise fault.__cause__ from None
                return Done(b"", b"", False, fault=fault.diagnostic)
        found = digest_bytes(content)
        written = self.writer is not None and (task.missing or found != task.digest)
        if written and self.writer is not None:
            self.writer.write(output.path, content)
        warnings = tuple(making.findings)
        return Done(
            found, trace_of(noted), written, len(content), self._new_shared(), findings=warnings
        )

    def _unmade(self, task: Task) -> Done:
        """Leave a picture alone that would be thrown away: it was looked at when it was linked."""
        from explainer.site.facts import fact_id

        return Done(task.digest, trace_of([fact_id("file", task.output.kind)]), False)

    def _copy(self, task: Task) -> Done:
        """Copy a file: it may be too large to be held."""
        from explainer.site.facts import fact_id

        path = task.output.kind
        try:
            if self.writer is None:
                found, written = task.digest, False
            else:
                found = self.writer.copy(task.output.path, os.path.join(self.root, path))
                written = True
        except OSError as error:
            if error.filename != os.path.join(self.root, path):
                raise
            findings = Findings()
            findings.add("E105", Span(path), f"cannot read the file: {error.strerror}")
            return Done(b"", b"", False, fault=next(iter(findings)))
        return Done(found, trace_of([fact_id("file", path)]), written)

    def _new_shared(self) -> dict[int, bytes]:
        new = self.making.facts.take_traces()
        return {name: trace_of(facts) for name, facts in new.items()}


def gallery_folder(home: Path) -> Path:
    """Return where drawn pictures are kept, in the folder of the store."""
    return home / "cards"


def templates_of(
    theme: Theme, config: Config, findings: Findings, *, plain: bool = False
) -> Templates:
    """Return the templates of a theme, ready to render; what is wrong with it is reported.

    `plain` publishes assets under their own names.
    """
    from explainer.site.urls import encoded
    from explainer.theme.assets import read_assets
    from explainer.theme.locales import read_strings
    from explainer.theme.templates import Templates

    base_path, origin = config.base_path.rstrip("/"), config.origin
    return Templates(
        theme,
        read_assets(theme, findings, plain=plain),
        read_strings(theme, config.language, findings),
        lambda url: encoded(base_path + url),
        lambda href: origin + href,
    )


def make_batch(shared: Shared[Workshop], tasks: Sequence[Task]) -> list[Done]:
    """Make some outputs."""
    workshop = shared.get()
    with workshop.reading():
        return [workshop.make(task) for task in tasks]
