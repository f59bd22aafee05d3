"""Networks that read digits, made smaller in several ways, and what that costs in mistakes.

Six networks are trained, each is pruned or made thin in each way, and trained on for a few epochs.
That takes minutes; what was found is kept beside this file and read by `stored`. To make it anew,
from the top of the repository::

    python -m companion.experiments.cnn.compressed_readers
"""

import copy
import json
import sys
from importlib import import_module
from pathlib import Path

import numpy as np

from companion.experiments.cnn.digit_readers import misread, pushed_batches, trained
from companion.experiments.cnn.trained_reader import reader, reader_images
from companion.training import manual_seed

FILE = Path(__file__).with_name("compressed_readers.json")
KEEP = (0.2, 0.1, 0.05, 0.02)
"""Shares of the weights that stay."""
CHANNELS, RANKS, TICKET = (0.5, 0.25), (2, 4, 8, 16), 0.03
SEEDS, TUNING, RATES = (0, 1, 2, 3, 4, 5), 100, (5e-4, 2e-3)
FIRST, MORE = 8, 4
"""Epochs of the first training, and of training on."""


def retrained(model, examples, loss, make, epochs, seed, callbacks=()):
    """Train a model, or train it on, with images pushed by up to two pixels and a fading rate.

    Parameters
    ----------
    model : module
        Of either engine, changed in place.
    examples : tuple
        Images (N, 1, H, W) and labels (N,).
    loss : callable
        As for `companion.training.fit`.
    make : callable
        Parameters → optimizer; its rate falls along a line to 0.
    epochs : int
        Passes over the images, in batches of 50.
    seed : int
        Of order and pushes.
    callbacks : iterable of Callback
        More of them, such as one that keeps masks.

    Returns
    -------
    module
        The model, in evaluation mode.
    """
    batches = pushed_batches(*examples, seed)
    return trained(model, batches, loss, make, epochs, fade=True, callbacks=callbacks).eval()


def pruned_in_rounds(model, shares, masks_of, train_on):
    """Prune, train on, prune more, and so on.

    Parameters
    ----------
    model : module
        Of either engine, changed in place.
    shares : iterable of float
        Share of the weights that stays in each round.
    masks_of : callable
        ``masks_of(model, share)`` returns masks.
    train_on : callable
        ``train_on(model, masks)`` trains it and keeps the masks.

    Returns
    -------
    module
        The model.
    """
    for share in shares:
        train_on(model, masks_of(model, share))
    return model


def stored():
    """Read what was found.

    Returns
    -------
    dict
        "rates": the rate of each way. "runs": for each seed a dict, with shares of test digits that
        are misread: "whole"; "untrained", "one step", "in rounds" and "by layer", one for each of
        `KEEP`; "channels", for each of `CHANNELS` before and after training on and of a network of
        that size from scratch; "tickets": as many weights as `TICKET` says, with their first values
        and with new ones; "thin", for each of `RANKS` before and after.
    """
    return json.loads(FILE.read_text(encoding="utf-8"))


class Ways:
    """Every way to make one trained network smaller.

    Parameters
    ----------
    torch : module
        The package.
    compressing : dict
        "pruning", "channels", "low_rank": the modules of `companion.cnn.compressing`.
    data : dict
        As from `reader_images`.
    seed : int
        Of first weights, order and pushes.
    """

    def __init__(self, torch, compressing, data, seed):
        self.torch, self.data, self.seed = torch, data, seed
        self.pruning, self.channels, self.low_rank = (
            compressing[name] for name in ("pruning", "channels", "low_rank")
        )

    def train(self, model, rate=2e-3, epochs=FIRST, masks=None):
        """Train a network on the training digits, and keep masks if there are any."""
        manual_seed(self.seed)
        keep = [self.pruning.KeepMasks(masks)] if masks else []
        loss = self.torch.nn.functional.cross_entropy
        optimizer = self.torch.optim.Adam
        examples = self.data["train"]
        return retrained(
            model, examples, loss, lambda p: optimizer(p, lr=rate), epochs, self.seed, keep
        )

    def fresh(self, width=8, hidden=128, shift=0):
        """Make an untrained network."""
        manual_seed(self.seed + shift)
        return reader(self.torch.nn, width, hidden)

    def pruned(self, model, kind, keep, rate):
        """Prune a copy of a trained network in one of the ways, and train it on."""
        by_layer, rounds = kind == "by layer", MORE if kind == "in rounds" else 1
        return pruned_in_rounds(
            copy.deepcopy(model),
            self.pruning.falling_shares(keep, rounds),
            lambda m, share: self.pruning.magnitude_masks(m, share, by_layer),
            lambda m, masks: self.train(m, rate, MORE // rounds, masks),
        )

    def untrained(self, model, keep):
        """Prune a copy and leave it like that."""
        masks = self.pruning.magnitude_masks(model, keep)
        return self.pruning.apply_masks(copy.deepcopy(model), masks)

    def cut(self, model, keep):
        """Return the network with fewer channels, as it is cut."""
        return self.channels.slimmed(model, self.channels.largest_channels(model, keep))

    def slim(self, model, keep, rate):
        """Return the network with fewer channels, trained on."""
        return self.train(self.cut(model, keep), rate, MORE)

    def as_small(self, keep):
        """Return a network of that size, trained from new weights."""
        return self.train(self.fresh(round(8 * keep), round(128 * keep)), epochs=FIRST + MORE)

    def tickets(self, model, keep):
        """Return few weights trained from their first values, and from new ones."""
        masks = self.pruning.magnitude_masks(model, keep)
        return [self.train(self.fresh(shift=s), masks=masks) for s in (0, 1000)]

    def thin(self, model, rank, rate):
        """Return the network with two thin layers for each of its two largest, before and after."""
        thin = self.low_rank.factorized(copy.deepcopy(model), {"8": rank, "13": rank})
        return thin, self.train(copy.deepcopy(thin), rate, MORE)


KINDS = ("one step", "in rounds", "by layer")


def tuned(ways, model):
    """Choose the rate of each way by the development set, at one size of each."""
    rates = {}
    for kind in (*KINDS, "channels", "thin"):
        tried = []
        for rate in RATES:
            if kind == "channels":
                made = ways.slim(model, CHANNELS[0], rate)
            elif kind == "thin":
                made = ways.thin(model, RANKS[1], rate)[1]
            else:
                made = ways.pruned(model, kind, KEEP[2], rate)
            tried.append(misread(made, *ways.data["dev"]))
            print(kind, rate, tried[-1], flush=True)
        rates[kind] = RATES[int(np.argmin(tried))]
    return rates


def run(ways, rates):
    """Train one network, make it smaller in every way, and count what is misread."""
    test = ways.data["test"]
    model = ways.train(ways.fresh())
    found = {"seed": ways.seed, "whole": misread(model, *test)}
    found["untrained"] = [misread(ways.untrained(model, keep), *test) for keep in KEEP]
    for kind in KINDS:
        found[kind] = [misread(ways.pruned(model, kind, k, rates[kind]), *test) for k in KEEP]
    found["channels"] = [
        [misread(ways.cut(model, keep), *test),
         misread(ways.slim(model, keep, rates["channels"]), *test),
         misread(ways.as_small(keep), *test)]
        for keep in CHANNELS
    ]  # fmt: skip
    found["tickets"] = [misread(m, *test) for m in ways.tickets(model, TICKET)]
    found["thin"] = [[misread(m, *test) for m in ways.thin(model, r, rates["thin"])] for r in RANKS]
    print(found, flush=True)
    return found


def _main(steps):
    """Choose the rates and run the seeds; "rates" or numbers of seeds do a part of it."""
    # torch and the networks' part stand above this layer, so they are fetched by name.
    torch = import_module("torch")
    torch.set_num_threads(1)
    names = ("pruning", "channels", "low_rank")
    compressing = {n: import_module(f"companion.cnn.compressing.{n}") for n in names}
    data = reader_images()
    found = stored() if FILE.exists() else {"rates": {}, "runs": []}
    for step in steps or ["rates", *map(str, SEEDS)]:
        if step == "rates":
            ways = Ways(torch, compressing, data, TUNING)
            found["rates"] = tuned(ways, ways.train(ways.fresh()))
        else:
            one = run(Ways(torch, compressing, data, int(step)), found["rates"])
            runs = [r for r in found["runs"] if r["seed"] != one["seed"]]
            found["runs"] = sorted([*runs, one], key=lambda r: r["seed"])
        FILE.write_text(json.dumps(found, indent=1), encoding="utf-8")


if __name__ == "__main__":
    _main(sys.argv[1:])
