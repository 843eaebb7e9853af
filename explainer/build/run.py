"""One run: what is stale is made, and the whole is published and remembered."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from itertools import chain
from pathlib import Path

from explainer.build import commit
from explainer.build.glance import Glance
from explainer.build.inputs import Inputs
from explainer.build.kept import Plan
from explainer.build.looking import MAKING
from explainer.build.making import Task, Workshop, gallery_folder, make_batch, templates_of
from explainer.build.pipeline import Result
from explainer.build.prepare import Preparation, Work, theme_key, without_garbage
from explainer.build.state import State
from explainer.build.store import Store, StoreDamaged, Writing, discard
from explainer.build.tree import Tree, Writer, altered, restamped
from explainer.build.workers import sharing
from explainer.content.model import KINDS
from explainer.content.record import read_findings
from explainer.diagnostics import Findings, Span
from explainer.pictures.cache import FOLDER, Cache
from explainer.site.urls import CARDS


class Run(Preparation):
    """One build or check of a site."""

    # -- the three ends ----------------------------------------------------------------------

    def build(self) -> Result:
        """Build and publish."""
        self.store = Store(self.place.home, cache=self.cache)
        try:
            return self._build(self.store)
        finally:
            self.store.close()

    def check(self, *, with_store: bool = True) -> Result:
        """Find everything that is wrong, and write nothing."""
        with self._remembering(with_store):
            inputs = self._look()
            if self._is_unchanged(inputs):
                assert self.state is not None
                self._remember_findings(self.state)
                return Result(diagnostics=(), pages=self.state.pages)
            work = self._prepare(inputs)
            if work is None:
                return Result(diagnostics=())
            self._make(work, work.plan.tasks(work.stale, (), {}), None)
            return Result(diagnostics=(), pages=work.plan.pages)

    def look_at_work(self) -> tuple[Work | None, bool]:
        """Return what a build would do now, and whether there was one before; write nothing.

        There is no work where nothing has changed since, or where there are errors.
        """
        with self._remembering(True):
            inputs = self._look()
            known = self.state is not None
            if self._is_unchanged(inputs):
                return None, known
            return self._prepare(inputs), known

    @contextmanager
    def _remembering(self, with_store: bool) -> Iterator[None]:
        if with_store and Store.stands_in(self.place.home):
            self.store = Store(self.place.home, read_only=True)
        try:
            if self.store is not None:
                self._remember(self.store)
            yield
        finally:
            if self.store is not None:
                self.store.close()

    def _build(self, store: Store) -> Result:
        with without_garbage():
            self._remember(store)
            old = store.part("tree", Tree) if self.state is not None else None
            apart = self.workers.count > 1 and not self.alone
            glance = Glance(self.place, old or Tree(), apart=apart)
        try:
            return self._build_beside(store, old, glance)
        finally:
            glance.close()

    def _build_beside(self, store: Store, old: Tree | None, glance: Glance) -> Result:
        """Build while another process looks at the outputs that stand there."""
        with without_garbage():
            inputs = self._look()
            standing = commit.standing(self.place, old)
            if self._is_unchanged(inputs) and self._has_ended(standing):
                if self.alone:
                    return self._nothing_to_do(store, inputs, None)
                seen = time.time_ns()
                tree = standing.old
                bad, sure = altered(self.place.target, tree, tree.stamps, glance.published())
                if not bad:
                    anew = restamped(tree, sure, seen) if sure else None
                    return self._nothing_to_do(store, inputs, anew)
        work = self._prepare(inputs)
        if work is None:
            self._keep_reads(store)
            return Result(diagnostics=())
        return self._publish(store, work, standing, glance)

    def _has_ended(self, standing: commit.Standing) -> bool:
        """Tell whether the last build came to its end, and its tree stands, as far as is known."""
        ended = not standing.suspect and not commit.is_touched(self.place)
        return standing.published and ended

    def _nothing_to_do(self, store: Store, inputs: Inputs, tree: Tree | None) -> Result:
        state = self.state
        assert state is not None
        self._remember_findings(state)
        if (tree or inputs.snapshot != self.before) and not self._has_errors():
            # Stamps have changed, contents have not: the next build need not read them again.
            with self._forgiving(store), store.writing() as writing:
                writing.part("sources", inputs.snapshot)
                if tree is not None:
                    writing.part("tree", tree)
        return Result(
            diagnostics=(),
            pages=state.pages,
            files=state.outputs,
            output=self.place.shown,
            reused=state.outputs,
            until=state.until,
        )

    # -- making ------------------------------------------------------------------------------

    def _make(self, work: Work, tasks: Sequence[Task], writer: Writer | None) -> None:
        """Make outputs; what is wrong with them is reported."""
        if not tasks:
            return
        theme = work.inputs.theme
        assert theme is not None
        work.dates = dates = self._dates(work)
        workshop = Workshop(
            root=self.root,
            config=self.config,
            lists=work.linked.lists,
            links=dict(work.linked.links) if work.linked.links is not None else None,
            reads=self.reads,
            in_store=frozenset(self.in_store),
            dates=dates,
            theme=theme,
            home=self.place.home if self.store is not None else None,
            writer=writer,
            memory=self.memory,
            plain=self.options.preview,
            theme_key=theme_key(work.inputs),
            card_look=self._card_look(work.themed),
            templates=self.templates,
            pictures=self._picture_cache,
        )
        pictures = [task for task in tasks if task.output.sort == "picture"]
        others = [task for task in tasks if task.output.sort != "picture"]
        with closing(workshop), sharing(workshop) as shared, without_garbage():
            done = chain(
                self.workers.map(make_batch, shared, others),
                self.workers.map(make_batch, shared, pictures, **MAKING),
            )
            for number, (task, one) in enumerate(zip([*others, *pictures], done, strict=True), 1):
                self.progress("render", number, len(tasks))
                work.plan.done[task.output.path] = one
                self.findings.extend(one.findings)
                if one.fault is not None:
                    self.findings.extend([one.fault])

    def _dates(self, work: Work) -> dict[str, str]:
        """Return the date of the last change of all entries that lists show, by URL."""
        links = work.linked.links
        if links is not None:
            changed = {path: one.record.changed for path, one in self._all_read(work.inputs)}
            return {one.url: changed[one.path] for one in links.values() if one.listed}
        assert self.store is not None
        found = self.store.part("dates", dict[str, str])
        if found is None:
            raise StoreDamaged("no dates")
        found = dict(found)  # what is remembered must stay what was written
        for kind in KINDS:
            read = {one.record.slug: one for one in self.reads.values() if one.record.kind == kind}
            for slug in read.keys() & getattr(work.linked.lists, kind) if read else ():
                found[self.store.links((kind, slug)).url] = read[slug].record.changed
        return found

    @property
    def _picture_cache(self) -> Path:
        """Folder of the pictures that were made before, by any build of the site."""
        return self.root / commit.CACHE / FOLDER

    def _sweep_pictures(self, work: Work) -> None:
        """Remove pictures from the cache that have not been used for long, once a day."""
        cache = Cache(self._picture_cache)
        if cache.is_due():
            from explainer.outputs.pictures import cache_key

            digest_of = work.inputs.digest_of
            pictures = (one for one in work.plan.outputs if one.sort == "picture")
            cache.sweep(cache_key(digest_of(one.kind), one) for one in pictures)

    # -- publishing --------------------------------------------------------------------------

    def _publish(
        self, store: Store, work: Work, standing: commit.Standing, glance: Glance
    ) -> Result:
        """Make what is stale or lost, and put the new site in the place of the old one."""
        plan, place, old = work.plan, self.place, standing.old
        if work.stale and work.changed is not None:
            self._compile(work)
        digests = old.contents()
        lost, sure = self._lost(plan, standing, glance)
        tasks = plan.tasks(work.stale, lost, digests)
        gone = digests.keys() - plan.places.keys()
        tree = old
        if tasks or gone or not standing.usable or not self._stands(standing, glance):
            folders = None if self.alone else glance.folders
            publication = commit.Publication(place, standing, self.findings, sure, folders)
            planned = plan.contents(digests)
            for one in plan.outputs:
                if one.sort == "file" and not planned[one.path]:
                    planned[one.path] = work.inputs.digest_of(one.kind)
            publication.begin(planned, [task.output.path for task in tasks])
            writer = publication.writer()
            self._make(work, tasks, writer)
            if self._has_errors():
                self._keep_reads(store)
                return Result(diagnostics=())
            self.progress("publish", 0, 1)
            written = {path for path, done in plan.done.items() if done.written}
            if publication.fresh:
                for one in plan.outputs:
                    if one.path not in written:
                        writer.link(one.path, f"{place.target}/{one.path}")
            tree = publication.end(plan.contents(digests), written)
            self.progress("publish", 1, 1)
            self._clean_gallery(plan, tree, gone)
        result = Result(
            diagnostics=(),
            pages=plan.pages,
            files=len(plan.outputs),
            output=place.shown,
            rendered=len(plan.done),
            reused=len(plan.outputs) - len(plan.done),
            deleted=len(gone),
            changed=frozenset(path for path, done in plan.done.items() if done.written) | gone,
            read=frozenset(self.reads) | work.inputs.changed,
            until=work.linked.until,
        )
        self.announce(result)
        self._save(store, work, tree)
        self._sweep_pictures(work)
        return result

    def _clean_gallery(self, plan: Plan, tree: Tree, gone: Collection[str]) -> None:
        """Let go of drawn pictures that are published no more."""
        if any(path.startswith(CARDS[1:]) for path in (*plan.done, *gone)):
            from explainer.outputs.gallery import Gallery

            contents = tree.contents()
            used = {contents[one.path] for one in plan.outputs if one.sort == "card"}
            Gallery(gallery_folder(self.place.home)).clean(used)

    def _compile(self, work: Work) -> None:
        """Compile the templates of stale pages, while another process looks at the outputs."""
        if self.templates is None:
            theme = work.inputs.theme
            assert theme is not None
            make = partial(templates_of, theme, self.config, Findings(), plain=self.options.preview)
            memory = self.memory
            self.templates = memory.templates(theme_key(work.inputs), make) if memory else make()
        stale = work.plan.at(work.stale | work.plan.unmade)
        self.templates.compile({one.kind for one in stale if one.is_page})

    def _lost(
        self, plan: Plan, standing: commit.Standing, glance: Glance
    ) -> tuple[set[str], dict[str, bytes]]:
        """Return the outputs that neither tree holds as they were made.

        Returns as well the stamps of those that had to be read to know it.
        """
        old = standing.old
        if self.alone and standing.usable:
            return set(standing.suspect), {}
        if standing.usable:
            lost, sure = altered(
                self.place.hidden, old, old.twin_stamps or old.stamps, glance.hidden()
            )
            return lost | standing.suspect, sure
        if standing.published:
            return altered(self.place.target, old, old.stamps, glance.published())
        return {one.path for one in plan.outputs}, {}

    def _stands(self, standing: commit.Standing, glance: Glance) -> bool:
        """Tell whether the published tree is what the last build left."""
        if not standing.published or standing.suspect:
            return False
        if self.alone:
            return True
        tree = standing.old
        return not altered(self.place.target, tree, tree.stamps, glance.published())[0]

    def _save(self, store: Store, work: Work, tree: Tree) -> None:
        """Leave to the next build all that it can make use of; the site stands already."""
        with self._forgiving(store):
            with store.writing() as writing:
                self._write_down(writing, work)
                writing.part("tree", tree)
            commit.accepted(self.place)

    @contextmanager
    def _forgiving(self, store: Store) -> Iterator[None]:
        """Keep a build that has published the site from failing for want of the store."""
        try:
            yield
        except (OSError, StoreDamaged) as error:
            if isinstance(error, StoreDamaged):
                # It could be read so far, but takes nothing more: the next build begins anew.
                store.close()
                discard(self.place.home)
            reason = getattr(error, "strerror", None) or str(error)
            self.findings.add(
                "W804", Span(self.place.shown),
                f"the site is published, but cannot be remembered for the next build: {reason}",
                "the next build takes longer",
            )  # fmt: skip

    def _write_down(self, writing: Writing, work: Work) -> None:
        inputs, linked, plan = work.inputs, work.linked, work.plan
        writing.accept(self.reads, inputs.changed - inputs.stamps.keys(), self.in_store)
        writing.part("state", self._new_state(work))
        writing.part("sources", inputs.as_read())
        if work.link_changes is not None:
            writing.part("lists", linked.lists)
            writing.links(work.link_changes.encoded, work.link_changes.gone)
        if work.changed is None:
            writing.forget_parts("shared")
        if plan.is_new:
            writing.forget_parts("outputs")
        if work.dates is not None and (work.changed is None or ("dated", "") in work.changed):
            writing.part("dates", work.dates)
        if self.gallery is not None:
            writing.part("pictures", self.gallery)
        for name, part in (*plan.chunks().items(), *plan.shards().items()):
            writing.part(name, part)

    def _new_state(self, work: Work) -> State:
        inputs, linked, themed = work.inputs, work.linked, work.themed
        findings = dict(self.state.read_findings) if self.state is not None else {}
        findings = {path: found for path, found in findings.items()
                    if path in inputs.stamps and path not in self.reads}  # fmt: skip
        for path, read in self.reads.items():
            if read.record.findings:
                findings[path] = read_findings(read.record.findings)
        made = dict(self.state.made_findings) if self.state is not None else {}
        made = {path: found for path, found in made.items()
                if path in work.plan.places and path not in work.plan.done}  # fmt: skip
        made |= {path: done.findings for path, done in work.plan.done.items() if done.findings}
        return State(
            ground=inputs.ground,
            since=linked.since,
            until=linked.until,
            templates=themed.templates,
            theme_files=inputs.theme_files,
            assets=themed.assets,
            link_findings=linked.findings,
            read_findings=findings,
            made_findings=made,
            pages=work.plan.pages,
            outputs=len(work.plan.outputs),
            shards=len(work.plan.kept.shared.keys() | work.plan.shards().keys()),
        )
