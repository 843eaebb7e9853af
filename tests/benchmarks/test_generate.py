"""The generator of the benchmarks: the same words every time, and the same entries for everyone."""

from pathlib import Path

import pytest

from benchmarks.edits import edit
from benchmarks.generate import PROGRAMS, write
from benchmarks.world import SEED, WORDS_PER_STORY, World

STORIES = 30


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.mark.parametrize("program", PROGRAMS)
def test_same_seed_writes_the_same_files(program, tmp_path):
    write(program, tmp_path / "once", World(STORIES))
    write(program, tmp_path / "again", World(STORIES))
    assert contents(tmp_path / "once") == contents(tmp_path / "again")


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_program_gets_every_entry_in_a_file_of_its_own(program, tmp_path):
    world = World(STORIES)
    writer = write(program, tmp_path / "site", world)
    # A file is named after its entry; Hugo's terms are folders of that name.
    files = [path for path in writer.entries.rglob("*.md") if path.is_file()]
    names = [path.parent.name if path.stem == "_index" else path.stem for path in files]
    slugs = [head.slug for head in (*world.story_heads, *world.question_heads)]
    slugs += [topic.slug for topic in world.topics]
    slugs += [person.slug for person in (*world.papers, *world.authors)]
    assert [names.count(slug) for slug in slugs] == [1] * world.files


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


@pytest.mark.parametrize("program", PROGRAMS)
def test_an_edit_changes_the_title_and_a_sentence_in_one_file(program, tmp_path):
    world = World(STORIES)
    writer = write(program, tmp_path / "site", world)
    before = contents(writer.folder)
    change = edit(world, 1)
    writer.story(change.story)
    after = contents(writer.folder)
    (changed,) = [name for name in before if before[name] != after[name]]
    assert after.keys() == before.keys()
    old, new = (files[changed].decode().splitlines() for files in (before, after))
    lines = [pair for pair in zip(old, new, strict=True) if pair[0] != pair[1]]
    assert len(lines) == 2
    assert change.story.head.title in lines[0][1]
    assert change.words in lines[1][1]


def test_every_edit_has_a_story_of_the_newest_third_and_words_of_its_own():
    world = World(STORIES)
    edits = [edit(world, number) for number in range(STORIES // 3)]
    newest = {head.slug for head in world.story_heads[2 * STORIES // 3 :]}
    assert {one.story.head.slug for one in edits} == newest
    assert len({one.story.head.title for one in edits}) == len(edits)
    assert len({one.words for one in edits}) == len(edits)
