"""An LSTM with peepholes: without them it is torch's LSTM; its gradients are the slopes.

That its values are those of ONNX's operator is tested in `test_onnx`.
"""

import numpy as np
import pytest
import torch

from companion.gradients.checking.gradcheck import gradcheck
from companion.rnn.recurrence.peephole import PeepholeLSTM, peephole_scan


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("bidirectional", [False, True])
def test_without_peepholes_it_is_torchs_lstm(layers, bidirectional):
    theirs = torch.nn.LSTM(3, 4, layers, bidirectional=bidirectional).double()
    ours = PeepholeLSTM(3, 4, layers, bidirectional=bidirectional).double()
    for name, value in theirs.state_dict().items():
        getattr(ours, name).data = value.numpy()
    peeps = [name for name in ours.state_dict() if name.startswith("weight_peep")]
    assert len(peeps) == layers * (1 + bidirectional)
    for name in peeps:
        getattr(ours, name).data = np.zeros((3, 4))
    x = np.random.default_rng(0).normal(size=(6, 2, 3))
    got, (h, c) = ours(x)
    expected, (h_torch, c_torch) = theirs(torch.from_numpy(x))
    for a, b in ((got, expected), (h, h_torch), (c, c_torch)):
        np.testing.assert_allclose(a.numpy(), b.detach().numpy(), rtol=1e-10, atol=1e-13)


def test_gradients_are_slopes():
    rng = np.random.default_rng(1)
    inputs = [rng.normal(size=s) for s in ((4, 2, 12), (2, 3), (2, 3), (12, 3), (3, 3))]
    for part in (0, 1):
        report = gradcheck(lambda *given, part=part: peephole_scan(*given)[part], *inputs)
        assert report.ok


def test_the_output_gate_sees_the_new_cell():
    """One unit, sums of 0, a cell of 0: with i = ½ and g = tanh 1 the new cell is ½ tanh 1."""
    z = np.zeros((1, 1, 4))
    z[..., 2] = 1.0
    zero = np.zeros((1, 1))
    peep = np.array([[7.0], [7.0], [2.0]])
    states, cells = peephole_scan(z, zero, zero, np.zeros((4, 1)), peep)
    new = 0.5 * np.tanh(1)
    np.testing.assert_allclose(cells.numpy().item(), new)
    np.testing.assert_allclose(states.numpy().item(), np.tanh(new) / (1 + np.exp(-2 * new)))


def test_bad_shapes_are_named():
    z, zero = np.zeros((2, 1, 8)), np.zeros((1, 2))
    with pytest.raises(ValueError, match=r"peepholes \(4, 2\); expected \(3, 2\)"):
        peephole_scan(z, zero, zero, np.zeros((8, 2)), np.zeros((4, 2)))
    with pytest.raises(ValueError, match="an empty sequence"):
        peephole_scan(z[:0], zero, zero, np.zeros((8, 2)), np.zeros((3, 2)))
    with pytest.raises(ValueError, match=r"c0 \(2, 2\); expected \(1, 2\)"):
        peephole_scan(z, zero, np.zeros((2, 2)), np.zeros((8, 2)), np.zeros((3, 2)))
    with pytest.raises(ValueError, match="hidden_size=0"):
        PeepholeLSTM(2, 0)
    with pytest.raises(ValueError, match="pair"):
        PeepholeLSTM(2, 3)(np.zeros((2, 1, 2)), np.zeros((1, 1, 3)))
