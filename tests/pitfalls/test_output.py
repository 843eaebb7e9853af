"""What is published: JSON that breaks out of nothing, a feed that any reader takes, the same bytes
wherever it is built, and nothing that is not to be seen yet."""

import json
import os
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import feedparser
import pytest
from markupsafe import Markup

from explainer.content import document, prose, reader, references, yaml
from explainer.theme.templates import Templates
from tests.building import SiteFolder, a_png, codes, module, parse_entry, tree_of

builder = module("explainer.outputs.builder")
linking = module("explainer.site.link")
NEVER = re.compile("(?!)")


@pytest.fixture
def folder(tmp_path: Path) -> SiteFolder:
    return SiteFolder(tmp_path / "site")


# -- JSON inside a page --------------------------------------------------------------------------

BREAKING = [
    "</script><script>alert(1)</script>",
    "</SCRIPT >",
    "<!--<script>",
    "-->",
    "]]>",
    "a\u2028b\u2029c",
    "&lt;/script&gt;",
    "\\u003c/script\\u003e",
    "'\"`${alert(1)}",
    "\U0001f600 \u4e2d",
]
JSON = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL | re.IGNORECASE)


def data_of(html: str) -> list[dict[str, Any]]:
    return [json.loads(found[1]) for found in JSON.finditer(html)]


@pytest.mark.parametrize("theme", ["plain", "gazette"])
def test_no_text_breaks_out_of_json(tmp_path: Path, theme: str) -> None:
    folder = SiteFolder(tmp_path, theme)
    for number, text in enumerate(BREAKING):
        folder.story(f"s{number}", f"## What's happened\n\n{text}", title=text, summary=text)
        folder.question(f"q{number}", f"## {text}\n\n{text}", title=text)
    folder.built()
    for number, text in enumerate(BREAKING):
        html = folder.read(f"/stories/s{number}/")
        (data,) = data_of(html)
        assert data["headline"] == " ".join(text.split())
        for raw in JSON.findall(html):
            assert not re.search("[<>&\u2028\u2029]", raw)
        (pairs,) = data_of(folder.read(f"/questions/q{number}/"))
        assert pairs["@type"] == "FAQPage"


@pytest.mark.parametrize("theme", ["plain", "gazette"])
def test_site_toml_breaks_out_of_no_json(tmp_path: Path, theme: str) -> None:
    folder = SiteFolder(tmp_path, theme)
    folder.setting("site", "publisher = { name = '</script><b>x</b>' }").story("a").built()
    assert data_of(folder.read("/stories/a/"))[0]["publisher"]["name"] == "</script><b>x</b>"


def test_json_guard_matters(folder: SiteFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(builder, "safe_json", lambda data: Markup(json.dumps(data)))
    folder.story("a", title="</script><script>alert(1)</script>").built()
    assert "<script>alert(1)</script>" in folder.read("/stories/a/")


# -- the feed ------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [*BREAKING, "<![CDATA[x]]>", "a & b < c > d", "&nbsp;&copy;"])
def test_no_text_breaks_the_feed(folder: SiteFolder, text: str) -> None:
    body = f"{text}\n\n## What's happened\n\n{text}\n\n```\n{text}\n```\n"
    folder.topic("t", name=text)
    folder.story("a", body, title=text, summary=text, topics=["t"])
    feed = feedparser.parse(folder.built()["feed.xml"])
    assert not feed.bozo
    assert feed.entries[0].title_detail.type == "text/plain"
    assert "alert(1)" not in feed.entries[0].content[0].value or "<script>" not in (
        feed.entries[0].content[0].value
    )


CONTROL = [chr(n) for n in (0, 1, 7, 8, 0x0B, 0x0C, 0x0E, 0x1B, 0x1F, 0x7F, 0x80, 0x9F, 0xFFFE,
                            0xFFFF)]  # fmt: skip


@pytest.mark.parametrize("char", CONTROL, ids=[f"U+{ord(char):04X}" for char in CONTROL])
def test_a_control_character_is_an_error(char: str) -> None:
    head = "---\ntitle: a\nsummary: b\ndate: 2025-01-01\n---\n"
    assert codes(parse_entry(f"{head}x{char}y").diagnostics) == ["E102"]
    assert codes(parse_entry(head.replace("a\n", f"x{char}y\n", 1)).diagnostics) == ["E102"]
    escaped = f'title: "x\\u{ord(char):04x}y"\nsummary: b\ndate: 2025-01-01'
    assert "E102" in codes(parse_entry(escaped, "content/stories/a.yaml").diagnostics)


@pytest.mark.parametrize(
    "text",
    ["&#12;", "&#xC;", "&#x0000c;", "[x](/stories/#%08)", "[x](/stories/?#%00)",
     "[x](#%1f)", "![&#12;](a.png)", "![x](a.png '&#12;')", "![x](a.png '[y](/#%0c)')",
     "x[^1]\n\n[^1]: &#12;", "x^[&#12;]", "### &#12;", "| &#12; |\n| - |", "[&#12;](/)"],
)  # fmt: skip
def test_a_control_character_by_way_of_markdown_is_an_error(folder: SiteFolder, text: str) -> None:
    folder.write("content/stories/a.png", a_png())
    outcome = folder.story("a", f"## What's happened\n\nx\n\n{text}\n\nx").build()
    assert "E102" in outcome.codes
    assert not folder.output.exists()


@pytest.mark.parametrize("text", [f"&#{n};" for n in (0, 1, 8, 11, 27, 127, 0xD800, 0xFFFE)])
def test_other_entities_of_control_characters_stand_for_nothing(
    folder: SiteFolder, text: str
) -> None:
    tree = folder.story("a", f"## What's happened\n\nx {text} `{text}`\n").built()
    assert not feedparser.parse(tree["feed.xml"]).bozo
    ET.fromstring(tree["feed.xml"])


@pytest.mark.parametrize("escape", ["\\u0000", "\\u0008", "\\u001b", "\\u007f", "\\uFFFE"])
def test_a_control_character_in_site_toml_is_an_error(folder: SiteFolder, escape: str) -> None:
    assert folder.setting("site", f'description = "a{escape}b"').build().codes == ["E605"]


class TestFeedGuardMatters:
    def test_control_characters(self, folder: SiteFolder, monkeypatch: pytest.MonkeyPatch) -> None:
        for where in (document, yaml):
            monkeypatch.setattr(where, "CONTROL", NEVER)
        monkeypatch.setattr(prose, "CONTROL", NEVER)
        folder.story("a", title="x\by").write("themes/plain/templates/story.html", "")
        assert feedparser.parse(folder.built()["feed.xml"]).bozo

    def test_entities(self, folder: SiteFolder, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(prose, "CONTROL", NEVER)
        folder.story("a", "## What's happened\n\n&#12;")
        assert feedparser.parse(folder.built()["feed.xml"]).bozo

    def test_fragments(self, folder: SiteFolder, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(references, "CONTROL", NEVER)
        folder.story("a", "## What's happened\n\n[x](/stories/#%08)")
        assert feedparser.parse(folder.built()["feed.xml"]).bozo


# -- content is no template ----------------------------------------------------------------------

TEMPLATES = ["{{ 7*7 }}", "{% for x in y %}", "{# gone #}", "{{ site.__class__ }}",
             "{% raw %}x{% endraw %}", "${7*7}", "{slug} {year} {0} {}", "%(title)s %s",
             "{{ ''.__class__.__mro__ }}", "{%- if", "}}{{"]  # fmt: skip


@pytest.mark.parametrize("theme", ["plain", "gazette"])
@pytest.mark.parametrize("text", TEMPLATES)
def test_the_syntax_of_templates_stays_text(tmp_path: Path, text: str, theme: str) -> None:
    folder = SiteFolder(tmp_path, theme)
    folder.setting("site", f"description = '''{text}'''")
    folder.topic("t", name=text, description=text, aliases=["/old/"])
    folder.story("a", f"## What's happened\n\nBody: {text}", title=text, summary=text, topics=["t"])
    tree = folder.built()
    page = tree["stories/a/index.html"].decode()
    assert "49" not in re.sub(r"[0-9a-f]{10}|\d{4}-\d\d-\d\d", "", page).split("<body", 1)[1]
    shown = Markup(text).unescape() if theme == "plain" else text
    assert str(Markup.escape(shown)) in page or text in page or "’" in page or "‘" in page
    assert ET.fromstring(tree["feed.xml"]).findtext(".//{*}entry/{*}title") == text
    assert b"%s" not in tree["old/index.html"] or "%s" in text


def test_template_guard_matters(folder: SiteFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that was rendered a second time would run what stands in it."""
    once = Templates.render

    def twice(self: Templates, name: str, page: Any, site: Any) -> str:
        return self.environment.from_string(once(self, name, page, site)).render()

    monkeypatch.setattr(Templates, "render", twice)
    folder.story("a", title="x{{ 7*7 }}y").built()
    assert "x49y" in folder.read("/stories/a/")


# -- drafts and embargoes ------------------------------------------------------------------------

WORD = "Zyzzyva"
"""A word that stands in hidden entries only."""

HIDDEN: dict[str, dict[str, Any]] = {
    "draft": {"draft": True},
    "embargo": {"publish_at": "2026-01-15T12:00:01Z"},
}


def hide(folder: SiteFolder, keys: dict[str, Any]) -> SiteFolder:
    """Write a hidden entry of every kind, with the word in all of its fields."""
    everything = f"{WORD} [x](map-{WORD}.png)"
    for place in ("stories", "topics", "questions", "pages"):
        folder.write(f"content/{place}/map-{WORD}.png", a_png(WORD))
    low = WORD.lower()
    folder.topic("t").question("q").entry("paper", "p").entry("author", "w").story(
        "open", topics=["t"]
    )
    picture = {"src": f"map-{WORD}.png", "alt": WORD, "credit": WORD, "caption": WORD}
    folder.entry("paper", f"p-{low}", name=WORD, url=f"https://{low}.example", owner=WORD, **keys)
    folder.entry("author", f"w-{low}", name=WORD, role=WORD, bio=WORD, **keys)
    folder.topic(f"t-{low}", everything, name=WORD, description=WORD, also=[WORD + "s"],
                 image=picture, related=["t"], aliases=[f"/{low}-old/"], **keys)  # fmt: skip
    folder.question(f"q-{low}", f"## {WORD}\n\n{everything}", title=WORD, summary=WORD,
                    topics=["t"], related=["q"], **keys)  # fmt: skip
    folder.page(f"g-{low}", everything, title=WORD, summary=WORD, **keys)
    return folder.story(
        f"s-{low}", f"## What's happened\n\n{everything}", title=WORD, summary=WORD,
        topics=["t", f"t-{low}"], questions=["q", f"q-{low}"], authors=["w", f"w-{low}"],
        follows=["open"], image=picture,
        sources=[{"id": "one", "paper": f"p-{low}", "title": WORD, "quote": WORD},
                 {"id": "two", "paper": "p", "title": WORD}],
        events=[{"date": "2025", "text": WORD}],
        corrections=[{"date": "2025-09-20", "text": WORD}], **keys,
    )  # fmt: skip


def leaks(tree: dict[str, bytes]) -> list[str]:
    """Return the files with the word in their name or anywhere in their bytes."""
    word = WORD.lower().encode()
    return [
        path for path, content in tree.items() if word in path.lower().encode() + content.lower()
    ]


@pytest.mark.parametrize("theme", ["plain", "gazette"])
@pytest.mark.parametrize("keys", HIDDEN.values(), ids=HIDDEN)
def test_what_is_hidden_is_in_no_file(tmp_path: Path, keys: dict[str, Any], theme: str) -> None:
    tree = hide(SiteFolder(tmp_path, theme), keys).built()
    assert leaks(tree) == []


@pytest.mark.parametrize("keys", HIDDEN.values(), ids=HIDDEN)
def test_what_becomes_hidden_disappears(tmp_path: Path, keys: dict[str, Any]) -> None:
    seen = hide(SiteFolder(tmp_path), {}).built()
    assert len(leaks(seen)) > 10
    assert leaks(hide(SiteFolder(tmp_path), keys).built()) == []


def test_an_embargo_ends_at_its_moment(tmp_path: Path) -> None:
    folder = hide(SiteFolder(tmp_path), HIDDEN["embargo"])
    assert leaks(folder.built(now=datetime(2026, 1, 15, 12, 0, 0, tzinfo=UTC))) == []
    assert leaks(folder.built(now=datetime(2026, 1, 15, 12, 0, 1, tzinfo=UTC))) != []


def test_drafts_are_brought_in_and_embargoes_are_not(tmp_path: Path) -> None:
    assert leaks(hide(SiteFolder(tmp_path / "a"), HIDDEN["draft"]).built(drafts=True)) != []
    both = HIDDEN["draft"] | HIDDEN["embargo"]
    assert leaks(hide(SiteFolder(tmp_path / "b"), both).built(drafts=True)) == []


@pytest.mark.parametrize(("keys", "code"), [(HIDDEN["draft"], "E202"), (HIDDEN["embargo"], "E203")])
@pytest.mark.parametrize("reference", [
    {"topics": ["t"]}, {"follows": ["hidden"]}, {"body": "[x](topic:t)"}, {"body": "[](topic:t)"},
    {"body": "[x](/topics/t/)"}, {"body": "[x](/old-t/)"}, {"body": "[x](story:hidden#happened)"},
    {"events": [{"date": "2025", "text": "[](topic:t)"}]},
])  # fmt: skip
def test_a_reference_to_what_is_hidden_is_an_error(
    folder: SiteFolder, keys: dict[str, Any], code: str, reference: dict[str, Any]
) -> None:
    folder.topic("t", aliases=["/old-t/"], **keys).story("hidden", **keys)
    given = dict(reference)
    folder.story("a", f"## What's happened\n\n{given.pop('body', 'x')}", **given)
    assert code in folder.build().codes


def test_visibility_guard_matters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from explainer.site.visibility import Status

    monkeypatch.setattr(linking, "status", lambda *_, **__: Status.PUBLISHED)
    assert leaks(hide(SiteFolder(tmp_path), HIDDEN["embargo"]).built()) != []


# -- the same bytes everywhere -------------------------------------------------------------------


def rich(root: Path, theme: str = "plain") -> SiteFolder:
    """A site with much that could come out in another order."""
    folder = SiteFolder(root, theme).setting("site", 'timezone = "America/New_York"')
    slugs = [f"t{n}" for n in range(12)]
    for slug in slugs:
        folder.topic(slug, name=f"Topic {slug}", also=[f"Other {slug}", f"Ähnlich {slug}"])
    for n in range(12):
        names = [slugs[n], slugs[(n * 5 + 1) % 12], slugs[(n * 7 + 2) % 12]]
        folder.story(
            f"s{n}", f"## What's happened\n\nTopic t{n} and Other t{(n + 1) % 12}.\n",
            topics=list(dict.fromkeys(names)), date="2025-09-19T23:30:00Z",
            events=[{"date": "2025-09", "text": f"Event {n % 3}."}],
        )  # fmt: skip
    return folder.question("q", topics=slugs).question("r", topics=slugs[:3])


def run_build(folder: SiteFolder, **env: str) -> dict[str, bytes]:
    done = folder.run("build", "--now", "2026-01-15T12:00:00Z", env=env)
    assert done.returncode == 0, done.stderr
    return folder.tree()


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return run_build(rich(tmp_path_factory.mktemp("expected")))


@pytest.mark.parametrize(
    "env",
    [
        {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati", "LANG": "C", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "2", "TZ": "America/Los_Angeles", "LC_ALL": "tr_TR.UTF-8"},
        {"PYTHONHASHSEED": "3", "TZ": ":/etc/localtime", "HOME": "/nonexistent", "USER": "x"},
        {"TZ": "XYZ-13:45", "PYTHONUTF8": "0", "PYTHONOPTIMIZE": "1"},
    ],
    ids=lambda env: env.get("TZ"),
)
def test_the_environment_changes_no_byte(
    tmp_path: Path, expected: dict[str, bytes], env: dict[str, str]
) -> None:
    folder = rich(tmp_path / "another place with blanks" / "ünïcode")
    assert run_build(folder, **env) == expected


def test_the_mask_of_permissions_changes_no_byte(
    tmp_path: Path, expected: dict[str, bytes]
) -> None:
    old = os.umask(0o077)
    try:
        assert run_build(rich(tmp_path)) == expected
    finally:
        os.umask(old)


class Reversed:
    """`os.scandir`, with the files in an order of its own."""

    def __init__(self, path: Any) -> None:
        with real_scandir(path) as listing:
            self.entries = sorted(listing, key=lambda entry: entry.name[::-1], reverse=True)

    def __iter__(self) -> Iterator[os.DirEntry[str]]:
        return self

    def __next__(self) -> os.DirEntry[str]:
        if not self.entries:
            raise StopIteration
        return self.entries.pop(0)

    def __enter__(self) -> Iterator[os.DirEntry[str]]:
        return self

    def close(self) -> None:
        self.entries = []

    def __exit__(self, *_: object) -> None:
        self.close()


real_scandir = os.scandir


def test_the_order_of_a_folder_changes_no_byte(
    tmp_path: Path, expected: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = rich(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr("os.scandir", Reversed)
        outcome = folder.build()
    assert outcome.ok
    assert folder.tree() == expected


def test_the_times_of_files_change_no_byte(tmp_path: Path, expected: dict[str, bytes]) -> None:
    folder = rich(tmp_path)
    for path in folder.root.rglob("*.md"):
        os.utime(path, (1, 1))
    folder.build()
    assert folder.tree() == expected


def test_the_gazette_is_the_same_everywhere(tmp_path: Path) -> None:
    one = run_build(rich(tmp_path / "one", "gazette"), PYTHONHASHSEED="1", TZ="UTC")
    two = run_build(rich(tmp_path / "two", "gazette"), PYTHONHASHSEED="7", TZ="Asia/Tokyo")
    assert one == two


def test_no_output_knows_where_it_was_built(expected: dict[str, bytes]) -> None:
    place = str(Path.cwd()).encode()
    assert not [
        path for path, content in expected.items() if b"/tmp/" in content or place in content
    ]


def test_dates_are_those_of_the_sites_zone(tmp_path: Path) -> None:
    """23:30 UTC on the 19th is the 20th in Tokyo, wherever the machine stands."""
    folder = SiteFolder(tmp_path).setting("site", 'timezone = "Asia/Tokyo"')
    folder.setting("permalinks", 'story = "/{year}/{month}/{day}/{slug}/"')
    folder.story("late", date="2025-09-19T23:30:00Z").story("day", date="2025-09-19")
    for zone in ("America/Los_Angeles", "UTC", "Pacific/Kiritimati"):
        tree = run_build(folder, TZ=zone)
        assert "2025/09/20/late/index.html" in tree
        assert "2025/09/19/day/index.html" in tree
        assert b"20 September 2025" in tree["2025/09/20/late/index.html"]
        assert b"19 September 2025" in tree["2025/09/19/day/index.html"]


class TestSamenessGuardMatters:
    def test_order(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Without sorting, the order of the folder decides which of two twins is reported."""

        def as_it_comes(items: Any, key: Any = None, reverse: bool = False) -> list[Any]:
            return list(items)

        found = []
        for name, scandir in (("one", real_scandir), ("two", Reversed)):
            folder = SiteFolder(tmp_path / name)
            for n in range(6):
                folder.story(f"s{n}").story(f"again/s{n}", slug=f"s{n}")
            with monkeypatch.context() as patched:
                patched.setattr("os.scandir", scandir)
                patched.setattr(reader, "sorted", as_it_comes, raising=False)
                found.append([one.path for one in reader.scan(folder.root).entries])
        assert found[0] != found[1]
        assert sorted(found[0]) == sorted(found[1])

    def test_zone(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A date read in the machine's zone is another moment on another machine."""
        import time

        from explainer.content.dates import parse_moment

        found = set()
        for zone in ("America/Los_Angeles", "Asia/Tokyo"):
            monkeypatch.setenv("TZ", zone)
            time.tzset()
            local = datetime.now().astimezone().tzinfo
            assert local is not None
            moment = parse_moment("2025-09-19", local)
            assert moment is not None
            found.add(moment.instant)
        monkeypatch.undo()
        time.tzset()
        assert len(found) == 2


# -- what a theme lets through -------------------------------------------------------------------


def test_the_gazette_lets_no_inline_script_run(tmp_path: Path) -> None:
    folder = SiteFolder(tmp_path, "gazette").story("a").topic("t").question("q").page("p")
    for path, content in folder.built().items():
        if not path.endswith(".html") or b'http-equiv="refresh"' in content:
            continue
        html = content.decode()
        policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)
        assert policy, path
        assert "default-src 'none'" in policy[1]
        assert "unsafe" not in policy[1]
        assert "script-src *" not in policy[1]
        for tag in re.findall(r"<script[^>]*>", html):
            assert 'type="application/ld+json"' in tag or "src=" in tag
        assert not re.search(r'<[a-z][^>]* (?:on\w+|style)="', html)


def test_autoescape_guard_matters(folder: SiteFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    once = Templates._environment

    def careless(self: Templates, *arguments: Any) -> Any:
        environment = once(self, *arguments)
        environment.autoescape = False
        return environment

    monkeypatch.setattr(Templates, "_environment", careless)
    folder.story("a", title="<script>alert(1)</script>").built()
    assert "<script>alert(1)</script>" in folder.read("/stories/a/")


def test_nothing_in_the_folder_of_the_site_is_changed(folder: SiteFolder) -> None:
    before = tree_of(rich(folder.root).root)
    folder.built()
    after = tree_of(folder.root)
    assert {path: after[path] for path in before} == before
