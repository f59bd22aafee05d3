"""What can go wrong, told apart: the course, the learner's answer, the learner's process."""


class CompanionError(Exception):
    """Something the person at the keyboard can put right; its text is one clear line."""


class CourseError(CompanionError):
    """The course itself is not as it should be: a chapter or a check is malformed."""


class Unreadable(CompanionError):
    """A submission cannot be read (yet): not a notebook, half written, not text."""


class Failed(AssertionError):
    """A check failed; the text is plain and meant for the learner."""


class NotStarted(Failed):
    """The stub is still there."""


class Different(Failed):
    """The function answered, but not with the right value."""


class Raised(Failed):
    """The learner's function raised an exception.

    Parameters
    ----------
    types : list of str
        Names of the exception's class and of its base classes, nearest first.
    text : str
        The exception's own message.
    where : str
        The learner's lines of the traceback.
    """

    def __init__(self, types, text, where=""):
        self.types = list(types)
        self.text = text
        self.where = where
        first = f"{self.types[0]}: {text}" if text else self.types[0]
        super().__init__(f"{first}\n{where}".rstrip())

    @property
    def line(self) -> str:
        """The learner's line that was reached last, as ``file, line 3``; empty when unknown."""
        places = [line for line in self.where.splitlines() if not line.startswith("    ")]
        return places[-1].rpartition(", in ")[0] if places else ""


class Unfinished(Raised):
    """The learner's code has been written, but the stub's last line is still reached."""

    def __str__(self):
        """Return where that line is."""
        return f"raise NotImplementedError is still reached: {self.line}"


class Syntax(Failed):
    """The cell with the learner's function is not Python."""


class Covered(Failed):
    """The stub stands below the answer and replaces it."""


class Lost(Failed):
    """The process that ran the learner's code ended, hung, flooded or spoke nonsense.

    Parameters
    ----------
    reason : str
        What happened, in the learner's terms.
    slow : bool
        Whether a time limit was passed.
    """

    def __init__(self, reason, slow=False):
        self.slow = slow
        super().__init__(reason)
