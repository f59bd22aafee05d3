"""A cold check is quick because of what it does not import; that is what is tested here."""

import json
import os
import subprocess
import sys

import pytest

HEAVY = {"torch", "jupytext", "nbformat", "matplotlib", "pytest", "scipy", "pandas", "sklearn"}


def imported(*arguments):
    """The top-level packages a command imports, in the grader and in the child process."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "companion.cli", *map(str, arguments)],
        capture_output=True,
        text=True,
        env=dict(os.environ),
    )
    lines = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    assert lines
    return {line.rpartition("|")[2].strip().partition(".")[0] for line in lines}, done


@pytest.fixture
def solved(work):
    path = work / "toys/lines.ipynb"
    text = path.read_text().replace("raise NotImplementedError", "return X - X.mean(axis=0)")
    path.write_text(text)
    return path


def test_a_check_of_one_exercise_imports_nothing_heavy(solved):
    names, done = imported("check", solved, "--exercise", "centred", "--json")
    assert json.loads(done.stdout)["solved"]
    assert "numpy" in names
    assert not names & HEAVY


@pytest.mark.usefixtures("unperturbed")
@pytest.mark.parametrize("arguments", [["--help"], ["check", "--help"]])
def test_help_does_not_even_import_numpy(arguments):
    names, done = imported(*arguments)
    assert "Usage" in done.stdout
    assert not names & {*HEAVY, "numpy", "msgpack"}


def test_start_imports_jupytext_only_for_the_other_formats(tmp_path):
    names, done = imported("start", tmp_path / "work")
    assert done.returncode == 0
    assert not names & HEAVY


def test_doctor_does_not_import_torch():
    names, done = imported("doctor")
    assert done.returncode == 0
    assert not names & HEAVY


def test_the_child_imports_nothing_heavy(grade_code):
    code = (
        "import sys\n"
        "def signed_distance(X, w, b):\n    raise ValueError(' '.join(sorted(sys.modules)))"
    )
    names = {name.partition(".")[0] for name in grade_code(code).checks[0].message.split()}
    assert "numpy" in names
    assert not names & {*HEAVY, "rich", "typer"}
