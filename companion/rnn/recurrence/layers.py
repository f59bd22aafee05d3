"""Recurrent layers under torch's names: stacked, in both directions, over batches of any shape.

Derived in the chapters :ref:`recurrent`, :ref:`gated` and :ref:`both_ways`.
"""

import numpy as np

from companion.gradients.initialization import fan_in_uniform
from companion.gradients.layers import linear
from companion.gradients.module import Module, Parameter
from companion.gradients.shaping import cat, stack
from companion.gradients.tensor import Tensor
from companion.regularization.dropout import dropout
from companion.rnn.recurrence.conventions import as_pair, check_bend, check_sizes, suffix
from companion.rnn.recurrence.gru_scan import gru_scan
from companion.rnn.recurrence.lstm_scan import lstm_scan
from companion.rnn.recurrence.packing import (
    PackedSequence,
    last_steps,
    pack_padded_sequence,
    pad_packed_sequence,
    turned_around,
)
from companion.rnn.recurrence.rnn_scan import rnn_scan


class Recurrent(Module):
    """Base of the layers that go through a sequence step by step; subclasses say how one runs.

    A layer projects the inputs of all steps with one matrix product, then scans over time. A second
    direction reads the sequence from its end, with weights of its own; a further layer reads the
    states of the one before.
    """

    gates = 1
    """Blocks of H rows in the weights."""

    def __init__(
        self,
        input_size,
        hidden_size,
        num_layers=1,
        bias=True,
        batch_first=False,
        dropout=0.0,
        bidirectional=False,
    ):
        check_sizes(type(self).__name__, input_size, hidden_size, num_layers, dropout)
        self.input_size, self.hidden_size, self.num_layers = input_size, hidden_size, num_layers
        self.bias, self.batch_first, self.dropout = bias, batch_first, float(dropout)
        self.bidirectional = bidirectional
        for layer in range(num_layers):
            for direction in range(self._directions):
                self._new_weights(layer, direction)

    @property
    def _directions(self):
        return 2 if self.bidirectional else 1

    def _new_weights(self, layer, direction):
        """Make the weights of one direction of one layer, uniform in ±1/√H."""
        hidden = self.hidden_size
        rows, before = self.gates * hidden, self._directions * hidden if layer else self.input_size
        shapes = {"weight_ih": (rows, before), "weight_hh": (rows, hidden)}
        shapes |= {"bias_ih": (rows,), "bias_hh": (rows,)} if self.bias else {}
        for name, shape in shapes.items():
            weight = Parameter(fan_in_uniform(shape, hidden))
            setattr(self, name + suffix(layer, direction), weight)

    def _weights(self, layer, direction):
        """Return w_ih, w_hh, b_ih, b_hh; zeros where there is no bias."""
        names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        found = [getattr(self, name + suffix(layer, direction), None) for name in names]
        none = np.zeros(self.gates * self.hidden_size, found[0].dtype)
        return [none if weight is None else weight for weight in found]

    def forward(self, input, hx=None):
        """Go through a batch of sequences.

        Parameters
        ----------
        input : Tensor, array or PackedSequence
            (T, N, D), or (N, T, D) with ``batch_first``, or one sequence (T, D).
        hx : Tensor or array, optional
            First states, (layers · directions, N, H), or without N for one sequence; zeros if not
            given. For an LSTM the pair of states and cells.

        Returns
        -------
        output : Tensor or PackedSequence
            States of the last layer at every step, (T, N, directions · H), as `input` is laid out.
        hx : Tensor, or pair of them
            States after the last step of each sequence, as `hx` above.

        Raises
        ------
        ValueError
            If a shape does not fit or a sequence is empty.
        """
        if isinstance(input, PackedSequence):
            return self._packed(input, hx)
        x = input if isinstance(input, Tensor) else Tensor(input)
        self._check_input(x)
        single = x.ndim == 2
        x = x.unsqueeze(1) if single else x.transpose(0, 1) if self.batch_first else x
        states = self._first(hx, x, single)
        lengths = np.full(x.shape[1], x.shape[0])
        output, last = self._layers(x, lengths, states)
        if single:
            return output.squeeze(1), self._out(tuple(part.squeeze(1) for part in last))
        return output.transpose(0, 1) if self.batch_first else output, self._out(last)

    def _packed(self, packed, hx):
        """Run on sequences of several lengths: unpacked, scanned with their lengths, packed."""
        x, lengths = pad_packed_sequence(packed)
        self._check_input(x)
        output, last = self._layers(x, lengths, self._first(hx, x, single=False))
        return pack_padded_sequence(output, lengths, enforce_sorted=False), self._out(last)

    def _layers(self, x, lengths, states):
        """Pass (T, N, D) through all layers; return states at all steps, and the last of each."""
        last = []
        for layer in range(self.num_layers):
            if layer and self.dropout and self.training:
                x = dropout(x, self.dropout, True)
            runs = []
            for direction in range(self._directions):
                place = layer * self._directions + direction
                first = [part[place] for part in states]
                run, final = self._direction(x, lengths, first, layer, direction)
                runs.append(run)
                last.append(final)
            x = cat(*runs, dim=2) if len(runs) > 1 else runs[0]
        return x, tuple(stack(*parts, dim=0) for parts in zip(*last, strict=True))

    def _direction(self, x, lengths, first, layer, direction):
        """Scan in one direction; return the states in order of time, and what is left at its end.

        What is left is one array for each kind of state, (N, H).
        """
        x = turned_around(x, lengths=lengths) if direction else x
        parts = self._scan(x, first, *self._weights(layer, direction))
        states = turned_around(parts[0], lengths=lengths) if direction else parts[0]
        return states, [last_steps(part, lengths) for part in parts]

    def _first(self, hx, x, single):
        """Return the first states as a tuple, (layers · directions, N, H) each."""
        shape = (self.num_layers * self._directions, x.shape[1], self.hidden_size)
        if hx is None:
            return (np.zeros(shape, x.dtype),) * self.kinds
        given = self._in(hx)
        expected = (shape[0], shape[2]) if single else shape
        for part in given:
            if part.shape != expected:
                raise ValueError(
                    f"{type(self).__name__}: first state {part.shape}; expected {expected}: "
                    "(layers · directions, sequences, hidden size)"
                )
        return tuple(part.reshape(shape) for part in given)

    kinds = 1
    """Kinds of state: one, or states and cells."""

    def _in(self, hx):
        return (hx,)

    def _out(self, last):
        return last[0]

    def _check_input(self, x):
        name = type(self).__name__
        if x.ndim not in (2, 3) or x.shape[-1] != self.input_size:
            raise ValueError(
                f"{name}: input {x.shape}; expected (T, N, {self.input_size})"
                f"{' or, with batch_first, (N, T, …)' if self.batch_first else ''}"
            )
        if 0 in x.shape:
            raise ValueError(
                f"{name}: input {x.shape} is empty; it needs a sequence and at least one step"
            )

    def extra_repr(self):
        """Return sizes and what is not the default."""
        options = {"num_layers": 1, "bias": True, "batch_first": False, "dropout": 0.0}
        options["bidirectional"] = False
        changed = [f"{k}={getattr(self, k)}" for k, v in options.items() if getattr(self, k) != v]
        return ", ".join([f"{self.input_size}, {self.hidden_size}", *changed])


class RNN(Recurrent):
    """Plain (Elman) recurrence h_t = tanh(W_ih x_t + b_ih + W_hh h_{t-1} + b_hh).

    Parameters
    ----------
    input_size, hidden_size : int
        Features D of a step and of the state, H.
    num_layers : int
        Layers on top of each other.
    nonlinearity : {"tanh", "relu"}
        What bends the sum.
    bias, batch_first, dropout, bidirectional
        As in torch: whether there are b; whether the batch comes before time; share dropped between
        layers in training; whether a second direction reads from the end.

    Raises
    ------
    ValueError
        If a size is below 1, dropout is no share, or the nonlinearity is unknown.

    Notes
    -----
    Elman (1990). Derived in the chapter :ref:`recurrent`.
    """

    def __init__(
        self,
        input_size,
        hidden_size,
        num_layers=1,
        nonlinearity="tanh",
        bias=True,
        batch_first=False,
        dropout=0.0,
        bidirectional=False,
    ):
        check_bend("RNN", nonlinearity)
        self.nonlinearity = nonlinearity
        super().__init__(
            input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional
        )

    def _scan(self, x, first, w_ih, w_hh, b_ih, b_hh):
        z = linear(x, w_ih, b_ih + b_hh)
        return [rnn_scan(z, first[0], w_hh, nonlinearity=self.nonlinearity)]


class GRU(Recurrent):
    """Gated recurrent unit; weights hold the reset gate, the update gate and the new state.

    Parameters
    ----------
    input_size, hidden_size : int
        Features D of a step and of the state, H.
    num_layers, bias, batch_first, dropout, bidirectional
        As in `RNN`.

    Raises
    ------
    ValueError
        If a size is below 1 or dropout is no share.

    Notes
    -----
    Cho et al. (2014), with the reset gate outside the product, as in torch. Derived in the chapter
    :ref:`gated`.
    """

    gates = 3

    def _scan(self, x, first, w_ih, w_hh, b_ih, b_hh):
        return [gru_scan(linear(x, w_ih, b_ih), first[0], w_hh, b_hh)]


class LSTM(Recurrent):
    """Long short-term memory; weights hold input, forget, cell and output gate, in this order.

    Parameters
    ----------
    input_size, hidden_size : int
        Features D of a step and of the state, H.
    num_layers, bias, batch_first, dropout, bidirectional
        As in `RNN`.

    Raises
    ------
    ValueError
        If a size is below 1 or dropout is no share.

    Notes
    -----
    Hochreiter and Schmidhuber (1997); the forget gate is of Gers, Schmidhuber and Cummins (2000).
    Derived in the chapter :ref:`gated`. ``proj_size`` of torch is not there.
    """

    gates, kinds = 4, 2

    def _scan(self, x, first, w_ih, w_hh, b_ih, b_hh):
        both = lstm_scan(linear(x, w_ih, b_ih + b_hh), *first, w_hh)
        return [both[:, :, : self.hidden_size], both[:, :, self.hidden_size :]]

    def _in(self, hx):
        return as_pair(type(self).__name__, hx)

    def _out(self, last):
        return last
