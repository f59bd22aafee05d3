"""Known wrong answers to the exercises of the chapter on gates."""

import numpy as np

from companion.exercises import wrong


@wrong("gru-by-hand", fails="test_the_new_content")
def gru_by_hand():
    """Forgets the reset gate."""
    n = np.tanh(0.9 + 0.5)
    return n, 0.25 * n + 0.75 * 0.5


@wrong("gru-by-hand", fails="test_the_new_content")
def gru_by_hand():
    """Does not bend."""
    return 1.0, 0.625


@wrong("gru-by-hand", fails="test_the_new_state")
def gru_by_hand():
    """Takes u for the share of the new."""
    n = np.tanh(1)
    return n, 0.75 * n + 0.25 * 0.5


@wrong("gru-by-hand", fails="test_the_new_state")
def gru_by_hand():
    """Adds all of the new."""
    n = np.tanh(1)
    return n, n + 0.75 * 0.5


def s(v):
    return (1 + np.tanh(v / 2)) / 2


def layers(x, h, w_ih, w_hh, b):
    return np.split(x @ w_ih.T + h @ w_hh.T + b, 4, axis=1)


@wrong("lstm-step", fails="test_one_step")
def lstm_step(x, h, c, w_ih, w_hh, b):
    """Exchanges input and forget gate."""
    f, i, g, o = layers(x, h, w_ih, w_hh, b)
    c = s(f) * c + s(i) * np.tanh(g)
    return s(o) * np.tanh(c), c


@wrong("lstm-step", fails="test_one_step")
def lstm_step(x, h, c, w_ih, w_hh, b):
    """Takes the order of ONNX."""
    i, o, f, g = layers(x, h, w_ih, w_hh, b)
    c = s(f) * c + s(i) * np.tanh(g)
    return s(o) * np.tanh(c), c


@wrong("lstm-step", fails="test_one_step")
def lstm_step(x, h, c, w_ih, w_hh, b):
    """Shows the cell without tanh."""
    i, f, g, o = layers(x, h, w_ih, w_hh, b)
    c = s(f) * c + s(i) * np.tanh(g)
    return s(o) * c, c


@wrong("lstm-step", fails="test_one_step")
def lstm_step(x, h, c, w_ih, w_hh, b):
    """Returns the old cell."""
    i, f, g, o = layers(x, h, w_ih, w_hh, b)
    new = s(f) * c + s(i) * np.tanh(g)
    return s(o) * np.tanh(new), c


@wrong("lstm-step", fails="test_float32_stays")
def lstm_step(x, h, c, w_ih, w_hh, b):
    """Computes in float64."""
    i, f, g, o = layers(x.astype(float), h, w_ih, w_hh, b)
    c = s(f) * c + s(i) * np.tanh(g)
    return s(o) * np.tanh(c), c


@wrong("lstm-step", fails="test_one_step")
def lstm_step(x, h, c, w_ih, w_hh, b):
    """Returns float32 whatever goes in."""
    i, f, g, o = layers(x, h, w_ih, w_hh, b)
    c = s(f) * c + s(i) * np.tanh(g)
    return (s(o) * np.tanh(c)).astype(np.float32), c.astype(np.float32)


@wrong("lstm-step", fails="test_saturated_gates")
def lstm_step(x, h, c, w_ih, w_hh, b):
    """Divides exponentials, which overflow."""
    i, f, g, o = (np.exp(a) / (1 + np.exp(a)) for a in layers(x, h, w_ih, w_hh, b))
    g = np.tanh(layers(x, h, w_ih, w_hh, b)[2])
    c = f * c + i * g
    return o * np.tanh(c), c


@wrong("lstm-step", fails="test_saturated_gates")
def lstm_step(x, h, c, w_ih, w_hh, b):
    """Cuts sums off at 12, where a gate is not yet open to the last digit."""
    i, f, g, o = layers(x, h, w_ih, w_hh, b)
    i, f, o = (1 / (1 + np.exp(-np.clip(a, -12, 12))) for a in (i, f, o))
    c = f * c + i * np.tanh(g)
    return o * np.tanh(c), c


def back(dh, dc, x, h, c, w_ih, w_hh, b):
    i, f, g, o = layers(x, h, w_ih, w_hh, b)
    i, f, g, o = s(i), s(f), np.tanh(g), s(o)
    bent = np.tanh(f * c + i * g)
    total = dc + dh * o * (1 - bent**2)
    da = np.concatenate(
        [
            total * g * i * (1 - i),
            total * c * f * (1 - f),
            total * i * (1 - g**2),
            dh * bent * o * (1 - o),
        ],
        axis=1,
    )
    return da, total, f


@wrong("lstm-step-back", fails="test_the_cell_before")
def lstm_step_back(dh, dc, x, h, c, w_ih, w_hh, b):
    """Forgets what the state sends into the cell."""
    da, _, f = back(dh, dc, x, h, c, w_ih, w_hh, b)
    return da @ w_ih, da @ w_hh, dc * f, da.T @ x, da.T @ h, da.sum(axis=0)


@wrong("lstm-step-back", fails="test_the_cell_before")
def lstm_step_back(dh, dc, x, h, c, w_ih, w_hh, b):
    """Forgets the forget gate."""
    da, total, _ = back(dh, dc, x, h, c, w_ih, w_hh, b)
    return da @ w_ih, da @ w_hh, total, da.T @ x, da.T @ h, da.sum(axis=0)


@wrong("lstm-step-back", fails="test_the_cell_before")
def lstm_step_back(dh, dc, x, h, c, w_ih, w_hh, b):
    """Ignores what arrives at the cell."""
    da, total, f = back(dh, 0 * dc, x, h, c, w_ih, w_hh, b)
    return da @ w_ih, da @ w_hh, total * f, da.T @ x, da.T @ h, da.sum(axis=0)


@wrong("lstm-step-back", fails="test_the_other_gradients")
def lstm_step_back(dh, dc, x, h, c, w_ih, w_hh, b):
    """Takes means over the batch."""
    da, total, f = back(dh, dc, x, h, c, w_ih, w_hh, b)
    n = len(x)
    return da @ w_ih, da @ w_hh, total * f, da.T @ x / n, da.T @ h / n, da.mean(axis=0)


@wrong("lstm-step-back", fails="test_the_other_gradients")
def lstm_step_back(dh, dc, x, h, c, w_ih, w_hh, b):
    """Takes the weights' gradients from dh alone."""
    da, total, f = back(dh, dc, x, h, c, w_ih, w_hh, b)
    only, _, _ = back(dh, 0 * dc, x, h, c, w_ih, w_hh, b)
    return da @ w_ih, da @ w_hh, total * f, only.T @ x, only.T @ h, only.sum(axis=0)


@wrong("lstm-step-back", fails="test_float32_zeros_and_large_sums")
def lstm_step_back(dh, dc, x, h, c, w_ih, w_hh, b):
    """Computes in float64."""
    da, total, f = back(dh.astype(float), dc, x.astype(float), h, c, w_ih, w_hh, b)
    return da @ w_ih, da @ w_hh, total * f, da.T @ x, da.T @ h, da.sum(axis=0)


@wrong("lstm-step-back", fails="test_the_cell_before")
def lstm_step_back(dh, dc, x, h, c, w_ih, w_hh, b):
    """Returns float32 whatever goes in."""
    da, total, f = back(dh, dc, x, h, c, w_ih, w_hh, b)
    found = (da @ w_ih, da @ w_hh, total * f, da.T @ x, da.T @ h, da.sum(axis=0))
    return tuple(one.astype(np.float32) for one in found)


@wrong("lstm-step-back", fails="test_float32_zeros_and_large_sums")
def lstm_step_back(dh, dc, x, h, c, w_ih, w_hh, b):
    """Divides exponentials, which overflow."""
    i, f, g, o = layers(x, h, w_ih, w_hh, b)
    i, f, o = (np.exp(a) / (1 + np.exp(a)) for a in (i, f, o))
    g = np.tanh(g)
    bent = np.tanh(f * c + i * g)
    dc = dc + dh * o * (1 - bent**2)
    parts = [dc * g * i * (1 - i), dc * c * f * (1 - f), dc * i * (1 - g**2)]
    da = np.concatenate([*parts, dh * bent * o * (1 - o)], axis=1)
    return da @ w_ih, da @ w_hh, dc * f, da.T @ x, da.T @ h, da.sum(axis=0)


@wrong("counting-cell", fails="test_short_rows")
def counting():
    """Lets g be 1 always, so that every step counts."""
    return np.zeros((4, 1)), np.zeros((4, 1)), np.array([50.0, 50, 50, 0])


@wrong("counting-cell", fails="test_short_rows")
def counting():
    """Leaves the forget gate at one half."""
    return np.array([[0.0], [0], [50], [0]]), np.zeros((4, 1)), np.array([50.0, 0, 0, 0])


@wrong("counting-cell", fails="test_long_rows")
def counting():
    """Opens the forget gate not far enough."""
    return np.array([[0.0], [0], [50], [0]]), np.zeros((4, 1)), np.array([50.0, 8, 0, 0])


@wrong("counting-cell", fails="test_long_rows")
def counting():
    """Does not quite close the input gate at zeros, and writes a little there."""
    return np.array([[50.0], [0], [0], [0]]), np.zeros((4, 1)), np.array([-8.5, 50, 8, 0])


@wrong("counting-cell", fails="test_long_rows")
def counting():
    """Leaks a little at zeros, which shows when half of the row are ones that came first."""
    return np.array([[0.0], [40], [50], [0]]), np.zeros((4, 1)), np.array([50.0, 12, 0, 0])


@wrong("gru-by-hand", fails="test_the_new_content")
def gru_by_hand():
    """Rounds to two decimals."""
    return 0.76, 0.57
