"""What a chapter holds and what it costs: read from its source and from its last run."""

from __future__ import annotations

import re
from dataclasses import dataclass
from statistics import median

from nbformat import NotebookNode

from .layout import Book, Page
from .notebooks import code_cells, read_chapter, read_notebook, tags
from .reading import HIDDEN, Reading, lines_of, reading_of

_UNSEEN = {"remove-output", "remove-cell"}
_DIRECTIVE = r"^(?:`{{3,}}|:{{3,}})\{{{name}\}}"
_IMAGE = re.compile(r"!\[(?P<alt>[^\]]*)\]\(")


@dataclass(frozen=True)
class Figure:
    """A picture on the page: where it is made, and what stands with it."""

    where: str
    caption: str
    alt: str


@dataclass(frozen=True)
class ChapterReport:
    """The measures of one chapter; seconds and megabytes are None before its first run."""

    chapter: str
    title: str
    kind: str  # core or depth
    reading: Reading
    cell_lines: list[int]  # shown cells, blank lines not counted
    hidden_lines: list[int]
    widest: int  # characters of the longest line of a shown cell
    figures: list[Figure]
    claims: int
    exercises: int
    summary_lines: int
    seconds: float | None
    megabytes: int | None

    @property
    def cells(self) -> int:
        return len(self.cell_lines) + len(self.hidden_lines)

    @property
    def median_lines(self) -> float:
        return median(self.cell_lines) if self.cell_lines else 0

    @property
    def longest(self) -> int:
        return max([*self.cell_lines, *self.hidden_lines], default=0)

    @property
    def without_alt(self) -> int:
        return sum(not figure.alt for figure in self.figures)


HEADINGS = (
    *("chapter", "kind", "minutes", "words", "formulas", "lines", "numbers", "stretch"),
    *("code cells", "median lines", "longest", "figures"),
    *("without alt", "claims", "exercises", "seconds", "MB"),
)


def row(report: ChapterReport) -> tuple[str, ...]:
    """A report as the cells of a table, under ``HEADINGS``; numbers are per 1,000 words."""
    reading = report.reading
    seconds = "–" if report.seconds is None else f"{report.seconds:.1f}"
    megabytes = "–" if report.megabytes is None else str(report.megabytes)
    numbers = (
        *(round(reading.minutes), reading.words, reading.formulas, reading.lines),
        *(round(reading.density), reading.stretch),
        *(report.cells, report.median_lines, report.longest),
        *(len(report.figures), report.without_alt, report.claims, report.exercises),
    )
    return (report.chapter, report.kind, *(f"{n:g}" for n in numbers), seconds, megabytes)


def reports(book: Book) -> list[ChapterReport]:
    """The reports of all chapters in reading order."""
    return [report_on(book, page) for page in book.chapters]


def report_on(book: Book, page: Page) -> ChapterReport:
    """Measure one chapter."""
    notebook = read_chapter(page)
    executed = read_notebook(book.executed(page))
    course = executed.metadata["course"] if executed else {}
    text = "\n\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")
    cells = code_cells(notebook)
    shown = [cell for cell in cells if not HIDDEN & set(tags(cell))]
    title = re.search(r"^# (.+)$", text, re.MULTILINE)
    return ChapterReport(
        chapter=page.chapter,
        title=title[1] if title else page.chapter,
        kind=page.kind or "–",
        reading=reading_of(notebook),
        cell_lines=[lines_of(cell) for cell in shown],
        hidden_lines=[lines_of(cell) for cell in cells if HIDDEN & set(tags(cell))],
        widest=max((len(line) for c in shown for line in c.source.splitlines()), default=0),
        figures=_figures(text, cells, code_cells(executed) if executed else []),
        claims=_count(text, "claim"),
        exercises=_count(text, "exercise-start"),
        summary_lines=_summary_lines(text),
        seconds=course.get("seconds"),
        megabytes=course.get("megabytes"),
    )


def print_report(book: Book) -> None:
    """Print the table of all chapters; lines of cells are counted without blank ones."""
    measured = reports(book)
    rows = [HEADINGS, *map(row, measured)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for name, *numbers in rows:
        aligned = (n.rjust(width) for n, width in zip(numbers, widths[1:], strict=True))
        print(name.ljust(widths[0]), *aligned, sep="  ")
    for part, seconds in seconds_of_parts(measured).items():
        print(f"{part}: {seconds:.1f} s in all")


def seconds_of_parts(measured: list[ChapterReport]) -> dict[str, float]:
    """Seconds of each part that ran, its chapters added up as if one ran after the other."""
    total: dict[str, float] = {}
    for report in measured:
        part = report.chapter.partition("/")[0]
        total[part] = total.get(part, 0) + (report.seconds or 0)
    return total


def _count(text: str, directive: str) -> int:
    return len(re.findall(_DIRECTIVE.format(name=directive), text, re.MULTILINE))


def _figures(text: str, cells: list[NotebookNode], executed: list[NotebookNode]) -> list[Figure]:
    found = [Figure("an image in the text", "-", m["alt"]) for m in _IMAGE.finditer(text)]
    for match in re.finditer(_DIRECTIVE.format(name="(?:figure|image)"), text, re.MULTILINE):
        block = text[match.start() :].split("\n\n")[0]
        alt = re.search(r"^:alt:\s*(.+)$", block, re.MULTILINE)
        found.append(Figure("a figure in the text", "-", alt[1] if alt else ""))
    for number, (cell, run) in enumerate(zip(cells, executed, strict=False)):
        if _UNSEEN & set(tags(cell)) or not any(_is_picture(output) for output in run.outputs):
            continue
        options = cell.metadata.get("mystnb", {})
        found.append(
            Figure(
                f"code cell {number + 1}",
                (options.get("figure") or {}).get("caption", ""),
                (options.get("image") or {}).get("alt", ""),
            )
        )
    return found


def _is_picture(output: NotebookNode) -> bool:
    return any(mime.startswith("image/") for mime in output.get("data", {}))


def _summary_lines(text: str) -> int:
    """Items of the summary's list, or its lines when it has none."""
    match = re.search(r"^## Summary\s*$(.*?)(?=^## |\Z)", text, re.DOTALL | re.MULTILINE)
    if not match:
        return 0
    lines = [line for line in match[1].splitlines() if line.strip()]
    items = [line for line in lines if re.match(r"(?:[-*+]|\d+\.) ", line)]
    return len(items or lines)
