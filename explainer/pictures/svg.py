"""SVG files, which a browser opens as documents: what of them could run, load or grow is refused.

As `<img>` an SVG runs nothing, but a reader may open the file itself, and it is a page of the site
then. The parser is stopped at the first declaration, so that no entity is ever expanded.
"""

from __future__ import annotations

import re
from xml.parsers import expat

from explainer.pictures.seen import Seen, fault

SIZE_MOST = 10 << 20
"""Bytes of an SVG."""

ELEMENTS_MOST = 200_000

_SVG = "http://www.w3.org/2000/svg"
_XHTML = "http://www.w3.org/1999/xhtml"
_RUNNING = frozenset(
    "script handler listener foreignobject iframe object embed audio video canvas".split()
)
_CHANGING = frozenset("animate set animatetransform animatemotion animatecolor".split())
_LINKS = frozenset({"href", "src"})
_LINK_NAMES = re.compile(r"(?:[\w.-]+:)?(?:href|src|on[a-z]+)", re.IGNORECASE)
_BLANK = re.compile(r"[\x00-\x20\x7f-\xa0]+")
_INSIDE = re.compile(r"data:image/(?:png|jpeg|jpg|gif|webp|avif)[;,]", re.IGNORECASE)
_CSS_URL = re.compile(r"""url\(\s*(["']?)\s*(?P<url>[^"')]*)|@import""", re.IGNORECASE)
_CSS_ESCAPE = re.compile(r"\\([0-9a-fA-F]{1,6})\s?|\\(.)|/\*.*?\*/", re.DOTALL)
_LENGTH = re.compile(r"\s*([0-9]*\.?[0-9]+(?:e[+-]?[0-9]{1,2})?)\s*([a-z]*|%)\s*", re.IGNORECASE)
_UNITS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54,
          "in": 96.0, "em": 16.0, "rem": 16.0, "ex": 8.0}  # fmt: skip
_DEFAULT = (300, 150)
"""Size in CSS pixels of what says nothing of its own."""

_SIDE_MOST = 100_000

_SAFE = "save the drawing as plain SVG, without scripts and links"


class _Refused(Exception):
    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.found = fault(code, message, hint, "svg")


class _Reader:
    """Goes through a file once; raises `_Refused` at the first thing that may not be in it."""

    def __init__(self) -> None:
        self.elements = 0
        self.root: tuple[str, dict[str, str]] | None = None
        self.in_style = 0
        self.styles: list[str] = []
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = self._doctype
        parser.ProcessingInstructionHandler = self._instruction
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        self.parser = parser

    def read(self, data: bytes) -> None:
        self.parser.Parse(data, True)
        _check_css("".join(self.styles))

    def _doctype(self, *_: object) -> None:
        raise _Refused(
            "E221", "declares a document type, in which entities could be hidden",
            "delete the line that begins with <!DOCTYPE",
        )  # fmt: skip

    def _instruction(self, target: str, _: str) -> None:
        if target.lower() != "xml":
            raise _Refused("E220", f"asks for another file with <?{target}?>", _SAFE)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, bare = name.rpartition(" ")
        local = bare.lower()
        self.elements += 1
        if self.root is None:
            self.root = (name, attributes)
        if self.elements > ELEMENTS_MOST:
            message = f"has more than {ELEMENTS_MOST:,} elements"
            raise _Refused("E218", message, "simplify the drawing, or save it as a PNG")
        if local in _RUNNING or space == _XHTML:
            raise _Refused("E219", f"has a <{bare}> in it, which could run in the browser", _SAFE)
        for key, value in attributes.items():
            self._attribute(local, key.rpartition(" ")[2].lower(), value)
        self.in_style += local == "style"

    def _end(self, name: str) -> None:
        self.in_style -= name.rpartition(" ")[2].lower() == "style"

    def _text(self, text: str) -> None:
        if self.in_style:
            self.styles.append(text)

    def _attribute(self, element: str, key: str, value: str) -> None:
        if re.fullmatch("on[a-z]+", key):
            raise _Refused("E219", f"has the event handler {key} in it", _SAFE)
        if key in _LINKS:
            _check_link(element, value)
        elif element in _CHANGING and key == "attributename":
            if _LINK_NAMES.fullmatch(value.strip()):
                message = f"changes {value.strip()} while it is shown"
                raise _Refused("E219", message, _SAFE)
        elif "(" in value or "\\" in value or "@" in value:
            _check_css(value)


def _check_link(element: str, value: str) -> None:
    address = _BLANK.sub("", value)
    scheme = address.partition(":")[0].lower() if ":" in address else ""
    if scheme in ("javascript", "vbscript"):
        raise _Refused("E219", f"has a link in it that starts with {scheme}:", _SAFE)
    if not address or address.startswith("#") or _INSIDE.match(address):
        return
    if element == "a" and scheme in ("https", "http"):
        return  # leads there when a reader asks for it, and loads nothing
    raise _Refused("E220", f'loads something from elsewhere: "{_short(value)}"', _SAFE)


def _check_css(css: str) -> None:
    """Refuse style sheets that load something; what is escaped in them is read as it is meant."""
    plain = _CSS_ESCAPE.sub(_unescaped, css)
    for found in _CSS_URL.finditer(plain):
        address = _BLANK.sub("", found["url"] or "")
        if found["url"] is None or not (address.startswith("#") or _INSIDE.match(address)):
            shown = _short(found["url"] or "@import")
            raise _Refused("E220", f'loads something from elsewhere: "{shown}"', _SAFE)


def _unescaped(found: re.Match[str]) -> str:
    if found[1]:
        number = int(found[1], 16)
        return chr(number) if 0 < number < 0x110000 else "\ufffd"
    return found[2] or ""


def _short(text: str) -> str:
    return " ".join(text.split())[:60]


def look(data: bytes) -> Seen:
    """Return what an SVG file is, or what in it may not be published."""
    if len(data) > SIZE_MOST:
        return fault("E218", f"is larger than {SIZE_MOST >> 20} MiB",
                     "simplify the drawing, or save it as a PNG", "svg")  # fmt: skip
    reader = _Reader()
    try:
        reader.read(data)
    except _Refused as refused:
        return refused.found
    except (expat.ExpatError, LookupError, ValueError) as error:
        line = f" in line {error.lineno}" if isinstance(error, expat.ExpatError) else ""
        return fault("E216", f"is not well-formed XML{line}", "save it again", "svg")
    if reader.root is None or reader.root[0] != f"{_SVG} svg":
        return fault("E215", "is XML, but no SVG",
                     f'its first element must be <svg xmlns="{_SVG}">')  # fmt: skip
    return Seen("svg", *size_of(reader.root[1]))


def size_of(attributes: dict[str, str]) -> tuple[int, int]:
    """Return the size in CSS pixels in which browsers show an SVG by itself."""
    width, height = _length(attributes.get("width")), _length(attributes.get("height"))
    box = _box(attributes.get("viewBox", ""))
    if width and height:
        pass
    elif box:
        ratio = box[0] / box[1]
        if width:
            height = width / ratio
        elif height:
            width = height * ratio
        else:
            width, height = box
    else:
        width, height = width or _DEFAULT[0], height or _DEFAULT[1]
    return _side(width), _side(height)


def _length(text: str | None) -> float:
    """Return a length in CSS pixels; 0 where there is none, or none that stands by itself."""
    found = _LENGTH.fullmatch(text or "")
    return float(found[1]) * _UNITS.get(found[2].lower(), 0.0) if found else 0.0


def _box(text: str) -> tuple[float, float] | None:
    try:
        _, _, width, height = (float(part) for part in text.replace(",", " ").split())
    except ValueError:
        return None
    sound = 0 < width < float("inf") and 0 < height < float("inf")
    return (width, height) if sound else None


def _side(length: float) -> int:
    return max(1, min(round(length), _SIDE_MOST))
