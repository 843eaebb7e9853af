"""`init`: a new site that builds at once."""

import re
import tomllib

import pytest

from explainer.cli.init import _scaffold
from explainer.config import load_config
from explainer.config.config import DEFAULT_PERMALINKS, REDIRECT_HOSTS


def names(folder) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_new_site_builds_at_once_without_any_finding(run, folder):
    assert run("init", "site").exit_code == 0
    for now in ("2026-11-24", "2031-01-01"):
        result = run("-C", "site", "check", "--strict", "--now", now)
        assert (result.exit_code, result.stderr) == (0, "")
    result = run("-C", "site", "build", "--strict")
    assert (result.exit_code, result.stderr) == (0, "")
    assert (folder / "site" / "public" / "stories" / "one-charger" / "index.html").is_file()


def test_example_has_every_kind_of_entry(run, folder):
    run("init", "site")
    found = sorted(name.split("/")[1] for name in names(folder / "site") if "content/" in name)
    assert found == sorted(
        ["stories", *["questions"] * 2, *["topics"] * 2, "papers", "authors", "pages"]
    )


def test_what_builds_make_is_kept_out_of_git(run, folder):
    run("init", "site")
    ignored = (folder / "site" / ".gitignore").read_text().splitlines()
    assert {"/public/", "/.explainer/"} <= set(ignored)


def test_every_setting_stands_in_site_toml(run, folder):
    """Uncommented, the file says the defaults, so its notes are true."""
    run("init", "site")
    file = folder / "site" / "site.toml"
    lines = file.read_text().splitlines()
    settings = [re.sub(r"^# (?=\w+ = )", "", line) for line in lines]
    file.write_text("\n".join(settings))
    config, diagnostics = load_config(folder / "site")
    assert diagnostics == ()
    assert config is not None
    assert set(tomllib.loads(file.read_text())) == {
        "site", "sections", "permalinks", "lists", "mentions", "search", "cards", "build",
        "redirects", "theme",
    }  # fmt: skip
    for name, field in type(config).__dataclass_fields__.items():
        if name in (
            "page_size", "feed_size", "topic_feeds", "mentions", "search", "cards", "output",
            "workers",
        ):  # fmt: skip
            assert getattr(config, name) == field.default
    assert config.permalinks == DEFAULT_PERMALINKS
    assert config.redirect_hosts == REDIRECT_HOSTS


def test_says_what_to_do_next(run, folder):
    result = run("init", "my site")
    assert "explainer -C 'my site' build" in result.stdout
    assert "my site/site.toml" in result.stdout


@pytest.mark.parametrize("target", ["empty", ".", "deep/er/still"])
def test_empty_or_new_folders_are_fine(run, folder, target):
    (folder / "empty").mkdir()
    assert run("init", target).exit_code == 0
    assert names(folder / target) == {name for name, _ in _scaffold()}


def test_folder_starts_at_the_site_that_is_named(run, folder):
    (folder / "other").mkdir()
    assert run("-C", "other", "init", "x").exit_code == 0
    assert (folder / "other" / "x" / "site.toml").is_file()


def test_other_files_of_the_folder_are_left_alone(run, folder):
    (folder / "README.md").write_text("mine")
    assert run("init", ".").exit_code == 0
    assert (folder / "README.md").read_text() == "mine"


@pytest.mark.parametrize("name", ["site.toml", ".gitignore", "content"])
def test_nothing_is_overwritten(run, folder, name):
    (folder / name).write_text("mine")
    result = run("init", ".")
    assert (result.exit_code, result.stdout) == (1, "")
    assert name in result.stderr
    assert names(folder) == {name}
    assert (folder / name).read_text() == "mine"


def test_link_to_nowhere_is_not_written_through(run, folder, tmp_path):
    (folder / "site.toml").symlink_to(tmp_path / "elsewhere")
    assert run("init", ".").exit_code == 1
    assert not (tmp_path / "elsewhere").exists()


def test_file_in_the_place_of_the_folder_is_wrong_usage(run, folder):
    (folder / "site").write_text("mine")
    assert run("init", "site").exit_code == 2


def test_folder_that_cannot_be_made_is_a_plain_sentence(run, folder):
    (folder / "file").write_text("mine")
    result = run("init", "file/site")
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: Cannot write ")
