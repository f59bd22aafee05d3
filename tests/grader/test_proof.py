"""The proof that graders are graded notices what it is there to notice."""

import shutil

import pytest

from companion.exercises import proof
from companion.exercises.source import Course

TESTS, WRONG, BOOK = (
    "tests/exercises/toys/test_lines.py",
    "tests/exercises/toys/wrong_lines.py",
    "book/toys/lines.md",
)


OF_EXERCISE = {
    "form": proof.form_problems,
    "reference": proof.reference_problems,
    "stub": proof.stub_problems,
    "wrong": proof.wrong_problems,
}


def problems(course, kind, name="signed-distance"):
    """The problems of one kind: of the course, or of one exercise."""
    if kind == "course":
        return proof.course_problems(course)
    pairs = [(c, e) for c in course.chapters for e in c.exercises if e.id == name]
    return OF_EXERCISE[kind](*pairs[0])


@pytest.mark.parametrize(
    "name", ["signed-distance", "centred", "careful-log", "slope", "line-gradients", "turns"]
)
def test_the_made_up_course_is_in_order(course, name):
    assert {kind: problems(course, kind, name) for kind in OF_EXERCISE} == {
        k: [] for k in OF_EXERCISE
    }
    assert problems(course, "course") == []


BREAKS = {
    "a check that passes anything": (
        "wrong",
        TESTS,
        'assert_close(got, (X @ W + B) / 3, mistakes={"the norm is missing": X @ W + B})',
        "pass",
        "“Forgets to divide by the norm.”: test_divides_by_the_norm is passed",
    ),
    "a check that never calls": (
        "stub",
        TESTS,
        "assert_close(student.signed_distance(X[:0], W, B), np.zeros(0))",
        "pass",
        "test_of_no_points says passed of the stub",
    ),
    "a check that rejects the reference": (
        "reference",
        TESTS,
        "/ 3, mistakes",
        "/ 4, mistakes",
        ": failed: ",
    ),
    "other points": (
        "form",
        BOOK,
        "(4 points)",
        "(5 points)",
        "the title says 5 points, the checks give 4",
    ),
    "no hints": ("form", TESTS, '"The shape is (0,).", ', "", "test_of_no_points has not 3 hints"),
    "no docstring": ("form", TESTS, '"no points have no distances"', "...", "has no docstring"),
    "unknown prerequisite": (
        "form",
        TESTS,
        'after="test_divides',
        'after="test_x',
        "no earlier check",
    ),
    "two wrong answers": (
        "wrong",
        WRONG,
        '@wrong("signed-distance", fails="test_of_no',
        "@wrong('centred', fails=\"test_of_no",
        "2 wrong answers",
    ),
    "a wrong answer to nothing": (
        "course",
        WRONG,
        'wrong("careful-log"',
        'wrong("log"',
        "no exercise log",
    ),
    "one id twice": ("course", BOOK, "ex-signed-distance", "ex-slope", "slope is in toys/"),
    "two exercises": (
        "course",
        BOOK,
        "{exercise-start} A careful logarithm",
        "{note} A",
        "has 2 exercises",
    ),
}


@pytest.mark.parametrize(("kind", "file", "old", "new", "said"), BREAKS.values(), ids=BREAKS)
def test_what_is_wrong_is_noticed(course, tmp_path, kind, file, old, new, said):
    shutil.copytree(course.root, tmp_path / "course")
    path = tmp_path / "course" / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    found = problems(Course.find(tmp_path / "course"), kind)
    assert any(said in problem for problem in found), found
