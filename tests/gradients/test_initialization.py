"""Fresh weights against torch's and against the closed forms of their distributions."""

import numpy as np
import pytest
import torch
from scipy import stats

from companion import nn
from companion.gradients.generator import manual_seed
from companion.gradients.initialization import GAINS
from companion.gradients.tensor import Tensor

SHAPE = (300, 400)
CONV = (60, 50, 5, 5)
# name, arguments, closed form of the standard deviation for shape (out, in, kernel)
RULES = [
    ("normal_", {"mean": 0.5, "std": 2.0}, lambda o, i: 2.0),
    ("uniform_", {"a": -1.0, "b": 3.0}, lambda o, i: 4 / 12**0.5),
    ("xavier_uniform_", {}, lambda o, i: (2 / (i + o)) ** 0.5),
    ("xavier_uniform_", {"gain": 5 / 3}, lambda o, i: 5 / 3 * (2 / (i + o)) ** 0.5),
    ("xavier_normal_", {"gain": 3.0}, lambda o, i: 3 * (2 / (i + o)) ** 0.5),
    ("kaiming_uniform_", {}, lambda o, i: (2 / i) ** 0.5),
    ("kaiming_uniform_", {"a": 5**0.5}, lambda o, i: (1 / (3 * i)) ** 0.5),
    ("kaiming_uniform_", {"mode": "fan_out", "nonlinearity": "relu"}, lambda o, i: (2 / o) ** 0.5),
    ("kaiming_normal_", {"nonlinearity": "relu"}, lambda o, i: (2 / i) ** 0.5),
    ("kaiming_normal_", {"a": 0.5}, lambda o, i: (2 / 1.25 / i) ** 0.5),
    ("kaiming_normal_", {"mode": "fan_out", "nonlinearity": "tanh"}, lambda o, i: 5 / 3 / o**0.5),
]


def empty(*shape):
    return Tensor(np.full(shape, np.nan))


@pytest.mark.parametrize("shape", [SHAPE, CONV])
@pytest.mark.parametrize(("name", "options", "std"), RULES)
def test_distribution_is_torch_s_and_the_closed_form(name, options, std, shape):
    """120,000 and 75,000 draws: the standard deviation is off by 0.3 % (1 σ), allowed 1.5 %."""
    manual_seed(1)
    torch.manual_seed(1)
    tensor = empty(*shape)
    assert getattr(nn.init, name)(tensor, **options) is tensor
    ours = tensor.data
    theirs = getattr(torch.nn.init, name)(torch.empty(shape, dtype=torch.float64), **options)
    kernel = np.prod(shape[2:], dtype=int)
    expected = std(shape[0] * kernel, shape[1] * kernel)
    for values in (ours, theirs.numpy()):
        assert values.std() == pytest.approx(expected, rel=0.015)
    # Two-sample Kolmogorov–Smirnov: another shape of the distribution would fail at once.
    same = stats.ks_2samp(ours.ravel()[:20_000], theirs.numpy().ravel()[:20_000])
    assert same.pvalue > 1e-3
    if "uniform" in name:
        assert np.ptp(ours) == pytest.approx(np.ptp(theirs.numpy()), rel=1e-3)


def test_constants():
    for name, value in (("zeros_", 0), ("ones_", 1)):
        tensor = empty(2, 3)
        assert getattr(nn.init, name)(tensor) is tensor
        np.testing.assert_array_equal(tensor.data, np.full((2, 3), value))
    np.testing.assert_array_equal(nn.init.constant_(empty(4), -0.25).data, [-0.25] * 4)


@pytest.mark.parametrize("shape", [(6, 6), (40, 7), (7, 40), (8, 3, 5, 5), (1, 9), (5, 1)])
@pytest.mark.parametrize("gain", [1, 2.5])
def test_orthogonal(shape, gain):
    """The shorter of rows and columns is orthonormal, times the gain, as torch's is."""
    ours = nn.init.orthogonal_(empty(*shape), gain).data
    theirs = torch.nn.init.orthogonal_(torch.empty(shape, dtype=torch.float64), gain).numpy()
    for values in (ours, theirs):
        matrix = values.reshape(shape[0], -1)
        small = matrix @ matrix.T if matrix.shape[0] <= matrix.shape[1] else matrix.T @ matrix
        np.testing.assert_allclose(small, gain**2 * np.eye(len(small)), atol=1e-10)


def test_orthogonal_matrices_are_uniform():
    """Haar: E Q = 0, E (tr Q)² = 1; LAPACK's Q without the signs of R has another mean.

    4,000 draws: σ of the mean of an entry is √(1/3 / 4000) = 0.009, 5 σ allowed.
    """
    manual_seed(0)
    draws = np.array([nn.init.orthogonal_(empty(3, 3)).data for _ in range(4000)])
    assert np.abs(draws.mean(axis=0)).max() < 0.046
    traces = np.trace(draws, axis1=1, axis2=2)
    assert np.mean(traces**2) == pytest.approx(1, abs=0.1)  # σ ≤ √(2/4000) = 0.022
    assert abs(np.mean(np.sign(np.linalg.det(draws)))) < 0.08


@pytest.mark.parametrize("nonlinearity", [*GAINS, "leaky_relu"])
def test_gains_equal_torch_s(nonlinearity):
    assert nn.init.calculate_gain(nonlinearity) == torch.nn.init.calculate_gain(nonlinearity)


@pytest.mark.parametrize("slope", [0, 0.2, 1, -0.5, 5**0.5])
def test_gain_of_the_leaky_rectifier(slope):
    theirs = torch.nn.init.calculate_gain("leaky_relu", slope)
    assert nn.init.calculate_gain("leaky_relu", slope) == theirs
    assert nn.init.calculate_gain("leaky_relu", slope) == pytest.approx(
        (2 / (1 + slope**2)) ** 0.5, rel=1e-15
    )


def test_parameters_keep_type_memory_and_gradient():
    layer = nn.Linear(4, 3)
    memory = layer.weight.data
    assert nn.init.kaiming_normal_(layer.weight) is layer.weight
    assert layer.weight.data is memory
    assert layer.weight.dtype == np.float32
    assert layer.weight.requires_grad


@pytest.mark.parametrize("name", ["normal_", "uniform_", "xavier_normal_", "orthogonal_"])
def test_seeded_draws_repeat(name):
    draws = []
    for seed in (3, 3, 4):
        manual_seed(seed)
        draws.append(getattr(nn.init, name)(empty(5, 4)).data)
    np.testing.assert_array_equal(draws[0], draws[1])
    assert not np.array_equal(draws[0], draws[2])


@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (0, 0)])
@pytest.mark.parametrize("name", ["xavier_uniform_", "kaiming_normal_", "orthogonal_", "zeros_"])
def test_nothing_to_fill(name, shape):
    assert getattr(nn.init, name)(empty(*shape)).shape == shape


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: nn.init.xavier_uniform_(empty(3)), r"shape \(3,\) has no fan-in and fan-out"),
        (lambda: nn.init.xavier_normal_(empty(3)), "for a bias take zeros_"),
        (lambda: nn.init.kaiming_uniform_(empty(3)), r"kaiming: a tensor of shape \(3,\)"),
        (lambda: nn.init.kaiming_normal_(empty()), r"shape \(\)"),
        (lambda: nn.init.orthogonal_(empty(5)), r"orthogonal_: a tensor of shape \(5,\)"),
        (lambda: nn.init.kaiming_normal_(empty(2, 2), mode="both"), "mode is 'both'; choose one"),
        (
            lambda: nn.init.kaiming_normal_(empty(2, 2), nonlinearity="swish"),
            "nonlinearity is 'swish'; choose one of",
        ),
        (lambda: nn.init.calculate_gain("maxout"), "'maxout'; choose one of"),
        (lambda: nn.init.calculate_gain("leaky_relu", True), "param is True; expected the slope"),
        (lambda: nn.init.normal_(empty(2), std=-1), "std is -1; expected"),
        (lambda: nn.init.uniform_(empty(2), 2, 1), "a is 2 and b is 1; expected a ≤ b"),
    ],
)
def test_errors_name_the_value_and_the_remedy(call, message):
    with pytest.raises(ValueError, match=message):
        call()
