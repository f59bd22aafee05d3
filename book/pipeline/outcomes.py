"""What the run of a chapter said: its numbers, verdicts, expectations and printed texts."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

from nbformat import NotebookNode

from .layout import Book
from .notebooks import code_cells, read_notebook

SAID = "companion"  # written by companion.results into an output's metadata
CLAIM = "application/vnd.companion.claim+json"
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


@dataclass
class Outcomes:
    """Everything a page may rely on, by name."""

    numbers: dict[str, tuple[str, str]] = field(default_factory=dict)  # name → kind, text
    verdicts: dict[str, str] = field(default_factory=dict)  # claim → its word
    expectations: dict[str, bool] = field(default_factory=dict)  # sentence → did it come out
    texts: dict[str, str] = field(default_factory=dict)  # code cell → what it printed

    @property
    def unmet(self) -> list[str]:
        """The sentences of the text that this run does not bear out."""
        return [sentence for sentence, held in self.expectations.items() if not held]


def outcomes_of(notebook: NotebookNode) -> Outcomes:
    """Read the outcomes from an executed notebook."""
    found = Outcomes()
    for number, cell in enumerate(code_cells(notebook), 1):
        for output in cell.outputs:
            _add(found, output, f"code cell {number}")
    return found


def _add(found: Outcomes, output: NotebookNode, place: str) -> None:
    data = output.get("data", {})
    said = output.get("metadata", {}).get(SAID)
    if said and said["kind"] == "expectation":
        found.expectations[said["text"]] = said["held"]
    elif said:
        found.numbers[said["name"]] = said["kind"], said["text"]
    elif CLAIM in data:
        claim = json.loads(data[CLAIM]) if isinstance(data[CLAIM], str) else data[CLAIM]
        found.verdicts[claim["id"]] = claim["verdict"]
        found.numbers[f"evidence of {claim['id']}"] = "measured", claim["evidence"]
    else:
        pictured = any(mime.startswith("image/") for mime in data)
        printed = data.get("text/plain", "") if data else output.get("text", "")
        text = "" if pictured else printed
        if text.strip():
            found.texts[place] = found.texts.get(place, "") + _COLOURS.sub("", text)


def unmet(book: Book) -> dict[str, list[str]]:
    """Expectations that did not come out in the last run, by chapter; only chapters with some."""
    found = {}
    for page in book.chapters:
        notebook = read_notebook(book.executed(page))
        if notebook is not None and (sentences := outcomes_of(notebook).unmet):
            found[page.chapter] = sentences
    return found
