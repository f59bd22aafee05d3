"""The learner's function as a check sees it: a proxy that asks a child process."""

from companion.exercises.child import Child, Limits
from companion.exercises.failures import (
    CompanionError,
    CourseError,
    Different,
    Failed,
    Lost,
    Raised,
    Unfinished,
)
from companion.exercises.wire import Unsendable

PATIENCE = 2


class Session:
    """Runs one program in a child process, or in several one after the other.

    A new one is started when the last one is lost, and when `renew` is called: after a check has
    failed, so that whatever the code did there cannot spoil the next check.

    Parameters
    ----------
    program : Program
        The function and what it needs.
    limits : Limits
        Time, memory and output of each child.
    """

    def __init__(self, program, limits=None):
        self.program = program
        self.limits = limits or Limits()
        self._child = None
        self._ready = False
        self._stillborn = None
        self._last_words = ""
        self._slow = 0

    def __enter__(self):
        """Start the first child at once, so that it is ready when it is asked."""
        self._child = Child(self.limits)
        return self

    def __exit__(self, *_):
        """End the child."""
        self.renew()

    def call(self, args, kwargs):
        """Return the value of a call and the inputs it changed; raise a `Failed` otherwise."""
        if self._stillborn:
            raise self._stillborn
        if self._slow >= PATIENCE:
            raise Lost(f"not run: {self.program.function} was too slow {PATIENCE} times already")
        try:
            return self._loaded().call(self.program.function, args, kwargs)
        except Lost as error:
            self._slow += error.slow
            self.renew()
            raise
        except Unsendable as error:
            raise CourseError(f"a check passes {error}") from None

    def printed(self) -> str:
        """Return what the code has printed since the last time."""
        text = self._last_words + (self._child.printed.take() if self._child else "")
        self._last_words = ""
        return text

    def _loaded(self):
        if self._child is None:
            self._child = Child(self.limits)
        if not self._ready:
            try:
                self._load()
            except Failed as error:
                # It would fail again in the same way: remember, do not wait again.
                self._stillborn = error
                raise
            self._ready = True
        return self._child

    def _load(self):
        try:
            self._child.load(self.program)
        except Unsendable as error:
            longest = max(self.program.pieces, key=lambda piece: len(piece.text))
            raise Failed(f"{longest.name}: the code is too large to be run: {error}") from None

    def renew(self):
        """End the child; the next call starts another one."""
        if self._child:
            self._child.close()
            self._last_words += self._child.printed.take()
        self._child, self._ready = None, False


class SharedChild:
    """One child that runs many programs, one after the other: for code that is trusted.

    The proofs of the graders run hundreds of programs of our own; a process for each would be
    most of their time. A learner's program gets a `Session`, and a process of its own.

    Parameters
    ----------
    limits : Limits
        Time, memory and output of the child.
    """

    def __init__(self, limits=None):
        self.limits = limits or Limits()
        self._child = None

    def session(self, program, limits=None):
        """Return a session for one program, in the shared child."""
        return _Guest(program, self)

    def child(self):
        """Return the child; another one when code has ended it."""
        if self._child is None or self._child.closed:
            self._child = Child(self.limits)
        return self._child

    def close(self):
        """End the child."""
        if self._child:
            self._child.close()
            self._child = None


class _Guest(Session):
    """A session in a child that goes on living: to begin anew is to load the program again."""

    def __init__(self, program, host):
        super().__init__(program, host.limits)
        self._host = host

    def __enter__(self):
        self._child = self._host.child()
        return self

    def renew(self):
        self._last_words += self._child.printed.take()
        self._child, self._ready = self._host.child(), False


class Student:
    """What a check receives: ``student.<function>`` is the learner's function."""

    def __init__(self, session):
        self._session = session
        self._function = StudentFunction(session)

    def __getattr__(self, name):
        """Return the learner's function, when that is the name."""
        if name == self._session.program.function:
            return self._function
        raise CompanionError(
            f"the check asks for student.{name}, but the exercise's function is "
            f"{self._session.program.function}"
        )


class StudentFunction:
    """The learner's function; `changed` names the inputs its last call changed in place.

    Attributes
    ----------
    changed : tuple
        Positions (int) and keywords (str) of array, list and dictionary inputs.
    """

    def __init__(self, session):
        self._session = session
        self.__name__ = session.program.function
        self.changed = ()

    def __call__(self, *args, **kwargs):
        """Return what the learner's function returns; raise a `Failed` when it does not."""
        value, self.changed = self._session.call(args, kwargs)
        return value


def assert_unchanged(function):
    """Fail if the last call of a student's function changed one of its inputs in place.

    Parameters
    ----------
    function : StudentFunction
        As in ``assert_unchanged(student.normalise)``, after a call.
    """
    if function.changed:
        names = function._session.program.arguments
        which = [
            names[key] if isinstance(key, int) and key < len(names) else str(key)
            for key in function.changed
        ]
        raise Different(
            f"{function.__name__} changed its input {' and '.join(which)} in place; "
            "the caller's array must stay as it was: work on a copy."
        )


def assert_raises(function, *args, error, mentions=(), **kwargs):
    """Fail unless a call of the student's function raises the right exception.

    Parameters
    ----------
    function : StudentFunction
        The learner's function; further arguments are passed on to it.
    error : str
        Name of the exception's class, or of one of its base classes.
    mentions : str or tuple of str
        What the message must contain, in any letter case.
    """
    try:
        value = function(*args, **kwargs)
    except Raised as raised:
        if error not in raised.types and isinstance(raised, Unfinished):
            raise
        if error not in raised.types:
            raise Different(f"Expected {error}, but it raised {raised}") from None
        wanted = (mentions,) if isinstance(mentions, str) else mentions
        missing = [word for word in wanted if word.lower() not in raised.text.lower()]
        if missing:
            raise Different(
                f"It raises {error}, as it should, but the message {raised.text!r} "
                f"does not mention {' and '.join(map(repr, missing))}."
            ) from None
        return
    raise Different(
        f"{function.__name__} returned {repr(value)[:80]} here; it should raise {error}."
    )
