"""The script of the live preview keeps pages new without losing the reader's place."""

import pytest
from playwright.sync_api import expect

from tests.serve.client.stand_in import StandIn
from tests.serve.client.visit import HIDE, HOST, Visit
from tests.tooling import ROOT

LONG = "".join(f'<p id="p{number}">Paragraph {number}.</p>' for number in range(300))
FONT = ROOT / "themes" / "gazette" / "assets" / "fonts" / "newsreader-text-latin.woff2"
SHEET = '<link rel="stylesheet" href="/assets/style.css">'


def picture(width: int, height: int) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"/>'


# -- a reload that keeps the reader's place ------------------------------------------------------


def test_an_edit_reloads_the_page_where_the_reader_was(server: StandIn, visit: Visit):
    server.with_a_script()
    server.page("a/", LONG)
    visit.open()
    visit.get("scrollTo(0, 4321)")
    visit.mark()
    server.page("a/", LONG.replace("Paragraph 299", "The end")).tell(build=8, page="changed")
    visit.until_reloaded()
    assert visit.get("scrollY") == 4321
    assert visit.get("document.getElementById('p299').textContent") == "The end."
    assert visit.get("sessionStorage.length") == 0


def test_pictures_above_that_come_late_do_not_move_the_page(server: StandIn, visit: Visit):
    server.with_a_script()
    server.page("a/", '<img src="/late.svg" alt="">' + LONG).file("/late.svg", picture(9, 900))
    visit.open()
    visit.get("scrollTo(0, 5000)")
    top = visit.get("document.getElementById('p150').getBoundingClientRect().top")
    visit.mark()
    late = server.hold("/late.svg")
    server.tell(build=8, page="changed")
    visit.until(f"!window.mark && document.querySelector('{HOST}') && scrollY === 5000")
    late.set()
    visit.until_reloaded()
    assert visit.get("scrollY") == 5000
    assert visit.get("document.getElementById('p150').getBoundingClientRect().top") == top


def test_a_place_that_is_only_there_with_its_late_picture(server: StandIn, visit: Visit):
    server.with_a_script()
    server.page("a/", '<img src="/late.svg" alt=""><p>End</p>').file("/late.svg", picture(9, 9000))
    visit.open()
    visit.get("scrollTo(0, 6000)")
    visit.mark()
    late = server.hold("/late.svg")
    server.tell(build=8, page="changed")
    visit.until(f"!window.mark && document.querySelector('{HOST}')")
    assert visit.get("scrollY") == 0
    late.set()
    visit.until_reloaded()
    assert visit.get("scrollY") == 6000


def test_a_lazy_picture_far_above_is_there_again(server: StandIn, visit: Visit):
    server.with_a_script()
    lazy = '<img src="/lazy.svg" alt="" loading="lazy">'
    server.page("a/", lazy + LONG).file("/lazy.svg", picture(9, 9000))
    visit.open()
    visit.until("document.images[0].complete && document.images[0].height === 9000")
    visit.get("scrollTo(0, 15000)")
    top = visit.get("document.getElementById('p150').getBoundingClientRect().top")
    visit.mark()
    server.tell(build=8, page="changed")
    visit.until_reloaded()
    assert visit.get("scrollY") == 15000
    assert visit.get("document.getElementById('p150').getBoundingClientRect().top") == top
    assert visit.get("document.images[0].loading") == "lazy"


def test_a_reader_who_scrolls_is_not_pulled_back(server: StandIn, visit: Visit):
    server.with_a_script()
    server.page("a/", '<img src="/late.svg" alt="">' + LONG).file("/late.svg", picture(9, 9))
    visit.open()
    visit.get("scrollTo(0, 5000)")
    visit.mark()
    late = server.hold("/late.svg")
    server.tell(build=8, page="changed")
    visit.until(f"!window.mark && document.querySelector('{HOST}') && scrollY === 5000")
    assert visit.get("history.scrollRestoration") == "manual"
    visit.page.mouse.wheel(0, -700)
    visit.until("scrollY === 4300 && history.scrollRestoration === 'auto'")
    late.set()
    visit.until_reloaded()
    assert visit.get("scrollY") < 5000


def test_focus_and_open_details_come_back(server: StandIn, visit: Visit):
    server.with_a_script()
    more = "<details><summary>More</summary><p>Text</p></details>"
    closed = "<details open><summary>Less</summary><p>Text</p></details>"
    server.page("a/", f'{more}{closed}{more}<a id="link" href="/b/">Link</a>')
    visit.open()
    visit.get("document.querySelectorAll('details')[2].open = true")
    visit.get("document.querySelectorAll('details')[1].open = false")
    visit.get("document.getElementById('link').focus()")
    visit.mark()
    # An edit puts another one before them.
    server.page("a/", f"<details><summary>New</summary></details>{server.pages['/a/'][2]}")
    server.tell(build=8, page="changed")
    visit.until_reloaded()
    opened = "[...document.querySelectorAll('details')].map(one => one.open)"
    assert visit.get(opened) == [False, False, False, True]
    assert visit.focused() == "link"


def test_how_the_page_wanted_its_scrolling_is_kept(server: StandIn, visit: Visit):
    server.with_a_script()
    server.page("a/", LONG)
    visit.open()
    visit.get("history.scrollRestoration = 'manual'; scrollTo(0, 800)")
    visit.mark()
    server.tell(build=8, page="changed")
    visit.until(f"!window.mark && document.querySelector('{HOST}') && scrollY === 800")
    visit.until_told()
    assert visit.get("history.scrollRestoration") == "manual"


def test_many_edits_in_a_row_are_one_reload(server: StandIn, visit: Visit):
    server.with_a_script()
    server.page("a/", LONG)
    visit.open()
    visit.mark()
    again = server.hold("/a/")
    for build in range(8, 28):
        server.tell(build=build, page="changed")
    visit.wait_for_server(lambda: server.asked.count("/a/") == 2)
    again.set()
    visit.until_reloaded()
    visit.until_told()
    assert server.asked.count("/a/") == 2


def test_an_edit_elsewhere_leaves_the_page_alone(server: StandIn, visit: Visit):
    server.page("a/", LONG)
    visit.open()
    visit.mark()
    server.tell(build=8, page="same", files=["feed.xml", "sitemap.xml"])
    visit.until_told()
    assert visit.is_marked
    assert server.asked.count("/a/") == 1


def test_a_new_server_is_noticed(server: StandIn, visit: Visit):
    server.page("a/", "Text")
    visit.open()
    visit.mark()
    server.session = "second"
    server.tell(build=1, page="changed")
    visit.until_reloaded()
    visit.until_told()
    assert "session=second&build=1" in [one for one in server.asked if "events" in one][-1]


def test_a_page_that_goes_is_kept_on_screen_until_it_is_back(server: StandIn, visit: Visit):
    server.page("a/", "Text")
    visit.open()
    visit.mark()
    server.tell(build=8, page="gone")
    notice = visit.own(".notices p")
    expect(notice).to_have_text("This page is no longer part of the site. Go to the start")
    assert notice.locator("a").get_attribute("href") == "/"
    assert visit.is_marked
    server.tell(build=9, page="same")
    visit.until_reloaded()
    expect(notice).to_have_count(0)


def test_the_start_of_a_site_below_a_path(server: StandIn, visit: Visit):
    server.page("a/", "Text", base="/repo/")
    visit.open("/repo/a/")
    server.tell(build=8, page="gone")
    expect(visit.own(".notices a")).to_have_attribute("href", "/repo/")


# -- style sheets and pictures without a reload --------------------------------------------------

COLOUR = "getComputedStyle(document.body).color"
RED, BLUE = "rgb(255, 0, 0)", "rgb(0, 0, 255)"
WATCH = f"""() => {{
    window.colours = new Set();
    const look = () => {{ window.colours.add({COLOUR}); requestAnimationFrame(look); }};
    look();
}}"""


@pytest.mark.parametrize("base", ["/", "/repo/"])
def test_a_style_sheet_is_swapped_without_a_flash(server: StandIn, visit: Visit, base: str):
    sheet = f"{base}assets/style.css"
    server.page("a/", LONG, f'<link rel="stylesheet" href="{sheet}">', base=base)
    server.file(sheet, "body { color: red }")
    visit.open(f"{base}a/")
    visit.mark()
    visit.get(WATCH)
    server.file(sheet, "body { color: blue }").hold(sheet)
    server.tell(build=8, files=["assets/style.css"])
    visit.until("document.querySelectorAll('link[rel=stylesheet]').length === 2")
    server.held[sheet].set()
    visit.until("colours.has(argument)", BLUE)
    visit.until("document.querySelectorAll('link[rel=stylesheet]').length === 1")
    assert visit.get("[...colours]") == [RED, BLUE]
    assert visit.get("document.querySelector('link[rel=stylesheet]').href").endswith("css?v=8")
    assert visit.is_marked


def test_only_the_changed_sheet_is_swapped(server: StandIn, visit: Visit):
    other = '<link rel="stylesheet" href="/assets/other.css" media="print">'
    server.page("a/", "Text", SHEET + other)
    server.file("/assets/style.css", "").file("/assets/other.css", "")
    visit.open()
    server.tell(build=8, files=["assets/other.css"])
    visit.until("document.querySelector('link[media=print]').href.endsWith('other.css?v=8')")
    visit.until("document.querySelectorAll('link[rel=stylesheet]').length === 2")
    assert "/assets/style.css?v=8" not in server.asked


def test_an_imported_sheet_swaps_all_sheets(server: StandIn, visit: Visit):
    server.page("a/", "Text", SHEET).file("/assets/style.css", '@import "colour.css";')
    server.file("/assets/colour.css", "body { color: red }")
    visit.open()
    visit.mark()
    server.file("/assets/colour.css", "body { color: blue }")
    server.tell(build=8, files=["assets/colour.css"])
    visit.until(f"{COLOUR} === argument", BLUE)
    assert visit.is_marked


def test_a_font_is_loaded_again_without_a_reload(server: StandIn, visit: Visit):
    server.page("a/", "Text", SHEET).file("/assets/fonts/face.woff2", FONT.read_bytes())
    face = "@font-face { font-family: Face; src: url(fonts/face.woff2) }"
    server.file("/assets/style.css", face + "body { font-family: Face }")
    visit.open()
    visit.mark()
    server.tell(build=8, files=["assets/fonts/face.woff2"])
    visit.wait_for_server(lambda: server.asked.count("/assets/fonts/face.woff2") == 2)
    assert visit.is_marked


def test_a_picture_behind_a_sheet_needs_a_reload(server: StandIn, visit: Visit):
    server.page("a/", "Text", SHEET).file("/assets/back.svg", picture(9, 9))
    server.file("/assets/style.css", "body { background: url(back.svg) }")
    visit.open()
    visit.mark()
    server.tell(build=8, files=["assets/unknown.svg"])
    visit.until_told()
    assert visit.is_marked
    server.tell(build=9, files=["assets/back.svg"])
    visit.until_reloaded()
    assert server.asked.count("/assets/back.svg") == 2


def test_the_last_of_many_swaps_wins(server: StandIn, visit: Visit):
    server.page("a/", "Text", SHEET).file("/assets/style.css", "body { color: red }")
    visit.open()
    server.hold("/assets/style.css")
    for build in range(8, 12):
        server.tell(build=build, files=["assets/style.css"])
        visit.wait_for_server(lambda build=build: f"/assets/style.css?v={build}" in server.asked)
    assert visit.get("document.querySelectorAll('link[rel=stylesheet]').length") == 2
    server.file("/assets/style.css", "body { color: blue }").held["/assets/style.css"].set()
    visit.until(f"{COLOUR} === argument", BLUE)
    visit.until("document.querySelectorAll('link[rel=stylesheet]').length === 1")
    assert visit.get("document.querySelector('link[rel=stylesheet]').href").endswith("?v=11")


def test_alternate_and_lost_sheets(server: StandIn, visit: Visit):
    links = (
        '<link rel="stylesheet" href="/main.css" title="Main">'
        '<link rel="alternate stylesheet" href="/other.css" title="Other">'
        '<link rel="stylesheet" href="/off.css" disabled>'
    )
    server.page("a/", "Text", links).file("/main.css", "body { color: red }")
    server.file("/other.css", "body { color: blue }").file("/off.css", "body { color: green }")
    visit.open()
    server.tell(build=8, files=["main.css", "other.css", "off.css"])
    hrefs = "[...document.querySelectorAll('link[rel~=stylesheet]')].map(one => one.href.slice(-4))"
    visit.until(f"{hrefs}.join() === '?v=8,?v=8,?v=8'")
    assert visit.get(COLOUR) == RED
    del server.files["/main.css"]
    server.tell(build=9, files=["main.css"])
    visit.until("document.querySelector('link[rel=stylesheet]').href.endsWith('main.css?v=9')")
    assert visit.get(COLOUR) == "rgb(0, 0, 0)"
    visit.noise = [one for one in visit.noise if "404" not in one]


def test_pictures_are_swapped(server: StandIn, visit: Visit):
    body = (
        '<img id="plain" src="photo.svg" alt="">'
        '<img id="set" srcset="photo.svg 1x, /x/large.svg 2x" alt="">'
        '<picture><source srcset="/a/photo.svg?old=1"><img id="source" src="/x/other.svg" alt="">'
        '</picture><img id="stays" src="/x/other.svg" alt="">'
    )
    icon = '<link rel="icon" href="/a/photo.svg">'
    server.page("a/", body, icon)
    server.file("/a/photo.svg", picture(10, 10)).file("/x/other.svg", picture(5, 5))
    visit.open()
    visit.mark()
    server.file("/a/photo.svg", picture(20, 20)).tell(build=8, files=["a/photo.svg"])
    visit.until("['plain', 'set', 'source'].every(id => window[id].naturalWidth === 20)")
    assert visit.get("stays.getAttribute('src')") == "/x/other.svg"
    assert visit.get("document.getElementById('set').srcset").endswith("?v=8 1x, /x/large.svg 2x")
    assert visit.get("document.querySelectorAll('link[rel=icon]')[1].href").endswith("svg?v=8")
    assert visit.is_marked


# -- the stream ----------------------------------------------------------------------------------


def test_a_hidden_tab_does_not_listen_and_learns_all_when_it_is_shown(
    server: StandIn, visit: Visit
):
    server.with_a_script()
    server.page("a/", LONG)
    visit.open()
    visit.mark()
    visit.set_hidden(True)
    visit.wait_for_server(lambda: server.streams == 0)
    server.tell(build=8, page="same")
    visit.set_hidden(False)
    visit.until_told()
    assert visit.is_marked
    visit.set_hidden(True)
    visit.wait_for_server(lambda: server.streams == 0)
    server.tell(build=9, page="changed")
    assert visit.is_marked
    visit.set_hidden(False)
    visit.until_reloaded()


def test_a_tab_that_is_opened_in_the_background_waits(server: StandIn, visit: Visit):
    server.page("a/", "Text")
    visit.page.add_init_script(HIDE.replace("HIDDEN", "true"))
    visit.page.goto(server.url + "/a/")
    visit.wait_for_server(lambda: any("/about?" in asked for asked in server.asked))
    assert not any("/events?" in asked for asked in server.asked)
    visit.set_hidden(False)
    visit.wait_for_server(lambda: server.streams == 1)


def test_a_page_in_the_back_forward_cache_does_not_listen(server: StandIn, visit: Visit):
    server.with_a_script()
    server.page("a/", "Text")
    visit.open()
    visit.get("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    visit.wait_for_server(lambda: server.streams == 0)
    visit.mark()
    server.tell(build=8, page="changed")
    visit.get("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    visit.until_reloaded()


def test_a_server_that_is_away_is_missed_and_found_again(server: StandIn, visit: Visit):
    server.page("a/", "Text")
    visit.open()
    visit.mark()
    server.stop()
    notice = visit.own(".notices p")
    expect(notice).to_have_text("The preview has ended or is starting again.")
    server.start()
    expect(notice).to_have_count(0)
    visit.wait_for_server(lambda: server.streams == 1)
    assert visit.is_marked
    visit.noise = [one for one in visit.noise if "net::ERR_" not in one]


def test_a_new_stream_asks_from_the_build_that_was_told_last(server: StandIn, visit: Visit):
    server.page("a/", "Text")
    visit.open()
    server.tell(build=12)
    visit.until_told()
    visit.set_hidden(True)
    visit.set_hidden(False)
    visit.wait_for_server(lambda: "build=12" in server.asked[-1] or "build=12" in server.asked[-2])


@pytest.mark.parametrize("data", ["", "null", "[]", "{", "7", '{"files": 3, "problems": [null]}'])
def test_news_that_make_no_sense_do_no_harm(server: StandIn, visit: Visit, data: str):
    server.page("a/", "Text")
    server.message = lambda asked: f"event: state\ndata: {data}\n\n".encode()  # type: ignore[method-assign]
    visit.open()
    visit.mark()
    del server.message
    visit.until_told()
    assert visit.is_marked


def test_nothing_is_left_on_the_page_but_one_element(server: StandIn, visit: Visit):
    plain = '<!DOCTYPE html><html lang="en"><link rel="icon" href="data:,"><title>Plain</title>'
    server.page("a/", "Text").file("/plain.html", plain)
    visit.page.goto(server.url + "/plain.html")
    names = visit.get("Object.getOwnPropertyNames(window)")
    visit.open()
    assert set(visit.get("Object.getOwnPropertyNames(window)")) == set(names)
    assert visit.get("[...document.documentElement.children].map(one => one.localName)") == [
        "head",
        "body",
        HOST,
    ]
    visit.page.emulate_media(media="print")
    expect(visit.own("#toggle")).to_be_hidden()
