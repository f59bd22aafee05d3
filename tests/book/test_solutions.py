"""Solutions stand on pages of their own, and in the edition for a class nowhere."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from book.pipeline.layout import HOME, Book, PipelineError
from book.pipeline.solutions import without_solutions

from .conftest import SAMPLE_BOOK
from .links import broken_links

pytestmark = pytest.mark.reads(*SAMPLE_BOOK)

MARKS = ("return 4 * x", "twice that is")  # the code and the prose of the sample's solution


def words_of(path: Path) -> str:
    """The text of a file; of a page what a reader sees of it."""
    text = path.read_text(encoding="utf-8", errors="replace")
    return BeautifulSoup(text, "html.parser").get_text() if path.suffix == ".html" else text


def holding(folder: Path) -> list[str]:
    """The files that hold a part of the sample's solution, by what a reader or a search finds."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return [
        path.relative_to(folder).as_posix()
        for path in files
        if any(mark in words_of(path) for mark in MARKS)
    ]


def test_solutions_stand_on_their_own_page_and_in_the_text_only(built_once):
    assert holding(built_once.html) == [
        "_sources/book/gradients/slopes.md",
        "book/gradients/slopes-solutions.html",
    ]


def test_the_exercise_leads_to_its_solution_and_back(built_once):
    folder = built_once.html / "book" / "gradients"
    page = BeautifulSoup((folder / "slopes.html").read_text(), "html.parser")
    link = page.select_one("#ex-twice .to-solution a")["href"]
    assert link == "slopes-solutions.html#solution-twice"
    solutions = BeautifulSoup((folder / "slopes-solutions.html").read_text(), "html.parser")
    section = solutions.select_one("#solution-twice")
    assert section.h2.get_text() == "Twice the slope"
    assert all(mark in section.get_text() for mark in MARKS)
    assert section.select("a")[-1]["href"] == "slopes.html#ex-twice"
    assert broken_links(built_once.html) == []


@pytest.fixture
def class_edition(built, monkeypatch):
    """The sample book once more, without solutions."""
    command = [sys.executable, "-m", "book.pipeline", "--root", str(built.root), "build"]
    environment = {**os.environ, "SOLUTIONS": "no"}
    done = subprocess.run(
        command, cwd=HOME, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    monkeypatch.setenv("SOLUTIONS", "no")
    return built.html


def test_the_edition_for_a_class_has_no_solutions(class_edition):
    assert (class_edition / "book" / "gradients" / "slopes.html").exists()
    assert (class_edition / "_sources" / "book" / "gradients" / "slopes.ipynb").exists()
    assert holding(class_edition) == []
    assert not list(class_edition.rglob("*-solutions.html"))
    assert broken_links(class_edition) == []


def test_a_word_that_is_not_understood_is_named(monkeypatch):
    monkeypatch.setenv("SOLUTIONS", "nope")
    with pytest.raises(PipelineError, match="SOLUTIONS=nope is not understood: say yes or no"):
        Book.shows_solutions()


def test_what_stands_around_a_solution_stays():
    inside = "```{solution-start} ex-a\n```\n```{code-cell}\n1\n```\nwhy\n```{solution-end}\n```\n"
    text = f"before\n{inside}after\n"
    assert without_solutions(text) == "before\nafter\n"
