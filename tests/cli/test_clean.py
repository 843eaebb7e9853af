"""`clean`: takes away what builds have left, and nothing else."""

import shutil

import pytest


def test_names_what_it_removed(run, engine):
    engine.removed = ("public", ".explainer")
    result = run("clean")
    assert (result.exit_code, result.stdout) == (0, "removed public/\nremoved .explainer/\n")


def test_quiet(run, engine):
    engine.removed = ("public",)
    assert run("clean", "-q").output == ""


def test_nothing_to_remove(run, engine):
    result = run("clean")
    assert (result.exit_code, result.stdout) == (0, "nothing of ours to remove\n")


def test_refusal_of_the_system_is_a_plain_sentence(run, engine):
    engine.raises = PermissionError(13, "Permission denied", "public/x")
    result = run("clean")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "Error: Cannot remove public/x: Permission denied.\n"


def test_folder_of_others_is_left_and_named(run, folder):
    run("init", ".")
    (folder / "public").mkdir()
    (folder / "public" / "mine.txt").write_text("mine")
    result = run("clean")
    assert result.exit_code == 1
    assert "public/ was not made by this program" in result.stderr
    assert (folder / "public" / "mine.txt").read_text() == "mine"


def test_a_linked_cache_is_left_while_the_site_is_served(run, folder, monkeypatch):
    run("init", ".")
    elsewhere = folder.parent / "elsewhere"
    (elsewhere / "theirs").mkdir(parents=True)
    (folder / ".explainer").symlink_to(elsewhere)
    monkeypatch.setattr("explainer.build.commit.is_served", lambda root: True)
    assert run("clean").exit_code == 0
    assert (elsewhere / "theirs").is_dir()


def test_a_file_of_others_in_the_place_of_a_folder_stays(run, folder):
    run("init", ".")
    assert run("build", "-q").exit_code == 0
    shutil.rmtree(folder / "public" / "stories")
    (folder / "public" / "stories").write_text("mine")
    assert run("clean").exit_code == 0
    left = {path.name for path in (folder / "public").iterdir()}
    assert left == {"stories", ".explainer-output"}
    assert (folder / "public" / "stories").read_text() == "mine"


@pytest.mark.parametrize("own", [False, True])
def test_built_site_goes_and_everything_else_stays(run, folder, own):
    run("init", ".")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert run("build", "-q").exit_code == 0
    if own:
        (folder / "public" / "CNAME").write_text("mine")
        before[folder / "public" / "CNAME"] = b"mine"
    assert run("clean").exit_code == 0
    mark = folder / "public" / ".explainer-output"
    left = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    # Beside a file of someone else the mark stays, so that the next build may publish there.
    assert (mark in left) == own
    left.pop(mark, None)
    assert left == before
    assert run("build", "-q").exit_code == 0
