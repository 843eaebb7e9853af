"""One server for all tests of a worker; each test has a tree and a preview of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.serve.running import Serving, copy_of_the_site
from tests.serve.serving import CANARY, Served

HEAD = '<meta charset="utf-8"><title>x</title>'


@pytest.fixture(scope="session")
def server() -> Iterator[Served]:
    with Served().running() as server:
        yield server


@pytest.fixture
def bare(server: Served, tmp_path: Path) -> Iterator[Served]:
    """A server of an empty tree before the first build, with secrets around it."""
    tree = tmp_path / "public"
    tree.mkdir()
    for secret in ("canary.txt", "public.txt", "public-secret/index.html", "private/index.html"):
        file = tmp_path / secret
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(CANARY)
    server.show(tree)
    yield server
    server.settled()
    assert server.faults == []


@pytest.fixture
def served(bare: Served) -> Served:
    """A server of a small site."""
    bare.write("index.html", f"<!DOCTYPE html>{HEAD}<body><h1>Home</h1></body></html>")
    bare.write("stories/x/index.html", f"<!DOCTYPE html>{HEAD}<body><h1>X</h1></body></html>")
    bare.write("404.html", f"<!DOCTYPE html>{HEAD}<body><h1>Nothing here</h1></body></html>")
    bare.write("style.css", "body {}\n")
    bare.write("data.bin", bytes(range(256)) * 4)
    bare.write(".explainer-output", CANARY)
    bare.write(".hidden/x.txt", CANARY)
    bare.write("stories/.x.txt", CANARY)
    bare.publish("index.html")
    return bare


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the example site."""
    return copy_of_the_site(tmp_path)


@pytest.fixture
def serving(root: Path) -> Iterator[Serving]:
    """A real `explainer serve` of that copy, after its first build."""
    with Serving(root) as running:
        yield running.wait()
