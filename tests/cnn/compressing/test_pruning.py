"""Pruned weights: exactly the stated share, also among ties, and they stay at 0 in both engines."""

import numpy as np
import pytest
import scipy.sparse
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn.utils import prune

from companion import nn, optim
from companion.cnn.compressing.pruning import (
    KeepMasks,
    apply_masks,
    falling_shares,
    largest,
    magnitude_masks,
    nonzero,
    prunable,
    share_of,
    sparse_bytes,
)
from companion.data.batches import Batches
from companion.training import fit
from companion.training.engines import to_numpy

ENGINES = pytest.mark.parametrize(("engine", "opt"), [(nn, optim), (torch.nn, torch.optim)])


def small(engine):
    return engine.Sequential(
        engine.Conv2d(1, 4, 3, padding=1),
        engine.BatchNorm2d(4),
        engine.ReLU(),
        engine.Flatten(),
        engine.Linear(4 * 25, 6),
        engine.ReLU(),
        engine.Linear(6, 3),
    )


@given(
    st.lists(st.integers(1, 12), min_size=1, max_size=4),
    st.floats(0, 1),
    st.booleans(),
    st.integers(0, 99),
)
def test_exactly_the_stated_share_is_kept_also_among_ties(sizes, keep, by_layer, seed):
    rng = np.random.default_rng(seed)
    scores = {str(k): rng.integers(0, 3, n).astype(float) for k, n in enumerate(sizes)}
    masks = largest(scores, keep, by_layer)
    parts = [[name] for name in scores] if by_layer else [list(scores)]
    for names in parts:
        kept = np.concatenate([masks[n] for n in names])
        score = np.concatenate([scores[n] for n in names])
        assert kept.sum() == np.floor(keep * kept.size + 0.5)
        if 0 < kept.sum() < kept.size:
            assert score[kept].min() >= score[~kept].max()


def test_of_equal_scores_the_first_are_kept():
    masks = largest({"a": np.ones((2, 2)), "b": np.ones(4)}, 0.5)
    assert masks["a"].all()
    assert not masks["b"].any()


@pytest.mark.parametrize("keep", [0.03, 0.5, 1.0])
@ENGINES
def test_the_masks_are_torchs(engine, opt, keep):
    """Global and per layer, as `torch.nn.utils.prune` chooses them."""
    theirs = small(torch.nn)
    ours = theirs
    if engine is nn:
        ours = small(nn)
        ours.load_state_dict({k: v.numpy() for k, v in theirs.state_dict().items()})
    whole, layers = magnitude_masks(ours, keep), magnitude_masks(ours, keep, by_layer=True)
    weighted = [theirs[0], theirs[4], theirs[6]]
    for masks, by_layer in ((layers, True), (whole, False)):
        total = sum(layer.weight.numel() for layer in weighted)
        if by_layer:
            for layer in weighted:
                gone = layer.weight.numel() - share_of(layer.weight.numel(), keep)
                prune.l1_unstructured(layer, "weight", amount=gone)
        else:
            prune.global_unstructured(
                [(layer, "weight") for layer in weighted],
                pruning_method=prune.L1Unstructured,
                amount=total - share_of(total, keep),
            )
        for name, layer in zip(("0", "4", "6"), weighted, strict=True):
            expected = layer.weight_mask.numpy().astype(bool)
            np.testing.assert_array_equal(masks[f"{name}.weight"], expected)
            layer.weight = torch.nn.Parameter(layer.weight_orig.detach().clone())
            del layer.weight_orig, layer._buffers["weight_mask"]
            layer._forward_pre_hooks.clear()


@ENGINES
def test_pruned_weights_stay_at_zero_in_training(engine, opt):
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(40, 1, 5, 5)).astype("float32"), rng.integers(0, 3, 40)
    model = small(engine)
    before = prunable(model)
    masks = magnitude_masks(model, 0.3)
    fit(
        model,
        Batches(X, y, batch_size=10),
        engine.CrossEntropyLoss(),
        opt.Adam(model.parameters(), lr=0.01, weight_decay=0.1),
        epochs=3,
        callbacks=[KeepMasks(masks)],
    )
    for name, weight in prunable(model).items():
        assert (weight[~masks[name]] == 0).all()
        assert (weight != before[name])[masks[name]].all()
    assert nonzero(model) == (share_of(654, 0.3), 654)


@ENGINES
def test_biases_and_normalization_stay(engine, opt):
    model = small(engine)
    assert list(prunable(model)) == ["0.weight", "4.weight", "6.weight"]
    was = {k: to_numpy(v).copy() for k, v in model.state_dict().items()}
    apply_masks(model, magnitude_masks(model, 0.0))
    for name, value in model.state_dict().items():
        if name in ("0.weight", "4.weight", "6.weight"):
            assert not to_numpy(value).any()
        else:
            np.testing.assert_array_equal(to_numpy(value), was[name])


def test_shares_of_rounds_multiply_to_the_last():
    np.testing.assert_allclose(falling_shares(0.125, 3), [0.5, 0.25, 0.125])
    assert falling_shares(1.0, 2).tolist() == [1, 1]
    for keep, rounds in ((0, 2), (0.5, 0), (1.5, 2)):
        with pytest.raises(ValueError, match="falling_shares: keep"):
            falling_shares(keep, rounds)


@pytest.mark.parametrize(
    ("count", "keep", "kept"), [(10, 0.25, 3), (3, 0.5, 2), (7, 0, 0), (0, 1, 0)]
)
def test_shares_are_rounded(count, keep, kept):
    assert share_of(count, keep) == kept


def test_the_bytes_are_scipys():
    rng = np.random.default_rng(0)
    weight = rng.normal(size=(6, 9)).astype("float32") * (rng.random((6, 9)) < 0.3)
    csr = scipy.sparse.csr_array(weight)
    theirs = csr.data.nbytes + csr.indices.nbytes + csr.indptr.nbytes
    assert sparse_bytes(weight) == theirs
    assert sparse_bytes(np.zeros((2, 3))) == 12


def test_what_makes_no_sense_is_refused():
    model = small(nn)
    for keep in (-0.1, 1.1, float("nan")):
        with pytest.raises(ValueError, match="expected a share from 0 to 1"):
            magnitude_masks(model, keep)
    with pytest.raises(ValueError, match="a score of 'a' is nan"):
        largest({"a": np.array([1.0, np.nan])}, 0.5)
    with pytest.raises(ValueError, match="no scores"):
        largest({}, 0.5)
    with pytest.raises(KeyError, match=r"no parameters \['9.weight'\]"):
        apply_masks(model, {"9.weight": np.ones(3)})
    with pytest.raises(ValueError, match=r"mask \(3,\) for '0.weight' \(4, 1, 3, 3\)"):
        apply_masks(model, {"0.weight": np.ones(3)})
