"""Collecting the parts of a project: the learner's functions, and the reference's for the rest."""

import ast
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from companion.exercises import needed, submission
from companion.exercises.failures import CompanionError, Failed, Unreadable
from companion.exercises.needed import Program
from companion.exercises.results import FAILED
from companion.exercises.source import Chapter, Exercise

MODULE = "companion.exercises.parts"


@dataclass(frozen=True)
class Part:
    """A function that a project uses: whose it is, and why when it is the reference's."""

    chapter: Chapter
    exercise: Exercise
    program: Program
    own: bool
    cells: tuple = ()
    why: str = ""

    @property
    def told(self) -> str:
        """Where the function comes from, in a line."""
        name = self.exercise.function
        if self.own:
            return f"{name}: yours, {self.program.place}"
        return f"{name}: the reference's ({self.chapter.id}: {self.why})"


def wanted(program) -> list[str]:
    """Return the names that a program imports from the parts."""
    return imported(_statements(program))


def used(program, collected) -> list[Part]:
    """Return the parts that a program uses; one import often brings others along."""
    nodes = (node for statement in _statements(program) for node in ast.walk(statement))
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    return [part for part in collected if part.exercise.function in names]


def _statements(program):
    for piece in program.pieces:
        body = ast.parse(piece.text).body
        yield from (body[index] for index in piece.kept)


def imported(statements) -> list[str]:
    """Return the names that statements import from the parts."""
    return list(
        dict.fromkeys(
            alias.name
            for node in statements
            if isinstance(node, ast.ImportFrom) and node.module == MODULE
            for alias in node.names
        )
    )


def collect(chapter, names, folders=()) -> list[Part]:
    """Return the parts of a project, each from the first folder that has the learner's file.

    Only what the project's own first cell imports is a part: no other exercise is handed answers.
    """
    offered = imported(ast.parse(chapter.setup).body)
    return find(chapter.course, [name for name in names if name in offered], folders)


def find(course, names, folders=()) -> list[Part]:
    """Return a part for each name.

    Raises
    ------
    CompanionError
        If no exercise asks for a function of that name.
    """
    exercises = {
        exercise.function: (chapter, exercise)
        for chapter in course.chapters
        for exercise in chapter.exercises
    }
    unknown = [name for name in names if name not in exercises]
    if unknown:
        raise CompanionError(f"no exercise of the course asks for {' or '.join(unknown)}")
    return [_part(*exercises[name], folders) for name in names]


def _part(chapter, exercise, folders):
    why = "you have not started it"
    for folder in map(Path, folders):
        path = submission.latest(folder / chapter.id) or submission.latest(
            folder / chapter.path.stem
        )
        if path is None:
            continue
        try:
            cells = submission.read(path)
            program = needed.select(cells, exercise.function, chapter.others(exercise))
            needed.refuse_stub(cells, exercise)
            return Part(chapter, exercise, program, True, tuple(cells))
        except (Failed, Unreadable) as error:
            why = str(error).partition("\n")[0]
            break
    cells = chapter.cells(exercise.solution)
    return Part(chapter, exercise, needed.select(cells, exercise.function), False, why=why)


def with_parts(program, collected) -> Program:
    """Return the program with the pieces of each part, which the child runs on their own."""
    parts = tuple((part.exercise.function, part.program.pieces) for part in collected)
    return replace(program, parts=parts)


def faults(collected, grade: Callable) -> list[str]:
    """Return a sentence for each of the learner's parts that fails a check of its own exercise.

    `grade` is `companion.exercises.runner.grade`.
    """
    found = []
    for part in collected:
        if not part.own:
            continue
        checks = part.chapter.checks(part.exercise)
        result = grade(part.exercise, checks, list(part.cells))
        for check in result.checks:
            if check.status == FAILED:
                found.append(
                    f"Look at your {part.exercise.function} first ({part.program.place}): it fails "
                    f"its own check “{check.title}”."
                )
                break
    return found
