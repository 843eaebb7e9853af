"""HTTP as it is really sent: in pieces, many at once, broken, and by those who go away."""

import contextlib
import itertools
import os
import shutil
import socket
import threading
from pathlib import Path

import pytest
from uvicorn.protocols.http.h11_impl import H11Protocol

from explainer.serve.files import PORTION
from tests.serve.serving import (
    Served,
    descriptors,
    eventually,
    everything,
    parse,
    replies,
    request,
)

BIG = 200 * PORTION
"""Bytes of a file that no system holds in its buffers while nobody reads them."""


@pytest.fixture
def big(served: Served) -> bytes:
    data = bytes(range(241)) * (BIG // 241)
    served.write("film.mp4", data)
    return data


# -- requests ------------------------------------------------------------------------------------


def test_a_request_in_pieces(served: Served):
    data = request("/style.css")
    with served.connect() as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for number in range(len(data)):
            connection.sendall(data[number : number + 1])
        assert parse(everything(connection))[0].text == "body {}\n"


def test_requests_that_do_not_wait_for_answers(served: Served, big: bytes):
    served.write("map.png", big[: 5 * PORTION])
    urls = ["/style.css", "/none", "/map.png", "/stories/x", "/data.bin", "/_explainer/about"] * 5
    sent = b"".join(request(url, close=False) for url in urls)
    found = replies(served.talk(sent + request("/")))
    assert [reply.status for reply in found] == [200, 404, 200, 308, 200, 404] * 5 + [200]
    assert found[2].body == big[: 5 * PORTION]
    assert all(reply.whole for reply in found)


def test_many_requests_on_one_connection(served: Served):
    with served.connect() as connection:
        for _ in range(50):
            connection.sendall(request("/style.css", close=False))
            data = b""
            while not data.endswith(b"body {}\n"):
                data += connection.recv(1 << 16)
        connection.sendall(request("/style.css"))
        assert parse(everything(connection))[0].status == 200


def test_http_1_0(served: Served, big: bytes):
    data = served.talk(b"GET /film.mp4 HTTP/1.0\r\nHost: localhost\r\n\r\n")
    assert parse(data)[0].body == big
    assert parse(served.talk(b"GET / HTTP/1.0\r\n\r\n"))[0].status == 400


@pytest.mark.parametrize("data", [
    b"\r\n\r\n\r\n", b"GET /\r\n\r\n", b"GET / HTTP/1.1\n\n", b"GET  / HTTP/1.1\r\n\r\n",
    b"GET / HTTP/2.0\r\nHost: localhost\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"GET / HTTP/0.9\r\n\r\n", b"\0\0\0\0", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"GET /\xff HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET /\0 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: x\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\n: x\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13\r\n\r\n",
    b"CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\nx",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n" + b"x" * 300_000,
], ids=itertools.count())  # fmt: skip
def test_what_is_no_proper_request(served: Served, data: bytes):
    with served.connect() as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        everything(connection)
    assert served.ask("/").status == 200


def test_a_body_that_breaks_after_the_answer(served: Served, big: bytes):
    head = b"GET /film.mp4 HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    with served.connect() as connection:
        connection.sendall(head)
        connection.recv(1)
        connection.sendall(b"zz\r\n")
        everything(connection)
    with served.connect() as connection:
        connection.sendall(head.replace(b"film.mp4", b"style.css"))
        connection.recv(1)
        connection.sendall(b"zz\r\n")
        everything(connection)
    assert served.ask("/").status == 200


def test_half_requests_keep_nobody_waiting(served: Served):
    with contextlib.ExitStack() as stack:
        for _ in range(50):
            connection = stack.enter_context(served.connect())
            connection.sendall(b"GET / HTTP/1.1\r\nHost: local")
        assert served.ask("/").status == 200
        eventually(lambda: served.connections() == 50)


def test_a_crowd(served: Served):
    found: list[int] = []

    def ask() -> None:
        found.extend(served.ask("/stories/x/").status for _ in range(20))

    threads = [threading.Thread(target=ask) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [200] * 200


def test_the_settings_of_the_server(served: Served):
    settings = served.uvicorn.config
    assert settings.lifespan == "off"
    assert settings.ws == "none"
    assert not settings.proxy_headers
    assert not settings.access_log
    assert settings.limit_concurrency


def test_no_answer_waits_to_be_packed_with_others(served: Served):
    def delays() -> list[int]:
        found = []
        for connection in served.uvicorn.server_state.connections:
            assert isinstance(connection, H11Protocol)
            inner = connection.transport.get_extra_info("socket")
            found.append(inner.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        return found

    with served.connect():
        eventually(lambda: served.connections() == 1)
        assert served.do(delays) == [1]


# -- large files ---------------------------------------------------------------------------------


def test_head_of_a_large_file(served: Served, big: bytes):
    reply = served.ask("/film.mp4", "HEAD")
    assert (reply.status, reply["content-length"]) == (200, str(len(big)))


def test_browsers_that_go_away(served: Served, big: bytes):
    served.settled()
    before = descriptors()
    for number in range(30):
        with served.connect() as connection:
            connection.sendall(request("/film.mp4", ("GET", "HEAD")[number % 5 == 4]))
            if number % 3:
                connection.recv(10)
            if number % 2:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    served.settled()
    eventually(lambda: descriptors() == before)


def test_a_slow_browser_keeps_nobody_waiting(served: Served, big: bytes):
    with served.connect() as connection:
        connection.sendall(request("/film.mp4"))
        connection.recv(1)
        assert served.ask("/").status == 200
        assert everything(connection).endswith(big[-1000:])


def test_a_large_file_is_the_one_that_was_opened(served: Served, big: bytes):
    with served.connect() as connection:
        connection.sendall(request("/film.mp4"))
        first = connection.recv(1)
        (served.folder / "film.mp4").unlink()
        served.write("film.mp4", b"another one")
        assert parse(first + everything(connection))[0].body == big
    assert served.ask("/film.mp4").body == b"another one"


def test_a_file_that_becomes_shorter(served: Served, big: bytes):
    with served.connect() as connection:
        connection.sendall(request("/film.mp4"))
        first = connection.recv(1)
        os.truncate(served.folder / "film.mp4", 10)
        reply, _ = parse(first + everything(connection))
    assert reply.status == 200
    assert not reply.whole


def test_a_file_that_becomes_longer(served: Served, big: bytes):
    with served.connect() as connection:
        connection.sendall(request("/film.mp4"))
        first = connection.recv(1)
        with (served.folder / "film.mp4").open("ab") as file:
            file.write(big)
        reply, rest = parse(first + everything(connection))
    assert (reply.body, rest) == (big, b"")


def test_a_file_that_cannot_be_read(served: Served, monkeypatch: pytest.MonkeyPatch):
    def refusing(*given: int) -> bytes:
        raise OSError

    monkeypatch.setattr(os, "pread", refusing)
    for url in ("/style.css", "/data.bin"):
        reply, _ = parse(served.talk(request(url)))
        assert (reply.status, reply.whole) == (200, False)


# -- the tree is exchanged -----------------------------------------------------------------------


def test_a_tree_that_is_exchanged_all_the_time(served: Served, tmp_path: Path):
    """Every answer is whole and of one tree; for a moment there may be none."""
    sizes = {"index.html": 3000, "data.bin": 3 * PORTION, "stories/x/index.html": 70_000}
    other = tmp_path / "other"
    shutil.copytree(served.folder, other)
    for tree, letter in ((served.folder, b"a"), (other, b"b")):
        for path, size in sizes.items():
            (tree / path).write_bytes(letter * size)
    done = threading.Event()
    aside = tmp_path / "aside"

    def exchange() -> None:
        while not done.wait(0.0005):
            served.folder.rename(aside)
            other.rename(served.folder)
            aside.rename(other)

    thread = threading.Thread(target=exchange)
    thread.start()
    seen = set()
    try:
        for number, (url, size) in zip(
            range(20),
            itertools.cycle([("/", 3000), ("/data.bin", 3 * PORTION), ("/stories/x/", 70_000)]),
            strict=False,
        ):
            sent = request(url, close=False) * 99 + request(url)
            found = replies(served.talk(sent))
            assert len(found) == 100, number
            for reply in found:
                assert reply.whole
                if reply.status == 404:
                    continue
                assert reply.status == 200
                body = reply.body.partition(b"<script")[0]
                assert body in (b"a" * size, b"b" * size)
                seen.add(body[:1])
    finally:
        done.set()
        thread.join()
    assert seen == {b"a", b"b"}
    if not served.folder.exists():
        aside.rename(served.folder)
