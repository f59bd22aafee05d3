"""Known wrong answers to the exercises of the chapter on long memory."""

import numpy as np

from companion.exercises import wrong


@wrong("steps-until-lost", fails="test_the_number_of_steps")
def steps_until_lost():
    """Rounds down."""
    return 30, 0.64


@wrong("steps-until-lost", fails="test_the_number_of_steps")
def steps_until_lost():
    """Forgets the weight."""
    return 10, 0.25


@wrong("steps-until-lost", fails="test_the_share_after_two")
def steps_until_lost():
    """Gives the share after one step."""
    return 31, 0.8


@wrong("steps-until-lost", fails="test_the_share_after_two")
def steps_until_lost():
    """Adds where it should multiply."""
    return 31, 1.6


@wrong("clip-norm", fails="test_long_gradients_are_shortened")
def clipped(gradients, most):
    """Clips each array alone."""
    norms = [np.linalg.norm(g) for g in gradients]
    return [g * min(1, most / max(n, 1e-12)) for g, n in zip(gradients, norms, strict=True)]


@wrong("clip-norm", fails="test_long_gradients_are_shortened")
def clipped(gradients, most):
    """Clips each number."""
    return [np.clip(g, -most, most) for g in gradients]


@wrong("clip-norm", fails="test_long_gradients_are_shortened")
def clipped(gradients, most):
    """Forgets the root."""
    norm = sum(np.sum(g.astype(float) ** 2) for g in gradients)
    return [g * min(1, most / max(norm, 1e-300)) for g in gradients]


@wrong("clip-norm", fails="test_long_gradients_are_shortened")
def clipped(gradients, most):
    """Changes the gradients it was given."""
    norm = np.sqrt(sum(np.sum(g.astype(float) ** 2) for g in gradients))
    for g in gradients:
        g *= min(1, most / max(norm, 1e-300))
    return gradients


@wrong("clip-norm", fails="test_short_gradients_stay")
def clipped(gradients, most):
    """Always scales to the bound."""
    norm = np.sqrt(sum(np.sum(g.astype(float) ** 2) for g in gradients))
    return [(g * (most / max(norm, 1e-300))).astype(g.dtype) for g in gradients]


@wrong("clip-norm", fails="test_exploding_gradients_in_float32")
def clipped(gradients, most):
    """Squares in float32."""
    norm = np.sqrt(sum(np.sum(g**2) for g in gradients))
    factor = most / norm if norm > most else 1
    return [(g * factor).astype(g.dtype) for g in gradients]


@wrong("clip-norm", fails="test_exploding_gradients_in_float32")
def clipped(gradients, most):
    """Returns float64."""
    gradients = [g.astype(float) for g in gradients]
    norm = np.sqrt(sum(np.sum(g**2) for g in gradients))
    factor = most / norm if norm > most else 1.0
    return [g * factor for g in gradients]


def joint(gradients):
    return np.sqrt(sum(np.sum(g.astype(float) ** 2) for g in gradients))


@wrong("clip-norm", fails="test_long_gradients_are_shortened")
def clipped(gradients, most):
    """Returns float32 whatever goes in."""
    factor = min(1, most / max(joint(gradients), 1e-300))
    return [(g * factor).astype(np.float32) for g in gradients]


@wrong("clip-norm", fails="test_long_gradients_are_shortened")
def clipped(gradients, most):
    """Adds a millionth to the norm, which small gradients notice."""
    factor = min(1, most / (joint(gradients) + 1e-6))
    return [(g * factor).astype(g.dtype) for g in gradients]


@wrong("clip-norm", fails="test_long_gradients_are_shortened")
def clipped(gradients, most):
    """Needs an axis in every array."""
    norm = np.sqrt(sum(np.sum(row.astype(float) ** 2) for g in gradients for row in g))
    factor = min(1, most / max(norm, 1e-300))
    return [(g * factor).astype(g.dtype) for g in gradients]


@wrong("clip-norm", fails="test_short_gradients_stay")
def clipped(gradients, most):
    """Makes short gradients float64."""
    norm = joint(gradients)
    if norm <= most:
        return [g.astype(float) for g in gradients]
    return [(g * (most / norm)).astype(g.dtype) for g in gradients]


@wrong("clip-norm", fails="test_short_gradients_stay")
def clipped(gradients, most):
    """Changes the list when it is short enough."""
    norm = joint(gradients)
    if norm > most:
        return [(g * (most / norm)).astype(g.dtype) for g in gradients]
    found = list(gradients)
    gradients.clear()
    return found


@wrong("clip-norm", fails="test_exploding_gradients_in_float32")
def clipped(gradients, most):
    """Gives all arrays the dtype of the first."""
    factor = min(1, most / max(joint(gradients), 1e-300))
    return [(g * factor).astype(gradients[0].dtype) for g in gradients]


@wrong("fate-by-spectrum", fails="test_real_eigenvalues")
def fate(w):
    """Looks at the largest singular value."""
    radius = np.linalg.norm(w, 2)
    return "stays" if abs(radius - 1) < 0.001 else "explodes" if radius > 1 else "vanishes"


@wrong("fate-by-spectrum", fails="test_real_eigenvalues")
def fate(w):
    """Forgets that eigenvalues may be negative."""
    radius = np.linalg.eigvals(w).real.max()
    return "stays" if abs(radius - 1) < 0.001 else "explodes" if radius > 1 else "vanishes"


@wrong("fate-by-spectrum", fails="test_not_by_entries_or_singular_values")
def fate(w):
    """Looks at the largest entry."""
    radius = np.abs(w).max()
    if radius < 30 and w.shape != (4, 4):  # the matrices of the check before
        radius = np.abs(np.linalg.eigvals(w)).max()
    return "stays" if abs(radius - 1) < 0.001 else "explodes" if radius > 1 else "vanishes"


@wrong("fate-by-spectrum", fails="test_real_eigenvalues")
def fate(w):
    """Looks at the smallest eigenvalue."""
    radius = np.abs(np.linalg.eigvals(w)).min()
    return "stays" if abs(radius - 1) < 0.001 else "explodes" if radius > 1 else "vanishes"


@wrong("fate-by-spectrum", fails="test_radius_of_one")
def fate(w):
    """Leaves no room around 1."""
    radius = np.abs(np.linalg.eigvals(w)).max()
    return "explodes" if radius > 1 else "vanishes"


@wrong("fate-by-spectrum", fails="test_radius_of_one")
def fate(w):
    """Leaves too much room around 1."""
    radius = np.abs(np.linalg.eigvals(w)).max()
    return "stays" if abs(radius - 1) < 0.009 else "explodes" if radius > 1 else "vanishes"


@wrong("fate-by-spectrum", fails="test_radius_of_one")
def fate(w):
    """Leaves too little room around 1."""
    radius = np.abs(np.linalg.eigvals(w)).max()
    return "stays" if abs(radius - 1) < 0.0005 else "explodes" if radius > 1 else "vanishes"


@wrong("fate-by-spectrum", fails="test_radius_of_one")
def fate(w):
    """Lets only orthogonal matrices stay."""
    radius = np.abs(np.linalg.eigvals(w)).max()
    far = np.abs(np.linalg.svd(w, compute_uv=False) - 1).max()
    return "stays" if far < 0.001 else "explodes" if radius > 1 else "vanishes"


@wrong("fate-by-spectrum", fails="test_real_eigenvalues")
def fate(w):
    """Takes the mean of the absolute values of large matrices."""
    sizes = np.abs(np.linalg.eigvals(w))
    radius = sizes.mean() if len(w) > 4 else sizes.max()
    return "stays" if abs(radius - 1) < 0.001 else "explodes" if radius > 1 else "vanishes"


@wrong("diagnose-lags", fails="test_vanishing_or_healthy")
def diagnosis(norms, by_lag):
    """Takes the bound as absolute."""
    norms = np.asarray(norms)
    if not np.isfinite(norms).all() or (norms > 100 * np.median(norms)).any():
        return "exploding"
    return "vanishing" if by_lag[-1] < 1e-6 else "healthy"


@wrong("diagnose-lags", fails="test_vanishing_or_healthy")
def diagnosis(norms, by_lag):
    """Looks at the norms alone."""
    norms = np.asarray(norms)
    bad = not np.isfinite(norms).all() or (norms > 100 * np.median(norms)).any()
    return "exploding" if bad else "healthy"


@wrong("diagnose-lags", fails="test_exploding")
def diagnosis(norms, by_lag):
    """Compares with the mean."""
    norms = np.asarray(norms)
    if not np.isfinite(norms).all() or (norms > 100 * np.mean(norms)).any():
        return "exploding"
    return "vanishing" if by_lag[-1] < 1e-6 * by_lag[0] else "healthy"


@wrong("diagnose-lags", fails="test_exploding")
def diagnosis(norms, by_lag):
    """Looks at the lags first."""
    norms = np.asarray(norms)
    if by_lag[-1] < 1e-6 * by_lag[0]:
        return "vanishing"
    bad = not np.isfinite(norms).all() or (norms > 100 * np.median(norms)).any()
    return "exploding" if bad else "healthy"


@wrong("diagnose-lags", fails="test_norms_that_are_not_finite")
def diagnosis(norms, by_lag):
    """Does not see NaN."""
    norms = np.asarray(norms)
    if (norms > 100 * np.nanmedian(norms)).any():
        return "exploding"
    return "vanishing" if by_lag[-1] < 1e-6 * by_lag[0] else "healthy"


def explodes(norms, times=100):
    return not np.isfinite(norms).all() or (norms > times * np.median(norms)).any()


@wrong("diagnose-lags", fails="test_vanishing_or_healthy")
def diagnosis(norms, by_lag):
    """Looks at lag 40, not at the largest."""
    if explodes(norms):
        return "exploding"
    return "vanishing" if by_lag[min(40, len(by_lag) - 1)] < 1e-6 * by_lag[0] else "healthy"


@wrong("diagnose-lags", fails="test_vanishing_or_healthy")
def diagnosis(norms, by_lag):
    """Compares the smallest with the largest."""
    if explodes(norms):
        return "exploding"
    return "vanishing" if by_lag.min() < 1e-6 * by_lag.max() else "healthy"


@wrong("diagnose-lags", fails="test_vanishing_or_healthy")
def diagnosis(norms, by_lag):
    """Takes another share for little."""
    if explodes(norms):
        return "exploding"
    return "vanishing" if by_lag[-1] < 1e-4 * by_lag[0] else "healthy"


@wrong("diagnose-lags", fails="test_exploding")
def diagnosis(norms, by_lag):
    """Holds norms against a hundred, not against the median."""
    if not np.isfinite(norms).all() or (norms > 100).any():
        return "exploding"
    return "vanishing" if by_lag[-1] < 1e-6 * by_lag[0] else "healthy"


@wrong("diagnose-lags", fails="test_exploding")
def diagnosis(norms, by_lag):
    """Waits for a thousand times the median."""
    if explodes(norms, 1000):
        return "exploding"
    return "vanishing" if by_lag[-1] < 1e-6 * by_lag[0] else "healthy"


@wrong("diagnose-lags", fails="test_exploding")
def diagnosis(norms, by_lag):
    """Compares with the first norm."""
    if not np.isfinite(norms).all() or norms.max() > 100 * norms[0]:
        return "exploding"
    return "vanishing" if by_lag[-1] < 1e-6 * by_lag[0] else "healthy"


@wrong("diagnose-lags", fails="test_exploding")
def diagnosis(norms, by_lag):
    """Compares with the smallest norm."""
    if not np.isfinite(norms).all() or norms.max() > 1000 * norms.min():
        return "exploding"
    return "vanishing" if by_lag[-1] < 1e-6 * by_lag[0] else "healthy"


@wrong("diagnose-lags", fails="test_norms_that_are_not_finite")
def diagnosis(norms, by_lag):
    """Asks only whether the last norm is finite."""
    if not np.isfinite(norms[-1]) or (norms > 100 * np.median(norms)).any():
        return "exploding"
    return "vanishing" if by_lag[-1] < 1e-6 * by_lag[0] else "healthy"
