"""The learner's own functions from earlier exercises, for a project that is built from them.

A project's notebook imports them by name::

    from companion.exercises.parts import adam_step, warm_wave

In the notebook this module looks into the learner's other files, and says what the reference had
to fill in. When the project is graded, the grader does the same and puts the functions here.
"""

from pathlib import Path


def __getattr__(name):
    """Return the function that an exercise asks for: the learner's, else the reference's."""
    if name.startswith("_"):
        raise AttributeError(name)
    from companion.exercises.child import sendable
    from companion.exercises.collecting import find
    from companion.exercises.failures import CompanionError
    from companion.exercises.source import Course
    from companion.exercises.worker import load

    here = Path.cwd()
    try:
        (part,) = find(Course.find(), [name], [here, here.parent])
    except CompanionError as error:
        raise AttributeError(str(error)) from None
    print(part.told)
    return load(sendable(part.program.pieces), name)
