"""The Nu HTML checker, the one that browsers' makers and the HTML standard point to."""

import json
import os
import subprocess
from pathlib import Path
from urllib.parse import unquote

from tests.html.findings import Finding
from tests.tooling import node_module, program


def check_with_nu(root: Path) -> list[Finding]:
    """Return the checker's errors and warnings for all pages of the output.

    Mere information (a slash at the end of a void element) is left out.
    """
    java, jar = program("java"), node_module("vnu-jar/build/dist/vnu.jar")
    options = ["--skip-non-html", "--skip-info-messages", "--format", "json"]
    done = subprocess.run(
        [java, "-jar", str(jar), *options, "--stdout", "--exit-zero-always", str(root)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode or not done.stdout:
        raise RuntimeError(f"the Nu HTML checker failed: {done.stderr}")
    return [
        Finding(
            os.path.relpath(unquote(message.get("url", "")).removeprefix("file:"), root),
            message.get("lastLine", 0),
            f"{message.get('subType', message['type'])}: {message['message']}",
        )
        for message in json.loads(done.stdout)["messages"]
    ]
