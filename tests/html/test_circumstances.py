"""What readers bring along: zoom, large letters, a keyboard, their own colours, their direction."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.conftest import BuiltSite
from tests.html.browser import (
    Scheme,
    Served,
    check_accessibility,
    check_visits,
    start,
    too_wide,
)
from tests.html.findings import Finding, report
from tests.html.server import STRICT, serve
from tests.html.sorts import examples
from tests.tooling import node_module

pytestmark = pytest.mark.slow

STORY = "stories/china-ai-chips/index.html"

# A window of 1280 by 1024 pixels at 200 and at 400 per cent has this many CSS pixels.
ZOOMED = [(640, 512), (320, 256)]

WIDE_LETTERS = """* {
    line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important
} p { margin-block-end: 2em !important }"""
"""The spacing that text must bear (WCAG 2.2, 1.4.12)."""


@pytest.fixture(scope="module")
def mirrored(site_mirrored: BuiltSite) -> Iterator[Served]:
    with serve(site_mirrored.root, STRICT) as url:
        yield Served(site_mirrored.root, url)


def faults(
    browser: Browser, served: Served, script: str, paths: list[str] | None = None, **context: Any
) -> list[Finding]:
    """Return what a script, run in examples of all pages, finds wrong there, as a list of words."""
    known: dict[str, Any] = {"viewport": {"width": 1280, "height": 1024}, "bypass_csp": True}
    opened = browser.new_context(**(known | context))
    page = opened.new_page()
    found = []
    for path in examples(served.root) if paths is None else paths:
        page.goto(served.address(path))
        found += [Finding(path, 0, words) for words in page.evaluate(script)]
    opened.close()
    return found


# -- room ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("width", "height"), ZOOMED)
def test_nothing_is_cut_or_covered_in_a_small_window(
    browser: Browser, served: Served, width: int, height: int
):
    viewport = {"width": width, "height": height}
    assert report(faults(browser, served, CUT, viewport=viewport)) == ""


@pytest.fixture(scope="module")
def large_letters(browser: Browser) -> Iterator[Browser]:
    """A browser whose reader has set letters to twice their size."""
    started = start(browser.browser_type, "--blink-settings=defaultFontSize=32")
    yield started
    started.close()


@pytest.mark.parametrize("width", [640, 1280])
def test_letters_of_twice_the_size_have_room(large_letters: Browser, served: Served, width: int):
    assert report(without_room(large_letters, served, width)) == ""
    page = large_letters.new_page()
    page.goto(served.address(STORY))
    assert page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") == 32
    page.close()


@pytest.mark.parametrize("width", [320, 1280])
def test_so_have_lines_words_and_letters_that_are_further_apart(
    browser: Browser, served: Served, width: int
):
    assert report(without_room(browser, served, width, WIDE_LETTERS)) == ""


def without_room(browser: Browser, served: Served, width: int, style: str = "") -> list[Finding]:
    """Return what is cut, or makes a page wider than a window, with a style sheet of a reader."""
    context = browser.new_context(viewport={"width": width, "height": 900}, bypass_csp=True)
    page = context.new_page()
    found = []
    for path in examples(served.root):
        page.goto(served.address(path))
        if style:
            page.add_style_tag(content=style)
        found += [Finding(path, 0, words) for words in (*too_wide(page), *page.evaluate(CUT))]
    context.close()
    return found


CUT = """() => {
    const found = [];
    for (const one of document.querySelectorAll('body *')) {
        const style = getComputedStyle(one);
        const box = one.getBoundingClientRect();
        if (!box.width || style.visibility === 'hidden' || one.closest('svg')) continue;
        // What ends with an ellipsis is said in full elsewhere: the last crumb is the headline.
        const clips = ['hidden', 'clip'].includes(style.overflowX) && box.width > 1
            && style.textOverflow !== 'ellipsis';
        const cut = clips && (one.scrollWidth > one.clientWidth + 1
            || one.scrollHeight > one.clientHeight + 1);
        if (cut) found.push('cut: ' + one.outerHTML.slice(0, 120));
        const stays = ['fixed', 'sticky'].includes(style.position);
        if (stays && box.height > innerHeight / 3)
            found.push('covers: ' + one.outerHTML.slice(0, 120));
    }
    return found;
}"""


def test_a_cut_text_is_found(browser: Browser, served: Served):
    style = "document.querySelector('h1').style = 'overflow: hidden; height: 5px'"
    spoilt = f"() => {{ {style}; return ({CUT})() }}"
    assert "cut: <h1" in report(faults(browser, served, spoilt, [STORY]))


# -- direction -----------------------------------------------------------------------------------


def test_from_right_to_left_every_page_is_a_sound_mirror(browser: Browser, mirrored: Served):
    paths = examples(mirrored.root)
    assert report(check_visits(browser, mirrored, paths)) == ""
    assert report(check_accessibility(browser, mirrored, paths, 1440, "light")) == ""


def test_from_right_to_left_the_columns_change_places(
    browser: Browser, served: Served, mirrored: Served
):
    assert is_mirror(edges(browser, served), edges(browser, mirrored))


def test_a_part_that_stays_on_its_side_is_found(browser: Browser, served: Served, mirrored: Served):
    spoilt = edges(browser, mirrored, "main { direction: ltr !important }")
    assert not is_mirror(edges(browser, served), spoilt)


def edges(browser: Browser, site: Served, style: str = "") -> list[tuple[int, int]]:
    """Return how far parts of a page are from its left and from its right edge, in pixels."""
    page = browser.new_page(viewport={"width": 1440, "height": 900}, bypass_csp=True)
    page.goto(site.address(STORY))
    if style:
        page.add_style_tag(content=style)
    found = page.evaluate(
        "['.band-head', '.prose', '.nameplate'].map(one => {"
        " const box = document.querySelector(one).getBoundingClientRect();"
        " return [Math.round(box.left), Math.round(innerWidth - box.right)] })"
    )
    page.close()
    return [(left, right) for left, right in found]


def is_mirror(one: list[tuple[int, int]], other: list[tuple[int, int]]) -> bool:
    """Tell whether parts are as far from the side where lines begin, and that is the right one."""
    starts = [left for left, _ in one]
    return other[0][1] < other[0][0] and [right for _, right in other] == pytest.approx(
        starts, abs=20
    )


# -- keyboard ------------------------------------------------------------------------------------

STOPS = """() => [...document.querySelectorAll('a[href], button, input, summary, [tabindex]')]
    .filter(one => one.tabIndex >= 0 && !one.disabled && one.checkVisibility({
        contentVisibilityAuto: false, visibilityProperty: true }) && one.getClientRects().length)
    .length"""

HERE = """() => {
    const here = document.activeElement, box = here.getBoundingClientRect();
    const style = getComputedStyle(here), words = here.outerHTML.slice(0, 120), wrong = [];
    if (here === document.body) return [];
    if (here.dataset.seen) return null;
    here.dataset.seen = 'yes';
    if (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2)
        wrong.push('no mark of focus: ' + words);
    if (box.bottom < 0 || box.top > innerHeight) wrong.push('out of sight: ' + words);
    else if (box.width) {
        const at = here.getClientRects()[0];
        const x = Math.min(Math.max((at.left + at.right) / 2, 0), innerWidth - 1);
        const y = Math.min(Math.max((at.top + at.bottom) / 2, 0), innerHeight - 1);
        const top = document.elementFromPoint(x, y);
        if (top && !here.contains(top) && !top.contains(here))
            wrong.push('covered by ' + top.outerHTML.slice(0, 60) + ': ' + words);
    }
    return wrong;
}"""


def walk(page: Page) -> tuple[int, list[str]]:
    """Press Tab until all is seen once; return the number of stops, and what is wrong at them."""
    wrong: list[str] = []
    for _ in range(1000):
        page.keyboard.press("Tab")
        here = page.evaluate(HERE)
        if here is None:
            return page.locator("[data-seen]").count(), wrong
        wrong += here
        page.keyboard.press("Escape")
    return 1000, [*wrong, "the focus never comes back"]


@pytest.mark.parametrize("width", [360, 1280])
def test_the_keyboard_reaches_everything_and_one_sees_where_it_is(
    browser: Browser, served: Served, width: int
):
    context = browser.new_context(
        viewport={"width": width, "height": 700}, reduced_motion="reduce", bypass_csp=True
    )
    page = context.new_page()
    found = []
    for path in examples(served.root):
        page.goto(served.address(path))
        wanted = page.evaluate(STOPS)
        stops, wrong = walk(page)
        found += [Finding(path, 0, words) for words in wrong]
        if stops != wanted:
            found.append(Finding(path, 0, f"{stops} stops for {wanted} things to reach"))
    context.close()
    assert report(found) == ""


def test_a_link_that_shows_no_focus_is_found(browser: Browser, served: Served):
    page = browser.new_page(bypass_csp=True)
    page.goto(served.address(STORY))
    page.add_style_tag(content=".skip { outline: none !important }")
    assert any("no mark of focus" in words for words in walk(page)[1])
    page.close()


def test_the_first_stop_leads_past_the_masthead(browser: Browser, served: Served):
    page = browser.new_page()
    page.goto(served.address(STORY))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
    page.close()


# -- colours and motion --------------------------------------------------------------------------

PALE = """() => {
    const wrong = [], ground = getComputedStyle(document.body).backgroundColor;
    for (const one of document.querySelectorAll('a, p, h1, h2, h3, time, button, input, dt, dd')) {
        const style = getComputedStyle(one);
        if (style.color === ground && one.textContent.trim() && one.checkVisibility())
            wrong.push('unseen: ' + one.outerHTML.slice(0, 120));
    }
    return wrong;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_forced_colours_leave_everything_to_be_seen(
    browser: Browser, served: Served, scheme: Scheme
):
    found = faults(browser, served, PALE, forced_colors="active", color_scheme=scheme)
    assert report(found) == ""


def test_words_without_a_colour_of_their_own_are_found(browser: Browser, served: Served):
    hide = "const one = document.querySelector('h1'); one.style.forcedColorAdjust = 'none';"
    hide += "one.style.color = getComputedStyle(document.body).backgroundColor"
    spoilt = f"() => {{ {hide}; return ({PALE})() }}"
    found = faults(browser, served, spoilt, [STORY], forced_colors="active")
    assert "unseen: <h1" in report(found)


MOVES = """() => [...document.querySelectorAll('*')].flatMap(one => {
    const style = getComputedStyle(one);
    const moves = [style.transitionDuration, style.animationDuration].join().split(',')
        .some(time => parseFloat(time) > 0.01) || style.scrollBehavior === 'smooth';
    return moves ? ['moves: ' + one.outerHTML.slice(0, 120)] : [];
})"""


def test_who_wants_no_motion_has_none(browser: Browser, served: Served):
    assert report(faults(browser, served, MOVES, reduced_motion="reduce")) == ""


def test_something_that_moves_is_found(browser: Browser, served: Served):
    move = "document.querySelector('h1').style.setProperty('transition', 'all 1s', 'important')"
    spoilt = f"() => {{ {move}; return ({MOVES})() }}"
    found = faults(browser, served, spoilt, [STORY], reduced_motion="reduce")
    assert "moves: <h1" in report(found)


# -- words that come late ------------------------------------------------------------------------

MOST_SHIFT = 0.05
"""Half of what is good by Core Web Vitals: a page that jumps less has full marks in Lighthouse."""

MOST_DIFFERENCE = 0.03


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_pages_keep_still_while_they_load(browser: Browser, served: Served, width: int):
    assert report(jumps(browser, served, examples(served.root), width)) == ""


def test_a_page_that_jumps_is_found(browser: Browser, served: Served):
    late = """addEventListener('load', () => setTimeout(() => {
        const late = document.createElement('p');
        late.style.height = '300px';
        document.body.prepend(late);
    }, 300))"""
    assert "jumps by" in report(jumps(browser, served, [STORY], 1440, late))


def jumps(
    browser: Browser, served: Served, paths: list[str], width: int, script: str = ""
) -> list[Finding]:
    """Return the pages that shift while they load; `script` is run in each before all else."""
    context = browser.new_context(viewport={"width": width, "height": 800}, bypass_csp=True)
    context.add_init_script(
        f"{script};"
        "window.shifts = 0; new PerformanceObserver(list => {"
        " for (const one of list.getEntries()) window.shifts += one.value;"
        "}).observe({ type: 'layout-shift', buffered: true })"
    )
    page = context.new_page()
    found = []
    for path in paths:
        page.goto(served.address(path), wait_until="networkidle")
        shifts = page.evaluate("document.fonts.ready.then(() => window.shifts)")
        if shifts > MOST_SHIFT:
            found.append(Finding(path, 0, f"jumps by {shifts:.3f}"))
    context.close()
    return found


WIDTHS = """async () => {
    const faces = [[500, 'Display', 'Display DejaVu'], [400, 'Text', 'Text DejaVu']];
    const heads = [...document.querySelectorAll('h1, h2, h3')].map(one => one.textContent.trim())
        .filter(words => words.length > 25);
    const canvas = document.createElement('canvas').getContext('2d');
    const found = [];
    for (const [weight, ours, theirs] of faces) {
        for (const face of [ours, theirs]) await document.fonts.load(`${weight} 40px "${face}"`);
        for (const words of heads) {
            const [one, other] = [ours, theirs].map(face => {
                canvas.font = `${weight} 40px "${face}", monospace`;
                return canvas.measureText(words).width;
            });
            found.push([`${ours}: ${words}`, one / other]);
        }
    }
    return found;
}"""


def test_fonts_that_stand_in_are_as_wide_as_ours(browser: Browser, served: Served):
    """So that lines break where they will break: there is DejaVu on every machine of the tests."""
    page = browser.new_page()
    page.goto(served.address("stories/index.html"))
    widths = page.evaluate(WIDTHS)
    page.close()
    assert len(widths) >= 20
    assert [one for one in widths if abs(one[1] - 1) > MOST_DIFFERENCE] == []


# -- cards ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("path", "link"),
    [
        (STORY, ".prose a.mention"),
        ("topics/nvidia/index.html", ".map a"),
        ("index.html", ".tally a"),
        ("questions/how-do-climate-conferences-decide/index.html", ".prose a.mention"),
    ],
)
def test_axe_finds_nothing_while_a_card_is_open(
    browser: Browser, served: Served, path: str, link: str, scheme: Scheme
):
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, color_scheme=scheme, bypass_csp=True
    )
    context.add_init_script(node_module("axe-core/axe.min.js").read_text("utf-8"))
    page = context.new_page()
    page.goto(served.address(path))
    page.locator(link).first.hover()
    page.locator(".peek:visible").wait_for()
    found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
    assert [f"{one['id']}: {one['nodes'][0]['html']}" for one in found] == []
    context.close()
