"""Networks on wrong labels are measured where they say, and judged by what they have not seen."""

import numpy as np
import pytest
import torch

from companion import optim
from companion.experiments.regularization import wrong_labels as wl
from companion.experiments.regularization.small_sets import (
    errors,
    learn,
    losses_of_labels,
    network,
)
from companion.experiments.side_by_side import SideBySide
from companion.gradients.tensor import Tensor

SIZES = (5, 16, 3)
RNG = np.random.default_rng(0)
CENTRES = 2 * RNG.normal(size=(3, 5))


def blobs(*shape):
    y = RNG.integers(3, size=shape)
    return (CENTRES[y] + RNG.normal(size=(*shape, 5))).astype("float32"), y


X, TRUE = blobs(2, 60)
GIVEN = np.where(np.arange(60) % 5 == 0, (TRUE + 1) % 3, TRUE)
DEV, TEST = blobs(80), blobs(90)
OPTIONS = {"batch": 10, "epochs": 12}


def adam(parameters):
    return optim.Adam(parameters, lr=0.02)


def net(seed):
    return network(seed, SIZES)


def test_stopped_is_the_test_error_of_the_epoch_with_the_least_dev_error():
    found = wl.stopped_and_last([net(0), net(1)], X, GIVEN, adam, DEV, TEST, **OPTIONS)
    for r in range(2):
        alone = wl.stopped_and_last(
            [net(0), net(1)], X, GIVEN, adam, DEV, TEST, batch=10, epochs=int(found.epoch[r])
        )
        np.testing.assert_allclose(alone.last[r], found.stopped[r])
    networks = SideBySide([net(0), net(1)])
    dev = []
    learn(networks, X, GIVEN, adam(networks.parameters()), **OPTIONS,
          watch=lambda epoch: dev.append(errors(networks, *DEV)))
    np.testing.assert_array_equal(found.epoch, np.argmin(dev, axis=0))
    np.testing.assert_allclose(found.last, errors(networks, *TEST))


def test_fitted_counts_right_labels_and_wrong_ones_apart():
    networks, fitted = wl.what_is_fitted([net(0), net(1)], X, GIVEN, TRUE, adam, **OPTIONS)
    assert fitted.right.shape == (13, 2)
    says = networks(Tensor(X)).numpy().argmax(axis=-1)
    wrong = GIVEN != TRUE
    for r in range(2):
        np.testing.assert_allclose(fitted.right[-1, r], np.mean((says == TRUE)[r][~wrong[r]]))
        np.testing.assert_allclose(fitted.by_heart[-1, r], np.mean((says == GIVEN)[r][wrong[r]]))
        np.testing.assert_allclose(fitted.seen_through[-1, r], np.mean((says == TRUE)[r][wrong[r]]))


def test_losses_are_torch_s():
    networks = SideBySide([net(0), net(1)])
    found = losses_of_labels(networks, X, GIVEN)
    scores = torch.tensor(networks(Tensor(X)).numpy()).reshape(-1, 3)
    expected = torch.nn.functional.cross_entropy(
        scores, torch.tensor(GIVEN).reshape(-1), reduction="none"
    )
    np.testing.assert_allclose(found.ravel(), expected.numpy(), rtol=1e-5, atol=1e-6)


def test_a_held_out_loss_does_not_depend_on_its_own_label():
    one = GIVEN.copy()
    one[0, 7] = (one[0, 7] + 1) % 3
    first, other = (
        wl.held_out_losses(net, X, g, adam, folds=3, batch=10, epochs=4) for g in (GIVEN, one)
    )
    same = np.arange(60) // 20 == 0  # the fold of example 7, judged by a network without it
    same[7] = False
    np.testing.assert_array_equal(first[0, same], other[0, same])
    assert first[0, 7] != other[0, 7]
    assert (first[0, 20:] != other[0, 20:]).any()
    np.testing.assert_array_equal(first[1], other[1])


def test_a_held_out_loss_is_that_of_a_network_trained_alone_on_the_rest():
    found = wl.held_out_losses(net, X[:1], GIVEN[:1], adam, folds=2, batch=30, epochs=3)
    networks = SideBySide([net(1)])
    learn(networks, X[:1, :30], GIVEN[:1, :30], adam(networks.parameters()), batch=30, epochs=3)
    alone = losses_of_labels(networks, X[:1, 30:], GIVEN[:1, 30:])
    np.testing.assert_allclose(found[0, 30:], alone[0], rtol=1e-4)


@pytest.mark.parametrize("folds", [1, 7])
def test_folds_must_be_equal_and_more_than_one(folds):
    with pytest.raises(ValueError, match=f"60 examples make no {folds} equal folds"):
        wl.held_out_losses(net, X, GIVEN, adam, folds=folds, epochs=1)
