"""Where the programs are that the tests run besides Python, and what to do when one is missing."""

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / ".explainer" / ".pictures"
"""Pictures of the example site as a build has made them in all sizes, if there was one: copies of
the site take them along, for making them takes longer than all the rest."""

NODE_MODULES = ROOT / "tests" / "tools" / "node_modules"


def program(name: str) -> str:
    """Return the path of a program of the machine, or skip the test."""
    found = shutil.which(name)
    if found is None:
        _missing(f"the program {name} is not installed")
    return found


def node_module(path: str) -> Path:
    """Return a file or folder of an npm package of tests/tools, or skip the test."""
    found = NODE_MODULES / path
    if not found.exists():
        _missing(f"tests/tools/node_modules/{path} is not there")
    return found


def _missing(what: str) -> NoReturn:
    """Skip; but fail under `.ci/run`, where a skipped check would look like a pass."""
    message = f"{what}; `make tools` installs it"
    if os.environ.get("EXPLAINER_REQUIRE_TOOLS") == "1":
        pytest.fail(message, pytrace=False)
    pytest.skip(message)
