"""What social cards show, and what pages say of them."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from explainer.fingerprint import digest
from explainer.site.links import Key
from explainer.site.urls import CARD_KINDS, card_url
from explainer.theme import views
from explainer.theme.helpers import direction
from explainer.theme.pictures import HEIGHT, WIDTH
from explainer.theme.theme import PICTURE

if TYPE_CHECKING:
    from explainer.outputs.builder import ViewBuilder

SITE: Key = ("site", "")
"""Stands in the place of an entry's key where a picture is that of the site."""

_FORM = "1"
"""To be raised when the program draws the same in another way, so that the copies of pictures which
other hosts keep are given up."""

_MARK = 10
"""Letters of the mark at the end of a picture's URL."""

_LOGOS = {"svg": "image/svg+xml", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg",
          "gif": "image/gif", "webp": "image/webp"}  # fmt: skip


def social_card(key: Key, build: ViewBuilder) -> views.SocialCard | None:
    """Return what a page says of its picture; an entry without one of its own has the site's.

    There is none where site.toml or the theme does without them.
    """
    facts = build.facts
    facts.note("template", PICTURE)
    if not build.look:
        return None
    key = key if key[0] in CARD_KINDS else SITE
    return facts.part("social card", "/".join(key), lambda: _social_card(key, build))


def _social_card(key: Key, build: ViewBuilder) -> views.SocialCard:
    build.facts.note("template", PICTURE)
    view = card_view(key, build)
    date = view.date.text if view.date is not None else ""
    shown = (view.kind, view.title, view.label, date, view.language, view.logo)
    config = build.facts.config
    around = (build.look, config.title, config.language, config.description, config.base_url)
    mark = digest(_FORM, *around, *shown)[:_MARK]
    words = view.title if key != SITE or not view.label else f"{view.title}: {view.label}"
    return views.SocialCard(
        url=f"{build.facts.href(card_url(*key))}?v={mark}",
        width=WIDTH,
        height=HEIGHT,
        type="image/png",
        alt=words,
    )


def card_view(key: Key, build: ViewBuilder) -> views.SocialCardPage:
    """Return the view of a picture."""
    facts, config = build.facts, build.facts.config
    label, date = "", None
    if key == SITE:
        title, language, label = config.title, config.language, config.description
    else:
        brief = facts.brief(key)
        title, language = brief.title, brief.lang
        if key[0] == "story":
            label = facts.title(("topic", brief.topics[0])) if brief.topics else ""
            date = brief.date if brief.date is not None and brief.date.has_day else None
        elif key[0] == "topic":
            label = brief.label
    return views.SocialCardPage.of(
        {
            "kind": key[0],
            "title": title,
            "label": label,
            "date": date,
            "language": language,
            "direction": direction(language),
            "logo": facts.part("logo", "", lambda: _logo(build)),
        }
    )


def _logo(build: ViewBuilder) -> str:
    """Return the publisher's logo as a `data:` URL."""
    path = build.facts.config.publisher.logo.lstrip("/")
    sort = _LOGOS.get(path.rpartition(".")[2].lower())
    if not sort or not build.facts.is_static(path):
        return ""
    content = build.read(f"static/{path}")
    return f"data:{sort};base64,{base64.b64encode(content).decode('ascii')}"
