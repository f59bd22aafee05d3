"""What a reader sees on a page and copies runs: its visible cells, with the imports.

This runs the book a second time, so it is collected only when everything is proved anew
(``make test ALL=1``); that no name is missing is tested always, in ``test_visible.py``.
"""

import subprocess
import sys

import pytest

from book.pipeline.notebooks import code_cells, read_chapter

from .conftest import CHAPTER
from .test_visible import BOOK, CHAPTERS, visible_code

pytestmark = pytest.mark.reads(*CHAPTER, "companion/**/*.py")


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda name: f"{name}@")
def test_the_visible_cells_of_a_page_run_alone(chapter, tmp_path):
    cells = code_cells(read_chapter(BOOK.chapter(chapter)))
    code = "import matplotlib\nmatplotlib.use('agg')\n" + visible_code(cells)
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert list(tmp_path.iterdir()) == []
