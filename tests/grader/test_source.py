"""Chapters as the grader reads them, and their statements made plain."""

import re
import shutil

import pytest

from companion.exercises.failures import CompanionError, CourseError
from companion.exercises.plain import plain_markdown
from companion.exercises.source import Course


def test_chapters_are_in_reading_order(course):
    assert [chapter.id for chapter in course.chapters] == ["toys/lines", "toys/curves"]
    assert [chapter.title for chapter in course.chapters] == ["Lines", "Curves"]


def test_an_exercise_has_all_its_parts(course):
    first, *_ = course.chapters[0].exercises
    assert (first.id, first.title, first.points) == ("signed-distance", "Signed distance", 4)
    assert first.function == "signed_distance"
    assert first.stub.startswith("def signed_distance(X, w, b):\n")
    assert "np.linalg.norm(w)" in first.solution
    assert "np.linalg.norm" not in first.stub + first.statement
    assert "raise NotImplementedError" not in first.statement
    assert course.chapters[0].setup == "import numpy as np\n"


BREAKS = {
    "points": (" (4 points)", "", "must end with the points"),
    "label": (":label: ex-centred", ":label: centred", "needs :label: ex-"),
    "no stub": ("tags: [exercise-stub]", "tags: [stub]", "no code cell is tagged exercise-stub"),
    "no solution": ("{solution-start} ex-centred", "{solution-start} ex-x", "no solution for"),
    "untagged solution": ("[exercise-solution]", "[solution]", "tagged exercise-solution"),
    "no end": ("```{exercise-end}\n```", "", "has no {exercise-end}|no solution|no code"),
    "open fence": ("```{solution-end}\n```", "```{solution-end}\n", "never closed"),
    "no function": ('def careful_log(x):\n    """ln', 'if 1:\n    """ln', "no function"),
}


@pytest.mark.parametrize(("old", "new", "said"), BREAKS.values(), ids=BREAKS)
def test_a_malformed_chapter_names_file_and_line(course, tmp_path, old, new, said):
    shutil.copytree(course.root, tmp_path / "course")
    path = tmp_path / "course/book/toys/lines.md"
    text = path.read_text()
    assert old in text
    path.write_text(new.join(text.rsplit(old, 1)))
    with pytest.raises(CourseError, match=said) as caught:
        Course.find(tmp_path / "course").chapters[0].exercises  # noqa: B018
    assert "lines.md" in str(caught.value)


def test_a_folder_that_is_no_course(tmp_path, monkeypatch):
    with pytest.raises(CompanionError, match=r"is not the course.*--course DIR"):
        Course.find(tmp_path)
    monkeypatch.setenv("COMPANION_COURSE", str(tmp_path))
    with pytest.raises(CompanionError, match="is not the course"):
        Course.find()


def test_checks_that_need_a_missing_package(course, tmp_path):
    shutil.copytree(course.root, tmp_path / "course")
    path = tmp_path / "course/tests/exercises/toys/test_lines.py"
    path.write_text("import no_such_package\n" + path.read_text())
    with pytest.raises(CourseError, match=r"need the package no_such_package.*doctor"):
        Course.find(tmp_path / "course").chapters[0].all_checks  # noqa: B018


PLAIN = {
    "{math}`x^2` and $y$": "$x^2$ and $y$",
    "{eq}`eq-line-sum`, {numref}`fig-graph`": "(equation *line sum* of the chapter), *graph*",
    "{ref}`the section <sec-x>`, {term}`epoch <epoch>`": "the section, epoch",
    "{doc}`perceptron` {cite}`rosenblatt1958`": "*perceptron* (rosenblatt1958)",
    "{func}`~companion.plots.boundary`": "`companion.plots.boundary`",
    "[](perceptron) [here](#label) [web](https://x.org)": "*perceptron* here [web](https://x.org)",
    "a\n```{math}\n:label: eq\nx = 1\n```\nb": "a\n\n$$\nx = 1\n$$\n\nb",
    "$$\nx\n$$ (eq-x)": "$$\nx\n$$",
    "```{note}\nA\nB\n```": "> **Note.** A\n> B",
    "```{admonition} Careful\n:class: tip\nA\n```": "> **Careful.** A",
    ":::{hint}\n:class: dropdown\nUse {ref}`a`\n:::": "> **Hint.** Use *a*",
    "(label)=\ntext": "text",
    "```python\nx = {1}\n```": "```python\nx = {1}\n```",
    "```{figure} x.png\nA\n```": "*(There is a figure or listing here in the chapter.)*",
}


@pytest.mark.parametrize(("myst", "plain"), PLAIN.items())
def test_statements_are_made_plain(myst, plain):
    assert plain_markdown(myst) == plain


def test_nothing_of_sphinx_is_left_in_the_statements(course):
    for chapter in course.chapters:
        for exercise in chapter.exercises:
            text = plain_markdown(exercise.statement)
            assert not re.search(r"\{[\w:-]+\}`", text)
            assert "```{" not in text
            assert ":::" not in text
