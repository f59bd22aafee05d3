"""Checks of the exercises in the chapter on losses."""

import numpy as np
from scipy import special
from scipy.optimize import minimize_scalar

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of

RANDOM = np.random.default_rng(23)


def several(answer, names):
    """As many values as names, or a failure that says what came instead."""
    expected = f"({', '.join(names)})"
    assert isinstance(answer, tuple), f"expected a tuple {expected}, got {kind_of(answer)}"
    assert len(answer) == len(names), f"expected the values {expected}, got {len(answer)}"
    return answer


# --- predict, then look ----------------------------------------------------------------------

PRICES = np.arange(1.0, 8.0)
LOSSES = {
    "squared": lambda d: d**2,
    "Huber": lambda d: special.huber(1, d),
    "absolute": np.abs,
}


def best_constant(loss, y):
    """Constant with the least cost, found by search."""
    found = minimize_scalar(
        lambda c: loss(c - y).sum(),
        bounds=(y.min(), y.max()),
        method="bounded",
        options={"xatol": 1e-9},
    )
    return found.x


def movement(name):
    """How far the best constant moves when the last price becomes 70."""
    dearer = np.append(PRICES[:-1], 70.0)
    return best_constant(LOSSES[name], dearer) - best_constant(LOSSES[name], PRICES)


@check(
    "one-far-away",
    hints=(
        "Under the squared error the best constant is the mean.",
        "The sum of the seven prices grows by 63.",
        "63 / 7",
    ),
)
def test_the_mean_moves(student):
    "how far the best constant of the squared error moves"
    squared, _, _ = several(student.moves(), ("squared", "Huber", "absolute"))
    mistakes = {
        "the sum grows by 63, the mean by a seventh of it": 63.0,
        "the mean is not a median: it hears how far away the house is": 0.0,
        "this is the new mean; how far did it move?": np.mean([1, 2, 3, 4, 5, 6, 70]),
        "the price grew by 63, it is not 70 more than before": 10.0,
    }
    expected = movement("squared")
    assert_close(squared, expected, atol=1e-4, mistakes=mistakes, what="the first number")


@check(
    "one-far-away",
    hints=(
        "How hard does the last house pull at 4, before and after?",
        "At 4 its distance was 3 already: more than δ = 1, so its pull was at the limit.",
        "A pull that does not change does not move the balance.",
    ),
)
def test_the_others_do_not(student):
    "how far the best constants of Huber's loss and of the absolute error move"
    _, huber, absolute = several(student.moves(), ("squared", "Huber", "absolute"))
    mistakes = {"the absolute error looks at the order of the prices only, as a median does": 9.0}
    assert_close(
        absolute, movement("absolute"), atol=1e-4, mistakes=mistakes, what="the third number"
    )
    mistakes = {
        "Huber's loss grows in a straight line beyond δ: its pull does not grow": 9.0,
        "a pull of δ before and of δ after: nothing changes": 1.0,
        "a pull of δ before and after: the balance stays": 1 / 7,
    }
    assert_close(huber, movement("Huber"), atol=1e-4, mistakes=mistakes, what="the second number")


# --- softmax with a pencil -------------------------------------------------------------------

SCORES = np.log([1.0, 3.0, 6.0])


@check(
    "softmax-pencil",
    hints=(
        "e to the power of a logarithm is the number itself.",
        "The exponentials are 1, 3 and 6; divide each by their sum.",
        "1/10, 3/10, 6/10",
    ),
)
def test_probabilities(student):
    "the three probabilities"
    p, _ = several(student.pencil_softmax(), ("probabilities", "gradient"))
    mistakes = {
        "these are the exponentials: divide by their sum": [1.0, 3.0, 6.0],
        "these are the scores divided by their sum: take exponentials first": list(
            SCORES / SCORES.sum()
        ),
    }
    assert_close(p, [float(v) for v in special.softmax(SCORES)], mistakes=mistakes, what="p")


@check(
    "softmax-pencil",
    points=2,
    hints=(
        "Prediction minus truth.",
        "The truth is (0, 0, 1): only the third entry changes.",
        "[0.1, 0.3, 0.6 - 1]",
    ),
)
def test_gradient(student):
    "the three derivatives, which sum to 0"
    _, gradient = several(student.pencil_softmax(), ("probabilities", "gradient"))
    h = 1e-6
    expected = []
    for k in range(3):
        up, down = SCORES + h * np.eye(3)[k], SCORES - h * np.eye(3)[k]
        losses = [special.logsumexp(z) - z[2] for z in (up, down)]
        expected.append(float((losses[0] - losses[1]) / (2 * h)))
    p = special.softmax(SCORES)
    mistakes = {
        "truth minus prediction: the sign is flipped": [-float(v) for v in expected],
        "the truth is missing: this is the prediction": [float(v) for v in p],
        "the third class is right, not the first": [-0.9, 0.3, 0.6],
        "the third class is right, not the second": [0.1, -0.7, 0.6],
        "this is the derivative by the probabilities, not by the scores": [0.0, 0.0, -1 / 0.6],
    }
    assert_close(gradient, expected, rtol=1e-4, atol=1e-6, mistakes=mistakes, what="the gradient")


# --- the mean of probabilities ---------------------------------------------------------------

LOGS = RANDOM.normal(size=(3, 5))


@check(
    "log-mean-exp",
    hints=(
        "The mean is over the models, axis 0.",
        "The mean is the sum divided by the number of models: subtract its logarithm.",
        "top + np.log(np.mean(np.exp(L - top), axis=0)) with top = L.max(axis=0)",
    ),
)
def test_mean_of_ordinary_probabilities(student):
    "for moderate logarithms it is the logarithm of the mean"
    mistakes = {
        "this is the log of the sum, not of the mean": special.logsumexp(LOGS, axis=0),
        "this is the mean of the logarithms": LOGS.mean(axis=0),
    }
    expected = np.log(np.exp(LOGS).mean(axis=0))
    assert_close(student.log_mean_exp(LOGS), expected, mistakes=mistakes)
    assert_unchanged(student.log_mean_exp)
    assert_close(student.log_mean_exp(-LOGS[:2]), np.log(np.exp(-LOGS[:2]).mean(axis=0)))


@check(
    "log-mean-exp",
    hints=(
        "Subtract the largest logarithm of each column before you exponentiate.",
        "One shift for each example: the columns may be far apart.",
        "top = L.max(axis=0); top + np.log(np.mean(np.exp(L - top), axis=0))",
    ),
)
def test_mean_of_tiny_probabilities(student):
    "logarithms of -2,000 and +2,000 give finite results"
    shift = np.array([-2000.0, 2000.0, 0.0, -800.0, 1e4])
    expected = np.log(np.exp(LOGS).mean(axis=0)) + shift
    assert_close(student.log_mean_exp(LOGS + shift), expected)


@check(
    "log-mean-exp",
    hidden=True,
    hints=(
        "-inf minus -inf is not a number.",
        "Where the largest logarithm is -inf, shift by 0 instead.",
        "shift = np.where(np.isfinite(top), top, 0), and np.errstate(divide='ignore') for log(0)",
    ),
)
def test_mean_of_impossible_events(student):
    "an event that some or all models call impossible gives a number or -inf, never NaN"
    given = np.array([[-np.inf, -np.inf], [-1000.0, -np.inf]])
    expected = np.array([-1000 - np.log(2), -np.inf])
    assert_close(student.log_mean_exp(given), expected)


# --- train a line ----------------------------------------------------------------------------


def slips(slope, offset, seed):
    """A line with noise of size 0.1, one target in eight ten times too large."""
    rng = np.random.default_rng(seed)
    x = rng.uniform(-1, 1, 240)
    y = slope * x + offset + 0.1 * rng.normal(size=240)
    y[rng.permutation(240)[:30]] *= 10
    return x, y


def distance_from(line, slope, offset, x):
    """Mean distance of a line from the true one."""
    a, b = line
    return float(np.mean(np.abs((a - slope) * x + b - offset)))


def judge(answer, slope, offset, x, y):
    """Fail unless the line is near the true one, and say what it looks like."""
    a, b = (float(v) for v in several(answer, ("slope", "offset")))
    assert np.isfinite([a, b]).all(), (
        f"slope {a} and offset {b} are not finite: the learning rate is too large"
    )
    far = distance_from((a, b), slope, offset, x)
    if far <= 0.1:
        return
    text = f"the line {a:.2f} x + {b:.2f} is {far:.2f} away from the true line on average"
    if distance_from(np.polyfit(x, y, 1), a, b, x) < 0.1 * far:
        text += "; it is the line of the squared error, which the slips pull up"
    elif distance_from((b, a), slope, offset, x) <= 0.1:
        text += "; slope and offset are exchanged"
    elif distance_from((0.0, b), a, b, x) < 0.05:
        text += "; its slope is next to 0: did it train long enough?"
    else:
        text += "; a slip must not pull harder than an ordinary error, and training must be over"
    raise AssertionError(text)


@check(
    "robust-training",
    points=3,
    hints=(
        "Choose a loss whose pull is bounded, such as Huber's.",
        "Clip the errors before you take the mean; the bound is about the size of the noise.",
        "pull = np.clip(slope * x + offset - y, -0.2, 0.2); slope -= 0.5 * np.mean(pull * x); …",
    ),
)
def test_line_is_near_the_true_one(student):
    "on average over the inputs the line is within 0.1 of the true line"
    x, y = slips(2.0, 3.0, 0)
    judge(student.train_line(x, y), 2.0, 3.0, x, y)
    assert_unchanged(student.train_line)


@check(
    "robust-training",
    hidden=True,
    hints=(
        "Nothing in the function should know the line it looks for.",
        "Lines may fall, and lie higher: go on until the parameters have arrived there too.",
        "a few thousand steps: with pulls of at most 0.2 each step is short",
    ),
)
def test_other_lines_are_found_as_well(student):
    "other lines, falling, flat and higher up, are found as well"
    for seed, (slope, offset) in enumerate([(-1.5, 4.0), (0.0, 2.0), (3.0, -5.0)], start=1):
        x, y = slips(slope, offset, seed)
        judge(student.train_line(x, y), slope, offset, x, y)
