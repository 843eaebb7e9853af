# mypy: ignore-errors
"""Settings of the Pelican site, and the small plugin that it needs.

Topics are tags. Pages stand for the other kinds; a page without a file of its own only lends
its words to the page of a tag, an author or a paper.
"""

from itertools import groupby

from pelican import signals
from pelican.generators import Generator

SITENAME = "Benchmark"
SITESUBTITLE = "Stories made by a program."
SITEURL = "https://benchmark.example"
TIMEZONE = "UTC"
DEFAULT_LANG = "en"
THEME = "theme"
PATH = "content"
ARTICLE_PATHS = ["stories"]
PAGE_PATHS = ["questions", "topics", "papers", "authors"]
STATIC_PATHS = []
USE_FOLDER_AS_CATEGORY = False
LOAD_CONTENT_CACHE = False

ARTICLE_URL = "stories/{slug}/"
ARTICLE_SAVE_AS = "stories/{slug}/index.html"
PAGE_URL = "questions/{slug}/"
PAGE_SAVE_AS = "questions/{slug}/index.html"
TAG_URL = "topics/{slug}/"
TAG_SAVE_AS = "topics/{slug}/index.html"
AUTHOR_URL = "authors/{slug}/"
AUTHOR_SAVE_AS = "authors/{slug}/index.html"
CATEGORY_SAVE_AS = ""

DIRECT_TEMPLATES = ["index", "archives", "tags", "papers", "authors", "sitemap", "404"]
ARCHIVES_SAVE_AS = "stories/index.html"
TAGS_SAVE_AS = "topics/index.html"
PAPERS_SAVE_AS = "papers/index.html"
AUTHORS_SAVE_AS = "authors/index.html"
SITEMAP_SAVE_AS = "sitemap.xml"
DEFAULT_PAGINATION = 50
PAGINATED_TEMPLATES = {"archives": 50, "tag": 50, "author": 50, "paper": 50, "questions": 50}
PAGINATION_PATTERNS = (
    (1, "{base_name}/", "{base_name}/index.html"),
    (2, "{base_name}/page/{number}/", "{base_name}/page/{number}/index.html"),
)

FEED_ALL_ATOM = "feed.xml"
FEED_MAX_ITEMS = 20
FEED_APPEND_REF = False
CATEGORY_FEED_ATOM = None
TRANSLATION_FEED_ATOM = None
AUTHOR_FEED_ATOM = None
AUTHOR_FEED_RSS = None


def _source(line):
    """Return a source of a story, written in one line of its front matter."""
    return dict(zip(("id", "paper", "date", "url", "title"), line.split(" | "), strict=True))


def _index(generators):
    """Let templates find entries by slug, and the lists that lead back."""
    context = generators[0].context
    pages = {(page.relative_dir.split("/")[0], page.slug): page for page in context["pages"]}
    questions = [page for (kind, _), page in pages.items() if kind == "questions"]
    context["questions"] = sorted(questions, key=lambda page: page.date, reverse=True)
    context["entries"] = pages
    context["topics"] = {tag.slug: tag for tag, _ in context["tags"]}
    context["stories_of"] = stories_of = {}
    context["citing"] = citing = {}
    context["questions_on"] = questions_on = {}
    for story in context["articles"]:
        story.cited = [_source(line) for line in story.sources]
        for slug in story.asks.split():
            stories_of.setdefault(slug, []).append(story)
        for slug in dict.fromkeys(source["paper"] for source in story.cited):
            citing.setdefault(slug, []).append(story)
    for question in context["questions"]:
        for slug in question.topics.split():
            questions_on.setdefault(slug, []).append(question)
    context["papers"] = sorted(
        (page for (kind, _), page in pages.items() if kind == "papers"), key=lambda page: page.title
    )


class _Lists(Generator):
    """Writes the pages of papers and the index of questions, which Pelican has no name for."""

    def generate_output(self, writer):
        context = self.context
        for paper in context["papers"]:
            stories = context["citing"].get(paper.slug, [])
            self._write(writer, f"papers/{paper.slug}", "paper", {"articles": stories}, paper=paper)
        self._write(writer, "questions", "questions", {"articles": context["questions"]})

    def _write(self, writer, folder, template, lists, **values):
        writer.write_file(
            f"{folder}/index.html",
            self.get_template(template),
            self.context,
            paginated=lists,
            template_name=template,
            url=f"{folder}/",
            **values,
        )


class _Plugin:
    """What Pelican asks of a plugin."""

    __name__ = "lists"

    @staticmethod
    def register():
        signals.all_generators_finalized.connect(_index)
        signals.get_generators.connect(_lists)


def _lists(pelican):
    return _Lists


PLUGINS = [_Plugin()]
JINJA_FILTERS = {"months": lambda stories: groupby(stories, lambda one: f"{one.date:%B %Y}")}
