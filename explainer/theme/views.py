"""What templates are given: the whole contract between the engine and a theme.

Every template gets `page` (one of the `…Page` classes below), `site` and `theme`, and the
helpers of `explainer.theme.helpers`. The docstrings of the fields are the theme reference:
`docs/themes.md` is held against them by a test. `Html` values are finished and must not be
escaped again; everything else is text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from inspect import get_annotations
from typing import Any, TypeVar

from markupsafe import Markup as Html

from explainer.content.model import Moment, Value

V = TypeVar("V", bound="View")

Later = Callable[[], Any]
"""Makes the value of a field when it is asked for."""


class View:
    """What works out its fields when a template first asks for them.

    A page is then made of what its template shows, and of nothing else: a title that no template
    shows is no reason to make the page anew.
    """

    _later: dict[str, Later]

    @classmethod
    def of(cls: type[V], given: Mapping[str, Any], **later: Later) -> V:
        """Return a view of `given` values, and of those that are made `later`."""
        names = field_names(cls)
        missing = names - given.keys() - later.keys()
        if missing or len(given) + len(later) != len(names):
            raise TypeError(f"{cls.__name__} has other fields than it was given: {missing}")
        view = cls.__new__(cls)
        vars(view).update(given, _later=later)
        return view

    def __getattr__(self, name: str) -> Any:
        make = vars(self)["_later"].get(name)
        if make is None:
            raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")
        try:
            value = make()
        except AttributeError as error:
            # Jinja would take it for a field that does not exist.
            raise RuntimeError(str(error)) from error
        vars(self)[name] = value
        return value

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"'{type(self).__name__}' object cannot be changed")


_names: dict[Any, frozenset[str]] = {}


def field_names(cls: Any) -> frozenset[str]:
    """Return the names that a view offers to templates."""
    if cls not in _names:
        found = (name for one in cls.__mro__ for name in get_annotations(one))
        _names[cls] = frozenset(name for name in found if not name.startswith("_"))
    return _names[cls]


class PictureSource(Value, frozen=True, kw_only=True):
    """A picture in one format: a `<source>` of a `<picture>`."""

    type: str
    """Media type: `image/avif` or `image/webp`."""

    srcset: str
    """Value for `srcset`: the URL of each size with its width, from small to large."""


class Picture(Value, frozen=True, kw_only=True):
    """A picture of an entry."""

    url: str
    """URL of the file in the format in which it was given, for `<img>`: at most 1920 pixels wide,
    upright and without metadata; an SVG or an animation as it is."""

    width: int
    """Width of that file in pixels; of an SVG, in CSS pixels."""

    height: int
    """Its height. Set both on `<img>`: they keep the place free until the picture is there."""

    sources: tuple[PictureSource, ...]
    """The same in smaller files, the format that browsers are to prefer first; how wide the
    picture will be is for the theme to say in `sizes`. Empty for SVG and animations."""

    alt: str
    """Text for those who do not see it; empty for mere decoration."""

    credit: str
    """Who made it."""

    caption: Html
    """Caption as inline HTML; empty where there is none."""


class SocialCard(Value, frozen=True, kw_only=True):
    """A picture that was drawn for social networks."""

    url: str
    """URL of the file; what follows its `?v=` is another one whenever the picture is."""

    width: int
    """Width in pixels."""

    height: int
    """Height in pixels."""

    type: str
    """Its media type: `image/png`."""

    alt: str
    """Text for those who do not see it: the words that it shows."""


class Card(Value, frozen=True, kw_only=True):
    """The short form of an entry that lists show."""

    kind: str
    """Kind of the entry: story, question, topic, paper, author or page."""

    slug: str
    """Its slug."""

    title: str
    """Headline, question or name."""

    url: str
    """URL of its page, from the host's root (`/news/stories/x/`)."""

    summary: Html
    """One or two sentences; a topic's description (may hold links), an author's bio."""

    date: Moment | None
    """When it was published, where it has a date."""

    updated: Moment | None
    """When it was last changed, where the author says so."""

    lang: str
    """Language of the entry (BCP 47): set `lang` where it is not the site's."""

    label: str
    """A topic's or paper's kind, an author's role; empty for others."""

    image: Picture | None
    """The entry's picture."""

    topics: tuple[TopicLink, ...]
    """A story's topics in display order, for labels above a headline; empty for others."""


class TopicLink(Value, frozen=True, kw_only=True):
    """A topic as a mere link."""

    title: str
    """Its name."""

    url: str
    """URL of its page."""


class CountedCard(Value, frozen=True, kw_only=True):
    """A card with a number: stories that two topics share, stories that cite a paper."""

    card: Card
    """The entry."""

    count: int
    """The number; the place where it stands says of what."""


class Crumb(Value, frozen=True, kw_only=True):
    """One step of the breadcrumbs."""

    title: str
    """Title of an entry; empty for the home page and the indexes, which `key` names."""

    key: str
    """`home`, `stories`, `questions`, `topics`, `papers`, `authors` or `search`; empty for an
    entry."""

    url: str
    """URL, empty for the page itself."""


class SectionView(Value, frozen=True, kw_only=True):
    """A second-level heading and what follows it; on a question page, a pair."""

    id: str
    """Value of the heading's `id`."""

    title: Html
    """Words of the heading, inline HTML."""

    html: Html
    """What follows it."""

    shows_timeline: bool
    """Whether the timeline belongs under this section (a story's `background`). Where no section
    has it, the theme shows the timeline by itself."""

    shows_coverage: bool
    """Whether the tallies of the coverage belong under this section (a story's `papers`). Where no
    section has it, they stand with the sources."""


class TocItem(Value, frozen=True, kw_only=True):
    """An entry of the table of contents."""

    id: str
    """Id of the heading."""

    title: str
    """Its words as text."""

    level: int
    """2 for a section, 3 and more for headings in it."""


class SourceView(Value, frozen=True, kw_only=True):
    """A source in the list of sources."""

    id: str
    """Its id within the entry; the list item's `id` attribute is `source-` and this."""

    number: int
    """Its place in the list, from 1."""

    title: str
    """Title of the article; empty where it is not known."""

    url: str
    """Address of the article; may be empty."""

    link: str
    """Where its title leads: `url`, or the archived copy where there is no other; may be empty."""

    paper: Card
    """Its publisher."""

    date: Moment | None
    """When the article was published."""

    quote: str
    """A short quotation; may be empty."""

    archived: str
    """Address of an archived copy; may be empty."""


class PaperSources(Value, frozen=True, kw_only=True):
    """A paper with the sources that an entry has from it."""

    paper: Card
    """The paper."""

    kind: str
    """`newspaper`, `agency`, `broadcaster`, `magazine`, `online`, or empty."""

    country: str
    """Name of its country in the site's language; may be empty."""

    language: str
    """Name of the language it publishes in, in the site's language; may be empty."""

    sources: tuple[SourceView, ...]
    """Its sources, in the author's order."""


class TallyRow(Value, frozen=True, kw_only=True):
    """A row of a tally."""

    name: str
    """Name of the paper or country; of a kind its key (`newspaper` …). Empty for those papers of
    which it is not known."""

    url: str
    """URL of the paper's page; empty for a country or a kind."""

    lang: str
    """Language of the name (BCP 47)."""

    count: int
    """Number of sources."""

    share: float
    """The same in per cent of the longest row."""


class Tally(Value, frozen=True, kw_only=True):
    """How many sources are of which paper, country or kind of paper."""

    by: str
    """`paper`, `country` or `kind`."""

    rows: tuple[TallyRow, ...]
    """Rows, most sources first."""

    more: int
    """Number of rows that are left out, because each has few sources; mostly 0."""


class Coverage(Value, frozen=True, kw_only=True):
    """What the papers say: who reported, in numbers and one by one."""

    papers: tuple[PaperSources, ...]
    """Papers with their sources, in the order of the first source of each."""

    tallies: tuple[Tally, ...]
    """Counts that tell more than the list does: there is none by country where all papers are of
    one, none by paper where each has one source, and none at all with fewer than three sources."""


class StripStack(Value, frozen=True, kw_only=True):
    """Marks above each other on a strip."""

    x: float
    """Place of their middle, in per cent of the width from the left."""

    marks: int
    """How many, at least 1."""


class StripLink(Value, frozen=True, kw_only=True):
    """A part of a strip that has events, as a link to the first of them in the list below."""

    x: float
    """Where it begins, in per cent of the width from the left."""

    width: float
    """Its width in per cent."""

    first: Moment
    """Date of its first event."""

    last: Moment
    """Date of its last event."""

    count: int
    """Number of its events."""

    item: int
    """Number of the first of them in the timeline, from 1."""


class StripYear(Value, frozen=True, kw_only=True):
    """A year that is named below a strip; where all is within one year, that and some months."""

    date: Moment
    """The year or month."""

    x: float
    """Where it begins, in per cent of the width from the left."""


class Strip(Value, frozen=True, kw_only=True):
    """The events of a timeline as marks over the years; from right to left, these run so too."""

    stacks: tuple[StripStack, ...]
    """The marks, oldest first."""

    links: tuple[StripLink, ...]
    """Up to ten parts of equal width, those that have events, oldest first."""

    years: tuple[StripYear, ...]
    """The scale, up to seven years that are not too near each other."""

    rows: int
    """Marks of the highest stack."""

    each: int
    """Events that a mark stands for at most: 1, unless there are very many in one place."""


class TimeBar(Value, frozen=True, kw_only=True):
    """A column of a chart over time."""

    first: Moment
    """First month or year of its time."""

    last: Moment
    """Last month or year of it; the same as `first` for a column of one."""

    count: int
    """Number of stories; may be 0."""

    x: float
    """Where it begins, in per cent of the width from the left."""

    width: float
    """Its width in per cent."""

    height: float
    """Its height in per cent of the highest."""


class OverTime(Value, frozen=True, kw_only=True):
    """How many stories came when. From right to left, time runs so too."""

    unit: str
    """What a column stands for: `month`, `quarter`, `year`, `decade` or `century`, the finest that
    has room."""

    bars: tuple[TimeBar, ...]
    """Columns without a gap, oldest first, at least three."""

    peak: TimeBar
    """The highest of them; the first, where there are several."""

    total: int
    """Number of all stories, at least 3."""


class MapLine(Value, frozen=True, kw_only=True):
    """A line of a label on a map; text is set in 15 units."""

    text: str
    """Its words; a name that is too long ends in an ellipsis."""

    y: float
    """Its base line."""


class MapTopic(Value, frozen=True, kw_only=True):
    """A topic on a map; lengths are in units of the drawing, from its upper left corner."""

    topic: Card
    """The topic."""

    count: int
    """Number of stories that it shares with the topic in the middle."""

    x: float
    """Middle of its circle, and of its label."""

    y: float
    """Middle of its circle."""

    radius: float
    """Radius of its circle, whose area goes with `count`."""

    label: tuple[MapLine, ...]
    """Its name in one or two lines, above or below the circle."""


class MapTie(Value, frozen=True, kw_only=True):
    """Two topics on a map that often appear with each other, too."""

    one: MapTopic
    """One of them."""

    other: MapTopic
    """The other."""


class TopicMap(Value, frozen=True, kw_only=True):
    """The topics that most often appear with a topic, around it."""

    width: float
    """Width of the drawing."""

    height: float
    """Height of the drawing."""

    x: float
    """Middle of the circle of the page's own topic, and of its label."""

    y: float
    """Middle of that circle."""

    radius: float
    """Its radius."""

    label: tuple[MapLine, ...]
    """Name of the page's topic."""

    topics: tuple[MapTopic, ...]
    """Three to eight topics, most shared stories first."""

    ties: tuple[MapTie, ...]
    """The pairs of them that share the most stories; may be empty."""


class TimelineItem(Value, frozen=True, kw_only=True):
    """A dated line of a timeline."""

    date: Moment
    """Day, month or year, as precise as it was written."""

    html: Html
    """What happened, inline HTML; empty where the item is a story."""

    story: Card | None
    """The story that the item is (an earlier story of the arc)."""

    source: SourceView | None
    """The source it rests on (on a story's own page)."""

    stories: tuple[Card, ...]
    """On a topic page: the stories that tell of it."""


class CorrectionView(Value, frozen=True, kw_only=True):
    """A correction of a story."""

    date: Moment
    """When it was made."""

    html: Html
    """What was put right, inline HTML."""


class ArcItem(Value, frozen=True, kw_only=True):
    """A story of an arc."""

    card: Card
    """The story."""

    current: bool
    """Whether it is the story of this page."""


class RelatedStory(Value, frozen=True, kw_only=True):
    """A related story with the reason why it is one."""

    card: Card
    """The story."""

    shared_topics: int
    """How many topics the two have in common, at least 1."""


class PageLink(Value, frozen=True, kw_only=True):
    """One of the pages of a list."""

    number: int
    """Number of the page, from 1."""

    url: str
    """URL of the page."""

    after_gap: bool
    """Whether pages are left out between the one before and this."""


class Pagination(Value, frozen=True, kw_only=True):
    """Place of a page among the pages of one list."""

    number: int
    """Number of this page, from 1."""

    count: int
    """Number of pages."""

    total: int
    """Number of items in the whole list."""

    previous_url: str
    """URL of the page before, empty on the first."""

    next_url: str
    """URL of the page behind, empty on the last."""

    pages: tuple[PageLink, ...]
    """The first page, the last, and those near this one: a list may have thousands."""


class MonthGroup(Value, frozen=True, kw_only=True):
    """Stories of one month in the archive."""

    month: Moment
    """The month (`2025-09`)."""

    stories: tuple[Card, ...]
    """Its stories on this page, newest first."""


class LetterGroup(Value, frozen=True, kw_only=True):
    """Topics under one letter of the A-Z."""

    letter: str
    """The letter; `#` for digits, the script's own sign where it has no letters."""

    id: str
    """Value for the heading's `id`, unique on the page."""

    topics: tuple[NamedTopic, ...]
    """Names under the letter, sorted."""


class NamedTopic(Value, frozen=True, kw_only=True):
    """A line of the A-Z: a topic under its name or under one of its other names."""

    name: str
    """The name it is sorted by."""

    topic: Card
    """The topic."""

    is_other_name: bool
    """Whether `name` is one of the topic's other names."""

    stories: int
    """Number of its stories."""

    questions: int
    """Number of its questions."""


class Publisher(Value, frozen=True, kw_only=True):
    """Who publishes the site."""

    name: str
    """Name of the publisher."""

    logo_url: str
    """URL of the logo; may be empty."""

    corrections_url: str
    """URL of the page on corrections; may be empty."""

    principles_url: str
    """URL of the page on principles; may be empty."""


class SiteView(View):
    """What every page may show of the site; the variable `site`."""

    title: str
    """Title of the site."""

    description: str
    """One sentence on it; may be empty."""

    language: str
    """Its language (BCP 47), in which the theme's own words stand."""

    direction: str
    """`ltr` or `rtl`, by that language's script."""

    home_url: str
    """URL of the home page, from the host's root (`/` or `/news/`)."""

    base_url: str
    """Full address of the home page, with scheme and host."""

    feed_url: str
    """URL of the Atom feed of the newest stories."""

    json_feed_url: str
    """URL of the same as JSON Feed."""

    search_url: str
    """URL of the search page; empty where site.toml switches the search off."""

    summaries_url: str
    """URL of a JSON file with the summaries of all topics by their URLs, for a script that shows
    them at links; empty where there are no topics."""

    index_urls: dict[str, str]
    """URLs of the indexes that exist, in menu order: `stories`, `questions`, `topics`,
    `papers`, `authors` -> URL. An index without entries is not there."""

    pages: tuple[Card, ...]
    """The pages (about, corrections, …), sorted by title."""

    publisher: Publisher
    """Who publishes the site."""


class ThemeView(Value, frozen=True, kw_only=True):
    """The theme in use; the variable `theme`."""

    name: str
    """Its name."""

    settings: dict[str, Any]
    """Values of the settings that theme.toml declares (`theme.settings.accent`)."""


class BasePage(View):
    """What the views of all pages have; the variable `page`."""

    kind: str
    """Sort of the page: `home`, `story`, `question`, `topic`, `paper`, `author`, `page`,
    `stories`, `questions`, `topics`, `papers`, `authors`, `search` or `404`."""

    title: str
    """Headline, question or name; empty on the home page, the indexes, the search page and 404,
    whose titles are the theme's."""

    description: str
    """Plain text for `<meta name="description">`; may be empty."""

    url: str
    """URL of the page, from the host's root."""

    canonical: str
    """Full address of the page."""

    language: str
    """Language of the page (BCP 47)."""

    direction: str
    """`ltr` or `rtl`, by the language's script."""

    indexable: bool
    """Whether search engines may list it (not 404, not expired entries)."""

    breadcrumbs: tuple[Crumb, ...]
    """From the home page to this page."""

    structured_data: Html
    """JSON-LD for a `<script type="application/ld+json">`, safely escaped; may be empty."""

    social_card: SocialCard | None
    """The picture that social networks show: the entry's own for stories, questions and topics,
    else that of the site. None where site.toml switches cards off, and in the live preview."""


class EntryPage(BasePage):
    """What the pages of entries have in common."""

    lead: Html
    """Prose before the first second-level heading; may be empty."""

    sections: tuple[SectionView, ...]
    """Sections in order."""

    notes: Html
    """Footnotes of the whole entry; may be empty."""

    toc: tuple[TocItem, ...]
    """Second-level headings of the page's prose, in order."""

    linked: tuple[Card, ...]
    """Stories, questions and topics that the prose links, mentions of topics among them."""

    updated: Moment | None
    """When the entry was last changed, where the author says so."""

    image: Picture | None
    """The entry's picture."""

    same_as: tuple[str, ...]
    """Addresses elsewhere that denote the same thing."""


class StoryPage(EntryPage):
    """`story.html`: a story."""

    summary: Html
    """The standfirst: one or two sentences."""

    date: Moment
    """When it was published."""

    authors: tuple[Card, ...]
    """Who wrote it."""

    questions: tuple[Card, ...]
    """Go deeper: its questions in display order."""

    topics: tuple[Card, ...]
    """More on these topics: its topics in display order."""

    timeline: tuple[TimelineItem, ...]
    """Events and the earlier stories it follows, oldest first."""

    strip: Strip | None
    """The timeline as marks over the years; none where it is short."""

    sources: tuple[SourceView, ...]
    """Sources in the author's order."""

    coverage: Coverage
    """The same by paper, with numbers."""

    corrections: tuple[CorrectionView, ...]
    """Corrections, newest first."""

    arc: tuple[ArcItem, ...]
    """The arc that it belongs to, oldest first; empty where it stands alone."""

    previous: Card | None
    """The story before it in the arc."""

    next: Card | None
    """The story behind it in the arc."""

    followed_by: tuple[Card, ...]
    """Later stories that name it under `follows`, oldest first."""

    mentioned_in: tuple[Card, ...]
    """Other stories and questions whose prose links to it, newest first."""

    related: tuple[RelatedStory, ...]
    """Stories with topics in common, those with most first; none of the arc."""


class QuestionPage(EntryPage):
    """`question.html`: a question; each section is a key question and its answer."""

    summary: Html
    """The teaser."""

    date: Moment | None
    """When it was published, where the author says so."""

    stories: tuple[Card, ...]
    """Stories that it belongs to, newest first."""

    topics: tuple[Card, ...]
    """Its topics in display order."""

    sources: tuple[SourceView, ...]
    """Sources in the author's order."""

    coverage: Coverage
    """The same by paper, with numbers."""

    related: tuple[Card, ...]
    """Related questions: those that the author names, then those with topics in common."""


class TopicPage(EntryPage):
    """`topic.html`: a topic; `pagination` is that of its stories."""

    topic_kind: str
    """`person`, `organization`, `place`, `event`, `product`, `work` or `concept`."""

    summary: Html
    """Description, one paragraph of inline HTML."""

    also: tuple[str, ...]
    """Other names."""

    stories: tuple[Card, ...]
    """Its stories on this page of the list, newest first."""

    pagination: Pagination
    """Place in the list of stories; all but the stories is shown on page 1 only."""

    questions: tuple[Card, ...]
    """Its questions, newest first."""

    appears_with: tuple[CountedCard, ...]
    """Topics that share stories with it, with the number of those, most first."""

    map: TopicMap | None
    """The first of those as a drawing; none with fewer than three of them, or three stories."""

    related: tuple[Card, ...]
    """Topics that the author calls related."""

    timeline: tuple[TimelineItem, ...]
    """Events of its stories, merged, oldest first."""

    strip: Strip | None
    """The timeline as marks over the years; none where it is short."""

    over_time: OverTime | None
    """How many of its stories, of all pages of the list, came when; none where there are few."""

    feed_url: str
    """URL of the Atom feed of its stories; empty where site.toml switches such feeds off, and for
    a topic that has expired."""

    json_feed_url: str
    """URL of the same as JSON Feed, or empty."""


class PaperPage(EntryPage):
    """`paper.html`: a publisher and the stories that cite it."""

    paper_kind: str
    """`newspaper`, `agency`, `broadcaster`, `magazine`, `online`, or empty."""

    summary: Html
    """One or two sentences; may be empty."""

    website: str
    """Address of its own site; may be empty."""

    country: str
    """Name of its country in the site's language; may be empty."""

    content_language: str
    """Name of the language it publishes in, in the site's language; may be empty."""

    owner: str
    """Who owns it; may be empty."""

    paywall: bool | None
    """Whether it asks for payment; None where the author does not say."""

    stories: tuple[Card, ...]
    """Stories that cite it, on this page of the list, newest first."""

    questions: tuple[Card, ...]
    """Questions that cite it, newest first."""

    pagination: Pagination
    """Place in the list of stories."""


class AuthorPage(EntryPage):
    """`author.html`: an author and the stories they wrote."""

    role: str
    """Role in the newsroom; may be empty."""

    summary: Html
    """Bio, inline HTML; may be empty."""

    stories: tuple[Card, ...]
    """Their stories on this page of the list, newest first."""

    pagination: Pagination
    """Place in the list of stories."""


class PagePage(EntryPage):
    """`page.html`: a page that stands for itself."""

    summary: Html
    """One or two sentences; may be empty."""


class HomePage(BasePage):
    """`home.html`: the front page."""

    lead: Card | None
    """The newest story."""

    stories: tuple[Card, ...]
    """The stories behind the lead, newest first."""

    questions: tuple[Card, ...]
    """Questions of the newest stories."""

    topics: tuple[CountedCard, ...]
    """Topics in the news, with the number of recent stories, most first."""


class StoriesPage(BasePage):
    """`stories.html`: the archive."""

    months: tuple[MonthGroup, ...]
    """Months of this page of the list, newest first."""

    pagination: Pagination
    """Place in the archive."""


class QuestionsPage(BasePage):
    """`questions.html`: the index of questions."""

    questions: tuple[CountedCard, ...]
    """Questions of this page of the list, newest first, with the number of their stories."""

    pagination: Pagination
    """Place in the index."""


class TopicsPage(BasePage):
    """`topics.html`: topics from A to Z."""

    letters: tuple[LetterGroup, ...]
    """Letters that have topics, in order."""


class PapersPage(BasePage):
    """`papers.html`: the publishers."""

    papers: tuple[CountedCard, ...]
    """Papers by name, with the number of stories that cite them."""


class AuthorsPage(BasePage):
    """`authors.html`: the authors."""

    authors: tuple[CountedCard, ...]
    """Authors by name, with the number of their stories."""


class SearchPage(BasePage):
    """`search.html`: the search; there is none where site.toml switches it off."""

    index_url: str
    """URL of the file that names all others of the search's index."""


class NotFoundPage(BasePage):
    """`404.html`: what a server shows where there is no page."""

    stories: tuple[Card, ...]
    """The newest stories."""


class SocialCardPage(View):
    """`social-card.svg`: the picture of an entry, or of the site, for social networks."""

    kind: str
    """What it is of: `story`, `question`, `topic` or `site`."""

    title: str
    """Headline, question or name; of the site, its title."""

    label: str
    """Name of a story's first topic; a topic's kind (`organization`); of the site, its
    description. Else empty."""

    date: Moment | None
    """When a story was published, where its day is known."""

    language: str
    """Language of the title (BCP 47)."""

    direction: str
    """`ltr` or `rtl`, by the language's script."""

    logo: str
    """The publisher's logo as the value of an `href`; empty where there is none."""
