"""The disposable memory of builds: what files were read as, and what outputs were made of.

It is a SQLite file in `.explainer/`. Every value carries a checksum that covers its name, and
nothing that is read from here is run. Whatever is wrong with the file ends in `StoreDamaged`, and
that in a build from nothing: the store makes builds faster, never different.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar
from zlib import crc32

import msgspec

from explainer.content.model import Value
from explainer.content.record import Record, decoder
from explainer.site.links import Key, Links

T = TypeVar("T")

VERSION = 6
"""Form of the tables and of all that is in them; another one is a store of another program."""

FILE = "store.db"
_SEAL = 4
"""Bytes of a checksum."""

_TABLES = """
CREATE TABLE parts (name TEXT PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE links (name TEXT PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE entries (name TEXT PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE bodies (name TEXT PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE fresh_entries (name TEXT PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE fresh_bodies (name TEXT PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE words (name TEXT PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE fresh_words (name TEXT PRIMARY KEY, data BLOB NOT NULL);
"""


class StoreDamaged(Exception):
    """The store cannot be relied on."""


class Read(Value, frozen=True):
    """What a file was read as, and from which bytes under which settings."""

    key: bytes
    """Digest of the file's bytes, our code and the settings that reading looks at."""

    record: Record
    """Without the entry itself and its words for the search, which are kept apart: only a page of
    its own needs the one, and a part of the index the other."""


class _Place(Value, frozen=True):
    """The beginning of `Links` as they are kept: what comes behind it is passed over."""

    path: str


_AT_ONCE = 500
"""Values that are asked for in one query: SQLite takes no more than 999 in old versions."""


_encode = msgspec.msgpack.Encoder().encode


def sealed(name: str, data: bytes) -> bytes:
    """Return data with its checksum in front."""
    return crc32(data, crc32(name.encode())).to_bytes(4, "little") + data


def unsealed(name: str, data: Any) -> bytes:
    """Return data without its checksum, which must fit."""
    if not isinstance(data, bytes) or len(data) < _SEAL:
        raise StoreDamaged(name)
    content = data[_SEAL:]
    if crc32(content, crc32(name.encode())) != int.from_bytes(data[:_SEAL], "little"):
        raise StoreDamaged(name)
    return content


_NOT_OURS = {
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_READONLY: errno.EROFS,
    sqlite3.SQLITE_CANTOPEN: errno.EACCES,
    sqlite3.SQLITE_PERM: errno.EACCES,
    sqlite3.SQLITE_BUSY: errno.EBUSY,
    sqlite3.SQLITE_LOCKED: errno.EBUSY,
    sqlite3.SQLITE_IOERR: errno.EIO,
}
"""What SQLite says of faults that are not in the file -> what the system would say."""


@contextlib.contextmanager
def guarded(*, writing: bool = False, read_only: bool = False) -> Iterator[None]:
    """Take every fault of SQLite or of what it gave for a damaged store, but for those of the disk.

    A read that fails is a damaged store: it is made anew. A write that fails is an OSError. A store
    that is only read can be done without, whatever is wrong.
    """
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        reason = _NOT_OURS.get(code)
        if reason is not None and not read_only and (writing or code != sqlite3.SQLITE_IOERR):
            raise OSError(reason, os.strerror(reason), FILE) from error
        raise StoreDamaged(str(error)) from error
    except (msgspec.MsgspecError, UnicodeError, OverflowError, TypeError) as error:
        raise StoreDamaged(str(error)) from error


class Cache:
    """Values of a store as they were decoded, for the next build of the same process.

    They hold as long as the file is what the last build of this process left.
    """

    def __init__(self) -> None:
        self.values: dict[tuple[str, str], Any] = {}
        """By table and name; values whose names begin with a prefix are under `prefix/`."""

        self._stamp: tuple[int, ...] = ()

    def begin(self, path: Path) -> None:
        """Forget everything if the file is not what it was left as."""
        if self._stamp != _stamp(path) or not self._stamp:
            self.values.clear()
        self._stamp = ()

    def end(self, path: Path) -> None:
        """Take note of the file as it is left."""
        self._stamp = _stamp(path)

    def drop(self, table: str, names: Iterable[str]) -> None:
        """Forget some values."""
        for name in names:
            self.values.pop((table, name), None)

    def put_part(self, name: str, value: Any) -> None:
        """Take a named value over as it is written."""
        prefix, slash, _ = name.partition("/")
        self.values["parts", name] = value
        if slash and (among := self.values.get(("parts", f"{prefix}/"))) is not None:
            among[name] = value

    def drop_parts(self, prefix: str) -> None:
        """Forget the values whose names begin with a prefix and a slash."""
        start = f"{prefix}/"
        self.values = {
            key: value for key, value in self.values.items()
            if key[0] != "parts" or not key[1].startswith(start)
        }  # fmt: skip


def _stamp(path: Path) -> tuple[int, ...]:
    try:
        status = os.stat(path)
    except OSError:
        return ()
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


class Store:
    """The memory of builds to one output folder; `cache` has what the same process knows of it."""

    def __init__(
        self, folder: Path, *, read_only: bool = False, cache: Cache | None = None
    ) -> None:
        self.path = folder / FILE
        self.read_only = read_only
        self._cache = cache
        if cache is not None and not read_only:
            cache.begin(self.path)
        with self._guarded():
            self._connection = self._connect()
            version = self._connection.execute("PRAGMA user_version").fetchone()[0]
            if version == 0 and not read_only:
                with self._guarded(writing=True):
                    self._connection.executescript(f"{_TABLES} PRAGMA user_version = {VERSION};")
            elif version != VERSION:
                raise StoreDamaged(f"version {version}")

    def _connect(self) -> sqlite3.Connection:
        if self.read_only:
            if not self.path.is_file():
                raise StoreDamaged("there is none")
            uri = f"{self.path.absolute().as_uri()}?mode=ro"
            return sqlite3.connect(uri, uri=True, isolation_level=None, timeout=60)
        connection = sqlite3.connect(self.path, isolation_level=None, timeout=60)
        # A kill leaves a journal that the next one rolls back. Only a fall of the whole system
        # could leave less, and for that there are the checksums.
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("PRAGMA cache_size = -16000")
        return connection

    @staticmethod
    def stands_in(folder: Path) -> bool:
        """Tell whether there is a store in a folder."""
        return (folder / FILE).is_file()

    def _guarded(self, *, writing: bool = False) -> contextlib.AbstractContextManager[None]:
        return guarded(writing=writing, read_only=self.read_only)

    def close(self) -> None:
        """Let go of the file."""
        with contextlib.suppress(sqlite3.Error):
            self._connection.close()
        if self._cache is not None and not self.read_only:
            self._cache.end(self.path)

    # -- reading -----------------------------------------------------------------------------

    @contextlib.contextmanager
    def steady(self) -> Iterator[None]:
        """Read many things one after the other; nobody can write meanwhile.

        Else the system is asked for a lock, and whether a build was killed, for each of them:
        that takes as long as reading them.
        """
        with self._guarded():
            self._connection.execute("BEGIN")
        try:
            yield
        finally:
            with contextlib.suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")

    def _get(self, table: str, name: str) -> bytes | None:
        with self._guarded():
            row = self._connection.execute(
                f"SELECT data FROM {table} WHERE name = ?", (name,)
            ).fetchone()
        return unsealed(name, row[0]) if row is not None else None

    def _decoded(self, table: str, name: str, kind: type[T]) -> T | None:
        if self._cache is not None and (table, name) in self._cache.values:
            return self._cache.values[table, name]  # type: ignore[no-any-return]
        data = self._get(table, name)
        with self._guarded():
            found: T | None = decoder(kind).decode(data) if data is not None else None
        if self._cache is not None:
            self._cache.values[table, name] = found
        return found

    def part(self, name: str, kind: type[T]) -> T | None:
        """Return a named value; None where there is none."""
        found: T | None = self._decoded("parts", name, kind)
        return found

    def parts(self, prefix: str, kind: type[T]) -> dict[str, T]:
        """Return the values whose names begin with a prefix and a slash."""
        key = ("parts", f"{prefix}/")
        if self._cache is not None and key in self._cache.values:
            return dict(self._cache.values[key])
        found = self._parts(prefix, kind)
        if self._cache is not None:
            self._cache.values[key] = dict(found)
        return found

    def _parts(self, prefix: str, kind: type[T]) -> dict[str, T]:
        with self._guarded():
            rows = self._connection.execute(
                "SELECT name, data FROM parts WHERE name BETWEEN ? AND ?",
                (f"{prefix}/", f"{prefix}0"),
            ).fetchall()
            return {name: decoder(kind).decode(unsealed(name, data)) for name, data in rows}

    def read(self, path: str, *, fresh: bool = False) -> Read | None:
        """Return what a file was read as; `fresh`: in a build that was not ended."""
        if fresh:
            data = self._get("fresh_entries", path)
            with self._guarded():
                return decoder(Read).decode(data) if data is not None else None
        found: Read | None = self._decoded("entries", path, Read)
        return found

    def has_fresh(self) -> bool:
        """Tell whether a build that was not ended has left what it read."""
        with self._guarded():
            query = "SELECT EXISTS (SELECT 1 FROM fresh_entries)"
            return bool(self._connection.execute(query).fetchone()[0])

    def all_read(self) -> dict[str, Read]:
        """Return what all files were read as, by path."""
        with self._guarded():
            rows = self._connection.execute("SELECT name, data FROM entries").fetchall()
            decode = decoder(Read).decode
            return {path: decode(unsealed(path, data)) for path, data in rows}

    def body(self, path: str, *, fresh: bool = False) -> bytes:
        """Return a whole entry in its encoded form."""
        data = self._get("fresh_bodies" if fresh else "bodies", path)
        if data is None:
            raise StoreDamaged(f"no body of {path}")
        return data

    def words(self, paths: Collection[str], *, fresh: bool = False) -> dict[str, bytes]:
        """Return the words of entries for the search, in their encoded form, by path."""
        return self._many("fresh_words" if fresh else "words", paths)

    def paths(self, keys: Iterable[Key]) -> list[str]:
        """Return the file of each of some entries that have pages."""
        names = ["/".join(key) for key in keys]
        found = self._many("links", names)
        decode = decoder(_Place).decode
        with self._guarded():
            return [decode(found[name]).path for name in names]

    def _many(self, table: str, names: Collection[str]) -> dict[str, bytes]:
        """Return many values at once, which takes a quarter of the time; none may be missing."""
        found: dict[str, bytes] = {}
        waiting = list(names)
        with self._guarded():
            for start in range(0, len(waiting), _AT_ONCE):
                some = waiting[start : start + _AT_ONCE]
                places = ",".join("?" * len(some))
                query = f"SELECT name, data FROM {table} WHERE name IN ({places})"
                rows = self._connection.execute(query, some).fetchall()
                found |= {name: unsealed(name, data) for name, data in rows}
        if len(found) < len(set(waiting)):
            raise StoreDamaged(f"not all of {table}")
        return found

    def bodies(self) -> Iterator[tuple[str, bytes]]:
        """Yield all entries in their encoded form, by path."""
        with self._guarded():
            for path, data in self._connection.execute("SELECT name, data FROM bodies"):
                yield path, unsealed(path, data)

    def links(self, key: Key) -> Links:
        """Return what linking found out about an entry that has a page."""
        name = "/".join(key)
        found: Links | None = self._decoded("links", name, Links)
        if found is None:
            raise StoreDamaged(f"no links of {name}")
        return found

    def all_links(self) -> dict[str, bytes]:
        """Return what linking found out about all entries, encoded and sealed, by key."""
        with self._guarded():
            return dict(self._connection.execute("SELECT name, data FROM links").fetchall())

    # -- writing -----------------------------------------------------------------------------

    @contextlib.contextmanager
    def writing(self) -> Iterator[Writing]:
        """Write several things at once: all of them are there afterwards, or none."""
        with self._guarded(writing=True):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield Writing(self._connection, self._cache or Cache())
                self._connection.execute("COMMIT")
            except BaseException:
                if self._cache is not None:
                    self._cache.values.clear()
                with contextlib.suppress(sqlite3.Error):
                    self._connection.execute("ROLLBACK")
                raise


class Writing:
    """What can be written within one transaction."""

    def __init__(self, connection: sqlite3.Connection, cache: Cache) -> None:
        self._connection = connection
        self._cache = cache

    def _put(self, table: str, rows: Iterable[tuple[str, bytes]]) -> None:
        self._connection.executemany(
            f"INSERT OR REPLACE INTO {table} VALUES (?, ?)",
            ((name, sealed(name, data)) for name, data in rows),
        )

    def _delete(self, table: str, names: Iterable[str]) -> None:
        self._connection.executemany(
            f"DELETE FROM {table} WHERE name = ?", ((name,) for name in names)
        )

    def part(self, name: str, value: Any) -> None:
        """Keep a named value."""
        self._put("parts", [(name, _encode(value))])
        self._cache.put_part(name, value)

    def forget_parts(self, prefix: str) -> None:
        """Forget the values whose names begin with a prefix and a slash."""
        self._connection.execute(
            "DELETE FROM parts WHERE name BETWEEN ? AND ?", (f"{prefix}/", f"{prefix}0")
        )
        self._cache.drop_parts(prefix)

    def fresh(self, reads: Mapping[str, Read]) -> None:
        """Keep what files were read as until the build has come to its end."""
        self._put("fresh_bodies", ((path, one.record.entry) for path, one in reads.items()))
        self._put("fresh_words", _words(reads))
        self._put("fresh_entries", ((path, _encode(light(one))) for path, one in reads.items()))

    def accept(
        self, reads: Mapping[str, Read], gone: Iterable[str], fresh: Collection[str]
    ) -> None:
        """Take what files were read as for good, and forget what `gone` ones were.

        Of the `fresh` ones it is in the store already; what else a build has left there that was
        not ended is of files that have changed since.
        """
        gone = list(gone)
        self._cache.drop("entries", (*reads, *gone))
        (count,) = self._connection.execute("SELECT count(*) FROM entries").fetchone()
        left = [name for (name,) in self._connection.execute("SELECT name FROM fresh_entries")
                if name not in fresh]  # fmt: skip
        self._delete("fresh_entries", left)
        self._delete("fresh_bodies", left)
        self._delete("fresh_words", left)
        for table in ("entries", "bodies", "words"):
            if count:
                self._connection.execute(
                    f"INSERT OR REPLACE INTO {table} SELECT name, data FROM fresh_{table}"
                )
                self._connection.execute(f"DELETE FROM fresh_{table}")
            else:
                # Nothing is copied: the fresh tables, with all that a first build read, become
                # the others.
                self._connection.execute(f"ALTER TABLE {table} RENAME TO old_{table}")
                self._connection.execute(f"ALTER TABLE fresh_{table} RENAME TO {table}")
                self._connection.execute(f"ALTER TABLE old_{table} RENAME TO fresh_{table}")
        new = {path: one for path, one in reads.items() if path not in fresh}
        self._put("bodies", ((path, one.record.entry) for path, one in new.items()))
        self._put("words", _words(new))
        self._put("entries", ((path, _encode(light(one))) for path, one in new.items()))
        self._delete("entries", gone)
        self._delete("bodies", gone)
        self._delete("words", gone)

    def links(self, links: Mapping[Key, bytes], gone: Iterable[str]) -> None:
        """Keep what linking found out about some entries, in its encoded form."""
        gone = list(gone)
        self._put("links", (("/".join(key), data) for key, data in links.items()))
        self._delete("links", gone)
        self._cache.drop("links", ["/".join(key) for key in links])
        self._cache.drop("links", gone)


def decoded_links(name: str, data: bytes) -> Links:
    """Return one of `Store.all_links`."""
    with guarded():
        found: Links = decoder(Links).decode(unsealed(name, data))
        return found


def encoded_links(links: Links) -> bytes:
    """Return what linking found out about an entry, in the form in which it is kept."""
    return _encode(links)


def _words(reads: Mapping[str, Read]) -> Iterator[tuple[str, bytes]]:
    return ((path, one.record.words) for path, one in reads.items() if one.record.words)


def light(read: Read) -> Read:
    """Return what a file was read as without the entry itself and its words."""
    if not read.record.entry:
        return read
    return Read(read.key, msgspec.structs.replace(read.record, entry=b"", words=b""))


def discard(folder: Path) -> None:
    """Forget everything."""
    for name in (FILE, f"{FILE}-journal", f"{FILE}-wal", f"{FILE}-shm"):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(folder / name)
