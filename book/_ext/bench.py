"""What `make bench` measured, as tables: the companion's time over torch's."""

from __future__ import annotations

import json
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from .boxes import paragraph, table

SOURCES = {
    "engine": "book/reference/bench.json",
    "optimizers": "book/reference/bench_optimizers.json",
    "convolution": "book/reference/bench_convolution.json",
    "recurrence": "book/reference/bench_recurrence.json",
}
"""What the directive is given → where its numbers are."""


class BenchTable(SphinxDirective):
    """``engine``: a row an operation, a column a size; the others: a row for each thing done."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        what = self.arguments[0]
        if what not in SOURCES:
            raise self.error(f"bench-table: {what!r} was not measured; choose from {[*SOURCES]}")
        self.env.note_dependency(SOURCES[what])
        source = Path(self.env.srcdir) / SOURCES[what]
        measured = json.loads(source.read_text(encoding="utf-8"))
        draw = {"engine": operations, "optimizers": optimizers}.get(what, on_threads)
        return [paragraph(nodes.Text(told(measured))), draw(measured)]


def told(measured: dict) -> str:
    """Where it was measured and what came out, in two sentences."""
    machine, means = measured["machine"], measured["geometric mean"]
    threads = "one thread" if machine["threads"] == 1 else f"{machine['threads']} threads"
    others = "".join(f" and {mean:.2f} for {e}" for e, mean in means.items() if e != "companion")
    return (
        f"Measured with {threads} on {machine['processor']}, NumPy {machine['numpy']}, torch "
        f"{machine['torch']}. The geometric mean over {measured.get('of', 'all rows')} is "
        f"{means['companion']:.2f} for the companion (at most {measured['limit']} is asked of "
        f"it){others}."
    )


def operations(measured: dict) -> nodes.table:
    """The ratios by operation and size."""
    ratios = {(r["operation"], tuple(r["size"])): r["ratios"] for r in measured["rows"]}
    sizes = list(dict.fromkeys(size for _, size in ratios))
    headings = ["forward and backward", *("{} × {}".format(*size) for size in sizes)]
    rows = []
    for operation in dict.fromkeys(name for name, _ in ratios):
        cells = [ratios[operation, size] for size in sizes]
        rows.append(
            [operation, *(f"{cell['companion']:.2f} | {cell['autograd']:.2f}" for cell in cells)]
        )
    return _table(headings, rows)


def optimizers(measured: dict) -> nodes.table:
    """Milliseconds of both engines and the ratio, by optimizer."""
    rows = []
    for row in measured["rows"]:
        times = (f"{row['milliseconds'][engine]:.2f}" for engine in ("companion", "torch"))
        rows.append([row["optimizer"], *times, f"{row['ratios']['companion']:.2f}"])
    return _table(["one step", "companion (ms)", "torch (ms)", "ratio"], rows)


def on_threads(measured: dict) -> nodes.table:
    """Milliseconds of both engines on one thread, and the ratio on one and on two."""
    rows = []
    for row in measured["rows"]:
        times = (f"{row['milliseconds'][engine]:.1f}" for engine in ("companion", "torch"))
        ratios = (f"{row['ratios'][threads]:.2f}" for threads in ("1", "2"))
        rows.append([row["operation"], *times, *ratios])
    headings = ["forward and backward", "companion (ms)", "torch (ms)", "ratio", "two threads"]
    return _table(headings, rows)


def _table(headings: list[str], rows: list[list[str]]) -> nodes.table:
    return table(headings, [[[nodes.Text(t)] for t in row] for row in rows], classes="status")


def setup(app: Sphinx) -> None:
    app.add_directive("bench-table", BenchTable)
