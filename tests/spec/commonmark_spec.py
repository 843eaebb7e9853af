"""The examples of the CommonMark specification, and how two renderings are compared."""

import re
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser
from pathlib import Path

EXAMPLE = re.compile(
    r"^`{32} example\n(?P<markdown>.*?)^\.\n(?P<html>.*?)^`{32}$|^#{1,6} *(?P<section>.*?)$",
    re.DOTALL | re.MULTILINE,
)
END = "<!-- END TESTS -->"

# Space between the tags of these says nothing; between others it is a space between words.
BLOCKS = {
    "address", "article", "aside", "blockquote", "body", "dd", "details", "dialog", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hr", "html", "li", "link", "main", "menu", "nav", "ol", "p", "pre", "script",
    "section", "style", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "title", "tr",
    "ul",
}  # fmt: skip


@dataclass(frozen=True)
class Example:
    """One example: Markdown and the HTML that it must become."""

    number: int
    section: str
    markdown: str
    html: str


def read_examples(path: Path) -> list[Example]:
    """Read the specification's text, in which an arrow stands for a tab."""
    text = path.read_text(encoding="utf-8").replace("→", "\t").partition(END)[0]
    examples: list[Example] = []
    section = ""
    for match in EXAMPLE.finditer(text):
        if match["section"] is not None:
            section = match["section"]
        else:
            number = len(examples) + 1
            examples.append(Example(number, section, match["markdown"], match["html"]))
    return examples


def normalised(html: str) -> str:
    """Drop the differences that no reader of the HTML can see.

    These are the order of attributes, the slash of a void element, how a character is escaped,
    and white space where it says nothing.
    """
    writer = _Writer()
    writer.feed(html)
    writer.close()
    return "".join(writer.parts).strip()


class _Writer(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._after_block = True
        self._in_pre = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = "".join(
            f' {name}="{escape(value or "")}"' for name, value in sorted(attrs, key=str)
        )
        self._in_pre = self._in_pre or tag == "pre"
        self._tag(tag, f"<{tag}{values}>")

    def handle_endtag(self, tag: str) -> None:
        self._in_pre = self._in_pre and tag != "pre"
        self._tag(tag, f"</{tag}>")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_data(self, data: str) -> None:
        if not self._in_pre:
            data = re.sub(r"\s+", " ", data)
            data = data.lstrip() if self._after_block else data
        self._after_block = self._after_block and not data
        self.parts.append(escape(data, quote=False))

    def handle_comment(self, data: str) -> None:
        self.parts.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.parts.append(f"<!{decl}>")

    def unknown_decl(self, data: str) -> None:
        self.parts.append(f"<![{data}]>")

    def handle_pi(self, data: str) -> None:
        self.parts.append(f"<?{data}>")

    def _tag(self, tag: str, text: str) -> None:
        if tag in BLOCKS and self.parts and not self._in_pre:
            self.parts[-1] = self.parts[-1].rstrip()
        self._after_block = tag in BLOCKS
        self.parts.append(text)
