"""Trees of published files: what is in them, what was done to them from outside, and writing."""

from __future__ import annotations

import contextlib
import os
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from explainer.build import packed
from explainer.content.model import Value
from explainer.fingerprint import DIGEST_SIZE, digest, digest_file
from explainer.site.urls import MARK

_HEAD = "explainer output 2"
YOUNG = 100_000_000
"""Nanoseconds before a look within which a file may have been changed again unseen. Our own files
are written before they are looked at, so that the clock's tick is all that counts."""


FILE_STAMP, FOLDER_STAMP = 4 * 8, 2 * 8
"""Bytes of what the system says of a file, and of a folder."""

_NOTHING = (-1, 0, 0, 0)
"""Stamp of a file that is not there."""


class Tree(Value, frozen=True):
    """A published tree as a build left it, packed."""

    paths: str = ""
    """Paths of our files, sorted, with NUL between them."""

    digests: bytes = b""
    """`DIGEST_SIZE` bytes for the content of each."""

    stamps: bytes = b""
    """What the system said of each file: four numbers of eight bytes."""

    twin_stamps: bytes = b""
    """The same for the hidden tree; empty where both are the same files (hard links)."""

    folders: bytes = b""
    """Folders of the tree, sorted, with NUL between them; the first is the tree itself. Those of
    others are among them."""

    folder_stamps: bytes = b""
    """Time of change and inode of each folder of the published tree; zeros where somebody else may
    have written into it since the files of others were looked for."""

    twin_folder_stamps: bytes = b""
    """The same for the hidden tree."""

    foreign: bytes = b""
    """Files of others in it, sorted, with NUL between them; a folder of others that is empty ends
    in a slash. These are bytes, for the names that others give need not be UTF-8."""

    seen: int = 0
    """When the stamps were taken, in nanoseconds since 1970."""

    def names(self) -> Sequence[str]:
        """Return the paths of our files."""
        return packed.names(self.paths)

    def folder_names(self) -> list[str]:
        """Return the folders in which the files lie; the tree itself is the empty name."""
        return os.fsdecode(self.folders).split("\0")

    def strangers(self) -> list[str]:
        """Return the files of others, and their empty folders, which end in a slash."""
        return os.fsdecode(self.foreign).split("\0") if self.foreign else []

    def contents(self) -> dict[str, bytes]:
        """Return the digest of each file, by path."""
        size = DIGEST_SIZE
        return {
            path: self.digests[number * size : (number + 1) * size]
            for number, path in enumerate(self.names())
        }

    @property
    def id(self) -> str:
        """Digest of paths and contents: two trees with the same id are the same."""
        return digest(self.paths, self.digests)


def mark(tree: Tree) -> bytes:
    """Return the mark that makes a folder known as ours: what it is, and which files are ours."""
    head = f"{_HEAD}\n{tree.id}\n"
    return (f"{head}\0{tree.paths}" if tree.paths else head).encode()


def read_mark(folder: Path) -> tuple[str, frozenset[str]] | None:
    """Return the id of the tree in a folder and our files in it; None where it has no mark."""
    try:
        data = (folder / MARK).read_bytes()
    except OSError:
        return None
    if data.startswith(b"{"):  # of version 0.1, which wrote JSON
        import json

        try:
            return "", frozenset(json.loads(data)["files"])
        except (ValueError, KeyError, TypeError):
            return "", frozenset()
    head, *names = data.decode("utf-8", "replace").split("\0")
    lines = head.split("\n")
    if lines[0] != _HEAD or len(lines) < 2:
        return "", frozenset()
    return lines[1], frozenset(names)


def read_id(folder: Path) -> str | None:
    """Return the id of the tree in a folder; empty where it is not known, None without a mark."""
    try:
        with (folder / MARK).open("rb") as file:
            head = file.read(200)
    except OSError:
        return None
    lines = head.split(b"\0")[0].decode("utf-8", "replace").split("\n")
    return lines[1] if lines[0] == _HEAD and len(lines) > 1 else ""


# -- looking -------------------------------------------------------------------------------------


def stamps_of(folder: Path, names: Iterable[str]) -> array[int]:
    """Return what the system says of files; -1 as the size of those that are not there."""
    found: list[int] = []
    with _at(folder) as place:
        for name in names:
            try:
                status = os.stat(name, dir_fd=place, follow_symlinks=False)
            except OSError:
                found += _NOTHING
                continue
            if status.st_mode & 0o170000 == 0o100000:
                found += (
                    status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino,
                )  # fmt: skip
            else:
                found += _NOTHING
    return array("q", found)


@contextlib.contextmanager
def _at(folder: Path | str) -> Iterator[int]:
    """Open a folder, so that the system need not look up its path for each file in it.

    Where it cannot be opened, nothing is found in it.
    """
    try:
        place = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError:
        yield -1
        return
    try:
        yield place
    finally:
        os.close(place)


def altered(
    folder: Path, tree: Tree, stamps: bytes, now: array[int] | None = None
) -> tuple[set[str], dict[str, bytes]]:
    """Return those of our files in a folder whose content is not what it was, or gone.

    Returns as well those that had to be read and are what they were, with their stamps of before
    they were read: the next build need not read them again. `now` are the stamps of all files, if
    they are known.
    """
    names = tree.names()
    if now is None:
        now = stamps_of(folder, names)
    before = array("q", stamps)
    young = tree.seen - YOUNG
    suspects = []
    if now.tobytes() != stamps or max(now[2::4], default=0) > young:
        for number, name in enumerate(names):
            place = number * 4
            mine = now[place : place + 4]
            if mine != before[place : place + 4] or mine[2] > young:
                suspects.append((number, name, mine))
    found, sure = set(), {}
    for number, name, mine in suspects:
        expected = tree.digests[number * DIGEST_SIZE : (number + 1) * DIGEST_SIZE]
        try:
            if mine[0] >= 0 and digest_file(os.path.join(folder, name)) == expected:
                sure[name] = mine.tobytes()
            else:
                found.add(name)
        except OSError:
            found.add(name)
    return found, sure


def differing(twin: Path, tree: Tree) -> set[str]:
    """Return those of our files in the hidden tree that are not what the tree says.

    Those with the stamps of the published ones are the same files, and not read.
    """
    if not tree.twin_stamps:
        return set()
    own, other = array("q", tree.stamps), array("q", tree.twin_stamps)
    found = set()
    for number, (name, expected) in enumerate(tree.contents().items()):
        place = number * 4
        if own[place : place + 4] == other[place : place + 4]:
            continue
        try:
            if other[place] < 0 or digest_file(os.path.join(twin, name)) != expected:
                found.add(name)
        except OSError:
            found.add(name)
    return found


def folders_of(names: Iterable[str]) -> list[str]:
    """Return the folders in which files lie, sorted; the tree itself is the empty name."""
    found = {""}
    for name in names:
        folder = name.rpartition("/")[0]
        while folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return sorted(found)


def folder_stamps(root: Path, folders: Iterable[str]) -> array[int]:
    """Return time of change and inode of folders; zeros for those that are not there."""
    found: list[int] = []
    with _at(root) as place:
        for folder in folders:
            try:
                status = os.stat(folder or ".", dir_fd=place, follow_symlinks=False)
            except OSError:
                found += (0, 0)
            else:
                found += (status.st_mtime_ns, status.st_ino)
    return array("q", found)


def patched(stamps: bytes, names: Sequence[str], changed: set[str], folder: Path) -> bytes:
    """Return the stamps of files with those of some taken anew."""
    found = array("q", stamps)
    for name in changed:
        place = bisect_left(names, name) * 4
        found[place : place + 4] = stamps_of(folder, (name,))
    return found.tobytes()


def restamped(tree: Tree, sure: Mapping[str, bytes], seen: int) -> Tree:
    """Return a tree with the stamps of some published files as they were `seen`."""
    stamps = with_stamps(tree.stamps, tree.names(), sure)
    twins = tree.twin_stamps or tree.stamps
    return msgspec.structs.replace(
        tree, stamps=stamps, twin_stamps=b"" if twins == stamps else twins, seen=seen
    )


def with_stamps(stamps: bytes, names: Sequence[str], sure: Mapping[str, bytes]) -> bytes:
    """Return the stamps of files with those of some replaced by given ones."""
    if not sure:
        return stamps
    found = array("q", stamps)
    for name, stamp in sure.items():
        place = bisect_left(names, name) * 4
        found[place : place + 4] = array("q", stamp)
    return found.tobytes()


def patched_folders(stamps: bytes, folders: list[str], changed: set[str], root: Path) -> array[int]:
    """Return the stamps of folders with those of some taken anew."""
    found = array("q", stamps)
    for name in changed:
        place = bisect_left(folders, name)
        if place < len(folders) and folders[place] == name:
            found[place * 2 : place * 2 + 2] = folder_stamps(root, (name,))
    return found


def without_young(stamps: array[int], seen: int) -> array[int]:
    """Return the stamps of folders with zeros for those that could be changed again unseen."""
    if max(stamps[::2], default=0) <= seen - YOUNG:
        return stamps
    found = array("q", stamps)
    for place in range(0, len(found), 2):
        if found[place] > seen - YOUNG:
            found[place : place + 2] = array("q", (0, 0))
    return found


def foreign(root: Path, tree: Tree, now: array[int]) -> list[str]:
    """Return the files of others in a published tree, and their empty folders, sorted.

    Only folders that were changed since the tree was left are looked into: those whose stamps are
    not the same `now`.
    """
    young = tree.seen - YOUNG
    if now.tobytes() == tree.folder_stamps and max(now[::2], default=0) <= young:
        return tree.strangers()
    folders = tree.folder_names()
    before = array("q", tree.folder_stamps)
    if len(before) != len(now):
        before = array("q", bytes(8 * len(now)))
    stamps = zip(now[::2], before[::2], now[1::2], before[1::2], strict=True)
    changed = {
        folders[number]
        for number, (time, time_before, inode, inode_before) in enumerate(stamps)
        if time != time_before or inode != inode_before or time > young or not time
    }
    ours, around = tree.names(), set(folders)
    found = {name for name in tree.strangers() if name.rpartition("/")[0] not in changed}
    for folder in changed:
        found.update(_strangers(root, folder, ours, around))
    return sorted(found)


def _strangers(root: Path, folder: str, ours: Sequence[str], around: set[str]) -> Iterator[str]:
    """Yield what others have in a folder, and in its folders that are not in `around`.

    `ours` are our files, sorted.
    """
    path = os.path.join(root, folder) if folder else str(root)
    if os.path.realpath(path) != os.path.join(os.path.realpath(root), folder).rstrip("/"):
        return  # there is a link on the way, and that is the stranger's file
    waiting = [folder]
    while waiting:
        inside = waiting.pop()
        try:
            with os.scandir(os.path.join(root, inside)) as listing:
                children = list(listing)
        except OSError:
            continue
        if not children and inside and not _is_ours(f"{inside}/", ours):
            yield f"{inside}/"
        for child in children:
            name = f"{inside}/{child.name}" if inside else child.name
            if child.is_dir(follow_symlinks=False):
                if name not in around:
                    waiting.append(name)
            elif not _is_ours(name, ours) and name != MARK:
                yield name


def _is_ours(name: str, ours: Sequence[str]) -> bool:
    """Tell whether a file is one of ours, or a folder, which ends in a slash, holds one."""
    place = bisect_left(ours, name)
    if place == len(ours):
        return False
    return ours[place].startswith(name) if name.endswith("/") else ours[place] == name


def all_foreign(root: Path, owned: Iterable[str]) -> list[str]:
    """Return the files of others in a folder, wherever they are, and their empty folders."""
    return sorted(_strangers(root, "", sorted(owned), set()))


# -- writing -------------------------------------------------------------------------------------


class Writer:
    """Writes files into a tree that nobody sees yet.

    A file is never changed in place: the published tree may hold the same one. `twin` is a second
    tree that gets every file too.
    """

    def __init__(self, folder: Path, twin: Path | None = None, *, new: bool = False) -> None:
        self.folder = str(folder)
        self._new = new
        self.twin = str(twin) if twin is not None else ""
        self._made: set[str] = set()

    def write(self, name: str, content: bytes) -> None:
        """Write a file."""
        path = self._place(name)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
        try:
            rest = memoryview(content)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
        finally:
            os.close(descriptor)
        self._share(name)

    def copy(self, name: str, source: str) -> bytes:
        """Write a copy of a file and return the digest of what was copied."""
        from hashlib import blake2b

        path = self._place(name)
        state = blake2b(digest_size=DIGEST_SIZE)
        with open(source, "rb") as origin, open(path, "xb") as file:
            while data := origin.read(1 << 20):
                state.update(data)
                file.write(data)
        self._share(name)
        return state.digest()

    def link(self, name: str, source: str) -> None:
        """Let a file be the same one as another, or a copy where the system has no such links."""
        link_or_copy(source, self._place(name))
        self._share(name)

    def _place(self, name: str) -> str:
        """Return the path of a file that may be written: nothing stands there yet."""
        path = f"{self.folder}/{name}"
        self._folder(self.folder, name)
        unlink(path)
        return path

    def _folder(self, base: str, name: str) -> None:
        folder = f"{base}/{name}".rpartition("/")[0]
        if folder not in self._made:
            if not self._new:
                # In a tree that was published, a stranger may have put a link in the way.
                without_links(base, name)
            os.makedirs(folder, exist_ok=True)
            self._made.add(folder)

    def _share(self, name: str) -> None:
        if self.twin:
            self._folder(self.twin, name)
            link_or_copy(f"{self.folder}/{name}", f"{self.twin}/{name}")


def unlink(path: str) -> None:
    """Take away what stands where a file is wanted; someone may have put a folder there."""
    try:
        os.unlink(path)
    except FileNotFoundError:
        pass
    except (IsADirectoryError, PermissionError):  # macOS knows the second only
        import shutil

        if not os.path.isdir(path):
            raise
        shutil.rmtree(path)


def without_links(base: str, name: str) -> None:
    """Take away what is no folder and stands where a folder is wanted."""
    for parent in parents_of(name):
        path = f"{base}/{parent}"
        with contextlib.suppress(FileNotFoundError):
            if os.lstat(path).st_mode & 0o170000 != 0o040000:
                os.unlink(path)


def link_or_copy(source: str, path: str) -> None:
    """Give a file a second name, or make a copy of it where the system has no such links."""
    import errno

    try:
        os.link(source, path, follow_symlinks=False)
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.EMLINK, errno.EXDEV, errno.ENOTSUP,
                               errno.ENOSYS, errno.EOPNOTSUPP):  # fmt: skip
            raise
        import shutil

        shutil.copy2(source, path, follow_symlinks=False)


def remove(folder: Path, names: Iterable[str]) -> None:
    """Delete files, and the folders that are empty then; nothing beyond a link of someone else."""
    parents: set[str] = set()
    links: dict[str, bool] = {}
    for name in names:
        around = parents_of(name)
        for one in around:
            if one not in links:
                links[one] = os.path.islink(f"{folder}/{one}")
        if any(links[one] for one in around):
            continue
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            _unlink_file(f"{folder}/{name}")
        parents.update(around)
    for parent in sorted(parents, key=len, reverse=True):
        with contextlib.suppress(OSError):
            os.rmdir(f"{folder}/{parent}")


def _unlink_file(path: str) -> None:
    """Delete a file; a folder in its place stays, for what is in it is listed by itself."""
    try:
        os.unlink(path)
    except (IsADirectoryError, PermissionError):  # macOS knows the second only
        if not os.path.isdir(path):
            raise


def parents_of(name: str) -> list[str]:
    """Return the folders around a file, the outermost first."""
    parts = name.split("/")
    return ["/".join(parts[:end]) for end in range(1, len(parts))]
