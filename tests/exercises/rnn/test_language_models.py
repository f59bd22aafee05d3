"""Checks of the exercises in the chapter on models of language."""

import math
from fractions import Fraction

import numpy as np

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of

GIVEN = ([Fraction(1, 2), Fraction(1, 8)], 3 * [Fraction(1, 4)], [1, 1, Fraction(1, 27)])


def third(student, place):
    got = student.three_perplexities()
    assert isinstance(got, tuple | list), f"expected a tuple of three numbers, got {kind_of(got)}"
    assert len(got) == 3, f"expected three perplexities, got {len(got)}"
    return got[place]


def by_product(p):
    return float(math.prod(p)) ** (-1 / len(p))


def check_text(student, place):
    """The perplexity of one of the three texts."""
    p, word = GIVEN[place], ("first", "second", "third")[place]
    expected = by_product(p)
    mistakes = {
        "take the root: one number for each token": 1 / float(math.prod(p)),
        "that is below 1: turn it over": 1 / expected,
        "the mean is that of the logarithms, not of the probabilities": len(p) / float(sum(p)),
        "that is the mean surprise; perplexity is e to it": math.log(expected),
        "the root has as many as there are tokens": float(math.prod(p)) ** -0.5,
    }
    mistakes = {text: m for text, m in mistakes.items() if abs(m - expected) > 0.05}
    assert_close(third(student, place), expected, mistakes=mistakes, what=f"the {word} text")


@check(
    "three-perplexities",
    hints=(
        "Multiply the probabilities; then one root, and turn it over.",
        "Two tokens: the square root of 1/2 · 1/8.",
        "1 / sqrt(1/16)",
    ),
)
def test_two_tokens(student):
    "the first text, two tokens"
    check_text(student, 0)


@check(
    "three-perplexities",
    hints=(
        "A model that finds k tokens alike has perplexity k; a certain token has surprise 0.",
        "Second text: three times 1/4. Third: the cube root of 1 · 1 · 1/27, turned over.",
        "(1/64) ** (-1/3) and (1/27) ** (-1/3)",
    ),
)
def test_three_tokens(student):
    "the other two texts, three tokens each"
    check_text(student, 1)
    check_text(student, 2)


@check(
    "perplexity",
    hints=(
        "Perplexity is e to the mean surprise, and the surprise is −log p.",
        "np.log takes all at once; np.mean averages.",
        "np.exp(-np.mean(np.log(p)))",
    ),
)
def test_some_probabilities(student):
    "random probabilities, as an array and as a list"
    rng = np.random.default_rng(0)
    for count in (1, 2, 7, 40):
        p = rng.uniform(0.02, 1, count)
        expected = float(np.prod(p) ** (-1 / count))
        mistakes = {
            "the mean is that of the logarithms": 1 / p.mean(),
            "the mean is that of the logarithms, not of 1/p": (1 / p).mean(),
            "a mean, not a sum": 1 / np.prod(p),
            "that is the mean surprise; e to it is asked": -np.log(p).mean(),
            "the sign: surprise is −log p": np.exp(np.log(p).mean()),
            "log is the natural one, like the power of e": np.exp(-np.log2(p).mean()),
        }
        mistakes = {t: m for t, m in mistakes.items() if abs(m - expected) > 1e-3}
        got = student.perplexity_of_probabilities(p)
        assert_unchanged(student.perplexity_of_probabilities)
        assert_close(got, expected, mistakes=mistakes, what=f"{count} probabilities")
        assert_close(student.perplexity_of_probabilities(p.tolist()), expected, what="of a list")


@check(
    "perplexity",
    after="test_some_probabilities",
    hints=(
        "The product of many probabilities rounds to 0.",
        "Add up logarithms in place of multiplying.",
        "np.exp(-np.mean(np.log(p)))",
    ),
)
def test_a_long_text(student):
    "a million tokens with 1/27 each"
    p = np.full(1_000_000, 1 / 27)
    mistakes = {"the product rounded to 0": math.inf}
    assert_close(student.perplexity_of_probabilities(p), 27.0, mistakes=mistakes)


@check(
    "perplexity",
    after="test_some_probabilities",
    hidden=True,
    hints=(
        "log(0) is minus infinity; e to infinity is infinity.",
        "Do not leave zeros out, and add nothing to them.",
        "np.exp(-np.mean(np.log(p))) gives inf by itself",
    ),
)
def test_something_impossible(student):
    "one token was impossible; certain ones cost nothing"
    got = student.perplexity_of_probabilities(np.array([0.5, 0.0, 0.25]))
    assert got == math.inf, f"a token of probability 0 makes the perplexity infinite, got {got}"
    assert_close(student.perplexity_of_probabilities([1.0, 1.0]), 1.0, what="certain tokens")


def by_logs(scores, temperature):
    """Softmax by logarithms, in Python's own numbers."""
    z = [float(s) / temperature for s in scores]
    top = max(z)
    log_total = top + math.log(math.fsum(math.exp(v - top) for v in z))
    return np.array([math.exp(v - log_total) for v in z])


@check(
    "tempered-choice",
    hints=(
        "Divide the scores by the temperature, then take the softmax.",
        "Each e to the score, over the sum of all.",
        "e = np.exp(scores / temperature); return e / e.sum()",
    ),
)
def test_temperatures(student):
    "random scores at several temperatures"
    rng = np.random.default_rng(1)
    for count, temperature in ((1, 1.0), (5, 1.0), (5, 0.5), (8, 2.0), (27, 0.1)):
        scores = rng.normal(0, 1.5, count)
        expected = by_logs(scores, temperature)
        plain = by_logs(scores, 1.0)
        mistakes = {
            "the temperature is not used": plain,
            "divide by the temperature, do not multiply": by_logs(scores, 1 / temperature),
            "divide the scores, not the probabilities": plain / temperature,
            "divide by the sum": np.exp(scores / temperature),
        }
        mistakes = {
            t: m for t, m in mistakes.items() if np.abs(m - expected).max() > 1e-3
        }  # fmt: skip
        got = student.tempered_probabilities(scores, temperature)
        assert_unchanged(student.tempered_probabilities)
        what = f"{count} scores at temperature {temperature}"
        assert_close(got, expected, mistakes=mistakes, what=what)


@check(
    "tempered-choice",
    after="test_temperatures",
    hints=(
        "e to 5,000 is too large for a float.",
        "Subtract the largest score from all before the exponential: the quotient stays.",
        "e = np.exp((scores - scores.max()) / temperature)",
    ),
)
def test_huge_scores(student):
    "scores of 5,000, and temperature 0.01"
    for scores, temperature in (
        ([5000.0, 4999.0, 4990.0], 1.0),
        ([-5000.0, -5001.0], 1.0),
        ([30.0, 29.99, -40.0], 0.01),
    ):
        expected = by_logs(scores, temperature)
        got = np.asarray(student.tempered_probabilities(np.array(scores), temperature))
        assert np.isfinite(got).all(), f"scores {scores} at {temperature} give {got}"
        assert_close(got, expected, what=f"scores {scores} at temperature {temperature}")


@check(
    "tempered-choice",
    after="test_temperatures",
    hidden=True,
    hints=(
        "A score of minus infinity means: never.",
        "np.exp(-np.inf) is 0; only the largest score must be finite.",
        "e = np.exp((scores - scores.max()) / temperature)",
    ),
)
def test_impossible_tokens(student):
    "a token with the score −∞, and scores as a list of whole numbers"
    got = student.tempered_probabilities(np.array([1.0, -np.inf, 2.0]), 0.5)
    assert_close(got, by_logs([1.0, -math.inf, 2.0], 0.5), what="with a score of −∞")
    got = student.tempered_probabilities([2, 0, 1], 2.0)
    assert_close(got, by_logs([2, 0, 1], 2.0), what="of a list of whole numbers")


NAMES = ["ann", "anna", "nan", "nnnaa", "b", "bab"]


def pairs_of(names):
    """Every letter with what follows it, the end as an empty text."""
    return [(name[i], name[i + 1 : i + 2]) for name in names for i in range(len(name))]


def smoothed(names, before, after, k, kinds):
    pairs = pairs_of(names)
    both = sum(pair == (before, after) for pair in pairs)
    return (both + k) / (sum(first == before for first, _ in pairs) + k * kinds)


@check(
    "smoothed-bigram",
    hints=(
        "Count the pair, and how often `before` stands there at all.",
        "Count pairs by their places: name[i:i + 2] for every i.",
        "(both + k) / (alone + k * kinds)",
    ),
)
def test_the_names_of_the_page(student):
    "the three names of the page, without smoothing and with add-one"
    names = ["ann", "anna", "nan"]
    for before, after, k in (("a", "n", 0), ("n", "a", 0), ("n", "n", 1), ("a", "a", 1)):
        expected = smoothed(names, before, after, k, 3)
        pairs = pairs_of(names)
        both = sum(pair == (before, after) for pair in pairs)
        inside = sum(first == before and bool(second) for first, second in pairs)
        alone = sum(first == before for first, _ in pairs)
        mistakes = {
            "the end of a name follows its last letter and counts in c(h)": (both + k)
            / (inside + k * 3),
            "the denominator gets k for each of the V tokens": (both + k) / (alone + k),
            "the order: P(after | before)": smoothed(names, after, before, k, 3),
            "k is added in the numerator, too": both / (alone + k * 3),
            "k is not used": both / alone,
        }
        mistakes = {t: m for t, m in mistakes.items() if abs(m - expected) > 1e-3}
        got = student.smoothed_bigram(names, before, after, k, 3)
        assert_unchanged(student.smoothed_bigram)
        what = f"P({after} | {before}) with k = {k}"
        assert_close(got, expected, mistakes=mistakes, what=what)


@check(
    "smoothed-bigram",
    points=2,
    after="test_the_names_of_the_page",
    hidden=True,
    hints=(
        "Pairs may overlap: nnn holds nn twice. And a history may be new.",
        "Do not use str.count for pairs; do not return 0 for a letter that never came.",
        "sum(name[i:i + 2] == before + after for name in names for i in range(len(name)))",
    ),
)
def test_overlaps_and_new_histories(student):
    "three letters in a row, a letter that never came, other k and V"
    for before, after, k, kinds in (
        ("n", "n", 0, 4),
        ("n", "n", 0.5, 27),
        ("a", "a", 0.1, 10),
        ("z", "a", 1, 27),
        ("b", "z", 0.01, 27),
    ):
        expected = smoothed(NAMES, before, after, k, kinds)
        short = sum(name.count(before + after) for name in NAMES)
        alone = sum(name.count(before) for name in NAMES)
        mistakes = {
            "str.count leaves out pairs that overlap": (short + k) / (alone + k * kinds),
            "V is given: do not count kinds yourself": smoothed(NAMES, before, after, k, 4),
            "k is given": smoothed(NAMES, before, after, 1, kinds),
        }
        mistakes = {t: m for t, m in mistakes.items() if abs(m - expected) > 1e-6}
        got = student.smoothed_bigram(NAMES, before, after, k, kinds)
        what = f"P({after} | {before}) with k = {k}, V = {kinds}"
        assert_close(got, expected, mistakes=mistakes, what=what)


def members(p, mass):
    """By taking the best that is left until the mass is reached."""
    left, found, total = list(range(len(p))), [], 0.0
    while total < mass:
        best = max(left, key=lambda i: p[i])
        left.remove(best)
        found.append(best)
        total += p[best]
    return found


def members_match(student, p, mass):
    got = student.nucleus_members(p, mass)
    assert isinstance(got, list | tuple | np.ndarray), f"expected numbers, got {kind_of(got)}"
    got = [int(i) for i in np.asarray(got).ravel()]
    want = members(p, mass)
    said = f"p = {np.round(p, 3)}, mass {mass}: expected {want}, got {got}"
    if sorted(got) == sorted(want):
        assert got == want, f"{said}. The right tokens; the most probable comes first."
    assert got != want[:-1], f"{said}. The token that crosses the mass belongs to the nucleus."
    assert got == want, said


@check(
    "nucleus-members",
    points=2,
    hints=(
        "Sort by probability, the largest first, and add up.",
        "np.argsort(-p) gives the order, np.cumsum of p in this order the sums.",
        "order[: np.searchsorted(sums, mass) + 1]",
    ),
)
def test_four_tokens(student):
    "four tokens in any order"
    p = np.array([0.13, 0.42, 0.17, 0.28])
    for mass in (0.3, 0.5, 0.75, 0.9):
        members_match(student, p, mass)
    assert_unchanged(student.nucleus_members)


@check(
    "nucleus-members",
    points=2,
    after="test_four_tokens",
    hidden=True,
    hints=(
        "One token may be enough, or all may be needed.",
        "If the best alone is above the mass, the nucleus is that one token.",
        "order[: np.searchsorted(sums, mass) + 1] has at least one member",
    ),
)
def test_other_sizes(student):
    "one token, a sure model, and many tokens"
    members_match(student, np.array([1.0]), 0.5)
    members_match(student, np.array([0.02, 0.95, 0.03]), 0.9)
    rng = np.random.default_rng(2)
    for count, mass in ((6, 0.61), (27, 0.9), (50, 0.33), (9, 0.97)):
        members_match(student, rng.dirichlet(np.ones(count)), mass)
