"""Builds that are killed, or that the system refuses something, and what must hold afterwards.

strace does it: it follows a build's system calls, and at one of them sends a SIGKILL or makes the
call fail. First a build is followed and its calls are counted; then it is done again for each.
"""

from __future__ import annotations

import functools
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest

from explainer.build import commit
from explainer.build.commit import Publication
from tests.building import NOW, SiteFolder, tree_of
from tests.tooling import ROOT, program

T = TypeVar("T")

EVERY = bool(os.environ.get("EXPLAINER_KILLS"))
"""Whether to go through every call (`make kills`); else through some of them."""

AT = NOW.isoformat()
"""The build clock of all builds here."""

CALLS = (
    "openat", "creat", "write", "writev", "pwrite64", "rename", "renameat", "renameat2", "link",
    "linkat", "symlink", "symlinkat", "unlink", "unlinkat", "mkdir", "mkdirat", "rmdir", "truncate",
    "ftruncate", "fallocate", "fsync", "fdatasync", "syncfs", "chmod", "fchmod", "fchmodat",
    "utimensat", "copy_file_range", "sendfile",
)  # fmt: skip
"""System calls that change files. Not every processor has all of them: `?` lets strace pass over
those it does not know."""

PROGRAM = [sys.executable, "-m", "explainer"]
ENVIRONMENT = {
    **os.environ,
    "PYTHONPATH": str(ROOT),
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",
    "NO_COLOR": "1",
}


# -- sites ---------------------------------------------------------------------------------------


def a_site(root: Path, stories: int = 0) -> SiteFolder:
    """Return a small site: every sort of file, and as many further stories as are asked for."""
    folder = SiteFolder(root)
    folder.story("a", topics=["x"]).story("b").story("gone").topic("x").page("about")
    folder.write("static/files/data.bin", bytes(range(256)) * 40)
    for number in range(stories):
        folder.story(f"s{number}", topics=["x"])
    return folder


def edited(folder: SiteFolder) -> None:
    """Change a page, add one, delete one; and files that are copied."""
    folder.story("b", "## What's happened\n\nOther text.", title="Another title").page("added")
    folder.remove("content/stories/gone.md")
    folder.write("static/files/data.bin", b"other").write("static/more.txt", "more")


def edited_again(folder: SiteFolder) -> None:
    """Change what a build after the last one has to do."""
    folder.story("a", title="Yet another title").topic("y").remove("content/pages/about.md")


_clean: dict[tuple[tuple[str, bytes], ...], dict[str, bytes]] = {}


def clean_tree(folder: SiteFolder) -> dict[str, bytes]:
    """Return what a build from nothing makes of the site as it is now."""
    made = ("public", ".public", ".explainer", "disk/")
    files = {path: data for path, data in tree_of(folder.root).items() if not path.startswith(made)}
    key = tuple(files.items())
    if key not in _clean:
        with tempfile.TemporaryDirectory() as name:
            copy = SiteFolder(Path(name, "site"))
            copy.output = copy.root / folder.output.relative_to(folder.root)
            for path, data in files.items():
                copy.write(path, data)
            _clean[key] = copy.built(workers=1)
    return _clean[key]


def in_memory() -> Iterator[Path]:
    """Yield a folder for sites, in memory where there is such a place.

    A build has the system write all to disk before it publishes, and that takes most of its time.
    """
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as name:
        yield Path(name)


def fresh(folder: Path) -> Path:
    """Return the place of a new site; the last one is taken away."""
    shutil.rmtree(folder / "run", ignore_errors=True)
    (folder / "run").mkdir()
    return folder / "run" / "site"


# -- what stands before the build that something befalls -----------------------------------------


def nothing_yet(root: Path, stories: int = 0) -> SiteFolder:
    """A site that was never built."""
    return a_site(root, stories)


def an_edit(root: Path, stories: int = 0) -> SiteFolder:
    """A site that was built, and edited since."""
    folder = a_site(root, stories)
    folder.built(workers=1)
    edited(folder)
    return folder


def without_memory(root: Path, stories: int = 0) -> SiteFolder:
    """The same, but all that builds keep for the next one is gone."""
    folder = an_edit(root, stories)
    shutil.rmtree(folder.root / ".explainer")
    return folder


def unpublished(root: Path, stories: int = 0) -> SiteFolder:
    """The same, but the published folder is gone."""
    folder = an_edit(root, stories)
    shutil.rmtree(folder.output)
    return folder


class Stopped(BaseException):
    """A build is left as it is."""


def stopped(root: Path, stories: int = 0) -> SiteFolder:
    """A site whose last build was killed just behind the exchange, and that was edited again."""
    folder = an_edit(root, stories)

    def stop(*_: object) -> None:
        raise Stopped

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Publication, "_settle", stop)
        with pytest.raises(Stopped):
            folder.build(workers=1)
    assert folder.tree() == clean_tree(folder)
    edited_again(folder)
    return folder


BEFORE = {
    "first": nothing_yet,
    "edit": an_edit,
    "no memory": without_memory,
    "unpublished": unpublished,
    "stopped": stopped,
}
"""What may stand there before a build."""


# -- strace --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Call:
    """A system call of a build that changes a file of the site."""

    name: str
    number: int
    """Which one of this name it is in its process, from 1."""

    text: str

    places: tuple[str, ...]
    """Files and folders of the site that it names."""

    def __str__(self) -> str:
        return f"{self.name} {self.number}: {self.text}"

    def is_of(self, line: str, folder: SiteFolder) -> bool:
        """Tell whether a line of strace is of a call for the same files, and to do the same.

        How many folders a build looks into depends on how young they are, and so may the number
        at which it comes to a call.
        """
        same = ("O_CREAT" in self.text) == ("O_CREAT" in line)
        return same and self.places == places_in(line, folder)


TRIES = 5
"""Builds in which a call must come up under its number once."""


@functools.cache
def strace() -> str:
    """Return the path of strace, or skip the test where it may not follow a process."""
    path = program("strace")
    command = [path, "-qq", "-f", "-einject=fsync:error=EIO", "true"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip(f"strace may not follow processes here: {done.stderr.strip()}")
    return path


@functools.cache
def ready() -> subprocess.Popen[str]:
    """Return a program that stands ready to build; it ends with the tests, as its input does."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.engine.ready"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT, cwd=ROOT,
    )  # fmt: skip


def built_by(folder: SiteFolder, user: int | None) -> tuple[int, str]:
    """Build as another user; return the exit code and what was said."""
    said = folder.root.parent / "said"
    arguments = ["-C", str(folder.root), "build", "--now", AT, "--workers", "1"]
    _ask(json.dumps({"arguments": arguments, "said": str(said), "user": user}))
    code = int(_ask(""))
    return code, said.read_text("utf-8")


def traced(folder: SiteFolder, *inject: str, workers: int) -> tuple[int, str, list[str]]:
    """Build under strace; return the exit code, what was said, and the calls, a line for each."""
    around = folder.root.parent
    log, said = around / "strace.log", around / "said"
    arguments = ["-C", str(folder.root), "build", "--now", AT, "--workers", str(workers)]
    pid = int(_ask(json.dumps({"arguments": arguments, "said": str(said)})))
    names = ",".join(f"?{name}" for name in CALLS)
    follow = ["-f", "-p", str(pid), "-y", "-s", "0", "-o", str(log), f"-etrace={names}", *inject]
    with subprocess.Popen([strace(), *follow], stderr=subprocess.PIPE, text=True) as tracer:
        assert tracer.stderr is not None
        assert "attached" in tracer.stderr.readline()
        code = int(_ask(""))
        tracer.communicate(timeout=60)
    return code, said.read_text("utf-8"), log.read_text("utf-8", "replace").splitlines()


def _ask(line: str) -> str:
    process = ready()
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{line}\n")
    process.stdin.flush()
    return process.stdout.readline()


def calls_of(folder: SiteFolder, workers: int = 1) -> list[Call]:
    """Build, and return the calls that changed files of the site."""
    code, said, lines = traced(folder, workers=workers)
    assert code == 0, said
    counts: Counter[tuple[str, str]] = Counter()
    found: dict[tuple[str, int], Call] = {}
    for line in lines:
        match = re.match(r"(\d+) +(\w+)\((.*)", line)
        if match is None:
            continue
        pid, name, text = match.groups()
        counts[pid, name] += 1
        if str(folder.root) in text and not (name == "openat" and "O_CREAT" not in text):
            number = counts[pid, name]
            shown = text.replace(str(folder.root), "")
            # Of several processes the first that comes to a number is meant.
            call = Call(name, number, shown, places_in(text, folder))
            found.setdefault((name, number), call)
    assert found, "strace has seen nothing"
    return list(found.values())


def places_in(text: str, folder: SiteFolder) -> tuple[str, ...]:
    """Return the files and folders of a site that a call names, by themselves or as open ones."""
    given, _, _ = text.rpartition(" = ")  # what it returns is no file if it was refused
    return tuple(re.findall(f'[<"]{re.escape(str(folder.root))}([^>"]*)', given))


def some(of: Sequence[T], count: int, seed: str = "") -> list[T]:
    """Return a number of things, the same in each run; all of them for `make kills`."""
    if EVERY or len(of) <= count:
        return list(of)
    chosen = sorted(random.Random(seed).sample(range(len(of)), count))
    return [of[number] for number in chosen]


def killed_at(folder: SiteFolder, call: Call, workers: int = 1) -> tuple[int, str, bool]:
    """Build, with a SIGKILL for the process that comes to a call; tell whether one did."""
    code, said, lines = traced(
        folder, f"-einject={call.name}:signal=KILL:when={call.number}", workers=workers
    )
    return code, said, any("killed by SIGKILL" in line for line in lines)


def refused_at(folder: SiteFolder, call: Call, error: str) -> tuple[int, str, str]:
    """Build, with an error for a call; return the call as well that was refused."""
    code, said, lines = traced(
        folder, f"-einject={call.name}:error={error}:when={call.number}", workers=1
    )
    return code, said, next((line for line in lines if "(INJECTED)" in line), "")


# -- what must hold ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Trees:
    """What may stand in the published folder after a fault."""

    old: Mapping[str, bytes]
    """Empty where nothing was published."""

    new: Mapping[str, bytes]


def trees_of(folder: SiteFolder) -> Trees:
    """Return what stands there, and what a build makes of the site."""
    return Trees(folder.tree(), clean_tree(folder))


def difference(found: Mapping[str, bytes], expected: Mapping[str, bytes]) -> str:
    """Name the files in which two trees differ."""
    missing, more = expected.keys() - found.keys(), found.keys() - expected.keys()
    other = {path for path in found.keys() & expected.keys() if found[path] != expected[path]}
    return f"missing {sorted(missing)}, more {sorted(more)}, other {sorted(other)}"


def whole(folder: SiteFolder, trees: Trees) -> list[str]:
    """Return what is wrong with what stands there after a fault: it is the old site or the new."""
    found = folder.tree()
    if found in (trees.old, trees.new):
        return [] if found or not folder.output.exists() else ["an empty folder is published"]
    return [f"a mixture is published: {difference(found, trees.new)}"]


def mended(folder: SiteFolder, trees: Trees) -> list[str]:
    """Return what is wrong with the builds after a fault, and with the one after an edit."""
    wrong = []
    for edit in (None, edited_after):
        expected = trees.new
        if edit is not None:
            edit(folder)
            expected = clean_tree(folder)
        outcome = folder.build(workers=1)
        if outcome.codes or folder.tree() != expected:
            said = f"the next build {outcome.codes}: {difference(folder.tree(), expected)}"
            wrong.append(said if edit is None else f"after an edit, {said}")
        outcome = folder.build(workers=1)
        if outcome.codes or outcome.result.rendered or folder.tree() != expected:
            wrong.append(f"a build without a change rendered {outcome.result.rendered}")
    place = commit.place(folder.root, folder.output, "the output")
    beside = {path.name for path in place.target.parent.iterdir() if path.name.startswith(".p")}
    if more := beside - {place.lock.name, place.hidden.name}:
        wrong.append(f"left beside the output: {more}")
    return wrong


def edited_after(folder: SiteFolder) -> None:
    """Change one page, so that the tree that is hidden is published."""
    folder.topic("x", name="Edited after the fault")


def said_clearly(said: str, *codes: str) -> list[str]:
    """Return what is wrong with what a build said: one finding at most, and no traceback."""
    wrong = [word for word in ("Traceback", "internal error", "Error:") if word in said]
    found = re.findall(r"\b([EW]\d{3})\b", said)
    if len(found) > 1 or not {*found} <= {*codes}:
        wrong.append(f"findings {found}")
    return [f"said {', '.join(wrong)}:\n{said}"] if wrong else []


# -- processes -----------------------------------------------------------------------------------


def start(folder: SiteFolder, *options: str) -> subprocess.Popen[str]:
    """Start a build in a session of its own."""
    return subprocess.Popen(
        [*PROGRAM, "-C", str(folder.root), "build", "--now", AT, *options],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT,
        start_new_session=True,
    )  # fmt: skip


def in_session(session: int) -> list[int]:
    """Return the living processes of a session."""
    found = []
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            status = Path("/proc", entry, "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(status[3]) == session and status[0] not in "ZX":
            found.append(int(entry))
    return found


def end(session: int) -> None:
    """End what is left of a session."""
    for pid in in_session(session):
        os.kill(pid, signal.SIGKILL)
