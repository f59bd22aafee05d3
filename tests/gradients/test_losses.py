"""Losses torch lacks, against scikit-learn, SciPy and torch autograd; and every loss's edges.

What torch has is compared with it in `tests/faces/test_nn.py`.
"""

import warnings

import numpy as np
import pytest
import torch
from scipy import special
from sklearn import metrics

from companion import nn
from companion.gradients.tensor import Tensor
from companion.nn import functional as F
from tests.parity.nn_cases import OTHERS

CLOSE = {"rtol": 1e-10, "atol": 1e-12}
RANDOM = np.random.default_rng(5)
X, Y = RANDOM.normal(size=(2, 7, 3)) * 4
SIGNS = RANDOM.choice([-1.0, 1.0], (7, 3))
SCORES, CLASSES = RANDOM.normal(size=(40, 4)), RANDOM.integers(0, 4, 40)


def agrees(loss, formula, x, target):
    """Value and gradient of a loss, for each reduction, are torch's for the plain formula."""
    reduce = {"mean": torch.mean, "sum": torch.sum, "none": lambda losses: losses}
    for reduction in reduce:
        ours, theirs = Tensor(x, requires_grad=True), torch.tensor(x, requires_grad=True)
        out = loss(ours, target, reduction=reduction)
        expected = reduce[reduction](formula(theirs, torch.tensor(target)))
        np.testing.assert_allclose(out.numpy(), expected.detach().numpy(), **CLOSE)
        direction = RANDOM.normal(size=out.shape)
        out.backward(direction)
        expected.backward(torch.tensor(direction))
        np.testing.assert_allclose(ours.grad, theirs.grad.numpy(), **CLOSE)


def test_every_name_torch_lacks_has_its_test_here():
    for where in (*OTHERS["nn"].values(), *OTHERS["nn.functional"].values()):
        if where.startswith("tests/gradients/test_losses.py"):
            assert callable(globals().get(where.split("::")[1])), where


@pytest.mark.parametrize("name", ["hinge", "squared_hinge", "categorical_hinge", "mape", "msle"])
def test_functions_are_the_classes(name):
    pairs = {"mape": (X, Y), "msle": (np.abs(X), np.abs(Y)), "categorical_hinge": (SCORES, CLASSES)}
    x, target = pairs.get(name, (X, SIGNS))
    classes = {"mape": "MAPELoss", "msle": "MSLELoss"}
    of_class = getattr(nn, classes.get(name, name.title().replace("_", "") + "Loss"))
    for reduction in ("mean", "sum", "none"):
        out = getattr(F, f"{name}_loss")(x, target, reduction=reduction)
        expected = of_class(reduction=reduction)(x, target)
        np.testing.assert_array_equal(out.numpy(), expected.numpy())


def test_log_cosh():
    agrees(F.log_cosh_loss, lambda x, y: torch.log(torch.cosh(x - y)), X, Y)
    # Far out cosh overflows: there log cosh d is |d| - log 2. Close to 0 it is d²/2.
    far = np.array([1e4, -1e4, 1e200, 1e-7, -1e-9, 0.0])
    expected = [1e4 - np.log(2), 1e4 - np.log(2), 1e200, 5e-15, 5e-19, 0]
    x = Tensor(far, requires_grad=True)
    losses = nn.LogCoshLoss(reduction="none")(x, np.zeros(6))
    losses.sum().backward()
    np.testing.assert_allclose(losses.numpy(), expected, rtol=1e-12)
    np.testing.assert_allclose(x.grad, [1, -1, 1, 1e-7, -1e-9, 0], rtol=1e-12)


def test_percentage_error():
    agrees(F.mape_loss, lambda x, y: (x - y).abs() / y.abs(), X, Y)
    for y in (Y, np.where(np.abs(Y) < 2, 0.0, Y), 0 * Y):
        expected = metrics.mean_absolute_percentage_error(y.ravel(), X.ravel())
        np.testing.assert_allclose(nn.MAPELoss()(X, y).item(), expected, rtol=1e-12)
    x = Tensor(np.array([2.0, -1.0]), requires_grad=True)
    nn.MAPELoss(eps=0.5, reduction="sum")(x, np.array([0.0, 0.1])).backward()
    np.testing.assert_allclose(x.grad, [2, -2])


def test_squared_log_error():
    x, y = np.abs(X), np.abs(Y) - 0.9
    agrees(F.msle_loss, lambda x, y: (torch.log1p(x) - torch.log1p(y)) ** 2, x, y)
    expected = metrics.mean_squared_log_error(y.ravel(), x.ravel())
    np.testing.assert_allclose(nn.MSLELoss()(x, y).item(), expected, rtol=1e-12)
    tiny, huge = np.array([1e-12, 1e300]), np.array([0.0, 1e300])
    losses = F.msle_loss(tiny, huge, reduction="none").numpy()
    np.testing.assert_allclose(losses, [1e-24, 0], rtol=1e-10, atol=0)


@pytest.mark.parametrize("power", [1, 2])
def test_hinge(power):
    loss = {1: F.hinge_loss, 2: F.squared_hinge_loss}[power]
    agrees(loss, lambda s, y: torch.clamp(1 - y * s, min=0) ** power, X, SIGNS)
    s, y = X.ravel(), SIGNS.ravel()
    if power == 1:
        np.testing.assert_allclose(loss(s, y).item(), metrics.hinge_loss(y, s), rtol=1e-12)
    # Two classes with the scores -s/2 and s/2: torch adds up wrong classes and divides by two.
    two, classes = np.stack([-s / 2, s / 2], axis=1), (y > 0).astype(int)
    theirs = torch.nn.MultiMarginLoss(p=power)
    expected = 2 * theirs(torch.tensor(two), torch.tensor(classes))
    np.testing.assert_allclose(loss(s, y).item(), expected.item(), rtol=1e-12)
    edges = Tensor(np.array([1.0, -1.0, 1e4, -1e4]), requires_grad=True)
    loss(edges, np.array([1, 1, 1, 1]), reduction="sum").backward()
    np.testing.assert_allclose(edges.grad, [0, -1 if power == 1 else -4, 0, [0, -1, -20002][power]])


def test_categorical_hinge():
    def formula(s, y):
        right = torch.nn.functional.one_hot(y, s.shape[1]).bool()
        rival = s.masked_fill(right, -torch.inf).max(dim=1).values
        return torch.clamp(1 + rival - s[right], min=0)

    agrees(F.categorical_hinge_loss, formula, SCORES, CLASSES)
    expected = metrics.hinge_loss(CLASSES, SCORES, labels=range(4))
    np.testing.assert_allclose(nn.CategoricalHingeLoss()(SCORES, CLASSES).item(), expected)
    huge = np.array([[1e4, -1e4, 0.0]])
    assert nn.CategoricalHingeLoss()(huge, [0]).item() == 0
    assert nn.CategoricalHingeLoss()(huge, [1]).item() == 20001


def test_scipy_agrees():
    """A second oracle for what the parity test compares with torch."""
    z, rows = SCORES * 1e4, np.arange(40)
    surprise = -special.log_softmax(z, axis=1)[rows, CLASSES]
    losses = F.cross_entropy(z, CLASSES, reduction="none").numpy()
    np.testing.assert_allclose(losses, surprise, rtol=1e-12)
    by_sum = special.logsumexp(z, axis=1) - z[rows, CLASSES]
    np.testing.assert_allclose(losses, by_sum, rtol=1e-10, atol=1e-10)
    p, q = RANDOM.dirichlet(np.ones(4), size=(2, 40))
    p[0] = [0, 1, 0, 0]
    divergence = special.rel_entr(p, q).sum(axis=1).mean()
    np.testing.assert_allclose(F.kl_div(np.log(q), p, reduction="batchmean").item(), divergence)
    errors = F.huber_loss(X, Y, reduction="none", delta=0.7).numpy()
    np.testing.assert_allclose(errors, special.huber(0.7, X - Y), **CLOSE)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (F.mse_loss, torch.nn.functional.mse_loss),
        (F.l1_loss, torch.nn.functional.l1_loss),
        (F.huber_loss, torch.nn.functional.huber_loss),
        (F.log_cosh_loss, lambda x, y, **_: torch.log(torch.cosh(x - y)).mean()),
        (F.cosine_similarity, torch.nn.functional.cosine_similarity),
    ],
)
def test_the_target_gets_its_gradient_too(ours, theirs):
    x, y = Tensor(X, requires_grad=True), Tensor(Y, requires_grad=True)
    tx, ty = torch.tensor(X, requires_grad=True), torch.tensor(Y, requires_grad=True)
    ours(x, y).sum().backward()
    theirs(tx, ty).sum().backward()
    np.testing.assert_allclose(x.grad, tx.grad.numpy(), **CLOSE)
    np.testing.assert_allclose(y.grad, ty.grad.numpy(), **CLOSE)


REFUSING = {
    "CrossEntropyLoss": (SCORES, np.full((40, 4), 0.25)),
    "BCELoss": (np.full(3, 0.5), np.ones(3)),
    "BCEWithLogitsLoss": (np.ones(3), np.ones(3)),
    "KLDivLoss": (-np.ones(3), np.ones(3)),
    "PoissonNLLLoss": (np.ones(3), np.ones(3)),
    "MAPELoss": (np.ones(3), np.ones(3)),
    "MSLELoss": (np.ones(3), np.ones(3)),
    "HingeLoss": (np.ones(3), np.ones(3)),
    "SquaredHingeLoss": (np.ones(3), np.ones(3)),
}


@pytest.mark.parametrize("name", REFUSING)
def test_a_target_without_pullback_is_not_detached_silently(name):
    x, y = REFUSING[name]
    with pytest.raises(ValueError, match=rf"{name}: .*does not give it; pass target.detach\(\)"):
        getattr(nn, name)()(x, Tensor(y, requires_grad=True))
    # As data the same target is welcome.
    assert np.isfinite(getattr(nn, name)()(x, Tensor(y)).item())


SYMMETRIC = ["MSELoss", "L1Loss", "HuberLoss", "LogCoshLoss"]
NUMBERS = [*SYMMETRIC, "MAPELoss", "MSLELoss", "PoissonNLLLoss"]
EDGES = {
    **{name: (np.abs(X) * 1e4, np.abs(Y) * 1e4) for name in NUMBERS},
    "PoissonNLLLoss": (X * 1e4, np.round(np.abs(Y))),
    "HingeLoss": (X * 1e4, SIGNS),
    "SquaredHingeLoss": (X * 1e4, SIGNS),
    "CategoricalHingeLoss": (SCORES * 1e4, CLASSES),
    "CrossEntropyLoss": (SCORES * 1e4, CLASSES),
    "BCEWithLogitsLoss": (X * 1e4, (SIGNS + 1) / 2),
    "BCELoss": ((np.sign(X) + 1) / 2, (SIGNS + 1) / 2),
    "KLDivLoss": (-np.abs(X) * 1e4, (SIGNS + 1) / 2),
    "CosineSimilarity": (X * 1e30, Y * 1e-30),
}


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", EDGES)
def test_huge_inputs_raise_no_warning_and_keep_their_type(name, dtype):
    x, y = EDGES[name]
    x = Tensor(x.astype(dtype), requires_grad=True)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        out = getattr(nn, name)()(x, y)
        out.sum().backward()
    assert out.dtype == x.grad.dtype == dtype
    assert not np.isnan(out.numpy()).any()
    assert not np.isnan(x.grad).any()


@pytest.mark.parametrize("target", [[1, 0, 2], np.array([1, 0, 2]), np.array([1.0, 0, 2])])
def test_integer_targets_do_not_change_the_type(target):
    x = Tensor([0.5, 1.5, 2.5], requires_grad=True)
    for name in NUMBERS:
        out = getattr(nn, name)()(x, target)
        assert out.dtype == np.float32, name


def test_impossible_classes_cost_nothing_where_nobody_expects_them():
    """0 · log 0 counts as 0, where torch returns NaN."""
    z = Tensor(np.array([[0.0, -np.inf, 0.0]]), requires_grad=True)
    loss = F.cross_entropy(z, np.array([[0.5, 0.0, 0.5]]))
    loss.backward()
    assert loss.item() == pytest.approx(np.log(2))
    np.testing.assert_allclose(z.grad, np.zeros((1, 3)), atol=1e-15)
    log_q, p = np.log([[0.5, 0.5]]), np.array([[0.0, 1.0]])
    assert F.kl_div(np.array([[-np.inf, 0.0]]), p, reduction="sum").item() == 0
    log_p = np.array([[-np.inf, 0.0]])
    divergence = F.kl_div(log_q, log_p, reduction="sum", log_target=True).item()
    assert divergence == pytest.approx(np.log(2))


def test_a_length_below_eps_has_no_slope():
    """The derivative of x·v / eps is v / eps; torch lets the clamped length move."""
    x, v = np.array([[3e-10, 4e-10], [0.0, 0.0]]), np.array([[0.6, 0.8], [1.0, 0.0]])
    t = Tensor(x, requires_grad=True)
    c = F.cosine_similarity(t, v)
    np.testing.assert_allclose(c.numpy(), [0.05, 0])
    c.sum().backward()
    np.testing.assert_allclose(t.grad, v / 1e-8)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: nn.MSELoss()(X, Y[:1]), r"MSELoss: input \(7, 3\) and target \(1, 3\) differ"),
        (lambda: nn.L1Loss()(X, 0.0), r"L1Loss: input \(7, 3\) and target \(\) differ"),
        (lambda: nn.HuberLoss(delta=0), "delta is 0; expected a positive number"),
        (lambda: nn.HuberLoss(delta=np.nan), "delta is nan"),
        (lambda: nn.MAPELoss(eps=0), "eps is 0; expected a positive number"),
        (lambda: nn.MSLELoss()(X, np.abs(Y)), rf"input holds {X.min():.4g}; .* above -1"),
        (lambda: nn.MSLELoss()(np.ones(2), [0, -1]), "target holds -1; .* above -1"),
        (lambda: nn.MSLELoss()(np.array([np.nan]), [1]), "input holds nan"),
        (lambda: nn.PoissonNLLLoss()(np.ones(3), [1, -2, -7]), "target holds -7; counts are"),
        (
            lambda: nn.PoissonNLLLoss(log_input=False)(np.array([-0.5, np.inf]), [1, 2]),
            r"input holds -0.5; rates are at least 0 \(for log-rates pass log_input=True",
        ),
        (lambda: nn.HingeLoss()(np.ones(2), [0, 1]), r"target holds 0; .*2 \* target - 1"),
        (lambda: nn.SquaredHingeLoss()(np.ones(2), [3, 1]), r"target holds 3; .*-1 and \+1$"),
        (lambda: nn.CategoricalHingeLoss()(np.ones((2, 1)), [0, 0]), "needs two classes"),
        (lambda: nn.CategoricalHingeLoss()(np.ones((2, 3)), [0, 3]), "class 3 in target"),
        (lambda: nn.CosineEmbeddingLoss()(X, Y, SIGNS), r"target \(7, 3\); expected"),
        (lambda: nn.CosineEmbeddingLoss()(X, Y, np.zeros(7)), "target holds 0; labels are"),
        (lambda: nn.CrossEntropyLoss()(np.ones((2, 3)), np.eye(3)[:2] * 2), "holds 2; probab"),
        (
            lambda: nn.CrossEntropyLoss()(np.ones((1, 3)), np.array([[1.0, 1.0, 0.0]])),
            "row 0 of target sums to 2, not 1 .for several labels at once",
        ),
        (lambda: nn.CrossEntropyLoss()(np.ones((2, 3)), np.eye(3, dtype=int)[:2]), "astype"),
        (lambda: nn.NLLLoss(weight=[1, 2])(np.ones((1, 3)), [0]), r"weight \(2,\); .* 3 classes"),
        (lambda: nn.NLLLoss(weight=[1, -2])(np.ones((1, 2)), [0]), "weight holds -2; at least 0"),
        (lambda: nn.NLLLoss(weight=[0, 2])(np.ones((1, 2)), [0]), "of the targets sum to 0"),
        (lambda: nn.BCEWithLogitsLoss()(np.ones(2), [-1, 1]), r"holds -1; .*\(target \+ 1\) / 2"),
        (
            lambda: nn.BCELoss(weight=np.ones((3, 2)))(np.full(2, 0.5), [0, 1]),
            r"weight \(3, 2\) does not broadcast to the input's \(2,\)",
        ),
        (
            lambda: nn.BCEWithLogitsLoss(pos_weight=[1, 2, 3])(np.ones(2), [0, 1]),
            r"pos_weight \(3,\) does not broadcast",
        ),
        (lambda: nn.KLDivLoss()(-np.ones(2), [0.5, -0.7]), "holds -0.7; .*log_target=True"),
        (lambda: nn.KLDivLoss(reduction="max"), "choose one of .*batchmean"),
        (lambda: nn.MSELoss(reduction="batchmean"), "choose one of"),
    ],
)
def test_errors_name_the_worst_value_and_the_remedy(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_integer_inputs_are_refused():
    with pytest.raises(TypeError, match="MSELoss: input holds int64; expected floating-point"):
        nn.MSELoss()(np.arange(3), np.ones(3))
    with pytest.raises(TypeError, match="CosineEmbeddingLoss: input holds int64"):
        nn.CosineEmbeddingLoss()(np.ones((2, 3)), np.ones((2, 3), int), [1, -1])
    with pytest.raises(TypeError, match="mse_loss: got an unexpected keyword argument 'delta'"):
        F.mse_loss(X, Y, delta=1.0)
