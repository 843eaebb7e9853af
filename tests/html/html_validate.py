"""html-validate, stricter than the standard: accessibility, style, and what is easily forgotten."""

import json
import os
import subprocess
from pathlib import Path

from tests.html.findings import Finding
from tests.tooling import node_module, program

CONFIG = Path(__file__).with_name("html-validate.json")


def check_with_html_validate(root: Path) -> list[Finding]:
    """Return its errors and warnings for all pages of the output."""
    node, script = program("node"), node_module("html-validate/bin/html-validate.mjs")
    done = subprocess.run(
        [node, str(script), "--config", str(CONFIG), "--formatter", "json", str(root)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode > 1 or not done.stdout:
        raise RuntimeError(f"html-validate failed: {done.stderr}{done.stdout}")
    return [
        Finding(
            os.path.relpath(result["filePath"], root),
            message["line"],
            f"{message['ruleId']}: {message['message']}",
        )
        for result in json.loads(done.stdout)
        for message in result["messages"]
    ]
