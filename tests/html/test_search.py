"""The search page in a browser: what readers type, what they find, and how they get there."""

import json
import random
import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from explainer.content.words import parts
from tests.conftest import BuiltSite
from tests.html.browser import Scheme, Served
from tests.html.server import serve
from tests.tooling import ROOT, node_module

pytestmark = pytest.mark.slow


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 360, "height": 800})
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, served: Served) -> Page:
    """The search page, open, with the cursor in its field."""
    page = context.new_page()
    page.goto(f"{served.url}search/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    return page


def words_of(page: Page) -> str:
    return page.get_by_role("status").inner_text()


def results(page: Page, kind: str) -> list[str]:
    """Return the titles of the results of a kind, once they are there."""
    expect(page.get_by_role("status")).not_to_be_empty()
    part = page.locator(f"[data-results={kind}]")
    return part.locator("h3").all_inner_texts() if part.is_visible() else []


def look_for(page: Page, served: Served, query: str) -> None:
    page.goto(f"{served.url}search/?q={quote(query)}")
    expect(page.get_by_role("status")).not_to_be_empty()


# -- finding -------------------------------------------------------------------------------------


def test_results_come_while_one_types(page: Page):
    page.keyboard.type("semic", delay=20)
    assert results(page, "topic")[0] == "Semiconductors"
    assert results(page, "story")
    assert re.fullmatch(r"\d+ results for “semic”", words_of(page))


@pytest.mark.parametrize(
    ("query", "topic"),
    [
        ("nvidia", "Nvidia"),
        ("NVIDIA Corporation", "Nvidia"),
        ("英伟达", "Nvidia"),
        ("台", "Taiwan"),
        ("россия", "Russia"),
        ("البحر الأحمر", "Red Sea"),
        ("البحر الاحمر", "Red Sea"),
        ("ים סוף", "Red Sea"),
        ("नरेन्द्र मोदी", "Narendra Modi"),
        ("maersk", "Maersk"),
        ("MÆRSK", "Maersk"),
        ("chatgpt", "OpenAI"),
        ("union europeenne", "European Union"),
        ("usa", "United States"),
    ],
)
def test_topics_are_found_by_every_name_and_stand_first(
    page: Page, served: Served, query: str, topic: str
):
    look_for(page, served, query)
    assert results(page, "topic")[0] == topic
    first = page.locator("main h3").first
    assert first.inner_text() == topic


def test_other_names_are_said(page: Page, served: Served):
    look_for(page, served, "英伟达")
    expect(page.locator("[data-results=topic] li").first).to_contain_text("英伟达")


def test_titles_stand_before_texts_and_the_newest_first_among_equals(page: Page, served: Served):
    look_for(page, served, "China")
    titles = results(page, "story")
    have = ["china" in title.lower() for title in titles]
    assert have == sorted(have, reverse=True)
    assert have[0]


def test_all_words_must_be_there(page: Page, served: Served):
    look_for(page, served, "nvidia zzyzx")
    assert words_of(page) == "Nothing found for “nvidia zzyzx”. Try fewer or other words."
    assert page.locator("[data-results]:visible").count() == 0
    expect(page.get_by_role("link", name="Topics from A to Z")).to_be_visible()


def test_words_are_text(page: Page, served: Served):
    look_for(page, served, "<b>$& {count} zzyzx")
    assert words_of(page) == "Nothing found for “<b>$& {count} zzyzx”. Try fewer or other words."


def test_more_results_are_shown_when_asked_for(page: Page, served: Served):
    look_for(page, served, "the")
    stories = page.locator("[data-results=story]")
    before = stories.locator("li").count()
    total = int(stories.locator("[data-count]").inner_text())
    assert total > before
    stories.get_by_role("button", name="Show more").click()
    expect(stories.locator("li")).to_have_count(min(total, before + 20))
    # The next result is read on from, by the keyboard too.
    expect(stories.locator("h3 a").nth(before)).to_be_focused()


# -- ways ----------------------------------------------------------------------------------------


def test_the_masthead_leads_there_and_the_keyboard_does_all(page: Page, served: Served):
    page.goto(served.url)
    page.get_by_role("link", name="Search").press("Enter")
    page.wait_for_url("**/search/")
    page.keyboard.type("huawei")
    expect(page.get_by_role("status")).not_to_be_empty()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="Huawei", exact=True)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/topics/huawei/")
    page.go_back()
    expect(page.get_by_role("searchbox")).to_have_value("huawei")
    assert results(page, "topic")[0] == "Huawei"


def test_queries_stand_in_the_address_and_in_history(page: Page):
    field = page.get_by_role("searchbox")
    for query in ("moon", "nato"):
        field.fill(query)
        field.press("Enter")
        page.wait_for_url(f"**/search/?q={query}")
        expect(page).to_have_title(re.compile(f"^{query} "))
    page.go_back()
    page.wait_for_url("**/search/?q=moon")
    expect(field).to_have_value("moon")
    assert "“moon”" in words_of(page)
    page.go_back()
    page.wait_for_url("**/search/")
    expect(field).to_have_value("")
    expect(page.get_by_role("status")).to_be_empty()


def test_it_works_under_a_path(context: BrowserContext, site_under_path: BuiltSite):
    root = site_under_path.root
    with serve(root.parent) as url:
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{url}{root.name}/search/?q=nvidia")
        assert results(page, "topic")[0] == "Nvidia"
        page.get_by_role("link", name="Nvidia", exact=True).click()
        page.wait_for_url(f"**/{root.name}/topics/nvidia/")
        assert all(one.startswith((f"{url}{root.name}/", "data:")) for one in asked)


def test_without_scripts_it_leads_to_the_lists(browser: Browser, served: Served):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served.url}search/?q=nvidia")
    expect(page.get_by_role("searchbox")).to_be_hidden()
    expect(page.get_by_text("The search needs JavaScript.")).to_be_visible()
    page.get_by_role("link", name="Topics from A to Z").click()
    page.wait_for_url("**/topics/")
    context.close()


def test_an_index_that_does_not_load_is_said(page: Page):
    page.route("**/search/**.json", lambda route: route.abort())
    page.get_by_role("searchbox").fill("nvidia")
    expect(page.get_by_role("status")).to_contain_text("cannot be loaded")
    page.unroute("**/search/**.json")
    page.get_by_role("searchbox").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("results for")


def test_the_script_is_loaded_on_the_search_page_alone(page: Page, served: Served):
    page.goto(f"{served.url}topics/nvidia/")
    assert "search." not in "".join(
        script.get_attribute("src") or "" for script in page.locator("script[src]").all()
    )


# -- access --------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("query", ["china", "البحر", "zzyzx"])
def test_axe_finds_nothing_with_results_shown(
    browser: Browser, served: Served, scheme: Scheme, width: int, query: str
):
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
    )
    context.add_init_script(node_module("axe-core/axe.min.js").read_text("utf-8"))
    page = context.new_page()
    look_for(page, served, query)
    found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
    assert [f"{one['id']}: {one['nodes'][0]['html']}" for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_the_policy_of_the_page_is_kept(context: BrowserContext, served: Served):
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    look_for(page, served, "china")
    assert said == []


# -- both ends fold alike ------------------------------------------------------------------------

AWKWARD = [
    "Straße STRAẞE strasse",
    "ΣΊΣΥΦΟΣ σίσυφος ς",
    "İstanbul ısı I i",
    "Łódź Ærø œuvre Þór đ ŋ ħ ŧ",
    "ﬁne ﬂow ½ ① ² ℃ ㎏",
    "ＡＩ ｶﾞ ﾊﾟ ガギグ が",
    "한국어 ᄒᆞᆫ 한국",
    "中国芯片AI 台積電 々〇",
    "ไทย ລາວ မြန်မာ ខ្មែរ",
    "हिन्दी নতুন தமிழ்",
    "إسرائيل مُحَمَّد مـصـر می‌خواهم",
    "שָׁלוֹם",
    "Ёлка й ї",
    "so\u00adlar a\u200db \ufeffx",
    "O’Neil's l’économie “x” – a—b…",
    "a_b-c.d@e/f",
    "ᾳ ΐ ǰ ŉ ẖ",
    "𝔘𝔫𝔦 𠮷野家 🎈",
    "\u0301a e\u0301 é",
    "ⅷ Ⅷ ǆ ǅ",
]


def samples() -> list[str]:
    """Return texts of all sorts: awkward ones, those of the site, and every letter there is."""
    chance = random.Random(5)
    assigned = [
        chr(code)
        for code in range(0x20, 0x30000)
        if not 0xD800 <= code < 0xE000 and unicodedata.category(chr(code)) not in ("Cn", "Co")
    ]
    mixed = ["".join(chance.choices(assigned, k=12)) for _ in range(2000)]
    # Each between letters, for what is silent joins them and what is a sign parts them.
    each = [f"a{char}b {char}" for char in assigned]
    content = [file.read_text("utf-8") for file in sorted((ROOT / "content").rglob("*.md"))]
    return AWKWARD + mixed + each + content


def test_words_of_authors_and_of_readers_are_folded_and_cut_alike(page: Page, served: Served):
    script = page.locator("script[src*='/search.']").get_attribute("src")
    found = page.evaluate(
        """async ([script, texts]) => {
            const { parts } = await import(script);
            return JSON.stringify(texts.map(parts));
        }""",
        [script, texts := samples()],
    )
    differ = [
        f"{text!r}: {mine} here, {theirs} there"
        for text, mine, theirs in zip(texts, map(parts, texts), json.loads(found), strict=True)
        if mine != theirs
    ]
    assert differ == []
