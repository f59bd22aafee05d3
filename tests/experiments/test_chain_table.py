"""The table of all networks: what a search sees of it, and what it is judged by, are apart."""

import numpy as np
import pytest

from companion.experiments.cnn import chain_table
from companion.experiments.cnn.searched_chains import JUDGES, SEEN

pytestmark = pytest.mark.reads("companion/experiments/cnn/searched_chains.json")


@pytest.fixture(scope="module")
def table():
    return chain_table.stored()


def test_truth_and_trainer_read_different_trainings(table):
    changed = table._replace(dev=table.dev * 0, test=table.test.copy())
    changed.test[:, : len(SEEN)] = 1
    assert changed.truth() == table.truth()
    assert table.test.shape[1] == len(SEEN) + len(JUDGES)
    genes = table.genes[7]
    trainer = table.trainer(np.random.default_rng(0))
    seen = {trainer(genes) for _ in range(60)}
    assert seen == set(table.dev[7, : len(SEEN)])
    assert table.truth()[genes] == pytest.approx(table.test[7, len(SEEN) :].mean())


def test_searches_repeat_with_other_dice(table):
    def search(train, budget, rng):
        return [(rng.random(), train(table.genes[0])) for _ in range(budget)]

    first, second = chain_table.repeated(search, table, 2, 30)
    assert first != second
    assert [first, second] == chain_table.repeated(search, table, 2, 30)


def test_several_networks_have_the_mean_of_their_errors(table):
    two = table.genes[3] + table.genes[90]
    assert chain_table.parts(two) == [table.genes[3], table.genes[90]]
    trainer = table.trainer(np.random.default_rng(1))
    seen = {round(trainer(two), 6) for _ in range(200)}
    rows = table.dev[[3, 90], : len(SEEN)]
    assert seen == {round((a + b) / 2, 6) for a in rows[0].tolist() for b in rows[1].tolist()}
    with pytest.raises(ValueError, match="5 genes; expected a multiple of 4"):
        chain_table.parts(two[:5])
