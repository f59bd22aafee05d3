"""Checks of the exercises in the chapter on ways to score a look."""

import numpy as np
import torch

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of
from companion.rnn.attention.scores import AdditiveAttention, ConcatAttention, GeneralAttention

H, M, A, T, S = 3, 5, 4, 2, 6


def five_of(got):
    assert isinstance(got, tuple | list), f"expected a tuple of five numbers, got {kind_of(got)}"
    assert len(got) == 5, f"expected five numbers, got {len(got)}"
    for value in got:
        number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
        whole = number and float(value).is_integer()
        assert whole, f"expected whole numbers, got {value!r}"
    return [int(value) for value in got]


@check(
    "count-scores",
    hints=(
        "Count the entries of each matrix, the bias and v.",
        "general: W is (H, M). additive: W (A, H), U (A, M), b (A), v (A).",
        "H * M, then A * H + A * M + A + A, twice",
    ),
)
def test_weights(student):
    "weights of general, additive and concat"
    got = five_of(student.count_scores())[:3]
    layers = GeneralAttention(H, M), AdditiveAttention(H, M, A), ConcatAttention(H, M, A)
    expected = [sum(p.data.size for p in layer.parameters()) for layer in layers]
    names = ("general", "additive", "concat")
    for name, mine, right in zip(names, got, expected, strict=True):
        why = ""
        if mine == right - A:
            why = "; the bias and v count as well"
        elif mine in (H * H, M * M):
            why = "; W maps what was read, M numbers, to H"
        assert mine == right, f"{name}: {mine} is not its number of weights{why}"


@check(
    "count-scores",
    points=2,
    hints=(
        "Which products are needed once for each state, once for each place, once for each pair?",
        "additive: T states through W, S places through U, T · S pairs through v.",
        "T*A*H + S*A*M + T*S*A, and T*S*A*(H + M) + T*S*A",
    ),
)
def test_products(student):
    "multiplications of additive and concat"
    additive, concat = five_of(student.count_scores())[3:]
    everywhere = T * S * A * (H + M) + T * S * A
    assert additive != everywhere, "additive: W s and U h need not be made anew for each pair"
    assert additive != T * A * H + S * A * M, "additive: each pair is multiplied by v as well"
    right = T * A * H + S * A * M + T * S * A
    assert additive == right, f"additive: {additive} is not the number of multiplications"
    assert concat != T * S * A * (H + M), "concat: each pair is multiplied by v as well"
    assert concat == everywhere, f"concat: {concat} is not the number of multiplications"


def places_at(scores, temperature):
    p = torch.softmax(torch.tensor(np.asarray(scores, np.float64) / temperature), 0)
    return float(torch.exp(torch.special.entr(p).sum()))


def number_of(got):
    got = got[()] if isinstance(got, np.ndarray) and got.ndim == 0 else got
    one = isinstance(got, int | float | np.number) and not isinstance(got, bool)
    assert one, f"expected a number, got {kind_of(got)}"
    fits = np.isfinite(got) and got > 0
    assert fits, f"a temperature is positive and finite, got {got}"
    return float(got)


def reached(student, scores, places):
    got = number_of(student.temperature_for(scores, places))
    assert_unchanged(student.temperature_for)
    found = places_at(scores, got)
    why = ""
    if abs(np.log(found) - places) < 0.01:
        why = "; the exponential of the entropy is asked for, not the entropy"
    elif abs(places_at(scores, 1 / got) - places) < 0.01:
        why = "; scores are divided by the temperature, not multiplied"
    assert abs(found - places) < 0.01, (
        f"with the temperature {got:.4g} the look spreads over {found:.3f} places, "
        f"not {places}{why}"
    )


@check(
    "temperature-for",
    points=2,
    hints=(
        "The hotter, the more places. So halve an interval, again and again.",
        "Places are exp(−Σ p ln p), with p the softmax of scores / temperature.",
        "low, high = 1e-6, 1e6 times the spread; try their geometric mean, keep the half that fits",
    ),
)
def test_several_spreads(student):
    "looks of several spreads"
    for seed in range(6):
        rng = np.random.default_rng(seed)
        count = (3, 8, 2, 20, 5, 50)[seed]
        scores = rng.normal(size=count)
        for share in (0.2, 0.5, 0.8):
            reached(student, scores, 1 + share * (count - 1))


@check(
    "temperature-for",
    points=2,
    after="test_several_spreads",
    hints=(
        "Scores may be large or small, and all far from 0; the right temperature is so, too.",
        "Subtract the largest score first; begin the interval relative to the spread of the rest.",
        "z = scores - scores.max(); low, high = 1e-3 * np.ptp(z), 1e3 * np.ptp(z)",
    ),
)
def test_other_scales(student):
    "scores in the thousands, thousandths, and far from 0"
    rng = np.random.default_rng(7)
    scores = rng.normal(size=6)
    for scale, shift in ((1e4, 0.0), (1e-4, 0.0), (1.0, 1e4), (1.0, -1e4), (1e-3, 5.0)):
        for places in (2.5, 5.0):
            reached(student, scale * scores + shift, places)


SHAPES = ((3, 5), (1, 1), (4, 2), (2, 9))


def near_inputs(seed):
    steps, places = SHAPES[seed % 4]
    rng = np.random.default_rng(seed)
    scores = rng.normal(size=(steps, places))
    return scores, rng.uniform(-0.5, places - 0.5, size=steps), rng.uniform(0.5, 3)


def near(scores, centre, width, power=2.0, half=2.0):
    at = torch.arange(scores.shape[1], dtype=torch.float64)
    far = (at - torch.tensor(np.asarray(centre, np.float64))[:, None]).abs()
    away = far**power / (half * width**power)
    return torch.softmax(torch.tensor(np.asarray(scores, np.float64)) - away, 1).numpy()


@check(
    "look-near",
    points=2,
    hints=(
        "A factor in front of a share is a term that is added to its score.",
        "exp(e) · exp(−d²/2w²) = exp(e − d²/2w²); d is the distance of a place from the centre.",
        "z = scores - (np.arange(S) - centre[:, None])**2 / (2 * width**2), then a softmax",
    ),
)
def test_shares(student):
    "shares near a centre"
    for seed in range(8):
        scores, centre, width = near_inputs(seed)
        got = student.look_near(scores, centre, width)
        assert_unchanged(student.look_near)
        expected = near(scores, centre, width)
        flat = torch.softmax(torch.tensor(scores), 1).numpy()
        at = np.arange(scores.shape[1]) - centre[:, None]
        mistakes = {
            "the centre has an influence": flat,
            "shares add up to 1 after the factor": flat * np.exp(-(at**2) / (2 * width**2)),
            "the scores have an influence, too": near(0 * scores, centre, width),
            "the width is squared, too": near(scores, centre, np.sqrt(width)),
            "there is a 2 below the fraction": near(scores, centre, width, half=1.0),
            "the distance is squared": near(scores, centre, width, power=1.0),
        }
        mistakes = {t: v for t, v in mistakes.items() if not np.allclose(v, expected)}
        assert_close(got, expected, mistakes=mistakes, what="the shares")


@check(
    "look-near",
    after="test_shares",
    hidden=True,
    hints=(
        "Exponentials of large negative numbers are 0, and 0 / 0 is no share.",
        "Add to the scores first; then subtract the largest sum of a row.",
        "z -= z.max(axis=1, keepdims=True) before the exponential",
    ),
)
def test_far_and_narrow(student):
    "a centre far outside, a narrow width, large scores"
    rng = np.random.default_rng(3)
    scores = rng.normal(size=(2, 6))
    for centre, width, scale in (([200.0, -80.0], 1.0, 1), ([2.5, 0.4], 0.01, 1), ([1, 4], 2, 1e4)):
        given = scale * scores, np.array(centre, float), float(width)
        got = student.look_near(*given)
        assert_unchanged(student.look_near)
        assert np.isfinite(got).all(), f"a share is not finite: centre {centre}, width {width}"
        assert_close(got, near(*given), rtol=1e-4, atol=1e-8, what="the shares")
