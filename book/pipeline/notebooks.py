"""Chapters as notebooks: read from Markdown, joined with what a run has produced."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import nbformat
from jupytext.myst import MystMetadataParsingError, myst_to_notebook
from nbformat import NotebookNode

from .layout import Book, Page, PipelineError

CHECK = "nbval-check-output"
_PICTURES = ("image/png", "image/jpeg")


def read_chapter(page: Page) -> NotebookNode:
    """The chapter as a notebook without outputs; ``source_map`` holds lines from 0.

    Raises
    ------
    PipelineError
        When a cell's header is not valid YAML.
    """
    try:
        notebook = myst_to_notebook(page.text, add_source_map=True)
    except MystMetadataParsingError as error:
        raise PipelineError(f"{page.name}.md: {error}") from error
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"  # jupytext draws ids at random; ours never change
    return notebook


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def tags(cell: NotebookNode) -> list[str]:
    return list(cell.metadata.get("tags", []))


def code_line(page: Page, number: int) -> int:
    """Line of the source, from 1, on which the code of code cell ``number`` starts."""
    notebook = read_chapter(page)
    starts = [
        start
        for start, cell in zip(notebook.metadata.source_map, notebook.cells, strict=True)
        if cell.cell_type == "code"
    ]
    first = code_cells(notebook)[number].source.split("\n")[0]
    lines = page.text.splitlines()
    # The map points at the cell's header of tags, if it has one: look past it.
    for line in range(starts[number], len(lines)):
        if lines[line] == first:
            return line + 1
    return starts[number] + 1


def with_reference(book: Book, page: Page, notebook: NotebookNode) -> NotebookNode:
    """The notebook with stored outputs in the cells that nbval must compare.

    Raises
    ------
    PipelineError
        When a cell is tagged for comparison and has no stored output: nbval alone would
        pass it without comparing anything.
    """
    notebook = copy.deepcopy(notebook)
    stored = _stored(book.reference(page))
    for number, cell in enumerate(code_cells(notebook)):
        if CHECK not in tags(cell):
            continue
        if cell.source not in stored:
            raise PipelineError(
                f"{page.name}.md, code cell {number + 1} (line {code_line(page, number)}): the "
                f"cell is tagged {CHECK} but has no stored output to compare with.\n"
                f"Look at what it prints; when that is right, store it with\n"
                f"    python -m book.pipeline reference {page.chapter}"
            )
        cell.outputs = [nbformat.from_dict(output) for output in stored[cell.source]]
        cell.execution_count = number + 1  # nbval compares only with cells that have run
    return notebook


def reference_text(executed: NotebookNode) -> str:
    """What to store for the cells tagged for comparison: their sources and outputs."""
    cells = [
        {"source": cell.source, "outputs": [_comparable(output) for output in cell.outputs]}
        for cell in code_cells(executed)
        if CHECK in tags(cell)
    ]
    return json.dumps(cells, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def joined(notebook: NotebookNode, executed: NotebookNode) -> NotebookNode:
    """Today's notebook with the outputs of the run that has the same code."""
    notebook = copy.deepcopy(notebook)
    notebook.metadata["course"] = executed.metadata["course"]
    for key in ("language_info", "kernelspec"):
        if key in executed.metadata:
            notebook.metadata[key] = executed.metadata[key]
    for cell, run in zip(code_cells(notebook), code_cells(executed), strict=True):
        cell.outputs = run.outputs
        cell.execution_count = run.execution_count
    return notebook


def read_notebook(path: Path) -> NotebookNode | None:
    """The notebook at ``path``, or None when there is none."""
    return nbformat.read(path, as_version=4) if path.exists() else None


def as_text(notebook: NotebookNode) -> str:
    return nbformat.writes(notebook, version=4) + "\n"


def _stored(path: Path) -> dict[str, list[dict]]:
    if not path.exists():
        return {}
    return {
        cell["source"]: cell["outputs"] for cell in json.loads(path.read_text(encoding="utf-8"))
    }


def _comparable(output: NotebookNode) -> dict:
    """An output without the parts nbval does not compare: pictures and run counts."""
    output = copy.deepcopy(dict(output))
    output.pop("transient", None)
    if "execution_count" in output:
        output["execution_count"] = None
    if "data" in output:
        output["data"] = {k: v for k, v in output["data"].items() if k not in _PICTURES}
    return output
