"""Files: nothing from outside is published, nothing of others is lost, old or new, never half."""

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from explainer.build import commit, pipeline, run, tree
from explainer.content import reader
from tests.building import NOW, SiteFolder, a_png, limited, tree_of

SECRET = b"the secret"


@pytest.fixture
def folder(tmp_path: Path) -> SiteFolder:
    return SiteFolder(tmp_path / "site").story("a")


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    file = tmp_path / "private" / "passwd.md"
    file.parent.mkdir()
    file.write_bytes(b"---\ntitle: x\nsummary: y\ndate: 2025-01-01\n---\n" + SECRET)
    return file


def published(folder: SiteFolder) -> bool:
    return any(SECRET in content for content in tree_of(folder.root).values())


# -- symbolic links ------------------------------------------------------------------------------

PLACES = ["content/stories/x.md", "content/stories/x.png", "content/pages/x.yaml", "static/x.txt",
          "static/deep/er/x.txt"]  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("relative", [False, True], ids=["absolute", "relative"])
def test_a_link_to_a_file_outside(
    folder: SiteFolder, secret: Path, place: str, relative: bool
) -> None:
    up = "../" * (place.count("/") + 1)
    folder.link_to(place, f"{up}private/passwd.md" if relative else secret)
    outcome = folder.build()
    finding = outcome.the("E104")
    assert finding.span.path == place
    assert finding.span.line == 0
    assert place.rsplit("/", 1)[-1] in finding.message
    assert not published(folder)


@pytest.mark.parametrize("place", ["content", "static", "content/stories", "content/stories/x",
                                   "static/x", "content/private"])  # fmt: skip
def test_a_link_to_a_folder_outside(folder: SiteFolder, secret: Path, place: str) -> None:
    if (folder.root / place).is_dir():
        (folder.root / place).rename(folder.root / "aside")
    folder.link_to(place, secret.parent)
    outcome = folder.build()
    assert outcome.the("E104").span.path == place
    assert not published(folder)


def test_a_link_by_way_of_another_link(folder: SiteFolder, secret: Path) -> None:
    folder.link_to("content/stories/one", "two").link_to("content/stories/two", secret.parent)
    assert folder.build().codes == ["E104", "E104"]
    assert not published(folder)


def test_a_file_that_an_entry_links(folder: SiteFolder, secret: Path) -> None:
    folder.story("b", "## What's happened\n\n![x](map.png) [y](map.png)")
    folder.link_to("content/stories/map.png", secret)
    assert "E104" in folder.build().codes
    assert not published(folder)


@pytest.mark.parametrize("place", ["content/stories/loop", "static/loop", "content/stories/x.md"])
@pytest.mark.parametrize("target", ["loop", ".", "..", "../..", "nowhere", "x.md", "/"])
def test_loops_and_links_to_nowhere(folder: SiteFolder, place: str, target: str) -> None:
    folder.link_to(place, target)
    outcome = folder.build()
    assert outcome.the("E104").span.path == place


def test_two_links_round_in_a_circle(folder: SiteFolder) -> None:
    folder.link_to("static/a", "b").link_to("static/b", "a")
    assert folder.build().codes == ["E104", "E104"]


def test_a_link_that_stays_inside_is_fine(folder: SiteFolder) -> None:
    folder.write("content/shared/map.png", a_png()).link_to("content/stories/map.png",
                                                          "../shared/map.png")  # fmt: skip
    folder.story("b", "## What's happened\n\n![x](map.png)")
    assert folder.built()["stories/b/map.png"] == a_png()


def test_a_pipe_is_never_opened(folder: SiteFolder) -> None:
    os.mkfifo(folder.root / "content/stories/x.md")
    assert folder.build().codes == ["E105"]


def test_a_name_that_is_no_text(folder: SiteFolder) -> None:
    Path(os.fsdecode(bytes(folder.root / "content/stories") + b"/\xff.md")).write_text("x")
    assert folder.build().codes == ["E105"]


def test_the_excerpt_of_a_finding_shows_no_file_outside(folder: SiteFolder, secret: Path) -> None:
    folder.link_to("content/stories/x.md", secret)
    done = folder.run("build")
    assert done.returncode == 1
    assert SECRET.decode() not in done.stdout + done.stderr


# -- what was published before -------------------------------------------------------------------


@pytest.fixture
def site(folder: SiteFolder) -> SiteFolder:
    folder.story("b", aliases=["/old-b/"]).topic("x", name="Gone").build()
    return folder


def test_pages_of_a_deleted_entry_disappear(site: SiteFolder) -> None:
    assert "stories/b/index.html" in site.tree()
    tree = site.remove("content/stories/b.md").remove("content/topics/x.md").built()
    assert not [path for path in tree if "b/" in path or path.startswith("topics")]
    assert not (site.output / "topics").exists()


def test_pages_of_a_renamed_entry_disappear(site: SiteFolder) -> None:
    (site.root / "content/stories/b.md").rename(site.root / "content/stories/c.md")
    tree = site.built()
    assert "stories/c/index.html" in tree
    assert "stories/b/index.html" not in tree


def test_a_draft_takes_its_page_with_it(site: SiteFolder) -> None:
    assert "stories/b/index.html" not in site.story("b", draft=True).built()


def test_two_builds_give_what_one_gives(site: SiteFolder, tmp_path: Path) -> None:
    site.remove("content/stories/b.md").built()
    fresh = SiteFolder(tmp_path / "fresh").story("a").topic("x", name="Gone")
    assert site.tree() == fresh.built()


def test_files_of_others_are_kept(site: SiteFolder, tmp_path: Path) -> None:
    other = tmp_path / "media"
    other.mkdir()
    site.write("public/CNAME", "example.org").write("public/stories/b/note.txt", "note")
    site.write("public/.well-known/x", "x").link_to("public/media", other)
    site.link_to("public/broken", "nowhere")
    before = site.tree()
    site.remove("content/stories/b.md").built()
    after = site.tree()
    for path in ("CNAME", "stories/b/note.txt", ".well-known/x", "media", "broken"):
        assert after[path] == before[path]
    assert "stories/b/index.html" not in after


def test_a_file_of_others_is_not_overwritten(site: SiteFolder) -> None:
    site.write("public/topics/new/index.html", "mine").write("public/CNAME", "example.org")
    before = site.tree()
    outcome = site.topic("new").build()
    assert "topics/new/index.html" in outcome.the("E801").message
    assert site.tree() == before
    assert site.write("static/CNAME", "example.org").remove("content/topics/new.md").build().ok


def test_a_file_of_others_in_the_way_of_a_folder(site: SiteFolder) -> None:
    site.write("public/papers", "mine")
    before = site.tree()
    outcome = site.entry("paper", "p").build()
    assert "public/papers" in outcome.the("E801").message
    assert site.tree() == before


def test_a_folder_that_we_did_not_make_is_refused(tmp_path: Path, folder: SiteFolder) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "thesis.txt").write_text("years of work")
    outcome = folder.build(output=str(home))
    assert outcome.codes == ["E801"]
    assert tree_of(home) == {"thesis.txt": b"years of work"}
    assert folder.run("clean").returncode == 0
    assert tree_of(home) == {"thesis.txt": b"years of work"}


def test_a_public_folder_that_we_did_not_make_is_refused(folder: SiteFolder) -> None:
    folder.write("public/index.html", "someone's own site")
    assert folder.build().codes == ["E801"]
    assert folder.tree() == {"index.html": b"someone's own site"}
    assert folder.run("clean").returncode == 1
    assert folder.tree() == {"index.html": b"someone's own site"}


@pytest.mark.parametrize("name", [".", "content", "content/new", "static", "themes/x", "..",
                                  "../..", ".git/x", "/"])  # fmt: skip
def test_a_folder_that_the_site_is_made_from_is_refused(folder: SiteFolder, name: str) -> None:
    before = tree_of(folder.root)
    assert folder.build(output=os.path.join(folder.root, name)).codes == ["E801"]
    assert tree_of(folder.root) == before


def test_an_output_that_is_a_link_or_file_is_refused(folder: SiteFolder, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    folder.link_to("public", tmp_path / "elsewhere")
    assert folder.build().codes == ["E801"]
    folder.remove("public").write("public", "a file")
    assert folder.build().codes == ["E801"]
    assert (folder.root / "public").read_text() == "a file"


def test_an_empty_folder_is_taken(folder: SiteFolder) -> None:
    (folder.root / "public").mkdir()
    assert folder.build().ok


def mark_of_today(name: str) -> str:
    return f"explainer output 2\n{'0' * 32}\n\0{name}"


def mark_of_version_0_1(name: str) -> str:
    return json.dumps({"files": {name: "0"}})


@pytest.mark.parametrize("mark", [mark_of_today, mark_of_version_0_1])
@pytest.mark.parametrize("name", ["../kept.txt", "/abs/kept.txt", "a/../../kept.txt", "link/x"])
def test_a_forged_list_of_files_deletes_nothing_outside(
    site: SiteFolder, tmp_path: Path, name: str, mark: Callable[[str], str]
) -> None:
    kept, inner = site.root / "kept.txt", tmp_path / "linked" / "x"
    kept.write_text("kept")
    inner.parent.mkdir()
    inner.write_text("kept")
    site.link_to("public/link", inner.parent)
    site.write("public/.explainer-output", mark(name))
    site.run("clean")
    assert kept.read_text() == inner.read_text() == "kept"


# -- old or new, whole ---------------------------------------------------------------------------


def test_a_failing_build_leaves_the_old_site(site: SiteFolder) -> None:
    before = site.tree()
    (site.root / "public/own.txt").write_text("own")
    outcome = site.story("c", "## What's happened\n\n[x](topic:nowhere)").build()
    assert outcome.codes == ["E201"]
    assert site.tree() == {**before, "own.txt": b"own"}


@pytest.mark.parametrize(
    ("path", "text", "code"),
    [
        ("content/stories/c.md", "no front matter", "E110"),
        ("content/stories/c.md", "---\ntitle: [\n---\n", "E112"),
        ("site.toml", "[site", "E602"),
        ("themes/plain/templates/story.html", "{% if %}", "E702"),
        ("themes/plain/templates/story.html", "{{ page.titel }}", "E703"),
        ("themes/plain/templates/story.html", '{{ asset("no.css") }}', "E705"),
    ],
)
def test_a_fixed_error_recovers(site: SiteFolder, path: str, text: str, code: str) -> None:
    before = site.tree()
    file = site.root / path
    old = file.read_bytes() if file.exists() else None
    outcome = site.write(path, text).build()
    assert code in outcome.codes
    assert site.tree() == before
    if old is None:
        file.unlink()
    else:
        file.write_bytes(old)
    assert site.built() == before


def killed_at(site: SiteFolder, owner: Any, function: str) -> None:
    """Build in a child process that is killed as it calls a function of the writer."""
    pid = os.fork()
    if pid == 0:
        try:
            setattr(owner, function, lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL))
            pipeline.build(site.root, pipeline.Options(now=NOW))
        finally:
            os._exit(9)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL


@pytest.mark.parametrize(
    ("owner", "function"),
    [
        (tree.Writer, "write"),
        (commit.Publication, "_carry_over"),
        (commit, "flush"),
        (commit, "switch"),
        (commit, "exchange"),
    ],
)
def test_a_kill_leaves_the_old_site_whole(site: SiteFolder, owner: Any, function: str) -> None:
    before = site.tree()
    site.story("c", title="New").topic("y")
    killed_at(site, owner, function)
    assert site.tree() == before
    after = site.built()
    assert "stories/c/index.html" in after
    assert [path.name for path in site.root.glob(".public*")] == [".public.lock"]


def test_a_kill_behind_the_switch_leaves_the_new_site_whole(site: SiteFolder) -> None:
    site.story("c", title="New")
    killed_at(site, commit, "_sync")
    new = site.tree()
    assert "stories/c/index.html" in new
    assert site.built() == new


def test_without_an_exchange_of_folders_it_works_too(
    site: SiteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commit, "exchange", lambda one, other: False)
    site.write("public/CNAME", "x").story("c")
    tree = site.built()
    assert "stories/c/index.html" in tree
    assert tree["CNAME"] == b"x"
    assert [path.name for path in site.root.glob(".public*")] == [".public.lock"]


def one_clear_line(done: subprocess.CompletedProcess[str], code: str) -> bool:
    lines = [line for line in done.stderr.splitlines() if code in line]
    return done.returncode == 1 and len(lines) == 1 and "Traceback" not in done.stderr


def test_a_full_disk_leaves_the_old_site(site: SiteFolder) -> None:
    """A limit on the size of files fails as a full disk does: in the midst of a write."""
    before = site.tree()
    site.write("static/big.bin", bytes(200_000))
    done = site.run("build", "--now", "2026-01-15", prepare=limited(file_bytes=100_000))
    assert one_clear_line(done, "E802")
    assert site.tree() == before
    assert not list(site.root.glob(".public.next"))
    assert site.run("build", "--now", "2026-01-15").returncode == 0


def test_a_file_in_the_way_leaves_the_old_site(site: SiteFolder) -> None:
    """Where the folder of the store cannot be made, the second tree lies beside the first."""
    before = site.tree()
    shutil.rmtree(site.root / ".explainer")
    site.write(".explainer", "a file").write(".public.next", "someone's file")
    done = site.run("build")
    assert one_clear_line(done, "E802")
    assert site.tree() == before
    assert (site.root / ".public.next").read_text() == "someone's file"
    site.remove(".public.next")
    assert site.story("c").run("build", "--now", "2026-01-15").returncode == 0
    assert "stories/c/index.html" in site.tree()
    assert not (site.root / ".public.next").exists()


def test_a_folder_that_cannot_be_written(site: SiteFolder, tmp_path: Path) -> None:
    """/proc takes no folders, whoever asks: it stands for a read-only disk."""
    before = site.tree()
    done = site.run("build", "--output", "/proc/explainer/out")
    assert one_clear_line(done, "E802")
    assert site.tree() == before


def test_a_site_that_stands_but_cannot_be_remembered_is_no_error(
    site: SiteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is full only when the store is written, behind the exchange of the trees."""

    def full(self: Any, writing: Any, work: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(run.Run, "_write_down", full)
        outcome = site.story("c").build(strict=True)
    assert outcome.ok
    assert "No space left" in outcome.the("W804").message
    new = site.tree()
    assert "stories/c/index.html" in new
    assert site.built() == new


# -- two builds at once --------------------------------------------------------------------------

HOLD = """
import fcntl, os, sys
lock = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)
fcntl.flock(lock, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def another_build(site: SiteFolder) -> Any:
    """Another process that holds the lock, as a build does."""
    command = [sys.executable, "-c", HOLD, str(site.root / ".public.lock")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        yield holder
        holder.kill()


def test_a_second_build_is_kept_out(site: SiteFolder, another_build: Any) -> None:
    before = site.tree()
    done = site.story("c").run("build")
    assert one_clear_line(done, "E803")
    assert site.tree() == before
    another_build.kill()
    another_build.wait()
    assert site.run("build").returncode == 0


def test_clean_waits_for_no_build(site: SiteFolder, another_build: Any) -> None:
    before = site.tree()
    done = site.run("clean")
    assert done.returncode == 1
    assert "another build" in done.stderr
    assert site.tree() == before


def test_the_lock_of_a_dead_build_is_free(site: SiteFolder) -> None:
    site.write(".public.lock", "1234")
    assert site.build().ok


# -- each guard matters --------------------------------------------------------------------------


class TestGuardMatters:
    def test_links(self, folder: SiteFolder, secret: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(reader, "_stays_inside", lambda link, inside: True)
        folder.link_to("static/x.txt", secret).build()
        assert published(folder)

    def test_orphans(self, site: SiteFolder, monkeypatch: pytest.MonkeyPatch) -> None:
        """A writer that takes nothing away keeps the pages of the dead."""
        site.remove("content/stories/b.md")
        monkeypatch.setattr(tree, "remove", lambda folder, names: None)
        assert "stories/b/index.html" in site.built()

    def test_files_of_others(self, site: SiteFolder, monkeypatch: pytest.MonkeyPatch) -> None:
        site.write("public/CNAME", "x")
        monkeypatch.setattr(commit.Publication, "_carry_over", lambda *_: None)
        monkeypatch.setattr(commit.Publication, "_catch_up", lambda *_: None)
        assert "CNAME" not in site.story("c").built()

    def test_foreign_folders(self, folder: SiteFolder, monkeypatch: pytest.MonkeyPatch) -> None:
        folder.write("public/index.html", "someone's own site")
        monkeypatch.setattr(commit, "_is_ours", lambda target: True)
        monkeypatch.setattr(commit.Publication, "_find_foreign", lambda *_: [])
        assert folder.build().ok
        assert b"someone's" not in folder.tree()["index.html"]

    def test_forged_list(self, site: SiteFolder, monkeypatch: pytest.MonkeyPatch) -> None:
        kept = site.root / "kept.txt"
        kept.write_text("kept")
        site.write("public/.explainer-output", mark_of_today("../kept.txt"))
        monkeypatch.setattr(commit, "_stays_inside", lambda name: True)
        pipeline.clean(site.root, pipeline.Options(now=NOW))
        assert not kept.exists()

    def test_failing_build(self, site: SiteFolder, monkeypatch: pytest.MonkeyPatch) -> None:
        before = site.tree()
        site.write("themes/plain/templates/story.html", "{{ page.titel }}")
        monkeypatch.setattr(run.Run, "_has_errors", lambda self: False)
        site.build()
        assert site.tree() != before

    def test_second_buffer(self, site: SiteFolder, monkeypatch: pytest.MonkeyPatch) -> None:
        """A build that writes into the published folder leaves a half when it is killed."""
        before = site.tree()
        site.story("c", title="New")
        monkeypatch.setattr(
            commit.Publication, "writer", lambda self: tree.Writer(self.place.target)
        )
        killed_at(site, commit, "flush")
        assert site.tree() != before

    def test_lock(
        self, site: SiteFolder, another_build: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        nothing: Callable[..., None] = lambda *_: None  # noqa: E731
        monkeypatch.setattr("fcntl.flock", nothing)
        assert site.build().ok
