"""What a reader sees on a page and copies runs: its visible cells, with the imports."""

import subprocess
import sys

import pytest

from book.pipeline.layout import HOME, Book
from book.pipeline.notebooks import code_cells, read_chapter, tags
from book.pipeline.reading import HIDDEN

from .conftest import CHAPTER

pytestmark = pytest.mark.reads(*CHAPTER, "companion/**/*.py")

BOOK = Book(HOME)
CHAPTERS = [page.chapter for page in BOOK.chapters]
NOT_FOR_READERS = {"exercise-stub", "exercise-solution"}


def visible_code(page) -> str:
    """The first cell, which imports, and every cell that shows its code before the exercises."""
    first, *cells = code_cells(read_chapter(page))
    shown = [cell for cell in cells if not (HIDDEN | NOT_FOR_READERS) & set(tags(cell))]
    return "\n\n".join(cell.source.rstrip(";") for cell in [first, *shown])


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda name: f"{name}@")
def test_the_visible_cells_of_a_page_run_alone(chapter, tmp_path):
    code = "import matplotlib\nmatplotlib.use('agg')\n" + visible_code(BOOK.chapter(chapter))
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert list(tmp_path.iterdir()) == []
