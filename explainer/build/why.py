"""Why an output has to be made anew: the inputs behind the facts that changed."""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from explainer.build import changes, commit
from explainer.build.pipeline import Options, configured, judged, output_folder, quiet
from explainer.build.prepare import Work
from explainer.build.run import Run
from explainer.build.state import State
from explainer.build.store import Store, StoreDamaged
from explainer.build.tree import Tree, altered
from explainer.config import Config
from explainer.diagnostics import Diagnostic, Findings
from explainer.outputs.output import Output
from explainer.site.facts import FactId, fact_id
from explainer.site.links import Key
from explainer.site.urls import output_path

_WORDS = {
    "entry": "what it says",
    "brief": "what lists show of it",
    "name": "its title or language",
    "headings": "its headings",
    "events": "its events",
    "words": "its words",
    "provenance": "its country, language or kind",
    "file": "the file",
}
"""Aspect of a file -> how a person would call it."""

_ALL_ENTRIES = "dated"
_LINKED = "how entries refer to each other"


@dataclass(frozen=True, slots=True)
class Cause:
    """An input that changed since the last build."""

    input: str
    """File of the site, relative to its root, or another input in words."""

    status: str = ""
    """`changed`, `added` or `deleted`; empty where there is nothing to say."""

    aspects: tuple[str, ...] = ()
    """What of it the output shows, in words."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is to be said of one output."""

    output: str = ""
    """Its path in the output folder; empty where there is no such output."""

    verdict: str = ""
    """One sentence."""

    causes: tuple[Cause, ...] = ()
    known: tuple[str, ...] = ()
    """Where there is no such output: those that there are."""

    diagnostics: tuple[Diagnostic, ...] = ()


def why(root: Path, name: str, options: Options) -> Answer:
    """Tell whether an output would be made anew now, and which inputs are the reason.

    `name` is the path of an output in its folder, with or without the folder before it, or a URL.
    """
    findings = Findings()
    config = configured(root, options, findings)
    if config is None:
        return Answer(diagnostics=judged(findings, options))
    target = output_folder(root, config, options)
    place = commit.place(root.absolute(), target, options.output or config.output)
    run = Run(root, options, config, place, findings, quiet)
    try:
        work, _ = run.look_at_work()
    except StoreDamaged:
        work, run.state = None, None
    if findings.has_errors:
        return Answer(diagnostics=judged(findings, options))
    tree = _tree(place)
    if run.state is None or tree is None:
        return Answer(name, "nothing is known of an earlier build, so that everything is made")
    outputs = {one.path: one for one in work.plan.outputs} if work is not None else {}
    names = outputs.keys() if work is not None else frozenset(tree.names())
    path = _find(name, names | set(tree.names()), config, target)
    if path is None:
        return Answer(known=tuple(sorted(names)))
    if work is None:
        return _unchanged(path, tree, place)
    if path not in names:
        return Answer(path, "will be deleted: nothing of the site is published there any more",
                      tuple(_all_causes(run, work)))  # fmt: skip
    causes = tuple(_causes(run, work, outputs[path], run.state))
    if path not in tree.names():
        return Answer(path, "is new: the last build did not have it",
                      causes or tuple(_all_causes(run, work)))  # fmt: skip
    if not causes:
        return _unchanged(path, tree, place)
    return Answer(path, "has to be made anew", causes)


def _tree(place: commit.Place) -> Tree | None:
    if not Store.stands_in(place.home):
        return None
    try:
        store = Store(place.home, read_only=True)
        try:
            return store.part("tree", Tree)
        finally:
            store.close()
    except StoreDamaged:
        return None


def _unchanged(path: str, tree: Tree, place: commit.Place) -> Answer:
    if path in altered(place.target, tree, tree.stamps)[0]:
        cause = Cause(f"{place.shown}/{path}", "changed")
        return Answer(
            path, "is not what the last build left there, and will be put right", (cause,)
        )
    return Answer(path, "is up to date: none of its inputs has changed since the last build")


def _find(name: str, names: set[str] | frozenset[str], config: Config, target: Path) -> str | None:
    """Return the output that a person means."""
    bare = name.removeprefix(config.base_url)
    if bare != name or name.startswith("/"):
        path = unquote(bare.split("#")[0].split("?")[0])
        base = config.base_path
        path = path[len(base) :] if path.startswith(base) else path.lstrip("/")
        candidates = [output_path(f"/{path}"), output_path(f"/{path}/")]
    else:
        candidates = []
    inside = os.path.relpath(os.path.abspath(name), target)
    for written in (name, inside):
        path = os.path.normpath(written).replace(os.sep, "/")
        candidates += [path, "index.html" if path == "." else f"{path}/index.html"]
    return next((one for one in candidates if one in names), None)


# -- causes --------------------------------------------------------------------------------------


def _causes(run: Run, work: Work, output: Output, state: State) -> Iterator[Cause]:
    """Yield the inputs that changed and that an output was made of."""
    now, then = work.inputs.ground, state.ground
    if now.config != then.config:
        if now.program != then.program:
            yield Cause("the program, or a library or time zone that it builds with", "changed")
        if now.settings != then.settings:
            yield Cause("site.toml, or an option in its place", "changed")
        return
    trace = work.plan.kept.traces().get(output.path)
    if trace is None:
        return
    facts = _with_shared(array("I", trace), work)
    found: dict[tuple[str, str], dict[str, None]] = {}
    for aspect, key in work.changed or ():
        if fact_id(aspect, key) not in facts:
            continue
        for cause in _behind(run, work, aspect, key, state):
            found.setdefault((cause.input, cause.status), {}).update(dict.fromkeys(cause.aspects))
    for (name, status), aspects in sorted(found.items()):
        yield Cause(name, status, tuple(aspects))


def _with_shared(facts: array[int], work: Work) -> set[FactId]:
    """Return facts, and those that the shared ones among them rest on."""
    behind: dict[FactId, bytes] = {}
    for bundle in work.plan.kept.shared.values():
        behind |= bundle.traces()
    found: set[FactId] = set()
    pending = list(facts)
    while pending:
        fact = pending.pop()
        if fact not in found:
            found.add(fact)
            pending += array("I", behind.get(fact, b""))
    return found


def _behind(run: Run, work: Work, aspect: str, key: Key | str, state: State) -> Iterator[Cause]:
    """Yield the inputs behind a fact that changed."""
    if aspect == "template":
        yield from _theme_causes(run, work, str(key), state)
    elif aspect == "file":
        yield Cause(str(key), _status(run, work, str(key)), (_WORDS[aspect],))
    elif aspect == _ALL_ENTRIES:
        yield from _entries(run, work, frozenset({"dated"}), "the date of its last change")
        yield from _entries(run, work, frozenset({"outline"}), _LINKED)
    elif aspect in _WORDS and not isinstance(key, str):
        for reads in (run.reads, run.read_before):
            for path, read in reads.items():
                if (read.record.kind, read.record.slug) == key:
                    yield Cause(path, _status(run, work, path), (_WORDS[aspect],))
    else:
        if aspect in ("image", "pictures") and not isinstance(key, str):
            yield from _pictures(run, work, key)
        yield from _entries(run, work, frozenset({"outline"}), _LINKED)
        yield from _clock(run, work, state)
        if aspect == "static":
            yield Cause(f"static/{key}", _status(run, work, f"static/{key}"))


def _pictures(run: Run, work: Work, key: Key) -> Iterator[Cause]:
    """Yield the files of pictures of an entry that changed."""
    links = work.linked.links.get(key) if work.linked.links is not None else None
    if links is not None:
        for shown in (links.image, *links.pictures.values()):
            path = work.linked.lists.files.get(output_path(shown.url)) if shown else None
            if path in work.inputs.changed:
                yield Cause(path, _status(run, work, path), ("the size and content of a picture",))


def _entries(run: Run, work: Work, aspects: frozenset[str], words: str) -> Iterator[Cause]:
    """Yield the files of entries of which one of some aspects changed."""
    for path in run.reads.keys() | run.read_before.keys():
        old, new = run.read_before.get(path), run.reads.get(path)
        if changes.aspects_of(old) != changes.aspects_of(new) and any(
            changes.aspects_of(old).get(name) != changes.aspects_of(new).get(name)
            for name in aspects
        ):
            yield Cause(path, _status(run, work, path), (words,))


def _clock(run: Run, work: Work, state: State) -> Iterator[Cause]:
    if not state.covers(run.now):
        yield Cause("the clock: an entry has appeared or expired since")
    if state.ground.drafts != work.inputs.ground.drafts:
        yield Cause("the option --drafts", "changed")


def _theme_causes(run: Run, work: Work, sort: str, state: State) -> Iterator[Cause]:
    """Yield the files of the theme that changed and may shape a sort of page."""
    from explainer.build.making import templates_of

    assert work.inputs.theme is not None
    now, then = work.inputs.theme_files, state.theme_files
    templates = templates_of(work.inputs.theme, run.config, Findings())
    closure = templates.files_of(sort)
    for name in sorted(now.keys() | then.keys()):
        if now.get(name) == then.get(name):
            continue
        if "/templates/" not in name or name in closure or name not in now:
            status = "added" if name not in then else "changed" if name in now else "deleted"
            yield Cause(name.partition(":")[2] or name, status)


def _all_causes(run: Run, work: Work) -> Iterator[Cause]:
    """Yield all files of the site that changed."""
    for path in sorted(work.inputs.as_read().changed_since(run.before)):
        yield Cause(path, _status(run, work, path))
    if run.state is not None:
        yield from _clock(run, work, run.state)


def _status(run: Run, work: Work, path: str) -> str:
    if run.before.digest_of(path) is None:
        return "added"
    return "changed" if work.inputs.snapshot.digest_of(path) is not None else "deleted"
