"""The adding problem for RNN, GRU and LSTM, each at its own learning rate.

It takes a quarter of an hour; what it found is kept beside this file and read by `stored`. To make
it anew, from the top of the repository::

    python -m companion.rnn.experiments.adding
"""

import json
from pathlib import Path
from typing import NamedTuple

import numpy as np

from companion.data.adding import adding_problem
from companion.experiments.comparison import apart
from companion.gradients.clipping import clip_grad_norm_
from companion.gradients.layers import Linear
from companion.gradients.losses.regression import MSELoss
from companion.gradients.module import Module
from companion.gradients.tensor import Tensor
from companion.optimization.adam import Adam
from companion.rnn.recurrence.lags import gradient_by_lag
from companion.rnn.recurrence.layers import GRU, LSTM, RNN
from companion.training import manual_seed

FILE = Path(__file__).with_name("adding.json")
KINDS = {"RNN": RNN, "GRU": GRU, "LSTM": LSTM}
RATES = (0.003, 0.01, 0.03, 0.1)
TUNING, SEEDS = (100, 101), tuple(range(5))
LENGTH, UPDATES, BATCH, HIDDEN, EVERY = 50, 1000, 32, 32, 50
LENGTHS, LENGTH_SEEDS = (10, 25, 100), (0, 1, 2)


class Adder(Module):
    """A recurrent layer that reads pairs (number, mark), and a line that reads its last state.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    hidden_size : int
        Length of the state.

    Raises
    ------
    ValueError
        If the kind is unknown.
    """

    def __init__(self, kind, hidden_size=HIDDEN):
        if kind not in KINDS:
            raise ValueError(f"Adder: no kind {kind!r}; there are {', '.join(KINDS)}")
        self.layer = KINDS[kind](2, hidden_size)
        self.head = Linear(hidden_size, 1)

    def forward(self, sequences):
        """Sum the marked numbers: (T, N, 2) → (N,)."""
        states, _ = self.layer(sequences)
        return self.head(states[-1]).squeeze(1)


class Run(NamedTuple):
    """One network that was trained; see `train`.

    Attributes
    ----------
    errors : list of float
        Mean squared error of the batches since the last entry, one for each `EVERY` updates.
    error : float
        Mean squared error on 500 new sequences after training.
    before, after : list of float
        Median over sequences of the gradient by lag, before and after training.
    """

    errors: list
    error: float
    before: list
    after: list


def train(kind, rate, seed, *, length=LENGTH, updates=UPDATES):
    """Train one network; every batch is drawn anew.

    Adam, the norm of the gradient clipped at 1.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    rate : float
        Learning rate.
    seed : int
        Of weights and sequences.
    length, updates : int
        Steps of a sequence, and updates.

    Returns
    -------
    Run
        What came out.
    """
    manual_seed(seed)
    rng = np.random.default_rng(seed)
    model = Adder(kind)
    optimizer, loss = Adam(model.parameters(), lr=rate), MSELoss()
    judge = adding_problem(500, length, 10_000 + seed)
    before, costs = heard(model, judge[0]), []
    for _ in range(updates):
        x, y = adding_problem(BATCH, length, rng)
        optimizer.zero_grad()
        cost = loss(model(Tensor(x)), Tensor(y))
        cost.backward()
        clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        costs.append(cost.item())
    errors = np.reshape(costs, (-1, EVERY)).mean(axis=1)
    error = loss(model(Tensor(judge[0])), Tensor(judge[1])).item()
    return Run(errors.tolist(), error, before, heard(model, judge[0]))


def heard(model, sequences):
    """Return the median over a hundred sequences of the gradient by lag."""
    read = model.head.weight.numpy()[0]
    return np.median(gradient_by_lag(model.layer, sequences[:, :100], read), axis=1).tolist()


def contest(run=train, kinds=tuple(KINDS), rates=RATES, tuning=TUNING, seeds=SEEDS):
    """Let each kind choose its rate on some seeds, and judge it on others.

    Returns
    -------
    list of dict
        One for each kind: mean error of each rate over the tuning seeds, the rate, and what `Run`
        holds of the seeds' runs.

    Raises
    ------
    ValueError
        If a seed is used for tuning and for judging.
    """
    apart("contest", tuning, seeds)
    found = []
    for kind in kinds:
        tried = [float(np.mean([run(kind, r, s).error for s in tuning])) for r in rates]
        rate = rates[int(np.nanargmin(tried))]
        runs = summary([run(kind, rate, seed) for seed in seeds])
        found.append({"kind": kind, "tried": rounded(tried), "rate": rate, **runs})
        print(kind, rounded(tried), rate, runs["error"], flush=True)
    return found


def over_lengths(found, run=train, lengths=LENGTHS, seeds=LENGTH_SEEDS):
    """Train each kind at other lengths, at the rate that the contest found for it.

    Returns
    -------
    dict
        Kind → length (as text) → errors of the seeds.
    """
    errors = {}
    for entry in found:
        kind, rate = entry["kind"], entry["rate"]
        errors[kind] = {
            str(n): rounded([run(kind, rate, seed, length=n).error for seed in seeds])
            for n in lengths
        }
        print(kind, errors[kind], flush=True)
    return errors


def rounded(values):
    """Round to four digits that count, as they are stored."""
    return [float(f"{value:.3e}") for value in values]


def summary(runs):
    """Turn runs into lists by field, rounded."""
    fields = zip(Run._fields, zip(*runs, strict=True), strict=True)
    return {
        name: [rounded(v) for v in values] if name != "error" else rounded(values)
        for name, values in fields
    }


def stored():
    """Read what was found.

    Returns
    -------
    dict
        "kinds": a list as from `contest`. "lengths": as from `over_lengths`.
    """
    return json.loads(FILE.read_text(encoding="utf-8"))


def _main():
    kinds = contest()
    found = {"kinds": kinds, "lengths": over_lengths(kinds)}
    FILE.write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    _main()
