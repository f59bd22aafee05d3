"""Every network of a tiny space, trained several times: the truth that searches are judged by.

The space holds the networks of ``companion.cnn.searching.chain`` with four slots that need at most
110,000 multiply–adds. A skip is nothing, so some of the 189 architectures are the same network: 80
differ, and each of these is trained. That takes some minutes; what came out is kept beside this
file and read by ``chain_table.stored``. To make it anew, from the top of the repository, all of it
or one part a call::

    python -m companion.experiments.cnn.searched_chains
    python -m companion.experiments.cnn.searched_chains seed 3 4
"""

import json
import sys
from functools import cache
from importlib import import_module
from pathlib import Path

import numpy as np

from companion.data.batches import Batches
from companion.experiments.cnn.digit_readers import misread
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
SHARED, UPDATES = (0, 1, 2, 3, 4, 5), (100, 400, 1600, 6400)
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
    return tuple(misread(network, *digits[part]) for part in ("dev", "test"))


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
                if _part(f"shared {seed} {n}").exists():
                    continue
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


def _part(name):
    """Where one part is kept until all are there; remove the folder to begin anew."""
    return Path("_build") / "searched_chains" / f"{name}.json"


def _keep(name, numbers):
    _part(name).parent.mkdir(parents=True, exist_ok=True)
    _part(name).write_text(json.dumps(numbers), encoding="utf-8")
    print(name, flush=True)


def _join(letters):
    """Put the parts together and write the file."""

    def part(name):
        return json.loads(_part(name).read_text(encoding="utf-8"))

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
