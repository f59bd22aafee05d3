"""The Siamese network: both engines alike, one set of weights, gradients of both branches."""

import numpy as np
import pytest
import torch

from companion import nn, optim
from companion.faces.contrastive import losses_of_pairs
from companion.faces.networks.classifier import classifier
from companion.faces.networks.encoder import encoder
from companion.faces.siamese import siamese
from companion.gradients.tensor import Tensor
from companion.training import manual_seed

SMALL = {"size": 4, "height": 16, "width": 12, "widths": (3, 4)}
RNG = np.random.default_rng(0)
A, B = RNG.random((2, 6, 1, 16, 12), dtype=np.float32)
SAME = np.array([True, False] * 3)


def pair_of_networks(two):
    """The same weights in both engines."""
    manual_seed(0)
    theirs = siamese(torch.nn, *(encoder(torch.nn, **SMALL) for _ in range(1 + two)))
    ours = siamese(nn, *(encoder(nn, **SMALL) for _ in range(1 + two)))
    ours.load_state_dict({name: v.numpy() for name, v in theirs.state_dict().items()})
    return ours, theirs


@pytest.mark.parametrize("two", [False, True])
def test_both_engines_compute_the_same(two):
    ours, theirs = pair_of_networks(two)
    for mode in ("train", "eval"):
        getattr(ours, mode)(), getattr(theirs, mode)()
        got = ours(Tensor(A), Tensor(B)).numpy()
        expected = theirs(torch.tensor(A), torch.tensor(B)).detach().numpy()
        np.testing.assert_allclose(got, expected, atol=2e-5)


@pytest.mark.parametrize("two", [False, True])
def test_state_dicts_go_both_ways(two):
    ours, theirs = pair_of_networks(two)
    manual_seed(1)
    fresh = siamese(torch.nn, *(encoder(torch.nn, **SMALL) for _ in range(1 + two)))
    fresh.load_state_dict({k: torch.tensor(np.asarray(v)) for k, v in ours.state_dict().items()})
    for name, value in theirs.state_dict().items():
        assert torch.equal(fresh.state_dict()[name], value)


def test_shared_weights_are_there_once():
    alone = sum(p.numel() for p in encoder(torch.nn, **SMALL).parameters())
    ours, theirs = pair_of_networks(two=False)
    assert sum(p.numel() for p in theirs.parameters()) == alone
    assert sum(p.data.size for p in ours.parameters()) == alone
    assert all(name.startswith("encoder.") for name in ours.state_dict())
    assert sum(p.numel() for p in pair_of_networks(two=True)[1].parameters()) == 2 * alone


def test_gradients_are_those_of_torch_and_the_sum_of_the_branches():
    ours, theirs = pair_of_networks(two=False)
    ours.eval(), theirs.eval()
    losses_of_pairs(ours(Tensor(A), Tensor(B)), SAME).mean().backward()
    losses_of_pairs(theirs(torch.tensor(A), torch.tensor(B)), SAME).mean().backward()
    whole = [p.grad.clone() for p in theirs.parameters()]
    for got, expected in zip(ours.parameters(), whole, strict=True):
        np.testing.assert_allclose(got.grad, expected, atol=1e-5)
    # Through one branch at a time: the other one's encodings are held fixed.
    parts = [torch.zeros_like(p) for p in theirs.parameters()]
    for fixed in (0, 1):
        theirs.zero_grad()
        z = [theirs.encoder(torch.tensor(x)) for x in (A, B)]
        z[fixed] = z[fixed].detach()
        losses_of_pairs(((z[0] - z[1]) ** 2).sum(1) ** 0.5, SAME).mean().backward()
        parts = [part + p.grad for part, p in zip(parts, theirs.parameters(), strict=True)]
    for part, expected in zip(parts, whole, strict=True):
        np.testing.assert_allclose(part, expected, atol=1e-5)


def test_distance_is_symmetric_only_with_shared_weights():
    one, two = pair_of_networks(two=False)[0].eval(), pair_of_networks(two=True)[0].eval()
    a, b = Tensor(A), Tensor(B)
    assert np.array_equal(one(a, b).numpy(), one(b, a).numpy())
    assert np.allclose(one(a, a).numpy(), 0, atol=1e-5)
    assert not np.allclose(two(a, b).numpy(), two(b, a).numpy(), atol=1e-3)
    assert (two(a, a).numpy() > 1e-3).all()


def test_it_learns_to_tell_dark_from_bright():
    """Pairs of two kinds: after 60 updates every pair is on its side; before, none is apart."""
    rng = np.random.default_rng(0)
    bright = rng.random(32) < 0.5
    bars = np.zeros((32, 1, 16, 12), dtype=np.float32)
    bars[bright, :, :8], bars[~bright, :, 8:] = 1, 1
    noisy = (bars + rng.normal(0, 0.2, bars.shape)).astype(np.float32)
    manual_seed(0)
    model = siamese(nn, encoder(nn, **SMALL))
    optimizer = optim.Adam(model.parameters(), lr=1e-2)
    first, second = noisy[:16], noisy[16:]
    same = bright[:16] == bright[16:]
    for _ in range(60):
        optimizer.zero_grad()
        losses_of_pairs(model(Tensor(first), Tensor(second)), same).mean().backward()
        optimizer.step()
    d = model.eval()(Tensor(first), Tensor(second)).numpy()
    assert d[same].max() < 0.5 < d[~same].min()


def test_batches_that_are_no_pairs():
    with pytest.raises(ValueError, match="expected pairs"):
        pair_of_networks(two=False)[0](Tensor(A), Tensor(B[:3]))


def test_the_classifier_in_both_engines():
    manual_seed(0)
    theirs, ours = classifier(torch.nn, 5, **SMALL), classifier(nn, 5, **SMALL)
    ours.load_state_dict({name: v.numpy() for name, v in theirs.state_dict().items()})
    ours.eval(), theirs.eval()
    expected = theirs(torch.tensor(A)).detach().numpy()
    assert expected.shape == (6, 5)
    np.testing.assert_allclose(ours(Tensor(A)).numpy(), expected, atol=2e-5)
    assert theirs[:-1](torch.tensor(A)).min() >= 0
