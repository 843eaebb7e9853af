"""Streams of events: nothing is missed, and nothing is left behind."""

import contextlib
import socket
import threading
import time
from typing import Any

import pytest
from uvicorn.protocols.http.h11_impl import H11Protocol

from explainer.serve import events
from tests.serve.serving import Served, Stream, descriptors, eventually, request

PROBLEM = {"code": "E204", "severity": "error", "file": "content/stories/x.md", "line": 3,
           "column": 1, "end_column": 4, "message": "\u2028 \ud800 é\n\ndata: x", "hints": ["a"],
           "source": "title: x"}  # fmt: skip
PAGE = "stories/x/index.html"


def query(served: Served, page: str = PAGE, build: int | str = 1, session: str = "") -> str:
    return f"page={page}&session={session or served.preview.session}&build={build}"


# -- what is told --------------------------------------------------------------------------------


def test_the_state_is_told_at_once(served: Served):
    with served.stream(query(served)) as stream:
        assert stream.reply.status == 200
        assert stream.reply["content-type"] == "text/event-stream; charset=utf-8"
        assert stream.reply["cache-control"] == "no-store"
        assert stream.block() == "retry: 500\n\n"
        assert stream.event() == {"session": served.preview.session, "build": 1, "page": "same",
                                  "files": [], "failed": False, "problems": []}  # fmt: skip


def test_what_happened_in_the_meantime(served: Served):
    served.publish(PAGE, "b.css", "a.svg", "index.html")
    served.publish("c.css")
    with served.stream(query(served)) as stream:
        event = stream.event()
        assert (event["build"], event["page"]) == (3, "changed")
        assert event["files"] == ["a.svg", "b.css", "c.css"]


def test_news_are_told_as_they_come(served: Served):
    with served.stream(query(served)) as stream:
        assert stream.event()["page"] == "same"
        served.publish("style.css", "index.html")
        event = stream.event()
        assert (event["build"], event["page"], event["files"]) == (2, "same", ["style.css"])
        served.publish(PAGE)
        event = stream.event()
        assert (event["build"], event["page"], event["files"]) == (3, "changed", [])
        served.do(lambda: served.preview.fail([PROBLEM]))
        event = stream.event()
        assert (event["build"], event["page"], event["failed"]) == (3, "same", True)
        assert event["problems"] == [PROBLEM]
        served.publish()
        event = stream.event()
        assert (event["build"], event["failed"], event["problems"]) == (3, False, [])


def test_an_event_is_one_line(served: Served):
    served.do(lambda: served.preview.fail([PROBLEM]))
    with served.stream(query(served)) as stream:
        assert stream.block() == "retry: 500\n\n"
        assert stream.block().count("\n") == 3


def test_a_page_that_is_gone(served: Served):
    (served.folder / PAGE).unlink()
    served.publish(PAGE)
    with served.stream(query(served)) as stream:
        assert stream.event()["page"] == "gone"
        served.write(PAGE, "x")
        served.publish(PAGE)
        assert stream.event()["page"] == "changed"


@pytest.mark.parametrize(
    "build", ["0", "9", "-1", "", "x", "1.0", "+1", "9" * 5000, "\u0661", "1_0"]
)
def test_builds_that_are_not_known(served: Served, build: str):
    with served.stream(query(served, build=build.replace("\u0661", "%d9%a1"))) as stream:
        event = stream.event()
        assert (event["build"], event["page"], event["files"]) == (1, "changed", [])
        served.publish("style.css")
        assert stream.event()["page"] == "same"


def test_another_session(served: Served):
    with served.stream(query(served, session="0123456789abcdef")) as stream:
        assert stream.event()["page"] == "changed"


def test_no_questions_at_all(served: Served):
    with served.stream() as stream:
        assert stream.event()["page"] == "changed"


def test_before_there_is_a_site(bare: Served):
    with bare.stream(query(bare, page="", build=0)) as stream:
        assert (event := stream.event())["page"] == "unknown"
        assert (event["build"], event["failed"]) == (0, False)
        bare.do(lambda: bare.preview.fail([PROBLEM]))
        event = stream.event()
        assert (event["page"], event["failed"]) == ("unknown", True)
        bare.publish("index.html")
        event = stream.event()
        assert (event["page"], event["build"]) == ("changed", 1)


def test_a_browser_of_a_server_that_ran_before(bare: Served):
    with bare.stream(query(bare, build=7, session="0")) as stream:
        assert stream.event()["page"] == "changed"


def test_many_files(served: Served):
    served.publish(*(f"{number:03}.svg" for number in range(300)), *(f"{n}.html" for n in range(9)))
    with served.stream(query(served)) as stream:
        assert stream.event()["files"] == [f"{number:03}.svg" for number in range(200)]


def test_no_news_are_missed(served: Served):
    """Builds come as quickly as they can while browsers come and go."""
    known: list[tuple[int, set[str]]] = []

    def browse() -> None:
        build, seen = 1, set()
        while build < 200:
            with served.stream(query(served, build=build)) as stream:
                for _ in range(3):
                    event = stream.event()
                    build = event["build"]
                    seen |= set(event["files"])
                    if build == 200:
                        break
        known.append((build, seen))

    threads = [threading.Thread(target=browse) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(2, 201):
        served.publish(f"{number}.css")
    for thread in threads:
        thread.join()
    expected = {f"{number}.css" for number in range(2, 201)}
    assert known == [(200, expected)] * 4


def test_news_that_come_while_an_event_waits_to_be_read(served: Served):
    big = dict(PROBLEM, message="x" * 1_000_000)

    def waits() -> bool:
        [connection] = served.uvicorn.server_state.connections
        return isinstance(connection, H11Protocol) and connection.flow.write_paused

    with served.stream(query(served)) as stream:
        while not served.do(waits):
            served.do(lambda: served.preview.fail([big]))
        served.do(lambda: served.preview.fail([big]))
        for _ in range(20):  # turns of the event loop, in which that one is made up to be sent
            served.do(lambda: None)
        served.publish("style.css")
        while (event := stream.event())["build"] == 1:
            assert event["files"] == []
        assert event["files"] == ["style.css"]


# -- the life of a stream ------------------------------------------------------------------------


def test_a_stream_shows_that_it_is_alive(served: Served, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(events, "HEARTBEAT", 0.01)
    with served.stream(query(served)) as stream:
        assert [stream.block()[:6] for _ in range(5)] == ["retry:", "event:", *[": stil"] * 3]
        served.publish(PAGE)
        assert stream.event()["page"] == "changed"
        assert stream.block().startswith(": ")


def test_streams_end_with_the_server(served: Served):
    with served.stream(query(served)) as stream, served.stream(query(served)) as other:
        stream.event()
        other.event()
        served.do(served.preview.end)
        assert (stream.block(), other.block()) == ("", "")
    with served.stream(query(served)) as stream:
        assert (stream.block(), stream.block()) == ("retry: 500\n\n", "")


def ends(stream: Stream) -> bool:
    """Tell whether a stream is cut off by the server."""
    with contextlib.suppress(ConnectionError):
        while stream.connection.recv(1 << 16):
            pass
    return True


def test_the_oldest_makes_room(served: Served):
    with contextlib.ExitStack() as stack:
        streams = []
        for _ in range(events.MOST_STREAMS + 3):
            streams.append(stack.enter_context(served.stream(query(served))))
            streams[-1].event()
        assert served.do(lambda: len(served.app.streams)) == events.MOST_STREAMS
        assert all(ends(stream) for stream in streams[:3])
        served.publish("style.css")
        for stream in streams[3:]:
            assert stream.event()["files"] == ["style.css"]


def test_room_is_made_even_by_a_browser_that_does_not_read(served: Served):
    big = dict(PROBLEM, message="x" * 100_000)
    with contextlib.ExitStack() as stack:
        lazy = stack.enter_context(served.stream(query(served)))
        for _ in range(100):
            served.do(lambda: served.preview.fail([big]))
        for _ in range(events.MOST_STREAMS):
            stack.enter_context(served.stream(query(served)))
        assert served.do(lambda: len(served.app.streams)) == events.MOST_STREAMS
        lazy.event()
        assert ends(lazy)


def test_nothing_is_left_of_streams(served: Served):
    served.settled()
    before = (descriptors(), threading.active_count(), served.tasks())
    timers = served.do(lambda: len(scheduled(served)))
    for number in range(200):
        with served.connect() as connection:
            connection.sendall(request(f"/_explainer/events?{query(served)}", close=False))
            if number % 4 == 1:
                connection.recv(1)
            if number % 4 == 2:
                connection.recv(1 << 16)
                served.publish("style.css")
            if number % 4 == 3:  # it is reset, not closed
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    served.settled()
    eventually(lambda: (descriptors(), threading.active_count(), served.tasks()) == before)
    eventually(lambda: served.do(lambda: len(scheduled(served))) <= timers)


def scheduled(served: Served) -> list[Any]:
    """Return the timers of the event loop that still stand."""
    loop: Any = served.loop
    return [timer for timer in loop._scheduled if not timer.cancelled()]


def test_a_fault_in_a_stream(served: Served, monkeypatch: pytest.MonkeyPatch):
    fault = RuntimeError("x")

    def broken(*given: object) -> None:
        raise fault

    monkeypatch.setattr(served.preview, "changed_since", broken)
    with served.stream(query(served)) as stream:
        assert ends(stream)
    eventually(lambda: served.faults == [fault])
    served.faults.clear()


def test_a_server_ends_while_streams_are_open(tmp_path):
    began = time.monotonic()
    other = Served()
    with contextlib.ExitStack() as stack:
        with other.running():
            other.show(tmp_path)
            streams = [stack.enter_context(other.stream()) for _ in range(20)]
            for stream in streams:
                stream.event()
            other.do(other.preview.end)
        assert all(ends(stream) for stream in streams)
    assert other.faults == []
    assert time.monotonic() - began < 60
