"""Two themes for proofs: one shows every field of every view, the other shows little.

The templates of the first are generated from the view classes, so that a field that is added to
the contract is shown from then on, and a page that should have been made anew is seen to be stale.
"""

from __future__ import annotations

import re
import types
import typing
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

from explainer.content.model import Moment
from explainer.theme import views

VIEWS: dict[str, type] = {
    "home": views.HomePage,
    "story": views.StoryPage,
    "question": views.QuestionPage,
    "topic": views.TopicPage,
    "paper": views.PaperPage,
    "author": views.AuthorPage,
    "page": views.PagePage,
    "stories": views.StoriesPage,
    "questions": views.QuestionsPage,
    "topics": views.TopicsPage,
    "papers": views.PapersPage,
    "authors": views.AuthorsPage,
    "search": views.SearchPage,
    "404": views.NotFoundPage,
}
"""Template -> the class of its view."""

PARTIALS: dict[Any, str] = {views.Card: "card", views.SourceView: "source"}
"""Views that a partial of its own shows: the pages that have one of them depend on its file."""

_PLAIN = (str, int, float, bool, Markup)


def shown(kind: Any, name: str, depth: int = 0, *, whole: bool = False) -> str:
    """Return Jinja that shows everything in a value; `whole`: without the partial made for it."""
    if kind in PARTIALS and not whole:
        partial = PARTIALS[kind]
        include = f'{{% include "partials/{partial}.html" %}}'
        return f"{{% with {partial} = {name} %}}{include}{{% endwith %}}"
    if kind in _PLAIN:
        return f"[{{{{ {name} }}}}]"
    if kind is Moment:
        return f"[{{{{ {name}|date }}}} {{{{ {name}|date('month') }}}} {{{{ {name}|iso }}}}]"
    origin, parts = typing.get_origin(kind), typing.get_args(kind)
    one = f"x{depth}"
    if origin in (typing.Union, types.UnionType):
        (inner,) = (part for part in parts if part is not type(None))
        return f"{{% if {name} is not none %}}{shown(inner, name, depth)}{{% endif %}}"
    if origin is tuple:
        inside = shown(parts[0], one, depth + 1)
        return f"{{% for {one} in {name} %}}({inside}){{% endfor %}}"
    if origin is dict:
        return f"{{% for {one} in {name}.items() %}}({{{{ {one}|join('=') }}}}){{% endfor %}}"
    fields = typing.get_type_hints(kind)
    return "".join(
        f"\n<{field}>{shown(inner, f'{name}.{field}', depth)}"
        for field, inner in fields.items()
        if not field.startswith("_")
    )


def font(name: str) -> bytes:
    """Return a small font for social cards."""
    return (Path(__file__).parents[1] / "fonts" / f"{name}.ttf").read_bytes()


def social_card() -> str:
    """Return a template for social cards that shows everything; not all letters have a font."""
    fields = re.sub(r"<(\w+)>", r"\1 ", shown(views.SocialCardPage, "page"))
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="630">\n'
        f"<desc>{fields} {{{{ site.title }}}} {{{{ theme.settings.motto }}}} {{{{ t('foot') }}}}"
        "</desc>\n"
        '{{ fit(page.title, font="small", width=900, sizes=[50], lines=3).at(9, 99) }}\n'
        "{% block own %}{% endblock %}</svg>\n"
    )


@cache
def full() -> dict[str, str]:
    """Return the files of a theme that shows everything."""
    inherited = typing.get_type_hints(views.BasePage).keys()
    base = shown(views.BasePage, "page")
    site = shown(views.SiteView, "site")
    files = {
        "theme.toml": 'name = "full"\n[settings.accent]\ntype = "color"\ndefault = "#111111"\n'
        'doc = "A colour."\n[settings.motto]\ntype = "text"\ndefault = "News"\ndoc = "Words."\n',
        "templates/base.html": "{{ t('title') }} {{ theme.name }} {{ theme.settings.motto }}"
        ' {{ asset("style.css") }}\n' + f"{base}\n{site}\n{{% block own %}}{{% endblock %}}"
        '\n{% include "partials/foot.html" %}\n',
        "templates/partials/foot.html": "foot {{ t('foot') }}\n",
        "templates/partials/unused.html": "nobody shows this\n",
        "assets/style.css": '@import "inner.css";\nbody { color: var(--setting-accent) }\n',
        "assets/inner.css": "p { margin: 0; background: url(dot.svg) }\n",
        "assets/dot.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>\n",
        "assets/script.js": "// nothing\n",
        "locales/en.toml": 'title = "Title"\nfoot = "Foot"\n',
        "templates/social-card.svg": social_card(),
    }
    for view, partial in PARTIALS.items():
        files[f"templates/partials/{partial}.html"] = shown(view, partial, 5, whole=True)
    for template, view in VIEWS.items():
        own = "".join(
            f"\n<{name}>{shown(kind, f'page.{name}')}"
            for name, kind in typing.get_type_hints(view).items()
            if name not in inherited and not name.startswith("_")
        )
        script = '{{ asset("script.js") }}' if template == "story" else ""
        files[f"templates/{template}.html"] = (
            '{% extends "base.html" %}\n{% block own %}' + f"{script}{own}" + "{% endblock %}\n"
        )
    return files


@cache
def spare() -> dict[str, str]:
    """Return the files of a theme that shows little: most edits are seen on few of its pages.

    It has no social cards.
    """
    files = {
        "theme.toml": 'name = "spare"\n[settings.motto]\ntype = "text"\ndefault = "News"\n'
        'doc = "Words."\n',
        "templates/base.html": "{{ page.kind }}{% block own %}{% endblock %}\n",
        "templates/partials/card.html": "{{ card.title }}\n",
        "templates/partials/unused.html": "nobody shows this\n",
        "assets/style.css": '@import "inner.css";\n',
        "assets/inner.css": "p { margin: 0 }\n",
        "assets/dot.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>\n",
        "assets/script.js": "// nothing\n",
        "locales/en.toml": 'title = "Title"\nfoot = "Foot"\n',
    }
    own = {
        "story": "{{ page.title }}{% for s in page.sections %}{{ s.html }}{% endfor %}",
        "topic": '{{ page.title }} {{ asset("style.css") }} {{ page.pagination.total }}',
        "question": "{{ page.lead }}{% for s in page.stories %}{{ s.url }}{% endfor %}",
        "stories": "{% for m in page.months %}{% for card in m.stories %}"
        '{% include "partials/card.html" %}{% endfor %}{% endfor %}',
        "page": "{{ page.title }} {{ theme.settings.motto }} {{ t('foot') }}",
        "home": "{{ page.lead.title if page.lead else '' }}",
    }
    for template in VIEWS:
        inside = own.get(template, "")
        files[f"templates/{template}.html"] = (
            '{% extends "base.html" %}{% block own %}' + inside + "{% endblock %}\n"
        )
    return files


THEMES = {"full": full, "spare": spare}
