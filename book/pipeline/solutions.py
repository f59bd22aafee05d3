"""The solutions of the exercises, taken out of what a learner downloads.

They stand in the chapter's file, right below their exercise. The site shows them on pages of
their own; in the edition for a class they are nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nbformat import NotebookNode

_START = re.compile(r"^`{3,}\{solution-start\}")
_END = re.compile(r"^`{3,}\{solution-end\}")
_CLOSED = re.compile(r"^`{3,}\s*$")


class _Gate:
    """Lets lines pass that stand outside ``{solution-start}`` … ``{solution-end}``."""

    def __init__(self) -> None:
        self.inside = self.ending = False

    def passes(self, line: str) -> bool:
        if _START.match(line):
            self.inside = True
        if not self.inside:
            return True
        if self.ending and _CLOSED.match(line):
            self.inside = self.ending = False
        elif _END.match(line):
            self.ending = True
        return False


def without_solutions(text: str) -> str:
    """A chapter's text without its solutions."""
    gate = _Gate()
    return "".join(line for line in text.splitlines(keepends=True) if gate.passes(line))


def cells_without_solutions(cells: list[NotebookNode]) -> Iterator[NotebookNode]:
    """A chapter's cells without those of its solutions."""
    gate = _Gate()
    for cell in cells:
        if cell.cell_type != "markdown":
            if not gate.inside:
                yield cell
            continue
        kept = "\n".join(line for line in cell.source.split("\n") if gate.passes(line))
        if kept.strip():
            yield NotebookNode(cell | {"source": kept})
