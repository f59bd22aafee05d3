"""Checks of the exercises in the chapter on long memory."""

import numpy as np

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of


def pair_of(got, what):
    assert isinstance(got, tuple | list), f"expected a tuple of two, {what}, got {kind_of(got)}"
    assert len(got) == 2, f"expected two values, {what}, got {len(got)}"
    return got


def word_of(got, words):
    assert isinstance(got, str), f"expected one of {words}, got {kind_of(got)}"
    assert got in words, f"expected one of {words}, got {got!r}"
    return got


@check(
    "steps-until-lost",
    hints=(
        "A step back multiplies by the weight and by the slope.",
        "Count how often 0.8 has to be multiplied until the product is below 0.001.",
        "np.ceil(np.log(0.001) / np.log(1.6 * 0.5))",
    ),
)
def test_the_number_of_steps(student):
    "the smallest number of steps"
    share, steps = 1.0, 0
    while share >= 0.001:
        share, steps = share * 1.6 * 0.5, steps + 1
    mistakes = {
        "after one step fewer it is still a little more than a thousandth": steps - 1,
        "that counts only the slope; the weight multiplies as well": 10,
        "one step too many": steps + 1,
    }
    got, _ = pair_of(student.steps_until_lost(), "steps and share")
    assert_close(got, steps, mistakes=mistakes, what="the number of steps")


@check(
    "steps-until-lost",
    hints=(
        "After one step 0.8 is left.",
        "Two steps multiply twice.",
        "(1.6 * 0.5) ** 2",
    ),
)
def test_the_share_after_two(student):
    "what is left after two steps"
    mistakes = {
        "that is the weight alone; the slope multiplies as well": 1.6**2,
        "that is the slope alone; the weight multiplies as well": 0.25,
        "that is what is left after one step": 0.8,
        "multiply, do not add": 1.6,
    }
    _, got = pair_of(student.steps_until_lost(), "steps and share")
    assert_close(got, (1.6 * 0.5) ** 2, mistakes=mistakes, what="the share after two steps")


SHAPES = ((3, 4), (5,), (2, 3, 2), (1,), ())


def drawn(seed, scale=1.0, dtype=np.float64):
    rng = np.random.default_rng(seed)
    return [np.asarray(scale * rng.normal(size=shape), dtype) for shape in SHAPES]


def flat(gradients):
    return np.concatenate([np.asarray(g, np.float64).ravel() for g in gradients])


def list_of(got, given):
    assert isinstance(got, list | tuple), f"expected a list of arrays, got {kind_of(got)}"
    assert len(got) == len(given), f"expected {len(given)} arrays, got {len(got)}"
    return got


def kept_dtype(got, given):
    """Each array's own dtype is asked for."""
    found = getattr(got, "dtype", type(got).__name__)
    assert found == given.dtype, f"{given.dtype} goes in, {found} comes out"


@check(
    "clip-norm",
    hints=(
        "All arrays together are one vector, with one norm and one factor.",
        "The norm is the root of the sum of all squares of all arrays.",
        "factor = most / norm if norm > most else 1; return [g * factor for g in gradients]",
    ),
)
def test_long_gradients_are_shortened(student):
    "gradients that are too long"
    for seed, most, scale in ((0, 1.0, 10), (1, 0.01, 10), (2, 3.5, 10), (8, 1e-7, 1e-6)):
        given = drawn(seed, scale)
        norm = np.linalg.norm(flat(given))
        got = list_of(student.clipped(given, most), given)
        assert_unchanged(student.clipped)
        for k, (one, g) in enumerate(zip(got, given, strict=True)):
            mistakes = {
                "one factor for all arrays, not one for each": g * most / np.linalg.norm(g),
                "clip the norm, not each number": np.clip(g, -most, most),
                "the norm, not its square": g * most / norm**2,
                "the joint norm should be `most`, not 1": g / norm,
                "add nothing to the norm: it is above `most`, so not 0": g * most / (norm + 1e-6),
            }
            what = f"array {k} of shape {g.shape}"
            right = g * (most / norm)
            assert_close(one, right, atol=1e-8 * most, mistakes=mistakes, what=what)
            kept_dtype(one, g)


@check(
    "clip-norm",
    after="test_long_gradients_are_shortened",
    hints=(
        "Short gradients stay as they are.",
        "Compare the norm with `most` before scaling.",
        "factor = min(1, most / norm) — and mind a norm of 0",
    ),
)
def test_short_gradients_stay(student):
    "gradients that are short enough, and zeros"
    cases = (drawn(3, 0.01), 5.0), (drawn(9, 0.1, np.float32), 50.0), (drawn(9, 1e-6), 1e-4)
    for given, most in (*cases, ([np.zeros((2, 2)), np.zeros(3)], 1.0)):
        got = list_of(student.clipped(given, most), given)
        assert_unchanged(student.clipped)
        for one, g in zip(got, given, strict=True):
            norm = np.linalg.norm(flat(given))
            longer = g * most / norm if norm else g
            mistakes = {"clipping makes no gradient longer": longer} if norm else {}
            what = "a gradient that needs no clipping"
            assert_close(one, g, atol=1e-12, mistakes=mistakes, what=what)
            kept_dtype(one, g)


@check(
    "clip-norm",
    hidden=True,
    after="test_long_gradients_are_shortened",
    hints=(
        "The square of 1e30 is beyond float32.",
        "Take squares in float64, and give the results their own dtype back.",
        "np.sum(np.square(g, dtype=np.float64)) and (g * factor).astype(g.dtype)",
    ),
)
def test_exploding_gradients_in_float32(student):
    "float32, up to 1e30, also beside float64; the dtypes stay"
    mixed = drawn(4, 1e30)
    mixed[1::2] = (g.astype(np.float32) for g in mixed[1::2])
    for given in (*(drawn(4, scale, np.float32) for scale in (1e30, 1e22, 100.0)), mixed):
        norm = np.linalg.norm(flat(given))
        got = list_of(student.clipped(given, 2.0), given)
        for one, g in zip(got, given, strict=True):
            kept_dtype(one, g)
            expected = np.asarray(g.astype(np.float64) * (2.0 / norm), g.dtype)
            mistakes = {"their squares overflow in float32": np.zeros_like(expected)}
            assert_close(one, expected, rtol=1e-5, mistakes=mistakes, what="a huge gradient")


FATES = ("vanishes", "explodes", "stays")


def with_eigenvalues(values, seed):
    """A matrix, not symmetric, with these real eigenvalues."""
    rng = np.random.default_rng(seed)
    v = rng.normal(size=(len(values), len(values))) + 2 * np.eye(len(values))
    return v @ np.diag(values) @ np.linalg.inv(v)


def turning(angle, factor):
    return factor * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


@check(
    "fate-by-spectrum",
    hints=(
        "In the end the eigenvalue with the largest absolute value decides.",
        "np.linalg.eigvals gives all of them, complex ones as well.",
        "radius = np.abs(np.linalg.eigvals(w)).max()",
    ),
)
def test_real_eigenvalues(student):
    "matrices with real eigenvalues, also negative ones"
    cases = (
        (with_eigenvalues([0.9, 0.2, -0.5], 0), "vanishes"),
        (with_eigenvalues([0.1, -1.3, 0.5], 1), "explodes"),
        (with_eigenvalues([1.2, 0.3], 2), "explodes"),
        (with_eigenvalues([0.3, 0.1, 1.4, -0.2, 0.6, 0.05], 3), "explodes"),
        (with_eigenvalues([-0.3, 0.1, 0.4, -0.2, 0.6, 0.05, 0.7], 4), "vanishes"),
        (np.array([[0.4]]), "vanishes"),
        (np.array([[-1.5]]), "explodes"),
        (np.zeros((2, 2)), "vanishes"),
    )
    for w, expected in cases:
        got = word_of(student.fate(w), FATES)
        assert_unchanged(student.fate)
        values = np.round(np.sort(np.linalg.eigvals(w).real), 2).tolist()
        assert got == expected, f"with the eigenvalues {values} a gradient {expected}, not {got}"


@check(
    "fate-by-spectrum",
    after="test_real_eigenvalues",
    hints=(
        "A matrix may lengthen a vector at first and still shrink it in the end; and the reverse.",
        "Neither entries nor singular values decide, but the absolute values of eigenvalues.",
        "a rotation by any angle has eigenvalues of absolute value 1",
    ),
)
def test_not_by_entries_or_singular_values(student):
    "large entries with small eigenvalues, rotations"
    cases = (
        (np.array([[0.5, 40.0], [0.0, 0.5]]), "vanishes", "both eigenvalues are 0.5"),
        (turning(1.0, 0.8), "vanishes", "a turn, times 0.8"),
        (turning(np.pi / 2, 1.3), "explodes", "a quarter turn, times 1.3"),
        (np.full((4, 4), 0.4), "explodes", "small entries, but an eigenvalue of 1.6"),
    )
    for w, expected, why in cases:
        got = word_of(student.fate(w), FATES)
        assert got == expected, f"{why}: a gradient {expected}, not {got}"


@check(
    "fate-by-spectrum",
    after="test_real_eigenvalues",
    hidden=True,
    hints=(
        "A radius of 1 neither shrinks nor lengthens in the end.",
        "Allow a difference of 0.001 on either side.",
        'if abs(radius - 1) < 0.001: return "stays"',
    ),
)
def test_radius_of_one(student):
    "orthogonal and other matrices, with radii near 1"
    q = np.linalg.qr(np.random.default_rng(0).normal(size=(6, 6)))[0]
    cases = (
        (q, "stays"),
        (1.0003 * q, "stays"),
        (0.9997 * q, "stays"),
        (1.0008 * q, "stays"),
        (0.9992 * q, "stays"),
        (1.0012 * q, "explodes"),
        (0.9988 * q, "vanishes"),
        (with_eigenvalues([1.0, 0.4, -0.2], 5), "stays"),
        (with_eigenvalues([0.5, -1.0], 6), "stays"),
        (np.array([[1.0, 30.0], [0.0, 0.5]]), "stays"),
        (1.01 * q, "explodes"),
        (0.99 * q, "vanishes"),
    )
    for w, expected in cases:
        got = word_of(student.fate(w), FATES)
        radius = np.abs(np.linalg.eigvals(w)).max()
        assert got == expected, f"with a radius of {radius:.4f} a gradient {expected}, not {got}"


ILLS = ("exploding", "vanishing", "healthy")


def log_of(seed, count=200):
    rng = np.random.default_rng(seed)
    return np.exp(0.3 * rng.normal(size=count))


def says(student, norms, by_lag, expected, why):
    got = word_of(student.diagnosis(norms, by_lag), ILLS)
    assert_unchanged(student.diagnosis)
    assert got == expected, f"{why}: {expected}, not {got}"


@check(
    "diagnose-lags",
    hints=(
        "Compare the last entry of by_lag with the first.",
        "Less than a millionth left at the largest lag is vanishing.",
        'return "vanishing" if by_lag[-1] < 1e-6 * by_lag[0] else "healthy"',
    ),
)
def test_vanishing_or_healthy(student):
    "runs with quiet norms"
    lags = np.arange(60)
    says(student, log_of(0), 0.9**lags, "healthy", "0.9⁵⁹ is about 0.002")
    says(student, log_of(1), 0.6**lags, "vanishing", "0.6⁵⁹ is below 10⁻¹²")
    says(student, log_of(2), 1e-8 * 0.95**lags, "healthy", "small at every lag, but even")
    says(student, log_of(3), 1e5 * 0.5**lags, "vanishing", "large at lag 0 only")
    for share, expected in ((2e-6, "healthy"), (5e-7, "vanishing")):
        for count in (8, 120):
            by_lag = 3.0 * share ** (np.arange(count) / (count - 1))
            says(student, log_of(8), by_lag, expected, f"a share of {share:g} is left at the end")
    dip = 0.9**lags
    dip[30] = 1e-9
    says(student, log_of(9), dip, "healthy", "only in the middle next to nothing is left")
    rise = 0.9**lags
    rise[5] = 1e5
    says(student, log_of(9), rise, "healthy", "lag 0 is compared with, not the largest value")
    says(student, log_of(9), np.array([0.7]), "healthy", "with lag 0 alone all is left")
    for scale in (1e-4, 1e4):
        says(student, scale * log_of(10), 0.9**lags, "healthy", "all norms are alike")


@check(
    "diagnose-lags",
    hints=(
        "Look at norms first: one value far above the usual is enough.",
        "Usual means the median; the mean is pulled up by the very value you look for.",
        'if (norms > 100 * np.median(norms)).any(): return "exploding"',
    ),
)
def test_exploding(student):
    "runs with one norm far above the others"
    lags = np.arange(60)
    for seed, by_lag in ((4, 0.9**lags), (5, 0.5**lags)):
        for place, scale in ((17, 1.0), (0, 1.0), (39, 1e-4)):
            norms = log_of(seed, 40)
            norms[place] = 5000.0
            why = "one norm is thousands of times the median"
            says(student, scale * norms, by_lag, "exploding", why)
    for times, expected in ((40, "healthy"), (90, "healthy"), (110, "exploding")):
        for scale in (1.0, 1e3, 1e-3):
            norms = log_of(6)
            norms[3] = times * np.median(norms)
            why = f"the largest norm is {times} times the median"
            says(student, scale * norms, 0.9**lags, expected, why)
    norms = log_of(6)
    norms[[0, 7]] = 0.001, 0.0
    says(student, norms, 0.9**lags, "healthy", "small norms explode nothing")


@check(
    "diagnose-lags",
    after="test_exploding",
    hidden=True,
    hints=(
        "A norm may be infinite or not a number.",
        "NaN compares as False with everything, so ask for it.",
        "np.isfinite(norms).all()",
    ),
)
def test_norms_that_are_not_finite(student):
    "NaN and infinity among the norms"
    lags = np.arange(60)
    for value in (np.nan, np.inf):
        for place in (0, 90, -1):
            norms = log_of(7)
            norms[place] = value
            says(student, norms, 0.9**lags, "exploding", f"the norm at place {place} is {value}")
        says(student, np.full(5, value), 0.5**lags, "exploding", f"all norms are {value}")
