"""The two decorators of the exercises' test modules, and how those modules are read.

`check` marks a function as a grading check, `wrong` marks a known wrong answer. Both leave the
function as it is, so pytest collects the checks and anyone can read them.
"""

import ast
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from companion.exercises.failures import CourseError

HINTS = 3


@dataclass(frozen=True)
class Check:
    """One check of one exercise."""

    exercise: str
    points: int
    hidden: bool
    after: str | None
    hints: tuple[str, ...]
    function: Callable

    @property
    def name(self) -> str:
        """Name of the function, which is what ``after`` and ``fails`` refer to."""
        return self.function.__name__

    @property
    def title(self) -> str:
        """First line of the docstring: what the learner reads as the check's name."""
        lines = (self.function.__doc__ or "").strip().splitlines()
        return lines[0] if lines else self.name


def check(exercise, *, points=1, hidden=False, after=None, hints=()):
    """Mark a function ``test_...(student)`` as a grading check.

    Parameters
    ----------
    exercise : str
        Id of the exercise: its label without ``ex-``.
    points : int
        What passing the check is worth.
    hidden : bool
        A hidden check is not run by ``companion check``, which only says how many remain.
    after : str, optional
        Name of another check of this exercise; while that one fails, this one waits.
    hints : tuple of str
        Three hints: the concept, the place, nearly the code.

    Raises
    ------
    TypeError
        If points or hints have the wrong form.
    """
    if isinstance(points, bool) or not isinstance(points, int) or points < 1:
        raise TypeError(f"@check({exercise!r}): points must be a whole number ≥ 1, not {points!r}")
    if isinstance(hints, str) or not all(isinstance(hint, str) for hint in hints):
        raise TypeError(f"@check({exercise!r}): hints must be a tuple of {HINTS} strings")

    def mark(function):
        function.check = Check(exercise, points, hidden, after, tuple(hints), function)
        return function

    return mark


@dataclass(frozen=True)
class Wrong:
    """One known wrong answer: code that replaces the stub, and the check that must notice."""

    exercise: str
    fails: str
    title: str
    code: str
    line: int


def wrong(exercise, *, fails):
    """Mark a function as a known wrong answer to an exercise.

    Parameters
    ----------
    exercise : str
        Id of the exercise.
    fails : str
        Name of the check that must fail.
    """

    def mark(function):
        function.wrong = (exercise, fails)
        return function

    return mark


def load_checks(path: Path) -> list[Check]:
    """Import a test module by its path and return its checks in the order they are written."""
    if not path.is_file():
        raise CourseError(f"no checks for this chapter: {path} is missing")
    # A name of its own: no clash with another test_<chapter>.py, nothing left in sys.modules.
    spec = spec_from_file_location(f"checks_of_{path.parent.name}_{path.stem}", path)
    module = module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except ModuleNotFoundError as error:
        raise CourseError(
            f"the checks in {path.name} need the package {error.name}, which is not installed; "
            "companion doctor says how to get it"
        ) from error
    except Exception as error:
        raise CourseError(f"{path} cannot be imported: {type(error).__name__}: {error}") from error
    return [value.check for value in vars(module).values() if isinstance_check(value)]


def isinstance_check(value) -> bool:
    """Whether a name of a test module is a function marked with `check`."""
    return callable(value) and isinstance(getattr(value, "check", None), Check)


def _goes_along(node) -> bool:
    """Whether a statement is an import, a function or a constant that wrong answers may need.

    The grader's marks are none of theirs, and parts are imported by the notebook itself.
    """
    if isinstance(node, ast.ImportFrom):
        return not (node.module or "").startswith("companion.exercises")
    return isinstance(node, (ast.Import, ast.FunctionDef, ast.Assign))


def load_wrong(path: Path) -> list[Wrong]:
    """Read the known wrong answers of a module, without importing it.

    Several answers bear the name of the exercise's function, so they are taken from the text:
    an import would keep only the last of them. The imports, functions and constants that
    stand before an answer, without a mark, go along with it.
    """
    if not path.is_file():
        return []
    text = path.read_text(encoding="utf-8")
    lines, answers, beside = text.splitlines(), [], []
    for node in ast.parse(text, str(path)).body:
        if not isinstance(node, ast.FunctionDef) or not node.decorator_list:
            if _goes_along(node):
                beside += lines[node.lineno - 1 : node.end_lineno]
            continue
        for decorator in node.decorator_list:
            if isinstance(decorator, ast.Call) and getattr(decorator.func, "id", "") == "wrong":
                fails = {key.arg: key.value for key in decorator.keywords}["fails"]
                answers.append(
                    Wrong(
                        exercise=ast.literal_eval(decorator.args[0]),
                        fails=ast.literal_eval(fails),
                        title=(ast.get_docstring(node) or node.name).splitlines()[0],
                        code="\n".join([*beside, *lines[node.lineno - 1 : node.end_lineno], ""]),
                        line=node.lineno,
                    )
                )
    return answers
