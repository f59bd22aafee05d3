"""Known wrong answers to the project on borrowed features."""

import numpy as np

from companion import nn, optim
from companion.cnn.transfer import parted, set_head
from companion.exercises import wrong
from companion.exercises.parts import augmented, fit_head, frozen_names
from companion.gradients.tensor import Tensor
from companion.training import predict


@wrong("set-free", fails="test_how_many_numbers_learn")
def set_free(network, blocks):
    """Only ever freezes."""
    named = dict(network.named_parameters())
    for name in frozen_names(list(named), blocks):
        named[name].requires_grad = False
    return sum(p.numel() for p in named.values() if p.requires_grad)


@wrong("set-free", fails="test_how_many_numbers_learn")
def set_free(network, blocks):
    """Only ever frees."""
    named = dict(network.named_parameters())
    frozen = frozen_names(list(named), blocks)
    for name, parameter in named.items():
        if name not in frozen:
            parameter.requires_grad = True
    return sum(p.numel() for p in named.values() if p.requires_grad)


@wrong("set-free", fails="test_how_many_numbers_learn")
def set_free(network, blocks):
    """Counts parameters, not numbers."""
    named = dict(network.named_parameters())
    return len(named) - len(frozen_names(list(named), blocks))


@wrong("set-free", fails="test_which_parameters_learn")
def set_free(network, blocks):
    """Counts what should learn and sets nothing."""
    named = dict(network.named_parameters())
    frozen = frozen_names(list(named), blocks)
    return sum(p.numel() for name, p in named.items() if name not in frozen)


@wrong("set-free", fails="test_which_parameters_learn")
def set_free(network, blocks):
    """Frees the frozen ones and freezes the others."""
    named = dict(network.named_parameters())
    frozen = frozen_names(list(named), blocks)
    for name, parameter in named.items():
        parameter.requires_grad = name in frozen
    return sum(p.numel() for p in named.values() if not p.requires_grad)


@wrong("head-from", fails="test_scores_of_features_as_they_are")
def head_from(F, y, classes):
    """Returns the head of the standardized features."""
    m, s = F.mean(axis=0), F.std(axis=0) + 0.001
    return fit_head((F - m) / s, y, classes, steps=100, rate=20 / F.shape[1])


@wrong("head-from", fails="test_scores_of_features_as_they_are")
def head_from(F, y, classes):
    """Forgets what the means add."""
    m, s = F.mean(axis=0), F.std(axis=0) + 0.001
    V, c = fit_head((F - m) / s, y, classes, steps=100, rate=20 / F.shape[1])
    return V / s, c


@wrong("head-from", fails="test_scores_of_features_as_they_are")
def head_from(F, y, classes):
    """One mean and one deviation for all features."""
    m, s = F.mean(), F.std() + 0.001
    V, c = fit_head((F - m) / s, y, classes, steps=100, rate=20 / F.shape[1])
    return V / s, c - (V / s).sum(axis=1) * m


def named(network, X, y, X_new, blocks, passes, copies=3, rate=1e-4, head=True, labels=None):
    """Do what the project asks, with one step left out or wrong."""
    rng = np.random.default_rng(0)
    X = np.concatenate([X, *(augmented(X, y, rng)[0] for _ in range(copies))])
    y = np.tile(y, copies + 1) if labels is None else labels(y, copies + 1)
    frozen = frozen_names([name for name, _ in network.named_parameters()], blocks)
    for name, parameter in network.named_parameters():
        parameter.requires_grad = name not in frozen
    front, rest = parted(nn, network, blocks)
    F = predict(front, X)
    if head:
        G, classes = predict(rest[:3], F), network[3].bias.numel()
        m, s = G.mean(axis=0), G.std(axis=0) + 0.001
        V, c = fit_head((G - m) / s, y, classes, steps=100, rate=20 / G.shape[1])
        set_head(network[3], V / s, c - (V / s) @ m)
    learning = [p for p in network.parameters() if p.requires_grad]
    optimizer, loss = optim.Adam(learning, lr=rate), nn.CrossEntropyLoss()
    for _ in range(passes):
        for k in np.split(rng.permutation(len(y)), range(32, len(y), 32)):
            optimizer.zero_grad()
            loss(rest(Tensor(F[k])), y[k]).backward()
            optimizer.step()
    return predict(network, X_new).argmax(axis=1)


@wrong("name-people", fails="test_it_names_people")
def name_people(network, X, y, X_new, blocks=8, passes=3):
    """A head of zeros learns alone, in steps too small for it."""
    return named(network, X, y, X_new, 11, passes, copies=0, head=False)


@wrong("name-people", fails="test_it_names_people")
def name_people(network, X, y, X_new, blocks=8, passes=3):
    """Labels of the copies in another order than the copies."""
    return named(network, X, y, X_new, blocks, passes, labels=np.repeat)


@wrong("name-people", fails="test_it_names_people")
def name_people(network, X, y, X_new, blocks=8, passes=3):
    """Three hundred times the rate: the borrowed layers forget."""
    return named(network, X, y, X_new, blocks, passes, rate=3e-2)


@wrong("name-people", fails="test_it_names_people")
def name_people(network, X, y, X_new, blocks=8, passes=3):
    """Mirrors the new pictures upside down, as no person is seen."""
    return named(network, X, y, X_new[:, :, ::-1], blocks, passes)


@wrong("name-people", fails="test_it_learns_the_labels_that_it_is_given")
def name_people(network, X, y, X_new, blocks=8, passes=3):
    """Takes the order of the people for their label."""
    return named(network, X, np.unique(y, return_inverse=True)[1] * 0 + np.arange(len(y)) * len(
        np.unique(y)) // len(y), X_new, blocks, passes)  # fmt: skip
