"""Models of language that count how often a token followed those before it.

Derived in the chapter :ref:`language_models`.
"""

from collections import Counter, defaultdict

import numpy as np

from companion.rnn.text.vocabulary import END, PAD, START, UNKNOWN


def ngram_counts(texts, order):
    """Count what follows the up to ``order - 1`` tokens before it.

    Parameters
    ----------
    texts : iterable
        Tokens of each text; a str counts as its letters.
    order : int
        Longest run that is counted, at least 1.

    Returns
    -------
    dict of Counter
        History (a tuple of tokens, from none to ``order - 1``) → how often each token came next.
        Each text begins with one ``<start>``, which is counted in histories alone, and ends with
        ``<end>``.

    Raises
    ------
    ValueError
        If the order is below 1, there is no text, or one is empty.

    Notes
    -----
    Derived in the chapter :ref:`language_models`.
    """
    texts = [tuple(text) for text in texts]
    if order < 1:
        raise ValueError(f"ngram_counts: order {order}; expected at least 1")
    if not texts or not all(texts):
        raise ValueError("ngram_counts: no text, or an empty one; leave empty texts out")
    counts = defaultdict(Counter)
    for text in texts:
        line = (START, *text, END)
        for place in range(1, len(line)):
            for length in range(min(order - 1, place) + 1):
                counts[line[place - length : place]][line[place]] += 1
    return dict(counts)


class NGramModel:
    """Base of the models that count; subclasses say how counts become probabilities.

    Parameters
    ----------
    texts : iterable
        Tokens of each text to count.
    vocabulary : Vocabulary
        That knows them. What can come next is each of its tokens but ``<pad>`` and ``<start>``, and
        ``<unknown>`` if the texts have it.
    order : int
        Length n of the runs: the n - 1 tokens before are looked at.

    Raises
    ------
    ValueError
        If the order is below 1, there is no text, or one is empty or holds an unknown token.
    """

    def __init__(self, texts, vocabulary, order):
        texts = [vocabulary.decode(vocabulary.encode(text)) for text in texts]
        self.vocabulary, self.order = vocabulary, order
        never = {PAD, START} if any(UNKNOWN in text for text in texts) else {PAD, START, UNKNOWN}
        self.possible = tuple(token for token in vocabulary.tokens if token not in never)
        self._tables = {history: (following, following.total())
                        for history, following in self._counts(texts).items()}  # fmt: skip

    def _counts(self, texts):
        """Count, as `ngram_counts` does; a subclass may count otherwise."""
        return ngram_counts(texts, self.order)

    def _history(self, line):
        """Return the last ``order - 1`` tokens of what stands before, fewer near the start."""
        return tuple(line[max(len(line) - self.order + 1, 0) :])

    def probabilities(self, before):
        """Return the probability of each token to come next, (V,).

        Parameters
        ----------
        before : iterable of str
            The text so far, without ``<start>``; may be empty.

        Returns
        -------
        numpy.ndarray
            (V,), in the order of the vocabulary; adds up to 1.

        Raises
        ------
        ValueError
            If a token is unknown.
        """
        tokens = list(before)
        self.vocabulary.encode(tokens)
        history = self._history([START, *tokens])
        p = np.zeros(len(self.vocabulary))
        numbers = self.vocabulary.encode(self.possible)
        p[numbers] = [self._given(history, token) for token in self.possible]
        return p

    def log_probabilities(self, texts):
        """Return the logarithms of what the model gives to the tokens of texts, and to their ends.

        Parameters
        ----------
        texts : iterable
            Tokens of each text.

        Returns
        -------
        list of numpy.ndarray
            For each text (length + 1,); minus infinity where a token was held impossible.

        Raises
        ------
        ValueError
            If a token is unknown.
        """
        possible, found = set(self.possible), []
        for text in texts:
            line = [START, *text, END]
            self.vocabulary.encode(line)
            p = [
                self._given(self._history(line[:place]), line[place]) * (line[place] in possible)
                for place in range(1, len(line))
            ]
            with np.errstate(divide="ignore"):
                found.append(np.log(p))
        return found

    def sample(self, seed=0, *, longest=200, shaped=None):
        """Draw one text, as `companion.rnn.language.sampling.sample` does from a network.

        Parameters
        ----------
        seed : int or numpy.random.Generator
            Of what is drawn.
        longest : int
            Tokens at most.
        shaped : callable, optional
            Maps probabilities (V,) to other ones.

        Returns
        -------
        list of str
            What was drawn, without special tokens.
        """
        rng, drawn = np.random.default_rng(seed), []
        while len(drawn) < longest:
            p = self.probabilities(drawn)
            p = p if shaped is None else shaped(p)
            token = self.vocabulary.tokens[rng.choice(len(p), p=p)]
            if token == END:
                break
            drawn.append(token)
        return drawn


class AddK(NGramModel):
    """Relative frequencies after k has been added to every count.

    P(w | h) = (c(h w) + k) / (c(h) + k V), with V for the number of tokens that can come next.

    Parameters
    ----------
    texts, vocabulary, order
        As for `NGramModel`.
    k : float
        0 or more. 1 is Laplace's rule; with 0 what was never seen is impossible, and after a
        history that was never seen all tokens are alike.

    Raises
    ------
    ValueError
        If k is negative.

    Notes
    -----
    Derived in the chapter :ref:`language_models`.
    """

    def __init__(self, texts, vocabulary, order, k=1.0):
        if not k >= 0:
            raise ValueError(f"AddK: k={k}; expected 0 or more")
        super().__init__(texts, vocabulary, order)
        self.k = k

    def _given(self, history, token):
        following, total = self._tables.get(history, (Counter(), 0))
        weight = total + self.k * len(self.possible)
        return (following[token] + self.k) / weight if weight else 1 / len(self.possible)
