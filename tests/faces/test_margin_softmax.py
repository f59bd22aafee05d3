"""Margins on the sphere: torch's arc cosine, both engines, closed forms, the ends of the range."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from companion import nn
from companion.faces.margin_softmax import cosine_head, margin_softmax, with_margin

RNG = np.random.default_rng(0)
LABELS = np.array([0, 3, 1, 1, 2])


def formula(cosines, labels, scale, margin):
    """ArcFace as the paper writes it, with angles; for θ + m up to π."""
    angles = torch.acos(cosines)
    turned = torch.nn.functional.one_hot(labels, cosines.shape[1]).double() * margin + angles
    return torch.nn.functional.cross_entropy(scale * torch.cos(turned), labels)


@pytest.mark.parametrize("margin", [0.0, 0.3, 0.5])
@pytest.mark.parametrize("scale", [1.0, 16.0, 64.0])
def test_loss_and_gradients_are_the_papers_in_both_engines(scale, margin):
    values = RNG.uniform(-0.8, 0.99, (5, 4))
    own, other, theirs = (nn.Parameter(values.copy()), *(torch.tensor(values) for _ in range(2)))
    other.requires_grad_()
    theirs.requires_grad_()
    expected = formula(theirs, torch.from_numpy(LABELS), scale, margin)
    found = (
        margin_softmax(nn, scale, margin)(own, LABELS),
        margin_softmax(torch.nn, scale, margin)(other, torch.from_numpy(LABELS)),
    )
    expected.backward()
    for loss, cosines in zip(found, (own, other), strict=True):
        loss.backward()
        assert float(loss.detach()) == pytest.approx(float(expected.detach()), rel=1e-10)
        np.testing.assert_allclose(np.asarray(cosines.grad), theirs.grad.numpy(), atol=1e-9)


def test_closed_form_of_two_classes():
    """Encodings on their own direction, the other one opposite: log(1 + e^(−s(1 + cos m)))."""
    cosines = nn.Parameter(np.array([[1.0, -1.0], [-1.0, 1.0]]))
    for margin in (0.0, 0.5, np.pi / 2):
        loss = margin_softmax(nn, 3.0, margin)(cosines, np.array([0, 1]))
        expected = np.log1p(np.exp(-3 * (np.cos(margin) + 1)))
        assert float(loss) == pytest.approx(expected, abs=1e-5)


def test_no_arrangement_is_below_the_floor():
    """C directions cannot be farther apart than −1/(C − 1) on the mean (Wang et al., 2017)."""
    simplex = np.eye(4) - 0.25
    simplex /= np.linalg.norm(simplex, axis=1, keepdims=True)
    floor = np.log1p(3 * np.exp(-2 * 4 / 3))
    loss = margin_softmax(nn, 2.0, 0.0)
    assert float(loss(nn.Parameter(simplex @ simplex.T), np.arange(4))) == pytest.approx(floor)
    for _ in range(20):
        z = RNG.normal(size=(4, 3))
        z /= np.linalg.norm(z, axis=1, keepdims=True)
        assert float(loss(nn.Parameter(z @ z.T), np.arange(4))) > floor


@settings(deadline=None, max_examples=40)
@given(st.floats(0, np.pi / 2), st.floats(-1, 1), st.floats(-1, 1))
def test_rising_and_continuous(margin, one, other):
    low, high = sorted([one, other])
    found = with_margin(np.array([low, high]), margin)
    assert found[0] <= found[1] + 1e-6
    assert (found <= np.array([low, high]) + 1e-6).all()
    at = -np.cos(margin)
    around = with_margin(np.clip([at - 1e-9, at + 1e-9], -1, 1), margin)
    assert abs(np.diff(around)[0]) < 1e-4


def test_ends_of_the_range_have_finite_gradients():
    for engine, made in ((nn, nn.Parameter), (torch.nn, torch.nn.Parameter)):
        values = np.array([[1.0, -1.0, 0.0], [-1.0, 1.0, -1.0]])
        cosines = made(values if engine is nn else torch.tensor(values))
        labels = np.array([0, 0]) if engine is nn else torch.tensor([0, 0])
        margin_softmax(engine, 64.0, 0.5)(cosines, labels).backward()
        assert np.isfinite(np.asarray(cosines.grad)).all()


def test_head_in_both_engines_knows_directions_only():
    own, other = cosine_head(nn, 3, 4), cosine_head(torch.nn, 3, 4)
    other.load_state_dict({k: torch.from_numpy(v) for k, v in own.state_dict().items()})
    z = RNG.normal(size=(5, 3)).astype(np.float32)
    w = own.directions.weight.numpy()
    expected = z @ w.T / np.outer(np.linalg.norm(z, axis=1), np.linalg.norm(w, axis=1))
    np.testing.assert_allclose(own(nn.Parameter(z)).numpy(), expected, atol=1e-6)
    found = other(torch.from_numpy(z)).detach().numpy()
    np.testing.assert_allclose(found, expected, atol=1e-6)
    back = cosine_head(nn, 3, 4)
    back.load_state_dict({k: 7 * v.numpy() for k, v in other.state_dict().items()})
    np.testing.assert_allclose(back(nn.Parameter(5 * z)).numpy(), expected, atol=1e-6)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: margin_softmax(nn, 0.0), "scale is 0.0; expected above 0"),
        (lambda: margin_softmax(nn, 9.0, 2.0), "margin is 2.0; expected radians"),
        (lambda: margin_softmax(nn, 9.0, -0.1), "margin is -0.1"),
        (lambda: margin_softmax(nn)(np.ones(3), np.ones(3)), r"expected \(B, C\) and \(B,\)"),
        (lambda: margin_softmax(nn)(np.ones((3, 1)), np.zeros(3, int)), "one class"),
        (lambda: margin_softmax(nn)(np.ones((2, 3)), np.array([1, 3])), "from 1 to 3 for 3"),
    ],
)
def test_bad_input(call, says):
    with pytest.raises(ValueError, match=says):
        call()
