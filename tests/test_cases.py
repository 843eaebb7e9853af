"""Every mistake that an author can make, each in a small site with its exact findings."""

from __future__ import annotations

import difflib
import re
import shutil
from pathlib import Path

import pytest

from explainer.build import pipeline
from explainer.diagnostics.codes import CODES
from tests.case_sites import CASES, NOW, expected_of, found_in, names, written

NOT_IN_GIT = {
    "E103": "a file over 2 MiB",
    "E105": "a pipe, or a file without permissions",
    "E218": "a picture of more than 50 MB",
    "E801": "a folder that is not ours stands in the way of a build",
    "E802": "a full or read-only disk",
    "E803": "two builds at once",
    "E805": "a library that cannot be loaded",
    "W804": "a disk that is full once the site is written",
}
"""Codes whose cause cannot lie in a folder that git keeps: tested elsewhere."""

ALSO_BUILT = [name for number, name in enumerate(names()) if number % 5 == 0]
"""The cases that are built as well: a build must say what a check says."""


@pytest.mark.parametrize("name", names())
def test_case(name: str) -> None:
    expected, found = expected_of(name), found_in(name)
    if found != expected:
        pytest.fail(_difference(name, expected, found), pytrace=False)


def _difference(name: str, expected: str, found: str) -> str:
    lines = difflib.unified_diff(
        expected.splitlines(), found.splitlines(), "expected", "found", lineterm="", n=0
    )
    shown = "\n".join(line for line in lines if not line.startswith("@@"))
    return f"tests/cases/{name}\n{shown}"


@pytest.mark.parametrize("name", ALSO_BUILT)
def test_build_says_the_same(name: str, tmp_path: Path) -> None:
    site = tmp_path / "site"
    shutil.copytree(CASES / name, site, symlinks=True)
    result = pipeline.build(site, pipeline.Options(now=NOW))
    assert written(result.diagnostics) == expected_of(name)
    assert (site / "public").exists() == result.ok


def test_every_code_has_a_case() -> None:
    text = "\n".join(expected_of(name) for name in names())
    found = set(re.findall(r"^[^ ].*?: ([EW]\d{3}) ", text, re.MULTILINE))
    assert set(CODES) - found == set(NOT_IN_GIT)


def test_names_tell_what_is_found() -> None:
    for name in names():
        expected = expected_of(name)
        code = name.split("-")[0].upper()
        if code == "OK":
            assert expected == "", name
        elif code != "MIXED":
            assert f": {code} " in expected, name
