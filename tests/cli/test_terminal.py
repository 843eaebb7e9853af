"""Colours and progress: for people at terminals, and as they ask for them."""

import os
import subprocess
import sys

import pytest

from explainer.cli.progress import watching
from explainer.cli.terminal import color_choice, color_on_stderr, is_watched
from tests.cli.conftest import ERROR


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, None),
        ({"NO_COLOR": ""}, None),
        ({"NO_COLOR": "1"}, False),
        ({"NO_COLOR": "0"}, False),
        ({"FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": "0"}, None),
        ({"FORCE_COLOR": ""}, None),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        ({"TERM": "dumb"}, False),
        ({"TERM": "dumb", "FORCE_COLOR": "1"}, True),
        ({"TERM": "xterm"}, None),
    ],
)
def test_environment_says_whether_there_are_colors(monkeypatch, environment, expected):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert color_choice() is expected


def test_no_colors_in_a_file_or_a_pipe(run, engine):
    engine.diagnostics = (ERROR,)
    assert not color_on_stderr()
    assert "\x1b" not in run("check").output


def test_force_color_colors_findings_in_a_pipe(run, engine, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    engine.diagnostics = (ERROR,)
    assert "\x1b[1;31mE201\x1b[0m" in run("check").stderr


def test_force_color_leaves_documents_alone(run, engine, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    engine.diagnostics = (ERROR,)
    assert "\x1b" not in run("check", "--format", "github").stdout


def test_colors_of_explain_follow_the_environment(run, monkeypatch):
    assert "\x1b" not in run("explain", "E201").stdout
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[1m" in run("explain", "E201").stdout


class TestProgress:
    @pytest.mark.parametrize(
        ("tty", "environment", "expected"),
        [
            (True, {}, True),
            (False, {}, False),
            (True, {"CI": "true"}, False),
            (True, {"CI": "false"}, True),
            (True, {"TERM": "dumb"}, False),
        ],
    )
    def test_is_for_a_person_at_a_terminal(self, monkeypatch, tty, environment, expected):
        monkeypatch.setattr(sys.stderr, "isatty", lambda: tty)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        assert is_watched() is expected

    def test_without_a_terminal_rich_is_not_imported(self):
        code = (
            "import sys\n"
            "from explainer.cli.progress import watching\n"
            "with watching(quiet=False, verbose=False) as step: step('render', 0, 1)\n"
            "assert 'rich' not in sys.modules\n"
        )
        subprocess.run([sys.executable, "-c", code], check=True, stderr=subprocess.DEVNULL)

    def test_bar_runs_no_thread_and_leaves_nothing_behind(self, monkeypatch, capfd):
        import threading

        monkeypatch.setattr("explainer.cli.progress.is_watched", lambda: True)
        monkeypatch.setenv("TERM", "xterm")
        with watching(quiet=False, verbose=False) as step:
            for number in range(100):
                step("[render]", number, 100)
            assert threading.active_count() == 1
        out, err = capfd.readouterr()
        assert out == ""
        assert "\n\n" not in err

    @pytest.mark.skipif(os.name == "nt", reason="terminals of Unix")
    def test_bar_is_drawn_on_a_real_terminal(self, folder):
        import pty

        code = (
            "import time\n"
            "from explainer.cli.progress import watching\n"
            "with watching(quiet=False, verbose=False) as step:\n"
            "    for n in range(3): step('render', n, 3); time.sleep(0.11)\n"
        )
        ours, theirs = pty.openpty()
        environment = {**os.environ, "TERM": "xterm"}
        subprocess.run([sys.executable, "-c", code], check=True, stderr=theirs, env=environment)
        shown = os.read(ours, 100_000).decode()
        os.close(ours)
        os.close(theirs)
        assert "render" in shown
        assert "/3" in shown
