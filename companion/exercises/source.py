"""The course on disk: its chapters, and the exercises at the end of each.

One source for all: the page, the learner's notebook and the reference solution come from the
same chapter file, which is read here line by line, without Sphinx.
"""

import ast
import os
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from companion.exercises.checks import load_checks, load_wrong
from companion.exercises.failures import CompanionError, CourseError
from companion.exercises.fences import blocks
from companion.exercises.submission import Cell

NO_CHAPTERS = {"reference", "pipeline"}
TITLE = re.compile(r"^(.*?)\s*\((\d+) points?\)$")
VARIABLE = "COMPANION_COURSE"
KINDS = {
    "predict": "predict, then look",
    "by-hand": "by hand",
    "code": "code",
    "train": "train it to …",
    "project": "project",
}
LEVELS = ("easy", "medium", "hard")


@dataclass(frozen=True)
class Exercise:
    """An exercise: its statement, the stub a learner begins with, and the reference solution."""

    id: str
    title: str
    points: int
    statement: str
    stub: str
    solution: str
    line: int
    kind: str = ""  # one of KINDS
    level: str = ""  # one of LEVELS

    @cached_property
    def stub_tree(self) -> ast.FunctionDef:
        """The stub's function, the last one defined in it."""
        found = [node for node in ast.parse(self.stub).body if isinstance(node, ast.FunctionDef)]
        return found[-1]

    @property
    def function(self) -> str:
        """Name of the function the exercise asks for."""
        return self.stub_tree.name


@dataclass(frozen=True)
class Chapter:
    """A chapter by its id ``part/name``; its files are read when first needed."""

    course: "Course"
    id: str

    @property
    def path(self) -> Path:
        """The chapter's file."""
        return self.course.root / "book" / f"{self.id}.md"

    @cached_property
    def _blocks(self):
        try:
            return blocks(self.path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise CourseError(f"{self.path}: {error}") from None

    @cached_property
    def title(self) -> str:
        """The chapter's first heading."""
        match = re.search(r"^# (.+)$", self.path.read_text(encoding="utf-8"), re.MULTILINE)
        return match[1].strip() if match else self.id

    @cached_property
    def setup(self) -> str:
        """The code that the exercises need, from the cell tagged ``exercise-setup``."""
        cells = [block.body for block in self._blocks if "exercise-setup" in block.tags]
        return "\n".join(cells).strip() + "\n"

    @cached_property
    def exercises(self) -> list[Exercise]:
        """The exercises in the order of the page."""
        return list(_exercises(self.path, self._blocks))

    @cached_property
    def is_core(self) -> bool:
        """Whether this is a page for every reader, not one in depth."""
        return not re.search(r"^:kind: depth$", self.path.read_text(encoding="utf-8"), re.M)

    @cached_property
    def all_checks(self):
        """Every check of the chapter, in the order of the test module."""
        if not self.exercises:
            return []
        part, name = self.id.split("/")
        return load_checks(self.course.root / "tests" / "exercises" / part / f"test_{name}.py")

    @cached_property
    def all_wrong(self):
        """Every known wrong answer of the chapter."""
        if not self.exercises:
            return []
        part, name = self.id.split("/")
        return load_wrong(self.course.root / "tests" / "exercises" / part / f"wrong_{name}.py")

    def checks(self, exercise):
        """Return the checks of one exercise; an exercise without any is an error."""
        found = [check for check in self.all_checks if check.exercise == exercise.id]
        if not found:
            raise CourseError(f"{self.id}: the exercise {exercise.id} has no checks")
        return found

    def others(self, exercise) -> tuple[str, ...]:
        """Return the names of the functions that the chapter's other exercises ask for."""
        return tuple(e.function for e in self.exercises if e.id != exercise.id)

    def cells(self, code) -> list[Cell]:
        """Return a submission made of the set-up cell and some code."""
        name = f"{self.path.stem}.md"
        return [Cell(f"{name}, setup", self.setup), Cell(f"{name}, answer", code)]


@dataclass(frozen=True)
class Course:
    """The folder that holds ``book/`` and ``tests/exercises/``."""

    root: Path

    @classmethod
    def find(cls, folder=None):
        """Return the course in a folder, in ``$COMPANION_COURSE``, or the one installed.

        Raises
        ------
        CompanionError
            If there is no course; the line says how to name one.
        """
        import companion

        named = folder or os.environ.get(VARIABLE)
        root = Path(named) if named else Path(companion.__file__).parents[1]
        if not (root / "book").is_dir() or not (root / "tests" / "exercises").is_dir():
            raise CompanionError(
                f"{root} is not the course: book/ and tests/exercises/ are not in it. "
                f"Clone the course and install it with pip install -e, or use --course DIR."
            )
        return cls(root.resolve())

    @cached_property
    def chapters(self) -> list[Chapter]:
        """All chapters in reading order: that of ``_toc.yml``, then by name."""
        ids = [
            f"{path.parent.name}/{path.stem}"
            for path in sorted((self.root / "book").glob("[!_.]*/[!_.]*.md"))
            if path.parent.name not in NO_CHAPTERS and _is_notebook(path)
        ]
        toc = self.root / "_toc.yml"
        text = toc.read_text(encoding="utf-8") if toc.is_file() else ""
        order = re.findall(r"file:\s*[\"']?book/([\w/-]+)", text)
        rank = {name: number for number, name in enumerate(order)}
        return [Chapter(self, name) for name in sorted(ids, key=lambda n: rank.get(n, len(rank)))]

    def chapter(self, name) -> Chapter | None:
        """Return the chapter with this id or, when only one has it, this last name."""
        exact = [chapter for chapter in self.chapters if chapter.id == name]
        loose = [chapter for chapter in self.chapters if chapter.path.stem == name.split("/")[-1]]
        return exact[0] if exact else loose[0] if len(loose) == 1 else None


def _is_notebook(path):
    with path.open(encoding="utf-8") as file:
        head = file.read(1500)
    return head.startswith("---") and "kernelspec:" in head


def _exercises(path, found):
    """Yield the exercises among a chapter's blocks."""
    solutions = dict(_solutions(path, found))
    current, statement, stub = None, [], None
    for block in found:
        if block.kind == "exercise-start":
            current, statement, stub = block, [], None
        elif block.kind == "exercise-end" and current:
            yield _exercise(path, current, statement, stub, solutions)
            current = None
        elif current and "exercise-stub" in block.tags:
            stub = block
        elif current:
            statement.append(block.raw)
    if current:
        raise CourseError(f"{path}:{current.line}: this exercise has no {{exercise-end}}")


def _exercise(path, block, statement, stub, solutions):
    where, label = f"{path}:{block.line}", block.options.get("label", "")
    title = TITLE.match(block.argument)
    if not label.startswith("ex-"):
        raise CourseError(f"{where}: an exercise needs :label: ex-...")
    if not title:
        raise CourseError(f"{where}: the title must end with the points, as in '(3 points)'")
    if stub is None:
        raise CourseError(f"{where}: no code cell is tagged exercise-stub")
    if label not in solutions:
        raise CourseError(f"{where}: there is no solution for {label}")
    exercise = Exercise(
        id=label.removeprefix("ex-"),
        title=title[1],
        points=int(title[2]),
        statement="\n".join(statement).strip(),
        stub=stub.body.strip() + "\n",
        solution=solutions[label],
        line=block.line,
        kind=_one_of(KINDS, block),
        level=_one_of(LEVELS, block),
    )
    try:
        exercise.function  # noqa: B018  the stub must hold a function
    except (SyntaxError, IndexError):
        raise CourseError(f"{path}:{stub.line}: the stub defines no function") from None
    return exercise


def _one_of(words, block) -> str:
    """Return the word among an exercise's classes, empty when there is none."""
    return next((word for word in block.options.get("class", "").split() if word in words), "")


def _solutions(path, found):
    """Yield label and code of each solution."""
    label, code = None, []
    for block in found:
        if block.kind == "solution-start":
            label, code = block.argument.strip(), []
        elif block.kind == "solution-end" and label:
            if not code:
                raise CourseError(f"{path}:{block.line}: no code cell is tagged exercise-solution")
            yield label, "\n".join(code).strip() + "\n"
            label = None
        elif label and "exercise-solution" in block.tags:
            code.append(block.body)
