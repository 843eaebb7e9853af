"""`new`: a file that teaches its form and lacks only what its author must write."""

import itertools
import json
import re
from datetime import UTC, datetime

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from explainer.cli.form import write_form
from explainer.cli.slug import LONGEST, slug_of
from explainer.config.config import DEFAULT_SECTIONS
from explainer.content.keys import CORRECTION_KEYS, EVENT_KEYS, IMAGE_KEYS, KEYS, SOURCE_KEYS
from explainer.content.model import FOLDERS
from explainer.content.slugs import is_reserved, is_slug

FORMS = pytest.mark.parametrize("flag", [(), ("--yaml",)], ids=["markdown", "yaml"])
KINDS = pytest.mark.parametrize("kind", KEYS)
TODAY = datetime.now(UTC).date()


@pytest.fixture
def site(run, folder):
    """A site of `init`, which is the working folder."""
    assert run("init", ".").exit_code == 0
    return folder


def findings(run) -> list[tuple[str, str, str]]:
    """Return code, message and path of all that `check` finds."""
    found = json.loads(run("check", "--format", "json").stdout)
    return [(one["code"], one["message"], one["path"]) for one in found]


class TestFile:
    @FORMS
    def test_story_carries_the_day_in_its_name(self, run, site, flag):
        result = run("new", "story", "China builds chips", "--date", "2025-09-19", *flag)
        ending = "yaml" if flag else "md"
        assert result.exit_code == 0
        assert result.stdout == f"wrote content/stories/2025-09-19-china-builds-chips.{ending}\n"
        assert (site / f"content/stories/2025-09-19-china-builds-chips.{ending}").is_file()

    def test_day_of_a_story_is_today_in_the_zone_of_the_site(self, run, site, monkeypatch):
        settings_file = site / "site.toml"
        text = settings_file.read_text().replace('"UTC"', '"Pacific/Auckland"')
        settings_file.write_text(text)
        monkeypatch.setenv("SOURCE_DATE_EPOCH", "1768478400")  # 12:00 UTC on 15 January
        assert "/2026-01-16-x.md" in run("new", "story", "x").stdout

    @KINDS
    def test_folder_says_the_kind(self, run, site, kind):
        assert run("new", kind, "A title").exit_code == 0
        folder = {one: name for name, one in FOLDERS.items()}[kind]
        date = f"{TODAY}-" if kind == "story" else ""
        assert (site / "content" / folder / f"{date}a-title.md").is_file()

    def test_slug_can_be_given(self, run, site):
        run("new", "topic", "🎉", "--slug", "party")
        assert (site / "content/topics/party.md").is_file()

    def test_date_of_a_question_is_a_key(self, run, site):
        run("new", "question", "Why?", "--date", "2026-01-02")
        assert "\ndate: 2026-01-02\n" in (site / "content/questions/why.md").read_text()

    def test_site_elsewhere(self, run, folder):
        run("init", "other")
        result = run("-C", "other", "new", "topic", "Nvidia")
        assert result.stdout == "wrote other/content/topics/nvidia.md\n"


class TestWhatIsMissing:
    @FORMS
    def test_story_lacks_its_summary_and_the_texts_of_its_sections(self, run, site, flag):
        run("new", "story", "A title", "--date", "2026-01-02", *flag)
        path = f"content/stories/2026-01-02-a-title.{'yaml' if flag else 'md'}"
        assert findings(run) == [
            ("E309", "`summary` is empty", path),
            *(
                ("E410", f'nothing stands below the heading "{rule.title}"', path)
                for rule in DEFAULT_SECTIONS
            ),
        ]

    @FORMS
    def test_sections_are_those_of_the_site(self, run, site, flag):
        (site / "site.toml").write_text(
            '[site]\ntitle = "x"\nbase_url = "https://example.org/"\n'
            '[[sections]]\nid = "null"\ntitle = "In brief: #1 {of} *two*"\nrequired = true\n'
        )
        (site / "content/stories/2024-12-28-one-charger.md").unlink()
        for page in ("about", "x"):
            (site / f"content/pages/{page}.md").unlink(missing_ok=True)
        run("new", "story", "A title", *flag)
        assert [code for code, _, _ in findings(run)] == ["E309", "E410"]

    @FORMS
    def test_question_lacks_its_first_answer(self, run, site, flag):
        run("new", "question", "Why?", *flag)
        path = f"content/questions/why.{'yaml' if flag else 'md'}"
        message = 'nothing stands below the heading "First key question?"'
        assert findings(run) == [("E410", message, path)]

    @FORMS
    @pytest.mark.parametrize("kind", ["topic", "paper", "author", "page"])
    def test_others_lack_nothing(self, run, site, kind, flag):
        run("new", kind, "A title", *flag)
        assert findings(run) == []

    @pytest.mark.parametrize(
        "title",
        [
            'He said: "no" # or: not?',
            "'",
            "*x",
            "- [ ] {a: b}",
            "C:\\temp",
            "NO",
            "{{ x }} %}",
            "$x",
        ],
    )
    def test_any_title_is_kept_as_it_is(self, run, site, title):
        run("new", "topic", "--slug", "x", "--", title)
        assert findings(run) == []
        text = (site / "content/topics/x.md").read_text().split("---")[1]
        assert yaml.safe_load(text)["name"] == title


class TestForm:
    @KINDS
    def test_form_explains_every_key_of_the_kind(self, kind):
        form = write_form(kind, "x", None, (), as_yaml=True)
        written = set(re.findall(r"^#?(\w+):", form, re.MULTILINE))
        prose = {"body", "sections", "answers"}
        assert written | prose == {key.name for key in KEYS[kind]} | prose

    @KINDS
    def test_every_key_stands_below_a_line_that_explains_it(self, kind):
        lines = write_form(kind, "x", None, DEFAULT_SECTIONS, as_yaml=True).splitlines()
        for above, line in itertools.pairwise(lines):
            if re.match(r"#?\w+:", line):
                assert above.startswith("# ")

    @KINDS
    @FORMS
    def test_every_example_is_right(self, run, site, kind, flag):
        """With the # taken away, nothing is wrong but references to things made up."""
        run("new", kind, "A title", "--slug", "a-title", *flag)
        (path,) = site.glob(f"content/*/*a-title.{'yaml' if flag else 'md'}")
        path.write_text(re.sub(r"^#(?=\w)", "", path.read_text(), flags=re.MULTILINE))
        text = re.sub(r"^#  ", "  ", path.read_text(), flags=re.MULTILINE)
        path.write_text(text.replace("\ndraft: true", "").replace("\nslug: another-name", ""))
        missing = {"E309", "E410", "E201", "E209", "W313"}
        assert {code for code, _, _ in findings(run)} <= missing

    @pytest.mark.parametrize(
        ("name", "keys"),
        [
            ("sources", SOURCE_KEYS),
            ("events", EVENT_KEYS),
            ("corrections", CORRECTION_KEYS),
            ("image", IMAGE_KEYS),
        ],
    )
    def test_keys_of_maps_are_all_shown(self, name, keys):
        form = write_form("story", "x", None, (), as_yaml=True)
        block = re.search(rf"^#{name}:.*\n(#  .*\n)*", form, re.MULTILINE)
        assert block is not None
        for key in keys:
            assert re.search(rf"\b{key.name}: ", block[0])


class TestRefusals:
    @pytest.mark.parametrize(
        ("first", "second"),
        [((), ()), ((), ("--yaml",)), (("--yaml",), ()), (("--date", "2020-01-01"), ())],
    )
    @pytest.mark.parametrize("kind", ["story", "question"])
    def test_entry_that_is_there_is_never_overwritten(self, run, site, kind, first, second):
        run("new", kind, "A title", *first)
        before = {path: path.read_bytes() for path in site.rglob("*") if path.is_file()}
        result = run("new", kind, "A title", *second)
        assert (result.exit_code, result.stdout) == (1, "")
        assert f'The {kind} "a-title" is there already, in content/' in result.stderr
        assert {path: path.read_bytes() for path in site.rglob("*") if path.is_file()} == before

    def test_sub_folders_count_and_so_does_case(self, run, site):
        folder = site / "content/topics/deep/er"
        folder.mkdir(parents=True)
        (folder / "Nvidia.yaml").write_text("name: Nvidia\n")
        result = run("new", "topic", "nvidia")
        assert result.exit_code == 1
        assert "content/topics/deep/er/Nvidia.yaml" in result.stderr

    def test_same_slug_of_another_kind_is_fine(self, run, site):
        assert run("new", "topic", "About").exit_code == 0

    def test_folder_that_leads_out_of_the_site_is_not_followed(self, run, site, tmp_path):
        (tmp_path / "outside").mkdir()
        for path in (site / "content/topics").iterdir():
            path.unlink()
        (site / "content/topics").rmdir()
        (site / "content/topics").symlink_to(tmp_path / "outside")
        assert run("new", "topic", "x").exit_code == 1
        assert list((tmp_path / "outside").iterdir()) == []

    @pytest.mark.parametrize(
        ("kind", "hint"),
        [
            ("stories", 'did you mean "story"?'),
            ("Story", 'did you mean "story"?'),
            ("topik", 'did you mean "topic"?'),
            ("xyz", "one of story, question, topic, paper, author, page"),
        ],
    )
    def test_mistyped_kind_gets_the_nearest(self, run, site, kind, hint):
        result = run("new", kind, "x")
        assert (result.exit_code, result.stdout) == (2, "")
        assert f'There is no kind "{kind}" ({hint})' in result.stderr

    @pytest.mark.parametrize("title", ["🎉", "!!!", "…", "con", "_"])
    def test_title_that_gives_no_slug_asks_for_one(self, run, site, title):
        result = run("new", "topic", title)
        assert result.exit_code == 2
        assert "--slug" in result.stderr

    @pytest.mark.parametrize("slug", ["../x", "a/b", "a b", "", "é!", "nul", ".x", "x.md"])
    def test_slug_that_is_none_is_wrong_usage(self, run, site, slug):
        assert run("new", "topic", "x", "--slug", slug).exit_code == 2

    @pytest.mark.parametrize("title", ["", "   ", "a\x1bb", "a\x00b"])
    def test_title_that_no_page_can_show_is_wrong_usage(self, run, site, title):
        result = run("new", "topic", title)
        assert result.exit_code == 2
        assert "\x1b" not in result.stderr

    @pytest.mark.parametrize("date", ["tomorrow", "2026-02-30", ""])
    def test_wrong_date_is_wrong_usage(self, run, site, date):
        assert run("new", "story", "x", "--date", date).exit_code == 2

    def test_date_of_a_topic_is_wrong_usage(self, run, site):
        result = run("new", "topic", "x", "--date", "2026-01-01")
        assert result.exit_code == 2
        assert "A topic has no date." in result.stderr

    def test_folder_that_is_no_site(self, run, folder):
        result = run("new", "story", "x")
        assert result.exit_code == 1
        assert "E601" in result.stderr
        assert list(folder.iterdir()) == []


class TestSlug:
    @pytest.mark.parametrize(
        ("title", "slug"),
        [
            ("China builds its own AI chips", "china-builds-its-own-ai-chips"),
            ("What's behind it?", "whats-behind-it"),
            ("What’s behind it?", "whats-behind-it"),
            ("Ünïcode Straße", "ünïcode-straße"),
            ("日本の選挙", "日本の選挙"),
            ("黃仁勳 (Huáng Rénxūn)", "黃仁勳-huáng-rénxūn"),
            ("N̂g Jîn-hun", "n̂g-jîn-hun"),
            ("हिन्दी समाचार", "हिन्दी-समाचार"),
            ("ไทยแลนด์", "ไทยแลนด์"),
            ("محمد بن سلمان", "محمد-بن-سلمان"),
            ("İstanbul", "i̇stanbul"),
            ("A – B … C", "a-b-c"),
            ("𝔽𝕒𝕟𝕔𝕪 ﬁsh", "fancy-fish"),
            ("🎉 party 🎉", "party"),
            ("!!!", ""),
            ("_", ""),
        ],
    )
    def test_keeps_letters_of_any_script(self, title, slug):
        assert slug_of(title) == slug

    def test_long_titles_end_at_a_word(self):
        slug = slug_of("word " * 100)
        assert len(slug) <= LONGEST
        assert slug.endswith("-word")

    def test_one_word_that_is_too_long_is_cut_at_a_letter(self):
        assert slug_of("漢" * 200) == "漢" * (LONGEST // 3)

    @given(st.text(max_size=300))
    @settings(suppress_health_check=[HealthCheck.too_slow])
    def test_is_a_slug_or_nothing(self, title):
        slug = slug_of(title)
        assert slug == "" or is_slug(slug) or is_reserved(slug)
