"""The hidden tree becomes the published one at the next build: it must be whole as well."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from explainer.build import commit, tree
from tests.building import SiteFolder
from tests.engine.faults import a_site, clean_tree


def deleted(folder: SiteFolder) -> None:
    (folder.output / "about/index.html").unlink()


def replaced(folder: SiteFolder) -> None:
    """Write a new file in the place of a published one: its twin is what it was."""
    deleted(folder)
    (folder.output / "about/index.html").write_text("changed by hand")


def changed(folder: SiteFolder) -> None:
    """Change a published file itself, and so its twin."""
    (folder.output / "about/index.html").write_text("changed by hand")


def all_deleted(folder: SiteFolder) -> None:
    shutil.rmtree(folder.output)


def from_elsewhere(folder: SiteFolder) -> None:
    """Put a tree in the place of ours that was built elsewhere, from other pages."""
    other = a_site(folder.root.parent / "elsewhere").page("other")
    assert other.build().ok
    shutil.rmtree(folder.output)
    shutil.copytree(other.output, folder.output)


def rename(folder: SiteFolder) -> None:
    folder.story("b", title="Another title")


def add(folder: SiteFolder) -> None:
    folder.story("new")


def remove(folder: SiteFolder) -> None:
    folder.remove("content/stories/gone.md")


@pytest.mark.parametrize(
    ("edit", "links"),
    [(None, True), (rename, True), (add, True), (remove, True), (None, False), (add, False)],
)
@pytest.mark.parametrize("harm", [deleted, replaced, changed, all_deleted, from_elsewhere])
def test_harm_to_the_published_tree_does_not_come_back(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    harm: Callable[[SiteFolder], None],
    edit: Callable[[SiteFolder], None] | None,
    links: bool,
) -> None:
    """The harmed tree is hidden by the build that mends it, and published by the next one."""
    if not links:
        monkeypatch.setattr(tree, "link_or_copy", shutil.copy2)
    folder = a_site(tmp_path / "site")
    assert folder.build().ok
    harm(folder)
    if edit is not None:
        edit(folder)
    for title in ("One", "Two"):
        assert folder.build().codes == []
        assert folder.tree() == clean_tree(folder)
        assert folder.build().result.rendered == 0
        folder.topic("x", name=title)


@pytest.mark.parametrize("function", ["_unlink", "_clear", "_link", "_settle_foreign"])
def test_a_fault_behind_the_exchange_does_not_come_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, function: str
) -> None:
    """The site is published then; what is wrong with the hidden tree must not be trusted."""
    folder = a_site(tmp_path / "site")
    assert folder.build().ok
    harmed = folder.output / "about/index.html"
    harmed.unlink()
    with monkeypatch.context() as patched:
        settle = commit.Publication._settle

        def failing(*_: object) -> None:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

        def settled(self: commit.Publication, *given: object) -> tree.Tree:
            owner = commit if hasattr(commit, function) else commit.Publication
            patched.setattr(owner, function, failing)
            return settle(self, *given)  # type: ignore[arg-type]

        patched.setattr(commit.Publication, "_settle", settled)
        assert folder.build().ok
    assert folder.tree() == clean_tree(folder)
    for title in ("One", "Two"):
        folder.topic("x", name=title)
        assert folder.build().codes == []
        assert folder.tree() == clean_tree(folder)
