"""`explainer serve` as its users meet it: the terminal, the disk, and what browsers are told."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from explainer.serve.live import LOOK_AGAIN
from tests.serve.running import Serving, copy_of_the_site, repository, until

STORY = "content/stories/2023/03/2023-03-20-ubs-buys-credit-suisse.md"


OTHER = "content/topics/moon.md"

PAGE = "/stories/credit-suisse-rescue/"
"""Where STORY is seen."""


def another(root: Path, slug: str, line: str = "") -> Path:
    """Write a story like STORY, with a slug of its own; it is seen at `/stories/SLUG/`."""
    file = (root / STORY).with_name(f"{slug}.md")
    lines = (root / STORY).read_text("utf-8").splitlines(keepends=True)
    kept = [one for one in lines if not one.startswith(("slug:", "aliases:"))]
    file.write_text("".join([kept[0], f"{line}\n", *kept[1:]]), "utf-8")
    return file


def edit(root: Path, path: str, old: str, new: str) -> None:
    file = root / path
    text = file.read_text("utf-8")
    assert old in text, (path, old)
    file.write_text(text.replace(old, new, 1), "utf-8")


def add(root: Path, path: str, text: str) -> None:
    file = root / path
    file.write_text(file.read_text("utf-8") + text, "utf-8")


class TestWhatIsSeen:
    def test_an_edit_reaches_the_pages_that_show_it_and_no_others(self, root, serving):
        url = PAGE
        with serving.watched(url) as page, serving.watched("/papers/") as other:
            add(root, STORY, "\nA sentence of the afternoon.\n")
            state = page.told(lambda one: one["page"] == "changed", "the page is changed")
            assert state["failed"] is False
            other.told(lambda one: one["build"] == state["build"], "the other page is told")
            assert {one["page"] for one in other.states} == {"same"}
        assert "A sentence of the afternoon." in serving.page(url)
        assert f"{STORY}: " in serving.built(STORY)

    def test_nothing_is_published_and_the_tree_has_no_client(self, root, serving):
        serving.page("/")
        assert not (root / "public").exists()
        tree = root / ".explainer" / ".preview" / "site"
        pages = list(tree.rglob("*.html"))
        assert pages
        assert not any(b"_explainer" in page.read_bytes() for page in pages)

    def test_another_style_sheet_changes_no_page(self, root, serving):
        with serving.watched("/") as home:
            add(root, "themes/gazette/assets/style.css", "\nbody { color: red }\n")
            state = home.told(lambda one: one["files"], "a file is changed")
            assert (state["page"], state["files"]) == ("same", ["assets/style.css"])
        assert "color: red" in serving.page("/assets/style.css")

    def test_an_error_leaves_the_last_good_site_and_mending_it_goes_on(self, root, serving):
        url = PAGE
        with serving.watched(url) as page:
            edit(root, STORY, "title:", "titel:")
            state = page.told(lambda one: one["failed"], "the build has failed")
            found = {one["code"]: one for one in state["problems"]}
            assert found["E301"] | {"hints": None} == {
                "code": "E301", "severity": "error", "file": STORY, "line": 2, "column": 1,
                "end_column": 6, "message": 'unknown key "titel"', "hints": None,
                "source": found["E301"]["source"],
            }  # fmt: skip
            assert found["E301"]["source"].startswith("titel: ")
            assert str(root) not in str(page.states)
            serving.page(url)
            edit(root, STORY, "titel:", "title:")
            page.told(lambda one: one["build"] and not one["failed"], "it is mended")
            until(lambda: not page.states[-1]["failed"], "it is mended")
            assert {one["page"] for one in page.states} == {"same"}
        assert "not built, 2 errors" in serving.output
        assert f'{STORY}:2:1: E301 unknown key "titel"' in serving.output

    def test_stories_are_added_renamed_and_deleted(self, root, serving):
        new = another(root, "another-bank")
        until(lambda: serving.get("/stories/another-bank/")[0] == 200, "the new page")
        with serving.watched("/stories/another-bank/") as page:
            new.rename(new.with_name("renamed-bank.md"))
            page.told(lambda one: one["page"] == "gone", "the page is gone")
        serving.page("/stories/renamed-bank/")
        assert serving.get("/stories/another-bank/")[0] == 404
        new.with_name("renamed-bank.md").unlink()
        until(
            lambda: serving.get("/stories/renamed-bank/")[0] == 404,
            "the page is no more",
        )

    def test_what_nobody_told_of_is_seen_a_while_after_the_next_change(self, root, serving):
        time.sleep(2.1)  # until files are old enough to be taken for what they were
        add(root, OTHER, "\nA sentence of the afternoon.\n")
        serving.built(OTHER)
        serving.settled()
        outside = root.parent / "the same file by another name"
        outside.hardlink_to(root / STORY)
        with outside.open("a", encoding="utf-8") as file:
            file.write("\nNobody was told of this.\n")
        add(root, OTHER, "\nA sentence of the evening.\n")
        serving.built("a second look: ")
        until(lambda: "Nobody was told of this." in serving.page(PAGE), "the page is seen")
        builds = serving.settled()
        time.sleep(2 * LOOK_AGAIN)
        assert len(serving.builds) == builds  # and no more is said while nothing changes

    def test_another_branch_is_one_build(self, root, serving):
        run = repository(root)
        run("switch", "-qc", "other")
        for number in range(300):
            another(root, f"bank-{number}")
        run("add", "-A")
        run("commit", "-qm", "many")
        until(
            lambda: serving.get("/stories/bank-299/")[0] == 200,
            "the other branch is seen",
        )
        for branch, status in (("main", 404), ("other", 200)):
            before = serving.settled()
            run("switch", "-q", branch)
            until(lambda: serving.get("/stories/bank-299/")[0] == status, branch)  # noqa: B023
            # The page is there a while before the build has ended and its line is written.
            until(lambda: len(serving.builds) > before, "the build has ended")  # noqa: B023
            assert serving.settled() == before + 1, serving.output

    def test_what_is_not_the_sites_does_nothing(self, root, serving):
        before = list(serving.lines)
        story = root / STORY
        for name in (f".{story.name}.swp", f"{story.name}~", f".#{story.name}", "4913.tmp"):
            (story.parent / name).write_text("x", "utf-8")
            (story.parent / name).unlink()
        (root / "public").mkdir()
        (root / "public" / "index.html").write_text("x", "utf-8")
        (root / "notes.txt").write_text("x", "utf-8")
        story.read_text("utf-8")
        # As the last one, so that it is known when all was taken up.
        (root / "site.toml").write_text((root / "site.toml").read_text("utf-8"), "utf-8")
        until(lambda: serving.lines != before, "the settings are looked at")
        assert [line for line in serving.builds if line not in before] == [serving.builds[-1]]
        assert "site.toml" in serving.builds[-1]

    def test_a_file_that_is_replaced_by_a_rename(self, root, serving):
        file = root / STORY
        other = file.with_name(".saved")
        other.write_text(file.read_text("utf-8") + "\nSaved by a rename.\n", "utf-8")
        other.replace(file)
        until(lambda: "Saved by a rename." in serving.page(PAGE), "the edit")

    def test_all_of_it_moved_away_and_back(self, root, serving):
        (root / "content").rename(root / "aside")
        (root / "aside").rename(root / "content")
        serving.settled()
        add(root, STORY, "\nStill looked at.\n")
        until(lambda: "Still looked at." in serving.page(PAGE), "the edit")

    def test_more_than_the_system_can_tell(self, root, serving):
        """The edit is what it forgets, while the program is held up."""
        serving.send(signal.SIGSTOP)
        most = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text("ascii"))
        for number in range(most // 2):
            file = root / "content" / f"{number}~"
            file.touch()
            file.unlink()
        add(root, STORY, "\nAfter the flood.\n")
        serving.send(signal.SIGCONT)
        until(lambda: "After the flood." in serving.page(PAGE), "the edit")

    @pytest.mark.parametrize(
        ("path", "old", "new", "shown"),
        [
            ("site.toml", 'title = "The Daily Explainer"', 'title = "The Mended"', "The Mended"),
            ("themes/gazette/locales/en.toml", 'stories = "Stories"', 'stories = "Tales"',
             ">Tales<"),
            ("themes/gazette/templates/partials/footer.html", "<footer", '<footer data-x="1"',
             'data-x="1"'),
        ],
    )  # fmt: skip
    def test_every_input_counts(self, root, serving, path, old, new, shown):
        edit(root, path, old, new)
        serving.built(path)
        assert shown in serving.page("/")

    def test_a_theme_of_ones_own_that_comes_later(self, root, serving):
        shutil.rmtree(root / "themes")
        until(lambda: len(serving.builds) > 1, "a build without it")
        before = len(serving.builds)
        templates = root / "themes" / "gazette" / "templates"
        templates.mkdir(parents=True)
        until(lambda: len(serving.builds) > before, "a build with the folder")
        (templates.parent / "theme.toml").write_text(
            'name = "mine"\nextends = "gazette"\n', "utf-8"
        )
        (templates / "404.html").write_text("<!DOCTYPE html><title>Mine</title>", "utf-8")
        until(lambda: b"Mine" in serving.get("/nowhere/")[2], "the new template")

    def test_a_theme_behind_a_link(self, root, tmp_path_factory):
        elsewhere = tmp_path_factory.mktemp("themes") / "gazette"
        (root / "themes" / "gazette").rename(elsewhere)
        (root / "themes" / "gazette").symlink_to(elsewhere)
        with Serving(root) as serving:
            serving.wait()
            edit(elsewhere, "templates/partials/footer.html", "<footer", '<footer data-x="1"')
            until(lambda: 'data-x="1"' in serving.page("/"), "the edit")

    def test_a_folder_of_a_theme_behind_a_link(self, root):
        (root / "shared").mkdir()
        partials = root / "themes" / "gazette" / "templates" / "partials"
        partials.rename(root / "shared" / "partials")
        partials.symlink_to("../../../shared/partials")
        with Serving(root) as serving:
            serving.wait()
            edit(root, "shared/partials/footer.html", "<footer", '<footer data-x="1"')
            serving.built("shared/partials/footer.html")
            assert 'data-x="1"' in serving.page("/")

    def test_a_theme_elsewhere_that_breaks_goes_and_comes_back(self, root, tmp_path_factory):
        elsewhere = tmp_path_factory.mktemp("themes") / "gazette"
        (root / "themes" / "gazette").rename(elsewhere)
        (root / "themes" / "gazette").symlink_to(elsewhere)
        good = (elsewhere / "theme.toml").read_text("utf-8")
        (elsewhere / "theme.toml").write_text("name = [\n", "utf-8")
        with Serving(root) as serving:
            serving.wait()
            assert "not built" in serving.builds[-1]
            (elsewhere / "theme.toml").write_text(good, "utf-8")
            until(lambda: "rendered" in serving.builds[-1], "it is mended")
            elsewhere.rename(elsewhere.with_name("aside"))
            until(lambda: len(serving.builds) > 2, "a build without it")
            serving.settled()
            edit(elsewhere.with_name("aside"), "templates/partials/footer.html", "<footer",
                 '<footer data-x="1"')  # fmt: skip
            elsewhere.with_name("aside").rename(elsewhere)
            until(lambda: 'data-x="1"' in serving.page("/"), "the edit")

    def test_a_picture_beside_a_story(self, root, serving):
        picture = root / "content/stories/2023/11/canal-slots.svg"
        with serving.watched("/stories/") as page:
            picture.write_text(picture.read_text("utf-8").replace("</svg>", "<g/></svg>"), "utf-8")
            state = page.told(lambda one: one["files"], "the picture is changed")
        assert state["page"] == "same"
        assert [name.rpartition("/")[2] for name in state["files"]] == ["canal-slots.svg"]

    def test_what_builds_have_left_is_cleaned_away(self, root, serving):
        (root / ".explainer" / "public").mkdir()
        command = [sys.executable, "-m", "explainer", "-C", str(root), "clean"]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        assert said == (
            "removed .explainer/\nkept the tree of the live preview, which is running\n"
        )
        assert {one.name for one in (root / ".explainer").iterdir()} == {".preview"}
        serving.page("/")
        add(root, STORY, "\nStill served.\n")
        until(lambda: "Still served." in serving.page(PAGE), "the edit")
        serving.end()
        subprocess.run(command, check=True, capture_output=True)
        assert not (root / ".explainer").exists()

    def test_everything_that_was_remembered_is_gone(self, root, serving):
        shutil.rmtree(root / ".explainer")
        assert serving.get(PAGE)[0] == 404
        add(root, STORY, "\nAfter the loss.\n")
        until(lambda: b"After the loss." in serving.get(PAGE)[2], "the site is there again")
        add(root, STORY, "\nAnd again.\n")
        until(lambda: b"And again." in serving.get(PAGE)[2], "it goes on")


class TestOptions:
    def test_the_path_of_the_site(self, root):
        with Serving(root, "--base-url", "https://example.org/repo/") as serving:
            serving.wait()
            assert 'href="/repo/' in serving.page("/repo/")
            assert serving.get("/")[0] == 307
            with serving.watched("/repo/") as home:
                add(root, "themes/gazette/assets/style.css", "\n/* x */\n")
                home.told(lambda one: one["files"] == ["assets/style.css"], "the sheet")

    def test_a_path_with_percent_signs(self, root):
        with Serving(root, "--base-url", "https://example.org/my%20news/") as serving:
            serving.wait()
            assert "The site is at" in serving.output
            assert f"{serving.address}/my%20news/" in serving.output
            assert 'href="/my%20news/stories/' in serving.page("/my%20news/")
            with serving.watched("/my%20news/") as home:
                edit(root, "site.toml", 'title = "The Daily Explainer"', 'title = "The Other"')
                home.told(lambda one: one["page"] == "changed", "the page is changed")
            assert "The Other" in serving.page("/my%20news/")

    def test_drafts_are_seen_when_asked_for(self, root):
        another(root, "drafted", "draft: true")
        with Serving(root) as serving:
            serving.wait()
            assert serving.get("/stories/drafted/")[0] == 404
        with Serving(root, "--drafts") as serving:
            serving.wait()
            serving.page("/stories/drafted/")
            said = serving.get("/_explainer/about?page=stories/drafted/index.html")[2]
            assert json.loads(said)["status"] == "draft"

    def test_an_embargo_ends_while_the_site_is_shown(self, root):
        with Serving(root) as serving:
            started = time.monotonic()
            serving.wait()
            pause = timedelta(seconds=3 + 2 * (time.monotonic() - started))
            out = datetime.now(UTC) + pause
            another(root, "embargoed", f'publish_at: "{out.isoformat(timespec="seconds")}"')
            serving.built("embargoed")
            assert serving.get("/stories/embargoed/")[0] == 404
            serving.built("the clock: ")
            serving.page("/stories/embargoed/")

    def test_quiet(self, root):
        with Serving(root, "-q") as serving:
            edit(root, STORY, "title:", "titel:")
            until(lambda: "E301" in serving.output, "the finding")
            assert not serving.builds
            assert "\x1b" not in serving.output

    def test_another_port_is_offered(self, root, tmp_path_factory):
        with Serving(root) as serving:
            port = serving.address.rpartition(":")[2]
            other = copy_of_the_site(tmp_path_factory.mktemp("other"))
            with Serving(other, "--port", port) as second:
                until(lambda: "in use" in second.output, "the port is in use")
                assert second.ended() == 1
                said = second.output
            assert f"Port {port} is in use by another program. Port " in said
            assert "explainer serve --port " in said

    def test_a_site_is_served_once(self, root):
        with Serving(root) as serving:
            address = serving.address
            with Serving(root) as second:
                until(lambda: "already" in second.output, "it is served already")
                assert second.ended() == 1
                assert address in second.output

    def test_a_folder_that_is_no_site(self, tmp_path):
        with Serving(tmp_path) as serving:
            until(lambda: "site.toml" in serving.output, "what is wrong")
            assert serving.ended() == 1
        assert list(tmp_path.iterdir()) == []

    def test_a_folder_that_may_not_be_written(self, root):
        shutil.rmtree(root / ".explainer", ignore_errors=True)
        (root / ".explainer").write_text("a file is in the way", "utf-8")
        with Serving(root) as serving:
            assert serving.ended() == 1
        assert serving.lines[-1].startswith("Error: Cannot write to .explainer")

    def test_another_address(self, root):
        try:
            socket.create_server(("::1", 0), family=socket.AF_INET6).close()
        except OSError:
            pytest.skip("this machine has no IPv6")
        with Serving(root, "--host", "::1") as serving:
            serving.wait()
            assert serving.address.startswith("http://[::1]:")
            serving.page("/")

    def test_everywhere_is_told(self, root):
        with Serving(root, "--host", "0.0.0.0") as serving:
            until(lambda: "Every machine in this network can see the site" in serving.output, "it")


def descendants(pid: int) -> set[int]:
    """Return all processes below one."""
    found: set[int] = set()
    parents: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        try:
            parts = (folder / "stat").read_text().rpartition(")")[2].split()
            parents[int(folder.name)] = int(parts[1])
        except (OSError, ValueError, IndexError):
            continue
    pending = [pid]
    while pending:
        one = pending.pop()
        children = {child for child, parent in parents.items() if parent == one}
        found |= children
        pending += children
    return found


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are found in /proc")
class TestTheEnd:
    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
    def test_nothing_is_left_running(self, serving, number):
        children = descendants(serving.pid)
        assert children
        with serving.watched("/"):
            assert serving.end(number) == 0
        until(lambda: not any(map(alive, children)), "all processes have ended")
        assert serving.lines[-1] == "The preview has ended."

    def test_ctrl_c_in_the_first_build(self, root):
        with Serving(root) as serving:
            assert serving.address
            children = descendants(serving.pid)
            assert serving.end() == 0
        until(lambda: not any(map(alive, children)), "all processes have ended")

    def test_a_server_that_is_killed_takes_the_builder_along(self, serving):
        children = descendants(serving.pid)
        serving.end(signal.SIGKILL)
        until(lambda: not any(map(alive, children)), "all processes have ended")

    def test_a_builder_that_is_killed_is_replaced(self, root, serving):
        for child in descendants(serving.pid):
            if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                os.kill(child, signal.SIGKILL)
        add(root, STORY, "\nAfter the kill.\n")
        until(lambda: "was killed" in serving.output, "the loss is told")
        add(root, STORY, "\nAnd again.\n")
        until(lambda: "And again." in serving.page(PAGE), "it goes on")

    def test_it_does_nothing_while_nothing_changes(self, serving):
        processes = {serving.pid, *descendants(serving.pid)}

        def ticks() -> int:
            return sum(
                sum(
                    map(
                        int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
                    )
                )
                for pid in processes
            )

        def rests() -> bool:
            before = ticks()
            time.sleep(1)
            return ticks() == before

        until(rests, "no processor time in a second")


class TestBrokenFromTheStart:
    def test_the_first_build_is_told_once(self, root):
        """The folder of our own theme is watched from then on, and nothing has happened in it."""
        shutil.rmtree(root / "themes")
        with Serving(root) as serving:
            serving.wait()
            serving.settled()
            (line,) = serving.builds
            assert "first build" in line

    def test_the_first_good_build_is_seen(self, root):
        edit(root, STORY, "title:", "titel:")
        with Serving(root) as serving:
            serving.wait()
            status, _, body = serving.get("/")
            assert status == 503
            assert b"_explainer/client.js" in body
            with serving.watched("/") as page:
                page.told(lambda one: one["failed"], "what is wrong")
                edit(root, STORY, "titel:", "title:")
                page.told(lambda one: one["build"] == 1, "the first good build")
            serving.page("/")

    def test_settings_that_cannot_be_read(self, root, serving):
        good = (root / "site.toml").read_text("utf-8")
        (root / "site.toml").write_text("[site\n", "utf-8")
        until(lambda: "not built" in serving.output, "it is told")
        serving.page("/")
        (root / "site.toml").write_text(good, "utf-8")
        until(lambda: "rendered" in serving.builds[-1], "it is mended")
