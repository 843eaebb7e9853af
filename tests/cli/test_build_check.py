"""`build` and `check`: what they ask of the engine, and what they say where."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from tests.cli.conftest import ERROR, WARNING

BOTH = pytest.mark.parametrize("command", ["build", "check"])


class TestOptions:
    @BOTH
    def test_nothing_asked_for_is_nothing_but_the_clock(self, run, engine, command):
        assert run(command).exit_code == 0
        options = engine.options
        assert (options.output, options.base_url) == (None, None)
        assert (options.drafts, options.strict) == (False, False)
        assert abs(datetime.now(UTC) - options.now) < timedelta(minutes=1)

    @BOTH
    def test_flags_reach_the_engine(self, run, engine, command):
        run(command, "--drafts", "--strict", "--base-url", "https://x.example/a")
        assert engine.options.drafts
        assert engine.options.strict
        assert engine.options.base_url == "https://x.example/a/"

    @BOTH
    @pytest.mark.parametrize("url", ["example.org", "ftp://example.org/", "", "https://"])
    def test_base_url_that_is_none_is_wrong_usage(self, run, engine, command, url):
        result = run(command, "--base-url", url)
        assert result.exit_code == 2
        assert "is not the address of a site" in result.stderr
        assert engine.calls == []

    @BOTH
    def test_folder_of_the_site_stands_before_the_command(self, run, engine, folder, command):
        (folder / "other").mkdir()
        run("-C", "other", command)
        ((name, root, _),) = engine.calls
        assert name == command
        assert root.resolve() == folder / "other"

    def test_output_starts_at_the_current_folder(self, run, engine, folder):
        (folder / "other").mkdir()
        result = run("-C", "other", "build", "--output", "there")
        assert engine.options.output == "there"
        assert result.stdout.endswith(" in there/\n")

    def test_output_of_the_current_folder_is_where_the_site_lands(self, run, folder):
        run("init", "site")
        assert run("-C", "site", "build", "--output", "there/it/is").exit_code == 0
        assert (folder / "there/it/is/index.html").is_file()

    def test_output_may_lie_anywhere(self, run, engine, tmp_path):
        result = run("build", "-o", tmp_path / "elsewhere")
        assert engine.options.output == str(tmp_path / "elsewhere")
        assert result.stdout.endswith(f" in {tmp_path}/elsewhere/\n")


class TestClock:
    NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)

    @BOTH
    @pytest.mark.parametrize(
        "text",
        [
            "2026-01-15T12:00:00Z",
            "2026-01-15T12:00",
            "2026-01-15 12:00",
            "2026-01-15T13:00+01:00",
            "20260115T120000Z",
        ],
    )
    def test_now_is_a_date_of_iso_8601(self, run, engine, command, text):
        assert run(command, "--now", text).exit_code == 0
        assert engine.options.now == self.NOON
        assert engine.options.now.tzinfo == UTC

    def test_day_without_a_time_is_its_start(self, run, engine):
        run("build", "--now", "2026-01-15")
        assert engine.options.now == datetime(2026, 1, 15, tzinfo=UTC)

    @pytest.mark.parametrize("text", ["tomorrow", "", "2026-13-01", "12:00", "0001-01-01T00+09:00"])
    def test_now_that_is_no_date_is_wrong_usage(self, run, engine, text):
        result = run("build", "--now", text)
        assert result.exit_code == 2
        assert "is not a date" in result.stderr

    @BOTH
    def test_source_date_epoch_is_the_clock(self, run, engine, monkeypatch, command):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(self.NOON.timestamp())))
        run(command)
        assert engine.options.now == self.NOON

    def test_now_goes_over_source_date_epoch(self, run, engine, monkeypatch):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
        run("build", "--now", "2026-01-15T12:00Z")
        assert engine.options.now == self.NOON

    @pytest.mark.parametrize("text", ["soon", "1.5", "9" * 30])
    def test_wrong_source_date_epoch_is_wrong_usage(self, run, engine, monkeypatch, text):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", text)
        result = run("build")
        assert result.exit_code == 2
        assert "SOURCE_DATE_EPOCH" in result.stderr


class TestText:
    def test_build_ends_with_one_line_on_stdout(self, run, engine):
        result = run("build")
        assert result.exit_code == 0
        assert re.fullmatch(r"27 pages in \d+\.\d\d s, in public/\n", result.stdout)
        assert result.stderr == ""

    def test_one_page_is_one_page(self, run, engine):
        engine.pages = 1
        assert run("build").stdout.startswith("1 page in ")

    def test_output_folder_is_named_as_seen_from_here(self, run, engine, folder):
        (folder / "other").mkdir()
        assert run("-C", "other", "build").stdout.endswith(" in other/public/\n")

    def test_check_without_findings_says_so(self, run, engine):
        result = run("check")
        assert (result.exit_code, result.stdout) == (0, "no errors, no warnings\n")
        assert result.stderr == ""

    @BOTH
    def test_errors_go_to_stderr_with_their_number_and_end_with_1(self, run, engine, command):
        engine.diagnostics = (WARNING, ERROR, ERROR)
        result = run(command)
        assert result.exit_code == 1
        assert result.stdout == ""
        assert result.stderr == (
            "site.toml:1:1: W204 warning: expired\n"
            "    [site]\n"
            "    ^\n"
            'site.toml:2:1: E201 unknown "x" (did you mean "y"?)\n'
            "    title = 1\n"
            "    ^~~~~\n"
            'site.toml:2:1: E201 unknown "x" (did you mean "y"?)\n'
            "    title = 1\n"
            "    ^~~~~\n"
            "2 errors, 1 warning\n"
        )

    def test_warnings_alone_end_with_0_and_the_site_is_built(self, run, engine):
        engine.diagnostics = (WARNING,)
        result = run("build")
        assert result.exit_code == 0
        assert result.stdout.startswith("27 pages in ")
        assert result.stderr.endswith("\n1 warning\n")

    @BOTH
    def test_quiet_shows_findings_only(self, run, engine, command):
        assert run(command, "-q").output == ""
        engine.diagnostics = (ERROR,)
        result = run(command, "--quiet")
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.endswith("^~~~~\n")

    def test_verbose_shows_the_steps_of_a_build(self, run, engine):
        result = run("build", "--verbose")
        assert re.fullmatch(r"render: 2 in \d+\.\d\d s\nwrite: 5 in \d+\.\d\d s\n", result.stderr)
        assert re.fullmatch(r"3 rendered, 27 reused, 1 deleted\n27 pages in .*\n", result.stdout)

    def test_verbose_shows_how_long_a_check_took(self, run, engine):
        assert re.search(r" \d+\.\d\d s", run("check", "-v").stdout)


class TestFormats:
    @BOTH
    @pytest.mark.parametrize("form", ["json", "sarif", "github"])
    @pytest.mark.parametrize("findings", [(), (WARNING,), (WARNING, ERROR)])
    @pytest.mark.parametrize("flag", [(), ("-q",), ("-v",)])
    def test_stdout_holds_the_document_and_nothing_else(
        self, run, engine, command, form, findings, flag
    ):
        engine.diagnostics = findings
        result = run(command, "--format", form, *flag)
        assert result.exit_code == int(ERROR in findings)
        if form == "json":
            codes = [one["code"] for one in json.loads(result.stdout)]
        elif form == "sarif":
            codes = [one["ruleId"] for one in json.loads(result.stdout)["runs"][0]["results"]]
        else:
            codes = re.findall(r"^::\w+ .*title=(\w+)::", result.stdout, re.MULTILINE)
            assert len(codes) == result.stdout.count("\n")
        assert codes == [one.code for one in findings]

    def test_closing_line_goes_to_stderr(self, run, engine):
        result = run("build", "--format", "json")
        assert result.stderr.startswith("27 pages in ")

    def test_paths_of_github_and_sarif_start_at_the_repository(self, run, engine, folder):
        (folder / ".git").mkdir()
        site = folder / "docs" / "site"
        site.mkdir(parents=True)
        engine.diagnostics = (ERROR,)
        assert "file=docs/site/site.toml," in run("-C", site, "check", "--format", "github").stdout
        sarif = json.loads(run("-C", site, "check", "--format", "sarif").stdout)
        place = sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] == "docs/site/site.toml"
        (found,) = json.loads(run("-C", site, "check", "--format", "json").stdout)
        assert found["path"] == "site.toml"

    def test_wrong_usage_leaves_stdout_empty(self, run, engine):
        result = run("check", "--format", "json", "--now", "x")
        assert (result.exit_code, result.stdout) == (2, "")


def test_source_line_is_never_taken_from_outside_the_site(run, engine, folder, tmp_path):
    (tmp_path / "secret").write_text("password\n")
    (folder / "link.md").symlink_to(tmp_path / "secret")
    for path in ("link.md", "../secret", str(tmp_path / "secret")):
        span = type(ERROR.span)(path, 1, 1)
        engine.diagnostics = (type(ERROR)("E201", span, "x"),)
        assert "password" not in run("check").output
