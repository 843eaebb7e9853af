"""No path leads out of the tree, and none makes the server fail (MkDocs CVE-2021-40978, Zola
CVE-2023-40274, 11ty dev-server 150 and 152).

Every answer that a test reads is searched for the secrets that lie around the tree, see `serving`.
"""

import os
import shutil
import socket
from pathlib import Path
from typing import Any

import pytest

from explainer.serve import files
from tests.serve.serving import CANARY, SecretSeen, Served, descriptors, eventually, parse

UP = ["..", "%2e%2e", "%2E.", ".%2e", "%252e%252e", "%c0%ae%c0%ae", "%uff0e%uff0e", "..%00", "...",
      "..;", ";..", "..%20", "..%09", "..\\", "%5c..", "..%5c", "..%2f", "%2f..", "..%252f",
      "%ef%bc%8e%ef%bc%8e", "stories/..", "stories/%2e%2e", ".well-known/.."]  # fmt: skip
"""Ways to write the folder above."""


@pytest.mark.parametrize("up", UP)
def test_upwards(served: Served, up: str):
    for start in ("/", "/stories/", "/stories/x/", "//", "/./"):
        for times in (1, 2, 3):
            for goal in ("canary.txt", "private/", "private", "private/index.html"):
                for slash in ("/", "%2f", "\\", "%5c"):
                    path = f"{start}{(up + slash) * times}{goal}"
                    file, folder = (
                        files.find(served.folder, text)
                        for text in (path[1:], f"{path[1:]}/")
                    )  # fmt: skip
                    assert (file, folder) == (None, None)
        assert served.ask(f"{start}{up}/canary.txt").status == 404
        assert served.ask(f"{start}{up}/../private").status == 404
        assert served.ask(f"{start}{up}").status == 404


@pytest.mark.parametrize("form", [
    "/{tree}-secret/index.html", "{parent}/canary.txt", "/{parent}/canary.txt",
    "//{parent}/canary.txt", "/%2f{parent}/canary.txt", "/../{name}/index.html",
    "/../{name}-secret/index.html", "/../{name}.txt", "/.%2e/{name}-secret/",
    "file://{parent}/canary.txt", "http://localhost{parent}/canary.txt",
    "http://localhost/../canary.txt",
])  # fmt: skip
def test_absolute_paths_and_neighbours(served: Served, form: str):
    tree = served.folder
    path = form.format(tree=tree, parent=tree.parent, name=tree.name)
    assert served.ask(path).status == 404


@pytest.mark.parametrize("path", [
    "/%", "/%2", "/%zz", "/%00", "/index.html%00", "/index.html%00.txt", "/%00/index.html",
    "/%ff", "/%fe%ff", "/%c3", "/%c3%28", "/%ed%a0%80", "/%f4%90%80%80", "/%80/x",
    "//", "///", "//index.html", "/stories//x/", "/stories/x//", "/stories/x/.", "/./", "/.",
    "/./index.html", "/stories/./x/", "/stories/x/../x/", "/index.html/", "/index.html/x",
    "/style.css/", "/stories/x/index.html/", "/.explainer-output", "/.hidden/x.txt", "/.hidden/",
    "/stories/.x.txt", "/%2ehidden/x.txt", "/stories/%2ex.txt", "/stories%2fx/", "/stories%2Fx",
    "/stories\\x\\", "/stories%5cx%5c", "/index.html;", "/;", "/;/index.html", "/index.html;x=y",
    "/index.html%20", "/index.html.", "/INDEX.HTML%00", "/C:/x", "/c:%5cx", "/nul", "/~",
    "/~root/", "*", "x", "index.html", "localhost:80", "?", "&", "#", "/#/x", "/%23", "/%3f",
    "/%3F/index.html", "/index.html?x/../../", "/?x=/../", "/?", "/??", "/stories/x/?",
    "/\\example.org", "/%09/x",
    "/%0d%0aX:%20y/", "/stories/x%0d%0a", "/{}", "/|", "/^", "/`", "/\"", "/<script>", "/'",
])  # fmt: skip
def test_strange_paths(served: Served, path: str):
    good = {"/index.html?x/../../", "/?x=/../", "/?", "/??", "/stories/x/?"}
    reply = served.ask(path)
    assert reply.status == (200 if path in good else 404)
    assert b'<script>"' not in reply.body


@pytest.mark.parametrize("path", ["/%2fexample.org", "//example.org", "//example.org/%2e%2e",
                                  "/\\example.org", "/%5cexample.org", "//stories/x",
                                  "/stories/x\\", "/stories/x%0d%0aSet-Cookie:a=b"])  # fmt: skip
def test_no_path_leads_elsewhere(served: Served, path: str):
    assert served.ask(path).all("location") == []


@pytest.mark.parametrize("length", [255, 256, 4095, 4096, 5000, 12_000])
@pytest.mark.parametrize("part", ["a", "a/", "%61/", "%c3%a9", "..", "../", "%00", "/"])
def test_overlong_paths(served: Served, length: int, part: str):
    assert served.ask("/" + part * (length // len(part))).status == 404


def test_a_head_that_has_no_end(served: Served):
    data = served.talk(b"GET /", b"a" * 200_000, b" HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert not data or parse(data)[0].status == 400
    data = served.talk(b"GET / HTTP/1.1\r\nHost: localhost\r\nX: ", b"a" * 200_000)
    assert not data or parse(data)[0].status == 400


def test_a_path_that_the_system_cannot_hold(served: Served):
    assert files.open_file(served.folder, "\udcff/\ud800") is None
    assert files.open_file(Path("/\ud800"), "x") is None
    assert files.open_file(Path("/\0"), "x") is None


# -- what is no plain file beneath the tree ------------------------------------------------------


@pytest.mark.parametrize("relative", [False, True])
def test_links_are_not_followed(served: Served, relative: bool):
    outside = Path("..") if relative else served.folder.parent
    (served.folder / "file.txt").symlink_to(outside / "canary.txt")
    (served.folder / "folder").symlink_to(outside / "private")
    (served.folder / "up").symlink_to(outside)
    (served.folder / "page").mkdir()
    (served.folder / "page" / "index.html").symlink_to(served.folder.parent / "canary.txt")
    (served.folder / "loop").symlink_to("loop")
    (served.folder / "inside.css").symlink_to("style.css")
    (served.folder / "nothing").symlink_to("none")
    for path in ("file.txt", "folder", "folder/", "folder/index.html", "up/canary.txt", "page/",
                 "up/private/", "up/public/index.html", "page", "page/index.html", "loop", "loop/",
                 "inside.css", "nothing", "nothing/x"):  # fmt: skip
        assert served.ask(f"/{path}").status == 404


def test_a_page_for_what_is_missing_that_is_a_link(served: Served):
    (served.folder / "404.html").unlink()
    (served.folder / "404.html").symlink_to(served.folder.parent / "canary.txt")
    assert "Not found" in served.ask("/none").text


def test_a_tree_that_is_a_link(served: Served):
    served.folder.rename(served.folder.with_name("tree"))
    served.folder.symlink_to("private")
    assert served.ask("/").status == 404


def test_links_in_the_place_of_what_was_looked_at(served: Served, monkeypatch: pytest.MonkeyPatch):
    """A folder becomes a link between the opening of one component and that of the next."""
    opened = os.open

    def racing(path: Any, *given: Any, **more: Any) -> int:
        descriptor = opened(path, *given, **more)
        if path == "stories":
            shutil.rmtree(served.folder / "stories")
            (served.folder / "stories").symlink_to(served.folder.parent)
            (served.folder.parent / "x").symlink_to("private")
        return descriptor

    monkeypatch.setattr(os, "open", racing)
    assert served.ask("/stories/x/").status == 404


def test_pipes_sockets_devices_and_folders(served: Served):
    os.mkfifo(served.folder / "pipe.txt")
    os.mkfifo(served.folder / "404.pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        here = Path.cwd()
        os.chdir(served.folder)  # the name of a socket may not be long
        try:
            listening.bind("socket.txt")
        finally:
            os.chdir(here)
        (served.folder / "folder.txt").mkdir()
        for path in ("pipe.txt", "pipe.txt/", "socket.txt", "folder.txt", "folder.txt/"):
            assert served.ask(f"/{path}").status == 404


@pytest.mark.parametrize(
    "fault", [PermissionError, OSError, ValueError, UnicodeError, TimeoutError]
)
def test_files_that_cannot_be_opened(
    served: Served, monkeypatch: pytest.MonkeyPatch, fault: type[Exception]
):
    opened = os.open

    def refusing(path: Any, *given: Any, **more: Any) -> int:
        if path in ("style.css", "x"):
            raise fault(path)
        return opened(path, *given, **more)

    monkeypatch.setattr(os, "open", refusing)
    for url in ("/style.css", "/stories/x/", "/stories/x"):
        assert served.ask(url).status == 404
    assert served.ask("/").status == 200


def test_files_that_may_not_be_read(served: Served):
    served.write("secret.txt", "x").chmod(0)
    (served.folder / "stories").chmod(0)
    refused = 200 if os.geteuid() == 0 else 404  # root may read everything
    assert served.ask("/secret.txt").status == refused
    assert served.ask("/stories/x/").status == refused
    (served.folder / "stories").chmod(0o755)


def test_a_file_that_cannot_be_looked_at(served: Served, monkeypatch: pytest.MonkeyPatch):
    def refusing(descriptor: int) -> os.stat_result:
        raise OSError

    before = descriptors()
    with monkeypatch.context() as patch:
        patch.setattr(os, "fstat", refusing)
        found = [files.find(served.folder, "style.css") for _ in range(20)]
    assert found == [None] * 20
    assert descriptors() == before


def test_nothing_stays_open(served: Served):
    os.mkfifo(served.folder / "pipe.txt")
    served.settled()
    before = descriptors()
    for path in (
        "",
        "stories/x",
        "stories/x/",
        "none/",
        "style.css/x",
        "pipe.txt",
        "../x",
        "stories",
    ):
        for _ in range(5):
            served.ask(f"/{path}")
    served.settled()
    eventually(lambda: descriptors() == before)


# -- the guards matter ---------------------------------------------------------------------------


def test_the_guard_of_names_matters(served: Served, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(files, "_is_allowed", lambda name: True)
    with pytest.raises(SecretSeen):
        served.ask("/../canary.txt")


def test_the_guard_of_links_matters(served: Served, monkeypatch: pytest.MonkeyPatch):
    (served.folder / "file.txt").symlink_to(served.folder.parent / "canary.txt")
    (served.folder / "folder").symlink_to(served.folder.parent)
    monkeypatch.setattr(files, "_FILE", files._FILE & ~os.O_NOFOLLOW)
    monkeypatch.setattr(files, "_FOLDER", files._FOLDER & ~os.O_NOFOLLOW)
    for path in ("file.txt", "folder/canary.txt"):
        file = files.find(served.folder, path)
        assert file is not None
        with file:
            assert file.read_all() == CANARY
