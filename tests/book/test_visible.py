"""The code that a reader sees on a page is whole: each name it uses was made where it shows."""

import subprocess
import symtable
import sys

import nbformat
import pytest

from book.pipeline.layout import HOME, Book
from book.pipeline.notebooks import code_cells, read_chapter, tags
from book.pipeline.reading import HIDDEN

from .conftest import CHAPTER

pytestmark = pytest.mark.reads(*CHAPTER)

BOOK = Book(HOME)
CHAPTERS = [page.chapter for page in BOOK.chapters]
NOT_FOR_READERS = {"exercise-stub", "exercise-solution"}


def visible_code(cells) -> str:
    """The first cell, which imports, and every cell that shows its code before the exercises."""
    first, *others = cells
    shown = [cell for cell in others if not (HIDDEN | NOT_FOR_READERS) & set(tags(cell))]
    return "\n\n".join(cell.source.rstrip(";") for cell in [first, *shown])


def undefined(code) -> str:
    """What ruff says of names that code uses and nobody has made."""
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--select", "F821",
               "--output-format", "concise", "-"]  # fmt: skip
    done = subprocess.run(command, input=code, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def names_of(cell) -> tuple[set[str], set[str]]:
    """The names of the notebook that a cell makes, and those that it uses, in any scope."""
    whole = symtable.symtable(cell.source.rstrip(";"), "cell", "exec")
    made = {symbol.get_name() for symbol in whole.get_symbols() if symbol.is_assigned()}
    used, tables = set(), [whole]
    while tables:
        table = tables.pop()
        tables += table.get_children()
        used |= {
            symbol.get_name()
            for symbol in table.get_symbols()
            if symbol.is_referenced() and (table is whole or symbol.is_global())
        }
    return made, used


def remade(cells) -> list[str]:
    """The names that a visible cell makes and a hidden one makes anew, before they are used."""
    shown, hidden, found = set(), set(), []
    for cell in cells:
        if NOT_FOR_READERS & set(tags(cell)):
            continue
        made, used = names_of(cell)
        if cell is not cells[0] and HIDDEN & set(tags(cell)):
            hidden |= made & shown
        else:
            found += sorted((used - made) & hidden)
            shown |= made
            hidden -= made
    return found


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda name: f"{name}@")
def test_visible_cells_use_names_that_visible_cells_made(chapter):
    """That they run alone as well is tried by ``test_visible_runs.py``, with ``ALL=1``."""
    cells = code_cells(read_chapter(BOOK.chapter(chapter)))
    assert undefined(visible_code(cells)) == ""
    assert remade(cells) == []


def test_a_name_that_only_a_hidden_cell_made_is_found():
    assert "Undefined name `b`" in undefined("a = 1\n\nprint(a + b)")
    assert "Undefined name `later`" in undefined("print(later)\n\nlater = 1")


def test_a_name_that_a_hidden_cell_makes_anew_is_found():
    def cell(source, *tags):
        return nbformat.v4.new_code_cell(source, metadata={"tags": [*tags]})

    assert remade([cell("import numpy"), cell("a = 1"), cell("a = 2", "hide-input"), cell("a")])
    drawn = cell("for a in (1, 2): pass", "hide-input")
    assert remade([cell("a = 1"), drawn, cell("a = 3"), cell("print(a)")]) == []
    inner = cell("b = [a for a in (1, 2)]", "hide-input")
    assert remade([cell("a = 1"), inner, cell("print(a)")]) == []
    assert remade([cell("a = 1"), drawn, cell("def f():\n    return a")]) == ["a"]
