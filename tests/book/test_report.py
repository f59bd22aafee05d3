"""The limits that each chapter keeps, and the report that measures them."""

import re
from statistics import median

import pytest

from book.pipeline.layout import HOME, Book
from book.pipeline.notebooks import read_notebook
from book.pipeline.report import HEADINGS, report_on, reports, row, seconds_of_parts

from .conftest import edit, pipeline

CHAPTERS = [page.chapter for page in Book(HOME).chapters]
LONGEST_CELL = 30
MEDIAN_CELL = 8
SECONDS = 40
MEDIAN_SECONDS = 15
MANY = 5  # chapters; of fewer a median says little
SUMMARY_LINES = 5
WIDEST_CODE = 78


@pytest.fixture(scope="module")
def book(site):
    return Book(HOME)


@pytest.fixture(params=CHAPTERS)
def report(book, request):
    return report_on(book, book.chapter(request.param))


def test_cells_are_short(report):
    assert report.median_lines <= MEDIAN_CELL
    assert report.longest <= LONGEST_CELL


def test_code_fits_the_page(report):
    assert report.widest <= WIDEST_CODE


def test_figures_have_caption_and_alternative_text(report):
    assert report.figures
    lacking = [figure for figure in report.figures if not (figure.caption and figure.alt)]
    assert lacking == []


def test_three_to_six_exercises(report):
    assert 3 <= report.exercises <= 6


def test_the_summary_is_short(report):
    assert 1 <= report.summary_lines <= SUMMARY_LINES


def test_the_chapter_has_a_card(report, book):
    assert "{chapter-card}" in book.chapter(report.chapter).text


def test_chapters_are_quick(book):
    """Seconds of computing, which other programs do not lengthen; `make report` tells real ones.

    A machine half as fast as the authors' must still pass, so twice the limits are allowed here.
    """
    notebooks = [read_notebook(book.executed(page)) for page in book.chapters]
    seconds = [notebook.metadata["course"]["cpu_seconds"] for notebook in notebooks]
    assert max(seconds) <= 2 * SECONDS
    if len(seconds) > MANY:
        assert median(seconds) <= 2 * MEDIAN_SECONDS


def test_the_report_is_printed(built_once):
    result = pipeline(built_once, "report")
    assert result.returncode == 0
    heading, *lines, total = result.stdout.splitlines()
    assert [line.split()[0] for line in lines] == [
        "gradients/slopes",
        "gradients/steps",
        "gradients/plain",
    ]
    assert "seconds" in heading
    assert re.fullmatch(r"gradients: [\d.]+ s in all", total)


def test_the_seconds_of_a_part_are_those_of_its_chapters(built_once):
    measured = reports(built_once)
    total = pytest.approx(sum(report.seconds for report in measured))
    assert seconds_of_parts(measured) == {"gradients": total}


def test_measures_of_the_sample(built_once):
    report = report_on(built_once, built_once.chapter("gradients/slopes"))
    assert report.cells == 12
    assert report.exercises == 1
    assert report.claims == 3
    assert report.summary_lines == 2
    assert [(figure.where, bool(figure.alt)) for figure in report.figures] == [
        ("code cell 3", True)
    ]
    assert len(row(report)) == len(HEADINGS)
    assert 120 < report.words < 160


def test_a_figure_to_explore_counts_as_a_figure(built_once):
    report = report_on(built_once, built_once.chapter("gradients/steps"))
    assert [figure.caption for figure in report.figures] == [
        "A power of $x$ and its tangent.",
        "A line with a gap.",
        "A line with axes of its own, and its points.",
    ]
    assert report.without_alt == 0


def test_a_figure_without_alternative_text_is_counted(built):
    edit(built.root / "book/gradients/slopes.md", "    alt: A curve", "    width: A curve")
    assert reports(built)[0].without_alt == 1


def test_a_chapter_that_has_not_run_has_no_seconds(fresh):
    assert row(reports(fresh)[0])[-2:] == ("–", "–")
