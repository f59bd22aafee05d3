"""The command ``companion``: start, check, doctor.

What a command needs is imported when it runs, so that ``companion --help`` is there at once.
"""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from companion.exercises.failures import CompanionError
from companion.exercises.terminal import clean, quoted, speak_plainly

DONE, UNSOLVED, USAGE = 0, 1, 2

app = typer.Typer(
    help="Exercises of the course Deep Learning: Notes That Run.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

CourseFolder = Annotated[
    str | None,
    typer.Option("--course", metavar="DIR", help="The course, when it is not the installed one."),
]


@app.command()
def start(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to write them.")],
    format: Annotated[str, typer.Option("--format", help="ipynb, py or md.")] = "ipynb",
    course: CourseFolder = None,
):
    """Write the exercises into a folder; what is there already is kept."""
    from companion.exercises.source import Course
    from companion.exercises.starting import start

    written = start(Course.find(course), folder, format)
    for one in written:
        typer.echo(clean(f"{'kept ' if one.kept else 'wrote'} {one.path}"))
    typer.echo(f"\nNow: companion check {quoted(folder)} --watch")


@app.command()
def check(
    path: Annotated[Path, typer.Argument(help="Your file, or the folder of start.")] = Path("."),
    watch: Annotated[bool, typer.Option("--watch", help="Check whenever you save.")] = False,
    hint: Annotated[
        bool, typer.Option("--hint", help="A hint for the first failing check.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the results as JSON.")] = False,
    exercise: Annotated[
        str | None, typer.Option("--exercise", metavar="ID", help="Only this exercise.")
    ] = None,
    course: CourseFolder = None,
):
    """Grade your work; ends with 0 when all is solved, 1 when not, 2 when it cannot be done."""
    if watch and (as_json or hint):
        raise CompanionError("--watch goes with neither --json nor --hint")
    from companion.exercises.checking import Checking
    from companion.exercises.source import Course

    checking = Checking(Course.find(course), path, exercise)
    if watch:
        checking.watch()
        raise typer.Exit(DONE)
    report = checking.run(hint=hint, quiet=as_json)
    if as_json:
        typer.echo(json.dumps(report, indent=1))
    for line in report["unreadable"]:
        typer.echo(clean(f"companion: {line}"), err=True)
    if report["unreadable"]:
        raise typer.Exit(USAGE)
    raise typer.Exit(DONE if report["solved"] else UNSOLVED)


@app.command()
def doctor(
    torch: Annotated[bool, typer.Option("--torch", help="Ask torch for a GPU.")] = False,
    course: CourseFolder = None,
):
    """Say what is installed, what is missing, and what this machine can do."""
    from companion.exercises.doctor import BAD, FINE, examine

    bad = False
    for state, what, details in examine(course, torch):
        sign = {FINE: "✓", BAD: "✗"}.get(state, "·")
        typer.echo(clean(f"{sign} {what}: {details}"))
        bad |= state == BAD
    raise typer.Exit(UNSOLVED if bad else DONE)


def main():
    """Run the command line; an error that the user can put right is one line."""
    speak_plainly()
    try:
        app()
    except CompanionError as error:
        print(clean(f"companion: {error}"), file=sys.stderr)
        sys.exit(USAGE)
    except ModuleNotFoundError as error:
        print(f"companion: the package {error.name} is missing: pip install -e .", file=sys.stderr)
        sys.exit(USAGE)
    except KeyboardInterrupt:
        print("\ncompanion: stopped", file=sys.stderr)
        sys.exit(130)


if __name__ == "__main__":
    main()
