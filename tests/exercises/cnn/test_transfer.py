"""Checks of the exercises in the chapter on borrowed features."""

import numpy as np
from scipy.special import softmax

from companion import nn
from companion.cnn.transfer import freeze_first, with_head
from companion.exercises import Source, assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of
from companion.gradients.tensor import Tensor
from companion.nn.functional import cross_entropy


def word_of(got, words):
    assert isinstance(got, str), f"expected one of {words}, got {kind_of(got)}"
    assert got in words, f"expected one of {words}, got {got!r}"
    return got


def slopes(F, y, W, b):
    """Gradients of the mean cross-entropy in W and b, by the engine."""
    tensors = [Tensor(np.asarray(v, float), requires_grad=True) for v in (W, b)]
    cross_entropy(Tensor(np.asarray(F, float)) @ tensors[0].T + tensors[1], y).backward()
    return [t.grad for t in tensors]


@check(
    "head-by-hand",
    hints=(
        "With weights 0 both classes have the probability one half.",
        "Each example adds (p − 1) f to its own class and p f to the other; then take the mean.",
        "dW of class A = ½ ((½ − 1)(4, 0) + ½ (0, 2))",
    ),
)
def test_the_new_weights_of_class_a(student):
    "the new weights of class A"
    got = student.weights_of_a()
    assert isinstance(got, tuple | list), f"expected a tuple of two numbers, got {kind_of(got)}"
    F, y = np.array([[4.0, 0.0], [0.0, 2.0]]), np.array([0, 1])
    dW, _ = slopes(F, y, np.zeros((2, 2)), np.zeros(2))
    right = -0.5 * dW[0]
    mistakes = {
        "it went uphill: subtract the gradient": tuple(-right),
        "the mean over the two examples is missing": tuple(2 * right),
        "the rate is missing": tuple(2 * right),
        "only the example of class A was counted": (0.5, 0.0),
        "those are the weights of class B": tuple(-right),
    }
    assert_close(got, tuple(float(v) for v in right), mistakes=mistakes, what="the weights")


@check(
    "what-has-changed",
    hints=(
        "What changes a parameter? What changes a running average?",
        "Nobody made a step. But in training mode a batch normalization does one thing more.",
        "It moves its running mean and variance towards those of each batch.",
    ),
)
def test_what_has_changed(student):
    "what has changed in the network"
    words = ("nothing", "running averages", "weights and running averages")
    got = word_of(student.what_has_changed(), words)
    network = with_head(nn, [nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.ReLU()], 4, 2)
    freeze_first(network, 3)
    before = network.state_dict()
    network.train()
    for seed in range(5):
        network(Tensor(np.random.default_rng(seed).normal(size=(8, 3, 6, 6)).astype("float32")))
    after = network.state_dict()
    moved = {n for n in before if not np.array_equal(before[n], after[n])}
    learned = any(n.endswith(("weight", "bias")) for n in moved)
    right = words[2] if learned else words[1] if moved else words[0]
    assert got == right, "what does batch normalization do in training mode, and who moves weights?"


NAMES = [
    *("0.0.weight", "0.1.weight", "0.1.bias", "0.2.0.0.weight", "0.2.0.1.weight"),
    *(f"0.{k}.1.{j}.weight" for k in range(3, 13) for j in (0, 1)),
    *("3.weight", "3.bias"),
]


def still(names, blocks):
    """Names of the first modules of the body."""
    fronts = [f"0.{k}." for k in range(blocks)]
    return [n for n in names if any(n.startswith(f) for f in fronts)]


@check(
    "own-freezing",
    points=2,
    hints=(
        "A name says where its parameter is: the numbers are places, from the outside in.",
        'Split the name at the dots: "0" first means body, the second number is the module in it.',
        'place = name.split("."); frozen if place[0] == "0" and int(place[1]) < blocks',
    ),
)
def test_the_first_modules_stay(student):
    "the parameters of the first modules, in order"
    for blocks in (2, 5):
        mistakes = {
            "one module too many: with 2, the modules 0 and 1 stay": still(NAMES, blocks + 1),
            "one module too few: with 2, the modules 0 and 1 stay": still(NAMES, blocks - 1),
            "these are the ones that learn": [n for n in NAMES if n not in still(NAMES, blocks)],
            "these are the first parameters; a module has several": NAMES[:blocks],
        }
        got = student.frozen_names(list(NAMES), blocks)
        what = f"the frozen names with {blocks} modules"
        assert_close(got, still(NAMES, blocks), mistakes=mistakes, what=what)


@check(
    "own-freezing",
    after="test_the_first_modules_stay",
    hints=(
        "The head always learns, and module 10 is not module 1.",
        'Compare the second part as a number: "10" < "2" as text. The head has no number there.',
        'test place[0] == "0" before int(place[1])',
    ),
)
def test_all_and_none(student):
    "no module, the whole body, and more than nine modules"
    body = [n for n in NAMES if n.startswith("0.")]
    for blocks, expected in ((0, []), (13, body), (11, still(NAMES, 11)), (3, still(NAMES, 3))):
        mistakes = {"the head must learn": NAMES} if blocks == 13 else {}
        got = student.frozen_names(list(NAMES), blocks)
        what = f"the frozen names with {blocks} modules"
        assert_close(got, expected, mistakes=mistakes, what=what)
    deep = ["0.0.weight", "0.1.0.bias", "1.0.weight", "1.1.bias", "10.0.weight"]
    got = student.frozen_names(list(deep), 1)
    assert_close(got, deep[:1], what="the frozen names with a head of several modules")


def descended(F, y, K, steps, rate):
    W, b = np.zeros((K, F.shape[1])), np.zeros(K)
    for _ in range(steps):
        dW, db = slopes(F, y, W, b)
        W, b = W - rate * dW, b - rate * db
    return W, b


def features(seed, N=8, D=5, K=3):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(N, D)), np.r_[np.arange(K), rng.integers(K, size=N - K)]


SINGLE = {"rtol": 1e-4, "atol": 1e-6}  # 32 bits will do


def two_of(got):
    assert isinstance(got, tuple | list), f"expected W and b, got {kind_of(got)}"
    assert len(got) == 2, f"expected W and b, got {len(got)} values"
    return got


@check(
    "own-head",
    points=2,
    hints=(
        "From zeros, one step: all probabilities are 1 / K. What is the slope of the scores?",
        "slope = (softmax(F Wᵀ + b) − one-hot) / N; then dW = slopeᵀ F and db its column sums.",
        "W -= rate * slope.T @ F; b -= rate * slope.sum(axis=0)",
    ),
)
def test_one_step(student):
    "one step from zeros"
    F, y = features(0)
    W, b = descended(F, y, 3, 1, 0.5)
    mistakes_w = {
        "it went uphill: subtract the gradient": -W,
        "the mean over the examples is missing (1/N)": 8 * W,
        "W must be (classes, features)": W.T,
        "the softmax is missing": 0.5 * np.eye(3)[y].T @ F / 8,
        "the right class is missing: softmax minus one-hot": -0.5 * F.sum(axis=0) / 24 + 0 * W,
    }
    got_w, got_b = two_of(student.fit_head(F, y, 3, steps=1, rate=0.5))
    assert_close(got_w, W, **SINGLE, mistakes=mistakes_w, what="W after one step")
    assert_close(got_b, b, **SINGLE, mistakes={"the biases do not learn": np.zeros(3)}, what="b")


@check(
    "own-head",
    after="test_one_step",
    hints=(
        "Every step needs the probabilities of the present weights.",
        "Compute scores, softmax and slope anew inside the loop.",
        "for _ in range(steps): P = …; W = W - rate * …",
    ),
)
def test_many_steps(student):
    "fifty steps"
    F, y = features(1, N=10, D=4)
    W, b = descended(F, y, 3, 50, 0.3)
    got = two_of(student.fit_head(F, y, 3, steps=50, rate=0.3))
    assert_unchanged(student.fit_head)
    once = descended(F, y, 3, 1, 0.3)[0]
    mistakes = {"only one step was made": once, "each step repeats the first slope": 50 * once}
    assert_close(got[0], W, **SINGLE, mistakes=mistakes, what="W after fifty steps")
    assert_close(got[1], b, **SINGLE, what="b after fifty steps")


@check(
    "own-head",
    hidden=True,
    after="test_one_step",
    hints=(
        "Features of a network can be large, and a class may have no example.",
        "Subtract the largest score of each row before the exponential; use `classes` for K.",
        "S -= S.max(axis=1, keepdims=True)",
    ),
)
def test_large_features(student):
    "large features, and a class without an example"
    F = np.array([[400.0, 0.0], [0.0, 300.0], [350.0, 10.0]])
    y = np.array([0, 1, 0])
    W, b = two_of(student.fit_head(F, y, 4, steps=3, rate=0.5))
    # By hand, with SciPy's stable softmax.
    V, c = np.zeros((4, 2)), np.zeros(4)
    for _ in range(3):
        slope = (softmax(F @ V.T + c, axis=1) - np.eye(4)[y]) / 3
        V, c = V - 0.5 * slope.T @ F, c - 0.5 * slope.sum(axis=0)
    mistakes = {"an exponential overflows": np.full((4, 2), np.nan)}
    assert_close(W, V, **SINGLE, mistakes=mistakes, what="W")
    assert_close(b, c, **SINGLE, what="b")
    F, y = features(4)
    W = two_of(student.fit_head(F, y, 3))[0]
    V = descended(F, y, 3, 100, 0.5)[0]
    assert_close(W, V, **SINGLE, what="W without steps and rate given")


def moved(images, seed, limit):
    """Each pixel by itself: mirrored or not, then read from where it comes from, or the edge."""
    rng = np.random.default_rng(seed)
    flips = rng.random(len(images)) < 0.5
    shifts = rng.integers(-limit, limit + 1, size=(len(images), 2))
    return placed(images, flips, shifts), flips, shifts


def placed(images, flips, shifts):
    _, _, H, W = images.shape
    result = np.empty_like(images)
    for n, (flip, (dy, dx)) in enumerate(zip(flips, shifts, strict=True)):
        i, j = np.clip(np.arange(H) - dy, 0, H - 1), np.clip(np.arange(W) - dx, 0, W - 1)
        j = W - 1 - j if flip else j
        result[n] = images[n][:, i][:, :, j]
    return result


def asked(student, images, labels, seed, limit):
    rng = Source(f"np.random.default_rng({seed})")
    got = student.augmented(images, labels, rng, limit)
    assert isinstance(got, tuple | list), f"expected images and labels, got {kind_of(got)}"
    assert len(got) == 2, f"expected images and labels, got {len(got)} values"
    return got


@check(
    "own-augmentation",
    points=2,
    hints=(
        "Draw first, in the order that the text gives; then go through the images.",
        "Mirror: the last axis backward. Shift: a border by np.pad(…, mode='edge'), and a window.",
        "one = one[:, :, ::-1] if flip; padded[:, limit - dy : limit - dy + H, limit - dx : …]",
    ),
)
def test_mirrored_and_shifted(student):
    "each image mirrored or not, and moved by its own dy, dx"
    images = np.random.default_rng(0).normal(size=(6, 3, 7, 8)).astype("float32")
    for seed, limit in ((1, 2), (2, 3)):
        right, flips, shifts = moved(images, seed, limit)
        none, still = np.zeros(6, bool), np.zeros((6, 2), int)
        zero = np.pad(placed(images, flips, still), ((0, 0), (0, 0), (limit,) * 2, (limit,) * 2))
        zero = np.stack([
            one[:, limit - dy : limit - dy + 7, limit - dx : limit - dx + 8]
            for one, (dy, dx) in zip(zero, shifts, strict=True)
        ])  # fmt: skip
        upside = placed(images[:, :, ::-1], none, np.where(flips[:, None], shifts, 0))
        upside[~flips] = placed(images, none, shifts)[~flips]
        mistakes = {
            "no image is mirrored": placed(images, none, shifts),
            "the images are upside down: mirror the last axis": upside,
            "no image is shifted": placed(images, flips, still),
            "it moved against dy, dx": placed(images, flips, -shifts),
            "what enters must be a copy of the edge, not 0": zero,
            "mirrored where the draw is not below one half": placed(images, ~flips, shifts),
            "first mirror, then shift": placed(
                images, flips, np.where(flips[:, None], shifts * [1, -1], shifts)
            ),
        }
        got, _ = asked(student, images, np.arange(6), seed, limit)
        assert_close(got, right, mistakes=mistakes, what="the images")


@check(
    "own-augmentation",
    hidden=True,
    after="test_mirrored_and_shifted",
    hints=(
        "Labels come back as they are, in the same order.",
        "With limit 0 a slice such as padded[:, limit:-limit] is empty. Write into a new array.",
        "new = np.empty_like(images); return new, labels",
    ),
)
def test_labels_and_edges_of_use(student):
    "labels as they were, limit 0, one image, and the input stays"
    images = np.random.default_rng(3).normal(size=(5, 3, 6, 6))
    labels = np.array([4, 1, 1, 0, 7])
    for count, limit in ((5, 0), (1, 2), (5, 6)):
        got, kept = asked(student, images[:count], labels[:count], 4, limit)
        assert_unchanged(student.augmented)
        assert_close(kept, labels[:count], what="the labels")
        what = f"{count} images with limit {limit}"
        assert_close(got, moved(images[:count], 4, limit)[0], what=what)
