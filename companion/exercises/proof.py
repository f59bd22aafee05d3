"""The graders are graded: what is wrong with an exercise's checks, as a list of sentences."""

import ast
from functools import partial

from companion.exercises.checks import HINTS
from companion.exercises.collecting import collect
from companion.exercises.results import FAILED, NOT_STARTED, PASSED, WAITS
from companion.exercises.runner import grade
from companion.exercises.source import KINDS, LEVELS
from companion.exercises.student import Session

FEWEST_WRONG = 3
MOST_EXERCISES, FEWEST_IN_CORE = 6, 3


def course_problems(course) -> list[str]:
    """Return what is wrong with the exercises of a course as a whole."""
    problems, seen = [], {}
    for chapter in course.chapters:
        count = len(chapter.exercises)
        fewest = FEWEST_IN_CORE if chapter.is_core else 0
        if not fewest <= count <= MOST_EXERCISES:
            problems.append(f"{chapter.id} has {count} exercises, not {fewest} to {MOST_EXERCISES}")
        for exercise in chapter.exercises:
            if exercise.id in seen:
                problems.append(f"{exercise.id} is in {seen[exercise.id]} and in {chapter.id}")
            seen[exercise.id] = chapter.id
        known = {exercise.id for exercise in chapter.exercises}
        for marked in (*chapter.all_checks, *chapter.all_wrong):
            if marked.exercise not in known:
                problems.append(f"{chapter.id} has no exercise {marked.exercise} that is graded")
    return problems


def form_problems(chapter, exercise) -> list[str]:
    """Return what is wrong with the form of an exercise's checks: points, hints, names."""
    checks = chapter.checks(exercise)
    names = [check.name for check in checks]
    problems = []
    if not exercise.kind or not exercise.level:
        kinds, levels = ", ".join(KINDS), ", ".join(LEVELS)
        problems.append(f":class: names no kind ({kinds}) or no level ({levels})")
    total = sum(check.points for check in checks)
    if total != exercise.points:
        problems.append(f"the title says {exercise.points} points, the checks give {total}")
    if all(check.hidden for check in checks):
        problems.append("every check is hidden")
    for position, check in enumerate(checks):
        if len(check.hints) != HINTS or not all(hint.strip() for hint in check.hints):
            problems.append(f"{check.name} has not {HINTS} hints")
        if not (check.function.__doc__ or "").strip():
            problems.append(f"{check.name} has no docstring")
        if check.after and check.after not in names[:position]:
            problems.append(f"{check.name} comes after {check.after}, which is no earlier check")
    if names != list(dict.fromkeys(names)):
        problems.append("two checks have one name")
    return problems


def reference_problems(chapter, exercise, session=Session) -> list[str]:
    """Return which checks the reference solution does not pass."""
    result = _grade(chapter, exercise, exercise.solution, session)
    return [f"{c.name}: {c.status}: {c.message}" for c in result.checks if c.status != PASSED]


def stub_problems(chapter, exercise, session=Session) -> list[str]:
    """Return which checks do not find the stub "not started", or pass it when it is run.

    Once as it is, which the grader sees without running it, and once with a statement added, so
    that every check has to run and to notice: that is a wrong answer.
    """
    touched = ast.parse(exercise.stub)
    touched.body[-1].body.insert(-1, ast.Pass())
    problems = []
    for code, states in (
        (exercise.stub, {NOT_STARTED}),
        (ast.unparse(touched), {FAILED, WAITS}),
    ):
        for check in _grade(chapter, exercise, code, session).checks:
            if check.status not in states:
                problems.append(f"{check.name} says {check.status} of the stub: {check.message}")
    return problems


def wrong_problems(chapter, exercise, session=Session) -> list[str]:
    """Return which known wrong answers are too few, or not caught by the check meant for them."""
    answers = [answer for answer in chapter.all_wrong if answer.exercise == exercise.id]
    problems = []
    if len(answers) < FEWEST_WRONG:
        problems.append(f"{len(answers)} wrong answers; at least {FEWEST_WRONG} are wanted")
    for answer in answers:
        result = _grade(chapter, exercise, answer.code, session)
        states = {check.name: check.status for check in result.checks}
        if states.get(answer.fails) != FAILED:
            state = states.get(answer.fails, "not there")
            problems.append(f"line {answer.line}, “{answer.title}”: {answer.fails} is {state}")
        unknown = [check.message for check in result.checks if "NameError" in str(check.message)]
        if unknown:
            problems.append(f"line {answer.line}, “{answer.title}” does not run: {unknown[0]}")
    return problems


def _grade(chapter, exercise, code, session):
    checks, cells = chapter.checks(exercise), chapter.cells(code)
    parts = partial(collect, chapter)
    return grade(exercise, checks, cells, hidden=True, session=session, parts=parts)
