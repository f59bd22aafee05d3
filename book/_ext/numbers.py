"""The numbers that pages quote, with their bands over the imitated machines, as a table."""

from __future__ import annotations

from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from book.pipeline import bands
from book.pipeline.elsewhere import path_of
from book.pipeline.layout import Book
from book.pipeline.notebooks import read_notebook
from book.pipeline.outcomes import outcomes_of, unmet

from .boxes import paragraph, table
from .links import soft

HEADINGS = ("Number", "Kind", "This run", "Over the machines", "Steady")


class NumbersTable(SphinxDirective):
    """For each chapter: every number it quotes, here and over all machines."""

    def run(self) -> list[nodes.Node]:
        book = Book(Path(self.env.srcdir))
        found: list[nodes.Node] = []
        for page in book.chapters:
            stored = bands.read(path_of(book, page))
            self.env.note_dependency(path_of(book, page).relative_to(book.root).as_posix())
            self.env.note_dependency(book.notebook(page).relative_to(book.root).as_posix())
            notebook = read_notebook(book.notebook(page))
            if stored is None or notebook is None or not stored.numbers:
                continue
            here = outcomes_of(notebook).numbers
            rows = [
                [[nodes.Text(text)] for text in _row(name, one, here.get(name, ("", "–"))[1])]
                for name, one in stored.numbers.items()
            ]
            found.append(
                paragraph(
                    soft("page", page.name, nodes.Text(page.chapter)),
                    nodes.Text(f", over {len(stored.machines)} machines:"),
                )
            )
            found.append(table(HEADINGS, rows, classes="numbers"))
        return found or [paragraph(nodes.Text("No bands are stored."))]


def _row(name: str, one: bands.Band, here: str) -> tuple[str, ...]:
    same = one.words is not None and all(low == high for low, high, _ in one.numbers)
    return (name, one.kind, here, "the same" if same else str(one), "yes" if one.steady else "no")


class Unmet(SphinxDirective):
    """What the text relies on and the run behind these pages did not bear out."""

    def run(self) -> list[nodes.Node]:
        book = Book(Path(self.env.srcdir))
        for page in book.chapters:
            self.env.note_dependency(book.notebook(page).relative_to(book.root).as_posix())
        items = [
            nodes.list_item("", paragraph(*_said(chapter, sentence)))
            for chapter, sentences in unmet(book).items()
            for sentence in sentences
        ]
        everything = "Everything that the text relies on came out in this run."
        return [nodes.bullet_list("", *items) if items else paragraph(nodes.Text(everything))]


def _said(chapter: str, sentence: str) -> list[nodes.Node]:
    return [soft("page", f"book/{chapter}", nodes.Text(chapter)), nodes.Text(f": {sentence}")]


def setup(app: Sphinx) -> None:
    app.add_directive("numbers-table", NumbersTable)
    app.add_directive("unmet", Unmet)
