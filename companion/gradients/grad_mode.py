"""Whether operations are recorded, for each thread by itself."""

import functools
import inspect
import threading
from contextlib import ContextDecorator


class _Mode(threading.local):
    """``on`` says whether to record; ``before`` remembers what it was, innermost last."""

    def __init__(self):
        self.on, self.before = True, []


_mode = _Mode()


def is_recording():
    """Return whether operations of this thread are recorded."""
    return _mode.on


class no_grad(ContextDecorator):
    """Record nothing: ``with no_grad(): ...`` or ``@no_grad()``. Saves time and memory.

    A decorated generator records nothing while it runs, and leaves alone what its caller does
    between two values. One instance may be used by several threads.
    """

    def __enter__(self):
        _mode.before.append(_mode.on)
        _mode.on = False

    def __exit__(self, *_):
        _mode.on = _mode.before.pop()

    def __call__(self, function):
        """Decorate a function or a generator function."""
        if not inspect.isgeneratorfunction(function):
            return super().__call__(function)

        @functools.wraps(function)
        def generator(*args, **kwargs):
            steps, answer = function(*args, **kwargs), None
            while True:
                try:
                    with self:
                        value = steps.send(answer)
                except StopIteration as end:
                    return end.value
                answer = yield value

        return generator
