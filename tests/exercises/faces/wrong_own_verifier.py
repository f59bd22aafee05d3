"""Known wrong answers to the project on faces."""

import numpy as np

from companion import nn, optim
from companion.data.identity_batches import IdentityBatches
from companion.exercises import wrong
from companion.exercises.parts import equal_error, identify, mine, triplet_loss
from companion.faces.experiments.learned import moved_a_little
from companion.faces.networks.encoder import encoder
from companion.gradients.tensor import Tensor
from companion.training import manual_seed, predict


def with_slopes(encodings, names, margin, power=1.0, order=(0, 1, 2)):
    """Do what is asked, with other distances or roles."""
    steps = encodings[:, None] - encodings[None]
    chosen = mine((steps**2).sum(axis=2) ** power, names, margin)
    if len(chosen) == 0:
        return 0.0, np.zeros(encodings.shape)
    a, p, n = np.asarray(chosen).T[list(order)]
    z = Tensor(encodings, requires_grad=True)
    loss = triplet_loss(z[a], z[p], z[n], margin)
    loss.backward()
    return float(loss.data), z.grad


@wrong("batch-loss", fails="test_the_loss_of_a_batch")
def batch_loss(encodings, names, margin):
    """Mines by plain distances."""
    return with_slopes(encodings, names, margin, power=0.5)


@wrong("batch-loss", fails="test_the_loss_of_a_batch")
def batch_loss(encodings, names, margin):
    """Exchanges positive and negative."""
    return with_slopes(encodings, names, margin, order=(0, 2, 1))


@wrong("batch-loss", fails="test_the_loss_of_a_batch")
def batch_loss(encodings, names, margin):
    """Gives the slopes of anchors alone."""
    loss, slopes = with_slopes(encodings, names, margin)
    steps = encodings[:, None] - encodings[None]
    anchors = np.unique(np.reshape(mine((steps**2).sum(axis=2), names, margin), (-1, 3))[:, 0])
    only = np.zeros_like(slopes)
    only[anchors[:1]] = slopes[anchors[:1]]
    return loss, only


@wrong("batch-loss", fails="test_the_loss_of_a_batch")
def batch_loss(encodings, names, margin):
    """Loses the slopes of some rows."""
    loss, slopes = with_slopes(encodings, names, margin)
    slopes[6:] = 0
    return loss, slopes


@wrong("batch-loss", fails="test_the_loss_of_a_batch")
def batch_loss(encodings, names, margin):
    """Moves the encodings that it was given."""
    loss, slopes = with_slopes(encodings, names, margin)
    if loss > 0:
        encodings -= encodings.mean(axis=0)
    return loss, slopes


@wrong("batch-loss", fails="test_the_loss_of_a_batch")
def batch_loss(encodings, names, margin):
    """Forgets the batch in which nothing is chosen."""
    steps = encodings[:, None] - encodings[None]
    a, p, n = np.asarray(mine((steps**2).sum(axis=2), names, margin)).T
    z = Tensor(encodings, requires_grad=True)
    loss = triplet_loss(z[a], z[p], z[n], margin)
    loss.backward()
    return float(loss.data), z.grad


@wrong("visitors", fails="test_visitors")
def visitors(enrolled, names, probes, threshold):
    """Knows no strangers."""
    return np.array([identify(p, enrolled, names, np.inf) for p in probes], int)


@wrong("visitors", fails="test_visitors")
def visitors(enrolled, names, probes, threshold):
    """Returns places in the gallery."""
    return np.array([identify(p, enrolled, np.arange(len(names)), threshold) for p in probes], int)


@wrong("visitors", fails="test_visitors")
def visitors(enrolled, names, probes, threshold):
    """Looks at the first visitor only."""
    return np.array([identify(probes[0], enrolled, names, threshold)] * len(probes), int)


@wrong("visitors", fails="test_visitors")
def visitors(enrolled, names, probes, threshold):
    """Keeps one threshold whatever is asked."""
    return np.array([identify(p, enrolled, names, 1.0) for p in probes], int)


@wrong("visitors", fails="test_visitors")
def visitors(enrolled, names, probes, threshold):
    """Gives real numbers where there are no visitors."""
    return np.array([identify(p, enrolled, names, threshold) for p in probes])


@wrong("visitors", fails="test_visitors")
def visitors(enrolled, names, probes, threshold):
    """Enrolls whoever comes."""
    said = []
    for p in probes:
        said.append(identify(p, enrolled, names, threshold))
        enrolled, names = np.vstack([enrolled, p]), np.append(names, said[-1])
    return np.array(said, int)


@wrong("visitors", fails="test_visitors")
def visitors(enrolled, names, probes, threshold):
    """Rejects a distance equal to the threshold."""
    distances = np.sqrt(((probes[:, None] - enrolled) ** 2).sum(axis=2))
    return np.where(distances.min(axis=1) < threshold, names[distances.argmin(axis=1)], -1)


@wrong("visitors", fails="test_visitors")
def visitors(enrolled, names, probes, threshold):
    """Sums differences without signs in place of squares."""
    distances = np.abs(probes[:, None] - enrolled).sum(axis=2)
    return np.where(distances.min(axis=1) <= threshold, names[distances.argmin(axis=1)], -1)


def chosen_loss(encodings, names, margin=0.3):
    """The loss of a batch, as asked."""
    z = encodings.data
    distances = ((z[:, None] - z[None]) ** 2).sum(axis=2)
    a, p, n = np.reshape(mine(distances, names, margin), (-1, 3)).T
    if len(a) == 0:
        return (encodings * 0).sum()
    return triplet_loss(encodings[a], encodings[p], encodings[n], margin)


def encoded(images, names, asked, epochs, order=slice(None), learn=True):
    """Encodings of the asked, with one step changed."""
    manual_seed(0)
    model = encoder(nn, height=28, width=23, widths=(8, 16, 32))
    batches = IdentityBatches(images, names, transform=moved_a_little)
    optimizer = optim.Adam(model.parameters())
    for epoch in range(epochs if learn else 0):
        optimizer.param_groups[0]["lr"] = 0.002 * (1 - epoch / epochs)
        for X, who in batches.epoch(epoch):
            optimizer.zero_grad()
            chosen_loss(model(Tensor(X)), who[order]).backward()
            optimizer.step()
    return predict(model.eval(), asked)


def judged(z, people):
    """The pair of threshold and rate."""
    i, j = np.triu_indices(len(z), 1)
    distances = np.sqrt(((z[i] - z[j]) ** 2).sum(axis=1))
    return equal_error(distances, people[i] == people[j])


@wrong("own-verifier", fails="test_it_verifies_people_it_has_never_seen")
def own_verifier(images, names, asked, people, epochs=15):
    """Does not train."""
    z = encoded(images, names, asked, epochs, learn=False)
    return z, judged(z, people)


@wrong("own-verifier", fails="test_it_verifies_people_it_has_never_seen")
def own_verifier(images, names, asked, people, epochs=15):
    """Gives each picture the name of another."""
    z = encoded(images, names, asked, epochs, order=np.arange(32).reshape(8, 4).T.ravel())
    return z, judged(z, people)


@wrong("own-verifier", fails="test_it_verifies_people_it_has_never_seen")
def own_verifier(images, names, asked, people, epochs=15):
    """Promises a rate that it has not measured."""
    z = encoded(images, names, asked, epochs, learn=False)
    return z, (judged(z, people)[0], 0.05)


@wrong("own-verifier", fails="test_it_verifies_people_it_has_never_seen")
def own_verifier(images, names, asked, people, epochs=15):
    """Judges by squared distances, so that the threshold does not fit."""
    z = encoded(images, names, asked, epochs)
    i, j = np.triu_indices(len(z), 1)
    return z, equal_error(((z[i] - z[j]) ** 2).sum(axis=1), people[i] == people[j])


@wrong("own-verifier", fails="test_it_verifies_people_it_has_never_seen")
def own_verifier(images, names, asked, people, epochs=15):
    """Learns from the people who are asked."""
    z = encoded(asked, people, asked, epochs)
    return z, judged(z, people)


@wrong("own-verifier", fails="test_it_verifies_people_it_has_never_seen")
def own_verifier(images, names, asked, people, epochs=15):
    """Makes encodings of names, not of pictures."""
    z = np.eye(32)[np.unique(people, return_inverse=True)[1]]
    return z, judged(z, people)
