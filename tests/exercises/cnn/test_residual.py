"""Checks of the exercises in the chapter on residual networks."""

import numpy as np

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of
from companion.gradients.activations import relu
from companion.gradients.tensor import Tensor


def pair_of(student):
    got = student.through_and_back()
    assert isinstance(got, tuple), f"expected a tuple of two numbers, got {kind_of(got)}"
    assert len(got) == 2, f"expected y and dx, got {len(got)} values"
    return got


def word_of(got, words):
    assert isinstance(got, str), f"expected one of {words}, got {kind_of(got)}"
    assert got in words, f"expected one of {words}, got {got!r}"
    return got


def scalar_block():
    """The block by the engine: y and dx."""
    x = Tensor(np.array(4.0), requires_grad=True)
    y = relu(relu(x * 2.0) * -0.25 + x)
    y.backward(np.array(3.0))
    return float(y.numpy()), float(x.grad)


@check(
    "block-by-hand",
    hints=(
        "First the branch, then add the input, and only then the last ReLU.",
        "relu(w1 x) = relu(8) = 8, and the branch gives −0.25 · 8.",
        "y = max(−2 + 4, 0)",
    ),
)
def test_the_output_of_the_block(student):
    "the output y"
    y, _ = pair_of(student)
    mistakes = {
        "the shortcut is missing": 0,
        "the ReLU stands before the sum": 4,
        "that is ReLU(x) + x, without a branch": 8,
    }
    assert_close(y, scalar_block()[0], mistakes=mistakes, what="y")


@check(
    "block-by-hand",
    hints=(
        "A sum passes its gradient on to both summands.",
        "Through the branch: 3 · w2 · w1, if the inner ReLU is open; the shortcut brings 3.",
        "dx = 3 + 3 · (−0.25) · 2",
    ),
)
def test_the_gradient_of_the_input(student):
    "the gradient dx"
    _, dx = pair_of(student)
    mistakes = {
        "the shortcut's part is missing": -1.5,
        "the branch's part is missing": 3,
        "that is the slope; it must be multiplied by dy": 0.5,
    }
    assert_close(dx, scalar_block()[1], mistakes=mistakes, what="dx")


@check(
    "branch-of-zeros",
    hints=(
        "The gradient has two ways through each block.",
        "Through the branch it is multiplied by the weights of the last layer. What are they?",
        "dx = ds + 0",
    ),
)
def test_gradient_through_branches_of_zeros(student):
    "the gradient at the input of the first block"
    words = ("zero", "the same", "larger")
    got = word_of(student.gradient_at_the_input(), words)
    rng = np.random.default_rng(0)
    x = Tensor(rng.normal(size=(1, 6)), requires_grad=True)
    h = x
    for _ in range(10):
        h = relu(h @ Tensor(rng.normal(size=(6, 6)))) @ Tensor(np.zeros((6, 6))) + h
    h.backward(np.ones((1, 6)))
    size = np.linalg.norm(x.grad) / np.sqrt(6)
    right = "zero" if size < 0.1 else "the same" if size < 1.1 else "larger"
    assert got == right, "follow the gradient through one block, by both ways"


def by_the_engine(X, W1, W2, dY):
    tensors = [Tensor(a, requires_grad=True) for a in (X, W1, W2)]
    x, w1, w2 = tensors
    y = relu(relu(x @ w1) @ w2 + x)
    y.backward(dY)
    return [y.numpy(), *(t.grad for t in tensors)]


def example(seed, N=4, D=3, H=5):
    rng = np.random.default_rng(seed)
    shapes = ((N, D), (D, H), (H, D), (N, D))
    return [rng.normal(size=shape) for shape in shapes]


def four_of(got):
    assert isinstance(got, tuple | list), f"expected Y, dX, dW1, dW2, got {kind_of(got)}"
    assert len(got) == 4, f"expected four arrays, got {len(got)}"
    return got


@check(
    "residual-step",
    hints=(
        "Two matrix products, X added, and the ReLU at the very end.",
        "S = relu(X W1) W2 + X, then Y = relu(S).",
        "Y = np.maximum(np.maximum(X @ W1, 0) @ W2 + X, 0)",
    ),
)
def test_the_output(student):
    "the output Y"
    given = example(0)
    X, W1, W2, _ = given
    Y = four_of(student.residual_step(*given))[0]
    F = np.maximum(X @ W1, 0) @ W2
    mistakes = {
        "the shortcut is missing": np.maximum(F, 0),
        "the ReLU stands before the sum": np.maximum(F, 0) + X,
        "the ReLU after the sum is missing": F + X,
        "the inner ReLU is missing": np.maximum(X @ W1 @ W2 + X, 0),
    }
    assert_close(Y, by_the_engine(*given)[0], mistakes=mistakes, what="Y")


@check(
    "residual-step",
    points=2,
    after="test_the_output",
    hints=(
        "The gradient of the sum goes two ways.",
        "dS = dY where S > 0; through the branch (dS W2ᵀ), masked, times W1ᵀ; and dS as it is.",
        "dX = dZ @ W1.T + dS",
    ),
)
def test_the_gradient_of_the_inputs(student):
    "the gradient dX"
    given = example(1)
    X, W1, W2, dY = given
    A = np.maximum(X @ W1, 0)
    dS = dY * (A @ W2 + X > 0)
    through = ((dS @ W2.T) * (A > 0)) @ W1.T
    mistakes = {
        "the shortcut's part is missing": through,
        "the shortcut's part must pass the last ReLU: dS, not dY": through + dY,
        "the inner ReLU's mask is missing": dS @ W2.T @ W1.T + dS,
    }
    got = four_of(student.residual_step(*given))[1]
    assert_close(got, by_the_engine(*given)[1], mistakes=mistakes, what="dX")
    # Whole numbers, so that sums are exactly 0: both of the first row, the inner ones elsewhere.
    X, W1 = np.array([[0.0, 0, 0], [1, -1, 2], [3, -3, 1]]), np.array([[1.0, 1], [1, 1], [0, 0]])
    at_zero = X, W1, np.ones((2, 3)), np.array([[2.0, 1, -1], [1, 3, 2], [-2, 1, 1]])
    got = four_of(student.residual_step(*at_zero))[1]
    what = "dX where sums are exactly 0, with the slope 0 there,"
    assert_close(got, by_the_engine(*at_zero)[1], what=what)


@check(
    "residual-step",
    after="test_the_output",
    hidden=True,
    hints=(
        "Weights get their gradient through the branch alone.",
        "dW2 = Aᵀ dS and dW1 = Xᵀ dZ, with the masks of both ReLUs.",
        "return Y, dX, X.T @ dZ, A.T @ dS",
    ),
)
def test_the_gradients_of_the_weights(student):
    "dW1 and dW2, also for one example, and the inputs stay as they are"
    for given in (example(2), example(3, N=1, D=4, H=2)):
        got = four_of(student.residual_step(*given))
        assert_unchanged(student.residual_step)
        for k, name in ((2, "dW1"), (3, "dW2")):
            assert_close(got[k], by_the_engine(*given)[k], what=name)


def counted(n):
    """Parameters one layer after the other."""
    layers, c_in = [(3, 16)], 16
    for c in (16, 32, 64):
        for _ in range(2 * n):
            layers.append((c_in, c))
            c_in = c
    return sum(a * b * 9 + 2 * b for a, b in layers) + 64 * 10 + 10


@check(
    "count-resnet",
    hints=(
        "Go through the layers: kernels of 3 × 3 × channels in, one for each channel out.",
        "The first convolution of stages 2 and 3 has half as many channels in as out.",
        "9 · c_in · c + (2n − 1) · 9 · c · c + 2n · 2 · c for each stage",
    ),
)
def test_resnet_20(student):
    "n = 3 gives ResNet-20"
    norms = 2 * (16 + 6 * (16 + 32 + 64))
    mistakes = {
        "batch norm is missing": counted(3) - norms,
        "batch norm has two numbers a channel": counted(3) - norms // 2,
        "the last layer is missing": counted(3) - 650,
        "the biases of the last layer are missing": counted(3) - 10,
        "the first convolution is missing": counted(3) - 9 * 3 * 16 - 32,
        "convolutions before batch norm have no bias": counted(3) + norms // 2,
        "padded shortcuts have no parameters": counted(3) + 16 * 32 + 32 * 64,
        "the first convolution of a stage has fewer channels in": counted(3)
        + 9 * (32 * 32 - 16 * 32 + 64 * 64 - 32 * 64),
    }
    assert_close(student.parameters_of_resnet(3), counted(3), mistakes=mistakes, what="ResNet-20")


@check(
    "count-resnet",
    hidden=True,
    after="test_resnet_20",
    hints=(
        "The formula must grow with n.",
        "Each further block adds two convolutions and their batch norms in each stage.",
        "(2 * n - 1) convolutions with equally many channels in and out",
    ),
)
def test_other_depths(student):
    "n = 1, 9 and 18"
    for n in (1, 9, 18):
        assert_close(student.parameters_of_resnet(n), counted(n), what=f"n = {n}")


@check(
    "diagnose-block",
    hints=(
        "In which of them can an entry that is above 0 get smaller?",
        "If what is added is never negative, nothing can fall.",
        "Look for the block with the ReLU before the sum.",
    ),
)
def test_which_block(student):
    "the block in which nothing can fall"
    words = ("A", "B", "C", "D")
    got = word_of(student.written_block(), words)
    rng, fits = np.random.default_rng(0), []
    for letter, f in {
        "A": lambda F, x: np.maximum(F + x, 0),
        "B": lambda F, x: np.maximum(F, 0) + x,
        "C": lambda F, x: np.maximum(F, 0),
        "D": lambda F, x: np.maximum(np.maximum(F, 0) - x, 0),
    }.items():
        x = rng.random(50)
        fits += [letter] if (f(rng.normal(size=50), x) >= x).all() else []
    assert [got] == fits, f"in block {got} an entry above 0 can become 0; try F(x) = −5 at x = 2"
