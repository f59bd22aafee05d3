"""Run the chapters that need it, once each, with nbval as the only executor."""

from __future__ import annotations

import copy
import json
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from nbformat import NotebookNode

from .layout import Book, Page, PipelineError
from .machines import ONE_THREAD
from .notebooks import (
    CHECK,
    as_text,
    code_line,
    joined,
    read_chapter,
    read_notebook,
    tags,
    with_reference,
)
from .processes import MARK, run
from .staleness import key_of, why_stale
from .writing import write_if_changed, write_whole

CELL_TIMEOUT = 600  # seconds; a chapter has 40, a slow machine some more
TRACE_LINES = 25


@dataclass(frozen=True)
class Job:
    """A chapter that has to run, and why."""

    page: Page
    notebook: NotebookNode
    reason: str


def execute(book: Book) -> list[str]:
    """Run every stale chapter; return their names.

    Raises
    ------
    PipelineError
        When a cell fails; chapters that passed are kept and not run again.
    """
    jobs = stale_chapters(book)
    if jobs:
        count = len(book.chapters)
        print(f"Running {len(jobs)} of {count} chapters:", flush=True)
        for job in jobs:
            print(f"  {job.page.chapter}: {job.reason}", flush=True)
        run_jobs(book, jobs)
    else:
        print("No chapter has to run.", flush=True)
    _refresh(book)
    return [job.page.chapter for job in jobs]


def stale_chapters(book: Book) -> list[Job]:
    """The chapters whose last run no longer holds, with the notebooks to run."""
    jobs = []
    for page in book.chapters:
        notebook = read_chapter(page)
        ready = with_reference(book, page, notebook)  # complains even if nothing is stale
        key = key_of(book, page, notebook)
        reason = why_stale(book, page, key)
        if reason:
            ready.metadata["course"] = {"page": page.name, "key": key}
            jobs.append(Job(page, ready, reason))
    return jobs


def without_checks(job: Job) -> Job:
    """The same run, comparing nothing: for making the stored outputs in the first place."""
    notebook = copy.deepcopy(job.notebook)
    for cell in notebook.cells:
        cell.metadata["tags"] = [tag for tag in tags(cell) if tag != CHECK]
    return Job(job.page, notebook, job.reason)


def run_jobs(
    book: Book,
    jobs: list[Job],
    executed: str = "executed",
    variables: Mapping[str, str] = ONE_THREAD,
) -> None:
    """Hand the notebooks to nbval, two at a time, and report what failed.

    ``variables`` are set in the environment of the kernels, last of all.
    """
    inputs = book.build / "execute"
    shutil.rmtree(inputs, ignore_errors=True)
    for job in jobs:
        write_whole(book.to_run(job.page), as_text(job.notebook))
    settings = inputs / "pytest.ini"
    write_whole(settings, "[pytest]\n")
    command = [
        *(sys.executable, "-m", "pytest", "-c", str(settings), "--rootdir", str(inputs)),
        *("-qq", "--no-header", "--no-summary", "--color=no", "-p", "no:cacheprovider"),
        *("--nbval-lax", "--nbval-current-env", f"--nbval-cell-timeout={CELL_TIMEOUT}"),
        *("-p", "book.pipeline.nbval_plugin", "--inputs", str(inputs)),
        *("--executed", str(book.build / executed)),
        *(("-n", "2", "--dist", "loadfile") if len(jobs) > 1 else ("-p", "no:xdist")),
        *(str(book.to_run(job.page)) for job in jobs),
    ]
    events, log = [], []

    def each_line(line: str) -> None:
        if line.startswith(MARK):
            events.append(json.loads(line.removeprefix(MARK)))
            _announce(events[-1])
        else:
            log.append(line)

    code = run(command, cwd=inputs, env=_environment(book, variables), each_line=each_line)
    failures = [event for event in events if event["event"] == "failure"]
    if failures:
        by_name = {job.page.name: job.page for job in jobs}
        raise PipelineError("\n\n".join(_told(by_name[f["page"]], f) for f in failures))
    if code:
        raise PipelineError("The chapters could not be run:\n" + "\n".join(log[-40:]))
    shutil.rmtree(inputs, ignore_errors=True)


def _announce(event: dict) -> None:
    if event["event"] == "done":
        chapter = event["page"].removeprefix("book/")
        print(
            f"  {chapter}: passed in {event['seconds']:.1f} s, {event['megabytes']} MB",
            flush=True,
        )


def _told(page: Page, failure: dict) -> str:
    """A failure as an author wants it: chapter, cell, line, error, and nothing else."""
    line = code_line(page, failure["cell"]) + failure["line"] - 1
    where = f"{page.name}.md, code cell {failure['cell'] + 1}, line {line}"
    trace = [text for text in failure["trace"].strip().splitlines() if text.strip()]
    if not trace:
        return f"{where}: {failure['message']}"
    raised = "exception" in failure["message"]
    headline = trace[-1] if raised else failure["message"]
    shown = "\n".join("    " + text for text in trace[-TRACE_LINES:])
    return f"{where}: {headline}\n{shown}"


def _environment(book: Book, variables: Mapping[str, str]) -> dict[str, str]:
    """The kernels' environment: this book's package first, nothing of the user's own set-up."""
    environment = book.environment()
    environment.pop("MPLBACKEND", None)
    environment["PYTHONHASHSEED"] = "0"
    environment.update(variables)
    folder = book.build / "ipython"
    settings = folder / "profile_default" / "ipython_kernel_config.py"
    write_if_changed(settings, 'get_config().HistoryManager.hist_file = ":memory:"\n')
    environment["IPYTHONDIR"] = str(folder)
    return environment


def _refresh(book: Book) -> None:
    """Join today's text with the outputs, and drop what belongs to pages that are gone."""
    for page in book.chapters:
        executed = read_notebook(book.executed(page))
        write_if_changed(book.notebook(page), as_text(joined(read_chapter(page), executed)))
    for folder in ("executed", "notebooks"):
        kept = {book.build / folder / f"{page.name}.ipynb" for page in book.chapters}
        for path in (book.build / folder).rglob("*.ipynb"):
            if path not in kept:
                path.unlink()
