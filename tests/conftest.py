"""The example site, built once for all tests that look at its pages."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from filelock import FileLock

from tests.tooling import PICTURES, ROOT

NOW = "2026-01-15T12:00:00Z"


@dataclass(frozen=True)
class BuiltSite:
    """A built site and the address that it was built for."""

    root: Path
    """The output folder."""
    base_url: str
    """With a slash at its end."""


@pytest.fixture(scope="session")
def shared_dir(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder that all xdist workers of this run see."""
    base = tmp_path_factory.getbasetemp()
    return base if worker_id == "master" else base.parent


@pytest.fixture(scope="session")
def build_example(shared_dir: Path) -> Callable[..., BuiltSite]:
    """Return a function that builds the example site for an address, once in a run.

    A failure is remembered too: the second worker reports it instead of building again.
    """

    def build(name: str, base_url: str, **site: str) -> BuiltSite:
        output = shared_dir / name
        result = shared_dir / f"{name}.result"
        with FileLock(shared_dir / f"{name}.lock"):
            if not result.exists():
                source = _changed(shared_dir / f"{name}-source", site) if site else ROOT
                result.write_text(_run_build(source, output, base_url), encoding="utf-8")
        failure = result.read_text(encoding="utf-8")
        if failure:
            pytest.fail(f"the example site did not build\n{failure}", pytrace=False)
        return BuiltSite(output, base_url)

    return build


def _changed(source: Path, site: dict[str, str]) -> Path:
    """Return a copy of the example site with other values in [site]; a theme has no settings."""
    for folder in ("content", "static"):
        shutil.copytree(ROOT / folder, source / folder)
    if PICTURES.is_dir():
        shutil.copytree(PICTURES, source / PICTURES.relative_to(ROOT))
    text = (ROOT / "site.toml").read_text("utf-8")
    for key, value in site.items():
        text, times = re.subn(rf'^{key} = ".*"$', f'{key} = "{value}"', text, flags=re.MULTILINE)
        assert times == 1, key
    (source / "site.toml").write_text(text.partition("\n[theme]")[0], "utf-8")
    return source


def _run_build(source: Path, output: Path, base_url: str) -> str:
    """Build the example site; return what went wrong, or nothing."""
    command = [sys.executable, "-m", "explainer", "-C", str(source), "build"]
    options = ["--output", str(output), "--base-url", base_url, "--now", NOW]
    done = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
    if done.returncode == 0 and (output / "index.html").is_file():
        return ""
    return f"exit code {done.returncode}\n{done.stdout}{done.stderr}"


@pytest.fixture(scope="session")
def site_at_root(build_example: Callable[..., BuiltSite]) -> BuiltSite:
    """The example site for the top of a host."""
    return build_example("site", "https://example.org/")


@pytest.fixture(scope="session")
def site_under_path(build_example: Callable[..., BuiltSite]) -> BuiltSite:
    """The example site for a path of a host, as project pages of code forges have it.

    The output folder has the path's name, so that a server of its parent shows it there.
    """
    return build_example("repo", "https://example.org/repo/")


@pytest.fixture(scope="session")
def site_in_wire(build_example: Callable[..., BuiltSite]) -> BuiltSite:
    """The example site in the theme `wire`."""
    return build_example("wire", "https://example.org/", theme="wire")


@pytest.fixture(scope="session")
def site_mirrored(build_example: Callable[..., BuiltSite]) -> BuiltSite:
    """The example site as if it were written in Arabic, from right to left."""
    return build_example("mirrored", "https://example.org/", language="ar")


@pytest.fixture(scope="session", params=["at_root", "under_path"])
def site(request: pytest.FixtureRequest) -> BuiltSite:
    """The example site, in each of its two places."""
    built = request.getfixturevalue(f"site_{request.param}")
    assert isinstance(built, BuiltSite)
    return built
