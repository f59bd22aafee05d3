"""Checks of the exercises in the chapter on gradient descent."""

from fractions import Fraction
from itertools import combinations

import numpy as np

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of

RANDOM = np.random.default_rng(11)


def parts(answer, count, what):
    """The entries of a tuple, or a failure that says what came instead."""
    assert isinstance(answer, tuple | list), f"expected {what}, got {kind_of(answer)}"
    assert len(answer) == count, f"expected {what}, got {len(answer)} values"
    return answer


WORDS = ("slides", "swings", "circles", "flies")
RATES = (Fraction(1, 10), Fraction(2, 5), Fraction(1, 2), Fraction(3, 5))


def walked(rate, steps=8):
    """Points of gradient descent on 2θ² from 1, in exact fractions."""
    path = [Fraction(1)]
    for _ in range(steps):
        path.append(path[-1] - rate * 4 * path[-1])
    return path


def word_for(rate):
    """What a walk does, seen from its points alone."""
    path = walked(rate)
    if path[1] > 0:
        return "slides"
    if path[2] == path[0]:
        return "circles"
    return "flies" if abs(path[-1]) > 1 else "swings"


@check(
    "predict-rates",
    points=2,
    hints=(
        "A step multiplies θ by the same factor each time. Its sign and its size decide.",
        "The factor is 1 - ηλ with the curvature λ = 4, the slope of the slope.",
        "Factors 0.6, -0.6, -1, -1.4: positive slides, and below -1 it flies.",
    ),
)
def test_four_predictions(student):
    "a word for each rate, compared with a walk"
    answer = parts(student.what_happens(), 4, "a tuple of four words")
    for word in answer:
        assert word in WORDS, f"expected words among {', '.join(WORDS)}, got {word!r}"
    for word, rate in zip(answer, RATES, strict=True):
        seen = ", ".join(f"{float(place):g}" for place in walked(rate)[:4])
        assert word == word_for(rate), (
            f"At η = {float(rate):g} you said {word!r}. The first points are {seen} …: "
            "does the sign change, and does the distance from 0 grow?"
        )


@check(
    "all-pairs",
    points=2,
    hints=(
        "Four examples make six pairs; each pair's slope is the mean of its two.",
        "The pairs are 22, 26, 26, 26, 26 and 66: one slope of 2, four of 4, one of 6.",
        "whole = (2 + 2 + 6 + 6) / 4; the mean of 2, 4, 4, 4, 4, 6 comes next",
    ),
)
def test_the_mean_of_all_pairs(student):
    "the slope of the whole set, and the mean of the six pairs"
    slopes = (2, 2, 6, 6)
    pairs = [Fraction(a + b, 2) for a, b in combinations(slopes, 2)]
    answer = parts(student.pairs_by_hand(), 3, "a tuple of three numbers")
    assert_close(answer[0], sum(slopes) / 4, mistakes={"divide by four": 16}, what="the slope")
    mistakes = {"take the mean of each pair, not the sum": 8.0}
    assert_close(answer[1], float(sum(pairs) / 6), mistakes=mistakes, what="the mean of the pairs")


@check(
    "all-pairs",
    hints=(
        "Square the distance of each pair's slope from 4, then take the mean of all six.",
        "Two pairs are off by 2, four are not off at all.",
        "(4 + 0 + 0 + 0 + 0 + 4) / 6",
    ),
)
def test_the_mean_squared_distance_of_all_pairs(student):
    "how far a pair is off, squared, on average"
    slopes = (2, 2, 6, 6)
    pairs = [Fraction(a + b, 2) for a, b in combinations(slopes, 2)]
    expected = float(sum((pair - 4) ** 2 for pair in pairs) / 6)
    mistakes = {
        "this is for independent draws, where an example may come twice": 2.0,
        "four of the six pairs have the slope 4": 8 / 3,
        "this is the mean distance, not the mean squared one": 2 / 3,
        "this is the root": expected**0.5,
        "this is a single example's": 4.0,
        "take the mean, not the sum": 8.0,
    }
    answer = parts(student.pairs_by_hand(), 3, "a tuple of three numbers")
    assert_close(answer[2], expected, mistakes=mistakes, what="the mean squared distance")


def counted(N, B, epochs, drop_last=False):
    """The same three numbers, by cutting a list."""
    pieces = [list(range(N))[start : start + B] for start in range(0, N, B)]
    if drop_last:
        pieces = [piece for piece in pieces if len(piece) == B]
    return len(pieces), len(pieces[-1]) if pieces else 0, len(pieces) * epochs


def assert_books(student, N, B, epochs, drop_last=False, mistakes=()):
    answer = student.bookkeeping(N, B, epochs, drop_last)
    got = np.array(parts(answer, 3, "a tuple of three integers"))
    expected = np.array(counted(N, B, epochs, drop_last))
    assert_close(got, expected, mistakes=dict(mistakes), what=f"books for {N=}, {B=}, {epochs=}")


@check(
    "epoch-bookkeeping",
    hints=(
        "A batch that is not full is a batch, and makes an update.",
        "Round N / B up; the last batch holds what is left.",
        "full, rest = divmod(N, B); if rest: full + 1 updates, the last of size rest",
    ),
)
def test_a_short_batch_is_counted(student):
    "4,000 examples in batches of 64, and 10 in batches of 4, end with a short batch"
    for N, B, epochs in ((4000, 64, 20), (10, 4, 3), (5, 8, 2)):
        down = N // B
        mistakes = {
            "the short batch is not counted": np.array([down, N % B, down * epochs]),
            "the last batch is not full": np.array([down + 1, B, (down + 1) * epochs]),
        }
        assert_books(student, N, B, epochs, mistakes=mistakes)


@check(
    "epoch-bookkeeping",
    hints=(
        "If B divides N, all batches are full.",
        "The remainder is 0 then, but no batch is empty.",
        "if rest == 0: return full, B, full * epochs",
    ),
)
def test_batches_that_fit_are_all_full(student):
    "if B divides N the last batch is full, whether or not short ones are dropped"
    for N, B, epochs in ((12, 4, 5), (7, 7, 2), (9, 1, 1)):
        extra, full = N // B + 1, N // B
        mistakes = {
            "the last batch is not empty": np.array([full, 0, full * epochs]),
            "there is no extra batch": np.array([extra, 0, extra * epochs]),
        }
        assert_books(student, N, B, epochs, mistakes=mistakes)
        assert_books(student, N, B, epochs, drop_last=True, mistakes=mistakes)


@check(
    "epoch-bookkeeping",
    hidden=True,
    hints=(
        "With drop_last only full batches remain.",
        "The last of them holds B examples; if N < B there is none.",
        "return full, B if full else 0, full * epochs",
    ),
)
def test_dropping_the_last_batch(student):
    "with drop_last a short batch is left out; of too few examples nothing is left"
    for N, B, epochs in ((130, 64, 3), (10, 4, 2), (5, 8, 4)):
        full, rest = divmod(N, B)
        mistakes = {
            "drop_last makes no difference": np.array([full + 1, rest, (full + 1) * epochs]),
            "the last batch is the last full one": np.array([full, rest, full * epochs]),
            "the short batch still counts in all": np.array([full, B, (full + 1) * epochs]),
            "no batch is left, so the last has 0 examples": np.array([0, B, 0]),
        }
        assert_books(student, N, B, epochs, drop_last=True, mistakes=mistakes)


def exact_epoch(X, y, w, b, order, B, lr, *, size=None, late=False, stale=False):
    """One epoch in exact fractions; the options make the likely slips."""
    first = None
    rows = [[Fraction(float(v)) for v in row] for row in X]
    targets, w = [Fraction(float(v)) for v in y], [Fraction(float(v)) for v in w]
    b, lr = Fraction(float(b)), Fraction(float(lr))
    for start in range(0, len(order), B):
        chosen = [int(i) for i in order[start : start + B]]
        share = lr / (size or len(chosen))

        def errors(w, b, chosen=chosen):
            sums = [sum(p * q for p, q in zip(rows[i], w, strict=True)) for i in chosen]
            return [s + b - targets[i] for s, i in zip(sums, chosen, strict=True)]

        first = first or (w, b)
        error = errors(*first) if stale else errors(w, b)
        w = [
            p - share * sum(e * rows[i][k] for e, i in zip(error, chosen, strict=True))
            for k, p in enumerate(w)
        ]
        b = b - share * sum(errors(w, b) if late else error)
    return np.array([float(p) for p in w]), float(b)


def regression(N, D=2):
    """Small whole numbers, so that fractions stay short."""
    return RANDOM.integers(-3, 4, (N, D)) * 1.0, RANDOM.integers(-3, 4, N) * 1.0


def assert_epoch(student, N, B, lr, *, start=(1.0, -2.0), b=0.5, order=None):
    X, y = regression(N)
    w, order = np.array(start), RANDOM.permutation(N) if order is None else np.array(order)
    expected = exact_epoch(X, y, w, b, order, B, lr)
    whole = exact_epoch(X, y, w, b, order, N, lr)
    slips = {
        "the examples are not used in the given order": exact_epoch(
            X, y, w, b, np.arange(N), B, lr
        ),
        "the gradients of a batch are added up, not averaged": exact_epoch(
            X, y, w, b, order, B, lr, size=1
        ),
        "the short batch is divided by B": exact_epoch(X, y, w, b, order, B, lr, size=B),
        "the short batch is left out": exact_epoch(X, y, w, b, order[: N - N % B], B, lr),
        "b uses the new w": exact_epoch(X, y, w, b, order, B, lr, late=True),
        "all gradients are taken at the first w and b": exact_epoch(
            X, y, w, b, order, B, lr, stale=True
        ),
        "with the ½ in the loss there is no factor 2": exact_epoch(X, y, w, b, order, B, 2 * lr),
        "the step goes uphill": exact_epoch(X, y, w, b, order, B, -lr),
        "this is one step on the whole set": whole,
    }
    answer = student.one_epoch(X, y, w, b, order, B, lr)
    got_w, got_b = parts(answer, 2, "a tuple (w, b)")
    mistakes = {text: value[0] for text, value in slips.items()}
    assert_close(got_w, expected[0], mistakes=mistakes, what="w")
    mistakes = {text: value[1] for text, value in slips.items()}
    assert_close(got_b, expected[1], mistakes=mistakes, what="b")


@check(
    "one-epoch",
    points=2,
    hints=(
        "A step uses the mean gradient of its batch, at the w and b that the step before left.",
        "Take order[start : start + B], compute all errors first, then move w and b.",
        "error = X[i] @ w + b - y[i]; w = w - lr * error @ X[i] / len(i); the same for b",
    ),
)
def test_full_batches_in_the_given_order(student):
    "six examples in batches of two and of three, in a given order"
    assert_epoch(student, 6, 2, 0.125, order=[4, 0, 5, 2, 1, 3])
    assert_epoch(student, 6, 3, 0.25, order=[1, 5, 3, 0, 2, 4])
    assert_epoch(student, 4, 1, 0.0625, order=[2, 3, 1, 0])


@check(
    "one-epoch",
    after="test_full_batches_in_the_given_order",
    hints=(
        "The last batch may be shorter and is used as well.",
        "Its mean is over its own examples.",
        "Divide by len(chosen), not by B.",
    ),
)
def test_the_last_batch_is_a_mean_of_its_own(student):
    "seven examples in batches of three: the last holds one; B larger than the set is one step"
    assert_epoch(student, 7, 3, 0.125, order=[6, 1, 0, 5, 2, 4, 3])
    assert_epoch(student, 3, 8, 0.125, order=[2, 0, 1])


@check(
    "one-epoch",
    hidden=True,
    hints=(
        "The caller keeps the old weights.",
        "`w -= …` writes into the caller's array.",
        "w = w - lr * … makes a new one.",
    ),
)
def test_the_given_arrays_stay_as_they_are(student):
    "the arrays that were given are the same afterwards"
    X, y = regression(4)
    student.one_epoch(X, y, np.array([1.0, 2.0]), 0.0, np.array([3, 1, 0, 2]), 2, 0.1)
    assert_unchanged(student.one_epoch)


def spread_out(N, scales):
    """Inputs whose XᵀX / N has the squares of the scales for eigenvalues, in some rotation."""
    Q, _ = np.linalg.qr(RANDOM.normal(size=(N, len(scales))))
    V, _ = np.linalg.qr(RANDOM.normal(size=(len(scales), len(scales))))
    return np.sqrt(N) * Q @ np.diag(scales) @ V.T


@check(
    "step-limits",
    points=2,
    hints=(
        "The second derivatives of J are the matrix XᵀX / m.",
        "Limit 2 / largest eigenvalue, best rate 2 / (smallest + largest).",
        "values = np.linalg.eigvalsh(X.T @ X / len(X))",
    ),
)
def test_limit_and_best_rate(student):
    "sets with known curvatures 4, 1 and ¼, and 9 and 1"
    for N, scales in ((8, (2.0, 1.0, 0.5)), (5, (1.0, 3.0))):
        X, values = spread_out(N, scales), np.square(scales)
        low, high = values.min(), values.max()
        limit, best, _ = parts(student.step_limits(X, 0.1), 3, "a tuple of three numbers")
        mistakes = {
            "m is missing": 2 / (N * high),
            "this is 1 / λ, half the limit": 1 / high,
            "this is for the smallest eigenvalue": 2 / low,
            "singular values of X are not curvatures": 2 / (max(scales) * np.sqrt(N)),
        }
        assert_close(limit, 2 / high, mistakes=mistakes, what="the limit")
        mistakes = {
            "m is missing": 2 / (N * (low + high)),
            "all eigenvalues are added up": 2 / values.sum(),
            "this is 1 / λ for the steepest direction alone": 1 / high,
        }
        assert_close(best, 2 / (low + high), mistakes=mistakes, what="the best rate")


@check(
    "step-limits",
    hints=(
        "Each direction's error is multiplied by 1 - η λ; look for the largest size.",
        "Below the best rate the flattest direction is the slowest, above it the steepest.",
        "max(abs(1 - lr * low), abs(1 - lr * high))",
    ),
)
def test_slowest_factor_at_any_rate(student):
    "the factor at small rates, at the best one, and beyond the limit, as watched in a long run"
    X = spread_out(6, (2.0, 1.0, 0.5))
    H = X.T @ X / 6
    for lr in (0.05, 0.3, 8 / 17, 0.49, 0.7):
        factor = parts(student.step_limits(X, lr), 3, "a tuple of three numbers")[2]
        error = np.ones(3) + RANDOM.normal(size=3)
        for _ in range(400):
            error = error - lr * H @ error
            error /= np.linalg.norm(error)
        # After many steps only the slowest directions are left; two of them at the best rate.
        twice = error - lr * H @ error
        expected = np.sqrt(np.linalg.norm(twice - lr * H @ twice))
        mistakes = {
            "this is the factor of the flattest direction": abs(1 - lr / 4),
            "this is the factor of the steepest direction": abs(1 - lr * 4),
            "this is the factor at the best rate, not at lr": 15 / 17,
            "this is the factor of two steps": expected**2,
        }
        mistakes = {k: v for k, v in mistakes.items() if abs(v - expected) > 1e-6}
        assert_close(factor, expected, rtol=1e-7, mistakes=mistakes, what=f"the factor at {lr:.3f}")


def smallest(G, share):
    """Smallest B by going through every mini-batch there is, in any size."""
    whole = G.mean(axis=0)
    for B in range(1, len(G) + 1):
        batches = combinations(range(len(G)), B)
        means = np.array([G[list(chosen)].mean(axis=0) for chosen in batches])
        noise = np.square(means - whole).sum(axis=1).mean()
        if noise <= share**2 * np.square(whole).sum() + 1e-12:
            return B
    raise AssertionError("at B = N there is no noise")


def slips(G, share):
    """What likely mistakes lead to."""
    N, whole = len(G), G.mean(axis=0)
    spread, length = np.square(G - whole).sum() / N, np.square(whole).sum()
    again = int(np.ceil(spread / (share**2 * length)))
    unsquared = int(np.ceil(spread * N / (share * np.sqrt(length) * (N - 1) + spread)))
    exact = spread * N / (share**2 * length * (N - 1) + spread)
    sizes = np.arange(1, N + 1)
    left = (N - sizes) / (N - 1) / sizes

    def first(values):
        return int(sizes[np.argmax(values * left <= share**2 * length)])

    return {
        "this is for drawing with replacement": again,
        "a length is compared with a square": unsquared,
        "round up: fewer examples are too noisy": int(np.floor(exact)),
        "take the mean gradient away before squaring": first(np.square(G).sum() / N),
        "Σ is divided by N, not by N - 1": first(spread * N / (N - 1)),
    }


@check(
    "enough-examples",
    points=3,
    hints=(
        "Compute tr Σ and the length of the mean gradient, then compare squares.",
        "Take the equation without replacement for every B from 1 to N; the first that fits.",
        "noise = spread / B * (N - B) / (N - 1); B[np.argmax(noise <= share**2 * length)]",
    ),
)
def test_smallest_batch_over_all_mini_batches(student):
    "the answer agrees with going through every mini-batch of a small set"
    for N, D, share in ((8, 3, 0.5), (8, 3, 0.2), (9, 2, 0.35), (7, 1, 0.8)):
        G = RANDOM.normal(size=(N, D)) + 1.0
        expected = smallest(G, share)
        mistakes = {k: v for k, v in slips(G, share).items() if v != expected}
        got = student.enough_examples(G, share)
        assert_close(got, expected, mistakes=mistakes, what=f"B for {N} examples, share {share}")


@check(
    "enough-examples",
    hidden=True,
    hints=(
        "A tiny share needs nearly all examples, a large one only one.",
        "At B = N there is no noise, so N is always enough.",
        "Without replacement the factor (N - B) / (N - 1) is 0 at B = N.",
    ),
)
def test_one_is_enough_or_all_are_needed(student):
    "equal gradients need one example, a tiny share needs all"
    assert_close(student.enough_examples(np.ones((5, 2)), 0.1), 1)
    G = RANDOM.normal(size=(6, 4)) + 0.5
    assert_close(student.enough_examples(G, 1e-6), 6)
    assert_close(student.enough_examples(G, 100.0), 1)
