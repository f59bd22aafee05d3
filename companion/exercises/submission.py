"""Reading a learner's file: the code cells of a notebook, a script or a Markdown notebook.

Every cell keeps the name and the line numbers the learner sees, so that an error can be found.
"""

import ast
import json
import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from companion.exercises.failures import Unreadable
from companion.exercises.magics import as_python

SUFFIXES = (".ipynb", ".py", ".md")
PERCENT = re.compile(r"^# %%", re.MULTILINE)
FENCE = re.compile(r"^(`{3,}|~{3,})\s*(\{code-cell\}|python|ipython3?)")


@dataclass(frozen=True)
class Cell:
    """Some code: `name` is how errors call it; its lines are numbered as in what `name` says."""

    name: str
    text: str


def latest(stem):
    """Return the most recently changed file with this stem, None when there is none."""
    files = [stem.with_name(stem.name + suffix) for suffix in SUFFIXES]
    there = [file for file in files if file.is_file()]
    return max(there, key=lambda file: file.stat().st_mtime_ns, default=None)


def read(path: Path) -> list[Cell]:
    """Return the code cells of a file.

    Raises
    ------
    Unreadable
        If the file cannot be read or is not of its kind.
    """
    if path.exists() and not path.is_file():
        raise Unreadable(f"{path} is not a file")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable(f"{path} is not a text file in UTF-8") from None
    except OSError as error:
        raise Unreadable(f"{path} cannot be read: {error.strerror}") from None
    if path.suffix == ".ipynb":
        return notebook_cells(path, text)
    if path.suffix == ".md":
        return markdown_cells(path.name, text)
    return script_cells(path.name, text)


def notebook_cells(path, text):
    """Return the code cells of a notebook's JSON."""
    try:
        content = json.loads(text)
    except ValueError as error:
        line = f"line {error.lineno}: {error.msg}" if hasattr(error, "lineno") else str(error)
        what = f"is damaged ({line})" if text.strip() else "is empty"
        raise Unreadable(f"{path} is not a readable notebook: it {what}") from None
    except RecursionError:
        raise Unreadable(f"{path} is not a readable notebook: nested too deeply") from None
    cells = content.get("cells") if isinstance(content, dict) else None
    if not isinstance(cells, list):
        raise Unreadable(f"{path} is not a notebook of format 4: it has no list of cells")
    found = []
    for number, cell in enumerate(cells, start=1):
        if not isinstance(cell, dict):
            raise Unreadable(f"{path}: cell {number} is not a notebook cell")
        source = cell.get("source", "")
        if isinstance(source, list) and all(isinstance(line, str) for line in source):
            source = "".join(source)
        if not isinstance(source, str):
            raise Unreadable(f"{path}: cell {number} has no text")
        if cell.get("cell_type") == "code":
            found.append(Cell(f"{path.name}, cell {number}", python(source)))
    return found


def script_cells(name, text):
    """Return a script as one cell, or as its ``# %%`` cells when it has a syntax error.

    So a slip in one exercise does not hide the others; line numbers stay those of the file.
    """
    starts = [match.start() for match in PERCENT.finditer(text)]
    if not starts or parses(text):
        return [Cell(name, text)]
    bounds = [0, *starts, len(text)]
    return [
        Cell(name, "\n" * text.count("\n", 0, begin) + text[begin:stop])
        for begin, stop in pairwise(bounds)
    ]


def markdown_cells(name, text):
    """Return the code cells of a Markdown notebook, numbered by the lines of the file."""
    lines = text.split("\n")  # no other sign ends a line for Python
    found, number = [], 0
    while number < len(lines):
        opening = FENCE.match(lines[number])
        number += 1
        if not opening:
            continue
        begin = number
        closing = re.compile(f"{opening[1][0]}{{{len(opening[1])},}}\\s*$")
        while number < len(lines) and not closing.match(lines[number]):
            number += 1
        body = lines[begin:number]
        skipped = header_lines(body)
        code = [""] * (begin + skipped) + body[skipped:]
        found.append(Cell(name, python("\n".join(code) + "\n")))
        number += 1
    return found


def header_lines(body) -> int:
    """Return how many lines at the top of a code cell are options: ``---`` YAML or ``:key:``."""
    if body and body[0].strip() == "---":
        ends = [index for index, line in enumerate(body[1:], 2) if line.strip() == "---"]
        return ends[0] if ends else 0
    count = 0
    while count < len(body) and re.match(r":[\w-]+:", body[count]):
        count += 1
    return count


def python(text) -> str:
    """Return a cell as Python; one that is Python already stays as it is."""
    return text if parses(text) else as_python(text)


def parses(text) -> bool:
    """Whether a text is Python."""
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
