"""An LSTM whose gates look at the cell.

Derived in the chapter :ref:`cell_state`.
"""

from companion.gradients.activations import sigmoid, tanh
from companion.gradients.initialization import fan_in_uniform
from companion.gradients.layers import linear
from companion.gradients.module import Parameter
from companion.gradients.shaping import stack
from companion.gradients.tensor import Tensor
from companion.rnn.recurrence.conventions import suffix
from companion.rnn.recurrence.layers import LSTM
from companion.rnn.recurrence.sweep import check_scan


class PeepholeLSTM(LSTM):
    """LSTM with peepholes: gates see the cell, the output gate after the step, the others before.

    Parameters
    ----------
    input_size, hidden_size : int
        Features D of a step and of the state, H.
    num_layers, bias, batch_first, dropout, bidirectional
        As in `LSTM`.

    Raises
    ------
    ValueError
        If a size is below 1 or dropout is no share.

    Notes
    -----
    Gers, Schraudolph and Schmidhuber (2002). Each unit looks at its own cell only, so the weights
    ``weight_peep_l0`` are (3, H): for the input, the forget and the output gate. The operator LSTM
    of ONNX takes the same weights as its input P, in the order input, output, forget. Derived in
    the chapter :ref:`cell_state`.
    """

    def _new_weights(self, layer, direction):
        super()._new_weights(layer, direction)
        peep = Parameter(fan_in_uniform((3, self.hidden_size), self.hidden_size))
        setattr(self, "weight_peep" + suffix(layer, direction), peep)

    def _weights(self, layer, direction):
        peep = getattr(self, "weight_peep" + suffix(layer, direction))
        return [*super()._weights(layer, direction), peep]

    def _scan(self, x, first, w_ih, w_hh, b_ih, b_hh, peep):
        return peephole_scan(linear(x, w_ih, b_ih + b_hh), *first, w_hh, peep)


def peephole_scan(z, h0, c0, w, peep):
    """Go through a sequence with an LSTM that has peepholes.

    Made of operations on tensors, step by step, so that backpropagation needs no rule of its own.

    Parameters
    ----------
    z : Tensor or array
        Projected inputs (T, N, 4H): input, forget, cell and output gate side by side.
    h0, c0 : Tensor or array
        State and cell before the first step, (N, H).
    w : Tensor or array
        Weights from state to gates, (4H, H).
    peep : Tensor or array
        Weights from cell to input, forget and output gate, (3, H).

    Returns
    -------
    states, cells : Tensor
        (T, N, H) each.

    Raises
    ------
    ValueError
        If shapes do not belong together or the sequence is empty.
    """
    z, h, c, w, peep = (v if isinstance(v, Tensor) else Tensor(v) for v in (z, h0, c0, w, peep))
    check_scan(z, {"h0": h, "c0": c}, w, gates=4)
    size = w.shape[1]
    if peep.shape != (3, size):
        raise ValueError(f"peepholes {peep.shape}; expected (3, {size})")
    to_input, to_forget, to_output = (peep[k] for k in range(3))
    turned = w.transpose(0, 1)
    states, cells = [], []
    for t in range(z.shape[0]):
        a = z[t] + h @ turned
        i, f, g, o = (a[:, k * size : (k + 1) * size] for k in range(4))
        i, f = sigmoid(i + to_input * c), sigmoid(f + to_forget * c)
        c = f * c + i * tanh(g)
        h = sigmoid(o + to_output * c) * tanh(c)
        states.append(h)
        cells.append(c)
    return stack(*states, dim=0), stack(*cells, dim=0)
