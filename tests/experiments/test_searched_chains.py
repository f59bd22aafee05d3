"""The table of all networks: whole, still what the script finds, and looked up as promised."""

from itertools import product

import numpy as np
import pytest
import torch
from scipy.stats import spearmanr

from companion import nn, optim
from companion.cnn.searching import one_shot
from companion.cnn.searching.chain import OPERATIONS, SLOTS, chain, multiply_adds
from companion.cnn.searching.space import Space
from companion.experiments.cnn import chain_table
from companion.experiments.cnn import searched_chains as chains
from companion.experiments.cnn.digit_readers import misread

pytestmark = pytest.mark.reads("companion/experiments/cnn/searched_chains.json")


@pytest.fixture(scope="module")
def table():
    return chain_table.stored()


@pytest.fixture(scope="module")
def digits():
    return chains.images()


def test_the_stored_table_is_whole(table):
    fit = {g for g in product(OPERATIONS, repeat=SLOTS) if multiply_adds(g) <= chains.LIMIT}
    assert set(table.genes) == fit
    assert len(table.genes) == 189
    seeds = len(chains.SEEN) + len(chains.JUDGES)
    assert table.dev.shape == table.test.shape == (189, seeds)
    assert table.short.shape == (189, len(chains.SEEN))
    assert table.shared.shape == (len(chains.SHARED), len(chains.UPDATES), 189)
    for part in table[1:]:
        assert ((part >= 0) & (part <= 1)).all()


def test_seeds_do_not_judge_themselves():
    assert not set(chains.SEEN) & set(chains.JUDGES)


@pytest.mark.parametrize("letters", ["csss", "s-p-"])
def test_the_script_still_finds_what_is_stored(table, digits, letters):
    """One training of two networks; last bits may grow on other machines."""
    genes = chains.read(letters)
    row = table.genes.index(genes)
    got = chains.train(lambda: chain(torch.nn, genes), torch.optim.Adam,
                       torch.nn.functional.cross_entropy, 0, digits)  # fmt: skip
    np.testing.assert_allclose(got, (table.dev[row, 0], table.test[row, 0]), atol=0.05)


def test_shared_weights_still_order_networks_as_stored(table, digits):
    space = Space([OPERATIONS] * SLOTS, set(table.genes).__contains__)
    some = table.genes[::8]
    network = chains.shared(one_shot, torch, space, digits, 0, chains.UPDATES[0])
    train = digits["train"][0][: chains.STATISTICS]
    got = one_shot.path_errors(network, some, train, digits["dev"])
    assert spearmanr(list(got.values()), table.shared[0, 0, ::8]).statistic > 0.9


def test_more_products_read_better(table):
    """What any working table must show: a full convolution and others beat four skips by far."""
    truth = table.truth()
    full = ("conv", "separable", "separable", "separable")
    assert truth[full] < 0.5 * truth[("skip",) * 4]
    costs = [multiply_adds(genes) for genes in truth]
    assert spearmanr(costs, list(truth.values())).statistic < -0.4


def test_architectures_that_are_one_network_have_one_row(table, digits):
    """Skips have no weights, so that from one seed the same network is trained."""
    for part in (table.dev, table.test, table.short):
        rows = {}
        for genes, row in zip(table.genes, part.tolist(), strict=True):
            assert rows.setdefault(chains.without_skips(genes), row) == row
        assert len(rows) == 80
    few = {name: (X[:100], y[:100]) for name, (X, y) in digits.items()}
    ends = {
        chains.train(lambda g=g: chain(torch.nn, g), torch.optim.Adam,
                     torch.nn.functional.cross_entropy, 0, few, epochs=1)
        for g in (("conv", "skip", "pool"), ("conv", "pool"), ("skip", "conv", "pool", "skip"))
    }  # fmt: skip
    assert len(ends) == 1


def test_letters_go_both_ways():
    for genes in product(OPERATIONS, repeat=2):
        assert chains.read(chains.written(genes)) == genes


def test_both_engines_can_be_trained(digits):
    few = {name: (X[:200], y[:200]) for name, (X, y) in digits.items()}
    for engine, optimizer, loss in (
        (nn, optim.Adam, nn.CrossEntropyLoss()),
        (torch.nn, torch.optim.Adam, torch.nn.CrossEntropyLoss()),
    ):
        dev, _ = chains.train(lambda engine=engine: chain(engine, ("conv", "skip")),
                              optimizer, loss, 0, few, epochs=25)  # fmt: skip
        assert dev < 0.5


def test_errors_are_shares():
    class Constant(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.w = torch.nn.Parameter(torch.eye(10)[3])

        def forward(self, x):
            return self.w.expand(len(x), 10)

    X = np.zeros((4, 1, 14, 14), np.float32)
    assert misread(Constant(), X, np.array([3, 3, 1, 2])) == 0.5
