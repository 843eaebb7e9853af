"""The generator of the benchmarks: the same words every time, and nothing wrong in them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmarks.generate import PROGRAMS, write
from benchmarks.world import SEED, WORDS_PER_STORY, World
from explainer.build.pipeline import Options, build

STORIES = 30


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.mark.parametrize("program", PROGRAMS)
def test_same_seed_writes_the_same_files(program, tmp_path):
    write(program, tmp_path / "once", World(STORIES))
    write(program, tmp_path / "again", World(STORIES))
    assert contents(tmp_path / "once") == contents(tmp_path / "again")


def test_another_seed_writes_other_words():
    story, other = next(World(STORIES).stories()), next(World(STORIES, SEED + 1).stories())
    assert story.sections != other.sections


def test_stories_have_the_size_that_is_measured():
    world = World(STORIES)
    stories = list(world.stories())
    assert len(stories) == STORIES
    texts = ["\n".join(section.text for section in story.sections) for story in stories]
    assert abs(sum(len(text.split()) for text in texts) / STORIES - WORDS_PER_STORY) < 30
    assert {text.count("](") for text in texts} == {10}
    assert {(len(story.topics), len(story.questions), len(story.sources)) for story in stories} == {
        (5, 5, 2)
    }
    assert (world.question_count, world.topic_count) == (15, 5)


@pytest.mark.parametrize("program", ["explainer", "explainer-gazette"])
def test_generated_site_builds_without_a_finding(program, tmp_path):
    write(program, tmp_path / "site", World(STORIES))
    now = datetime(2025, 1, 1, tzinfo=UTC)
    result = build(tmp_path / "site", Options(output=str(tmp_path / "public"), now=now))
    assert result.diagnostics == ()
    assert result.pages > STORIES
