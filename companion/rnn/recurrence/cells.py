"""One step of a recurrence as a module, for loops that need the state in between.

Derived in the chapters :ref:`recurrent` and :ref:`gated`.
"""

import numpy as np

from companion.gradients.initialization import fan_in_uniform
from companion.gradients.layers import linear
from companion.gradients.module import Module, Parameter
from companion.gradients.tensor import Tensor
from companion.rnn.recurrence.conventions import as_pair, check_bend, check_sizes
from companion.rnn.recurrence.gru_scan import gru_scan
from companion.rnn.recurrence.lstm_scan import lstm_scan
from companion.rnn.recurrence.rnn_scan import rnn_scan


class RecurrentCell(Module):
    """Base of the cells: a scan over a sequence of one step."""

    gates, kinds = 1, 1

    def __init__(self, input_size, hidden_size, bias=True):
        check_sizes(type(self).__name__, input_size, hidden_size)
        self.input_size, self.hidden_size, self.bias = input_size, hidden_size, bias
        rows = self.gates * hidden_size
        self.weight_ih = Parameter(fan_in_uniform((rows, input_size), hidden_size))
        self.weight_hh = Parameter(fan_in_uniform((rows, hidden_size), hidden_size))
        self.bias_ih = Parameter(fan_in_uniform(rows, hidden_size)) if bias else None
        self.bias_hh = Parameter(fan_in_uniform(rows, hidden_size)) if bias else None

    def forward(self, input, hx=None):
        """Take one step.

        Parameters
        ----------
        input : Tensor or array
            (N, D), or one example (D,).
        hx : Tensor or array, optional
            State before it, (N, H) or (H,); zeros if not given. For an LSTM a pair.

        Returns
        -------
        Tensor, or pair of them
            State after it.

        Raises
        ------
        ValueError
            If a shape does not fit.
        """
        x = input if isinstance(input, Tensor) else Tensor(input)
        if x.ndim not in (1, 2) or x.shape[-1] != self.input_size:
            raise ValueError(
                f"{type(self).__name__}: input {x.shape}; expected (N, {self.input_size})"
            )
        shape = (*x.shape[:-1], self.hidden_size)
        given = (np.zeros(shape, x.dtype),) * self.kinds if hx is None else self._in(hx)
        for part in given:
            if part.shape != shape:
                raise ValueError(f"{type(self).__name__}: state {part.shape}; expected {shape}")
        states = [part.reshape(-1, self.hidden_size) for part in given]
        parts = self._step(x.reshape(1, -1, self.input_size), states, *self._biases(x.dtype))
        return self._out(tuple(part.reshape(shape) for part in parts))

    def _biases(self, dtype):
        none = np.zeros(self.gates * self.hidden_size, dtype)
        return (self.bias_ih, self.bias_hh) if self.bias else (none, none)

    def _in(self, hx):
        return (hx,)

    def _out(self, parts):
        return parts[0]

    def extra_repr(self):
        """Return the sizes."""
        return f"{self.input_size}, {self.hidden_size}{'' if self.bias else ', bias=False'}"


class RNNCell(RecurrentCell):
    """One step of `RNN`.

    Parameters
    ----------
    input_size, hidden_size : int
        Features D of a step and of the state, H.
    bias : bool
        Whether to add b_ih and b_hh.
    nonlinearity : {"tanh", "relu"}
        What bends the sum.

    Raises
    ------
    ValueError
        If a size is below 1 or the nonlinearity is unknown.
    """

    def __init__(self, input_size, hidden_size, bias=True, nonlinearity="tanh"):
        check_bend("RNNCell", nonlinearity)
        self.nonlinearity = nonlinearity
        super().__init__(input_size, hidden_size, bias)

    def _step(self, x, states, b_ih, b_hh):
        z = linear(x, self.weight_ih, b_ih + b_hh)
        return (rnn_scan(z, states[0], self.weight_hh, nonlinearity=self.nonlinearity)[0],)


class GRUCell(RecurrentCell):
    """One step of `GRU`.

    Parameters
    ----------
    input_size, hidden_size : int
        Features D of a step and of the state, H.
    bias : bool
        Whether to add b_ih and b_hh.

    Raises
    ------
    ValueError
        If a size is below 1.
    """

    gates = 3

    def _step(self, x, states, b_ih, b_hh):
        return (gru_scan(linear(x, self.weight_ih, b_ih), states[0], self.weight_hh, b_hh)[0],)


class LSTMCell(RecurrentCell):
    """One step of `LSTM`.

    Parameters
    ----------
    input_size, hidden_size : int
        Features D of a step and of the state, H.
    bias : bool
        Whether to add b_ih and b_hh.

    Raises
    ------
    ValueError
        If a size is below 1.
    """

    gates, kinds = 4, 2

    def _step(self, x, states, b_ih, b_hh):
        both = lstm_scan(linear(x, self.weight_ih, b_ih + b_hh), *states, self.weight_hh)[0]
        return both[:, : self.hidden_size], both[:, self.hidden_size :]

    def _in(self, hx):
        return as_pair(type(self).__name__, hx)

    def _out(self, parts):
        return parts
