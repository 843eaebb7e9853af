"""Files that are saved in the midst of a build, and maybe put back before the next one."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from explainer.build import inputs, pipeline, prepare
from tests.engine.bench import Bench
from tests.engine.edits import EDITS
from tests.engine.quick import quick
from tests.engine.sketch import Sketch

Edit = Callable[[Sketch], object]


def _edit(name: str, a: int, b: int) -> Edit:
    return lambda sketch: EDITS[name](sketch, a, b, 1)


def _other_default(sketch: Sketch) -> None:
    sketch.theme["own/theme.toml"] = (
        f'name = "own"\nextends = "{sketch.base}"\n'
        '[settings.motto]\ntype = "text"\ndefault = "Another"\ndoc = "x"\n'
    )


def _title(sketch: Sketch) -> None:
    for entry in sketch.entries.values():
        entry.title = f"{entry.title} anew"


SAVED: dict[str, Edit] = {
    "a template": _edit("edit a template", 4, 2),
    "the base": _edit("edit a template", 0, 2),
    "a partial": _edit("edit a partial", 0, 2),
    "an override that did not exist": _edit("override a block", 5, 1),
    "a script": _edit("edit an asset", 2, 1),
    "a picture in a style sheet": _edit("edit an asset", 3, 1),
    "words": _edit("edit a locale", 1, 1),
    "theme.toml": _other_default,
    "titles": _title,
}


@pytest.mark.parametrize("back", [False, True], ids=["stays", "put back"])
@pytest.mark.parametrize("warm", [False, True], ids=["cold", "warm"])
@pytest.mark.parametrize("saved", SAVED)
def test_saved_behind_the_look_at_the_files(tmp_path, monkeypatch, saved, warm, back):
    with quick():
        _save_meanwhile(Bench(tmp_path, warm=warm), monkeypatch, SAVED[saved], back=back)


def _save_meanwhile(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, save: Edit, *, back: bool
) -> None:
    bench.build()
    EDITS["edit a template"](bench.sketch, 0, 1, 0)  # all pages have to be made
    bench.save()
    before = copy.deepcopy(bench.sketch)
    look = inputs.look_around

    def look_around(*given: Any, **more: Any) -> Any:
        found = look(*given, **more)
        save(bench.sketch)
        bench.save()
        return found

    known = dict(bench.known)
    monkeypatch.setattr(prepare, "look_around", look_around)
    pipeline.build(bench.root, bench.options, memory=bench.memory)
    monkeypatch.undo()
    assert bench.known != known
    if back:
        bench.sketch = before
    bench.build()
