"""Every network of a tiny space, trained several times: the truth that searches are judged by.

The space holds the networks of ``companion.cnn.searching.chain`` with four slots that need at most
110,000 multiply–adds. A skip is nothing, so some of the 189 architectures are the same network: 80
differ, and each of these is trained. That takes some minutes; what
came out is kept beside this file and read by `stored`. To make it anew, from the top of the
repository, all of it or one part a call::

    python -m companion.experiments.cnn.searched_chains
    python -m companion.experiments.cnn.searched_chains seed 3 4
"""

import json
import sys
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import numpy as np

from companion.data.batches import Batches
from companion.experiments.cnn.small_images import small_digits
from companion.training import engines

FILE = Path(__file__).with_name("searched_chains.json")
LIMIT = 110_000
"""Multiply–adds that a network may need for one image."""
LETTERS = {"c": "conv", "s": "separable", "p": "pool", "-": "skip"}
"""How the file writes an operation."""
SEEN, JUDGES = (0, 1, 2), (3, 4, 5, 6, 7)
"""Seeds of the trainings that a search may look at, and of those that make the truth."""
EPOCHS, RATE, SIZE, EXAMPLES = 5, 0.02, 50, 1000
SHARED, UPDATES = (0, 1, 2, 3, 4, 5), (100, 400, 1600)
"""Seeds of the networks with shared weights, and how many updates they got."""
STATISTICS = 250
"""Training images by which shared weights get statistics of their own for each path."""


def written(genes):
    """Write an architecture as in the file: one letter for each slot, such as ``"csp-"``."""
    names = {name: letter for letter, name in LETTERS.items()}
    return "".join(names[name] for name in genes)


def read(letters):
    """Read an architecture that `written` wrote."""
    return tuple(LETTERS[letter] for letter in letters)


def without_skips(genes):
    """Say which network an architecture is: its operations in order, skips left out."""
    return tuple(name for name in genes if name != "skip")


def images():
    """Load the digits of 14 × 14 pixels, standardized by those to learn from.

    Returns
    -------
    dict
        ``"train"`` (1,000), ``"dev"`` and ``"test"`` (1,000 each) → images (N, 1, 14, 14) float32
        and labels (N,).
    """
    parts = small_digits(EXAMPLES)
    X = parts["train"][0]
    mean, deviation = X.mean(), X.std()
    return {name: ((X - mean) / deviation, y) for name, (X, y) in parts.items()}


def train(make, optimizer, loss, seed, digits, *, epochs=EPOCHS, rate=RATE):
    """Train one network, with a rate that falls to 0 in a straight line, and judge it.

    Parameters
    ----------
    make : callable
        ``make()`` returns a network of either engine.
    optimizer : callable
        ``optimizer(parameters, rate)``.
    loss : callable
        ``loss(scores, labels)``.
    seed : int
        Of first weights and order of the images.
    digits : dict
        As from `images`.
    epochs : int
        Passes over the images, in mini-batches of 50.
    rate : float
        Learning rate at the start.

    Returns
    -------
    tuple of float
        Share of the development images and of the test images that are read wrongly.
    """
    engines.manual_seed(seed)
    network, (X, y) = make(), digits["train"]
    stepper = optimizer(network.parameters(), rate)
    batches = Batches(X, y, batch_size=SIZE, seed=seed)
    updates, done = epochs * -(-len(X) // SIZE), 0
    for epoch in range(epochs):
        for batch, labels in batches.epoch(epoch):
            for group in stepper.param_groups:
                group["lr"] = rate * (1 - done / updates)
            batch, target = engines.adapt(network, batch, labels)
            stepper.zero_grad()
            loss(network(batch), target).backward()
            stepper.step()
            done += 1
    return tuple(error(network, *digits[part]) for part in ("dev", "test"))


def error(network, X, y):
    """Share of the images X (N, 1, H, W) whose class y (N,) is not the largest score."""
    network.eval()
    with engines.no_grad(network):
        scores = engines.to_numpy(network(*engines.adapt(network, X)))
    return float(np.mean(scores.argmax(axis=1) != y))


class Table(NamedTuple):
    """What became of the G networks of the space, in shares of 1,000 images.

    Attributes
    ----------
    genes : list of tuple of str
        The architectures.
    dev, test : numpy.ndarray
        Errors on development and test digits after each training, (G, 8): seeds `SEEN`, then
        `JUDGES`.
    short : numpy.ndarray
        Errors on development digits after one epoch, (G, 3): seeds `SEEN`.
    shared : numpy.ndarray
        Errors on development digits with shared weights, (networks, lengths, G): seeds `SHARED`,
        updates `UPDATES`.
    """

    genes: list
    dev: np.ndarray
    test: np.ndarray
    short: np.ndarray
    shared: np.ndarray

    def truth(self):
        """Architecture → mean test error over the trainings that no search sees."""
        means = self.test[:, len(SEEN) :].mean(axis=1)
        return dict(zip(self.genes, means.tolist(), strict=True))

    def trainer(self, rng):
        """Make a function that "trains" a network: it looks up one of the trainings, at random.

        Parameters
        ----------
        rng : numpy.random.Generator
            Draws which of the trainings `SEEN` is looked up, anew at each call.

        Returns
        -------
        callable
            Architecture → error on the development digits after one training.
        """
        rows = {genes: row[: len(SEEN)] for genes, row in zip(self.genes, self.dev, strict=True)}
        return lambda genes: float(rows[tuple(genes)][rng.integers(len(SEEN))])


def stored():
    """Read what the script found.

    Returns
    -------
    Table
        All of it.
    """
    found = json.loads(FILE.read_text(encoding="utf-8"))
    letters = list(found["dev"])
    arrays = {
        part: np.array([found[part][name] for name in letters]) / 1000
        for part in ("dev", "test", "short")
    }
    shared = np.array([[run[str(n)] for n in UPDATES] for run in found["shared"]]) / 1000
    return Table([read(name) for name in letters], **arrays, shared=shared)


def repeated(search, table, repeats, budget):
    """Search many times, each time with dice of its own.

    Parameters
    ----------
    search : callable
        ``search(evaluate, budget, rng)`` returns a list of trials.
    table : Table
        Where trainings are looked up.
    repeats : int
        Number of searches.
    budget : int
        Trials of each.

    Returns
    -------
    list
        What each search returned.
    """
    found = []
    for k in range(repeats):
        search_dice, training_dice = (np.random.default_rng([k, part]) for part in (0, 1))
        found.append(search(table.trainer(training_dice), budget, search_dice))
    return found


def _main(part="all", *numbers):
    """Train one part, or all, with torch, and add it to the file."""
    # The engine and the networks stand above this layer, so they are fetched by name.
    torch, chain, one_shot, space = (
        import_module(name)
        for name in ("torch", *(f"companion.cnn.searching.{m}" for m in _MODULES))
    )
    torch.set_num_threads(1)
    digits, loss = images(), torch.nn.functional.cross_entropy
    everything = space.Space([tuple(LETTERS.values())] * chain.SLOTS,
                             lambda genes: chain.multiply_adds(genes) <= LIMIT)  # fmt: skip
    all_genes = list(everything)

    def thousandths(pair):
        return [round(1000 * share) for share in pair]

    @cache
    def once(genes, seed, epochs):
        return train(lambda: chain.chain(torch.nn, genes), torch.optim.Adam, loss, seed, digits,
                     epochs=epochs)  # fmt: skip

    def trained(genes, seed, epochs):
        return once(without_skips(genes), seed, epochs)

    if part in ("all", "seed"):
        for seed in SEEN + JUDGES if part == "all" else map(int, numbers):
            _keep(f"seed {seed}", [thousandths(trained(g, seed, EPOCHS)) for g in all_genes])
    if part in ("all", "short"):
        for seed in SEEN if part == "all" else map(int, numbers):
            _keep(f"short {seed}", [thousandths(trained(g, seed, 1))[0] for g in all_genes])
    if part in ("all", "shared"):
        for seed in SHARED if part == "all" else map(int, numbers):
            for n in UPDATES:
                net = shared(one_shot, torch, everything, digits, seed, n)
                some = digits["train"][0][:STATISTICS]
                errors = one_shot.path_errors(net, all_genes, some, digits["dev"])
                _keep(f"shared {seed} {n}", thousandths(errors.values()))
    if part in ("all", "join"):
        _join([written(genes) for genes in all_genes])


_MODULES = ("chain", "one_shot", "space")


def shared(one_shot, torch, space, digits, seed, updates):
    """Train one network with shared weights, as for the file.

    Parameters
    ----------
    one_shot, torch : module
        ``companion.cnn.searching.one_shot`` and ``torch``.
    space : Space
        Where paths are drawn.
    digits : dict
        As from `images`.
    seed, updates : int
        Of weights, paths and mini-batches; and how many updates.

    Returns
    -------
    Module
        The trained network.
    """
    engines.manual_seed(seed)
    network = one_shot.supernet(torch.nn)
    return one_shot.train_paths(
        network, space, torch.optim.Adam(network.parameters(), RATE),
        torch.nn.functional.cross_entropy, digits["train"], updates,
        np.random.default_rng(seed), size=SIZE,
    )  # fmt: skip


def _keep(name, numbers):
    """Keep one part until all are there, in a folder beside the file that is not published."""
    folder = Path("_build") / "searched_chains"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(numbers), encoding="utf-8")
    print(name, flush=True)


def _join(letters):
    """Put the parts together and write the file."""

    def part(name):
        path = Path("_build") / "searched_chains" / f"{name}.json"
        return json.loads(path.read_text(encoding="utf-8"))

    runs = np.array([part(f"seed {seed}") for seed in SEEN + JUDGES])  # (8, G, 2)
    short = np.array([part(f"short {seed}") for seed in SEEN])
    found = {
        "dev": dict(zip(letters, runs[:, :, 0].T.tolist(), strict=True)),
        "test": dict(zip(letters, runs[:, :, 1].T.tolist(), strict=True)),
        "short": dict(zip(letters, short.T.tolist(), strict=True)),
        "shared": [{n: part(f"shared {seed} {n}") for n in UPDATES} for seed in SHARED],
    }
    FILE.write_text(json.dumps(found, separators=(",", ":")), encoding="utf-8")


if __name__ == "__main__":
    _main(*sys.argv[1:])
