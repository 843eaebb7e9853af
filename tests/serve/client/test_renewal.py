"""A page that shows other words is changed in place: nothing flashes, and no place is lost."""

import random

import pytest

from tests.serve.client.stand_in import StandIn
from tests.serve.client.visit import Visit

LONG = "".join(f'<p id="p{number}">Paragraph {number}.</p>' for number in range(300))


def shown(visit: Visit) -> str:
    return str(visit.get("document.querySelector('main').innerHTML"))


def until_shown(visit: Visit, html: str) -> None:
    """Wait until the page shows what a fresh one would show."""
    visit.until(
        "document.querySelector('main').innerHTML === (() => { const page = new DOMParser()"
        ".parseFromString(argument, 'text/html'); return page.body.innerHTML })()",
        f"<h1>A page</h1>{html}",
    )


def test_other_words_come_without_a_reload(server: StandIn, visit: Visit):
    server.page("a/", LONG)
    visit.open()
    visit.get("scrollTo(0, 4321)")
    visit.mark()
    visit.get("window.first = document.getElementById('p0')")
    server.page("a/", LONG.replace("Paragraph 150", "Another one"))
    server.tell(build=8, page="changed")
    until_shown(visit, LONG.replace("Paragraph 150", "Another one"))
    assert visit.is_marked
    assert visit.get("scrollY") == 4321
    assert visit.get("window.first === document.getElementById('p0')")


def test_what_comes_next_is_held_against_the_new_page(server: StandIn, visit: Visit):
    server.page("a/", "<p>One</p>")
    visit.open()
    server.page("a/", "<p>Two</p>").tell(build=8, page="changed")
    until_shown(visit, "<p>Two</p>")
    visit.wait_for_server(lambda: any("&build=8" in one for one in server.asked))
    server.page("a/", "<p>Three</p>").tell(build=9, page="changed")
    until_shown(visit, "<p>Three</p>")


def test_scripts_that_do_their_work_anew_are_told(server: StandIn, visit: Visit):
    server.scripts = '<script src="/assets/theme.js" data-renews></script>'
    server.file("/assets/theme.js", "").page("a/", "<p>One</p>")
    visit.open()
    visit.mark()
    visit.get(
        "document.addEventListener('explainer:renewed',"
        " () => { document.body.dataset.seen = document.querySelector('main').textContent })"
    )
    server.page("a/", "<p>Two</p>").tell(build=8, page="changed")
    visit.until("document.body.dataset.seen !== undefined")
    assert "Two" in str(visit.get("document.body.dataset.seen"))
    assert visit.is_marked


def test_another_script_is_run(server: StandIn, visit: Visit):
    server.scripts = '<script src="/assets/theme.js" data-renews></script>'
    server.file("/assets/theme.js", "").page("a/", "<p>One</p>")
    visit.open()
    visit.mark()
    server.tell(build=8, files=["assets/other.js"])
    visit.until_told()
    assert visit.is_marked
    server.tell(build=9, files=["assets/theme.js"])
    visit.until_reloaded()


def test_title_language_and_head_follow(server: StandIn, visit: Visit):
    server.page("a/", "<p>One</p>", '<meta name="description" content="Old">')
    visit.open()
    visit.mark()
    server.page("a/", "<p>One</p>", '<meta name="description" content="New"><meta name="x">')
    server.tell(build=8, page="changed")
    visit.until("document.querySelector('meta[name=x]') !== null")
    assert visit.get("document.querySelector('meta[name=description]').content") == "New"
    assert visit.is_marked


def test_focus_details_and_what_was_typed_stay(server: StandIn, visit: Visit):
    body = '<details id="d"><summary>More</summary><p>Text</p></details><input id="i"><p>{}</p>'
    server.page("a/", body.format("One"))
    visit.open()
    visit.get("document.getElementById('d').open = true")
    visit.page.locator("#i").fill("typed")
    server.page("a/", body.format("Two")).tell(build=8, page="changed")
    visit.until("document.body.textContent.includes('Two')")
    assert visit.get("document.getElementById('d').open")
    assert visit.get("document.activeElement.id") == "i"
    assert visit.get("document.getElementById('i').value") == "typed"


@pytest.mark.parametrize(
    "head",
    [
        '<link rel="stylesheet" href="/assets/other.css">',
        '<script src="/assets/theme.js" defer></script>',
    ],
)
def test_another_sheet_or_a_script_is_a_reload(server: StandIn, visit: Visit, head: str):
    server.file("/assets/other.css", "p { color: red }").file("/assets/theme.js", "")
    server.page("a/", "<p>One</p>")
    visit.open()
    visit.mark()
    server.page("a/", "<p>One</p>", head).tell(build=8, page="changed")
    visit.until_reloaded()


def test_data_blocks_are_no_scripts(server: StandIn, visit: Visit):
    head = '<script type="application/ld+json">{{"name": "{}"}}</script>'
    server.page("a/", "<p>One</p>", head.format("Old"))
    visit.open()
    visit.mark()
    server.page("a/", "<p>One</p>", head.format("New")).tell(build=8, page="changed")
    visit.until("document.head.innerHTML.includes('New')")
    assert visit.is_marked


def test_a_swapped_sheet_stays_swapped(server: StandIn, visit: Visit):
    sheet = '<link rel="stylesheet" href="/assets/style.css">'
    server.file("/assets/style.css", "p { color: rgb(1, 1, 1) }").page("a/", "<p>One</p>", sheet)
    visit.open()
    visit.mark()
    server.file("/assets/style.css", "p { color: rgb(2, 2, 2) }")
    server.tell(build=8, page="same", files=["assets/style.css"])
    color = "getComputedStyle(document.querySelector('p')).color"
    visit.until(f"{color} === 'rgb(2, 2, 2)'")
    visit.until("document.querySelectorAll('link[rel=stylesheet]').length === 1")
    link = visit.get("document.querySelector('link[rel=stylesheet]').href")
    server.page("a/", "<p>Two</p>", sheet).tell(build=9, page="changed")
    until_shown(visit, "<p>Two</p>")
    assert visit.get("document.querySelector('link[rel=stylesheet]').href") == link
    assert visit.is_marked


def some_markup(chance: random.Random, depth: int = 3) -> str:
    """Return markup of some depth, as browsers would write it themselves."""
    found = []
    for _ in range(chance.randrange(5)):
        tag = chance.choice(("p", "div", "section", "ul", "em", ""))
        if not tag or depth == 0:
            found.append(chance.choice(("one ", "two ", "three ", "<!--c-->")))
            continue
        attributes = "".join(
            f' {name}="{chance.randrange(3)}"' for name in ("class", "id") if chance.random() < 0.4
        )
        inner = "x" if tag == "p" else some_markup(chance, depth - 1)
        found.append(f"<{tag}{attributes}>{inner}</{tag}>")
    return "".join(found)


def test_any_page_becomes_any_other_one(server: StandIn, visit: Visit):
    chance = random.Random(0)
    server.page("a/", some_markup(chance))
    visit.open()
    visit.mark()
    for build in range(8, 68):
        html = some_markup(chance)
        server.page("a/", html).tell(build=build, page="changed")
        until_shown(visit, html)
        visit.wait_for_server(lambda: any(f"&build={build}" in one for one in server.asked))  # noqa: B023
    assert visit.is_marked
