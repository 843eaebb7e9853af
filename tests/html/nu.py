"""The Nu HTML checker, the one that browsers' makers and the HTML standard point to."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, unquote

from tests.html.findings import Finding
from tests.html.server import serve
from tests.tooling import node_module, program

UNKNOWN = ("“paint-order”",)
"""Properties that browsers know, and the checker does not yet."""


def check_with_nu(root: Path) -> list[Finding]:
    """Return the checker's errors and warnings for all pages of the output.

    Mere information (a slash at the end of a void element) is left out. The pages are served,
    because the checker holds them against their Content-Security-Policy, whose `'self'` means
    nothing for a file.
    """
    with serve(root) as site:
        urls = [site + quote(path.relative_to(root).as_posix()) for path in root.rglob("*.html")]
        return list(_run(sorted(urls), site))


def check_style_sheets_with_nu(root: Path) -> list[Finding]:
    """Return the checker's errors and warnings for all style sheets of the output."""
    sheets = sorted(str(path) for path in root.rglob("*.css"))
    assert sheets
    found = _run(["--css", *sheets], f"file:{root}/")
    return [one for one in found if not any(name in one.message for name in UNKNOWN)]


def _run(arguments: list[str], start: str) -> Iterator[Finding]:
    """Yield what the checker says, with paths that begin behind `start`."""
    java, jar = program("java"), node_module("vnu-jar/build/dist/vnu.jar")
    options = ["--skip-info-messages", "--format", "json", "--stdout", "--exit-zero-always"]
    allow_loopback = "-Dnu.validator.servlet.allow-forbidden-hosts=true"
    done = subprocess.run(
        [java, allow_loopback, "-jar", str(jar), *options, *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode or not done.stdout:
        raise RuntimeError(f"the Nu HTML checker failed: {done.stderr}")
    for message in json.loads(done.stdout)["messages"]:
        yield Finding(
            unquote(message.get("url", "")).removeprefix(start),
            message.get("lastLine", 0),
            f"{message.get('subType', message['type'])}: {message['message']}",
        )
