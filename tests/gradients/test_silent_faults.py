"""A wrong type, shape, order of calls or function gives an error, or the number torch gives."""

import copy
import threading

import numpy as np
import pytest
import torch

from companion import nn, optim
from companion.gradients import activations, arithmetic, elementwise
from companion.gradients.tensor import Tensor, no_grad
from companion.nn import functional as F


def leaf(values, dtype=np.float64):
    return Tensor(np.asarray(values, dtype), requires_grad=True)


# --- integers follow the floating type they meet ---------------------------------------------


@pytest.mark.parametrize(
    "other", [np.array([1, 2]), [1, 2], np.int64(2), np.array([1, 2], np.uint8), Tensor([1, 2]),
              Tensor(np.array([1, 2])), 2, np.array([1.0, 2.0])],
    ids=lambda other: f"{type(other).__name__}",
)
@pytest.mark.parametrize("name", ["add", "sub", "mul", "div", "pow", "maximum"])
def test_integers_follow_the_type_of_the_tensor_they_meet(name, other):
    operation = getattr(arithmetic, name, None) or elementwise.maximum
    w = nn.Parameter(np.array([1.5, 2.5], np.float32))
    out = operation(w, other)
    assert out.dtype == np.float32
    (out * out).sum().backward()
    assert w.grad.dtype == np.float32


def test_a_layer_takes_integers():
    layer, X = nn.Linear(3, 2), np.arange(6).reshape(2, 3)
    out = layer(X)
    assert out.dtype == np.float32
    np.testing.assert_array_equal(out.data, layer(X.astype(np.float32)).data)
    out.sum().backward()
    assert layer.weight.grad.dtype == np.float32


# --- values written to between an operation and its backward ---------------------------------


def training_step(w):
    optimizer = optim.SGD([w], lr=1.0)
    first, second = (w * w).sum(), (w * w).sum()
    first.backward()
    optimizer.step()
    second.backward()


def test_an_update_between_two_backward_passes_is_noticed():
    with pytest.raises(RuntimeError, match=r"input of mul was written to in place"):
        training_step(leaf([2.0]))
    w = torch.tensor([2.0], dtype=torch.float64, requires_grad=True)
    first, second = (w * w).sum(), (w * w).sum()
    first.backward()
    with torch.no_grad():
        w -= w.grad
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        second.backward()


def write_with(name, w):
    if name == "-=":
        w.data -= 1
    elif name == "copy_":
        w.copy_(0)
    elif name == "init":
        nn.init.zeros_(w)


@pytest.mark.parametrize("name", ["-=", "copy_", "init"])
def test_every_way_of_writing_counts(name):
    w = leaf([2.0, 3.0])
    loss = w.exp() @ w
    write_with(name, w)
    with pytest.raises(RuntimeError, match="written to in place"):
        loss.backward()


@pytest.mark.parametrize(
    "operation",
    [lambda w: w + 1, lambda w: w.sum(), lambda w: w.reshape(2, 1), lambda w: w[1:], lambda w: -w,
     lambda w: w.exp(), lambda w: F.sigmoid(w), lambda w: 3 * w, lambda w: w.mean()],
)
def test_operations_that_need_no_old_values_do_not_complain(operation):
    """As in torch: what the pullback does not read may be overwritten."""
    w = leaf([2.0, 3.0])
    loss = operation(w).sum()
    w.data -= 1
    loss.backward()
    assert w.grad is not None


def test_another_array_leaves_the_old_graph_as_it_was():
    w = leaf([2.0])
    loss = (w * w).sum()
    w.data = np.array([5.0])
    loss.backward()
    assert w.grad == 4


# --- comparisons and NumPy's functions -------------------------------------------------------


@pytest.mark.parametrize("name", ["__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__"])
@pytest.mark.parametrize("kind", [np.asarray, Tensor, float])
def test_comparisons_are_elementwise(name, kind):
    values = np.array([[1.0, 2.0], [3.0, 2.0]])
    other = kind(2.0) if kind is float else kind(values.T.copy())
    ours = getattr(leaf(values), name)(other)
    theirs = getattr(torch.tensor(values), name)(2.0 if kind is float else torch.tensor(values.T))
    assert isinstance(ours, Tensor)
    assert not ours.requires_grad
    np.testing.assert_array_equal(ours.data, theirs.numpy())


def test_an_array_on_the_left_compares_elementwise_too():
    np.testing.assert_array_equal((np.array([1, 5]) == leaf([1.0, 2.0])).data, [True, False])


def test_tensors_are_keys_by_what_they_are():
    a, b = leaf([1.0]), leaf([1.0])
    assert len({a, b, a}) == 2
    assert {a: "a", b: "b"}[a] == "a"


@pytest.mark.parametrize(
    ("call", "instead"),
    [
        (lambda x: np.concatenate([x, x]), "shaping.cat"),
        (lambda x: np.stack([x.data, x]), "shaping.stack"),
        (lambda x: np.where(x.data > 0, x, 0), "elementwise.where"),
        (lambda x: np.dot(x, x), "a @ b"),
        (lambda x: np.sum(x), r"x.sum\(...\)"),
        (lambda x: np.linalg.norm(x), "own operations"),
        (lambda x: np.clip(a=x, a_min=0, a_max=1), r"x.clip\(...\)"),
    ],
)
def test_numpy_functions_do_not_lose_a_gradient(call, instead):
    with pytest.raises(TypeError, match=f"would lose it: use .*{instead}"):
        call(leaf([1.0, 2.0]))
    assert isinstance(call(Tensor([1.0, 2.0])), (np.ndarray, np.generic))  # no gradient to lose


def test_numpy_functions_without_a_gradient_to_lose_go_on():
    x = leaf([[1.0, 2.0]])
    assert np.shape(x) == (1, 2)
    assert np.argmax(x) == 1
    assert np.allclose(x, x.data)
    with pytest.raises(TypeError):
        np.exp(x)


# --- switched-off entries --------------------------------------------------------------------

OFF = {
    "sqrt(relu(x))": (lambda x: F.relu(x).sqrt(), lambda x: torch.relu(x).sqrt()),
    "log(relu(x))": (lambda x: F.relu(x).log(), lambda x: torch.relu(x).log()),
    "1/relu(x)": (lambda x: 1 / F.relu(x), lambda x: 1 / torch.relu(x)),
    "log(clip(x))": (lambda x: x.clip(min=0).log(), lambda x: x.clip(min=0).log()),
    "sqrt(maximum(x, 0))": (
        lambda x: elementwise.maximum(x, 0.0).sqrt(),
        lambda x: torch.maximum(x, torch.zeros(())).sqrt(),
    ),
    "log(-minimum(x, 0))": (
        lambda x: (-elementwise.minimum(x, 0.0)).log(),
        lambda x: (-torch.minimum(x, torch.zeros(()))).log(),
    ),
    "where(x > 0, 0, x)": (
        lambda x: elementwise.where(x.data > 0, 0.0, x).sqrt(),
        lambda x: torch.where(x > 0, 0.0, x).sqrt(),
    ),
}


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("name", OFF)
def test_a_switched_off_entry_has_the_gradient_that_torch_gives_it(name):
    ours, theirs = OFF[name]
    values = np.array([-2.0, 3.0, -0.5, 1.0])
    x, t = leaf(values), torch.tensor(values, requires_grad=True)
    with np.errstate(all="ignore"):
        ours(x).sum().backward()
    theirs(t).sum().backward()
    np.testing.assert_array_equal(x.grad, t.grad.numpy())


@pytest.mark.parametrize("exponent", [-1.0, 0.0, 2.0])
def test_powers_at_zero_equal_torch(exponent):
    a, b = leaf([0.0, 2.0]), leaf([exponent, exponent])
    s, t = (torch.tensor(v.data.copy(), requires_grad=True) for v in (a, b))
    with np.errstate(all="ignore"):
        (a**b).backward(np.ones(2))
    (s**t).backward(torch.ones(2, dtype=torch.float64))
    np.testing.assert_allclose(b.grad, t.grad.numpy(), rtol=1e-14)


# --- keywords, copies, recording -------------------------------------------------------------


def test_an_input_given_by_name_is_an_input():
    x, w = leaf([[-1.0, 2.0]]), leaf([0.25])
    F.prelu(x, weight=w).sum().backward()
    assert w.grad == -1
    y = leaf([3.0])
    arithmetic.mul(b=y, a=2.0).sum().backward()
    assert y.grad == 2
    with pytest.raises(TypeError, match="prelu: no value for weight"):
        F.prelu(x)
    with pytest.raises(TypeError, match="takes at most 2 arguments, got 3"):
        arithmetic.add(1, 2, 3)


def test_only_leaves_are_copied_with_their_gradient():
    w = nn.Parameter(np.ones(2))
    (w * w).sum().backward()
    twin = copy.deepcopy(w)
    assert type(twin) is nn.Parameter
    np.testing.assert_array_equal(twin.grad, w.grad)
    twin.data += 1
    twin.grad += 1
    np.testing.assert_array_equal(w.data, [1, 1])
    np.testing.assert_array_equal(w.grad, [2, 2])
    with pytest.raises(RuntimeError, match="result of mul"):
        copy.deepcopy(w * 2)


def test_a_decorated_generator_records_nothing():
    w = leaf([1.0])

    @no_grad()
    def squares():
        answer = yield w * w
        yield answer * w

    steps = squares()
    assert not next(steps).requires_grad
    assert (w * w).requires_grad  # between two values the caller records
    assert not steps.send(3.0).requires_grad
    with pytest.raises(StopIteration):
        next(steps)


def test_one_no_grad_in_two_threads():
    shared, w, inside = no_grad(), leaf([1.0]), threading.Event()
    leave, seen = threading.Event(), []

    def other():
        with shared:
            inside.set()
            leave.wait(10)
        seen.append((w * w).requires_grad)

    thread = threading.Thread(target=other)
    thread.start()
    inside.wait(10)
    with shared:
        leave.set()
        thread.join()
    seen.append((w * w).requires_grad)
    assert seen == [True, True]


# --- shapes that torch takes -----------------------------------------------------------------


def test_axes_from_the_end_and_numbers():
    x = leaf(np.arange(24.0).reshape(2, 3, 4))
    t = torch.tensor(x.data.copy(), requires_grad=True)
    weight = np.arange(24.0).reshape(4, 2, 3)
    (x.permute(-1, 0, 1) * weight).sum().backward()
    (t.permute(-1, 0, 1) * torch.tensor(weight)).sum().backward()
    np.testing.assert_array_equal(x.grad, t.grad.numpy())
    with pytest.raises(ValueError, match=r"axes \(0, 0, 1\) are no order"):
        x.permute(0, 0, 1)


@pytest.mark.parametrize("axis", [0, -1])
@pytest.mark.parametrize("name", ["sum", "max", "min", "mean", "logsumexp"])
def test_reductions_of_a_number_along_its_axis(name, axis):
    x = leaf(2.0)
    getattr(x, name)(axis=axis).backward()
    assert x.grad == 1


@pytest.mark.parametrize("axis", [0, -1])
@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
def test_softmax_of_a_number(name, axis):
    x, t = leaf(2.0), torch.tensor(2.0, dtype=torch.float64, requires_grad=True)
    getattr(F, name)(x, dim=axis).backward()
    getattr(torch, name)(t, dim=axis).backward()
    assert x.grad == t.grad.item()


def test_expand_flatten_and_cosine_equal_torch():
    x = leaf(np.arange(6.0).reshape(2, 3))
    t = torch.tensor(x.data.copy())
    np.testing.assert_array_equal(x.expand(4, -1, 3).data, t.expand(4, -1, 3).numpy())
    with pytest.raises(ValueError, match="cannot expand"):
        x.expand(-1, 2, 3)
    cube = Tensor(np.arange(24.0).reshape(2, 3, 4))
    for ends in ((0, 1), (1, 2), (1, -1), (-2, -1), (0, 0)):
        want = torch.tensor(cube.data).flatten(*ends)
        np.testing.assert_array_equal(cube.flatten(*ends).data, want.numpy())
    with pytest.raises(ValueError, match="no axes from 2 to 1"):
        cube.flatten(2, 1)
    a, b = np.random.default_rng(0).normal(size=(2, 1, 3)), np.ones((4, 3))
    ours = F.cosine_similarity(leaf(a), leaf(b), dim=-1)
    theirs = torch.cosine_similarity(torch.tensor(a), torch.tensor(b), dim=-1)
    np.testing.assert_allclose(ours.data, theirs.numpy(), rtol=1e-12)


def test_activations_keep_a_number():
    for name in ("relu", "sigmoid", "tanh", "elu", "softplus", "gelu", "silu", "selu"):
        x = leaf(0.5)
        getattr(activations, name)(x).backward()
        assert x.grad.shape == ()
