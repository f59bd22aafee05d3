"""Checks of the project of part IV: digits read by the learner's own convolution."""

import numpy as np
from scipy.signal import correlate2d

from companion.data.digits import train_dev_test
from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wire import Source
from companion.gradients.checking.gradcheck import numerical_gradient

RANDOM = np.random.default_rng(41)
X = RANDOM.normal(size=(3, 1, 6, 4))
Y = np.array([1, 0, 2])
WEIGHTS = [
    RANDOM.normal(size=(2, 1, 3, 3)),
    RANDOM.normal(size=2) * 0.5,
    RANDOM.normal(size=(10, 12)) * 0.5,
    RANDOM.normal(size=10),
]
LOADED = "from companion.data.digits import train_dev_test\nsample = train_dev_test()"
LEARN = [
    Source("sample.X_train * 1.0", LOADED),
    Source("sample.y_train * 1", LOADED),
    Source("sample.X_test * 1.0", LOADED),
]


def scores(X, weights, bend=True, order="nchw"):
    """Scores, image by image and map by map, by SciPy's correlation."""
    w, b, V, c = weights
    found = []
    for image in X[:, 0]:
        maps = [correlate2d(image, k, mode="same") + a for k, a in zip(w[:, 0], b, strict=True)]
        maps = np.array([np.clip(m, 0, None) if bend else m for m in maps])
        tall, wide = maps.shape[1] // 2, maps.shape[2] // 2
        pooled = [
            [[m[2 * i : 2 * i + 2, 2 * j : 2 * j + 2].max() for j in range(wide)]
             for i in range(tall)]
            for m in maps
        ]  # fmt: skip
        pooled = np.array(pooled)
        found.append(V @ (pooled if order == "nchw" else pooled.transpose(1, 2, 0)).ravel() + c)
    return np.array(found)


def cost(X, y, weights):
    """Mean cross-entropy by NumPy's own logaddexp."""
    rows = zip(scores(X, weights), y, strict=True)
    return np.mean([np.logaddexp.reduce(s) - s[k] for s, k in rows])


def slopes(X, y, weights):
    """Gradients by central differences, entry by entry."""

    def cost_with(k):
        return lambda w: cost(X, y, [*weights[:k], w, *weights[k + 1 :]])

    return [numerical_gradient(cost_with(k), w) for k, w in enumerate(weights)]


@check(
    "stage-forward",
    points=2,
    hints=(
        "Four steps, in the order of the formula: convolution, ReLU, pooling, matrix.",
        "A border of (K - 1) / 2 zeros keeps the size; each image becomes a row before the matrix.",
        "P = max_pool_forward(A); return P.reshape(len(X), -1) @ V.T + c",
    ),
)
def test_scores_of_three_images(student):
    "the scores of three images of 6 × 4 pixels with kernels of 3 × 3"
    got = student.stage_scores(X, WEIGHTS)
    w, b, V, c = WEIGHTS
    mistakes = {
        "ReLU is missing": scores(X, WEIGHTS, bend=False),
        "the kernels are turned over": scores(X, [w[:, :, ::-1, ::-1], b, V, c]),
        "the channels are laid out last in the row of an image": scores(X, WEIGHTS, order="nhwc"),
        "the bias of the kernels is missing": scores(X, [w, 0 * b, V, c]),
        "the bias of the scores is missing": scores(X, [w, b, V, 0 * c]),
    }
    assert_close(got, scores(X, WEIGHTS), mistakes=mistakes)
    assert_unchanged(student.stage_scores)
    wide = [RANDOM.normal(size=(2, 1, 5, 5)), *WEIGHTS[1:]]
    what = "the scores with kernels of 5 × 5"
    assert_close(student.stage_scores(X[:2], wide), scores(X[:2], wide), what=what)


@check(
    "stage-gradients",
    points=4,
    hints=(
        "Backwards through the same lines: scores, matrix, pooling, ReLU, convolution.",
        "Before the pooling the gradient gets the shape of P; after it ReLU stops it where A is 0.",
        "dA = max_pool_backward((G @ V).reshape(P.shape), A); dZ = dA * (A > 0)",
    ),
)
def test_gradients_are_the_measured_slopes(student):
    "all four gradients against slopes measured entry by entry"
    got = student.stage_gradients(X, Y, WEIGHTS)
    assert len(got) == 4, f"expected four gradients, one for each weight, and got {len(got)}"
    right = slopes(X, Y, WEIGHTS)
    for k, name in enumerate(("w", "b", "V", "c")):
        mistakes = {
            f"the gradient for {name} is the sum over the images, not the mean": 3 * right[k],
            f"the gradient for {name} has the wrong sign": -right[k],
        }
        assert_close(got[k], right[k], rtol=1e-5, atol=1e-7, mistakes=mistakes)
    assert_unchanged(student.stage_gradients)
    wide = [np.random.default_rng(42).normal(size=(2, 1, 5, 5)), *WEIGHTS[1:]]
    got, right = student.stage_gradients(X[:2], Y[:2], wide), slopes(X[:2], Y[:2], wide)
    for k, name in enumerate(("w", "b", "V", "c")):
        what = f"the gradient for {name}, two images and kernels of 5 × 5,"
        assert_close(got[k], right[k], rtol=1e-5, atol=1e-7, what=what)
    # No image and no bias: every sum is exactly 0, at the bend of ReLU.
    w, b, V, c = WEIGHTS
    got = student.stage_gradients(0 * X, Y, [w, 0 * b, V, c])
    what = "the gradient for b where ReLU is at 0, with the slope 0"
    assert_close(got[1], np.zeros(2), what=what)


@check(
    "read-digits",
    points=5,
    hints=(
        "A loop over passes, in it a loop over batches, in it gradients and four Adam steps.",
        "t counts the updates from 1 over all passes; the images are (N, 1, 28, 28).",
        "for batch in np.split(rng.permutation(len(X)), range(50, len(X), 50)): ...",
    ),
)
def test_it_reads_new_digits(student):
    "after three passes over 3,000 digits, 92 % of 1,000 others"
    said = np.asarray(student.read_digits(*LEARN, 3))
    right = train_dev_test().y_test
    assert said.shape == right.shape, f"expected one class a digit, (1000,); got {said.shape}"
    found = np.mean(said == right)
    assert found >= 0.92, (
        f"your network reads {found:.1%} of 1,000 new digits; 92 % are asked for, and a matrix on "
        "the pixels alone reads about 90 %"
    )


FEW = [
    Source("sample.X_train[:300] * 1.0", LOADED),
    Source("sample.y_train[:300] * 1", LOADED),
    Source("(sample.y_train[:300] + 1) % 10", LOADED),
    Source("sample.X_train[:300] * 1.0", LOADED),
]


@check(
    "read-digits",
    points=1,
    hints=(
        "What the network says comes from the labels that it is given, and from as many passes.",
        "Read y, not the digits' own labels; make `epochs` passes.",
        "def read_digits(X, y, X_new, epochs=3): ... for epoch in range(epochs)",
    ),
)
def test_it_learns_the_labels_that_it_is_given(student):
    "from labels that are all one too high it learns just those"
    images, labels, shifted, same = FEW
    right = train_dev_test().y_train[:300]
    high = np.asarray(student.read_digits(images, shifted, same, 8))
    found = np.mean(high == (right + 1) % 10)
    assert found >= 0.6, (
        f"with labels that were all raised by one, {found:.0%} of the training digits are read as "
        "their label says; expected most of them"
    )
    none, many = (np.asarray(student.read_digits(images, labels, same, n)) for n in (1, 8))
    assert np.mean(many == right) >= np.mean(none == right) + 0.05, (
        "eight passes read no more of the digits learned from than one pass: does the number of "
        "passes follow `epochs`?"
    )
