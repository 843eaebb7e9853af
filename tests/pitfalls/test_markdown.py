"""Markdown of a stranger makes no script, whatever it is wrapped in, and is read in good time."""

import re
import time
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from explainer.content import markdown, mentions, prose, references
from explainer.content.mentions import Matcher, Name
from explainer.content.references import External
from tests.building import SiteFolder, a_png, codes, parse_entry

ATTACK = "javascript:alert(1)"

ADDRESSES = {
    "plain": ATTACK,
    "mixed case": "JaVaScRiPt:alert(1)",
    "data": "data:text/html,<script>alert(1)</script>",
    "data picture": "data:image/svg+xml;base64,PHN2Zy8+",
    "vbscript": "vbscript:msgbox(1)",
    "file": "file:///etc/passwd",
    "blob": "blob:https://example.org/1",
    "view-source": "view-source:https://example.org",
    "entity newline": "java&#x0A;script:alert(1)",
    "entity tab": "java&Tab;script:alert(1)",
    "entity named newline": "java&NewLine;script:alert(1)",
    "entity colon": "javascript&colon;alert(1)",
    "numeric colon": "javascript&#58;alert(1)",
    "numeric letters": "&#106;&#97;&#118;&#97;script:alert(1)",
    "leading entity blank": "&#32;javascript:alert(1)",
    "leading no-break space": "&nbsp;javascript:alert(1)",
    "leading form feed": "&#12;javascript:alert(1)",
    "leading line separator": "\u2028javascript:alert(1)",
    "leading zero-width": "\u200bjavascript:alert(1)",
    "leading byte order mark": "\ufeffjavascript:alert(1)",
    "soft hyphen": "java\u00adscript:alert(1)",
    "replaced control": "&#1;javascript:alert(1)",
    "percent colon": "javascript%3Aalert(1)",
    "percent letter": "%6Aavascript:alert(1)",
    "percent tab": "java%09script:alert(1)",
    "backslash": "java\\script:alert(1)",
    "escaped colon": "javascript\\:alert(1)",
    "fullwidth colon": "javascript：alert(1)",
    "other host": "//evil.example/x",
    "backslash host": "/\\evil.example/x",
    "two backslashes": "\\\\\\\\evil.example/x",
    "split host": "/&Tab;/evil.example/x",
    "unknown scheme": "intent://scan/#Intent;scheme=zxing;end",
}

PLACES: dict[str, Callable[[str], str]] = {
    "link": lambda url: f"[x]({url})",
    "link in angles": lambda url: f"[x](<{url}>)",
    "link with a title": lambda url: f'[x](<{url}> "title")',
    "picture": lambda url: f"![x]({url})",
    "picture with a caption": lambda url: f'![x](<{url}> "caption")',
    "link in a caption": lambda url: f'![x](a.png "[y]({url})")',
    "link around a picture": lambda url: f"[![x](a.png)]({url})",
    "autolink": lambda url: f"<{url}>",
    "bare": lambda url: f"go to {url} now",
    "definition": lambda url: f"[x][ref] and [ref]\n\n[ref]: {url}",
    "definition in angles": lambda url: f"![x][ref]\n\n[ref]: <{url}> 'title'",
    "footnote": lambda url: f"x[^1]\n\n[^1]: [y]({url})",
    "footnote in the text": lambda url: f"x^[see [y]({url})]",
    "heading": lambda url: f"### [x]({url})",
    "table": lambda url: f"| [x]({url}) |\n| --- |\n| [y]({url}) |",
    "definition list": lambda url: f"[x]({url})\n: [y]({url})",
    "task": lambda url: f"- [ ] [x]({url})",
    "quote": lambda url: f"> [x]({url})",
    "emphasis": lambda url: f"**[*x*]({url})**",
    "strikethrough": lambda url: f"~~[x]({url})~~",
}

HTML = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe src=//evil.example></iframe>",
    "<style>@import 'x'</style>",
    "<!-- <script>alert(1)</script> -->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php echo 1 ?>",
    "<a href='javascript:alert(1)'>x</a>",
    "</div></main><script>alert(1)</script>",
    "<p onclick=alert(1)>\n\n*x*\n\n</p>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "`<script>alert(1)</script>`",
    "    <script>alert(1)</script>",
    "```<script>\nalert(1)\n```",
    '```"onmouseover="alert(1)\nx\n```',
    "```html\n<script>alert(1)</script>\n```",
    "```js\n</code></pre><script>alert(1)</script>\n```",
    "~~~ javascript:alert(1) <b>\n<img src=x onerror=alert(1)>\n~~~",
    '![" onerror="alert(1)](a.png)',
    '![x](a.png "\\" onload=\\"alert(1)")',
    "![<script>alert(1)</script>](a.png '<script>alert(1)</script>')",
    '[x](https://example.org/"onmouseover="alert(1))',
    "[x](https://example.org/'><script>alert(1)</script>)",
    "[<script>alert(1)</script>](https://example.org)",
    '### <script>alert(1)</script> {#"><script>alert(1)</script>}',
    "### x {#a onclick=alert(1)}",
    "| <script>alert(1)</script> |\n| --- |\n| <img src=x onerror=alert(1)> |",
    "[^<script>]: x\n\ny[^<script>]",
    'x[^"><script>alert(1)</script>]\n\n[^"><script>alert(1)</script>]: y',
    '<https://example.org/?"onmouseover=alert(1)>',
    "https://example.org/?<script>alert(1)</script>",
    "x {onclick=alert(1)}",
    "- [x<script>] y",
    "\\<script>alert(1)\\</script>",
    "{{ 7*7 }}<script>{% raw %}alert(1)</script>",
]

TAGS = frozenset(
    """a p h1 h2 h3 h4 h5 h6 em strong s code pre span ul ol li blockquote hr br img figure
    figcaption table thead tbody tr th td div dl dt dd sup input label html head meta title link
    script body section time""".split()
)
"""Tags that our dialect and the tests' plain theme can make."""


class Dangers(HTMLParser):
    """Collects what a page holds that it should not."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in TAGS:
            self.found.append(f"<{tag}>")
        is_ours = (given.get("src") or "").startswith("/assets/")
        if tag == "script" and not is_ours and given != {"type": "application/ld+json"}:
            self.found.append("script")
        for name, value in attrs:
            if name.startswith("on") or name in ("style", "srcdoc", "formaction"):
                self.found.append(f"{tag} {name}")
            bare = re.sub(r"[\s\x00-\x20]", "", value or "").lower()
            if name in ("href", "src", "action") and tag != "link":
                scheme = re.match(r"([^/?#]*?):", bare)
                if bare.startswith(("//", "\\", "/\\")) or (
                    scheme and scheme[1] not in ("https", "http", "mailto", "tel")
                ):
                    self.found.append(f"{tag} {name}={value}")

    def handle_comment(self, data: str) -> None:
        self.found.append(f"<!--{data}")


def dangers(html: str) -> list[str]:
    parser = Dangers()
    parser.feed(html)
    parser.close()
    return parser.found


def story(text: str) -> str:
    return f"## What's happened\n\nText.\n\n{text}\n"


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
@pytest.mark.parametrize("address", ADDRESSES.values(), ids=ADDRESSES)
def test_an_address_that_could_run_is_an_error_or_text(
    place: Callable[[str], str], address: str
) -> None:
    """It is refused with a finding, or it stands there as text: never as a link."""
    text = story(place(address))
    parsed = parse_entry(f"---\ntitle: a\nsummary: b\ndate: 2025-01-01\n---\n{text}")
    refs = [ref for part in parsed.entry.proses for ref in part.refs] if parsed.entry else []
    for ref in refs:  # what is left leads to a file beside the entry, which linking looks for
        assert ref.kind in ("file", "url", "anchor"), ref
        assert not ref.slug.startswith("//")
    html = "".join(
        segment if isinstance(segment, str) else ""
        for part in (parsed.entry.proses if parsed.entry else ())
        for segment in part.segments
    )
    assert dangers(html) == []


@pytest.mark.parametrize("address", ADDRESSES.values(), ids=ADDRESSES)
def test_an_address_in_front_matter_is_an_error(tmp_path: Path, address: str) -> None:
    folder = SiteFolder(tmp_path).entry("paper", "p", url=address, same_as=[address])
    folder.topic("t", description=f"A [thing]({address}).", image=picture(address))
    folder.entry("author", "w", bio=f"Writes [here]({address}).", same_as=[address])
    folder.story(
        "s",
        sources=[{"id": "one", "paper": "p", "url": address, "archived": address}],
        events=[{"date": "2025", "text": f"It [began]({address})."}],
        corrections=[{"date": "2025-09-20", "text": f"[x]({address})"}],
        image=picture("a.png", caption=f"[x]({address})"),
    ).write("content/stories/a.png", a_png())
    outcome = folder.build()
    wrong = {(one.span.path, one.code) for one in outcome.result.diagnostics}
    for path, code in (("papers/p", "E307"), ("authors/w", "E307"), ("stories/s", "E307")):
        assert (f"content/{path}.md", code) in wrong
    assert {path for path, _ in wrong if "topics" in path} == {"content/topics/t.md"}
    lines = {one.span.line for one in outcome.result.diagnostics if "stories" in one.span.path}
    assert len(lines) >= 4 or "\\" in address  # sources, event, correction, caption


def picture(src: str, **more: str) -> dict[str, str]:
    return {"src": src, "alt": "a", "credit": "b", **more}


@pytest.fixture(scope="module", params=["plain", "gazette"])
def html_pages(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """One site with a page for each piece of HTML: number of the piece -> what was published."""
    folder = SiteFolder(tmp_path_factory.mktemp("html"), request.param)
    folder.write("content/pages/a.png", a_png())
    for number, text in enumerate(HTML):
        parsed = parse_entry(f"---\ntitle: a\n---\n{text}", "content/pages/a.md")
        if not any(one.severity == "error" for one in parsed.diagnostics):
            folder.page(f"p{number}", text)
    folder.built()
    return lambda number: folder.tree().get(f"p{number}/index.html", b"").decode()


@pytest.mark.parametrize("number", range(len(HTML)), ids=HTML)
def test_raw_html_is_text(html_pages: Callable[[int], str], number: int) -> None:
    """A piece that is a finding has no page: an id that is none, a note that is nowhere."""
    assert [one for one in dangers(html_pages(number)) if not one.startswith("<")] == []
    assert "<script>" not in html_pages(number)


def test_most_raw_html_has_a_page(html_pages: Callable[[int], str]) -> None:
    assert sum(bool(html_pages(number)) for number in range(len(HTML))) > len(HTML) * 0.8


@pytest.mark.parametrize("theme", ["plain", "gazette"])
@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>',
                                  "'-alert(1)-'", "</title><script>alert(1)</script>", "<!--",
                                  "</script><script>alert(1)</script>"])  # fmt: skip
def test_a_field_of_text_is_text(tmp_path: Path, text: str, theme: str) -> None:
    """Every field that holds text, on every page that shows it."""
    folder = SiteFolder(tmp_path, theme).write("content/stories/a.png", a_png())
    folder.write("content/topics/a.png", a_png())
    folder.setting("site", f"description = '''{text} '''")
    folder.setting("site", f"publisher = {{ name = '''{text} ''' }}")
    folder.entry("paper", "p", name=text, owner=text)
    folder.entry("author", "w", name=text, role=text, bio=text)
    folder.topic("t", name=text, also=[text + "x"], description=text,
                 image=picture("a.png", alt=text, credit=text, caption=text))  # fmt: skip
    folder.question("q", f"## {text}\n\n{text}", title=text, summary=text, topics=["t"])
    folder.page("g", text, title=text, summary=text, aliases=["/old/"])
    folder.story(
        "s", f"{text}\n\n## What's happened\n\n{text}\n\n## {text}\n\n{text}",
        title=text, summary=text, topics=["t"], questions=["q"], authors=["w"],
        sources=[{"id": "one", "paper": "p", "title": text, "quote": text}],
        events=[{"date": "2025", "text": text, "source": "one"}],
        corrections=[{"date": "2025-09-20", "text": text}],
        image=picture("a.png", alt=text, credit=text, caption=text),
    )  # fmt: skip
    tree = folder.built()
    shown = 0
    for path, content in tree.items():
        if path.endswith(".html"):
            html = content.decode()
            assert [one for one in dangers(html) if not one.startswith("<")] == []
            assert "<!--" not in html
            shown += html.count("alert(1)") + html.count("&lt;!--")
    assert shown > 10 or not text


@pytest.mark.parametrize("name", ["1a onclick=x", '"><b>', "a b", "page-main", "source-1", "fn1",
                                  "<b>", "javascript:", "a'b"])  # fmt: skip
def test_heading_ids_are_ids(name: str) -> None:
    head = "---\ntitle: a\nsummary: b\ndate: 2025-01-01\n---\n"
    parsed = parse_entry(f"{head}## What's happened\n\nx\n\n### y {{#{name}}}\n\nz")
    assert parsed.entry is not None
    ids = [heading.id for heading in parsed.entry.body.headings]
    assert all(re.fullmatch(r"[\w.:-]+", one) for one in ids)
    assert codes(parsed.diagnostics)[:1] == ["E312"] or name == "javascript:"


def test_every_language_of_the_highlighter_has_a_harmless_name() -> None:
    from pygments.lexers import get_all_lexers

    for _, aliases, _, _ in get_all_lexers():
        for alias in aliases:
            assert not re.search(r"""["'<>&]""", alias)


# -- time ----------------------------------------------------------------------------------------

N = 60_000
CRAFTED = {
    "brackets": "[" * N,
    "brackets and parens": "](" * (N // 2),
    "open links": "[a](" * (N // 4),
    "nested links": "[" * 3000 + "a" + "](/b)" * 3000,
    "pictures": "![" * (N // 2),
    "nested pictures": "![" * 2000 + "a" + "](b)" * 2000,
    "emphasis": "*a_" * (N // 3),
    "stars": "*" * N,
    "open strong": "**a " * (N // 4),
    "tildes": "~~a" * (N // 3),
    "double quotes": '"' * N,
    "single quotes": "'" * N,
    "quotes in words": "a'b\" " * (N // 5),
    "less than": "<" * N,
    "tags": "<a " * (N // 3),
    "a tag of blanks": "<a" + " " * N,
    "comments": "<!--" * (N // 4),
    "backticks": "`" * N,
    "growing backticks": "".join("`" * n + " " for n in range(1, 440)),
    "nested quotes": ">" * N,
    "nested quotes, spaced": "> " * (N // 2),
    "nested lists": "\n".join(" " * n + "- a" for n in range(440)),
    "lists on one line": "- " * (N // 2),
    "list items": "1. a\n" * (N // 5),
    "tasks": "- [ ] a\n" * (N // 8),
    "notes in the text": "^[" * (N // 2),
    "notes in the text, closed": "^[" * (N // 3) + "]" * (N // 3),
    "open notes": "[^" * (N // 2),
    "note definitions": "".join(f"[^a{n}]: x\n\n" for n in range(5000)),
    "notes": "x[^a]" * (N // 5) + "\n\n[^a]: y",
    "links": "[a](/b) " * (N // 8),
    "definitions": "".join(f"[a{n}]: /b\n" for n in range(8000)),
    "uses of a definition": "[a]" * (N // 3) + "\n\n[a]: /b",
    "addresses": "https://a.example " * (N // 18),
    "schemes": "http://" * (N // 7),
    "colons": "://" * (N // 3),
    "mail": "mailto:a@" * (N // 9),
    "headings": "### a\n\n" * (N // 7),
    "a heading of blanks": "### a" + " " * N + "b",
    "ids": "### a " + "{#" * (N // 2),
    "setext": "a\n" * (N // 2) + "===",
    "a wide table": "a|" * (N // 4) + "\n" + "-|" * (N // 4),
    "a long table": "|a|b|\n|-|-|\n" + "|a|b|\n" * (N // 6),
    "a ragged table": "|a" * 2000 + "\n" + "|-" * 2000 + "\n" + "|a\n" * 5000,
    "definition lists": "a\n: b\n\n" * (N // 7),
    "entities": "&amp;" * (N // 5),
    "backslashes": "\\" * N,
    "fences": "```\n" * (N // 4),
    "code": "```python\n" + "(" * 20_000 + "\n```",
    "blanks": "a" + " " * N + "b",
    "empty lines": "\n" * N,
    "figures": '![a](b.png "c")\n\n' * (N // 17),
    "lazy lines": "> a\n" + "b\n" * (N // 2),
}


@pytest.mark.parametrize("text", CRAFTED.values(), ids=CRAFTED)
def test_crafted_prose_is_read_in_good_time(text: str) -> None:
    started = time.process_time()
    parse_entry(f"---\ntitle: a\nsummary: b\ndate: 2025-01-01\n---\n{story(text)}")
    assert time.process_time() - started < 8


@pytest.mark.parametrize("text", ["^[" * 20_000, "[^" * 20_000, "[a](b" * 5000, "<" * N],
                         ids=["notes", "open notes", "links", "less than"])  # fmt: skip
def test_a_crafted_value_is_read_in_good_time(text: str) -> None:
    started = time.process_time()
    parse_entry(f"---\nname: a\ndescription: '{text}'\n---\n", "content/topics/a.md")
    assert time.process_time() - started < 8


def test_a_name_on_every_word_is_found_in_good_time() -> None:
    matcher = Matcher([Name("China", "china", True), Name("a", "a", True)])
    started = time.process_time()
    found = matcher.first_mentions(["China a " * 50_000], set())
    assert time.process_time() - started < 8
    assert [one.slug for one in found] == ["china", "a"]


# -- each guard matters --------------------------------------------------------------------------


class TestGuardMatters:
    def page(self, tmp_path: Path, text: str) -> str:
        folder = SiteFolder(tmp_path).page("a", text)
        folder.build()
        return folder.read("/a/")

    def test_allow_list_of_schemes(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(prose, "classify", lambda url, *_, **__: External(url))
        assert dangers(self.page(tmp_path, f"[x]({ATTACK})")) != []

    def test_blanks_put_aside_before_the_scheme(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Without it the browser, which puts them aside, sees a scheme that we did not."""
        monkeypatch.setattr(references, "_BLANK", re.compile("(?!)"))
        parsed = parse_entry("---\ntitle: a\n---\n[x](java&#x0A;script:alert(1))",
                             "content/pages/a.md")  # fmt: skip
        assert "E210" not in codes(parsed.diagnostics)

    def test_raw_html_off(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(markdown.dialect("en", notes=True).options, "html", True)
        monkeypatch.delattr(markdown._Renderer, "html_inline", raising=False)
        assert dangers(self.page(tmp_path, "<script>alert(1)</script>")) != []

    def test_escaped_attributes(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(markdown, "escapeHtml", lambda text: text)
        monkeypatch.setattr(prose, "normalizeLink", lambda url: url)
        text = '[x](<https://example.org/\'"onmouseover="alert(1)>)'
        assert dangers(self.page(tmp_path, text)) != []

    def test_heading_ids(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(prose, "_ID", re.compile(".*"))
        parsed = parse_entry('---\ntitle: a\n---\n### y {#"><b>}\n', "content/pages/a.md")
        assert parsed.entry is not None
        assert parsed.entry.body.headings[0].id == '"><b>'

    @pytest.mark.parametrize(
        ("where", "name", "value", "text"),
        [
            (markdown, "_ends_in_scheme", lambda state: True, "://" * 4000),
            (markdown, "MAX_QUOTES", 10**9, "a\"b' " * 2000),
            (markdown, "MAX_TASKS", 10**9, "- [ ] a\n" * 2500),
            (prose, "_OPEN_FOOTNOTE", re.compile(r"\[\^([^\]\s]+)\]"), "[^" * 12_000),
        ],
    )
    def test_time(
        self, where: object, name: str, value: object, text: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        guarded = self.seconds(text)
        monkeypatch.setattr(where, name, value)
        assert self.seconds(text) > 2 * guarded

    def seconds(self, text: str) -> float:
        markdown.dialect("en", notes=True)
        started = time.process_time()
        parse_entry(f"---\ntitle: a\n---\n{text}", "content/pages/a.md")
        return time.process_time() - started

    def test_time_of_mentions(self) -> None:
        """Matches are held against what is taken by place, not one against all others."""
        matcher = Matcher([Name("a", "a", True)])
        times = []
        for count in (2000, 32_000):
            started = time.process_time()
            matcher.first_mentions(["a " * count], set())
            times.append(time.process_time() - started)
        assert times[1] < 100 * max(times[0], 0.001)
        assert mentions.Matcher is Matcher
