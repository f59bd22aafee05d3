"""Slips and mishaps: each is told where it is, and hides nothing that is right."""

import json
import os
import sys

import pytest

from companion.exercises import needed, submission
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
    [(_, tree)] = needed.definitions([Cell("a.py", code)], "signed_distance")
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


RIGHT = "    return (X @ w + b) / np.linalg.norm(w)\n"


def graded(course, *sources, suffix="ipynb"):
    """The result of the first exercise for a notebook with these cells."""
    chapter = course.chapters[0]
    exercise = chapter.exercises[0]
    cells = [
        Cell(f"n.{suffix}, cell {number}", submission.python(source))
        for number, source in enumerate(("import numpy as np", *sources), 1)
    ]
    return grade(exercise, chapter.checks(exercise), cells, hidden=True)


@pytest.mark.parametrize(
    "source",
    [
        f"%%time\ndef signed_distance(X, w, b):\n{RIGHT}",
        f"def signed_distance(X, w, b):\n    display(X, w)\n{RIGHT}",
        f"def signed_distance(X, w, b):\n    %time y = 1\n    !ls\n{RIGHT}",
        f"%time C = 1\ndef signed_distance(X, w, b):\n{RIGHT.replace('b)', 'C * b)')}",
    ],
)
def test_notebook_habits_do_not_cost_points(course, source):
    assert graded(course, source).status == "solved"


def test_annotations_of_the_future_hold_for_later_cells(course):
    later = f"def signed_distance(X: Unheard, w, b) -> Of:\n{RIGHT}"
    assert graded(course, "from __future__ import annotations", later).status == "solved"
    assert "name 'Unheard' is not defined" in graded(course, later).checks[0].message


@pytest.mark.parametrize(
    ("sources", "said"),
    [
        (
            ["from helpers import signed_distance"],
            "The grader sees your file alone, no module beside it",
        ),
        (
            ["table = {}\nfill(table)", "def signed_distance(X, w, b): return table['b']"],
            "The grader does not run n.ipynb, cell 2, line 2, fill(table): give",
        ),
        (
            [
                "table = {}\ndef fill():\n    table['b'] = 1\nprint(table)\nfill()",
                "def signed_distance(X, w, b): return table['b']",
            ],
            "The grader does not run n.ipynb, cell 2, line 5, fill(): give",
        ),
        (
            ["names = !ls", "def signed_distance(X, w, b): return names"],
            "RuntimeError: the grader runs no magics and no shell commands",
        ),
        (
            [
                f"def signed_distance(X, w, b):\n{RIGHT}",
                "def signed_distance(X, w, b):\n    raise NotImplementedError",
            ],
            "n.ipynb, cell 3, line 1: this stub replaces your signed_distance above it",
        ),
    ],
)
def test_what_a_notebook_has_and_the_grader_does_not(course, sources, said):
    result = graded(course, *sources)
    assert result.status == "wrong"
    assert said in result.checks[0].message
    assert "print" not in result.checks[0].message


def test_a_call_that_touches_nothing_needed_is_not_mentioned(course):
    sources = "x = 1\nprint(x)\ntrain(x)", "def signed_distance(X, w, b): return X"
    assert "does not run" not in graded(course, *sources).checks[0].message


def test_a_link_is_called_by_its_own_name(companion, work, tmp_path):
    (work / "toys/lines.ipynb").rename(tmp_path / "elsewhere.ipynb")
    (work / "toys/lines.ipynb").symlink_to(tmp_path / "elsewhere.ipynb")
    code, out, err = companion("check", work / "toys/lines.ipynb")
    assert (code, err) == (1, "")
    assert "Signed distance" in out


def test_commands_that_are_printed_can_be_typed(companion, tmp_path):
    folder = tmp_path / "my work"
    assert f"companion check '{folder}' --watch" in companion("start", folder)[1]
    assert f"companion check '{folder}' --watch" in (folder / "README.md").read_text()
    (tmp_path / "no work").mkdir()
    said = companion("check", tmp_path / "no work")[2]
    assert f"companion start '{tmp_path / 'no work'}' writes them" in said
    assert f"companion start '{tmp_path / 'x y'}'" in companion("check", tmp_path / "x y")[2]


def test_all_checks_are_read_before_a_submission_runs(course, work):
    checking = Checking(Course(course.root), work)
    assert all("all_checks" in vars(one.chapter) for one in checking.work)
