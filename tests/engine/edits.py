"""Every sort of edit that a site sees: of content, pictures, the theme, the settings.

An edit is a function of the site and three numbers, which choose what is edited and how. So a
sequence of edits is plain data that can be printed, and replayed by a test.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.engine.sketch import (
    FAULTS,
    FOLDERS,
    HEADINGS,
    KINDS,
    LANGUAGES,
    LISTS,
    MOMENTS,
    NAMES,
    PICTURES,
    SENTENCES,
    Entry,
    Sketch,
)
from tests.engine.themes import THEMES, VIEWS

Edit = Callable[[Sketch, int, int, int], None]

EDITS: dict[str, Edit] = {}
"""Name -> edit."""

BLOCKS = ("say", "head", "ref", "url", "picture", "cite", "anchor")
SLUGS = ("alpha", "foxtrot", "golf", "why", "nvidia", "post", "dana", "about", "hotel")


def edit(function: Edit) -> Edit:
    """Add a function to the edits, under its name in words."""
    EDITS[function.__name__.strip("_").replace("_", " ")] = function
    return function


def _any(site: Sketch, number: int, *kinds: str) -> Entry | None:
    found = [one for one in site.all() if not kinds or one.kind in kinds]
    return found[number % len(found)] if found else None


def _move(site: Sketch, entry: Entry, kind: str, slug: str) -> None:
    """Give an entry another kind or slug, if that is free."""
    others = [one for one in site.of_kind(kind) if one is not entry]
    if any(slug in (one.slug, one.name) for one in others):
        return
    if kind == "page" and slug in ("stories", "questions", "topics", "papers", "authors"):
        return
    del site.entries[entry.kind, entry.slug]
    entry.kind, entry.slug = kind, slug
    site.entries[kind, slug] = entry


# -- entries -------------------------------------------------------------------------------------


@edit
def write_body(site: Sketch, a: int, b: int, c: int) -> None:
    if entry := _any(site, a):
        entry.blocks.append((BLOCKS[c % len(BLOCKS)], b, c // len(BLOCKS)))
        del entry.blocks[:-7]


@edit
def change_a_block(site: Sketch, a: int, b: int, c: int) -> None:
    if (entry := _any(site, a)) and entry.blocks:
        entry.blocks[b % len(entry.blocks)] = (BLOCKS[c % len(BLOCKS)], c, b)


@edit
def cut_a_block(site: Sketch, a: int, b: int, c: int) -> None:
    if (entry := _any(site, a)) and entry.blocks:
        del entry.blocks[b % len(entry.blocks)]


@edit
def swap_blocks(site: Sketch, a: int, b: int, c: int) -> None:
    if (entry := _any(site, a)) and entry.blocks:
        entry.blocks.append(entry.blocks.pop(b % len(entry.blocks)))


@edit
def write_a_heading(site: Sketch, a: int, b: int, c: int) -> None:
    if entry := _any(site, a):
        entry.blocks.insert(b % (len(entry.blocks) + 1), ("head", c % len(HEADINGS), 0))


@edit
def reword_a_heading(site: Sketch, a: int, b: int, c: int) -> None:
    """Other words under the same id: links to it show them."""
    found = [
        (entry, place)
        for entry in site.all()
        for place, (sort, number, _) in enumerate(entry.blocks)
        if sort == "head" and "{#" in HEADINGS[number % len(HEADINGS)]
    ]
    if found:
        entry, place = found[a % len(found)]
        entry.blocks[place] = ("head", entry.blocks[place][1], b % 4)


@edit
def write_at_the_head(site: Sketch, a: int, b: int, c: int) -> None:
    if entry := _any(site, a):
        entry.head = b % 3


@edit
def retitle(site: Sketch, a: int, b: int, c: int) -> None:
    if entry := _any(site, a):
        entry.title = NAMES[b % len(NAMES)] if entry.kind == "topic" else f"Title <{b % 7}> & {c}"


@edit
def rename_a_topic(site: Sketch, a: int, b: int, c: int) -> None:
    if entry := _any(site, a, "topic"):
        entry.title = NAMES[b % len(NAMES)]


@edit
def change_the_summary(site: Sketch, a: int, b: int, c: int) -> None:
    if entry := _any(site, a):
        entry.summary = (("say", "ref", "url")[c % 3], b, c)


@edit
def change_the_date(site: Sketch, a: int, b: int, c: int) -> None:
    if entry := _any(site, a, "story", "question"):
        entry.date = b


@edit
def change_updated(site: Sketch, a: int, b: int, c: int) -> None:
    if entry := _any(site, a, "story", "question", "page"):
        entry.updated = None if b % 4 == 0 else b


@edit
def change_the_language(site: Sketch, a: int, b: int, c: int) -> None:
    if entry := _any(site, a):
        entry.lang = LANGUAGES[b % len(LANGUAGES)]


@edit
def change_the_label(site: Sketch, a: int, b: int, c: int) -> None:
    if entry := _any(site, a):
        entry.label = b


@edit
def change_the_image(site: Sketch, a: int, b: int, c: int) -> None:
    if entry := _any(site, a, "story", "topic", "author"):
        entry.picture = ("", *PICTURES)[b % 3]


@edit
def change_other_names(site: Sketch, a: int, b: int, c: int) -> None:
    if entry := _any(site, a, "topic"):
        name = NAMES[b % len(NAMES)]
        entry.also = [one for one in entry.also if one != name] if name in entry.also else [
            *entry.also[-1:], name,
        ]  # fmt: skip


@edit
def switch_the_mentions_of_a_topic(site: Sketch, a: int, b: int, c: int) -> None:
    if entry := _any(site, a, "topic"):
        entry.mentions = not entry.mentions


@edit
def change_events(site: Sketch, a: int, b: int, c: int) -> None:
    if entry := _any(site, a, "story"):
        entry.events = [(("2022-10", "2021", "2023-01-02")[n % 3], n) for n in range(b % 4)]
        if c % 2 and entry.events:
            entry.events.append(("2022-10", c))


@edit
def change_sources(site: Sketch, a: int, b: int, c: int) -> None:
    if entry := _any(site, a, "story", "question"):
        entry.sources = [(b + n, f"Article {c % 3}" if c % 2 else "") for n in range(b % 3)]


@edit
def change_corrections(site: Sketch, a: int, b: int, c: int) -> None:
    if entry := _any(site, a, "story"):
        entry.corrections = b % 3


@edit
def change_a_list(site: Sketch, a: int, b: int, c: int) -> None:
    if entry := _any(site, a, *LISTS):
        name = LISTS[entry.kind][b % len(LISTS[entry.kind])]
        entry.lists[name] = [c, c // 2, c // 3][: c % 4]


@edit
def change_follows(site: Sketch, a: int, b: int, c: int) -> None:
    if entry := _any(site, a, "story"):
        entry.lists["follows"] = [b] if c % 3 else []


@edit
def rename_the_file(site: Sketch, a: int, b: int, c: int) -> None:
    if entry := _any(site, a):
        _move(site, entry, entry.kind, SLUGS[b % len(SLUGS)])


@edit
def set_the_slug(site: Sketch, a: int, b: int, c: int) -> None:
    if entry := _any(site, a):
        slug = "" if c % 3 == 0 else SLUGS[b % len(SLUGS)]
        taken = {one.name for one in site.of_kind(entry.kind) if one is not entry}
        if (slug or entry.slug) not in taken:
            entry.own_slug = slug


@edit
def move_to_another_kind(site: Sketch, a: int, b: int, c: int) -> None:
    if entry := _any(site, a):
        _move(site, entry, KINDS[b % len(KINDS)], entry.slug)


@edit
def move_to_another_folder(site: Sketch, a: int, b: int, c: int) -> None:
    if entry := _any(site, a):
        entry.folder = FOLDERS[b % len(FOLDERS)]


@edit
def change_the_form(site: Sketch, a: int, b: int, c: int) -> None:
    if entry := _any(site, a, "page", "author", "paper", "topic"):
        entry.yaml = not entry.yaml


@edit
def delete(site: Sketch, a: int, b: int, c: int) -> None:
    if entry := _any(site, a):
        del site.entries[entry.kind, entry.slug]


@edit
def delete_a_kind(site: Sketch, a: int, b: int, c: int) -> None:
    kind = KINDS[a % len(KINDS)]
    if b % 2:
        for entry in site.of_kind(kind):
            del site.entries[entry.kind, entry.slug]


@edit
def add(site: Sketch, a: int, b: int, c: int) -> None:
    kind, slug = KINDS[a % len(KINDS)], SLUGS[b % len(SLUGS)]
    if any(slug in (one.slug, one.name) for one in site.of_kind(kind)):
        return
    title = NAMES[c % len(NAMES)] if kind == "topic" else f"Added {b % 5}"
    blocks = [("say", n % len(SENTENCES), 0) for n in (b, c)]
    lists = {name: [c] for name in LISTS.get(kind, ())}
    site.entries[kind, slug] = Entry(
        kind, slug, title, date=c, lists=lists, blocks=blocks, sources=[(b, "")], picture="two.svg"
    )


@edit
def change_an_alias(site: Sketch, a: int, b: int, c: int) -> None:
    if entry := _any(site, a):
        alias = f"/old/{b % 4}/"
        for other in site.all():
            if alias in other.aliases:
                other.aliases.remove(alias)
        if c % 4:
            entry.aliases.append(alias)


@edit
def switch_draft(site: Sketch, a: int, b: int, c: int) -> None:
    if entry := _any(site, a):
        entry.draft = not entry.draft


@edit
def set_the_embargo(site: Sketch, a: int, b: int, c: int) -> None:
    if entry := _any(site, a):
        entry.publish_at = ("", *MOMENTS)[b % 4]


@edit
def set_the_expiry(site: Sketch, a: int, b: int, c: int) -> None:
    if entry := _any(site, a):
        entry.expires = ("", *MOMENTS)[b % 4]


# -- files ---------------------------------------------------------------------------------------


@edit
def change_a_picture(site: Sketch, a: int, b: int, c: int) -> None:
    if site.pictures:
        site.pictures[sorted(site.pictures)[a % len(site.pictures)]] = b % 5


@edit
def add_a_picture(site: Sketch, a: int, b: int, c: int) -> None:
    if entry := _any(site, a):
        site.pictures.setdefault(f"{entry.place}/{PICTURES[b % len(PICTURES)]}", c % 5)


@edit
def remove_a_picture(site: Sketch, a: int, b: int, c: int) -> None:
    if site.pictures:
        del site.pictures[sorted(site.pictures)[a % len(site.pictures)]]


@edit
def change_a_static_file(site: Sketch, a: int, b: int, c: int) -> None:
    name = ("logo.svg", "plain.txt", "robots.txt", "deep/er/file.txt")[a % 4]
    if c % 3 == 0:
        site.static.pop(name, None)
    else:
        site.static[name] = b % 5


# -- theme ---------------------------------------------------------------------------------------


def _own_file(site: Sketch, name: str) -> str:
    """Return a file of the theme as it is now."""
    return site.theme.get(f"{site.base}/{name}", THEMES[site.base]()[name])


@edit
def edit_a_template(site: Sketch, a: int, b: int, c: int) -> None:
    name = f"templates/{('base', *VIEWS)[a % (len(VIEWS) + 1)]}.html"
    end = "{% endblock %}"
    head, _, tail = THEMES[site.base]()[name].rpartition(end)
    site.theme[f"{site.base}/{name}"] = f"{head}<edit {b % 5}>{end}{tail}"


@edit
def edit_a_partial(site: Sketch, a: int, b: int, c: int) -> None:
    name = f"templates/partials/{('card', 'card', 'unused')[a % 3]}.html"
    site.theme[f"{site.base}/{name}"] = THEMES[site.base]()[name] + f"<edit {b % 5}>"


@edit
def restore_the_theme(site: Sketch, a: int, b: int, c: int) -> None:
    if site.theme:
        del site.theme[sorted(site.theme)[a % len(site.theme)]]


@edit
def override_a_block(site: Sketch, a: int, b: int, c: int) -> None:
    name = tuple(VIEWS)[a % len(VIEWS)]
    path = f"own/templates/{name}.html"
    if c % 3 == 0:
        site.theme.pop(path, None)
        return
    site.theme[path] = (
        f'{{% extends "{site.base}/{name}.html" %}}'
        f"{{% block own %}}{{{{ super() }}}}<own {b % 5}>{{% endblock %}}\n"
    )


@edit
def override_a_partial(site: Sketch, a: int, b: int, c: int) -> None:
    path = "own/templates/partials/card.html"
    if c % 3 == 0:
        site.theme.pop(path, None)
    else:
        site.theme[path] = f"{{{{ card.title }}}} {{{{ card.url }}}} {b % 5}\n"


@edit
def override_the_social_card(site: Sketch, a: int, b: int, c: int) -> None:
    path = "own/templates/social-card.svg"
    if c % 3 == 0 or site.base != "full":
        site.theme.pop(path, None)
    else:
        site.theme[path] = (
            '{% extends "full/social-card.svg" %}'
            f"{{% block own %}}<desc>own {b % 5}</desc>{{% endblock %}}\n"
        )


@edit
def take_another_font(site: Sketch, a: int, b: int, c: int) -> None:
    site.font = ("", "noto-serif-kr", "noto-serif-sc")[a % 3]


@edit
def edit_an_asset(site: Sketch, a: int, b: int, c: int) -> None:
    name = ("style.css", "inner.css", "script.js", "dot.svg")[a % 4]
    text = THEMES[site.base]()[f"assets/{name}"]
    site.theme[f"{site.base}/assets/{name}"] = f"{text}/* {b % 5} */\n"


@edit
def shadow_an_asset(site: Sketch, a: int, b: int, c: int) -> None:
    path = f"own/assets/{('inner.css', 'script.js', 'more.css')[a % 3]}"
    if c % 3 == 0:
        site.theme.pop(path, None)
    else:
        site.theme[path] = f"/* own {b % 5} */\n"


@edit
def edit_a_locale(site: Sketch, a: int, b: int, c: int) -> None:
    path = f"{('own', site.base)[a % 2]}/locales/{('de', 'en')[b % 2]}.toml"
    if c % 3 == 0:
        site.theme.pop(path, None)
    else:
        site.theme[path] = f'title = "Titel {c % 5}"\nfoot = "Fuß"\n'


@edit
def edit_theme_toml(site: Sketch, a: int, b: int, c: int) -> None:
    text = THEMES[site.base]()["theme.toml"].replace('"News"', f'"News {b % 5}"')
    site.theme[f"{site.base}/theme.toml"] = text


@edit
def take_another_theme(site: Sketch, a: int, b: int, c: int) -> None:
    if a % 3 == 0:
        site.base = {"full": "spare", "spare": "full"}[site.base]
        site.theme = {}


# -- settings ------------------------------------------------------------------------------------

SETTINGS: dict[str, tuple[object, ...]] = {
    "title": ("The Daily", "Another & Title"),
    "description": ("", "All the news."),
    "base": ("https://example.org/", "https://example.org/news/", "http://other.example/"),
    "language": ("", "de", "ar"),
    "timezone": ("", "Asia/Tokyo"),
    "page_size": (2, 1, 3, 50),
    "feed_size": (3, 1, 20),
    "no_topic_feeds": (False, True),
    "no_mentions": (False, True),
    "no_search": (False, True),
    "no_cards": (False, True),
    "no_redirects": (False, True),
    "permalink": (False, True),
    "publisher": ("", "A House"),
    "logo": (False, True),
    "corrections": (False, True),
    "motto": ("", "All of it"),
    "head": (0, 1, 2),
}


@edit
def change_a_setting(site: Sketch, a: int, b: int, c: int) -> None:
    name = tuple(SETTINGS)[a % len(SETTINGS)]
    site.settings[name] = SETTINGS[name][b % len(SETTINGS[name])]


# -- faults --------------------------------------------------------------------------------------


@edit
def make_a_fault(site: Sketch, a: int, b: int, c: int) -> None:
    site.faults.add(tuple(FAULTS)[a % len(FAULTS)])


@edit
def mend_all_faults(site: Sketch, a: int, b: int, c: int) -> None:
    site.faults.clear()
