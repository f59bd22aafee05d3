"""Known wrong answers to the exercises of the chapter on borrowed features."""

import numpy as np

from companion.exercises import wrong


@wrong("head-by-hand", fails="test_the_new_weights_of_class_a")
def weights_of_a():
    """Adds the gradient."""
    return (-0.5, 0.25)


@wrong("head-by-hand", fails="test_the_new_weights_of_class_a")
def weights_of_a():
    """Forgets the mean over the examples."""
    return (1.0, -0.5)


@wrong("head-by-hand", fails="test_the_new_weights_of_class_a")
def weights_of_a():
    """Counts the example of class A alone."""
    return (0.5, 0.0)


@wrong("what-has-changed", fails="test_what_has_changed")
def what_has_changed():
    """Frozen means frozen, he thinks."""
    return "nothing"


@wrong("what-has-changed", fails="test_what_has_changed")
def what_has_changed():
    """Thinks that training mode makes steps."""
    return "weights and running averages"


@wrong("what-has-changed", fails="test_what_has_changed")
def what_has_changed():
    """Answers with a number."""
    return 2


@wrong("own-freezing", fails="test_the_first_modules_stay")
def frozen_names(names, blocks):
    """Takes the first parameters in place of the first modules."""
    return names[:blocks]


@wrong("own-freezing", fails="test_the_first_modules_stay")
def frozen_names(names, blocks):
    """Returns those that learn."""
    return [n for n in names if n[0] != "0" or int(n.split(".")[1]) >= blocks]


@wrong("own-freezing", fails="test_the_first_modules_stay")
def frozen_names(names, blocks):
    """One module too many."""
    return [n for n in names if n[0] == "0" and int(n.split(".")[1]) <= blocks]


@wrong("own-freezing", fails="test_the_first_modules_stay")
def frozen_names(names, blocks):
    """Compares numbers as text."""
    return [n for n in names if n[0] == "0" and n.split(".")[1] < str(blocks)]


@wrong("own-freezing", fails="test_the_first_modules_stay")
def frozen_names(names, blocks):
    """Module 10 begins like module 1."""
    return [n for n in names if any(n.startswith(f"0.{k}") for k in range(blocks))]


def descended(F, y, classes, steps, rate, slope_of):
    """Descend from zeros along what is taken for the slope of the scores."""
    W, b = np.zeros((classes, F.shape[1])), np.zeros(classes)
    for _ in range(steps):
        slope = slope_of(F @ W.T + b, np.eye(classes)[y])
        W, b = W - rate * slope.T @ F, b - rate * slope.sum(axis=0)
    return W, b


def shares(scores, axis=1):
    """Softmax along an axis."""
    P = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return P / P.sum(axis=axis, keepdims=True)


@wrong("own-head", fails="test_one_step")
def fit_head(F, y, classes, steps=100, rate=0.5):
    """Forgets to divide by the number of examples."""
    return descended(F, y, classes, steps, rate, lambda S, right: shares(S) - right)


@wrong("own-head", fails="test_one_step")
def fit_head(F, y, classes, steps=100, rate=0.5):
    """Goes uphill."""
    return descended(F, y, classes, steps, rate, lambda S, right: (right - shares(S)) / len(y))


@wrong("own-head", fails="test_one_step")
def fit_head(F, y, classes, steps=100, rate=0.5):
    """Softmax over the examples in place of the classes."""
    return descended(F, y, classes, steps, rate, lambda S, right: (shares(S, 0) - right) / len(y))


@wrong("own-head", fails="test_many_steps")
def fit_head(F, y, classes, steps=100, rate=0.5):
    """Uses the first slope in every step."""
    slope = (np.full((len(y), classes), 1 / classes) - np.eye(classes)[y]) / len(y)
    return -steps * rate * slope.T @ F, -steps * rate * slope.sum(axis=0)


@wrong("own-head", fails="test_large_features")
def fit_head(F, y, classes, steps=100, rate=0.5):
    """A softmax that overflows."""

    def slope_of(S, right):
        with np.errstate(all="ignore"):
            P = np.exp(S)
            return (P / P.sum(axis=1, keepdims=True) - right) / len(y)

    return descended(F, y, classes, steps, rate, slope_of)


def drawn(images, rng, limit):
    """Which images are mirrored, and how far each moves."""
    return rng.random(len(images)) < 0.5, rng.integers(-limit, limit + 1, size=(len(images), 2))


def shifted(images, shifts, limit, mode="edge"):
    """Move each image; what enters is its edge, or zeros."""
    H, W = images.shape[2:]
    padded = np.pad(images, ((0, 0), (0, 0), (limit, limit), (limit, limit)), mode=mode)
    return np.stack([
        one[:, limit - dy : limit - dy + H, limit - dx : limit - dx + W]
        for one, (dy, dx) in zip(padded, shifts, strict=True)
    ])  # fmt: skip


def mirrored(images, flips, axis=3):
    """Mirror some images along an axis."""
    return np.where(flips[:, None, None, None], np.flip(images, axis), images)


@wrong("own-augmentation", fails="test_mirrored_and_shifted")
def augmented(images, labels, rng, limit=3):
    """Mirrors up and down."""
    flips, shifts = drawn(images, rng, limit)
    return shifted(mirrored(images, flips, axis=2), shifts, limit), labels


@wrong("own-augmentation", fails="test_mirrored_and_shifted")
def augmented(images, labels, rng, limit=3):
    """Fills with zeros."""
    flips, shifts = drawn(images, rng, limit)
    return shifted(mirrored(images, flips), shifts, limit, mode="constant"), labels


@wrong("own-augmentation", fails="test_mirrored_and_shifted")
def augmented(images, labels, rng, limit=3):
    """Lets pixels come in again on the other side."""
    flips, shifts = drawn(images, rng, limit)
    pairs = zip(mirrored(images, flips), shifts, strict=True)
    return np.array([np.roll(one, by, axis=(1, 2)) for one, by in pairs]), labels


@wrong("own-augmentation", fails="test_mirrored_and_shifted")
def augmented(images, labels, rng, limit=3):
    """Shifts first and mirrors then."""
    flips, shifts = drawn(images, rng, limit)
    return mirrored(shifted(images, shifts, limit), flips), labels


@wrong("own-augmentation", fails="test_labels_and_edges_of_use")
def augmented(images, labels, rng, limit=3):
    """Adds labels of mirrored images at the end."""
    flips, shifts = drawn(images, rng, limit)
    moved = shifted(mirrored(images, flips), shifts, limit)
    return moved, np.concatenate([labels, labels[flips]])


@wrong("own-freezing", fails="test_all_and_none")
def frozen_names(names, blocks):
    """Looks at the second number alone, in the head as well."""
    places = [(name, name.split(".")[1]) for name in names]
    return [name for name, place in places if place.isdigit() and int(place) < blocks]


@wrong("own-head", fails="test_large_features")
def fit_head(F, y, classes, steps=200, rate=0.5):
    """Makes more steps than were agreed when none are named."""
    W, b = np.zeros((classes, F.shape[1])), np.zeros(classes)
    for _ in range(steps):
        S = F @ W.T + b
        P = np.exp(S - S.max(axis=1, keepdims=True))
        slope = (P / P.sum(axis=1, keepdims=True) - np.eye(classes)[y]) / len(F)
        W, b = W - rate * slope.T @ F, b - rate * slope.sum(axis=0)
    return W, b
