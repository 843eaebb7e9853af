"""Social cards of gazette: what they show, that it stays inside, and what pages say of them."""

from __future__ import annotations

import io
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from explainer.theme import pictures
from tests.building import SiteFolder
from tests.unit.test_typesetting import TITLES

FONTS = Path(__file__).parents[1] / "fonts"
CJK = ("noto-serif-sc", "noto-serif-jp", "noto-serif-kr")
SETTINGS = f"\n[cards]\nfonts = {[f'fonts/{name}.ttf' for name in CJK]}\n"
PAPER = "#fdfbf7"
MARGIN = 72
ROUGH = 2
"""Pixels by which letters may stand over the margin: round ones do, to look even."""


def with_fonts(root: Path, settings: str = SETTINGS) -> SiteFolder:
    """Start a site that has fonts for Chinese, Japanese and Korean."""
    folder = SiteFolder(root, "gazette", settings)
    for name in CJK:
        folder.write(f"fonts/{name}.ttf", (FONTS / f"{name}.ttf").read_bytes())
    return folder


def slug_of(name: str) -> str:
    return name.lower().replace(" ", "-")


@pytest.fixture(scope="module")
def titles(tmp_path_factory: pytest.TempPathFactory) -> SiteFolder:
    """A site with a story for each title, a question and a topic."""
    folder = with_fonts(tmp_path_factory.mktemp("titles") / "site")
    for name, (language, title) in TITLES.items():
        folder.story(slug_of(name), title=title, lang=language, topics=["chips"])
    folder.question("why", title="Why & how?", topics=["chips"])
    folder.topic("chips", name="Semiconductors", kind="product", description="Chips.")
    outcome = folder.build()
    assert outcome.codes == []
    return folder


def picture(folder: SiteFolder, path: str) -> Image.Image:
    return Image.open(io.BytesIO((folder.output / path).read_bytes())).convert("RGB")


def ink(image: Image.Image, box: tuple[int, int, int, int]) -> tuple[int, int, int, int] | None:
    """Return the bounds of all that is not paper in a part of a picture; None for nothing."""
    part = image.crop(box)
    return ImageChops.difference(part, Image.new("RGB", part.size, PAPER)).getbbox()


def tags(page: str) -> list[tuple[str, str]]:
    """Return the properties and names of a page's head with their contents."""
    return re.findall(r'<meta (?:property|name)="((?:og|article|twitter):[\w:]+)" content="(.*?)">',
                      page)  # fmt: skip


class TestWhatIsDrawn:
    @pytest.mark.parametrize(
        "path", ["stories/short.png", "questions/why.png", "topics/chips.png", "site.png"]
    )
    def test_there_is_one_for_each(self, titles: SiteFolder, path: str) -> None:
        image = picture(titles, f"cards/{path}")
        assert image.size == (pictures.WIDTH, pictures.HEIGHT)
        assert image.getpixel((600, 4)) == (0x7A, 0x1F, 0x1F)
        assert ink(image, (MARGIN, 130, 1128, 540)) is not None

    @pytest.mark.parametrize("name", TITLES)
    def test_no_title_leaves_its_place(self, titles: SiteFolder, name: str) -> None:
        image = picture(titles, f"cards/stories/{slug_of(name)}.png")
        assert ink(image, (0, 17, MARGIN - ROUGH, 630)) is None, "left of the margin"
        assert ink(image, (1128 + ROUGH, 17, 1200, 630)) is None, "right of it"
        assert ink(image, (0, 614, 1200, 630)) is None, "below the foot"
        assert ink(image, (0, 541, 1200, 551)) is None, "at the line above the foot"
        assert ink(image, (MARGIN, 200, 1128, 540)) is not None, "no title at all"

    def test_a_title_that_left_its_place_would_be_seen(self, titles: SiteFolder) -> None:
        svg = (
            '<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="630">'
            f'<rect width="1200" height="630" fill="{PAPER}"/>'
            '<rect x="60" y="90" width="9" height="9"/></svg>'
        )
        image = Image.open(io.BytesIO(pictures.png(svg))).convert("RGB")
        assert ink(image, (0, 17, MARGIN - ROUGH, 630)) == (60, 73, 69, 82)

    @pytest.mark.parametrize(("name", "side"), [("Arabic", "right"), ("short", "left")])
    def test_titles_begin_at_the_side_of_their_script(
        self, titles: SiteFolder, name: str, side: str
    ) -> None:
        image = picture(titles, f"cards/stories/{slug_of(name)}.png")
        found = ink(image, (0, 200, 1200, 540))
        assert found is not None
        if side == "right":
            assert found[2] > 1110
            assert found[0] > MARGIN + 50
        else:
            assert found[0] < 90

    def test_settings_of_the_theme_show(self, tmp_path: Path) -> None:
        settings = (
            'publisher = { logo = "logo.svg" }\n'
            '[theme]\naccent = "#005577"\npaper = "#eeeeff"\nnameplate = "logo"\n'
        )
        folder = SiteFolder(tmp_path / "site", "gazette", settings).story("a")
        logo = (
            '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
            '<rect width="9" height="9" fill="#0f0"/></svg>'
        )
        folder.write("static/logo.svg", logo).built()
        image = picture(folder, "cards/stories/a.png")
        assert image.getpixel((600, 4)) == (0x00, 0x55, 0x77)
        assert image.getpixel((20, 600)) == (0xEE, 0xEE, 0xFF)
        assert image.getpixel((MARGIN + 20, 70)) == (0, 0xFF, 0)
        mark = folder.read("/stories/a/")
        folder.write("static/logo.svg", logo.replace("#0f0", "#f00")).built()
        assert picture(folder, "cards/stories/a.png").getpixel((MARGIN + 20, 70)) == (0xFF, 0, 0)
        assert folder.read("/stories/a/") != mark, "the page names the old picture"

    def test_a_pale_accent_is_made_readable(self, tmp_path: Path) -> None:
        folder = SiteFolder(tmp_path / "site", "gazette", '[theme]\naccent = "#ffe680"\n')
        folder.topic("t", kind="place").built()
        image = picture(folder, "cards/topics/t.png").crop((MARGIN, 145, 700, 180))
        assert image.convert("L").point(lambda grey: 255 * (grey < 130)).getbbox()

    def test_a_block_can_be_replaced(self, tmp_path: Path) -> None:
        folder = SiteFolder(tmp_path / "site", "mine").story("a")
        folder.write("themes/mine/theme.toml", 'name = "mine"\nextends = "gazette"\n')
        folder.write("themes/mine/templates/social-card.svg",
                     '{% extends "gazette/social-card.svg" %}{% block background %}'
                     '<rect width="1200" height="630" fill="#123456"/>{% endblock %}')  # fmt: skip
        folder.built()
        assert picture(folder, "cards/stories/a.png").getpixel((3, 3)) == (0x12, 0x34, 0x56)


class TestTags:
    def test_a_story(self, titles: SiteFolder) -> None:
        found = tags(titles.read("/stories/short/"))
        (url,) = [content for name, content in found if name == "og:image"]
        assert re.fullmatch(r"https://example\.org/cards/stories/short\.png\?v=[0-9a-f]{10}", url)
        for pair in [
            ("og:image:width", "1200"), ("og:image:height", "630"),
            ("og:image:type", "image/png"), ("og:image:alt", "China builds its own AI chips"),
            ("og:locale", "en_US"), ("og:type", "article"),
            ("twitter:card", "summary_large_image"), ("article:tag", "Semiconductors"),
        ]:  # fmt: skip
            assert pair in found
        assert ("og:locale", "ar_EG") in tags(titles.read("/stories/arabic/"))

    @pytest.mark.parametrize("url", ["/", "/stories/", "/topics/", "/questions/"])
    def test_home_and_indexes_have_that_of_the_site(self, titles: SiteFolder, url: str) -> None:
        (found,) = [content for name, content in tags(titles.read(url)) if name == "og:image"]
        assert found.startswith("https://example.org/cards/site.png?v=")

    def test_a_photograph_comes_first(self, tmp_path: Path) -> None:
        folder = SiteFolder(tmp_path / "site", "gazette")
        for name in ("photo.png", "drawn.svg"):
            image = {"src": name, "alt": "A thing", "credit": "Jo"}
            folder.story(name.split(".")[0], image=image)
        folder.write("content/stories/drawn.svg", '<svg xmlns="http://www.w3.org/2000/svg"/>')
        file = io.BytesIO()
        Image.new("RGB", (40, 20)).save(file, "PNG")
        folder.write("content/stories/photo.png", file.getvalue()).built()
        found = [content for name, content in tags(folder.read("/stories/photo/"))
                 if name == "og:image"]  # fmt: skip
        assert len(found) == 2
        assert "photo" in found[0]
        assert "/cards/" not in found[0]
        assert "/cards/stories/photo.png?v=" in found[1]
        found = [content for name, content in tags(folder.read("/stories/drawn/"))
                 if name == "og:image"]  # fmt: skip
        assert len(found) == 1, "social networks take no SVG"

    def test_text_is_escaped(self, titles: SiteFolder) -> None:
        page = titles.read("/stories/markup/")
        assert (
            'content="R&amp;D &lt;cuts&gt; &amp; &#34;quotes&#34; aren&#39;t &#39;it&#39;"' in page
        )

    def test_under_a_path(self, titles: SiteFolder) -> None:
        result = titles.build(base_url="https://example.org/news/", output=str(titles.root / "out"))
        assert result.ok
        page = (titles.root / "out/stories/short/index.html").read_text("utf-8")
        assert 'content="https://example.org/news/cards/stories/short.png?v=' in page

    def test_without_cards(self, tmp_path: Path) -> None:
        folder = SiteFolder(tmp_path / "site", "gazette", "[cards]\nenabled = false\n")
        tree = folder.story("a", title="稀土").built()
        assert not [path for path in tree if path.startswith("cards")]
        found = dict(tags(folder.read("/stories/a/")))
        assert "og:image" not in found
        assert found["twitter:card"] == "summary"

    def test_a_theme_may_do_without(self, tmp_path: Path) -> None:
        folder = SiteFolder(tmp_path / "site").story("a")
        assert not [path for path in folder.built() if path.startswith("cards")]

    def test_not_in_the_preview(self, tmp_path: Path, counted: Callable[[], int]) -> None:
        folder = SiteFolder(tmp_path / "site", "gazette").story("a")
        assert folder.build(preview=True).ok
        page = next((folder.root / ".explainer").rglob("stories/a/index.html")).read_text("utf-8")
        assert "og:image" not in page
        assert counted() == 0

    def test_what_is_not_out_has_none(self, tmp_path: Path) -> None:
        folder = SiteFolder(tmp_path / "site", "gazette").story("a")
        folder.story("draft", draft=True).story("later", publish_at="2027-01-01")
        folder.story("old", expires="2025-12-01")
        found = {path for path in folder.built() if path.startswith("cards/stories/")}
        assert found == {"cards/stories/a.png", "cards/stories/old.png"}


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """Draw nothing; return how many pictures would have been drawn since it was asked last."""
    drawn: list[str] = []

    def png(svg: str) -> bytes:
        drawn.append(svg)
        return b"PNG " + svg.encode()

    def count() -> int:
        number = len(drawn)
        drawn.clear()
        return number

    monkeypatch.setattr(pictures, "png", png)
    return count


class TestWhatIsDrawnAgain:
    @pytest.fixture
    def folder(self, tmp_path: Path, counted: Callable[[], int]) -> SiteFolder:
        made = with_fonts(tmp_path / "site").story("a", topics=["t"]).story("b")
        made.question("q").topic("t", kind="place")
        assert made.build().codes == []
        assert counted() == 5
        return made

    def test_a_title(self, folder: SiteFolder, counted: Callable[[], int]) -> None:
        before = folder.read("/stories/a/")
        changed = folder.story("a", topics=["t"], title="Another").build().result.changed
        assert {path for path in changed if path.startswith("cards/")} == {"cards/stories/a.png"}
        assert "stories/a/index.html" in changed
        mark = re.compile(r"a\.png\?v=(\w+)")
        assert mark.findall(before) != mark.findall(folder.read("/stories/a/"))
        assert counted() == 1

    @pytest.mark.parametrize("change", [{"body": "Other text."}, {"summary": "Other words."}])
    def test_not_a_body(
        self, folder: SiteFolder, counted: Callable[[], int], change: dict[str, str]
    ) -> None:
        before = folder.read("/stories/a/")
        changed = folder.story("a", topics=["t"], **change).build().result.changed
        assert not [path for path in changed if path.startswith("cards/")]
        mark = re.compile(r"a\.png\?v=(\w+)")
        assert mark.findall(before) == mark.findall(folder.read("/stories/a/"))
        assert counted() == 0

    def test_the_name_of_a_topic(self, folder: SiteFolder, counted: Callable[[], int]) -> None:
        changed = folder.topic("t", name="Other", kind="place").build().result.changed
        cards = {"cards/topics/t.png", "cards/stories/a.png"}
        assert {path for path in changed if path.startswith("cards/")} == cards
        assert {"stories/a/index.html", "topics/t/index.html"} <= changed
        assert counted() == 2

    def test_a_font(self, folder: SiteFolder, counted: Callable[[], int]) -> None:
        folder.write("themes/gazette/fonts/public-sans.ttf", (FONTS / "ascii.ttf").read_bytes())
        changed = folder.build().result.changed
        assert {"cards/stories/a.png", "stories/a/index.html", "index.html"} <= changed

    def test_nothing_for_a_fresh_folder(
        self, folder: SiteFolder, counted: Callable[[], int]
    ) -> None:
        before = folder.tree()
        shutil.rmtree(folder.output)
        assert folder.built() == before
        shutil.rmtree(folder.output)
        home = folder.root / ".explainer/public"
        for path in home.iterdir():
            if path.is_dir() and path.name != "cards":
                shutil.rmtree(path)
            elif path.is_file():
                path.unlink()
        assert folder.built() == before
        assert counted() == 0

    def test_what_was_cut_short(self, folder: SiteFolder, counted: Callable[[], int]) -> None:
        before = folder.tree()
        gallery = folder.root / ".explainer/public/cards"
        files = [path for path in gallery.rglob("*") if path.is_file()]
        assert len(files) == 5
        files[0].write_bytes(files[0].read_bytes()[:9])
        files[1].write_bytes(b"")
        files[2].unlink()
        shutil.rmtree(folder.output)
        shutil.rmtree(folder.root / ".explainer/public/tree")
        (folder.root / ".explainer/public/store.db").unlink()
        assert folder.built() == before
        assert counted() == 3

    def test_what_is_not_used_is_not_kept(self, folder: SiteFolder) -> None:
        gallery = folder.root / ".explainer/public/cards"
        (gallery / "zz").mkdir()
        (gallery / "zz/.left.123").write_bytes(b"x")
        folder.remove("content/stories/b.md").build()
        files = [path for path in gallery.rglob("*") if path.is_file()]
        assert len(files) == 4
        folder.write("site.toml", (folder.root / "site.toml").read_text() + "enabled = false\n")
        folder.built()
        assert not [path for path in gallery.rglob("*") if path.is_file()]

    def test_a_check_draws_nothing(self, folder: SiteFolder, counted: Callable[[], int]) -> None:
        assert folder.story("a", title="Another").check().ok
        assert counted() == 0

    def test_a_gallery_that_cannot_be_written(self, tmp_path: Path) -> None:
        folder = SiteFolder(tmp_path / "site", "gazette").story("a")
        folder.write(".explainer/public/cards", "a file in the place of the folder")
        assert "cards/stories/a.png" in folder.built()


class TestWarnings:
    def test_are_given_by_every_build(self, tmp_path: Path, counted: Callable[[], int]) -> None:
        folder = SiteFolder(tmp_path / "site", "gazette").story("a", title="稀土").story("b")
        first = folder.build().the("W709")
        assert (first.span.path, first.span.line) == ("content/stories/a.md", 2)
        assert "“稀” (U+7A00)" in first.message
        assert folder.build().the("W709") == first
        assert folder.story("b", "Other.").build().the("W709") == first
        assert folder.check().the("W709") == first
        shutil.rmtree(folder.output)
        assert folder.build().the("W709") == first
        assert not folder.build(strict=True).ok

    def test_follow_their_line(self, tmp_path: Path, counted: Callable[[], int]) -> None:
        folder = SiteFolder(tmp_path / "site", "gazette").story("a", title="稀土")
        folder.build()
        file = folder.root / "content/stories/a.md"
        file.write_text(file.read_text("utf-8").replace("---\n", "---\n# A note.\n", 1), "utf-8")
        assert folder.build().the("W709").span.line == 3

    def test_end_with_their_cause(self, tmp_path: Path, counted: Callable[[], int]) -> None:
        folder = with_fonts(tmp_path / "site", "").story("a", title="稀土")
        assert folder.build().codes == ["W709"]
        folder.setting("cards", 'fonts = ["fonts/noto-serif-sc.ttf"]')
        assert folder.build().codes == []
        assert folder.build().codes == []

    def test_the_name_of_the_site_is_told_once(
        self, tmp_path: Path, counted: Callable[[], int]
    ) -> None:
        folder = SiteFolder(tmp_path / "site", "gazette").story("a").story("b")
        file = folder.root / "site.toml"
        file.write_text(file.read_text("utf-8").replace("The Daily", "每日 Daily"), "utf-8")
        first = folder.build().the("W709")
        assert (first.span.path, first.span.line) == ("site.toml", 2)
        file.write_text("# A note.\n" + file.read_text("utf-8"), "utf-8")
        assert folder.build().the("W709").span.line == 3

    def test_the_picture_is_then_that_of_the_site(self, tmp_path: Path) -> None:
        folder = SiteFolder(tmp_path / "site", "gazette").story("a", title="稀土").story("b")
        folder.build()
        tree = folder.tree()
        assert tree["cards/stories/a.png"] == tree["cards/site.png"] != tree["cards/stories/b.png"]

    def test_an_emoji_is_left_out(self, tmp_path: Path) -> None:
        folder = SiteFolder(tmp_path / "site", "gazette")
        folder.story("a", title="A launch 🚀").story("b", title="A launch").build()
        tree = folder.tree()
        assert tree["cards/stories/a.png"] == tree["cards/stories/b.png"]


class TestLibraries:
    @pytest.mark.parametrize("name", ["resvg_py", "uharfbuzz"])
    def test_one_is_missing(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        folder = SiteFolder(tmp_path / "site", "gazette").story("a").story("b")
        monkeypatch.setitem(sys.modules, name, None)
        for outcome in (folder.build(), folder.check()):
            assert outcome.codes == ["E805"]
            assert name.replace("_", "-") in outcome.the("E805").message
        folder.setting("cards", "enabled = false")
        assert folder.build().codes == []

    def test_one_goes_missing_between_builds(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder = SiteFolder(tmp_path / "site", "gazette").story("a").story("b")
        before = folder.built()
        monkeypatch.setitem(sys.modules, "resvg_py", None)
        folder.story("a", title="Another").story("b", title="Another")
        assert folder.build().codes == ["E805"]
        assert folder.tree() == before
