"""The limits that each chapter keeps."""

import os
import re
import time
from statistics import median

import numpy as np
import pytest

from book.pipeline.layout import HOME, Book
from book.pipeline.notebooks import read_notebook
from book.pipeline.report import report_on

from .conftest import CHAPTER

pytestmark = pytest.mark.reads(*CHAPTER)

CHAPTERS = [page.chapter for page in Book(HOME).chapters]
LONGEST_CELL = 30
MEDIAN_CELL = 8
SECONDS = 40
MEDIAN_SECONDS = 15
MANY = 5  # chapters; of fewer a median says little
SUMMARY_LINES = 5
WIDEST_CODE = 78
# Of a core page, without its exercises.
CORE_WORDS = 2000
CORE_FORMULAS = 6
CORE_LINES = 120
CORE_FIGURES = 8
CORE_DENSITY = 25  # numbers per 1,000 words
CORE_STRETCH = 500  # words without a picture
CORE_MINUTES = 25


@pytest.fixture(scope="session")
def book(site):
    """The real book, with what says which of its pages are chapters read."""
    book = Book(HOME)
    assert book.chapters
    return book


@pytest.fixture(params=CHAPTERS, ids=lambda name: f"{name}@")
def report(book, request):
    return report_on(book, book.chapter(request.param))


def test_cells_are_short(report):
    assert report.median_lines <= MEDIAN_CELL
    assert report.longest <= LONGEST_CELL


def test_code_fits_the_page(report):
    assert report.widest <= WIDEST_CODE


def test_a_core_page_is_read_in_one_sitting(report):
    if report.kind != "core":
        return
    reading = report.reading
    assert reading.words <= CORE_WORDS
    assert reading.formulas <= CORE_FORMULAS
    assert reading.lines <= CORE_LINES
    assert reading.figures <= CORE_FIGURES
    assert reading.density <= CORE_DENSITY
    assert reading.stretch <= CORE_STRETCH
    assert reading.minutes <= CORE_MINUTES


def test_there_are_core_pages(book):
    assert any(report_on(book, page).kind == "core" for page in book.chapters)


def test_figures_have_caption_and_alternative_text(report):
    assert report.figures
    lacking = [figure for figure in report.figures if not (figure.caption and figure.alt)]
    assert lacking == []


def test_three_to_six_exercises(report):
    least = 0 if report.kind == "depth" else 3
    assert least <= report.exercises <= 6


def test_a_chapter_is_core_or_in_depth(report):
    assert report.kind in ("core", "depth")


def test_the_summary_is_short(report):
    assert 1 <= report.summary_lines <= SUMMARY_LINES


def test_the_chapter_has_a_card(report, book):
    assert "{chapter-card}" in book.chapter(report.chapter).text


@pytest.mark.parametrize("page", Book(HOME).pages, ids=lambda page: f"{page.chapter}@")
def test_every_page_describes_itself(page):
    """For search engines and previews: one sentence, no longer than they show."""
    form = r"^:about: (.+)$" if page.is_notebook else r"^    description: \"?(.+?)\"?$"
    found = re.search(form, page.text, re.MULTILINE)
    assert found
    assert 40 <= len(found[1]) <= 170


def yardstick():
    """Return the CPU seconds of a fixed piece of work, about one on an ordinary laptop."""
    start = time.process_time()
    inputs, weights = np.ones((64, 256)), np.eye(256)
    for _ in range(2000):
        hidden = np.maximum(inputs @ weights, 0)
        weights -= 1e-9 * (inputs.T @ hidden)
        sum(range(300))
    return time.process_time() - start


@pytest.mark.skipif("COMPANION_PERTURB" in os.environ, reason="perturbed chapters take longer")
def test_chapters_are_quick(book):
    """In units of this machine's speed, and of computing, which other programs do not lengthen.

    What is slow on one machine is not slow in the same proportion on another, so twice the
    limits are allowed here; `make report` tells the seconds themselves.
    """
    notebooks = [read_notebook(book.executed(page)) for page in book.chapters]
    unit = median(yardstick() for _ in range(3))
    times = [notebook.metadata["course"]["cpu_seconds"] / unit for notebook in notebooks]
    assert max(times) <= 2 * SECONDS
    if len(times) > MANY:
        assert median(times) <= 2 * MEDIAN_SECONDS
