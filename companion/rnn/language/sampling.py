"""Drawing from a model of language, token by token.

Derived in the chapter :ref:`language_models`.
"""

import numpy as np

from companion.gradients.tape import no_grad
from companion.rnn.text.vocabulary import END, PAD, START, UNKNOWN
from companion.training.engines import modes_kept


def tempered(scores, temperature=1.0):
    """Turn scores into probabilities: softmax(scores / temperature).

    Parameters
    ----------
    scores : array_like
        (…, V).
    temperature : float
        Above 0: below 1 sharpens, above 1 flattens.

    Returns
    -------
    numpy.ndarray
        (…, V), each row adds up to 1.

    Raises
    ------
    ValueError
        If the temperature is not above 0.
    """
    if not temperature > 0:
        raise ValueError(f"tempered: temperature {temperature}; expected a number above 0")
    scores = np.asarray(scores, float) / temperature
    p = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return p / p.sum(axis=-1, keepdims=True)


def top_k(k):
    """Keep the k most probable tokens.

    Parameters
    ----------
    k : int
        At least 1.

    Returns
    -------
    callable
        Maps probabilities (V,) to (V,) that add up to 1, for `sample`. Of equally probable tokens
        at the border the first are kept; with fewer than k possible tokens nothing changes.

    Raises
    ------
    ValueError
        If k is below 1.

    Notes
    -----
    Fan, Lewis and Dauphin (2018). Derived in the chapter :ref:`language_models`.
    """
    if k < 1:
        raise ValueError(f"top_k: k={k}; expected at least 1")
    return lambda p: _kept(p, _ranked(p)[:k])


def nucleus(mass):
    """Keep the fewest tokens whose probabilities together reach a mass.

    Parameters
    ----------
    mass : float
        Above 0 and at most 1.

    Returns
    -------
    callable
        Maps probabilities (V,) to (V,) that add up to 1, for `sample`. The most probable token is
        always kept.

    Raises
    ------
    ValueError
        If the mass is out of range.

    Notes
    -----
    Holtzman and others (2020). Derived in the chapter :ref:`language_models`.
    """
    if not 0 < mass <= 1:
        raise ValueError(f"nucleus: mass {mass}; expected above 0, at most 1")

    def shaped(p):
        order = _ranked(p)
        # What stands before a token, without it: sums as rounded as they are, with a trifle off.
        before = np.cumsum(p[order]) - p[order]
        return _kept(p, order[before < mass - 1e-12])

    return shaped


def _ranked(p):
    """Return the numbers of tokens, most probable first; of equal ones the first comes first."""
    return np.argsort(-p, kind="stable")


def _kept(p, tokens):
    """Set all other probabilities to 0 and scale the rest to a sum of 1."""
    found = np.zeros_like(p)
    found[tokens] = p[tokens]
    return found / found.sum()


def sample(model, vocabulary, seed=0, *, temperature=1.0, prompt=(), longest=200, shaped=None):
    """Draw one text.

    Parameters
    ----------
    model : LanguageModel
        Of the companion's engine, with ``advance``.
    vocabulary : Vocabulary
        Its tokens.
    seed : int or numpy.random.Generator
        Of what is drawn.
    temperature : float
        As in `tempered`.
    prompt : iterable of str
        Tokens that the text begins with.
    longest : int
        Tokens at most, without the prompt.
    shaped : callable, optional
        Maps probabilities (V,) to other ones, such as `top_k` and `nucleus` make.

    Returns
    -------
    list of str
        Prompt and what was drawn, without special tokens.

    Raises
    ------
    ValueError
        If the prompt holds an unknown token, or `longest` is below 1.
    """
    if longest < 1:
        raise ValueError(f"sample: longest={longest}; expected at least 1")
    rng = np.random.default_rng(seed)
    never = [vocabulary.number(token) for token in (PAD, START, UNKNOWN)]
    end = vocabulary.number(END)
    drawn = list(vocabulary.encode(prompt))
    given, state = np.array([[vocabulary.number(START), *drawn]]), None
    with modes_kept(model), no_grad():
        model.eval()
        for _ in range(longest):
            scores, state = model.advance(given, state)
            last = scores.numpy()[0, -1].astype(float)
            last[never] = -np.inf
            p = tempered(last, temperature)
            p = p if shaped is None else shaped(p)
            token = int(rng.choice(len(p), p=p))
            if token == end:
                break
            drawn.append(token)
            given = np.array([[token]])
    return vocabulary.decode(drawn)
