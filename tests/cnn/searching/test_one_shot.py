"""Weight sharing: a path of the large network is the small network with the same weights."""

from itertools import product

import numpy as np
import pytest
import torch

from companion import nn, optim
from companion.cnn.searching.chain import OPERATIONS, chain
from companion.cnn.searching.one_shot import inherited, path_errors, refresh, supernet, train_paths
from companion.cnn.searching.space import Space
from companion.gradients.tensor import Tensor
from companion.training import engines

GENES = ("separable", "pool", "conv", "skip")
SPACE = Space([OPERATIONS] * 4)


def digits(n=60):
    rng = np.random.default_rng(0)
    return rng.normal(size=(n, 1, 14, 14)).astype(np.float32), rng.integers(10, size=n)


def values(network, x):
    x = torch.from_numpy(x) if engines.is_torch(network) else Tensor(x)
    with engines.no_grad(network):
        return engines.to_numpy(network(x))


@pytest.mark.parametrize("engine", [nn, torch.nn])
def test_a_path_computes_what_the_small_network_computes(engine):
    large = supernet(engine, channels=4).double()
    X = digits()[0].astype(float)
    for genes in (GENES, OPERATIONS, GENES[::-1]):
        small = inherited(engine, large, genes)
        large.path = genes
        for mode in (True, False):
            for network in (large, small):
                network.train(mode)
            np.testing.assert_allclose(values(large, X), values(small, X), atol=1e-10)


def test_both_engines_agree_and_exchange_weights():
    ours, theirs = supernet(nn, channels=4).double(), supernet(torch.nn, channels=4).double()
    X = digits()[0].astype(float)
    for give, take, to in (
        (ours, theirs, lambda a: torch.from_numpy(np.array(a))),
        (theirs, ours, lambda a: a.numpy()),
    ):
        for p in give.parameters():
            new = np.random.default_rng(3).normal(size=tuple(p.shape)) / 3
            p.data = new if give is ours else torch.from_numpy(new)
        take.load_state_dict({k: to(v) for k, v in give.state_dict().items()})
        for genes in (GENES, OPERATIONS):
            ours.path = theirs.path = genes
            np.testing.assert_allclose(values(ours, X), values(theirs, X), atol=1e-10)


@pytest.mark.parametrize(("engine", "optimizer", "loss"), [
    (nn, optim.Adam, nn.CrossEntropyLoss()),
    (torch.nn, torch.optim.Adam, torch.nn.CrossEntropyLoss()),
])  # fmt: skip
def test_an_update_touches_only_its_path(engine, optimizer, loss):
    engines.manual_seed(0)
    large = supernet(engine, channels=4)
    before = {k: engines.to_numpy(v).copy() for k, v in large.state_dict().items()}
    only = Space([(name,) for name in GENES])
    train_paths(large, only, optimizer(large.parameters(), lr=0.01), loss, digits(), 3,
                np.random.default_rng(0), size=20)  # fmt: skip
    used = {f"{k}.{OPERATIONS.index(name)}." for k, name in enumerate(GENES, 1)}
    for key, value in large.state_dict().items():
        on_path = key[:2] in ("0.", "5.") or key[:4] in used
        assert np.array_equal(before[key], engines.to_numpy(value)) != on_path, key


@pytest.mark.parametrize("engine", [nn, torch.nn])
def test_fresh_statistics_are_those_of_the_images(engine):
    network = chain(engine, GENES, channels=4).double()
    X = digits()[0].astype(float)
    momenta = network[0][1].momentum
    refresh(network, X)
    assert not network.training
    assert network[0][1].momentum == momenta
    first = values(network[0][0], X)
    mean = engines.to_numpy(network[0][1].running_mean)
    np.testing.assert_allclose(mean, first.mean(axis=(0, 2, 3)))
    np.testing.assert_allclose(
        engines.to_numpy(network[0][1].running_var), first.var(axis=(0, 2, 3)) * first[:, 0].size
        / (first[:, 0].size - 1),
    )  # fmt: skip


def test_errors_of_paths_are_those_of_the_small_networks():
    torch.manual_seed(0)
    large, (X, y) = supernet(torch.nn, channels=4), digits()
    paths = list(product(OPERATIONS, repeat=4))[::50]
    found = path_errors(large, paths, X, (X, y))
    assert list(found) == paths
    for genes in paths:
        small = refresh(inherited(torch.nn, large, genes), X)
        wrong = np.mean(values(small, X).argmax(axis=1) != y)
        assert found[genes] == pytest.approx(wrong, abs=0.02)


def test_a_trained_supernet_tells_networks_apart():
    """Images that one convolution can tell apart: paths with one are better than one of skips."""
    rng = np.random.default_rng(0)
    y = rng.integers(2, size=400)
    X = rng.normal(size=(400, 1, 14, 14)).astype(np.float32)
    lines = np.stack([np.eye(14), np.eye(14)[::-1]]).astype(np.float32)
    X += 1.5 * lines[y][:, None]
    engines.manual_seed(0)
    large = supernet(torch.nn, channels=4, classes=2)
    train_paths(large, SPACE, torch.optim.Adam(large.parameters(), lr=0.02),
                torch.nn.CrossEntropyLoss(), (X, y), 150, np.random.default_rng(0))  # fmt: skip
    found = path_errors(large, [("conv",) * 4], X, (X, y))
    assert found["conv", "conv", "conv", "conv"] < 0.1


def test_errors_say_what_is_wrong():
    large = supernet(nn, channels=4)
    with pytest.raises(ValueError, match="path None; set it to one operation for each of 4 slots"):
        large(Tensor(digits()[0]))
    large.path = ("conv",)
    with pytest.raises(ValueError, match="each of 4 slots"):
        large(Tensor(digits()[0]))
    with pytest.raises(ValueError, match="60 examples do not fill a mini-batch of 100"):
        train_paths(large, SPACE, optim.Adam(large.parameters()), nn.CrossEntropyLoss(), digits(),
                    1, np.random.default_rng(0), size=100)  # fmt: skip
