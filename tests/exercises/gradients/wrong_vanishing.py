"""Known wrong answers to the exercises of the chapter on vanishing and exploding gradients."""

import numpy as np

from companion.exercises import wrong


@wrong("what-arrives", fails="test_what_arrives")
def what_arrives():
    """Leaves the weights out."""
    return 0.25**10, 4.0


@wrong("what-arrives", fails="test_what_arrives")
def what_arrives():
    """Forgets that a slope is lost even with a weight of 1."""
    return 1 / 1024, 1.0


@wrong("what-arrives", fails="test_what_arrives")
def what_arrives():
    """Counts one layer too few."""
    return 1 / 512, 4.0


@wrong("what-arrives", fails="test_what_arrives")
def what_arrives():
    """Divides by the number of layers."""
    return 0.05, 4.0


@wrong("doubled-weights", fails="test_doubled_weights")
def doubled_weights():
    """Thinks of one factor only."""
    return 2


@wrong("doubled-weights", fails="test_doubled_weights")
def doubled_weights():
    """Counts the first layer's own weights."""
    return 32


@wrong("doubled-weights", fails="test_doubled_weights")
def doubled_weights():
    """Adds the factors."""
    return 8


@wrong("chain-gradients", fails="test_chain_with_a_zero_weight")
def chain_gradients(w, x):
    """Divides the product by each weight."""
    with np.errstate(all="ignore"):
        return x * np.prod(w) / w


@wrong("chain-gradients", fails="test_chain_agrees_with_differences")
def chain_gradients(w, x):
    """Forgets what came in from the input."""
    return np.array([np.prod(np.delete(w, k)) for k in range(len(w))])


@wrong("chain-gradients", fails="test_chain_agrees_with_differences")
def chain_gradients(w, x):
    """Leaves out what comes back from the layers after."""
    return np.cumprod(np.append(x, w[:-1]))


@wrong("chain-gradients", fails="test_chain_agrees_with_differences")
def chain_gradients(w, x):
    """Keeps the weight itself in the product."""
    return np.full(len(w), x * np.prod(w))


@wrong("weight-std", fails="test_std_of_a_fully_connected_layer")
def weight_std(shape, rule):
    """Returns the variance."""
    kernel = np.prod(shape[2:])
    if rule == "glorot":
        return float(2 / ((shape[0] + shape[1]) * kernel))
    if rule == "he":
        return float(2 / (shape[1] * kernel))
    raise ValueError(rule)


@wrong("weight-std", fails="test_std_of_a_fully_connected_layer")
def weight_std(shape, rule):
    """Takes the first number for the inputs."""
    kernel = np.prod(shape[2:])
    if rule == "glorot":
        return float(np.sqrt(2 / ((shape[0] + shape[1]) * kernel)))
    if rule == "he":
        return float(np.sqrt(2 / (shape[0] * kernel)))
    raise ValueError(rule)


@wrong("weight-std", fails="test_std_of_a_convolution")
def weight_std(shape, rule):
    """Does not count the filter."""
    if rule == "glorot":
        return float(np.sqrt(2 / (shape[0] + shape[1])))
    if rule == "he":
        return float(np.sqrt(2 / shape[1]))
    raise ValueError(rule)


@wrong("weight-std", fails="test_unknown_rules_are_an_error")
def weight_std(shape, rule):
    """Takes every other word for He's rule."""
    kernel = np.prod(shape[2:])
    if rule == "glorot":
        return float(np.sqrt(2 / ((shape[0] + shape[1]) * kernel)))
    return float(np.sqrt(2 / (shape[1] * kernel)))


@wrong("clip-together", fails="test_clipping_uses_one_norm")
def clip_together(gradients, c):
    """Clips each array by its own norm."""
    norms = [np.linalg.norm(g) for g in gradients]
    parts = [g * min(1, c / n) if n else g for g, n in zip(gradients, norms, strict=True)]
    return parts, float(np.sqrt(np.sum(np.square(norms))))


@wrong("clip-together", fails="test_clipping_uses_one_norm")
def clip_together(gradients, c):
    """Clips by value."""
    norm = float(np.sqrt(sum(np.sum(g**2) for g in gradients)))
    return [np.clip(g, -c, c) for g in gradients], norm


@wrong("clip-together", fails="test_clipping_uses_one_norm")
def clip_together(gradients, c):
    """Adds the norms up."""
    norm = float(sum(np.linalg.norm(g) for g in gradients))
    factor = c / norm if norm > c else 1.0
    return [factor * g for g in gradients], norm


@wrong("clip-together", fails="test_clipping_uses_one_norm")
def clip_together(gradients, c):
    """Adds PyTorch's 1e-6 to the norm."""
    norm = float(np.sqrt(sum(np.sum(g**2) for g in gradients)))
    factor = min(1.0, c / (norm + 1e-6))
    return [factor * g for g in gradients], norm


@wrong("clip-together", fails="test_short_gradients_stay")
def clip_together(gradients, c):
    """Stretches short gradients."""
    norm = float(np.sqrt(sum(np.sum(g**2) for g in gradients)))
    return [g * (c / max(norm, 1e-12)) for g in gradients], norm


@wrong("clip-together", fails="test_the_given_arrays_are_not_changed")
def clip_together(gradients, c):
    """Writes into the caller's arrays."""
    norm = float(np.sqrt(sum(np.sum(g**2) for g in gradients)))
    for g in gradients:
        g *= c / norm if norm > c else 1.0
    return gradients, norm


@wrong("diagnose", fails="test_diagnosis_of_living_networks")
def diagnose(norms):
    """Looks at the first layer only."""
    if not np.isfinite(norms).all():
        return "broken"
    if (norms == 0).any():
        return "dead"
    if norms[0] > 1e3:
        return "exploding"
    return "vanishing" if norms[0] < 1e-3 else "healthy"


@wrong("diagnose", fails="test_diagnosis_of_living_networks")
def diagnose(norms):
    """Compares layers with each other, not with 1."""
    if not np.isfinite(norms).all():
        return "broken"
    if (norms == 0).any():
        return "dead"
    ratio = norms[0] / norms[-1]
    return "exploding" if ratio > 1e3 else "vanishing" if ratio < 1e-3 else "healthy"


@wrong("diagnose", fails="test_broken_and_dead_come_first")
def diagnose(norms):
    """Never asks whether the norms are numbers."""
    if norms.min() == 0:
        return "dead"
    if norms.max() > 1e3:
        return "exploding"
    return "vanishing" if norms.min() < 1e-3 else "healthy"


@wrong("diagnose", fails="test_broken_and_dead_come_first")
def diagnose(norms):
    """Takes zero for very small."""
    if not np.isfinite(norms).all():
        return "broken"
    if norms.max() > 1e3:
        return "exploding"
    return "vanishing" if norms.min() < 1e-3 else "healthy"


@wrong("diagnose", fails="test_the_limits_are_healthy")
def diagnose(norms):
    """Counts the limits as ill."""
    if not np.isfinite(norms).all():
        return "broken"
    if norms.min() == 0:
        return "dead"
    if norms.max() >= 1e3:
        return "exploding"
    return "vanishing" if norms.min() <= 1e-3 else "healthy"
