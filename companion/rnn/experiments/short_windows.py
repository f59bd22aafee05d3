"""What does not fit into a window: an echo eight steps late, through windows of several lengths.

The runs take minutes; what they found is kept beside this file and read by `stored`. To make it
anew, from the top of the repository::

    python -m companion.rnn.experiments.short_windows

Told in the chapter :ref:`recurrent_speed`.
"""

import json
from pathlib import Path

import numpy as np

from companion.experiments.comparison import apart
from companion.gradients.layers import Linear
from companion.gradients.losses.binary_cross_entropies import BCEWithLogitsLoss
from companion.gradients.module import Module
from companion.gradients.tape import no_grad
from companion.optimization.adam import Adam
from companion.rnn.recurrence.layers import RNN
from companion.rnn.recurrence.truncated import fit_stream
from companion.training import manual_seed

FILE = Path(__file__).with_name("short_windows.json")
LAG, STREAMS, STEPS, HIDDEN = 8, 16, 16_000, 32
WINDOWS = (2, 4, 6, 8, 9, 10, 12, 16, 24)
RATES, TUNING, SEEDS = (0.001, 0.003, 0.01), (100, 101), tuple(range(5))


class Echo(Module):
    """A plain recurrence over single numbers, with a score for each step."""

    def __init__(self, hidden=HIDDEN):
        self.recurrence = RNN(1, hidden, batch_first=True)
        self.head = Linear(hidden, 1)

    def advance(self, inputs, state=None):
        """Return scores (N, T, 1) and the state after the last step."""
        states, state = self.recurrence(inputs, state)
        return self.head(states), state


def bits(seed, streams=STREAMS, steps=STEPS, lag=LAG):
    """Draw random bits, and the same bits `lag` steps later.

    Returns
    -------
    inputs, targets : numpy.ndarray
        (N, T, 1) float32: −1 or 1, and 0 or 1 for what was read `lag` steps before.

    Raises
    ------
    ValueError
        If there is no stream or no step, or the lag is negative.
    """
    if streams < 1 or steps < 1 or lag < 0:
        raise ValueError(f"bits: {streams} streams, {steps} steps, lag {lag}; expected 1, 1, 0 up")
    drawn = np.random.default_rng(seed).integers(0, 2, (streams, steps + lag, 1))
    return (2 * drawn[:, lag:] - 1).astype(np.float32), drawn[:, :steps].astype(np.float32)


def echo_accuracy(window, rate, seed, lag=LAG, steps=STEPS):
    """Learn from streams through one window; return the share of right echoes on new streams."""
    manual_seed(seed)
    model = Echo()
    optimizer = Adam(model.parameters(), rate)
    fit_stream(model, *bits(seed, steps=steps, lag=lag), BCEWithLogitsLoss(), optimizer, window)
    inputs, targets = bits(seed + 1000, steps=500, lag=lag)
    with no_grad():
        scores = model.advance(inputs)[0].numpy()
    # What was read before the stream began cannot be known.
    return float(((scores > 0) == (targets > 0.5))[:, lag:].mean())


def compared(windows=WINDOWS, rates=RATES, tuning=TUNING, seeds=SEEDS):
    """Let each window choose its rate, and judge it with other seeds.

    Returns
    -------
    dict
        Window, as a str → "tried": mean accuracy with each rate, "rate", "accuracy" of each seed.

    Raises
    ------
    ValueError
        If a seed is used for tuning and for judging.
    """
    apart("compared", tuning, seeds)
    found = {}
    for window in windows:
        tried = [np.mean([echo_accuracy(window, r, seed) for seed in tuning]) for r in rates]
        rate = rates[int(np.argmax(tried))]
        accuracy = [echo_accuracy(window, rate, seed) for seed in seeds]
        found[str(window)] = {
            "tried": np.round(tried, 4).tolist(),
            "rate": rate,
            "accuracy": np.round(accuracy, 4).tolist(),
        }
    return found


def stored():
    """Read what `compared` found."""
    return json.loads(FILE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    FILE.write_text(json.dumps(compared()) + "\n", encoding="utf-8")
