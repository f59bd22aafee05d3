"""Checks of the exercises in the chapter on LeNet in both engines."""

from time import perf_counter

import numpy as np

from companion.exercises import assert_close, check
from companion.exercises.wording import kind_of


def two_of(got):
    assert isinstance(got, tuple | list), f"expected a tuple of two values, got {kind_of(got)}"
    assert len(got) == 2, f"expected two values, got {len(got)}"
    return got


@check(
    "other-table",
    hints=(
        "One kernel reaches through the maps that it sees, and has one bias.",
        "25 weights for each of three maps, and 1.",
        "16 * (25 * 3 + 1)",
    ),
)
def test_parameters_of_c3(student):
    "the parameters of the simpler C3"
    got, _ = two_of(student.other_table())
    mistakes = {
        "the biases are missing": 1200,
        "that is with all six maps": 2416,
        "that is the table of the paper": 1516,
        "each of the three kernels got a bias": 1248,
    }
    expected = sum(5 * 5 * 3 + 1 for _ in range(16))
    assert_close(got, expected, mistakes=mistakes, what="the parameters")


@check(
    "other-table",
    hints=(
        "How often is each parameter used?",
        "Once at each place of a map of C3, and there are 10 × 10.",
        "100 times the number of parameters",
    ),
)
def test_connections_of_c3(student):
    "the connections of the simpler C3"
    _, got = two_of(student.other_table())
    mistakes = {
        "the biases are missing": 120_000,
        "that is at the 14 × 14 places of S2": 1216 * 196,
        "that is with all six maps": 241_600,
    }
    assert_close(got, 16 * 10 * 10 * (25 * 3 + 1), mistakes=mistakes, what="the connections")


def answers(x, codes, limit, power=2):
    found = []
    for row in x:
        distances = [sum(abs(a - b) ** power for a, b in zip(row, code)) for code in codes]  # noqa: B905
        best = min(range(len(codes)), key=distances.__getitem__)
        found.append(best if distances[best] <= limit else -1)
    return np.array(found)


@check(
    "rejected",
    points=2,
    hints=(
        "All distances at once: (N, 1, D) minus (K, D), squared, summed over the last axis.",
        "argmin for the class, min for how far it is.",
        "np.where(distances.min(axis=1) <= limit, distances.argmin(axis=1), -1)",
    ),
)
def test_nearest_or_none(student):
    "the nearest code, or -1"
    rng = np.random.default_rng(0)
    for N, K, D, limit in ((9, 4, 6, 7.0), (12, 5, 8, 9.0)):
        codes = rng.choice([-1.0, 1.0], size=(K, D)) * rng.uniform(0.5, 2, size=(K, 1))
        x = codes[rng.integers(K, size=N)] + rng.normal(0, 1.1, size=(N, D))
        mistakes = {
            "the limit was compared with the distance, not with its square": answers(
                x, codes, limit**2
            ),
            "nothing was rejected": answers(x, codes, np.inf),
            "distances are sums of absolute values, not of squares": answers(x, codes, limit, 1),
        }
        got = student.nearest_codes(x, codes, limit)
        assert_close(got, answers(x, codes, limit), mistakes=mistakes, what="the classes")


@check(
    "rejected",
    after="test_nearest_or_none",
    hidden=True,
    hints=(
        "What about a distance of exactly the limit?",
        "It is accepted: <=, not <.",
        "np.where(distances.min(axis=1) <= limit, ...)",
    ),
)
def test_exactly_at_the_limit(student):
    "exactly at the limit is accepted, a single row will do, and many take no loop"
    codes = np.array([[1.0, 1.0, -1.0], [-1.0, 1.0, 1.0]])
    x = np.array([[1.0, 3.0, -1.0]])  # squared distance 4 to the first code
    assert_close(student.nearest_codes(x, codes, 4.0), np.array([0]), what="the class")
    assert_close(student.nearest_codes(x, codes, 3.9), np.array([-1]), what="the class")
    x = np.random.default_rng(1).normal(size=(20_000, 3))
    loop = min(seconds(row_by_row, x, codes) for _ in range(2))
    taken = min(seconds(student.nearest_codes, x, codes, 4.0) for _ in range(3))
    assert taken < 0.4 * loop, "20,000 rows take as long as in a loop; let NumPy take all at once"


def row_by_row(x, codes):
    return [((row - codes) ** 2).sum(axis=1).argmin() for row in x]


def seconds(function, *given):
    start = perf_counter()
    function(*given)
    return perf_counter() - start


def library(seed, shape=(4, 3, 2)):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(3, 3, 2, 5)), rng.normal(size=(np.prod(shape), 4)), shape


@check(
    "channels-last",
    points=2,
    hints=(
        "Each entry keeps its value and gets another place: which axis goes where?",
        "(K, K, C, O) to (O, C, K, K): the last axis first, rows before columns as they were.",
        "kernels.transpose(3, 2, 0, 1)",
    ),
)
def test_kernels(student):
    "the kernels of the convolution"
    for seed in (0, 1):
        kernels, dense, shape = library(seed)
        got, _ = two_of(student.from_channels_last(kernels, dense, shape))
        expected = np.empty((5, 2, 3, 3))
        for (i, j, c, o), value in np.ndenumerate(kernels):
            expected[o, c, i, j] = value
        mistakes = {
            "rows and columns are exchanged": expected.swapaxes(2, 3),
            "the kernels were turned over": expected[..., ::-1, ::-1],
            "it was reshaped: the axes have to change places": kernels.reshape(5, 2, 3, 3),
        }
        assert_close(got, expected, mistakes=mistakes, what="the kernels")


@check(
    "channels-last",
    points=2,
    hints=(
        "The same input has another place in the flattened image: (h, w, c) becomes (c, h, w).",
        "Give the inputs their three axes back, move the channels to the front, flatten again.",
        "dense.T.reshape(M, H, W, C).transpose(0, 3, 1, 2).reshape(M, -1)",
    ),
)
def test_dense_weights(student):
    "the weights of the dense layer behind the flattened image"
    for seed, shape in ((2, (4, 3, 2)), (3, (2, 2, 5))):
        kernels, dense, _ = library(seed, shape)
        _, got = two_of(student.from_channels_last(kernels, dense, shape))
        H, W, C = shape
        expected = np.empty((4, C * H * W))
        for place, (h, w, c) in enumerate(np.ndindex(H, W, C)):
            expected[:, (c * H + h) * W + w] = dense[place]
        mistakes = {
            "it was only transposed: the inputs are in another order as well": dense.T,
            "the axes were named (C, H, W) before they were moved": dense.T.reshape(4, C, H, W)
            .transpose(0, 2, 3, 1)
            .reshape(4, -1),
            "rows and columns are exchanged": dense.T.reshape(4, H, W, C)
            .transpose(0, 3, 2, 1)
            .reshape(4, -1),
        }
        assert_close(got, expected, mistakes=mistakes, what="the dense weights")
