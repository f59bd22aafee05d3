"""Checks of the exercises in the chapter on vanishing and exploding gradients."""

import numpy as np

from companion.exercises import assert_close, assert_raises, assert_unchanged, check
from companion.exercises.wording import kind_of
from companion.gradients import backpropagation as by_hand
from companion.gradients.checking.gradcheck import numerical_gradient

RANDOM = np.random.default_rng(11)


@check(
    "what-arrives",
    points=2,
    hints=(
        "Each layer multiplies the gradient by its weight and by its slope.",
        "One layer: 2 · ¼. Ten layers: that to the power of ten. No loss: a factor of 1.",
        "(1/2)**10, and the weight w with w · ¼ = 1",
    ),
)
def test_what_arrives(student):
    "the gradient after ten layers, and the weight with which nothing is lost"
    gradient, weight, slope = 1.0, 2.0, 0.25
    for _ in range(10):
        gradient *= weight * slope
    keeps = 1 / slope
    mistakes = {
        "the slopes are left out": (weight**10, keeps),
        "the weights are left out": (slope**10, keeps),
        "this is nine layers": (2 * gradient, keeps),
        "this is eleven layers": (gradient / 2, keeps),
        "the factor of a layer is weight times slope; they are not added": (2.25**10, keeps),
        "a weight of 1 still loses the slope": (gradient, 1.0),
        "the second number is the weight, not the slope": (gradient, slope),
    }
    got = student.what_arrives()
    assert_close(got, (gradient, keeps), rtol=1e-2, mistakes=mistakes, what="the two numbers")


def relu_gradient(scale, layers=5):
    """Gradient of the output for the first layer's weights, every weight times `scale`."""
    drawn = by_hand.initialize([4] * layers + [1], seed=1)
    parameters = [(scale * W, b) for W, b in drawn]
    a = by_hand.forward(parameters, np.array([[1.0, -0.5, 2.0, 0.3]]), "relu")
    (dW, _), *_ = by_hand.backward(parameters, a, np.ones((1, 1)), "relu")
    return np.linalg.norm(dW)


@check(
    "doubled-weights",
    points=2,
    hints=(
        "The output is linear in the first layer's weights; its slope holds the other weights.",
        "Doubled weights change no sign: the slopes of ReLU stay. How many other layers are there?",
        "A factor of 2 for each of the four layers that the gradient passes.",
    ),
)
def test_doubled_weights(student):
    "the factor is what a network with doubled weights shows"
    factor = relu_gradient(2.0) / relu_gradient(1.0)
    mistakes = {
        "the factors multiply: one for each layer on the way back": 2.0,
        "the output grows so much; a layer's own weights are no factor of its gradient": 32.0,
        "the factors of four layers multiply: neither three of them, nor four added": 8.0,
        "the slopes of ReLU stay as they are": 1.0,
    }
    got = student.doubled_weights()
    assert_close(float(got), float(factor), mistakes=mistakes, what="the factor")


def chain(w, x):
    """The chain itself, weight by weight."""
    for weight in w:
        x = weight * x
    return x


@check(
    "chain-gradients",
    points=2,
    hints=(
        "The derivative with respect to w_l is the product of all the other factors.",
        "What came in is x times the weights before, what comes back the weights after.",
        "before = np.cumprod(np.append(x, w[:-1])); the same from the other end; multiply.",
    ),
)
def test_chain_agrees_with_differences(student):
    "the derivatives agree with central differences, for short and long chains, one with a zero"
    for length, x in ((4, 1.5), (1, -2.0), (9, 0.7), (3, 0.4)):
        w = RANDOM.uniform(0.5, 1.5, length) * RANDOM.choice([-1, 1], length)
        if length == 3:
            w[1] = 0
        numeric = numerical_gradient(lambda v, x=x: chain(v, x), w)
        mistakes = {
            "x is missing": numeric / x,
            "the weight itself is still in the product": numeric * w,
            "the order is last layer first": numeric[::-1],
        }
        got = student.chain_gradients(w, x)
        assert_close(got, numeric, rtol=1e-6, mistakes=mistakes, what=f"{length} derivatives")


@check(
    "chain-gradients",
    hidden=True,
    hints=(
        "A weight of zero makes all derivatives zero but its own.",
        "Dividing the whole product by w_l fails where w_l is 0.",
        "Multiply cumulative products from both ends instead.",
    ),
)
def test_chain_with_a_zero_weight(student):
    "a weight of zero is no trouble: its own derivative need not be zero"
    assert_close(student.chain_gradients(np.array([2.0, 5.0, 0.0]), 3.0), np.array([0, 0, 30.0]))
    assert_close(student.chain_gradients(np.array([0.0, 0.0]), 3.0), np.zeros(2))


@check(
    "weight-std",
    hints=(
        "The equations give the variance; asked for is the standard deviation.",
        "shape is (out, in): the number of inputs is shape[1].",
        "np.sqrt(2 / (shape[0] + shape[1])) and np.sqrt(2 / shape[1])",
    ),
)
def test_std_of_a_fully_connected_layer(student):
    "weights (8, 24) and (72, 50) by Glorot's rule and by He's"
    for out, inputs in ((8, 24), (72, 50)):
        glorot, he = (2 / (out + inputs)) ** 0.5, (2 / inputs) ** 0.5
        got = student.weight_std((out, inputs), "glorot")
        assert_close(got, glorot, mistakes={"this is the variance": glorot**2}, what="Glorot's")
        mistakes = {"this is the variance": he**2, "out and in are swapped": (2 / out) ** 0.5}
        assert_close(student.weight_std((out, inputs), "he"), he, mistakes=mistakes, what="He's")


@check(
    "weight-std",
    hints=(
        "An output of a convolution sums over a window of every input channel.",
        "Multiply both fans by the number of pixels of a filter.",
        "kernel = np.prod(shape[2:])",
    ),
)
def test_std_of_a_convolution(student):
    "a convolution counts its filter, also one that is not square"
    he = (2 / (3 * 25)) ** 0.5
    mistakes = {"the filter's size is not counted": (2 / 3) ** 0.5}
    assert_close(student.weight_std((6, 3, 5, 5), "he"), he, mistakes=mistakes)
    assert_close(student.weight_std((4, 2, 3, 1), "glorot"), (2 / (18)) ** 0.5)


@check(
    "weight-std",
    hidden=True,
    hints=(
        "Not every word is a rule.",
        "Raise a ValueError at the end, when no rule fitted.",
        "raise ValueError(f'rule is {rule!r}')",
    ),
)
def test_unknown_rules_are_an_error(student):
    "any other rule is a ValueError"
    assert_raises(student.weight_std, (3, 3), "xaver", error="ValueError")


GRADIENTS = [np.array([[3.0, 0.0], [0.0, 4.0]]), np.array([12.0]), np.zeros(3)]


def clipped(answer, count):
    """The list and the norm, or a failure that says what came instead."""
    assert isinstance(answer, tuple), f"expected a tuple (list, norm), got {kind_of(answer)}"
    assert len(answer) == 2, f"expected a tuple (list, norm), got {len(answer)} values"
    gradients, norm = answer
    assert isinstance(gradients, list), f"expected a list first, got {kind_of(gradients)}"
    assert len(gradients) == count, f"expected {count} arrays, got {len(gradients)}"
    return gradients, norm


@check(
    "clip-together",
    hints=(
        "All arrays together are one long vector; it has one norm.",
        "Add up the squares of all entries of all arrays, then take the root.",
        "norm = np.sqrt(sum(np.sum(g**2) for g in gradients))",
    ),
)
def test_clipping_uses_one_norm(student):
    "the norm of (3, 4), (12) and zeros is 13, and one factor shortens them all, tiny ones too"
    for c in (6.5, 1.0):
        got, norm = clipped(student.clip_together(GRADIENTS, c), 3)
        assert_close(norm, 13.0, what="the norm before clipping")
        expected = [g * (c / 13) for g in GRADIENTS]
        alone = [g * min(1, c / max(np.linalg.norm(g), 1e-12)) for g in GRADIENTS]
        mistakes = {
            "each array is clipped by its own norm": alone,
            "the entries are clipped, not the norm": [np.clip(g, -c, c) for g in GRADIENTS],
        }
        assert_close(got, expected, mistakes=mistakes, what="the clipped gradients")
    got, _ = clipped(student.clip_together([np.array([3e-9]), np.array([4e-9])], 2.5e-9), 2)
    exact = [np.array([1.5e-9]), np.array([2e-9])]
    extra = {"1e-6 is added to the norm": [g * (5e-9 / (5e-9 + 1e-6)) for g in exact]}
    assert_close(got, exact, rtol=1e-6, atol=0, mistakes=extra, what="tiny gradients, clipped")


@check(
    "clip-together",
    hints=(
        "A short gradient needs no clipping.",
        "Compare the norm with c before you scale.",
        "factor = c / norm if norm > c else 1.0",
    ),
)
def test_short_gradients_stay(student):
    "gradients that are short enough come back as they are, zeros too"
    got, norm = clipped(student.clip_together(GRADIENTS, 20.0), 3)
    stretched = {"short gradients are stretched to c": [g * (20 / 13) for g in GRADIENTS]}
    assert_close(got, GRADIENTS, mistakes=stretched)
    assert_close(norm, 13.0, what="the norm")
    got, norm = clipped(student.clip_together([np.zeros((2, 2))], 0.5), 1)
    assert_close(got, [np.zeros((2, 2))])
    assert_close(norm, 0.0, what="the norm of zeros")


@check(
    "clip-together",
    hidden=True,
    hints=(
        "The caller still needs the gradients as they were.",
        "`g *= factor` writes into the caller's array.",
        "return [factor * g for g in gradients], norm",
    ),
)
def test_the_given_arrays_are_not_changed(student):
    "the arrays that were given are the same afterwards"
    student.clip_together([np.array([30.0, 40.0]), np.array([[5.0]])], 1.0)
    assert_unchanged(student.clip_together)


@check(
    "diagnose",
    points=2,
    hints=(
        "Look at the largest and at the smallest norm.",
        "Above 1e3 it explodes, below 1e-3 it vanishes.",
        "if norms.max() > 1e3: return 'exploding'",
    ),
)
def test_diagnosis_of_living_networks(student):
    "healthy, vanishing and exploding networks are told apart"
    cases = {
        "healthy": [[0.4, 0.2, 0.9], [0.002, 900.0]],
        "vanishing": [[1e-7, 1e-4, 0.3], [0.5, 2e-4, 0.5]],
        "exploding": [[5e6, 300.0, 1.0], [1e-9, 1.0, 2e3]],
    }
    for word, tables in cases.items():
        for norms in tables:
            got = student.diagnose(np.array(norms))
            assert_close(got, word, what=f"the word for {norms}")


@check(
    "diagnose",
    hints=(
        "A norm that is exactly 0 is another matter than a small one.",
        "Ask for 0 before you ask for small, and for NaN and infinity before everything.",
        "if not np.isfinite(norms).all(): return 'broken'",
    ),
)
def test_broken_and_dead_come_first(student):
    "infinite norms and NaN are broken, zeros dead, whatever the other layers do"
    for norms in ([0.5, np.inf, 1.0], [np.nan, 0.3], [0.0, np.inf]):
        assert_close(student.diagnose(np.array(norms)), "broken", what=f"the word for {norms}")
    for norms in ([0.0, 0.3, 0.5], [1e9, 0.0], [0.0]):
        assert_close(student.diagnose(np.array(norms)), "dead", what=f"the word for {norms}")


@check(
    "diagnose",
    hidden=True,
    hints=(
        "The limits themselves are still healthy.",
        "Above means >, below means <.",
        "norms.max() > 1e3, norms.min() < 1e-3",
    ),
)
def test_the_limits_are_healthy(student):
    "norms of exactly 1e3 and 1e-3 are healthy"
    assert_close(student.diagnose(np.array([1e-3, 1.0, 1e3])), "healthy")
