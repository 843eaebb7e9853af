"""Lets Lighthouse look at one page of each sort of the example site, as on a phone.

Run as: python -m benchmarks.lighthouse --runs 3 --write
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from benchmarks import install
from benchmarks.report import write_down

ROOT = Path(__file__).parent.parent
POLICY = "default-src 'self'"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
SORTS = {"story": "stories/*/", "question": "questions/*/", "topic": "topics/*/", "home": ""}
PACKED = (".html", ".css", ".js", ".json", ".svg", ".xml", ".txt")
FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking")

Scores = dict[str, float]
"""Scores of a page in each category, from 0 to 100."""


class _Handler(SimpleHTTPRequestHandler):
    """Serves as a host that is set up well does: packed, assets to be kept, a strict policy."""

    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        data = path.read_bytes()
        self.send_response(200)
        if path.suffix in PACKED:
            data = gzip.compress(data)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Content-Security-Policy", POLICY)
        if self.path.startswith("/assets/"):
            self.send_header("Cache-Control", "public, max-age=31536000, immutable")
        self.end_headers()
        self.wfile.write(data)


@contextmanager
def serve(root: Path) -> Iterator[str]:
    """Serve a folder; give its address without a slash at the end."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(root)))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def largest_pages(root: Path) -> dict[str, str]:
    """Return the path of the largest page of each sort that is measured."""
    found = {}
    for sort, pattern in SORTS.items():
        pages = [file for file in root.glob(f"{pattern}index.html")
                 if b'http-equiv="refresh"' not in file.read_bytes()]  # fmt: skip
        largest = max(pages, key=lambda file: file.stat().st_size)
        found[sort] = f"/{largest.relative_to(root).as_posix().removesuffix('index.html')}"
    return found


def look_at(url: str) -> Scores:
    """Let Lighthouse visit a page once; raises RuntimeError where it cannot."""
    browser = shutil.which("chromium")
    if browser is None:
        raise SystemExit("Lighthouse needs Chromium: make tools")
    program = install.HERE / "lighthouse" / "node_modules" / "lighthouse" / "cli" / "index.js"
    flags = ["--quiet", "--output", "json", f"--chrome-flags={' '.join(FLAGS)}"]
    done = subprocess.run(
        [install.node(), str(program), url, *flags],
        capture_output=True, text=True, check=False, env={**os.environ, "CHROME_PATH": browser},
    )  # fmt: skip
    found = json.loads(done.stdout) if done.stdout.startswith("{") else {}
    scores = {name: found.get("categories", {}).get(name, {}).get("score") for name in CATEGORIES}
    if done.returncode or None in scores.values():
        raise RuntimeError(f"Lighthouse did not come to its end at {url}:\n{done.stderr}")
    return {name: 100 * score for name, score in scores.items()}


def measure(runs: int) -> dict[str, tuple[str, Scores]]:
    """Return for each sort the path of a page, and the medians of its scores."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "public")
        command = [sys.executable, "-m", "explainer", "-C", str(ROOT), "build", "-q"]
        subprocess.run([*command, "--output", str(root)], check=True)
        found = {}
        with serve(root) as address:
            for sort, path in largest_pages(root).items():
                visits = [look_at(address + path) for _ in range(runs)]
                medians = {name: statistics.median(one[name] for one in visits)
                           for name in CATEGORIES}  # fmt: skip
                found[sort] = (path, medians)
                print(sort, path, *(f"{name} {score:.0f}" for name, score in medians.items()),
                      file=sys.stderr)  # fmt: skip
    return found


def table(found: dict[str, tuple[str, Scores]]) -> str:
    """Return the scores as a table in Markdown."""
    lines = [f"| page | {' | '.join(CATEGORIES)} |", f"| --- |{' ---: |' * len(CATEGORIES)}"]
    for sort, (path, scores) in found.items():
        cells = " | ".join(f"{one:.0f}" for one in scores.values())
        lines.append(f"| {sort}: `{path}` | {cells} |")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.lighthouse", description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="visits of each page")
    parser.add_argument("--write", action="store_true", help="put the table into README.md")
    options = parser.parse_args()
    install.install(["lighthouse"])
    found = measure(options.runs)
    print(table(found))
    if options.write:
        write_down(table(found), "lighthouse")
    return 0 if all(round(one) == 100 for _, all_ in found.values() for one in all_.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
