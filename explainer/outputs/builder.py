"""Builds the parts of views that several sorts of pages share: cards, sources, timelines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from markupsafe import Markup

from explainer.content.model import AnyEntry, Author, Body, Moment, Prose, Story
from explainer.outputs.alphabet import sort_name
from explainer.site import Key, Site
from explainer.site.graph import listed
from explainer.site.link import FEED
from explainer.site.rendering import ProseRenderer
from explainer.site.site import key_of
from explainer.site.urls import INDEXES, page_url
from explainer.theme import views
from explainer.theme.helpers import safe_json

RTL_SCRIPTS = frozenset({"Arab", "Hebr", "Thaa", "Syrc", "Nkoo", "Adlm"})
RTL_LANGUAGES = frozenset("ar arc ckb dv fa he iw ks ku nqo ps sd ug ur yi".split())
_TIMELINE_SECTION = "background"
_KINDS_OF_INDEXES = {
    "story": "stories",
    "question": "questions",
    "topic": "topics",
    "paper": "papers",
    "author": "authors",
}


def direction(language: str) -> str:
    """Return `rtl` for languages that are written from right to left, else `ltr`."""
    primary, *others = language.split("-")
    if any(part.title() in RTL_SCRIPTS for part in others):
        return "rtl"
    latin = any(part.title() == "Latn" for part in others)
    return "rtl" if primary in RTL_LANGUAGES and not latin else "ltr"


class ViewBuilder:
    """Makes the views of one site; keeps cards, which many pages show."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._cards: dict[Key, views.Card] = {}
        self.site_view = self._site_view()

    # -- the site ----------------------------------------------------------------------------

    def _site_view(self) -> views.SiteView:
        site, config = self.site, self.site.config
        publisher = config.publisher
        return views.SiteView(
            title=config.title,
            description=config.description,
            language=config.language,
            direction=direction(config.language),
            home_url=site.href("/"),
            base_url=config.base_url,
            feed_url=site.href(FEED),
            index_urls={
                name: site.href(url) for name, url in INDEXES.items() if url in site.known_urls
            },
            pages=tuple(self.card(key_of(page)) for page in sorted(site.pages(), key=by_title)),
            publisher=views.Publisher(
                name=publisher.name or config.title,
                logo_url=self._logo_url(publisher.logo.lstrip("/")),
                corrections_url=self._page_url(publisher.corrections),
                principles_url=self._page_url(publisher.principles),
            ),
        )

    def _logo_url(self, path: str) -> str:
        return self.site.href(f"/{path}") if path in self.site.static else ""

    def _page_url(self, reference: str) -> str:
        slug = reference.removeprefix("page:")
        return self.site.href(self.site.urls["page", slug]) if slug else ""

    # -- cards -------------------------------------------------------------------------------

    def card(self, key: Key) -> views.Card:
        """Return the card of an entry."""
        if key not in self._cards:
            self._cards[key] = self._card(key)
        return self._cards[key]

    def cards(self, keys: Iterable[Key]) -> tuple[views.Card, ...]:
        """Return the cards of entries."""
        return tuple(self.card(key) for key in keys)

    def refs(self, refs: Iterable[Any]) -> tuple[views.Card, ...]:
        """Return the cards of the entries that references of a front matter name."""
        return self.cards((ref.kind, ref.slug) for ref in refs)

    def listed(self, keys: Iterable[Key]) -> tuple[views.Card, ...]:
        """Return the cards of those entries that lists show."""
        return self.cards(listed(self.site, keys))

    def _card(self, key: Key) -> views.Card:
        entry = self.site.entries[key]
        topics = [ref.slug for ref in entry.topics] if isinstance(entry, Story) else []
        return views.Card(
            kind=key[0],
            slug=key[1],
            title=entry.title,
            url=self.site.href(self.site.urls[key]),
            summary=self.html(entry, entry.summary, elsewhere=True),
            date=entry.date,
            updated=entry.updated,
            lang=entry.id.lang,
            label=self._label(entry),
            image=self.picture(entry),
            topics=tuple(self._topic_link(slug) for slug in topics),
        )

    def _label(self, entry: AnyEntry) -> str:
        return entry.role if isinstance(entry, Author) else getattr(entry, "kind", "")

    def _topic_link(self, slug: str) -> views.TopicLink:
        topic = self.site.entries["topic", slug]
        return views.TopicLink(title=topic.title, url=self.site.href(self.site.urls["topic", slug]))

    def picture(self, entry: AnyEntry) -> views.Picture | None:
        """Return the picture of an entry."""
        if entry.image is None:
            return None
        renderer = ProseRenderer(self.site, entry)
        return views.Picture(
            url=renderer.url(entry.image.src),
            alt=entry.image.alt,
            credit=entry.image.credit,
            caption=self.html(entry, entry.image.caption),
        )

    # -- prose -------------------------------------------------------------------------------

    def html(self, entry: AnyEntry, prose: Prose, *, elsewhere: bool = False) -> Markup:
        """Return inline prose of an entry's front matter; `elsewhere` than on its own page."""
        return Markup(ProseRenderer(self.site, entry, away=False, guest=elsewhere).html(prose))

    def body(self, entry: AnyEntry) -> dict[str, Any]:
        """Return the fields that the pages of all entries have from their prose."""
        renderer = ProseRenderer(self.site, entry)
        body = entry.body
        timeline = _timeline_section(body)
        return {
            "lead": Markup(renderer.html(body.lead, mentions=True)),
            "sections": tuple(
                views.SectionView(
                    id=section.id,
                    title=Markup(renderer.html(section.title)),
                    html=Markup(renderer.html(section.prose, mentions=True)),
                    shows_timeline=section.id == timeline,
                )
                for section in body.sections
            ),
            "notes": Markup(renderer.html(body.notes, mentions=True)),
            "toc": tuple(
                views.TocItem(id=section.id, title=section.title.text, level=2)
                for section in body.sections
            ),
            "updated": entry.updated,
            "image": self.picture(entry),
            "same_as": entry.same_as,
        }

    def sources(self, entry: AnyEntry) -> tuple[views.SourceView, ...]:
        """Return the list of sources of an entry."""
        return tuple(
            views.SourceView(
                id=source.id,
                number=number,
                title=source.title,
                url=source.url,
                paper=self.card(("paper", source.paper.slug)),
                date=source.date,
                quote=source.quote,
                archived=source.archived,
            )
            for number, source in enumerate(entry.sources, 1)
        )

    # -- pages -------------------------------------------------------------------------------

    def base(
        self,
        kind: str,
        url: str,
        *,
        title: str = "",
        description: str = "",
        crumbs: tuple[views.Crumb, ...] = (),
        language: str = "",
        indexable: bool = True,
        data: Any = None,
    ) -> dict[str, Any]:
        """Return the fields that all pages have."""
        language = language or self.site.config.language
        home = views.Crumb(title="", key="home", url=self.site.href("/"))
        return {
            "kind": kind,
            "title": title,
            "description": description,
            "url": self.site.href(url),
            "canonical": self.site.absolute(url),
            "language": language,
            "direction": direction(language),
            "indexable": indexable,
            "breadcrumbs": (home, *crumbs) if crumbs else (home,),
            "structured_data": safe_json(data) if data else Markup(),
        }

    def entry_base(self, entry: AnyEntry, data: Any = None, number: int = 1) -> dict[str, Any]:
        """Return the fields that the pages of all entries have; `number` is the list's page."""
        key = key_of(entry)
        crumbs = [views.Crumb(title=entry.title, key="", url="")]
        if index := _KINDS_OF_INDEXES.get(key[0]):
            known = INDEXES[index] in self.site.known_urls
            if known:
                crumbs.insert(
                    0, views.Crumb(title="", key=index, url=self.site.href(INDEXES[index]))
                )
        return self.base(
            key[0],
            page_url(self.site.urls[key], number),
            title=entry.title,
            description=entry.summary.text or entry.body.lead.text[:200],
            crumbs=tuple(crumbs),
            language=entry.id.lang,
            indexable=self.site.is_listed(entry),
            data=data,
        ) | self.body(entry)

    def pagination(self, index: str, number: int, total: int) -> views.Pagination:
        """Return the place of page `number` of the list at `index` with `total` items."""
        count = max(1, -(-total // self.site.config.page_size))
        urls = tuple(self.site.href(page_url(index, n)) for n in range(1, count + 1))
        return views.Pagination(
            number=number,
            count=count,
            total=total,
            previous_url=urls[number - 2] if number > 1 else "",
            next_url=urls[number] if number < count else "",
            urls=urls,
        )

    def paged(self, keys: tuple[Key, ...], number: int) -> tuple[views.Card, ...]:
        """Return the cards on page `number` of a list."""
        size = self.site.config.page_size
        return self.cards(keys[(number - 1) * size : number * size])


def _timeline_section(body: Body) -> str:
    """Return the id of the section under which a story's timeline stands, if it has that one."""
    names = [section.id for section in body.sections]
    return _TIMELINE_SECTION if _TIMELINE_SECTION in names else ""


def by_title(entry: AnyEntry) -> tuple[str, str]:
    """Order entries by title, accents and case put aside, then by slug."""
    return (sort_name(entry.title), entry.id.slug)


def month_of(moment: Moment) -> str:
    """Return the month of a date in the site's zone: `2025-09`."""
    return moment.text[:7]
