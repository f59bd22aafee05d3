"""Projects: built from the learner's functions, filled up by the reference, and fair about both."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from companion.exercises.source import VARIABLE, Course
from companion.exercises.work import check_file, chosen, find_work

COURSE = Path(__file__).parent / "course"

PROJECT = '''---
kernelspec:
  name: python3
---

# A project

## Exercises

```{code-cell} ipython3
:tags: [exercise-setup]

import numpy as np

from companion.exercises.parts import centred, signed_distance
```

```{exercise-start} Distances of centred points (1 point)
:label: ex-project
:class: project medium
```
Put them together.
```{code-cell} ipython3
:tags: [exercise-stub]

def distances(X, w, b):
    """Signed distances of the centred points."""
    raise NotImplementedError
```
```{exercise-end}
```
```{solution-start} ex-project
```
```{code-cell} ipython3
:tags: [exercise-solution]

def distances(X, w, b):
    """Signed distances of the centred points."""
    return signed_distance(centred(X), w, b)
```
```{solution-end}
```
'''
CHECKS = '''
import numpy as np
from companion.exercises import assert_close, check

@check("project", hints=("a", "b", "c"))
def test_distances(student):
    "two points on a line"
    X = np.array([[0.0, 0.0], [2.0, 4.0]])
    assert_close(student.distances(X, np.array([0.0, 2.0]), 0.0), np.array([-2.0, 2.0]))
'''
IMPORTS = """import numpy as np
from companion.exercises.parts import centred, signed_distance
"""
ANSWER = """
def distances(X, w, b):
    return signed_distance(centred(X), w, b)
"""
CENTRED = """import numpy as np
def helper(X):
    return X.mean(axis=0)
def centred(X):
    return X - helper(X)
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A course with a project, and what grades a learner's files of it."""
    root = tmp_path / "course"
    shutil.copytree(COURSE, root)
    (root / "book" / "toys" / "project.md").write_text(PROJECT, encoding="utf-8")
    checks = root / "tests" / "exercises" / "toys" / "test_project.py"
    checks.write_text(CHECKS, encoding="utf-8")
    monkeypatch.setenv(VARIABLE, str(root))
    folder = tmp_path / "work" / "toys"
    folder.mkdir(parents=True)

    def grade(name="project", **files):
        for stem, text in files.items():
            (folder / f"{stem}.py").write_text(text, encoding="utf-8")
        _, found = find_work(Course.find(root), folder / f"{name}.py")
        result = check_file(found[0], chosen(found[0], None))
        return {exercise.id: exercise for exercise in result.exercises}

    grade.folder = folder
    return grade


def test_the_reference_fills_what_is_missing_and_it_is_said(project):
    result = project(project=IMPORTS + ANSWER)["project"]
    assert result.status == "solved"
    assert [part.split(":")[0] for part in result.parts] == ["centred", "signed_distance"]
    assert all("reference" in part for part in result.parts)
    assert result.to_json()["parts"] == list(result.parts)


def test_only_parts_that_are_used_are_told(project):
    answer = "\ndef distances(X, w, b):\n    return centred(X) @ w / np.linalg.norm(w)\n"
    result = project(project=IMPORTS + answer)["project"]
    assert [part.split(":")[0] for part in result.parts] == ["centred"]


def test_the_learners_functions_are_used_each_with_its_own_helpers(project):
    lines = CENTRED + "def signed_distance(X, w, b):\n    return helper(X @ w + b)\n"
    lines += "def helper(z):\n    return z / 2\n"
    result = project(project=IMPORTS + ANSWER, lines=lines)["project"]
    # The last helper is meant in both functions of one file, as in a notebook run to its end.
    assert result.status == "wrong"
    good = CENTRED + "def signed_distance(X, w, b):\n    return (X @ w + b) / np.linalg.norm(w)\n"
    own = "\ndef helper(x):\n    raise RuntimeError\n"
    result = project(project=IMPORTS + own + ANSWER, lines=good)["project"]
    assert result.status == "solved"
    assert [": yours, lines.py" in part for part in result.parts] == [True, True]


def test_the_part_at_fault_is_named(project):
    wrong = "import numpy as np\ndef centred(X):\n    return X - X.mean()\n"
    result = project(project=IMPORTS + ANSWER, lines=wrong)["project"]
    assert result.status == "wrong"
    assert "Look at your centred first (lines.py, line 2)" in result.checks[0].message
    assert "signed_distance first" not in result.checks[0].message


def test_an_error_in_a_part_shows_its_line(project):
    wrong = "import numpy as np\ndef centred(X):\n    return X - nothing\n"
    result = project(project=IMPORTS + ANSWER, lines=wrong)["project"]
    assert "lines.py, line 3" in result.checks[0].message


def test_a_part_that_cannot_be_read_is_replaced_and_said(project):
    result = project(project=IMPORTS + ANSWER, lines="def centred(X):\n    return (\n")["project"]
    assert result.status == "solved"
    assert "lines.py, line 2" in result.parts[0]


@pytest.mark.parametrize("name", ["careful_log", "centred"])
def test_no_other_exercise_is_handed_answers(project, name):
    cheat = f"from companion.exercises.parts import {name}\n"
    result = project("lines", lines=cheat)
    assert all(exercise.status != "solved" for exercise in result.values())
    lent = "from companion.exercises.parts import careful_log as distances\n"
    assert project(project=lent)["project"].status != "solved"


def test_a_part_cannot_borrow_itself(project):
    cheat = "from companion.exercises.parts import centred\n"
    result = project(project=IMPORTS + ANSWER, lines=cheat)["project"]
    assert result.status == "wrong"
    assert "cannot import name" in result.checks[0].message


def test_a_notebook_finds_its_parts_and_says_whose_they_are(project, monkeypatch, capsys):
    project(project=IMPORTS + ANSWER, lines=CENTRED)
    monkeypatch.chdir(project.folder)
    from companion.exercises import parts

    assert parts.centred(np.array([[1.0], [3.0]])).tolist() == [[-1.0], [1.0]]
    assert capsys.readouterr().out.startswith("centred: yours, lines.py")
    getattr(parts, "signed_distance")  # noqa: B009  the module looks it up
    assert "the reference's (toys/lines" in capsys.readouterr().out
    with pytest.raises(AttributeError, match="no exercise of the course asks for nonsense"):
        getattr(parts, "nonsense")  # noqa: B009
