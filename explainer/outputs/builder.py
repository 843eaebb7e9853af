"""Builds the parts of views that several sorts of pages share: cards, sources, timelines."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

from markupsafe import Markup

from explainer.content.model import AnyEntry, Body, Image, Moment, Prose, Source
from explainer.outputs.alphabet import sort_name
from explainer.outputs.card_views import social_card
from explainer.pictures.sizes import Shown
from explainer.site.facts import Facts
from explainer.site.link import INDEXED
from explainer.site.links import Key
from explainer.site.rendering import ProseRenderer, source_sets
from explainer.site.urls import INDEXES, SEARCH, SUMMARIES, feed_url, page_url
from explainer.theme import views
from explainer.theme.helpers import direction, safe_json

_TIMELINE_SECTION = "background"
_COVERAGE_SECTION = "papers"
_NEAR = 2
"""Pages before and behind a page of a list to which it links by their numbers."""

_PEEKS = ("story", "question", "topic")
"""Kinds of entries of which pages that link them have the cards ready."""

T = TypeVar("T")

_INDEX_OF = {kind: name for name, kind in INDEXED.items()}


class ViewBuilder:
    """Makes the views of one site; keeps cards, which many pages show."""

    def __init__(self, facts: Facts, root: Path = Path(), look: str = "") -> None:
        self.facts = facts
        self.root = root
        """Folder of the site, for files that stand in views."""

        self.look = look
        """Digest of all in the theme that may shape a social card; empty where there are none."""

    def read(self, path: str) -> bytes:
        """Return a file of the site."""
        self.facts.note("file", path)
        return (self.root / path).read_bytes()

    @property
    def is_mirrored(self) -> bool:
        """Whether pages are read from right to left, and drawings with them."""
        return direction(self.facts.config.language) == "rtl"

    # -- the site ----------------------------------------------------------------------------

    @property
    def site_view(self) -> views.SiteView:
        """What every page may show of the site; a new one for each page, for it notes looks."""
        facts, config = self.facts, self.facts.config
        return views.SiteView.of(
            {
                "title": config.title,
                "description": config.description,
                "language": config.language,
                "direction": direction(config.language),
                "home_url": facts.href("/"),
                "base_url": config.base_url,
                "feed_url": facts.href(feed_url("/", "atom")),
                "json_feed_url": facts.href(feed_url("/", "json")),
                "search_url": facts.href(SEARCH) if config.search else "",
            },
            summaries_url=lambda: facts.href(SUMMARIES) if facts.has_any("topic") else "",
            index_urls=self._index_urls,
            pages=lambda: facts.part("pages", "", self._pages),
            publisher=lambda: self.publisher,
        )

    def _index_urls(self) -> dict[str, str]:
        facts = self.facts
        return {
            name: facts.href(url) for name, url in INDEXES.items() if facts.has_any(INDEXED[name])
        }

    def _pages(self) -> tuple[views.Card, ...]:
        return self.cards(sorted(self.facts.list("page"), key=self.by_title))

    @property
    def publisher(self) -> views.Publisher:
        """Who publishes the site."""
        publisher = self.facts.config.publisher
        return views.Publisher(
            name=publisher.name or self.facts.config.title,
            logo_url=self._logo_url(publisher.logo.lstrip("/")),
            corrections_url=self._page_url(publisher.corrections),
            principles_url=self._page_url(publisher.principles),
        )

    def _logo_url(self, path: str) -> str:
        return self.facts.href(f"/{path}") if path and self.facts.is_static(path) else ""

    def _page_url(self, reference: str) -> str:
        slug = reference.removeprefix("page:")
        return self.facts.href(self.facts.url(("page", slug))) if slug else ""

    def by_title(self, key: Key) -> tuple[str, str]:
        """Order entries by title, accents and case put aside, then by slug."""
        return (sort_name(self.facts.title(key)), key[1])

    # -- cards -------------------------------------------------------------------------------

    def card(self, key: Key) -> views.Card:
        """Return the card of an entry."""
        return self.facts.part("card", key, lambda: self._card(key))

    def cards(self, keys: Iterable[Key]) -> tuple[views.Card, ...]:
        """Return the cards of entries."""
        return tuple(self.card(key) for key in keys)

    def refs(self, refs: Iterable[Any]) -> tuple[views.Card, ...]:
        """Return the cards of the entries that references of a front matter name."""
        return self.cards((ref.kind, ref.slug) for ref in refs)

    def listed(self, keys: Iterable[Key]) -> tuple[views.Card, ...]:
        """Return the cards of those entries that lists show."""
        return self.cards(self.facts.listed(keys))

    def _card(self, key: Key) -> views.Card:
        facts = self.facts
        brief = facts.brief(key)
        return views.Card(
            kind=key[0],
            slug=key[1],
            title=brief.title,
            url=facts.href(facts.url(key)),
            summary=self.html(key, brief.summary, elsewhere=True),
            date=brief.date,
            updated=brief.updated,
            lang=brief.lang,
            label=brief.label,
            image=self.picture(key, brief.image, brief.sources),
            topics=tuple(self._topic_link(slug) for slug in brief.topics),
        )

    def _topic_link(self, slug: str) -> views.TopicLink:
        facts, key = self.facts, ("topic", slug)
        return views.TopicLink(title=facts.title(key), url=facts.href(facts.url(key)))

    def picture(
        self, key: Key, image: Image | None, sources: tuple[Source, ...]
    ) -> views.Picture | None:
        """Return the picture of an entry."""
        if image is None:
            return None
        renderer = ProseRenderer(self.facts, key, sources)
        shown: Shown | None = self.facts.link(key, "image")
        found = source_sets(self.facts, shown) if shown is not None else ()
        return views.Picture(
            url=renderer.url(image.src),
            width=shown.width if shown is not None else 0,
            height=shown.height if shown is not None else 0,
            sources=tuple(views.PictureSource(type=kind, srcset=urls) for kind, urls in found),
            alt=image.alt,
            credit=image.credit,
            caption=Markup(renderer.html(image.caption)),
        )

    # -- prose -------------------------------------------------------------------------------

    def html(
        self,
        key: Key,
        prose: Prose,
        sources: tuple[Source, ...] = (),
        *,
        elsewhere: bool = False,
    ) -> Markup:
        """Return inline prose of an entry's front matter; `elsewhere` than on its own page."""
        first = prose.segments[0] if len(prose.segments) == 1 else None
        if isinstance(first, str) and "href=" not in first:
            return Markup(first)
        return Markup(ProseRenderer(self.facts, key, sources, guest=elsewhere).html(prose))

    def _sections(
        self, body: Body, renderer: Callable[[], ProseRenderer]
    ) -> tuple[views.SectionView, ...]:
        timeline = _section(body, _TIMELINE_SECTION)
        coverage = _section(body, _COVERAGE_SECTION)
        return tuple(
            views.SectionView(
                id=section.id,
                title=Markup(renderer().html(section.title)),
                html=Markup(renderer().html(section.prose, mentions=True)),
                shows_timeline=section.id == timeline,
                shows_coverage=section.id == coverage,
            )
            for section in body.sections
        )

    def sources(self, entry: AnyEntry) -> tuple[views.SourceView, ...]:
        """Return the list of sources of an entry."""
        return tuple(
            views.SourceView(
                id=source.id,
                number=number,
                title=source.title,
                url=source.url,
                link=source.url or source.archived,
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
        language: str = "",
        indexable: bool = True,
    ) -> dict[str, Any]:
        """Return the fields that all pages have, but for breadcrumbs and structured data."""
        language = language or self.facts.config.language
        return {
            "kind": kind,
            "title": title,
            "description": description,
            "url": self.facts.href(url),
            "canonical": self.facts.absolute(url),
            "language": language,
            "direction": direction(language),
            "indexable": indexable,
        }

    def home_crumb(self) -> views.Crumb:
        """Return the first of all breadcrumbs."""
        return views.Crumb(title="", key="home", url=self.facts.href("/"))

    def structured_data(self, data: Any) -> Markup:
        """Return JSON-LD as it stands in a page."""
        return safe_json(data) if data else Markup()

    def entry_view(
        self,
        view: type[views.V],
        key: Key,
        entry: AnyEntry,
        number: int = 1,
        data: Callable[[], Any] | None = None,
        **later: Callable[[], Any],
    ) -> views.V:
        """Return the view of an entry's page; `number` is the page of its list of stories.

        `later` are the fields that its kind adds to those of all entries.
        """
        facts, body = self.facts, entry.body
        made: list[ProseRenderer] = []

        def renderer() -> ProseRenderer:
            if not made:
                made.append(ProseRenderer(facts, key, entry.sources))
            return made[0]

        def prose(part: Prose) -> Callable[[], Markup]:
            return once(lambda: Markup(renderer().html(part, mentions=True)))

        lead, notes = prose(body.lead), prose(body.notes)
        sections = once(lambda: self._sections(body, renderer))

        def linked() -> tuple[views.Card, ...]:
            for part in (lead, sections, notes):
                part()  # tells the renderer what it links
            found = (one for one in renderer().linked if one[0] in _PEEKS and one != key)
            return self.cards(found)

        given = self.base(
            key[0],
            page_url(facts.url(key), number),
            title=entry.title,
            description=entry.summary.text or entry.body.lead.text[:200],
            language=entry.id.lang,
            indexable=facts.is_listed(key),
        )
        given |= {
            "toc": tuple(
                views.TocItem(id=section.id, title=section.title.text, level=2)
                for section in body.sections
            ),
            "updated": entry.updated,
            "same_as": entry.same_as,
        }
        return view.of(
            given,
            breadcrumbs=lambda: self._crumbs(key, entry.title),
            structured_data=lambda: self.structured_data(data() if data else None),
            lead=lead,
            sections=sections,
            notes=notes,
            linked=linked,
            image=lambda: self.picture(key, entry.image, entry.sources),
            social_card=lambda: social_card(key, self),
            **({"summary": lambda: self.html(key, entry.summary, entry.sources)} | later),
        )

    def _crumbs(self, key: Key, title: str) -> tuple[views.Crumb, ...]:
        crumbs = [self.home_crumb(), views.Crumb(title=title, key="", url="")]
        if (index := _INDEX_OF.get(key[0])) and self.facts.has_any(key[0]):
            url = self.facts.href(INDEXES[index])
            crumbs.insert(1, views.Crumb(title="", key=index, url=url))
        return tuple(crumbs)

    def pagination(self, index: str, number: int, total: int) -> views.Pagination:
        """Return the place of page `number` of the list at `index` with `total` items."""
        count = max(1, -(-total // self.facts.config.page_size))

        def url(page: int) -> str:
            return self.facts.href(page_url(index, page)) if 1 <= page <= count else ""

        near = range(max(1, number - _NEAR), min(count, number + _NEAR) + 1)
        shown = sorted({1, *near, count})
        return views.Pagination(
            number=number,
            count=count,
            total=total,
            previous_url=url(number - 1),
            next_url=url(number + 1),
            pages=tuple(
                views.PageLink(number=page, url=url(page), after_gap=page > before + 1)
                for before, page in zip((0, *shown), shown, strict=False)
            ),
        )

    def reach(self, number: int) -> tuple[int, int]:
        """Return where page `number` of a list begins and ends among its items."""
        size = self.facts.config.page_size
        return (number - 1) * size, number * size


def _section(body: Body, name: str) -> str:
    """Return the id of a section under which something else stands, if there is that section."""
    return name if any(section.id == name for section in body.sections) else ""


def once(make: Callable[[], T]) -> Callable[[], T]:
    """Return a function that makes something when it is first called, and keeps it."""
    made: list[T] = []

    def kept() -> T:
        if not made:
            made.append(make())
        return made[0]

    return kept


def month_of(moment: Moment) -> str:
    """Return the month of a date in the site's zone: `2025-09`."""
    return moment.text[:7]
