"""What a reader of the example site can do beyond reading: cards at links, and the colours."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Locator,
    Page,
    Route,
    TimeoutError,
    expect,
)

from tests.html.browser import HEIGHT, Scheme, Served

STORY = "stories/china-ai-chips/index.html"
LINK = ".prose a[href='/topics/nvidia/']"
CARD = ".peek:has(.peek-title:text-is('Nvidia'))"
ENTRIES = ", ".join(f"main a[href^='/{kind}/']" for kind in ("stories", "questions", "topics"))
LEADS_AWAY = """(link) => {
    const path = (link.href.baseVal ?? link.pathname).split("#")[0];
    const isEntry = /^[/](stories|questions|topics)[/](?!page[/])[^/]+[/]$/.test(path);
    return isEntry && path !== location.pathname && !link.closest(".peek")
        && link.checkVisibility();
}"""
LONG = 1000  # milliseconds, well beyond every pause of the script


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1280, "height": HEIGHT}, color_scheme="light")
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext, served: Served) -> Page:
    opened = context.new_page()
    opened.goto(served.address(STORY))
    return opened


def appears(page: Page, link: Locator) -> bool:
    """Tell whether a card with words comes up and says that it belongs to the link."""
    try:
        page.locator(".peek:visible .peek-text").wait_for(timeout=LONG)
    except TimeoutError:
        return False
    card = page.locator(".peek:visible")
    return card.count() == 1 and card.get_attribute("id") == link.get_attribute("aria-describedby")


class TestCards:
    def test_a_card_comes_up_where_a_link_is_pointed_at_and_can_be_pointed_at(self, page: Page):
        card = page.locator(CARD)
        expect(card).to_be_hidden()
        page.locator(LINK).first.hover()
        expect(card).to_be_visible()
        expect(card).to_contain_text("Nvidia")
        assert page.locator(LINK).first.get_attribute("aria-describedby") == card.get_attribute(
            "id"
        )
        card.hover()
        page.wait_for_timeout(LONG)
        expect(card).to_be_visible()
        page.mouse.move(1, 1)
        expect(card).to_be_hidden()
        assert page.locator(LINK).first.get_attribute("aria-describedby") is None

    def test_it_goes_away_at_escape_and_the_pointer_need_not_move(self, page: Page):
        page.locator(LINK).first.hover()
        card = page.locator(CARD)
        expect(card).to_be_visible()
        page.keyboard.press("Escape")
        expect(card).to_be_hidden()
        page.wait_for_timeout(LONG)
        expect(card).to_be_hidden()

    def test_it_stays_while_the_page_is_scrolled(self, page: Page):
        page.locator(LINK).first.hover()
        card = page.locator(CARD)
        expect(card).to_be_visible()
        page.mouse.wheel(0, 10)
        page.wait_for_timeout(100)
        expect(card).to_be_visible()

    def test_the_keyboard_has_it_too(self, page: Page):
        page.locator(LINK).first.evaluate("(link) => link.scrollIntoView({block: 'center'})")
        page.locator(LINK).first.evaluate(
            "(link) => { const all = [...document.querySelectorAll('a[href], button')];"
            " all[all.indexOf(link) - 1].focus() }"
        )
        page.keyboard.press("Tab")
        card = page.locator(CARD)
        expect(card).to_be_visible()
        page.keyboard.press("Tab")
        expect(card).to_be_hidden()

    def test_it_lies_within_the_window(self, page: Page):
        for link in page.locator(".prose a.mention").all()[:8]:
            link.hover()
            card = page.locator(".peek:visible")
            expect(card).to_have_count(1)
            box = card.bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= 1280
            assert box["y"] >= 0
            assert box["y"] + box["height"] <= HEIGHT
            page.keyboard.press("Escape")

    @pytest.mark.parametrize(
        "path",
        [
            "index.html", "stories/index.html", "questions/index.html", "topics/index.html",
            "stories/china-ai-chips/index.html", "topics/china/index.html",
            "questions/latest-in-the-us-china-tech-rivalry/index.html",
            "papers/ars-technica/index.html", "authors/dana-lee/index.html", "404.html",
        ],
    )  # fmt: skip
    def test_every_link_to_an_entry_has_one(self, page: Page, served: Served, path: str):
        page.goto(served.address(path))
        page.keyboard.press("Tab")  # from now on, what has the focus is shown to have it
        links = page.locator(ENTRIES)
        bare = []
        for number in range(links.count()):
            link = links.nth(number)
            if link.evaluate(LEADS_AWAY):
                link.focus()
                if not appears(page, link):
                    bare.append(link.get_attribute("href"))
        assert links.count()
        assert bare == []

    def test_nothing_covers_the_results_of_the_search(self, page: Page, served: Served):
        page.goto(served.address("search/index.html") + "?q=chips")
        results = page.locator("[data-results] .card-title a")
        results.first.wait_for()
        page.locator("#search-words").focus()
        page.keyboard.press("ArrowDown")
        expect(results.first).to_be_focused()
        results.nth(1).hover()
        page.wait_for_timeout(LONG)
        expect(page.locator(".peek:visible")).to_have_count(0)

    def test_topics_come_from_one_file_that_is_asked_for_once_when_needed(
        self, page: Page, served: Served
    ):
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(served.address("topics/index.html"))
        page.wait_for_timeout(LONG)
        assert not [url for url in asked if url.endswith(".json")]
        for slug, label in (("nvidia", "Organisation"), ("china", "Place")):
            page.locator(f"main a[href='/topics/{slug}/']").first.hover()
            card = page.locator(".peek:visible")
            expect(card).to_have_count(1)
            expect(card.locator(".label")).to_have_text(label)
            page.keyboard.press("Escape")
        assert [url for url in asked if url.endswith(".json")] == [
            served.url + "topics/summaries.json"
        ]

    def test_without_that_file_links_stay_links(self, page: Page, served: Served):
        page.route("**/summaries.json", lambda route: route.abort())
        page.goto(served.address("topics/index.html"))
        link = page.locator("main a[href='/topics/nvidia/']").first
        link.hover()
        page.wait_for_timeout(LONG)
        expect(page.locator(".peek:visible")).to_have_count(0)
        link.click()
        page.wait_for_url("**/topics/nvidia/")

    def test_a_reader_who_has_moved_on_gets_no_late_card(self, page: Page, served: Served):
        held: list[Route] = []

        def hold(route: Route) -> None:
            held.append(route)

        page.route("**/summaries.json", hold)
        page.goto(served.address("topics/index.html"))
        page.locator("main a[href='/topics/nvidia/']").first.hover()
        page.wait_for_timeout(LONG / 2)
        page.mouse.move(1, 1)
        held[0].continue_()
        page.wait_for_timeout(LONG)
        expect(page.locator(".peek:visible")).to_have_count(0)

    def test_on_touch_it_is_a_plain_link(self, browser: Browser, served: Served):
        context = browser.new_context(has_touch=True)
        page = context.new_page()
        page.goto(served.address(STORY))
        page.locator(LINK).first.tap()
        page.wait_for_url("**/topics/nvidia/")
        context.close()

    def test_so_it_is_without_scripts(self, browser: Browser, served: Served):
        context = browser.new_context(java_script_enabled=False)
        page = context.new_page()
        page.goto(served.address(STORY))
        page.locator(LINK).first.click()
        page.wait_for_url("**/topics/nvidia/")
        context.close()


class TestColours:
    def shown(self, page: Page) -> str:
        return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))

    def test_the_switch_is_remembered_on_the_next_page(self, page: Page, served: Served):
        light = self.shown(page)
        page.get_by_role("button", name="Dark colours").click()
        dark = self.shown(page)
        assert dark != light
        page.goto(served.address("index.html"))
        assert self.shown(page) == dark
        page.get_by_role("button", name="Light colours").click()
        assert self.shown(page) == light
        page.reload()
        assert self.shown(page) == light

    def test_what_was_chosen_is_dark_and_light_as_the_system_has_it(
        self, browser: Browser, served: Served
    ):
        found: dict[str, object] = {}
        schemes: dict[Scheme, str] = {"light": "Dark colours", "dark": "Light colours"}
        for scheme, button in schemes.items():
            context = browser.new_context(color_scheme=scheme)
            page = context.new_page()
            page.goto(served.address(STORY))
            found[scheme] = self.tokens(page)
            page.get_by_role("button", name=button).click()
            found[f"not {scheme}"] = self.tokens(page)
            context.close()
        assert found["not light"] == found["dark"]
        assert found["not dark"] == found["light"]

    def tokens(self, page: Page) -> object:
        names = ["paper", "ink", "quiet", "hair", "accent", "glow", "code-word"]
        return page.evaluate(
            "(names) => names.map((name) => { const probe = document.createElement('i');"
            " probe.style.color = `var(--${name})`; document.body.append(probe);"
            " const found = getComputedStyle(probe).color; probe.remove(); return found })",
            names,
        )

    def test_without_scripts_there_is_no_switch(self, browser: Browser, served: Served):
        context = browser.new_context(java_script_enabled=False)
        page = context.new_page()
        page.goto(served.address(STORY))
        expect(page.locator("#scheme")).to_be_hidden()
        context.close()
