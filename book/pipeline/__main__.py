"""The commands of the pipeline; the Makefile calls them."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from companion.exercises.terminal import speak_plainly

from .layout import HOME, Book, PipelineError
from .processes import interrupt_on_termination


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is 0, 1 for a mistake told, 130 after an interrupt."""
    options = _parser().parse_args(arguments)
    interrupt_on_termination()
    speak_plainly()
    try:
        return options.command(Book(options.root.resolve()), options) or 0
    except PipelineError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted. What was finished is kept; run it again to go on.", file=sys.stderr)
        return 130


def _build(book: Book, options: argparse.Namespace) -> None:
    from .render import build

    build(book)


def _execute(book: Book, options: argparse.Namespace) -> None:
    from .execute import execute
    from .writing import one_at_a_time

    with one_at_a_time(book.build):
        execute(book)


def _reference(book: Book, options: argparse.Namespace) -> None:
    from .reference import store_reference
    from .writing import one_at_a_time

    with one_at_a_time(book.build):
        print(store_reference(book, options.chapter))


def _elsewhere(book: Book, options: argparse.Namespace) -> int:
    from .elsewhere import compare_for, elsewhere

    machines = [name.strip() for name in options.machines.split(",") if name.strip()]
    if options.minutes:
        return not compare_for(book, options.minutes, *machines)
    return not elsewhere(book, options.chapters, machines, store=not options.compare)


def _machine(book: Book, options: argparse.Namespace) -> None:
    from .elsewhere import environment_of

    print(environment_of(options.name))


def _report(book: Book, options: argparse.Namespace) -> None:
    from .report import print_report

    print_report(book)


def _serve(book: Book, options: argparse.Namespace) -> None:
    from .serve import serve

    serve(book, options.port)


def _lab(book: Book, options: argparse.Namespace) -> None:
    from .lab import lab

    lab(book, options.arguments)


def _clean(book: Book, options: argparse.Namespace) -> None:
    shutil.rmtree(book.build, ignore_errors=True)
    print(f"Removed {book.build}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m book.pipeline", description=__doc__)
    parser.add_argument(
        "--root", type=Path, default=HOME, help="the book's folder (default: this repository)"
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, function, words in (
        ("execute", _execute, "run the chapters whose code, or anything it imports, changed"),
        ("build", _build, "execute, then render the site into _build/html"),
        ("reference", _reference, "store the outputs of a chapter's cells to be compared with"),
        ("elsewhere", _elsewhere, "run chapters as other machines would and compare the numbers"),
        ("machine", _machine, "print what turns a shell into another machine"),
        ("report", _report, "print size, figures, exercises, seconds and memory per chapter"),
        ("serve", _serve, "show the built site on http://localhost"),
        ("lab", _lab, "open JupyterLab with every chapter as a notebook"),
        ("clean", _clean, "remove everything that was built"),
    ):
        command = commands.add_parser(name, help=words, description=words)
        command.set_defaults(command=function)
        if name == "reference":
            command.add_argument("chapter", help="for example gradients/perceptron")
        if name == "elsewhere":
            command.add_argument("chapters", nargs="*", help="none: those whose code changed")
            command.add_argument("--machines", default="", help="names, parted by commas")
            command.add_argument(
                "--compare", action="store_true", help="with the stored bands, which stay"
            )
            command.add_argument(
                "--minutes", type=float, help="compare what changed, for so long, on one machine"
            )
        if name == "machine":
            command.add_argument("name", help="a row of book/pipeline/machines.py")
        if name == "serve":
            command.add_argument("--port", type=int, default=8000)
        if name == "lab":
            command.add_argument("arguments", nargs="*", help="passed on to jupyter lab")
    return parser


if __name__ == "__main__":
    sys.exit(main())
