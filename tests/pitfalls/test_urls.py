"""No name that an author gives leads out of the output, and no two things share a URL."""

import unicodedata
from pathlib import Path

import pytest

from explainer.build import commit
from explainer.content import fields, schema, slugs
from tests.building import SiteFolder, a_png, module, site, tree_of

linking = module("explainer.site.link")

CLIMBING = {
    "dots": "../../escape",
    "absolute": "/etc/escape",
    "percent": "%2e%2e/%2e%2e/escape",
    "percent slash": "..%2f..%2fescape",
    "twice percent": "%252e%252e%252fescape",
    "backslashes": "..\\..\\escape",
    "percent backslash": "..%5c..%5cescape",
    "fullwidth dots": "．．/．．/escape",
    "two-dot leader": "‥/escape",
    "one-dot leaders": "․․/escape",
    "fullwidth slash": "..／..／escape",
    "division slash": "..∕escape",
    "overlong bytes": "%c0%ae%c0%ae/escape",
    "zero-width": "..\u200b/escape",
    "right-to-left": "\u202e../escape",
    "nothing but dots": "..",
    "drive": "C:escape",
    "null": "a%00/../escape",
}


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """The folder that the site lies in: nothing but the site may ever be in it."""
    return tmp_path


@pytest.fixture
def folder(outside: Path) -> SiteFolder:
    return SiteFolder(outside / "one" / "site")


def nothing_escaped(outside: Path) -> bool:
    return not any(
        "escape" in path.name for path in outside.rglob("*") if "content" not in str(path)
    )


@pytest.mark.parametrize("name", CLIMBING.values(), ids=CLIMBING)
@pytest.mark.parametrize("kind", ["story", "page", "topic"])
def test_a_slug_never_climbs(folder: SiteFolder, outside: Path, kind: str, name: str) -> None:
    outcome = folder.entry(kind, "a", slug=name).build()
    assert set(outcome.codes) <= {"E507", "E506"}
    assert outcome.codes
    assert nothing_escaped(outside)
    assert not folder.output.exists()


@pytest.mark.parametrize("name", CLIMBING.values(), ids=CLIMBING)
@pytest.mark.parametrize("before", ["", "/", "/old/"])
def test_an_alias_never_climbs(folder: SiteFolder, outside: Path, before: str, name: str) -> None:
    outcome = folder.story("a", aliases=[before + name]).build()
    if (before, name) == ("", "/etc/escape"):  # a path of the site, and a harmless one
        assert outcome.ok
        assert "etc/escape/index.html" in folder.tree()
        return
    if name.startswith("/"):
        assert outcome.codes == ["E505"]  # two slashes name another host
    assert set(outcome.codes) == {"E505"}
    assert nothing_escaped(outside)


@pytest.mark.parametrize(
    "pattern",
    [
        "/../{slug}/", "{slug}", "/{slug}", "../{slug}/", "/%2e%2e/{slug}/", "/a/../../{slug}/",
        "/..\\\\{slug}/", "//host/{slug}/", "/．．/{slug}/", "/{slug.__class__}/", "/{slug!r}/",
        "/{slug:>9}/", "/{0}/", "/{}/{slug}/", "/{slug}/{/", "/./{slug}/", "/{slug}?x=/",
    ],
)  # fmt: skip
def test_a_permalink_never_climbs(folder: SiteFolder, outside: Path, pattern: str) -> None:
    outcome = folder.story("escape").setting("permalinks", f'story = "{pattern}"').build()
    assert outcome.codes == ["E606"]
    assert not folder.output.exists()


@pytest.mark.parametrize(
    "name", ["../../../secret.txt", "%2e%2e/%2e%2e/%2e%2e/secret.txt", "..%5c..%5csecret.txt",
             "/../secret.txt", "../../site.toml", "..%2f..%2fsite.toml", "a/../../../site.toml"],
)  # fmt: skip
def test_a_link_to_a_file_never_climbs(folder: SiteFolder, outside: Path, name: str) -> None:
    (outside / "secret.txt").write_text("secret")
    folder.root.joinpath("..", "secret.txt").write_text("secret")
    outcome = folder.story("a", f"## What's happened\n\n[x]({name})").build()
    assert set(outcome.codes) <= {"E208", "E209", "E213"}
    assert outcome.codes


@pytest.mark.parametrize(
    "name",
    [".explainer-output/", ".explainer-output", "robots.txt", "sitemap.xml", "feed.xml",
     "404.html", "assets/", ""],
)  # fmt: skip
def test_an_alias_takes_no_place_of_ours(folder: SiteFolder, name: str) -> None:
    outcome = folder.story("a", aliases=[f"/{name}"]).build()
    assert outcome.codes == ["E503"]
    assert outcome.the("E503").span.path == "content/stories/a.md"


def test_static_may_not_bring_our_mark(folder: SiteFolder) -> None:
    assert folder.story("a").write("static/.explainer-output", "{}").build().codes == ["E501"]


@pytest.mark.parametrize("name", ["con", "PRN", "aux", "nul", "com1", "LPT9"])
def test_names_that_windows_keeps_are_refused(folder: SiteFolder, name: str) -> None:
    assert folder.topic("a", slug=name).build().codes == ["E108"]
    assert folder.topic("a", aliases=[f"/{name}/x/"]).build().codes == ["E505"]


def escaped(folder: SiteFolder) -> bool:
    """Tell whether a page lies somewhere outside the trees that are written."""
    found = folder.root.parent.rglob("escape/index.html")
    return any("tree" not in path.parts and "public" not in path.parts for path in found)


class TestGuardMatters:
    def test_slug(self, folder: SiteFolder, monkeypatch: pytest.MonkeyPatch) -> None:
        """The allow-list gone, the writer still refuses; that gone too, the file escapes."""
        folder.page("a", slug="../../../escape")
        monkeypatch.setattr(schema, "is_slug", lambda name: True)
        monkeypatch.setattr(linking, "report_collisions", lambda claims, findings: None)
        assert folder.build().codes == ["E802"]
        assert not escaped(folder)
        monkeypatch.setattr(commit, "_stays_inside", lambda name: True)
        folder.build()
        assert escaped(folder)

    def test_alias(self, folder: SiteFolder, monkeypatch: pytest.MonkeyPatch) -> None:
        folder.page("a", aliases=["/../../escape/"])
        monkeypatch.setattr(slugs, "is_name", lambda name: True)
        monkeypatch.setattr(commit, "_stays_inside", lambda name: True)
        folder.build()
        assert escaped(folder)

    def test_decoding_before_the_allow_list(
        self, folder: SiteFolder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Whoever decodes after the check lets `%2e%2e` through."""
        monkeypatch.setattr(fields, "clean_path", lambda text: text)
        outcome = folder.page("a", aliases=["/%2e%2e/%2e%2e/escape/"]).build()
        assert "E505" not in outcome.codes

    def test_permalink(self, folder: SiteFolder, monkeypatch: pytest.MonkeyPatch) -> None:
        from explainer.config import config

        monkeypatch.setattr(config, "_permalink_fault", lambda kind, pattern: ("", ""))
        monkeypatch.setattr(commit, "_stays_inside", lambda name: True)
        folder.page("escape").setting("permalinks", 'page = "/../../{slug}/"').build()
        assert escaped(folder)

    def test_collisions(self, folder: SiteFolder, monkeypatch: pytest.MonkeyPatch) -> None:
        folder.page("a", title="First").page("b", title="Second", slug="stories").story("c")
        assert folder.build().codes == ["E501"]
        monkeypatch.setattr(linking, "report_collisions", lambda claims, findings: None)
        assert folder.build().codes == ["E802"]  # the writer never writes a file twice


# -- two things, one URL -------------------------------------------------------------------------


def both_named(outcome_message: str, *paths: str) -> bool:
    return all(path in outcome_message for path in paths)


def test_two_forms_of_one_entry_collide(folder: SiteFolder) -> None:
    outcome = folder.topic("x").write("content/topics/x.yaml", "name: x\n").build()
    assert both_named(outcome.the("E109").message, "content/topics/x.md", "content/topics/x.yaml")


def test_one_slug_in_two_folders_collides(folder: SiteFolder) -> None:
    text = "---\ntitle: x\nsummary: y\ndate: 2025-01-01\n---\n"
    folder.write("content/stories/2025/x.md", text).write("content/stories/2026/x.md", text)
    message = folder.build().the("E109").message
    assert both_named(message, "content/stories/2025/x.md", "content/stories/2026/x.md")


def test_a_date_in_the_name_hides_no_twin(folder: SiteFolder) -> None:
    folder.story("2025-09-19-x").story("2025-09-20-x")
    message = folder.build().the("E109").message
    assert both_named(message, "2025-09-19-x.md", "2025-09-20-x.md")


def test_names_that_differ_in_accents_only_collide(folder: SiteFolder) -> None:
    composed, apart = (unicodedata.normalize(form, "café") for form in ("NFC", "NFD"))
    folder.topic(composed, name="one").topic(apart, name="two")
    message = folder.build().the("E109").message
    assert both_named(message, composed, apart)


def test_names_that_differ_in_case_only_collide(folder: SiteFolder) -> None:
    message = folder.topic("China").topic("china").build().the("E502").message
    assert both_named(message, "content/topics/China.md", "content/topics/china.md")


def test_slugs_that_differ_in_case_or_accents_collide(folder: SiteFolder) -> None:
    decomposed = unicodedata.normalize("NFD", "CAFÉ")
    folder.topic("a", slug="café").topic("b", slug=decomposed)
    message = folder.build().the("E502").message
    assert both_named(message, "content/topics/a.md", "content/topics/b.md")


def test_an_alias_on_a_page_names_both(folder: SiteFolder) -> None:
    message = folder.topic("x").topic("y", aliases=["/topics/x/"]).build().the("E503")
    assert "content/topics/x.md" in message.message
    assert message.span.path == "content/topics/y.md"


def test_two_equal_aliases_name_both(folder: SiteFolder) -> None:
    message = folder.topic("x", aliases=["/old/"]).topic("y", aliases=["/OLD"]).build().the("E503")
    assert "content/topics/x.md" in message.message
    assert message.span.path == "content/topics/y.md"


def test_an_alias_of_itself(folder: SiteFolder) -> None:
    assert folder.topic("x", aliases=["/topics/x"]).build().codes == ["E504"]


@pytest.mark.parametrize("alias", ["/topics/x/index.html", "/topics/X/", "/topics/x/y.html"])
def test_an_alias_in_the_place_of_a_page(folder: SiteFolder, alias: str) -> None:
    outcome = folder.topic("x").topic("y", aliases=[alias]).build()
    assert outcome.ok == (alias == "/topics/x/y.html")


def test_a_file_where_a_folder_must_be_collides(folder: SiteFolder) -> None:
    message = folder.topic("x").write("static/topics", "a file").build().the("E501").message
    assert "static/topics" in message


def test_a_static_file_on_a_page_collides(folder: SiteFolder) -> None:
    folder.topic("x").write("static/topics/x/index.html", "mine")
    message = folder.build().the("E501").message
    assert both_named(message, "content/topics/x.md", "static/topics/x/index.html")


def test_two_files_of_one_place_collide(folder: SiteFolder) -> None:
    body = "## What's happened\n\n[a](../one/f.txt) [b](../two/f.txt)"
    folder.story("a", body).write("content/one/f.txt", "1").write("content/two/f.txt", "2")
    message = folder.build().the("E501").message
    assert both_named(message, "content/one/f.txt", "content/two/f.txt")


def test_two_files_that_differ_in_accents_only_collide(folder: SiteFolder) -> None:
    for form in ("NFC", "NFD"):
        folder.write("content/stories/" + unicodedata.normalize(form, "é.png"), form)
    assert folder.story("a").build().codes == ["E502"]


def test_a_file_is_found_however_the_disk_spells_its_name(folder: SiteFolder) -> None:
    """macOS archives hold decomposed names; references are composed."""
    folder.write(unicodedata.normalize("NFD", "content/stories/é/café.png"), a_png())
    body = "## What's happened\n\n![x](café.png)"
    folder.write(
        unicodedata.normalize("NFD", "content/stories/é/a.md"),
        f"---\ntitle: a\nsummary: b\ndate: 2025-01-01\n---\n{body}\n",
    )
    assert folder.built()["stories/a/café.png"] == a_png()


@pytest.mark.parametrize("name", ["!!!", "---", "…", "😀", "2025-09-19-", "2025-09-19"])
def test_a_file_name_of_symbols_only_asks_for_a_slug(folder: SiteFolder, name: str) -> None:
    outcome = folder.story(name, title="Fine").build()
    assert outcome.codes == ["E506"]
    assert outcome.the("E506").span.path == f"content/stories/{name}.md"


def test_a_title_of_symbols_only_is_fine(folder: SiteFolder) -> None:
    folder.story("a", title="!?…").topic("b", name="☃").built()
    assert "!?…" in folder.read("/stories/a/")


def test_both_sides_of_a_collision_are_found_in_any_order() -> None:
    one = site().topic("x").topic("y", aliases=["/topics/x/"]).findings()
    two = site().topic("y", aliases=["/topics/x/"]).topic("x").findings()
    assert one == two == ["E503"]


def test_nothing_but_the_output_is_written(folder: SiteFolder, outside: Path) -> None:
    before = tree_of(outside)
    folder.story("a", aliases=["/old/"])
    before = tree_of(outside)
    folder.built()
    written = {path for path in tree_of(outside) if path not in before}
    allowed = ("one/site/public/", "one/site/.public.lock", "one/site/.explainer/")
    assert all(path.startswith(allowed) for path in written)
