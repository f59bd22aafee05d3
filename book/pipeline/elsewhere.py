"""Run chapters as other machines would, and compare what they said.

What each imitated machine said is kept in ``_build/elsewhere/<machine>``, so that only chapters
whose code, or anything it imports, changed run again. The bands go to ``tests/book/numbers``.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from . import bands
from .execute import Job, run_jobs, without_checks
from .layout import Book, Page, PipelineError
from .machines import CHOOSING, HERE, Machine, named
from .notebooks import read_chapter, read_notebook
from .outcomes import Outcomes, outcomes_of
from .staleness import key_of, why_stale
from .writing import one_at_a_time, write_whole

_AT_ONCE = 6
"""Chapters that are run together when time is short."""


@dataclass(frozen=True)
class Imitated(Book):
    """The same book, with what one imitated machine ran in a folder of its own."""

    machine: Machine = HERE

    @property
    def build(self) -> Path:
        return self.root / "_build" / "elsewhere" / self.machine.name.replace(" ", "-")

    def environment(self) -> dict[str, str]:
        environment = super().environment()
        if self.machine is not HERE:
            for variable in CHOOSING:
                environment.pop(variable, None)
        return environment

    def last_word(self) -> Mapping[str, str]:
        return self.machine.environment()


def elsewhere(
    book: Book, chapters: Sequence[str], machines: Sequence[str], *, store: bool = True
) -> bool:
    """Run chapters on imitated machines; print and store the bands; return whether all is steady.

    Parameters
    ----------
    book : Book
        The book.
    chapters : sequence of str
        Their names, such as ``gradients/perceptron``; none means those whose stored bands were
        made from other code.
    machines : sequence of str
        Names of the table in ``machines.py``; none means all that can be imitated here.
    store : bool
        Write the bands. Otherwise each run is compared with the stored ones.
    """
    pages = [book.chapter(name) for name in chapters] or outdated(book)
    able = [machine for machine in _named(machines) if not _left_out(machine)]
    if not pages:
        print("The bands of all chapters were made from their present code.", flush=True)
        return True
    print(f"{len(pages)} chapters on {len(able)} machines:", flush=True)
    with one_at_a_time(book.build):
        for machine in able:
            _run_on(Imitated(book.root, book.package, machine), pages)
    problems = []
    for page in pages:
        runs = said(book, page, able)
        if store:
            found = bands.gathered(made_from(book, page), runs)
            write_whole(path_of(book, page), bands.as_text(found))
            _print_table(page, found, runs)
            problems += [f"{page.chapter}: {text}" for text in found.unsteady()]
        else:
            stored = bands.read(path_of(book, page))
            problems += [
                f"{page.chapter} on {machine}: {text}"
                for machine, run in runs.items()
                for text in (stored.misses(run) if stored else ["it has no stored bands"])
            ]
    _conclude(problems)
    return not problems


def compare_for(book: Book, minutes: float, machine: str) -> bool:
    """Compare outdated chapters with their bands on one machine while time lasts.

    Parameters
    ----------
    book : Book
        The book.
    minutes : float
        No chapter is begun after that.
    machine : str
        A name of the table in ``machines.py``.

    Returns
    -------
    bool
        Whether all that ran agree with their bands. The newest parts of the book come first, and
        it is said how many chapters are left.
    """
    waiting, end, agree = outdated(book), time.monotonic() + 60 * minutes, True
    while waiting and time.monotonic() < end:
        names = [waiting.pop().chapter for _ in range(min(_AT_ONCE, len(waiting)))]
        agree = elsewhere(book, names, [machine], store=False) and agree
    print(f"{len(waiting)} chapters whose code is newer than their bands are left.", flush=True)
    return agree


def path_of(book: Book, page: Page) -> Path:
    """Where the bands of a chapter are stored."""
    return book.root / "tests" / "book" / "numbers" / f"{page.chapter}.json"


def made_from(book: Book, page: Page) -> str:
    """The fingerprint of all code that a chapter's numbers come from; drawing makes none."""
    key = key_of(book, page, read_chapter(page))
    others = ("the ", f"{book.package}.plots")
    of_code = {part: digest for part, digest in key.items() if not part.startswith(others)}
    return hashlib.sha256(json.dumps(of_code, sort_keys=True).encode()).hexdigest()[:16]


def outdated(book: Book) -> list[Page]:
    """The chapters whose bands were made from other code than today's, or never."""
    found = []
    for page in book.chapters:
        stored = bands.read(path_of(book, page))
        if stored is None or stored.made_from != made_from(book, page):
            found.append(page)
    return found


def said(book: Book, page: Page, machines: Sequence[Machine]) -> dict[str, Outcomes]:
    """What the chapter's last run on each machine said."""
    return {
        machine.name: outcomes_of(
            read_notebook(Imitated(book.root, book.package, machine).executed(page))
        )
        for machine in machines
    }


def _named(names: Sequence[str]) -> list[Machine]:
    try:
        return named(list(names))
    except KeyError as error:
        known = ", ".join(machine.name for machine in named([]))
        raise PipelineError(f"There is no machine {error.args[0]!r}. Machines: {known}.") from None


def _left_out(machine: Machine) -> bool:
    missing = machine.missing()
    if missing:
        print(f"  left out: {machine.name} ({machine.words}): {missing}", flush=True)
    return missing is not None


def _run_on(book: Imitated, pages: Sequence[Page]) -> None:
    jobs = []
    for page in pages:
        notebook = read_chapter(page)
        key = key_of(book, page, notebook)
        if book.machine is not HERE:
            del key["the kernels asked for"]
        key["the machine"] = json.dumps(book.last_word(), sort_keys=True)
        reason = why_stale(book, page, key)
        if reason:
            notebook.metadata["course"] = {"page": page.name, "key": key}
            jobs.append(without_checks(Job(page, notebook, reason)))
    print(f"On {book.machine.name} ({book.machine.words}): {len(jobs)} to run", flush=True)
    if jobs:
        run_jobs(book, jobs, variables=book.last_word())


def _print_table(page: Page, found: bands.Chapter, runs: Mapping[str, Outcomes]) -> None:
    here = runs.get(HERE.name) or next(iter(runs.values()))
    print(f"\n{page.chapter}, over {len(runs)} machines: number, here, band, steady")
    for name, one in found.numbers.items():
        shown = here.numbers.get(name, ("", "–"))[1]
        steady = "yes" if one.steady else "NO"
        print(f"  {name:<36} {shown:<24} {one!s:<32} {one.kind:<9} {steady}")
    for claim, words in found.verdicts.items():
        print(f"  claim {claim}: {' or '.join(words)}")
    different = [
        place for place in here.texts if len({run.texts.get(place) for run in runs.values()}) > 1
    ]
    if different:
        print(f"  printed text that differs: {', '.join(different)}")


def _conclude(problems: Sequence[str]) -> None:
    if not problems:
        print("\nEvery number keeps to its kind, verdicts agree, expectations held.")
        return
    print(f"\n{len(problems)} statements do not hold everywhere:")
    for problem in problems:
        print(f"  {problem}")


def environment_of(name: str) -> str:
    """Shell lines that turn the present machine into another: ``eval`` them before a command."""
    (machine,) = _named([name])
    if missing := machine.missing():
        raise PipelineError(f"{machine.name} cannot be imitated: {missing}.")
    chosen = {name: v for name, v in machine.environment().items() if name in CHOOSING}
    lines = [f"unset {name}" for name in CHOOSING if name in os.environ and name not in chosen]
    return "\n".join([*lines, *(f"export {name}='{value}'" for name, value in chosen.items())])
