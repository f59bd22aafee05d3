"""The plain recurrence over a whole sequence, and backpropagation through time.

Derived in the chapter :ref:`recurrent`.
"""

import numpy as np

from companion.gradients.tape import primitive
from companion.rnn.recurrence.sweep import check_scan, jointly

BENDS = {
    "tanh": (np.tanh, lambda h: 1 - h * h),
    "relu": (lambda a: np.maximum(a, 0), lambda h: (h > 0).astype(h.dtype)),
}
"""Name → the function of a unit, and its slope as a function of its value."""


@primitive
def rnn_scan(z, h0, w, *, nonlinearity="tanh"):
    """States h_t = tanh(z_t + W h_{t-1}). z: (T, N, H), h0: (N, H), w: (H, H) → (T, N, H).

    z holds W_in x_t + b for all steps at once. Way back, from the last step to the first:
    da_t = (dh_t + Wᵀ da_{t+1}) (1 - h_t²); then dz = da, dh0 = Wᵀ da_1, dW = Σ da_t h_{t-1}ᵀ.
    """
    check_scan(z, {"h0": h0}, w, gates=1)
    bend, slope = BENDS[nonlinearity]
    states = np.empty_like(z)
    turned, h = np.ascontiguousarray(w.T), h0
    for t in range(len(z)):
        h = states[t] = bend(z[t] + h @ turned)

    def sweep(dy):
        da, carried = np.empty_like(z), 0.0
        for t in reversed(range(len(z))):
            np.multiply(dy[t] + carried, slope(states[t]), out=da[t])
            carried = da[t] @ w
        return da, carried, states_times(da, states, h0)

    return states, *jointly(sweep, 3)


def states_times(da, states, h0):
    """Gradient of W: the sum of da_t h_{t-1}ᵀ over all steps, (T, N, G) and (T, N, H) → (G, H)."""
    before = np.concatenate([h0[None], states[:-1]])
    return da.reshape(-1, da.shape[2]).T @ before.reshape(-1, before.shape[2])
