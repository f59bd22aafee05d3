"""Long short-term memory over a whole sequence, and its way back.

Derived in the chapter :ref:`gated`.
"""

import numpy as np

from companion.gradients.tape import primitive
from companion.rnn.recurrence.rnn_scan import states_times
from companion.rnn.recurrence.sweep import check_scan, jointly


@primitive
def lstm_scan(z, h0, c0, w):
    """States and cells of an LSTM. z: (T, N, 4H), h0 and c0: (N, H), w: (4H, H) → (T, N, 2H).

    z + W h_{t-1} holds i, f, g, o side by side; c_t = σ(f) c_{t-1} + σ(i) tanh(g) and
    h_t = σ(o) tanh(c_t). The result holds h_t in its first half and c_t in its second.

    Way back, from the last step: dc_t = dh_t σ(o) (1 - tanh² c_t) + what comes from dc_{t+1}, times
    the forget gate on its way to c_{t-1}.
    """
    check_scan(z, {"h0": h0, "c0": c0}, w, gates=4)
    size = w.shape[1]
    out, gates, bent = _forward(z, h0, c0, w)

    def sweep(dy):
        i, f, g, o = (gates[..., k * size : (k + 1) * size] for k in range(4))
        da = np.empty_like(gates)
        dh, dc = np.zeros_like(h0), np.zeros_like(c0)
        for t in reversed(range(len(z))):
            before = out[t - 1, :, size:] if t else c0
            dh += dy[t, :, :size]
            part = da[t]
            do = np.multiply(dh, bent[t], out=part[:, 3 * size :])
            dc += dy[t, :, size:] + dh * o[t] * (1 - bent[t] * bent[t])
            np.multiply(dc, g[t], out=part[:, :size])
            np.multiply(dc, before, out=part[:, size : 2 * size])
            np.multiply(dc * i[t], 1 - g[t] * g[t], out=part[:, 2 * size : 3 * size])
            part[:, : 2 * size] *= gates[t, :, : 2 * size] * (1 - gates[t, :, : 2 * size])
            do *= o[t] * (1 - o[t])
            dc *= f[t]
            np.dot(part, w, out=dh)
        return da, dh, dc, states_times(da, out[..., :size], h0)

    return out, *jointly(sweep, 4)


def _forward(z, h, c, w):
    """Return states with cells, (T, N, 2H), gates after their function, (T, N, 4H), and tanh(c)."""
    size = w.shape[1]
    gates = np.empty_like(z)
    out = np.empty((*z.shape[:2], 2 * size), z.dtype)
    bent = np.empty((*z.shape[:2], size), z.dtype)
    # σ(a) = (1 + tanh(a/2)) / 2: with halves taken beforehand one tanh does all four gates.
    half = np.full(4 * size, 0.5, z.dtype)
    half[2 * size : 3 * size] = 1
    shift = np.where(half == 1, 0, half).astype(z.dtype)
    turned = np.ascontiguousarray(w.T) * half
    for t in range(len(z)):
        a = np.dot(h, turned, out=gates[t])
        a += z[t] * half
        np.tanh(a, out=a)
        a *= half
        a += shift
        new = np.multiply(a[:, size : 2 * size], c, out=out[t, :, size:])
        new += a[:, :size] * a[:, 2 * size : 3 * size]
        np.tanh(new, out=bent[t])
        np.multiply(a[:, 3 * size :], bent[t], out=out[t, :, :size])
        h, c = out[t, :, :size], new
    return out, gates, bent
