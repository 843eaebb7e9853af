"""The site as browsers get it: clean URLs, content types, headers, what is missing."""

import mimetypes
import os
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from explainer.serve import app as app_module
from explainer.serve.exchange import ALWAYS
from explainer.serve.sorts import content_type
from tests.conftest import BuiltSite
from tests.serve.serving import Reply, Served


def headings(reply: Reply) -> str:
    return reply.text.partition("<h1>")[2].partition("</h1>")[0]


# -- URLs ----------------------------------------------------------------------------------------


def test_pages_have_clean_urls(served: Served):
    assert headings(served.ask("/")) == "Home"
    assert headings(served.ask("/stories/x/")) == "X"
    assert headings(served.ask("/stories/x/index.html")) == "X"


@pytest.mark.parametrize("query", ["", "?a=b&c=%2e", "?//example.org"])
def test_a_folder_without_its_slash_leads_to_the_one_with_it(served: Served, query: str):
    reply = served.ask(f"/stories/x{query}")
    assert (reply.status, reply["location"]) == (308, f"/stories/x/{query}")


def test_a_folder_without_a_page_is_not_there(served: Served):
    assert served.ask("/stories").status == 404
    assert served.ask("/stories/").status == 404


def test_names_beyond_ascii(served: Served):
    served.write("topics/métro/index.html", "<h1>Métro</h1>")
    assert headings(served.ask("/topics/m%C3%A9tro/")) == "Métro"
    assert served.ask("/topics/m%C3%A9tro")["location"] == "/topics/m%C3%A9tro/"
    assert 'data-page="topics/métro/index.html"' in served.ask("/topics/m%C3%A9tro/").text


@pytest.mark.parametrize("base", ["/repo/", "/a/b/", "/métro/"])
def test_a_site_beneath_a_path(served: Served, base: str):
    written = base.replace("é", "%C3%A9")
    served.publish(base=base)
    for url in ("/", written[:-1]):
        reply = served.ask(url)
        assert (reply.status, reply["location"]) == (307, written)
    assert headings(served.ask(written)) == "Home"
    assert headings(served.ask(f"{written}stories/x/")) == "X"
    assert served.ask(f"{written}stories/x")["location"] == f"{written}stories/x/"
    for url in ("/stories/x/", "/a", "/repository", f"{written}stories/x/../../", f"{written}/"):
        assert served.ask(url).status == 404


def test_the_path_may_change(served: Served):
    served.publish(base="/old/")
    assert served.ask("/old/").status == 200
    served.publish(base="/")
    assert served.ask("/").status == 200
    assert served.ask("/old/").status == 404


def test_a_whole_url_as_the_target(served: Served):
    assert headings(served.ask("http://localhost:1/stories/x/")) == "X"
    assert headings(served.ask("HTTP://LOCALHOST")) == "Home"
    assert served.ask("http://example.org/").status == 421
    assert served.ask("http://localhost/", host="example.org").status == 421
    assert served.ask("http://a@localhost/").status == 400
    assert served.ask("https://localhost/").status == 404


def test_what_well_known_holds_is_served(served: Served):
    served.write(".well-known/security.txt", "Contact: x\n")
    served.write(".well-known/.x/a.txt", "hidden")
    assert served.ask("/.well-known/security.txt").text == "Contact: x\n"
    assert served.ask("/.well-known/.x/a.txt").status == 404


# -- what is missing -----------------------------------------------------------------------------


def test_the_site_says_itself_what_is_missing(served: Served):
    reply = served.ask("/stories/none/")
    assert (reply.status, headings(reply)) == (404, "Nothing here")
    assert 'data-page="404.html"' in reply.text


@pytest.mark.parametrize("url", ["/none", "/x.png"])
def test_a_site_without_a_page_for_it(served: Served, url: str):
    (served.folder / "404.html").unlink()
    reply = served.ask(url)
    assert (reply.status, headings(reply)) == (404, "Not found")
    assert "<script" not in reply.text


@pytest.mark.parametrize("url", ["/", "/stories/x", "/a.b/c/", "/x.html", "/X.HTML", "/%20"])
def test_before_there_is_a_site(bare: Served, url: str):
    reply = bare.ask(url)
    assert (reply.status, headings(reply)) == (503, "The site cannot be built yet")
    for part in ('lang="en"', 'name="viewport"', "<title>", 'data-page=""', 'data-build="0"',
                 f'data-session="{bare.preview.session}"'):  # fmt: skip
        assert part in reply.text
    assert bare.ask("/x.css").status == 404


def test_no_page_of_a_tree_is_shown_before_it_is_known_to_be_good(bare: Served):
    bare.write("index.html", "old")
    bare.write("404.html", "old")
    for url in ("/", "/x.css", "/%00"):
        assert "old" not in bare.ask(url).text


def test_a_folder_that_is_not_there(served: Served):
    served.folder.rename(served.folder.with_name("away"))
    assert served.ask("/").status == 404


# -- methods -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "X", "get"]
)
def test_only_reading_is_allowed(served: Served, method: str):
    for url in ("/", "/none", "/_explainer/events", "*"):
        reply = served.ask(url, method)
        assert (reply.status, reply["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("url", ["/", "/data.bin", "/none", "/stories/x", "/_explainer/client.js",
                                 "/_explainer/about?page=stories/x/"])  # fmt: skip
def test_head_is_get_without_a_body(served: Served, url: str):
    got, headed = served.ask(url), served.ask(url, "HEAD")
    drop = {"date"}
    assert headed.status == got.status
    assert [one for one in headed.headers if one[0] not in drop] == [
        one for one in got.headers if one[0] not in drop
    ]


def test_head_of_a_stream_ends(served: Served):
    reply = served.ask("/_explainer/events", "HEAD")
    assert (reply.status, reply["content-type"]) == (200, "text/event-stream; charset=utf-8")


# -- headers -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "given", "status"),
    [
        ("/", {}, 200),
        ("/style.css", {}, 200),
        ("/data.bin", {"headers": {"Range": "bytes=0-0"}}, 206),
        ("/data.bin", {"headers": {"Range": "bytes=9999-"}}, 416),
        ("/stories/x", {}, 308),
        ("/none", {}, 404),
        ("/", {"method": "POST"}, 405),
        ("/", {"host": "example.org"}, 421),
        ("/", {"host": "a b"}, 400),
        ("/", {"host": None}, 400),
        ("/_explainer/client.js", {}, 200),
        ("/_explainer/about", {}, 404),
        ("/_explainer/events", {"method": "HEAD"}, 200),
        ("/_explainer/events", {"headers": {"Origin": "http://example.org"}}, 403),
    ],
)
def test_headers_of_every_answer(served: Served, url: str, given: dict[str, Any], status: int):
    reply = served.ask(url, **given)
    assert reply.status == status
    for name, value in ALWAYS:
        assert reply[name.decode()] == value.decode()
    assert reply.all("server") == []
    assert not [name for name, _ in reply.headers if name.startswith("access-control-")]
    assert not {"etag", "last-modified", "set-cookie"} & {name for name, _ in reply.headers}


def test_content_types():
    for path, sort in [
        ("index.html", "text/html; charset=utf-8"),
        ("a.css", "text/css; charset=utf-8"),
        ("a.js", "text/javascript; charset=utf-8"),
        ("a.mjs", "text/javascript; charset=utf-8"),
        ("a.min.JS", "text/javascript; charset=utf-8"),
        ("a.json", "application/json"),
        ("sitemap.xml", "application/xml"),
        ("feed.xml", "application/atom+xml; charset=utf-8"),
        ("topics/x/feed.xml", "application/atom+xml; charset=utf-8"),
        ("a.svg", "image/svg+xml"),
        ("a.JPG", "image/jpeg"),
        ("a.txt", "text/plain; charset=utf-8"),
        ("a.md", "text/markdown; charset=utf-8"),
        ("a.csv", "text/csv; charset=utf-8"),
        ("a.woff2", "font/woff2"),
        ("a.webmanifest", "application/manifest+json"),
        ("a.tar.gz", "application/octet-stream"),
        ("CNAME", "application/octet-stream"),
        ("x.html/CNAME", "application/octet-stream"),
    ]:
        assert content_type(path) == sort


def test_content_types_do_not_depend_on_the_machine(
    served: Served, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(mimetypes, "types_map", {".css": "text/wrong"})
    assert served.ask("/style.css")["content-type"] == "text/css; charset=utf-8"


# -- faults --------------------------------------------------------------------------------------


def test_a_fault_is_told_to_the_terminal_only(served: Served, monkeypatch: pytest.MonkeyPatch):
    fault = RuntimeError(f"in {served.folder}")

    def broken(path: str) -> str:
        raise fault

    monkeypatch.setattr(app_module, "content_type", broken)
    reply = served.ask("/style.css")
    assert (reply.status, reply.text) == (500, "Internal server error\n")
    assert reply["content-type"] == "text/plain; charset=utf-8"
    for name, value in ALWAYS:
        assert reply[name.decode()] == value.decode()
    assert served.faults == [fault]
    served.faults.clear()


def test_a_fault_in_what_tells_of_faults(served: Served, monkeypatch: pytest.MonkeyPatch):
    def broken(*given: object) -> str:
        raise BrokenPipeError

    monkeypatch.setattr(app_module, "content_type", broken)
    monkeypatch.setattr(served.app, "_on_fault", broken)
    assert served.ask("/style.css").status == 500


def test_a_fault_of_what_is_asked(served: Served, monkeypatch: pytest.MonkeyPatch):
    async def broken(path: str) -> None:
        raise KeyError("stories")

    monkeypatch.setattr(served.preview, "about", broken)
    assert served.ask("/_explainer/about?page=x").status == 500
    assert [type(fault) for fault in served.faults] == [KeyError]
    served.faults.clear()


# -- the preview's own ---------------------------------------------------------------------------


def test_the_script_is_served(served: Served):
    reply = served.ask("/_explainer/client.js?x")
    assert reply["content-type"] == "text/javascript; charset=utf-8"
    assert (
        reply.body
        == Path(app_module.__file__).with_name("client").joinpath("client.js").read_bytes()
    )


@pytest.mark.parametrize("name", ["", "x", "client.js/", "../index.html", "%2e%2e/", "client.jsx",
                                  "client/client.js", "Events"])  # fmt: skip
def test_nothing_else_is_there(served: Served, name: str):
    assert served.ask(f"/_explainer/{name}").status == 404


def test_the_site_has_no_say_in_it(served: Served):
    served.write("_explainer/x.txt", "x")
    served.write("_explainer/client.js", "x")
    assert served.ask("/_explainer/x.txt").status == 404
    assert served.ask("/_explainer/client.js").body != b"x"


def test_what_a_page_is_made_from(served: Served):
    reply = served.ask("/_explainer/about?page=stories/x/index.html")
    assert (reply.status, reply.text) == (200, '{"path": "stories/x/index.html"}')
    assert reply["content-type"] == "application/json"
    reply = served.ask("/_explainer/about?page=%2e%2e/%ff%00")
    assert (reply.status, reply.text) == (404, "null")
    assert served.asked_about == ["stories/x/index.html", "../\ufffd\0"]


# -- the example site ----------------------------------------------------------------------------


def test_every_file_of_the_example_site(bare: Served, site_at_root: BuiltSite):
    bare.show(site_at_root.root)
    bare.publish(base="/repo/")
    for file in sorted(site_at_root.root.rglob("*")):
        path = file.relative_to(site_at_root.root).as_posix()
        if not file.is_file():
            continue
        reply = bare.ask(f"/repo/{quote(path)}")
        if path == ".explainer-output":
            assert reply.status == 404
            continue
        assert reply.status == 200
        assert reply["content-type"] != "application/octet-stream"
        sent = file.read_bytes()
        if path.endswith(".html"):
            known = b'http-equiv="refresh"' in sent
            assert (reply.body == sent) is known
            assert (os.fsencode(f'data-page="{path}"') in reply.body) is not known
        else:
            assert reply.body == sent
