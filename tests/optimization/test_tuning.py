"""Tuning: distributions against SciPy, budgets counted, networks side by side against torch."""

from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from companion import nn, optim
from companion.data import toy
from companion.experiments.side_by_side import SideBySide
from companion.gradients.tensor import Tensor
from companion.optimization.tuning.boxes import Axis, grid, narrow, random_points
from companion.optimization.tuning.halving import epochs_spent, successive_halving
from companion.optimization.tuning.sampling import log_uniform, one_minus_log_uniform
from companion.training import manual_seed

# --- sampling --------------------------------------------------------------------------------


@pytest.mark.parametrize(("low", "high"), [(1e-4, 1.0), (2.0, 3.0), (1e-300, 1e300)])
def test_log_uniform_has_scipys_distribution(low, high):
    values = log_uniform(low, high, 20_000, np.random.default_rng(0))
    assert values.min() >= low
    assert values.max() <= high
    # In logarithms, where neither end is lost to rounding.
    exponents = stats.uniform(np.log(low), np.log(high) - np.log(low))
    assert stats.kstest(np.log(values), exponents.cdf).pvalue > 0.01
    if high / low < 1e10:
        assert stats.kstest(values, stats.loguniform(low, high).cdf).pvalue > 0.01
        assert stats.kstest(values, stats.uniform(low, high - low).cdf).pvalue < 1e-6


def test_one_minus_beta_has_scipys_distribution():
    betas = one_minus_log_uniform(0.9, 0.999, 20_000, np.random.default_rng(0))
    assert betas.min() >= 0.9
    assert betas.max() <= 0.999
    assert stats.kstest(1 - betas, stats.loguniform(1e-3, 0.1).cdf).pvalue > 0.01
    # β itself log-uniform is another distribution.
    assert stats.kstest(betas, stats.loguniform(0.9, 0.999).cdf).pvalue < 1e-6


def test_sampling_takes_any_shape_and_a_seed_fixes_it():
    for draw, ends in ((log_uniform, (0.1, 10)), (one_minus_log_uniform, (0, 0.99))):
        first, again = (draw(*ends, (3, 4), np.random.default_rng(5)) for _ in range(2))
        assert first.shape == (3, 4)
        np.testing.assert_array_equal(first, again)


@pytest.mark.parametrize(
    ("draw", "low", "high"),
    [
        (log_uniform, 0, 1),
        (log_uniform, -1, 1),
        (log_uniform, 1, 1),
        (log_uniform, 2, 1),
        (log_uniform, 1, np.inf),
        (log_uniform, np.nan, 1),
        (one_minus_log_uniform, 0.9, 1),
        (one_minus_log_uniform, -0.1, 0.9),
        (one_minus_log_uniform, 0.9, 0.9),
    ],
)
def test_ranges_that_are_none_are_refused(draw, low, high):
    with pytest.raises(ValueError, match="expected 0"):
        draw(low, high, 3, np.random.default_rng(0))


# --- boxes -----------------------------------------------------------------------------------

AXES = [Axis(-2.0, 6.0), Axis(1e-4, 1.0, "log"), Axis(0.0, 0.999, "one minus")]
QUANTILES = [
    stats.uniform(-2, 8).ppf,
    stats.loguniform(1e-4, 1).ppf,
    lambda share: 1 - stats.loguniform(1e-3, 1).ppf(1 - share),
]


@pytest.mark.parametrize("number", range(3))
def test_a_share_of_the_way_is_scipys_quantile(number):
    shares = np.linspace(0, 1, 21)
    values = AXES[number].at(shares)
    np.testing.assert_allclose(values, QUANTILES[number](shares), rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(AXES[number].share(values), shares, atol=1e-10)
    assert AXES[number].low <= values.min()
    assert values.max() <= AXES[number].high
    assert (values[0], values[-1]) == pytest.approx(AXES[number][:2], rel=1e-12)


@pytest.mark.parametrize(
    "axis",
    [
        Axis(0, 1, "log"),
        Axis(0.5, 1, "one minus"),
        Axis(3, 3),
        Axis(3, 2, "log"),
        Axis(0, np.inf),
        Axis(0, np.nan),
    ],
)
def test_axes_that_are_no_range_are_refused(axis):
    with pytest.raises(ValueError, match="no range on a"):
        axis.at(0.5)


def test_an_unknown_scale_is_refused():
    with pytest.raises(ValueError, match="scale is 'sqrt'; choose one of"):
        Axis(0, 1, "sqrt").at(0.5)


@given(st.integers(1, 5), st.integers(1, 3))
def test_a_grid_has_k_values_on_each_axis_and_all_combinations(count, dimensions):
    points = grid(AXES[:dimensions], count)
    assert points.shape == (count**dimensions, dimensions)
    assert len(np.unique(points, axis=0)) == len(points)
    for axis, column in zip(AXES, points.T, strict=False):
        middles = (np.arange(count) + 0.5) / count
        np.testing.assert_allclose(np.unique(axis.share(column).round(9)), middles, atol=1e-8)


def test_random_points_try_as_many_values_as_points():
    points = random_points(AXES, 500, np.random.default_rng(1))
    assert points.shape == (500, 3)
    for axis, column in zip(AXES, points.T, strict=True):
        assert len(np.unique(column)) == 500
        assert stats.kstest(axis.share(column), "uniform").pvalue > 0.01
    few = random_points(AXES, 20, np.random.default_rng(1))
    np.testing.assert_array_equal(few, points[:20])


def test_a_grid_needs_a_value():
    with pytest.raises(ValueError, match="count is 0"):
        grid(AXES, 0)


@given(st.tuples(*[st.floats(0, 1)] * 3), st.floats(1, 20))
def test_the_smaller_box_lies_inside_and_holds_the_best(shares, factor):
    best = [axis.at(share) for axis, share in zip(AXES, shares, strict=True)]
    for old, new, share, value in zip(AXES, narrow(AXES, best, factor), shares, best, strict=True):
        assert new.scale == old.scale
        start, end = old.share([new.low, new.high])
        assert end - start == pytest.approx(1 / factor, abs=1e-8)
        assert old.low <= new.low <= value + 1e-12
        assert value <= new.high * (1 + 1e-12) <= old.high * (1 + 1e-9)
        if 0.5 / factor < share < 1 - 0.5 / factor:
            assert (start + end) / 2 == pytest.approx(share, abs=1e-8)


def test_narrowing_refuses_what_it_cannot_do():
    with pytest.raises(ValueError, match=r"factor is 0\.5"):
        narrow(AXES[:1], [0.0], 0.5)
    with pytest.raises(ValueError, match="7 lies outside of -2 to 6"):
        narrow(AXES[:1], [7.0], 2)


# --- successive halving ----------------------------------------------------------------------


def test_halving_trains_only_survivors_and_finds_the_best_of_crossing_free_curves():
    quality, asked = np.random.default_rng(0).permutation(27).astype(float), []

    def losses_after(alive, epochs):
        asked.append((len(alive), epochs))
        return quality[alive] + 1 / epochs

    seen = successive_halving(losses_after, 27, [1, 3, 9, 27], factor=3)
    assert asked == [(27, 1), (9, 3), (3, 9), (1, 27)]
    assert seen[-1].alive == [quality.argmin()]
    # 27 trials for 1 epoch, 9 for 2 more, 3 for 6 more, 1 for 18 more.
    assert epochs_spent(seen) == 27 * 1 + 9 * 2 + 3 * 6 + 1 * 18
    for before, after in pairwise(seen):
        assert set(after.alive) <= set(before.alive)
        kept = quality[after.alive].max()
        assert all(quality[i] > kept for i in set(before.alive) - set(after.alive))


def test_halving_kills_a_late_bloomer():
    curves = np.array([[3.0, 0.1], [1.0, 1.0], [2.0, 2.0], [2.5, 2.5]])
    seen = successive_halving(lambda alive, epochs: curves[alive, epochs - 1], 4, [1, 2])
    assert seen[-1].alive.tolist() == [1, 2]
    assert seen[-1].losses.tolist() == [1.0, 2.0]


def test_halving_keeps_one_at_least_and_drops_nan_first():
    losses = np.array([np.nan, 5.0, np.inf])
    seen = successive_halving(lambda alive, epochs: losses[alive], 3, [1, 2, 3], factor=10)
    assert [rung.alive.tolist() for rung in seen] == [[0, 1, 2], [1], [1]]
    assert seen[0].losses.tolist() == [np.inf, 5.0, np.inf]


@pytest.mark.parametrize(
    ("count", "rungs", "factor", "said"),
    [
        (0, [1], 2, "0 trials"),
        (3, [], 2, "0 rungs"),
        (3, [1], 1, "factor 1"),
        (3, [2, 2], 2, "rungs are"),
        (3, [0, 1], 2, "rungs are"),
    ],
)
def test_halving_refuses_what_has_no_meaning(count, rungs, factor, said):
    with pytest.raises(ValueError, match=said):
        successive_halving(lambda alive, epochs: np.zeros(len(alive)), count, rungs, factor)


# --- networks side by side -------------------------------------------------------------------


def small(seed):
    manual_seed(seed)
    return nn.Sequential(nn.Linear(2, 5), nn.Tanh(), nn.Linear(5, 3)).double()


def twin_of(model):
    twin = torch.nn.Sequential(torch.nn.Linear(2, 5), torch.nn.Tanh(), torch.nn.Linear(5, 3))
    twin.double().load_state_dict(
        {name: torch.from_numpy(value.copy()) for name, value in model.state_dict().items()}
    )
    return twin


def cross_entropies(nets, X, y):
    scores = nets(Tensor(X))
    count, examples, classes = scores.shape
    each = nn.CrossEntropyLoss(reduction="none")(
        scores.reshape(count * examples, classes), np.tile(y, count)
    )
    return each.reshape(count, examples).mean(axis=1)


def descend(nets, options, X, y, steps):
    """Full-batch descent, each network with options of its own; the losses, (R,)."""
    optimizer = optim.SGD(nets.parameters(), **options)
    for _ in range(steps):
        optimizer.zero_grad()
        with np.errstate(over="ignore", invalid="ignore"):
            cross_entropies(nets, X, y).sum().backward()
            optimizer.step()
    with np.errstate(over="ignore", invalid="ignore"):
        return cross_entropies(nets, X, y).data


def columns(**options):
    return {name: np.reshape(values, (-1, 1, 1)) for name, values in options.items()}


@pytest.mark.parametrize("nesterov", [False, True])
def test_networks_side_by_side_equal_torch_one_by_one(nesterov):
    X, y = toy.rings(60, seed=0)
    y = y + (X[:, 0] > 0.5) * (y == 1)  # three classes
    table = {"lr": [0.1, 0.5, 0.01, 2.0], "weight_decay": [0.0, 1e-3, 0.1, 0.0]}
    table |= {"momentum": [0.2 if nesterov else 0.0, 0.9, 0.99, 0.3]}
    models = [small(seed) for seed in range(4)]
    twins = [twin_of(model) for model in models]
    nets = SideBySide(models)
    losses = descend(nets, columns(**table) | {"nesterov": nesterov}, X, y, 50)
    inputs, labels = torch.from_numpy(X), torch.from_numpy(y)
    for k, twin in enumerate(twins):
        own = {name: values[k] for name, values in table.items()}
        optimizer = torch.optim.SGD(twin.parameters(), **own, nesterov=nesterov)
        for _ in range(50):
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(twin(inputs), labels).backward()
            optimizer.step()
        cost = torch.nn.functional.cross_entropy(twin(inputs), labels).item()
        assert losses[k] == pytest.approx(cost, rel=1e-10)
        for ours, theirs in zip(nets.parameters(), twin.parameters(), strict=True):
            one = ours.data[k].T if theirs.ndim == 2 else ours.data[k, 0]
            np.testing.assert_allclose(one, theirs.detach().numpy(), rtol=1e-10, atol=1e-12)


def test_a_network_that_diverges_disturbs_no_other():
    X, y = toy.rings(30, seed=0)
    options = columns(lr=[1.7e308, 0.1], momentum=[0.9, 0.5])
    losses = descend(SideBySide([small(0), small(1)]), options, X, y, 5)
    alone = descend(SideBySide([small(1)]), {"lr": 0.1, "momentum": 0.5}, X, y, 5)
    assert not np.isfinite(losses[0])
    assert losses[1] == pytest.approx(alone[0], rel=1e-12)


def test_one_network_without_momentum_is_refused_by_nesterov():
    nets = SideBySide([small(0), small(1)])
    with pytest.raises(ValueError, match="nesterov needs a momentum above 0"):
        optim.SGD(nets.parameters(), nesterov=True, **columns(momentum=[0.9, 0.0]))
    with pytest.raises(ValueError, match="expected a number of at least 0"):
        optim.SGD(nets.parameters(), **columns(momentum=[0.9, -0.1]))


def test_rmsprop_takes_a_momentum_for_each_network():
    X = np.random.default_rng(0).normal(size=(9, 2))
    together = SideBySide([small(0), small(1)])
    momenta = [0.0, 0.9]
    runs = [(together, np.reshape(momenta, (-1, 1, 1)))]
    runs += [(SideBySide([small(k)]), momenta[k]) for k in range(2)]
    for nets, momentum in runs:
        optimizer = optim.RMSprop(nets.parameters(), lr=0.01, momentum=momentum)
        for _ in range(4):
            optimizer.zero_grad()
            (nets(Tensor(X)) ** 2).sum().backward()
            optimizer.step()
    for k in range(2):
        for ours, alone in zip(together.parameters(), runs[1 + k][0].parameters(), strict=True):
            np.testing.assert_allclose(ours.data[k], alone.data[0], rtol=1e-12)
