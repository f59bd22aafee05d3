"""Known wrong answers to the exercises of the chapter on data augmentation."""

import numpy as np

from companion.exercises import wrong


@wrong("mirror-and-pad", fails="test_where_the_box_is")
def mirrored_and_padded():
    """Mirrors each edge by itself."""
    return (10, 2, 7, 5), (2.5, 4)


@wrong("mirror-and-pad", fails="test_where_the_box_is")
def mirrored_and_padded():
    """Counts columns instead of edges."""
    return (6, 2, 9, 5), (2.5, 4)


@wrong("mirror-and-pad", fails="test_where_the_point_is")
def mirrored_and_padded():
    """Takes 9 for the right border when it mirrors the point."""
    return (7, 2, 10, 5), (1.5, 4)


@wrong("mirror-and-pad", fails="test_where_the_point_is")
def mirrored_and_padded():
    """Forgets the border."""
    return (5, 1, 8, 4), (0.5, 3)


@wrong("turned-box", fails="test_area_of_the_new_box")
def area_of_the_new_box():
    """Thinks that a rotation keeps areas."""
    return "the same"


@wrong("turned-box", fails="test_area_of_the_new_box")
def area_of_the_new_box():
    """Compares the sides."""
    return "1.4 times"


@wrong("turned-box", fails="test_area_of_the_new_box")
def area_of_the_new_box():
    """Answers with a number."""
    return 2


@wrong("shifted", fails="test_each_image_moves_by_its_own_shift")
def random_shifts(images, limit, rng):
    """Moves the window instead of the image."""
    N, H, W = images.shape
    shifts = rng.integers(-limit, limit + 1, size=(N, 2))
    padded = np.pad(images, ((0, 0), (limit, limit), (limit, limit)))
    return np.stack([
        padded[n, limit + dy : limit + dy + H, limit + dx : limit + dx + W]
        for n, (dy, dx) in enumerate(shifts)
    ])


@wrong("shifted", fails="test_each_image_moves_by_its_own_shift")
def random_shifts(images, limit, rng):
    """Draws one shift for all images."""
    dy, dx = rng.integers(-limit, limit + 1, size=(len(images), 2))[0]
    moved = np.zeros_like(images)
    H, W = images.shape[1:]
    moved[:, max(dy, 0) : H + min(dy, 0), max(dx, 0) : W + min(dx, 0)] = images[
        :, max(-dy, 0) : H - max(dy, 0), max(-dx, 0) : W - max(dx, 0)
    ]
    return moved


@wrong("shifted", fails="test_each_image_moves_by_its_own_shift")
def random_shifts(images, limit, rng):
    """Leaves out the end of the interval."""
    N, H, W = images.shape
    shifts = rng.integers(-limit, limit, size=(N, 2))
    padded = np.pad(images, ((0, 0), (limit, limit), (limit, limit)))
    return np.stack([
        padded[n, limit - dy : limit - dy + H, limit - dx : limit - dx + W]
        for n, (dy, dx) in enumerate(shifts)
    ])


@wrong("shifted", fails="test_nothing_wraps_around")
def random_shifts(images, limit, rng):
    """Rolls the pixels round."""
    shifts = rng.integers(-limit, limit + 1, size=(len(images), 2))
    return np.array([np.roll(a, s, axis=(0, 1)) for a, s in zip(images, shifts)]).reshape(
        images.shape
    )


@wrong("shifted", fails="test_nothing_wraps_around")
def random_shifts(images, limit, rng):
    """Repeats the edge."""
    N, H, W = images.shape
    shifts = rng.integers(-limit, limit + 1, size=(N, 2))
    padded = np.pad(images, ((0, 0), (limit, limit), (limit, limit)), mode="edge")
    moved = np.empty_like(images)
    for n, (dy, dx) in enumerate(shifts):
        moved[n] = padded[n, limit - dy : limit - dy + H, limit - dx : limit - dx + W]
    return moved


@wrong("shifted", fails="test_no_shift_and_the_input")
def random_shifts(images, limit, rng):
    """Writes into the images it was given."""
    N, H, W = images.shape
    shifts = rng.integers(-limit, limit + 1, size=(N, 2))
    padded = np.pad(images, ((0, 0), (limit, limit), (limit, limit)))
    for n, (dy, dx) in enumerate(shifts):
        images[n] = padded[n, limit - dy : limit - dy + H, limit - dx : limit - dx + W]
    return images


@wrong("choose-changes", fails="test_the_development_error_falls")
def ranges():
    """Changes nothing."""
    return 0, 0, 0


@wrong("choose-changes", fails="test_the_development_error_falls")
def ranges():
    """Turns digits all the way round."""
    return 180, 2, 0.1


@wrong("choose-changes", fails="test_the_development_error_falls")
def ranges():
    """Pushes digits out of the picture."""
    return 12, 14, 0.1


@wrong("choose-changes", fails="test_the_development_error_falls")
def ranges():
    """Gives the zoom in per cent."""
    return 12, 2, 10
