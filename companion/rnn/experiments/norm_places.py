"""Norms before the parts of a block or behind the sums, in shallow and in deep stacks.

Stacks of blocks learn to continue first names, letter by letter, at several rates from the first
update on, without any warm-up. It takes some minutes; what came out is kept beside this file. To
make it anew, from the top of the repository::

    python -m companion.rnn.experiments.norm_places
"""

import json
from pathlib import Path

import numpy as np

from companion.data.first_names import split_names
from companion.gradients.layers import Linear
from companion.gradients.module import Module, Sequential
from companion.optimization.adam import Adam
from companion.optimization.normalization.layer_norm import LayerNorm
from companion.rnn.attention.masks import causal_mask
from companion.rnn.attention.positions import sinusoidal_positions
from companion.rnn.language.next_token import next_token_batches, next_token_loss
from companion.rnn.text.vocabulary import Vocabulary
from companion.rnn.transformer.blocks import TransformerEncoderLayer
from companion.rnn.words.embedding import Embedding
from companion.training import manual_seed

FILE = Path(__file__).with_name("norm_places.json")
WIDTH, HEADS, HIDDEN, UPDATES = 32, 2, 64, 150
DEPTHS, RATES, SEEDS = (2, 12), (0.001, 0.003, 0.01), (0, 1, 2)


class Stack(Module):
    """Blocks on top of each other that score the next letter.

    Parameters
    ----------
    tokens : int
        Size V of the vocabulary.
    num_layers : int
        Blocks.
    norm_first : bool
        Where the norms stand. With norms first there is one more before the scores.
    """

    def __init__(self, tokens, num_layers, norm_first):
        self.table = Embedding(tokens, WIDTH)
        block = (WIDTH, HEADS, HIDDEN, 0.0)
        options = {"batch_first": True, "norm_first": norm_first}
        self.blocks = Sequential(
            *(TransformerEncoderLayer(*block, **options) for _ in range(num_layers))
        )
        self.norm = LayerNorm(WIDTH) if norm_first else None
        self.head = Linear(WIDTH, tokens)

    def forward(self, tokens):
        """Score what comes next: (N, T) tokens → (N, T, V)."""
        steps = np.shape(tokens)[1]
        x, after = self.table(tokens) + sinusoidal_positions(steps, WIDTH), ~causal_mask(steps)
        for block in self.blocks.children():
            x = block(x, src_mask=after)
        return self.head(x if self.norm is None else self.norm(x))


def first_gradients(num_layers, norm_first, seed):
    """Return the norm of the gradient in each block's hidden layer before the first update."""
    model, batches = _begin(num_layers, norm_first, seed)
    inputs, targets = next(iter(batches))
    next_token_loss(model(inputs), targets).backward()
    return [float(np.linalg.norm(b.linear1.weight.grad)) for b in model.blocks.children()]


def run(num_layers, norm_first, rate, seed, updates=UPDATES):
    """Train one stack with Adam at one rate; return its losses, update by update."""
    model, batches = _begin(num_layers, norm_first, seed)
    optimizer, losses = Adam(model.parameters(), lr=rate), []
    while len(losses) < updates:
        for inputs, targets in batches:
            optimizer.zero_grad()
            loss = next_token_loss(model(inputs), targets)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            if len(losses) == updates:
                break
    return losses


def _begin(num_layers, norm_first, seed):
    manual_seed(seed)
    names = split_names().train
    vocabulary = Vocabulary.of(names)
    batches = next_token_batches(names, vocabulary, batch_size=32, seed=seed)
    return Stack(len(vocabulary), num_layers, norm_first), batches


def grid():
    """Train all stacks; return entries of kind, depth, rate and end loss of each seed."""
    found = []
    for depth in DEPTHS:
        for first in (False, True):
            for rate in RATES:
                ends = [float(np.mean(run(depth, first, rate, s)[-30:])) for s in SEEDS]
                found.append({"norm_first": first, "depth": depth, "rate": rate,
                              "loss": [round(end, 4) for end in ends]})  # fmt: skip
                print(found[-1], flush=True)
    return found


def stored():
    """Read what was found.

    Returns
    -------
    list of dict
        norm_first, depth, rate, and "loss": mean of the last thirty updates, for each seed.
    """
    return json.loads(FILE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    FILE.write_text(json.dumps(grid()), encoding="utf-8")
