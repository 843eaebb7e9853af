"""Files of others in the published folder: they are kept as they are, whatever is done to them."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from explainer.build import commit, glance, prepare, tree
from explainer.build.commit import Place
from explainer.build.inputs import Inputs
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


@pytest.mark.parametrize("folder", ["", "stories/", "their/own/"])
def test_one_comes_while_a_build_links(
    site: SiteFolder, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    """What another process was told of the folders before may not be taken for true."""
    monkeypatch.setattr(glance, "WORTH_IT", 1)
    link, name = prepare.Preparation._link, f"{folder}b.their.txt"

    def late(self: prepare.Preparation, inputs: Inputs) -> object:
        time.sleep(0.2)  # the other process has looked at all that it looks at by itself
        put(site, name)
        return link(self, inputs)

    monkeypatch.setattr(prepare.Preparation, "_link", late)
    site.story("c")
    assert site.build(workers=2).ok
    monkeypatch.setattr(prepare.Preparation, "_link", link)
    for _ in range(3):
        assert published(site) == ALL | {name}


def test_a_link_that_nobody_saw_is_not_followed(site: SiteFolder) -> None:
    """It lies in the hidden tree, for it was made while a build exchanged the two."""
    outside = site.root.parent / "outside"
    outside.mkdir()
    (outside / "b.txt").write_text("precious")
    home = commit.place(site.root, site.output, "public").hidden
    (home / "stories/their").symlink_to(outside)
    put(site, "stories/their/b.txt")
    for _ in range(3):
        assert published(site) == ALL | {"stories/their/b.txt"}
        assert (outside / "b.txt").read_text() == "precious"
        assert not (site.output / "stories/their").is_symlink()


def test_a_file_in_the_place_of_a_folder_with_an_empty_one(site: SiteFolder) -> None:
    (site.output / "their/own/empty").mkdir()
    published(site)
    shutil.rmtree(site.output / "their")
    put(site, "their")
    left = ALL - {"their/own/a.txt"} | {"their"}
    for _ in range(3):
        assert published(site) == left


def test_a_file_that_becomes_a_folder_in_a_build_that_fails(site: SiteFolder) -> None:
    site.write("static/x", "a file")
    published(site)
    site.remove("static/x").write("static/x/y", "a file in a folder")
    template = "themes/own/templates/story.html"
    theme = site.root / "site.toml"
    settings = theme.read_text("utf-8")
    site.write("themes/own/theme.toml", 'name = "own"\nextends = "gazette"\n')
    site.write(template, "{{ page.nothing_of_the_sort }}")
    theme.write_text(settings.replace('theme = "plain"', 'theme = "own"'), "utf-8")
    assert not site.build(workers=1).ok
    site.write(template, "{{ page.title }}")
    assert site.build(workers=1).codes == []
    assert (site.output / "x/y").read_text() == "a file in a folder"


# -- while the trees are exchanged ---------------------------------------------------------------


class Exchange:
    """Lets somebody do something right before the exchange of a build, or right behind it."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.before: Callable[[], object] | None = None
        self.behind: Callable[[], object] | None = None
        switch = commit.switch

        def switched(place: Place) -> None:
            if self.before is not None:
                self.before()
            switch(place)
            if self.behind is not None:
                self.behind()
            self.before = self.behind = None

        patch.setattr(commit, "switch", switched)


@pytest.fixture
def exchange(monkeypatch: pytest.MonkeyPatch) -> Exchange:
    return Exchange(monkeypatch)


PLACES = ["b.their.txt", "stories/b.their.txt", "stories/b/their.txt", "their/own/b.txt",
          "their/new/er/b.txt"]  # fmt: skip


@pytest.mark.parametrize("name", PLACES)
@pytest.mark.parametrize("when", ["before", "behind"])
def test_one_comes(site: SiteFolder, exchange: Exchange, name: str, when: str) -> None:
    setattr(exchange, when, lambda: put(site, name))
    for _ in range(3):
        assert published(site) == ALL | {name}


@pytest.mark.parametrize("name", sorted(ALL))
@pytest.mark.parametrize("when", ["before", "behind"])
def test_one_is_taken_away(site: SiteFolder, exchange: Exchange, name: str, when: str) -> None:
    setattr(exchange, when, (site.output / name).unlink)
    for _ in range(3):
        assert published(site) == ALL - {name}


@pytest.mark.parametrize("name", sorted(ALL))
@pytest.mark.parametrize("when", ["before", "behind"])
def test_one_is_edited(site: SiteFolder, exchange: Exchange, name: str, when: str) -> None:
    setattr(exchange, when, lambda: (site.output / name).write_text("edited"))
    for title in "xyz":
        site.story("b", title=title).built(workers=1)
        assert (site.output / name).read_text() == "edited"


@pytest.mark.parametrize("folder", ["", "stories/a/"])
def test_one_comes_before_the_clock_has_gone_on(
    site: SiteFolder, exchange: Exchange, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    """The folder's time is that of our own last file in it then."""
    young = 100_000_000
    monkeypatch.setattr(tree, "YOUNG", young)

    def come() -> None:
        before = (site.output / folder).stat()
        put(site, f"{folder}b.their.txt")
        os.utime(site.output / folder, ns=(before.st_atime_ns, before.st_mtime_ns))
        time.sleep(1.5 * young / 1e9)  # the build takes its time to end

    exchange.behind = come
    for _ in range(3):
        assert published(site) == ALL | {f"{folder}b.their.txt"}


def test_the_later_of_two_edits_counts(site: SiteFolder, exchange: Exchange) -> None:
    def first() -> None:
        put(site, "b.their.txt")
        (site.output / "CNAME").write_text("1")

    exchange.before = first
    exchange.behind = lambda: (site.output / "CNAME").write_text("second")
    for title in "xyz":
        site.story("b", title=title).built(workers=1)
        assert (site.output / "CNAME").read_text() == "second"
        assert (site.output / "b.their.txt").exists()


def test_a_page_of_the_site_counts_more_than_a_file_that_comes_late(
    site: SiteFolder, exchange: Exchange
) -> None:
    site.story("new")
    exchange.before = lambda: put(site, "stories/new/index.html")
    assert published(site) == ALL
    assert "<html" in (site.output / "stories/new/index.html").read_text()
    assert published(site) == ALL


def test_one_comes_while_the_site_is_built_anew(site: SiteFolder, exchange: Exchange) -> None:
    (site.root / ".explainer/public/store.db").unlink()
    exchange.before = lambda: put(site, "stories/b/their.txt")
    for _ in range(3):
        assert published(site) == ALL | {"stories/b/their.txt"}


# -- empty folders, and odd names ----------------------------------------------------------------


@pytest.mark.parametrize("folder", ["their/empty", "stories/empty", "empty", "its/own/empty"])
def test_an_empty_folder_stays_and_so_does_what_is_put_there_later(
    site: SiteFolder, folder: str
) -> None:
    (site.output / folder).mkdir(parents=True)
    for _ in range(3):
        assert published(site) == ALL
        assert (site.output / folder).is_dir()
    put(site, f"{folder}/their.txt")
    for _ in range(3):
        assert published(site) == ALL | {f"{folder}/their.txt"}
    (site.output / folder / "their.txt").unlink()
    (site.output / folder).rmdir()
    for _ in range(3):
        assert published(site) == ALL
        assert not (site.output / folder).exists()


def test_an_empty_folder_is_in_nobodys_way(site: SiteFolder) -> None:
    (site.output / "stories/c").mkdir()
    (site.output / "free.txt").mkdir()
    published(site)
    site.story("c").write("static/free.txt", "a file of the site")
    for _ in range(2):
        assert published(site) == ALL
        assert (site.output / "stories/c/index.html").is_file()
        assert (site.output / "free.txt").read_text() == "a file of the site"


def test_names_need_not_be_utf_8(site: SiteFolder) -> None:
    name = os.fsdecode(b"their/own/caf\xe9.txt")
    put_odd = site.output / name
    put_odd.write_bytes(b"odd")
    for _ in range(3):
        time.sleep(0.02)
        outcome = site.story("a", title=f"At {time.monotonic()}").build(workers=1)
        assert outcome.codes == []
        assert outcome.result.reused > 0
        assert put_odd.read_bytes() == b"odd"
