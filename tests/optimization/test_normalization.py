"""Normalizations: torch's numbers in both modes, exact where rounding is hard, clear errors."""

import inspect

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from companion import nn
from companion.data.diabetes import diabetes
from companion.gradients.tensor import Tensor, no_grad
from companion.nn import functional as F
from companion.optimization.normalization import passes
from companion.optimization.normalization.normalize import normalize
from companion.optimization.sgd import SGD
from companion.optimization.trajectories import walk
from tests.parity.agreement import CLOSE, agree

SHAPES = {
    "BatchNorm1d": [(6, 5), (4, 5, 3), (1, 5, 2)],
    "BatchNorm2d": [(3, 5, 2, 4), (1, 5, 1, 2)],
}
OPTIONS = [
    {},
    {"momentum": 0.3},
    {"momentum": None},
    {"momentum": 0.0},
    {"momentum": 1.0, "eps": 0.1},
    {"affine": False},
    {"bias": False},
    {"track_running_stats": False},
    {"track_running_stats": False, "affine": False, "momentum": None},
]


def values(state):
    return {name: np.asarray(value) for name, value in state.items()}


def same_state(ours, theirs):
    mine, other = values(ours.state_dict()), values(theirs.state_dict())
    assert list(mine) == list(other)
    for name in mine:
        assert (mine[name].shape, mine[name].dtype) == (other[name].shape, other[name].dtype)
        np.testing.assert_allclose(mine[name], other[name], **CLOSE)


def pair(name, *args, **options):
    """The same layer in both engines in float64, with scales and shifts that are not 1 and 0."""
    ours, theirs = (getattr(face, name)(*args, **options).double() for face in (nn, torch.nn))
    rng = np.random.default_rng(1)
    for p in ours.parameters():
        p.data[...] = rng.normal(size=p.shape)
    theirs.load_state_dict({k: torch.tensor(v) for k, v in ours.state_dict().items()})
    return ours, theirs


@pytest.mark.parametrize("options", OPTIONS, ids=str)
@pytest.mark.parametrize("name", SHAPES)
def test_running_statistics_equal_torch_over_steps_and_modes(name, options):
    ours, theirs = pair(name, 5, **options)
    rng = np.random.default_rng(0)
    for step in range(12):
        training = step % 4 != 3
        ours.train(training), theirs.train(training)
        shape = SHAPES[name][step % len(SHAPES[name])]
        x = rng.normal(rng.normal(), rng.uniform(0.1, 3), size=shape)
        ours.zero_grad(), theirs.zero_grad()
        agree(ours, theirs, x)
        for p, q in zip(ours.parameters(), theirs.parameters(), strict=True):
            np.testing.assert_allclose(p.grad, q.grad.numpy(), **CLOSE)
        same_state(ours, theirs)


def both(kind, size):
    """The same normalization as a function of x, weight and bias in both engines."""

    def of(F):
        return {
            "batch": lambda x, w, b: F.batch_norm(x, None, None, w, b, True),
            "layer": lambda x, w, b: F.layer_norm(x, size, w, b),
            "group": lambda x, w, b: F.group_norm(x, 2, w, b),
        }[kind]

    return of(F), of(torch.nn.functional)


def rounding(kind, x, w):
    """How close two correct programs are: a mean is known to u·|x|, the spread divides by it.

    Two values that nearly agree around 100 keep few digits of their difference, in either engine.
    """
    of_one = {
        "batch": lambda: np.moveaxis(x, 1, 0).reshape(x.shape[1], -1),
        "layer": lambda: x.reshape(len(x), -1),
        "group": lambda: x.reshape(2 * len(x), -1),
    }[kind]()
    root = np.sqrt(of_one.var(axis=1).min() + 1e-5)
    lost = 4 * np.finfo(float).eps * np.abs(x).max() / root * np.abs(w).max()
    within = {"value": lost, "gradient": 4 * lost / root}  # a direction is seldom above 4
    return {name: {**CLOSE, "atol": CLOSE["atol"] + more} for name, more in within.items()}


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from(["batch", "layer", "group"]),
    st.lists(st.integers(1, 5), min_size=2, max_size=4),
    st.integers(0, 999),
    st.floats(-3, 3),
    st.floats(-2, 2),
)
def test_random_shapes_and_scales_equal_torch(kind, shape, seed, offset, scale):
    rng = np.random.default_rng(seed)
    # At least two values wherever a mean is taken.
    shape = (shape[0] + 1, 4 * shape[1], *shape[2:])
    x = 10**scale * (rng.normal(size=shape) + 10 * offset)
    size = shape[1:] if kind == "layer" else shape[1:2]
    w, b = rng.normal(size=(2, *size))
    agree(*both(kind, size), x, w, b, **rounding(kind, x, w))


def exact(x, axes, dy, eps=1e-5):
    """Value and gradient in extended precision, by the formula with the projections."""
    x, dy = np.longdouble(x), np.longdouble(dy)
    centred = x - x.mean(axis=axes, keepdims=True)
    root = np.sqrt((centred**2).mean(axis=axes, keepdims=True) + np.longdouble(eps))
    y = centred / root
    inner = dy - dy.mean(axis=axes, keepdims=True) - y * (dy * y).mean(axis=axes, keepdims=True)
    return y, inner / root


@pytest.mark.parametrize("shape", [(64, 3), (8, 3, 5), (4000, 3)])
@pytest.mark.parametrize(("dtype", "bound"), [(np.float64, 1e-9), (np.float32, 2e-3)])
def test_a_huge_mean_costs_no_more_than_the_input_lost(shape, dtype, bound):
    """Spread 1 around 10,000: E[x²] - E[x]² would be wrong by about 10 in 32 bits."""
    rng = np.random.default_rng(0)
    x = (1e4 + rng.normal(size=shape)).astype(dtype)
    dy = rng.normal(size=shape).astype(dtype)
    axes = tuple(k for k in range(len(shape)) if k != 1)
    t = Tensor(x, requires_grad=True)
    y = F.batch_norm(t, None, None, training=True)
    y.backward(dy)
    value, gradient = exact(x, axes, dy)
    np.testing.assert_allclose(y.data, value.astype(float), atol=bound)
    np.testing.assert_allclose(t.grad, gradient.astype(float), atol=bound)


def test_constants_and_tiny_and_huge_numbers():
    rng = np.random.default_rng(0)
    for x in (
        np.full((4, 3), 0.1),
        1e-200 * rng.normal(size=(4, 3)),
        1e120 * rng.normal(size=(4, 3)),
        np.array([[1e200, 0.0, 1.0], [-1e200, 1.0, 2.0]]),
    ):
        with np.errstate(all="raise", under="ignore"):
            agree(
                lambda x: F.batch_norm(x, None, None, training=True),
                lambda x: torch.nn.functional.batch_norm(x, None, None, training=True),
                x,
            )


@pytest.mark.usefixtures("unperturbed")
def test_a_constant_far_from_zero_is_exactly_zero():
    """torch's is off by 4e-11 here."""
    for value in (1e4, 0.1, 1e150):
        y = F.batch_norm(np.full((4, 3), value), None, None, training=True)
        np.testing.assert_array_equal(y.data, 0)


def test_nan_and_infinity_stay_in_their_channel():
    x = np.random.default_rng(0).normal(size=(4, 3))
    x[1, 0], x[2, 1] = np.nan, np.inf
    t = Tensor(x, requires_grad=True)
    y = F.batch_norm(t, None, None, training=True)
    y.backward(np.ones_like(x))
    for values in (y.data, t.grad):
        np.testing.assert_array_equal(np.isnan(values).all(axis=0), [True, True, False])
        assert np.isfinite(values[:, 2]).all()


@pytest.mark.parametrize("block", [1, 7, 64, 2**17])
@pytest.mark.parametrize("row", [1, 16, 2**12])
def test_blocks_and_rows_do_not_change_the_result(monkeypatch, block, row):
    rng = np.random.default_rng(0)
    monkeypatch.setattr(passes, "BLOCK", block)
    monkeypatch.setattr(passes, "ROW", row)
    for shape in ((12, 4), (12, 4, 3), (5, 4, 3)):
        x, w, b = rng.normal(size=shape), rng.normal(size=4), rng.normal(size=4)
        agree(*both("batch", 4), x, w, b)
        agree(*both("group", 4), x, w, b)


def test_a_channel_far_from_zero_does_not_touch_the_others():
    x = np.random.default_rng(0).normal(size=(9, 3)).astype(np.float32)
    moved = x + np.float32([0, 1e4, 0])
    a, b = (F.batch_norm(v, None, None, training=True).data for v in (x, moved))
    np.testing.assert_array_equal(a[:, [0, 2]], b[:, [0, 2]])
    np.testing.assert_allclose(a[:, 1], b[:, 1], atol=5e-3)


def test_steps_of_gradient_descent_follow_from_the_eigenvalues_of_the_inputs():
    """Centred and standardized measurements: the error shrinks as the closed form says."""
    X, y = diabetes()
    y = y - y.mean()
    for scale in (1.0, X.std(axis=0)):
        A = ((X - X.mean(axis=0)) / scale)[:, [2, 3]]
        H = A.T @ A / len(A)
        eigenvalues, vectors = np.linalg.eigh(H)
        rate, best = 2 / eigenvalues.sum(), np.linalg.lstsq(A, y, rcond=None)[0]
        path = walk(
            lambda w, H=H, best=best: H @ (w - best), lambda p, r=rate: SGD(p, lr=r), [0, 0], 30
        )
        factors = (1 - rate * eigenvalues) ** np.arange(31)[:, None]
        expected = best + (factors * (vectors.T @ -best)) @ vectors.T
        np.testing.assert_allclose(path, expected, rtol=1e-10, atol=1e-10)
        kappa = np.linalg.cond(A) ** 2
        assert np.abs(factors[1]).max() == pytest.approx((kappa - 1) / (kappa + 1))


def test_the_three_are_choices_of_axes():
    """Each equals the same standardization of a transposed or reshaped array."""
    x = np.random.default_rng(0).normal(size=(6, 4))
    batch = F.batch_norm(x, None, None, training=True).data
    np.testing.assert_allclose(F.layer_norm(x.T, 6).data, batch.T, **CLOSE)
    groups = F.layer_norm(x.reshape(6, 2, 2), 2).data.reshape(6, 4)
    np.testing.assert_allclose(F.group_norm(x, 2).data, groups, **CLOSE)


@pytest.mark.usefixtures("unperturbed")
def test_what_comes_out_has_mean_0_and_variance_1_and_gradients_are_orthogonal():
    rng = np.random.default_rng(0)
    x, dy = Tensor(rng.normal(3, 2, size=(50, 4)), requires_grad=True), rng.normal(size=(50, 4))
    y = normalize(x, 1.0, 0.0, statistics=(50, 4, 1), affine=(50, 4, 1), eps=0.0)
    y.backward(dy)
    np.testing.assert_allclose(y.data.mean(axis=0), 0, atol=1e-14)
    np.testing.assert_allclose(y.data.var(axis=0), 1, rtol=1e-13)
    np.testing.assert_allclose(x.grad.sum(axis=0), 0, atol=1e-14)
    np.testing.assert_allclose((x.grad * y.data).sum(axis=0), 0, atol=1e-14)


def test_two_backward_passes_with_other_gradients():
    """What a backward pass remembers must not serve the next one."""
    x = np.random.default_rng(0).normal(size=(6, 3))
    layer, twin = pair("BatchNorm1d", 3)
    y, z = layer(Tensor(x, requires_grad=True)), twin(torch.tensor(x))
    for factor in (1.0, -3.0):
        dy = factor * np.cos(np.arange(18.0)).reshape(6, 3)
        y.backward(dy, retain_graph=True)
        z.backward(torch.tensor(dy), retain_graph=True)
    for p, q in zip(layer.parameters(), twin.parameters(), strict=True):
        np.testing.assert_allclose(p.grad, q.grad.numpy(), **CLOSE)


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        (nn.BatchNorm1d(4), (6, 4)),
        (nn.BatchNorm2d(4), (6, 4, 3, 3)),
        (nn.LayerNorm(4), (6, 4)),
        (nn.GroupNorm(2, 4), (6, 4, 3)),
    ],
)
def test_float32_stays_float32(layer, shape):
    for _mode in (layer.train(), layer.eval()):
        x = Tensor(np.ones(shape, np.float32).cumsum(0), requires_grad=True)
        y = layer(x)
        y.backward(np.ones(shape))
        found = [y, *layer.parameters(), *(b for b in layer.buffers() if b.ndim)]
        grads = [x.grad, *(p.grad for p in layer.parameters())]
        assert {t.dtype for t in (*found, *grads)} == {np.dtype("float32")}


def test_no_examples():
    for layer in (nn.BatchNorm1d(3).eval(), nn.LayerNorm(3), nn.GroupNorm(3, 3)):
        assert layer(np.ones((0, 3), np.float32)).shape == (0, 3)


def test_evaluation_leaves_the_statistics_and_the_neighbours_alone():
    rng = np.random.default_rng(0)
    layer = nn.BatchNorm1d(3).double()
    for _ in range(5):
        layer(rng.normal(2.0, 3.0, size=(20, 3)))
    before, x = layer.state_dict(), rng.normal(2.0, 3.0, size=(8, 3))
    layer.eval()
    with no_grad():
        together = layer(x).data
        alone = np.concatenate([layer(x[k : k + 1]).data for k in range(8)])
    np.testing.assert_array_equal(together, alone)
    for name, value in layer.state_dict().items():
        np.testing.assert_array_equal(value, before[name])
    layer.reset_running_stats()
    for name, value in nn.BatchNorm1d(3).state_dict().items():
        np.testing.assert_array_equal(layer.state_dict()[name], value)


@pytest.mark.parametrize("name", ["batch_norm", "layer_norm", "group_norm"])
def test_functions_take_torch_s_arguments_in_its_order(name):
    ours = inspect.signature(getattr(F, name)).parameters.values()
    theirs = inspect.signature(getattr(torch.nn.functional, name)).parameters.values()
    assert [(p.name, p.default) for p in ours] == [(p.name, p.default) for p in theirs]


def test_function_moves_the_running_statistics_it_is_given():
    x = np.random.default_rng(0).normal(size=(6, 3))
    arrays, tensors = np.zeros((2, 3)), torch.zeros(2, 3, dtype=float)
    F.batch_norm(x, arrays[0], arrays[1], training=True, momentum=0.25)
    torch.nn.functional.batch_norm(torch.tensor(x), *tensors, training=True, momentum=0.25)
    np.testing.assert_allclose(arrays, tensors.numpy(), **CLOSE)


def test_repr_is_torch_s():
    for make in (
        lambda face: face.BatchNorm1d(3, momentum=None, affine=False),
        lambda face: face.BatchNorm2d(3, 0.1, bias=False),
        lambda face: face.LayerNorm((3, 2), bias=False),
        lambda face: face.LayerNorm(4, elementwise_affine=False),
        lambda face: face.GroupNorm(2, 4, eps=0.5),
    ):
        assert repr(make(nn)) == repr(make(torch.nn))


X = np.ones((4, 3))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: nn.BatchNorm1d(3)(X[:1]), r"\(1, 3\) gives 1 values for each channel.*eval\(\)"),
        (lambda: nn.BatchNorm2d(3)(np.ones((1, 3, 1, 1))), "1 values for each channel"),
        (lambda: nn.BatchNorm1d(3)(X[:0]), "gives 0 values"),
        (lambda: nn.BatchNorm1d(5)(X), r"got \(4, 3\), expected \(N, 5\) or \(N, 5, L\)"),
        (lambda: nn.BatchNorm2d(3)(X), r"BatchNorm2d: got \(4, 3\), expected \(N, 3, H, W\)"),
        (lambda: F.batch_norm(X, None, None), "it needs running_mean and running_var"),
        (lambda: F.batch_norm(X, X[0, :2], X[0]), r"running_mean of shape \(2,\) .* 3 channels"),
        (lambda: F.batch_norm(X[0], None, None), r"expected \(N, C, …\), got \(3,\)"),
        (lambda: nn.LayerNorm(4)(X), r"layer_norm: input \(4, 3\) does not end in the axes \(4,\)"),
        (lambda: nn.LayerNorm((2, 4, 3))(X), r"does not end in the axes \(2, 4, 3\)"),
        (lambda: F.layer_norm(X, 3, weight=X), r"layer_norm: weight is \(4, 3\), expected \(3,\)"),
        (lambda: nn.GroupNorm(2, 3), "GroupNorm: 2 groups do not divide 3 channels"),
        (lambda: F.group_norm(X, 2), "group_norm: 2 groups do not divide 3 channels"),
        (lambda: nn.GroupNorm(2, 4)(X), r"GroupNorm: got \(4, 3\), expected \(N, 4, …\)"),
        (lambda: F.group_norm(X, 3, X[0, :2]), r"weight is \(2,\), expected \(3,\)"),
    ],
)
def test_errors_name_the_value_and_the_remedy(call, message):
    with pytest.raises(ValueError, match=message):
        call()
