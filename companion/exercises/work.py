"""A learner's folder: which file belongs to which chapter, and checking it."""

import ast
from dataclasses import dataclass
from pathlib import Path

from companion.exercises import needed, submission
from companion.exercises.failures import CompanionError, Failed
from companion.exercises.results import ChapterResult
from companion.exercises.source import Chapter
from companion.exercises.terminal import quoted


@dataclass(frozen=True)
class Work:
    """One file of a learner and the chapter it belongs to."""

    path: Path
    chapter: Chapter


def find_work(course, path):
    """Return the folder that progress is kept for, and the files to check.

    Parameters
    ----------
    course : Course
    path : Path
        A file, the folder made by ``companion start``, or one of the folders in it.

    Raises
    ------
    CompanionError
        If there is nothing to check; the line says what to do.
    """
    path = path.expanduser()
    if not path.exists():
        raise CompanionError(
            f"{path} does not exist; companion start {quoted(path)} writes the exercises"
        )
    if path.resolve().is_relative_to(course.root / "book"):
        raise CompanionError(f"{path} is the book itself; companion start DIR writes work for you")
    if path.is_dir():
        return _of_folder(course, path.resolve(), path)
    if not path.is_file():
        raise CompanionError(f"{path} is neither a file nor a folder")
    return _of_file(course, path)


def _of_file(course, path):
    if path.suffix not in submission.SUFFIXES:
        known = ", ".join(submission.SUFFIXES)
        raise CompanionError(f"{path} is none of {known}")
    # A link is called by the name the learner gave it, unless only its target's says something.
    for full in (path.absolute(), path.resolve()):
        chapter = course.chapter(f"{full.parent.name}/{full.stem}")
        if chapter and chapter.exercises:
            break
    if chapter is None or not chapter.exercises:
        names = ", ".join(c.path.stem for c in course.chapters if c.exercises)
        raise CompanionError(f"{path} belongs to no chapter by its name; there are: {names}")
    in_part = full.parent.name == chapter.id.split("/")[0]
    return (full.parent.parent if in_part else full.parent), [Work(path, chapter)]


def _of_folder(course, folder, named):
    chapters = [chapter for chapter in course.chapters if chapter.exercises]
    for root, inside in ((folder, ""), (folder.parent, folder.name)):
        ids = [c for c in chapters if not inside or c.id.startswith(f"{inside}/")]
        found = [Work(path, c) for c in ids if (path := submission.latest(root / c.id))]
        if found:
            return root, found
    loose = [Work(path, c) for c in chapters if (path := submission.latest(folder / c.path.stem))]
    if loose:
        return folder, loose
    command = f"companion start {quoted(named)}"
    raise CompanionError(f"no exercises in {named} ({folder}); {command} writes them")


def chosen(work, only):
    """Return the exercises of a file that are asked for: all of them, or the one with an id."""
    return [e for e in work.chapter.exercises if only in (None, e.id, f"ex-{e.id}")]


def check_file(work, exercises, *, limits=None, cells=None) -> ChapterResult:
    """Grade exercises of one file by their public checks.

    Parameters
    ----------
    work : Work
    exercises : list of Exercise
        Those of the chapter to grade.
    limits : Limits, optional
    cells : list of Cell, optional
        The file's cells, when they have been read already.
    """
    from companion.exercises.collecting import collect
    from companion.exercises.runner import grade

    cells = submission.read(work.path) if cells is None else cells
    here = work.path.absolute().parent

    def parts(names):
        return collect(work.chapter, names, [here, here.parent])

    result = ChapterResult(work.chapter.id, str(work.path))
    for exercise in exercises:
        checks = work.chapter.checks(exercise)
        others = work.chapter.others(exercise)
        result.exercises.append(
            grade(exercise, checks, cells, limits=limits, others=others, parts=parts)
        )
    return result


def fingerprint(exercise, cells, others=()) -> str:
    """Return a text that changes when what the grader would run changes."""
    try:
        program = needed.select(cells, exercise.function, others)
    except Failed as error:
        return str(error)
    dumps = []
    for piece in program.pieces:
        try:
            body = ast.parse(piece.text).body
            dumps += [ast.dump(body[index]) for index in piece.kept]
        except RecursionError:  # hundreds of elif branches
            dumps.append(piece.text)
    return "\n".join(dumps)
