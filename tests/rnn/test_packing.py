"""Sequences of several lengths: torch's packing, and what padding must not do."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.gradients.tensor import Tensor
from companion.nn import GRU
from companion.nn.utils import rnn
from companion.rnn.recurrence.packing import turned_around
from tests.parity.agreement import CLOSE

LENGTHS = st.lists(st.integers(1, 6), min_size=1, max_size=5)


@settings(deadline=None, max_examples=50)
@given(LENGTHS, st.booleans(), st.integers(0, 2), st.sampled_from([0.0, -1.5]))
def test_there_and_back_as_torch(lengths, batch_first, more, blank):
    lengths = np.array(lengths)
    steps = lengths.max() + more
    shape = (len(lengths), steps, 2) if batch_first else (steps, len(lengths), 2)
    x = np.random.default_rng(steps).normal(size=shape)
    mine, other = Tensor(x, requires_grad=True), torch.tensor(x, requires_grad=True)
    packed = rnn.pack_padded_sequence(mine, lengths, batch_first, enforce_sorted=False)
    theirs = torch.nn.utils.rnn
    expected = theirs.pack_padded_sequence(
        other, torch.tensor(lengths), batch_first, enforce_sorted=False
    )
    np.testing.assert_array_equal(packed.batch_sizes, expected.batch_sizes.numpy())
    same = lengths[packed.sorted_indices]
    np.testing.assert_array_equal(same, lengths[expected.sorted_indices.numpy()])
    options = {"batch_first": batch_first, "padding_value": blank, "total_length": int(steps)}
    out, found = rnn.pad_packed_sequence(packed, **options)
    padded, counted = theirs.pad_packed_sequence(expected, **options)
    np.testing.assert_array_equal(found, counted.numpy())
    np.testing.assert_array_equal(out.numpy(), padded.detach().numpy())
    (out * out).sum().backward()
    (padded * padded).sum().backward()
    np.testing.assert_allclose(mine.grad, other.grad.numpy(), **CLOSE)


def test_sorted_sequences_are_packed_as_they_stand():
    x = np.arange(12.0).reshape(3, 2, 2)
    packed = rnn.pack_padded_sequence(x, [3, 2])
    expected = torch.nn.utils.rnn.pack_padded_sequence(torch.tensor(x), [3, 2])
    np.testing.assert_array_equal(packed.data.numpy(), expected.data.numpy())
    assert packed.sorted_indices is None
    assert expected.sorted_indices is None


@settings(deadline=None, max_examples=30)
@given(LENGTHS, st.booleans(), st.sampled_from([0.0, 7.0]))
def test_padding_and_packing_of_a_list(lengths, batch_first, blank):
    rng = np.random.default_rng(0)
    parts = [rng.normal(size=(n, 3)) for n in lengths]
    tensors = [torch.tensor(p) for p in parts]
    theirs = torch.nn.utils.rnn
    np.testing.assert_array_equal(
        rnn.pad_sequence(parts, batch_first, blank).numpy(),
        theirs.pad_sequence(tensors, batch_first, blank).numpy(),
    )
    packed = rnn.pack_sequence(parts, enforce_sorted=False)
    np.testing.assert_array_equal(
        rnn.pad_packed_sequence(packed)[0].numpy(),
        theirs.pad_packed_sequence(theirs.pack_sequence(tensors, enforce_sorted=False))[0].numpy(),
    )


@pytest.mark.parametrize("bidirectional", [False, True])
def test_what_stands_in_the_padding_changes_nothing(bidirectional):
    layer = GRU(2, 3, 2, bidirectional=bidirectional).double()
    lengths, rng = np.array([4, 1, 3]), np.random.default_rng(1)
    x = rng.normal(size=(4, 3, 2))
    noise = np.where(np.arange(4)[:, None, None] < lengths[None, :, None], x, 1e3)
    results = [
        layer(rnn.pack_padded_sequence(given, lengths, enforce_sorted=False))
        for given in (x, noise)
    ]
    for one, other in zip(*([a.data.numpy(), h.numpy()] for a, h in results), strict=True):
        np.testing.assert_array_equal(one, other)
    alone = [layer(x[:n, [k]])[1].numpy()[:, 0] for k, n in enumerate(lengths)]
    np.testing.assert_allclose(results[0][1].numpy(), np.stack(alone, axis=1), **CLOSE)


@given(LENGTHS)
def test_turning_around_by_a_loop(lengths):
    lengths = np.array(lengths)
    x = np.random.default_rng(2).normal(size=(lengths.max() + 1, len(lengths), 2))
    out = turned_around(Tensor(x), lengths=lengths).numpy()
    for k, n in enumerate(lengths):
        np.testing.assert_array_equal(out[:n, k], x[:n, k][::-1])
        np.testing.assert_array_equal(out[n:, k], x[n:, k])


def test_what_does_not_fit_is_named():
    x = np.zeros((3, 2, 1))
    pack = rnn.pack_padded_sequence
    for lengths, says in (
        ([3, 0], "sequence 1 has length 0"),
        ([4, 1], "sequence 0 has length 4; expected 1 to 3"),
        ([3], "expected 2 integers"),
        ([3.0, 1.0], "float64"),
        ([1, 3], "grow; sort"),
    ):
        with pytest.raises(ValueError, match=says):
            pack(x, lengths)
    with pytest.raises(ValueError, match="total_length=2, the longest has 3"):
        rnn.pad_packed_sequence(pack(x, [3, 2]), total_length=2)
    for empty in ([], [np.zeros((0, 2))]):
        with pytest.raises(ValueError, match="at least one step"):
            rnn.pad_sequence(empty)
        with pytest.raises(ValueError, match="at least one step"):
            rnn.pack_sequence(empty)
