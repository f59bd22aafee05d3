"""Each chapter runs once; what fails is told by chapter, cell, line and error."""

import os
import signal
import subprocess
import sys
from contextlib import suppress

import nbformat
import psutil
import pytest

from book.pipeline.layout import HOME, Book, PipelineError
from book.pipeline.notebooks import code_cells, read_chapter, with_reference

from .conftest import SAMPLE_BOOK, edit, pipeline

pytestmark = pytest.mark.reads(*SAMPLE_BOOK)

PLAIN = "book/gradients/plain.md"


def line_of(path, text):
    return next(n for n, line in enumerate(path.read_text().splitlines(), 1) if text in line)


def test_the_executed_notebook_keeps_outputs_seconds_and_memory(built_once):
    page = built_once.chapter("gradients/slopes")
    notebook = nbformat.read(built_once.notebook(page), as_version=4)
    nbformat.validate(notebook)
    course = notebook.metadata["course"]
    cells = code_cells(notebook)
    assert len(course["cell_seconds"]) == len(cells)
    assert course["seconds"] == pytest.approx(sum(course["cell_seconds"]), abs=0.01)
    assert 20 < course["megabytes"] < 2000
    assert course["cpu_seconds"] > 0
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    mimes = [mime for cell in cells for o in cell.outputs for mime in o.get("data", {})]
    assert "image/png" in mimes
    assert "application/vnd.companion.claim+json" in mimes


def test_a_semicolon_hides_the_value(built):
    edit(built.root / PLAIN, "print(1 + 1)", "3 + 4;")
    assert pipeline(built, "execute").returncode == 0
    notebook = nbformat.read(built.executed(built.chapter("gradients/plain")), as_version=4)
    assert code_cells(notebook)[0].outputs == []


def test_a_failing_cell_is_told_and_the_others_are_kept(fresh):
    source = fresh.root / PLAIN
    edit(source, "print(1 + 1)", "x = 0\n1 / x\nprint('the line that fails is above')")
    source.write_text(source.read_text() + "\n```{code-cell} ipython3\nundefined_name\n```\n")
    result = pipeline(fresh, "execute")
    assert result.returncode == 1
    line = line_of(source, "1 / x")
    assert f"book/gradients/plain.md, code cell 1, line {line}: ZeroDivisionError" in result.stderr
    assert "undefined_name" not in result.stderr  # only the first failure of a chapter counts
    assert "slopes" not in result.stderr

    edit(source, "1 / x", "1 + x")
    edit(source, "undefined_name", "'now defined'")
    result = pipeline(fresh, "execute")
    assert result.returncode == 0
    assert "Running 1 of 3 chapters" in result.stdout


def test_a_cell_with_a_syntax_error_is_told(built):
    edit(built.root / PLAIN, "print(1 + 1)", "print(1 +")
    result = pipeline(built, "execute")
    assert result.returncode == 1
    assert "plain.md, code cell 1, line" in result.stderr
    assert "SyntaxError" in result.stderr


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("import warnings\nwarnings.warn('beware')", "prints to stderr"),
        ("import os\nos._exit(3)", "has died"),
    ],
)
def test_warnings_and_dead_kernels_fail_the_chapter(built, code, words):
    edit(built.root / PLAIN, "print(1 + 1)", code)
    result = pipeline(built, "execute")
    assert result.returncode == 1
    assert "plain.md, code cell 1" in result.stderr
    assert words in result.stderr


def test_flags_that_blas_raises_over_finite_numbers_are_no_news_of_a_page():
    """A product of infinity and zero raises the same flag here on every processor."""
    code = "import numpy as np; np.full((2, 2), np.inf) @ np.zeros((2, 2)); print('went on'); {}"
    quiet, told = (
        subprocess.run(
            [sys.executable, "-c", code.format(further)],
            env=Book(HOME).environment(),
            capture_output=True,
            text=True,
            check=True,
        )
        for further in ("", "np.log(np.zeros(2))")
    )
    assert (quiet.stdout, quiet.stderr) == ("went on\n", "")
    assert "divide by zero encountered in log" in told.stderr


def test_an_expected_exception_is_shown_not_a_failure(built):
    edit(built.root / PLAIN, "ipython3\nprint(1 + 1)", "ipython3\n:tags: [raises-exception]\n1 / 0")
    assert pipeline(built, "execute").returncode == 0
    notebook = nbformat.read(built.executed(built.chapter("gradients/plain")), as_version=4)
    assert code_cells(notebook)[0].outputs[0].ename == "ZeroDivisionError"


def test_a_stored_output_that_differs_fails(built):
    reference = built.root / "tests/book/reference/gradients/slopes.json"
    edit(reference, "0.512", "0.5")
    result = pipeline(built, "execute")
    assert result.returncode == 1
    assert "slopes.md, code cell 4" in result.stderr
    assert "0.512" in result.stderr


def test_a_tagged_cell_without_stored_output_is_an_error(built):
    (built.root / "tests/book/reference/gradients/slopes.json").unlink()
    page = built.chapter("gradients/slopes")
    with pytest.raises(PipelineError, match=r"slopes\.md, code cell 4 .*no stored output"):
        with_reference(built, page, read_chapter(page))


def test_stored_outputs_are_made_on_request(built):
    reference = built.root / "tests/book/reference/gradients/slopes.json"
    before = reference.read_text()
    reference.unlink()
    assert "python -m book.pipeline reference gradients/slopes" in pipeline(built, "execute").stderr
    result = pipeline(built, "reference", "gradients/slopes")
    assert result.returncode == 0, result.stderr
    assert reference.read_text() == before
    assert '+     "text/plain": "[1.0, 0.8, 0.64, 0.512]"' in result.stdout
    assert pipeline(built, "execute").returncode == 0


def test_an_unknown_chapter_is_told(built_once):
    result = pipeline(built_once, "reference", "gradients/nowhere")
    assert result.returncode == 1
    assert "no chapter 'gradients/nowhere'" in result.stderr
    assert "gradients/slopes" in result.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_ends_every_kernel_and_the_next_run_goes_on(built, number):
    source = built.root / PLAIN
    pipe = built.root / "pipe"
    os.mkfifo(pipe)
    endless = f"import os\nopen({str(pipe)!r}, 'w').write(str(os.getpid()))\nwhile True: pass"
    edit(source, "print(1 + 1)", endless)
    command = [sys.executable, "-m", "book.pipeline", "--root", str(built.root), "build"]
    process = subprocess.Popen(
        command, cwd=HOME, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    kernel = int(pipe.read_text())  # blocks until the cell runs
    process.send_signal(number)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "run it again to go on" in errors
    with suppress(psutil.NoSuchProcess):
        assert psutil.Process(kernel).status() == psutil.STATUS_ZOMBIE

    edit(source, "while True: pass", "'ended'")
    edit(source, f"open({str(pipe)!r}, 'w').write(str(os.getpid()))", "pass")
    result = pipeline(built, "execute")
    assert result.returncode == 0, result.stderr


def test_a_kernel_that_dies_at_its_start_is_started_again():
    from book.pipeline.nbval_plugin import STARTS, _start_again

    tries = []

    def start(name):
        tries.append(name)
        if len(tries) < STARTS:
            raise RuntimeError("Kernel died before replying to kernel_info")
        return "manager", "client"

    assert _start_again(start)("python") == ("manager", "client")
    with pytest.raises(RuntimeError, match="died"):
        _start_again(lambda name: start(tries.clear() or name))("python")
