"""Dates of five languages to ISO 8601, by a decoder that looks back and by one that does not.

It takes ten minutes; what it found is kept beside this file. To make it anew, from the top of the
repository ("with" or "without" behind it makes that part alone)::

    python -m companion.rnn.experiments.dates_contest
"""

import json
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np

from companion.data.human_dates import human_dates
from companion.experiments.comparison import apart
from companion.gradients.tape import no_grad
from companion.optimization.adam import Adam
from companion.rnn.attention.scores import AdditiveAttention
from companion.rnn.language.next_token import next_token_loss
from companion.rnn.text.vocabulary import Vocabulary
from companion.rnn.translation.encoder_decoder import AttentiveEncoderDecoder, EncoderDecoder
from companion.rnn.translation.greedy import greedy
from companion.rnn.translation.pairs import padded, translation_batches
from companion.training import manual_seed
from companion.training.fit import fit

FILE = Path(__file__).with_name("dates_contest.json")
HIDDEN = 64
EPOCHS = {"without": 16, "with": 4}
RATES = {"without": (0.001, 0.002, 0.004, 0.008, 0.016), "with": (0.005, 0.01, 0.02)}
TUNING, SEEDS = (100, 101), tuple(range(5))
LEARNED, TUNED, JUDGED = slice(0, 5000), slice(5000, 5500), slice(5500, 6500)
"""Which of the dates are learned from, which choose the rate, and which judge."""
EDGES = (0, 12, 16, 20, 24, 99)
"""Ends of the classes of length: 1 to 12 letters, 13 to 16 …"""


class Dates(NamedTuple):
    """All dates of the contest.

    Attributes
    ----------
    human, iso : list of str
        As people write them, and as ISO 8601 does.
    letters, digits : Vocabulary
        Of the two sides.
    """

    human: list
    iso: list
    letters: Vocabulary
    digits: Vocabulary


def dates():
    """Draw the dates of the contest.

    Returns
    -------
    Dates
        6,500 of them.
    """
    human, iso = human_dates(JUDGED.stop)
    return Dates(human, iso, Vocabulary.of(human), Vocabulary.of(iso))


def network(kind, data, hidden_size=HIDDEN):
    """Make a network, not trained yet.

    Parameters
    ----------
    kind : {"with", "without"}
        Attention, or none.
    data : Dates
        For the sizes of the vocabularies.
    hidden_size : int
        Length of its states.

    Returns
    -------
    EncoderDecoder
        With additive attention or none.

    Raises
    ------
    ValueError
        If the kind is unknown.
    """
    sizes = len(data.letters), len(data.digits)
    if kind == "without":
        return EncoderDecoder(*sizes, hidden_size)
    if kind == "with":
        look = AdditiveAttention(hidden_size, 2 * hidden_size, hidden_size)
        return AttentiveEncoderDecoder(*sizes, look, hidden_size)
    raise ValueError(f"network: no kind {kind!r}; there are {', '.join(EPOCHS)}")


def said(model, data, part):
    """Let a model write some of the dates, without a look at the right answer.

    Parameters
    ----------
    model : EncoderDecoder
        The model.
    data : Dates
        All dates.
    part : slice
        Which of them.

    Returns
    -------
    list of str
        What it writes for each.
    """
    answers = greedy(model, padded(data.human[part], data.letters), longest=12)
    return ["".join(data.digits.decode(answer)) for answer in answers]


def exact(model, data, part):
    """Say of which dates the answer is right in every letter.

    Returns
    -------
    numpy.ndarray
        (N,) bool.
    """
    return np.array(data.iso[part]) == np.array(said(model, data, part))


class Run(NamedTuple):
    """One network that was trained; see `train`.

    Attributes
    ----------
    exact : list of float
        Share of the dates that judge that are written right, after each pass over the data.
    known : float
        The same for a thousand of the dates it learned from, at the end.
    parts : list of float
        Shares of right years, months and days at the end.
    by_length : list of float
        The first share at the end, for each class of length.
    """

    exact: list
    known: float
    parts: list
    by_length: list


def trained(kind, rate, seed, data, epochs, after=lambda model: None):
    """Train a network with Adam, in batches of 64; call `after` behind each pass."""
    manual_seed(seed)
    model = network(kind, data)
    optimizer = Adam(model.parameters(), lr=rate)
    texts = data.human[LEARNED], data.iso[LEARNED]
    batches = translation_batches(*texts, data.letters, data.digits, seed=seed)
    for _ in range(epochs):
        fit(model, batches, next_token_loss, optimizer, epochs=1)
        after(model)
    return model


def train(kind, rate, seed, data, epochs=None):
    """Train a network and judge it.

    Parameters
    ----------
    kind : {"with", "without"}
        Attention, or none.
    rate : float
        Learning rate.
    seed : int
        Of weights and order.
    data : Dates
        All dates.
    epochs : int, optional
        Passes; by default those of the kind.

    Returns
    -------
    Run
        What came out.
    """
    shares, epochs = [], EPOCHS[kind] if epochs is None else epochs
    model = trained(
        kind, rate, seed, data, epochs, lambda m: shares.append(exact(m, data, JUDGED).mean())
    )
    right, answers = exact(model, data, JUDGED), said(model, data, JUDGED)
    pairs = list(zip(answers, data.iso[JUDGED], strict=True))
    parts = [
        np.mean([answer[piece] == iso[piece] for answer, iso in pairs])
        for piece in (slice(0, 4), slice(5, 7), slice(8, 10))
    ]
    kinds = np.digitize([len(text) for text in data.human[JUDGED]], EDGES, right=True)
    lengths = [right[kinds == k].mean() for k in range(1, len(EDGES))]
    known = exact(model, data, slice(0, 1000)).mean()
    return Run(rounded(shares), *rounded([known]), rounded(parts), rounded(lengths))


def held_out_loss(model, data):
    """Mean cross-entropy of the dates that choose the rate, in nats for a letter."""
    texts = data.human[TUNED], data.iso[TUNED]
    batches = translation_batches(*texts, data.letters, data.digits, batch_size=len(texts[0]))
    with no_grad():
        return float(np.mean([next_token_loss(model(x), y).item() for x, y in batches]))


def failing(model, data):
    """Return what chooses the rate: share of dates not written right; of equals, the loss."""
    return 1 - exact(model, data, TUNED).mean(), held_out_loss(model, data)


def contest(data, kinds=tuple(EPOCHS), tuning=TUNING, seeds=SEEDS):
    """Let each kind choose its rate on some seeds and dates, and judge it on others.

    Returns
    -------
    list of dict
        One for each kind: share of wrong dates and loss of each rate, the rate, and what `Run`
        holds, run by run.
    """
    apart("contest", tuning, seeds)
    found = []
    for kind in kinds:
        tried = [
            np.mean(
                [failing(trained(kind, r, s, data, EPOCHS[kind]), data) for s in tuning], axis=0
            )
            for r in RATES[kind]
        ]
        tried = [rounded(pair) for pair in tried]
        rate = min(zip(tried, RATES[kind], strict=True))[1]
        print(kind, tried, rate, flush=True)
        runs = [train(kind, rate, seed, data) for seed in seeds]
        fields = dict(zip(Run._fields, map(list, zip(*runs, strict=True)), strict=True))
        found.append({"kind": kind, "tried": tried, "rate": rate, **fields})
        print(json.dumps(found[-1]), flush=True)
    return found


def rounded(values):
    """Round to four digits, as they are stored."""
    return [float(f"{value:.4g}") for value in values]


def stored():
    """Read what was found.

    Returns
    -------
    dict
        Kind → what `contest` found of it.
    """
    return {entry["kind"]: entry for entry in json.loads(FILE.read_text(encoding="utf-8"))}


def _main():
    chosen, data = sys.argv[1:] or list(EPOCHS), dates()
    for kind in chosen:
        new = contest(data, [kind])
        found = (stored() if FILE.exists() else {}) | {kind: new[0]}
        kept = [found[name] for name in EPOCHS if name in found]
        FILE.write_text(json.dumps(kept), encoding="utf-8")


if __name__ == "__main__":
    _main()
