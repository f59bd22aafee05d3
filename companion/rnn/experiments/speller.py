"""A recognizer of spelled words, trained with CTC: letters that are wrong in old and new voices.

Three networks; the first is kept with its weights. It takes a few minutes; what it found is kept
beside this file and read by `stored` and `load_speller`. To make it anew, from the top of the
repository::

    python -m companion.rnn.experiments.speller
"""

import json
import re
from pathlib import Path

import numpy as np

from companion.data.spoken import HEARD, UNHEARD, spelled_recordings
from companion.data.verses import verses
from companion.gradients.clipping import clip_grad_norm_
from companion.optimization.adam import Adam
from companion.rnn.speech.ctc import CTCLoss
from companion.rnn.speech.speller import BLANK, Speller, spelled_batch
from companion.rnn.translation.error_rates import error_rate
from companion.training import manual_seed

FILE = Path(__file__).with_name("speller.json")
WEIGHTS = FILE.with_suffix(".npz")
SEEDS, EPOCHS, BATCH, RATE, JUDGED = (0, 1, 2), 10, 16, 0.01, 200
VOICES = {"heard": HEARD, "unheard": (UNHEARD,)}


def words():
    """Return words of the Psalms with three to six letters: for learning, and for judging.

    Returns
    -------
    learned, unseen : list of str
        They share no word; `unseen` has 200.
    """
    found = re.findall("[a-z]+", " ".join(verses("Psalms")).lower())
    kinds = sorted({word for word in found if 3 <= len(word) <= 6})
    order = np.random.default_rng(0).permutation(len(kinds))
    mixed = [kinds[k] for k in order]
    return mixed[JUDGED:], mixed[:JUDGED]


def train(seed, *, epochs=EPOCHS, count=None):
    """Train one network; every epoch spells the words anew.

    Adam, its rate falling in a line to a twentieth; the norm of the gradient clipped at 1.

    Parameters
    ----------
    seed : int
        Of weights, order and recordings.
    epochs : int
        Passes over the words.
    count : int, optional
        Take only so many words.

    Returns
    -------
    model : Speller
        It has learned.
    losses : list of float
        Mean loss of each epoch, in nats for each letter.
    """
    manual_seed(seed)
    rng = np.random.default_rng(seed)
    model, loss, learned = Speller(), CTCLoss(blank=BLANK), words()[0][:count]
    optimizer, losses = Adam(model.parameters(), lr=RATE), []
    for epoch in range(epochs):
        optimizer.param_groups[0]["lr"] = RATE * (1 - 0.95 * epoch / epochs)
        order = rng.permutation(learned).tolist()
        recordings = spelled_recordings(order, HEARD, int(rng.integers(2**31)))
        costs = []
        for start in range(0, len(order), BATCH):
            batch = spelled_batch(recordings[start : start + BATCH])
            optimizer.zero_grad()
            log_probs = model(batch.frames, batch.lengths)
            cost = loss(log_probs, batch.targets, batch.lengths, batch.target_lengths)
            cost.backward()
            clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            costs.append(cost.item())
        losses.append(round(float(np.mean(costs)), 4))
        print(f"{losses[-1]:.3f}", end=" ", flush=True)
    return model, losses


def judged(model, who, count=JUDGED):
    """Let a network write down words that it never learned from.

    Parameters
    ----------
    model : Speller
        Who listens.
    who : str
        A key of `VOICES`.
    count : int
        How many words.

    Returns
    -------
    said : list of str
        What it wrote.
    right : list of str
        What was spelled.
    """
    right = words()[1][:count]
    return model.transcribe(spelled_recordings(right, VOICES[who], 10_000)), right


def stored():
    """Read what was found: a list of runs, each with losses and error rates by kind of voice."""
    return json.loads(FILE.read_text("utf-8"))


def load_speller():
    """Load the network that is kept, the first one.

    Returns
    -------
    Speller
        With its weights.
    """
    model = Speller()
    with np.load(WEIGHTS) as kept:
        model.load_state_dict(dict(kept))
    return model


def main():
    """Train the networks, judge them, and write what came out."""
    found = []
    for seed in SEEDS:
        model, losses = train(seed)
        rates = {who: round(error_rate(*judged(model, who)), 4) for who in VOICES}
        found.append({"losses": losses, **rates})
        print(seed, rates, flush=True)
        if seed == SEEDS[0]:
            np.savez_compressed(WEIGHTS, **model.state_dict())
        FILE.write_text(json.dumps(found, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
