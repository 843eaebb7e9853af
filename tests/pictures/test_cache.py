"""The cache of made pictures: disposable, safe against damage, and no heap of old files."""

import os
import time
from pathlib import Path

import pytest

from explainer.pictures.cache import KEPT_DAYS, Cache

KEY, OTHER = "a1" * 16, "b2" * 16


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / ".explainer/.pictures")


def files(cache: Cache) -> list[Path]:
    assert cache.folder is not None
    return sorted(path for path in cache.folder.rglob("*") if path.is_file())


def age(path: Path, days: float) -> None:
    moment = time.time() - days * 24 * 60 * 60
    os.utime(path, (moment, moment))


def test_what_was_put_is_there(cache: Cache):
    assert cache.get(KEY) is None
    cache.put(KEY, b"picture")
    assert cache.get(KEY) == b"picture"
    assert cache.get(OTHER) is None


@pytest.mark.parametrize("content", [b"", b"x", b"\0" * 200])
def test_a_file_that_is_not_whole_counts_as_missing(cache: Cache, content: bytes):
    cache.put(KEY, b"picture")
    files(cache)[0].write_bytes(content)
    assert cache.get(KEY) is None
    assert files(cache) == []


def test_so_does_one_that_was_cut_off_or_belongs_to_another_key(cache: Cache):
    cache.put(KEY, b"picture" * 100)
    cache.put(OTHER, b"other")
    one, other = files(cache)
    one.write_bytes(one.read_bytes()[:-1])
    assert cache.get(KEY) is None
    other.rename(one)
    assert cache.get(KEY) is None


def test_a_folder_that_cannot_be_written_is_no_fault(tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    cache = Cache(tmp_path / "file/.pictures")
    cache.put(KEY, b"picture")
    assert cache.get(KEY) is None
    cache.sweep([])


def test_sweeping_takes_what_was_not_used_for_long(cache: Cache):
    cache.put(KEY, b"used")
    cache.put(OTHER, b"unused")
    for path in files(cache):
        age(path, KEPT_DAYS + 1)
    assert cache.is_due()
    cache.sweep([KEY])
    assert cache.get(KEY) == b"used"
    assert cache.get(OTHER) is None
    assert not cache.is_due()


def test_sweeping_leaves_what_another_branch_used_lately(cache: Cache):
    cache.put(OTHER, b"of a branch")
    age(files(cache)[0], KEPT_DAYS - 1)
    cache.sweep([])
    assert cache.get(OTHER) == b"of a branch"


def test_what_a_killed_build_left_behind_goes_after_a_day(cache: Cache):
    cache.put(KEY, b"picture")
    left = files(cache)[0].with_name(".new-1234")
    left.write_bytes(b"half")
    cache.sweep([KEY])
    assert left.exists()
    age(left, 1.1)
    cache.sweep([KEY])
    assert not left.exists()


def test_a_link_to_files_of_others_is_not_swept(tmp_path: Path):
    (tmp_path / "letters").mkdir()
    letter = tmp_path / "letters/letter.txt"
    letter.write_text("Dear …")
    age(letter, 400)
    (tmp_path / ".pictures").symlink_to(tmp_path / "letters")
    cache = Cache(tmp_path / ".pictures")
    cache.sweep([])
    cache.put(KEY, b"picture")
    assert [path.name for path in (tmp_path / "letters").iterdir()] == ["letter.txt"]
