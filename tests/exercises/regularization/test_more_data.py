"""Checks of the exercises in the chapter on borrowed data."""

from functools import cache

import numpy as np

from companion import nn, optim
from companion.data.digits import train_dev_test
from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of
from companion.experiments.regularization.small_sets import network
from companion.experiments.regularization.tilted_digits import few_of_each, tilted
from companion.gradients.tensor import Tensor, no_grad


@check(
    "five-labels",
    hints=(
        "Fifty pictures are few for a network that begins with random weights.",
        "Both borrowed starts lead; which of the two can still adapt its features?",
        'the one that adapts all layers, then the frozen one, then "scratch"',
    ),
)
def test_the_order_at_five_labels(student):
    "the three ways in the order that the points at three and at ten labels have"
    got = student.ranking_at_five_labels()
    assert isinstance(got, (tuple, list)), f"expected a tuple of three words, got {kind_of(got)}"
    words = {"scratch", "frozen", "fine-tuned"}
    assert set(got) == words, f"expected the three words {sorted(words)}, got {got!r}"
    assert len(got) == 3, f"expected each word once, got {got!r}"
    assert got[-1] == "scratch", "with fifty pictures a network from scratch is behind the others"
    assert got[0] == "fine-tuned", "the frozen features are of upright digits and cannot adapt"


@check(
    "what-learns",
    hints=(
        "A layer from n to k units has n · k weights and k biases.",
        "The trunk is 400–50 and 50–20; the new head is 20–4.",
        "400 · 50 + 50 + 50 · 20 + 20 stay; 20 · 4 + 4 learn",
    ),
)
def test_how_many_numbers_learn(student):
    "the second number: what is left to learn"
    _, learns = _two_numbers(student.numbers_that_learn())
    mistakes = {
        "the new head has biases as well": 80,
        "the old head is gone: the new one has four classes": 126,
        "the trunk is frozen": 21154,
    }
    assert_close(learns, 84, mistakes=mistakes, what="the numbers that learn")


@check(
    "what-learns",
    hints=(
        "Frozen numbers are still numbers of the network.",
        "Add weights and biases of all three layers.",
        "20,050 + 1,020 + the head",
    ),
)
def test_how_many_numbers_there_are(student):
    "the first number: all that the network holds"
    total, _ = _two_numbers(student.numbers_that_learn())
    mistakes = {
        "this is the trunk without the head": 21070,
        "the biases are missing": 400 * 50 + 50 * 20 + 20 * 4,
        "the old head is gone: the new one has four classes": 21196,
    }
    assert_close(total, 21154, mistakes=mistakes, what="all numbers of the network")


def _two_numbers(got):
    assert isinstance(got, tuple), f"expected a tuple of two numbers, got {kind_of(got)}"
    assert len(got) == 2, f"expected two numbers, got {len(got)}"
    return got


def _stepped(W, v, x, y, rates):
    """New W and v, by the companion's gradients and an optimizer with two groups."""
    W, v = nn.Parameter(W.copy()), nn.Parameter(v.copy())
    error = (nn.ReLU()(W @ Tensor(x)) * v).sum() - float(y)
    (error * error * 0.5).backward()
    groups = [{"params": [p], "lr": lr} for p, lr in zip((W, v), rates, strict=True)]
    optim.SGD(groups, lr=1).step()
    return W.data, v.data


def _cases():
    rng = np.random.default_rng(5)
    for H, D in ((3, 4), (5, 2), (1, 1)):
        yield rng.normal(size=(H, D)), rng.normal(size=H), rng.normal(size=D), float(rng.normal())


@check(
    "two-rates",
    hints=(
        "Find the slope of the loss in ŷ first; every gradient contains it.",
        "The gradient in v is slope · ReLU(Wx); the step is the full rate.",
        "v - rate * (v @ h - y) * h with h = np.maximum(W @ x, 0)",
    ),
)
def test_the_head_takes_the_full_rate(student):
    "the new head v, for three networks"
    for W, v, x, y in _cases():
        _, expected = _stepped(W, v, x, y, (0.02, 0.1))
        _, small = _stepped(W, v, x, y, (0.02, 0.02))
        trunk, _ = _stepped(W, v, x, y, (0.02, 0.1))
        h, late = np.maximum(W @ x, 0), np.maximum(trunk @ x, 0)
        mistakes = {
            "the head moves at the rate of the trunk": small,
            "it goes uphill": 2 * v - expected,
            "the gradient of v was taken after W had moved": v - 0.1 * (v @ late - y) * late,
            "h is ReLU(Wx)": v - 0.1 * (v @ h - y) * (W @ x),
        }
        mistakes = {k: m for k, m in mistakes.items() if not np.allclose(m, expected)}
        got = student.two_rate_step(W, v, x, y, 0.1, 0.2)[1]
        assert_close(got, expected, rtol=1e-9, mistakes=mistakes, what="the new v")


@check(
    "two-rates",
    points=2,
    hints=(
        "The slope goes back through v and through the ReLU to W.",
        "Unit h passes it on only where (Wx)_h is above 0; then times x.",
        "dW = slope * np.outer(v * (W @ x > 0), x), and the rate is rate * factor",
    ),
)
def test_the_trunk_takes_the_smaller_rate(student):
    "the new trunk W, for three networks, and for a factor of 0; the given arrays stay"
    for W, v, x, y in _cases():
        for factor in (0.2, 0.0):
            expected, _ = _stepped(W, v, x, y, (0.1 * factor, 0.1))
            full, _ = _stepped(W, v, x, y, (0.1, 0.1))
            _, moved = _stepped(W, v, x, y, (0.1, 0.1))
            late, _ = _stepped(W, moved, x, y, (0.1 * factor, 0.1))
            slope = v @ np.maximum(W @ x, 0) - y
            open_gate = W - 0.1 * factor * slope * np.outer(v, x)
            mistakes = {
                "the trunk moves at the rate of the head": full,
                "the gradient of W was taken after v had moved": late,
                "the derivative of the ReLU is missing": open_gate,
            }
            mistakes = {k: m for k, m in mistakes.items() if not np.allclose(m, expected)}
            got = student.two_rate_step(W, v, x, y, 0.1, factor)[0]
            what = f"the new W with factor {factor}"
            assert_close(got, expected, rtol=1e-9, mistakes=mistakes, what=what)
            assert_unchanged(student.two_rate_step)


@cache
def _frozen_features(angle):
    """Features of few tilted digits and of 1,000 new ones, from a trunk of upright digits."""
    data, model = train_dev_test(), network(3, (196, 64, 10))
    X, y = tilted(data.X_train[:1500]), data.y_train[:1500]
    optimizer, order = optim.Adam(model.parameters(), lr=3e-3), np.random.default_rng(0)
    for _ in range(5):
        for rows in np.split(order.permutation(1500), 30):
            optimizer.zero_grad()
            nn.CrossEntropyLoss()(model(Tensor(X[rows])), y[rows]).backward()
            optimizer.step()
    (few,) = few_of_each(data.y_train[2000:], 10, [7])
    sets = tilted(data.X_train[2000:][few], angle), tilted(data.X_dev, angle)
    with no_grad():
        features = [model[1](model[0](Tensor(x))).numpy().astype(float) for x in sets]
    return features, (data.y_train[2000:][few], data.y_dev)


def _wrong_share(student, angle):
    (few, new), (labels, truth) = _frozen_features(angle)
    W, b = student.learn_head(few, labels)
    W, b = np.asarray(W, dtype=float), np.asarray(b, dtype=float)
    assert W.shape == (few.shape[1], 10), f"expected W (64, 10), got {W.shape}"
    assert b.shape == (10,), f"expected b (10,), got {b.shape}"
    return np.mean((new @ W + b).argmax(axis=1) != truth)


@check(
    "frozen-head",
    points=2,
    hints=(
        "This is a network of one layer: softmax regression on the features.",
        "From zeros: error = probabilities - one-hot labels; W -= rate · featuresᵀ error / N.",
        "some 500 steps with a rate near 1 / mean of the squared length of a row",
    ),
)
def test_the_head_reads_new_digits(student):
    "at most 30 % of 1,000 new digits, tilted by 20 degrees, are misread"
    share = _wrong_share(student, 20)
    assert share <= 0.30, f"{share:.0%} of the new digits are misread; at most 30 % may be"


@check(
    "frozen-head",
    hidden=True,
    hints=(
        "The features differ from source to source, and so does their size.",
        "Let the rate depend on the features, or standardize them inside the function.",
        "rate = 1 / np.mean(np.sum(features**2, axis=1))",
    ),
)
def test_the_head_reads_upright_digits_as_well(student):
    "at most 20 % of 1,000 new upright digits are misread"
    share = _wrong_share(student, 0)
    assert share <= 0.2, f"{share:.0%} of the new digits are misread; at most 20 % may be"
