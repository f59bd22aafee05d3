"""What the project on a GPT is handed: dates as texts, a model around own attention, a judge.

Used in :ref:`own_gpt`; the learner's own functions do the rest. Curves of sound and of broken runs
are kept beside this file; to make them anew, from the top of the repository::

    python -m companion.rnn.experiments.own_gpt
"""

import json
from datetime import timedelta
from pathlib import Path

import numpy as np

from companion.data.human_dates import DAYS, FIRST, written
from companion.gradients.tape import no_grad, primitive
from companion.optimization.adam import Adam
from companion.rnn.attention.masks import causal_mask
from companion.rnn.attention.scaled_dot_product import (
    attention_weights,
    scaled_dot_product_attention,
)
from companion.rnn.language.next_token import next_token_loss
from companion.rnn.text.vocabulary import END, Vocabulary
from companion.rnn.transformer.gpt import GPT
from companion.training import manual_seed

FILE = Path(__file__).with_name("own_gpt.json")
TOKENS = Vocabulary(sorted("abcdefghijklmnopqrstuvwxyz0123456789 ,=-"))
CONTEXT, BATCH, UPDATES, RATE, HELD_OUT = 31, 32, 240, 0.012, 300
ASKED = 0.1
"""The loss on new dates that is asked for, in nats a letter."""


def dated(count, seed=0):
    """Draw dates as texts such as ``"march 5, 1997=1997-03-05"``, each once.

    Parameters
    ----------
    count : int
        How many, at least 1.
    seed : int
        Of the draw.

    Returns
    -------
    list of str
        The texts.

    Raises
    ------
    ValueError
        If there are not so many days.
    """
    if not 1 <= count <= DAYS:
        raise ValueError(f"dated: count={count}; expected 1 … {DAYS}, as each date comes once")
    rng, found = np.random.default_rng(seed), {}
    while len(found) < count:
        day = FIRST + timedelta(days=int(rng.integers(DAYS)))
        found.setdefault(f"{written(day, 'English')}={day.isoformat()}")
    return list(found)


def asked_of(texts):
    """Turn texts into inputs and targets; asked is what stands behind the ``=``, and the end.

    Parameters
    ----------
    texts : list of str
        As from `dated`.

    Returns
    -------
    inputs, targets : numpy.ndarray
        (N, T) int64; targets are 0 where nothing is asked.

    Raises
    ------
    ValueError
        If there is no text, or one has no ``=``.
    """
    without = [text for text in texts if "=" not in text]
    if isinstance(texts, str) or not len(texts) or without:
        raise ValueError(
            f"asked_of: texts {without[:1] or texts!r}; expected a list of at least one text such "
            "as 'may 5, 1997=1997-05-05'"
        )
    rows = [[*TOKENS.encode(text), TOKENS.number(END)] for text in texts]
    inputs = np.zeros((len(rows), max(map(len, rows)) - 1), np.int64)
    targets = inputs.copy()
    for n, (text, row) in enumerate(zip(texts, rows, strict=True)):
        inputs[n, : len(row) - 1] = row[:-1]
        first = text.index("=")
        targets[n, first : len(row) - 1] = row[first + 1 :]
    return inputs, targets


def lessons(updates=UPDATES, seed=0):
    """Return what is learned from: a list of (inputs, targets, rate); the rate rises and falls."""
    if updates < 1:
        raise ValueError(f"lessons: updates={updates}; expected at least 1")
    rng, texts = np.random.default_rng(seed), dated(3000 + HELD_OUT)[:3000]
    found = []
    for k in range(updates):
        chosen = rng.choice(len(texts), BATCH, replace=False)
        rate = RATE * min((k + 1) / (0.2 * updates), (updates - k) / (0.8 * updates))
        found.append((*asked_of([texts[i] for i in chosen]), float(rate)))
    return found


def own_attention(attend, attend_back, may_look):
    """Make of three functions what a GPT looks with.

    Parameters
    ----------
    attend : callable
        ``attend(q, k, v, mask)``, arrays (N, H, T, D) and (T, T) bool → (N, H, T, D).
    attend_back : callable
        ``attend_back(dy, q, k, v, mask)`` → gradients of q, k, v.
    may_look : callable
        ``may_look(steps)`` → (T, T) bool.

    Returns
    -------
    callable
        On tensors, with the gradients that the second function gives.
    """

    @primitive
    def own(q, k, v, *, mask):
        kept = {}

        def slope(part):
            def pullback(dy):
                if "all" not in kept:
                    kept["all"] = attend_back(dy, q, k, v, mask)
                return np.asarray(kept["all"][part], q.dtype)

            return pullback

        return np.asarray(attend(q, k, v, mask), q.dtype), slope(0), slope(1), slope(2)

    return lambda q, k, v, mask: own(q, k, v, mask=np.asarray(may_look(q.shape[2])))


def new_gpt(attention, seed=0):
    """Make the GPT of the project: two blocks of 32 features, two heads.

    Parameters
    ----------
    attention : callable
        As `own_attention` makes it.
    seed : int
        Of its first weights.

    Returns
    -------
    GPT
        Not trained yet.
    """
    manual_seed(seed)
    return GPT(len(TOKENS), CONTEXT, 32, 2, 2, attend=attention)


def kept(model, optimizer):
    """Return what it takes to go on.

    Parameters
    ----------
    model : GPT
        Its weights are copied.
    optimizer : Adam
        What it remembers is copied.

    Returns
    -------
    dict
        "weights": name → array. "memory": for each parameter the number of updates and two
        averages; empty before the first update.
    """
    memory = optimizer.state_dict()["state"]
    names = ("step", "exp_avg", "exp_avg_sq")
    return {
        "weights": model.state_dict(),
        "memory": [[memory[k][name] for name in names] for k in sorted(memory)],
    }


def resumed(state, attention):
    """Return a model and its optimizer as they were kept.

    Parameters
    ----------
    state : dict
        As from `kept`; not changed.
    attention : callable
        As `own_attention` makes it.

    Returns
    -------
    model : GPT
        In training mode.
    optimizer : Adam
        Its rate is to be set before each update.
    """
    model = new_gpt(attention)
    model.load_state_dict(state["weights"])
    optimizer = Adam(model.parameters())
    names = ("step", "exp_avg", "exp_avg_sq")
    memory = {
        k: {name: np.copy(value) if name != "step" else int(value)
            for name, value in zip(names, row, strict=True)}
        for k, row in enumerate(state["memory"])
    }  # fmt: skip
    optimizer.load_state_dict({**optimizer.state_dict(), "state": memory})
    return model, optimizer


def first_state(seed=0):
    """Return the state before the first update."""
    model = new_gpt(scaled_dot_product_attention, seed)
    return kept(model, Adam(model.parameters()))


def judged(weights, texts):
    """Judge weights in a GPT that looks as it should.

    Parameters
    ----------
    weights : dict
        Name → array, as ``kept(…)["weights"]``.
    texts : list of str
        As from `dated`.

    Returns
    -------
    float
        Mean surprise about what stands behind the ``=``, in nats a letter.
    """
    model = new_gpt(scaled_dot_product_attention).eval()
    model.load_state_dict(weights)
    inputs, targets = asked_of(texts)
    with no_grad():
        return next_token_loss(model(inputs), targets).item()


def new_dates():
    """Return dates that nobody has learned from."""
    return dated(3000 + HELD_OUT)[3000:]


def a_run(attention, updates=UPDATES, seed=0):
    """Learn with the companion's own loop; return the state and the loss of each update."""
    model, optimizer = resumed(first_state(seed), attention)
    losses = []
    for inputs, targets, rate in lessons(updates, seed):
        optimizer.param_groups[0]["lr"] = rate
        optimizer.zero_grad()
        loss = next_token_loss(model(inputs), targets)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return kept(model, optimizer), losses


def weights_of(q, k, mask):
    """Shares of attention of arrays, (N, H, T, T)."""
    return attention_weights(q, k, mask).numpy()


def mixed(q, k, v, mask):
    """Attention of arrays."""
    return weights_of(q, k, mask) @ v


def slopes(dy, q, k, v, mask):
    """Gradients of `mixed`."""
    a = weights_of(q, k, mask)
    da = dy @ v.swapaxes(-2, -1)
    ds = a * (da - (a * da).sum(axis=-1, keepdims=True)) / q.shape[-1] ** 0.5
    return ds @ k, ds.swapaxes(-2, -1) @ q, a.swapaxes(-2, -1) @ dy


def values_only(dy, q, k, v, mask):
    """Gradients with those of queries and keys forgotten."""
    return 0 * q, 0 * k, slopes(dy, q, k, v, mask)[2]


def everywhere(steps):
    """Make a mask that forbids nothing."""
    return np.ones((steps, steps), bool)


def itself(steps):
    """Make a mask that leaves each place alone."""
    return np.eye(steps, dtype=bool)


RUNS = {
    "sound": (mixed, slopes, causal_mask),
    "looks ahead": (mixed, slopes, everywhere),
    "queries and keys do not learn": (mixed, values_only, causal_mask),
    "looks at itself only": (mixed, slopes, itself),
}
"""Name → attention, its way back, and its mask; all but the first broken."""
EVERY, SEEDS = 20, (0, 1, 2)


def contest(runs=RUNS, seeds=SEEDS, updates=UPDATES):
    """Let sound and broken attention learn the same lessons.

    Returns
    -------
    dict
        Name → "learned", for each seed the mean loss of each `EVERY` updates, and "judged", for
        each seed the loss on new dates in a GPT that looks as it should.
    """
    found, texts = {}, new_dates()
    for name, parts in runs.items():
        found[name] = {"learned": [], "judged": []}
        for seed in seeds:
            state, losses = a_run(own_attention(*parts), updates, seed)
            means = np.reshape(losses, (-1, EVERY)).mean(axis=1)
            found[name]["learned"].append([round(float(mean), 4) for mean in means])
            found[name]["judged"].append(round(judged(state["weights"], texts), 4))
        print(name, found[name]["judged"], flush=True)
    return found


def stored():
    """Read what `contest` found."""
    return json.loads(FILE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    FILE.write_text(json.dumps(contest()), encoding="utf-8")
