"""Slips and mishaps: each is told where it is, and hides nothing that is right."""

import json
import os
import sys

import pytest

from companion.exercises import needed
from companion.exercises.checking import Checking
from companion.exercises.failures import Failed, NotStarted
from companion.exercises.runner import grade
from companion.exercises.source import Course
from companion.exercises.submission import Cell
from companion.exercises.work import fingerprint


def test_a_damaged_notebook_does_not_hide_the_others(companion, work):
    (work / "toys/lines.ipynb").write_text('{"cells": [')
    code, out, err = companion("check", work)
    assert (code, err.count("is damaged (line 1")) == (2, 1)
    assert "Slope of a curve" in out
    report = json.loads(companion("check", work, "--json")[1])
    assert not report["solved"]
    assert len(report["unreadable"]) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere file names are Unicode")
def test_a_folder_whose_name_is_no_utf_8(companion, tmp_path):
    folder = tmp_path / os.fsdecode(b"caf\xe9\x1b[2J")
    assert companion("start", folder)[0] == 0
    code, out, err = companion("check", folder)
    assert (code, err) == (1, "")
    assert "\x1b" not in out
    assert "\x1b" not in companion("check", folder / "none")[2]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("X @ w + B", "First put this right: lines.ipynb, cell 4, line 3: name 'B' is not"),
        ("X @ w +", "First put this right: lines.ipynb, cell 4, line 3: invalid syntax"),
        ("exit(3)", "First put this right: signed_distance ended the Python process"),
    ],
)
def test_a_slip_uses_up_no_hint(companion, work, answer, said):
    path = work / "toys/lines.ipynb"
    whole = path.read_text()
    answer = answer.replace("exit", "__import__('os')._exit")
    path.write_text(whole.replace("raise NotImplementedError", f"return {answer}", 1))
    assert said in companion("check", path, "--hint")[1]
    path.write_text(whole)
    assert json.loads(companion("check", path, "--json", "--hint")[1])["hint"]["level"] == 1


def test_when_nothing_fails_there_is_no_hint(companion, work):
    path = work / "toys/lines.py"
    path.write_text("def centred(X): return X - X.mean(0)\n")
    os.utime(path, (2e9, 2e9))
    code, out, _ = companion("check", work, "--exercise", "centred", "--hint")
    assert code == 0
    assert "Nothing fails" in out


def test_another_exercise_is_no_near_miss():
    cells = [Cell("a.py", "def slope(): pass")]
    with pytest.raises(NotStarted):
        needed.select(cells, "slopes", ("slope",))
    with pytest.raises(NotStarted):
        needed.select([Cell("a.py", "def regression_gradients(): pass")], "graph_gradients")


def test_a_broken_cell_of_another_exercise_is_not_charged():
    cells = [Cell("n.ipynb, cell 2", "def g(:\n  f")]
    with pytest.raises(NotStarted):
        needed.select(cells, "f", ("g",))
    with pytest.raises(Failed, match=r"n\.ipynb, cell 2"):
        needed.select(cells, "f")


def test_a_stub_that_is_still_reached(grade_code):
    code = "def signed_distance(X, w, b):\n    r = X @ w\n    raise NotImplementedError"
    result = grade_code(code)
    assert result.status == "wrong"
    assert result.checks[0].message == "raise NotImplementedError is still reached: toy.py, line 4"


def test_code_too_deep_or_too_large_is_still_graded(grade_code, course):
    branches = "".join(f"    elif b == {k}: pass\n" for k in range(600))
    code = f"def signed_distance(X, w, b):\n    if b == -1: pass\n{branches}    return X"
    tree = needed.definition([Cell("a.py", code)], "signed_distance")
    assert not needed.same_code(tree, course.chapters[0].exercises[0].stub_tree)
    assert "expected an array" not in grade_code(code).checks[0].message
    assert "elif b == 599" in fingerprint(course.chapters[0].exercises[0], [Cell("a.py", code)])
    large = f"DATA = '{'x' * (5 << 20)}'\ndef signed_distance(X, w, b): return DATA"
    message = grade_code(large).checks[0].message
    assert message.startswith("toy.py: the code is too large to be run: values of 5 MB")


def test_a_helper_whose_cell_is_broken_is_named(course):
    chapter = course.chapters[0]
    exercise = chapter.exercises[0]
    cells = [
        Cell("n.ipynb, cell 1", "def norm(w:\n    pass"),
        Cell("n.ipynb, cell 2", "def signed_distance(X, w, b): return X @ w / norm(w)"),
    ]
    message = grade(exercise, chapter.checks(exercise), cells).checks[0].message
    assert "name 'norm' is not defined" in message
    assert "n.ipynb, cell 1, line 1: '(' was never closed" in message


def test_all_checks_are_read_before_a_submission_runs(course, work):
    checking = Checking(Course(course.root), work)
    assert all("all_checks" in vars(one.chapter) for one in checking.work)
