"""`explain`: what a code means."""

import pytest

from explainer.diagnostics.codes import CODES, FAMILIES


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("code", CODES)
def test_shows_title_severity_meaning_and_example(run, code):
    result = run("explain", code)
    assert (result.exit_code, result.stderr) == (0, "")
    known = CODES[code]
    assert result.stdout.startswith(f"{code} {known.title} ({known.severity})\n\n")
    assert flat(known.meaning) in flat(result.stdout)
    assert flat(known.example) in flat(result.stdout)


def test_case_does_not_count(run):
    assert run("explain", "e201").stdout == run("explain", "E201").stdout


@pytest.mark.parametrize(("typed", "meant"), [("E2O1", "E201"), ("201", "E201"), ("e20l", "E20")])
def test_mistyped_code_gets_the_nearest(run, typed, meant):
    result = run("explain", typed)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f'There is no code "{typed}" (did you mean "{meant}' in result.stderr


def test_word_that_is_like_no_code(run):
    result = run("explain", "nonsense")
    assert result.exit_code == 2
    assert "`explainer explain` lists all of them" in result.stderr


def test_without_a_code_all_are_listed_by_family(run):
    lines = run("explain").stdout.splitlines()
    assert [line for line in lines if line in FAMILIES.values()] == list(FAMILIES.values())
    for code, known in CODES.items():
        assert f"  {code}  {known.title}" in lines
