"""Solutions on pages of their own: taken off the chapter, linked from their exercise.

``book/gradients/losses.html`` has ``book/gradients/losses-solutions.html`` beside it. In the
edition for a class (``make book SOLUTIONS=no``) the solutions are taken off and shown nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx_exercise.nodes import is_exercise_node, is_solution_node

from book.pipeline.layout import Book
from book.pipeline.solutions import without_solutions

from .boxes import paragraph

SUFFIX = "-solutions"


def _take_off(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Move the solutions out of a resolved page, before it is written and indexed."""
    exercises = {node["label"]: node for node in doctree.findall(is_exercise_node)}
    found = []
    for solution in list(doctree.findall(is_solution_node)):
        exercise = exercises[solution["target_label"]]
        found.append((exercise, solution))
        solution.parent.remove(solution)
    if not found or not Book.shows_solutions():
        return
    page = app.builder.get_relative_uri(docname, docname + SUFFIX)
    for exercise, _ in found:
        address = f"{page}#{_anchor(exercise['label'])}"
        link = nodes.reference("", "Solution", refuri=address, internal=True)
        exercise += paragraph(link, classes="to-solution")
    _kept(app)[docname] = [
        (exercise["label"], _title(exercise), _body(app, docname, solution))
        for exercise, solution in found
    ]


def _anchor(label: str) -> str:
    """Where the solution of the exercise with this label stands on its page."""
    return "solution-" + label.removeprefix("ex-")


def _title(exercise: nodes.Element) -> str:
    """The exercise's own words, without *Exercise* and the points."""
    words = exercise.children[0].astext().removeprefix("Exercise").strip()
    return re.sub(r"\s*\(\d+ points?\)$", "", words.removeprefix("(").removesuffix(")"))


def _body(app: Sphinx, docname: str, solution: nodes.Element) -> str:
    """The content as HTML; what pointed into the chapter's page still does."""
    chapter = app.builder.get_target_uri(docname).rpartition("/")[2]
    content = nodes.container("", *solution.deepcopy().children[1:])
    for link in content.findall(nodes.reference):
        place = link.attributes.pop("refid", "")
        if link.get("refuri", "").startswith("#"):
            place = link["refuri"][1:]
        if place:
            link["refuri"] = f"{chapter}#{place}"
    return app.builder.render_partial(content)["fragment"]


def _pages(app: Sphinx) -> Iterator[tuple[str, dict, str]]:
    """One page a chapter that was written in this build."""
    kept, env = _kept(app), app.env
    for docname, solutions in kept.items():
        name = docname + SUFFIX
        title = f"Solutions: {env.titles[docname].astext()}"
        chapter = app.builder.get_relative_uri(name, docname)
        parts = [
            f'<section id="{_anchor(label)}"><h2>{words}</h2>{body}'
            f'<p><a href="{chapter}#{label}">To the exercise</a></p></section>'
            for label, words, body in solutions
        ]
        env.get_domain("math").data["has_equations"][name] = True
        yield name, _context(title, f"{chapter}#{solutions[0][0]}", parts), "page.html"
    kept.clear()


def _context(title: str, exercises: str, parts: list[str]) -> dict:
    intro = (
        f'<p>Try first: <code>companion check</code> has three hints for each check. '
        f'<a href="{exercises}">Back to the exercises</a></p>'
    )
    return {
        "title": title,
        "body": f"<section><h1>{title}</h1>{intro}{''.join(parts)}</section>",
        "meta": {},
        "metatags": '<meta name="robots" content="noindex" />',
        "parents": [],
        "prev": None,
        "next": None,
        "toc": "",
        "display_toc": False,
        "sourcename": "",
        "page_source_suffix": "",
    }


def _strip_sources(app: Sphinx, error: Exception | None) -> None:
    """Sphinx copies the chapters' files: those of a class come without solutions."""
    if error is not None or app.builder.format != "html" or Book.shows_solutions():
        return
    for page in Book(Path(app.srcdir)).chapters:
        copy = Path(app.outdir) / "_sources" / f"{page.name}.md"
        copy.write_text(without_solutions(page.text), encoding="utf-8")


def _kept(app: Sphinx) -> dict[str, list]:
    return app.__dict__.setdefault("solutions_of_pages", {})


def setup(app: Sphinx) -> None:
    app.connect("doctree-resolved", _take_off)
    app.connect("html-collect-pages", _pages)
    app.connect("build-finished", _strip_sources)
