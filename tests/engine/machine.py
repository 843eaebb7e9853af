"""The machine: random sequences of edits and mishaps, and a proof after each."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from tests.engine.bench import OPTIONS, Bench, Step
from tests.engine.edits import EDITS
from tests.engine.mishaps import MISHAPS
from tests.engine.themes import THEMES

_numbers = st.integers(0, 99)


def steps_of(*names: str) -> st.SearchStrategy[Step]:
    """Return a strategy for the steps of some names."""
    return st.tuples(st.sampled_from(names), _numbers, _numbers, _numbers)


_PEACEFUL = tuple(name for name in EDITS if name != "make a fault")


class Builds(RuleBasedStateMachine):
    """A site that is edited and built over and over."""

    counted = {"sequences": 0, "builds": 0}  # noqa: RUF012 - of all machines of this process
    """How much was proven."""

    def __init__(self) -> None:
        super().__init__()
        memory = Path("/dev/shm")
        self._folder = Path(
            tempfile.mkdtemp(prefix="proof-", dir=memory if memory.is_dir() else None)
        )
        self.bench: Bench

    def teardown(self) -> None:
        self.counted["sequences"] += 1
        if hasattr(self, "bench"):
            self.counted["builds"] += self.bench.builds
        shutil.rmtree(self._folder, ignore_errors=True)

    @initialize(base=st.sampled_from(sorted(THEMES)), warm=st.booleans())
    def begin(self, base: str, warm: bool) -> None:
        self.bench = Bench(self._folder, base, warm=warm)
        self.bench.build()

    @rule(steps=st.lists(steps_of(*_PEACEFUL), min_size=1, max_size=3))
    def edit(self, steps: list[Step]) -> None:
        for step in steps:
            self.bench.do(step)
        self.bench.build()

    @rule(steps=st.lists(steps_of(*_PEACEFUL), max_size=1), mishap=steps_of(*MISHAPS))
    def mishap(self, mishap: Step, steps: list[Step]) -> None:
        for step in (*steps, mishap):
            self.bench.do(step)
        self.bench.build()

    @rule(step=steps_of(*OPTIONS))
    def option(self, step: Step) -> None:
        self.bench.do(step)
        self.bench.build()

    @rule(
        fault=steps_of("make a fault"),
        steps=st.lists(steps_of(*_PEACEFUL, *MISHAPS), max_size=2),
        mend=st.booleans(),
    )
    def fail(self, fault: Step, steps: list[Step], mend: bool) -> None:
        for step in (fault, *steps):
            self.bench.do(step)
        self.bench.build()
        if mend:
            self.mend()

    @rule()
    def mend(self) -> None:
        self.bench.do(("mend all faults", 0, 0, 0))
        self.bench.build()
