"""Bias direction, neutralize, equalize: closed forms, scikit-learn, invariants."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.decomposition import PCA
from sklearn.linear_model import LinearRegression

from companion.rnn.words.bias import bias_direction, equalize, linear_rest, neutralize
from companion.rnn.words.neighbours import of_length_one

SEEDS = st.integers(0, 10**6)


@pytest.mark.parametrize("seed", range(5))
def test_the_direction_is_that_of_the_pairs_centred_one_by_one(seed):
    # The paper's way: all words of all pairs, each less the middle of its pair, then PCA.
    rng = np.random.default_rng(seed)
    first, second = rng.normal(size=(2, 10, 6)) + rng.normal(size=6)
    middle = (first + second) / 2
    pca = PCA().fit(np.concatenate([first - middle, second - middle]))
    found = bias_direction(first, second)
    assert abs(found.direction @ pca.components_[0]) == pytest.approx(1)
    np.testing.assert_allclose(found.shares, pca.explained_variance_ratio_, atol=1e-12)
    assert found.direction @ (first - second).sum(axis=0) >= 0
    assert np.linalg.norm(found.direction) == pytest.approx(1)
    swapped = bias_direction(second, first)
    np.testing.assert_allclose(swapped.direction, -found.direction, atol=1e-12)


def test_one_pair_gives_its_difference():
    direction, shares = bias_direction([[1.0, 5.0]], [[1.0, 2.0]])
    np.testing.assert_allclose(direction, [0, 1], atol=1e-15)
    np.testing.assert_allclose(shares, [1])


@given(SEEDS, st.integers(1, 8), st.integers(2, 9))
def test_nothing_is_left_along_the_direction(seed, n, d):
    rng = np.random.default_rng(seed)
    vectors, g = rng.normal(size=(n, d)), rng.normal(size=d) * 3
    left = neutralize(vectors, g)
    assert np.abs(left @ g).max() < 1e-13 * np.abs(vectors).max() * d * np.abs(g).max() * 10
    # What was taken away is along the direction: the projector of linear algebra.
    np.testing.assert_allclose(left, vectors @ (np.eye(d) - np.outer(g, g) / (g @ g)), atol=1e-12)
    np.testing.assert_allclose(neutralize(left, g), left, atol=1e-12)
    np.testing.assert_allclose(neutralize(vectors, -5 * g), left, atol=1e-12)
    np.testing.assert_allclose(neutralize(vectors[0], g), left[0], atol=1e-14)


def test_neutralize_by_hand():
    np.testing.assert_allclose(neutralize([1.0, 0.0], [0.6, 0.8]), [0.64, -0.48])
    v = np.float32([[1, 2, 3]])
    assert neutralize(v, np.float32([0, 1, 0])).dtype == np.float32
    np.testing.assert_array_equal(v, [[1, 2, 3]])


@given(SEEDS, st.integers(2, 9))
def test_an_equalized_pair_is_equally_near_to_all_that_is_neutral(seed, d):
    rng = np.random.default_rng(seed)
    first, second = of_length_one(rng.normal(size=(2, 5, d)))
    g = rng.normal(size=d)
    one, two = equalize(first, second, g)
    others = neutralize(rng.normal(size=(7, d)), g)
    np.testing.assert_allclose(one @ others.T, two @ others.T, atol=1e-12)
    gap = [np.linalg.norm(v[:, None] - others[None], axis=-1) for v in (one, two)]
    np.testing.assert_allclose(*gap, atol=1e-12)
    np.testing.assert_allclose(np.linalg.norm([one, two], axis=-1), 1, atol=1e-12)
    # Off the direction: what both had on average.
    np.testing.assert_allclose(neutralize(one, g), neutralize((first + second) / 2, g), atol=1e-12)
    np.testing.assert_array_equal(np.sign((one - two) @ g), np.sign((first - second) @ g))


@pytest.mark.parametrize("seed", range(5))
def test_equalize_as_the_paper_writes_it(seed):
    rng = np.random.default_rng(seed)
    first, second = of_length_one(rng.normal(size=(2, 6)))
    g = of_length_one(rng.normal(size=6))
    middle = (first + second) / 2
    nu = middle - (middle @ g) * g
    expected = []
    for word in (first, second):
        off = (word @ g) * g - (middle @ g) * g
        expected.append(nu + np.sqrt(1 - nu @ nu) * off / np.linalg.norm(off))
    np.testing.assert_allclose(equalize(first, second, g), expected, atol=1e-12)


def test_equalize_by_hand():
    one, two = equalize([0.8, 0.6], [0.0, 1.0], [2.0, 0.0])
    np.testing.assert_allclose(one, [0.6, 0.8])
    np.testing.assert_allclose(two, [-0.6, 0.8])


@pytest.mark.parametrize("seed", range(4))
def test_the_linear_rest_is_what_regression_finds(seed):
    rng = np.random.default_rng(seed)
    vectors = rng.normal(size=(300, 5)) @ rng.normal(size=(5, 5))
    g = rng.normal(size=5)
    left, taken = neutralize(vectors, g), vectors @ g
    expected = LinearRegression().fit(left, taken).score(left, taken)
    assert linear_rest(vectors, g) == pytest.approx(expected, abs=1e-9)


def test_along_a_principal_direction_nothing_can_be_read_off():
    vectors = np.random.default_rng(0).normal(size=(200, 4)) * [1, 2, 3, 4]
    for direction in PCA().fit(vectors).components_:
        assert linear_rest(vectors, direction) == pytest.approx(0, abs=1e-9)


def test_clear_errors():
    ones = np.ones((2, 3))
    with pytest.raises(ValueError, match="expected twice"):
        bias_direction(ones, np.ones((3, 3)))
    with pytest.raises(ValueError, match="do not differ"):
        bias_direction(ones, ones)
    for call in (neutralize, linear_rest):
        with pytest.raises(ValueError, match="expected equal D"):
            call(ones, np.ones(2))
        with pytest.raises(ValueError, match="a direction of length"):
            call(ones, np.zeros(3))
    with pytest.raises(ValueError, match=r"length 1\.732; scale all words"):
        equalize(np.ones(3), [1.0, 0, 0], [0, 1.0, 0])
    with pytest.raises(ValueError, match="same amount"):
        equalize([0.0, 1.0, 0], [0.0, 0.0, 1.0], [1.0, 0, 0])
    with pytest.raises(ValueError, match="expected equal D"):
        equalize([1.0, 0], [0.0, 1], [1.0, 0, 0])
