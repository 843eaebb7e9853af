"""What is changed in a page on its way: a script at its end, and a policy that lets it run."""

import re
from html import unescape

import pytest

from explainer.serve.pages import opened_policy, script, with_script
from tests.conftest import BuiltSite
from tests.serve.serving import Served

SCRIPT = "<script></script>"


def changed(page: str) -> str:
    return with_script(page.encode(), SCRIPT).decode()


# -- the script ----------------------------------------------------------------------------------


def test_a_page_with_its_script(served: Served):
    reply = served.ask("/stories/x/")
    element = (
        '<script src="/_explainer/client.js" data-page="stories/x/index.html"'
        f' data-session="{served.preview.session}" data-build="1" data-base="/" defer></script>'
    )
    sent = (served.folder / "stories/x/index.html").read_text("utf-8")
    assert reply.text == sent.replace("</body>", f"{element}</body>")
    served.publish("style.css")
    assert 'data-build="2"' in served.ask("/stories/x/").text


def test_names_break_out_of_nothing(served: Served):
    served.write("a\"><b>&'/index.html", "x")
    found = re.fullmatch(r'x<script [^>]* data-page="([^"<>]*)" .*', served.ask(
        "/a%22%3e%3cb%3e&'/").text)  # fmt: skip
    assert found is not None
    assert unescape(found[1]) == "a\"><b>&'/index.html"
    assert "<" not in script("<", '"', 1).removeprefix("<script").removesuffix("</script>")


@pytest.mark.parametrize(("page", "expected"), [
    ("<body>a</body></html>", f"<body>a{SCRIPT}</body></html>"),
    ("a</BODY >\n", f"a{SCRIPT}</BODY >\n"),
    ("a</body>b</body>c", f"a</body>b{SCRIPT}</body>c"),
    ("a</bodyguard>", f"a</bodyguard>{SCRIPT}"),
    ("", SCRIPT),
    ("İ\u017f\u212a</body>é", f"İ\u017f\u212a{SCRIPT}</body>é"),
    ("\ufeff<p>\r\n</body>\r", f"\ufeff<p>\r\n{SCRIPT}</body>\r"),
])  # fmt: skip
def test_the_place_of_the_script(page: str, expected: str):
    assert changed(page) == expected


def test_a_page_that_is_not_utf8(served: Served):
    page = b"<body>caf\xe9</body>"
    served.write("old.html", page)
    assert served.ask("/old.html").body == page


@pytest.mark.parametrize("tag", [
    '<meta http-equiv="refresh" content="0; url=/x/">',
    "<META content='0; url=/x/' HTTP-EQUIV=Refresh />",
    '<meta http-equiv=" refresh ">',
])  # fmt: skip
def test_a_page_that_leads_elsewhere(tag: str):
    page = f"<head>{tag}</head><body></body>"
    assert changed(page) == page


def test_what_only_looks_like_it():
    for page in (
        '<!-- <meta http-equiv="refresh"> --><body>',
        '<meta name="refresh" content="x">',
        '<script>"<meta http-equiv=refresh>"</script>',
        "<meta content=refresh>",
    ):
        assert changed(page) == page + SCRIPT


# -- the policy ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("policy", "expected"), [
    ("", ""),
    (" ; ;", ""),
    ("style-src 'self'", "style-src 'self'"),
    ("default-src 'none'",
     "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self'"),
    ("default-src https: data:; connect-src 'none'",
     "default-src https: data:; script-src https: data: 'self'; connect-src 'self'; "
     "img-src https: data: 'self'"),
    ("script-src 'sha256-a='", "script-src 'sha256-a=' 'self'"),
    ("script-src 'sha256-a=' 'self'", "script-src 'sha256-a=' 'self'"),
    ("SCRIPT-SRC 'NONE';IMG-SRC  a   b ", "script-src 'self'; img-src a b 'self'"),
    ("script-src 'none'; script-src-elem 'none'", "script-src 'self'; script-src-elem 'self'"),
    ("script-src a; script-src b", "script-src a 'self'"),
    ("connect-src", "connect-src 'self'"),
    ("default-src a; default-src b",
     "default-src a; default-src b; script-src a 'self'; connect-src a 'self'; img-src a 'self'"),
    ("base-uri 'none'; form-action 'none'; upgrade-insecure-requests",
     "base-uri 'none'; form-action 'none'; upgrade-insecure-requests"),
])  # fmt: skip
def test_policies(policy: str, expected: str):
    assert opened_policy(policy) == expected
    assert opened_policy(expected) == expected


@pytest.mark.parametrize("tag", [
    '<meta http-equiv="Content-Security-Policy" content="script-src a">',
    "<META HTTP-EQUIV='content-security-policy' CONTENT='script-src a'>",
    "<meta\ncontent = 'script-src&#32;a'\n id=x http-equiv=CONTENT-SECURITY-POLICY />",
    '<meta content="script-src a" data-x=">" http-equiv="Content-Security-Policy">',
    '<meta content="script-src a" content="script-src b" http-equiv="Content-Security-Policy">',
])  # fmt: skip
def test_ways_to_write_a_policy(tag: str):
    page = f"<!DOCTYPE html>\r\n<head><title>é</title>{tag}<link href=x>"
    found = changed(page)
    start, end = page.index(tag), page.index(tag) + len(tag)
    assert found.startswith(page[:start])
    assert found.endswith(page[end:] + SCRIPT)
    amended = unescape(found[start : len(found) - len(page[end:] + SCRIPT)])
    assert "=\"script-src a 'self'\"" in amended
    assert re.sub(r"\s*=\s*(\"[^\"]*\"|'[^']*')", "", amended) == re.sub(
        r"\s*=\s*(\"[^\"]*\"|'[^']*')", "", tag
    )


def test_every_policy_is_opened():
    tag = '<meta http-equiv="Content-Security-Policy" content="script-src a">'
    assert changed(tag + tag).count("script-src a &#x27;self&#x27;") == 2


@pytest.mark.parametrize("page", [
    '<!-- <meta http-equiv="Content-Security-Policy" content="script-src a"> -->',
    '<script>\'<meta http-equiv="Content-Security-Policy" content="script-src a">\'</script>',
    '<meta http-equiv="Content-Security-Policy">',
    '<meta http-equiv="X-UA-Compatible" content="script-src a">',
    '<meta name="description" content="Content-Security-Policy: script-src a">',
    '<meta http-equiv="Content-Security-Policy" content="script-src a',
    "<metal http-equiv=Content-Security-Policy content=script-src>",
])  # fmt: skip
def test_what_is_no_policy_stays(page: str):
    assert changed(page) == page + SCRIPT


def test_pages_of_the_example_site(site_at_root: BuiltSite):
    seen = 0
    for file in site_at_root.root.rglob("*.html"):
        before = file.read_text("utf-8")
        after = changed(before)
        if 'http-equiv="refresh"' in before:
            assert after == before
            continue
        seen += 1
        [policy] = re.findall(
            r'<meta http-equiv="Content-Security-Policy" content="([^"]*)"', after
        )
        directives = {part.split()[0]: part.split()[1:] for part in unescape(policy).split(";")}
        assert "'self'" in directives["script-src"]
        assert directives["connect-src"] == ["'self'"]
        assert directives["img-src"] == ["data:", "'self'"]
        assert directives["default-src"] == ["'none'"]
        drop = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>|<script></script>')
        assert drop.sub("", after) == drop.sub("", before)
    assert seen > 100
