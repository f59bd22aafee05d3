"""Counting against recurrent networks, judged by names that were held out.

Each side chooses its settings by names that judge nothing, and is judged by others, in several
partings of the names. The networks take minutes; what came out is kept beside this file, with the
weights of one of them. To make both anew, from the top of the repository (a name such as "LSTM 64"
behind it makes that part alone)::

    python -m companion.rnn.experiments.names_contest
"""

import json
import sys
from importlib import import_module
from pathlib import Path

import numpy as np

from companion.data.first_names import split_names
from companion.experiments.comparison import apart
from companion.experiments.stored_weights import with_weights
from companion.rnn.language.kneser_ney import KneserNey
from companion.rnn.language.model import LanguageModel
from companion.rnn.language.next_token import next_token_batches, next_token_loss
from companion.rnn.language.perplexity import log_probabilities, perplexity, perplexity_of
from companion.rnn.language.sampling import sample
from companion.rnn.text.vocabulary import Vocabulary
from companion.training import Schedule, fit, manual_seed

FILE = Path(__file__).with_name("names_contest.json")
WEIGHTS = Path(__file__).with_name("names_model.npz")
ORDERS, DISCOUNTS = (2, 3, 4, 5, 6), (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
NETWORKS = {
    "RNN 128": ("RNN", 128, 0.2),
    "LSTM 64": ("LSTM", 64, 0.1),
    "LSTM 256": ("LSTM", 256, 0.3),
}
"""Name → kind, length of the state, and dropout."""
RATES = {
    "RNN 128": (0.003, 0.006, 0.012),
    "LSTM 64": (0.006, 0.012, 0.024),
    "LSTM 256": (0.003, 0.006, 0.012),
}
EPOCHS = 16
TUNING, SEEDS = 100, tuple(range(5))
TEMPERATURES = (0.4, 0.6, 0.8, 1.0, 1.2, 1.4)
SAMPLES, MIXED_ORDER = 500, 6
KEPT = "LSTM 256"
"""The network whose weights are kept, of the first seed."""


def counted(split, order, discounts=DISCOUNTS):
    """Choose the discount of a Kneser–Ney model by the validation names.

    Parameters
    ----------
    split : Split
        Of names.
    order : int
        Of the n-grams.
    discounts : sequence of float
        To choose from.

    Returns
    -------
    KneserNey
        The one with the smallest perplexity on ``split.val``.
    """
    vocabulary = Vocabulary.of(split.train)
    tried = [KneserNey(split.train, vocabulary, order, discount) for discount in discounts]
    return min(tried, key=lambda model: perplexity_by_counting(model, split.val))


def perplexity_by_counting(model, texts):
    """Return the perplexity of a model that counts."""
    return perplexity(np.concatenate(model.log_probabilities(texts)))


def new_network(name, vocabulary):
    """Make one of `NETWORKS` for a vocabulary, not trained yet; tokens become 32 numbers."""
    kind, hidden_size, dropout = NETWORKS[name]
    return LanguageModel(len(vocabulary), hidden_size, kind, embedding_dim=32, dropout=dropout)


def learned(optim, name, split, *, rate, epochs=EPOCHS, seed=0):
    """Train one network on the names of a split.

    Parameters
    ----------
    optim : module
        ``companion.optim``.
    name : str
        One of `NETWORKS`.
    split : Split
        Its training names are learned.
    rate : float
        Largest rate of Adam; it goes up and down once.
    epochs : int
        With batches of 32 names.
    seed : int
        Of weights, batches and dropout.

    Returns
    -------
    LanguageModel
        In evaluation mode.
    """
    manual_seed(seed)
    vocabulary = Vocabulary.of(split.train)
    model = new_network(name, vocabulary)
    batches = next_token_batches(split.train, vocabulary, batch_size=32, seed=seed)
    optimizer = optim.Adam(model.parameters(), lr=rate)
    rates = optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=epochs * len(batches))
    fit(model, batches, next_token_loss, optimizer, epochs=epochs,
        callbacks=[Schedule(rates, "step")])  # fmt: skip
    return model.eval()


def copied(drawn, names):
    """Return the share of drawn names that stand in a list of names."""
    known = set(names)
    return sum("".join(name) in known for name in drawn) / len(drawn)


def perplexity_mixed(model, counting, texts, vocabulary):
    """Return the perplexity of the mean of two probabilities: a network's, and those of counting.

    Parameters
    ----------
    model : LanguageModel
        The network.
    counting : NGramModel
        The model that counts, with the same vocabulary.
    texts : list
        Tokens of each text.
    vocabulary : Vocabulary
        That knows them.

    Returns
    -------
    float
        e to the mean surprise.
    """
    sides = log_probabilities(model, texts, vocabulary), counting.log_probabilities(texts)
    ours, theirs = (np.concatenate(side) for side in sides)
    return perplexity(np.logaddexp(ours, theirs) - np.log(2))


def _of_counting(order, seeds=SEEDS):
    """Judge one order: perplexities, discounts, and copies among what is drawn."""
    found = {"val": [], "test": [], "train": [], "discount": [], "copied": []}
    for seed in seeds:
        split = split_names(seed=seed)
        model = counted(split, order)
        for part in ("val", "test", "train"):
            found[part].append(round(perplexity_by_counting(model, getattr(split, part)), 4))
        rng = np.random.default_rng(seed)
        drawn = [model.sample(rng) for _ in range(SAMPLES)]
        found["copied"].append(copied(drawn, split.train))
        found["discount"].append(model.discount)
    return found


def _tuned(optim, name):
    """Try each rate in a parting that judges nothing; return (perplexity, rate) of each."""
    apart("names_contest", [TUNING], SEEDS)
    split = split_names(seed=TUNING)
    vocabulary = Vocabulary.of(split.train)
    tried = []
    for rate in RATES[name]:
        model = learned(optim, name, split, rate=rate)
        tried.append((round(perplexity_of(model, split.val, vocabulary), 4), rate))
        print(name, *tried[-1], flush=True)
    return tried


def _of_network(optim, name):
    """Tune one network, then judge it in all partings; return what came out and one model."""
    tried = _tuned(optim, name)
    rate = min(tried)[1]
    found = {"tried": tried, "rate": rate, "val": [], "test": [], "train": []}
    found["mixed"] = []
    temperatures = TEMPERATURES if name == KEPT else (1.0,)
    found["copied"], kept = {str(t): [] for t in temperatures}, None
    for seed in SEEDS:
        split = split_names(seed=seed)
        vocabulary = Vocabulary.of(split.train)
        model = learned(optim, name, split, rate=rate, seed=seed)
        kept = kept or model
        for part in ("val", "test", "train"):
            texts = getattr(split, part)
            found[part].append(round(perplexity_of(model, texts, vocabulary), 4))
        counting = counted(split, MIXED_ORDER)
        mixed = perplexity_mixed(model, counting, split.test, vocabulary)
        found["mixed"].append(round(mixed, 4))
        for t in temperatures:
            rng = np.random.default_rng(seed)
            drawn = [sample(model, vocabulary, rng, temperature=t) for _ in range(SAMPLES)]
            found["copied"][str(t)].append(copied(drawn, split.train))
        print(name, seed, found["test"][-1], flush=True)
    return found, kept


def stored():
    """Read what the contest found.

    Returns
    -------
    dict
        "counting": order, as a str → lists over the seeds: perplexities "val", "test" and "train",
        "discount", and the share "copied" among names that were drawn. "networks": name → the
        same, with what was "tried", "copied" for each temperature (of most networks for 1), and the
        perplexity on test names when "mixed" with counting of order 6.
    """
    return json.loads(FILE.read_text(encoding="utf-8"))


def names_model():
    """Make the network whose weights are kept, and its vocabulary.

    Returns
    -------
    model : LanguageModel
        Trained on ``split_names(seed=0).train``, in evaluation mode.
    vocabulary : Vocabulary
        Letters of those names.
    """
    vocabulary = Vocabulary.of(split_names(seed=SEEDS[0]).train)
    with np.load(WEIGHTS) as kept:
        return with_weights(new_network(KEPT, vocabulary), kept), vocabulary


def _keep(side, found):
    """Put what one side found into the file, beside what is there."""
    kept = stored() if FILE.exists() else {"counting": {}, "networks": {}}
    kept[side] |= found
    FILE.write_text(json.dumps(kept) + "\n", encoding="utf-8")


def _main(names):
    optim = import_module("companion.optim")
    for name in names or ["counting", *NETWORKS]:
        if name == "counting":
            _keep("counting", {str(order): _of_counting(order) for order in ORDERS})
            continue
        found, model = _of_network(optim, name)
        _keep("networks", {name: found})
        if name == KEPT:
            state = model.state_dict()
            np.savez(WEIGHTS, **{key: np.asarray(state[key], np.float16) for key in state})


if __name__ == "__main__":
    _main(sys.argv[1:])
