"""What a chapter asks for, in one line under its title; what it is made of, at its foot."""

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

from .boxes import definitions, div, joined, paragraph, span
from .executed import notebook_of
from .links import soft

KINDS = {
    "core": "About {} minutes, and the exercises. ",
    "depth": "In depth, optional: about {} minutes. ",
}
DESCRIPTION = 160  # characters of a description that search engines show


class ChapterCard(SphinxDirective):
    """Minutes and what to read first; cost, modules, topics and downloads go to the foot."""

    has_content = True
    option_spec = {
        "kind": lambda argument: directives.choice(argument, ("core", "depth")),
        "first": directives.unchanged,
        "about": directives.unchanged_required,  # one sentence for search engines and previews
        "syllabus": directives.unchanged,
    }

    def run(self) -> list[nodes.Node]:
        kind = self.options.get("kind", "")
        head = [span(KINDS[kind].format(self._minutes()), f"kind kind-{kind}")] if kind else []
        if first := self._first():
            head += [nodes.Text("Read first: "), *first, nodes.Text(".")]
        place = chapter_foot(entries=self._entries())
        found: list[nodes.Node] = [place]
        if head:
            found.insert(0, paragraph(*head, classes="chapter-head"))
        return found + self._described()

    def _entries(self) -> list[tuple[str, list[nodes.Node]]]:
        notebook = read_notebook(notebook_of(self.env.app, self.env.docname))
        entries = [("Syllabus", self._topics())]
        if notebook is not None:
            entries += [
                ("Runs in", [nodes.Text(_cost(notebook.metadata["course"]))]),
                ("Uses", _modules(self.env.srcdir, notebook)),
                ("Take along", self._downloads()),
            ]
        return entries

    def _described(self) -> list[nodes.Node]:
        """The page's description for search engines and for previews of links to it."""
        about = self.options.get("about")
        if not about:
            return []
        if len(about) > DESCRIPTION:
            raise self.error(f":about: has {len(about)} characters, at most {DESCRIPTION} show")
        self.env.metadata[self.env.docname]["og:description"] = about
        return [nodes.meta(name="description", content=about)]

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


class chapter_foot(nodes.General, nodes.Element):
    """Holds the entries until the page is read to its end."""


def _to_the_foot(app: Sphinx, doctree: nodes.document) -> None:
    for place in list(doctree.findall(chapter_foot)):
        entries = definitions(place["entries"], "chapter-card-entries")
        place.parent.remove(place)
        section = next(doctree.findall(nodes.section), doctree)
        if len(entries):
            section += div(entries, classes="chapter-card", role="note", aria_label="This chapter")


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
    app.add_node(chapter_foot)
    app.add_directive("chapter-card", ChapterCard)
    app.connect("doctree-read", _to_the_foot)
