"""A pytest plugin beside nbval: keeps what the cells of a passing notebook produced.

nbval runs and compares; this plugin adds to it. A cell that prints a warning fails. The rest of
a notebook is skipped after its first failure, and a kernel that has died is noticed at once. A
notebook whose cells have all passed is stored (outputs, seconds a cell, peak memory), and the
pipeline is told how far it is in lines of JSON. It relies on nbval's ``cell_num``,
``test_outputs``, ``parent.nb`` and ``parent.kernel``, so nbval is pinned.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from pathlib import Path
from queue import Empty

import nbformat
import nbval.kernel
import pytest
from nbval.kernel import RunningKernel
from nbval.plugin import IPyNbCell, IPyNbFile, NbCellError

from book.pipeline.processes import MARK
from book.pipeline.writing import write_whole

ALLOWED = {"remove-stderr", "remove-output", "remove-cell"}  # tags of cells that may warn
STARTS = 3
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")

# Asked of the kernel when all cells have run. Linux counts a parent's memory in ru_maxrss of
# a child it starts, so the process's own high-water mark is preferred where there is one.
_PEAK = """
def _peak():
    from pathlib import Path
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) / 1024
    import resource, sys
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024**2 if sys.platform == "darwin" else 1024)
"""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--inputs", help="folder of the notebooks to run")
    parser.addoption("--executed", help="folder for the notebooks that passed")


class KernelDied(RuntimeError):
    """The process that runs the cells has ended by itself."""


def _get_message(kernel: RunningKernel, stream: str, timeout: float | None = None):
    """As nbval's, but a kernel that has died is noticed within a second."""
    get = kernel.kc.get_iopub_msg if stream == "iopub" else kernel.kc.get_shell_msg
    end = time.monotonic() + (timeout or 0)
    while True:
        left = end - time.monotonic()
        try:
            return get(timeout=min(1.0, max(left, 0.0)))
        except Empty:
            if not kernel.is_alive():
                raise KernelDied("the Python process of this chapter has died") from None
            if left <= 1.0:
                raise


def _execute_cell_input(
    kernel: RunningKernel, cell_input: str, allow_stdin: bool | None = None
) -> str:
    """As nbval's, but with history: without it IPython does not see a closing semicolon."""
    return kernel.kc.execute(
        cell_input, store_history=True, allow_stdin=allow_stdin, stop_on_error=False
    )


def _start_again(start_new_kernel: Callable) -> Callable:
    """Try to start a kernel up to `STARTS` times.

    Ports are chosen before the kernel takes them, so two kernels that start at once can be given
    the same one; the second then dies before it answers.
    """

    @wraps(start_new_kernel)
    def start(*arguments, **options):
        for _ in range(STARTS - 1):
            with suppress(RuntimeError):
                return start_new_kernel(*arguments, **options)
        return start_new_kernel(*arguments, **options)

    return start


nbval.kernel.start_new_kernel = _start_again(nbval.kernel.start_new_kernel)
RunningKernel.get_message = _get_message
RunningKernel.execute_cell_input = _execute_cell_input


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    if isinstance(item, IPyNbCell) and getattr(item.parent, "failed", False):
        pytest.skip("an earlier cell of this chapter has failed")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item):
    if not isinstance(item, IPyNbCell):
        return (yield)
    start = time.monotonic()
    try:
        result = yield
    finally:
        item.seconds = time.monotonic() - start
    _refuse_warnings(item)
    return result


def _refuse_warnings(item: IPyNbCell) -> None:
    """A warning on the page would puzzle the reader, and often says that something is wrong."""
    if ALLOWED & set(item.cell.metadata.get("tags", [])):
        return
    for output in item.test_outputs or []:
        if output.output_type == "stream" and output.name == "stderr" and output.text.strip():
            raise NbCellError(
                item.cell_num, "the cell prints to stderr", item.cell.source, output.text
            )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo):
    report = yield
    if not isinstance(item, IPyNbCell):
        return report
    if call.excinfo is not None and not call.excinfo.errisinstance(pytest.skip.Exception):
        item.parent.failed = True
        report.user_properties.append(("failure", _failure(item, call.excinfo.value)))
    elif call.when == "call":
        _keep(item)
        if item.cell_num == _last(item.parent):
            # Only now are all outputs known; the kernel is still up.
            _store(item.parent, item.config)
            report.user_properties.append(("done", _summary(item.parent)))
    return report


class _Teller:
    """Writes what has happened to the terminal, in lines the pipeline reads."""

    def __init__(self, config: pytest.Config) -> None:
        self.writer = config.get_terminal_writer()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        for name, value in report.user_properties:
            if name in ("failure", "done"):
                self.writer.line("\n" + MARK + json.dumps({"event": name, **value}))
                self.writer.flush()


@pytest.hookimpl(trylast=True)  # after the terminal has been set up
def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):  # workers hand their reports to the one that speaks
        config.pluginmanager.register(_Teller(config))


def _keep(item: IPyNbCell) -> None:
    """Put what a cell has produced into the notebook, counted as in a notebook run by hand."""
    count = item.cell_num + 1
    outputs = []
    for output in item.test_outputs or []:
        if output.output_type == "execute_result":
            output.execution_count = count
        outputs.append(nbformat.from_dict(output))
    item.cell.outputs = outputs
    item.cell.execution_count = count
    seconds = item.parent.__dict__.setdefault("seconds", {})
    seconds[item.cell_num] = round(getattr(item, "seconds", 0.0), 3)


def _last(file: IPyNbFile) -> int:
    return sum(cell.cell_type == "code" for cell in file.nb.cells) - 1


def _store(file: IPyNbFile, config: pytest.Config) -> None:
    name = file.path.relative_to(config.getoption("--inputs"))
    seconds = [file.seconds.get(number, 0.0) for number in range(_last(file) + 1)]
    course = file.nb.metadata["course"]
    course["cell_seconds"] = seconds
    course["seconds"] = round(sum(seconds), 2)
    course["cpu_seconds"] = round(_asked(file.kernel, "__import__('time').process_time()"), 2)
    course["megabytes"] = round(_asked(file.kernel, "_peak()"))
    text = nbformat.writes(file.nb, version=4)
    write_whole(Path(config.getoption("--executed")) / name, text + "\n")


def _asked(kernel: RunningKernel, expression: str) -> float:
    """A number about the process that ran the cells, such as its peak memory in 2**20 bytes."""
    reply = kernel.kc.execute(
        _PEAK, silent=True, user_expressions={"asked": expression}, reply=True, timeout=60
    )
    return float(reply["content"]["user_expressions"]["asked"]["data"]["text/plain"])


def _summary(file: IPyNbFile) -> dict:
    course = file.nb.metadata["course"]
    return {
        "page": course["page"],
        "seconds": course["seconds"],
        "megabytes": course["megabytes"],
    }


def _failure(item: IPyNbCell, error: BaseException) -> dict:
    """Where a cell failed and how: the line inside the cell (from 1) where it is known."""
    trace = ""
    if isinstance(error, NbCellError):
        trace = _COLOURS.sub("", error.inner_traceback or "")
    return {
        "page": item.parent.nb.metadata["course"]["page"],
        "cell": item.cell_num,
        "line": _line_in_cell(trace),
        "message": str(error),
        "trace": trace,
    }


def _line_in_cell(trace: str) -> int:
    found = re.search(r"Cell In\[\d+\], line (\d+)", trace)
    return int(found[1]) if found else 1
