"""What is published can be used: a wheel, an empty environment, a new site, its front page."""

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from tests.tooling import ROOT


def run(*command: str | Path, cwd: Path) -> None:
    """Run a command as on a machine that has never seen this checkout."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        list(map(str, command)), cwd=cwd, env=clean, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"


@pytest.mark.slow
def test_the_wheel_builds_a_new_site_in_an_empty_environment(tmp_path: Path):
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", tmp_path, ROOT, cwd=tmp_path)
    [wheel] = tmp_path.glob("*.whl")
    themes = ROOT / "themes"
    carried = set(zipfile.ZipFile(wheel).namelist())
    for file in filter(Path.is_file, themes.rglob("*")):
        if file.suffix == ".sh":
            continue  # makes the fonts anew, in a checkout
        assert f"explainer/themes/{file.relative_to(themes).as_posix()}" in carried

    venv.create(tmp_path / "env", with_pip=True)
    programs = tmp_path / "env" / ("Scripts" if os.name == "nt" else "bin")
    pip = (programs / "python", "-m", "pip", "install", "--quiet")
    run(*pip, "--require-hashes", "--requirement", ROOT / "requirements.lock", cwd=tmp_path)
    run(*pip, "--no-deps", wheel, cwd=tmp_path)
    run(programs / "explainer", "init", "x", cwd=tmp_path)
    run(programs / "explainer", "-C", "x", "build", cwd=tmp_path)
    assert (tmp_path / "x/public/index.html").is_file()
