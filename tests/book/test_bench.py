"""The tables of speeds that the status page shows are whole, and say what their rows say."""

import json
from math import log

import pytest

from book._ext.bench import SOURCES, on_threads, operations, optimizers, told
from book.pipeline.layout import HOME
from tests.benchmarks import bench_convolution, bench_engine, bench_optimizers, bench_recurrence

from .conftest import REAL_BOOK

pytestmark = pytest.mark.reads(*REAL_BOOK)

MEASURED = {
    what: json.loads((HOME / source).read_text(encoding="utf-8"))
    for what, source in SOURCES.items()
}
BENCHMARKS = {
    "engine": bench_engine,
    "optimizers": bench_optimizers,
    "convolution": bench_convolution,
    "recurrence": bench_recurrence,
}
ON_THREADS = ["convolution", "recurrence"]


def test_every_operation_was_measured_at_every_size():
    cells = [(row["operation"], tuple(row["size"])) for row in MEASURED["engine"]["rows"]]
    assert sorted(cells) == sorted(
        (name, size) for name in bench_engine.OPERATIONS for size in bench_engine.SIZES
    )


@pytest.mark.parametrize("what", ON_THREADS)
def test_every_row_was_measured(what):
    rows = MEASURED[what]["rows"]
    assert [row["operation"] for row in rows] == BENCHMARKS[what].NAMES
    mean = MEASURED[what]["geometric mean"]["companion"]
    assert mean == pytest.approx(BENCHMARKS[what].mean_of(rows))


def test_every_optimizer_was_measured():
    assert [row["optimizer"] for row in MEASURED["optimizers"]["rows"]] == bench_optimizers.LABELS


@pytest.mark.parametrize(
    ("what", "engine"),
    [("engine", "companion"), ("engine", "autograd"), ("optimizers", "companion")],
)
def test_the_mean_is_that_of_the_rows(what, engine):
    logs = [log(row["ratios"][engine]) for row in MEASURED[what]["rows"]]
    mean = MEASURED[what]["geometric mean"][engine]
    assert log(mean) == pytest.approx(sum(logs) / len(logs))


@pytest.mark.parametrize("what", SOURCES)
def test_the_companion_keeps_its_promise(what):
    assert MEASURED[what]["limit"] == BENCHMARKS[what].LIMIT
    assert MEASURED[what]["geometric mean"]["companion"] <= BENCHMARKS[what].LIMIT


@pytest.mark.parametrize("what", SOURCES)
def test_the_benchmark_writes_where_the_page_reads(what):
    assert HOME / SOURCES[what] == BENCHMARKS[what].TABLE


def test_page_shows_all_of_it():
    shown = operations(MEASURED["engine"]).astext()
    assert all(name in shown for name in bench_engine.OPERATIONS)
    shown = optimizers(MEASURED["optimizers"]).astext()
    for row in MEASURED["optimizers"]["rows"]:
        assert row["optimizer"] in shown
        assert f"{row['ratios']['companion']:.2f}" in shown
    for what in ON_THREADS:
        shown = on_threads(MEASURED[what]).astext()
        assert all(name in shown for name in BENCHMARKS[what].NAMES)
    for measured in MEASURED.values():
        assert f"{measured['geometric mean']['companion']:.2f}" in told(measured)
