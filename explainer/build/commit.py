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
from explainer.site.urls import MARK

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
            _publish(target, tree, shown, findings, progress)
    except _Refused:
        pass
    except OSError as error:
        reason = error.strerror or str(error)
        findings.add("E802", Span(shown), f"cannot write the site: {reason}",
                     "the site that stood there stands untouched")  # fmt: skip


def remove(root: Path, target: Path, shown: str) -> tuple[str, ...]:
    """Remove a published tree that is ours, and the cache; return what was removed."""
    findings = Findings()
    try:
        with _lock(target, shown, findings):
            removed = _remove(root, target, shown)
    except _Refused:
        raise BlockingIOError(
            errno.EWOULDBLOCK, next(iter(findings)).message, str(target)
        ) from None
    _lock_file(target).unlink(missing_ok=True)
    return removed


def _remove(root: Path, target: Path, shown: str) -> tuple[str, ...]:
    removed = []
    if _is_ours(target):
        _remove_owned(target)
        removed.append(shown)
    for name, path in ((CACHE, root / CACHE), (shown, _buffer(target))):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
            removed.append(name)
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
    target: Path,
    tree: Mapping[str, bytes],
    shown: str,
    findings: Findings,
    progress: Callable[[str, int, int], None],
) -> None:
    buffer = _buffer(target)
    if buffer.exists():
        shutil.rmtree(buffer)
    try:
        _fill(buffer, target, tree, shown, findings, progress)
        _switch(buffer, target)
    finally:
        # The old tree after the switch; before it, what an error left half done.
        shutil.rmtree(buffer, ignore_errors=True)


def _fill(
    buffer: Path,
    target: Path,
    tree: Mapping[str, bytes],
    shown: str,
    findings: Findings,
    progress: Callable[[str, int, int], None],
) -> None:
    """Write the whole new tree, what others put into the old one included."""
    buffer.mkdir(parents=True)
    for number, (path, content) in enumerate(tree.items()):
        progress("write", number, len(tree))
        if not _stays_inside(buffer, path):
            findings.add("E802", Span(shown), f'"{path}" leads out of the output')
            raise _Refused
        _write(buffer / path, content)
    _carry_over(target, buffer, tree, shown, findings)
    manifest = {path: digest(content) for path, content in sorted(tree.items())}
    _write(buffer / MARK, json.dumps({"version": 1, "files": manifest}).encode())
    _flush(buffer)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _carry_over(
    target: Path, buffer: Path, tree: Mapping[str, bytes], shown: str, findings: Findings
) -> None:
    """Keep what someone else put into the published folder: a CNAME, a .htaccess."""
    for relative in sorted(_foreign(target)):
        path, place = target / relative, buffer / relative
        if _is_same(path, tree.get(relative)):
            continue
        if place.exists() or any((buffer / part).is_file() for part in _parents(relative)):
            findings.add(
                "E801", Span(shown),
                f'"{shown}/{relative}" was not made by explainer, and the site has a page or file '
                "of that name", "move it away, or rename the page",
            )  # fmt: skip
            raise _Refused
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, place, follow_symlinks=False)


def _foreign(target: Path) -> Iterator[str]:
    """Yield the files and links in a published folder that are not ours."""
    owned = {*_owned(target), MARK} if target.is_dir() else set()
    for folder, folders, names in os.walk(target):
        links = (name for name in folders if os.path.islink(os.path.join(folder, name)))
        for name in (*names, *links):
            relative = Path(folder, name).relative_to(target).as_posix()
            if relative not in owned:
                yield relative


def _is_same(path: Path, content: bytes | None) -> bool:
    return content is not None and path.is_file() and path.read_bytes() == content


def _parents(relative: str) -> list[str]:
    parts = relative.split("/")
    return ["/".join(parts[:end]) for end in range(1, len(parts))]


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
    """Delete our files, and the folders that are empty then.

    Where files of others remain, so does the mark: the next build may publish there again.
    """
    for path in _owned(target):
        (target / path).unlink(missing_ok=True)
    for folder, _, _ in os.walk(target, topdown=False):
        with contextlib.suppress(OSError):
            os.rmdir(folder)
    if next(_foreign(target), None) is None:
        (target / MARK).unlink()
        os.rmdir(target)
    else:
        _write(target / MARK, json.dumps({"version": 1, "files": {}}).encode())
