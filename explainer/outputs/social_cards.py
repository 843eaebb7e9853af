"""Pictures for social networks: one for each story, question and topic, and one of the site.

A page names its picture by a URL that ends with a mark of all that the picture shows. The file
stays in its place, so that what others keep of an old page still leads to a picture.
"""

from __future__ import annotations

from collections.abc import Iterator

from explainer.config import Config
from explainer.diagnostics import Findings, Span
from explainer.outputs.card_views import SITE, card_view
from explainer.outputs.output import Making, Output
from explainer.site.links import Key, Site
from explainer.site.urls import CARD_KINDS, card_url, output_path
from explainer.theme.pictures import CannotDraw
from explainer.theme.templates import TemplateFault
from explainer.theme.theme import PICTURE
from explainer.theme.views import SocialCardPage

_HINT = "name a font that has them under `fonts` in [cards] of site.toml"
_NAMED = 12
"""Characters without a font that a message names at most."""


def outputs(site: Site) -> Iterator[Output]:
    """Return all pictures."""
    yield Output(output_path(card_url(*SITE)), "card", *SITE)
    for kind, slug in site.links:
        if kind in CARD_KINDS:
            yield Output(output_path(card_url(kind, slug)), "card", kind, slug)


def render(output: Output, making: Making) -> bytes:
    """Return a picture as PNG; empty where nobody wants to see it.

    Ornaments that no font has are left out. A title of which a letter is missing would not be that
    title any more: the site's own then stands in its place. Either is told.
    """
    key = (output.kind, output.slug)
    making.facts.note("template", PICTURE)
    try:
        view = card_view(key, making.views)
        svg, missing = _svg(view, making)
        if missing and not _report(key, view, missing, making):
            svg, _ = _svg(card_view(SITE, making.views), making)
        return making.gallery.draw(svg) if making.gallery is not None else b""
    except CannotDraw as fault:
        findings = Findings()
        _report_fault(fault, making.facts.config, findings)
        raise TemplateFault(next(iter(findings))) from fault


def report_library(config: Config, findings: Findings) -> bool:
    """Tell whether the library that draws is there, and report it where it is not."""
    from explainer.theme.pictures import library

    try:
        library()
    except CannotDraw as fault:
        _report_fault(fault, config, findings)
        return False
    return True


def _report_fault(fault: CannotDraw, config: Config, findings: Findings) -> None:
    """Say what keeps all pictures from being drawn: once, however many there are."""
    findings.add(
        "E805", config.document.key("cards", "enabled"), str(fault),
        "install explainer again with all that it needs, or set enabled = false in [cards]",
    )  # fmt: skip


def _svg(view: SocialCardPage, making: Making) -> tuple[str, list[str]]:
    """Return a picture, and the characters that had to be left out."""
    from explainer.theme.typesetting import Setter

    setter = Setter(making.templates.fonts(), view.language)
    return making.templates.picture(view, making.views.site_view, setter), list(setter.missing)


def _report(key: Key, view: SocialCardPage, missing: list[str], making: Making) -> bool:
    """Say for which characters there is no font; tell whether the title can do without them.

    Each is told where it was written: those in the name of the site, or of a topic, at the picture
    of these.
    """
    from explainer.theme.typesetting import is_symbol

    config = making.facts.config
    own = view.title + (view.label if key == SITE else "")
    here = [one for one in missing if one in own]
    elsewhere = {*own, *view.label, *config.title}
    if words := [one for one in missing if one not in elsewhere]:
        theme = making.templates.theme.name
        span = Span(f"themes/{theme}/templates/{PICTURE}.svg")
        making.warn("W709", span, f"{_named(words)}: words of the theme go without", _HINT)
    left = set(view.title) - {" ", *here}
    readable = bool(left) and all(is_symbol(one) for one in here)
    if here and (readable or key == SITE):
        making.warn("W709", _place(key, making), f"{_named(here)}: the picture goes without", _HINT)
    elif here:
        instead = "the picture shows the name of the site in place of the title"
        making.warn("W709", _place(key, making), f"{_named(here)}: {instead}", _HINT)
    return readable or not here or key == SITE


def _named(missing: list[str]) -> str:
    named = " ".join(_name(one) for one in missing[:_NAMED])
    more = f" and {len(missing) - _NAMED} more" if len(missing) > _NAMED else ""
    return f"no font for social cards has {named}{more}"


def _name(character: str) -> str:
    code = f"U+{ord(character):04X}"
    return f"“{character}” ({code})" if character.isprintable() else code


def _place(key: Key, making: Making) -> Span:
    """Return where the title stands."""
    if key == SITE:
        return making.facts.config.document.value("site", "title")
    from explainer.content.document import title_place

    path = making.facts.link(key, "path")
    return title_place(path, making.views.read(path))
