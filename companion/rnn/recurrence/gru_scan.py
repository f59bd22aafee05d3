"""The gated recurrent unit over a whole sequence, and its way back.

Derived in the chapter :ref:`gated`.
"""

import numpy as np

from companion.gradients.tape import primitive
from companion.rnn.recurrence.rnn_scan import states_times
from companion.rnn.recurrence.sweep import check_scan, jointly


@primitive
def gru_scan(z, h0, w, b):
    """States of a GRU. z: (T, N, 3H), h0: (N, H), w: (3H, H), b: (3H,) → (T, N, H).

    With s = W h_{t-1} + b, each of z and s in thirds: r = σ(z₁ + s₁), u = σ(z₂ + s₂),
    n = tanh(z₃ + r s₃), h_t = (1 - u) n + u h_{t-1}. The reset gate r stands outside the product,
    as in torch; Cho et al. (2014) put it inside.

    Way back: dn = dh (1 - u), du = dh (h_{t-1} - n), dr = dn s₃; dh_{t-1} = u dh + Wᵀ ds.
    """
    check_scan(z, {"h0": h0}, w, gates=3)
    if b.shape != w.shape[:1]:
        raise ValueError(f"bias {b.shape}; expected {w.shape[:1]}")
    size = w.shape[1]
    states, gates, inner = _forward(z, h0, w, b)

    def sweep(dy):
        r, u, n = (gates[..., k * size : (k + 1) * size] for k in range(3))
        dz, ds = np.empty_like(gates), np.empty_like(gates)
        dh = np.zeros_like(h0)
        for t in reversed(range(len(z))):
            before = states[t - 1] if t else h0
            dh += dy[t]
            part, last = dz[t], slice(2 * size, 3 * size)
            dn = np.multiply(dh * (1 - u[t]), 1 - n[t] * n[t], out=part[:, last])
            np.multiply(dn, inner[t], out=part[:, :size])
            np.multiply(dh, before - n[t], out=part[:, size : 2 * size])
            part[:, : 2 * size] *= gates[t, :, : 2 * size] * (1 - gates[t, :, : 2 * size])
            ds[t, :, : 2 * size] = part[:, : 2 * size]
            np.multiply(dn, r[t], out=ds[t, :, last])
            dh *= u[t]
            dh += ds[t] @ w
        return dz, dh, states_times(ds, states, h0), ds.sum(axis=(0, 1))

    return states, *jointly(sweep, 4)


def _forward(z, h, w, b):
    """Return states, gates after their function (T, N, 3H), and s₃ of each step, (T, N, H)."""
    size = w.shape[1]
    gates, states = np.empty_like(z), np.empty((*z.shape[:2], size), z.dtype)
    inner, turned = np.empty_like(states), np.ascontiguousarray(w.T)
    both = slice(0, 2 * size)
    for t in range(len(z)):
        s = h @ turned + b
        a = gates[t]
        # σ(x) = (1 + tanh(x/2)) / 2
        np.tanh((z[t, :, both] + s[:, both]) / 2, out=a[:, both])
        a[:, both] += 1
        a[:, both] /= 2
        inner[t] = s[:, 2 * size :]
        n = a[:, 2 * size :]
        np.tanh(z[t, :, 2 * size :] + a[:, :size] * inner[t], out=n)
        h = np.add(n, a[:, size : 2 * size] * (h - n), out=states[t])
    return states, gates, inner
