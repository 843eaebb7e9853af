"""Sections of files, held against slices of their bytes."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from explainer.serve.files import PORTION
from tests.serve.serving import Reply, Served

DATA = bytes(range(256)) * 4
SIZE = len(DATA)


def ask(served: Served, section: str, url: str = "/data.bin", **headers: str) -> Reply:
    return served.ask(url, headers={"Range": section, **headers})


number = st.integers(0, SIZE + 50)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(first=number, last=number | st.none())
def test_from_here_to_there(served: Served, first: int, last: int | None):
    reply = ask(served, f"bytes={first}-{'' if last is None else last}")
    expected = DATA[first : None if last is None else last + 1]
    if last is not None and last < first:
        assert (reply.status, reply.body) == (200, DATA)
    elif first >= SIZE:
        assert (reply.status, reply["content-range"]) == (416, f"bytes */{SIZE}")
    else:
        end = first + len(expected) - 1
        assert (reply.status, reply.body) == (206, expected)
        assert reply["content-range"] == f"bytes {first}-{end}/{SIZE}"
        assert reply["content-length"] == str(len(expected))


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(count=number)
def test_the_last_bytes(served: Served, count: int):
    reply = ask(served, f"bytes=-{count}")
    if count == 0:
        assert (reply.status, reply["content-range"]) == (416, f"bytes */{SIZE}")
    else:
        assert (reply.status, reply.body) == (206, DATA[-count:])
        assert reply["content-range"] == f"bytes {max(SIZE - count, 0)}-{SIZE - 1}/{SIZE}"


def test_sections_of_a_file_of_many_portions(served: Served):
    data = bytes(range(251)) * (4 * PORTION // 251)
    served.write("film.mp4", data)
    for first, last in [(0, 0), (0, PORTION - 1), (0, PORTION), (1, 2 * PORTION),
                        (5, len(data) - 1), (PORTION - 1, PORTION),
                        (len(data) - 1, len(data) - 1)]:  # fmt: skip
        reply = ask(served, f"bytes={first}-{last}", "/film.mp4")
        assert (reply.status, reply.body) == (206, data[first : last + 1])
        assert reply["content-type"] == "video/mp4"
    assert served.ask("/film.mp4").body == data


@pytest.mark.parametrize("section", [
    "bytes=0-1,4-5", "bytes=0-1,", "bytes=,", "bytes=", "bytes", "", "bytes=-", "bytes=--1",
    "bytes=a-b", "bytes=1", "bytes=0x1-2", "bytes=+1-2", "bytes=1-+2", "bytes=1.0-2", "bytes 0-1",
    "bytes=0-1;", "bytes=5-4", "bytes=1-2-3", "items=0-1", "bytes=\u00b2-", "bytes =0-1",
    "bytes=0 -1", "none", f"bytes={'9' * 5000}-", f"bytes=-{'9' * 5000}", f"bytes=0-{'1' * 5000}",
])  # fmt: skip
def test_what_is_not_understood_is_ignored(served: Served, section: str):
    reply = ask(served, section)
    assert (reply.status, reply.body) == (200, DATA)
    assert reply.all("content-range") == []


@pytest.mark.parametrize("section", ["BYTES=0-1", "bytes=00-01", "bytes= 0-1", "bytes=0-1 "])
def test_other_ways_to_write_it(served: Served, section: str):
    assert ask(served, section).body == DATA[:2]


def test_very_large_numbers(served: Served):
    assert ask(served, f"bytes=0-{10**25}").body == DATA
    assert ask(served, f"bytes=-{10**25}").body == DATA
    assert ask(served, f"bytes={10**25}-").status == 416


def test_an_empty_file(served: Served):
    served.write("empty.bin", b"")
    assert served.ask("/empty.bin")["content-length"] == "0"
    assert ask(served, "bytes=0-0", "/empty.bin").status == 416
    assert ask(served, "bytes=-1", "/empty.bin").status == 200


def test_a_condition_that_cannot_hold(served: Served):
    assert ask(served, "bytes=0-1", **{"If-Range": '"x"'}).status == 200


def test_two_headers(served: Served):
    assert ask(served, "bytes=0-1", RANGE="bytes=2-3").status == 200


def test_only_reading_has_sections(served: Served):
    reply = served.ask("/data.bin", "HEAD", headers={"Range": "bytes=0-1"})
    assert (reply.status, reply["content-length"]) == (200, str(SIZE))
    assert reply["accept-ranges"] == "bytes"


@pytest.mark.parametrize("url", ["/", "/stories/x/", "/none", "/_explainer/client.js"])
def test_pages_have_no_sections(served: Served, url: str):
    reply, whole = ask(served, "bytes=0-1", url), served.ask(url)
    assert (reply.status, reply.body) == (whole.status, whole.body)
    assert reply.all("accept-ranges") == []
