"""The whole of `explainer serve` in a real browser, as a writer and a designer meet it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.html.browser import chromium
from tests.serve.running import Serving, repository
from tests.serve.test_running import PAGE, STORY, add, another, edit

OWN = "explainer-preview"
expect.set_options(timeout=30_000)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def page(browser: Browser, serving: Serving) -> Iterator[Page]:
    """A page of the story, with all that the console says; it must say nothing."""
    said: list[str] = []
    context = browser.new_context(viewport={"width": 1000, "height": 700})
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(serving.address + PAGE)
    page.locator(OWN).wait_for(state="attached")
    yield page
    context.close()
    assert said == []


def test_an_edit_is_seen_and_the_place_is_kept(root: Path, page: Page):
    page.evaluate("window.mark = true; scrollTo(0, 900)")
    add(root, STORY, "\nA sentence of the afternoon.\n")
    page.get_by_text("A sentence of the afternoon.").wait_for()
    assert page.evaluate("[window.mark, scrollY]") == [True, 900]
    edit(root, STORY, "title: Switzerland", "title: Helvetia")
    expect(page.locator("h1")).to_contain_text("Helvetia")
    expect(page).to_have_title("Helvetia marries off Credit Suisse in a weekend")
    assert page.evaluate("[window.mark, scrollY]") == [True, 900]


def test_a_style_sheet_is_swapped(root: Path, page: Page):
    page.evaluate("window.mark = true; scrollTo(0, 900)")
    add(root, "themes/gazette/assets/style.css", "\nh1 { color: rgb(1, 2, 3) !important }\n")
    expect(page.locator("h1")).to_have_css("color", "rgb(1, 2, 3)")
    assert page.evaluate("[window.mark, scrollY]") == [True, 900]
    assert page.locator("link[rel=stylesheet]").count() == 1


def test_a_template_is_seen(root: Path, page: Page):
    edit(root, "themes/gazette/templates/partials/footer.html", "<footer", '<footer data-x="1"')
    page.locator("footer[data-x]").wait_for(state="attached")


def test_an_error_is_told_and_goes_when_it_is_mended(root: Path, page: Page):
    edit(root, STORY, "authors: [tomas-okafor]", "authors: [tomas-okafr]")
    told = page.locator(OWN).get_by_role("heading", name="The site was not built: 1 error.")
    expect(told).to_be_visible()
    expect(page.locator(OWN).get_by_text(STORY).filter(visible=True)).not_to_have_count(0)
    expect(page.locator(OWN).locator("mark").first).to_have_text("tomas-okafr")
    expect(page.locator(OWN).get_by_text('did you mean "tomas-okafor"?')).to_be_visible()
    expect(page.locator("h1")).to_be_visible()
    edit(root, STORY, "authors: [tomas-okafr]", "authors: [tomas-okafor]")
    expect(told).to_be_hidden()


def test_a_page_comes_moves_and_goes(root: Path, serving: Serving, browser: Browser):
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{serving.address}/stories/another-bank/")
    expect(page.locator("h1")).not_to_contain_text("Switzerland")
    file = another(root, "another-bank")
    expect(page.locator("h1")).to_contain_text("Switzerland", timeout=30_000)
    file.rename(file.with_name("renamed-bank.md"))
    gone = page.locator(OWN).get_by_text("This page is no longer part of the site")
    expect(gone).to_be_visible(timeout=30_000)
    file.with_name("renamed-bank.md").rename(file)
    expect(gone).to_be_hidden(timeout=30_000)
    context.close()


def test_another_branch(root: Path, page: Page):
    run = repository(root)
    run("switch", "-qc", "other")
    for number in range(100):
        another(root, f"bank-{number}")
    edit(root, STORY, "title: Switzerland", "title: Helvetia")
    run("add", "-A")
    run("commit", "-qm", "more")
    expect(page.locator("h1")).to_contain_text("Helvetia")
    run("switch", "-q", "main")
    expect(page.locator("h1")).to_contain_text("Switzerland")
    run("switch", "-q", "other")
    expect(page.locator("h1")).to_contain_text("Helvetia")


def test_the_panel_tells_what_the_page_is_made_from(page: Page):
    page.locator(OWN).get_by_role("button", name="Preview").click()
    panel = page.locator(OWN)
    expect(panel.get_by_text(STORY).first).to_be_visible()
    expect(panel.get_by_role("link", name="Credit Suisse", exact=True)).to_be_visible()
    expect(panel.get_by_text("To do on this site")).to_be_visible()
