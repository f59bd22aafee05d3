"""Checks of the project of part II: the learner's own optimizer, schedule and normalization."""

import numpy as np

from companion.data.digits import digits
from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wire import Source
from companion.gradients.checking.gradcheck import numerical_gradient

RANDOM = np.random.default_rng(21)
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
NEW = Source("sample.X_test * 1.0", LOADED)


def scores(X, weights, eps=1e-5, centred=False, axis=1):
    """Scores, unit by unit."""
    W1, b1, W2, b2 = weights
    z = np.einsum("nd,hd->nh", X, W1) + b1
    if centred:
        z = z - z.mean(axis=1, keepdims=True)
    size = (z**2).sum(axis=axis, keepdims=True) / z.shape[axis]
    return np.einsum("nh,kh->nk", np.clip(z / (size + eps) ** 0.5, 0, None), W2) + b2


def cost(X, y, weights, eps=1e-5):
    """Mean cross-entropy by NumPy's own logaddexp."""
    rows = zip(scores(X, weights, eps), y, strict=True)
    return np.mean([np.logaddexp.reduce(s) - s[k] for s, k in rows])


def slopes(X, y, weights):
    """Gradients by central differences, entry by entry."""

    def cost_with(k):
        return lambda w: cost(X, y, [*weights[:k], w, *weights[k + 1 :]])

    return [numerical_gradient(cost_with(k), w) for k, w in enumerate(weights)]


@check(
    "normalized-scores",
    hints=(
        "One root mean square for each example, over its hidden units.",
        "Divide before ReLU, and give ε its place under the root.",
        "R = Z / np.sqrt(np.mean(Z**2, axis=1, keepdims=True) + eps)",
    ),
)
def test_scores_of_a_batch(student):
    "the scores of five examples"
    mistakes = {
        "the mean goes over the batch, not over the units": scores(X, WEIGHTS, axis=0),
        "the row is centred first: that is layer normalization": scores(X, WEIGHTS, centred=True),
    }
    got = student.normalized_scores(X, WEIGHTS)
    assert_close(got, scores(X, WEIGHTS), mistakes=mistakes)
    assert_unchanged(student.normalized_scores)


@check(
    "normalized-scores",
    hints=(
        "A row of zeros has the root mean square 0.",
        "ε keeps the division from 0/0.",
        "np.sqrt(np.mean(Z**2, axis=1, keepdims=True) + eps)",
    ),
)
def test_a_row_of_zeros_and_a_large_eps(student):
    "a row of zeros gives the second bias, and a large ε counts"
    weights = (WEIGHTS[0], np.zeros(4), *WEIGHTS[2:])
    zeros = np.zeros((2, 6))
    assert_close(student.normalized_scores(zeros, weights), np.array([WEIGHTS[3]] * 2))
    got = student.normalized_scores(X, WEIGHTS, 3.0)
    mistakes = {"ε is added after the root": root_then_eps(X, WEIGHTS, 3.0)}
    assert_close(got, scores(X, WEIGHTS, 3.0), mistakes=mistakes)


def root_then_eps(X, weights, eps):
    """A slip: ε outside the root."""
    W1, b1, W2, b2 = weights
    z = X @ W1.T + b1
    return np.maximum(z / (np.sqrt((z**2).mean(axis=1, keepdims=True)) + eps), 0) @ W2.T + b2


@check(
    "normalized-gradients",
    points=3,
    hints=(
        "Backwards through the same lines: scores, ReLU, normalization, first layer.",
        "The gradient for R is G @ W2 where R is above 0; rms_pullback takes it to Z.",
        "dZ = rms_pullback(Z, (G @ W2) * (R > 0), eps); [dZ.T @ X, dZ.sum(axis=0), ...]",
    ),
)
def test_gradients_are_the_measured_slopes(student):
    "all four gradients against slopes measured entry by entry"
    got = student.normalized_gradients(X, Y, WEIGHTS)
    assert len(got) == 4, f"expected four gradients, one for each weight, and got {len(got)}"
    right = slopes(X, Y, WEIGHTS)
    for name, mine, wanted in zip(("W1", "b1", "W2", "b2"), got, right, strict=True):
        mistakes = {
            f"the gradient for {name} is the sum over the examples, not the mean": 5 * wanted,
            f"the gradient for {name} has the wrong sign": -wanted,
        }
        assert_close(mine, wanted, rtol=1e-5, atol=1e-7, mistakes=mistakes)
    assert_unchanged(student.normalized_gradients)


def update(weights, gradients, m, v, t, total, peak, first=1):
    """One update, number by number; `first` is Adam's number of the first update."""
    warm = total // 10
    wave = peak * (1 + np.cos(np.pi * (t - warm) / (total - warm))) / 2
    rate = peak * (t + 1) / warm if t < warm else wave
    n = t + first
    m = [0.9 * a + 0.1 * g for a, g in zip(m, gradients, strict=True)]
    v = [0.999 * a + 0.001 * g * g for a, g in zip(v, gradients, strict=True)]
    moved = [
        w - rate * (a / (1 - 0.9**n)) / (np.sqrt(b / (1 - 0.999**n)) + 1e-8)
        for w, a, b in zip(weights, m, v, strict=True)
    ]
    return moved, m, v


@check(
    "scheduled-update",
    points=3,
    hints=(
        "First the rate, then one Adam step for each of the arrays.",
        "warm_wave counts updates from 0, adam_step from 1.",
        "adam_step(w, a, b, g, t + 1, warm_wave(t, total // 10, total, peak), 0.9, 0.999, 1e-8)",
    ),
)
def test_updates_in_the_warm_up_and_later(student):
    "updates 0, 3 and 40 of 50"
    rng = np.random.default_rng(4)
    gradients = [rng.normal(size=w.shape) for w in WEIGHTS]
    m = [rng.normal(size=w.shape) for w in WEIGHTS]
    v = [rng.uniform(0.1, 1, size=w.shape) for w in WEIGHTS]
    for t in (3, 0, 40):
        given = (list(WEIGHTS), gradients, m, v, t, 50, 0.1)
        got = student.scheduled_update(*given)
        assert len(got) == 3, f"expected (weights, m, v), and got {len(got)} things"
        late, right = update(*given, first=2), update(*given)
        early = update(*given, first=0) if t else late
        for name, mine, wanted, a, b in zip("wmv", got, right, early, late, strict=True):
            assert len(mine) == 4, f"expected four arrays in each list, and got {len(mine)}"
            for k in range(4):
                mistakes = {}
                if name == "w":
                    mistakes = {
                        "adam_step counts from 1: hand it t + 1": a[k],
                        "Adam's number is one too large": b[k],
                    }
                assert_close(mine[k], wanted[k], rtol=1e-8, mistakes=mistakes)
        assert_unchanged(student.scheduled_update)


@check(
    "digits-in-updates",
    points=4,
    hints=(
        "A loop over updates: a batch, its gradients, one scheduled update.",
        "Standardize first, and let the schedule end with the last update.",
        "batch = rng.permutation(len(X))[:50]; scheduled_update(..., t, updates, 0.005)",
    ),
)
def test_it_reads_new_digits(student):
    "after 280 updates, 82 % of digits that it has never seen"
    said = np.asarray(student.read_digits(DATA, LABELS, NEW))
    right = digits().y_test
    assert said.shape == right.shape, f"expected one class a digit, (1000,); got {said.shape}"
    found = np.mean(said == right)
    assert found >= 0.82, f"your network reads {found:.0%} of 1,000 new digits; 82 % are asked for"


@check(
    "digits-in-updates",
    after="test_it_reads_new_digits",
    hints=(
        "What is said of one digit must not depend on which others are asked about.",
        "Mean and deviation come from X alone.",
        "X, X_new = standardize_both(X, X_new)",
    ),
)
def test_a_digit_alone_is_read_as_among_others(student):
    "a digit alone is read as it is among others"
    few = Source("sample.X_test[:40] * 1.0", LOADED)
    bright = Source("sample.X_test[:40] * 1.0 + (np.arange(40) == 39)[:, None] * 50", LOADED)
    alone = np.asarray(student.read_digits(DATA, LABELS, few, 60))
    among = np.asarray(student.read_digits(DATA, LABELS, bright, 60))
    assert np.array_equal(alone[:39], among[:39]), (
        "one very bright picture among the new digits changed what you say of the others: "
        "standardize by the training set only"
    )
