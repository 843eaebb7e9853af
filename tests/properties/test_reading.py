"""Whatever bytes an author writes, they become a model or findings: never a crash."""

import json
from html.parser import HTMLParser
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from explainer.config.toml import TomlDocument
from explainer.content.dates import parse_moment
from explainer.content.markdown import dialect
from explainer.content.model import Picture, Prose, Text
from explainer.content.origins import Origins
from explainer.content.prose import Markdown
from explainer.content.yaml import Mapping, Node, Scalar, parse_yaml
from explainer.diagnostics import Findings
from tests.building import a_config, parse_entry
from tests.pitfalls.test_markdown import TAGS

SOME = settings(deadline=None, max_examples=150, suppress_health_check=list(HealthCheck))

yaml_text = st.one_of(
    st.text(),
    st.text(alphabet=" \n\t-:?[]{},&*!|>'\"%#@`ab01~=<.\\\u2028\ufeffé中"),
    st.lists(
        st.sampled_from(
            ["title: a", "- x", "  b: c", "[", "]", "{a: b}", "|", ">-", "  text", "---", "...",
             "? k", ": v", "'q'", '"d\\u00e9"', "# c", "&a", "*a", "!t x", "a: 'it''s'", "é: ü"]
        )
    ).map("\n".join),
)  # fmt: skip


def scalars(node: Node | None) -> list[Scalar]:
    if node is None:
        return []
    if isinstance(node, Scalar):
        return [node]
    if isinstance(node, Mapping):
        return [one for key, value in node.pairs for one in (key, *scalars(value))]
    return [one for item in node.items for one in scalars(item)]


@SOME
@given(yaml_text)
@example("a: b\u2028c: d")
@example("\ufeff\ufeffa: b")
@example("\ud800")
def test_yaml_is_a_tree_or_a_finding(text: str) -> None:
    findings = Findings()
    try:
        tree = parse_yaml(text, "x.yaml", 1, findings)
    except UnicodeEncodeError:
        assert any("\ud800" <= char <= "\udfff" for char in text)  # no file decodes to these
        return
    assert tree is not None or findings.has_errors or not has_values(text)


def has_values(text: str) -> bool:
    """Tell whether there is a letter outside of comments and directives."""
    lines = [line.split("#")[0] for line in text.splitlines() if not line.startswith("%")]
    return any(char.isalnum() for line in lines for char in line)


@SOME
@given(yaml_text)
def test_a_plain_value_stands_where_its_place_says(text: str) -> None:
    source = text.encode("utf-8", "replace").decode().replace("\r", "\n").lstrip("\ufeff")
    tree = parse_yaml(source, "x.yaml", 1, Findings())
    lines = source.split("\n")
    for scalar in scalars(tree):
        if not scalar.plain or "\n" in scalar.text or not scalar.text:
            continue
        if not scalar.span.end_column:  # goes on in the next line
            continue
        line = lines[scalar.span.line - 1]
        written = line[scalar.span.column - 1 : scalar.span.end_column - 1]
        assert written.strip(" \t") == scalar.text or "\u2028" in written or "\x85" in written
        assert source[scalar.start : scalar.end] == written


@SOME
@given(st.binary(max_size=400), st.sampled_from(["stories", "topics", "questions", "papers"]),
       st.sampled_from(["md", "yaml"]), st.booleans())  # fmt: skip
def test_any_bytes_are_an_entry_or_findings(
    data: bytes, folder: str, ending: str, fenced: bool
) -> None:
    if fenced:
        data = b"---\n" + data + b"\n---\n" + data
    parsed = parse_entry(data, f"content/{folder}/a.{ending}")
    errors = [one for one in parsed.diagnostics if one.severity == "error"]
    assert parsed.entry is not None or errors
    for one in parsed.diagnostics:
        assert one.span.line >= 0
        assert one.span.column >= 0
        assert one.span.path == f"content/{folder}/a.{ending}"


@SOME
@given(yaml_text, st.text(max_size=40))
def test_any_front_matter_is_an_entry_or_findings(front: str, prose: str) -> None:
    for path in ("content/stories/a.md", "content/topics/a.md", "content/questions/a.yaml"):
        parsed = parse_entry(f"---\n{front}\n---\n{prose}", path)
        assert parsed.entry is not None or parsed.diagnostics


# -- prose ---------------------------------------------------------------------------------------

markdown_text = st.one_of(
    st.text(),
    st.text(alphabet=" \n\t#*_`[]()<>!|:-+=~^\\&;\"'{}/.1aé中\u2028"),
    st.lists(
        st.sampled_from(
            ["# a", "## b {#c}", "### <i>", "- [ ] x", "- y", "  - z", "1. a", "> q", "```py",
             "```", "~~~", "    code", "| a | b |", "| - | - |", "[x](topic:y)",
             "![a](b.png \"c\")",
             "[^1]", "[^1]: n", "^[note]", "term", ": meaning", "<b>", "</p>", "---", "===",
             "https://a.example/_b_", "<https://a.example>", "[r]: /x", "[r]", "**b**", "~~s~~",
             "`c`", "[](story:z#y)", "\"q\" 'r'", "&lt;", "\\<", "<!-- -->", "[a](source:b)", ""]
        )
    ).map("\n".join),
    st.lists(st.sampled_from(["*", "_", "[", "](/a)", "![", "`", "^[", "]", "~~", "<", "a", " "]))
    .map("".join),
)  # fmt: skip
VOID = frozenset({"br", "hr", "img", "input", "meta", "link"})


class Nesting(HTMLParser):
    """Holds the tags of a piece of HTML against each other."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.open: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS or tag in ("html", "head", "body", "script", "link", "meta", "title"):
            self.faults.append(f"<{tag}>")
        names = [name for name, _ in attrs]
        if len(set(names)) != len(names) or any(name.startswith("on") for name in names):
            self.faults.append(f"{tag}: {names}")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}>")

    def handle_comment(self, data: str) -> None:
        self.faults.append("comment")

    def handle_data(self, data: str) -> None:
        if "<" in data or ">" in data:
            self.faults.append(f"raw {data!r}")


def shown(prose: Prose) -> str:
    """Return prose as HTML, with the simplest thing in each of its slots."""
    from html import escape

    parts = []
    for segment in prose.segments:
        if isinstance(segment, str):
            parts.append(segment)
        elif isinstance(segment, Text):
            parts.append(escape(segment.text))
        elif isinstance(segment, Picture):
            parts.append(f'<img src="x" alt="{escape(segment.alt)}">')
        else:
            parts.append('<a href="x">')
    return "".join(parts)


@SOME
@given(markdown_text, st.booleans(), st.booleans())
@example('![x](a.png "cap ^[inner] tion")\n\nx[^1]\n\n[^1]: y', False, True)
@example("x^[note]", True, False)
def test_markdown_becomes_well_formed_html_of_our_tags(
    text: str, inline: bool, mentions: bool
) -> None:
    findings = Findings()
    text = text.replace("\0", "").replace("\r", "")
    source = Markdown(text, Origins("x", ()), "en", findings, inline=inline, mentions=mentions)
    prose = source.inline() if inline else source.prose(source.tokens)
    nesting = Nesting()
    nesting.feed(shown(prose))
    nesting.close()
    assert nesting.faults == []
    assert nesting.open == []
    assert all("\0" not in one for one in prose.segments if isinstance(one, str))


@SOME
@given(markdown_text)
def test_mentions_change_nothing_but_the_slots(text: str) -> None:
    made = []
    for mentions in (False, True):
        source = Markdown(text.replace("\0", ""), Origins("x", ()), "en", Findings(),
                          mentions=mentions)  # fmt: skip
        made.append(source.prose(source.tokens))
    plain, slotted = made
    assert plain.text == slotted.text
    assert plain.refs == slotted.refs
    assert plain.headings == slotted.headings


def test_the_dialect_is_made_once() -> None:
    assert dialect("en", notes=True) is dialect("en", notes=True)


# -- both forms ----------------------------------------------------------------------------------

line = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"]), min_size=1,
               max_size=30).map(lambda text: f"a{text}z")  # fmt: skip
paragraphs = st.lists(
    st.sampled_from(
        ["Some *words* and `code`.", "A [link](topic:t) and [another](question:q#x).", "- a\n- b",
         "> A quote.", "A note.[^1]\n\n[^1]: Below.", "| a | b |\n|---|---|\n| 1 | 2 |",
         "```python\nx = 1\n```", "\"Quoted\" and it's fine.", "![alt](map.png \"caption\")",
         "### A heading", "### Another {#own-id}", "Bare https://example.org/_x_ here."]
    ),
    min_size=1, max_size=4,
).map("\n\n".join)  # fmt: skip
values: dict[str, st.SearchStrategy[Any]] = {
    "title": line,
    "summary": line,
    "date": st.dates().map(lambda day: f"{day.year:04d}-{day.month:02d}-{day.day:02d}"),
    "topics": st.lists(st.sampled_from("abcdef"), unique=True),
    "draft": st.booleans(),
    "events": st.lists(
        st.fixed_dictionaries({"date": st.just("2020-02"), "text": line}), max_size=2
    ),
    "sources": st.lists(
        st.fixed_dictionaries({"paper": st.just("p"), "title": line, "quote": line}), max_size=2
    ).map(lambda found: [{"id": f"s{n}", **one} for n, one in enumerate(found)]),
}
SECTIONS = {section.id: section.title for section in a_config().sections}


def without_places(value: Any) -> Any:
    """Return a model as plain data, without the path and the positions of references."""
    import msgspec

    def strip(data: Any) -> Any:
        if isinstance(data, msgspec.Struct):
            places = ("line", "column", "end_column", "path")
            names = (name for name in data.__struct_fields__ if name not in places)
            return {name: strip(getattr(data, name)) for name in names}
        if isinstance(data, dict):
            return {key: strip(inner) for key, inner in data.items()}
        return [strip(item) for item in data] if isinstance(data, list | tuple) else data

    return strip(value)


@SOME
@given(
    st.fixed_dictionaries(values),
    st.dictionaries(st.sampled_from(sorted(SECTIONS)), paragraphs, min_size=1),
)
def test_both_forms_give_one_model(keys: dict[str, Any], sections: dict[str, str]) -> None:
    if sum("[^1]:" in text for text in sections.values()) > 1:
        return  # the same note twice
    front = "".join(
        f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in keys.items()
    )
    prose = "\n\n".join(f"## {SECTIONS[name]}\n\n{text}" for name, text in sections.items())
    blocks = "".join(
        f"  {name}: |\n" + "".join(f"    {line}\n" for line in text.split("\n"))
        for name, text in sections.items()
    )
    one = parse_entry(f"---\n{front}---\n{prose}\n", "content/stories/a.md")
    two = parse_entry(f"{front}sections:\n{blocks}", "content/stories/a.yaml")
    assert without_places(one.entry) == without_places(two.entry)
    assert [d.code for d in one.diagnostics] == [d.code for d in two.diagnostics]


# -- small readers -------------------------------------------------------------------------------


@SOME
@given(st.text(alphabet="0123456789-T:Z+ .", max_size=30) | st.datetimes().map(str) | st.text())
def test_a_date_is_read_or_not(text: str) -> None:
    zone = a_config(timezone="America/New_York").zone
    moment = parse_moment(text, zone)
    if moment is not None:
        assert moment.instant.utcoffset() is not None
        again = parse_moment(moment.text, zone)
        assert again is not None
        assert abs((again.instant - moment.instant).total_seconds()) <= 3600  # a repeated hour


toml_text = st.text(alphabet=" \n\t[]{}=\"'#,.abz-_01") | st.lists(
    st.sampled_from(["[a]", "[[a]]", "[a.b]", "a = 1", 'a = "x"', "a = [1, 2]", "a = {b = 1}",
                     "[", "]]", "= 1", '"a b" = 2', "a.b = 3", "'", '"""', "# c", "[[]]"])
).map("\n".join)  # fmt: skip


@SOME
@given(toml_text | st.text(), st.lists(st.sampled_from(["a", "b", 0, 1]), max_size=3))
def test_places_in_toml_are_found_in_any_text(text: str, keys: list[str | int]) -> None:
    document = TomlDocument("site.toml", text, {})
    lines = [*text.splitlines(), ""]
    for span in (document.key(*keys), document.value(*keys)):
        assert 1 <= span.line <= len(lines)
        assert 1 <= span.column <= len(lines[span.line - 1]) + 2
