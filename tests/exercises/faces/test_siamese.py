"""Checks of the exercises in the chapter on Siamese networks."""

import numpy as np

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of
from companion.gradients.tensor import Tensor


def three_of(got):
    assert isinstance(got, tuple | list), f"expected a tuple of three numbers, got {kind_of(got)}"
    assert len(got) == 3, f"expected three numbers, got {len(got)}"
    return got


@check(
    "pull-and-push",
    hints=(
        "The first pair shows one person: it is pulled.",
        "Its loss is the square of its distance; no factor, no margin.",
        "0.5 ** 2",
    ),
)
def test_the_pair_of_one_person(student):
    "the first pair"
    mistakes = {
        "the loss is the square of the distance": 0.5,
        "that is the loss of two people": 2.25,
        "here the loss has no factor ½": 0.125,
    }
    assert_close(three_of(student.three_losses())[0], 1 / 4, mistakes=mistakes, what="one person")


@check(
    "pull-and-push",
    hints=(
        "How far is the pair from being a margin apart?",
        "max(m − d, 0), squared, with m = 2.",
        "(2 − 0.5)²",
    ),
)
def test_the_pairs_of_two_people(student):
    "the two other pairs"
    _, near, far = three_of(student.three_losses())
    mistakes = {
        "the gap is squared": 1.5,
        "that is the loss of one person, or of the margin 1; here it is 2": 0.25,
        "the gap is squared, not the margin and the distance": 3.75,
        "here the loss has no factor ½": 1.125,
    }
    assert_close(near, 9 / 4, mistakes=mistakes, what="two people, near")
    mistakes = {
        "beyond the margin a pair costs nothing: max(…, 0) comes before the square": 1,
        "beyond the margin a pair costs nothing": 9,
        "a loss is never below 0": -1,
    }
    assert_close(far, 0.0, mistakes=mistakes, what="two people, far")


def by_the_engine(held=None):
    """The derivative for w, with one branch held fixed."""
    w = Tensor(np.array(0.5), requires_grad=True)
    f = [w * 4.0, w * 2.0]
    if held is not None:
        f[held] = f[held].detach()
    ((3.0 - (f[0] - f[1])) ** 2).backward()
    return float(w.grad)


@check(
    "both-branches",
    points=2,
    hints=(
        "Loss → distance → encoding → weight: the chain rule, once for each branch.",
        "f(a) = 2 and f(b) = 1, so d = 1 and the gap is 2; ∂L/∂f(a) = −2 · gap · (f(a) − f(b))/d.",
        "through a: −4 · 4; through b: +4 · 2",
    ),
)
def test_each_branch(student):
    "what comes through a and through b"
    through_a, through_b, _ = three_of(student.through_both())
    mistakes = {
        "the picture is missing: f(a) = w a changes by a": -4,
        "two people are pushed: the sign is the other one": 16,
        "the 2 of the square is missing, or the margin is not 3": -8,
        "that is the pull of a pair of one person": 8,
    }
    assert_close(through_a, by_the_engine(held=1), mistakes=mistakes, what="through a")
    mistakes = {
        "f(b) gets the opposite of f(a)": -8,
        "the picture is missing, or the 2 of the square: f(b) = w b changes by b": 4,
        "f(b) = w b changes by b, not by a": 16,
    }
    assert_close(through_b, by_the_engine(held=0), mistakes=mistakes, what="through b")


@check(
    "both-branches",
    after="test_each_branch",
    hints=(
        "One weight is used in two places.",
        "What comes through both branches is added.",
        "−16 + 8",
    ),
)
def test_both_together(student):
    "the whole derivative"
    mistakes = {
        "the branches are added, not averaged": -4,
        "that is the difference of the two": -24,
        "that comes through one branch only": -16,
    }
    got = three_of(student.through_both())[2]
    assert_close(got, by_the_engine(), mistakes=mistakes, what="together")


@check(
    "nobody-to-push",
    hints=(
        "What is the simplest encoder that makes all these distances 0?",
        "It gives every picture the same encoding.",
        "The angle between equal encodings is 0. Its cosine?",
    ),
)
def test_the_cosine(student):
    "the cosine after training without pairs of two people"
    got = student.cosine_of_two_people()
    is_number = isinstance(got, int | float | np.number) and not isinstance(got, bool)
    assert is_number, f"expected a number, got {kind_of(got)}"
    assert got in (-1, 0, 1), f"expected -1, 0 or 1, got {got}"
    collapsed = np.tile([0.6, 0.8], (2, 1))
    right = round(float(collapsed[0] @ collapsed[1]))
    assert got == right, "nothing pushes: which place do all encodings go to?"


@check(
    "margin-from-angle",
    points=2,
    hints=(
        "Draw two points on the circle and the straight line between them.",
        "d² = 2 − 2 cos θ; NumPy's cosine wants radians.",
        "np.sqrt(2 - 2 * np.cos(np.radians(degrees)))",
    ),
)
def test_known_angles(student):
    "angles from 0 to 180 degrees"
    for degrees in (25, 60, 90, 180, 0, 137.5):  # at 60° several slips give one number
        t = np.radians(degrees)
        chord = np.hypot(1 - np.cos(t), np.sin(t))
        mistakes = {
            "that is d²; take the root": chord**2,
            "NumPy's functions want radians": np.sqrt(2 - 2 * np.cos(degrees)),
            "NumPy's functions want radians here": 2 * np.sin(degrees / 2),
            "that is the way along the circle": t,
            "half the angle belongs to half the distance: times 2": np.sin(t / 2),
            "that is the cosine": np.cos(t),
            "d² is 2 − 2 cos θ: the 2 is missing": np.sqrt(1 - np.cos(t)),
            "half the distance is the sine of half the angle": 2 * np.sin(t),
        }
        others = {text: m for text, m in mistakes.items() if abs(m - chord) > 1e-6}
        got = student.margin_for(degrees)
        assert_close(got, chord, mistakes=others, what=f"the margin for {degrees}°")


def example(seed, count=12, size=3):
    rng = np.random.default_rng(seed)
    first = rng.normal(size=(count, size))
    second = first + rng.normal(0, 0.6, (count, size))
    return first, second, rng.random(count) < 0.5


def gradient_of(first, second, same, margin):
    """By the engine: the mean over the pairs."""
    a = Tensor(first, requires_grad=True)
    d = ((a - second) ** 2).sum(1) ** 0.5
    pull = same.astype(float)
    (pull * d**2 + (1 - pull) * (margin - d).clip(min=0) ** 2).mean().backward()
    return a.grad


def array_of(got):
    assert got is not None, f"expected an array (K, D), got {kind_of(got)}"
    return np.asarray(got)


@check(
    "force-on-encodings",
    points=3,
    hints=(
        "The two kinds of pairs have formulas of their own; the mean divides by K.",
        "One person: 2 (a − b). Two people: −2 max(m − d, 0)/d · (a − b).",
        "np.where(same[:, None], 2 * difference, push) / len(first)",
    ),
)
def test_the_gradient(student):
    "the gradient of twelve pairs, some of them beyond the margin"
    for seed, margin in ((0, 1.0), (1, 1.4)):
        given = example(seed)
        first, second, same = given
        expected = gradient_of(*given, margin)
        difference = first - second
        d = np.linalg.norm(difference, axis=1, keepdims=True)
        pull, gap = 2 * difference, np.maximum(margin - d, 0)
        kind = same[:, None]
        mistakes = {
            "the mean divides by the number of pairs": expected * len(first),
            "the mean goes over pairs, not over the numbers of an encoding": expected
            / first.shape[1],
            "the mean goes over all pairs, not over those of one kind": np.where(
                kind, expected / same.mean(), expected / (~same).mean()
            ),
            "that is the gradient for the second encodings": -expected,
            "the factor 2 is missing": expected / 2,
            "two people are pushed apart, the sign is the other one": np.where(
                kind, pull, 2 * gap / d * difference
            )
            / len(first),
            "the direction must have length 1: divide by d": np.where(
                kind, pull, -2 * gap * difference
            )
            / len(first),
            "beyond the margin nothing pushes": np.where(
                kind, pull, -2 * (margin - d) / d * difference
            )
            / len(first),
            "pairs of one person are pulled, those of two are pushed": np.where(
                kind, -2 * gap / d * difference, pull
            )
            / len(first),
        }
        got = array_of(student.force_on_first(*given, margin))
        assert_close(got, expected, mistakes=mistakes, what="the gradient")


@check(
    "force-on-encodings",
    after="test_the_gradient",
    hidden=True,
    hints=(
        "0/0 is NaN.",
        "Replace d by 1 where it is 0: the difference is 0 there anyway.",
        "gap / np.where(d > 0, d, 1) * difference",
    ),
)
def test_equal_encodings(student):
    "pairs with two equal encodings, one pair alone, and the inputs stay as they are"
    same = np.array([True, False, False])
    first = np.array([[1.0, 2], [3, 4], [0, 0]])
    second = np.array([[1.0, 2], [3, 4], [0, 0.5]])
    got = array_of(student.force_on_first(first, second, same, 1.0))
    assert_unchanged(student.force_on_first)
    expected = np.array([[0, 0], [0, 0], [0, 1 / 3]])
    assert_close(got, expected, what="the gradient with equal encodings")
    got = array_of(student.force_on_first(first[2:], second[2:], same[:1], 1.0))
    assert_close(got, np.array([[0, -1.0]]), what="the gradient of one pair")
