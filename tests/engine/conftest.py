"""A bench for tests that tell a story of their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.bench import Bench
from tests.engine.quick import quick


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """A site with the theme that shows everything, built once."""
    with quick():
        made = Bench(tmp_path)
        made.build()
        yield made


@pytest.fixture
def spare_bench(tmp_path: Path) -> Iterator[Bench]:
    """The same site with the theme that shows little."""
    with quick():
        made = Bench(tmp_path, "spare")
        made.build()
        yield made
