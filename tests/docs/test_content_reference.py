"""The tables of keys in the docs are those that the schema reads."""

from explainer.content.keys import KEYS
from explainer.content.reference import BEGIN, END, render_reference, replaced
from tests.docs.pages import page


def test_the_page_holds_the_tables_made_from_the_code():
    text = page("docs/content-reference.md").text

    assert replaced(text) == text, (
        "run: python -m explainer.content.reference docs/content-reference.md"
    )


def test_the_tables_stand_between_marks():
    reference = render_reference()

    assert reference.startswith(BEGIN)
    assert reference.endswith(END)


def test_every_kind_has_a_table_with_each_of_its_keys():
    sections = render_reference().split("\n### ")

    for kind, keys in KEYS.items():
        section = next(one for one in sections if one.startswith(kind.capitalize()))
        for key in keys:
            assert f"\n| `{key.name}` |" in section


def test_a_change_of_a_key_makes_the_page_stale():
    text = page("docs/content-reference.md").text.replace("| `follows` |", "| `folows` |")

    assert replaced(text) != text
