"""Checks of the project of part III: five hundred digits with the learner's own cures."""

import numpy as np

from companion.data.digits import train_dev_test
from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wire import Source
from companion.gradients.checking.gradcheck import numerical_gradient

RANDOM = np.random.default_rng(31)
X = RANDOM.normal(size=(5, 6))
Y = np.array([0, 2, 1, 2, 2])
WEIGHTS = [
    RANDOM.normal(size=(4, 6)),
    RANDOM.normal(size=4),
    RANDOM.normal(size=(3, 4)),
    RANDOM.normal(size=3),
]
SCALE = np.where(RANDOM.random((5, 4)) < 0.4, 0.0, 1 / 0.6)
LOADED = "from companion.data.digits import train_dev_test\nsample = train_dev_test()"
FEW = [
    Source("sample.X_train[:500] * 1.0", LOADED),
    Source("sample.y_train[:500]", LOADED),
    Source("sample.X_dev[:500] * 1.0", LOADED),
]
DEV = Source("sample.y_dev[:500]", LOADED)
WRONG_DEV = Source("(sample.y_dev[:500] + 1) % 10", LOADED)
NEW = Source("sample.X_test * 1.0", LOADED)


def scores(X, weights, scale=1.0):
    """Scores, unit by unit."""
    W1, b1, W2, b2 = weights
    a = np.clip(np.einsum("nd,hd->nh", X, W1) + b1, 0, None)
    return np.einsum("nh,kh->nk", a * scale, W2) + b2


def cost(X, y, weights, scale):
    """Mean cross-entropy by NumPy's own logaddexp."""
    rows = zip(scores(X, weights, scale), y, strict=True)
    return np.mean([np.logaddexp.reduce(s) - s[k] for s, k in rows])


def slopes(X, y, weights, scale):
    """Gradients by central differences, entry by entry."""

    def cost_with(k):
        return lambda w: cost(X, y, [*weights[:k], w, *weights[k + 1 :]], scale)

    return [numerical_gradient(cost_with(k), w) for k, w in enumerate(weights)]


@check(
    "dropped-scores",
    hints=(
        "The scale multiplies the hidden activations, entry by entry.",
        "After ReLU, before the second matrix; the second bias is left alone.",
        "(np.maximum(X @ W1.T + b1, 0) * scale) @ W2.T + b2",
    ),
)
def test_scores_of_a_dropped_network(student):
    "the scores of five examples, each with its own dropped units"
    full = scores(X, WEIGHTS)
    mistakes = {
        "the scale is not used": full,
        "the bias of the scores is missing": scores(X, WEIGHTS, SCALE) - WEIGHTS[3],
        "the scale of the first example is used for all": scores(X, WEIGHTS, SCALE[:1]),
    }
    got = student.dropped_scores(X, WEIGHTS, SCALE)
    assert_close(got, scores(X, WEIGHTS, SCALE), mistakes=mistakes)
    assert_unchanged(student.dropped_scores)


@check(
    "dropped-scores",
    hints=(
        "When digits are read, no unit is dropped.",
        "The scale is 1 if none is given.",
        "def dropped_scores(X, weights, scale=1.0)",
    ),
)
def test_scores_of_the_whole_network(student):
    "without a scale, nothing is dropped"
    assert_close(student.dropped_scores(X, WEIGHTS), scores(X, WEIGHTS))


@check(
    "dropped-gradients",
    points=3,
    hints=(
        "Backwards through the same lines: scores, scale, ReLU, first layer.",
        "The scale is part of A, for the second matrix, and of the way back to Z.",
        "dZ = (G @ W2) * scale * (Z > 0); [dZ.T @ X, dZ.sum(axis=0), G.T @ A, G.sum(axis=0)]",
    ),
)
def test_gradients_are_the_measured_slopes(student):
    "all four gradients against slopes measured entry by entry"
    got = student.dropped_gradients(X, Y, WEIGHTS, SCALE)
    assert len(got) == 4, f"expected four gradients, one for each weight, and got {len(got)}"
    right, undropped = slopes(X, Y, WEIGHTS, SCALE), slopes(X, Y, WEIGHTS, 1.0)
    for k, name in enumerate(("W1", "b1", "W2", "b2")):
        mistakes = {
            f"the gradient for {name} is the sum over the examples, not the mean": 5 * right[k],
            f"the gradient for {name} is that of the network without dropout": undropped[k],
            f"the gradient for {name} has the wrong sign": -right[k],
        }
        assert_close(got[k], right[k], rtol=1e-5, atol=1e-7, mistakes=mistakes)
    assert_unchanged(student.dropped_gradients)
    whole = student.dropped_gradients(X, Y, WEIGHTS)
    for mine, wanted in zip(whole, undropped, strict=True):
        assert_close(mine, wanted, rtol=1e-5, atol=1e-7, what="a gradient without a scale")
    # Inputs and biases of 0: each hidden unit is exactly at the bend of ReLU.
    W1, b1, W2, b2 = WEIGHTS
    got = student.dropped_gradients(0 * X, Y, [W1, 0 * b1, W2, b2])[1]
    assert_close(got, np.zeros(4), what="the gradient for b1 where ReLU is at 0, with the slope 0")


def update(X, y, weights, m, v, t, lr, limit, rate, lam, rng, biases=False):
    """One update, drawn and computed number by number."""
    moved = np.zeros((len(X), 28, 28))
    moves = rng.integers(-limit, limit + 1, size=(len(X), 2))
    for n, (dy, dx) in enumerate(moves):
        for i in range(28):
            for j in range(28):
                if 0 <= i - dy < 28 and 0 <= j - dx < 28:
                    moved[n, i, j] = X[n].reshape(28, 28)[i - dy, j - dx]
    kept = rng.random((len(X), len(weights[1]))) >= rate
    g = slopes(moved.reshape(len(X), -1), y, weights, kept / (1 - rate))
    g = [a + lam * w if w.ndim == 2 or biases else a for a, w in zip(g, weights, strict=True)]
    m = [0.9 * a + 0.1 * b for a, b in zip(m, g, strict=True)]
    v = [0.999 * a + 0.001 * b * b for a, b in zip(v, g, strict=True)]
    steps = [
        lr * (a / (1 - 0.9**t)) / (np.sqrt(b / (1 - 0.999**t)) + 1e-8)
        for a, b in zip(m, v, strict=True)
    ]
    return [w - s for w, s in zip(weights, steps, strict=True)], m, v


@check(
    "regularized-update",
    points=3,
    hints=(
        "Five steps in the order of the plan: shift, drop, gradients, penalty, Adam.",
        "Both draws take the same rng, the shift first; adam_step goes over the four arrays.",
        "_, scale = inverted_dropout(np.ones((len(X), len(weights[1]))), rate, rng)",
    ),
)
def test_an_update_with_all_cures(student):
    "updates 1 and 7 of a small network on two pictures"
    rng = np.random.default_rng(4)
    pictures, labels = train_dev_test().X_train[:2].astype(float), np.array([1, 0])
    weights = [
        rng.normal(size=(3, 784)) * 0.05,
        rng.normal(size=3),
        rng.normal(size=(2, 3)),
        rng.normal(size=2),
    ]
    m = [rng.normal(size=w.shape) for w in weights]
    v = [rng.uniform(0.1, 1, size=w.shape) for w in weights]
    for t in (7, 1):
        given = (pictures, labels, weights, m, v, t, 0.1, 3, 0.4, 0.5)
        got = student.regularized_update(*given, Source(f"np.random.default_rng({t})"))
        assert len(got) == 3, f"expected (weights, m, v), and got {len(got)} things"
        right = update(*given, np.random.default_rng(t))
        all_of_them = update(*given, np.random.default_rng(t), biases=True)
        for mine, wanted, slip in zip(got, right, all_of_them, strict=True):
            assert len(mine) == 4, f"expected four arrays in each list, and got {len(mine)}"
            for k in range(4):
                mistakes = {"the biases are penalized too": slip[k]} if k % 2 else {}
                assert_close(mine[k], wanted[k], rtol=1e-5, atol=1e-8, mistakes=mistakes)


@check(
    "learn-from-few",
    points=4,
    hints=(
        "A loop over passes, in it a loop over batches, in it one regularized update.",
        "t counts the updates from 1 over all passes; the best weights are used at the end.",
        "order = rng.permutation(len(X)); for batch in np.split(order, range(50, len(X), 50)): ...",
    ),
)
def test_it_reads_digits_after_500(student):
    "from 500 digits, 89 % of 1,000 others"
    said = np.asarray(student.learn_from_few(*FEW, DEV, NEW))
    right = train_dev_test().y_test
    assert said.shape == right.shape, f"expected one class a digit, (1000,); got {said.shape}"
    found = np.mean(said == right)
    assert found >= 0.89, (
        f"your network reads {found:.1%} of 1,000 new digits; 89 % are asked for, and a network "
        "without cures reads about 85 %"
    )


@check(
    "learn-from-few",
    points=2,
    hints=(
        "stop_now also tells which pass was the best so far.",
        "Keep the weights of each pass, and use those of the best for the new digits.",
        "stop, best = stop_now(losses, patience); ... scores of kept[best]",
    ),
)
def test_the_weights_of_the_best_pass_are_used(student):
    "where the dev loss only rises, the first pass is used; epochs and patience end the run"
    # Labels of the dev set that are all wrong: the better the network, the higher the loss.
    one = np.asarray(student.learn_from_few(*FEW, WRONG_DEV, NEW, 1, 4))
    best = np.asarray(student.learn_from_few(*FEW, WRONG_DEV, NEW, 12, 4))
    assert np.array_equal(one, best), (
        "with a dev loss that rises from the first pass on, the answers differ from those "
        f"after one pass in {np.sum(one != best)} of 1,000 digits: are the best weights restored?"
    )
    right = np.asarray(student.learn_from_few(*FEW, DEV, NEW, 1, 4))
    assert np.array_equal(one, right), (
        "with epochs = 1 there is nothing to choose, yet the answers depend on the labels of the "
        "dev set: does the run end after `epochs` passes?"
    )
    early, late = (np.asarray(student.learn_from_few(*FEW, DEV, NEW, 25, n)) for n in (1, 25))
    assert not np.array_equal(early, late), (
        "a patience of 1 and one of 25 lead to the same answers: does stop_now end the run?"
    )
