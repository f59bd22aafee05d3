"""Known wrong answers to the exercises on the page about margins on the sphere."""

import numpy as np

from companion.exercises import wrong


@wrong("strip-by-hand", fails="test_how_far")
def strip_by_hand():
    """Takes the whole margin off."""
    return 20, "other"


@wrong("strip-by-hand", fails="test_how_far")
def strip_by_hand():
    """Forgets the margin."""
    return 40, "other"


@wrong("strip-by-hand", fails="test_who_wins")
def strip_by_hand():
    """The nearer one wins."""
    return 30, "own"


@wrong("arc-logits", fails="test_logits")
def arc_logits(cosines, labels, scale, margin):
    """Adds the margin to every angle."""
    sine = np.sqrt(np.clip(1 - cosines**2, 0, None))
    return scale * (cosines * np.cos(margin) - sine * np.sin(margin))


@wrong("arc-logits", fails="test_logits")
def arc_logits(cosines, labels, scale, margin):
    """Subtracts the margin from the cosine."""
    logits, rows = cosines.copy(), np.arange(len(labels))
    logits[rows, labels] -= margin
    return scale * logits


@wrong("arc-logits", fails="test_logits")
def arc_logits(cosines, labels, scale, margin):
    """Makes the angle smaller."""
    logits, rows = scale * cosines, np.arange(len(labels))
    own = cosines[rows, labels]
    sine = np.sqrt(np.clip(1 - own**2, 0, None))
    logits[rows, labels] = scale * (own * np.cos(margin) + sine * np.sin(margin))
    return logits


@wrong("arc-logits", fails="test_logits")
def arc_logits(cosines, labels, scale, margin):
    """Writes into its input."""
    rows = np.arange(len(labels))
    own = cosines[rows, labels]
    sine = np.sqrt(np.clip(1 - own**2, 0, None))
    cosines[rows, labels] = own * np.cos(margin) - sine * np.sin(margin)
    return scale * cosines


@wrong("arc-logits", fails="test_at_the_pole")
def arc_logits(cosines, labels, scale, margin):
    """Takes the root of a number below 0."""
    logits, rows = scale * cosines, np.arange(len(labels))
    own = cosines[rows, labels]
    sine = np.sqrt(1 - own**2)
    logits[rows, labels] = scale * (own * np.cos(margin) - sine * np.sin(margin))
    return logits


@wrong("arc-logits", fails="test_other_batches")
def arc_logits(cosines, labels, scale, margin):
    """Knows one margin only."""
    logits, rows = scale * cosines, np.arange(len(labels))
    own = cosines[rows, labels]
    sine = np.sqrt(np.clip(1 - own**2, 0, None))
    margin = margin if margin == 0.25 else 0.5
    logits[rows, labels] = scale * (own * np.cos(margin) - sine * np.sin(margin))
    return logits


@wrong("scale-floor", fails="test_scale_one")
def perfect_but_unsure():
    """Right angles."""
    return 0.58, 1.0


@wrong("scale-floor", fails="test_scale_one")
def perfect_but_unsure():
    """Perfect must be sure."""
    return 1.0, 1.0


@wrong("scale-floor", fails="test_scale_ten")
def perfect_but_unsure():
    """The scale changes nothing."""
    return 0.69, 0.69
