"""Known wrong answers to the exercises of the chapter on gradient descent."""

import numpy as np

from companion.exercises import wrong


@wrong("predict-rates", fails="test_four_predictions")
def what_happens():
    """Thinks that small rates slide, and large ones fly, with nothing in between."""
    return "slides", "slides", "flies", "flies"


@wrong("predict-rates", fails="test_four_predictions")
def what_happens():
    """Takes 2 for the curvature of 2θ²."""
    return "slides", "slides", "slides", "swings"


@wrong("predict-rates", fails="test_four_predictions")
def what_happens():
    """Makes a smaller step of a larger rate."""
    return "flies", "circles", "swings", "slides"


@wrong("predict-rates", fails="test_four_predictions")
def what_happens():
    """One word for all."""
    return "swings"


@wrong("all-pairs", fails="test_the_mean_squared_distance_of_all_pairs")
def pairs_by_hand():
    """Draws independently."""
    return 4, 4, 2


@wrong("all-pairs", fails="test_the_mean_squared_distance_of_all_pairs")
def pairs_by_hand():
    """Counts the mixed pair once."""
    return 4, 4, 8 / 3


@wrong("all-pairs", fails="test_the_mean_of_all_pairs")
def pairs_by_hand():
    """Adds up the two slopes of a pair."""
    return 4, 8, 4 / 3


@wrong("epoch-bookkeeping", fails="test_a_short_batch_is_counted")
def bookkeeping(N, B, epochs, drop_last=False):
    """Always leaves the short batch out."""
    full = N // B
    return full, B if full else 0, full * epochs


@wrong("epoch-bookkeeping", fails="test_batches_that_fit_are_all_full")
def bookkeeping(N, B, epochs, drop_last=False):
    """Takes the remainder for the last batch even if it is 0."""
    full, rest = divmod(N, B)
    if drop_last:
        return full, B if full else 0, full * epochs
    updates = full + bool(rest)
    return updates, rest, updates * epochs


@wrong("epoch-bookkeeping", fails="test_batches_that_fit_are_all_full")
def bookkeeping(N, B, epochs, drop_last=False):
    """Adds a batch always."""
    if drop_last:
        return N // B, B if N >= B else 0, N // B * epochs
    return N // B + 1, N % B, (N // B + 1) * epochs


@wrong("epoch-bookkeeping", fails="test_dropping_the_last_batch")
def bookkeeping(N, B, epochs, drop_last=False):
    """Does not look at drop_last."""
    updates = -(-N // B)
    return updates, N - (updates - 1) * B, updates * epochs


@wrong("epoch-bookkeeping", fails="test_dropping_the_last_batch")
def bookkeeping(N, B, epochs, drop_last=False):
    """Drops the last batch but reports the size of the dropped one."""
    updates = N // B if drop_last else -(-N // B)
    return updates, N % B or B, updates * epochs


@wrong("one-epoch", fails="test_full_batches_in_the_given_order")
def one_epoch(X, y, w, b, order, B, lr):
    """Uses the examples as they stand."""
    for start in range(0, len(order), B):
        chosen = slice(start, start + B)
        error = X[chosen] @ w + b - y[chosen]
        w = w - lr * error @ X[chosen] / len(error)
        b = b - lr * error.mean()
    return w, b


@wrong("one-epoch", fails="test_full_batches_in_the_given_order")
def one_epoch(X, y, w, b, order, B, lr):
    """Moves b with the errors that the new w makes."""
    for start in range(0, len(order), B):
        chosen = order[start : start + B]
        error = X[chosen] @ w + b - y[chosen]
        w = w - lr * error @ X[chosen] / len(chosen)
        error = X[chosen] @ w + b - y[chosen]
        b = b - lr * error.mean()
    return w, b


@wrong("one-epoch", fails="test_full_batches_in_the_given_order")
def one_epoch(X, y, w, b, order, B, lr):
    """Adds the gradients of a batch up."""
    for start in range(0, len(order), B):
        chosen = order[start : start + B]
        error = X[chosen] @ w + b - y[chosen]
        w, b = w - lr * error @ X[chosen], b - lr * error.sum()
    return w, b


@wrong("one-epoch", fails="test_full_batches_in_the_given_order")
def one_epoch(X, y, w, b, order, B, lr):
    """Computes all gradients at the start of the epoch."""
    error = X @ w + b - y
    for start in range(0, len(order), B):
        chosen = order[start : start + B]
        w = w - lr * error[chosen] @ X[chosen] / len(chosen)
        b = b - lr * error[chosen].mean()
    return w, b


@wrong("one-epoch", fails="test_the_last_batch_is_a_mean_of_its_own")
def one_epoch(X, y, w, b, order, B, lr):
    """Divides the short batch by B."""
    for start in range(0, len(order), B):
        chosen = order[start : start + B]
        error = X[chosen] @ w + b - y[chosen]
        w, b = w - lr * error @ X[chosen] / B, b - lr * error.sum() / B
    return w, b


@wrong("one-epoch", fails="test_the_last_batch_is_a_mean_of_its_own")
def one_epoch(X, y, w, b, order, B, lr):
    """Leaves the short batch out."""
    for start in range(0, len(order) - B + 1, B):
        chosen = order[start : start + B]
        error = X[chosen] @ w + b - y[chosen]
        w = w - lr * error @ X[chosen] / len(chosen)
        b = b - lr * error.mean()
    return w, b


@wrong("one-epoch", fails="test_the_given_arrays_stay_as_they_are")
def one_epoch(X, y, w, b, order, B, lr):
    """Writes into the caller's weights."""
    for start in range(0, len(order), B):
        chosen = order[start : start + B]
        error = X[chosen] @ w + b - y[chosen]
        w -= lr * error @ X[chosen] / len(chosen)
        b -= lr * error.mean()
    return w, b


@wrong("step-limits", fails="test_limit_and_best_rate")
def step_limits(X, lr):
    """Forgets to divide by m."""
    values = np.linalg.eigvalsh(X.T @ X)
    low, high = values[0], values[-1]
    slowest = max(abs(1 - lr * low / len(X)), abs(1 - lr * high / len(X)))
    return 2 / high, 2 / (low + high), slowest


@wrong("step-limits", fails="test_limit_and_best_rate")
def step_limits(X, lr):
    """Takes 1 / λ for the limit."""
    values = np.linalg.eigvalsh(X.T @ X / len(X))
    low, high = values[0], values[-1]
    return 1 / high, 2 / (low + high), max(abs(1 - lr * low), abs(1 - lr * high))


@wrong("step-limits", fails="test_limit_and_best_rate")
def step_limits(X, lr):
    """Takes singular values of X for curvatures."""
    values = np.linalg.svd(X, compute_uv=False)
    low, high = values[-1], values[0]
    return 2 / high, 2 / (low + high), max(abs(1 - lr * low), abs(1 - lr * high))


@wrong("step-limits", fails="test_slowest_factor_at_any_rate")
def step_limits(X, lr):
    """Looks at the flattest direction only."""
    values = np.linalg.eigvalsh(X.T @ X / len(X))
    low, high = values[0], values[-1]
    return 2 / high, 2 / (low + high), abs(1 - lr * low)


@wrong("step-limits", fails="test_slowest_factor_at_any_rate")
def step_limits(X, lr):
    """Gives the factor at the best rate, whatever the rate is."""
    values = np.linalg.eigvalsh(X.T @ X / len(X))
    low, high = values[0], values[-1]
    return 2 / high, 2 / (low + high), (high - low) / (high + low)


@wrong("step-limits", fails="test_slowest_factor_at_any_rate")
def step_limits(X, lr):
    """Forgets that an overshoot makes the factor negative."""
    values = np.linalg.eigvalsh(X.T @ X / len(X))
    low, high = values[0], values[-1]
    return 2 / high, 2 / (low + high), max(1 - lr * low, 1 - lr * high)


@wrong("enough-examples", fails="test_smallest_batch_over_all_mini_batches")
def enough_examples(G, share):
    """Draws with replacement."""
    mean = G.mean(axis=0)
    spread = np.sum((G - mean) ** 2) / len(G)
    return int(np.ceil(spread / (share**2 * np.sum(mean**2))))


@wrong("enough-examples", fails="test_smallest_batch_over_all_mini_batches")
def enough_examples(G, share):
    """Rounds down."""
    N, mean = len(G), G.mean(axis=0)
    spread = np.sum((G - mean) ** 2) / N
    B = spread * N / (share**2 * np.sum(mean**2) * (N - 1) + spread)
    return max(1, int(B))


@wrong("enough-examples", fails="test_smallest_batch_over_all_mini_batches")
def enough_examples(G, share):
    """Compares the squared noise with the length itself."""
    N, mean = len(G), G.mean(axis=0)
    spread = np.sum((G - mean) ** 2) / N
    B = np.arange(1, N + 1)
    noise = spread / B * (N - B) / (N - 1)
    return int(B[np.argmax(noise <= share * np.sqrt(np.sum(mean**2)))])


@wrong("enough-examples", fails="test_smallest_batch_over_all_mini_batches")
def enough_examples(G, share):
    """Takes the mean square of the gradients for their spread."""
    N, mean = len(G), G.mean(axis=0)
    spread = np.sum(G**2) / N
    B = np.arange(1, N + 1)
    noise = spread / B * (N - B) / (N - 1)
    return int(B[np.argmax(noise <= share**2 * np.sum(mean**2))])


@wrong("enough-examples", fails="test_one_is_enough_or_all_are_needed")
def enough_examples(G, share):
    """Solves for B but does not keep it at 1 or above."""
    N, mean = len(G), G.mean(axis=0)
    spread = np.sum((G - mean) ** 2) / N
    return int(np.ceil(spread * N / (share**2 * np.sum(mean**2) * (N - 1) + spread)))
