"""Small Sphinx extensions of this book, each in a module of its own."""

from __future__ import annotations

from sphinx.application import Sphinx

from . import (
    accessible,
    bench,
    borrowed_figure,
    boxes,
    chapter_card,
    claims,
    executed,
    exercise_kinds,
    explore,
    ledger,
    links,
    mathjax,
    numbers,
    repository,
    search_words,
    solutions,
    status,
    syllabus,
    tabs,
)


def setup(app: Sphinx) -> dict:
    for extension in (
        *(boxes, links, tabs, claims, ledger, chapter_card, syllabus, status, numbers, bench),
        *(executed, explore, borrowed_figure, search_words, repository, exercise_kinds),
        *(solutions, mathjax, accessible),
    ):
        extension.setup(app)
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": False}
