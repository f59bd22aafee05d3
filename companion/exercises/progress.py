"""What a learner has solved and which hints were given, kept between runs.

One small JSON file for each work folder, in the user's state folder. It is read, changed and
replaced in one step, so an interrupt leaves the old file or the new one, never half of one.
"""

import contextlib
import hashlib
import json
import os
import sys
from pathlib import Path

VERSION = 1


class Progress:
    """Progress in one folder; use it as ``with editing(folder) as progress``.

    Attributes
    ----------
    exercises : dict
        Status and points by exercise id, as of its last check.
    hints : dict
        How many hints were given, by ``exercise/check``.
    warning : str
        Not empty when the stored file was damaged and has been set aside.
    """

    def __init__(self, exercises=None, hints=None, warning=""):
        self.exercises = exercises or {}
        self.hints = hints or {}
        self.warning = warning

    def record(self, result):
        """Keep the outcome of an exercise; hints begin anew for checks that pass."""
        self.exercises[result.id] = {
            "status": result.status,
            "points": result.points,
            "possible": result.possible,
        }
        for check in result.checks:
            if check.status == "passed":
                self.hints.pop(f"{result.id}/{check.name}", None)

    def next_hint(self, exercise, check):
        """Return number and text of the next hint for a check; the last one is repeated."""
        key = f"{exercise}/{check.name}"
        if not check.hints:
            return 0, "There is no hint for this check."
        level = min(max(self.hints.get(key, 0), 0) + 1, len(check.hints))
        self.hints[key] = level
        return level, check.hints[level - 1]

    def status(self, exercise) -> str:
        """Return the last known status of an exercise id."""
        return self.exercises.get(exercise, {}).get("status", "not started")


def state_folder() -> Path:
    """Return the folder the progress files are in; it need not exist."""
    from platformdirs import user_state_path

    return user_state_path("deep-learning-companion", appauthor=False)


def file_for(folder) -> Path:
    """Return the progress file of a work folder."""
    name = hashlib.sha256(os.fsencode(Path(folder).resolve())).hexdigest()[:16]
    return state_folder() / f"{name}.json"


@contextlib.contextmanager
def editing(folder):
    """Read the progress of a folder, and write it back at the end of the block.

    A damaged file is renamed to ``….damaged`` and `Progress.warning` says so. Where nothing can be
    saved, results are shown all the same, and a line on the standard error says so.
    """
    path = file_for(folder)
    progress = read(path)
    yield progress
    content = {
        "version": VERSION,
        "folder": str(Path(folder).resolve()),
        "exercises": progress.exercises,
        "hints": progress.hints,
    }
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("w", encoding="utf-8") as file:
            json.dump(content, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError as error:
        told = f"companion: progress cannot be saved in {path.parent}: {error.strerror}"
        print(f"{told}; the results above stand", file=sys.stderr)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def read(path) -> Progress:
    """Return the progress in a file: empty when there is none or it is damaged."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["version"] == VERSION:
            return Progress(_statuses(content["exercises"]), _levels(content["hints"]))
    except FileNotFoundError:
        return Progress()
    except OSError as error:
        return Progress(warning=f"{path} cannot be read: {error.strerror}; starting anew")
    except (ValueError, ArithmeticError, KeyError, TypeError, AttributeError, RecursionError):
        pass
    aside = path.with_suffix(".damaged")
    with contextlib.suppress(OSError):
        os.replace(path, aside)
    return Progress(warning=f"The stored progress was damaged. It begins anew; {aside} keeps it.")


def _statuses(value):
    for entry in value.values():
        if not isinstance(entry["status"], str):
            raise ValueError("a status that is no text")
        entry["points"] + entry["possible"] + 0
    return value


def _levels(value):
    return {str(key): int(level) for key, level in value.items()}
