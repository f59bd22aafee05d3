"""Positions: closed forms, complex multiplication, torch's operations, and what they promise."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.gradients.tensor import Tensor
from companion.rnn.attention.positions import (
    LearnedPositions,
    frequencies,
    rotary,
    sinusoidal_positions,
)
from tests.parity.agreement import CLOSE, agree


@pytest.mark.parametrize(("features", "base"), [(2, 10_000.0), (8, 10_000.0), (6, 100.0)])
def test_waves_are_those_of_the_paper(features, base):
    table = sinusoidal_positions(12, features, base=base)
    assert table.dtype == np.float32
    for pos in range(12):
        for i in range(features // 2):
            angle = pos / base ** (2 * i / features)
            assert math.isclose(table[pos, 2 * i], math.sin(angle), abs_tol=1e-6)
            assert math.isclose(table[pos, 2 * i + 1], math.cos(angle), abs_tol=1e-6)


def test_products_of_waves_depend_on_the_distance_alone():
    """sin a sin b + cos a cos b = cos(a − b), summed over frequencies."""
    table = sinusoidal_positions(40, 16).astype(float)
    expected = [np.cos(d * frequencies(16)).sum() for d in range(40)]
    for a in range(40):
        for b in range(a + 1):
            assert abs(table[a] @ table[b] - expected[a - b]) < 1e-4


@pytest.mark.parametrize("make", [sinusoidal_positions, lambda n, e, first=0: turned(n, e, first)])
def test_a_later_first_place_is_a_part_of_the_whole(make):
    np.testing.assert_allclose(make(3, 8, first=5), make(8, 8)[5:], rtol=1e-6, atol=1e-7)


def turned(steps, features, first):
    return rotary(np.ones((steps, features)), first).numpy()


def by_complex_numbers(x, first=0, base=10_000.0):
    """Each pair of features is a complex number, which is multiplied by e^(i m θ)."""
    steps, features = x.shape[-2:]
    theta = base ** (-np.arange(features // 2) * 2 / features)
    angles = np.outer(np.arange(first, first + steps), theta)
    z = (x[..., 0::2] + 1j * x[..., 1::2]) * np.exp(1j * angles)
    out = np.empty_like(x)
    out[..., 0::2], out[..., 1::2] = z.real, z.imag
    return out


@settings(deadline=None, max_examples=30)
@given(
    st.lists(st.integers(1, 4), max_size=2),
    st.integers(1, 9),
    st.integers(1, 5),
    st.integers(0, 300),
    st.sampled_from([10.0, 10_000.0]),
)
def test_turns_are_complex_multiplication(front, steps, pairs, first, base):
    x = np.random.default_rng(steps).normal(size=(*front, steps, 2 * pairs))
    np.testing.assert_allclose(
        rotary(x, first, base).numpy(), by_complex_numbers(x, first, base), rtol=1e-9, atol=1e-12
    )


def test_the_way_back_of_turns_is_torchs():
    def theirs(x):
        z = torch.view_as_complex(x.reshape(*x.shape[:-1], -1, 2))
        theta = 10_000.0 ** (-torch.arange(0, 6, 2, dtype=torch.float64) / 6)
        angles = torch.outer(torch.arange(5, dtype=torch.float64), theta)
        return torch.view_as_real(z * torch.polar(torch.ones_like(angles), angles)).flatten(-2)

    agree(rotary, theirs, np.random.default_rng(0).normal(size=(2, 3, 5, 6)))


def test_scores_of_turned_vectors_depend_on_the_distance_alone():
    """The same query and key at all pairs of places: constant along diagonals."""
    rng = np.random.default_rng(1)
    q, k = (np.tile(rng.normal(size=8), (30, 1)) for _ in range(2))
    scores = rotary(q).numpy() @ rotary(k).numpy().T
    for distance in range(-29, 30):
        diagonal = np.diagonal(scores, distance)
        np.testing.assert_allclose(diagonal, diagonal[0], **CLOSE)
    moved = rotary(q, 1000).numpy() @ rotary(k, 1000).numpy().T
    np.testing.assert_allclose(moved, scores, rtol=1e-9, atol=1e-9)
    assert np.ptp(scores[:, 0]) > 0.1


def test_turning_changes_no_length_and_nothing_at_place_0():
    x = np.random.default_rng(2).normal(size=(7, 4))
    out = rotary(x).numpy()
    np.testing.assert_allclose(np.linalg.norm(out, axis=1), np.linalg.norm(x, axis=1), rtol=1e-12)
    np.testing.assert_array_equal(out[0], x[0])


def test_learned_rows_are_added_and_get_the_sum_of_the_gradients():
    layer = LearnedPositions(6, 4).double()
    theirs = torch.nn.Embedding(6, 4).double()
    theirs.load_state_dict({"weight": torch.tensor(layer.state_dict()["table.weight"])})
    x = np.random.default_rng(3).normal(size=(3, 4, 4))
    ours, other = Tensor(x, requires_grad=True), torch.tensor(x, requires_grad=True)
    got, expected = layer(ours), other + theirs(torch.arange(4))
    np.testing.assert_allclose(got.numpy(), expected.detach().numpy(), **CLOSE)
    (got**2).sum().backward()
    (expected**2).sum().backward()
    np.testing.assert_allclose(ours.grad, other.grad.numpy(), **CLOSE)
    np.testing.assert_allclose(layer.table.weight.grad, theirs.weight.grad.numpy(), **CLOSE)
    np.testing.assert_array_equal(
        layer(Tensor(x[:, :2]), 2).numpy(), (x[:, :2] + layer.table.weight.numpy()[2:4])
    )


def test_single_precision_stays_single():
    x = np.ones((2, 3, 4), np.float32)
    assert rotary(x).dtype == LearnedPositions(3, 4)(Tensor(x)).dtype == np.float32


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: sinusoidal_positions(4, 5), "5 features do not part into pairs"),
        (lambda: sinusoidal_positions(4, 0), "0 features"),
        (lambda: sinusoidal_positions(0, 4), "0 places"),
        (lambda: sinusoidal_positions(3, 4, first=-1), "3 places from -1 on"),
        (lambda: rotary(np.ones((3, 5))), "5 features do not part into pairs"),
        (lambda: rotary(np.ones(4)), r"rotary: \(4,\); expected"),
        (lambda: rotary(np.ones((0, 4))), "0 places"),
        (lambda: LearnedPositions(4, 2)(Tensor(np.ones((5, 2)))), "places 0 … 4, .* 0 … 3"),
        (lambda: LearnedPositions(4, 2).forward(Tensor(np.ones((2, 2))), 3), "places 3 … 4"),
        (lambda: LearnedPositions(4, 2).forward(Tensor(np.ones((2, 2))), -1), "places -1"),
        (lambda: sinusoidal_positions(3, 4, first=0.5), "from 0.5 on; expected whole numbers"),
        (lambda: sinusoidal_positions(2.5, 4), "2.5 places"),
        (lambda: sinusoidal_positions(3, 4, base=-2.0), "base=-2.0; expected a positive number"),
        (lambda: rotary(np.ones((3, 4), int)), "rotary: int64; expected floats"),
        (
            lambda: LearnedPositions(4, 2)(Tensor(np.ones((3, 1)))),
            r"\(3, 1\); expected \(…, T, 2\)",
        ),
        (lambda: LearnedPositions(4, 2)(Tensor(np.ones(2))), r"\(2,\); expected"),
        (lambda: LearnedPositions(0, 2), "expected at least 1"),
    ],
)
def test_what_cannot_be_is_refused(call, says):
    with pytest.raises(ValueError, match=says):
        call()
