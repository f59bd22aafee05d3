"""The limits that each chapter keeps, and the report that measures them."""

import re

import pytest

from book.pipeline.report import HEADINGS, report_on, reports, row, seconds_of_parts

from .conftest import SAMPLE_BOOK, edit, pipeline

pytestmark = pytest.mark.reads(*SAMPLE_BOOK)


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
    assert 80 < report.reading.words < 160
    assert report.kind == "–"


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
