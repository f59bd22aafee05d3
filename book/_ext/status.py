"""The report on the chapters as a page."""

from __future__ import annotations

from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from book.pipeline.layout import Book
from book.pipeline.report import HEADINGS, reports, row

from .boxes import table
from .links import soft


class StatusTable(SphinxDirective):
    """A row a chapter: size, figures, claims, exercises, seconds and memory."""

    def run(self) -> list[nodes.Node]:
        book = Book(Path(self.env.srcdir))
        for page in book.chapters:
            for path in (page.source, book.notebook(page)):
                self.env.note_dependency(path.relative_to(book.root).as_posix())
        rows = []
        for report in reports(book):
            name, *numbers = row(report)
            first = [soft("page", f"book/{name}", nodes.Text(report.title))]
            rows.append([first, *([nodes.Text(number)] for number in numbers)])
        headings = [heading[0].upper() + heading[1:] for heading in HEADINGS]
        return [table(headings, rows, classes="status")]


def setup(app: Sphinx) -> None:
    app.add_directive("status-table", StatusTable)
