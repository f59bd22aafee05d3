"""The grader's own test material: a small made-up course beside this file."""

from pathlib import Path

import pytest

from companion import cli
from companion.exercises.child import Limits
from companion.exercises.runner import grade
from companion.exercises.source import Course
from companion.exercises.submission import Cell

collect_ignore = ["course"]
COURSE = Path(__file__).parent / "course"


LIMITS = Limits(call=30, memory=512 << 20)


def pytest_collection_modifyitems(items):
    reads = pytest.mark.reads("tests/grader/**/*", "companion/exercises/**/*", "companion/*.py")
    for item in items:
        if item.path.is_relative_to(COURSE.parent):
            item.add_marker(reads)


@pytest.fixture(autouse=True)
def made_up_course(tmp_path, monkeypatch):
    """Every test sees the made-up course and a state folder of its own."""
    monkeypatch.setenv("COMPANION_COURSE", str(COURSE))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.fixture(scope="session")
def course():
    return Course.find(COURSE)


@pytest.fixture
def companion(monkeypatch, capsys):
    """Run the command line in this process: returns exit code, output, errors."""

    def run(*arguments):
        monkeypatch.setattr("sys.argv", ["companion", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            cli.main()
        captured = capsys.readouterr()
        return end.value.code or 0, captured.out, captured.err

    return run


@pytest.fixture
def work(companion, tmp_path):
    """A folder as ``companion start`` writes it."""
    companion("start", tmp_path / "work")
    return tmp_path / "work"


@pytest.fixture
def grade_code(course):
    """Grade code for an exercise with all its checks, within short limits."""

    def run(code, exercise="signed-distance", *, hidden=True, limits=LIMITS):
        for chapter in course.chapters:
            for one in chapter.exercises:
                if one.id == exercise:
                    cells = [Cell("toy.py", f"import numpy as np\n{code}")]
                    return grade(one, chapter.checks(one), cells, hidden=hidden, limits=limits)
        raise LookupError(exercise)

    return run
