"""Whole sites with pictures: what is published, what is kept, what an edit changes."""

import io
import os
import re
import shutil
from pathlib import Path

import pytest
from PIL import Image

from explainer.build import looking
from explainer.pictures import look, make
from tests.building import Outcome, SiteFolder, tree_of
from tests.pictures import samples
from tests.pictures.samples import SECRET, animation, encoded, exif, jpeg, png, scene, stored, svg

LARGE = (700, 400)
IMAGE = {"src": "boat.jpg", "alt": "A boat", "credit": "Jo"}
CACHE = ".explainer/.pictures"


def boat(color: int = 0, size: tuple[int, int] = LARGE) -> bytes:
    image = scene(size)
    image.paste((color, 200, color), (0, 0, 20, 20))
    return encoded(image, "JPEG", exif=exif())


@pytest.fixture
def folder(tmp_path: Path) -> SiteFolder:
    site = SiteFolder(tmp_path / "site", theme="gazette").setting("cards", "enabled = false")
    return site.write("content/stories/boat.jpg", boat())


@pytest.fixture
def site(folder: SiteFolder) -> SiteFolder:
    return folder.story("a", image=IMAGE, topics=["x"]).topic("x").story("b")


def clean_tree(folder: SiteFolder, tmp_path: Path) -> dict[str, bytes]:
    """Build the same files somewhere else, from nothing, and return the output."""
    root = tmp_path / "clean"
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(
        folder.root, root, ignore=shutil.ignore_patterns("public", ".explainer", ".public*")
    )
    other = SiteFolder.__new__(SiteFolder)
    other.root, other.output = root, root / "public"
    return other.built()


def pictures(tree: dict[str, bytes], ending: str = "") -> list[str]:
    return sorted(
        path
        for path in tree
        if re.search(r"\.(jpg|png|gif|webp|avif|svg)$", path)
        and path.endswith(ending)
        and not path.startswith("assets/")
    )


def test_a_story_has_its_picture_in_all_sizes(site: SiteFolder):
    tree = site.built()
    names = [re.sub(r"\.[0-9a-f]{10}\.", ".#.", path) for path in pictures(tree)]
    assert names == [
        "stories/a/boat.#.240.avif", "stories/a/boat.#.240.webp",
        "stories/a/boat.#.480.avif", "stories/a/boat.#.480.webp",
        "stories/a/boat.#.700.avif", "stories/a/boat.#.700.webp",
        "stories/a/boat.jpg",
    ]  # fmt: skip
    for path in pictures(tree):
        image = Image.open(io.BytesIO(tree[path]))
        width = int(path.split(".")[-2]) if path.count(".") > 1 else LARGE[0]
        assert image.width == width
        assert SECRET.encode() not in tree[path]


def test_the_page_shows_it_at_once_and_everything_below_late(folder: SiteFolder):
    body = "## What's happened\n\n![The boat from behind](boat.jpg)\n\nText."
    page = folder.story("a", body, image=IMAGE).build().folder.read("/stories/a/")
    first, second = re.findall(r"<picture>.*?</picture>", page, re.DOTALL)
    assert 'fetchpriority="high"' in first
    assert "lazy" not in first
    assert 'loading="lazy" decoding="async"' in second
    for one in (first, second):
        assert 'width="700" height="400"' in one
        assert [*re.findall(r'type="(.*?)"', one)] == ["image/avif", "image/webp"]
        assert one.count("sizes=") == 2


def test_every_address_of_a_page_is_there(site: SiteFolder):
    tree = site.built()
    for name in ("index.html", "stories/a/index.html"):
        urls = re.findall(r"[^\s\",]+\.(?:avif|webp|jpg)", tree[name].decode())
        assert len(urls) >= 7
        for url in urls:
            assert url.removeprefix("https://example.org").lstrip("/") in tree, url


def test_without_a_change_no_picture_is_opened(site: SiteFolder, monkeypatch: pytest.MonkeyPatch):
    first = site.built()
    monkeypatch.setattr(look, "look_at", never)
    monkeypatch.setattr(make, "made", never)
    assert site.built() == first
    site.story("b", "## What's happened\n\nOther words.")
    assert site.build().ok
    site.story("b", "## What's happened\n\nOther words.", title="Another title")
    assert site.build().ok


def never(*_: object) -> None:
    raise AssertionError("a picture is opened")


def test_neither_public_nor_the_store_is_needed_to_find_what_was_made(
    site: SiteFolder, monkeypatch: pytest.MonkeyPatch
):
    first = site.built()
    monkeypatch.setattr(make, "made", never)
    shutil.rmtree(site.output)
    assert site.built() == first
    for path in (site.root / ".explainer").iterdir():
        if path.name != ".pictures":
            shutil.rmtree(path)
    assert site.built() == first


@pytest.mark.parametrize("damage", [b"", b"\0" * 100])
def test_a_damaged_cache_is_made_anew(site: SiteFolder, damage: bytes):
    first = site.built()
    for path in (site.root / CACHE).rglob("*"):
        if path.is_file():
            path.write_bytes(damage or path.read_bytes()[:-1])
    shutil.rmtree(site.output)
    assert site.built() == first


def test_clean_takes_the_cache_along(site: SiteFolder):
    site.built()
    assert (site.root / CACHE).is_dir()
    assert site.run("clean").returncode == 0
    assert not (site.root / ".explainer").exists()


# -- edits ---------------------------------------------------------------------------------------


def changed(outcome: Outcome) -> set[str]:
    assert outcome.ok, outcome.result.diagnostics
    return {path for path in outcome.result.changed if path.endswith(".html")}


def test_an_exchanged_picture_changes_the_pages_that_show_it(site: SiteFolder, tmp_path: Path):
    site.built()
    site.write("content/stories/boat.jpg", boat(120))
    pages = changed(site.build())
    assert "stories/a/index.html" in pages
    assert "index.html" in pages
    assert "stories/b/index.html" not in pages
    assert site.tree() == clean_tree(site, tmp_path)


def test_another_size_changes_them_too(site: SiteFolder, tmp_path: Path):
    site.built()
    site.write("content/stories/boat.jpg", boat(size=(300, 500)))
    assert "stories/a/index.html" in changed(site.build())
    assert 'width="300" height="500"' in site.read("/stories/a/")
    assert site.tree() == clean_tree(site, tmp_path)


def test_one_in_prose_leaves_the_cards_alone(site: SiteFolder, tmp_path: Path):
    site.write("content/stories/c.jpg", jpeg(LARGE))
    site.story("b", "## What's happened\n\n![A boat](c.jpg)")
    site.built()
    site.write("content/stories/c.jpg", jpeg((640, 500)))
    assert changed(site.build()) == {"stories/b/index.html"}
    assert site.tree() == clean_tree(site, tmp_path)


def test_a_renamed_picture_leaves_nothing_behind(site: SiteFolder, tmp_path: Path):
    site.built()
    os.rename(site.root / "content/stories/boat.jpg", site.root / "content/stories/ship.jpg")
    assert site.build().codes == ["E209"]
    site.story("a", image=IMAGE | {"src": "ship.jpg"}, topics=["x"])
    tree = site.built()
    assert all("/ship." in path for path in pictures(tree))
    assert tree == clean_tree(site, tmp_path)


def test_a_deleted_picture_goes_with_all_its_sizes(site: SiteFolder, tmp_path: Path):
    site.built()
    site.remove("content/stories/boat.jpg").story("a", topics=["x"])
    tree = site.built()
    assert pictures(tree) == []
    assert tree == clean_tree(site, tmp_path)


def test_another_entry_shows_it_too(site: SiteFolder, tmp_path: Path):
    site.built()
    site.story("b", "## What's happened\n\n![A boat](boat.jpg)")
    tree = site.built()
    assert len([path for path in pictures(tree) if path.startswith("stories/b/")]) == 7
    assert tree == clean_tree(site, tmp_path)
    site.story("b", "## What's happened\n\n[A boat](boat.jpg)")
    tree = site.built()
    assert [path for path in pictures(tree) if path.startswith("stories/b/")] == [
        "stories/b/boat.jpg"
    ]
    assert tree == clean_tree(site, tmp_path)


def test_a_picture_that_breaks_keeps_the_old_site(site: SiteFolder, tmp_path: Path):
    before = site.built()
    site.write("content/stories/boat.jpg", boat()[:-200])
    outcome = site.build()
    assert outcome.codes == ["E216"]
    span = outcome.the("E216").span
    assert (span.path, span.line > 1) == ("content/stories/a.md", True)
    assert site.tree() == before
    assert site.check().codes == ["E216"]
    site.write("content/stories/boat.jpg", boat())
    assert site.built() == before


def test_one_that_breaks_between_look_and_making_is_a_finding(
    site: SiteFolder, monkeypatch: pytest.MonkeyPatch
):
    def cut(paths: object, *_: object) -> list[object]:
        found = real(paths, *_)  # type: ignore[arg-type]
        site.write("content/stories/boat.jpg", boat()[:-300])
        return found  # type: ignore[return-value]

    real = looking.look_batch
    monkeypatch.setattr(looking, "look_batch", cut)
    assert set(site.build(workers=1).codes) == {"E216"}
    assert not site.output.exists()


# -- the same for everybody ----------------------------------------------------------------------


def test_bytes_are_the_same_with_one_worker_and_two(tmp_path: Path):
    trees = []
    for workers in (1, 2):
        site = SiteFolder(tmp_path / str(workers), theme="gazette")
        for number in range(4):
            site.write(f"content/stories/{number}.png", png((500 + number, 300)))
            site.story(f"s{number}", image=IMAGE | {"src": f"{number}.png"})
        trees.append(site.built(workers=workers))
    assert trees[0] == trees[1]


def test_two_output_folders_share_what_was_made(site: SiteFolder, monkeypatch: pytest.MonkeyPatch):
    first = site.built()
    monkeypatch.setattr(make, "made", never)
    assert site.build(output=str(site.root / "other")).ok
    assert tree_of(site.root / "other").keys() == first.keys()


def test_a_check_makes_nothing(site: SiteFolder, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(make, "made", never)
    assert site.check().ok


# -- other sorts ---------------------------------------------------------------------------------


def test_drawings_stay_as_they_are(folder: SiteFolder):
    drawing = svg("<path d='M0 0h9v9'/>", 'viewBox="0 0 320 200"')
    folder.write("content/stories/map.svg", drawing)
    folder.story("a", image=IMAGE | {"src": "map.svg"})
    tree = folder.built()
    assert tree["stories/a/map.svg"] == drawing
    assert 'src="/stories/a/map.svg" alt="A boat" width="320" height="200"' in folder.read(
        "/stories/a/"
    )


@pytest.mark.parametrize(("form", "ending"), [("GIF", "gif"), ("WEBP", "webp"), ("PNG", "png")])
def test_animations_go_on_without_metadata(folder: SiteFolder, form: str, ending: str):
    folder.write(f"content/stories/x.{ending}", animation(form))
    folder.story("a", image=IMAGE | {"src": f"x.{ending}"})
    tree = folder.built()
    assert pictures(tree) == [f"stories/a/x.{ending}"]
    published = tree[f"stories/a/x.{ending}"]
    assert getattr(Image.open(io.BytesIO(published)), "n_frames", 1) == 3
    assert SECRET.encode() not in published
    assert f'width="{samples.SIZE[0]}" height="{samples.SIZE[1]}"' in folder.read("/stories/a/")


def test_a_linked_picture_keeps_its_size_and_loses_its_metadata(folder: SiteFolder):
    folder.write("content/stories/boat.jpg", boat(size=(2400, 100)))
    folder.story("a", "## What's happened\n\n[The boat](boat.jpg)")
    tree = folder.built()
    assert pictures(tree) == ["stories/a/boat.jpg"]
    assert Image.open(io.BytesIO(tree["stories/a/boat.jpg"])).size == (2400, 100)
    assert SECRET.encode() not in tree["stories/a/boat.jpg"]


def test_a_picture_on_its_side_stands_upright(folder: SiteFolder):
    folder.write("content/stories/boat.jpg", encoded(stored(6, LARGE), "JPEG", exif=exif(6)))
    folder.story("a", image=IMAGE)
    tree = folder.built()
    assert 'width="700" height="400"' in folder.read("/stories/a/")
    assert Image.open(io.BytesIO(tree["stories/a/boat.jpg"])).size == LARGE


def test_files_of_static_are_copied_as_they_are(folder: SiteFolder):
    folder.write("static/boat.jpg", boat())
    folder.story("a", "## What's happened\n\n![A boat](/boat.jpg)")
    assert folder.built()["boat.jpg"] == boat()
    assert 'src="/boat.jpg" alt="A boat" width="700" height="400"' in folder.read("/stories/a/")


def test_why_names_the_picture(site: SiteFolder):
    site.built()
    site.write("content/stories/boat.jpg", boat(120))
    said = site.run("why", "/stories/a/", "--now", "2026-01-15T12:00Z").stdout
    assert "content/stories/boat.jpg (changed)" in said
