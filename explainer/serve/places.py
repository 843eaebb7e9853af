"""Where the files of a site lie: what the links on the way to them lead to.

A build reads a theme through every link in it. The system follows none of them when it is asked to
watch a folder, and does not tell when another folder takes the place of that one.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from explainer.config import FILE_NAME
from explainer.theme.theme import FOLDERS as THEME_FOLDERS

FOLDERS = ("content", "themes", "static")
"""Folders of a site that it is made from."""

TURNS = 40
"""Links on one way after which the system, too, takes it for a circle."""


@dataclass(slots=True)
class Places:
    """What there is to watch for a site, by paths that have no link in them but the last name."""

    folders: set[str] = field(default_factory=set)
    """Folders that are watched with all that is in them; none lies in another one."""

    steps: set[str] = field(default_factory=set)
    """Links, what they lead to, and what a build looks for that is not there: in the place of each
    another one may come."""

    def around(self) -> set[str]:
        """Return the folders in which the steps lie, but for those that are watched anyway."""
        folders = {_standing(os.path.dirname(step)) for step in self.steps}
        return {folder for folder in folders if not is_within(folder, self.folders)}


def places_of(root: str, themes: Iterable[str]) -> Places:
    """Look where the files of a site lie, and those of `themes` outside of its folder.

    All themes in the site's folder are looked at, whichever it uses: one that cannot be loaded does
    not tell what it extends, and is to be noticed when it is mended.
    """
    found = Places()
    for name in (*FOLDERS, FILE_NAME):
        _follow(os.path.join(root, name), found)
    for theme in (*_children(os.path.join(root, "themes")), *themes):
        _follow_theme(theme, found)
    found.folders = {one for one in found.folders if not is_within(one, found.folders - {one})}
    return found


def _follow_theme(theme: str, found: Places) -> None:
    """Go the ways to all files of a theme."""
    folder = _follow(theme, found)
    pending = [os.path.join(folder, name) for name in ("theme.toml", *THEME_FOLDERS)]
    seen = set()
    while pending:
        place = _follow(pending.pop(), found)
        if place not in seen:  # else a link leads to a folder around it
            seen.add(place)
            pending += _children(place)


def _follow(path: str, found: Places) -> str:
    """Go the way to a file or folder, note what is not watched anyway, and return its end."""
    *links, end = way(path)
    if links or not is_within(end, found.folders):
        found.steps.update(links, (end,))
        if os.path.isdir(end) and not is_within(end, found.folders):
            found.folders.add(end)
    return end


def way(path: str) -> list[str]:
    """Return the links on the way to a path, and behind them what they lead to in the end.

    That is the first thing that is not there, where they lead nowhere.
    """
    folder, name = os.path.split(path)
    place, left = os.path.realpath(folder), [name]
    links: list[str] = []
    while left:
        part = left.pop()
        if part in ("", os.curdir, os.pardir):
            place = os.path.dirname(place) if part == os.pardir else place
            continue
        place = os.path.join(place, part)
        try:
            target = os.readlink(place)
        except OSError:  # no link
            if not os.path.lexists(place):
                break
            continue
        links.append(place)
        if len(links) == TURNS:
            return links
        place = os.path.dirname(place) if not os.path.isabs(target) else os.sep
        left += reversed(target.split(os.sep))
    return [*links, place]


def is_within(path: str, folders: Collection[str]) -> bool:
    """Tell whether a path is one of some folders, or lies in one of them."""
    return any(path == folder or path.startswith(folder + os.sep) for folder in folders)


def _children(folder: str) -> list[str]:
    """Return the folders and links in a folder; none where it cannot be read."""
    try:
        with os.scandir(folder) as listing:
            return [one.path for one in listing if one.is_symlink() or one.is_dir()]
    except OSError:
        return []


def _standing(folder: str) -> str:
    """Return the nearest folder around that is there."""
    while not os.path.isdir(folder):
        folder = os.path.dirname(folder)
    return folder
