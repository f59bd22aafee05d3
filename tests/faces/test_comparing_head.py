"""The comparing head: torch's formula, both engines, symmetric; bad input is refused."""

import numpy as np
import pytest
import torch
from sklearn.metrics.pairwise import additive_chi2_kernel

from companion import nn
from companion.faces.comparing_head import FORMS, compared, comparing_head, comparing_loss
from companion.faces.pairs import all_pairs

RNG = np.random.default_rng(0)
Z = RNG.normal(size=(6, 4))
NAMES = np.array([3, 3, 5, 5, 5, 9])


def both(form="absolute"):
    own, other = comparing_head(nn, 4, form), comparing_head(torch.nn, 4, form)
    weights = {"weigh.weight": RNG.normal(size=(1, 4)), "weigh.bias": np.array([0.75])}
    own.weigh.weight, own.weigh.bias = map(nn.Parameter, weights.values())  # in double precision
    other.double().load_state_dict({k: torch.from_numpy(v) for k, v in weights.items()})
    return own, other, weights


def test_state_dicts_interchange_both_ways():
    own, other = comparing_head(nn, 4), comparing_head(torch.nn, 4)
    z = Z.astype(np.float32)
    weights = {"weigh.weight": z[:1], "weigh.bias": z[1, :1]}
    own.load_state_dict(weights)
    other.load_state_dict({k: torch.from_numpy(v) for k, v in own.state_dict().items()})
    found = other(torch.from_numpy(z)).detach().numpy()
    np.testing.assert_allclose(own(nn.Parameter(z)).numpy(), found, atol=1e-5)
    back = comparing_head(nn, 4)
    back.load_state_dict({k: v.numpy() for k, v in other.state_dict().items()})
    np.testing.assert_array_equal(back(nn.Parameter(z)).numpy(), own(nn.Parameter(z)).numpy())


@pytest.mark.parametrize("form", ["absolute", "squared"])
def test_logits_are_torchs_formula(form):
    own, other, weights = both(form)
    w, b = weights["weigh.weight"][0], weights["weigh.bias"][0]
    a, c = Z[:2], Z[2:]
    power = 1 if form == "absolute" else 2
    expected = [[b + sum(w * np.abs(x - y) ** power) for y in c] for x in a]
    np.testing.assert_allclose(own(nn.Parameter(a), nn.Parameter(c)).numpy(), expected)
    t = other(torch.from_numpy(a), torch.from_numpy(c)).detach().numpy()
    np.testing.assert_allclose(t, expected)


def test_chi2_is_scikit_learns():
    a, b = np.abs(Z[:3]), np.abs(Z[3:])
    found = compared(a[:, None], b[None], "chi2").sum(axis=2)
    np.testing.assert_allclose(found, -additive_chi2_kernel(a, b), rtol=1e-9)
    assert compared(np.zeros(3), np.zeros(3), "chi2").tolist() == [0, 0, 0]


@pytest.mark.parametrize("form", FORMS)
def test_symmetric_and_equal_encodings_say_the_bias(form):
    own, _, _ = both(form)
    logits = own(nn.Parameter(np.abs(Z))).numpy()
    np.testing.assert_allclose(logits, logits.T)
    np.testing.assert_allclose(np.diag(logits), 0.75)


def test_loss_and_gradients_are_torchs_in_both_engines():
    own, other, _ = both()
    z, t = nn.Parameter(Z), torch.from_numpy(Z).requires_grad_()
    loss = comparing_loss(nn)(own(z), NAMES)
    theirs = comparing_loss(torch.nn)(other(t), torch.from_numpy(NAMES))
    i, j, same = all_pairs(NAMES)
    kinds = torch.from_numpy(same.astype(float))
    weight = torch.from_numpy(np.where(same, 0.5 / same.sum(), 0.5 / (~same).sum()))
    expected = torch.nn.functional.binary_cross_entropy_with_logits(
        other(t)[i, j], kinds, weight=weight, reduction="sum"
    )
    assert float(loss.detach()) == pytest.approx(float(expected.detach()), rel=1e-12)
    assert float(theirs.detach()) == pytest.approx(float(expected.detach()), rel=1e-12)
    loss.backward()
    expected.backward()
    np.testing.assert_allclose(z.grad, t.grad.numpy(), atol=1e-12)
    np.testing.assert_allclose(
        own.weigh.weight.grad, other.weigh.weight.grad.numpy(), atol=1e-12
    )


def test_huge_logits_give_a_finite_loss():
    logits = torch.full((6, 6), 1e4)
    assert float(comparing_loss(torch.nn)(logits, NAMES)) == pytest.approx(5000)


def test_pairs_by_hand():
    first, second, same = all_pairs([7, 8, 7])
    assert np.stack([first, second]).T.tolist() == [[0, 1], [0, 2], [1, 2]]
    assert same.tolist() == [False, True, False]
    assert len(all_pairs([4])[0]) == 0


def test_before_training_far_apart_means_different():
    head = comparing_head(torch.nn, 4)
    logits = head(torch.from_numpy(Z).float())
    assert (logits <= 0).all()
    assert float(logits[0, 0].detach()) == 0
    assert head.training


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: compared(Z, Z, "cosine"), "form 'cosine'; expected one of absolute"),
        (lambda: compared(Z, Z[:, :3]), "encodings of 4 and 3 numbers"),
        (lambda: compared(Z, Z, "chi2"), "behind a ReLU"),
        (lambda: comparing_head(nn, 4)(Z[0]), r"encodings \(4,\)"),
        (lambda: comparing_loss(nn)(nn.Parameter(Z), NAMES), r"logits \(6, 4\) for 6 names"),
        (lambda: comparing_loss(nn)(nn.Parameter(Z[:4]), [1, 1, 1, 1]), "and 0 of two"),
        (lambda: comparing_loss(nn)(nn.Parameter(Z[:4]), [1, 2, 3, 4]), "0 pairs of one person"),
    ],
)
def test_bad_input(call, says):
    with pytest.raises(ValueError, match=says):
        call()
