"""SVG pictures that templates give, and the one way of making PNG files of them."""

from __future__ import annotations

WIDTH = 1200
HEIGHT = 630
"""Size of a social card in pixels: what social networks show without cutting."""

_SVG = "{http://www.w3.org/2000/svg}"


class CannotDraw(Exception):
    """The library that draws is not there, or refuses; the message says why."""


def svg_fault(text: str) -> str:
    """Return what keeps a text from being a picture for social networks; empty for nothing."""
    import xml.etree.ElementTree as ET

    try:
        root = ET.fromstring(text)
    except ET.ParseError as error:
        line, column = error.position
        what = str(error).partition(":")[0]
        return f"what it gives is not XML: {what} (line {line}, column {column + 1} of the result)"
    if root.tag != f"{_SVG}svg":
        return 'what it gives is no SVG: it begins with <svg xmlns="http://www.w3.org/2000/svg" …>'
    if (root.get("width"), root.get("height")) != (str(WIDTH), str(HEIGHT)):
        return f'the picture must have width="{WIDTH}" and height="{HEIGHT}"'
    if root.find(f".//{_SVG}text") is not None:
        return "words in a picture are set with fit(…), for <text> depends on fonts elsewhere"
    return ""


def library() -> str:
    """Return the library that draws, with its version; raises CannotDraw."""
    try:
        import resvg_py
        import uharfbuzz
    except ImportError as error:
        name = "resvg-py" if "resvg" in str(error) else "uharfbuzz"
        raise CannotDraw(f"the library {name} cannot be loaded: {error}") from error
    return f"resvg {resvg_py.__resvg_version__} {resvg_py.__version__} {uharfbuzz.__version__}"


def png(svg: str) -> bytes:
    """Return a picture as PNG; raises CannotDraw."""
    library()
    import resvg_py

    try:
        return resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True)
    except ValueError as error:
        raise CannotDraw(f"the picture cannot be drawn: {error}") from error
