"""What linking may never do, whatever the names are."""

import itertools
import posixpath
import random
import re
import unicodedata

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from explainer.content.mentions import Matcher, Name
from explainer.content.slugs import clean_path, is_empty, is_reserved, is_slug
from explainer.diagnostics import Findings, Span
from explainer.diagnostics.suggest import nearest
from explainer.site.collisions import Claim, report_collisions
from explainer.site.resolve import named_file
from explainer.site.urls import encoded, output_path
from tests.building import a_config, entry_text, module, parse_entry

redirect_url = module("explainer.site.link").redirect_url
entry_url = module("explainer.site.urls").entry_url
SOME = settings(deadline=None, max_examples=200, suppress_health_check=list(HealthCheck))

name = st.one_of(
    st.text(max_size=12),
    st.text(alphabet="./\\%2eEfF5cC~: \u2024\uff0e\u2215a\u200b\u202e", max_size=16),
    st.sampled_from(
        ["..", ".", "...", "con", "a/../../b", "%2e%2e", "..%2f..", "", "-", "é", "e\u0301"]
    ),
)


def stays_inside(path: str) -> bool:
    place = posixpath.normpath(posixpath.join("/out", path))
    return place.startswith("/out/") and "\0" not in path and "\\" not in path


@SOME
@given(name)
def test_a_slug_is_refused_or_stays_inside(slug: str) -> None:
    text = entry_text("page", "a", "", {"slug": slug, "title": "x"})
    parsed = parse_entry(text, "content/pages/a.md")
    if parsed.entry is None or any(one.severity == "error" for one in parsed.diagnostics):
        return
    path = output_path(entry_url(parsed.entry, a_config()))
    assert stays_inside(path)
    assert path.count("/") == 1
    assert unicodedata.is_normalized("NFC", path)


@SOME
@given(name)
def test_a_file_name_is_refused_or_stays_inside(stem: str) -> None:
    if "/" in stem or "\0" in stem or not stem:
        return
    parsed = parse_entry(entry_text("page", "a", "", {}), f"content/pages/{stem}.md")
    if parsed.entry and not any(one.severity == "error" for one in parsed.diagnostics):
        assert stays_inside(output_path(entry_url(parsed.entry, a_config())))


@SOME
@given(st.builds(lambda head, parts: head + "/".join(parts), st.sampled_from(["", "/", "//"]),
                 st.lists(name, max_size=4)))  # fmt: skip
def test_an_alias_is_refused_or_stays_inside(alias: str) -> None:
    try:
        path = clean_path(alias)
    except UnicodeDecodeError:
        return
    if path is None:
        return
    written = output_path(redirect_url(path))
    assert stays_inside(written)
    assert not any(is_reserved(part) for part in written.split("/"))
    assert encoded(path).isascii()
    assert clean_path(encoded(path)) == path


@SOME
@given(name, name)
@example("..", "content/x")
def test_a_file_that_an_entry_names_stays_in_content(folder: str, link: str) -> None:
    path = named_file("content/stories/a.md", f"{folder}/{link}")
    assert path is None or (stays_inside(path) and path.startswith("content/"))


@SOME
@given(st.text(max_size=20))
def test_a_slug_is_one_name_for_every_disk(text: str) -> None:
    if is_slug(text):
        assert not set(text) & set('/\\:*?"<>|. \t\n\0')
        assert len(text.encode()) <= 255
    if is_empty(text):
        assert not re.search("[a-z0-9]", text)


# -- collisions ----------------------------------------------------------------------------------

path = st.lists(st.sampled_from(["a", "A", "b", "é", "e\u0301", "index.html", "a.html"]),
                min_size=1, max_size=3).map("/".join)  # fmt: skip


def found(claims: list[Claim]) -> int:
    findings = Findings()
    report_collisions(claims, findings)
    return len(findings)


@SOME
@given(path, path, st.booleans(), st.booleans())
def test_a_collision_does_not_ask_who_came_first(
    one: str, other: str, one_alias: bool, other_alias: bool
) -> None:
    claims = [
        Claim(one, "content/topics/x.md", Span("content/topics/x.md"), one_alias),
        Claim(other, "content/topics/y.md", Span("content/topics/y.md"), other_alias),
    ]
    assert found(claims) == found(claims[::-1])


@SOME
@given(st.lists(path, max_size=6), st.randoms())
def test_that_there_is_a_collision_depends_on_no_order(
    paths: list[str], order: random.Random
) -> None:
    claims = [Claim(path, f"file {n}", Span(f"file {n}")) for n, path in enumerate(paths)]
    shuffled = list(claims)
    order.shuffle(shuffled)
    assert bool(found(claims)) == bool(found(shuffled))
    folded = [unicodedata.normalize("NFC", path).casefold() for path in paths]
    clash = len(set(folded)) < len(folded) or any(
        one != other and other.startswith(f"{one}/") for one in folded for other in folded
    )
    assert bool(found(claims)) == clash


# -- mentions ------------------------------------------------------------------------------------

word = st.sampled_from(["New", "York", "New York", "New York Times", "Times", "Café", "中国", "中",
                        "don't", "U.S.", "A"])  # fmt: skip
prose = st.lists(word | st.sampled_from([" ", ", ", "s", "-", "’s ", "\n", "x", "。"])).map("".join)


@SOME
@given(st.lists(word, unique=True, max_size=6), st.lists(prose, min_size=1, max_size=3))
@example(["New York", "New York Times", "New"], ["New York Times and New York and New Yorkers"])
def test_mentions_are_whole_words_and_the_longest_names(names: list[str], runs: list[str]) -> None:
    matcher = Matcher([Name(text, str(number), True) for number, text in enumerate(names)])
    found = matcher.first_mentions(runs, set())
    assert len({one.slug for one in found}) == len(found)
    assert found == sorted(found)
    for one, other in itertools.pairwise(found):
        assert one.run < other.run or one.end <= other.start
    for one in found:
        run = runs[one.run]
        text = run[one.start : one.end]
        plain = text.replace("’", "'").replace("\n", " ")
        assert plain == names[int(one.slug)]
        if not re.search("[中国]", text):
            around = run[one.start - 1 : one.start] + run[one.end : one.end + 1]
            if text[-1].isalnum():
                assert (
                    not (run[one.end : one.end + 1] or " ")[0].isascii()
                    or not (run[one.end : one.end + 1] or " ")[0].isalnum()
                ), (text, around)
        longer = [name for name in names if name != plain and name.startswith(plain + " ")]
        for name in longer:  # a longer name that stands here, whole, would have won
            end = one.start + len(name)
            here = run[one.start : end].replace("’", "'").replace("\n", " ")
            after = run[end : end + 1]
            assert here != name or (after and (after.isalnum() or after == "_"))


@SOME
@given(st.lists(word, unique=True, max_size=6), prose, st.randoms())
def test_mentions_depend_on_no_order_of_names(
    names: list[str], run: str, order: random.Random
) -> None:
    given_names = [Name(text, text, True) for text in names]
    shuffled = list(given_names)
    order.shuffle(shuffled)
    assert Matcher(given_names).first_mentions([run], set()) == Matcher(shuffled).first_mentions(
        [run], set()
    )


@SOME
@given(st.lists(word, unique=True, max_size=5), prose)
def test_without_its_links_the_text_is_unchanged(names: list[str], run: str) -> None:
    from html import escape

    from explainer.content.model import Prose, Text
    from explainer.site.rendering import ProseRenderer
    from tests.building import site

    builder = site()
    for number, text in enumerate(names):
        builder.topic(f"t{number}", name=text)
    renderer = ProseRenderer(builder.story("a").facts(), ("story", "a"))
    html = renderer.html(Prose((Text(run),)), mentions=True)
    assert re.sub(r"</?a[^>]*>", "", html) == escape(run, quote=False)


# -- suggestions ---------------------------------------------------------------------------------


@SOME
@given(
    st.text(max_size=8), st.lists(st.text(alphabet="abAB-é", max_size=8), max_size=8), st.randoms()
)
def test_the_nearest_name_depends_on_no_order(
    text: str, names: list[str], order: random.Random
) -> None:
    shuffled = list(names)
    order.shuffle(shuffled)
    found = nearest(text, names)
    assert found == nearest(text, shuffled)
    assert found is None or found in names
    if text and text in names:
        assert found is not None
        assert found.casefold() == text.casefold()
