"""What a reader of the example site can do beyond reading: cards at links, and the colours."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.html.browser import HEIGHT, Scheme, Served

STORY = "stories/china-ai-chips/index.html"
LINK = ".prose a[href='/topics/nvidia/']"
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


class TestCards:
    def test_a_card_comes_up_where_a_link_is_pointed_at_and_can_be_pointed_at(self, page: Page):
        card = page.locator(".peek[data-peek='/topics/nvidia/']")
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
        card = page.locator(".peek[data-peek='/topics/nvidia/']")
        expect(card).to_be_visible()
        page.keyboard.press("Escape")
        expect(card).to_be_hidden()
        page.wait_for_timeout(LONG)
        expect(card).to_be_hidden()

    def test_it_stays_while_the_page_is_scrolled(self, page: Page):
        page.locator(LINK).first.hover()
        card = page.locator(".peek[data-peek='/topics/nvidia/']")
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
        card = page.locator(".peek[data-peek='/topics/nvidia/']")
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
