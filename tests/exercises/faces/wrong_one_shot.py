"""Known wrong answers to the exercises of the chapter on recognition by distance."""

import numpy as np

from companion.exercises import wrong


@wrong("one-more-person", fails="test_the_last_layer")
def one_more_person():
    """Forgets the bias."""
    return 64, 64


@wrong("one-more-person", fails="test_the_last_layer")
def one_more_person():
    """Counts the whole layer."""
    return 101 * 65, 64


@wrong("one-more-person", fails="test_the_gallery")
def one_more_person():
    """Gives the encoding a bias."""
    return 65, 65


@wrong("one-more-person", fails="test_the_gallery")
def one_more_person():
    """Thinks that a picture counts as one."""
    return 65, 1


@wrong("same-same-different", fails="test_which_pairs_are_accepted")
def same_person():
    """Believes that same and same make same."""
    return True, True, True


@wrong("same-same-different", fails="test_which_pairs_are_accepted")
def same_person():
    """Compares the cosine with the threshold, the wrong way round."""
    return False, False, True


@wrong("same-same-different", fails="test_which_pairs_are_accepted")
def same_person():
    """Takes 0.6 for too small."""
    return True, False, False


@wrong("more-enrolled", fails="test_both_words")
def larger_gallery():
    """Thinks that verification gets harder, too."""
    return "only fall", "only rise"


@wrong("more-enrolled", fails="test_both_words")
def larger_gallery():
    """Thinks that nothing depends on the others."""
    return "not change", "not change"


@wrong("more-enrolled", fails="test_both_words")
def larger_gallery():
    """More data helps."""
    return "only rise", "not change"


@wrong("any-length", fails="test_which_are_accepted")
def accepted(first, second, tau):
    """Does not scale."""
    return np.linalg.norm(first - second, axis=1) <= tau


@wrong("any-length", fails="test_which_are_accepted")
def accepted(first, second, tau):
    """Forgets the root."""
    a = first / np.linalg.norm(first, axis=1, keepdims=True)
    b = second / np.linalg.norm(second, axis=1, keepdims=True)
    return ((a - b) ** 2).sum(axis=1) <= tau


@wrong("any-length", fails="test_which_are_accepted")
def accepted(first, second, tau):
    """Divides by the length of the whole array."""
    a, b = first / np.linalg.norm(first), second / np.linalg.norm(second)
    return np.linalg.norm(a - b, axis=1) <= tau


@wrong("any-length", fails="test_the_edge_and_the_inputs")
def accepted(first, second, tau):
    """Changes the inputs."""
    first /= np.linalg.norm(first, axis=1, keepdims=True)
    second /= np.linalg.norm(second, axis=1, keepdims=True)
    return np.linalg.norm(first - second, axis=1) <= tau


@wrong("any-length", fails="test_the_edge_and_the_inputs")
def accepted(first, second, tau):
    """Leaves out the edge."""
    a = first / np.linalg.norm(first, axis=1, keepdims=True)
    b = second / np.linalg.norm(second, axis=1, keepdims=True)
    return np.linalg.norm(a - b, axis=1) < tau


@wrong("middle-of-several", fails="test_the_nearest_place")
def nearest_place(probes, stored, names):
    """Does not scale the means."""
    people = np.unique(names)
    places = np.stack([stored[names == p].mean(axis=0) for p in people])
    d = np.linalg.norm(probes[:, None] - places[None], axis=2)
    return people[d.argmin(axis=1)]


@wrong("middle-of-several", fails="test_the_nearest_place")
def nearest_place(probes, stored, names):
    """Takes the nearest picture."""
    d = np.linalg.norm(probes[:, None] - stored[None], axis=2)
    return names[d.argmin(axis=1)]


@wrong("middle-of-several", fails="test_the_nearest_place")
def nearest_place(probes, stored, names):
    """Returns places in the list of people."""
    people = np.unique(names)
    places = np.stack([stored[names == p].mean(axis=0) for p in people])
    places /= np.linalg.norm(places, axis=1, keepdims=True)
    return np.linalg.norm(probes[:, None] - places[None], axis=2).argmin(axis=1)


@wrong("middle-of-several", fails="test_few_pictures_and_equal_distances")
def nearest_place(probes, stored, names):
    """Takes people in the order of their first picture."""
    people = np.array(list(dict.fromkeys(names.tolist())))
    places = np.stack([stored[names == p].mean(axis=0) for p in people])
    places /= np.linalg.norm(places, axis=1, keepdims=True)
    d = np.linalg.norm(probes[:, None] - places[None], axis=2)
    return people[d.argmin(axis=1)]
