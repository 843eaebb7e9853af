"""Prose -> HTML: fills the slots that Markdown left where references stand."""

from __future__ import annotations

from html import escape

from explainer.content.mentions import Mention
from explainer.content.model import AnyEntry, Link, Picture, Prose, Ref, Text
from explainer.site.resolve import site_url
from explainer.site.site import Key, Site, key_of


class ProseRenderer:
    """Renders the prose of one entry.

    As a `guest` the HTML will stand on another page of the site: links to places in the entry
    itself then lead to its own page. `away` from the site, in a feed, every address also has
    scheme and host.
    """

    def __init__(
        self, site: Site, entry: AnyEntry, *, guest: bool = False, away: bool = False
    ) -> None:
        self.site = site
        self.entry = entry
        self.away = away
        self._home = self._address(site.urls[key_of(entry)]) if guest or away else ""
        self._sources = {source.id: source for source in entry.sources}

    def html(self, prose: Prose, *, mentions: bool = False) -> str:
        """Return prose as HTML; `mentions` links the first mention of each topic."""
        found = self._mentions(prose) if mentions else {}
        parts = []
        fill = ""
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
        site = self.site
        fragment = f"#{ref.fragment}" if ref.fragment else ""
        if ref.kind == "source":
            return f"{self._home}#source-{ref.slug}"
        if ref.kind == "anchor":
            return self._home + (fragment or "#")
        if ref.kind == "file":
            url = site.file_urls[self.entry.path, ref.slug]
        elif ref.kind == "url":
            url = site_url(ref.slug, site.targets, site.known_urls) or ref.slug
            if key := site.targets.get(url):
                url = site.urls[key]
        else:
            url = site.urls[ref.kind, ref.slug]
        return self._address(url) + fragment

    def _address(self, url: str) -> str:
        return self.site.absolute(url) if self.away else self.site.href(url)

    def _link(self, ref: Ref) -> str:
        css = ' class="cite"' if ref.kind == "source" else ""
        return f'<a{css} href="{escape(self.url(ref))}">'

    def _picture(self, picture: Picture) -> str:
        title = f' title="{escape(picture.title)}"' if picture.title else ""
        src, alt = escape(self.url(picture.ref)), escape(picture.alt)
        return f'<img src="{src}" alt="{alt}"{title} loading="lazy" decoding="async">'

    def _title(self, ref: Ref) -> str:
        """Return what a link without a text of its own says."""
        if ref.kind == "source":
            source = self._sources[ref.slug]
            return source.title or self.site.entries["paper", source.paper.slug].title
        if ref.kind == "anchor":
            return _heading(self.entry, ref.fragment)
        key: Key | None = (ref.kind, ref.slug)
        if ref.kind == "url":
            key = self.site.targets.get(ref.slug)
        entry = self.site.entries.get(key) if key else None
        if entry is None:
            return ref.slug
        return _heading(entry, ref.fragment) if ref.fragment else entry.title

    # -- mentions ----------------------------------------------------------------------------

    def _mentions(self, prose: Prose) -> dict[int, list[Mention]]:
        """Return the mentions to link, by the segment they stand in."""
        numbers = [n for n, s in enumerate(prose.segments) if isinstance(s, Text)]
        runs = [s.text for s in prose.segments if isinstance(s, Text)]
        linked = {self._topic(ref) for ref in prose.refs}
        linked.add(self.entry.id.slug if self.entry.id.kind == "topic" else "")
        found: dict[int, list[Mention]] = {}
        for mention in self.site.matcher.first_mentions(runs, linked):
            found.setdefault(numbers[mention.run], []).append(mention)
        return found

    def _topic(self, ref: Ref) -> str:
        key = self.site.targets.get(ref.slug) if ref.kind == "url" else (ref.kind, ref.slug)
        return key[1] if key and key[0] == "topic" else ""

    def _text(self, text: str, mentions: list[Mention]) -> str:
        parts = []
        done = 0
        for mention in mentions:
            url = self.site.urls["topic", mention.slug]
            href = escape(self._address(url))
            parts.append(escape(text[done : mention.start], quote=False))
            words = escape(text[mention.start : mention.end], quote=False)
            parts.append(f'<a class="mention" href="{href}">{words}</a>')
            done = mention.end
        parts.append(escape(text[done:], quote=False))
        return "".join(parts)


def _heading(entry: AnyEntry, fragment: str) -> str:
    return next((h.title for h in entry.body.headings if h.id == fragment), entry.title)
