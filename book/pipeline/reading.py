"""How much a page asks of its reader: prose, formulas, code, numbers, and pictures in between.

Prose is what stands before the exercises, without code, formulas and the lines of directives.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from nbformat import NotebookNode

from .notebooks import tags

HIDDEN = {"hide-input", "remove-input", "hide-cell", "remove-cell"}
_EXERCISES = re.compile(r"^## Exercises\s*$", re.MULTILINE)
_FENCE = re.compile(r"(?P<fence>`{3,})(?:\{(?P<directive>[\w:-]+)\})?")
_INLINE = re.compile(r"\$[^$\n]+(?:\n[^$\n]+)?\$")
_LINE_OF_DIRECTIVE = re.compile(r":[\w-]+:|:{3,}|\([\w-]+\)=$")
_QUOTED = re.compile(r"\{glue:\w+\}`[^`]*`")
_ROLE = re.compile(r"\{[\w:]+\}`([^`<]*)(?:<[^>]*>)?`")
_WORD = re.compile(r"[^\W_](?:[\w’'-]|[.,](?=\d))*")
_NUMBER = re.compile(r"(?<![\w.])\d[\d,.]*")
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_PICTURE, _FORMULA = "\0", "\1"  # stand where a picture or a displayed formula stands

WORDS_A_MINUTE, LINES_A_MINUTE, FORMULAS_A_MINUTE, FIGURES_A_MINUTE = 200, 12, 2, 2


@dataclass(frozen=True)
class Reading:
    """What a page asks of its reader."""

    words: int
    formulas: int  # displayed ones
    lines: int  # of visible code, blank ones not counted
    figures: int
    numbers: int  # in the prose
    stretch: int  # the most words without a picture

    @property
    def density(self) -> float:
        """Numbers per 1,000 words."""
        return 1000 * self.numbers / self.words if self.words else 0

    @property
    def minutes(self) -> float:
        """Minutes to read it with understanding, roughly."""
        return (
            self.words / WORDS_A_MINUTE
            + self.lines / LINES_A_MINUTE
            + self.formulas / FORMULAS_A_MINUTE
            + self.figures / FIGURES_A_MINUTE
        )


def reading_of(notebook: NotebookNode) -> Reading:
    """Measure a page by its source."""
    prose, lines = "", 0
    for cell in before_exercises(notebook.cells):
        if cell.cell_type == "markdown":
            prose += "\n\n" + prose_of(cell.source)
        elif "figure" in cell.metadata.get("mystnb", {}):
            prose += _PICTURE
        if cell.cell_type == "code" and not HIDDEN & set(tags(cell)):
            lines += lines_of(cell)
    return Reading(
        words=len(_WORD.findall(prose)),
        formulas=prose.count(_FORMULA),
        lines=lines,
        figures=prose.count(_PICTURE),
        numbers=len(_NUMBER.findall(prose)),
        stretch=max(len(_WORD.findall(part)) for part in prose.split(_PICTURE)),
    )


def lines_of(cell: NotebookNode) -> int:
    """Lines of a cell, blank ones not counted."""
    return sum(bool(line.strip()) for line in cell.source.splitlines())


def prose_of(text: str) -> str:
    """The prose of a text; a formula in it counts as one word, a quoted number as a number."""
    kept, inside = [], ""
    for line in text.splitlines():
        if inside:
            if line.strip().endswith(inside):
                inside = ""
        elif found := _FENCE.match(line):
            inside = found["fence"]
            kept.append({"math": _FORMULA, "figure": _PICTURE}.get(found["directive"] or "", ""))
        elif line.startswith("$$"):
            inside = "" if line.rstrip().endswith("$$") and len(line.strip()) > 2 else "$$"
            kept.append(_FORMULA)
        elif not _LINE_OF_DIRECTIVE.match(line):
            kept.append(_IMAGE.sub(_PICTURE, line))
    prose = _QUOTED.sub("1", _INLINE.sub(" x ", "\n".join(kept)))
    return _ROLE.sub(r"\1", prose)


def before_exercises(cells: Iterable[NotebookNode]) -> Iterable[NotebookNode]:
    """The cells of a page up to its exercises."""
    for cell in cells:
        found = _EXERCISES.search(cell.source) if cell.cell_type == "markdown" else None
        if found:
            yield NotebookNode(cell | {"source": cell.source[: found.start()]})
            return
        yield cell
