"""The table of speeds that the status page shows is whole, and says what its rows say."""

import json
from math import log

import pytest

from book._ext.bench import SOURCE, drawn, told
from book.pipeline.layout import HOME
from tests.benchmarks.bench_engine import LIMIT, OPERATIONS, SIZES

MEASURED = json.loads((HOME / SOURCE).read_text(encoding="utf-8"))


def test_every_operation_was_measured_at_every_size():
    cells = [(row["operation"], tuple(row["size"])) for row in MEASURED["rows"]]
    assert sorted(cells) == sorted((name, size) for name in OPERATIONS for size in SIZES)


@pytest.mark.parametrize("engine", ["companion", "autograd"])
def test_the_mean_is_that_of_the_rows(engine):
    logs = [log(row["ratios"][engine]) for row in MEASURED["rows"]]
    assert log(MEASURED["geometric mean"][engine]) == pytest.approx(sum(logs) / len(logs))


def test_the_companion_keeps_its_promise():
    assert MEASURED["limit"] == LIMIT
    assert MEASURED["geometric mean"]["companion"] <= LIMIT


def test_page_shows_all_of_it():
    shown = drawn(MEASURED).astext()
    assert all(name in shown for name in OPERATIONS)
    assert f"{MEASURED['geometric mean']['companion']:.2f}" in told(MEASURED)
