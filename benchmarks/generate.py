"""Writes the same content as a site of explainer or of any other program.

Run as: python -m benchmarks.generate explainer FOLDER --stories 1000
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from benchmarks.world import SEED, World
from benchmarks.writers.base import Writer
from benchmarks.writers.eleventy import EleventyWriter
from benchmarks.writers.explainer import ExplainerWriter, GazetteWriter
from benchmarks.writers.hugo import HugoWriter
from benchmarks.writers.mkdocs import MkDocsWriter
from benchmarks.writers.pelican import PelicanWriter

PROGRAMS: dict[str, type[Writer]] = {
    "explainer": ExplainerWriter,
    "explainer-gazette": GazetteWriter,
    "hugo": HugoWriter,
    "eleventy": EleventyWriter,
    "pelican": PelicanWriter,
    "mkdocs": MkDocsWriter,
}
"""Name of a program, or of a way to use it -> what writes its content."""


def write(program: str, folder: Path, world: World) -> Writer:
    """Write the site of a program, ready to be built, to a folder that does not exist yet."""
    writer = PROGRAMS[program](folder, world)
    write_all([writer], world)
    return writer


def write_all(writers: Sequence[Writer], world: World) -> None:
    """Write the sites of several programs; each entry is made up once."""
    for writer in writers:
        writer.start()
    for story in world.stories():
        for writer in writers:
            writer.story(story)
    for question in world.questions():
        for writer in writers:
            writer.question(question)
    for writer in writers:
        for topic in world.topics:
            writer.topic(topic)
        for kind, people in (("papers", world.papers), ("authors", world.authors)):
            for person in people:
                writer.person(kind, person)


def main() -> None:
    """Write one site."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.generate", description=__doc__)
    parser.add_argument("program", choices=PROGRAMS)
    parser.add_argument("folder", type=Path, help="a folder that does not exist yet")
    parser.add_argument("--stories", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args()
    write(given.program, given.folder, World(given.stories, given.seed))


if __name__ == "__main__":
    main()
