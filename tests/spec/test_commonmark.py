"""Our Markdown, without its extensions, is CommonMark: all of the specification's examples hold."""

import pytest

from tests.spec.commonmark_spec import Example, normalised, read_examples
from tests.tooling import node_module

ACCEPTED_DIFFERENCES: frozenset[int] = frozenset()
"""Numbers of examples that may differ; there are none."""


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    """All examples of the version of the specification that tests/tools pins."""
    return read_examples(node_module("commonmark-spec/spec.txt"))


def test_every_example_is_read(examples: list[Example]):
    assert len(examples) == 652
    assert examples[0].section == "Tabs"
    assert examples[-1].section == "Textual content"


def test_every_example_renders_as_the_specification_says(examples: list[Example]):
    from explainer.content.prose import commonmark

    engine = commonmark()
    different = {
        example.number
        for example in examples
        if normalised(engine.render(example.markdown)) != normalised(example.html)
    }
    assert different == ACCEPTED_DIFFERENCES


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<p>a</p>\n<p>b</p>\n", "<p>a</p><p>b</p>"),
        ('<img src="a" alt="b" />', '<img alt="b" src="a">'),
        ("<p>&quot;</p>", '<p>"</p>'),
        ("<ul>\n<li>a</li>\n</ul>", "<ul><li>a</li></ul>"),
        ("<p>a\nb</p>", "<p>a b</p>"),
    ],
)
def test_what_no_reader_can_see_is_no_difference(one: str, other: str):
    assert normalised(one) == normalised(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<p>a</p>", "<p>b</p>"),
        ("<p>a</p>", "a"),
        ("<p><em>a</em> b</p>", "<p><em>a</em>b</p>"),
        ("<pre><code>a\nb</code></pre>", "<pre><code>a b</code></pre>"),
        ("<pre><code>a\n</code></pre>", "<pre><code>a</code></pre>"),
        ('<a href="a">x</a>', '<a href="b">x</a>'),
        ("<p>&lt;b&gt;</p>", "<p><b></p>"),
        ("<p>a<br>b</p>", "<p>a b</p>"),
        ("<!-- a -->", "<!-- b -->"),
    ],
)
def test_what_a_reader_can_see_is_a_difference(one: str, other: str):
    assert normalised(one) != normalised(other)
