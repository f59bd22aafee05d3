"""Known wrong answers to the exercises on CTC by hand."""

import numpy as np

from companion.exercises import wrong


def places_of(target, blank):
    labels = [blank]
    for k in target:
        labels += [k, blank]
    return labels


def run(log_probs, target, blank, jump, add=np.logaddexp):
    labels = places_of(target, blank)
    alpha = np.full(len(labels), -np.inf)
    alpha[0] = 0
    for row in log_probs:
        new = alpha.copy()
        for s in range(1, len(labels)):
            new[s] = add(new[s], alpha[s - 1])
            if s > 1 and jump(labels, s, blank):
                new[s] = add(new[s], alpha[s - 2])
        alpha = new + row[labels]
    return alpha


def right_jump(labels, s, blank):
    return labels[s] not in (blank, labels[s - 2])


@wrong("ctc-forward", fails="test_a_few_frames")
def log_likelihood(log_probs, target, blank):
    """Jumps between equal letters."""
    alpha = run(log_probs, target, blank, lambda labels, s, blank: labels[s] != blank)
    return np.logaddexp.reduce(alpha[-2:])


@wrong("ctc-forward", fails="test_a_few_frames")
def log_likelihood(log_probs, target, blank):
    """Takes the best path."""
    return run(log_probs, target, blank, right_jump, max)[-2:].max()


@wrong("ctc-forward", fails="test_a_few_frames")
def log_likelihood(log_probs, target, blank):
    """Ends in the last blank only."""
    return run(log_probs, target, blank, right_jump)[-1]


@wrong("ctc-forward", fails="test_a_few_frames")
def log_likelihood(log_probs, target, blank):
    """Takes label 0 for the blank, whatever is said."""
    return np.logaddexp.reduce(run(log_probs, target, 0, right_jump)[-2:])


@wrong("ctc-forward", fails="test_a_few_frames")
def log_likelihood(log_probs, target, blank):
    """Returns the loss."""
    return -np.logaddexp.reduce(run(log_probs, target, blank, right_jump)[-2:])


@wrong("ctc-forward", fails="test_empty_and_impossible")
def log_likelihood(log_probs, target, blank):
    """Gives an empty target the probability 1."""
    if not len(target):
        return 0.0
    return np.logaddexp.reduce(run(log_probs, target, blank, right_jump)[-2:])


@wrong("ctc-forward", fails="test_empty_and_impossible")
def log_likelihood(log_probs, target, blank):
    """Replaces minus infinity by a large number."""
    found = np.logaddexp.reduce(run(log_probs, target, blank, right_jump)[-2:])
    return max(found, -1e30)


@wrong("ctc-forward", fails="test_thousands_of_frames")
def log_likelihood(log_probs, target, blank):
    """Multiplies plain probabilities, which vanish."""
    labels = places_of(target, blank)
    alpha = np.zeros(len(labels))
    alpha[0] = 1
    for row in np.exp(log_probs):
        new = alpha.copy()
        for s in range(1, len(labels)):
            new[s] += alpha[s - 1]
            if s > 1 and right_jump(labels, s, blank):
                new[s] += alpha[s - 2]
        alpha = new * row[labels]
    total = alpha[-2:].sum()
    return np.log(total) if total else -np.inf


def softmax(scores):
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    return p / p.sum(axis=1, keepdims=True)


def shares(forward, backward):
    both = forward + backward
    return np.exp(both - np.logaddexp.reduce(both[0]))


def spread(labels, share, classes):
    out = np.zeros((len(share), classes))
    for s, k in enumerate(labels):
        out[:, k] += share[:, s]
    return out


@wrong("ctc-back", fails="test_gradient")
def score_gradient(scores, labels, forward, backward):
    """Stops at the log-probabilities."""
    return -spread(labels, shares(forward, backward), scores.shape[1])


@wrong("ctc-back", fails="test_gradient")
def score_gradient(scores, labels, forward, backward):
    """Has the sign turned around."""
    return spread(labels, shares(forward, backward), scores.shape[1]) - softmax(scores)


@wrong("ctc-back", fails="test_gradient")
def score_gradient(scores, labels, forward, backward):
    """Keeps only the last place of a label."""
    out = softmax(scores)
    out[:, labels] -= shares(forward, backward)
    return out


@wrong("ctc-back", fails="test_gradient")
def score_gradient(scores, labels, forward, backward):
    """Takes the forward table alone."""
    share = np.exp(forward - np.logaddexp.reduce(forward, axis=1)[:, None])
    return softmax(scores) - spread(labels, share, scores.shape[1])


@wrong("ctc-back", fails="test_gradient")
def score_gradient(scores, labels, forward, backward):
    """Does not divide by P."""
    share = np.exp(forward + backward)
    return softmax(scores) - spread(labels, share, scores.shape[1])


@wrong("ctc-back", fails="test_long_and_large")
def score_gradient(scores, labels, forward, backward):
    """Leaves the logarithms too early."""
    share = np.exp(forward) * np.exp(backward)
    share = share / share.sum(axis=1, keepdims=True)
    return softmax(scores) - spread(labels, share, scores.shape[1])


@wrong("ctc-back", fails="test_long_and_large")
def score_gradient(scores, labels, forward, backward):
    """Lets the softmax overflow."""
    p = np.exp(scores)
    p = p / p.sum(axis=1, keepdims=True)
    return p - spread(labels, shares(forward, backward), scores.shape[1])


@wrong("ctc-forward", fails="test_a_few_frames")
def log_likelihood(log_probs, target, blank):
    """Never jumps to label 0, as if that were always the blank."""
    alpha = run(log_probs, target, blank, lambda x, s, blank: x[s] and right_jump(x, s, blank))
    return np.logaddexp.reduce(alpha[-2:])


@wrong("ctc-forward", fails="test_empty_and_impossible")
def log_likelihood(log_probs, target, blank):
    """Cuts off at a small probability, so that nothing is impossible."""
    alpha = run(np.maximum(log_probs, -20), target, blank, right_jump)
    return np.logaddexp.reduce(alpha[-2:])


@wrong("ctc-back", fails="test_gradient")
def score_gradient(scores, labels, forward, backward):
    """Takes for granted that there are two last places."""
    share = np.exp(forward + backward - np.logaddexp(forward[-1, -1], forward[-1, -2]))
    return softmax(scores) - spread(labels, share, scores.shape[1])
