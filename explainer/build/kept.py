"""The outputs of the last build as they were made: which of them hold, and which are stale."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property

from explainer.build import trace
from explainer.build.making import Done, Task
from explainer.build.trace import SHARDS, Bundle, Chunk, Made
from explainer.outputs.output import Output
from explainer.site.facts import FactId


class Kept:
    """Outputs with the facts that each was made of.

    `chunks` are those of the last build, in order; `shared` the traces of what several outputs
    share, in shards by name; `pages` how many outputs a reader would call pages.
    """

    def __init__(
        self,
        chunks: Sequence[Chunk] = (),
        shared: Mapping[str, Bundle] | None = None,
        pages: int = 0,
    ) -> None:
        self.chunks = list(chunks)
        self.shared = dict(shared or {})
        self.pages = pages

    @cached_property
    def outputs(self) -> list[Output]:
        """All outputs, sorted by path."""
        return [one for packed in self.chunks for one in trace.outputs_of(packed)]

    def stale(self, changed: set[FactId]) -> set[str]:
        """Return the paths of the outputs that were made of something that has changed."""
        everything = trace.spread(changed, self.shared.values())
        return {self.outputs[number].path for number in trace.stale(everything, self.chunks)}

    def traces(self) -> dict[str, bytes]:
        """Return the facts of each output, by path."""
        found = [one for packed in self.chunks for one in trace.unpacked(packed)]
        return {one.output.path: one.trace for one in found}


class Plan:
    """All outputs of a build: which are left as they are, and what was done to the others.

    `outputs` are all of them, sorted by path; None if they are those that are kept.
    """

    def __init__(self, kept: Kept, outputs: Sequence[Output] | None) -> None:
        self.kept = kept
        self.outputs = kept.outputs if outputs is None else list(outputs)
        self.is_new = not kept.chunks or self.outputs != kept.outputs
        """Whether the outputs are others than those of the last build."""

        self.unmade: set[str] = set()
        """Paths of outputs that are not among those of the last build."""

        if self.is_new:
            known = frozenset(kept.outputs)
            self.unmade.update(one.path for one in self.outputs if one not in known)
        self.done: dict[str, Done] = {}

    @cached_property
    def pages(self) -> int:
        """How many outputs a reader would call pages."""
        if not self.is_new:
            return self.kept.pages
        return sum(one.is_page for one in self.outputs)

    @cached_property
    def places(self) -> dict[str, int]:
        """Where in `outputs` each is, by path."""
        return {one.path: place for place, one in enumerate(self.outputs)}

    def at(self, paths: Iterable[str]) -> list[Output]:
        """Return the outputs with some paths, sorted; nothing for what is no output."""
        wanted = set(paths)
        if len(self.places) < len(self.outputs):
            # Two of the same path ought to have been found before: the writer refuses the second.
            return [one for one in self.outputs if one.path in wanted]
        places = sorted(self.places[path] for path in wanted if path in self.places)
        return [self.outputs[place] for place in places]

    def tasks(
        self, stale: Collection[str], lost: Collection[str], digests: Mapping[str, bytes]
    ) -> list[Task]:
        """Return what has to be made: stale outputs, new ones, and those that are lost.

        `digests` are those of the contents that stand there, by path.
        """
        return [
            Task(one, digests.get(one.path, b""), one.path in lost)
            for one in self.at({*stale, *lost, *self.unmade})
        ]

    def contents(self, digests: Mapping[str, bytes]) -> dict[str, bytes]:
        """Return the digest of every output, by path; empty where it is not known yet."""
        done = {path: done.digest for path, done in self.done.items()}
        if digests.keys() == self.places.keys():
            return {**digests, **done}
        return {one.path: digests.get(one.path, b"") for one in self.outputs} | done

    # -- what is to be kept ------------------------------------------------------------------

    def chunks(self) -> dict[str, Chunk]:
        """Return the chunks that are not what they were, by the name under which one is kept."""
        if self.is_new:
            traces = self.kept.traces()
            traces |= {path: done.trace for path, done in self.done.items()}
            made = [Made(one, traces[one.path]) for one in self.outputs]
            return {trace.chunk_name(n): one for n, one in enumerate(trace.chunks(made))}
        numbers = {self.places[path] // trace.CHUNK for path in self.done}
        return {trace.chunk_name(number): self._patched(number) for number in numbers}

    def _patched(self, number: int) -> Chunk:
        made = trace.unpacked(self.kept.chunks[number])
        return trace.chunk(
            [Made(one.output, done.trace) if (done := self.done.get(one.output.path)) else one
             for one in made]
        )  # fmt: skip

    def shards(self) -> dict[str, Bundle]:
        """Return the shards of shared facts that are not what they were, by name."""
        by_shard: dict[int, dict[FactId, bytes]] = {}
        for done in self.done.values():
            for fact, packed in done.shared.items():
                by_shard.setdefault(fact % SHARDS, {})[fact] = packed
        found = {}
        for number, traces in by_shard.items():
            name = trace.shard_name(number)
            old = self.kept.shared.get(name, Bundle()).traces()
            if (new := old | traces) != old:
                found[name] = Bundle.of(new)
        return found
