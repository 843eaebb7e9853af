"""Requests made up from a seed, well-formed and broken, sent over raw sockets to a real server.

    python -m tests.serve.fuzz --requests 20000 --seed 0

Nothing that comes back may hold a byte of what lies outside of the tree; the server must go on
to answer, must report no fault, and must have let go of everything in the end.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import socket
import struct
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

from explainer.serve.hosts import Hosts
from tests.serve.serving import CANARY, Served, descriptors, eventually, request

METHODS = ["GET"] * 60 + ["HEAD"] * 10 + ["POST", "OPTIONS", "CONNECT", "TRACE", "get", "G\0T", ""]
HOSTS = ["localhost"] * 60 + ["127.0.0.1:80", "[::1]", "example.org", "", "a@localhost", "x" * 300]
NAMES = ["", "index.html", "stories", "x", "style.css", "film.mp4", "404.html", "feed.xml", "none",
         "canary.txt", "public", "private", "etc", "passwd", "file.txt", "folder", "up", "pipe.txt",
         ".explainer-output", ".well-known", "_explainer", "events", "about", "client.js", "métro",
         "a" * 300]  # fmt: skip
WHOLE = ["*", "/", "/film.mp4", "/stories/x/", "/_explainer/events", "/_explainer/client.js",
         "/_explainer/about", "/file.txt", "/up/canary.txt", "/etc/passwd", "/passwd", "/pipe.txt",
         "/m%c3%a9tro/"]  # fmt: skip
UPS = ["..", "..", "..", "%2e%2e", "%2E.", ".", "...", "%252e%252e", "..%00", "%c0%ae%c0%ae", "..;",
       "%00", "..\\"]  # fmt: skip
SLASHES = ["/"] * 10 + ["//", "%2f", "\\", "%5c", "%252f", "/./", ";", "%c0%af", "?", "#"]
HEADERS = ["Range: bytes=0-9", "Range: bytes=-5", "Range: bytes=9-1", "Range: bytes=0-1,5-6",
           "Range: bytes=99999999-", "Origin: null", "Origin: http://localhost", "If-Range: x",
           "Sec-Fetch-Site: cross-site", "Content-Length: 3", "Content-Length: x", "Accept: */*",
           "Transfer-Encoding: chunked", "Upgrade: websocket\r\nConnection: upgrade",
           "Expect: 100-continue", "Host: example.org", "X: " + "y" * 5000, " folded", "broken",
           "X-Forwarded-Host: localhost", "Connection: keep-alive"]  # fmt: skip
QUERIES = ["", "?", "?page=stories/x/index.html", "?page=../canary.txt&build=1", "?build=%ff",
           "?a=/../"]  # fmt: skip


# -- requests ------------------------------------------------------------------------------------


def a_path(random: Random) -> str:
    """Return a path that leads somewhere, or should not."""
    if random.random() < 0.2:
        return random.choice(WHOLE)
    start = random.choice(
        ["/"] * 12 + ["", "//", "http://localhost/", "http://example.org/", "file:///"]
    )
    goals = [["canary.txt"], ["etc", "passwd"], ["private", "index.html"]]
    if random.random() < 0.4:
        climb = [random.choice(UPS)] * random.randint(1, 12)
        parts = [*random.sample(NAMES, random.randint(0, 2)), *climb, *random.choice(goals)]
    else:
        parts = random.choices(NAMES + UPS, k=random.randint(1, 5))
    slash = random.choice(SLASHES)
    return start + slash.join(map(str, parts)) + random.choice(["", "", "/"])


def encoded(path: str, random: Random) -> str:
    """Return a path with some of its characters written otherwise."""
    share = random.choice([0, 0, 0, 0.1, 1])
    return "".join(
        f"%{ord(one):02x}"
        if one not in "/%" and ord(one) < 256 and random.random() < share
        else one
        for one in path
    )


def quoted(one: str) -> str:
    return "".join(f"%{byte:02x}" for byte in one.encode())


def a_request(random: Random, *, last: bool) -> bytes:
    """Return the bytes of a request, or of what was one."""
    path = encoded(a_path(random), random) + random.choice(QUERIES)
    version = random.choice(["HTTP/1.1"] * 60 + ["HTTP/1.0", "HTTP/2.0", "HTTP/1.1 ", "x", ""])
    lines = [f"{random.choice(METHODS)} {path} {version}"]
    if random.random() < 0.95:
        lines.append(f"Host: {random.choice(HOSTS)}")
    lines += random.sample(HEADERS, random.choice([0, 0, 0, 0, 1, 1, 2, 3]))
    if last:
        lines.append("Connection: close")
    end = random.choice(["\r\n"] * 40 + ["\n", "\r"])
    body = random.choice([""] * 20 + ["abc", "3\r\nabc\r\n0\r\n\r\n", "zz\r\n", "x" * 5000])
    data = (end.join(lines) + end * 2 + body).encode("utf-8")
    return broken(data, random) if random.random() < 0.2 else data


def broken(data: bytes, random: Random) -> bytes:
    """Return a request with bytes that were changed, lost, added or doubled."""
    found = bytearray(data)
    for _ in range(random.randint(1, 4)):
        place = random.randrange(len(found) + 1)
        how = random.randrange(4)
        if how == 0:
            found[place : place + 1] = random.randbytes(1)
        elif how == 1:
            del found[place : place + random.randint(1, 8)]
        elif how == 2:
            found[place:place] = random.randbytes(random.randint(1, 8))
        else:
            found += found[place:]
    return bytes(found)


# -- sending them --------------------------------------------------------------------------------


def read_some(connection: socket.socket, seconds: float) -> bytes:
    """Return what comes until there is nothing for a while, or the end."""
    connection.settimeout(seconds)
    data = bytearray()
    with contextlib.suppress(OSError):
        while portion := connection.recv(1 << 18):
            data += portion
    return bytes(data)


def send(served: Served, random: Random) -> bytes:
    """Send one or more requests on a connection, in some way, and return what came back."""
    count = random.choice([1, 1, 1, 1, 2, 5])
    data = b"".join(a_request(random, last=number == count) for number in range(1, count + 1))
    manner = random.random()
    with served.connect() as connection, contextlib.suppress(OSError):
        if manner < 0.15:  # in pieces
            place = random.randrange(len(data) + 1)
            connection.sendall(data[:place])
            connection.sendall(data[place:])
        elif manner < 0.25:  # not to its end
            connection.sendall(data[: random.randrange(len(data) + 1)])
        else:
            connection.sendall(data)
        if manner > 0.9:  # gone, without a look at the answer
            if random.random() < 0.5:
                linger = struct.pack("ii", 1, 0)
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            return b""
        # Where the server waits for more, or goes on to send events, there is no end.
        seen = read_some(connection, 0.05)
        connection.shutdown(socket.SHUT_WR)
        return seen + read_some(connection, 10)
    return b""


def secrets() -> list[bytes]:
    """Return what must never come back."""
    with open("/etc/passwd", "rb") as file:
        lines = [line for line in file.read().splitlines() if line.count(b":") > 3]
    return [CANARY, *lines]


def a_tree(root: Path) -> Path:
    """Make a tree with everything in it that a tree should not have, and secrets around it."""
    tree = root / "public"
    for path, content in {
        "public/index.html": b"<body>Home</body>",
        "public/404.html": b"<body>Nothing here</body>",
        "public/stories/x/index.html": b"<body>X</body>",
        "public/style.css": b"body {}",
        "public/feed.xml": b"<feed/>",
        "public/film.mp4": bytes(1 << 20),
        "public/.explainer-output": CANARY,
        "public/m\u00e9tro/index.html": b"<body>M</body>",
        "canary.txt": CANARY,
        "private/index.html": CANARY,
        "public-secret/index.html": CANARY,
    }.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    (tree / "file.txt").symlink_to(root / "canary.txt")
    (tree / "folder").symlink_to(root / "private")
    (tree / "up").symlink_to("..")
    (tree / "etc").symlink_to("/etc")
    (tree / "passwd").symlink_to("/etc/passwd")
    os.mkfifo(tree / "pipe.txt")
    return tree


def fuzz(
    served: Served, tree: Path, requests: int, seed: int, show: Callable[[str], None] = print
) -> list[str]:
    """Send requests, and return what was wrong."""
    served.show(tree, Hosts())
    served.publish("index.html")
    served.settled()
    before = (descriptors(), threading.active_count(), served.tasks())
    wanted = secrets()
    statuses: Counter[str] = Counter()
    wrong: list[str] = []
    for number in range(requests):
        random = Random(f"{seed} {number}")
        data = send(served, random)
        statuses[data[9:12].decode("latin-1") if data.startswith(b"HTTP/1.1 ") else "none"] += 1
        if any(secret in data for secret in wanted):
            wrong.append(f"request {number}: it sent a secret")
        if number % 100 == 99 and not is_well(served):
            wrong.append(f"request {number}: it does not answer any more")
        if served.faults:
            wrong += [f"request {number}: {fault!r}" for fault in served.faults]
            served.faults.clear()
        if len(wrong) >= 10:
            break
    served.settled()
    after = (descriptors(), threading.active_count(), served.tasks())
    with contextlib.suppress(AssertionError):
        eventually(lambda: (descriptors(), threading.active_count(), served.tasks()) == before)
        after = before
    if after != before:
        wrong.append(f"files, threads and tasks: {before} before, {after} after")
    counts = ", ".join(f"{status}: {count}" for status, count in sorted(statuses.items()))
    show(f"{sum(statuses.values())} connections with seed {seed}; first answers: {counts}")
    return wrong


def is_well(served: Served) -> bool:
    """Tell whether a good request has its answer."""
    with served.connect() as connection:
        connection.sendall(request("/stories/x/"))
        return b"X<script" in read_some(connection, 10)


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Served().running() as served:
        wrong = fuzz(served, a_tree(Path(folder)), given.requests, given.seed)
    print("\n".join(wrong) or "nothing was wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
