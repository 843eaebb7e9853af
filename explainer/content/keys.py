"""The keys of each kind of entry: the one list behind the schema, the docs and the hints."""

from __future__ import annotations

from typing import NamedTuple


class Key(NamedTuple):
    """A key of an entry's front matter."""

    name: str
    form: str
    """What its value looks like, in a few words."""

    meaning: str
    required: bool = False


_COMMON = (
    Key("slug", "text", "last part of the URL; overrides the file name"),
    Key("lang", "language tag", "language of the entry, where it is not the site's"),
    Key("aliases", "list of paths", "old URLs that lead here: [/old-path/]"),
    Key("draft", "true or false", "a draft is left out of the site"),
    Key("publish_at", "date and time", "embargo: nothing of it appears anywhere before"),
    Key("expires", "date", "leaves the lists then; its URL keeps answering"),
    Key("review_by", "date", "the date after which someone should look at it again"),
)
_TITLE = Key("title", "text", "the headline", required=True)
_NAME = Key("name", "text", "the name", required=True)
_SOURCES = Key("sources", "list of sources", "articles and documents that it rests on")
_TOPICS = Key("topics", "list of slugs", "topics, in display order")
_SAME_AS = Key("same_as", "list of addresses", "pages elsewhere that denote the same thing")
_IMAGE = Key("image", "map", "src, alt, credit and caption of a picture")
_UPDATED = Key("updated", "date", "when it was last changed")
_BODY = Key("body", "Markdown", "in a YAML file: the prose")
_SECTIONS = Key("sections", "map", "in a YAML file: the prose, by section id")

KEYS: dict[str, tuple[Key, ...]] = {
    "story": (
        _TITLE,
        Key("summary", "text", "one or two sentences, at most 300 characters", required=True),
        Key("date", "date", "when it was published, unless the file name has it", required=True),
        _UPDATED,
        Key("authors", "list of slugs", "who wrote it"),
        _TOPICS,
        Key("questions", "list of slugs", "“Go deeper”, in display order"),
        Key("follows", "list of slugs", "earlier stories of the same arc"),
        _SOURCES,
        Key("events", "list of events", "date, text and source of what led here"),
        _IMAGE,
        Key("corrections", "list of corrections", "date and text of what was put right"),
        *_COMMON,
        _BODY,
        _SECTIONS,
    ),
    "question": (
        Key("title", "text", "the question", required=True),
        Key("summary", "text", "the teaser shown under “Go deeper”"),
        _TOPICS,
        _SOURCES,
        Key("related", "list of slugs", "other questions"),
        Key("date", "date", "when it was published"),
        _UPDATED,
        *_COMMON,
        _BODY,
        _SECTIONS,
        Key("answers", "list", "in a YAML file: pairs of question and answer"),
    ),
    "topic": (
        _NAME,
        Key("kind", "word", "person, organization, place, event, product, work or concept"),
        Key("description", "inline Markdown", "one paragraph"),
        Key("also", "list of texts", "other names: for links, search and A–Z"),
        _SAME_AS,
        _IMAGE,
        Key("related", "list of slugs", "related topics"),
        Key("mentions", "true or false", "whether its name in prose becomes a link"),
        *_COMMON,
        _BODY,
        _SECTIONS,
    ),
    "paper": (
        _NAME,
        Key("url", "address", "its own site"),
        Key("country", "two letters", "ISO 3166-1 code: GB, CN"),
        Key("language", "language tag", "language it publishes in"),
        Key("owner", "text", "who owns it"),
        Key("kind", "word", "newspaper, agency, broadcaster, magazine or online"),
        Key("paywall", "true or false", "whether it asks for payment"),
        _SAME_AS,
        *_COMMON,
        _BODY,
        _SECTIONS,
    ),
    "author": (
        _NAME,
        Key("role", "text", "role in the newsroom"),
        Key("bio", "inline Markdown", "one or two sentences"),
        _SAME_AS,
        _IMAGE,
        *_COMMON,
        _BODY,
        _SECTIONS,
    ),
    "page": (
        _TITLE,
        Key("summary", "text", "one or two sentences"),
        _UPDATED,
        *_COMMON,
        _BODY,
        _SECTIONS,
    ),
}
SOURCE_KEYS = (
    Key("id", "id", "how `source:id` names it", required=True),
    Key("paper", "slug", "its publisher", required=True),
    Key("title", "text", "headline of the article"),
    Key("url", "address", "where it can be read"),
    Key("date", "date", "when it was published"),
    Key("quote", "text", "a short quotation that the coverage rests on"),
    Key("archived", "address", "an archived copy"),
)
EVENT_KEYS = (
    Key("date", "date", "a day, a month or a year", required=True),
    Key("text", "inline Markdown", "what happened", required=True),
    Key("source", "source id", "the source it rests on"),
)
CORRECTION_KEYS = (
    Key("date", "date", "when it was made", required=True),
    Key("text", "inline Markdown", "what was put right", required=True),
)
IMAGE_KEYS = (
    Key("src", "file", "the picture's file, beside the entry", required=True),
    Key("alt", "text", 'what it shows; "" for mere decoration', required=True),
    Key("credit", "text", "who made it", required=True),
    Key("caption", "inline Markdown", "the words below it"),
)
