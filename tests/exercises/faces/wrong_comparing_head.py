"""Known wrong answers to the exercises on the page about the comparing head."""

import numpy as np

from companion.exercises import wrong


@wrong("comparing-by-hand", fails="test_the_logit")
def head_by_hand():
    """Keeps the signs of the differences."""
    return 0.4, 0.5


@wrong("comparing-by-hand", fails="test_the_logit")
def head_by_hand():
    """Forgets the bias."""
    return -4.8, 0.5


@wrong("comparing-by-hand", fails="test_the_logit")
def head_by_hand():
    """Gives the probability."""
    return 0.0573, 0.5


@wrong("comparing-by-hand", fails="test_the_threshold")
def head_by_hand():
    """Divides the other way round."""
    return -2.8, 2.0


@wrong("spare-number", fails="test_the_weight_of_chance")
def spare_weight():
    """All differences speak against, this one too."""
    return "negative"


@wrong("spare-number", fails="test_the_weight_of_chance")
def spare_weight():
    """Thinks that chance favours."""
    return "positive"


@wrong("spare-number", fails="test_the_weight_of_chance")
def spare_weight():
    """A number in place of the word."""
    return 0


@wrong("probe-against-gallery", fails="test_chances")
def chances(probe, gallery, weights, bias):
    """Forgets the absolute value."""
    logits = (gallery - probe) @ weights + bias
    e = np.exp(-np.abs(logits))
    return np.where(logits >= 0, 1 / (1 + e), e / (1 + e))


@wrong("probe-against-gallery", fails="test_chances")
def chances(probe, gallery, weights, bias):
    """Returns logits."""
    return np.abs(gallery - probe) @ weights + bias


@wrong("probe-against-gallery", fails="test_chances")
def chances(probe, gallery, weights, bias):
    """Changes the gallery in place."""
    gallery -= probe
    logits = np.abs(gallery) @ weights + bias
    e = np.exp(-np.abs(logits))
    return np.where(logits >= 0, 1 / (1 + e), e / (1 + e))


@wrong("probe-against-gallery", fails="test_chances")
def chances(probe, gallery, weights, bias):
    """Takes every weight for negative."""
    logits = bias - np.abs(gallery - probe) @ np.abs(weights)
    e = np.exp(-np.abs(logits))
    return np.where(logits >= 0, 1 / (1 + e), e / (1 + e))


@wrong("probe-against-gallery", fails="test_other_galleries")
def chances(probe, gallery, weights, bias):
    """Keeps the bias of an example."""
    logits = np.abs(gallery - probe) @ weights + (bias if bias > 100 else 1.5)
    e = np.exp(-np.abs(logits))
    return np.where(logits >= 0, 1 / (1 + e), e / (1 + e))


@wrong("probe-against-gallery", fails="test_extreme_logits")
def chances(probe, gallery, weights, bias):
    """Overflows to infinity over infinity."""
    e = np.exp(np.abs(gallery - probe) @ weights + bias)
    return e / (1 + e)


@wrong("probe-against-gallery", fails="test_other_galleries")
def chances(probe, gallery, weights, bias):
    """Knows only a gallery of seven."""
    logits = np.array([np.abs(gallery[k % len(gallery)] - probe) @ weights
                       for k in range(7)])[: max(len(gallery), 1)] + bias  # fmt: skip
    e = np.exp(-np.abs(logits))
    return np.where(logits >= 0, 1 / (1 + e), e / (1 + e))
