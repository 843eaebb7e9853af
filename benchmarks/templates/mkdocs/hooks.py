# mypy: ignore-errors
"""Makes the lists of the MkDocs site, which MkDocs has no name for.

Front matter is read before the pages are, for it decides how many pages the lists have. The
templates find the entries and the lists as globals.
"""

import math
from datetime import datetime
from itertools import groupby
from pathlib import Path

from mkdocs.structure.files import File
from mkdocs.utils.meta import get_data

PER_PAGE = 50
KINDS = ("stories", "questions", "topics", "papers", "authors")

entries = {}
"""Kind -> slug -> front matter, with slug, address and file."""

lists = {}
"""Address of a list, without slashes at its ends -> what stands in it, 50 a page."""

stories_of = {}
"""Slug of a question -> the stories that list it."""

questions_on = {}
"""Slug of a topic -> its questions."""


def on_files(files, config):
    """Read the front matter of all entries and add the further pages of long lists."""
    _read(files)
    _fill_lists()
    for name, listed in lists.items():
        kind, _, slug = name.partition("/")
        title = entries[kind][slug]["title"] if slug else kind.capitalize()
        template = (
            f"{kind}.html" if not slug else "topic.html" if kind == "topics" else "person.html"
        )
        for number in range(2, math.ceil(len(listed) / PER_PAGE) + 1):
            matter = f"---\ntemplate: {template}\ntitle: {title}\nnumber: {number}\n---\n"
            files.append(File.generated(config, f"{name}/page/{number}.md", content=matter))
    return files


def on_env(env, config, files):
    """Let the templates see the entries; the contents of the newest are there by now."""
    env.globals.update(
        entries=entries, lists=lists, stories_of=stories_of, questions_on=questions_on
    )
    env.filters["months"] = lambda stories: groupby(stories, lambda one: f"{one['date']:%B %Y}")
    return env


def on_page_context(context, page, config, nav):
    """Give a page its entry and its part of a list."""
    name = page.file.src_uri.removesuffix(".md").partition("/page/")[0].removesuffix("/index")
    kind, _, slug = name.partition("/")
    context["kind"] = kind
    context["entry"] = entries.get(kind, {}).get(slug)
    if name in lists:
        number = page.meta.get("number", 1)
        context["listed"] = lists[name][(number - 1) * PER_PAGE : number * PER_PAGE]
        context["number"] = number
        context["count"] = max(1, math.ceil(len(lists[name]) / PER_PAGE))
        context["address"] = f"/{name}/"
    return context


def _read(files):
    entries.update({kind: {} for kind in KINDS})
    for file in files.documentation_pages():
        kind, _, slug = file.src_uri.removesuffix(".md").partition("/")
        if kind in entries and slug != "index":
            _, meta = get_data(Path(file.abs_src_path).read_text(encoding="utf-8-sig"))
            if "date" in meta:
                meta["date"] = datetime.fromisoformat(meta["date"])
            entries[kind][slug] = {**meta, "slug": slug, "url": f"/{kind}/{slug}/", "file": file}


def _fill_lists():
    for kind in ("stories", "questions"):
        lists[kind] = sorted(entries[kind].values(), key=lambda one: one["date"], reverse=True)
    for kind in ("topics", "papers", "authors"):
        lists.update({f"{kind}/{slug}": [] for slug in entries[kind]})
    for story in lists["stories"]:
        for slug in story["questions"]:
            stories_of.setdefault(slug, []).append(story)
        for slug in story["topics"]:
            lists[f"topics/{slug}"].append(story)
        for slug in story["writers"]:
            lists[f"authors/{slug}"].append(story)
        for slug in dict.fromkeys(source["paper"] for source in story["sources"]):
            lists[f"papers/{slug}"].append(story)
    for question in lists["questions"]:
        for slug in question["topics"]:
            questions_on.setdefault(slug, []).append(question)
