"""The pronouncer searched with beams of several widths, and exactly; what comes out is stored.

To measure anew, from the top of the repository::

    python -m companion.rnn.experiments.beam_widths
"""

import json
from pathlib import Path

import numpy as np

from companion.rnn.experiments.pronouncer import load_pronouncer, spelling_and_sound
from companion.rnn.translation.beams import beam_searches
from companion.rnn.translation.error_rates import error_rate, exact
from companion.rnn.translation.exhaustive import most_probable
from companion.rnn.translation.rescoring import power_penalty, ranked

MEASURES = Path(__file__).with_name("beam_widths.json")
WIDTHS, ALPHAS = (1, 3, 10, 30), (0.0, 0.5, 1.0, 1.5, 2.0)
COUNT, EXACT = 1_000, 500


def word_sets():
    """Return words and phonemes by name.

    Returns
    -------
    dict of str to (list of str, list of tuple of str)
        "val", to choose by, and "test", to judge by: 1,000 words each of 3 to 10 letters, none of
        them learned.
    """
    _, val, test = spelling_and_sound(1)
    return {"val": [part[:COUNT] for part in val], "test": [part[:COUNT] for part in test]}


def tempered(model, temperature):
    """Divide the scores of a model by a number: above 1 it is less sure of itself.

    Parameters
    ----------
    model : EncoderDecoder
        It is changed.
    temperature : float
        Above 0.

    Returns
    -------
    EncoderDecoder
        The same object. At each step the order of the tokens is as before.
    """
    for part in (model.head.weight, model.head.bias):
        part.data = part.data / part.data.dtype.type(temperature)
    return model


def searched(width, words, sounds, temperature=1.0):
    """Search with one width and judge, for several penalties T^alpha.

    Parameters
    ----------
    width : int
        Of the beam.
    words, sounds : list
        What is read and what should be said.
    temperature : float
        As in `tempered`.

    Returns
    -------
    dict
        "said" (phonemes as one text each) and "log_p" of the first answer without penalty;
        "normalized": the same as "said" with alpha 1; "error" (phoneme error rate), "exact" and
        "phonemes" (of all answers, over the right ones), each a list for `ALPHAS`.
    """
    model, letters, phonemes = load_pronouncer()
    found = beam_searches(
        tempered(model, temperature), [letters.encode(word) for word in words], width
    )
    said = [
        [phonemes.decode(ranked(one, power_penalty(alpha))[0].tokens) for one in found]
        for alpha in ALPHAS
    ]
    right = sum(map(len, sounds))
    return {
        "said": [" ".join(one) for one in said[0]],
        "normalized": [" ".join(one) for one in said[ALPHAS.index(1.0)]],
        "log_p": [round(one[0].log_p, 5) for one in found],
        "error": [round(error_rate(one, sounds), 5) for one in said],
        "exact": [round(exact(one, sounds), 5) for one in said],
        "phonemes": [round(sum(map(len, one)) / right, 5) for one in said],
    }


def most_probable_ones(words):
    """Search exactly: "said" and "log_p", as in `searched`."""
    model, letters, phonemes = load_pronouncer()
    found = [most_probable(model, letters.encode(word)) for word in words]
    return {
        "said": [" ".join(phonemes.decode(one.tokens)) for one in found],
        "log_p": [round(one.log_p, 5) for one in found],
    }


def stored():
    """Read what was measured.

    Returns
    -------
    dict
        "val" and "test", and the same "at 2" and "at 3", which are temperatures: width as text →
        as from `searched`; "mode": as from `most_probable_ones`, of the first 500 words of "test".
    """
    return json.loads(MEASURES.read_text(encoding="utf-8"))


def _main():
    sets, found = word_sets(), {}
    for end, temperature in (("", 1.0), (" at 2", 2.0), (" at 3", 3.0)):
        for name, widths in (("test", WIDTHS), ("val", (10,))):
            words, sounds = sets[name]
            found[name + end] = {str(w): searched(w, words, sounds, temperature) for w in widths}
    found["mode"] = most_probable_ones(sets["test"][0][:EXACT])
    MEASURES.write_text(json.dumps(found, indent=0), encoding="utf-8")
    for name, by_width in found.items():
        for width, one in by_width.items() if name != "mode" else ():
            mean = np.mean(one["log_p"])
            print(name, width, one["error"], one["exact"][0], one["phonemes"], mean, flush=True)


if __name__ == "__main__":
    _main()
