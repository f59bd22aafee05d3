"""The card under a chapter's title: what to read first, what it costs, what it uses."""

from __future__ import annotations

from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.osutil import relative_uri

from book.pipeline.layout import Book
from book.pipeline.notebooks import read_chapter, read_notebook
from book.pipeline.reading import reading_of
from book.pipeline.staleness import imported_modules

from .boxes import definitions, div, joined
from .executed import notebook_of
from .links import soft

KINDS = {
    "core": "about {} minutes, without the exercises",
    "depth": "in depth, optional; about {} minutes",
}


class ChapterCard(SphinxDirective):
    """Measured cost, modules with links to their pages, topics and downloads of a chapter."""

    has_content = True
    option_spec = {
        "kind": lambda argument: directives.choice(argument, ("core", "depth")),
        "first": directives.unchanged,
        "about": directives.unchanged_required,  # one sentence for search engines and previews
        "syllabus": directives.unchanged,
    }

    def run(self) -> list[nodes.Node]:
        notebook = read_notebook(notebook_of(self.env.app, self.env.docname))
        entries = [("Read first", self._first())]
        if kind := self.options.get("kind"):
            entries.insert(0, ("Page", [nodes.Text(KINDS[kind].format(self._minutes()))]))
        if topics := self._topics():
            entries.append(("Syllabus", topics))
        if notebook is not None:
            entries += [
                ("Runs in", [nodes.Text(_cost(notebook.metadata["course"]))]),
                ("Uses", _modules(self.env.srcdir, notebook)),
                ("Take along", self._downloads()),
            ]
        return [div(definitions(entries, "chapter-card-entries"), classes="chapter-card")]

    def _minutes(self) -> int:
        book = Book(Path(self.env.srcdir))
        chapter = self.env.docname.removeprefix("book/")
        return round(reading_of(read_chapter(book.chapter(chapter))).minutes)

    def _first(self) -> list[nodes.Node]:
        if "first" not in self.options:
            return []
        content, _ = self.state.inline_text(self.options["first"], self.lineno)
        return content

    def _topics(self) -> list[nodes.Node]:
        topics = self.options.get("syllabus", "").split()
        return joined(([soft("syllabus", topic, nodes.Text(topic))] for topic in topics), " ")

    def _downloads(self) -> list[nodes.Node]:
        page = self.env.app.builder.get_target_uri(self.env.docname)
        return joined(
            [
                nodes.reference(
                    "",
                    text,
                    refuri=relative_uri(page, f"_sources/{file}"),
                    internal=True,
                    classes=["download-link"],
                )
            ]
            for text, file in (
                ("notebook with outputs", f"{self.env.docname}.ipynb"),
                ("text", f"{self.env.docname}.md"),
            )
        )


def _cost(course: dict) -> str:
    seconds, megabytes = course["seconds"], course["megabytes"]
    shown = f"{seconds:.0f} s" if seconds >= 10 else f"{seconds:.1f} s"
    return f"{shown}, {megabytes} MB of memory (measured when this page was built)"


def _modules(root: str, notebook: nodes.Node) -> list[nodes.Node]:
    """The modules whose content the cells use: the innermost ones, not their packages."""
    found = imported_modules(Book(Path(root)), notebook)
    inner = [m for m in sorted(found) if not any(o.startswith(m + ".") for o in found)]
    return joined([soft("api", module)] for module in inner)


def setup(app: Sphinx) -> None:
    app.add_directive("chapter-card", ChapterCard)
