"""Completion in shells."""

import os
import subprocess
import sys

import pytest


def complete(*words: str) -> list[str]:
    """Return what bash would offer for the last word."""
    environment = {
        **os.environ,
        "_EXPLAINER_COMPLETE": "bash_complete",
        "COMP_WORDS": " ".join(["explainer", *words]),
        "COMP_CWORD": str(len(words)),
    }
    command = [sys.executable, "-m", "explainer"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.stderr == ""
    return [line.partition(",")[2] for line in done.stdout.splitlines()]


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("b",), ["build"]),
        (("c",), ["check", "clean", "completion"]),
        (("build", "--f"), ["--format"]),
        (("check", "--format", "s"), ["sarif"]),
        (("new", "t"), ["topic"]),
        (("explain", "e20"), [f"E20{n}" for n in (1, 2, 3, 5, 6, 7, 8, 9)]),
    ],
)
def test_commands_options_and_values_are_completed(words, offered):
    assert complete(*words) == offered


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_script_calls_the_program(run, shell):
    result = run("completion", shell)
    assert result.exit_code == 0
    assert f"_EXPLAINER_COMPLETE={shell}_complete" in result.stdout
