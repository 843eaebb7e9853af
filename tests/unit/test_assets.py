"""Assets: names by content, the sheets that name each other, settings as custom properties."""

from pathlib import Path
from typing import Any

import pytest

from explainer.diagnostics import Findings
from explainer.theme.assets import (
    _COMMENT,
    Assets,
    _without_comment,
    _without_comments,
    read_assets,
)
from explainer.theme.theme import Layer, Theme
from tests.building import codes


def read(
    folder: Path, files: dict[str, str], settings: dict[str, Any] | None = None
) -> tuple[Assets, list[str]]:
    for name, text in files.items():
        path = folder / "assets" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    findings = Findings()
    theme = Theme("t", (Layer("t", folder, "themes/t"),), settings or {})
    return read_assets(theme, findings), codes(findings)


def sheet(assets: Assets, name: str = "style.css") -> str:
    return assets.contents[assets.names[name]].decode()


def test_a_name_is_decided_by_the_content(tmp_path: Path) -> None:
    one, _ = read(tmp_path / "1", {"a.svg": "x", "fonts/b.woff2": "y"})
    two, _ = read(tmp_path / "2", {"a.svg": "x", "fonts/b.woff2": "z"})
    assert one.names["a.svg"] == two.names["a.svg"]
    assert one.names["fonts/b.woff2"] != two.names["fonts/b.woff2"]
    assert one.names["fonts/b.woff2"].startswith("fonts/b.")
    assert set(one.contents) == set(one.names.values())


def test_a_sheet_names_others_by_their_published_names(tmp_path: Path) -> None:
    css = """@import "parts/base.css";
    a { src: url( 'fonts/f.woff2#x' ), url(data:image/png;base64,a=) }"""
    assets, found = read(
        tmp_path,
        {
            "style.css": css,
            "parts/base.css": "b { src: url(../fonts/f.woff2) }",
            "fonts/f.woff2": "f",
        },
    )
    font = assets.names["fonts/f.woff2"]
    assert not found
    assert f'url("{font}#x")' in sheet(assets)
    assert f'@import "{assets.names["parts/base.css"]}"' in sheet(assets)
    assert f'url("../{font}")' in sheet(assets, "parts/base.css")
    assert "data:image/png;base64,a=" in sheet(assets)


def test_a_change_of_a_part_changes_the_name_of_the_whole(tmp_path: Path) -> None:
    css = '@import "b.css";'
    one, _ = read(tmp_path / "1", {"style.css": css, "b.css": "a{}"})
    two, _ = read(tmp_path / "2", {"style.css": css, "b.css": "b{}"})
    assert one.names["style.css"] != two.names["style.css"]


@pytest.mark.parametrize("css", ["a { src: url(no.png) }", '@import "no.css";',
                                 "a { src: url(../../secret) }", '@import "style.css";',
                                 "a { src: url(https://elsewhere.example/x.png) }",
                                 "a { src: url(//elsewhere.example/x.png) }"])  # fmt: skip
def test_what_is_not_there_is_an_error(tmp_path: Path, css: str) -> None:
    assert read(tmp_path, {"style.css": css})[1] == ["E705"]


def test_sheets_that_import_each_other_are_an_error(tmp_path: Path) -> None:
    files = {"style.css": '@import "b.css";', "b.css": '@import "style.css";'}
    assert read(tmp_path, files)[1] == ["E705"]


def test_settings_are_custom_properties_where_they_are_used(tmp_path: Path) -> None:
    settings = {"accent": "#7a1f1f", "wide": True, "unused": "x"}
    css = "a { color: var(--setting-accent); order: var( --setting-wide ) }"
    assets, _ = read(tmp_path, {"style.css": css, "b.css": "b{}"}, settings)
    assert sheet(assets).startswith(":root{--setting-accent:#7a1f1f;--setting-wide:1}\n")
    assert sheet(assets, "b.css") == "b{}"


@pytest.mark.parametrize("value", ["red}b{x:y", "a;b:c", "</style><script>", "\\7d ", "a\nb"])
def test_a_setting_breaks_out_of_no_sheet(tmp_path: Path, value: str) -> None:
    assets, _ = read(tmp_path, {"style.css": "a{b:var(--setting-s)}"}, {"s": value})
    head = sheet(assets).split("\n")[0]
    assert head.count("{") == head.count("}") == 1
    assert "<" not in head
    assert ";" not in head


def test_hidden_files_are_left_out(tmp_path: Path) -> None:
    assets, _ = read(tmp_path, {".DS_Store": "x", ".git/a": "y", "a.txt": "z"})
    assert list(assets.names) == ["a.txt"]


def test_comments_of_a_sheet_are_left_out() -> None:
    sheet = "/* a */p{content:'/* b */'}/*! c */a/**/b{background:url(data:,/*d*/)}"
    left = " p{content:'/* b */'}/*! c */a b{background:url(data:,/*d*/)}"
    assert _COMMENT.sub(_without_comment, sheet) == left


def test_lines_of_a_script_that_are_comments_are_left_out() -> None:
    script = b"//! licence\n  // a\nlet a = 'x//y'; // b\n\t//c\r\n//# sourceMappingURL=a.map\n"
    left = b"//! licence\n\nlet a = 'x//y'; // b\n\n//# sourceMappingURL=a.map\n"
    assert _without_comments(script) == left


@pytest.mark.parametrize(
    "script",
    [
        b"let a = `\n// no comment\n`;\n",
        b"let a = 'b\\\n// no comment';\n",
        b"/* a\n// b */ let c;\n",
    ],
)
def test_what_only_looks_like_a_comment_stays(script: bytes) -> None:
    assert _without_comments(script) == script
