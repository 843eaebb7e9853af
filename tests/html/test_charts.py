"""Charts in a browser: nothing over anything else, nothing too small, all said in words as well."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.building import SiteFolder
from tests.html.browser import Served, check_accessibility, check_visits
from tests.html.findings import report
from tests.html.html_validate import check_with_html_validate
from tests.html.nu import check_with_nu
from tests.html.server import serve

pytestmark = pytest.mark.slow

TOPICS = {
    "x": "The subject of all of these stories",
    "long": "Bundesverfassungsgerichtspräsidentinnenwahl",
    "words": "An organisation for economic co-operation and development",
    "han": "中华人民共和国国家发展和改革委员会",
    "kana": "ソフトバンクグループ株式会社",
    "arabic": "منظمة الدول العربية المصدرة للبترول",
    "capitals": "WWWWWWWWWW MMMMMMMMMM",
    "short": "EU",
    "thai": "ราชอาณาจักรไทย",
}
LANGUAGES = {"han": "zh", "kana": "ja", "arabic": "ar", "thai": "th"}
PAGES = ["topics/x/index.html", "stories/s0/index.html", "stories/s1/index.html",
         "stories/s2/index.html", "questions/q/index.html"]  # fmt: skip
KINDS = ("newspaper", "agency", "broadcaster", "magazine", "online", None)
COUNTRIES = ("GB", "US", "HK", "VC", "CD", None)


def write(root: Path, language: str) -> SiteFolder:
    """Write a site whose charts are hard to draw."""
    site = SiteFolder(root, theme="gazette")
    site.setting("site", f'language = "{language}"')
    for slug, name in TOPICS.items():
        site.topic(slug, name=name, lang=LANGUAGES.get(slug, language), description="What it is.")
    for number in range(6):
        site.entry("paper", f"p{number}", name=f"The Daily Paper of Place {number}",
                   kind=KINDS[number], country=COUNTRIES[number], language="en")  # fmt: skip
    body = "## What's happened\n\nNews.\n\n## What the papers say\n\nMuch."
    for number in range(30):
        topics = ["x", *(slug for n, slug in enumerate(TOPICS) if n and number % n == 0)]
        events = [{"date": f"{1990 + n % 36}-0{n % 9 + 1}", "text": f"Event {n} of {number}."}
                  for n in range(number, number + 4)]  # fmt: skip
        cited = {0: 30, 1: 1, 2: 3}.get(number, 0)
        sources = [source(n) for n in range(cited)]
        date = f"{2015 + number % 11}-0{number % 9 + 1}-11"
        site.story(f"s{number}", body, topics=topics, events=events, sources=sources, date=date)
    site.question("q", topics=["x"], sources=[source(n) for n in range(8)])
    return site


def source(number: int) -> dict[str, Any]:
    given: dict[str, Any] = {"id": f"s{number}", "paper": f"p{number * number % 6}"}
    if number % 2:
        given |= {"title": f"The headline of article number {number}", "date": "2025-09"}
    if number % 3:
        given["url"] = "https://paper.example.com/article"
    if number % 5 == 0:
        given |= {"archived": "https://archive.example/copy", "quote": "It is as it is."}
    return given


@pytest.fixture(scope="module", params=["en", "ar"])
def served(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    site = write(tmp_path_factory.mktemp(request.param), request.param)
    outcome = site.build()
    assert outcome.ok, outcome.result.diagnostics
    with serve(site.output) as url:
        yield Served(site.output, url)


@pytest.fixture(params=[320, 1440])
def topic(browser: Browser, served: Served, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The page of the topic, on the smallest screen and on a large one."""
    page = browser.new_page(
        viewport={"width": request.param, "height": 900}, reduced_motion="reduce"
    )
    page.goto(served.address("topics/x/index.html"))
    page.evaluate("document.fonts.ready")
    yield page
    page.close()


BOXES = """elements => elements.map(element => {
    const box = element.getBoundingClientRect();
    return [box.left, box.top, box.right, box.bottom];
})"""


def boxes(page: Page, selector: str) -> list[list[float]]:
    """Return left, top, right and bottom of elements, as they are seen."""
    found: list[list[float]] = page.locator(selector).evaluate_all(BOXES)
    assert found, selector
    return found


def overlaps(found: list[list[float]]) -> list[tuple[list[float], list[float]]]:
    """Return the pairs of boxes that overlap by more than half a pixel."""
    return [
        (one, other)
        for number, one in enumerate(found)
        for other in found[:number]
        if min(one[2], other[2]) - max(one[0], other[0]) > 0.5
        and min(one[3], other[3]) - max(one[1], other[1]) > 0.5
    ]


def test_labels_of_the_map_do_not_overlap_and_none_is_cut(topic: Page):
    labels = boxes(topic, ".map a text")
    assert len(labels) == 8
    assert overlaps(labels) == []
    (drawing,) = boxes(topic, ".map svg")
    for left, top, right, bottom in labels:
        assert left >= drawing[0] - 1
        assert top >= drawing[1] - 1
        assert right <= drawing[2] + 1
        assert bottom <= drawing[3] + 1


def test_years_of_the_strip_do_not_overlap(topic: Page):
    assert overlaps(boxes(topic, ".strip text")) == []


def test_links_are_large_enough_to_hit_and_named(topic: Page):
    for left, top, right, bottom in boxes(topic, ".strip a, .map a"):
        assert right - left >= 24
        assert bottom - top >= 24
    names = topic.locator(".strip a, .map a").evaluate_all(
        "links => links.map(link => link.getAttribute('aria-label'))"
    )
    assert all(names)
    assert len(set(names)) == len(names)


def test_a_card_comes_up_at_a_topic_of_the_map(topic: Page):
    topic.locator(".map a").first.focus()
    topic.keyboard.press("Tab")
    expect(topic.locator(".peek:visible")).to_have_count(1)
    topic.keyboard.press("Escape")
    expect(topic.locator(".peek:visible")).to_have_count(0)


def test_text_is_large_enough_to_read(topic: Page):
    sizes = topic.locator(".map text, .strip text, .over-time text").evaluate_all(
        "texts => texts.map(text => parseFloat(getComputedStyle(text).fontSize)"
        " * text.getScreenCTM().a)"
    )
    assert min(sizes) >= 12


def test_a_part_of_the_strip_leads_to_its_first_event(topic: Page):
    link = topic.locator(".strip a").last
    target = topic.locator(f"[id='{link.get_attribute('href')[1:]}']")  # type: ignore[index]
    link.focus()
    topic.keyboard.press("Enter")
    top = target.evaluate("target => target.getBoundingClientRect().top")
    assert 0 <= top < 900


def test_the_table_says_what_the_columns_show(topic: Page):
    counts = [int(text) for text in topic.locator(".over-time td").all_text_contents()]
    heights = topic.locator(".over-time rect").evaluate_all(
        "bars => bars.map(bar => bar.getBoundingClientRect().height)"
    )
    assert sum(counts) == 30
    shown = [count for count in counts if count]
    for count, height in zip(shown, heights, strict=True):
        assert height == pytest.approx(max(heights) * count / max(counts), abs=1)


def test_marks_are_seen_where_colours_are_forced(browser: Browser, served: Served):
    context = browser.new_context(forced_colors="active", color_scheme="dark")
    page = context.new_page()
    page.goto(served.address("topics/x/index.html"))
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    fills = (".over-time rect", ".map a circle:not(.hit)", ".map text", ".strip text")
    for selector, name in ((".marks", "stroke"), *((one, "fill") for one in fills)):
        colour = page.locator(selector).first.evaluate(f"one => getComputedStyle(one).{name}")
        assert colour != ground, selector
    context.close()


def test_the_checkers_of_html_find_nothing(served: Served):
    assert report(check_with_nu(served.root)) == ""
    assert report(check_with_html_validate(served.root)) == ""


def test_nothing_is_wrong_with_the_pages(browser: Browser, served: Served):
    found = check_accessibility(browser, served, PAGES, 320, "light")
    found += check_accessibility(browser, served, PAGES, 1440, "dark")
    assert report(found) == ""
    assert report(check_visits(browser, served, PAGES)) == ""
