"""What every output was made of, and so which outputs have to be made anew.

An output has noted the facts that it looked at. It is stale when one of them is not what it was
when the output was made; there is no other rule. What several outputs share, a card, is a fact
too, with facts of its own behind it.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from struct import pack

import msgspec

from explainer.content.model import Value
from explainer.outputs.output import Output
from explainer.site.facts import FactId

_FEW = 8
"""Facts up to which looking for each in the packed data is quicker than going through it."""

CHUNK = 256
"""Outputs that are kept, and written again, together."""

SHARDS = 64
"""Parts into which the traces of shared facts are divided."""


class Bundle(Value, frozen=True):
    """Facts noted by many owners, packed."""

    owners: bytes = b""
    """A number for each owner."""

    lengths: bytes = b""
    """How many facts each owner has noted."""

    facts: bytes = b""
    """The facts of all owners, one behind the other."""

    @classmethod
    def of(cls, traces: Mapping[int, bytes]) -> Bundle:
        """Pack the traces of some owners."""
        lengths = array("I", (len(trace) // 4 for trace in traces.values()))
        owners = array("I", traces)
        return cls(owners.tobytes(), lengths.tobytes(), b"".join(traces.values()))

    def traces(self) -> dict[int, bytes]:
        """Return the trace of each owner."""
        owners, lengths = array("I", self.owners), array("I", self.lengths)
        ends = list(accumulate(length * 4 for length in lengths))
        starts = [0, *ends][:-1]
        return {
            owner: self.facts[start:end]
            for owner, start, end in zip(owners, starts, ends, strict=True)
        }

    def touching(self, changed: set[FactId]) -> Iterator[int]:
        """Yield the owners that have noted one of the changed facts."""
        if len(changed) > _FEW:
            for owner, trace in self.traces().items():
                if not changed.isdisjoint(array("I", trace)):
                    yield owner
            return
        found: set[int] = set()
        for fact in changed:
            found.update(self._places(pack("=I", fact)))
        if found:
            ends = list(accumulate(array("I", self.lengths)))
            owners = array("I", self.owners)
            yield from {owners[bisect_right(ends, place)] for place in found}

    def _places(self, fact: bytes) -> Iterator[int]:
        start = self.facts.find(fact)
        while start >= 0:
            if start % 4 == 0:
                yield start // 4
            start = self.facts.find(fact, start + 1)


class Chunk(Value, frozen=True):
    """Some outputs as they were made: neighbours in the order of paths."""

    outputs: msgspec.Raw
    bundle: Bundle
    """The traces, by the place of the output in the chunk."""


class Made(Value, frozen=True):
    """An output as it was made."""

    output: Output
    trace: bytes
    """Packed facts."""


_encode = msgspec.msgpack.Encoder().encode
_outputs = msgspec.msgpack.Decoder(tuple[Output, ...])


def chunks(made: Sequence[Made]) -> list[Chunk]:
    """Pack outputs, which are sorted by path."""
    return [chunk(made[start : start + CHUNK]) for start in range(0, len(made), CHUNK)]


def chunk(made: Sequence[Made]) -> Chunk:
    """Pack the outputs of one chunk."""
    return Chunk(
        msgspec.Raw(_encode(tuple(one.output for one in made))),
        Bundle.of({number: one.trace for number, one in enumerate(made)}),
    )


def outputs_of(packed: Chunk) -> tuple[Output, ...]:
    """Return the outputs of a chunk as they are planned."""
    return _outputs.decode(packed.outputs)


def unpacked(packed: Chunk) -> list[Made]:
    """Return the outputs of a chunk."""
    traces = packed.bundle.traces()
    return [Made(output, traces[number]) for number, output in enumerate(outputs_of(packed))]


def trace_of(facts: Iterable[FactId]) -> bytes:
    """Pack the facts that one output has noted."""
    return array("I", sorted(facts)).tobytes()


def spread(changed: set[FactId], shared: Iterable[Bundle]) -> set[FactId]:
    """Return the changed facts and those that rest on them."""
    everything = set(changed)
    shared = list(shared)
    new = changed
    while new:
        new = {owner for bundle in shared for owner in bundle.touching(new)} - everything
        everything |= new
    return everything


def stale(changed: set[FactId], packed: Iterable[Chunk]) -> Iterator[int]:
    """Yield the numbers of the outputs that have to be made anew, among all of them."""
    if changed:
        for number, one in enumerate(packed):
            for place in one.bundle.touching(changed):
                yield number * CHUNK + place


def chunks_of(outputs: int) -> int:
    """Return in how many chunks some outputs are kept."""
    return -(-outputs // CHUNK)


def shard_name(number: int) -> str:
    """Return the name under which a shard of shared facts is kept."""
    return f"shared/{number:03d}"


def chunk_name(number: int) -> str:
    """Return the name under which a chunk of outputs is kept: names sort as numbers do."""
    return f"outputs/{number:06d}"
