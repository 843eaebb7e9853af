"""What befalls a site between two builds besides edits: to the store, to the trees, to the files.

A mishap is a function of the bench (see `bench.py`) and three numbers, as an edit is.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from explainer.build.tree import parents_of
from explainer.site.urls import MARK

if TYPE_CHECKING:
    from tests.engine.bench import Bench

Mishap = Callable[["Bench", int, int, int], None]

MISHAPS: dict[str, Mishap] = {}
"""Name -> mishap."""


def mishap(function: Mishap) -> Mishap:
    """Add a function to the mishaps, under its name in words."""
    MISHAPS[function.__name__.replace("_", " ")] = function
    return function


def _pick(folder: Path, number: int, *, but: frozenset[str] = frozenset()) -> Path | None:
    """Return a file below a folder that is not the mark."""
    found = sorted(
        path for path in folder.rglob("*")
        if path.is_file() and path.name != MARK
        and path.relative_to(folder).as_posix() not in but
    )  # fmt: skip
    return found[number % len(found)] if found else None


# -- the store -----------------------------------------------------------------------------------


@mishap
def the_store_is_truncated(bench: Bench, a: int, b: int, c: int) -> None:
    if bench.store.is_file():
        size = bench.store.stat().st_size
        os.truncate(bench.store, size * (a % 100) // 100)


@mishap
def bytes_of_the_store_are_flipped(bench: Bench, a: int, b: int, c: int) -> None:
    if bench.store.is_file():
        data = bytearray(bench.store.read_bytes())
        for n in range(1 + c % 20):
            if data:
                data[(a * 7919 + b * 104729 + n * 1299709) % len(data)] ^= 1 << (n + b) % 8
        bench.store.write_bytes(data)


@mishap
def the_store_is_deleted(bench: Bench, a: int, b: int, c: int) -> None:
    bench.store.unlink(missing_ok=True)


@mishap
def the_store_is_garbage(bench: Bench, a: int, b: int, c: int) -> None:
    bench.store.parent.mkdir(parents=True, exist_ok=True)
    bench.store.write_bytes((b"", b"garbage" * a, bytes(4096))[b % 3])


@mishap
def the_store_is_of_another_version(bench: Bench, a: int, b: int, c: int) -> None:
    if bench.store.is_file():
        with closing(sqlite3.connect(bench.store)) as connection, suppress(sqlite3.DatabaseError):
            connection.execute(f"PRAGMA user_version = {a % 3 + 90}")


# -- the trees -----------------------------------------------------------------------------------


@mishap
def a_page_is_deleted(bench: Bench, a: int, b: int, c: int) -> None:
    if path := _pick(bench.public, a, but=bench.foreign):
        path.unlink()


@mishap
def a_page_is_altered_in_place(bench: Bench, a: int, b: int, c: int) -> None:
    if path := _pick(bench.public, a, but=bench.foreign):
        _alter(path, keep=bool(b % 2))


@mishap
def a_page_is_replaced(bench: Bench, a: int, b: int, c: int) -> None:
    if path := _pick(bench.public, a, but=bench.foreign):
        data = path.read_bytes()
        path.unlink()
        path.write_bytes(data[::-1] if b % 2 else data)


@mishap
def a_hidden_page_is_deleted(bench: Bench, a: int, b: int, c: int) -> None:
    if path := _pick(bench.hidden, a, but=bench.foreign):
        path.unlink()


@mishap
def a_hidden_page_is_altered(bench: Bench, a: int, b: int, c: int) -> None:
    if path := _pick(bench.hidden, a, but=bench.foreign):
        if c % 2:  # the published page stays what it is
            data = path.read_bytes()
            path.unlink()
            path.write_bytes(data)
        _alter(path, keep=bool(b % 2))


@mishap
def both_pages_are_deleted(bench: Bench, a: int, b: int, c: int) -> None:
    if path := _pick(bench.public, a, but=bench.foreign):
        path.unlink()
        (bench.hidden / path.relative_to(bench.public)).unlink(missing_ok=True)


@mishap
def the_hidden_mark_is_deleted(bench: Bench, a: int, b: int, c: int) -> None:
    (bench.hidden / MARK).unlink(missing_ok=True)


@mishap
def the_hidden_tree_is_deleted(bench: Bench, a: int, b: int, c: int) -> None:
    shutil.rmtree(bench.hidden, ignore_errors=True)


@mishap
def the_published_tree_is_deleted(bench: Bench, a: int, b: int, c: int) -> None:
    shutil.rmtree(bench.public, ignore_errors=True)
    bench.strangers.clear()


@mishap
def both_trees_are_deleted(bench: Bench, a: int, b: int, c: int) -> None:
    the_published_tree_is_deleted(bench, a, b, c)
    the_hidden_tree_is_deleted(bench, a, b, c)


@mishap
def all_but_the_site_is_deleted(bench: Bench, a: int, b: int, c: int) -> None:
    the_published_tree_is_deleted(bench, a, b, c)
    shutil.rmtree(bench.root / ".explainer", ignore_errors=True)


STRANGERS = (
    "CNAME", "stories/theirs.txt", "their/own/file.txt", ".htaccess", "their/own/other.txt",
    "their/else/file.txt", "stories/their/file.txt", "their/else/n\udcffme", "their/none/",
    "stories/none/",
)  # fmt: skip
"""What others put into the published folder; a folder ends in a slash."""


def _put(bench: Bench, a: int, b: int) -> None:
    name = STRANGERS[a % len(STRANGERS)]
    path = bench.public / name
    around = [f"{one}/" for one in parents_of(name)]
    if name.endswith("/"):
        path.mkdir(parents=True, exist_ok=True)
        content = b""
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        content = b"theirs %d\n" % (b % 5)
        path.write_bytes(content)
    for one in around:
        bench.strangers.pop(one, None)
    bench.strangers[name] = content


def _take(bench: Bench, a: int) -> None:
    if not bench.strangers:
        return
    name = sorted(bench.strangers)[a % len(bench.strangers)]
    del bench.strangers[name]
    path = bench.public / name
    if name.endswith("/"):
        path.rmdir()
    else:
        path.unlink()
    if path.parent != bench.public and not any(path.parent.iterdir()):
        bench.strangers[f"{path.parent.relative_to(bench.public).as_posix()}/"] = b""


@mishap
def a_stranger_puts_a_file_there(bench: Bench, a: int, b: int, c: int) -> None:
    if bench.public.is_dir():
        _put(bench, a, b)


@mishap
def a_stranger_takes_a_file_away(bench: Bench, a: int, b: int, c: int) -> None:
    _take(bench, a)


@mishap
def a_stranger_comes_while_the_trees_are_exchanged(bench: Bench, a: int, b: int, c: int) -> None:
    if bench.before_exchange or bench.behind_exchange:
        return  # what two did, to the one tree and to the other, could not be told apart

    def come() -> None:
        if bench.public.is_dir():
            if c % 3:
                _put(bench, a, b)
            else:
                _take(bench, a)

    (bench.before_exchange if c % 2 else bench.behind_exchange).append(come)


# -- the site ------------------------------------------------------------------------------------


@mishap
def all_files_are_touched(bench: Bench, a: int, b: int, c: int) -> None:
    for path in bench.known:
        os.utime(bench.root / path, ns=(a * 10**9, (1_700_000_000 + a) * 10**9))


@mishap
def a_file_is_rewritten_under_its_old_time(bench: Bench, a: int, b: int, c: int) -> None:
    """A file of the same length and time of change: the content alone is another."""
    path = bench.root / sorted(bench.known)[a % len(bench.known)]
    times = path.stat()
    path.write_bytes(path.read_bytes())
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


@mishap
def the_site_is_checked_out_anew(bench: Bench, a: int, b: int, c: int) -> None:
    """CI with a kept cache: other folder, inodes and times, and nothing published."""
    bench.move(with_public=False)


@mishap
def the_site_is_moved(bench: Bench, a: int, b: int, c: int) -> None:
    bench.move(with_public=True)


@mishap
def a_writer_was_killed(bench: Bench, a: int, b: int, c: int) -> None:
    """What a kill may leave: a list of what was about to change, half of it done, no mark."""
    if not bench.hidden.is_dir() or (path := _pick(bench.hidden, a, but=bench.foreign)) is None:
        return
    from explainer.build.tree import read_mark

    found = read_mark(bench.hidden)
    if found is None:
        return
    name = path.relative_to(bench.hidden).as_posix()
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    (bench.home / "touched").write_text(f'{{"tree": "{found[0]}", "files": ["{quoted}"]}}')
    (bench.hidden / MARK).unlink()
    path.unlink()
    path.write_bytes(b"half a pa")


def _alter(path: Path, *, keep: bool) -> None:
    """Change a file in place; `keep` its length and time of change."""
    times = path.stat()
    data = path.read_bytes()
    with path.open("r+b") as file:
        if keep and data:
            file.write(bytes([data[0] ^ 1]))
        else:
            file.write(data + b"more")
    if keep:
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
