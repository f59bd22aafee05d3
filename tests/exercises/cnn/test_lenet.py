"""Checks of the exercises in the chapter on LeNet."""

import numpy as np

from companion import nn, optim
from companion.data.batches import Batches
from companion.data.digits import train_dev_test
from companion.exercises import assert_close, assert_raises, check
from companion.exercises.wording import kind_of
from companion.experiments.cnn.digit_readers import as_images, trained
from companion.experiments.regularization.small_sets import own_sets
from companion.gradients.tensor import Tensor
from companion.training import manual_seed, predict


def tuple_of(got, length):
    assert isinstance(got, tuple), f"expected a tuple of {length} values, got {kind_of(got)}"
    assert len(got) == length, f"expected {length} values, got {len(got)}"
    return got


def network(channels, sizes, hidden, padding, flat):
    first, second = sizes
    return nn.Sequential(
        nn.Conv2d(channels, first, 5, padding=padding), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(first, second, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        *[layer for n, k in zip([flat, *hidden], hidden, strict=False)
          for layer in (nn.Linear(n, k), nn.ReLU())],
        nn.Linear(hidden[-1], 10),
    )  # fmt: skip


def count(model):
    return sum(p.data.size for p in model.parameters())


@check(
    "colour-lenet",
    hints=(
        "Follow the side of the image: each 5 × 5 without padding takes 4, each pooling halves.",
        "32, 28, 14, then? There are 16 maps at the end.",
        "16 * 5 * 5",
    ),
)
def test_length_of_the_vector(student):
    "the length of the flattened vector"
    flat, _ = tuple_of(student.colour_lenet(), 2)
    mistakes = {
        "that is with padding of 2 in the first convolution": 576,
        "the channels are missing: it is one map": 25,
        "the second pooling is missing": 1600,
        "one more axis of 3 colours: kernels reach through all of them": 1200,
    }
    assert_close(flat, 16 * ((((32 - 4) // 2) - 4) // 2) ** 2, mistakes=mistakes, what="the length")


@check(
    "colour-lenet",
    hints=(
        "Only one layer differs from LeNet-5 on grey images.",
        "A kernel of the first convolution has 25 weights for each of three colours, and a bias.",
        "6 * 76 + 16 * 151 + 120 * 401 + 84 * 121 + 10 * 85",
    ),
)
def test_parameters_in_colour(student):
    "the number of parameters"
    _, parameters = tuple_of(student.colour_lenet(), 2)
    mistakes = {
        "that is the grey one: the first kernels have three channels here": 61_706,
        "the biases are missing": 62_006 - 6 - 16 - 120 - 84 - 10,
        "each colour got a bias of its own": 62_006 + 12,
        "the kernels of the second convolution reach through six maps": 62_006 - 2416 + 16 * 26,
    }
    expected = count(network(3, (6, 16), (120, 84), 0, 400))
    assert_close(parameters, expected, mistakes=mistakes, what="the number of parameters")


@check(
    "mirrored-digits",
    hints=(
        "What does LeNet take for granted, and does a mirror touch it?",
        "After a mirror, are neighbours still neighbours?",
        "Mirror each kernel as well: what comes out?",
    ),
)
def test_in_the_mirror(student):
    "how often LeNet errs on mirrored digits"
    words = ("more", "about as often", "less")
    got = student.in_the_mirror()
    assert isinstance(got, str), f"expected one of {words}, got {kind_of(got)}"
    assert got in words, f"expected one of {words}, got {got!r}"
    manual_seed(0)
    model = network(1, (6, 16), (120, 84), 2, 400)
    X = np.random.default_rng(0).random((4, 1, 28, 28)).astype("float32")
    before, state = model(Tensor(X)).numpy(), model.state_dict()
    for name in ("0.weight", "3.weight"):
        state[name] = state[name][..., ::-1]
    state["7.weight"] = state["7.weight"].reshape(120, 16, 5, 5)[..., ::-1].reshape(120, 400)
    model.load_state_dict(state)
    same = np.allclose(model(Tensor(X[..., ::-1].copy())).numpy(), before, atol=1e-4)
    right = "about as often" if same else "more"
    assert got == right, "a LeNet with mirrored kernels gives mirrored digits the very same scores"


def table(layers, shape):
    """Shapes and counts from the layers themselves."""
    x, rows, C = Tensor(np.zeros((1, *shape), "float32")), [], shape[0]
    for kind, n, *more in layers:
        if kind == "conv":
            layer, C = nn.Conv2d(C, n, more[0], padding=more[1]), n
        elif kind == "pool":
            layer = nn.MaxPool2d(n)
        else:
            x = x.reshape(1, -1)
            layer = nn.Linear(x.shape[1], n)
        x = layer(x)
        rows.append((tuple(x.shape[1:]), count(layer)))
    return rows


NETWORKS = (
    ([("conv", 6, 5, 2), ("pool", 2), ("conv", 16, 5, 0), ("pool", 2), ("dense", 120),
      ("dense", 84), ("dense", 10)], (1, 28, 28)),
    ([("conv", 4, 3, 1), ("conv", 8, 3, 0), ("pool", 3), ("dense", 7)], (3, 17, 25)),
    ([("pool", 2), ("dense", 5)], (2, 7, 9)),
    ([("dense", 5), ("dense", 3)], (2, 4, 3)),
)  # fmt: skip


def rows_of(student, layers, shape):
    got = student.shape_table(layers, shape)
    assert isinstance(got, list), f"expected a list of tuples, got {kind_of(got)}"
    assert len(got) == len(layers), f"expected {len(layers)} rows, got {len(got)}"
    for row in got:
        assert isinstance(row, tuple | list), f"expected (shape, parameters), got {kind_of(row)}"
        assert len(row) == 2, f"expected (shape, parameters), got {len(row)} values"
    return [(tuple(int(n) for n in shape), int(n)) for shape, n in got]


@check(
    "shape-table",
    points=2,
    hints=(
        "Carry the shape from layer to layer; each layer changes it by its own rule.",
        "conv: H + 2p - K + 1, channels O. pool: H // s, channels as before. dense: (M,).",
        "shape = n, H + 2 * p - K + 1, W + 2 * p - K + 1",
    ),
)
def test_shapes(student):
    "the shape after each layer"
    for layers, shape in NETWORKS:
        found = [row[0] for row in rows_of(student, layers, shape)]
        for k, ((right, _), own) in enumerate(zip(table(layers, shape), found, strict=True)):
            where = f"layer {k}, {layers[k]}, of {shape}"
            assert own == right, f"{where}: expected shape {right}, got {own}"


@check(
    "shape-table",
    after="test_shapes",
    hints=(
        "A kernel reaches through all channels of its input; pooling learns nothing.",
        "conv: O * (K * K * C + 1) with C from the shape before; dense: M * (D + 1).",
        "count = n * (int(np.prod(shape)) + 1), before shape is replaced",
    ),
)
def test_parameters(student):
    "the parameters of each layer"
    for layers, shape in NETWORKS:
        found = [row[1] for row in rows_of(student, layers, shape)]
        for k, ((_, right), own) in enumerate(zip(table(layers, shape), found, strict=True)):
            where = f"layer {k}, {layers[k]}, of {shape}"
            assert own == right, f"{where}: expected {right} parameters, got {own}"


@check(
    "shape-table",
    hidden=True,
    hints=(
        "What if the image is smaller than the kernel?",
        "Compare K with the smaller side plus twice the padding; for pooling there is no padding.",
        "if min(H, W) + 2 * p < K: raise ValueError(...)",
    ),
)
def test_what_does_not_fit(student):
    "a kernel or window that does not fit is a ValueError, one that just fits is none"
    for layers, shape in (
        ([("conv", 2, 5, 0)], (1, 4, 9)),
        ([("conv", 2, 5, 1)], (1, 9, 2)),
        ([("pool", 3)], (1, 5, 2)),
        ([("pool", 2), ("conv", 2, 5, 0)], (1, 9, 9)),
        ([("conv", 2, 3, 0), ("pool", 4)], (1, 5, 7)),
    ):
        assert_raises(student.shape_table, layers, shape, error="ValueError")
    layers = [("conv", 2, 5, 1), ("pool", 1)]
    assert rows_of(student, layers, (1, 3, 4)) == table(layers, (1, 3, 4))
    layers = [("conv", 2, 3, 2), ("pool", 5)]
    assert rows_of(student, layers, (1, 3, 4)) == table(layers, (1, 3, 4))


def everywhere(W, b, maps, side):
    windows = np.lib.stride_tricks.sliding_window_view(maps, side, axis=(1, 2))
    kernels = W.reshape(len(W), len(maps), *side)
    return np.einsum("mchw,cijhw->mij", kernels, windows) + b[:, None, None]


@check(
    "dense-as-kernels",
    points=2,
    hints=(
        "Cut out the window at each place, flatten it as Flatten does, and apply the layer.",
        "maps[:, i : i + H, j : j + W] holds all channels; ravel() puts channels first.",
        "out[:, i, j] = W @ maps[:, i : i + H, j : j + V].ravel() + b",
    ),
)
def test_each_place(student):
    "what the layer says at each place"
    rng = np.random.default_rng(0)
    for M, C, side, size in ((3, 2, (2, 2), (4, 5)), (4, 3, (3, 2), (3, 6))):
        W, b = rng.normal(size=(M, C * side[0] * side[1])), rng.normal(size=M)
        maps = rng.normal(size=(C, *size))
        last = W.reshape(M, *side, C).transpose(0, 3, 1, 2).reshape(M, -1)
        mistakes = {
            "the bias is missing": everywhere(W, 0 * b, maps, side),
            "the windows were flattened with the channels last": everywhere(last, b, maps, side),
            "the kernels were turned over": everywhere(
                W.reshape(M, C, *side)[..., ::-1, ::-1].reshape(M, -1), b, maps, side
            ),
        }
        got = student.dense_everywhere(W, b, maps, side)
        assert_close(got, everywhere(W, b, maps, side), mistakes=mistakes, what="the answers")


@check(
    "dense-as-kernels",
    after="test_each_place",
    hints=(
        "With maps as large as the window there is one place, and the axes stay.",
        "range(H' - H + 1) has one entry then.",
        "return an array of shape (M, 1, 1)",
    ),
)
def test_one_place(student):
    "with maps as large as the window it is the dense layer"
    rng = np.random.default_rng(1)
    W, b, maps = rng.normal(size=(5, 24)), rng.normal(size=5), rng.normal(size=(2, 3, 4))
    expected = (W @ maps.ravel() + b).reshape(5, 1, 1)
    assert_close(student.dense_everywhere(W, b, maps, (3, 4)), expected, what="the answer")


WORDS = ("padding", "activations", "layout", "zeros")


def word(student, place):
    got = tuple_of(student.three_failures(), 3)[place]
    assert got in WORDS, f"expected one of {WORDS}, got {got!r}"
    return got


@check(
    "three-failures",
    hints=(
        "256 = 16 · 16: which side do the maps have, and which one should they have?",
        "Go back: 4, 8, 12, 24. What would have kept 28?",
        "A convolution of 5 × 5 takes 4 from 28 unless there is a border of 2.",
    ),
)
def test_failure_of_a(student):
    "what A did"
    side = ((28 - 4) // 2 - 4) // 2
    assert word(student, 0) == ("padding" if 16 * side**2 == 256 else ""), (
        "no: follow the side of the image through the layers, back from 256 = 16 · 4 · 4"
    )


@check(
    "three-failures",
    hints=(
        "Draw such an image: what does a row of 56 pixels hold?",
        "Are pixels above each other in the digit still above each other?",
        "Two rows of the digit lie one behind the other, so neighbours are torn apart.",
    ),
)
def test_failure_of_b(student):
    "what B did"
    assert word(student, 1) == "layout", "no: draw X[0].reshape(14, 56)"


@check(
    "three-failures",
    hints=(
        "What makes several layers more than one?",
        "The product of two matrices is a matrix.",
        "Without ReLU the stack is (nearly) one linear map.",
    ),
)
def test_failure_of_c(student):
    "what C did"
    assert word(student, 2) == "activations", "no: which part makes a stack more than one layer?"


def small_error(first, second, hidden, rate):
    """What such a network reaches with 500 digits."""
    data, (X, y) = train_dev_test(), own_sets([20])
    manual_seed(20)
    model = trained(
        network(1, (first, second), (hidden,), 2, second * 25),
        Batches(as_images(X[0]), y[0], batch_size=25, seed=20),
        nn.CrossEntropyLoss(), lambda p: optim.Adam(p, lr=rate), epochs=12,
    )  # fmt: skip
    return np.mean(predict(model, as_images(data.X_dev)).argmax(axis=1) != data.y_dev)


@check(
    "small-lenet",
    points=3,
    hints=(
        "The hidden layer costs most: 25 times the second number of kernels for each unit.",
        "Some 4 kernels, some 8, some 20 units, and a rate of a few thousandths.",
        "return 4, 8, 20, 0.004",
    ),
)
def test_small_and_good(student):
    "at most 6,200 parameters, and a development error of at most 13 %"
    *sizes, rate = tuple_of(student.small_lenet(), 4)
    for n in sizes:
        whole = isinstance(n, int | np.integer)
        assert whole and n >= 1, f"sizes are whole numbers from 1 on, got {n!r}"  # noqa: PT018
    rate = float(rate)
    assert 0 < rate <= 1, f"the learning rate is above 0 and at most 1, got {rate:g}"
    first, second, hidden = sizes
    each = (26 * first, second * (25 * first + 1), hidden * (25 * second + 1), 10 * (hidden + 1))
    assert sum(each) <= 6200, f"{each} are {sum(each):,} parameters, more than 6,200"
    error = small_error(*sizes, rate)
    assert error <= 0.13, f"the development error is {error:.1%}, more than 13%"
