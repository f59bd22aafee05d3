"""What a check run found: plain data, as JSON for machines; `show` draws it for people."""

from dataclasses import dataclass, field

PASSED, FAILED, NOT_STARTED, WAITS = "passed", "failed", "not started", "waits"
SOLVED, WRONG = "solved", "wrong"
SCHEMA = 1


@dataclass
class CheckResult:
    """Outcome of one check: `message` says why it failed, `output` what the code printed.

    A `slip` is what to put right before any hint on the exercise can help: a syntax error, say.
    """

    name: str
    title: str
    status: str
    points: int
    hidden: bool = False
    message: str = ""
    output: str = ""
    hints: tuple[str, ...] = ()
    slip: str = ""

    def to_json(self):
        """Return the result as plain data for JSON."""
        keys = ("name", "title", "status", "points", "hidden", "message", "output")
        return {key: getattr(self, key) for key in keys}


@dataclass
class ExerciseResult:
    """Outcome of one exercise; `hidden` counts the checks and points that were not run."""

    id: str
    title: str
    checks: list[CheckResult]
    hidden: int = 0
    hidden_points: int = 0
    place: str = ""
    parts: tuple[str, ...] = ()  # of a project: where each of its functions comes from

    @property
    def status(self) -> str:
        """``solved``, ``wrong`` or ``not started``."""
        if self.checks and all(check.status == PASSED for check in self.checks):
            return SOLVED
        if all(check.status == NOT_STARTED for check in self.checks):
            return NOT_STARTED
        return WRONG

    @property
    def points(self) -> int:
        """Points of the checks that passed."""
        return sum(check.points for check in self.checks if check.status == PASSED)

    @property
    def possible(self) -> int:
        """Points of all checks, hidden ones that were not run included."""
        return sum(check.points for check in self.checks) + self.hidden_points

    @property
    def passed(self) -> int:
        """Number of checks that passed."""
        return sum(check.status == PASSED for check in self.checks)

    def to_json(self):
        """Return the result as plain data for JSON."""
        return {
            "id": self.id,
            "title": self.title,
            "status": self.status,
            "points": self.points,
            "possible": self.possible,
            "passed": self.passed,
            "public": len(self.checks),
            "hidden": self.hidden,
            "place": self.place,
            "parts": list(self.parts),
            "checks": [check.to_json() for check in self.checks],
        }


@dataclass
class ChapterResult:
    """Outcome of one file: the exercises of a chapter."""

    chapter: str
    file: str
    exercises: list[ExerciseResult] = field(default_factory=list)

    def to_json(self):
        """Return the result as plain data for JSON."""
        exercises = [exercise.to_json() for exercise in self.exercises]
        return {"chapter": self.chapter, "file": self.file, "exercises": exercises}


def report(chapters, suggestion=None, unreadable=()):
    """Return the JSON document of a run: what ``companion check --json`` prints."""
    exercises = [exercise for chapter in chapters for exercise in chapter.exercises]
    return {
        "version": SCHEMA,
        "chapters": [chapter.to_json() for chapter in chapters],
        "points": sum(exercise.points for exercise in exercises),
        "possible": sum(exercise.possible for exercise in exercises),
        "hidden": sum(exercise.hidden_points for exercise in exercises),
        "solved": not unreadable and all(e.status == SOLVED for e in exercises),
        "next": suggestion,
        "unreadable": list(unreadable),
    }
