"""Which pages count as one sort."""

from pathlib import Path

import pytest

from tests.html.sorts import examples, sort_of


@pytest.mark.parametrize(
    ("path", "sort"),
    [
        ("index.html", "index.html"),
        ("404.html", "404.html"),
        ("about/index.html", "about/index.html"),
        ("stories/index.html", "stories/index.html"),
        ("stories/chips/index.html", "stories/*/index.html"),
        ("topics/nvidia/2/index.html", "topics/*/#/index.html"),
        ("stories/2025/11/index.html", "stories/#/#/index.html"),
    ],
)
def test_a_sort_is_the_path_without_slugs_and_numbers(path: str, sort: str):
    assert sort_of(path) == sort


def test_the_longest_and_the_shortest_page_stand_for_their_sort(tmp_path: Path):
    for slug, text in {"a": "xx", "b": "x", "c": "xxx"}.items():
        (tmp_path / "stories" / slug).mkdir(parents=True)
        (tmp_path / "stories" / slug / "index.html").write_text(text, encoding="utf-8")
    assert examples(tmp_path) == ["stories/b/index.html", "stories/c/index.html"]
