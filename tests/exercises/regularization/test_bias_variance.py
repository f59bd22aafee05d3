"""Checks of the exercises in the chapter on bias and variance."""

import numpy as np

from companion.exercises import assert_close, check
from companion.exercises.wording import kind_of
from companion.regularization.decomposition import decompose, linear_decomposition


def three_numbers(student):
    """The learner's three numbers, checked for their kind."""
    got = student.three_models()
    assert isinstance(got, tuple), f"expected a tuple of three numbers, got {kind_of(got)}"
    assert len(got) == 3, f"expected three numbers, got {len(got)}"
    return got


@check(
    "three-models",
    hints=(
        "Bias is about the mean of the models, variance about their distances to that mean.",
        "The mean of 1, 4 and 7 is 4; the truth is 6.",
        "(4 - 6)² and (9 + 0 + 9) / 3",
    ),
)
def test_bias_and_variance_of_three_models(student):
    "squared bias and variance"
    bias2, variance, _ = three_numbers(student)
    expected = decompose([[1.0], [4.0], [7.0]], [6.0])
    mistakes = {
        "this is the bias; it is asked for squared": 2,
        "this is the bias with its sign; it is asked for squared": -2,
        "this is the mean squared distance of the models to the truth": 10,
    }
    assert_close(
        bias2, float(expected.bias2[0]), rtol=0.01, mistakes=mistakes, what="squared bias"
    )
    mistakes = {
        "divide by 3: these three sets are all there are": 9,
        "this is the sum; the mean is asked for": 18,
        "these are distances to the truth, not to the mean": 10,
        "this is the standard deviation": 6**0.5,
    }
    assert_close(
        variance, float(expected.variance[0]), rtol=0.01, mistakes=mistakes, what="the variance"
    )


@check(
    "three-models",
    hints=(
        "The expected squared error has three parts.",
        "Add the noise: new answers scatter around the truth with variance 2.",
        "4 + 6 + 2",
    ),
)
def test_the_expected_error_of_three_models(student):
    "the expected squared error, from new answers at 6 - √2 and 6 + √2"
    answers = 6 + np.array([[-1.0], [1.0]]) * 2**0.5
    expected = np.mean((answers - [1.0, 4.0, 7.0]) ** 2)
    mistakes = {"the noise is forgotten": 10, "the noise is a variance already": 14}
    got = three_numbers(student)[2]
    assert_close(got, expected, rtol=0.01, mistakes=mistakes, what="the expected error")


@check(
    "more-for-a-line",
    hints=(
        "What would the middle of the fan be with endless data?",
        "A straight line still: its distance to the wave stays. And the width of the fan?",
        '"variance"',
    ),
)
def test_what_shrinks_for_a_line(student):
    "which part is halved, by the closed form for 12 and for 120 points"
    places = np.linspace(-1, 1, 81)
    few, many = (
        linear_decomposition(
            np.vander(x, 2), np.sin(4 * x), 0.4, np.vander(places, 2), np.sin(4 * places)
        ).mean()
        for x in (np.linspace(-1, 1, 12), np.linspace(-1, 1, 120))
    )
    halved = many.bias2 <= few.bias2 / 2, many.variance <= few.variance / 2
    expected = {(1, 1): "both", (1, 0): "bias", (0, 1): "variance", (0, 0): "neither"}[halved]
    mistakes = {
        "no straight line becomes a wave by more data": "bias",
        "more data narrow the fan, but its middle stays a straight line": "both",
        "with more points the noise averages out": "neither",
    }
    assert_close(student.what_shrinks(), expected, mistakes=mistakes, what="the answer")


def said(student, train, dev, goal=0.05, most=0.04):
    """The learner's word for some curves."""
    return student.diagnose(np.array(train), np.array(dev), goal, most)


@check(
    "diagnosis",
    points=2,
    hints=(
        "Two questions, each with yes or no: is the training error high, is the gap wide?",
        "Only the last row counts; compare medians over the runs with goal and most.",
        "train, dev = train[-1], dev[-1]; np.median(train) > goal; np.median(dev - train) > most",
    ),
)
def test_four_patients(student):
    "the four answers, from curves of one to three runs that end clearly"
    high, low = [[0.02, 0.03], [0.2, 0.22]], [[0.0, 0.0], [0.01, 0.02]]
    cases = {
        "bias": (high, [[0.5, 0.5], [0.22, 0.24]]),
        "variance": (low, [[0.3, 0.3], [0.12, 0.14]]),
        "both": (high, [[0.5, 0.5], [0.32, 0.4]]),
        "neither": (low, [[0.3, 0.3], [0.03, 0.04]]),
    }
    for expected, (train, dev) in cases.items():
        got = said(student, train, dev)
        mistakes = {
            "look at the largest size, the last row": "variance",
        }
        if expected == "variance":
            mistakes = {"a high development error alone is no bias": "both"}
        what = f"the word for training errors {train[-1]} and development errors {dev[-1]}"
        assert_close(got, expected, mistakes=mistakes, what=what)


@check(
    "diagnosis",
    hints=(
        "Each run has a gap of its own.",
        "First the difference of each run, then the median.",
        "np.median(dev[-1] - train[-1])",
    ),
)
def test_gaps_belong_to_runs(student):
    "the gap is taken run by run, and one odd run does not decide"
    train, dev = [[0.04, 0.0, 0.3]], [[0.24, 0.02, 0.32]]  # gaps 0.2, 0.02, 0.02
    got = said(student, train, dev)
    mistakes = {"the median of the gaps is asked for, of all runs": "variance"}
    assert_close(got, "neither", mistakes=mistakes, what="the word for gaps 0.2, 0.02 and 0.02")
    train, dev = [[0.9, 0.01, 0.01]], [[0.91, 0.02, 0.03]]
    mistakes = {"one run of three is poor: take the median, not the mean": "bias"}
    got = said(student, train, dev)
    assert_close(got, "neither", mistakes=mistakes, what="the word with one run that failed")


@check(
    "diagnosis",
    hidden=True,
    hints=(
        "What if a number is exactly at its limit?",
        "High means above; equal is not above.",
        "np.median(train) > goal",
    ),
)
def test_at_the_limit_is_not_above(student):
    "a training error equal to goal and a gap equal to most are fine"
    got = said(student, [[0.5], [0.25]], [[0.75], [0.5]], goal=0.25, most=0.25)
    mistakes = {"equal to the limit is not above it": "both"}
    assert_close(got, "neither", mistakes=mistakes, what="the word at both limits")


def sample(seed, n=14):
    """Training and development points of a noisy cubic."""
    rng = np.random.default_rng(seed)
    x = rng.uniform(-1, 1, 2 * n)
    y = 2 * x**3 - x + 0.25 * rng.normal(size=2 * n)
    return (x[:n], y[:n]), (x[n:], y[n:])


def errors_of(train, other, degrees):
    """Mean squared errors by least squares on Chebyshev polynomials, not powers."""
    found = []
    for degree in degrees:
        fit = np.polynomial.Chebyshev.fit(*train, degree, domain=[-1, 1])
        found.append(np.mean((fit(other[0]) - other[1]) ** 2))
    return np.array(found)


def chosen(student, train, dev, degrees):
    """What the learner chose, checked for its kind."""
    got = student.choose_degree(train, dev, degrees)
    assert isinstance(got, tuple | list), f"expected a degree and an error, got {kind_of(got)}"
    assert len(got) == 2, f"expected two numbers, got {len(got)}"
    return got


@check(
    "choose-degree",
    points=2,
    hints=(
        "Fit on one set, choose by the other.",
        "np.polyfit on the training pair, mean squared error on the development pair.",
        "weights = np.polyfit(*train, degree); np.mean((np.polyval(weights, dev[0]) - dev[1])**2)",
    ),
)
def test_the_degree_is_chosen_by_the_development_set(student):
    "the degree on five samples of a noisy cubic"
    degrees = list(range(8))
    for seed in range(5):
        train, dev = sample(seed)
        expected = int(np.argmin(errors_of(train, dev, degrees)))
        mistakes = {
            "this is the best on the training set, always the largest": int(
                np.argmin(errors_of(train, train, degrees))
            ),
            "the fit is on the development set as well": int(
                np.argmin(errors_of(np.concatenate([train, dev], axis=1), dev, degrees))
            ),
            "this is the worst degree": int(np.argmax(errors_of(train, dev, degrees))),
        }
        got = chosen(student, train, dev, degrees)[0]
        assert_close(got, expected, mistakes=mistakes, what=f"the degree for sample {seed}")


@check(
    "choose-degree",
    hints=(
        "The second number is the error of the winner where it was chosen.",
        "On the development set, mean and not sum.",
        "return degree, error",
    ),
)
def test_the_error_is_that_of_the_development_set(student):
    "the error that comes with the degree"
    for seed in range(3):
        train, dev = sample(seed)
        found = errors_of(train, dev, list(range(8)))
        best = int(np.argmin(found))
        mistakes = {
            "this is the error on the training set": errors_of(train, train, [best])[0],
            "this is the sum of the squares": found[best] * len(dev[0]),
            "this is the root of the mean square": found[best] ** 0.5,
        }
        got = chosen(student, train, dev, list(range(8)))[1]
        what = f"the error for sample {seed}"
        assert_close(got, found[best], rtol=1e-5, mistakes=mistakes, what=what)


@check(
    "choose-degree",
    hidden=True,
    hints=(
        "What if two degrees are equally good, or the degrees are not 0, 1, 2, …?",
        "Return the degree itself, not its place; of equals, the smallest.",
        "for degree in sorted(degrees)",
    ),
)
def test_degrees_in_any_order(student):
    "degrees that do not begin at 0, in mixed order; of equals, the smallest"
    train, dev = sample(1)
    degrees = [6, 2, 4]
    expected = degrees[int(np.argmin(errors_of(train, dev, degrees)))]
    got = chosen(student, train, dev, degrees)[0]
    places = {"this is the place of the degree in the list": degrees.index(expected)}
    assert_close(got, expected, mistakes=places, what="the degree of 6, 2 and 4")
    x = np.array([-2.0, -1.0, 1.0, 2.0])
    symmetric = (x, np.zeros(4)), (np.array([0.0, 3.0]), np.array([1.0, 1.0]))
    got = chosen(student, *symmetric, [2, 0, 1])[0]
    what = "the degree where all are equally good"
    assert_close(got, 0, mistakes={"the first that was tried": 2, "the largest": 2}, what=what)


@check(
    "averaging",
    points=2,
    hints=(
        "One number averages squares, the other squares an average.",
        "The averaged model is predictions.mean(axis=0), over the models.",
        "np.mean((predictions - y) ** 2), np.mean((predictions.mean(axis=0) - y) ** 2)",
    ),
)
def test_single_models_and_their_average(student):
    "both errors, for several numbers of models and places"
    for R, N, seed in ((4, 7, 0), (3, 3, 1), (6, 2, 2)):
        rng = np.random.default_rng(seed)
        predictions, y = rng.normal(size=(R, N)), rng.normal(size=N)
        parts = decompose(predictions, y).mean()
        got = student.averaging(predictions, y)
        assert isinstance(got, tuple | list), f"expected two numbers, got {kind_of(got)}"
        assert len(got) == 2, f"expected two numbers, got {len(got)}"
        mistakes = {
            "this is the variance": parts.variance,
            "this is the error of the average": parts.bias2,
            "squares are summed, not averaged": parts.error * N,
        }
        assert_close(got[0], parts.error, mistakes=mistakes, what="error of the single models")
        mistakes = {
            "this is the mean error of the single models": parts.error,
            "this is the difference, the variance": parts.variance,
            "squares are summed, not averaged": parts.bias2 * N,
            "all predictions are averaged to one number": np.mean((predictions.mean() - y) ** 2),
        }
        assert_close(got[1], parts.bias2, mistakes=mistakes, what="error of their average")


@check(
    "averaging",
    hidden=True,
    hints=(
        "What does averaging gain if all models agree, or if there is one?",
        "Nothing: both errors are equal.",
        "the same two lines, with R = 1",
    ),
)
def test_one_model_gains_nothing(student):
    "with one model, and with models that agree, both errors are equal"
    y = np.array([1.0, 2.0, 4.0])
    for predictions in (np.zeros((1, 3)), np.tile([2.0, 2.0, 2.0], (5, 1))):
        expected = np.mean((predictions[0] - y) ** 2)
        assert_close(student.averaging(predictions, y), (expected, expected), what="both errors")
