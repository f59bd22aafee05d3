"""Ridge, lasso and elastic net equal scikit-learn's, and the path has the same zeros."""

import numpy as np
import pytest
from sklearn import linear_model
from sklearn.linear_model import lasso_path

from companion.data.diabetes import diabetes
from companion.regularization.linear_models import (
    elastic_net,
    largest_lam,
    lasso,
    path,
    ridge,
)
from companion.regularization.penalties import L1
from companion.regularization.proximal import proximal_gradient
from companion.regularization.thresholds import project_l1

EXACT = {"tol": 1e-13, "max_iter": 10**5}


def made(kind):
    """Data sets of different shapes, not centred: (X, y)."""
    rng = np.random.default_rng(3)
    if kind == "diabetes":
        X, y = diabetes()
        return (X - X.mean(axis=0)) / X.std(axis=0) + 1.0, y / 77
    m, D = {"tall": (60, 8), "wide": (20, 40)}[kind]
    X = rng.normal(size=(m, D)) + rng.normal(size=D)
    X[:, 1] = X[:, 0] + 0.1 * X[:, 1]  # two features that hardly differ
    return X, 2 * X[:, 0] - X[:, 3] + 0.3 * rng.normal(size=m) + 5


KINDS = ("tall", "wide", "diabetes")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("by", ["closed form", "gradient"])
@pytest.mark.parametrize("intercept", [True, False])
def test_ridge_is_scikit_learn_s(kind, by, intercept):
    X, y = made(kind)
    for lam in (0.01, 0.3, 20.0):
        fit = ridge(X, y, lam, by=by, intercept=intercept)
        theirs = linear_model.Ridge(
            alpha=lam * len(X), fit_intercept=intercept, solver="svd", tol=1e-15
        ).fit(X, y)
        np.testing.assert_allclose(fit.weights, theirs.coef_, atol=1e-8)
        np.testing.assert_allclose(fit.bias, theirs.intercept_, atol=1e-8)
        np.testing.assert_allclose(fit.predict(X), theirs.predict(X), atol=1e-7)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("by", ["coordinates", "proximal"])
@pytest.mark.parametrize("intercept", [True, False])
def test_lasso_and_elastic_net_are_scikit_learn_s(kind, by, intercept):
    X, y = made(kind)
    for lam in (0.05, 0.4):
        for ratio in (1.0, 0.5):
            fit = elastic_net(X, y, lam, ratio, by=by, intercept=intercept)
            theirs = linear_model.ElasticNet(
                alpha=lam, l1_ratio=ratio, fit_intercept=intercept, **EXACT
            ).fit(X, y)
            np.testing.assert_allclose(fit.weights, theirs.coef_, atol=1e-8)
            np.testing.assert_allclose(fit.bias, theirs.intercept_, atol=1e-8)
    same = lasso(X, y, 0.4, by=by, intercept=intercept)
    theirs = linear_model.Lasso(alpha=0.4, fit_intercept=intercept, **EXACT).fit(X, y)
    np.testing.assert_allclose(same.weights, theirs.coef_, atol=1e-8)


@pytest.mark.parametrize("kind", KINDS)
def test_the_path_has_the_zeros_of_scikit_learn_s(kind):
    X, y = made(kind)
    lams = largest_lam(X, y) * np.logspace(0, -2, 25)
    weights, biases = path(X, y, lams)
    centred = X - X.mean(axis=0)
    _, theirs, _ = lasso_path(centred, y - y.mean(), alphas=lams, **EXACT)
    np.testing.assert_array_equal(weights == 0, theirs.T == 0)
    np.testing.assert_allclose(weights, theirs.T, atol=1e-8)
    assert not weights[0].any()
    assert (weights[-1] != 0).sum() >= 4
    np.testing.assert_allclose(biases, y.mean() - weights @ X.mean(axis=0))


def test_proximal_steps_find_the_same_zeros():
    X, y = made("diabetes")
    for lam in (0.02, 0.1, 0.3):
        one, other = (lasso(X, y, lam, by=by).weights for by in ("coordinates", "proximal"))
        np.testing.assert_array_equal(one == 0, other == 0)
    plain = proximal_gradient(
        lambda w: (X - X.mean(0)).T @ ((X - X.mean(0)) @ w - y) / len(X),
        L1(0.1).prox, np.zeros(10), 0.2, accelerate=False,
    )  # fmt: skip
    np.testing.assert_allclose(plain, lasso(X, y, 0.1).weights, atol=1e-8)


def test_every_order_of_a_path_gives_the_same():
    X, y = made("tall")
    lams = [0.1, 1.0, 0.01]
    for ratio in (1.0, 0.5, 0.0):
        weights, _ = path(X, y, lams, ratio)
        for lam, w in zip(lams, weights, strict=True):
            np.testing.assert_allclose(w, elastic_net(X, y, lam, ratio).weights, atol=1e-8)


def test_a_lasso_is_the_best_point_of_its_diamond():
    X, y = made("tall")
    X, y = X - X.mean(axis=0), y - y.mean()
    w = lasso(X, y, 0.3).weights
    radius = np.abs(w).sum()
    u = np.zeros(8)
    for _ in range(100_000):  # projected gradient onto the diamond that the lasso ends on
        u = project_l1(u - 0.15 * X.T @ (X @ u - y) / len(X), radius)
    np.testing.assert_allclose(u, w, atol=1e-7)


def test_from_the_largest_strength_on_all_weights_are_0():
    X, y = made("wide")
    for ratio in (1.0, 0.4):
        lam = largest_lam(X, y, ratio)
        assert not elastic_net(X, y, lam * (1 + 1e-12), ratio).weights.any()
        assert elastic_net(X, y, lam * 0.99, ratio).weights.any()
    with pytest.raises(ValueError, match="l1_ratio is 0"):
        largest_lam(X, y, 0)


def test_without_a_penalty_they_are_least_squares():
    X, y = made("tall")
    expected = np.linalg.lstsq(np.c_[X, np.ones(len(X))], y, rcond=None)[0]
    for fit in (ridge(X, y, 0), elastic_net(X, y, 0), elastic_net(X, y, 0, by="proximal")):
        np.testing.assert_allclose([*fit.weights, fit.bias], expected, atol=1e-8)
    X, y = made("wide")  # more weights than examples: the smallest of all solutions
    fit = ridge(X, y, 0)
    np.testing.assert_allclose(fit.predict(X), y)
    np.testing.assert_allclose(fit.weights, ridge(X, y, 1e-10).weights, atol=1e-5)


def test_constant_features_and_constant_targets_get_no_weight():
    X, y = made("tall")
    X[:, 5] = 3.0
    for by in ("coordinates", "proximal"):
        assert elastic_net(X, y, 0.1, by=by).weights[5] == 0
        still = elastic_net(X, np.full(60, 7.0), 0.1, by=by)
        assert not still.weights.any()
        assert still.bias == 7.0
    assert ridge(X, y, 0.1).weights[5] == 0
    one = lasso(X[:1], y[:1], 0.1)
    assert one.bias == pytest.approx(y[0], rel=1e-12)


def test_nonsense_is_refused():
    X, y = made("tall")
    for wrong in ((X, y[:-1]), (X[0], y), (X[:0], y[:0])):
        with pytest.raises(ValueError, match="expected \\(m, D\\) and"):
            ridge(*wrong, 0.1)
    with pytest.raises(ValueError, match="holds NaN"):
        lasso(X, np.where(y > 5, np.nan, y), 0.1)
    for lam, ratio in ((-1, 0.5), (np.nan, 0.5), (1, 2), (np.inf, 0.5)):
        with pytest.raises(ValueError, match="elastic_net: lam is"):
            elastic_net(X, y, lam, ratio)
    with pytest.raises(ValueError, match="by is 'magic'"):
        ridge(X, y, 0.1, by="magic")
    with pytest.raises(ValueError, match="by is 'magic'"):
        lasso(X, y, 0.1, by="magic")
    with pytest.raises(RuntimeError, match="after 1 passes"):
        lasso(X, y, 0.01, most=1)


def test_a_rate_that_is_too_large_is_told():
    X, y = made("tall")
    with pytest.raises(FloatingPointError, match=r"not finite at rate 10\.0"):
        proximal_gradient(lambda w: X.T @ (X @ w - y), L1(0.1).prox, np.zeros(8), 10.0)
    with pytest.raises(RuntimeError, match="after 3 steps"):
        proximal_gradient(lambda w: X.T @ (X @ w - y), L1(0.1).prox, np.zeros(8), 1e-5, most=3)
