"""The graders are graded: every exercise of the book, its checks and its known wrong answers."""

import pytest

from companion.exercises import proof
from companion.exercises.source import Course

COURSE = Course.find()
PAIRS = [(chapter, exercise) for chapter in COURSE.chapters for exercise in chapter.exercises]
each_exercise = pytest.mark.parametrize(
    ("chapter", "exercise"), PAIRS, ids=[f"{c.id}@{e.id}" for c, e in PAIRS]
)


def test_the_book_has_exercises():
    assert COURSE.chapters
    assert PAIRS


def test_every_chapter_has_its_exercises_and_every_check_its_exercise():
    assert proof.course_problems(COURSE) == []


@each_exercise
def test_points_hints_and_names_are_complete(chapter, exercise):
    assert proof.form_problems(chapter, exercise) == []


@each_exercise
def test_the_reference_solution_gets_every_point(chapter, exercise, child):
    assert proof.reference_problems(chapter, exercise, child.session) == []


@each_exercise
def test_the_stub_gets_no_point_and_is_called_not_started(chapter, exercise, child):
    assert proof.stub_problems(chapter, exercise, child.session) == []


@each_exercise
def test_each_known_wrong_answer_fails_the_check_meant_for_it(chapter, exercise, child):
    assert proof.wrong_problems(chapter, exercise, child.session) == []
