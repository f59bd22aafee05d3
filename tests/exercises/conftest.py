"""The ``student`` of the checks under pytest: the reference solution, in its child process."""

import pytest

from companion.exercises.needed import select
from companion.exercises.source import Course
from companion.exercises.student import Session, Student

COURSE = Course.find()


@pytest.fixture(scope="session")
def reference_session():
    """Keep one child process, for the exercise whose checks are running."""
    kept = {}

    def session(exercise, cells):
        if exercise.id not in kept:
            close(kept)
            kept[exercise.id] = Session(select(cells, exercise.function)).__enter__()
        return kept[exercise.id]

    yield session
    close(kept)


def close(kept):
    while kept:
        kept.popitem()[1].__exit__(None, None, None)


@pytest.fixture
def student(request, reference_session):
    """The reference solution of the exercise that the test is a check of."""
    check = request.function.check
    for chapter in COURSE.chapters:
        for exercise in chapter.exercises:
            if exercise.id == check.exercise:
                return Student(reference_session(exercise, chapter.cells(exercise.solution)))
    pytest.fail(f"{request.node.nodeid} checks {check.exercise}, which no chapter has")
