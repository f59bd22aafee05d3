"""Known wrong answers to the project on names."""

import numpy as np

from companion.exercises import wrong
from companion.exercises.parts import (
    adam_step,
    clipped,
    lstm_step,
    lstm_step_back,
    tempered_probabilities,
)


def scores_of(weights, inputs, keep=True, bias=True):
    """Do what is asked, or forget the state, or the bias."""
    E, w_ih, w_hh, b, w_out, b_out = weights
    zero = np.zeros((len(inputs), w_hh.shape[1]), w_hh.dtype)
    h = c = zero
    scores = []
    for tokens in inputs.T:
        h, c = lstm_step(E[tokens], h if keep else zero, c if keep else zero, w_ih, w_hh, b)
        scores.append(h @ w_out.T + (b_out if bias else 0))
    return np.stack(scores, axis=1)


@wrong("name-scores", fails="test_scores_after_each_letter")
def name_scores(weights, inputs):
    """Begins anew at each letter."""
    return scores_of(weights, inputs, keep=False)


@wrong("name-scores", fails="test_scores_after_each_letter")
def name_scores(weights, inputs):
    """Forgets the bias of the scores."""
    return scores_of(weights, inputs, bias=False)


@wrong("name-scores", fails="test_scores_after_each_letter")
def name_scores(weights, inputs):
    """Puts time before the batch."""
    return scores_of(weights, inputs).swapaxes(0, 1)


@wrong("name-scores", fails="test_scores_after_each_letter")
def name_scores(weights, inputs):
    """Scores the state before each letter."""
    found = scores_of(weights, inputs)
    return np.concatenate([0 * found[:, :1] + weights[5], found[:, :-1]], axis=1)


@wrong("name-scores", fails="test_scores_after_each_letter")
def name_scores(weights, inputs):
    """Begins with zeros of double precision."""
    return scores_of([w.astype(float) for w in weights], inputs)


def gradients(weights, inputs, targets, mean=None, through=True, cell=True, twice=True, pad=False):
    """Do what is asked, or one thing less."""
    E, w_ih, w_hh, b, w_out, b_out = weights
    h = c = np.zeros((len(inputs), w_hh.shape[1]), w_hh.dtype)
    steps, states = [], []
    for tokens in inputs.T:
        steps.append((E[tokens], h, c))
        h, c = lstm_step(*steps[-1], w_ih, w_hh, b)
        states.append(h)
    asked = (targets != 0).T[..., None] if not pad else np.ones((*targets.T.shape, 1))
    p = np.stack(states) @ w_out.T + b_out
    p = np.exp(p - p.max(axis=2, keepdims=True))
    p /= p.sum(axis=2, keepdims=True)
    p -= np.eye(len(w_out), dtype=p.dtype)[targets.T]
    p = (p * asked / (mean or asked.sum())).astype(w_out.dtype)
    found = [np.zeros_like(weight) for weight in weights]
    dh = dc = np.zeros_like(h)
    for t in reversed(range(len(steps))):
        found[4] += p[t].T @ states[t]
        found[5] += p[t].sum(axis=0)
        dx, dh, dc, *parts = lstm_step_back(
            dh * through + p[t] @ w_out, dc * cell, *steps[t], w_ih, w_hh, b
        )
        for total, part in zip(found[1:4], parts, strict=True):
            total += part
        if twice:
            np.add.at(found[0], inputs[:, t], dx)
        else:
            found[0][inputs[:, t]] += dx
    return found


@wrong("name-gradients", fails="test_gradients_are_the_measured_slopes")
def name_gradients(weights, inputs, targets):
    """Sums where a mean is asked for."""
    return gradients(weights, inputs, targets, mean=1)


@wrong("name-gradients", fails="test_gradients_are_the_measured_slopes")
def name_gradients(weights, inputs, targets):
    """Divides by all places, padding too."""
    return gradients(weights, inputs, targets, mean=targets.size)


@wrong("name-gradients", fails="test_gradients_are_the_measured_slopes")
def name_gradients(weights, inputs, targets):
    """Lets padding count."""
    return gradients(weights, inputs, targets, pad=True)


@wrong("name-gradients", fails="test_gradients_are_the_measured_slopes")
def name_gradients(weights, inputs, targets):
    """Does not hand on the gradient of the state."""
    return gradients(weights, inputs, targets, through=False)


@wrong("name-gradients", fails="test_gradients_are_the_measured_slopes")
def name_gradients(weights, inputs, targets):
    """Does not hand on the gradient of the cell."""
    return gradients(weights, inputs, targets, cell=False)


@wrong("name-gradients", fails="test_gradients_are_the_measured_slopes")
def name_gradients(weights, inputs, targets):
    """Keeps one of two equal letters."""
    return gradients(weights, inputs, targets, twice=False)


@wrong("name-gradients", fails="test_gradients_are_the_measured_slopes")
def name_gradients(weights, inputs, targets):
    """Returns double precision for weights of single precision."""
    return [g.astype(float) for g in gradients(weights, inputs, targets)]


@wrong("name-gradients", fails="test_gradients_are_the_measured_slopes")
def name_gradients(weights, inputs, targets):
    """Takes exponentials of scores as they are, which overflow."""
    E, w_ih, w_hh, b, w_out, b_out = weights
    found = gradients(weights, inputs, targets)
    p = np.exp(scores_of(weights, inputs))
    p = p / p.sum(axis=2, keepdims=True) - np.eye(len(E), dtype=p.dtype)[targets]
    found[5] = (p * (targets != 0)[..., None]).sum(axis=(0, 1)) / (targets != 0).sum()
    return [found[k].astype(weights[k].dtype) for k in range(6)]


def draw(weights, chances, temperature, never=(0, 1, 3), argmax=False, keep=True):
    """Do what is asked, or let more tokens come, or never draw."""
    E, w_ih, w_hh, b, w_out, b_out = weights
    allowed = np.array([k for k in range(len(E)) if k not in never])
    zero = np.zeros((1, w_hh.shape[1]), w_hh.dtype)
    h = c = zero
    token, written = 1, []
    for chance in chances:
        h, c = lstm_step(E[[token]], h, c, w_ih, w_hh, b)
        if not keep:
            h, c = lstm_step(E[[token]], zero, zero, w_ih, w_hh, b)
        p = tempered_probabilities((h @ w_out.T + b_out)[0, allowed], temperature)
        place = min(np.searchsorted(np.cumsum(p), chance, side="right"), len(p) - 1)
        token = int(allowed[np.argmax(p) if argmax else place])
        if token == 2:
            break
        written.append(token)
    return written


@wrong("write-name", fails="test_names_that_are_drawn")
def write_name(weights, chances, temperature):
    """Takes the likeliest token."""
    return draw(weights, chances, temperature, argmax=True)


@wrong("write-name", fails="test_names_that_are_drawn")
def write_name(weights, chances, temperature):
    """Lets padding, start and unknown come."""
    return draw(weights, chances, temperature, never=())


@wrong("write-name", fails="test_names_that_are_drawn")
def write_name(weights, chances, temperature):
    """Ignores the temperature."""
    return draw(weights, chances, 1.0)


@wrong("write-name", fails="test_names_that_are_drawn")
def write_name(weights, chances, temperature):
    """Forgets what it has written."""
    return draw(weights, chances, temperature, keep=False)


@wrong("write-name", fails="test_names_that_are_drawn")
def write_name(weights, chances, temperature):
    """Returns the end as well."""
    found = draw(weights, chances, temperature)
    return found if len(found) == len(chances) else [*found, 2]


def draw_masked(weights, chances, temperature, choose):
    """Do what is asked by scores of minus infinity, and choose a token by the sums."""
    token, written = 1, []
    for chance in chances:
        scores = scores_of(weights, np.array([[1, *written]]))[0, -1]
        scores[[0, 1, 3]] = -np.inf
        token = int(choose(np.cumsum(tempered_probabilities(scores, temperature)), chance))
        if token == 2:
            break
        written.append(token)
    return written


@wrong("write-name", fails="test_chances_at_the_ends")
def write_name(weights, chances, temperature):
    """Takes token 0 when no sum exceeds the chance."""
    return draw_masked(weights, chances, temperature, lambda sums, c: np.argmax(sums > c))


@wrong("write-name", fails="test_chances_at_the_ends")
def write_name(weights, chances, temperature):
    """Takes a token that cannot come when a chance is 0."""
    return draw_masked(
        weights, chances, temperature, lambda sums, c: min(np.searchsorted(sums, c), len(sums) - 1)
    )


@wrong("write-name", fails="test_chances_at_the_ends")
def write_name(weights, chances, temperature):
    """Ends in an error when no sum exceeds the chance."""
    return draw_masked(weights, chances, temperature, lambda sums, c: np.nonzero(sums > c)[0][0])


@wrong("write-name", fails="test_names_that_are_drawn")
def write_name(weights, chances, temperature):
    """Returns tokens that are no whole numbers."""
    return [token + 0.25 for token in draw(weights, chances, temperature)]


@wrong("write-name", fails="test_names_that_are_drawn")
def write_name(weights, chances, temperature):
    """Never makes choices bolder than at a temperature of 1."""
    return draw(weights, chances, max(temperature, 1.0))


def epoch_of(weights, memory, batches, rate, most=1, forget=False, count=True, sign=1, **options):
    """Do what is asked, or one thing otherwise."""
    zeros = [np.zeros_like(weight) for weight in weights]
    m, v, t = (None if forget else memory) or [zeros, zeros, 0]
    for inputs, targets in batches:
        t += 1
        g = clipped(gradients(weights, inputs, targets, **options), most)
        moved = [
            adam_step(*each, t if count else 1, sign * rate, 0.9, 0.999, 1e-8)
            for each in zip(weights, m, v, g, strict=True)
        ]
        weights, m, v = (list(part) for part in zip(*moved, strict=True))
    return weights, [m, v, t]


@wrong("own-generator", fails="test_two_small_epochs")
def one_epoch(weights, memory, batches, rate):
    """Begins the averages anew in each epoch."""
    return epoch_of(weights, memory, batches, rate, forget=True)


@wrong("own-generator", fails="test_two_small_epochs")
def one_epoch(weights, memory, batches, rate):
    """Does not count the updates."""
    return epoch_of(weights, memory, batches, rate, count=False)


@wrong("own-generator", fails="test_two_small_epochs")
def one_epoch(weights, memory, batches, rate):
    """Climbs."""
    return epoch_of(weights, memory, batches, rate, sign=-1)


@wrong("own-generator", fails="test_two_small_epochs")
def one_epoch(weights, memory, batches, rate):
    """Learns from the first batch only."""
    return epoch_of(weights, memory, batches[:1], rate)


@wrong("own-generator", fails="test_two_small_epochs")
def one_epoch(weights, memory, batches, rate):
    """Cuts the gradient off after each letter."""
    return epoch_of(weights, memory, batches, rate, through=False, cell=False)


@wrong("own-generator", fails="test_it_beats_counting")
def one_epoch(weights, memory, batches, rate):
    """Learns from two batches at most."""
    return epoch_of(weights, memory, batches[:2], rate)


@wrong("own-generator", fails="test_two_small_epochs")
def one_epoch(weights, memory, batches, rate):
    """Does not clip."""
    return epoch_of(weights, memory, batches, rate, most=1e9)


@wrong("own-generator", fails="test_two_small_epochs")
def one_epoch(weights, memory, batches, rate):
    """Clips each array alone."""
    zeros = [np.zeros_like(weight) for weight in weights]
    m, v, t = memory or [zeros, zeros, 0]
    for inputs, targets in batches:
        t += 1
        g = [clipped([one], 1)[0] for one in gradients(weights, inputs, targets)]
        moved = [
            adam_step(*each, t, rate, 0.9, 0.999, 1e-8)
            for each in zip(weights, m, v, g, strict=True)
        ]
        weights, m, v = (list(part) for part in zip(*moved, strict=True))
    return weights, [m, v, t]


@wrong("own-generator", fails="test_two_small_epochs")
def one_epoch(weights, memory, batches, rate):
    """Returns double precision for weights of single precision."""
    return epoch_of([w.astype(float) for w in weights], memory, batches, rate)


@wrong("own-generator", fails="test_two_small_epochs")
def one_epoch(weights, memory, batches, rate):
    """Changes the weights that it was given, from the second call on."""
    new, memory_after = epoch_of(weights, memory, batches, rate)
    if memory is not None:
        for old, one in zip(weights, new, strict=True):
            old[...] = one
    return new, memory_after


@wrong("own-generator", fails="test_two_small_epochs")
def one_epoch(weights, memory, batches, rate):
    """Returns single precision for weights of double precision."""
    new, memory = epoch_of(weights, memory, batches, rate)
    return [w.astype(np.float32) for w in new], memory
