"""A program that stands ready to build: all is imported, and each build is a fork of it.

A build under strace would spend most of its time in imports. It reads lines of JSON: the arguments
of a build and the file for what it says. To each it answers with the number of the process, which
waits; to an empty line with its exit code, once it has ended.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
import tempfile
from pathlib import Path


def main() -> None:
    """Build whatever is asked for, until nothing more is."""
    with tempfile.TemporaryDirectory() as name:
        _import_all(Path(name))
    while line := sys.stdin.readline():
        job = json.loads(line)
        gate, opener = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(opener)
            os.read(gate, 1)
            os.close(gate)
            os._exit(_build(job["arguments"], job["said"], job.get("user")))
        os.close(gate)
        print(pid, flush=True)
        sys.stdin.readline()
        os.write(opener, b"x")
        os.close(opener)
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)


def _import_all(root: Path) -> None:
    import concurrent.futures.process  # noqa: F401
    import multiprocessing.popen_fork
    import multiprocessing.synchronize  # noqa: F401

    from tests.engine.faults import a_site

    folder = a_site(root / "site")
    with contextlib.redirect_stdout(io.StringIO()):
        assert _code(["-C", str(folder.root), "build", "--workers", "1"]) == 0


def _build(arguments: list[str], said: str, user: int | None) -> int:
    descriptor = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o644)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    if user is not None:
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)
    code = _code(arguments)
    with contextlib.suppress(OSError):
        sys.stdout.flush()
        sys.stderr.flush()
    return code


def _code(arguments: list[str]) -> int:
    from explainer.cli import main

    try:
        main(arguments)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    return 0


if __name__ == "__main__":
    main()
