"""Files of others in the published folder: they are kept as they are, whatever is done to them."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest

from explainer.build import tree
from tests.building import SiteFolder


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SiteFolder:
    monkeypatch.setattr(tree, "YOUNG", 0)
    folder = SiteFolder(tmp_path / "site").story("a").story("b")
    assert folder.build(workers=1).ok
    for name in ("CNAME", "their/own/a.txt", "stories/theirs/a.txt"):
        put(folder, name)
    published(folder)
    published(folder)
    return folder


def put(site: SiteFolder, name: str) -> None:
    path = site.output / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"in {name}")


def published(site: SiteFolder) -> set[str]:
    """Publish an edit, and return the files of others that are there then."""
    time.sleep(0.02)  # the clock of the file system goes on
    site.story("a", title=f"At {time.monotonic()}")
    outcome = site.build(workers=1)
    assert outcome.ok, outcome.codes
    found = {name for name in site.tree() if name == "CNAME" or "their" in name}
    for name in found:
        path = site.output / name
        assert path.is_symlink() or path.read_text() == f"in {name}"
    return found


ALL = {"CNAME", "their/own/a.txt", "stories/theirs/a.txt"}


@pytest.mark.parametrize(
    "name", ["robots.bak.their", "their/b.txt", "their/own/b.txt", "stories/theirs/b.txt",
             "their/own/deep/er/b.txt", "stories/a/their.txt", "stories/theirs/x/b.txt"],
)  # fmt: skip
def test_one_comes_and_goes(site: SiteFolder, name: str) -> None:
    put(site, name)
    assert published(site) == ALL | {name}
    assert published(site) == ALL | {name}
    (site.output / name).unlink()
    assert published(site) == ALL
    assert published(site) == ALL


@pytest.mark.parametrize("name", sorted(ALL))
def test_one_goes(site: SiteFolder, name: str) -> None:
    (site.output / name).unlink()
    assert published(site) == ALL - {name}
    assert published(site) == ALL - {name}


@pytest.mark.parametrize("folder", ["their", "their/own", "stories/theirs"])
def test_a_folder_of_theirs_goes(site: SiteFolder, folder: str) -> None:
    shutil.rmtree(site.output / folder)
    left = {name for name in ALL if not name.startswith(f"{folder}/")}
    assert published(site) == left
    assert published(site) == left


def test_one_is_renamed_and_edited(site: SiteFolder) -> None:
    (site.output / "their/own").rename(site.output / "their/other")
    put(site, "their/other/a.txt")
    moved = ALL - {"their/own/a.txt"} | {"their/other/a.txt"}
    assert published(site) == moved
    (site.output / "their/other/a.txt").write_text("edited")
    site.story("b", title="Edited").build(workers=1)
    site.story("b", title="Edited again").build(workers=1)
    assert (site.output / "their/other/a.txt").read_text() == "edited"


@pytest.mark.parametrize("folder", ["their", "their/own", "stories/theirs"])
def test_a_link_in_the_place_of_a_folder_is_kept_and_not_followed(
    site: SiteFolder, folder: str
) -> None:
    secret = site.root.parent / "secret"
    (secret / "own").mkdir(parents=True)
    (secret / "a.txt").write_text("secret")
    (secret / "own" / "a.txt").write_text("secret")
    shutil.rmtree(site.output / folder)
    (site.output / folder).symlink_to(secret)
    left = {name for name in ALL if not name.startswith(f"{folder}/")}
    for _ in range(2):
        found = {name for name in published(site) if not name.startswith(f"{folder}/")}
        assert found - {folder} == left
        assert os.readlink(site.output / folder) == str(secret)
    assert sorted(os.listdir(secret)) == ["a.txt", "own"]


def test_one_that_goes_while_it_is_copied_is_no_matter(
    site: SiteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = shutil.copy2

    def gone(source: Path, target: Path, **more: bool) -> object:
        source.unlink()
        return copy(source, target, **more)

    put(site, "their/own/b.txt")
    monkeypatch.setattr(shutil, "copy2", gone)
    assert published(site) == ALL
