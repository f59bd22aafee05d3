"""Checks of the exercises in the chapter on the perceptron."""

import numpy as np

from companion.data import toy
from companion.data.digits import digits, pooled
from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of

RANDOM = np.random.default_rng(11)
X = RANDOM.normal(size=(12, 3))
W, B = np.array([2.0, -1.0, 2.0]), 0.5
SIDES = np.sign(X @ W + B)

def textbook(examples, eta=1.0, on_the_line=True):
    """Weights, bias and mistakes of the rule, written with one list of numbers (w₁, w₂, b)."""
    theta, mistakes = [0.0, 0.0, 0.0], 0
    for x, label in examples:
        row = [*x, 1.0]
        score = label * sum(weight * value for weight, value in zip(theta, row, strict=True))
        if score < 0 or (score == 0 and (on_the_line or not any(theta))):
            theta = [w + eta * label * v for w, v in zip(theta, row, strict=True)]
            mistakes += 1
    return tuple(theta), mistakes


THREE = [((1, 2), 1), ((3, 1), -1), ((1, 2), 1)]


@check(
    "perceptron-by-hand",
    points=2,
    hints=(
        "All three examples are mistakes, the last one because of where it lies.",
        "Go through the table row by row: f(x) first, then compare its sign with the label.",
        "After A: (1, 2), 1. After B: (-2, 1), 0. For A again f = -2 + 2 + 0 = 0.",
    ),
)
def test_three_examples_by_hand(student):
    "w₁, w₂ and b after A, B and A again"
    expected, _ = textbook(THREE)
    once, _ = textbook(THREE[:2])
    uphill = tuple(-value for value in expected)
    mistakes = {
        "a point on the line, with the sum 0, counts as a mistake": once,
        "on a mistake the input is added for the label +1 and subtracted for −1": uphill,
        "the bias changes as well: by the label": (*expected[:2], 0),
        "only A and A were added; B is a mistake too": (2, 4, 2),
    }
    assert_close(student.after_three_examples(), expected, mistakes=mistakes)


@check(
    "perceptron-rate",
    hints=(
        "From zero, what are the weights made of?",
        "Every update adds η y x: take η out of the sum.",
        "Ten times the weights give ten times each sum, and the sign stays.",
    ),
)
def test_mistakes_at_another_rate(student):
    "both perceptrons are trained on a hundred points, and their mistakes counted"
    X, y, _ = toy.separable(100, margin=0.05, seed=2)
    examples = [*zip(X, y, strict=True)] * 5
    slow, fast = (textbook(examples, eta)[1] for eta in (1.0, 10.0))
    found = "equally" if fast == slow else "more" if fast > slow else "fewer"
    answer = student.mistakes_at_ten_times_the_rate()
    assert isinstance(answer, str), f"expected a word, got {kind_of(answer)}"
    words = ("more", "fewer", "equally")
    assert answer in words, f"expected one of {', '.join(words)}; got {answer!r}"
    assert answer == found, (
        f"with η = 1 there were {slow} mistakes, with η = 10 there were {fast}: from zero, η only "
        "scales w and b, and a scale changes no sign"
    )


@check(
    "geometric-margin",
    hints=(
        "A distance is measured in lengths of w.",
        "Look at the denominator of the signed distance in the section 'One neuron draws a line'.",
        "np.min(y * (X @ w + b)) / np.linalg.norm(w)",
    ),
)
def test_margin_is_a_distance(student):
    "the margin does not change when w and b are multiplied by 10"
    expected = np.min(SIDES * (X @ W + B)) / 3
    mistakes = {"the length of w is missing": 30 * expected}
    assert_close(student.geometric_margin(X, SIDES, 10 * W, 10 * B), expected, mistakes=mistakes)
    few = slice(3, 9)
    expected = np.min(SIDES[few] * (X[few] @ W + B)) / 3
    assert_close(student.geometric_margin(X[few], SIDES[few], W, B), expected)


@check(
    "geometric-margin",
    hidden=True,
    hints=(
        "A point on the wrong side has a negative margin.",
        "Multiply each distance by its label before you take the minimum.",
        "np.min(y * (X @ w + b)) / np.linalg.norm(w)",
    ),
)
def test_margin_of_a_set_with_a_mistake_is_negative(student):
    "one point on the wrong side makes the margin negative"
    labels = SIDES.copy()
    furthest = np.argmax(SIDES * (X @ W + B))
    labels[furthest] *= -1
    expected = -np.max(SIDES * (X @ W + B)) / 3
    nearest = np.min(np.abs(X @ W + B)) / 3
    mistakes = {"the label is not used: this is the distance of the nearest point": nearest}
    assert_close(student.geometric_margin(X, labels, W, B), expected, mistakes=mistakes)


FEW, MANY = RANDOM.normal(size=(4, 3)), RANDOM.normal(size=(6, 3))


@check(
    "pairwise-distances",
    points=2,
    hints=(
        "Two axes of the result: one for the rows of A, one for the rows of B.",
        "Give A a new axis in the middle; the feature axis stays last.",
        "np.sqrt(np.sum((A[:, None, :] - B[None, :, :]) ** 2, axis=-1))",
    ),
)
def test_distances_of_all_pairs(student):
    "entry (i, j) is the distance from row i of A to row j of B"
    expected = np.array([[np.linalg.norm(a - b) for b in MANY] for a in FEW])
    city = np.array([[np.abs(a - b).sum() for b in MANY] for a in FEW])
    mistakes = {
        "the square root is missing": expected**2,
        "these are sums of absolute differences, not Euclidean distances": city,
    }
    assert_close(student.pairwise_distances(FEW, MANY), expected, mistakes=mistakes)


@check(
    "pairwise-distances",
    after="test_distances_of_all_pairs",
    hidden=True,
    hints=(
        "A difference of nearly equal squares loses its digits.",
        "Expanding ‖a‖² - 2 a·b + ‖b‖² subtracts large, nearly equal numbers.",
        "Subtract first, then square: (A[:, None] - B[None]) ** 2.",
    ),
)
def test_distances_far_from_the_origin(student):
    "points that are far away and close together keep their distance"
    far = np.array([[1e8, 0.0], [1e8, 3.0]])
    assert_close(student.pairwise_distances(far, far), np.array([[0.0, 3.0], [3.0, 0.0]]))


def pair(answer, names):
    """Two values, or a failure that says what came instead."""
    assert isinstance(answer, tuple), f"expected a tuple {names}, got {kind_of(answer)}"
    assert len(answer) == 2, f"expected two values {names}, got {len(answer)}"
    return answer


def threes_and_fives(X, y):
    """Threes (0) and fives (1) of the digits, 14 × 14 pixels."""
    chosen = (y == 3) | (y == 5)
    return pooled(X[chosen].astype(float)), (y[chosen] == 5).astype(int)


def answered(student, X, t):
    """Weights and bias of the learner, of the right shape."""
    w, b = pair(student.train_reader(X, t), "(w, b)")
    w, b = np.asarray(w), np.asarray(b)
    assert w.shape == X.shape[1:], f"expected w of shape {X.shape[1:]}, got {w.shape}"
    assert b.shape == (), f"expected one number b, got shape {b.shape}"
    assert np.isfinite([*w, b]).all(), "the weights are not finite: a smaller rate?"
    return w, b


@check(
    "train-reader",
    points=2,
    hints=(
        "Too few steps, or steps that are too short, and the weights have not arrived.",
        "Repeat the loop of the section on logistic regression some hundred times.",
        "p = 1 / (1 + np.exp(-(X @ w + b))); w = w + 0.5 * (t - p) @ X / len(X); 300 times",
    ),
)
def test_new_digits_are_read(student):
    "at least 93 % of 200 new digits are right"
    data = digits()
    w, b = answered(student, *threes_and_fives(data.X_train, data.y_train))
    X, t = threes_and_fives(data.X_test, data.y_test)
    share = np.mean((X @ w + b > 0) == t)
    turned = " (nearly all the wrong way round: is the sign of the step right?)"
    assert share >= 0.93, f"{share:.1%} of the new digits are right{turned if share < 0.3 else ''}"


@check(
    "train-reader",
    hidden=True,
    hints=(
        "The bias is a weight too: it needs its own update.",
        "On a mistake the bias moves by the mean of t - p.",
        "b = b + 0.5 * np.mean(t - p)",
    ),
)
def test_a_boundary_away_from_zero_needs_the_bias(student):
    "pixels below and above one half, none of them negative, are told apart"
    x = np.array([0.1, 0.2, 0.2, 0.3, 0.7, 0.8, 0.8, 0.9])
    X, t = np.stack([x, 0 * x], axis=1), (x > 0.5).astype(int)
    w, b = answered(student, X, t)
    share = np.mean((X @ w + b > 0) == t)
    assert share > 0.6, f"{share:.0%} of the points are right; is the bias learned?"


def pocket(X, y, epochs):
    """The textbook's algorithm, kept apart from the chapter's solution: every state is listed."""
    states, theta = [(0, np.zeros(X.shape[1] + 1))], np.zeros(X.shape[1] + 1)
    rows = np.c_[X, np.ones(len(X))] * y[:, None]
    for row in np.tile(rows, (epochs, 1)):
        if row @ theta <= 0:
            theta = theta + row
            states.append((np.sum(rows @ theta > 0), theta))
    best = states[np.argmax([right for right, _ in states])][1]
    return best[:-1], best[-1], theta


NOISY = RANDOM.normal(size=(40, 2))
NOISY_LABELS = np.where(NOISY @ [1.0, 0.5] + 0.6 * RANDOM.normal(size=40) > 0.2, 1.0, -1.0)


@check(
    "pocket-perceptron",
    points=2,
    hints=(
        "The last weights are not the best: remember the best.",
        "After each update count y * (X @ w + b) > 0 over the whole set.",
        "if right > best: best, pocket = right, (w, b)",
    ),
)
def test_pocket_keeps_the_best_weights(student):
    "on data no line separates, the pocket holds the best weights seen"
    w, b, last = pocket(NOISY, NOISY_LABELS, 4)
    got = student.pocket_perceptron(NOISY, NOISY_LABELS, 4)
    assert_unchanged(student.pocket_perceptron)
    got_w, got_b = pair(got, "(w, b)")
    hint = "these are the last weights; were they changed in place after being pocketed?"
    assert_close(got_w, w, mistakes={hint: last[:-1]}, what="the pocket's w")
    assert_close(got_b, b, what="the pocket's b")


@check(
    "pocket-perceptron",
    hints=(
        "With w = 0 every score is 0, which is a mistake.",
        "The test for a mistake is y f(x) <= 0, not < 0.",
        "if label * (x @ w + b) <= 0:",
    ),
)
def test_pocket_learns_from_the_first_example(student):
    "the very first example is a mistake, since its score is 0"
    X, y = np.array([[1.0, 2.0]]), np.array([1.0])
    assert_close(student.pocket_perceptron(X, y, 1), (np.array([1.0, 2.0]), 1.0))


@check(
    "pocket-perceptron",
    hidden=True,
    hints=(
        "Equal is not better.",
        "The pocket changes only when more examples are right than before.",
        "if right > best:",
    ),
)
def test_pocket_keeps_the_first_of_equals(student):
    "weights that are only as good as the pocket's do not replace them"
    X, y = np.array([[-2.0], [-2.0], [-1.0]]), np.array([1.0, 1.0, -1.0])
    # Two of three are right after the first update, and again, with other weights, later on.
    assert_close(student.pocket_perceptron(X, y, 2), (np.array([-2.0]), 1.0))
