"""Pictures: each under its own name without metadata, and those that are shown in all sizes."""

from __future__ import annotations

from collections.abc import Iterator

from explainer.diagnostics import Diagnostic, Findings, Span
from explainer.fingerprint import digest, digest_bytes
from explainer.outputs.output import Making, Output
from explainer.pictures.sizes import candidates
from explainer.site.links import Site
from explainer.site.urls import output_path


class PictureFault(Exception):
    """A picture cannot be made: its file is not what it was when it was looked at."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


def outputs(site: Site) -> Iterator[Output]:
    """Return every picture of content/ that is published, in all its sizes."""
    lists = site.lists
    for output, path in lists.files.items():
        if path in lists.pictures:
            sort, width = lists.pictures[path]
            yield Output(output, "picture", path, sort, width)
    yield from _sizes(site).values()


def _sizes(site: Site) -> dict[str, Output]:
    """Return the sizes by their paths: two copies of a picture beside one entry have the same."""
    found: dict[str, Output] = {}
    for links in site.links.values():
        for shown in (links.image, *links.pictures.values()):
            if shown is not None:
                for one in candidates(shown):
                    path = output_path(one.url)
                    file = site.lists.files[output_path(shown.url)]
                    found.setdefault(path, Output(path, "picture", file, one.format, one.width))
    return found


def render(output: Output, making: Making) -> bytes:
    """Return a picture in one size and format."""
    making.facts.note("file", output.kind)
    try:
        data = (making.root / output.kind).read_bytes()
    except OSError as error:
        raise _fault("E105", output, f"cannot read the file: {error.strerror}") from error
    key = cache_key(digest_bytes(data), output)
    found = making.pictures.get(key)
    if found is None:
        found = _made(data, output)
        making.pictures.put(key, found)
    return found


def cache_key(content: bytes, output: Output) -> str:
    """Return the key under which a picture is kept, whose file has a digest."""
    from explainer.pictures.make import recipe

    return digest(recipe(), content, output.slug, str(output.number))


def _made(data: bytes, output: Output) -> bytes:
    from explainer.pictures import decode
    from explainer.pictures.make import made
    from explainer.pictures.sorts import sort_of
    from explainer.pictures.strip import Cut

    try:
        return made(data, sort_of(data), output.number, output.slug)
    except (Cut, decode.Undecodable, decode.TooLarge, OSError, ValueError) as error:
        message = "the picture cannot be read any more: it has changed during the build"
        raise _fault("E216", output, message) from error


def _fault(code: str, output: Output, message: str) -> PictureFault:
    findings = Findings()
    findings.add(code, Span(output.kind), message, "build again")
    return PictureFault(next(iter(findings)))
