"""The reference of views for theme designers, made from the docstrings of their fields.

`python -m explainer.theme.reference docs/themes.md` writes it between the marks of that page; a
test holds the two together.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
from pathlib import Path

from explainer.theme import views

BEGIN = "<!-- views:begin -->"
END = "<!-- views:end -->"

_BASES = ("View", "Value")
"""What views are made from; it has no fields."""


def render_reference() -> str:
    """Return the reference as Markdown: a heading and a table for each view class."""
    tree = ast.parse(inspect.getsource(views))
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name != "View"]
    pages = [node for node in classes if node.name.endswith("Page")]
    parts = [node for node in classes if node not in pages]
    return "\n".join(_section(node) for node in (*pages, *parts))


def replaced(page: str) -> str:
    """Return a page of the docs with the reference between its marks."""
    head, _, rest = page.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return f"{head}{BEGIN}\n\n{render_reference()}\n{END}{tail}"


def _section(node: ast.ClassDef) -> str:
    bases = [base.id for base in node.bases if isinstance(base, ast.Name) and base.id not in _BASES]
    lines = [f"### {node.name}", "", ast.get_docstring(node) or "", ""]
    if bases:
        lines += [f"Has all fields of [{bases[0]}](#{bases[0].lower()}), and:", ""]
    fields = _fields(node)
    if fields:
        lines += ["| field | type | meaning |", "| --- | --- | --- |"]
        lines += [f"| `{name}` | {kind} | {words} |" for name, kind, words in fields]
        lines.append("")
    return "\n".join(lines)


def _fields(node: ast.ClassDef) -> list[tuple[str, str, str]]:
    """Return name, type and meaning of each field: the docstring behind it."""
    found = []
    for statement, following in zip(node.body, node.body[1:], strict=False):
        if not isinstance(statement, ast.AnnAssign) or not isinstance(statement.target, ast.Name):
            continue
        words = ""
        if isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant):
            words = " ".join(str(following.value.value).split())
        found.append((statement.target.id, _type(statement.annotation), words.replace("|", "\\|")))
    return found


def _type(annotation: ast.expr) -> str:
    """Return a type in a designer's words."""
    text = ast.unparse(annotation)
    text = re.sub(r"tuple\[(\w+), \.\.\.\]", r"list of \1", text)
    text = text.replace("dict[str, str]", "map of text").replace("dict[str, Any]", "map")
    text = text.replace(" | None", " or none")
    words = {
        "str": "text", "bool": "true/false", "int": "number", "float": "number", "Moment": "date",
    }  # fmt: skip
    return re.sub(r"\b(str|bool|int|float|Moment)\b", lambda found: words[found[0]], text)


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.write_text(replaced(target.read_text("utf-8")), "utf-8")
