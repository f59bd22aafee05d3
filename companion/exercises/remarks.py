"""What is added to the message of a failed check, when the cause may lie outside the function."""

import re

from companion.exercises.failures import Raised

NOT_RUN = 3  # statements that are named


def remarks(program, error) -> str:
    """Return the lines to add to a failure's message, each begun by a line break."""
    found = [_broken_helper(program, error), _missing_module(error), _not_run(program, error)]
    return "".join(f"\n{remark}" for remark in found if remark)


def is_name_error(error) -> bool:
    """Whether a failure is a NameError of the learner's code."""
    return isinstance(error, Raised) and "NameError" in error.types


def _broken_helper(program, error):
    match = re.match(r"name '(\w+)' is not defined", error.text) if is_name_error(error) else None
    for cell in program.broken if match else ():
        if re.search(rf"\b{match[1]}\b", cell.text):
            return f"{match[1]} stands in a cell that is not Python:\n{cell.message}"
    return ""


def _missing_module(error):
    if not isinstance(error, Raised) or "ModuleNotFoundError" not in error.types:
        return ""
    return (
        "The grader sees your file alone, no module beside it: what the function needs "
        "must stand in the same file."
    )


def _not_run(program, error):
    if not program.aside:
        return ""
    return "\n".join(
        f"The grader does not run {statement}: give the name its value in an assignment."
        for statement in program.aside[:NOT_RUN]
    )
