"""Findings as text for people and as documents for programs."""

import json

import pytest

from explainer.diagnostics import Diagnostic, Severity, Span
from explainer.diagnostics.formats import render_github, render_json, render_sarif, render_text

STORY = "content/stories/x.md"
TEXT = "---\ntitle: Chips\ntopics: [nvida, 中国x]\n---\n"

UNKNOWN = Diagnostic(
    "E201", Span(STORY, 3, 10, 15), 'unknown topic "nvida"', ('did you mean "nvidia"?',)
)
EXPIRED = Diagnostic(
    "W204", Span(STORY, 3, 17, 20), '"中国x" has expired', severity=Severity.WARNING
)
PLACELESS = Diagnostic("E104", Span("content/stories/passwd.md"), "the link leads out", ("a", "b"))


def text_of(path: str) -> str | None:
    return {STORY: TEXT}.get(path)


class TestText:
    def test_shows_place_code_sentence_hint_line_and_caret(self):
        assert render_text([UNKNOWN], text_of, color=False) == (
            'content/stories/x.md:3:10: E201 unknown topic "nvida" (did you mean "nvidia"?)\n'
            "    topics: [nvida, 中国x]\n"
            "             ^~~~~\n"
        )

    def test_warning_says_so_and_the_caret_counts_columns_of_the_terminal(self):
        assert render_text([EXPIRED], text_of, color=False) == (
            'content/stories/x.md:3:17: W204 warning: "中国x" has expired\n'
            "    topics: [nvida, 中国x]\n"
            "                    ^~~~~\n"
        )

    def test_warning_that_strict_made_an_error_is_shown_as_one(self):
        strict = Diagnostic(EXPIRED.code, EXPIRED.span, EXPIRED.message)
        assert "warning" not in render_text([strict], text_of, color=False)

    def test_without_a_place_the_path_stands_alone_and_hints_are_joined(self):
        assert render_text([PLACELESS], text_of, color=False) == (
            "content/stories/passwd.md: E104 the link leads out (a; b)\n"
        )

    def test_file_that_cannot_be_read_again_has_no_source_line(self):
        text = render_text([UNKNOWN], lambda path: None, color=False)
        assert text.count("\n") == 1

    def test_line_behind_the_end_of_the_file_has_no_source_line(self):
        beyond = Diagnostic("E112", Span(STORY, 99, 1), "unexpected end")
        assert render_text([beyond], text_of, color=False).count("\n") == 1

    @pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
    def test_lines_are_counted_as_the_reader_counts_them(self, end):
        text = "\ufeff" + TEXT.replace("\n", end)
        shown = render_text([UNKNOWN], lambda path: text, color=False)
        assert "\n    topics: [nvida, 中国x]\n" in shown

    def test_each_file_is_read_once_for_all_its_findings(self):
        asked = []

        def sources(path: str) -> str:
            asked.append(path)
            return TEXT

        render_text([UNKNOWN, EXPIRED, UNKNOWN], sources, color=False)
        assert asked == [STORY]

    def test_nothing_found_is_no_text(self):
        assert render_text([], text_of, color=False) == ""

    def test_color_adds_nothing_but_color(self):
        import re

        colored = render_text([UNKNOWN, EXPIRED, PLACELESS], text_of, color=True)
        plain = render_text([UNKNOWN, EXPIRED, PLACELESS], text_of, color=False)
        assert "\x1b[" in colored
        assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == plain

    def test_nothing_that_content_says_reaches_the_terminal_as_a_command(self):
        evil = "\x1b]0;owned\x07\x9b2J\u202e\u2066\r\n"
        finding = Diagnostic("E201", Span(f"content/{evil}.md", 1, 3, 9), evil, (evil,))
        text = render_text([finding], lambda path: f"a {evil}", color=False)
        for char in evil.replace("\n", ""):
            assert char not in text or char.isprintable()
        assert text.count("\n") == 3
        assert "<U+001B>" in text
        assert "<U+202E>" in text

    def test_message_that_quotes_a_huge_value_is_cut(self):
        finding = Diagnostic("E201", Span(STORY), f'unknown topic "{"x" * 100_000}"')
        assert len(render_text([finding], text_of, color=False)) < 1000


class TestJson:
    def test_is_one_array_of_objects_with_all_fields(self):
        assert json.loads(render_json([UNKNOWN])) == [
            {
                "code": "E201",
                "severity": "error",
                "path": "content/stories/x.md",
                "line": 3,
                "column": 10,
                "end_column": 15,
                "message": 'unknown topic "nvida"',
                "hints": ['did you mean "nvidia"?'],
            }
        ]

    def test_without_a_place_line_and_columns_are_null(self):
        (found,) = json.loads(render_json([PLACELESS]))
        assert [found["line"], found["column"], found["end_column"]] == [None, None, None]

    def test_nothing_found_is_an_empty_array(self):
        assert json.loads(render_json([])) == []

    def test_order_is_kept(self):
        found = json.loads(render_json([PLACELESS, UNKNOWN, EXPIRED]))
        assert [one["code"] for one in found] == ["E104", "E201", "W204"]

    def test_comes_through_any_terminal_and_code_page(self):
        evil = Diagnostic("E201", Span("content/\udcff.md"), "\x1b[2J \u202e 中国")
        text = render_json([evil])
        assert text.isascii()
        assert "\x1b" not in text
        (found,) = json.loads(text)
        assert found["message"] == "\x1b[2J \u202e 中国"
        assert found["path"] == r"content/\udcff.md"
        text.encode("utf-8")


class TestGithub:
    def test_is_one_workflow_command_for_each_finding(self):
        assert render_github([UNKNOWN, EXPIRED, PLACELESS]) == (
            "::error file=content/stories/x.md,line=3,col=10,endColumn=15,title=E201"
            '::unknown topic "nvida" (did you mean "nvidia"?)\n'
            "::warning file=content/stories/x.md,line=3,col=17,endColumn=20,title=W204"
            '::"中国x" has expired\n'
            "::error file=content/stories/passwd.md,title=E104::the link leads out (a; b)\n"
        )

    def test_paths_start_at_the_root_of_the_repository(self):
        assert "file=docs/site/content/stories/x.md," in render_github([UNKNOWN], "docs/site/")

    def test_properties_and_message_are_escaped_as_documented(self):
        finding = Diagnostic("E201", Span("content/a,b:c%.md", 1, 1), "100% a,b:c\r\nnext")
        assert render_github([finding]) == (
            "::error file=content/a%2Cb%3Ac%25.md,line=1,col=1,title=E201::100%25 a,b:c%0D%0Anext\n"
        )

    @pytest.mark.parametrize("break_", ["\n", "\r", "\r\n", "\u2028", "\x85", "\x0b"])
    def test_content_cannot_add_a_command_of_its_own(self, break_):
        attack = f"x{break_}::set-output name=a::b{break_}::add-mask::c"
        finding = Diagnostic("E201", Span(f"content/{attack}"), attack, (attack,))
        lines = render_github([finding]).splitlines()
        assert len(lines) == 1
        assert lines[0].startswith("::error file=")

    def test_control_characters_are_written_out(self):
        finding = Diagnostic("E201", Span("a\x1b"), "b\x1b\u202e")
        assert render_github([finding]) == (
            "::error file=a<U+001B>,title=E201::b<U+001B><U+202E>\n"
        )

    def test_nothing_found_is_no_command(self):
        assert render_github([]) == ""


def test_formats_take_any_number_of_findings_in_the_same_order():
    findings = [UNKNOWN, EXPIRED, PLACELESS]
    text = render_text(findings, text_of, color=False)
    sarif = json.loads(render_sarif(findings, "1.0"))
    assert [one["ruleId"] for one in sarif["runs"][0]["results"]] == ["E201", "W204", "E104"]
    assert text.index("E201") < text.index("W204") < text.index("E104")
