"""A small network that spells a word out in phonemes, without attention.

Its training takes minutes; its weights are kept beside this file, in half precision, with what was
measured. To make them anew, from the top of the repository::

    python -m companion.rnn.experiments.pronouncer
"""

import json
from importlib import import_module
from pathlib import Path
from string import ascii_lowercase

import numpy as np

from companion.data.pronunciations import spelled
from companion.experiments.stored_weights import with_weights
from companion.rnn.language.next_token import next_token_loss
from companion.rnn.text.vocabulary import Vocabulary
from companion.rnn.translation.encoder_decoder import EncoderDecoder
from companion.rnn.translation.error_rates import error_rate, exact
from companion.rnn.translation.greedy import greedy
from companion.rnn.translation.pairs import padded, translation_batches
from companion.training import Schedule, fit, manual_seed

WEIGHTS = Path(__file__).with_name("pronouncer.npz")
MEASURES = Path(__file__).with_name("pronouncer.json")
LEARNED, HELD_OUT = 20_000, 1_000
EPOCHS, RATES, HIDDEN, EMBEDDING = 8, (0.01, 0.004), 96, 32
ARPABET = (
    "AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V "
    "W Y Z ZH"
)
PHONEMES = ARPABET.split()


def spelling_and_sound(learned=LEARNED):
    """Draw words and their phonemes, and hold some out.

    Parameters
    ----------
    learned : int
        Words to learn from.

    Returns
    -------
    train, val, test : (list of str, list of tuple of str)
        Words and phonemes: `learned` pairs, 1,000 to choose by and 1,000 to judge by. The held-out
        words are the same for any number.
    """
    words, sounds = spelled(2 * HELD_OUT + learned)
    cuts = (slice(2 * HELD_OUT, None), slice(HELD_OUT), slice(HELD_OUT, 2 * HELD_OUT))
    return tuple((words[cut], sounds[cut]) for cut in cuts)


def vocabularies():
    """Return the vocabularies of letters and of phonemes."""
    return Vocabulary(ascii_lowercase), Vocabulary(PHONEMES)


def learned(optim, words, sounds, *, epochs=EPOCHS, rate=RATES[0], hidden=HIDDEN, seed=0):
    """Train a network.

    Parameters
    ----------
    optim : module
        ``companion.optim``.
    words, sounds : list
        As from `spelling_and_sound`.
    epochs : int
        With batches of 64 words.
    rate : float
        Largest rate of Adam; it goes up and down once.
    hidden : int
        Numbers in the state of each direction of the encoder, and of the decoder.
    seed : int
        Of weights and batches.

    Returns
    -------
    model : EncoderDecoder
        In evaluation mode.
    history : History
        Of its training.
    """
    manual_seed(seed)
    letters, phonemes = vocabularies()
    model = EncoderDecoder(len(letters), len(phonemes), hidden, EMBEDDING)
    batches = translation_batches(words, sounds, letters, phonemes, seed=seed)
    optimizer = optim.Adam(model.parameters(), lr=rate)
    rates = optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=epochs * len(batches))
    history = fit(model, batches, next_token_loss, optimizer, epochs=epochs,
                  callbacks=[Schedule(rates, "step")])  # fmt: skip
    return model.eval(), history


def pronounced(model, words):
    """Say words, the most probable phoneme each time.

    Parameters
    ----------
    model : EncoderDecoder
        As from `learned` or `load_pronouncer`.
    words : list of str
        Letters a to z only.

    Returns
    -------
    list of tuple of str
        Phonemes of each word.

    Raises
    ------
    ValueError
        If there is no word, or one is empty or holds another letter.
    """
    letters, phonemes = vocabularies()
    return [tuple(phonemes.decode(row)) for row in greedy(model, padded(words, letters))]


def measured(model, words, sounds):
    """Return the phoneme error rate and the share of words without any error, as a dict."""
    said = pronounced(model, words)
    return {"phoneme_error_rate": error_rate(said, sounds), "exact": exact(said, sounds)}


def load_pronouncer():
    """Make the network whose weights are kept.

    Returns
    -------
    model : EncoderDecoder
        In evaluation mode.
    letters, phonemes : Vocabulary
        What it reads, and what it says.
    """
    letters, phonemes = vocabularies()
    with np.load(WEIGHTS) as kept:
        model = EncoderDecoder(len(letters), len(phonemes), HIDDEN, EMBEDDING)
        return with_weights(model, kept), letters, phonemes


def stored():
    """Read what was measured.

    Returns
    -------
    dict
        "tried": largest rate (as text) → measures on the words to choose by; "rate": the one
        chosen; "losses": mean loss of each epoch; "test": measures on the words to judge by.
    """
    return json.loads(MEASURES.read_text(encoding="utf-8"))


def _main():
    train, val, test = spelling_and_sound()
    runs, tried = {}, {}
    for rate in RATES:
        runs[rate] = learned(import_module("companion.optim"), *train, rate=rate)
        tried[rate] = measured(runs[rate][0], *val)
        print(rate, runs[rate][1].seconds, runs[rate][1].epochs["loss"], tried[rate], flush=True)
    rate = min(RATES, key=lambda rate: tried[rate]["phoneme_error_rate"])
    model, history = runs[rate]
    state = model.state_dict()
    np.savez(WEIGHTS, **{name: np.asarray(value, np.float16) for name, value in state.items()})
    test = measured(load_pronouncer()[0], *test)
    found = {"tried": {str(r): m for r, m in tried.items()}, "rate": rate, "test": test}
    losses = [round(float(loss), 4) for loss in history.epochs["loss"]]
    MEASURES.write_text(json.dumps({**found, "losses": losses}, indent=1), encoding="utf-8")
    print(test)


if __name__ == "__main__":
    _main()
