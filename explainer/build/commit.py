"""The only writer of the published tree.

Two trees lie on one file system: the published one, and a hidden one that is the same. A build
brings the hidden tree to the new state and exchanges the two in one step, so that a visitor of
the folder sees the old site or the new one, whatever kills the build; then it brings the tree
that is hidden now to the new state as well. An edit of one page costs one page, twice. A folder
that this program did not make is never touched.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import shutil
import stat
import sys
import time
from array import array
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from explainer.build import tree as trees
from explainer.build.tree import Tree, Writer
from explainer.diagnostics import Findings, Span
from explainer.fingerprint import digest, digest_file
from explainer.site.urls import MARK

CACHE = ".explainer"
PREVIEW = ".preview"
_RENAME_EXCHANGE = 2
_RENAME_SWAP = 2
_AT_FDCWD = -100
_FOLDER = 0o040000


class Refused(Exception):
    """The folder may not be written; the finding is already recorded."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a site is published, and where the build keeps what it needs for that."""

    target: Path
    shown: str
    """How messages name the target."""

    home: Path
    """Folder of the store."""

    hidden: Path
    """The second tree, on the same file system as the target."""

    @property
    def twin(self) -> Path:
        """A tree in the making that takes the place of the hidden one."""
        return self.hidden.with_name(f"{self.hidden.name}.next")

    @property
    def aside(self) -> Path:
        """Where the old site stands for a moment on systems without an exchange."""
        return self.hidden.with_name(f"{self.hidden.name}.old")

    @property
    def touched(self) -> Path:
        """File that lists what a build is about to change in the hidden tree."""
        return self.home / "touched"

    @property
    def lock(self) -> Path:
        """File whose lock keeps a second build out."""
        return self.target.with_name(f".{self.target.name}.lock")


def place(root: Path, target: Path, shown: str) -> Place:
    """Return the place of a target; nothing is made yet."""
    inside = os.path.relpath(target, root)
    name = inside.replace(os.sep, "-")
    if inside.startswith(os.pardir) or os.path.isabs(inside):
        name = f"{target.name}-{digest(str(target))[:8]}"
    home = root / CACHE / name
    hidden = home / "tree"
    if _device(target.parent) != _device(root / CACHE):
        hidden = target.with_name(f".{target.name}.next")
    return Place(target, shown, home, hidden)


def preview_place(root: Path) -> Place:
    """Return the place of the tree that the live preview shows; nothing is made yet."""
    home = root / CACHE / PREVIEW
    return Place(home / "site", f"{CACHE}/{PREVIEW}/site", home, home / "tree")


def served_file(root: Path) -> Path:
    """Return the file that is locked while the site is served; it holds the address."""
    return preview_place(root).home / "address"


def is_served(root: Path) -> bool:
    """Tell whether a live preview of the site is running."""
    try:
        with served_file(root).open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def _device(path: Path) -> int:
    """Return the file system that a folder is on, or will be."""
    while not path.exists() and path != path.parent:
        path = path.parent
    return os.stat(path).st_dev


def check_target(root: Path, target: Path, shown: str, findings: Findings) -> None:
    """Refuse a folder that the site is made from, or that holds files of others."""
    source = root.resolve()
    resolved = target.resolve()
    parts = [source / name for name in ("content", "themes", "static", ".git", CACHE)]
    inside = any(resolved == part or part in resolved.parents for part in parts)
    if inside or resolved == source or resolved in source.parents:
        findings.add("E801", Span(shown), f'"{shown}" is part of the site itself',
                     "name another folder")  # fmt: skip
        raise Refused
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        findings.add("E801", Span(shown), f'"{shown}" is not a folder', "name another one")
        raise Refused
    if target.is_dir() and any(target.iterdir()) and not _is_ours(target):
        findings.add("E801", Span(shown), f'"{shown}" holds files that explainer did not make',
                     "name another folder, or empty it by hand")  # fmt: skip
        raise Refused


def _is_ours(target: Path) -> bool:
    return (target / MARK).is_file() and not target.is_symlink()


@contextlib.contextmanager
def hold(place: Place, findings: Findings) -> Iterator[None]:
    """Hold the lock of an output folder; the system frees it when the process ends."""
    path = place.lock
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            findings.add("E803", Span(place.shown), "another build of this site is running",
                         "wait for it to end")  # fmt: skip
            raise Refused from None
        yield
    finally:
        os.close(descriptor)


# -- what stands there ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of the two trees before a build changes anything."""

    old: Tree
    """The tree as the last build left it; empty where that is not known."""

    published: bool
    """Whether the published tree is `old`, as far as its mark tells."""

    usable: bool
    """Whether the hidden tree is `old`, but for `suspect`."""

    suspect: frozenset[str]
    """Files of the hidden tree that may be anything."""

    seen: int
    """When this was looked up, in nanoseconds since 1970."""


def recover(place: Place) -> None:
    """Put the old site back where a kill between two renames has left none."""
    if not place.target.exists() and _is_ours(place.aside):
        os.rename(place.aside, place.target)


def is_touched(place: Place) -> bool:
    """Tell whether a build has not come to its end since the store was written."""
    return place.touched.exists()


def standing(place: Place, old: Tree | None) -> Standing:
    """Find out what the two trees are."""
    seen = time.time_ns()
    if old is None:
        return Standing(Tree(), False, False, frozenset(), seen)
    name = old.id
    published = trees.read_id(place.target) == name
    suspect: frozenset[str] = frozenset()
    usable = trees.read_id(place.hidden) == name and not place.hidden.is_symlink()
    if (touched := _touched(place)) is not None:
        known, suspect = touched
        usable = known == name and _is_folder(place.hidden)
    return Standing(old, published, usable, suspect, seen)


def _is_folder(path: Path) -> bool:
    try:
        return os.lstat(path).st_mode & 0o170000 == _FOLDER
    except OSError:
        return False


def _touched(place: Place) -> tuple[str, frozenset[str]] | None:
    try:
        data = json.loads(place.touched.read_bytes())
        return str(data["tree"]), frozenset(map(str, data["files"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        return "", frozenset()


# -- changing it ---------------------------------------------------------------------------------


class Publication:
    """Brings the hidden tree to its new state and puts it in the place of the published one.

    `sure` are files of the hidden tree that were found to be what they were by reading them, with
    their stamps; `folders` gives the stamps of the published folders, or is None where nobody else
    writes into them.

    The steps, in this order: `begin`, then files are written with `writer`, then `end`.
    """

    def __init__(
        self,
        place: Place,
        standing: Standing,
        findings: Findings,
        sure: Mapping[str, bytes],
        folders: Callable[[], array[int]] | None,
    ) -> None:
        self.place = place
        self.standing = standing
        self.findings = findings
        self.fresh = not standing.usable
        """Whether the hidden tree is made from nothing: every file has to be written."""

        self._sure = sure
        self._folders = folders
        self._owned: frozenset[str] = frozenset()
        """Our files in the published tree, as its mark has them, where it is not the tree of the
        last build."""

        self._found: list[str] = []
        """What others had in the published tree when it was looked into; see `Tree.foreign`."""

        self._foreign: list[str] = []
        """What others have in the new tree."""

        self._stamps: array[int] | None = None
        """Of the published folders, from before they were looked into."""

        self._originals: dict[str, tuple[int, ...]] = {}
        """What the system said of the files of others before they were copied."""

        self._copied: set[str] = set()
        """Files of others that were copied into one of the trees."""

        self._mark = b""
        """Of the new tree; see `trees.mark`."""

        self._own: tuple[list[str], array[int]] = ([], array("q"))
        """The folders of the new tree and their stamps, from before it was published."""

    def begin(self, planned: Mapping[str, bytes], touched: Iterable[str]) -> None:
        """Make ready to write, and refuse where a stranger's file stands in the way.

        `planned` are all files of the new tree, with the digest of their content where that is
        known; `touched` are those that may be written.
        """
        place, old = self.place, self.standing.old
        place.home.mkdir(parents=True, exist_ok=True)
        self._find_foreign()
        self._refuse_conflicts(planned)
        names = planned.keys()
        known = frozenset(old.names()) if tuple(planned) != old.names() else names
        for name in names - known:
            if not _stays_inside(name):
                self.findings.add("E802", Span(place.shown), f'"{name}" leads out of the output')
                raise Refused
        self._gone = sorted((known | self.standing.suspect) - names)
        self._foreign_gone = sorted({*old.strangers()} - {*self._foreign} - names)
        if self.fresh:
            for folder in (place.hidden, place.twin):
                # A file that someone else has put there is in the way.
                if place.hidden.parent == place.home or _is_folder(folder):
                    _clear(folder)
                folder.mkdir(parents=True)
            _unlink(place.touched)
            return
        _clear(place.twin)  # a kill may have left it
        self._touched = frozenset(
            {*touched, *self._gone, *self._foreign, *self._foreign_gone, *self.standing.suspect}
        )
        _write_over(
            place.touched,
            json.dumps({"tree": old.id, "files": sorted(self._touched)}).encode(),
        )
        _unlink(place.hidden / MARK)
        trees.remove(place.hidden, filter(_stays_inside, [*self._gone, *self._foreign_gone]))

    def writer(self) -> Writer:
        """Return what writes files into the hidden tree."""
        if self.fresh:
            return Writer(self.place.hidden, self.place.twin, new=True)
        return Writer(self.place.hidden)

    def _find_foreign(self) -> None:
        """Look for files of others in the published folder."""
        target, standing = self.place.target, self.standing
        if self._folders is None or not target.is_dir():
            return
        if standing.published:
            self._stamps = self._folders()
            self._found = trees.foreign(target, standing.old, self._stamps)
        else:
            mark = trees.read_mark(target)
            self._owned = mark[1] if mark is not None else frozenset()
            self._found = trees.all_foreign(target, self._owned)

    def _refuse_conflicts(self, planned: Mapping[str, bytes]) -> None:
        folders = set(trees.folders_of(planned)) if self._found else set()
        for name in self._found:
            if planned.get(name) and self._is_same(name, planned[name]):
                continue  # it is the site's own now
            if not _is_in_the_way(name, planned, folders):
                self._foreign.append(name)
            elif not name.endswith("/"):
                shown, readable = self.place.shown, os.fsencode(name).decode("utf-8", "replace")
                self.findings.add(
                    "E801", Span(shown),
                    f'"{shown}/{readable}" was not made by explainer, and the site has a page or '
                    "file of that name", "move it away, or rename the page",
                )  # fmt: skip
                raise Refused

    def _is_same(self, name: str, digest: bytes) -> bool:
        path = self.place.target / name
        return path.is_file() and not path.is_symlink() and digest_file(str(path)) == digest

    def end(self, contents: dict[str, bytes], written: set[str]) -> Tree:
        """Publish, and return the tree as it stands; `contents` are all its files' digests."""
        place = self.place
        names = sorted(contents)
        new = Tree("\0".join(names), b"".join(contents[name] for name in names))
        self._carry_over(place.hidden)
        self._mark = trees.mark(new)
        _write_over(place.hidden / MARK, self._mark)
        self._look_at_folders(new, names, written)
        flush(place.hidden)
        switch(place)
        return self._settle(new, names, written)

    def _carry_over(self, folder: Path) -> None:
        """Keep what someone else put into the published folder: a CNAME, a .htaccess."""
        kept = []
        for name in self._foreign:
            self._originals[name] = _stamp(self.place.target / name)
            if self._copied_over(name, self.place.target, folder):
                kept.append(name)
        self._foreign = kept

    def _copied_over(self, name: str, source: Path, folder: Path) -> bool:
        """Have a stranger's file in a tree as well; tell whether it is still there at all."""
        path, copy = source / name, folder / name
        trees.without_links(str(folder), name)
        if name.endswith("/"):
            if not copy.is_dir():
                self._copied.add(name)
                copy.mkdir(parents=True)
            return _is_folder(path)
        if _is_like(path, copy):
            return True
        self._copied.add(name)
        copy.parent.mkdir(parents=True, exist_ok=True)
        trees.unlink(str(copy))
        try:
            shutil.copy2(path, copy, follow_symlinks=False)
        except FileNotFoundError:
            return False
        return True

    def _look_at_folders(self, new: Tree, names: list[str], written: set[str]) -> None:
        """Take the stamps of the folders of the new tree while nobody else knows of it.

        What somebody does to it once it is published makes them other ones, and is seen.
        """
        hidden, old = self.place.hidden, self.standing.old
        seen = time.time_ns()
        if self._looks_at_all(new):
            folders = trees.folders_of([*names, *self._foreign])
            stamps = trees.folder_stamps(hidden, folders)
        else:
            folders = old.folder_names()
            around = self._around(written)
            stamps = trees.patched_folders(old.twin_folder_stamps, folders, around, hidden)
        self._own = (folders, trees.without_young(stamps, seen))

    def _around(self, written: set[str]) -> set[str]:
        """Return the folders in which something was written."""
        return {one for name in written | self._copied for one in ("", *trees.parents_of(name))}

    # -- behind the exchange -----------------------------------------------------------------

    def _settle(self, new: Tree, names: list[str], written: set[str]) -> Tree:
        """Bring the tree that is hidden now to the same state, and look at both."""
        place = self.place
        settled = False
        with contextlib.suppress(OSError):
            self._catch_up(names)
            _unlink(place.hidden / MARK)
            if self.fresh:
                _clear(place.hidden)
                os.rename(place.twin, place.hidden)
            elif self.standing.published:
                trees.remove(
                    place.hidden, filter(_stays_inside, [*self._gone, *self._foreign_gone])
                )
                self._link(written | (self.standing.suspect & set(names)))
            else:
                # What stood there was not the tree that is known, or nothing stood there at all.
                _clear(place.hidden)
                self._link(names)
            self._settle_foreign()
            settled = True
        found = self._looked_at(new, names, written)
        with contextlib.suppress(OSError):
            if settled:
                if not self.fresh and self._looks_at_all(new):
                    found = self._mended(found, names)
                _write_over(place.hidden / MARK, self._mark)
                return found
        # Nothing is known of the hidden tree: the next build has to read what it makes use of.
        return msgspec.structs.replace(found, twin_stamps=bytes(len(found.stamps)))

    def _catch_up(self, names: list[str]) -> None:
        """Do to the new tree what others did to the old one while this one was made ready."""
        place = self.place
        if self._folders is None or not _is_folder(place.hidden):
            return
        found, before, kept = set(self._found_late()), set(self._found), set(self._foreign)
        for name in sorted(kept - found):
            if _stamp(place.target / name)[:2] == self._originals[name][:2]:
                trees.remove(place.target, (name,))
                kept.discard(name)
        came = found - before
        folders = set(trees.folders_of(names)) if came else set()
        planned = frozenset(names) if came else frozenset()
        for name in sorted(came):
            if not _is_in_the_way(name, planned, folders):
                kept.add(name)
                self._bring(name)
        for name in sorted(kept & found & before):
            if _stamp(place.hidden / name) != self._originals[name]:
                self._bring(name)
        self._foreign = sorted(kept)

    def _found_late(self) -> list[str]:
        """Return what others have in the tree that was published until now."""
        hidden, old = self.place.hidden, self.standing.old
        if self._stamps is None:
            return trees.all_foreign(hidden, self._owned)
        folders = old.folder_names()
        before = msgspec.structs.replace(
            old, folder_stamps=self._stamps.tobytes(), seen=self.standing.seen
        )
        if self._found != old.strangers():
            more = sorted({*trees.folders_of(self._found)} - {*folders})
            before = msgspec.structs.replace(
                before,
                folders=os.fsencode("\0".join([*folders, *more])),
                folder_stamps=before.folder_stamps + bytes(trees.FOLDER_STAMP * len(more)),
                foreign=os.fsencode("\0".join(self._found)),
            )
        seen = time.time_ns()
        now = trees.folder_stamps(hidden, before.folder_names())
        self._stamps = trees.without_young(now[: 2 * len(folders)], seen)
        return trees.foreign(hidden, before, now)

    def _bring(self, name: str) -> None:
        """Copy a stranger's file into the published tree, unless it was changed there since."""
        path, copy = self.place.hidden / name, self.place.target / name
        if name.endswith("/"):
            copy.mkdir(parents=True, exist_ok=True)
        elif _stamp(copy)[:2] == self._originals.get(name, _GONE)[:2]:
            new = self.place.aside
            _unlink(new)
            shutil.copy2(path, new, follow_symlinks=False)
            copy.parent.mkdir(parents=True, exist_ok=True)
            os.replace(new, copy)
        self._copied.add(name)

    def _link(self, names: Iterable[str]) -> None:
        """Let files of the hidden tree be those of the published one."""
        place = self.place
        place.hidden.mkdir(parents=True, exist_ok=True)
        writer = Writer(place.hidden)
        for name in names:
            writer.link(name, f"{place.target}/{name}")

    def _mended(self, tree: Tree, names: list[str]) -> Tree:
        """Put right what someone else did to the tree that was published until now.

        Its stamps have just been taken: without this they would vouch for what was done to it.
        """
        place = self.place
        bad = trees.differing(place.hidden, tree)
        if not bad:
            return tree
        self._link(bad)
        folders = tree.folder_names()
        around = {one for name in bad for one in ("", *trees.parents_of(name))}
        return msgspec.structs.replace(
            tree,
            stamps=trees.patched(tree.stamps, names, bad, place.target),
            twin_stamps=trees.patched(tree.twin_stamps, names, bad, place.hidden),
            twin_folder_stamps=trees.patched_folders(
                tree.twin_folder_stamps, folders, around, place.hidden
            ).tobytes(),
        )

    def _settle_foreign(self) -> None:
        for name in self._foreign:
            self._copied_over(name, self.place.target, self.place.hidden)

    def _looks_at_all(self, new: Tree) -> bool:
        """Tell whether the stamps of all files are taken anew, not only of those written."""
        old = self.standing.old
        return (
            self.fresh
            or not self.standing.published
            or new.paths != old.paths
            or self._foreign != old.strangers()
            or not old.twin_folder_stamps
        )

    def _looked_at(self, new: Tree, names: list[str], written: set[str]) -> Tree:
        """Note what the system says of the two trees, so that changes from outside are seen."""
        place, old = self.place, self.standing.old
        now = time.time_ns()
        if self._looks_at_all(new):
            # Those of others as well: what is done in them leaves no trace in ours.
            folders = trees.folders_of([*names, *self._foreign])
            stamps = trees.stamps_of(place.target, names).tobytes()
            twins = trees.stamps_of(place.hidden, names).tobytes()
            twin_folders = trees.folder_stamps(place.hidden, folders)
        else:
            folders = old.folder_names()
            # The trees have changed places, and so have their stamps.
            stamps = trees.patched(old.twin_stamps or old.stamps, names, written, place.target)
            stamps = trees.with_stamps(stamps, names, self._sure)
            twins = trees.patched(old.stamps, names, written, place.hidden)
            looked = old.folder_stamps if self._stamps is None else self._stamps.tobytes()
            around = self._around(written)
            twin_folders = trees.patched_folders(looked, folders, around, place.hidden)
        known_folders, own = self._own
        if folders != known_folders:  # others have come or gone meanwhile
            known = dict(zip(known_folders, zip(own[::2], own[1::2], strict=True), strict=True))
            own = array("q", (one for folder in folders for one in known.get(folder, (0, 0))))
        return Tree(
            new.paths, new.digests, stamps, b"" if twins == stamps else twins,
            os.fsencode("\0".join(folders)), own.tobytes(), twin_folders.tobytes(),
            os.fsencode("\0".join(self._foreign)), now,
        )  # fmt: skip


def accepted(place: Place) -> None:
    """Say that what the store holds is what stands there: the last step of a build."""
    _unlink(place.touched)


def _stays_inside(name: str) -> bool:
    """Tell whether a listed path is one below the folder: a list may have been tampered with."""
    parts = name.removesuffix("/").split("/")
    return all(parts) and ".." not in parts and "\\" not in name


def _is_in_the_way(name: str, planned: Container[str], folders: Container[str]) -> bool:
    """Tell whether the site needs the place of a file of others, or of an empty folder.

    `folders` are those around the `planned` files.
    """
    return (
        name in planned
        or name.rstrip("/") in folders
        or any(one in planned for one in trees.parents_of(name))
    )


_GONE = (-1, 0, 0, 0)
"""Stamp of a file that is not there."""


def _stamp(path: Path) -> tuple[int, ...]:
    """Return what tells whether a file was changed: size and time, inode and kind."""
    try:
        status = os.lstat(path)
    except OSError:
        return _GONE
    if stat.S_ISDIR(status.st_mode):
        return (0, 0, status.st_ino, status.st_mode)
    return (status.st_size, status.st_mtime_ns, status.st_ino, status.st_mode)


def _is_like(path: Path, copy: Path) -> bool:
    """Tell whether a copy is what its original is: there are few such files, so they are read."""
    try:
        one, other = os.lstat(path), os.lstat(copy)
        if (one.st_mode, one.st_size, one.st_mtime_ns) != (
            other.st_mode,
            other.st_size,
            other.st_mtime_ns,
        ):
            return False
        if stat.S_ISLNK(one.st_mode):
            return os.readlink(path) == os.readlink(copy)
        return digest_file(str(path)) == digest_file(str(copy))
    except OSError:
        return False


def _write_over(path: Path, content: bytes) -> None:
    """Put a file in the place of another in one step."""
    new = path.with_name(f"{path.name}.new")
    new.write_bytes(content)
    os.replace(new, path)


def _unlink(path: Path) -> None:
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        os.unlink(path)


def _clear(folder: Path) -> None:
    """Delete a tree of ours, or whatever stands in its place."""
    if _is_folder(folder):
        shutil.rmtree(folder)
    else:
        _unlink(folder)


def switch(place: Place) -> None:
    """Put the new tree in the place of the old one in one step."""
    target, hidden = place.target, place.hidden
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        os.rename(hidden, target)
    elif not exchange(hidden, target):
        # No exchange on this system: between the two renames the folder is missing for a moment,
        # and a kill in it is mended by `recover`.
        _clear(place.aside)
        os.rename(target, place.aside)
        os.rename(hidden, target)
        os.rename(place.aside, hidden)
    with contextlib.suppress(OSError):
        _sync(target.parent)


def exchange(one: Path, other: Path) -> bool:
    """Exchange two folders atomically; False where the system cannot."""
    paths = (os.fsencode(one), os.fsencode(other))
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    if sys.platform == "linux" and hasattr(libc, "renameat2"):
        done = libc.renameat2(_AT_FDCWD, paths[0], _AT_FDCWD, paths[1], _RENAME_EXCHANGE)
    elif sys.platform == "darwin" and hasattr(libc, "renamex_np"):
        done = libc.renamex_np(paths[0], paths[1], _RENAME_SWAP)
    else:
        return False
    if done == 0:
        return True
    code = ctypes.get_errno()
    if code in (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP):
        return False
    raise OSError(code, os.strerror(code), str(other))


def flush(folder: Path) -> None:
    """Have the system write everything to disk before the switch."""
    if sys.platform == "linux":
        import ctypes

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


# -- taking it away ------------------------------------------------------------------------------


def remove(root: Path, place: Place) -> tuple[str, ...]:
    """Remove a published tree that is ours, and the cache; return what was removed."""
    findings = Findings()
    try:
        with hold(place, findings):
            removed = _remove(root, place)
    except Refused:
        message = next(iter(findings)).message
        raise BlockingIOError(errno.EWOULDBLOCK, message, str(place.target)) from None
    place.lock.unlink(missing_ok=True)
    return removed


def _remove(root: Path, place: Place) -> tuple[str, ...]:
    removed = []
    if _is_ours(place.target):
        _remove_owned(place.target)
        removed.append(place.shown)
    cache = root / CACHE
    folders = [(CACHE, cache), (place.shown, place.hidden)]
    if is_served(root.absolute()) and not cache.is_symlink():
        folders[:1] = [(CACHE, one) for one in sorted(cache.iterdir()) if one.name != PREVIEW]
    for name, path in folders:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
            removed.append(name)
    return tuple(dict.fromkeys(removed))


def _remove_owned(target: Path) -> None:
    """Delete our files, and the folders that are empty then.

    Where files of others remain, so does the mark: the next build may publish there again.
    """
    found = trees.read_mark(target)
    for name in found[1] if found is not None else ():
        if _stays_inside(name) and not any(
            (target / one).is_symlink() for one in trees.parents_of(name)
        ):
            with contextlib.suppress(NotADirectoryError):  # someone's file is in the way
                (target / name).unlink(missing_ok=True)
    for folder, _, _ in os.walk(target, topdown=False):
        with contextlib.suppress(OSError):
            os.rmdir(folder)
    if trees.all_foreign(target, ()):
        (target / MARK).write_bytes(trees.mark(Tree()))
    else:
        (target / MARK).unlink()
        os.rmdir(target)
