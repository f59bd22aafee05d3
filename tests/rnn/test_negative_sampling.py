"""Losses of word2vec and GloVe and their gradients, against torch's automatic differentiation."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from companion.gradients.tensor import Tensor
from companion.rnn.words.bags import bag_means
from companion.rnn.words.glove import glove_loss, glove_weights
from companion.rnn.words.hierarchical import hierarchical_softmax, word_probabilities
from companion.rnn.words.huffman import balanced, huffman
from companion.rnn.words.negative_sampling import (
    negative_sampling,
    shared_negative_sampling,
    softplus,
)

SIZES = [(1, 1, 1), (4, 3, 2), (7, 5, 9)]


def arrays(seed, *shapes):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=shape) for shape in shapes]


def both(ours, theirs, given, seed=0):
    """Values and gradients of one loss in both engines, with a weight for each example."""
    mine = [Tensor(a, requires_grad=True) for a in given]
    other = [torch.tensor(a, requires_grad=True) for a in given]
    loss, expected = ours(*mine), theirs(*other)
    np.testing.assert_allclose(loss.numpy(), expected.detach().numpy(), rtol=1e-12)
    dy = np.random.default_rng(seed).normal(size=loss.shape)
    loss.backward(dy)
    expected.backward(torch.tensor(dy))
    for a, b in zip(mine, other, strict=True):
        np.testing.assert_allclose(a.grad, b.grad.numpy(), rtol=1e-10, atol=1e-13)


def torch_loss(v, u, n, share=1.0):
    right = F.binary_cross_entropy_with_logits((v * u).sum(1), torch.ones(len(v)).double(),
                                               reduction="none")  # fmt: skip
    wrong = torch.einsum("nd,nkd->nk", v, n)
    noise = F.binary_cross_entropy_with_logits(wrong, torch.zeros_like(wrong), reduction="none")
    return right + share * noise.sum(1)


@pytest.mark.parametrize(("n", "d", "k"), SIZES)
def test_noise_of_its_own(n, d, k):
    both(negative_sampling, torch_loss, arrays(n, (n, d), (n, d), (n, k, d)))


@pytest.mark.parametrize(("n", "d", "m"), SIZES)
def test_shared_noise(n, d, m):
    def theirs(v, u, noise):
        return torch_loss(v, u, noise.expand(n, m, d), 5 / m)

    def ours(v, u, noise):
        return shared_negative_sampling(v, u, noise, negatives=5)

    both(ours, theirs, arrays(n, (n, d), (n, d), (m, d)))


def test_large_scores_in_float32():
    z = np.float32([-1e4, -90, -1, 0, 1, 90, 1e4])
    value, slope = softplus(z)
    assert value.dtype == slope.dtype == np.float32
    np.testing.assert_allclose(value, F.softplus(torch.tensor(z)).numpy(), rtol=1e-6, atol=1e-30)
    np.testing.assert_allclose(slope, torch.sigmoid(torch.tensor(z)).numpy(), rtol=1e-6, atol=1e-30)


@pytest.mark.parametrize("seed", range(4))
def test_bags_against_torch_s_embedding_bag(seed):
    rng = np.random.default_rng(seed)
    table = rng.normal(size=(9, 4))
    bags = rng.integers(0, 9, (6, 5))
    bags[rng.random(bags.shape) < 0.4] = -1
    bags[:, 0] = rng.integers(0, 9, 6)
    weight = torch.tensor(table, requires_grad=True)
    words = [row[row >= 0] for row in bags]
    starts = np.cumsum([0, *map(len, words)])[:-1]
    expected = F.embedding_bag(torch.tensor(np.concatenate(words)), weight, torch.tensor(starts))
    means, back = bag_means(table, bags)
    np.testing.assert_allclose(means, expected.detach().numpy())
    dy = rng.normal(size=means.shape)
    expected.backward(torch.tensor(dy))
    np.testing.assert_allclose(back(dy).dense(9), weight.grad.numpy(), atol=1e-14)
    with pytest.raises(ValueError, match="bag 1 holds no word"):
        bag_means(table, np.array([[0], [-1]]))


@pytest.mark.parametrize(("n", "d"), [(1, 1), (6, 3)])
def test_glove(n, d):
    given = arrays(n, (n, d), (n, d), (n,), (n,))
    log_counts, weights = arrays(7, (n,), (n,))

    def theirs(w, other, b, c):
        error = (w * other).sum(1) + b + c - torch.tensor(log_counts)
        return torch.tensor(weights) * error**2

    def ours(w, other, b, c):
        return glove_loss(w, other, b, c, log_counts=log_counts, weights=weights)

    both(ours, theirs, given)


def test_weights_of_glove():
    np.testing.assert_allclose(glove_weights([0, 100 / 16, 100, 1e9]), [0, 1 / 8, 1, 1])
    with pytest.raises(ValueError, match="no negative count"):
        glove_weights([-1])
    with pytest.raises(ValueError, match="x_max=0"):
        glove_weights([1], x_max=0)


@pytest.mark.parametrize("seed", range(3))
def test_hierarchical_softmax(seed):
    rng = np.random.default_rng(seed)
    paths = huffman(rng.integers(1, 50, 11))
    word = rng.integers(0, 11, 6)

    def theirs(h, w):
        scores = h @ w.T
        one = [
            sum(F.softplus(-turn * scores[k, node])
                for node, turn in zip(paths.nodes[t], paths.turns[t], strict=True) if turn)
            for k, t in enumerate(word)
        ]  # fmt: skip
        return torch.stack(one)

    def ours(h, w):
        return hierarchical_softmax(h, w, word=word, paths=paths)

    given = arrays(seed, (6, 4), (10, 4))
    both(ours, theirs, given)
    p = word_probabilities(*given, paths)
    np.testing.assert_allclose(p.sum(axis=1), 1)
    loss = ours(*map(Tensor, given)).numpy()
    np.testing.assert_allclose(np.exp(-loss), p[np.arange(6), word])


def test_two_words_are_a_coin():
    h, w = np.array([[2.0]]), np.array([[0.5]])
    p = word_probabilities(h, w, balanced(2))
    np.testing.assert_allclose(p, [[1 / (1 + np.exp(-1)), 1 / (1 + np.exp(1))]])
