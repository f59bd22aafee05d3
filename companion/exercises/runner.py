"""Running the checks of exercises against a submission, check by check."""

from companion.exercises import needed
from companion.exercises.collecting import faults, used, wanted, with_parts
from companion.exercises.failures import (
    CompanionError,
    Covered,
    Failed,
    Lost,
    NotStarted,
    Syntax,
)
from companion.exercises.remarks import is_name_error, remarks
from companion.exercises.results import (
    FAILED,
    NOT_STARTED,
    PASSED,
    WAITS,
    CheckResult,
    ExerciseResult,
)
from companion.exercises.student import Session, Student
from companion.exercises.terminal import clean


def grade(
    exercise, checks, cells, *, hidden=False, limits=None, others=(), session=Session, parts=None
):
    """Grade one exercise of a submission.

    Parameters
    ----------
    exercise : Exercise
        From the chapter.
    checks : list of Check
        The checks of this exercise, in their order.
    cells : list of Cell
        The submission.
    hidden : bool
        Run the hidden checks as well.
    limits : Limits, optional
        What the code may use.
    others : tuple of str
        Names of the functions that the chapter's other exercises ask for.
    session : callable
        Makes the session in which a program runs: of its own, unless the code is trusted.
    parts : callable, optional
        Returns the `Part` of each name that a project imports from earlier exercises.

    Returns
    -------
    ExerciseResult
        Whatever the code does, this returns: a child that hangs or dies fails its check.
    """
    shown = [check for check in checks if hidden or not check.hidden]
    aside = [check for check in checks if check not in shown]
    result = ExerciseResult(
        exercise.id,
        exercise.title,
        checks=[],
        hidden=len(aside),
        hidden_points=sum(check.points for check in aside),
    )
    try:
        program = needed.select(cells, exercise.function, others)
        result.place = program.place
        needed.refuse_stub(cells, exercise)
        collected = parts(names) if parts and (names := wanted(program)) else []
    except Failed as error:
        status = NOT_STARTED if isinstance(error, NotStarted) else FAILED
        slip = slip_of(error)
        result.checks = [outcome(check, status, str(error), slip=slip) for check in shown]
        return result
    counting = used(program, collected)
    result.parts = tuple(part.told for part in counting)
    with session(with_parts(program, collected), limits) as running:
        for check in shown:
            result.checks.append(run(check, running, result.checks))
    blame(result, counting)
    return result


def blame(result, collected):
    """Add to the failed checks of a project which of its parts fail by themselves."""
    failed = [check for check in result.checks if check.status == FAILED]
    found = faults(collected, grade) if failed else []
    for check in failed:
        check.message = "\n".join([check.message, *map(clean, found)])


def run(check, session, earlier):
    """Run one check, unless the one it comes after has failed."""
    before = next((done for done in earlier if done.name == check.after), None)
    if before and before.status != PASSED:
        status = NOT_STARTED if before.status == NOT_STARTED else WAITS
        return outcome(check, status, f"waits for: {before.title}")
    slip = ""
    try:
        check.function(Student(session))
    except NotStarted as error:
        status, message = NOT_STARTED, str(error)
    except AssertionError as error:
        status, message = FAILED, str(error) or "the check's condition does not hold"
        message += remarks(session.program, error)
        slip = slip_of(error)
    except CompanionError:
        raise
    except Exception as error:  # the answer has a form that the check did not expect
        status = FAILED
        message = f"The answer cannot be used: {type(error).__name__}: {error}"
    else:
        status, message = PASSED, ""
    if status != PASSED:
        session.renew()
    return outcome(check, status, message, session.printed(), slip)


def slip_of(error) -> str:
    """Return what to put right before a hint can help, empty when the answer is merely wrong."""
    if isinstance(error, Syntax | Covered | Lost):
        return str(error)
    if is_name_error(error):
        return f"{error.line}: {error.text}" if error.line else error.text
    return ""


def outcome(check, status, message, output="", slip=""):
    """Return the result of a check; what a learner's code can have written is made harmless."""
    return CheckResult(
        name=check.name,
        title=check.title,
        status=status,
        points=check.points,
        hidden=check.hidden,
        message=clean(message),
        output=clean(output),
        hints=check.hints,
        slip=clean(slip),
    )
