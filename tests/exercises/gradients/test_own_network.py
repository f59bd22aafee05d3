"""Checks of the project of part I: a network out of the learner's own functions."""

import numpy as np

from companion.data.digits import digits
from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wire import Source
from companion.gradients.checking.gradcheck import numerical_gradient

RANDOM = np.random.default_rng(12)
X = RANDOM.normal(size=(5, 6))
Y = np.array([0, 2, 1, 2, 2])
WEIGHTS = (
    RANDOM.normal(size=(4, 6)),
    RANDOM.normal(size=4),
    RANDOM.normal(size=(3, 4)),
    RANDOM.normal(size=3),
)
LOADED = "from companion.data.digits import digits\nsample = digits()"
DATA = Source("sample.X_train[:2000] * 1.0", LOADED)
LABELS = Source("sample.y_train[:2000]", LOADED)


def scores(X, weights):
    """Scores of every example, one unit after the other."""
    W1, b1, W2, b2 = weights
    z = np.einsum("nd,hd->nh", X, W1) + b1
    a = z / (1 + np.exp(-z))
    return np.einsum("nh,kh->nk", a, W2) + b2


def cost(X, y, weights):
    """Mean cross-entropy by NumPy's own logaddexp, example by example."""
    each = [np.logaddexp.reduce(s) - s[k] for s, k in zip(scores(X, weights), y, strict=True)]
    return sum(each) / len(each)


def slopes(X, y, weights):
    """Gradients by central differences, entry by entry."""

    def cost_with(k):
        return lambda w: cost(X, y, [*weights[:k], w, *weights[k + 1 :]])

    return [numerical_gradient(cost_with(k), w) for k, w in enumerate(weights)]


@check(
    "network-cost",
    hints=(
        "Three lines of the formulas, then the loss: a logarithm of a sum minus the right score.",
        "log_mean_exp(S.T) is the logarithm of the mean over the classes; add log K.",
        "np.mean(log_mean_exp(S.T) + np.log(K) - S[np.arange(len(y)), y])",
    ),
)
def test_the_cost_of_a_batch(student):
    "the mean cross-entropy of five examples"
    right = cost(X, Y, WEIGHTS)
    mistakes = {
        "log K is missing: log_mean_exp takes the mean, not the sum": right - np.log(3),
        "it is the sum over the examples, not the mean": 5 * right,
        "the biases are missing": cost(X, Y, (WEIGHTS[0], 0, WEIGHTS[2], 0)),
    }
    got = student.network_cost(X, Y, WEIGHTS)
    assert_close(got, right, mistakes=mistakes)
    assert_unchanged(student.network_cost)


@check(
    "network-cost",
    hints=(
        "The exponential of 1000 is infinite.",
        "log_mean_exp subtracts the largest score first: hand it the scores themselves.",
        "log_mean_exp(S.T) + np.log(S.shape[1])",
    ),
)
def test_large_scores_cost_a_finite_number(student):
    "scores near 1,000 do not overflow"
    large = (*WEIGHTS[:2], 400 * WEIGHTS[2], WEIGHTS[3] + 1000)
    assert_close(student.network_cost(X, Y, large), cost(X, Y, large))


@check(
    "network-gradients",
    points=2,
    hints=(
        "Go backwards through the same lines: scores, second layer, swish, first layer.",
        "The gradient for the scores is softmax minus one-hot, divided by the number of examples.",
        "dZ = swish_pullback(Z, G @ W2); [dZ.T @ X, dZ.sum(axis=0), G.T @ A, G.sum(axis=0)]",
    ),
)
def test_gradients_are_the_measured_slopes(student):
    "all four gradients against slopes measured entry by entry"
    got = student.network_gradients(X, Y, WEIGHTS)
    assert len(got) == 4, f"expected four gradients, one for each weight, and got {len(got)}"
    right = slopes(X, Y, WEIGHTS)
    for name, mine, wanted in zip(("W1", "b1", "W2", "b2"), got, right, strict=True):
        mistakes = {
            f"the gradient for {name} is the sum over the examples, not the mean": 5 * wanted,
            f"the gradient for {name} has the wrong sign": -wanted,
        }
        assert_close(mine, wanted, rtol=1e-5, atol=1e-7, mistakes=mistakes)
    assert_unchanged(student.network_gradients)


@check(
    "network-gradients",
    hints=(
        "np.exp(1000) divided by itself is not a number.",
        "Subtract the largest score of each row before the exponential.",
        "G = np.exp(S - S.max(axis=1, keepdims=True)); G /= G.sum(axis=1, keepdims=True)",
    ),
)
def test_large_scores_have_gradients(student):
    "scores near 1,000 give gradients, not nan"
    large = (*WEIGHTS[:3], WEIGHTS[3] + 1000)
    got = student.network_gradients(X, Y, large)
    for mine, wanted in zip(got, slopes(X, Y, WEIGHTS), strict=True):
        assert_close(mine, wanted, rtol=1e-5, atol=1e-7)


@check(
    "worst-weight",
    points=2,
    hints=(
        "directional_check wants a function of one array: fix the other three weights.",
        "Number k: cost(w) is network_cost with weights[k] replaced by w.",
        "directional_check(cost, weights[k], gradients[k], directions[k]); then np.argmax",
    ),
)
def test_the_culprit_is_named(student):
    "each of the four gradients spoiled in turn"
    rng = np.random.default_rng(3)
    directions = [rng.normal(size=w.shape) for w in WEIGHTS]
    right = slopes(X, Y, WEIGHTS)
    for k, name in enumerate(("W1", "b1", "W2", "b2")):
        given = [g.copy() for g in right]
        given[k] *= 1.2
        said = student.worst_weight(X, Y, WEIGHTS, given, directions)
        assert said == name, f"the gradient for {name} is 1.2 times too large; you say {said!r}"


def accuracy_of(weights):
    """Share of the test digits that these weights get right."""
    data = digits()
    shapes = [np.shape(w) for w in weights]
    assert shapes == [(32, 784), (32,), (10, 32), (10,)], f"the weights have the shapes {shapes}"
    return np.mean(scores(data.X_test, weights).argmax(axis=1) == data.y_test)


@check(
    "train-network",
    points=3,
    hints=(
        "An epoch is a loop over batches of a new random order; each batch is one step.",
        "weights = [w - 0.3 * g for w, g in zip(weights, clipped)], with the clipped gradients.",
        "order = rng.permutation(train); batch = order[start : start + 50]; gradients of X[batch]",
    ),
)
def test_it_reads_new_digits(student):
    "the trained network reads 80 % of digits that it has never seen"
    weights, _ = student.train_network(DATA, LABELS)
    found = accuracy_of(weights)
    assert found >= 0.8, f"your network reads {found:.0%} of 1,000 new digits; 80 % are asked for"


@check(
    "train-network",
    points=2,
    after="test_it_reads_new_digits",
    hints=(
        "The accuracy is about the development set, which must not be trained on.",
        "three_sets(len(X), len(X) // 10, 0, seed) gives training and development set.",
        "np.mean(scores.argmax(axis=1) == y[dev]) with scores of X[dev]",
    ),
)
def test_the_accuracy_is_that_of_the_development_set(student):
    "the accuracy is measured on examples that played no part in training"
    rng = np.random.default_rng(8)
    noise, labels = rng.uniform(size=(300, 784)), rng.integers(0, 10, size=300)
    _, found = student.train_network(noise, labels, 32, 40, 1)
    assert 0 <= found <= 1, f"an accuracy lies between 0 and 1; you return {found}"
    assert found < 0.5, (
        f"you say {found:.0%} on labels that are pure chance: nothing gets more than about 10 % of "
        "those right, unless it has seen them"
    )
