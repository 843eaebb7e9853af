"""Measures builds of the same content, program after program.

Run as: python -m benchmarks.run --stories 1000 --rounds 5
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks import install, peers, places, results
from benchmarks.growth import growth
from benchmarks.peers import Program
from benchmarks.report import report, write_down
from benchmarks.results import Run
from benchmarks.scenarios import measure

SIZES = (1_000, 10_000)
"""Stories of the two runs that tell how time grows."""

HUGE = 100_000


def main() -> None:
    """Measure or compare, print the tables and, if asked to, write them down."""
    parser = _parser()
    given = parser.parse_args()
    if given.growth:
        text, what = growth(*map(results.load, SIZES)), "growth"
    else:
        if given.workers is not None and not peers.takes_workers():
            parser.error("this explainer cannot be told how many workers to use")
        everything = {one.name: one for one in peers.programs(given.workers)}
        ours = [name for name, one in everything.items() if one.ours]
        names = given.programs or (ours if given.huge else list(everything))
        stories = HUGE if given.huge else given.stories
        install.install(names)
        chosen = [everything[name] for name in names]
        # Sites of that size do not fit side by side, and no ratio is taken between them.
        groups = [[one] for one in chosen] if given.huge else [chosen]
        found = [_measure(group, stories, given) for group in groups]
        run = found[-1]
        run.rows = [row for one in found for row in one.rows]
        results.save(run)
        text, what = report(run), f"{stories} stories"
    print(text)
    if given.write:
        write_down(text, what)


def _measure(chosen: Sequence[Program], stories: int, given: argparse.Namespace) -> Run:
    place = places.choose(chosen, stories)
    if given.folder:
        place = places.Place(given.folder, "in a folder of one's choice")
    slow_rounds = given.rounds if given.slow_rounds is None else given.slow_rounds
    with tempfile.TemporaryDirectory(prefix="bench-", dir=place.folder) as folder:
        return measure(
            chosen,
            stories,
            Path(folder),
            rounds=given.rounds,
            slow_rounds=slow_rounds,
            place=place.words,
        )


def _parser() -> argparse.ArgumentParser:
    names = [one.name for one in peers.programs()]
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    parser.add_argument("--stories", type=int, default=SIZES[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--slow-rounds", type=int, help="rounds that Pelican and MkDocs take part in; default: all"
    )
    parser.add_argument("--programs", nargs="+", choices=names, help="default: all")
    parser.add_argument("--workers", type=int, help="processes of explainer; default: its own")
    parser.add_argument("--folder", type=Path, help="where to put contents and outputs")
    parser.add_argument("--write", action="store_true", help="put the tables into the README")
    other = parser.add_mutually_exclusive_group()
    other.add_argument(
        "--huge", action="store_true", help=f"{HUGE:,} stories, with explainer alone"
    )
    other.add_argument(
        "--growth",
        action="store_true",
        help=f"compare the last runs of {SIZES[0]:,} and {SIZES[1]:,} stories",
    )
    return parser


if __name__ == "__main__":
    main()
