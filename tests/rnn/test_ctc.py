"""The loss against brute force over all paths and against torch, its refusals and edges."""

from itertools import product

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import log_softmax as scipy_log_softmax
from scipy.special import logsumexp

from companion.gradients.activations import log_softmax
from companion.gradients.tensor import Tensor
from companion.rnn.speech.ctc import CTCLoss, ctc_loss, lattice, with_blanks
from companion.rnn.speech.ctc_decoding import collapse

NEAR = {"rtol": 1e-10, "atol": 1e-10}


def drawn(frames, count, classes, seed):
    rng = np.random.default_rng(seed)
    return scipy_log_softmax(2 * rng.normal(size=(frames, count, classes)), axis=2)


def by_brute_force(log_probs, target, blank):
    """Sum over every path of (T, C) that collapses to the target."""
    frames, classes = log_probs.shape
    paths = [p for p in product(range(classes), repeat=frames) if collapse(p, blank) == target]
    scores = [sum(log_probs[t, k] for t, k in enumerate(path)) for path in paths]
    return logsumexp(scores) if scores else -np.inf


@pytest.mark.parametrize("frames", [1, 2, 4, 5])
@pytest.mark.parametrize("blank", [0, 2])
def test_the_sum_over_all_paths(frames, blank):
    log_probs = drawn(frames, 1, 3, frames)
    labels = [k for k in range(3) if k != blank]
    total = 0.0
    for size in range(frames + 1):
        for target in product(labels, repeat=size):
            loss = ctc_loss(
                log_probs, np.array([target], int), [frames], [size], blank=blank, reduction="sum"
            )
            expected = -by_brute_force(log_probs[:, 0], target, blank)
            np.testing.assert_allclose(loss.item(), expected, **NEAR)
            total += np.exp(-loss.item())
    np.testing.assert_allclose(total, 1.0, **NEAR)


def sizes(seed):
    """Frames, sequences, classes and lengths at random; some targets have no path."""
    rng = np.random.default_rng(seed)
    frames, count, classes = rng.integers([1, 1, 2], [12, 5, 5])
    said = rng.integers(0, 5, count)
    blank = int(rng.integers(classes))
    labels = [k for k in range(classes) if k != blank]
    rows = rng.choice(labels, (count, max(1, said.max())))
    heard = rng.integers(1, frames + 1, count)
    return rng.normal(size=(frames, count, classes)) * 2, rows, heard, said, blank


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 10_000), st.sampled_from(["none", "sum", "mean"]), st.booleans(), st.booleans()
)
def test_values_and_gradients_of_torch(seed, reduction, joined, zero_infinity):
    z, rows, heard, said, blank = sizes(seed)
    if joined:
        rows = rows[np.arange(rows.shape[1]) < said[:, None]]
    options = {"blank": blank, "reduction": reduction, "zero_infinity": zero_infinity}
    given_torch = torch.tensor(z, requires_grad=True)
    expected = torch.nn.CTCLoss(**options)(
        given_torch.log_softmax(2), torch.tensor(rows), torch.tensor(heard), torch.tensor(said)
    )
    ours = Tensor(z, requires_grad=True)
    loss = CTCLoss(**options)(log_softmax(ours, dim=2), rows, heard, said)
    np.testing.assert_allclose(loss.numpy(), expected.detach().numpy(), **NEAR)
    if not np.isfinite(loss.numpy()).all():
        return
    weights = np.random.default_rng(1).normal(size=loss.shape)
    (loss * weights).sum().backward()
    (expected * torch.tensor(weights)).sum().backward()
    np.testing.assert_allclose(ours.grad, given_torch.grad.numpy(), **NEAR)


def test_one_sequence_without_a_batch():
    log_probs = drawn(6, 1, 4, 0)[:, 0]
    for reduction in ("none", "sum", "mean"):
        loss = ctc_loss(log_probs, [1, 1, 3], 6, 3, reduction=reduction)
        expected = torch.nn.functional.ctc_loss(
            torch.tensor(log_probs),
            torch.tensor([1, 1, 3]),
            torch.tensor(6),
            torch.tensor(3),
            reduction=reduction,
        )
        assert loss.shape == tuple(expected.shape)
        np.testing.assert_allclose(loss.item(), expected.item(), **NEAR)


def test_targets_without_a_path():
    """Three equal letters take five frames; there are four."""
    z = np.random.default_rng(0).normal(size=(4, 2, 3))
    for zero_infinity in (False, True):
        given_z = Tensor(z, requires_grad=True)
        log_probs = log_softmax(given_z, dim=2)
        loss = ctc_loss(
            log_probs,
            [[1, 1, 1], [1, 2, 1]],
            [4, 4],
            [3, 3],
            reduction="none",
            zero_infinity=zero_infinity,
        )
        assert loss.numpy()[0] == (0 if zero_infinity else np.inf)
        assert np.isfinite(loss.numpy()[1])
        loss.sum().backward()
        if zero_infinity:
            assert not given_z.grad[:, 0].any()
        else:
            assert np.isnan(given_z.grad[:, 0]).all()
        assert np.isfinite(given_z.grad[:, 1]).all()
        assert given_z.grad[:, 1].any()


def test_a_label_that_cannot_be():
    """Probabilities of zero are no trouble, as long as one path is left."""
    p = np.array([[0.0, 1.0, 0.0], [0.5, 0.0, 0.5], [0.0, 0.0, 1.0]])
    with np.errstate(divide="ignore"):
        given_p = Tensor(np.log(p), requires_grad=True)
    loss = ctc_loss(given_p, [1, 2], 3, 2, reduction="sum")
    np.testing.assert_allclose(loss.item(), 0.0, atol=1e-12)  # both paths say it
    loss.backward()
    np.testing.assert_allclose(given_p.grad, -p, atol=1e-12)


def test_occupancies_of_each_frame_add_up_to_one():
    log_probs = drawn(9, 3, 4, 3)
    heard, said = np.array([9, 7, 4]), np.array([3, 0, 2])
    found = lattice(log_probs, np.array([[1, 1, 2], [0, 0, 0], [3, 3, 0]]), heard, said)
    share = found.occupancy().sum(axis=2)
    np.testing.assert_allclose(share, (np.arange(9)[:, None] < heard).astype(float), **NEAR)
    at_each = np.logaddexp.reduce(found.forward + found.backward, axis=2)
    for n, frames in enumerate(heard):
        np.testing.assert_allclose(at_each[:frames, n], found.log_likelihood[n], **NEAR)


def test_long_sequences_do_not_underflow():
    log_probs = drawn(3000, 1, 30, 0)
    targets = np.random.default_rng(0).integers(1, 30, (1, 200))
    ours = ctc_loss(log_probs.astype(np.float32), targets, [3000], [200])
    theirs = torch.nn.functional.ctc_loss(
        torch.tensor(log_probs),
        torch.tensor(targets),
        torch.tensor([3000]),
        torch.tensor([200]),
    )
    assert ours.dtype == np.float32
    np.testing.assert_allclose(ours.item(), theirs.item(), rtol=1e-6)


def test_with_blanks():
    np.testing.assert_array_equal(with_blanks(np.array([[5, 7]]), 9), [[9, 5, 9, 7, 9]])
    np.testing.assert_array_equal(with_blanks(np.zeros((2, 0), int)), [[0], [0]])


@pytest.mark.parametrize(
    ("given_targets", "heard", "said", "message"),
    [
        ([[1, 2]], [4], [3], r"target_lengths \[3\] in"),
        ([[1, 2]], [5], [2], "4, the number of frames"),
        ([[1, 2]], [0], [2], "at least 1"),
        ([[1, 2]], [4], [-1], "at least 0"),
        ([[1, 2]], [4, 4], [2], "expected 1 whole numbers"),
        ([[1, 2]], [4], [1.5], "whole numbers"),
        ([[1, 0]], [4], [2], "label 0 in targets"),
        ([[1, 3]], [4], [2], "label 3 in targets"),
        ([1, 2, 1], [4], [2], "the sum of target_lengths"),
    ],
)
def test_refusals(given_targets, heard, said, message):
    with pytest.raises(ValueError, match=message):
        ctc_loss(drawn(4, 1, 3, 0), given_targets, heard, said)


def test_refusals_of_options_and_scores():
    log_probs = drawn(4, 1, 3, 0)
    with pytest.raises(ValueError, match="reduction"):
        CTCLoss(reduction="median")
    with pytest.raises(ValueError, match="blank=3"):
        ctc_loss(log_probs, [[1]], [4], [1], blank=3)
    with pytest.raises(ValueError, match="expected"):
        ctc_loss(log_probs[None], [[1]], [4], [1])
    with pytest.raises(TypeError, match="floating-point"):
        ctc_loss(np.zeros((4, 1, 3), int), [[1]], [4], [1])
