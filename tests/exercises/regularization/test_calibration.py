"""Checks of the exercises in the chapter on calibration."""

import numpy as np
from scipy.special import log_softmax

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of


def by_hand(student):
    got = student.smoothed_by_hand()
    assert isinstance(got, tuple | list), f"expected target and loss, got {kind_of(got)}"
    assert len(got) == 2, f"expected target and loss, got {len(got)} values"
    return got


@check(
    "smoothed-by-hand",
    hints=(
        "A share of 0.2 is taken from the right class and spread over all four classes.",
        "Every class gets 0.2/4, the right one too.",
        "0.8 + 0.05 for the first, 0.05 for the others",
    ),
)
def test_the_target(student):
    "the smoothed target"
    target, _ = by_hand(student)
    expected = 0.8 * np.eye(4)[0] + 0.2 * np.full(4, 1 / 4)
    mistakes = {
        "the right class gets its share of the 0.2 as well": [0.8, 0.05, 0.05, 0.05],
        "the 0.2 is spread over all four classes, not over the other three": [
            0.8, 0.2 / 3, 0.2 / 3, 0.2 / 3,
        ],
        "0.2 is taken away once, not from each class": [0.8, 0.2, 0.2, 0.2],
    }  # fmt: skip
    assert_close(list(target), list(expected), rtol=1e-3, mistakes=mistakes, what="the target")


@check(
    "smoothed-by-hand",
    hints=(
        "The loss adds up -log p of all classes, each times its target.",
        "In units of log 2, -log p is 1, 2, 3 and 3.",
        "0.85 · 1 + 0.05 · (2 + 3 + 3)",
    ),
)
def test_the_loss(student):
    "the cross-entropy in units of log 2"
    _, loss = by_hand(student)
    p = np.array([1 / 2, 1 / 4, 1 / 8, 1 / 8])
    expected = -0.8 * np.log2(p[0]) - 0.2 * np.log2(p).mean()
    mistakes = {
        "this is the loss without smoothing": 1.0,
        "the other classes count as well": 0.85,
        "this is in units of 1, not of log 2": expected * np.log(2),
        "each class stands in the sum once, with its target": -np.log2(p).mean(),
    }
    assert_close(loss, expected, rtol=1e-3, mistakes=mistakes, what="the loss")


@check(
    "cooler-scores",
    hints=(
        "Not sure enough: its probabilities have to become more extreme.",
        "What does dividing the scores by 2 do to the distances between them, and dividing by ½?",
        "by ½ they are twice as far apart",
    ),
)
def test_where_the_temperature_lies(student):
    "the side of 1 on which the temperature of an underconfident network lies"
    # Scores that say less than is true: labels are drawn at twice the scores.
    rng = np.random.default_rng(1)
    z = rng.normal(size=(2000, 5))
    y = (2 * z + rng.gumbel(size=z.shape)).argmax(axis=1)
    tried = {"below 1": 0.5, "about 1": 1.0, "above 1": 2.0}
    losses = {word: mean_loss(z, y, T) for word, T in tried.items()}
    mistakes = {
        "that makes the probabilities more even still": "above 1",
        "a temperature of 1 leaves the network as it is": "about 1",
    }
    expected = min(losses, key=losses.get)
    assert_close(student.cooler_scores(), expected, mistakes=mistakes, what="the answer")


def mean_loss(z, y, T):
    return -log_softmax(z / T, axis=1)[np.arange(len(y)), y].mean()


def parts_of(confidence, right, bins):
    """Confidence and accuracy of each part of the sorted list, and its share of the answers."""
    answers = sorted(zip(confidence.tolist(), right.tolist(), strict=True), key=lambda a: a[0])
    n, out, start = len(answers), [], 0
    for b in range(bins):
        size = n // bins + (b < n % bins)
        part = answers[start : start + size]
        start += size
        out.append((sum(a[0] for a in part) / size, sum(a[1] for a in part) / size, size / n))
    return np.array(out).T


def answers(seed, n):
    rng = np.random.default_rng(seed)
    confidence = np.round(1 - rng.beta(1, 6, n), 3)
    return confidence, rng.random(n) < confidence**2


@check(
    "equal-counts",
    points=2,
    hints=(
        "Sort the answers by confidence, then cut the sorted list.",
        "np.argsort gives the order, np.array_split cuts it; use the parts to index both arrays.",
        "gap = confidence[part].mean() - right[part].mean()",
    ),
)
def test_the_error_over_equal_parts(student):
    "the mean gap over parts of equal size"
    for seed, n, bins in ((0, 60, 6), (1, 100, 10), (2, 40, 1)):
        confidence, right = answers(seed, n)
        sure, hits, share = parts_of(confidence, right, bins)
        expected = share @ np.abs(sure - hits)
        unsorted = np.array_split(np.arange(n), bins)
        mistakes = {
            "the absolute value is taken for each part, not of the sum": abs(share @ (sure - hits)),
            "each answer has a gap of its own here; take means first": np.abs(
                confidence - right
            ).mean(),
            "the answers are not sorted": np.mean(
                [abs(confidence[k].mean() - right[k].mean()) for k in unsorted]
            ),
            "this is the sum of the gaps, not weighted": np.abs(sure - hits).sum(),
        }
        mistakes = {text: value for text, value in mistakes.items() if abs(value - expected) > 1e-9}
        got = student.equal_count_error(confidence, right, bins)
        assert_close(got, expected, mistakes=mistakes, what=f"the error of {n} answers")


@check(
    "equal-counts",
    hints=(
        "Parts need not be equally large: 10 answers in 4 parts are 3, 3, 2 and 2.",
        "Weight each gap by the number of its answers.",
        "error += abs(gap) * len(part) / len(order)",
    ),
)
def test_parts_of_unequal_size(student):
    "where the number of answers is no multiple of the number of bins"
    for seed, n, bins in ((3, 11, 4), (4, 7, 5), (5, 23, 6)):
        confidence, right = answers(seed, n)
        sure, hits, share = parts_of(confidence, right, bins)
        mistakes = {"every part is weighted alike": np.abs(sure - hits).mean()}
        got = student.equal_count_error(confidence, right, bins)
        what = f"the error of {n} answers in {bins} bins"
        assert_close(got, share @ np.abs(sure - hits), mistakes=mistakes, what=what)


@check(
    "equal-counts",
    hidden=True,
    hints=(
        "What comes first among answers of equal confidence?",
        "A stable sort leaves them in the order of the input.",
        'np.argsort(confidence, kind="stable")',
    ),
)
def test_equal_confidences_stay_in_order(student):
    "answers of equal confidence stay in the order of the input, and the input as it was"
    rng = np.random.default_rng(6)
    confidence = rng.choice([0.6, 0.8, 1.0], 400)
    right = rng.random(400) < np.linspace(0.3, 1, 400)
    sure, hits, share = parts_of(confidence, right, 9)
    got = student.equal_count_error(confidence, right, 9)
    assert_unchanged(student.equal_count_error)
    assert_close(got, share @ np.abs(sure - hits), what="the error with many equal confidences")


def scored(seed, n=200, scale=1.0):
    rng = np.random.default_rng(seed)
    z = rng.normal(size=(n, 6)) * 2
    y = (z + rng.gumbel(size=z.shape)).argmax(axis=1)
    return z * scale, y


@check(
    "which-temperature",
    points=2,
    hints=(
        "For each temperature: divide the scores, take the softmax, average -log of the right one.",
        "Pick the probability of the label with np.arange(N) and labels as indices.",
        "float(temperatures[int(np.argmin(losses))])",
    ),
)
def test_the_best_of_the_list(student):
    "the temperature with the smallest mean cross-entropy, for overconfident and shy scores"
    temperatures = np.array([0.2, 0.35, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 5.0])
    for seed, scale in ((0, 3.0), (1, 0.35), (2, 1.0), (3, 2.0)):
        z, y = scored(seed, scale=scale)
        losses = [mean_loss(z, y, T) for T in temperatures]
        expected = float(temperatures[np.argmin(losses)])
        inverse = float(temperatures[np.argmin([mean_loss(z, y, 1 / T) for T in temperatures])])
        mistakes = {"this is the smallest loss, not its temperature": min(losses)}
        if inverse != expected:
            mistakes["scores are divided by T, not multiplied"] = inverse
        if np.argmin(losses) != expected:
            mistakes["this is an index, not a temperature"] = int(np.argmin(losses))
        got = student.best_temperature(z, y, temperatures)
        assert_close(got, expected, mistakes=mistakes, what="the temperature")
    # Equal scores give the loss log 3 at every temperature.
    got = student.best_temperature(np.zeros((4, 3)), np.array([0, 2, 1, 1]), np.array([2.0, 3, 1]))
    mistakes = {"of equally good ones the first is asked for": 1.0}
    assert_close(got, 2.0, mistakes=mistakes, what="the temperature where all are equally good")


@check(
    "which-temperature",
    hints=(
        "The exponential of 10,000 is infinite, and the logarithm of a probability 0 as well.",
        "Subtract the largest score of each row, and take the logarithm of the sum alone.",
        "np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(z)), labels]",
    ),
)
def test_huge_scores(student):
    "scores of thousands, at temperatures from 1 to 100,000"
    temperatures = np.array([1.0, 10.0, 300.0, 1e3, 3e3, 1e5])
    for seed in (4, 5):
        z, y = scored(seed, scale=2000.0)
        expected = float(temperatures[np.argmin([mean_loss(z, y, T) for T in temperatures])])
        mistakes = {"a loss of NaN counts as the smallest for np.argmin": temperatures[0]}
        got = student.best_temperature(z, y, temperatures)
        assert_close(got, expected, mistakes=mistakes, what="the temperature for huge scores")
    # One wrong answer costs 10,000 / T: the probability is 0, the loss is not lost.
    z, y, temperatures = np.array([[1e4, 0.0]]), np.array([1]), np.array([1.0, 4.0, 2.0])
    mistakes = {"the logarithm is of a probability that has become 0 or was cut off": 1.0}
    got = student.best_temperature(z, y, temperatures)
    assert_close(got, 4.0, mistakes=mistakes, what="the temperature for one wrong answer")
