"""Known wrong answers to the exercises of the chapter on landmarks."""

import numpy as np

from companion.exercises import wrong


@wrong("landmark-error", fails="test_the_error")
def error_by_hand():
    """Pixels."""
    return (6 + 0 + 5) / 3


@wrong("landmark-error", fails="test_the_error")
def error_by_hand():
    """Sum instead of mean."""
    return (6 + 0 + 5) / 20


@wrong("landmark-error", fails="test_the_error")
def error_by_hand():
    """Adds 3 and 4."""
    return (6 + 0 + 7) / 3 / 20


@wrong("forgotten-swap", fails="test_the_place")
def left_eye_at():
    """As if names were exchanged."""
    return 12


@wrong("forgotten-swap", fails="test_the_place")
def left_eye_at():
    """The other eye."""
    return 36


@wrong("forgotten-swap", fails="test_the_place")
def left_eye_at():
    """The distance."""
    return 36 - 12 + 12 / 2


@wrong("mirror-faces", fails="test_points")
def mirror(images, points, pairs):
    """Forgets the names."""
    moved = points.copy()
    moved[..., 0] = images.shape[2] - points[..., 0]
    return images[:, :, ::-1].copy(), moved


@wrong("mirror-faces", fails="test_points")
def mirror(images, points, pairs):
    """Takes numbers of pixels for coordinates."""
    moved = points.copy()
    moved[..., 0] = images.shape[2] - 1 - points[..., 0]
    for a, b in pairs:
        moved[:, [a, b]] = moved[:, [b, a]]
    return images[:, :, ::-1].copy(), moved


@wrong("mirror-faces", fails="test_images")
def mirror(images, points, pairs):
    """Turns the rows around."""
    moved = points.copy()
    moved[..., 0] = images.shape[2] - points[..., 0]
    for a, b in pairs:
        moved[:, [a, b]] = moved[:, [b, a]]
    return images[:, ::-1].copy(), moved


@wrong("mirror-faces", fails="test_points")
def mirror(images, points, pairs):
    """Exchanges views, so that one of each pair is lost."""
    moved = points.copy()
    moved[..., 0] = images.shape[2] - points[..., 0]
    for a, b in pairs:
        moved[:, a], moved[:, b] = moved[:, b], moved[:, a]
    return images[:, :, ::-1].copy(), moved


@wrong("mirror-faces", fails="test_points")
def mirror(images, points, pairs):
    """Writes the mirrored points over the input."""
    points[..., 0] = images.shape[2] - points[..., 0]
    for a, b in pairs:
        points[:, [a, b]] = points[:, [b, a]]
    return images[:, :, ::-1].copy(), points


@wrong("mirror-faces", fails="test_images")
def mirror(images, points, pairs):
    """Writes the width of the example into the code."""
    moved = points * [-1, 1] + [10, 0]
    for a, b in pairs:
        moved[:, [a, b]] = moved[:, [b, a]]
    return images[:, :, ::-1].copy(), moved


@wrong("mirror-faces", fails="test_images")
def mirror(images, points, pairs):
    """Writes the pairs of the example into the code."""
    moved = points * [-1, 1] + [images.shape[2], 0]
    swap = [1, 0, 2, 4, 3] if len(pairs) == 2 else [1, 0, *range(2, points.shape[1])]
    return images[:, :, ::-1].copy(), moved[:, swap] if pairs else moved


@wrong("hidden-points", fails="test_loss_and_gradient")
def loss_of_seen(said, true, seen):
    """Counts hidden points."""
    apart = said - true
    return (apart**2).sum() / seen.size, 2 * apart / seen.size


@wrong("hidden-points", fails="test_loss_and_gradient")
def loss_of_seen(said, true, seen):
    """Divides by all points."""
    apart = (said - true) * seen[..., None]
    return (apart**2).sum() / seen.size, 2 * apart / seen.size


@wrong("hidden-points", fails="test_loss_and_gradient")
def loss_of_seen(said, true, seen):
    """A gradient also for hidden points."""
    count = max(seen.sum(), 1)
    apart = (said - true) * seen[..., None]
    return (apart**2).sum() / count, 2 * (said - true) / count


@wrong("hidden-points", fails="test_nothing_seen")
def loss_of_seen(said, true, seen):
    """Divides by nothing."""
    apart = (said - true) * seen[..., None]
    with np.errstate(all="ignore"):
        return (apart**2).sum() / seen.sum(), 2 * apart / seen.sum()


@wrong("hidden-points", fails="test_nothing_seen")
def loss_of_seen(said, true, seen):
    """Gives a single 0 for the gradient where none is seen."""
    if not seen.any():
        return 0, 0
    apart = (said - true) * seen[..., None]
    return (apart**2).sum() / seen.sum(), 2 * apart / seen.sum()
