"""A recognizer of spelled words, trained with CTC: letters that are wrong in old and new voices.

Two kinds of training: on the recordings as they are, or played at random speeds, which moves their
frequencies as well. Three networks of each kind; of those that heard other speeds, the one with the
smallest loss in training is kept with its weights. It takes some minutes; what it found is kept
beside this file and read by `stored` and `load_speller`. To make it anew, from the top of the
repository::

    python -m companion.rnn.experiments.speller
"""

import json
import re
from pathlib import Path

import numpy as np
from scipy.signal import resample

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
NOISE = 0.01
KINDS = {"other speeds": 0.25, "as recorded": 0.0}
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


def at_speeds(recordings, width, rng, noise=NOISE):
    """Play each recording faster or slower, by a factor between e^-width and e^width.

    Parameters
    ----------
    recordings : list of companion.data.spoken.Recording
        What is played, without noise; of the new ones only signal and text hold, not the times.
    width : float
        Of the uniform distribution of the factor's logarithm.
    rng : numpy.random.Generator
        Draws a factor for each, and the noise.
    noise : float
        Standard deviation of the noise that is put over the result. If it were in the recordings,
        its spectrum would change with the speed.

    Returns
    -------
    list of companion.data.spoken.Recording
        In the same order.
    """
    played = []
    for r in recordings:
        samples = round(len(r.signal) / np.exp(rng.uniform(-width, width)))
        signal = resample(r.signal, samples) + noise * rng.standard_normal(samples)
        played.append(r._replace(signal=signal.astype(np.float32)))
    return played


def train(seed, width=0.0, *, epochs=EPOCHS, count=None):
    """Train one network; every epoch spells the words anew.

    Adam, its rate falling in a line to a twentieth; the norm of the gradient clipped at 1.

    Parameters
    ----------
    seed : int
        Of weights, order and recordings.
    width : float
        Of the speeds; see `at_speeds`.
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
        noise, which, costs = 0.0 if width else NOISE, int(rng.integers(2**31)), []
        recordings = spelled_recordings(order, HEARD, which, noise=noise)
        if width:  # the noise comes last
            recordings = at_speeds(recordings, width, rng)
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
    """Read what was found: kind → list of runs, each with losses and error rates by voices."""
    return json.loads(FILE.read_text("utf-8"))


def load_speller():
    """Load the network that is kept: of those with other speeds, the one of the smallest loss.

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
    found = {}
    for kind, width in KINDS.items():
        found[kind] = []
        for seed in SEEDS:
            model, losses = train(seed, width)
            rates = {who: round(error_rate(*judged(model, who)), 4) for who in VOICES}
            found[kind].append({"losses": losses, **rates})
            print(kind, seed, rates, flush=True)
            if width and losses[-1] <= min(run["losses"][-1] for run in found[kind]):
                np.savez_compressed(WEIGHTS, **model.state_dict())
            FILE.write_text(json.dumps(found, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
