"""Four ways to score a look, and two places for it, on dates of five languages.

It takes ten minutes; what it found is kept beside this file. To make it anew, from the top of the
repository (names such as "dot" behind it make those parts alone)::

    python -m companion.rnn.experiments.scores_contest
"""

import json
import sys
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np

from companion.experiments.comparison import apart
from companion.gradients.layers import Linear
from companion.optimization.adam import Adam
from companion.rnn.attention.scores import (
    AdditiveAttention,
    ConcatAttention,
    DotAttention,
    GeneralAttention,
)
from companion.rnn.experiments.dates_contest import (
    JUDGED,
    LEARNED,
    dates,
    exact,
    held_out_loss,
    rounded,
)
from companion.rnn.language.next_token import next_token_loss
from companion.rnn.recurrence.cells import GRUCell
from companion.rnn.recurrence.layers import GRU
from companion.rnn.translation.bahdanau import LookFirstEncoderDecoder
from companion.rnn.translation.encoder_decoder import AttentiveEncoderDecoder
from companion.rnn.translation.pairs import translation_batches
from companion.training import manual_seed

FILE = Path(__file__).with_name("scores_contest.json")
HIDDEN, EMBEDDING = 64, 32
SCORES = {
    "dot": DotAttention,
    "general": lambda: GeneralAttention(HIDDEN, HIDDEN),
    "additive": lambda: AdditiveAttention(HIDDEN, HIDDEN, HIDDEN),
    "concat": lambda: ConcatAttention(HIDDEN, HIDDEN, HIDDEN),
}
KINDS = {
    **{name: (name, AttentiveEncoderDecoder) for name in SCORES},
    "general, before": ("general", LookFirstEncoderDecoder),
    "additive, before": ("additive", LookFirstEncoderDecoder),
}
"""Name → score and model. Where nothing is said the look comes after the step."""
RATES = (0.003, 0.006, 0.012, 0.024, 0.048)
TUNING, SEEDS = (100, 101), tuple(range(5))
UPDATES, EVERY, BATCH = 120, 10, 64
WATCHED = slice(JUDGED.start, JUDGED.start + 300)
"""The dates that judge on the way."""


def network(kind, data):
    """Make a network whose encoder has states as long as those of its decoder.

    With that all four scores fit: half of a state comes from each direction of the encoder.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    data : Dates
        For the sizes of the vocabularies.

    Returns
    -------
    AttentiveEncoderDecoder
        Not trained yet.

    Raises
    ------
    ValueError
        If the kind is unknown.
    """
    if kind not in KINDS:
        raise ValueError(f"network: no kind {kind!r}; there are {', '.join(KINDS)}")
    score, make = KINDS[kind]
    sizes = len(data.letters), len(data.digits)
    model = make(*sizes, SCORES[score](), HIDDEN, EMBEDDING)
    model.encoder = GRU(EMBEDDING, HIDDEN // 2, batch_first=True, bidirectional=True)
    model.bridge = Linear(HIDDEN, HIDDEN)
    model.mix = Linear(2 * HIDDEN, HIDDEN)
    if make is LookFirstEncoderDecoder:
        model.decoder = GRUCell(EMBEDDING + HIDDEN, HIDDEN)
    return model


class Run(NamedTuple):
    """One network that was trained; see `train`.

    Attributes
    ----------
    exact : list of float
        Share of dates written right, after each `EVERY` updates.
    seconds : float
        Of the processor for an update, in the median.
    """

    exact: list
    seconds: float


def train(kind, rate, seed, data, updates=UPDATES, judged=WATCHED):
    """Train a network with Adam and judge it on the way.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    rate : float
        Learning rate.
    seed : int
        Of weights and order.
    data : Dates
        All dates.
    updates : int
        Updates.
    judged : slice
        The dates that judge.

    Returns
    -------
    run : Run
        What came out.
    model : AttentiveEncoderDecoder
        The network.
    """
    manual_seed(seed)
    model, shares, seconds = network(kind, data), [], []
    optimizer = Adam(model.parameters(), lr=rate)
    texts = data.human[LEARNED], data.iso[LEARNED]
    batches = translation_batches(*texts, data.letters, data.digits, BATCH, seed)
    for done, (x, y) in enumerate(_endless(batches), start=1):
        start = time.process_time()
        optimizer.zero_grad()
        next_token_loss(model(x), y).backward()
        optimizer.step()
        seconds.append(time.process_time() - start)
        if done % EVERY == 0 and len(range(judged.start, judged.stop)):
            shares.append(exact(model, data, judged).mean())
        if done == updates:
            return Run(rounded(shares), *rounded([np.median(seconds)])), model


def _endless(batches):
    while True:
        yield from batches


def contest(data, kinds=tuple(KINDS), rates=RATES, tuning=TUNING, seeds=SEEDS):
    """Let each kind choose its rate on some seeds and dates, and judge it on others.

    Returns
    -------
    list of dict
        One for each kind: held-out loss of each rate, the rate, weights of the score and of all,
        and what `Run` holds, run by run.
    """
    apart("contest", tuning, seeds)
    found, nobody = [], slice(0, 0)
    for kind in kinds:
        tried = [
            np.mean(
                [held_out_loss(train(kind, r, s, data, judged=nobody)[1], data) for s in tuning]
            )
            for r in rates
        ]
        rate = rates[int(np.nanargmin(tried))]
        runs, models = zip(*(train(kind, rate, seed, data) for seed in seeds), strict=True)
        counts = [
            sum(p.data.size for p in part.parameters()) for part in (models[0].attention, models[0])
        ]
        fields = dict(zip(Run._fields, map(list, zip(*runs, strict=True)), strict=True))
        found.append(
            {"kind": kind, "tried": rounded(tried), "rate": rate, "weights": counts, **fields}
        )
        print(json.dumps(found[-1]), flush=True)
    return found


def stored():
    """Read what was found.

    Returns
    -------
    dict
        Kind → what `contest` found of it.
    """
    return {entry["kind"]: entry for entry in json.loads(FILE.read_text(encoding="utf-8"))}


def _main():
    chosen, data = sys.argv[1:] or list(KINDS), dates()
    for kind in chosen:
        new = contest(data, [kind])
        found = (stored() if FILE.exists() else {}) | {kind: new[0]}
        kept = [found[name] for name in KINDS if name in found]
        FILE.write_text(json.dumps(kept), encoding="utf-8")


if __name__ == "__main__":
    _main()
