"""What the documentation shows is true: links lead somewhere, commands exist, examples work."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import click
import pytest
import yaml

from explainer.cli.program import main
from tests.docs.examples import faults, folder_of, sites_of
from tests.docs.pages import ROOT, Page, pages

PAGES = list(pages())
EXAMPLES = [page for page in PAGES if any(block.role for block in page.blocks)]

REGISTRIES = r"pypi\.org|pythonhosted\.org|npmjs\.(?:com|org)|registry\.\w+|crates\.io"
MACHINE_PATHS = r"(?<![\w.])/(?:work|tmp|home|root|Users)/"


def named(page: Page) -> str:
    return page.name


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_lead_to_files_and_headings(page: Page):
    broken = []
    for link in page.links:
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.path.parent / path).resolve() if path else page.path
        inside = target.exists() and target.is_relative_to(ROOT)
        if not inside or (anchor and anchor not in Page(target, target.read_text("utf-8")).anchors):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_commands_exist_with_their_options(page: Page):
    for arguments in page.commands:
        check_command(arguments)


def check_command(arguments: tuple[str, ...]) -> None:
    """Parse a command line as the program would; values are not looked at."""
    top = click.Context(main, info_name="explainer")
    _, rest, _ = main.make_parser(top).parse_args(list(arguments))
    if not rest or rest[0].isupper():  # `explainer COMMAND --help`
        return
    command = main.get_command(top, rest[0])
    assert command is not None, f"there is no command: explainer {' '.join(arguments)}"
    given, _, order = command.make_parser(top).parse_args(rest[1:])
    for parameter in order:
        value = given.get(parameter.name or "")
        if isinstance(parameter.type, click.Choice) and isinstance(value, str):
            parameter.type.convert(value, parameter, top)


@pytest.mark.parametrize(
    "line", ["build --ouput x", "chek", "check --format xml", "clean --drafts"]
)
def test_a_wrong_command_would_be_found(line: str):
    with pytest.raises((click.UsageError, AssertionError)):
        check_command(tuple(line.split()))


def test_commands_are_found_in_the_docs_at_all():
    commands = [arguments for page in PAGES for arguments in page.commands]

    assert ("explain", "E201") in commands
    assert ("check", "--format", "sarif") in commands
    assert len(commands) > 20


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_data_in_examples_is_valid(page: Page):
    for block in page.blocks:
        if block.language == "toml":
            tomllib.loads(block.text)
        elif block.language in ("yaml", "yml"):
            list(yaml.safe_load_all(block.text))
        elif block.language == "json":
            json.loads(block.text)


@pytest.mark.parametrize("page", EXAMPLES, ids=named)
def test_examples_give_no_finding(page: Page, tmp_path: Path):
    for number, (line, files) in enumerate(sites_of(page)):
        found = faults(tmp_path / str(number), files)
        assert found == [], f"the example at line {line} of {page.name}"


def test_the_error_that_the_tutorial_shows_is_what_is_printed(tmp_path: Path):
    page = next(page for page in EXAMPLES if page.name == "docs/writing.md")
    shown = next(block.text for block in page.blocks if ": E201 " in block.text)
    _, files = next(iter(sites_of(page)))
    path = shown.split(":")[0]
    wrong = files | {path: files[path].replace("[old-bridge]", "[old-brigde]")}

    run = folder_of(tmp_path, wrong).run("check", "-q")

    assert (run.returncode, run.stderr) == (1, shown)


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_no_page_names_a_package_registry_or_a_place_on_a_machine(page: Page):
    assert re.findall(f"{REGISTRIES}|{MACHINE_PATHS}", page.text) == []


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_pictures_have_words_for_those_who_do_not_see_them(page: Page):
    assert "![](" not in page.prose
