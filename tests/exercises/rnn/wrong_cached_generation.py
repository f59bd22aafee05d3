"""Known wrong answers to the exercises on generating with a cache."""

import numpy as np

from companion.exercises import wrong


@wrong("places-read", fails="test_pairs")
def places_read(prompt, written):
    """Reads the last token as well."""
    return sum(range(prompt, prompt + written + 1)), prompt + written


@wrong("places-read", fails="test_pairs")
def places_read(prompt, written):
    """Forgets the prompt in the cache."""
    return sum(range(prompt, prompt + written)), written


@wrong("places-read", fails="test_pairs")
def places_read(prompt, written):
    """Reads the prompt token by token without a cache."""
    length = prompt + written - 1
    return length * (length + 1) // 2, length


@wrong("places-read", fails="test_pairs")
def places_read(prompt, written):
    """Swaps the two."""
    return prompt + written - 1, sum(range(prompt, prompt + written))


@wrong("places-read", fails="test_pairs")
def places_read(prompt, written):
    """Returns real numbers."""
    return written * (prompt + (written - 1) / 2), float(prompt + written - 1)


def step(x, keys, values, w_q, w_k, w_v, own=True, scaled=True, stable=True, turned=False):
    """Do what is asked, or something like it."""
    if turned:
        w_q, w_k, w_v = w_q.T, w_k.T, w_v.T
    new_keys, new_values = np.vstack([keys, w_k @ x]), np.vstack([values, w_v @ x])
    seen = slice(None) if own or not len(keys) else slice(-1)
    scores = new_keys[seen] @ (w_q @ x) / (np.sqrt(len(x)) if scaled else 1)
    shares = np.exp(scores - scores.max() * stable)
    return shares / shares.sum() @ new_values[seen], new_keys, new_values


@wrong("cached-step", fails="test_steps_are_rows_of_attention")
def cached_step(x, keys, values, w_q, w_k, w_v):
    """Does not look at the new token."""
    return step(x, keys, values, w_q, w_k, w_v, own=False)


@wrong("cached-step", fails="test_steps_are_rows_of_attention")
def cached_step(x, keys, values, w_q, w_k, w_v):
    """Does not scale."""
    return step(x, keys, values, w_q, w_k, w_v, scaled=False)


@wrong("cached-step", fails="test_steps_are_rows_of_attention")
def cached_step(x, keys, values, w_q, w_k, w_v):
    """Overflows."""
    return step(x, keys, values, w_q, w_k, w_v, stable=False)


@wrong("cached-step", fails="test_steps_are_rows_of_attention")
def cached_step(x, keys, values, w_q, w_k, w_v):
    """Transposes the maps."""
    return step(x, keys, values, w_q, w_k, w_v, turned=True)


@wrong("cached-step", fails="test_steps_are_rows_of_attention")
def cached_step(x, keys, values, w_q, w_k, w_v):
    """Puts the new key first."""
    got, k, v = step(x, keys, values, w_q, w_k, w_v)
    return got, np.roll(k, 1, axis=0), np.roll(v, 1, axis=0)


@wrong("cached-step", fails="test_steps_are_rows_of_attention")
def cached_step(x, keys, values, w_q, w_k, w_v):
    """Keeps nothing."""
    return step(x, keys, values, w_q, w_k, w_v)[0], keys, values


STORE = []


@wrong("cached-step", fails="test_steps_are_rows_of_attention")
def cached_step(x, keys, values, w_q, w_k, w_v):
    """Keeps a store of its own and forgets what it is given."""
    if not len(keys):
        STORE.clear()
    STORE.append((w_k @ x, w_v @ x))
    before = np.array(STORE[:-1]).reshape(-1, 2, len(x))
    return step(x, before[:, 0], before[:, 1], w_q, w_k, w_v)


@wrong("cached-step", fails="test_steps_are_rows_of_attention")
def cached_step(x, keys, values, w_q, w_k, w_v):
    """Takes its own score off, which may be far below the largest."""
    keys, values = np.vstack([keys, w_k @ x]), np.vstack([values, w_v @ x])
    scores = keys @ (w_q @ x) / np.sqrt(len(x))
    shares = np.exp(scores - scores[-1])
    return shares / shares.sum() @ values, keys, values
