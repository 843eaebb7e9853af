"""The proof of the proof: builders that are broken on purpose are found out by the same machine.

Each of them is found by random sequences, within a number that is known, and by the shortest
sequence that shows it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from explainer.build import changes, commit, prepare, run
from explainer.build import tree as trees
from explainer.site import facts
from explainer.theme.templates import Templates
from explainer.theme.theme import PICTURE
from tests.engine.bench import Bench, Difference, Step
from tests.engine.machine import Builds
from tests.engine.quick import quick
from tests.engine.test_machine import CI

Break = Callable[[pytest.MonkeyPatch], None]


def closure_ignored(patch: pytest.MonkeyPatch) -> None:
    """Only the page's own template counts, not what it extends and includes."""
    closure = Templates.closure

    def own(self: Templates, name: str) -> dict[str, str]:
        return {name: closure(self, name)[name]}

    patch.setattr(Templates, "closure", own)


def cards_ignored(patch: pytest.MonkeyPatch) -> None:
    """What lists show of an entry counts as unchanged for ever."""
    of_entries = changes.of_entries

    def without_cards(*arguments: Any) -> Iterator[changes.Fact]:
        return (fact for fact in of_entries(*arguments) if fact[0] not in ("brief", "name"))

    patch.setattr(changes, "of_entries", without_cards)


def nothing_deleted(patch: pytest.MonkeyPatch) -> None:
    """Outputs that are no longer planned stay where they are."""
    patch.setattr(trees, "remove", lambda folder, names: None)


def links_ignored(patch: pytest.MonkeyPatch) -> None:
    """What linking finds out about an entry counts as unchanged for ever."""
    note = changes.LinkChanges._note

    def silent(self: changes.LinkChanges, *arguments: Any) -> None:
        note(self, *arguments)
        self.facts.clear()

    patch.setattr(changes.LinkChanges, "_note", silent)


def mentions_ignored(patch: pytest.MonkeyPatch) -> None:
    """A new name of a topic is not looked for in prose that was read before."""
    patch.setattr(changes, "of_names", lambda *arguments: iter(()))


def words_ignored(patch: pytest.MonkeyPatch) -> None:
    """What the search finds an entry by counts as unchanged for ever."""
    of_entries = changes.of_entries

    def without_words(*arguments: Any) -> Iterator[changes.Fact]:
        return (fact for fact in of_entries(*arguments) if fact[0] != "words")

    patch.setattr(changes, "of_entries", without_words)


def shards_ignored(patch: pytest.MonkeyPatch) -> None:
    """Which entries are indexed together counts as unchanged for ever."""
    patch.setattr(facts, "_changed_shards", lambda *arguments: iter(()))


def fonts_ignored(patch: pytest.MonkeyPatch) -> None:
    """Social cards are what they were, whatever the theme draws them with."""
    told = changes.of_templates
    patch.setattr(
        changes,
        "of_templates",
        lambda old, new: (fact for fact in told(old, new) if fact[1] != PICTURE),
    )


def clock_ignored(patch: pytest.MonkeyPatch) -> None:
    """A site is what it was, whatever the time."""
    patch.setattr("explainer.build.state.State.covers", lambda self, now: True)


def trees_trusted(patch: pytest.MonkeyPatch) -> None:
    """Nobody looks at what was done to the published files."""
    patch.setattr(run, "altered", lambda *arguments: (set(), {}))


def strangers_lost(patch: pytest.MonkeyPatch) -> None:
    """Files of others do not come along when the trees change places."""
    patch.setattr(commit.Publication, "_find_foreign", lambda self: None)
    late_strangers_lost(patch)


def late_strangers_lost(patch: pytest.MonkeyPatch) -> None:
    """Nobody looks again for files of others that came while the new tree was made ready."""
    patch.setattr(commit.Publication, "_catch_up", lambda self, names: None)


def pictures_ignored(patch: pytest.MonkeyPatch) -> None:
    """A picture that was exchanged is taken to be as large as it was."""
    patch.setattr(prepare, "PICTURES", ("/",))


DIRECTED: dict[Break, tuple[str, list[Step]]] = {
    closure_ignored: ("spare", [("edit a partial", 0, 1, 0)]),
    cards_ignored: ("spare", [("retitle", 10, 1, 0)]),
    nothing_deleted: ("spare", [("delete", 10, 0, 0)]),
    links_ignored: ("full", [("change a list", 4, 0, 1)]),
    mentions_ignored: ("full", [("rename a topic", 1, 1, 0)]),
    words_ignored: ("spare", [("retitle", 10, 1, 0)]),
    shards_ignored: ("spare", [("change the date", 4, 3, 0)]),
    pictures_ignored: ("full", [("change a picture", 1, 2, 0)]),
    fonts_ignored: ("full", [("take another font", 1, 0, 0)]),
    clock_ignored: ("spare", [("set the expiry", 10, 2, 0), ("clock", 2, 0, 0)]),
    trees_trusted: ("spare", [("a page is deleted", 3, 0, 0)]),
    strangers_lost: (
        "spare", [("a stranger puts a file there", 0, 1, 0), ("retitle", 10, 1, 0)],
    ),
    late_strangers_lost: (
        "spare",
        [("a stranger comes while the trees are exchanged", 0, 1, 1), ("retitle", 10, 1, 0)],
    ),
}  # fmt: skip
"""Broken builder -> theme, and steps that show what is wrong with it."""

AT_MOST = 12
"""Random sequences within which each of them is found out."""


def play(folder: Path, base: str, steps: list[Step]) -> None:
    Bench(folder, base).play(steps)


@pytest.mark.parametrize("broken", DIRECTED, ids=lambda broken: broken.__name__)
def test_the_shortest_sequence_finds_it_out(broken: Break, tmp_path: Path) -> None:
    base, steps = DIRECTED[broken]
    with quick() as patch:
        play(tmp_path / "right", base, steps)
        broken(patch)
        with pytest.raises(Difference):
            play(tmp_path / "broken", base, steps)


@pytest.mark.slow
@pytest.mark.parametrize(
    "broken", [closure_ignored, cards_ignored, nothing_deleted], ids=lambda broken: broken.__name__
)
def test_the_machine_finds_it_out(broken: Break) -> None:
    with quick() as patch:
        broken(patch)
        with pytest.raises(Difference):
            run_state_machine_as_test(
                Builds,
                settings=settings(
                    CI, max_examples=AT_MOST, phases=[Phase.generate], report_multiple_bugs=False
                ),
            )
