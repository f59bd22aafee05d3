"""Perceptrons and logistic regression against scikit-learn, the theorem and differences."""

import numpy as np
import pytest
from sklearn import linear_model

from companion.data import toy
from companion.gradients.checking.gradcheck import numerical_gradient, relative_difference
from companion.gradients.hyperplane import signed_distance
from companion.gradients.logistic import LogisticRegression
from companion.gradients.perceptron import (
    AveragedPerceptron,
    Perceptron,
    batch_perceptron,
    perceptron_loss,
)


def test_signed_distance_in_closed_form():
    X = np.array([[3.0, 4.0], [0.0, 0.0], [-3.0, -4.0]])
    np.testing.assert_allclose(signed_distance(X, [3.0, 4.0], -5.0), [4, -1, -6])
    np.testing.assert_allclose(signed_distance(X, [6.0, 8.0], -10.0), [4, -1, -6])


@pytest.mark.parametrize("seed", range(5))
def test_online_perceptron_equals_sklearn(seed):
    X, y, _ = toy.separable(60, 3, 0.05, seed)
    ours = Perceptron(3, lr=0.5)
    counts = ours.fit(X, y)
    theirs = linear_model.Perceptron(eta0=0.5, shuffle=False, tol=None, max_iter=len(counts))
    theirs.fit(X, y)
    np.testing.assert_allclose(ours.w, theirs.coef_[0], atol=1e-12)
    np.testing.assert_allclose(ours.b, theirs.intercept_[0], atol=1e-12)
    np.testing.assert_array_equal(ours.predict(X), y)
    assert counts[-1] == 0
    assert sum(counts) == ours.mistakes


@pytest.mark.parametrize("seed", range(20))
def test_mistakes_stay_within_the_theorem(seed):
    X, y, w = toy.separable(80, 4, 0.02, seed)
    learner = Perceptron(4)
    learner.fit(X, y, max_epochs=100_000)
    radius = np.sqrt((X**2).sum(axis=1) + 1).max()
    assert learner.mistakes <= (radius / (y * (X @ w)).min()) ** 2


def test_averaged_weights_equal_the_plain_mean():
    X, y = toy.moons(50)
    y = 2 * y - 1
    lazy, plain = AveragedPerceptron(2, lr=0.3), Perceptron(2, lr=0.3)
    w, b = [], []
    for x, label in list(zip(X, y, strict=True)) * 3:
        lazy.update(x, label)
        plain.update(x, label)
        w.append(plain.w)
        b.append(plain.b)
    np.testing.assert_allclose(lazy.w_mean, np.mean(w, axis=0), atol=1e-12)
    np.testing.assert_allclose(lazy.b_mean, np.mean(b), atol=1e-12)
    np.testing.assert_allclose(lazy.decision(X), X @ np.mean(w, axis=0) + np.mean(b), atol=1e-12)


def test_criterion_and_its_gradient():
    X, y = toy.moons(40)
    y, w = 2 * y - 1, np.array([0.3, -0.7])
    loss, gradient = perceptron_loss(w, X, y)
    assert loss == pytest.approx(np.maximum(0, -y * (X @ w)).sum())
    measured = numerical_gradient(lambda v: perceptron_loss(v, X, y)[0], w)
    assert relative_difference(gradient, measured) < 1e-8


def test_batch_perceptron_separates_what_can_be_separated():
    X, y, _ = toy.separable(100, 3, 0.05, seed=1)
    w, losses = batch_perceptron(X, y, lr=0.1)
    assert losses[-1] == 0
    assert np.all(y * (X @ w) > 0)
    X, y = toy.xor(100)
    assert len(batch_perceptron(X, 2 * y - 1, max_steps=50)[1]) == 50


def test_logistic_gradient_and_optimum():
    X, y = toy.moons(200, noise=0.4)
    model = LogisticRegression(np.array([0.3, -0.2]), 0.1)
    cost, dw, db = model.loss(X, y)

    def f(v):
        return LogisticRegression(v[:2], v[2]).loss(X, y)[0]

    measured = numerical_gradient(f, np.array([0.3, -0.2, 0.1]))
    assert relative_difference(np.append(dw, db), measured) < 1e-8
    costs = model.fit(X, y, lr=1.0, steps=3000)
    assert costs[0] == pytest.approx(cost)
    reference = linear_model.LogisticRegression(C=np.inf, tol=1e-10, max_iter=1000).fit(X, y)
    np.testing.assert_allclose(model.w, reference.coef_[0], rtol=1e-4)
    np.testing.assert_allclose(model.b, reference.intercept_[0], rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(model.predict_proba(X), reference.predict_proba(X)[:, 1], rtol=1e-3)


def test_logistic_regression_is_stable_for_huge_scores():
    X, y = np.array([[1e4], [-1e4]]), np.array([0, 1])
    cost, dw, _ = LogisticRegression([1.0]).loss(X, y)
    assert cost == 1e4
    assert dw == 1e4


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: signed_distance(np.ones((2, 3)), np.zeros(3)), "w is zero"),
        (lambda: signed_distance(np.ones((2, 3)), np.ones(2)), r"X is \(2, 3\) and w is \(2,\)"),
        (lambda: Perceptron(2, lr=0), "lr is 0; expected a positive number"),
        (lambda: Perceptron(2).fit(np.ones((2, 2)), [0, 1]), "y holds 0; expected only -1 and 1"),
        (lambda: Perceptron(3).fit(np.ones((2, 2)), [-1, 1]), r"\(2, 2\) and w is \(3,\)"),
        (lambda: perceptron_loss([1.0], np.ones((2, 1)), [1, 2]), "y holds 2"),
        (lambda: perceptron_loss([1.0], np.ones((2, 1)), [1]), r"\(2, 1\) and y is \(1,\)"),
        (lambda: LogisticRegression([0.0]).loss(np.ones((2, 1)), [-1, 1]), "y holds -1"),
        (lambda: toy.separable(10, margin=1.5), "margin is 1.5"),
    ],
)
def test_errors_name_the_value(call, message):
    with pytest.raises(ValueError, match=message):
        call()
