"""The only writer of the published tree.

The new tree is written in full beside the old one and takes its place in one step, so that a
visitor of the folder sees the old site or the new one, whatever kills the build. A folder that
this program did not make is never touched.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from explainer.diagnostics import Findings, Span
from explainer.fingerprint import digest

MARK = ".explainer-output"
"""File in a published tree that says whose it is, and lists what is ours in it."""

CACHE = ".explainer"
_RENAME_EXCHANGE = 2
_AT_FDCWD = -100


class _Refused(Exception):
    """The folder may not be written; the finding is already recorded."""


def publish(
    root: Path,
    target: Path,
    tree: Mapping[str, bytes],
    shown: str,
    findings: Findings,
    progress: Callable[[str, int, int], None],
) -> None:
    """Make `target` hold exactly `tree`, and what is not ours in it."""
    try:
        _check_target(root, target, shown, findings)
        with _lock(target, shown, findings):
            _publish(target, tree, progress)
    except _Refused:
        pass
    except OSError as error:
        reason = error.strerror or str(error)
        findings.add("E802", Span(shown), f"cannot write the site: {reason}",
                     "the site that stood there stands untouched")  # fmt: skip


def remove(root: Path, target: Path, shown: str) -> tuple[str, ...]:
    """Remove a published tree that is ours, and the cache; return what was removed."""
    removed = []
    if _is_ours(target):
        _remove_owned(target)
        removed.append(shown)
    for name, path in ((CACHE, root / CACHE), (shown, _buffer(target))):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
            removed.append(name)
    _lock_file(target).unlink(missing_ok=True)
    return tuple(dict.fromkeys(removed))


def _check_target(root: Path, target: Path, shown: str, findings: Findings) -> None:
    """Refuse a folder that the site is made from, or that holds files of others."""
    source = root.resolve()
    place = target.resolve()
    parts = [source / name for name in ("content", "themes", "static", ".git")]
    inside = any(place == part or part in place.parents for part in parts)
    if inside or place == source or place in source.parents:
        findings.add("E801", Span(shown), f'"{shown}" is part of the site itself',
                     "name another folder")  # fmt: skip
        raise _Refused
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        findings.add("E801", Span(shown), f'"{shown}" is not a folder', "name another one")
        raise _Refused
    if target.is_dir() and any(target.iterdir()) and not _is_ours(target):
        findings.add("E801", Span(shown), f'"{shown}" holds files that explainer did not make',
                     "name another folder, or empty it by hand")  # fmt: skip
        raise _Refused


def _publish(
    target: Path, tree: Mapping[str, bytes], progress: Callable[[str, int, int], None]
) -> None:
    buffer = _buffer(target)
    if buffer.exists():
        shutil.rmtree(buffer)
    buffer.mkdir(parents=True)
    for number, (path, content) in enumerate(tree.items()):
        progress("write", number, len(tree))
        _write(buffer / path, content)
    _carry_over(target, buffer, tree)
    manifest = {path: digest(content) for path, content in sorted(tree.items())}
    _write(buffer / MARK, json.dumps({"version": 1, "files": manifest}).encode())
    _flush(buffer)
    _switch(buffer, target)
    shutil.rmtree(buffer, ignore_errors=True)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _carry_over(target: Path, buffer: Path, tree: Mapping[str, bytes]) -> None:
    """Keep what someone else put into the published folder: a CNAME, a .htaccess."""
    if not target.is_dir():
        return
    owned = {*_owned(target), MARK}
    for folder, _, names in os.walk(target):
        for name in names:
            path = Path(folder, name)
            relative = path.relative_to(target).as_posix()
            if relative not in owned and relative not in tree:
                place = buffer / relative
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(path, place, follow_symlinks=False)


def _switch(buffer: Path, target: Path) -> None:
    """Put the new tree in the place of the old one in one step."""
    if not target.exists():
        os.rename(buffer, target)
    elif not _exchange(buffer, target):
        # No exchange on this system: between the two renames the folder is missing for a moment.
        aside = target.with_name(f".{target.name}.old")
        if aside.exists():
            shutil.rmtree(aside)
        os.rename(target, aside)
        os.rename(buffer, target)
        shutil.rmtree(aside, ignore_errors=True)
    with contextlib.suppress(OSError):
        _sync(target.parent)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders atomically; False where the system cannot."""
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "renameat2"):
        return False
    paths = (os.fsencode(one), os.fsencode(other))
    if libc.renameat2(_AT_FDCWD, paths[0], _AT_FDCWD, paths[1], _RENAME_EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in (errno.ENOSYS, errno.EINVAL):
        return False
    raise OSError(code, os.strerror(code), str(other))


def _flush(folder: Path) -> None:
    """Have the system write everything to disk before the switch."""
    if sys.platform == "linux":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            libc = ctypes.CDLL(None, use_errno=True)
            if libc.syncfs(descriptor) != 0:
                code = ctypes.get_errno()
                raise OSError(code, os.strerror(code), str(folder))
        finally:
            os.close(descriptor)
    else:
        for path in folder.rglob("*"):
            _sync(path)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _buffer(target: Path) -> Path:
    return target.with_name(f".{target.name}.next")


def _lock_file(target: Path) -> Path:
    return target.with_name(f".{target.name}.lock")


@contextlib.contextmanager
def _lock(target: Path, shown: str, findings: Findings) -> Iterator[None]:
    """Hold the lock of an output folder; the system frees it when the process ends."""
    path = _lock_file(target)
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            findings.add("E803", Span(shown), "another build of this site is running",
                         "wait for it to end")  # fmt: skip
            raise _Refused from None
        yield
    finally:
        os.close(descriptor)


def _is_ours(target: Path) -> bool:
    return (target / MARK).is_file() and not target.is_symlink()


def _owned(target: Path) -> frozenset[str]:
    """Return the files of a published tree that are ours."""
    try:
        data = json.loads((target / MARK).read_bytes())
        return frozenset(path for path in data["files"] if _stays_inside(target, path))
    except (OSError, ValueError, KeyError, TypeError):
        return frozenset()


def _stays_inside(target: Path, path: str) -> bool:
    """Tell whether a listed path is one below the folder: a list may have been tampered with."""
    parts = path.split("/")
    if not all(parts) or ".." in parts or "\\" in path:
        return False
    folder = target
    for part in parts[:-1]:
        folder = folder / part
        if folder.is_symlink():
            return False
    return True


def _remove_owned(target: Path) -> None:
    """Delete our files, and the folders that are empty then."""
    for path in (*_owned(target), MARK):
        (target / path).unlink(missing_ok=True)
    for folder, _, _ in os.walk(target, topdown=False):
        with contextlib.suppress(OSError):
            os.rmdir(folder)
