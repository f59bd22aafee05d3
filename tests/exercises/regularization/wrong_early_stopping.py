"""Known wrong answers to the exercises of the chapter on early stopping."""

import numpy as np

from companion.exercises import wrong


@wrong("where-it-ends", fails="test_a_patience_of_two")
def where_it_ends():
    """Takes an equal loss for an improvement."""
    return (10, 8), (10, 8)


@wrong("where-it-ends", fails="test_a_patience_of_two")
def where_it_ends():
    """Counts from 0."""
    return (5, 3), (6, 3)


@wrong("where-it-ends", fails="test_a_patience_of_three")
def where_it_ends():
    """Waits one epoch more than the patience."""
    return (6, 4), (8, 4)


@wrong("where-it-ends", fails="test_a_patience_of_three")
def where_it_ends():
    """Restores an epoch that the run never sees."""
    return (6, 4), (7, 8)


@wrong("stop-now", fails="test_the_best_epoch")
def stop_now(dev_losses, patience):
    """Takes the last of equal losses."""
    best = max(k for k, loss in enumerate(dev_losses) if loss == min(dev_losses))
    return len(dev_losses) - 1 - best >= patience, best


@wrong("stop-now", fails="test_the_best_epoch")
def stop_now(dev_losses, patience):
    """Returns the smallest loss."""
    best = dev_losses.index(min(dev_losses))
    return len(dev_losses) - 1 - best >= patience, min(dev_losses)


@wrong("stop-now", fails="test_when_to_stop")
def stop_now(dev_losses, patience):
    """Stops one epoch early."""
    best = int(np.argmin(dev_losses))
    return len(dev_losses) - best >= patience, best


@wrong("stop-now", fails="test_when_to_stop")
def stop_now(dev_losses, patience):
    """Waits one epoch too long."""
    best = int(np.argmin(dev_losses))
    return len(dev_losses) - 1 - best > patience, best


@wrong("stop-now", fails="test_when_to_stop")
def stop_now(dev_losses, patience):
    """Counts rises in a row in place of epochs since the best."""
    best, rises = int(np.argmin(dev_losses)), 0
    for before, now in zip(dev_losses, dev_losses[1:], strict=False):
        rises = rises + 1 if now >= before else 0
    return rises >= patience, best


@wrong("gains-that-count", fails="test_without_a_least_gain_it_is_the_usual_rule")
def clear_gains(dev_losses, patience, min_delta):
    """Goes on to the end of the list."""
    best = 0
    for epoch, loss in enumerate(dev_losses):
        if loss < dev_losses[best] - min_delta:
            best = epoch
    return len(dev_losses) - 1, best


@wrong("gains-that-count", fails="test_only_clear_gains_count")
def clear_gains(dev_losses, patience, min_delta):
    """Compares with the epoch before."""
    best = 0
    for epoch, loss in enumerate(dev_losses):
        if epoch and loss < dev_losses[epoch - 1] - min_delta and loss < dev_losses[best]:
            best = epoch
        if epoch - best >= patience:
            break
    return epoch, best


@wrong("gains-that-count", fails="test_only_clear_gains_count")
def clear_gains(dev_losses, patience, min_delta):
    """Lets a gain of exactly min_delta count."""
    best = 0
    for epoch, loss in enumerate(dev_losses):
        if epoch and loss <= dev_losses[best] - min_delta and loss < dev_losses[best]:
            best = epoch
        if epoch - best >= patience:
            break
    return epoch, best


@wrong("gains-that-count", fails="test_only_clear_gains_count")
def clear_gains(dev_losses, patience, min_delta):
    """Does not heed min_delta."""
    best = 0
    for epoch, loss in enumerate(dev_losses):
        if loss < dev_losses[best]:
            best = epoch
        if epoch - best >= patience:
            break
    return epoch, best


@wrong("stopped-line", fails="test_the_best_step_is_returned")
def stopped_line(X, y, X_dev, y_dev):
    """Returns the last weights."""
    rate, w = 0.25 / np.linalg.eigvalsh(X.T @ X / len(X))[-1], np.zeros(X.shape[1])
    for _ in range(3000):
        w = w - rate * 2 * X.T @ (X @ w - y) / len(X)
    return w


@wrong("stopped-line", fails="test_the_best_step_is_returned")
def stopped_line(X, y, X_dev, y_dev):
    """Keeps no copy: the best weights go on changing."""
    rate, w = 0.25 / np.linalg.eigvalsh(X.T @ X / len(X))[-1], np.zeros(X.shape[1])
    best, least = w, np.inf
    for _ in range(3000):
        w -= rate * 2 * X.T @ (X @ w - y) / len(X)
        error = np.mean((X_dev @ w - y_dev) ** 2)
        if error < least:
            least, best = error, w
    return best


@wrong("stopped-line", fails="test_the_best_step_is_returned")
def stopped_line(X, y, X_dev, y_dev):
    """Ends at the first rise of the dev error."""
    rate, w = 0.25 / np.linalg.eigvalsh(X.T @ X / len(X))[-1], np.zeros(X.shape[1])
    best, least = w, np.inf
    for _ in range(3000):
        w = w - rate * 2 * X.T @ (X @ w - y) / len(X)
        error = np.mean((X_dev @ w - y_dev) ** 2)
        if error > least:
            break
        least, best = error, w
    return best


@wrong("stopped-line", fails="test_columns_of_another_size")
def stopped_line(X, y, X_dev, y_dev):
    """Takes a fixed learning rate."""
    w, best, least = np.zeros(X.shape[1]), np.zeros(X.shape[1]), np.inf
    for _ in range(3000):
        w = w - 0.03 * 2 * X.T @ (X @ w - y) / len(X)
        error = np.mean((X_dev @ w - y_dev) ** 2)
        if error < least:
            least, best = error, w
    return best


@wrong("stopped-line", fails="test_new_rows")
def stopped_line(X, y, X_dev, y_dev):
    """Learns from the examples it stops by."""
    return np.linalg.lstsq(X_dev, y_dev, rcond=None)[0]
