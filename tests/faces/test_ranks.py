"""Ranks, and what smaller galleries do, against all galleries one by one."""

from itertools import combinations

import numpy as np
import pytest
from scipy.stats import hypergeom, rankdata

from companion.faces.ranks import identified, ranks, strangers_named


@pytest.mark.parametrize("seed", range(5))
def test_ranks_equal_to_scipy(seed):
    rng = np.random.default_rng(seed)
    distances, own = rng.integers(0, 5, (20, 7)), rng.integers(0, 7, 20)
    expected = [rankdata(d, method="max")[k] for d, k in zip(distances, own, strict=True)]
    assert ranks(distances, own).tolist() == expected


@pytest.mark.parametrize("size", range(1, 7))
@pytest.mark.parametrize("k", [1, 2, 3])
def test_identified_is_the_mean_over_all_galleries(size, k):
    rng = np.random.default_rng(size)
    distances, own = rng.random((8, 6)), rng.integers(0, 6, 8)
    hits = []
    for d, mine in zip(distances, own, strict=True):
        others = [j for j in range(6) if j != mine]
        for chosen in combinations(others, size - 1):
            hits.append(sum(d[j] < d[mine] for j in chosen) < k)
    # Each probe has equally many galleries, so the mean of all is the mean over the probes.
    assert identified(ranks(distances, own), 6, size, k) == pytest.approx(np.mean(hits))


@pytest.mark.parametrize("size", range(7))
def test_strangers_named_is_the_mean_over_all_galleries(size):
    rng = np.random.default_rng(size)
    near = rng.random((8, 6)) < 0.3
    hits = [row[list(c)].any() for row in near for c in combinations(range(6), size)]
    assert strangers_named(near.sum(axis=1), 6, size) == pytest.approx(np.mean(hits))


def test_equal_to_scipys_hypergeometric():
    assert identified([4], 30, 12, 2) == pytest.approx(hypergeom(29, 3, 11).cdf(1))
    assert strangers_named([5], 30, 12) == pytest.approx(hypergeom(30, 5, 12).sf(0))


def test_from_nobody_over_the_false_accept_rate_to_any_of_them():
    rng = np.random.default_rng(0)
    for _ in range(50):
        near = rng.binomial(11, rng.random(20) ** 3)
        far = near.mean() / 11
        found = [strangers_named(near, 11, n) for n in range(12)]
        assert found[0] == 0
        assert found[1] == pytest.approx(far)
        assert found[11] == pytest.approx((near > 0).mean())
        assert (np.diff(found) >= -1e-12).all()


def test_unequal_probes_stay_below_the_formula_of_equal_ones():
    # Jensen's inequality, for people drawn independently: (1 − p)^n bends upwards in p.
    p = np.random.default_rng(0).random(40) ** 4
    for n in range(1, 20):
        assert (1 - (1 - p) ** n).mean() <= 1 - (1 - p.mean()) ** n


def test_one_person_and_everybody():
    assert identified([1, 5, 9], 9, 1) == 1
    assert identified([1, 5, 9], 9, 9) == pytest.approx(1 / 3)
    assert identified([1, 5, 9], 9, 9, k=9) == 1


def test_what_does_not_fit_is_named():
    with pytest.raises(ValueError, match=r"distances \(2, 3\), own \(3,\)"):
        ranks(np.zeros((2, 3)), [0, 1, 2])
    with pytest.raises(ValueError, match="NaN"):
        ranks([[np.nan, 1]], [1])
    for size in (0, 10):
        with pytest.raises(ValueError, match=f"{size} of 9 people"):
            identified([1], 9, size)
    with pytest.raises(ValueError, match="rank 0"):
        identified([1], 9, 3, k=0)
    for size in (-1, 10):
        with pytest.raises(ValueError, match=f"{size} of 9 people"):
            strangers_named([1], 9, size)
