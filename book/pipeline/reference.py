"""Store what the cells tagged ``nbval-check-output`` print, for later runs to compare with.

Never done by itself: somebody asks for it, reads the difference and commits it.
"""

from __future__ import annotations

import difflib

from .execute import Job, run_jobs, without_checks
from .layout import Book
from .notebooks import CHECK, code_cells, read_chapter, read_notebook, reference_text, tags
from .writing import write_whole


def store_reference(book: Book, chapter: str) -> str:
    """Run one chapter without comparing, store the outputs; return the difference."""
    page = book.chapter(chapter)
    notebook = read_chapter(page)
    wanted = [CHECK in tags(cell) for cell in code_cells(notebook)]
    notebook.metadata["course"] = {"page": page.name, "key": {}}
    job = without_checks(Job(page, notebook, "its stored outputs are made"))
    run_jobs(book, [job], executed="for-reference")
    executed = read_notebook(book.build / "for-reference" / f"{page.name}.ipynb")
    for cell, check in zip(code_cells(executed), wanted, strict=True):
        cell.metadata["tags"] = [CHECK] if check else []
    path = book.reference(page)
    old = path.read_text(encoding="utf-8") if path.exists() else ""
    new = reference_text(executed)
    write_whole(path, new)
    name = path.relative_to(book.root).as_posix()
    lines = difflib.unified_diff(
        old.splitlines(), new.splitlines(), f"{name} (before)", f"{name} (now)", lineterm=""
    )
    return "\n".join(lines) or f"{name} is unchanged."
