"""What the proofs of the graders share: a child process for our own answers, and what they read."""

from functools import cache
from pathlib import Path

import pytest

from book.pipeline.imports import Package
from companion.exercises.collecting import collect, wanted, with_parts
from companion.exercises.needed import select
from companion.exercises.source import Course
from companion.exercises.student import SharedChild, Student
from tests.proofs import unit_of

COURSE = Course.find()
CHAPTERS = {chapter.id: chapter for chapter in COURSE.chapters}
PARTS = {name.partition("/")[0] for name in CHAPTERS}
COMPANION = Package("companion", COURSE.root / "companion")


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.reads.with_args(_files_of(_chapter_of(item))))


def _chapter_of(item) -> str:
    """Return the chapter that a test is about; an empty name when it is about all of them."""
    part, name = item.path.parent.name, item.path.stem.removeprefix("test_")
    return unit_of(item.nodeid).partition("@")[2] or (f"{part}/{name}" if part in PARTS else "")


@cache
def _files_of(name):
    """Return the function that gives what a chapter's exercises and their proofs depend on."""
    chapters = [CHAPTERS[name]] if name else list(CHAPTERS.values())

    def files(_):
        yield COURSE.root / "_toc.yml"
        yield from (COURSE.root / "book").glob("guide/*.md")
        yield from COMPANION.folder.glob("exercises/**/*.py")
        for chapter in chapters:
            part, stem = chapter.id.split("/")
            yield chapter.path
            yield from (Path(__file__).parent / part).glob(f"*_{stem}.py")
            answers = [text for e in chapter.exercises for text in (e.stub, e.solution)]
            for code in (chapter.setup, *answers):
                yield from map(COMPANION.file_of, COMPANION.imports_of(code))

    return files


@pytest.fixture(scope="session")
def child():
    """Keep one child process for all answers of the course's own."""
    child = SharedChild()
    yield child
    child.close()


@pytest.fixture
def student(request, child):
    """The reference solution of the exercise that the test is a check of."""
    check = request.function.check
    chapter = CHAPTERS[_chapter_of(request.node)]
    for exercise in chapter.exercises:
        if exercise.id == check.exercise:
            program = select(chapter.cells(exercise.solution), exercise.function)
            program = with_parts(program, collect(chapter, wanted(program)))
            with child.session(program) as session:
                yield Student(session)
            return
    pytest.fail(f"{request.node.nodeid} checks {check.exercise}, which {chapter.id} has not")
