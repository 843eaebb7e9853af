"""Prose -> HTML: fills the slots that Markdown left where references stand."""

from __future__ import annotations

from html import escape

from explainer.content.mentions import Mention
from explainer.content.model import Link, Picture, Prose, Ref, Source, Text
from explainer.pictures.sizes import FORMATS, TYPES, Shown, candidates
from explainer.site.facts import Facts
from explainer.site.links import Key

PROSE_SIZES = "(min-width: 40rem) 36rem, 92vw"
"""How wide pictures in prose are shown, as `sizes` says it: as wide as a column of text. Where a
theme sets another width, a browser takes a file that is somewhat too large or too small."""


def source_sets(facts: Facts, shown: Shown) -> tuple[tuple[str, str], ...]:
    """Return the sizes of a picture as `srcset` lists them, by media type, the best first."""
    found: dict[str, list[str]] = {name: [] for name in FORMATS}
    for one in candidates(shown):
        found[one.format].append(f"{facts.href(one.url)} {one.width}w")
    return tuple((TYPES[name], ", ".join(urls)) for name, urls in found.items() if urls)


class ProseRenderer:
    """Renders the prose of one entry.

    As a `guest` the HTML will stand on another page of the site: links to places in the entry
    itself then lead to its own page. `away` from the site, in a feed, every address also has
    scheme and host. `sources` are those of the entry, for prose that may cite them.
    """

    def __init__(
        self,
        facts: Facts,
        key: Key,
        sources: tuple[Source, ...] = (),
        *,
        guest: bool = False,
        away: bool = False,
    ) -> None:
        self.facts = facts
        self.key = key
        self.away = away
        self._home = self._address(facts.url(key)) if guest or away else ""
        self._sources = {source.id: source for source in sources}
        self._numbers = {source.id: number for number, source in enumerate(sources, 1)}
        self.linked: dict[Key, None] = {}
        """Entries that the prose rendered so far links, in order; mentions are among them."""

    def html(self, prose: Prose, *, mentions: bool = False) -> str:
        """Return prose as HTML; `mentions` links the first mention of each topic."""
        found = self._mentions(prose) if mentions else {}
        parts = []
        for number, segment in enumerate(prose.segments):
            if isinstance(segment, str):
                parts.append(self._at_home(segment))
            elif isinstance(segment, Text):
                parts.append(self._text(segment.text, found.get(number, [])))
            elif isinstance(segment, Link):
                fill = escape(self._title(segment.ref), quote=False) if segment.empty else ""
                parts.append(self._link(segment.ref) + fill)
            else:
                parts.append(self._picture(segment))
        return "".join(parts)

    def _at_home(self, html: str) -> str:
        """Let links to footnotes lead to the entry's page, where the HTML stands elsewhere."""
        return html.replace('href="#', f'href="{escape(self._home)}#') if self._home else html

    # -- addresses ---------------------------------------------------------------------------

    def url(self, ref: Ref) -> str:
        """Return the address that a reference leads to."""
        fragment = f"#{ref.fragment}" if ref.fragment else ""
        if ref.kind == "source":
            return f"{self._home}#source-{ref.slug}"
        if ref.kind == "anchor":
            return self._home + (fragment or "#")
        if ref.kind == "file":
            return self._address(self.facts.link(self.key, "files")[ref.slug]) + fragment
        key: Key | None
        if ref.kind == "url":
            url, key = self._site_url(ref)
        else:
            key = (ref.kind, ref.slug)
            url = self.facts.url(key)
        if key is not None:
            self.linked[key] = None
        return self._address(url) + fragment

    def _site_url(self, ref: Ref) -> tuple[str, Key | None]:
        found: tuple[str, Key | None] = self.facts.link(self.key, "urls")[ref.slug]
        return found

    def _address(self, url: str) -> str:
        return self.facts.absolute(url) if self.away else self.facts.href(url)

    def _link(self, ref: Ref) -> str:
        more = ""
        if ref.kind == "source":
            more = ' class="cite"'
            if not self._home:  # the list of sources with its numbers is on this page
                more += f' data-note="{self._numbers[ref.slug]}"'
        return f'<a{more} href="{escape(self.url(ref))}">'

    def _picture(self, picture: Picture) -> str:
        title = f' title="{escape(picture.title)}"' if picture.title else ""
        src, alt = escape(self.url(picture.ref)), escape(picture.alt)
        late = 'loading="lazy" decoding="async"'
        if self.away:
            return f'<img src="{src}" alt="{alt}"{title} {late}>'
        shown: Shown | None = self.facts.link(self.key, "pictures").get(picture.ref.slug)
        size = f' width="{shown.width}" height="{shown.height}"' if shown is not None else ""
        sources = "".join(
            f'<source type="{kind}" srcset="{escape(urls)}" sizes="{PROSE_SIZES}">'
            for kind, urls in (source_sets(self.facts, shown) if shown is not None else ())
        )
        image = f'<img src="{src}" alt="{alt}"{title}{size} {late}>'
        return f"<picture>{sources}{image}</picture>" if sources else image

    def _title(self, ref: Ref) -> str:
        """Return what a link without a text of its own says."""
        if ref.kind == "source":
            source = self._sources[ref.slug]
            return source.title or self.facts.title(("paper", source.paper.slug))
        if ref.kind == "anchor":
            return self.facts.heading(self.key, ref.fragment)
        key: Key | None = (ref.kind, ref.slug)
        if ref.kind == "url":
            _, key = self._site_url(ref)
        if key is None:
            return ref.slug
        return self.facts.heading(key, ref.fragment) if ref.fragment else self.facts.title(key)

    # -- mentions ----------------------------------------------------------------------------

    def _mentions(self, prose: Prose) -> dict[int, list[Mention]]:
        """Return the mentions to link, by the segment they stand in."""
        numbers = [n for n, s in enumerate(prose.segments) if isinstance(s, Text)]
        runs = [s.text for s in prose.segments if isinstance(s, Text)]
        if not runs:
            return {}
        linked = {self._topic(ref) for ref in prose.refs}
        linked.add(self.key[1] if self.key[0] == "topic" else "")
        found: dict[int, list[Mention]] = {}
        for mention in self.facts.mentions(self.key).first_mentions(runs, linked):
            found.setdefault(numbers[mention.run], []).append(mention)
        return found

    def _topic(self, ref: Ref) -> str:
        key = self._site_url(ref)[1] if ref.kind == "url" else (ref.kind, ref.slug)
        return key[1] if key and key[0] == "topic" else ""

    def _text(self, text: str, mentions: list[Mention]) -> str:
        parts = []
        done = 0
        for mention in mentions:
            key = ("topic", mention.slug)
            self.linked[key] = None
            href = escape(self._address(self.facts.url(key)))
            parts.append(escape(text[done : mention.start], quote=False))
            words = escape(text[mention.start : mention.end], quote=False)
            parts.append(f'<a class="mention" href="{href}">{words}</a>')
            done = mention.end
        parts.append(escape(text[done:], quote=False))
        return "".join(parts)
