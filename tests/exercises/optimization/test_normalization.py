"""Checks of the exercises in the chapter on normalization."""

import numpy as np

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of

RANDOM = np.random.default_rng(23)


def pair_of(answer, what):
    """Two values, or a failure that says what came instead."""
    assert isinstance(answer, tuple), f"expected a tuple ({what}), got {kind_of(answer)}"
    assert len(answer) == 2, f"expected two values ({what}), got {len(answer)}"
    return answer


SUMS, GAMMA, BETA = np.array([2.0, 4, 5, 6, 8]), 4, 1


@check(
    "batch-norm-by-hand",
    hints=(
        "Mean first, then the distances from it, then the mean of their squares.",
        "The squares of the distances are 9, 1, 0, 1 and 9; take their mean, then the root.",
        "y = γ (8 - mean) / deviation + β",
    ),
)
def test_the_pencil_is_right(student):
    "mean and standard deviation of the unit"
    got = student.one_unit()
    assert isinstance(got, tuple | list), f"expected three numbers, got {kind_of(got)}"
    assert len(got) == 3, f"expected three numbers, got {len(got)}"
    assert_close(got[0], SUMS.mean(), what="the mean")
    mistakes = {
        "this is the variance; take its root": SUMS.var(),
        "the sum of squares was divided by 4; here by the number of examples": SUMS.std(ddof=1),
        "the squares were added, not averaged": np.sqrt(5 * SUMS.var()),
    }
    assert_close(got[1], SUMS.std(), mistakes=mistakes, what="the standard deviation")


@check(
    "batch-norm-by-hand",
    after="test_the_pencil_is_right",
    hints=(
        "Standardize first, then scale, then shift.",
        "The last example is 3 above the mean, which is one and a half deviations.",
        "4 * 1.5 + 1",
    ),
)
def test_the_output_of_the_last_example(student):
    "scale and shift of the last example"
    last = (SUMS[-1] - SUMS.mean()) / SUMS.std()
    mistakes = {
        "divided by the variance": GAMMA * (SUMS[-1] - SUMS.mean()) / SUMS.var() + BETA,
        "β is missing": GAMMA * last,
        "γ and β are missing": last,
        "β was added before scaling": GAMMA * (last + BETA),
        "the mean was not taken out": GAMMA * SUMS[-1] / SUMS.std() + BETA,
    }
    assert_close(student.one_unit()[2], GAMMA * last + BETA, mistakes=mistakes, what="the output y")


def heard(axes):
    """What ten times the first example does: are the others changed, is everything as before?"""
    x = pictures(4, 3, 5, 5)
    loud = x * np.array([10.0, 1, 1, 1]).reshape(4, 1, 1, 1)
    before, now = normalized(x, axes), normalized(loud, axes)
    return not np.allclose(now[1:], before[1:]), np.allclose(now, before)


@check(
    "loud-example",
    hints=(
        "Whose numbers enter the mean that is taken from an example?",
        "Look at the picture of the four blocks: only one of them reaches across the examples.",
        'the first of the pair is "batch"',
    ),
)
def test_who_changes_the_others(student):
    "the normalization that changes the outputs of the other examples"
    got, _ = pair_of(student.loud_example(), "a name, a list of names")
    (expected,) = (name for name, axes in AXES.items() if heard(axes)[0])
    assert got in AXES, f"expected one of {list(AXES)}, got {got!r}"
    assert_close(got, expected, what="computed on random pictures, the name")


@check(
    "loud-example",
    hints=(
        "Ten times the numbers: what are their mean and their deviation?",
        "Where both are those of the example alone, the factor cancels.",
        "all that stay within one example",
    ),
)
def test_who_does_not_notice(student):
    "the normalizations whose outputs are the same for all examples, in any order"
    _, got = pair_of(student.loud_example(), "a name, a list of names")
    assert isinstance(got, list | tuple), f"expected a list of names, got {kind_of(got)}"
    expected = sorted(name for name, axes in AXES.items() if heard(axes)[1])
    mistakes = {
        "one more: each channel of an example has its own mean and deviation, also ten times": [
            "layer"
        ],
        "one more: all of an example together has ten times the mean and the deviation": [
            "instance"
        ],
    }
    found = sorted(got)
    for words, value in mistakes.items():
        assert found != value, words
    assert found == expected, f"computed on random pictures: {expected}, got {found}"


def table(count, means, spreads):
    return RANDOM.normal(size=(count, len(means))) * spreads + means


@check(
    "standardize-both",
    hints=(
        "Mean and standard deviation belong to a feature: one number for each column.",
        "axis=0 runs over the examples.",
        "(train - train.mean(axis=0)) / train.std(axis=0)",
    ),
)
def test_training_inputs_are_standardized(student):
    "each training feature has mean 0 and standard deviation 1"
    for count, means, spreads in ((30, [3.0, -50.0, 0.1], [1.0, 9.0, 0.01]), (7, [1e3], [20.0])):
        train, test = (table(n, np.array(means), np.array(spreads)) for n in (count, 5))
        got, _ = pair_of(student.standardize_both(train, test), "train, test")
        expected = np.transpose([(c - np.mean(c)) / np.sqrt(np.var(c)) for c in train.T])
        mistakes = {
            "divided by the variance": np.transpose([(c - c.mean()) / c.var() for c in train.T]),
            "divided by n - 1": expected * np.sqrt((count - 1) / count),
            "one mean for the whole table": (train - train.mean()) / train.std(),
        }
        assert_close(got, expected, mistakes=mistakes, what="the training inputs")
    assert_unchanged(student.standardize_both)


@check(
    "standardize-both",
    hints=(
        "New data are seen through the eyes of the training data.",
        "Use the same two arrays of statistics for both.",
        "(test - train.mean(axis=0)) / train.std(axis=0)",
    ),
)
def test_test_inputs_use_the_statistics_of_training(student):
    "test inputs are standardized by the statistics of the training inputs, a single one too"
    for count in (6, 1):
        train = table(20, np.array([5.0, -2.0]), np.array([2.0, 0.5]))
        test = table(count, np.array([8.0, 0.0]), np.array([1.0, 3.0]))
        _, got = pair_of(student.standardize_both(train, test), "train, test")
        mean, std = train.mean(axis=0), train.std(axis=0)
        both = np.concatenate([train, test])
        mistakes = {
            "by statistics of both sets together": (test - both.mean(axis=0)) / both.std(axis=0)
        }
        if count > 1:
            mistakes["by their own statistics"] = (test - test.mean(axis=0)) / test.std(axis=0)
        expected = test / std - mean / std
        assert_close(got, expected, mistakes=mistakes, what="the test inputs")


@check(
    "standardize-both",
    hidden=True,
    hints=(
        "A feature that never changes must not be divided by its standard deviation.",
        "Rounding may leave 1e-17 instead of 0; compare the largest with the smallest value.",
        "std = np.where(train.max(axis=0) == train.min(axis=0), 1.0, std)",
    ),
)
def test_a_constant_feature_is_divided_by_one(student):
    "a feature that is constant in training becomes 0 there, and is only moved in the test inputs"
    train = np.array([[1.0, 4.0], [3.0, 4.0]])
    test = np.array([[2.0, 5.0], [5.0, 4.0]])
    got = pair_of(student.standardize_both(train, test), "train, test")
    assert_close(got[0], np.array([[-1.0, 0], [1, 0]]), what="the training inputs")
    assert_close(got[1], np.array([[0.0, 1], [3, 0]]), what="the test inputs")
    train, test = np.full((7, 1), 0.1), np.array([[0.1], [1.1]])
    got = pair_of(student.standardize_both(train, test), "train, test")
    mistakes = {"rounding left a standard deviation of 1e-17": (test - train.mean()) / train.std()}
    assert_close(got[0], np.zeros((7, 1)), what="seven times 0.1 as training inputs")
    what = "test inputs after seven times 0.1"
    assert_close(got[1], np.array([[0.0], [1]]), mistakes=mistakes, what=what)


def unrolled(batches, momentum, ddof=1, swapped=False, start=(0.0, 1.0)):
    """Running averages in closed form: each batch's weight is the product of what was kept."""
    share = 1 - momentum if swapped else momentum
    weights = [share * (1 - share) ** (len(batches) - 1 - k) for k in range(len(batches))]
    left = (1 - share) ** len(batches)
    means = sum(w * b.mean(axis=0) for w, b in zip(weights, batches, strict=True))
    spread = sum(w * b.var(axis=0, ddof=ddof) for w, b in zip(weights, batches, strict=True))
    return left * start[0] + means, left * start[1] + spread


def some_batches(sizes, features=3):
    return [RANDOM.normal(RANDOM.normal(), 2.0, size=(n, features)) for n in sizes]


@check(
    "running-averages",
    hints=(
        "After each batch both averages move a little towards the new value.",
        "Start from 0 and 1 and go through the list; the old value keeps 1 - momentum.",
        "mean = (1 - momentum) * mean + momentum * batch.mean(axis=0)",
    ),
)
def test_averages_after_some_batches(student):
    "mean and variance after one batch and after several of different sizes"
    for sizes, momentum in (((8,), 0.1), ((4, 9, 5, 16), 0.1), ((6, 6, 6), 0.4)):
        batches = some_batches(sizes)
        got = pair_of(student.running_averages(batches, momentum), "mean, variance")
        expected = unrolled(batches, momentum)
        swapped = unrolled(batches, momentum, swapped=True)
        mistakes = {
            "momentum is the share of the old value here": swapped[0],
            "the average starts at the first batch": expected[0]
            + (1 - momentum) ** len(batches) * batches[0].mean(axis=0),
        }
        assert_close(got[0], expected[0], mistakes=mistakes, what="the running mean")
        mistakes = {
            "the biased variance was taken": unrolled(batches, momentum, ddof=0)[1],
            "the variance starts at 0": unrolled(batches, momentum, start=(0.0, 0.0))[1],
            "momentum is the share of the old value here": swapped[1],
        }
        assert_close(got[1], expected[1], mistakes=mistakes, what="the running variance")


@check(
    "running-averages",
    hints=(
        "momentum has a value when nobody gives one.",
        "The signature says momentum=0.1.",
        "def running_averages(batches, momentum=0.1):",
    ),
)
def test_the_usual_momentum(student):
    "without a momentum the share of the new batch is 0.1"
    for sizes in ((5, 7), (3,)):
        batches = some_batches(sizes, features=2)
        got = pair_of(student.running_averages(batches), "mean, variance")
        mean, variance = unrolled(batches, 0.1)
        assert_close(got[0], mean, what="the running mean")
        assert_close(got[1], variance, what="the running variance")


@check(
    "running-averages",
    hidden=True,
    hints=(
        "None asks for the plain mean of the batches' statistics: the start must not count.",
        "The k-th batch enters with the share 1/k.",
        "share = 1 / k if momentum is None else momentum",
    ),
)
def test_none_is_the_plain_mean(student):
    "momentum=None gives the plain means over the batches"
    batches = some_batches((4, 9, 5))
    got = pair_of(student.running_averages(batches, None), "mean, variance")
    together = np.concatenate(batches)
    mistakes = {"the mean over all examples": together.mean(axis=0)}
    expected = np.mean([b.mean(axis=0) for b in batches], axis=0)
    assert_close(got[0], expected, mistakes=mistakes, what="the mean")
    expected = np.mean([b.var(axis=0, ddof=1) for b in batches], axis=0)
    assert_close(got[1], expected, what="the variance")


def a_layer(units, inputs):
    W, b, gamma, beta, mean = (
        RANDOM.normal(size=shape) for shape in ((units, inputs), *[(units,)] * 4)
    )
    return W, b, gamma, beta, mean, RANDOM.uniform(0.2, 3.0, units)


def two_steps(x, W, b, gamma, beta, mean, var, eps):
    """Linear layer, then batch normalization in evaluation mode, example by example."""
    z = np.array([[row @ w + c for w, c in zip(W, b, strict=True)] for row in x])
    return (z - mean) / (var + eps) ** 0.5 * gamma + beta


def assert_folded(student, layer, eps, given=None):
    """The folded layer gives what the two steps give."""
    W, b, gamma, beta, mean, var = layer
    args = (W, given, gamma, beta, mean, var) if given is not b else layer
    folded = student.fold(*args, eps) if eps != 1e-5 else student.fold(*args)
    W2, b2 = pair_of(folded, "W2, b2")
    assert np.shape(W2) == W.shape, f"W2 has the shape {np.shape(W2)}, expected {W.shape}"
    assert np.shape(b2) == b.shape, f"b2 has the shape {np.shape(b2)}, expected {b.shape}"
    x = RANDOM.normal(size=(6, W.shape[1]))
    scale = gamma / np.sqrt(var + eps)
    mistakes = {
        "the bias was not scaled": x @ (W * scale[:, None]).T + b - mean * scale + beta,
        "the running mean is missing": x @ (W * scale[:, None]).T + b * scale + beta,
        "divided by the variance, not by its root": (x @ W.T + b - mean) / (var + eps) * gamma
        + beta,
    }
    expected = two_steps(x, W, b, gamma, beta, mean, var, eps)
    got = x @ np.asarray(W2).T + np.asarray(b2)
    assert_close(got, expected, mistakes=mistakes, what="the output of the folded layer")


@check(
    "fold-batch-norm",
    points=2,
    hints=(
        "Write down gamma (Wx + b - mean) / sqrt(var + eps) + beta and sort by x.",
        "Each row of W is multiplied by gamma / sqrt(var + eps).",
        "W2 = W * scale[:, None]; b2 = (b - mean) * scale + beta",
    ),
)
def test_one_layer_does_both(student):
    "x @ W2.T + b2 equals linear layer and batch normalization, for square and other layers"
    for units, inputs in ((3, 5), (4, 4), (6, 1)):
        layer = a_layer(units, inputs)
        assert_folded(student, layer, 1e-5, layer[1])
    assert_unchanged(student.fold)


@check(
    "fold-batch-norm",
    hints=(
        "Without a bias the linear layer adds nothing.",
        "None counts as 0.",
        "b = 0.0 if b is None else b",
    ),
)
def test_without_a_bias(student):
    "b may be None"
    for units in (3, 5):
        W, b, *rest = a_layer(units, 2)
        assert_folded(student, (W, 0 * b, *rest), 1e-5, None)


@check(
    "fold-batch-norm",
    hidden=True,
    hints=(
        "eps stands under the root, beside the variance.",
        "It may be any number, and a variance may be 0.",
        "scale = gamma / np.sqrt(var + eps)",
    ),
)
def test_eps_counts(student):
    "another eps is used, and a unit with variance 0 is no trouble"
    *layer, var = a_layer(4, 3)
    var[2] = 0.0
    assert_folded(student, (*layer, var), 0.5, layer[1])


def normalized(x, axes):
    x = x - x.mean(axis=axes, keepdims=True)
    return x / np.sqrt(np.mean(x * x, axis=axes, keepdims=True))


AXES = {"batch": (0, 2, 3), "layer": (1, 2, 3), "instance": (2, 3)}


def pictures(*shape):
    """Random pictures whose channels and examples all have their own mean and spread."""
    n, c = shape[:2]
    spread = np.exp(RANDOM.normal(size=(n, c, 1, 1)))
    return spread * RANDOM.normal(size=shape) + RANDOM.normal(size=(n, c, 1, 1))


@check(
    "which-axes",
    hints=(
        "Take means and variances over the axes each normalization averages over.",
        "instance: (2, 3); layer: (1, 2, 3); batch: (0, 2, 3).",
        "np.abs(y.mean(axis=axes)).max() < 1e-3 and the same for y.var(axis=axes) - 1",
    ),
)
def test_each_normalization_is_found(student):
    "batch, layer and instance normalization are told apart, and none of them too"
    for shape in ((4, 3, 5, 5), (2, 6, 4, 3)):
        for name, axes in AXES.items():
            got = student.which_normalization(normalized(pictures(*shape), axes))
            assert_close(got, name, what=f"the name for {name} normalization of {shape}")
        got = student.which_normalization(pictures(*shape))
        assert_close(got, "none", what="the name for random pictures")


@check(
    "which-axes",
    hints=(
        "Mean 0 is not enough, nor is variance 1.",
        "Ask for both.",
        "max(np.abs(mean).max(), np.abs(var - 1).max()) < 1e-3",
    ),
)
def test_mean_and_variance_both_count(student):
    "arrays that are only centred, or only scaled, are none of them"
    for shape in ((4, 3, 5, 5), (3, 2, 4, 6)):
        for name, axes in AXES.items():
            y = normalized(pictures(*shape), axes)
            for changed, what in ((3 * y, "variance 9"), (y + 1, "mean 1")):
                got = student.which_normalization(changed)
                assert_close(got, "none", what=f"the name for {name} normalization with {what}")


@check(
    "which-axes",
    hidden=True,
    hints=(
        "One channel that is off is enough.",
        "Take the largest deviation, not the average.",
        "np.abs(y.mean(axis=axes)).max()",
    ),
)
def test_one_bad_channel_is_enough(student):
    "a single channel that is off makes it none, although deviations cancel on average"
    y = normalized(pictures(4, 4, 6, 6), AXES["batch"])
    y[:, 0] += 0.5
    y[:, 1] -= 0.5
    assert_close(student.which_normalization(y), "none")
    single = normalized(pictures(1, 3, 6, 6), AXES["batch"])
    assert_close(student.which_normalization(single), "instance", what="the name for one example")
