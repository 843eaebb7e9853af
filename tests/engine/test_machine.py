"""The oracle: after any sequence of edits the published tree equals a clean build's."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.engine.machine import Builds
from tests.engine.quick import quick

SEQUENCES = int(os.environ.get("EXPLAINER_SEQUENCES", "20"))
"""`make soak` runs thousands, of another sort (see `soak.py`)."""

CI = settings(
    max_examples=SEQUENCES,
    stateful_step_count=12,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.slow
def test_any_sequence_of_edits_comes_to_what_a_clean_build_publishes() -> None:
    Builds.counted.update(sequences=0, builds=0)
    with quick():
        run_state_machine_as_test(Builds, settings=CI)
    assert Builds.counted["sequences"] >= SEQUENCES
    assert Builds.counted["builds"] > 5 * SEQUENCES
