"""Checks of the exercises in the chapter on early stopping."""

import numpy as np

from companion.exercises import assert_close, check
from companion.exercises.wording import kind_of


def pair_of(got, what):
    """The two parts of a pair, or say what came instead."""
    assert isinstance(got, tuple | list), f"expected {what} as a pair, got {kind_of(got)}"
    assert len(got) == 2, f"expected {what} as a pair, got {len(got)} values"
    return got


LOSSES = [0.8, 0.7, 0.72, 0.65, 0.66, 0.65, 0.68, 0.6, 0.61, 0.62]


def followed(losses, patience, delta=0.0):
    """Indices of the last epoch and of the best, straight from the words of the rule."""
    for end in range(len(losses)):
        best = 0
        for k in range(end + 1):
            if losses[best] - losses[k] > delta:
                best = k
        if end - best >= patience:
            break
    return end, best


def where(student, row, patience, mistakes):
    got = student.where_it_ends()
    pairs = pair_of(got, "the answers for a patience of 2 and of 3")
    end, best = (k + 1 for k in followed(LOSSES, patience))
    pair = pair_of(pairs[row], "(end, restored)")
    for value, expected, name in zip(pair, (end, best), ("end", "restored"), strict=True):
        what = f"the epoch {name} for a patience of {patience}"
        assert_close(value, expected, mistakes=mistakes.get(name), what=what)


@check(
    "where-it-ends",
    hints=(
        "Write the best epoch so far under each loss, and how many epochs have passed since.",
        "Epoch 6 has the loss of epoch 4: that is no improvement.",
        "best: 1, 2, 2, 4, 4, 4; since then: 0, 0, 1, 0, 1, 2",
    ),
)
def test_a_patience_of_two(student):
    "with a patience of 2: where the run ends and which epoch is restored"
    end = {
        "epoch 6 only equals epoch 4, which is no improvement": 10,
        "this epoch counts from 0": 5,
        "two epochs without improvement are enough, a third is not needed": 7,
    }
    restored = {"of equal losses the first is best": 6, "this epoch counts from 0": 3}
    where(student, 0, 2, {"end": end, "restored": restored | {"epoch 8 is not seen": 8}})


@check(
    "where-it-ends",
    hints=(
        "The same two rows, but wait for three epochs without improvement.",
        "Since epoch 4: 5, 6 and 7 do not beat it.",
        "end 7; the best before it is 4",
    ),
)
def test_a_patience_of_three(student):
    "with a patience of 3: where the run ends and which epoch is restored"
    end = {
        "epoch 6 only equals epoch 4, which is no improvement": 10,
        "this epoch counts from 0": 6,
        "three epochs without improvement are enough": 8,
    }
    restored = {"of equal losses the first is best": 6, "this epoch counts from 0": 3}
    where(student, 1, 3, {"end": end, "restored": restored | {"epoch 8 is not seen": 8}})


def runs():
    """Lists of losses with ties and waves, each longer than a few epochs."""
    rng = np.random.default_rng(8)
    return [(rng.integers(1, 9, n) / 8).tolist() for n in (1, 2, 5, 9, 14, 14, 20)]


@check(
    "stop-now",
    hints=(
        "Look for the place of the smallest value, not for the value.",
        "NumPy has a function for it, which takes the first of equal ones.",
        "best = int(np.argmin(dev_losses))",
    ),
)
def test_the_best_epoch(student):
    "best is the index of the smallest loss, of equal ones the first"
    for losses in [*runs(), [0.5, 0.3, 0.3, 0.4]]:
        _, best = pair_of(student.stop_now(losses, 3), "(stop, best)")
        expected = losses.index(min(losses))
        last = len(losses) - 1 - losses[::-1].index(min(losses))
        mistakes = {"this is the loss, not its index": min(losses)}
        if last != expected:
            mistakes["of equal losses the first is best"] = last
        if expected + 1 != last:
            mistakes["indices count from 0"] = expected + 1
        assert_close(best, expected, mistakes=mistakes, what=f"best for the losses {losses}")


@check(
    "stop-now",
    points=2,
    hints=(
        "Count the epochs after the best one.",
        "The last epoch has the index len(dev_losses) - 1; what is its distance from best?",
        "len(dev_losses) - 1 - best >= patience",
    ),
)
def test_when_to_stop(student):
    "stop is True from the moment patience epochs have not beaten the best"
    for losses in runs():
        for patience in (1, 2, 3, 6):
            stop, _ = pair_of(student.stop_now(losses, patience), "(stop, best)")
            since = len(losses) - 1 - losses.index(min(losses))
            assert isinstance(stop, bool | np.bool_), f"stop is {kind_of(stop)}; expected a bool"
            words = f"{since} epochs since the best, patience {patience}: stop should be"
            assert bool(stop) == (since >= patience), f"{words} {since >= patience}, got {stop}"


@check(
    "gains-that-count",
    hints=(
        "Go through the losses and remember the index of the best epoch, first 0.",
        "Compare the distance to the best epoch with the patience at every epoch, then break.",
        "if epoch - best >= patience: break",
    ),
)
def test_without_a_least_gain_it_is_the_usual_rule(student):
    "with min_delta = 0 the run ends as under the rule of the page"
    for losses in runs():
        for patience in (1, 2, 4):
            got = pair_of(student.clear_gains(losses, patience, 0.0), "(end, best)")
            end, best = followed(losses, patience)
            what = f"{losses} with a patience of {patience}"
            mistakes = {"best and end are exchanged": best} if best != end else {}
            assert_close(got[0], end, mistakes=mistakes, what=f"end for {what}")
            overall = losses.index(min(losses))
            mistakes = {"that epoch comes after the end": overall} if overall > end else {}
            assert_close(got[1], best, mistakes=mistakes, what=f"best for {what}")


@check(
    "gains-that-count",
    points=2,
    hints=(
        "A loss counts if the best so far minus this loss is more than min_delta.",
        "Compare with the loss of the best epoch, not with the epoch before.",
        "if loss < dev_losses[best] - min_delta: best = epoch",
    ),
)
def test_only_clear_gains_count(student):
    "a gain of min_delta or less is none; small ones add up against the best epoch"
    slow = [1.0, 0.9375, 0.875, 0.8125, 0.75, 0.6875]
    for losses in [slow, *runs()]:
        for patience, delta in ((2, 0.125), (3, 0.125), (4, 0.25), (9, 0.0625)):
            got = pair_of(student.clear_gains(losses, patience, delta), "(end, best)")
            expected = followed(losses, patience, delta)
            plain = followed(losses, patience)
            for name, mine, right, wrong in zip(("end", "best"), got, expected, plain, strict=True):
                mistakes = {"min_delta is not heeded": wrong} if wrong != right else {}
                what = f"{name} for {losses}, patience {patience}, min_delta {delta}"
                assert_close(mine, right, mistakes=mistakes, what=what)


def problem(seed, scale=1.0, late=False, rows=40, columns=40):
    """Rows to learn from, to stop by and to judge by; columns of several sizes, noisy targets.

    What is useful lies in the eight largest columns or, if late, in smaller ones: the descent
    begins with noise then, and the dev error may rise before it falls.
    """
    rng = np.random.default_rng(seed)
    sizes = scale * np.geomspace(2, 0.1, columns)
    true = rng.normal(size=columns) * (np.arange(columns) < 8) / scale
    true = np.roll(true, 10) * scale / sizes if late else true
    parts = []
    for n in (rows, 200, 2000):
        X = rng.normal(size=(n, columns)) * sizes
        parts += [X, X @ true + 2.0 * rng.normal(size=n)]
    return parts


def along_the_descent(X, y, X_dev, y_dev):
    """Dev errors along gradient descent with small steps, by the closed form in eigenvectors."""
    curvature, V = np.linalg.eigh(2 * X.T @ X / len(X))
    pull = V.T @ (2 * X.T @ y / len(X))
    curvature = curvature.clip(1e-12)
    share = np.linspace(0, 1, 400)[1:]
    steps = 3000 ** share[:, None]
    kept = -np.expm1(steps * np.log1p(-0.5 * curvature / curvature.max()))
    paths = (kept * pull / curvature) @ V.T
    return np.mean((paths @ X_dev.T - y_dev) ** 2, axis=1)


def judged(student, seed, scale=1.0, late=False):
    X, y, X_dev, y_dev, X_new, y_new = problem(seed, scale, late)
    w = np.asarray(student.stopped_line(X, y, X_dev, y_dev), dtype=float)
    assert w.shape == (X.shape[1],), f"expected weights ({X.shape[1]},), got {w.shape}"
    assert np.isfinite(w).all(), "the weights are not finite: the learning rate is too large"
    path = along_the_descent(X, y, X_dev, y_dev)
    dev = np.mean((X_dev @ w - y_dev) ** 2)
    return dev, path.min(), path[-1], np.mean((X_new @ w - y_new) ** 2), X, y, X_new, y_new


@check(
    "stopped-line",
    points=2,
    hints=(
        "Keep the weights of the step with the smallest dev error, and return those.",
        "The gradient is 2 Xᵀ(Xw - y)/N; make a new array for each w, or copy the best.",
        "if error < least: least, best = error, w.copy()",
    ),
)
def test_the_best_step_is_returned(student):
    "the dev error of the weights is that of the best step of the descent, on four data sets"
    for seed in (0, 1, 2):
        dev, least, last, *_ = judged(student, seed)
        words = f"your dev error is {dev:.2f}; the best step has {least:.2f}, the last {last:.2f}"
        assert dev <= 1.03 * least, words
    dev, least, *_ = judged(student, 21, late=True)
    words = f"the dev error rises, then falls to {least:.2f}; yours is {dev:.2f}: go on to the end"
    assert dev <= 1.03 * least, words


@check(
    "stopped-line",
    hints=(
        "A fixed rate suits columns of one size only.",
        "No direction overshoots with a rate of at most 1 over the largest eigenvalue of 2XᵀX/N.",
        "0.5 / (2 * np.linalg.eigvalsh(X.T @ X / len(X))[-1])",
    ),
)
def test_columns_of_another_size(student):
    "columns thirty times larger or smaller are fitted just as well"
    for seed, scale in ((3, 30.0), (4, 1 / 30)):
        dev, least, last, *_ = judged(student, seed, scale)
        words = f"your dev error is {dev:.2f}; the best step has {least:.2f}, the last {last:.2f}"
        assert dev <= 1.03 * least, f"with columns of size {scale:.3g}, {words}"


@check(
    "stopped-line",
    hidden=True,
    hints=(
        "What is learned from and what is stopped by must be kept apart.",
        "Take gradients on X, y only; X_dev, y_dev only measure.",
        "w = w - rate * 2 * X.T @ (X @ w - y) / len(X)",
    ),
)
def test_new_rows(student):
    "on new rows the error is less than half of that of least squares, and X_dev is not fitted"
    dev, least, _, new, X, y, X_new, y_new = judged(student, 5)
    full = np.linalg.lstsq(X, y, rcond=None)[0]
    end = np.mean((X_new @ full - y_new) ** 2)
    assert new < end / 2, f"the error on new rows is {new:.2f}, that of least squares {end:.2f}"
    words = f"the dev error {dev:.2f} is below what the descent on X reaches ({least:.2f})"
    assert dev > 0.97 * least, f"{words}: were the weights fitted to X_dev?"
