"""A small GPT, an LSTM and counting, on letters of the news; judged by reports held out.

The networks have about as many weights, and read as many letters. Each chooses its rate on the
reports that choose, by a seed that judges nothing. It takes some five minutes; what came out is
kept beside this file, with the weights of one GPT. To make both anew, from the top of the
repository (a name such as "GPT" behind it makes that part alone)::

    python -m companion.rnn.experiments.gpt_contest
"""

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import numpy as np

from companion.data.news import news
from companion.experiments.comparison import apart
from companion.experiments.stored_weights import with_weights
from companion.gradients.clipping import clip_grad_norm_
from companion.rnn.language.kneser_ney import KneserNey
from companion.rnn.language.model import LanguageModel
from companion.rnn.language.next_token import next_token_loss
from companion.rnn.text.vocabulary import END, START, Vocabulary
from companion.rnn.transformer.gpt import GPT
from companion.training import manual_seed
from companion.training.fit import predict

FILE = Path(__file__).with_name("gpt_contest.json")
WEIGHTS = Path(__file__).with_name("gpt_contest.npz")
CONTEXT, BATCH, UPDATES, EVERY = 64, 16, 400, 50
RATES = {"GPT": (0.005, 0.01, 0.02), "LSTM": (0.01, 0.02, 0.04, 0.08)}
ORDERS, DISCOUNTS = (2, 3, 4, 5, 6, 7), (0.7, 0.8, 0.9)
TUNING, SEEDS = (100,), (0, 1, 2)


class News(NamedTuple):
    """Reports, parted once and for all.

    Attributes
    ----------
    train, val, test : list of str
        229 reports to learn from, 30 to choose by, 30 to judge; none stands twice.
    vocabulary : Vocabulary
        Letters of the first.
    """

    train: list
    val: list
    test: list
    vocabulary: Vocabulary


def parted_news():
    """Part the reports of `companion.data.news.news`, without those that stand there twice.

    Returns
    -------
    News
        Drawn at random, always the same.
    """
    texts = without_repeats(news())
    order = np.random.default_rng(0).permutation(len(texts))
    val, test, train = ([texts[i] for i in order[a:b]] for a, b in ((0, 30), (30, 60), (60, None)))
    return News(train, val, test, Vocabulary.of(train))


def without_repeats(texts, length=40, most=0.1):
    """Leave out texts that repeat earlier ones; held out, they would be known by heart.

    Parameters
    ----------
    texts : list of str
        In the order in which they are kept.
    length : int
        Letters of a piece.
    most : float
        Share of the pieces of a text that may stand in texts before it.

    Returns
    -------
    list of str
        The others.
    """
    known, kept = set(), []
    for text in texts:
        pieces = [text[i : i + length] for i in range(len(text) - length + 1)]
        if sum(piece in known for piece in pieces) <= most * len(pieces):
            kept.append(text)
            known.update(pieces)
    return kept


def stream(texts, vocabulary):
    """Join texts into one row of tokens, each between its ``<start>`` and ``<end>``."""
    start, end = vocabulary.number(START), vocabulary.number(END)
    rows = [[start, *vocabulary.encode(text, strict=False), end] for text in texts]
    return np.concatenate(rows)


def windows(tokens, rng, batch=BATCH, context=CONTEXT):
    """Draw pieces of a row of tokens: inputs and what comes next, (N, T) each."""
    first = rng.integers(len(tokens) - context, size=batch)
    pieces = tokens[first[:, None] + np.arange(context + 1)]
    return pieces[:, :-1], pieces[:, 1:]


def surprise(model, texts, vocabulary, context=CONTEXT):
    """Judge a network: nats a letter, each letter with at least half a context before it.

    Parameters
    ----------
    model : Module
        Of either engine: (N, T) tokens → (N, T, V) scores.
    texts : list of str
        Read as one row, in pieces of `context` tokens that overlap by half.
    vocabulary : Vocabulary
        That knows their letters.
    context : int
        Tokens in a piece, even.

    Returns
    -------
    float
        Mean surprise over all letters and ends.
    """
    tokens, half = stream(texts, vocabulary), context // 2
    first = np.arange(0, len(tokens) - context, half)
    pieces = tokens[first[:, None] + np.arange(context + 1)]
    scores = predict(model, pieces[:, :-1], batch_size=64)[:, half:].astype(float)
    scores -= scores.max(axis=2, keepdims=True)
    scores -= np.log(np.exp(scores).sum(axis=2, keepdims=True))
    targets = pieces[:, half + 1 :]
    told = np.take_along_axis(scores, targets[..., None], axis=2)[..., 0]
    return float(-told[targets != vocabulary.number(START)].mean())


def new_network(name, tokens):
    """Make a network, not trained yet: two blocks of 64 features, or an LSTM of as many weights."""
    if name == "GPT":
        return GPT(tokens, CONTEXT, embed_dim=64, num_heads=4, num_layers=2)
    return LanguageModel(tokens, 128, "LSTM", embedding_dim=48)


def learned(optim, name, data, *, rate, updates=UPDATES, seed=0):
    """Train one network.

    Parameters
    ----------
    optim : module
        ``companion.optim``.
    name : {"GPT", "LSTM"}
        Which.
    data : News
        Its first part is learned.
    rate : float
        Largest rate of Adam; it goes up and down once. The gradient is clipped at a norm of 1.
    updates : int
        Each of 16 pieces of 64 letters.
    seed : int
        Of weights and pieces.

    Returns
    -------
    model : Module
        In evaluation mode.
    losses : list of float
        Mean over `EVERY` updates each.
    """
    manual_seed(seed)
    rng, tokens = np.random.default_rng(seed), stream(data.train, data.vocabulary)
    model = new_network(name, len(data.vocabulary))
    optimizer = optim.Adam(model.parameters(), lr=rate)
    rates = optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=updates)
    losses = []
    for _ in range(updates):
        inputs, targets = windows(tokens, rng)
        optimizer.zero_grad()
        loss = next_token_loss(model(inputs), targets)
        loss.backward()
        clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        rates.step()
        losses.append(loss.item())
    every = min(EVERY, updates)
    means = np.reshape(losses[: updates // every * every], (-1, every)).mean(axis=1)
    return model.eval(), [round(float(mean), 4) for mean in means]


def by_counting(model, texts):
    """Judge a model that counts: nats a letter."""
    return float(-np.concatenate(model.log_probabilities(texts)).mean())


def known_letters(texts, vocabulary):
    """Drop the few letters that the training reports do not have."""
    return ["".join(letter for letter in text if letter in vocabulary) for text in texts]


def counted(data, order, discounts=DISCOUNTS):
    """Choose the discount of a Kneser–Ney model by the reports that choose."""
    val = known_letters(data.val, data.vocabulary)
    tried = [KneserNey(data.train, data.vocabulary, order, d) for d in discounts]
    return min(tried, key=lambda model: by_counting(model, val))


def copied(text, source, length):
    """Return the share of the pieces of so many letters that stand in a source.

    Parameters
    ----------
    text : str
        What is judged.
    source : str
        Where it may come from.
    length : int
        Letters in a piece, at least 1.

    Returns
    -------
    float
        From 0 to 1.

    Raises
    ------
    ValueError
        If the text is shorter than a piece, or `length` below 1.
    """
    if not 1 <= length <= len(text):
        raise ValueError(f"copied: pieces of {length} letters of a text of {len(text)}")
    pieces = [text[i : i + length] for i in range(len(text) - length + 1)]
    wanted, places = set(pieces), range(len(source) - length + 1)
    known = {piece for i in places if (piece := source[i : i + length]) in wanted}
    return sum(piece in known for piece in pieces) / len(pieces)


def _of_counting(data):
    val, test = (known_letters(part, data.vocabulary) for part in (data.val, data.test))
    found = {}
    for order in ORDERS:
        model = counted(data, order)
        found[str(order)] = {"val": round(by_counting(model, val), 4),
                             "test": round(by_counting(model, test), 4),
                             "discount": model.discount}  # fmt: skip
        print(order, found[str(order)], flush=True)
    return found


def _of_network(optim, name, data):
    """Choose the rate on a seed of its own, then judge other seeds; return a model as well."""
    apart("gpt_contest", TUNING, SEEDS)
    tried = []
    for rate in RATES[name]:
        model, _ = learned(optim, name, data, rate=rate, seed=TUNING[0])
        tried.append((round(surprise(model, data.val, data.vocabulary), 4), rate))
        print(name, *tried[-1], flush=True)
    rate, found, first = min(tried)[1], {"val": [], "test": [], "losses": []}, None
    for seed in SEEDS:
        model, losses = learned(optim, name, data, rate=rate, seed=seed)
        first = first or model
        for part in ("val", "test"):
            texts = getattr(data, part)
            found[part].append(round(surprise(model, texts, data.vocabulary), 4))
        found["losses"].append(losses)
        print(name, seed, found["test"][-1], flush=True)
    weights = sum(p.data.size for p in first.parameters())
    return {"tried": tried, "rate": rate, "weights": weights, **found}, first


def stored():
    """Read what was found.

    Returns
    -------
    dict
        "counting": order → val, test, discount. "GPT", "LSTM": rates tried, rate, weights, and for
        each seed val, test and losses.
    """
    return json.loads(FILE.read_text(encoding="utf-8"))


def news_gpt():
    """Make the GPT whose weights are kept.

    Returns
    -------
    model : GPT
        In evaluation mode.
    data : News
        What it has read, and its vocabulary.
    """
    data = parted_news()
    with np.load(WEIGHTS) as kept:
        return with_weights(new_network("GPT", len(data.vocabulary)), kept), data


def _main(parts):
    optim, data = import_module("companion.optim"), parted_news()
    found = stored() if FILE.exists() else {}
    for part in parts or ("counting", *RATES):
        if part == "counting":
            found[part] = _of_counting(data)
        else:
            found[part], model = _of_network(optim, part, data)
        if part == "GPT":
            state = model.state_dict()
            np.savez(WEIGHTS, **{name: np.float16(value) for name, value in state.items()})
        FILE.write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    _main(sys.argv[1:])
