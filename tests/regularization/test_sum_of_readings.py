"""The probabilities of a sum are those of a convolution; torch derives the same gradients."""

import numpy as np
import pytest
import torch
from scipy.special import softmax

from companion.gradients.tensor import Tensor
from companion.regularization.sum_of_readings import log_probabilities_of_sum


@pytest.mark.parametrize(("first", "second"), [(10, 10), (3, 5), (1, 4), (1, 1)])
def test_the_probabilities_of_a_sum_are_a_convolution(first, second):
    rng = np.random.default_rng(first)
    a, b = rng.normal(size=(6, first)), 4 * rng.normal(size=(6, second))
    found = np.exp(log_probabilities_of_sum(Tensor(a), Tensor(b)).numpy())
    for row, p, q in zip(found, softmax(a, axis=1), softmax(b, axis=1), strict=True):
        np.testing.assert_allclose(row, np.convolve(p, q), rtol=1e-12)


def test_gradients_equal_those_of_torch():
    rng = np.random.default_rng(0)
    a, b, weight = rng.normal(size=(5, 10)), rng.normal(size=(5, 10)), rng.normal(size=(5, 19))
    ours = [Tensor(x, requires_grad=True) for x in (a, b)]
    (log_probabilities_of_sum(*ours) * Tensor(weight)).sum().backward()
    theirs = [torch.tensor(x, requires_grad=True) for x in (a, b)]
    p, q = (x.softmax(dim=1) for x in theirs)
    columns = [
        sum(p[:, i] * q[:, k - i] for i in range(max(0, k - 9), min(k, 9) + 1)) for k in range(19)
    ]
    (torch.stack(columns, dim=1).log() * torch.tensor(weight)).sum().backward()
    for mine, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(mine.grad, other.grad.numpy(), rtol=1e-10, atol=1e-12)


def test_huge_scores_give_finite_log_probabilities_and_gradients():
    a, b = Tensor(np.eye(3) * 1e4, requires_grad=True), Tensor(-np.eye(3) * 1e4)
    out = log_probabilities_of_sum(a, b)
    out.sum().backward()
    assert np.isfinite(out.numpy()).all()
    assert np.isfinite(a.grad).all()
    np.testing.assert_allclose(np.exp(out.numpy()).sum(axis=1), 1)


def test_no_examples_give_no_rows():
    out = log_probabilities_of_sum(Tensor(np.zeros((0, 3))), Tensor(np.zeros((0, 4))))
    assert out.shape == (0, 6)


@pytest.mark.parametrize("shapes", [((2, 3), (3, 3)), ((3,), (3,)), ((2, 0), (2, 3))])
def test_scores_that_do_not_fit_are_named(shapes):
    with pytest.raises(ValueError, match=r"expected \(N, I\) and \(N, J\)"):
        log_probabilities_of_sum(*(Tensor(np.zeros(shape)) for shape in shapes))
