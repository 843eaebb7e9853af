"""Only names that no stranger can have are answered to (webpack-dev-server 887, Hugo 14870), and
only pages of this server may read what is not a page (esbuild GHSA-67mh-4wv8-2f99)."""

import socket

import pytest

from explainer.serve.hosts import Hosts, hosts_for, read_host
from tests.serve.serving import Served, parse, request

OURS = ["localhost", "LOCALHOST", "LocalHost:80", "localhost:", "localhost.", "localhost.:8000",
        "a.localhost", "a.b.localhost.", "A.LOCALHOST:1", "127.0.0.1", "127.0.0.1:8000",
        "127.1.2.3", "127.255.255.254:1", "[::1]", "[::1]:8000", "[0:0:0:0:0:0:0:1]",
        "[::0001]:80", "127.0.0.1."]  # fmt: skip
STRANGE = ["example.org", "localhost.example.org", "xlocalhost", "x-localhost", "127.0.0.1.nip.io",
           "127.0.0.1.example.org:80", "localhost-", "128.0.0.1", "10.0.0.1", "192.168.1.2:8000",
           "0.0.0.0", "0", "127.1", "2130706433", "0x7f.0.0.1", "017700000001", "127.0.0.01",
           "[::]", "[::2]", "[fe80::1]:80", "[::ffff:127.0.0.1]", "[::ffff:10.0.0.1]",
           "localhost.localdomain", "local.host", "xn--localhost", "_", "a"]  # fmt: skip
BROKEN = ["", " ", ":80", ".", "..", ".localhost", "localhost..", "a..localhost", "user@localhost",
          "localhost@example.org", "a:b@localhost:80", "localhost:80:80", "localhost:x", "[::1",
          "::1", "[::1]]", "[::1%25lo]", "[127.0.0.1]", "[localhost]", "localhost/", "localhost/x",
          "localhost?x", "localhost#x", "http://localhost", "localhost localhost", "localhost,a",
          "lo\tcalhost", "loc\u00e4lhost", "localhost\\x", "*", "*.localhost", "%6cocalhost",
          "localhost;x", "'localhost'", "[]", "[:]"]  # fmt: skip


@pytest.mark.parametrize("host", OURS)
def test_names_of_this_machine(served: Served, host: str):
    assert served.ask("/", host=host).status == 200


@pytest.mark.parametrize("host", STRANGE)
def test_names_of_strangers(served: Served, host: str):
    for url in ("/", "/none", "/stories/x", "/_explainer/client.js", "/_explainer/about?page=x"):
        for method in ("GET", "POST"):
            reply = served.ask(url, method, host=host)
            assert (reply.status, reply.text) == (
                421, "This server does not answer to that name\n",
            )  # fmt: skip


@pytest.mark.parametrize("host", BROKEN)
def test_what_is_no_name(served: Served, host: str):
    reply = served.ask("/", host=host)
    assert (reply.status, reply.text) == (400, "Bad request\n")


@pytest.mark.parametrize("lines", [
    b"",
    b"Host: localhost\r\nHost: localhost\r\n",
    b"Host: localhost\r\nHost: example.org\r\n",
    b"Host: example.org\r\nhOST: localhost\r\n",
    b"Host : localhost\r\n",
    b"Host: localhost\r\n continued\r\n",
    b"Host\r\n",
    b"X-Forwarded-Host: localhost\r\n",
    b"Host:\r\n localhost\r\nX: \0\r\n",
])  # fmt: skip
@pytest.mark.parametrize("version", [b"1.1", b"1.0"])
def test_several_names_or_none(served: Served, lines: bytes, version: bytes):
    data = served.talk(b"GET / HTTP/" + version + b"\r\n" + lines + b"Connection: close\r\n\r\n")
    reply, _ = parse(data)
    assert (reply.status, reply.text) == (400, "Bad request\n")
    assert reply["x-content-type-options"] == "nosniff"


def test_forwarded_names_do_not_count(served: Served):
    headers = {"X-Forwarded-Host": "localhost", "Forwarded": "host=localhost",
               "X-Forwarded-For": "127.0.0.1", "X-Host": "localhost"}  # fmt: skip
    assert served.ask("/", host="example.org", headers=headers).status == 421


def test_further_names(served: Served):
    served.show(
        served.folder, hosts_for("127.0.0.1", ["Preview.Example.", "[fe80::1]", "10.0.0.1"])
    )
    served.publish()
    for host in ("preview.example", "PREVIEW.EXAMPLE:80", "[FE80:0::1]", "10.0.0.1", "localhost"):
        assert served.ask("/", host=host).status == 200
    for host in ("x.preview.example", "example", "[fe80::2]", "10.0.0.2"):
        assert served.ask("/", host=host).status == 421


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "", "0:0::0"])
def test_a_server_on_all_interfaces(monkeypatch: pytest.MonkeyPatch, address: str):
    monkeypatch.setattr(socket, "gethostname", lambda: "Writer.example.org")
    hosts = hosts_for(address)
    for host in ("192.168.1.2", "8.8.8.8", "fe80::1", "writer.example.org", "writer.local",
                 "localhost", "127.0.0.1", "::1"):  # fmt: skip
        assert hosts.allow(host)
    for host in ("example.org", "writer", "x.writer.local", "1.2.3.4.nip.io", "local", "127.1"):
        assert not hosts.allow(host)


def test_a_server_on_one_address():
    assert hosts_for("192.168.1.2") == Hosts(frozenset({"192.168.1.2"}))
    assert hosts_for("fe80::0:1").allow("fe80::1")
    assert not hosts_for("192.168.1.2").allow("192.168.1.3")


def test_a_machine_with_a_name_that_is_none(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(socket, "gethostname", lambda: "my machine")
    assert hosts_for("0.0.0.0") == Hosts(any_address=True)


def test_further_names_that_are_none():
    assert hosts_for("127.0.0.1", ["a b", "", "*"]).names == {"127.0.0.1"}
    assert read_host("*") is None


# -- other origins -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["events", "about"])
@pytest.mark.parametrize("headers", [
    {"Origin": "http://example.org"},
    {"Origin": "null"},
    {"Origin": ""},
    {"Origin": "http://localhost"},
    {"Origin": "http://localhost:8001"},
    {"Origin": "https://localhost:8000"},
    {"Origin": "http://localhost:8000/"},
    {"Origin": "http://localhost:8000 http://example.org"},
    {"Origin": "http://localhost:8000", "ORIGIN": "http://example.org"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": ""},
    {"Origin": "http://localhost:8000", "Sec-Fetch-Site": "cross-site"},
])  # fmt: skip
def test_pages_of_others(served: Served, name: str, headers: dict[str, str]):
    url = f"/_explainer/{name}?page=stories/x/index.html"
    reply = served.ask(url, host="localhost:8000", headers=headers)
    assert (reply.status, reply.text) == (403, "Only for pages of this server\n")
    assert served.asked_about == []


@pytest.mark.parametrize("headers", [
    {},
    {"Origin": "http://localhost:8000"},
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
    {"Origin": "http://localhost:8000", "Sec-Fetch-Site": "same-origin"},
])  # fmt: skip
def test_pages_of_this_server(served: Served, headers: dict[str, str]):
    url = "/_explainer/about?page=stories/x/index.html"
    assert served.ask(url, host="localhost:8000", headers=headers).status == 200
    with served.stream(host="localhost:8000", headers=headers) as stream:
        assert stream.reply.status == 200


def test_a_request_before_another_may_be_of_anyone(served: Served):
    data = served.talk(request("/", close=False) + request("/", host="example.org"))
    first, rest = parse(data)
    second, rest = parse(rest)
    assert (first.status, second.status, rest) == (200, 421, b"")
