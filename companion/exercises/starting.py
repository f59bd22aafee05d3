"""``companion start``: the exercises as notebooks for a learner, without solutions."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from companion.exercises.failures import CompanionError
from companion.exercises.plain import plain_markdown
from companion.exercises.source import KINDS
from companion.exercises.terminal import quoted

FORMATS = ("ipynb", "py", "md")
README = """\
# Exercises

One notebook a chapter, in the order of the course. Replace `raise NotImplementedError` by your
code, save, and look at what the grader says:

    companion check {folder} --watch

It runs whenever you save. `companion check {folder} --hint` gives a hint for the first check that
fails, a stronger one each time. Your other cells, plots and trials are not run by the grader:
it takes each exercise's function and what that function needs. Some points are in hidden checks,
which your instructor's grading runs: the command shows how many, and grades the public ones.

{chapters}
"""


@dataclass(frozen=True)
class Written:
    """What `start` did with a file: wrote it, or kept what was there."""

    path: Path
    kept: bool


def start(course, folder, format="ipynb"):
    """Write the exercises of every chapter into a folder.

    Parameters
    ----------
    course : Course
        Where the exercises come from.
    folder : Path
        Made when it does not exist. A file that exists is never written to.
    format : {'ipynb', 'py', 'md'}
        Notebook, script with cells, or Markdown notebook.

    Returns
    -------
    list of Written

    Raises
    ------
    CompanionError
        If the format is unknown, or the folder is a file or cannot be written.
    """
    if format not in FORMATS:
        raise CompanionError(f"unknown format {format!r}; there are {', '.join(FORMATS)}")
    chapters = [chapter for chapter in course.chapters if chapter.exercises]
    if not chapters:
        raise CompanionError(f"the course in {course.root} has no exercises yet")
    done = []
    try:
        for chapter in chapters:
            path = folder / f"{chapter.id}.{format}"
            # Work in another format is work as well.
            others = [path.with_suffix(f".{other}") for other in FORMATS]
            there = next((other for other in others if other.exists()), None)
            done.append(Written(there or path, kept=there is not None))
            if not there:
                path.parent.mkdir(parents=True, exist_ok=True)
                write_new(path, render(chapter, format))
        names = "\n".join(f"- {chapter.title}: `{chapter.id}.{format}`" for chapter in chapters)
        readme = folder / "README.md"
        if not readme.exists():
            write_new(readme, README.format(folder=quoted(folder), chapters=names))
    except OSError as error:
        raise CompanionError(f"{error.filename or folder}: {error.strerror}") from None
    return done


def write_new(path, text):
    """Write a file that does not exist; all of it or nothing, and never over another one."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(text, encoding="utf-8")
    try:
        os.link(temporary, path)  # unlike a rename, fails when the file has appeared meanwhile
    except FileExistsError:
        pass
    except OSError:  # a file system without links
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    finally:
        temporary.unlink()


def notebook(chapter) -> dict:
    """Return a chapter's exercises as the content of a notebook."""
    count = len(chapter.exercises)
    intro = (
        f"# {chapter.title}: exercises\n\n"
        f"{count} exercises for the chapter *{chapter.title}* (`{chapter.id}` in the book). "
        f"`companion check {Path(chapter.id).name}.ipynb` tells how far you are."
    )
    cells = [
        cell("markdown", "heading", intro),
        cell("code", "setup", chapter.setup, tags=["exercise-setup"]),
    ]
    for number, exercise in enumerate(chapter.exercises, start=1):
        points = f"{exercise.points} point{'s' if exercise.points != 1 else ''}"
        title = f"## {number}. {exercise.title} ({points})"
        if exercise.kind:
            title += f"\n\n*{KINDS[exercise.kind]}, {exercise.level}*"
        text = f"{title}\n\n{plain_markdown(exercise.statement)}"
        cells.append(cell("markdown", f"{exercise.id}-statement", text, exercise=exercise.id))
        cells.append(cell("code", exercise.id, exercise.stub, exercise=exercise.id))
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def cell(kind, name, text, **metadata):
    """Return a notebook cell."""
    made = {
        "cell_type": kind,
        "id": name[:64],
        "metadata": metadata,
        "source": text.rstrip("\n").splitlines(keepends=True),
    }
    return made | ({"execution_count": None, "outputs": []} if kind == "code" else {})


def render(chapter, format) -> str:
    """Return the text of a chapter's file."""
    text = json.dumps(notebook(chapter), indent=1, ensure_ascii=False) + "\n"
    if format == "ipynb":
        return text
    try:
        import jupytext  # a second or more: only who asks for these formats waits
    except ImportError:
        raise CompanionError(f"--format {format} needs jupytext: pip install jupytext") from None
    book = jupytext.reads(text.replace(".ipynb` tells", f".{format}` tells"), fmt="ipynb")
    return jupytext.writes(book, fmt={"py": "py:percent", "md": "md:myst"}[format])
