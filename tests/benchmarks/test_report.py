"""Tables of the benchmarks, from made-up numbers."""

import pytest

from benchmarks.growth import growth
from benchmarks.measure import Timing
from benchmarks.peers import programs
from benchmarks.places import room
from benchmarks.report import figure, report, write_down
from benchmarks.results import COLD, EDIT, UNCHANGED, Row, Run


def row(name: str, cold: list[float], edit: list[float], unchanged: list[float]) -> Row:
    made = Row(name, f"{name.capitalize()} 1.0", memory={COLD: 50_000_000}, pages=1234)
    for scenario, seconds in ((COLD, cold), (EDIT, edit), (UNCHANGED, unchanged)):
        made.timings[scenario] = {n: Timing(one, 2 * one) for n, one in enumerate(seconds, 1)}
    return made


def run(*rows: Row, stories: int = 10_000, files: int = 15_520) -> Run:
    return Run(stories, files, "1 May 2026", "two cores", "in memory", [*rows])


def lines(text: str, start: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith(f"| {start}")]


def test_ratios_are_taken_in_the_same_round():
    hugo = row("hugo", [1.0, 2.0, 4.0], [1.0, 2.0, 4.0], [1.0, 2.0, 4.0])
    ours = row("explainer", [2.0, 4.0, 8.0], [0.1, 0.2, 0.4], [0.01, 0.02, 0.04])
    cold, edit, unchanged, memory = lines(report(run(ours, hugo)), "Explainer 1.0")
    assert cold == "| Explainer 1.0 | 3 | 4.00 | 2.00 to 8.00 | 8.00 | 2.00 | 2.00 to 2.00 |"
    assert edit == "| Explainer 1.0 | 3 | 0.20 | 0.10 to 0.40 | 0.40 | 0.10 | 0.10 to 0.10 |"
    assert unchanged.endswith("| 0.010 | 0.010 to 0.010 |")
    assert memory == "| Explainer 1.0 | 50 | – | 1,234 | – | 1.00 |"


def test_a_slow_program_is_compared_in_the_rounds_that_it_took_part_in():
    hugo = row("hugo", [1.0, 5.0, 5.0], [1.0, 5.0, 5.0], [1.0, 5.0, 5.0])
    slow = row("pelican", [3.0], [4.0], [2.0])
    cold, edit, unchanged, _ = lines(report(run(hugo, slow)), "Pelican 1.0")
    assert cold == "| Pelican 1.0 | 1 | 3.00 | – | 6.00 | 3.00 | – |"
    assert edit == "| Pelican 1.0 | 1 | 4.00 | – | 8.00 | 4.00 | – |"
    assert unchanged == "| Pelican 1.0 | 1 | 2.00 | – | 4.00 | 2.00 | – |"


def test_aims_stand_beside_what_was_measured_at_the_size_that_they_are_meant_for():
    hugo, ours = row("hugo", [1.0], [1.0], [1.0]), row("explainer", [1.1], [0.04], [0.01])
    (line,) = lines(report(run(ours, hugo)), "one edit ÷ Hugo's")
    assert line == "| one edit ÷ Hugo's | 0.040 | – | at most 0.05 |"
    (line,) = lines(report(run(ours, hugo, stories=1000)), "one edit ÷ Hugo's")
    assert line == "| one edit ÷ Hugo's | 0.040 | – | – |"


def test_ours_alone_has_no_ratios():
    text = report(run(row("explainer", [9.0], [2.0], [1.0]), stories=100_000))
    assert "÷" not in text
    assert lines(text, "one edit, seconds") == ["| one edit, seconds | 2.00 | – | under 3 |"]


def test_faults_of_pages_are_told():
    hugo = row("hugo", [1.0], [1.0], [1.0])
    hugo.faults = ["no 404.html", "no feed"]
    assert "Hugo 1.0: 2 faults in its pages." in report(run(hugo))


def test_growth_tells_what_a_further_file_costs():
    small = run(row("explainer", [1.0], [0.100], [0.1]), stories=1000, files=1_000)
    large = run(row("explainer", [10.5], [0.220], [0.2]), files=11_000)
    (line,) = lines(growth(small, large), "Explainer")
    assert line == "| Explainer 1.0 | 10.50 | 10.50 to 10.50 | 12.0 | 12.0 to 12.0 |"


@pytest.mark.parametrize(
    ("value", "text"), [(12.345, "12.35"), (0.1, "0.10"), (0.0123, "0.012"), (0.00456, "0.0046")]
)
def test_small_numbers_have_more_places(value, text):
    assert figure(value) == text


def test_results_take_the_place_of_earlier_ones_of_that_name(tmp_path):
    readme = tmp_path / "README.md"
    readme.write_text(
        "Words.\n\n<!-- results: a -->\nold\n<!-- end of results -->\n\nMore.\n", "utf-8"
    )
    write_down(r"new \1", "a", readme)
    write_down("other", "b", readme)
    assert readme.read_text("utf-8") == (
        "Words.\n\n<!-- results: a -->\nnew \\1\n<!-- end of results -->\n\nMore.\n\n"
        "<!-- results: b -->\nother\n<!-- end of results -->\n"
    )


def test_room_grows_with_stories_and_programs():
    everything = programs()
    assert room(everything, 2000) == 2 * room(everything, 1000)
    assert room(everything[:1], 1000) < room(everything[:2], 1000)
