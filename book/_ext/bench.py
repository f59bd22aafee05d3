"""What `make bench` measured, as a table: the engine's time over torch's, by operation."""

from __future__ import annotations

import json
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from .boxes import paragraph, table

SOURCE = "book/reference/bench.json"


class BenchTable(SphinxDirective):
    """A row an operation: companion's and autograd's time over torch's at each size."""

    def run(self) -> list[nodes.Node]:
        self.env.note_dependency(SOURCE)
        measured = json.loads((Path(self.env.srcdir) / SOURCE).read_text(encoding="utf-8"))
        return [paragraph(nodes.Text(told(measured))), drawn(measured)]


def told(measured: dict) -> str:
    """Where it was measured and what came out, in two sentences."""
    machine, means = measured["machine"], measured["geometric mean"]
    return (
        f"Measured with {machine['threads']} threads on {machine['processor']}, NumPy "
        f"{machine['numpy']}, torch {machine['torch']}. The geometric mean over all operations and "
        f"sizes is {means['companion']:.2f} for the companion (at most {measured['limit']} is "
        f"asked of it) and {means['autograd']:.2f} for autograd."
    )


def drawn(measured: dict) -> nodes.table:
    """The ratios by operation and size."""
    ratios = {(r["operation"], tuple(r["size"])): r["ratios"] for r in measured["rows"]}
    sizes = list(dict.fromkeys(size for _, size in ratios))
    headings = ["forward and backward", *("{} × {}".format(*size) for size in sizes)]
    rows = []
    for operation in dict.fromkeys(name for name, _ in ratios):
        cells = [ratios[operation, size] for size in sizes]
        numbers = [f"{cell['companion']:.2f} | {cell['autograd']:.2f}" for cell in cells]
        rows.append([[nodes.Text(text)] for text in (operation, *numbers)])
    return table(headings, rows, classes="status")


def setup(app: Sphinx) -> None:
    app.add_directive("bench-table", BenchTable)
