"""Known wrong answers to the exercises of the chapter on identification."""

import numpy as np

from companion.exercises import wrong


@wrong("stranger-at-the-door", fails="test_the_probability")
def stranger():
    """Adds up the probabilities."""
    return 0.3, 30.0


@wrong("stranger-at-the-door", fails="test_the_probability")
def stranger():
    """Gives the probability of no name."""
    return 0.729, 72.9


@wrong("stranger-at-the-door", fails="test_the_expected_number")
def stranger():
    """Forgets the gallery in the second part."""
    return 0.271, 10.0


@wrong("larger-gallery", fails="test_the_rank_1_rate")
def with_a_larger_gallery():
    """Thinks that only the threshold counts."""
    return "stays", "stays"


@wrong("larger-gallery", fails="test_the_false_reject_rate")
def with_a_larger_gallery():
    """Thinks that a claim is compared with all."""
    return "falls", "rises"


@wrong("larger-gallery", fails="test_the_rank_1_rate")
def with_a_larger_gallery():
    """Thinks that more data are better."""
    return "rises", "falls"


@wrong("own-identification", fails="test_the_nearest")
def identify(probe, gallery, names, threshold):
    """Returns the place."""
    distances = np.sqrt(((gallery - probe) ** 2).sum(axis=1))
    k = distances.argmin()
    return int(k) if distances[k] <= threshold else -1


@wrong("own-identification", fails="test_the_nearest")
def identify(probe, gallery, names, threshold):
    """Sums differences without signs in place of squares."""
    distances = np.abs(gallery - probe).sum(axis=1)
    k = distances.argmin()
    return int(names[k]) if distances[k] <= threshold else -1


@wrong("own-identification", fails="test_the_nearest")
def identify(probe, gallery, names, threshold):
    """Compares with the mean of each person's encodings."""
    people = list(dict.fromkeys(names.tolist()))
    means = np.array([gallery[names == n].mean(axis=0) for n in people])
    distances = np.sqrt(((means - probe) ** 2).sum(axis=1))
    k = distances.argmin()
    return people[k] if distances[k] <= threshold else -1


@wrong("own-identification", fails="test_the_nearest")
def identify(probe, gallery, names, threshold):
    """Takes the mean distance from each person's encodings."""
    distances = np.sqrt(((gallery - probe) ** 2).sum(axis=1))
    people = list(dict.fromkeys(names.tolist()))
    means = np.array([distances[names == n].mean() for n in people])
    k = means.argmin()
    return people[k] if means[k] <= threshold else -1


@wrong("own-identification", fails="test_nobody")
def identify(probe, gallery, names, threshold):
    """Compares the square with the threshold."""
    distances = ((gallery - probe) ** 2).sum(axis=1)
    k = distances.argmin()
    return int(names[k]) if distances[k] <= threshold else -1


@wrong("own-identification", fails="test_nobody")
def identify(probe, gallery, names, threshold):
    """Always gives a name."""
    return int(names[((gallery - probe) ** 2).sum(axis=1).argmin()])


@wrong("own-identification", fails="test_edges")
def identify(probe, gallery, names, threshold):
    """Rejects a distance equal to the threshold."""
    distances = np.sqrt(((gallery - probe) ** 2).sum(axis=1))
    k = distances.argmin()
    return int(names[k]) if distances[k] < threshold else -1


@wrong("own-identification", fails="test_edges")
def identify(probe, gallery, names, threshold):
    """Takes the smallest name of equally near ones."""
    distances = np.sqrt(((gallery - probe) ** 2).sum(axis=1))
    near = distances.min()
    return int(names[distances == near].min()) if near <= threshold else -1


@wrong("rank-curve", fails="test_the_curve")
def rank_curve(distances, own):
    """Counts the probes exactly at place k."""
    mine = distances[np.arange(len(own)), own]
    nearer = (distances < mine[:, None]).sum(axis=1)
    return (nearer[:, None] == np.arange(distances.shape[1])).mean(axis=0)


@wrong("rank-curve", fails="test_the_curve")
def rank_curve(distances, own):
    """Begins with k = 0."""
    mine = distances[np.arange(len(own)), own]
    nearer = (distances < mine[:, None]).sum(axis=1)
    return (nearer[:, None] < np.arange(distances.shape[1])).mean(axis=0)


@wrong("rank-curve", fails="test_the_curve")
def rank_curve(distances, own):
    """Knows thirty probes of eight people."""
    mine = distances[np.arange(len(own)), own]
    nearer = (distances < mine[:, None]).sum(axis=1)
    return (nearer[:, None] < np.arange(1, 9)).sum(axis=0) / 30


@wrong("rank-curve", fails="test_equal_distances")
def rank_curve(distances, own):
    """Counts people who are equally near as nearer."""
    mine = distances[np.arange(len(own)), own]
    place = (distances <= mine[:, None]).sum(axis=1)
    return (place[:, None] <= np.arange(1, distances.shape[1] + 1)).mean(axis=0)


@wrong("rank-curve", fails="test_the_curve")
def rank_curve(distances, own):
    """Takes distances for likenesses."""
    mine = distances[np.arange(len(own)), own]
    better = (distances > mine[:, None]).sum(axis=1)
    return (better[:, None] < np.arange(1, distances.shape[1] + 1)).mean(axis=0)


@wrong("open-set-report", fails="test_right_and_wrong_names")
def report(distances, own, threshold):
    """Divides by all probes."""
    nearest, known = distances.argmin(axis=1), own >= 0
    named = distances.min(axis=1) <= threshold
    right = named & known & (nearest == own)
    wrong_ = named & known & (nearest != own)
    return right.mean(), wrong_.mean(), (named & ~known).mean()


@wrong("open-set-report", fails="test_right_and_wrong_names")
def report(distances, own, threshold):
    """Counts rejected people among the wrong names."""
    nearest, known = distances.argmin(axis=1), own >= 0
    named = distances.min(axis=1) <= threshold
    right = (named & (nearest == own))[known].mean()
    return right, 1 - right, named[~known].mean()


@wrong("open-set-report", fails="test_named_strangers")
def report(distances, own, threshold):
    """Gives the strangers who were turned away."""
    nearest, known = distances.argmin(axis=1), own >= 0
    named = distances.min(axis=1) <= threshold
    right, wrong_ = named & (nearest == own), named & (nearest != own)
    return right[known].mean(), wrong_[known].mean(), (~named)[~known].mean()


@wrong("open-set-report", fails="test_at_the_threshold")
def report(distances, own, threshold):
    """Rejects a distance equal to the threshold."""
    nearest, known = distances.argmin(axis=1), own >= 0
    named = distances.min(axis=1) < threshold
    right, wrong_ = named & (nearest == own), named & (nearest != own)
    return right[known].mean(), wrong_[known].mean(), named[~known].mean()
