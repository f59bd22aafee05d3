"""Pupils side by side: each is the network that it would be alone."""

import numpy as np
import pytest
import torch

from companion.experiments.cnn.pupils import alone, pupils, scores, teach
from companion.experiments.cnn.trained_reader import reader
from companion.training import manual_seed, predict

RNG = np.random.default_rng(0)
IMAGES = RNG.random((60, 1, 28, 28)).astype(np.float32)
LABELS = np.eye(10)[RNG.integers(0, 10, 60)]
SOFT = RNG.dirichlet(np.ones(10), 60)


def taught(seeds, targets, T, chosen, steps=6):
    network = pupils(torch.nn, seeds, width=2, hidden=4)
    optimizer = torch.optim.SGD(network.parameters(), lr=0.05)
    return teach(network, optimizer, IMAGES, targets, T, chosen, seeds, steps=steps, batch=20)


def test_a_pupil_begins_like_a_reader_of_its_seed():
    network = pupils(torch.nn, [3, 1, 3], width=2, hidden=4)
    for k, seed in enumerate((3, 1, 3)):
        manual_seed(seed)
        single = reader(torch.nn, 2, 4)
        taken = alone(torch.nn, network, k, 3)
        for a, b in zip(single.parameters(), taken.parameters(), strict=True):
            assert torch.equal(a, b)


def test_alone_reads_like_side_by_side():
    network = taught([0, 1, 2], [LABELS, SOFT, SOFT], [1, 2, 4], [range(60)] * 3)
    found = scores(network, IMAGES, 3)
    assert found.shape == (3, 60, 10)
    for k in range(3):
        single = predict(alone(torch.nn, network, k, 3), IMAGES)
        np.testing.assert_allclose(single, found[k], atol=1e-5)


def test_no_pupil_sees_another():
    both = taught([0, 1], [LABELS, SOFT], [1, 4], [range(30), range(60)])
    one = taught([1], [SOFT], [4], [range(60)])
    np.testing.assert_allclose(scores(both, IMAGES, 2)[1], scores(one, IMAGES, 1)[0], atol=1e-4)


def test_one_step_is_the_step_of_torch_on_the_loss_of_the_page():
    T = 4.0
    manual_seed(5)
    single = reader(torch.nn, 2, 4)
    step = torch.optim.SGD(single.parameters(), lr=0.05)
    x, q = torch.from_numpy(IMAGES), torch.from_numpy(SOFT.astype(np.float32))
    (torch.nn.functional.cross_entropy(single(x) / T, q) * T * T).backward()
    step.step()
    network = pupils(torch.nn, [5], width=2, hidden=4)
    optimizer = torch.optim.SGD(network.parameters(), lr=0.05)
    teach(network, optimizer, IMAGES, [SOFT], [T], [range(60)], [5], steps=1, batch=60)
    for a, b in zip(single.parameters(), alone(torch.nn, network, 0, 1).parameters(), strict=True):
        np.testing.assert_allclose(a.detach(), b.detach(), atol=1e-5)


def test_an_image_that_is_not_chosen_is_never_seen():
    poisoned = IMAGES.copy()
    poisoned[40:] = np.nan
    network = pupils(torch.nn, [0], width=1, hidden=2)
    optimizer = torch.optim.SGD(network.parameters(), lr=0.05)
    teach(network, optimizer, poisoned, [LABELS], [1], [range(40)], [0], steps=5, batch=30)
    assert np.isfinite(scores(network, IMAGES, 1)).all()


def test_errors():
    with pytest.raises(ValueError, match="no seeds"):
        pupils(torch.nn, [])
    with pytest.raises(ValueError, match="width 0"):
        pupils(torch.nn, [0], width=0)
    with pytest.raises(IndexError, match="pupil 2 of 2"):
        alone(torch.nn, pupils(torch.nn, [0, 1], 1, 1), 2, 2)
