"""The short form of `python -m tests.serve.fuzz`."""

from pathlib import Path

import pytest

from explainer.serve import files
from tests.serve.fuzz import a_tree, fuzz
from tests.serve.serving import Served


def test_made_up_requests(server: Served, tmp_path: Path):
    assert fuzz(server, a_tree(tmp_path), 400, seed=1) == []


def test_the_fuzzer_finds_what_is_wrong(
    server: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(files, "_is_allowed", lambda name: True)
    found = fuzz(server, a_tree(tmp_path), 400, seed=1)
    assert any("it sent a secret" in one for one in found)
