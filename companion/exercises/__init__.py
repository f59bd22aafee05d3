"""The grader: checks, the comparison of answers, and the process a learner's code runs in.

Test modules of the exercises import everything from here; each name is loaded when it is first
used, so that the command line and the child process pay only for what they need.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from companion.exercises.checks import check, wrong
    from companion.exercises.compare import assert_close, assert_gradient
    from companion.exercises.student import assert_raises, assert_unchanged
    from companion.exercises.wire import Source

__all__ = [
    "Source",
    "assert_close",
    "assert_gradient",
    "assert_raises",
    "assert_unchanged",
    "check",
    "wrong",
]

_HOME = {
    "Source": "wire",
    "assert_close": "compare",
    "assert_gradient": "compare",
    "assert_raises": "student",
    "assert_unchanged": "student",
    "check": "checks",
    "wrong": "checks",
}


def __getattr__(name):
    if name in _HOME:
        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
