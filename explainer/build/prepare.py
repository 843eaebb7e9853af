"""Finding out what there is to do: what changed is read and linked, what is stale is named."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from explainer.build import changes, commit
from explainer.build.environment import environment
from explainer.build.inputs import Inputs, look_around
from explainer.build.kept import Kept, Plan
from explainer.build.memory import Memory
from explainer.build.pipeline import Announce, Options, Progress, clock, unheard
from explainer.build.reading import NOTHING, Desk, read_batch, read_key
from explainer.build.snapshot import Snapshot
from explainer.build.state import State
from explainer.build.store import Read, Store, StoreDamaged, light
from explainer.build.trace import Bundle, Chunk, chunks_of
from explainer.build.workers import Workers, sharing
from explainer.config import Config
from explainer.content.reader import SourceFile, sorted_out
from explainer.content.record import read_findings, read_outline
from explainer.diagnostics import Diagnostic, Findings
from explainer.fingerprint import digest
from explainer.outputs.output import Output
from explainer.pictures.sorts import ALL_ENDINGS
from explainer.site.facts import fact_id
from explainer.site.links import Key, Links, Lists, Site
from explainer.theme.theme import PICTURE

if TYPE_CHECKING:
    from explainer.build.looking import Gallery
    from explainer.content.record import Outline
    from explainer.pictures.seen import Seen
    from explainer.theme.templates import Templates

_AT_ONCE = 500
"""Files that are read before they are put into the store together."""

PICTURES = tuple(ALL_ENDINGS)
"""Endings of files whose content linking looks at."""


@dataclass(frozen=True, slots=True)
class Linked:
    """What linking has found out, now or before."""

    lists: Lists
    findings: tuple[Diagnostic, ...]
    since: datetime
    until: datetime
    links: Mapping[Key, Links] | None = None
    """None where it is what it was, and remembered."""


@dataclass(frozen=True, slots=True)
class Themed:
    """What is known of the theme."""

    templates: dict[str, str]
    """Sort of page -> digest of all that may shape it."""

    assets: tuple[str, ...]
    """Names of the assets with the hashes of their contents, sorted."""

    @property
    def draws(self) -> bool:
        """Whether the theme has social cards."""
        return PICTURE in self.templates


@dataclass(slots=True)
class Work:
    """All that a run has found out before it makes anything."""

    inputs: Inputs
    linked: Linked
    themed: Themed
    plan: Plan
    changed: list[changes.Fact] | None
    """Facts that are not what they were; None where nothing is known of what was."""

    stale: set[str]
    link_changes: changes.LinkChanges | None
    dates: dict[str, str] | None = None
    """URL -> date of the last change, of all entries that lists show; None where nobody asked."""


class Preparation:
    """Finds out what a build of a site has to do; writes nothing but what it has read."""

    def __init__(
        self,
        root: Path,
        options: Options,
        config: Config,
        place: commit.Place,
        findings: Findings,
        progress: Progress,
        memory: Memory | None = None,
        announce: Announce = unheard,
    ) -> None:
        self.memory = memory
        self.announce = announce
        self.cache = memory.values if memory is not None else None
        self.root = root.absolute()
        self.options = options
        self.config = config
        self.place = place
        self.findings = findings
        self.progress = progress
        self.now = clock(options)
        count = options.workers if options.workers is not None else config.workers
        self.workers = Workers(count, options.executor)
        self.alone = options.preview
        """Whether nobody else writes into the published folder, so that it need not be looked
        through: it lies in .explainer/, and one process holds it as long as it builds."""

        self.store: Store | None = None
        self.state: State | None = None
        self.before = Snapshot()
        self.reads: dict[str, Read] = {}
        """Files that were read anew, by path."""

        self.read_before: dict[str, Read] = {}
        """What those were read as at the last build that came to its end, and files that are no
        more."""

        self.themed: Themed | None = None
        """What is known of the theme, once it was looked at; None after errors."""

        self.templates: Templates | None = None
        """Those of the theme, once somebody has asked for them."""

        self.gallery: Gallery | None = None
        """What is known of the pictures, where that is not what it was."""

        self.in_store: set[str] = set()
        """Files of `reads` that lie in the store already, as fresh ones."""

    # -- looking -----------------------------------------------------------------------------

    def _look(self) -> Inputs:
        """Find out what the site is made of now."""
        around = self.memory.environment if self.memory is not None else environment
        inputs = look_around(
            self.root,
            self.config,
            self.before,
            self.findings,
            drafts=self.options.drafts,
            environment=around(self.config.timezone),
            memory=self.memory,
        )
        self.config = inputs.config
        return inputs

    def _remember(self, store: Store) -> None:
        """Find out what is known of the last build."""
        self.state = store.part("state", State)
        if self.state is not None:
            self.before = store.part("sources", Snapshot) or Snapshot()

    def _is_unchanged(self, inputs: Inputs) -> bool:
        state = self.state
        return (
            state is not None
            and not inputs.changed
            and state.ground == inputs.ground
            and not state.names_settings
            and not state.made_by_settings
            and state.covers(self.now)
            and not self.findings.has_errors
        )

    def _remember_findings(self, state: State) -> None:
        self.findings.extend(state.link_findings)
        for found in (*state.read_findings.values(), *state.made_findings.values()):
            self.findings.extend(found)

    def _has_errors(self) -> bool:
        return self.findings.has_errors or (self.options.strict and len(self.findings) > 0)

    # -- finding out what there is to do -----------------------------------------------------

    def _prepare(self, inputs: Inputs) -> Work | None:
        """Read and link what has changed; None where that comes to errors."""
        self.themed = themed = self._theme(inputs)
        self._read(inputs)
        linked = self._link(inputs)
        if self._has_errors() or linked is None or themed is None:
            return None
        kept = self._kept(inputs)
        link_changes = None
        if linked.links is not None:
            before = self.store.all_links() if self.store is not None else {}
            link_changes = changes.LinkChanges(before, linked.links)
        changed = None
        if kept.chunks:
            changed = list(self._changed(inputs, linked, themed, link_changes))
        ids = {fact_id(aspect, key) for aspect, key in changed or ()}
        plan = Plan(kept, self._outputs(linked, themed, kept))
        stale = kept.stale(ids)
        if self.state is not None and kept.chunks:
            stale |= self.state.made_by_settings
            self._remember_warnings(plan, stale)
        if self._has_errors():
            return None
        return Work(inputs, linked, themed, plan, changed, stale, link_changes)

    def _remember_warnings(self, plan: Plan, stale: set[str]) -> None:
        """Report what was said of outputs that need not be made anew."""
        assert self.state is not None
        for path, found in self.state.made_findings.items():
            if path in plan.places and path not in stale and path not in plan.unmade:
                self.findings.extend(found)

    def _theme(self, inputs: Inputs) -> Themed | None:
        """Look at the theme as far as it can be told without pages; None after errors."""
        state, ground = self.state, inputs.ground
        if state is not None and (state.ground.theme, state.ground.config) == (
            ground.theme,
            ground.config,
        ):
            return Themed(state.templates, state.assets)
        if inputs.theme is None:
            return None
        from explainer.build.making import templates_of

        findings = Findings()
        plain = self.options.preview
        templates = templates_of(inputs.theme, self.config, findings, plain=plain)
        templates.check(findings)
        if self.config.cards and inputs.theme.draws:
            self._check_drawing(templates, findings)
        self.findings.extend(findings)
        if findings.has_errors:
            return None
        # They are compiled now: nobody else needs to do it, least of all each worker.
        self.templates = templates
        if self.memory is not None:
            self.memory.take_templates(theme_key(inputs), templates)
        words = [part for name, found in sorted(inputs.theme_files.items())
                 if "/locales/" in name for part in (name, found)]  # fmt: skip
        around = digest(repr(sorted(inputs.theme.settings.items())), *words)
        return Themed(templates.fingerprints(around), tuple(sorted(templates.assets.contents)))

    def _check_drawing(self, templates: Templates, findings: Findings) -> None:
        """Find out whether pictures can be drawn, and with which fonts."""
        from explainer.outputs.social_cards import report_library

        if report_library(self.config, findings):
            templates.check_fonts(findings)

    def _read(self, inputs: Inputs) -> None:
        """Read the entries that are not what they were."""
        wanted = self._to_read(inputs)
        if self.state is not None and self.store is not None:
            gone = inputs.changed - inputs.stamps.keys()
            for path in (*(source.path for source in wanted), *gone):
                if (old := self.store.read(path)) is not None:
                    self.read_before[path] = old
        reading = inputs.ground.reading
        pending = []
        left = self.store is not None and self.store.has_fresh()
        for source in wanted:
            known = self.store.read(source.path, fresh=True) if left and self.store else None
            if known is not None and known.key == read_key(reading, inputs.digest_of(source.path)):
                self.reads[source.path] = known
                self.in_store.add(source.path)
            else:
                pending.append(source)
        with sharing(Desk(self.root, self.config, reading)) as shared:
            waiting: list[str] = []
            for number, found in enumerate(self.workers.map(read_batch, shared, pending), 1):
                self.progress("read", number, len(pending))
                inputs.read[found.path] = found.digest
                self.reads[found.path] = found.read
                waiting.append(found.path)
                if len(waiting) >= _AT_ONCE and self._put_away(waiting):
                    waiting = []
        for one in self.reads.values():
            self.findings.extend(read_findings(one.record.findings))
        if self.state is not None:
            for path, findings in self.state.read_findings.items():
                if path in inputs.stamps and path not in self.reads:
                    self.findings.extend(findings)

    def _to_read(self, inputs: Inputs) -> Sequence[SourceFile]:
        state = self.state
        if state is None or state.ground.reading != inputs.ground.reading:
            return inputs.sources.entries
        if not inputs.changed:
            return ()
        changed = {path: inputs.stamps[path] for path in inputs.changed if path in inputs.stamps}
        return sorted_out(changed, Findings()).entries

    def _put_away(self, paths: Sequence[str]) -> bool:
        """Put what some files were read as into the store, so that it need not be held."""
        if self.store is None or self.store.read_only:
            return False
        with self.store.writing() as writing:
            writing.fresh({path: self.reads[path] for path in paths})
        for path in paths:
            self.reads[path] = light(self.reads[path])
        self.in_store.update(paths)
        return True

    def _keep_reads(self, store: Store) -> None:
        """Keep what was read and looked at for the next build, which need not do it again."""
        new = {path: one for path, one in self.reads.items() if path not in self.in_store}
        if new or self.gallery is not None:
            # There are errors to tell already, and the store makes builds faster only.
            with suppress(OSError, StoreDamaged), store.writing() as writing:
                writing.fresh(new)
                if self.gallery is not None:
                    writing.part("pictures", self.gallery)

    # -- linking -----------------------------------------------------------------------------

    def _link(self, inputs: Inputs) -> Linked | None:
        state = self.state
        if state is not None and self.store is not None and self._links_hold(state, inputs):
            lists = self.store.part("lists", Lists)
            if lists is None:
                raise StoreDamaged("no lists")
            self.findings.extend(state.link_findings)
            return Linked(lists, state.link_findings, state.since, state.until)
        from explainer.site.link import link

        with without_garbage():
            records = {path: read.record for path, read in self._all_read(inputs)}
            outlines = [read_outline(one.outline) for one in records.values() if one.kind]
            pictures = self._look_at_pictures(inputs, outlines)
            self.progress("link", 0, 1)
            found = link(
                outlines, inputs.sources, self.config, self.now,
                drafts=self.options.drafts, pictures=pictures,
            )  # fmt: skip
        self.findings.extend(found.diagnostics)
        self.progress("link", 1, 1)
        if found.site is None:
            return None
        since, until = found.between
        return Linked(found.site.lists, found.diagnostics, since, until, found.site.links)

    def _look_at_pictures(self, inputs: Inputs, outlines: Iterable[Outline]) -> dict[str, Seen]:
        """Return what is seen in the pictures of all entries; only new ones are looked at."""
        from explainer.build.looking import LOOKING, Gallery, look_batch
        from explainer.site.pictures import named_pictures

        paths = named_pictures(outlines, inputs.sources)
        if not paths:
            return {}
        known = self.store.part("pictures", Gallery) if self.store is not None else None
        if known is None or known.program != inputs.ground.program:
            known = Gallery(inputs.ground.program)
        digests = {path: inputs.digest_of(path) for path in paths}
        new = {digest: path for path, digest in digests.items() if digest not in known.seen}
        seen = dict(known.seen)
        with sharing(self.root) as shared:
            found = self.workers.map(look_batch, shared, list(new.values()), **LOOKING)
            for number, (digest, one) in enumerate(zip(new, found, strict=True), 1):
                self.progress("look", number, len(new))
                seen[digest] = one
        kept = {digest: seen[digest] for digest in digests.values()}
        if kept != known.seen:
            self.gallery = Gallery(known.program, _lasting(kept))
        return {path: seen[digest] for path, digest in digests.items()}

    def _links_hold(self, state: State, inputs: Inputs) -> bool:
        """Tell whether linking would find out nothing else than it did."""
        then, now = state.ground, inputs.ground
        return (
            (then.config, then.drafts) == (now.config, now.drafts)
            and not state.names_settings
            and state.covers(self.now)
            and inputs.snapshot.paths == self.before.paths
            and not any(path.lower().endswith(PICTURES) for path in inputs.changed)
            # Where there are social cards now, or none any more, all has to be planned anew.
            and (self.themed is None or self.themed.draws == state.draws)
            and not any(one.span.path in self.reads for one in state.link_findings)
            and not any(
                changes.outline_changed(self.read_before.get(path, NOTHING), one)
                for path, one in self.reads.items()
            )
        )

    def _all_read(self, inputs: Inputs) -> Iterator[tuple[str, Read]]:
        """Yield what every entry was read as, now or before."""
        known: dict[str, Read] = {}
        if self.store is not None and len(self.reads) < len(inputs.sources.entries):
            known = self.store.all_read()
        for source in inputs.sources.entries:
            path = source.path
            found = self.reads.get(path) or known.get(path)
            if found is None:
                raise StoreDamaged(f"nothing of {path}")
            yield path, found

    # -- what is stale -----------------------------------------------------------------------

    def _kept(self, inputs: Inputs) -> Kept:
        """Return the outputs of the last build, unless all have to be made anew."""
        state = self.state
        if state is None or self.store is None or state.ground.config != inputs.ground.config:
            return Kept()
        found = self.store.parts("outputs", Chunk)
        shared = self.store.parts("shared", Bundle)
        if (len(found), len(shared)) != (chunks_of(state.outputs), state.shards):
            raise StoreDamaged("not all outputs")
        return Kept([one for _, one in sorted(found.items())], shared, state.pages)

    def _outputs(self, linked: Linked, themed: Themed, kept: Kept) -> list[Output] | None:
        """Return all outputs, sorted by path; None where they are those of the last build."""
        from explainer.outputs.files import of_assets
        from explainer.outputs.plan import plan

        if linked.links is not None:
            site = Site(linked.links, linked.lists)
            cards = bool(self._card_look(themed))
            return list(plan(site, self.config, self._published(themed), cards=cards))
        assert self.state is not None
        if themed.assets == self.state.assets:
            return None
        others = (one for one in kept.outputs if one.sort != "asset")
        return sorted((*others, *of_assets(self._published(themed))))

    def _card_look(self, themed: Themed) -> str:
        """Return a digest of all in the theme that may shape social cards; empty without them."""
        return themed.templates.get(PICTURE, "") if self.config.cards else ""

    def _published(self, themed: Themed) -> dict[str, str]:
        """Return the names under which assets are published, and what each is by its content."""
        from explainer.theme.assets import plain_name

        name_of = plain_name if self.options.preview else str
        return {name_of(asset): asset for asset in themed.assets}

    def _changed(
        self,
        inputs: Inputs,
        linked: Linked,
        themed: Themed,
        link_changes: changes.LinkChanges | None,
    ) -> Iterator[changes.Fact]:
        """Yield the facts that are not what they were."""
        assert self.state is not None
        assert self.store is not None
        yield from changes.of_entries(self.read_before.values(), self.reads.values())
        yield from changes.of_templates(self.state.templates, themed.templates)
        yield from changes.of_files(inputs.changed)
        if link_changes is not None:
            assert linked.links is not None
            before = self.store.part("lists", Lists) or Lists()
            yield from link_changes.facts
            yield from changes.of_lists(before, linked.lists)
            keys = {one.path: key for key, one in linked.links.items()}
            yield from changes.of_names(before, linked.lists, self._bodies(keys), keys)

    def _bodies(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """Yield the entries that are remembered, in their encoded form; all of them."""
        assert self.store is not None
        wanted = {path for path in paths if path not in self.reads}
        for path, body in self.store.bodies():
            wanted.discard(path)
            yield path, body
        if wanted:
            raise StoreDamaged(f"no body of {min(wanted)}")


def _lasting(seen: Mapping[bytes, Seen]) -> dict[bytes, Seen]:
    """Return what was seen in files that could be read."""
    return {digest: one for digest, one in seen.items() if one.code != "E105"}


def theme_key(inputs: Inputs) -> str:
    """Return a digest of all that templates depend on."""
    return f"{inputs.ground.theme} {inputs.ground.config}"


@contextmanager
def without_garbage() -> Iterator[None]:
    """Keep the garbage collector from going through all that is remembered again and again."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()
