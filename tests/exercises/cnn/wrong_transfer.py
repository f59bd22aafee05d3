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


@wrong("own-head", fails="test_one_step")
def fit_head(F, y, classes, steps=100, rate=0.5):
    """Forgets to divide by the number of examples."""
    W, b = np.zeros((classes, F.shape[1])), np.zeros(classes)
    for _ in range(steps):
        S = F @ W.T + b
        P = np.exp(S - S.max(axis=1, keepdims=True))
        slope = P / P.sum(axis=1, keepdims=True) - np.eye(classes)[y]
        W, b = W - rate * slope.T @ F, b - rate * slope.sum(axis=0)
    return W, b


@wrong("own-head", fails="test_one_step")
def fit_head(F, y, classes, steps=100, rate=0.5):
    """Goes uphill."""
    W, b = np.zeros((classes, F.shape[1])), np.zeros(classes)
    for _ in range(steps):
        S = F @ W.T + b
        P = np.exp(S - S.max(axis=1, keepdims=True))
        slope = (P / P.sum(axis=1, keepdims=True) - np.eye(classes)[y]) / len(y)
        W, b = W + rate * slope.T @ F, b + rate * slope.sum(axis=0)
    return W, b


@wrong("own-head", fails="test_one_step")
def fit_head(F, y, classes, steps=100, rate=0.5):
    """Softmax over the examples in place of the classes."""
    W, b = np.zeros((classes, F.shape[1])), np.zeros(classes)
    for _ in range(steps):
        S = F @ W.T + b
        P = np.exp(S - S.max(axis=0))
        slope = (P / P.sum(axis=0) - np.eye(classes)[y]) / len(y)
        W, b = W - rate * slope.T @ F, b - rate * slope.sum(axis=0)
    return W, b


@wrong("own-head", fails="test_many_steps")
def fit_head(F, y, classes, steps=100, rate=0.5):
    """Uses the first slope in every step."""
    slope = (np.full((len(y), classes), 1 / classes) - np.eye(classes)[y]) / len(y)
    return -steps * rate * slope.T @ F, -steps * rate * slope.sum(axis=0)


@wrong("own-head", fails="test_large_features")
def fit_head(F, y, classes, steps=100, rate=0.5):
    """A softmax that overflows."""
    W, b = np.zeros((classes, F.shape[1])), np.zeros(classes)
    for _ in range(steps):
        with np.errstate(all="ignore"):
            P = np.exp(F @ W.T + b)
            P = P / P.sum(axis=1, keepdims=True)
        slope = (P - np.eye(classes)[y]) / len(y)
        W, b = W - rate * slope.T @ F, b - rate * slope.sum(axis=0)
    return W, b


@wrong("own-augmentation", fails="test_mirrored_and_shifted")
def augmented(images, labels, rng, limit=3):
    """Mirrors up and down."""
    N, _, H, W = images.shape
    flips = rng.random(N) < 0.5
    shifts = rng.integers(-limit, limit + 1, size=(N, 2))
    images = np.where(flips[:, None, None, None], images[:, :, ::-1], images)
    padded = np.pad(images, ((0, 0), (0, 0), (limit, limit), (limit, limit)), mode="edge")
    new = np.empty_like(images)
    for n, (dy, dx) in enumerate(shifts):
        new[n] = padded[n, :, limit - dy : limit - dy + H, limit - dx : limit - dx + W]
    return new, labels


@wrong("own-augmentation", fails="test_mirrored_and_shifted")
def augmented(images, labels, rng, limit=3):
    """Fills with zeros."""
    N, _, H, W = images.shape
    flips = rng.random(N) < 0.5
    shifts = rng.integers(-limit, limit + 1, size=(N, 2))
    images = np.where(flips[:, None, None, None], images[..., ::-1], images)
    padded = np.pad(images, ((0, 0), (0, 0), (limit, limit), (limit, limit)))
    new = np.empty_like(images)
    for n, (dy, dx) in enumerate(shifts):
        new[n] = padded[n, :, limit - dy : limit - dy + H, limit - dx : limit - dx + W]
    return new, labels


@wrong("own-augmentation", fails="test_mirrored_and_shifted")
def augmented(images, labels, rng, limit=3):
    """Lets pixels come in again on the other side."""
    N = len(images)
    flips = rng.random(N) < 0.5
    shifts = rng.integers(-limit, limit + 1, size=(N, 2))
    images = np.where(flips[:, None, None, None], images[..., ::-1], images)
    moved = [np.roll(a, s, axis=(1, 2)) for a, s in zip(images, shifts)]
    return np.array(moved), labels


@wrong("own-augmentation", fails="test_mirrored_and_shifted")
def augmented(images, labels, rng, limit=3):
    """Shifts first and mirrors then."""
    N, _, H, W = images.shape
    flips = rng.random(N) < 0.5
    shifts = rng.integers(-limit, limit + 1, size=(N, 2))
    padded = np.pad(images, ((0, 0), (0, 0), (limit, limit), (limit, limit)), mode="edge")
    new = np.empty_like(images)
    for n, (dy, dx) in enumerate(shifts):
        one = padded[n, :, limit - dy : limit - dy + H, limit - dx : limit - dx + W]
        new[n] = one[:, :, ::-1] if flips[n] else one
    return new, labels


@wrong("own-augmentation", fails="test_labels_and_edges_of_use")
def augmented(images, labels, rng, limit=3):
    """Adds labels of mirrored images at the end."""
    N, _, H, W = images.shape
    flips = rng.random(N) < 0.5
    shifts = rng.integers(-limit, limit + 1, size=(N, 2))
    images = np.where(flips[:, None, None, None], images[..., ::-1], images)
    padded = np.pad(images, ((0, 0), (0, 0), (limit, limit), (limit, limit)), mode="edge")
    new = np.empty_like(images)
    for n, (dy, dx) in enumerate(shifts):
        new[n] = padded[n, :, limit - dy : limit - dy + H, limit - dx : limit - dx + W]
    return new, np.concatenate([labels, labels[flips]])
