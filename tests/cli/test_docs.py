"""docs/command-line.md names every command, option and exit code."""

import re

import click
import pytest

from explainer.cli.options import FORMATS
from explainer.cli.program import COMMANDS, main
from tests.tooling import ROOT

PAGE = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    found = re.search(rf"^## {title}$(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_of_a_command_is_described(name):
    command = main.get_command(click.Context(main), name)
    assert command is not None
    described = section(name) + (section("check") if name == "build" else "")
    commands = command.commands.values() if isinstance(command, click.Group) else [command]
    for parameter in (one for each in commands for one in each.params):
        for option in (*parameter.opts, *parameter.secondary_opts):
            if isinstance(parameter, click.Option):
                assert f"`{option}" in described or f"[{option}" in described, option


def test_sections_are_the_commands_and_the_table_links_them():
    for name in COMMANDS:
        assert f"| [`{name}`](#{name}) |" in PAGE
        assert section(name)


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_is_described(form):
    assert f"`{form}`" in section("Formats") or form == "text"


@pytest.mark.parametrize("name", ["NO_COLOR", "FORCE_COLOR", "SOURCE_DATE_EPOCH", "CI"])
def test_every_variable_is_described(name):
    assert f"| `{name}` |" in section("Environment")


def test_example_of_a_finding_is_what_is_printed(run, folder):
    run("init", ".")
    story = folder / "content/stories/2024-12-28-one-charger.md"
    story.write_text(story.read_text().replace("topics: [usb-c,", "topics: [usbc,"))
    blocks = re.findall(r"```text\n(.*?)```", section("Formats"), re.DOTALL)
    assert run("check", "-q").stderr == blocks[0]
