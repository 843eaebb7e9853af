"""What the script of the live preview shows: what is wrong, and what the page is made from."""

import json
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.html.browser import Scheme
from tests.serve.client.stand_in import StandIn
from tests.serve.client.visit import HOST, Visit, visiting
from tests.tooling import node_module

HEADING = "#heading"
OVERLAY = "#problems"
PANEL = "#panel"
TOGGLE = "#toggle"


def problem(message: str = "there is no such topic", **keys: Any) -> dict[str, Any]:
    """Return a problem as the server tells it."""
    basic = {
        "code": "E301",
        "severity": "error",
        "file": "content/stories/2025/a.md",
        "line": 12,
        "column": 9,
        "end_column": 15,
        "message": message,
        "hints": ['did you mean "nvidia"?'],
        "source": "topics: nvidya and more",
    }
    return basic | keys


def warning(message: str = "the picture has no text", **keys: Any) -> dict[str, Any]:
    return problem(message, code="W101", severity="warning", **keys)


ABOUT = {
    "kind": "story",
    "title": "A story",
    "file": "content/stories/2025/a.md",
    "status": "draft",
    "until": "",
    "missing": ["a picture", "sources"],
    "groups": [
        {
            "name": "Questions",
            "items": [
                {
                    "title": "Why?",
                    "url": "/b/",
                    "file": "content/questions/why.yaml",
                    "status": "embargoed",
                    "until": "2026-12-01 09:00",
                    "note": "answered here",
                },
                {"title": "Not built", "url": "", "file": "content/questions/x.yaml"},
            ],
        },
        {"name": "Empty", "items": []},
    ],
    "warnings": [warning(), warning("a heading is empty", line=0)],
    "todo": [{"title": "Another", "url": "/b/", "file": "content/b.md", "missing": ["sources"]}],
    "todo_count": 31,
}


# -- the overlay ---------------------------------------------------------------------------------


def test_a_failed_build_says_what_is_wrong_and_where(server: StandIn, visit: Visit):
    server.page("a/", "Text")
    visit.open()
    visit.mark()
    problems = [problem(), problem("a second"), warning(), warning(), warning()]
    server.tell(failed=True, problems=problems)
    overlay = visit.own(OVERLAY)
    expect(overlay).to_be_visible()
    expect(visit.own(HEADING)).to_have_text(
        "The site was not built: 2 errors. You see the last good version."
    )
    expect(visit.own("[role=status].unseen")).to_have_text(visit.own(HEADING).inner_text())
    first = overlay.locator(".problems > li").first
    expect(first.locator(".place")).to_have_text("content/stories/2025/a.md:12:9 E301")
    expect(first.locator(".sentence")).to_have_text("there is no such topic")
    expect(first.locator(".source")).to_have_text("topics: nvidya and more")
    expect(first.locator("mark")).to_have_text("nvidya")
    expect(first.locator(".hint")).to_have_text('did you mean "nvidia"?')
    expect(overlay.locator("summary")).to_have_text("3 warnings")
    expect(overlay.locator("details .problems")).to_be_hidden()
    overlay.locator("summary").click()
    expect(overlay.locator("details .problems > li")).to_have_count(3)
    expect(visit.own(TOGGLE)).to_have_text("Preview2 errors")
    server.tell(failed=False, problems=[])
    expect(overlay).to_be_hidden()
    expect(visit.own(TOGGLE)).to_have_text("Preview")
    assert visit.is_marked


@pytest.mark.parametrize(
    ("keys", "marked", "shown"),
    [
        ({"column": 1, "end_column": 7}, "topics", "topics: nvidya and more"),
        ({"column": 9, "end_column": 0}, "n", "topics: nvidya and more"),
        ({"source": "🙂🙂 word", "column": 4, "end_column": 8}, "word", "🙂🙂 word"),
        ({"source": "key:", "column": 5, "end_column": 5}, " ", "key: "),
        ({"source": "\tx", "column": 2, "end_column": 3}, "x", "    x"),
        (
            {"source": "a" * 5000 + "WORD" + "b" * 5000, "column": 5001, "end_column": 5005},
            "WORD",
            "…" + "a" * 100 + "WORD" + "b" * 296 + "…",
        ),
        (
            {"source": "x" * 5000, "column": 1, "end_column": 5001},
            "x" * 400,
            "x" * 400 + "…",
        ),
    ],
)
def test_the_columns_are_marked(
    server: StandIn, visit: Visit, keys: dict[str, Any], marked: str, shown: str
):
    server.page("a/", "Text")
    server.tell(failed=True, problems=[problem(**keys)])
    visit.open()
    expect(visit.own(".source")).to_be_visible()
    assert visit.own("mark").text_content() == marked
    assert visit.own(".source").text_content() == shown


def test_a_problem_without_a_place_in_a_text(server: StandIn, visit: Visit):
    server.page("a/", "Text")
    no_place = problem(line=0, column=0, end_column=0, source="", hints=[])
    whole_line = problem(column=0, end_column=0)
    server.tell(failed=True, problems=[no_place, whole_line, {"severity": "error"}])
    visit.open()
    expect(visit.own(".place")).to_have_text(
        ["content/stories/2025/a.md E301", "content/stories/2025/a.md:12 E301", ""]
    )
    expect(visit.own(".source")).to_have_text(["topics: nvidya and more"])
    expect(visit.own("mark")).to_have_count(0)


def test_five_hundred_problems(server: StandIn, visit: Visit):
    server.page("a/", "Text")
    many = [problem(f"fault {number}") for number in range(500)]
    server.tell(failed=True, problems=many + [warning()] * 101)
    visit.open()
    expect(visit.own(HEADING)).to_contain_text("500 errors")
    items = visit.own(f"{OVERLAY} > .problems > li")
    expect(items).to_have_count(101)
    expect(items.last).to_have_text("and 400 more errors")
    expect(visit.own("details .problems > li").last).to_have_text("and 1 more warning")


HOSTILE = '<img src=x onerror="window.hurt = 1"><script>window.hurt = 1</script>'


def test_hostile_texts_are_only_texts(server: StandIn, visit: Visit):
    server.page("a/", "Text")
    turned = f"{HOSTILE} \u202egnp.exe\u2066 \x1b[31m \ud800 {'long' * 5000}"
    keys = dict.fromkeys(["file", "code", "source", "message"], turned)
    entry = {"title": turned, "url": "javascript:window.hurt = 1", "file": turned, "note": turned}
    far = entry | {"url": "//example.invalid/"}
    server.about = {
        **dict.fromkeys(["kind", "title", "file", "status", "until"], turned),
        "missing": [turned],
        "groups": [{"name": turned, "items": [entry, far]}],
        "warnings": [problem(**keys, hints=[turned])],
        "todo": [entry],
    }
    visit.page.set_viewport_size({"width": 320, "height": 600})
    visit.open()
    visit.own(TOGGLE).click()
    expect(visit.own(".title")).to_contain_text("<img src=x onerror=")
    expect(visit.own(".title")).to_contain_text("<U+202E>gnp.exe<U+2066> <U+001B>[31m <U+D800>")
    assert_harmless(visit, PANEL)
    server.tell(failed=True, problems=[problem(**keys, hints=[turned])])
    expect(visit.own(f"{OVERLAY} .sentence")).to_contain_text("<script>window.hurt = 1</script>")
    assert_harmless(visit, OVERLAY)


def assert_harmless(visit: Visit, selector: str) -> None:
    """Nothing came of a text but text, within the smallest screen."""
    assert visit.get("window.hurt") is None
    expect(visit.own(":is(img, script, a)")).to_have_count(0)
    assert visit.own(selector).evaluate("it => it.scrollWidth <= it.clientWidth")
    assert visit.get("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("way", ["Escape", "button"])
def test_the_overlay_can_be_put_away_and_taken_out_again(server: StandIn, visit: Visit, way: str):
    server.page("a/", '<a id="link" href="/b/">Link</a>').page("b/", "More")
    visit.open()
    visit.get("document.getElementById('link').focus()")
    server.tell(failed=True, problems=[problem()])
    expect(visit.own(OVERLAY)).to_be_focused()
    if way == "Escape":
        visit.page.keyboard.press("Escape")
    else:
        visit.page.keyboard.press("Tab")
        assert visit.focused() == "dismiss"
        visit.page.keyboard.press("Enter")
    expect(visit.own(OVERLAY)).to_be_hidden()
    assert visit.focused() == "link"
    # It stays away on the next page; a new fault brings it back.
    visit.open("/b/")
    expect(visit.own(TOGGLE)).to_contain_text("1 error")
    expect(visit.own(OVERLAY)).to_be_hidden()
    visit.own(TOGGLE).click()
    expect(visit.own(OVERLAY)).to_be_focused()
    visit.own(TOGGLE).click()
    expect(visit.own(OVERLAY)).to_be_hidden()
    server.tell(failed=True, problems=[problem("another")])
    expect(visit.own(OVERLAY)).to_be_visible()


def test_who_writes_in_a_field_goes_on_writing(server: StandIn, visit: Visit):
    server.page("a/", '<input id="field" aria-label="Field">')
    visit.open()
    visit.get("document.getElementById('field').focus()")
    server.tell(failed=True, problems=[problem()])
    expect(visit.own(OVERLAY)).to_be_visible()
    assert visit.focused() == "field"


def test_an_overlay_that_goes_gives_the_focus_back(server: StandIn, visit: Visit):
    server.page("a/", '<a id="link" href="/b/">Link</a>')
    visit.open()
    visit.get("document.getElementById('link').focus()")
    server.tell(failed=True, problems=[problem()])
    expect(visit.own(OVERLAY)).to_be_focused()
    server.tell()
    expect(visit.own(OVERLAY)).to_be_hidden()
    assert visit.focused() == "link"


def test_before_the_first_good_build(server: StandIn, visit: Visit):
    server.build = 0
    server.page("a/", "")
    server.tell(page="unknown", failed=True, problems=[problem()])
    visit.open()
    expect(visit.own(HEADING)).to_have_text(
        "The site was not built: 1 error. There is no good version yet."
    )
    visit.mark()
    server.page("a/", "Good")
    server.tell(build=1, page="changed")
    visit.until_reloaded()
    expect(visit.own(OVERLAY)).to_be_hidden()


# -- the button and the panel --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "until", "words"),
    [
        ("published", "", "Preview"),
        ("draft", "", "PreviewDraft"),
        ("embargoed", "2026-12-01 09:00", "PreviewEmbargoed until 2026-12-01 09:00"),
        ("embargoed", "", "PreviewEmbargoed"),
        ("expired", "", "PreviewExpired"),
        ("constructor", "", "Preview"),
    ],
)
def test_the_status_is_seen_at_once(
    server: StandIn, visit: Visit, status: str, until: str, words: str
):
    server.page("a/", "Text").about = {"title": "A", "status": status, "until": until}
    visit.open()
    expect(visit.own(".title")).to_have_text("A")
    expect(visit.own(TOGGLE)).to_have_text(words)


def test_warnings_are_counted_and_counted_again_after_a_build(server: StandIn, visit: Visit):
    server.page("a/", "Text").about = ABOUT
    visit.open()
    expect(visit.own(TOGGLE)).to_have_text("Preview2 warningsDraft")
    server.about = ABOUT | {"warnings": [warning()], "status": "published"}
    server.tell(build=8)
    expect(visit.own(TOGGLE)).to_have_text("Preview1 warning")


def test_the_panel_tells_what_the_page_is_made_from(server: StandIn, visit: Visit):
    server.page("a/", "Text").about = ABOUT
    visit.open()
    visit.own(TOGGLE).click()
    panel = visit.own(PANEL)
    expect(panel.locator(".title")).to_have_text("A story")
    expect(panel.locator(".bar .label")).to_have_text("story")
    expect(panel.locator(".file .path")).to_have_text("content/stories/2025/a.md")
    expect(panel.locator(".missing")).to_have_text(["a picture", "sources"])
    expect(panel.locator("h3")).to_have_text(
        ["Missing here", "Questions", "2 warnings", "To do on this site (31)"]
    )
    expect(panel.locator("li .badge")).to_have_text(["Embargoed until 2026-12-01 09:00"])
    expect(panel.locator("a")).to_have_text(["Why?", "Another"])
    expect(panel.locator("a").first).to_have_attribute("href", "/b/")
    expect(panel.locator(".note")).to_have_text(["answered here", "missing: sources"])
    expect(panel.locator(".sentence")).to_have_text(
        ["the picture has no text", "a heading is empty"]
    )
    expect(panel.locator(".more")).to_have_text("and 30 more")


@pytest.mark.parametrize("url", ["/b/", "/repo/b/"])
def test_links_lead_below_the_base_path(server: StandIn, visit: Visit, url: str):
    server.page("a/", "Text", base="/repo/").about = {"todo": [{"title": "B", "url": url}]}
    visit.open("/repo/a/")
    expect(visit.own(f"{PANEL} a")).to_have_attribute("href", "/repo/b/")


@pytest.mark.parametrize(
    "about", [{}, [], 7, {"groups": [None, 3, {"items": [{}]}], "todo": [[]], "warnings": "many"}]
)
def test_what_is_missing_or_unknown_does_no_harm(server: StandIn, visit: Visit, about: Any):
    server.page("a/", "Text").about = about
    visit.open()
    server.tell(failed=True, problems=[{}, {"hints": "x", "line": "3", "source": 5}, None])
    expect(visit.own(HEADING)).to_have_text(
        "The site was not built. You see the last good version."
    )
    visit.until_told()


def test_the_keyboard_alone_is_enough(server: StandIn, visit: Visit):
    server.page("a/", "Text").page("b/", "More").about = ABOUT
    visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visit.open()
    expect(visit.own(TOGGLE)).to_contain_text("Draft")
    press = visit.page.keyboard.press
    press("Tab")
    assert visit.focused() == "toggle"
    press("Enter")
    expect(visit.own(PANEL)).to_be_focused()
    expect(visit.own(TOGGLE)).to_have_attribute("aria-expanded", "true")
    press("Tab")
    assert visit.focused() == "close-panel"
    press("Tab")
    assert visit.focused() == "copy"
    press("Enter")
    expect(visit.own("#copy")).to_have_text("Copied")
    assert visit.get("navigator.clipboard.readText()") == "content/stories/2025/a.md"
    press("Escape")
    expect(visit.own(PANEL)).to_be_hidden()
    assert visit.focused() == "toggle"
    press("Space")
    for _ in range(3):
        press("Tab")
    with visit.page.expect_navigation():
        press("Enter")
    assert visit.page.url == server.url + "/b/"
    expect(visit.own(PANEL)).to_be_visible()


def test_the_panel_stays_open_over_a_reload_with_its_focus(server: StandIn, visit: Visit):
    server.with_a_script()
    server.page("a/", "Text").about = ABOUT
    visit.open()
    visit.own(TOGGLE).click()
    expect(visit.own(".title")).to_be_visible()
    visit.page.keyboard.press("Tab")
    visit.mark()
    server.tell(build=8, page="changed")
    visit.until_reloaded()
    expect(visit.own(PANEL)).to_be_visible()
    expect(visit.own("#close-panel")).to_be_focused()
    server.about = ABOUT | {"title": "New"}
    server.tell(build=9)
    expect(visit.own(".title")).to_have_text("New")
    expect(visit.own("#close-panel")).to_be_focused()


def test_an_overlay_takes_the_place_of_the_panel_for_a_while(server: StandIn, visit: Visit):
    server.page("a/", "Text").about = ABOUT
    visit.open()
    visit.own(TOGGLE).click()
    server.tell(failed=True, problems=[problem()])
    expect(visit.own(OVERLAY)).to_be_focused()
    expect(visit.own(PANEL)).to_be_hidden()
    server.tell()
    expect(visit.own(OVERLAY)).to_be_hidden()
    expect(visit.own(PANEL)).to_be_focused()


def test_the_button_goes_to_the_other_corner_and_stays_there(server: StandIn, visit: Visit):
    server.page("a/", "Text")
    visit.open()
    left = f"document.querySelector('{HOST}').shadowRoot.querySelector('#toggle').offsetLeft"
    assert visit.get(left) > 600
    visit.own(TOGGLE).click()
    visit.own("#corner").click()
    assert visit.get(left) == 0
    visit.open()
    assert visit.get(left) == 0
    visit.own("#corner").click()
    assert visit.get(left) > 600


# -- for everyone --------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("shown", ["panel", "overlay"])
def test_axe_finds_nothing(browser: Browser, server: StandIn, shown: str, scheme: Scheme):
    axe = node_module("axe-core/axe.min.js").read_text(encoding="utf-8")
    server.page("a/", "Text").about = ABOUT
    size = {"width": 360, "height": 900}
    # The page's own policy would forbid axe.
    with visiting(browser, server, viewport=size, color_scheme=scheme, bypass_csp=True) as visit:
        visit.page.add_init_script(axe)
        visit.open()
        if shown == "panel":
            visit.own(TOGGLE).click()
            expect(visit.own(".title")).to_be_visible()
        else:
            server.tell(build=8, page="gone", failed=True, problems=[problem(), warning()])
            visit.own("summary").click()
        found = visit.get("axe.run({ resultTypes: ['violations'] })")
        assert json.dumps(found["violations"], indent=1) == "[]"
