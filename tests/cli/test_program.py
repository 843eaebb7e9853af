"""The program around the commands: what it imports, and how it ends."""

import os
import signal
import subprocess
import sys

import pytest

from explainer import __version__
from explainer.cli.program import COMMANDS

PROGRAM = [sys.executable, "-m", "explainer"]
HEAVY = {"jinja2", "markdown_it", "yaml", "msgspec", "rich", "babel", "pygments", "watchdog"}


def in_process(*args: str, **given) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, *args], capture_output=True, text=True, check=False, encoding="utf-8", **given
    )


def imported_by(*args: str) -> set[str]:
    """Return the top-level modules that a call imports."""
    command = [sys.executable, "-X", "importtime", "-m", "explainer", *args]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    lines = (line for line in done.stderr.splitlines() if line.startswith("import time:"))
    return {line.rpartition("|")[2].strip().partition(".")[0] for line in lines}


class TestStart:
    def test_version_comes_without_heavy_modules(self):
        done = in_process("--version")
        assert (done.returncode, done.stdout) == (0, f"explainer {__version__}\n")
        assert not imported_by("--version") & (HEAVY | {"tomllib", "json", "asyncio"})

    @pytest.mark.parametrize("command", ["", *COMMANDS])
    def test_help_comes_without_heavy_modules(self, command):
        args = [command, "--help"] if command else ["--help"]
        assert not imported_by(*args) & HEAVY

    @pytest.mark.parametrize("command", COMMANDS)
    def test_every_command_has_help(self, run, command):
        result = run(command, "-h")
        assert result.exit_code == 0
        assert result.stdout.startswith(f"Usage: explainer {command}")

    def test_help_lists_all_commands_with_their_purpose(self, run):
        result = run("--help")
        assert result.exit_code == 0
        for command in COMMANDS:
            assert f"\n  {command} " in result.stdout
        assert "..." not in result.stdout.partition("Commands:")[2]


class TestWrongUsage:
    @pytest.mark.parametrize(
        ("name", "hint"),
        [("biuld", 'did you mean "build"?'), ("chek", 'did you mean "check"?'), ("xyz", "one of ")],
    )
    def test_mistyped_command_gets_the_nearest(self, run, name, hint):
        result = run(name)
        assert result.exit_code == 2
        assert f'There is no command "{name}" ({hint}' in result.stderr

    @pytest.mark.parametrize(
        "args",
        [
            (),
            ("build", "--strickt"),
            ("-C", "nowhere", "build"),
            ("check", "--format", "xml"),
            ("check", "--output", "x"),
            ("build", "extra"),
            ("build", "--output", ""),
            ("check", "-q", "-v"),
            ("--wrong",),
        ],
    )
    def test_ends_with_2_and_nothing_on_stdout(self, run, folder, args):
        result = run(*args)
        assert result.exit_code == 2
        assert result.stdout == ""
        assert "Usage: explainer" in result.stderr

    def test_escape_sequences_of_an_argument_are_not_obeyed(self, run):
        assert "\x1b" not in run("\x1b[2J").stderr


class TestEnds:
    def test_internal_error_is_one_line(self, run, engine):
        engine.raises = RuntimeError("a\x1b[2Jb\nc")
        result = run("check")
        assert result.exit_code == 1
        assert result.stdout == ""
        assert result.stderr.count("\n") == 1
        assert result.stderr.startswith("internal error (RuntimeError: a<U+001B>[2Jb<U+000A>c)")
        assert "EXPLAINER_DEBUG=1" in result.stderr

    def test_debug_shows_the_traceback(self, run, engine, monkeypatch):
        monkeypatch.setenv("EXPLAINER_DEBUG", "1")
        engine.raises = RuntimeError("oh")
        result = run("check")
        assert result.exit_code == 1
        assert "Traceback" in result.stderr

    def test_interrupt_ends_with_130(self, run, engine):
        engine.raises = KeyboardInterrupt()
        result = run("build")
        assert (result.exit_code, result.stdout) == (130, "")
        assert result.stderr.endswith("interrupted\n")

    @pytest.mark.skipif(os.name == "nt", reason="signals of Unix")
    def test_ctrl_c_in_a_running_process_ends_with_130(self):
        code = (
            "import time, explainer.build.pipeline as p\n"
            "from explainer.cli import main\n"
            "def check(root, options): print('ready', flush=True); time.sleep(60)\n"
            "p.check = check\n"
            "main(['check'])\n"
        )
        with subprocess.Popen(
            [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            process.send_signal(signal.SIGINT)
            _, stderr = process.communicate(timeout=20)
        assert process.returncode == 130
        assert stderr.strip() == "interrupted"

    @pytest.mark.skipif(os.name == "nt", reason="pipes of Unix")
    @pytest.mark.parametrize("args", [["explain"], ["--help"], ["completion", "zsh"]])
    def test_reader_that_goes_away_gets_no_traceback(self, args):
        reading, writing = os.pipe()
        os.close(reading)
        try:
            done = subprocess.run(
                [*PROGRAM, *args], stdout=writing, stderr=subprocess.PIPE, text=True, check=False
            )
        finally:
            os.close(writing)
        assert done.stderr == ""
        assert done.returncode == 1

    def test_terminal_without_utf8_is_no_error(self):
        environment = {**os.environ, "PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"}
        command = [*PROGRAM, "explain", "E101"]
        done = subprocess.run(command, capture_output=True, check=False, env=environment)
        assert (done.returncode, done.stderr) == (0, b"")
        assert b"\\u201ccaf\xe9\\u201d" in done.stdout
