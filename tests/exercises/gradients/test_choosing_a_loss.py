"""Checks of the exercises on the page on choosing a loss."""

import numpy as np
from scipy import special

from companion.exercises import assert_close, assert_gradient, assert_unchanged, check
from companion.exercises.wording import kind_of
from companion.gradients.checking.gradcheck import numerical_gradient

RANDOM = np.random.default_rng(23)
Y, Q = RANDOM.normal(size=(2, 9))


def pair(answer):
    """Two values, or a failure that says what came instead."""
    assert isinstance(answer, tuple), f"expected a tuple (loss, gradient), got {kind_of(answer)}"
    assert len(answer) == 2, f"expected two values (loss, gradient), got {len(answer)}"
    return answer


def pinball_by_hand(y, q, tau):
    """Mean loss, one example at a time."""
    pairs = zip(y, q, strict=True)
    return np.mean([tau * (a - b) if a >= b else (1 - tau) * (b - a) for a, b in pairs])


@check(
    "pinball",
    hints=(
        "Both branches are at least 0: an error costs something in either direction.",
        "(1 - τ) d is the larger of the two where d > 0, -τ d where d < 0.",
        "np.mean(np.maximum(-tau * d, (1 - tau) * d)) with d = q - y",
    ),
)
def test_pinball_costs(student):
    "an error of 2 upwards and of 2 downwards cost 2τ and 2(1 - τ)"
    y, q = np.array([3.0, 1.0]), np.array([1.0, 3.0])
    loss, _ = pair(student.pinball(np.append(y, 3.0), np.append(q, 1.0), 0.75))
    mistakes = {
        "τ and 1 - τ are exchanged": (0.5 + 1.5 + 0.5) / 3,
        "this is the sum, not the mean": 3.5,
        "no error costs less than 0: where d < 0 the loss is -τ d, not τ d": -2.5 / 3,
        "no error costs less than 0: where d > 0 the loss is (1 - τ) d": 2.5 / 3,
    }
    assert_close(loss, 3.5 / 3, mistakes=mistakes, what="the mean loss")
    loss, _ = pair(student.pinball(Y, Q, 0.2))
    assert_unchanged(student.pinball)
    assert_close(loss, pinball_by_hand(Y, Q, 0.2), what="the mean loss")


@check(
    "pinball",
    after="test_pinball_costs",
    hints=(
        "Raising q makes d = q - y larger, so the slope in d is the slope in q.",
        "The derivative for q is -τ where y > q and 1 - τ where y < q, divided by N.",
        "np.where(d < 0, -tau, np.where(d > 0, 1 - tau, 0.0)) / len(y)",
    ),
)
def test_pinball_gradient_agrees_with_differences(student):
    "the gradient agrees with central differences of the mean loss"
    for tau in (0.3, 0.9):
        _, gradient = pair(student.pinball(Y, Q, tau))
        numeric = numerical_gradient(lambda q, tau=tau: pinball_by_hand(Y, q, tau), Q)
        assert_gradient({"q": gradient}, {"q": numeric})


@check(
    "pinball",
    hidden=True,
    hints=(
        "Where y equals q the exercise asks for a derivative of 0.",
        "np.where with one condition has two outcomes; here there are three.",
        "np.where(d < 0, -tau, np.where(d > 0, 1 - tau, 0.0)) / len(y)",
    ),
)
def test_pinball_at_the_kink(student):
    "where y equals q the derivative is 0"
    _, gradient = pair(student.pinball(np.array([1.0, 2.0]), np.array([1.0, 1.0]), 0.5))
    assert_close(gradient, np.array([0.0, -0.25]), what="the gradient")


@check(
    "percentage-constant",
    points=2,
    hints=(
        "Small targets have large weights.",
        "Sort y, add up 1/y, and stop where half of the total is reached.",
        "y = np.sort(y); reached = np.cumsum(1 / y); y[np.argmax(reached >= reached[-1] / 2)]",
    ),
)
def test_constant_makes_the_error_least(student):
    "no other value of the set has a smaller mean absolute percentage error"
    for y in (np.array([9.0, 1.0, 8.0, 10.0, 2.0]), RANDOM.uniform(1, 50, size=25)):
        errors = [np.mean(np.abs(c - y) / y) for c in y]
        mistakes = {
            "this is the median: the weights are missing": np.median(y),
            "this is the weighted mean, not the weighted median": len(y) / np.sum(1 / y),
            "the weights are 1/y, not y": heavy_median(y),
            "sort y before you add up the weights": as_given(y),
        }
        assert_close(student.percentage_constant(y), y[np.argmin(errors)], mistakes=mistakes)


def as_given(y):
    """Where half of the weight is reached in the order of the table, which means nothing."""
    total, half = 0.0, sum(1 / y) / 2
    for value in y:
        total += 1 / value
        if total >= half:
            break
    return value


def heavy_median(y):
    """The weighted median with weights y in place of 1/y."""
    return min(y, key=lambda c: np.sum(y * np.abs(c - y)))


@check(
    "percentage-constant",
    hidden=True,
    hints=(
        "At least half: equality counts.",
        "Compare with >=, and take the first place where it holds.",
        "y[np.argmax(reached >= reached[-1] / 2)]",
    ),
)
def test_constant_at_exactly_half(student):
    "where half of the weight is reached exactly, that value is returned"
    # Powers of 2, so that the weights and their sums are exact in any order.
    for y, right in (([8, 2, 8, 8, 8], 2.0), ([16, 8, 16, 4, 16, 16, 16, 16], 8.0)):
        mistakes = {f"half is reached exactly at {right:g}: compare with >=": y[0]}
        got = student.percentage_constant(np.array(y, dtype=float))
        assert_close(got, right, mistakes=mistakes)
    assert_close(student.percentage_constant(np.array([7.0])), 7.0)
    assert_unchanged(student.percentage_constant)


S, K = RANDOM.normal(size=(6, 4)) * 1.5, np.array([0, 3, 1, 1, 2, 0])


def margins_by_hand(S, y):
    """Mean loss, by loops."""
    total = 0.0
    for scores, right in zip(S, y, strict=True):
        total += sum(max(0, 1 + s - scores[right]) for k, s in enumerate(scores) if k != right)
    return total / len(S)


@check(
    "multi-margin",
    hints=(
        "The right class does not count among the wrong ones.",
        "For k = y the term would be max(0, 1 + 0) = 1: set it to 0.",
        "short = np.maximum(0, 1 + S - S[rows, y][:, None]); short[rows, y] = 0",
    ),
)
def test_margin_loss_of_all_wrong_classes(student):
    "the mean loss adds up all wrong classes and leaves the right one out"
    rows = np.arange(len(S))
    rivals = np.where(np.eye(4)[K] == 1, -np.inf, S).max(axis=1)
    best_only = np.maximum(0, 1 + rivals - S[rows, K]).mean()
    expected = margins_by_hand(S, K)
    mistakes = {
        "the right class was counted too: 1 too much for each example": expected + 1,
        "this is the sum over the examples, not the mean": expected * len(S),
        "only the best wrong class was counted": best_only,
    }
    loss, _ = pair(student.multi_margin(S, K))
    assert_close(loss, expected, mistakes=mistakes, what="the mean loss")
    assert_unchanged(student.multi_margin)
    loss, _ = pair(student.multi_margin(S[:3, ::-1], K[:3]))
    assert_close(loss, margins_by_hand(S[:3, ::-1], K[:3]), what="the mean loss")


@check(
    "multi-margin",
    points=2,
    after="test_margin_loss_of_all_wrong_classes",
    hints=(
        "Each wrong class that is too close gets +1; the right class pays for all of them.",
        "The entry of the right class is minus the number of wrong classes that are too close.",
        "gradient[rows, y] = -gradient.sum(axis=1), then divide by len(S)",
    ),
)
def test_margin_gradient_agrees_with_differences(student):
    "the gradient agrees with central differences of the mean loss"
    for scores, classes in ((S, K), (S[2:, ::-1], K[2:])):
        _, gradient = pair(student.multi_margin(scores, classes))
        numeric = numerical_gradient(lambda s, c=classes: margins_by_hand(s, c), scores)
        assert_gradient({"S": gradient}, {"S": numeric})


@check(
    "multi-margin",
    hidden=True,
    hints=(
        "A wrong class exactly 1 below the right one is no longer too close.",
        "Count a class where 1 + s_k - s_y is greater than 0, not where it is equal to 0.",
        "gradient = (short > 0).astype(float) with > in place of >=",
    ),
)
def test_margin_at_the_kink(student):
    "a wrong class exactly at the margin gets no gradient"
    loss, gradient = pair(student.multi_margin(np.array([[1.0, 0.0]]), np.array([0])))
    assert_close(loss, 0.0, what="the mean loss")
    assert_close(gradient, np.zeros((1, 2)), what="the gradient")
    scores = np.array([[2.0, 1.0, 3.0], [0.0, 5.0, 4.0]])
    _, gradient = pair(student.multi_margin(scores, np.array([0, 1])))
    expected = np.array([[-0.5, 0.0, 0.5], [0.0, 0.0, 0.0]])
    assert_close(gradient, expected, what="the gradient")


Z, LABELS = RANDOM.normal(size=8) * 2, np.array([0, 1, 1, 0, 1, 0, 0, 1])


def focal(z, y, gamma):
    """Sum of the focal losses, by the formula of the paper."""
    p = np.where(y == 1, special.expit(z), special.expit(-z))
    return np.sum(-((1 - p) ** gamma) * np.log(p))


@check(
    "focal-pencil",
    points=2,
    hints=(
        "The logarithm is the same in both losses; only the factor in front counts.",
        "The factor is (1 - p)^γ; 1 - p is 0.1 and 0.5.",
        "0.1 squared, 0.5 squared, and the γ with 0.1^γ = 0.001",
    ),
)
def test_factors_of_the_focal_loss(student):
    "the factors of p = 0.9 and p = 0.5 with γ = 2"
    answer = student.focal_factors()
    assert isinstance(answer, tuple), f"expected a tuple (a, b, gamma), got {kind_of(answer)}"
    assert len(answer) == 3, f"expected three values (a, b, gamma), got {len(answer)}"
    for got, p in zip(answer, (0.9, 0.5), strict=False):
        # The quotient of the two losses, computed from both.
        expected = focal(special.logit(np.array([p])), np.array([1]), 2.0) / -np.log(p)
        mistakes = {
            "this is p^γ: the factor is (1 - p)^γ, small where p is near 1": p**2,
            "the factor is squared for γ = 2": 1 - p,
            "this is the loss itself, not the factor": expected * -np.log(p),
        }
        if p == 0.5:
            mistakes.pop("this is p^γ: the factor is (1 - p)^γ, small where p is near 1")
        assert_close(got, expected, mistakes=mistakes, what=f"the factor of p = {p:g}")


@check(
    "focal-pencil",
    hints=(
        "0.1 times 0.1 times … until 0.001 is reached.",
        "0.001 is 10⁻³, and 0.1 is 10⁻¹.",
        "the γ with 0.1^γ = 0.001 is the number of zeros behind the point, plus one",
    ),
)
def test_gamma_of_a_thousandth(student):
    "the γ that turns an example with p = 0.9 down to a thousandth"
    gamma = student.focal_factors()[-1]
    mistakes = {"this is 0.5^γ ≈ 0.001; the first example has 1 - p = 0.1": 10.0}
    assert_close(gamma, np.log(0.001) / np.log(1 - 0.9), mistakes=mistakes, what="γ")


@check(
    "focal-gradient",
    hints=(
        "Without the factor it is the cross-entropy.",
        "For γ = 0 the answer must be σ(z) - y.",
        "sign * (1 - p)**gamma * (gamma * p * log_p - (1 - p)) with sign = 2 * y - 1",
    ),
)
def test_focal_without_focus_is_cross_entropy(student):
    "for γ = 0 the derivative is σ(z) - y"
    expected = special.expit(Z) - LABELS
    mistakes = {"the sign is flipped: truth minus prediction": -expected}
    assert_close(student.focal_gradient(Z, LABELS, 0.0), expected, mistakes=mistakes)
    assert_unchanged(student.focal_gradient)
    expected = special.expit(-2 * Z) - LABELS
    assert_close(student.focal_gradient(-2 * Z, LABELS, 0), expected)


@check(
    "focal-gradient",
    points=2,
    hints=(
        "p occurs twice in the loss, so the product rule has two terms.",
        "dℓ/dp = γ (1-p)^(γ-1) log p - (1-p)^γ / p, and dp/ds = p (1 - p).",
        "sign * (1 - p)**gamma * (gamma * p * log_p - (1 - p)) with sign = 2 * y - 1",
    ),
)
def test_focal_gradient_agrees_with_differences(student):
    "the derivative agrees with central differences for γ = 2 and γ = 0.5"
    for gamma in (2.0, 0.5):
        numeric = numerical_gradient(lambda z, g=gamma: focal(z, LABELS, g), Z)
        gradient = student.focal_gradient(Z, LABELS, gamma)
        assert_gradient({"z": gradient}, {"z": numeric})


@check(
    "focal-gradient",
    hidden=True,
    hints=(
        "log(σ(s)) is -inf once σ(s) is rounded to 0.",
        "Compute log p and 1 - p from logits, each with np.logaddexp.",
        "log_p = -np.logaddexp(0, -s); wrong = np.exp(-np.logaddexp(0, s))",
    ),
)
def test_focal_gradient_of_huge_scores(student):
    "scores of ±10,000 give the limits 0 and ±1, for every γ"
    z, y = np.array([1e4, -1e4, 1e4, -1e4]), np.array([1, 0, 0, 1])
    for gamma in (2.0, 0.0, 0.5):
        limits = np.array([0.0, 0.0, 1.0, -1.0])
        assert_close(student.focal_gradient(z, y, gamma), limits, what=f"with γ = {gamma:g}, it")


@check(
    "focal-gradient",
    hidden=True,
    hints=(
        "From z = 37 on p is rounded to 1, and 1 - p to 0; but 1 - p is about e^-z.",
        "1 - σ(s) is σ(-s): compute it from its own logarithm.",
        "wrong = np.exp(-np.logaddexp(0, s)), and use it wherever the formula has 1 - p",
    ),
)
def test_focal_gradient_keeps_its_digits(student):
    "a score of 40 gives a tiny derivative that is right to six digits"
    tiny = np.exp(-40.0)  # is 1 - p up to a factor of 1 + 4e-18, and so is -log p
    for gamma in (0.0, 1.0, 2.0):
        expected = -(1 + gamma) * tiny ** (1 + gamma) * np.array([1.0, -1.0])
        got = student.focal_gradient(np.array([40.0, -40.0]), np.array([1, 0]), gamma)
        assert_close(got, expected, atol=0, what=f"with γ = {gamma:g}, it")
