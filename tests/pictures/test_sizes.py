"""In which widths a picture is published, and what those files are called."""

import pytest

from explainer.pictures.seen import Seen
from explainer.pictures.sizes import Shown, candidates, largest, scaled, widths
from tests.building import SiteBuilder, site

BOAT = Seen("jpeg", 3000, 2000, mark="abc123")
IMAGE = {"alt": "A boat", "credit": "Jo"}


@pytest.mark.parametrize(
    ("size", "wanted"),
    [
        ((6000, 4000), (240, 480, 960, 1440, 1920)),
        ((1920, 1280), (240, 480, 960, 1440, 1920)),
        ((1000, 700), (240, 480, 1000)),
        ((1200, 700), (240, 480, 960, 1200)),
        ((500, 500), (240, 500)),
        ((240, 100), (240,)),
        ((1, 1), (1,)),
    ],
)
def test_widths_go_up_to_that_of_the_picture(size: tuple[int, int], wanted: tuple[int, ...]):
    assert widths(*size) == wanted


def test_a_tall_picture_is_made_narrower_until_it_can_be_written():
    wide = largest(1000, 30_000)
    assert wide < 1000
    assert scaled(1000, 30_000, wide)[1] <= 16_383


@pytest.mark.parametrize("size", [(6000, 4000), (1000, 30_000), (777, 13), (50_000, 3)])
def test_widths_of_what_is_shown_are_those_of_the_file(size: tuple[int, int]):
    wide = largest(*size)
    assert widths(*scaled(*size, wide)) == widths(*size)


def test_names_hold_what_tells_the_content():
    shown = Shown("/stories/a/über.photo.jpg", 500, 400, "abc123")
    assert [one.url for one in candidates(shown)] == [
        "/stories/a/über.photo.abc123.240.avif",
        "/stories/a/über.photo.abc123.500.avif",
        "/stories/a/über.photo.abc123.240.webp",
        "/stories/a/über.photo.abc123.500.webp",
    ]


def test_what_has_no_mark_has_one_size():
    assert list(candidates(Shown("/a.svg", 500, 400))) == []


# -- the plan ------------------------------------------------------------------------------------


def boats() -> SiteBuilder:
    return site().picture("content/stories/boat.jpg", BOAT)


def pictures_of(builder: SiteBuilder) -> dict[str, tuple[str, str, int]]:
    """Return the outputs that are pictures: path -> file, format, width."""
    return {
        one.path: (one.kind, one.slug, one.number)
        for one in builder.plan()
        if one.sort == "picture"
    }


def test_a_picture_of_an_entry_is_planned_in_all_sizes():
    found = pictures_of(boats().story("a", image=IMAGE | {"src": "boat.jpg"}))
    file = "content/stories/boat.jpg"
    assert found.pop("stories/a/boat.jpg") == (file, "jpeg", 1920)
    assert len(found) == 10
    assert found["stories/a/boat.abc123.960.avif"] == (file, "avif", 960)


def test_so_is_one_in_prose():
    shown = pictures_of(boats().story("a", image=IMAGE | {"src": "boat.jpg"}))
    assert pictures_of(boats().story("a", "![A boat](boat.jpg)")) == shown
    assert pictures_of(boats().story("a", "![A](boat.jpg) ![B](boat.jpg)")) == shown


def test_one_that_is_only_linked_keeps_its_width_and_has_no_sizes():
    found = pictures_of(boats().story("a", "[The boat](boat.jpg)"))
    assert found == {"stories/a/boat.jpg": ("content/stories/boat.jpg", "jpeg", 0)}


def test_one_that_is_shown_and_linked_keeps_its_width():
    found = pictures_of(boats().story("a", "[![A boat](boat.jpg)](boat.jpg)"))
    assert found["stories/a/boat.jpg"][2] == 0
    assert len(found) == 11


def test_two_entries_have_it_each_beside_its_page():
    builder = boats().story("a", "![A](boat.jpg)").story("b", "[A](boat.jpg)")
    found = pictures_of(builder)
    assert {path for path in found if path.startswith("stories/b/")} == {"stories/b/boat.jpg"}


@pytest.mark.parametrize("sort", ["svg", "gif"])
def test_drawings_and_animations_have_one_size(sort: str):
    seen = Seen(sort, 300, 200, sort == "gif", "abc123")
    builder = site().picture(f"content/stories/x.{sort}", seen).story("a", f"![A](x.{sort})")
    names = [one.path for one in builder.plan() if "/x." in one.path]
    assert names == [f"stories/a/x.{sort}"]


def test_copies_of_one_picture_share_their_sizes():
    builder = boats().picture("content/stories/boat.jpeg", BOAT)
    found = builder.story("a", "![A](boat.jpg) ![B](boat.jpeg)").planned()
    assert len(found) == len(set(found))


# -- what pages say ------------------------------------------------------------------------------


def picture_of(builder: SiteBuilder, key: tuple[str, str] = ("story", "a")):
    return builder.views().card(key).image


def test_the_view_has_sizes_and_sources():
    picture = picture_of(boats().story("a", image=IMAGE | {"src": "boat.jpg"}))
    assert picture is not None
    assert (picture.url, picture.width, picture.height) == ("/stories/a/boat.jpg", 1920, 1280)
    assert [one.type for one in picture.sources] == ["image/avif", "image/webp"]
    srcset = picture.sources[0].srcset
    assert srcset.startswith("/stories/a/boat.abc123.240.avif 240w, ")
    assert srcset.endswith(" 1920w")


def test_addresses_are_those_of_a_site_under_a_path():
    builder = site(base_url="https://example.org/a b/").picture("content/stories/ü,1.jpg", BOAT)
    picture = picture_of(builder.story("a", image=IMAGE | {"src": "ü,1.jpg"}))
    assert picture is not None
    assert "/a%20b/stories/a/%C3%BC,1.abc123.480.webp 480w" in picture.sources[1].srcset


def prose_of(builder: SiteBuilder) -> str:
    from explainer.site.rendering import ProseRenderer

    facts = builder.facts()
    entry = facts.entry(("story", "a"))
    return ProseRenderer(facts, ("story", "a")).html(entry.body.lead)


def test_prose_has_a_picture_element_with_both_formats():
    html = prose_of(boats().story("a", '![A "boat"](boat.jpg)'))
    assert html.startswith('<figure><picture><source type="image/avif" srcset="/stories/a/boat.')
    assert '<source type="image/webp"' in html
    assert 'width="1920" height="1280" loading="lazy" decoding="async"></picture></figure>' in html


def test_a_drawing_in_prose_is_a_mere_img_with_its_size():
    builder = site().picture("content/stories/x.svg", Seen("svg", 40, 30)).story("a", "![A](x.svg)")
    assert '<img src="/stories/a/x.svg" alt="A" width="40" height="30"' in prose_of(builder)


def test_a_picture_of_static_is_as_it_is_but_has_its_size():
    builder = site().picture("static/x.png", Seen("png", 40, 30, mark="m"))
    html = prose_of(builder.story("a", "![A](/x.png)"))
    assert '<img src="/x.png" alt="A" width="40" height="30"' in html
    assert pictures_of(builder) == {}


def test_feeds_have_a_plain_img_with_a_whole_address():
    feed = boats().story("a", "![A](boat.jpg)").output("feed.xml").decode()
    assert '&lt;img src="https://example.org/stories/a/boat.jpg" alt="A"' in feed
    assert "srcset" not in feed


# -- what is wrong -------------------------------------------------------------------------------

BAD = Seen(code="E216", message="is broken")


@pytest.mark.parametrize(
    "entry",
    [{"image": IMAGE | {"src": "x.png"}}, {"body": "![A](x.png)"}, {"body": "[A](x.png)"}],
)
def test_a_bad_picture_is_found_wherever_it_is_named(entry: dict[str, object]):
    builder = site().picture("content/stories/x.png", BAD)
    builder.story("a", str(entry.pop("body", "")), **entry)
    assert builder.findings() == ["E216"]


def test_a_bad_picture_that_nobody_names_is_none_of_the_site():
    assert site().picture("content/stories/x.png", BAD).story("a").findings() == []


def test_a_bad_picture_of_a_draft_is_found_before_it_is_published():
    builder = site().picture("content/stories/x.png", BAD)
    assert builder.story("a", "![A](x.png)", draft=True).findings() == ["E216"]


def test_what_is_linked_in_static_is_trusted():
    builder = site().picture("static/x.png", BAD)
    assert builder.story("a", "[A](/x.png)").findings() == []
    assert builder.story("b", "![A](/x.png)").findings() == ["E216"]


@pytest.mark.parametrize(("name", "codes"), [("x.jpg", ["E222"]), ("x.PNG", []), ("x", ["E222"])])
def test_name_and_content_must_agree(name: str, codes: list[str]):
    builder = site().picture(f"content/stories/{name}", Seen("png", 4, 3))
    assert builder.story("a", f"![A]({name})").findings() == codes


def test_a_page_is_no_picture():
    assert site().topic("x").story("a", "![A](/topics/x/)").findings() == ["E215"]
