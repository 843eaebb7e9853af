"""Every address of the output leads to a file of the output, and to an id of that file."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from tests.html import css
from tests.html.findings import Finding
from tests.html.page import Reference, parse_page, read_page

# A server shows 404.html at whatever address was asked for, so its links must hold from there.
ANY_MISSING_PAGE = "some/missing/page/"


def check_links(root: Path, base_url: str) -> list[Finding]:
    """Return the references of all pages, style sheets, feeds and site maps that lead nowhere."""
    return [
        Finding(path, reference.line, f"{reference.url}: {fault}")
        for path, reference in references(root)
        if (fault := _fault(root, base_url, path, reference.url))
    ]


def check_hosts(root: Path, base_url: str) -> list[Finding]:
    """Return what a browser would load from another host when it shows a page."""
    host = urlsplit(base_url).netloc
    return [
        Finding(path, reference.line, f"{reference.url}: loaded from another host")
        for path, reference in references(root)
        if reference.fetched and urlsplit(reference.url).netloc not in {"", host}
    ]


def references(root: Path) -> Iterator[tuple[str, Reference]]:
    """Give each reference of the output with the path of the file that holds it."""
    readers = {".css": _of_style_sheet, ".html": _of_page, ".svg": _of_page, ".xml": _of_xml}
    for file in sorted(root.rglob("*")):
        if file.suffix in readers and file.is_file():
            path = file.relative_to(root).as_posix()
            for reference in readers[file.suffix](file):
                yield path, reference


def _of_page(file: Path) -> list[Reference]:
    return read_page(file).references


def _of_style_sheet(file: Path) -> list[Reference]:
    found = css.addresses(file.read_text(encoding="utf-8"))
    return [Reference(url, line, fetched=True) for url, line in found]


def _of_xml(file: Path) -> Iterator[Reference]:
    """Read the addresses of a feed (and of the HTML in it) or of a site map."""
    for element in ET.parse(file).iter():
        name = element.tag.rpartition("}")[2]
        if name == "loc" and element.text:
            yield Reference(element.text.strip(), 0, fetched=False)
        if name == "link" and "href" in element.attrib:
            yield Reference(element.attrib["href"], 0, fetched=False)
        if element.get("type") == "html" and element.text:
            for reference in parse_page(element.text).references:
                yield Reference(reference.url, 0, reference.fetched)


def _fault(root: Path, base_url: str, path: str, url: str) -> str | None:
    """Say what is wrong with an address that stands in the file at `path`."""
    written = urlsplit(url)
    if written.scheme not in {"", "http", "https"}:
        return "a script as an address" if written.scheme == "javascript" else None
    if not (written.netloc or written.path or written.query):
        return _fragment_fault(root / path, written.fragment)
    page = ANY_MISSING_PAGE if path == "404.html" else path.removesuffix("index.html")
    base, target = urlsplit(base_url), urlsplit(urljoin(base_url + page, url))
    if target.netloc != base.netloc:
        return None
    if not target.path.startswith(base.path):
        return None if written.netloc else f"leaves the site's path {base.path}"
    return _target_fault(root, unquote(target.path[len(base.path) :]), target)


def _target_fault(root: Path, path: str, target: SplitResult) -> str | None:
    file = root / path
    if path in {"", "."} or path.endswith("/"):
        file = file / "index.html"
    elif file.is_dir():
        return "needs a slash at its end"
    if not file.is_file():
        return "no such file"
    return _fragment_fault(file, target.fragment)


def _fragment_fault(file: Path, fragment: str) -> str | None:
    wanted = unquote(fragment.partition(":~:")[0])
    if wanted in {"", "top"} or file.suffix not in {".html", ".svg"}:
        return None
    return None if wanted in _ids(file) else f"no id {wanted!r} in {file.name}"


@cache
def _ids(file: Path) -> frozenset[str]:
    return frozenset(id_ for id_, _ in read_page(file).ids)
