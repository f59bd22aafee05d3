"""Checks of the exercises in the chapter on models of language."""

import math
from fractions import Fraction

import numpy as np

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of

GIVEN = ([Fraction(1, 2), Fraction(1, 8)], 3 * [Fraction(1, 4)], [1, 1, Fraction(1, 27)])


def third(student, place):
    got = student.three_perplexities()
    several = isinstance(got, tuple | list) or (isinstance(got, np.ndarray) and got.ndim == 1)
    assert several, f"expected a tuple of three numbers, got {kind_of(got)}"
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
        "that is the mean surprise in bits; perplexity is 2 to it": math.log2(expected),
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
        what = f"the perplexity of {count} token{'s' * (count > 1)}"
        assert_close(got, expected, rtol=1e-5, mistakes=mistakes, what=what)
        got = student.perplexity_of_probabilities(p.tolist())
        assert_unchanged(student.perplexity_of_probabilities)
        assert_close(got, expected, rtol=1e-5, what=f"{what} in a list")


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
    "a million tokens with 1/27 each, and a million with several probabilities"
    mistakes = {"the product rounded to 0": math.inf}
    got = student.perplexity_of_probabilities(np.full(1_000_000, 1 / 27))
    assert_close(got, 27.0, rtol=1e-5, mistakes=mistakes)
    p = np.random.default_rng(5).uniform(0.01, 1, 1_000_000)
    mistakes |= {
        "the mean is that of the logarithms": 1 / p.mean(),
        "the mean is that of the logarithms, not of 1/p": (1 / p).mean(),
    }
    got = student.perplexity_of_probabilities(p)
    expected = math.exp(-math.fsum(map(math.log, p.tolist())) / len(p))
    assert_close(got, expected, rtol=1e-5, mistakes=mistakes)


@check(
    "perplexity",
    after="test_some_probabilities",
    hidden=True,
    hints=(
        "log(0) is minus infinity; e to infinity is infinity.",
        "Do not leave zeros out, and add nothing to them. Only 0 itself is impossible.",
        "np.exp(-np.mean(np.log(p))) gives inf by itself",
    ),
)
def test_something_impossible(student):
    "one token was impossible, or very rare; certain ones cost nothing"
    long = np.full(10_000, 0.5)
    long[1234] = 0
    for p in (np.array([0.5, 0.0, 0.25]), [0.25, 0.0], long):
        what = f"the perplexity of {len(p)} tokens, one with probability 0,"
        assert_close(student.perplexity_of_probabilities(p), math.inf, what=what)
    got = student.perplexity_of_probabilities(np.array([0.5, 1e-30, 0.25]))
    mistakes = {"1e-30 is rare, but not impossible": math.inf} | {
        f"1e-30 counts as it is: do not raise it to {level}": (0.125 * level) ** (-1 / 3)
        for level in (1e-6, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15, 1e-16)
    }
    what = "the perplexity of a text with a token of probability 1e-30"
    assert_close(got, (0.125e-30) ** (-1 / 3), rtol=1e-5, mistakes=mistakes, what=what)
    what = "the perplexity of certain tokens"
    assert_close(student.perplexity_of_probabilities([1.0, 1.0]), 1.0, what=what)


def close_to_softmax(got, scores, temperature, mistakes=None):
    """Compare with the softmax; a list of numbers and float32 are welcome."""
    if isinstance(got, list | tuple) and all(isinstance(p, float | int | np.number) for p in got):
        got = np.array(got)
    shown = f"scores {list(map(float, scores))}" if len(scores) < 5 else f"{len(scores)} scores"
    what = f"the probabilities of {shown} at temperature {temperature}"
    assert_close(got, by_logs(scores, temperature), rtol=1e-5, mistakes=mistakes, what=what)


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
            "these are the logarithms of the probabilities": np.log(expected),
        }
        mistakes = {
            t: m for t, m in mistakes.items() if np.abs(m - expected).max() > 1e-3
        }  # fmt: skip
        got = student.tempered_probabilities(scores, temperature)
        assert_unchanged(student.tempered_probabilities)
        close_to_softmax(got, scores, temperature, mistakes)


@check(
    "tempered-choice",
    after="test_temperatures",
    hints=(
        "e to 5,000 is too large for a float, and e to −5,000 rounds to 0.",
        "Subtract the largest score from all, divide, and only then take the exponential.",
        "e = np.exp((scores - scores.max()) / temperature)",
    ),
)
def test_huge_scores(student):
    "scores of 5,000, and temperatures from 0.01 to 1,000"
    for scores, temperature in (
        ([5000.0, 4999.0, 4990.0], 1.0),
        ([-5001.0, -5000.0], 1.0),
        ([-40.0, 30.0, 29.984375], 0.01),
        ([3000.0, 4000.0, 5000.0], 1000.0),
    ):
        got = student.tempered_probabilities(np.array(scores), temperature)
        mistakes = {
            "the softmax at temperature 1 rounds to 0 what a high temperature brings back: divide "
            "the scores first": by_logs(scores, 1.0)
        }
        close_to_softmax(got, scores, temperature, mistakes if temperature > 1 else None)


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
    for scores in ([1.0, -math.inf, 2.0], [-math.inf, 2.0, 1.0]):
        got = student.tempered_probabilities(np.array(scores), 0.5)
        close_to_softmax(got, scores, 0.5)
    got = student.tempered_probabilities([2, 0, 1], 2.0)
    assert_unchanged(student.tempered_probabilities)
    close_to_softmax(got, [2, 0, 1], 2.0)


NAMES = ["ann", "anna", "nan", "nnnaa", "b", "bab", "ann", "nannann"]


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
            "its end follows the last letter of a name, and counts in c(h); not nothing, and not "
            "the next name": (both + k) / (inside + k * 3),
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
    "three letters in a row, a name that comes twice, a letter that never came, other k and V"
    for before, after, k, kinds in (
        ("n", "n", 0, 4),
        ("n", "n", 0.5, 27),
        ("a", "a", 0.1, 10),
        ("z", "a", 1, 27),
        ("b", "z", 0.01, 27),
    ):
        expected = smoothed(NAMES, before, after, k, kinds)
        once = sum(before + after in name for name in NAMES)
        short = sum(name.count(before + after) for name in NAMES)
        alone = sum(name.count(before) for name in NAMES)
        mistakes = {
            "a pair can stand in a name more than once": (once + k) / (alone + k * kinds),
            "str.count leaves out pairs that overlap": (short + k) / (alone + k * kinds),
            "a name that stands there twice counts twice": smoothed(
                sorted(set(NAMES)), before, after, k, kinds
            ),
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


def shown(tokens):
    return tokens if len(tokens) < 10 else f"{len(tokens)} tokens, the first {tokens[:6]}"


def members_match(student, p, mass):
    got = student.nucleus_members(p, mass)
    several = isinstance(got, list | tuple) or (isinstance(got, np.ndarray) and got.ndim)
    assert several, f"expected a list or array of whole numbers, got {kind_of(got)}"
    for i in got:
        single = not isinstance(i, list | tuple | np.ndarray)
        assert single, f"expected one number for each token of the nucleus, got {kind_of(got)}"
        whole = isinstance(i, int | np.integer) and not isinstance(i, bool)
        assert whole, f"expected whole numbers, the places of tokens in p, got {i!r}"
    got, want = [int(i) for i in got], members(p, mass)
    said = f"p = {p.tolist()}" if len(p) < 10 else f"{len(p)} tokens"
    said = f"{said}, mass {mass}: expected {shown(want)}, got {shown(got)}"
    if sorted(got) == sorted(want):
        assert got == want, f"{said}. The right tokens; the most probable comes first."
    assert got != want[:-1], f"{said}. The token that crosses the mass belongs to the nucleus."
    assert got[:-1] != want, f"{said}. One too many: the mass was reached before."
    from_one = [i - 1 for i in got] == want
    assert not from_one, f"{said}. The numbers of tokens begin at 0, as places in p do."
    differs = [i for i, (one, other) in enumerate(zip(got, want, strict=False)) if one != other]
    at = f". Place {differs[0]} is the first that differs." if differs and len(want) > 5 else ""
    assert got == want, said + at


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
        "One token may be enough, or hundreds may be needed; and nothing is to be rounded.",
        "If the best alone is above the mass, the nucleus is that one token.",
        "order[: np.searchsorted(sums, mass) + 1] has at least one member",
    ),
)
def test_other_sizes(student):
    "one token, a sure model, many tokens, and sums just above or below the mass"
    members_match(student, np.array([1.0]), 0.5)
    members_match(student, np.array([0.02, 0.95, 0.03]), 0.9)
    rng = np.random.default_rng(2)
    for count, mass in ((6, 0.61), (27, 0.9), (50, 0.33), (9, 0.97), (500, 0.95)):
        members_match(student, rng.dirichlet(np.ones(count)), mass)
    p = np.array([0.2497, 0.1502, 0.2501, 0.35])
    for mass in (0.3498, 0.6002, 0.8497, 0.8499):
        members_match(student, p, mass)
