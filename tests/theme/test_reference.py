"""The theme reference in the docs says what the view classes say."""

import ast
import inspect
from pathlib import Path

from explainer.theme import reference, views

DOCS = Path(__file__).parents[2] / "docs" / "themes.md"


def test_docs_and_views_are_the_same() -> None:
    page = DOCS.read_text("utf-8")
    assert page == reference.replaced(page), (
        "run: .venv/bin/python -m explainer.theme.reference docs/themes.md"
    )


def test_every_field_of_every_view_has_a_meaning() -> None:
    tree = ast.parse(inspect.getsource(views))
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name != "View":
            for name, _, meaning in reference._fields(node):
                assert meaning, f"{node.name}.{name} has no docstring"


def test_a_changed_view_would_be_seen(monkeypatch) -> None:
    source = inspect.getsource(views).replace("Headline, question or name.", "Something else.")
    monkeypatch.setattr(inspect, "getsource", lambda module: source)
    page = DOCS.read_text("utf-8")
    assert page != reference.replaced(page)
