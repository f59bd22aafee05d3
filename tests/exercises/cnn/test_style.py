"""Checks of the exercises in the chapter on style transfer."""

import numpy as np

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of
from companion.gradients.tensor import Tensor


def products(maps, places=None):
    """Mean products of each two channels, place by place in Python's own numbers."""
    C, H, W = maps.shape
    chosen = [(i, j) for i, j in np.ndindex(H, W) if places is None or places[i, j]]
    total = np.zeros((C, C))
    for i, j in chosen:
        for a in range(C):
            for b in range(C):
                total[a, b] += float(maps[a, i, j]) * float(maps[b, i, j])
    return total / max(len(chosen), 1)


@check(
    "gram-by-hand",
    points=2,
    hints=(
        "Each entry belongs to two channels; the diagonal to a channel with itself.",
        "Multiply the two channels place by place, and take the mean over the four places.",
        "above: (1 + 9)/4 and (2 + 3)/4",
    ),
)
def test_the_gram_matrix_of_two_maps(student):
    "the Gram matrix of the two maps"
    maps = np.array([[[1.0, 0], [3, 0]], [[2, 1], [1, 0]]])
    G = products(maps)
    mistakes = {
        "the products were added up, not averaged": 4 * G,
        "the mean is over four places, not over two channels": 2 * G,
        "the maps were multiplied as matrices, not place by place": maps[0] @ maps[1],
        "the first row is channel 1 with itself, then with channel 2": G[::-1, ::-1],
    }
    got = np.array(student.gram_by_hand(), dtype=float)
    assert_close(got, G, mistakes=mistakes, what="the Gram matrix")


@check(
    "mirrored-maps",
    hints=(
        "One of the two costs compares place by place, the other sums over places.",
        "Does a sum change when its terms come in another order?",
        "Mirroring is a new order of the places, the same for every channel.",
    ),
)
def test_which_cost_stays_zero(student):
    "the cost that stays 0"
    words = ("content", "style", "both", "neither")
    got = student.still_zero()
    assert isinstance(got, str), f"expected one of {words}, got {kind_of(got)}"
    assert got in words, f"expected one of {words}, got {got!r}"
    maps = np.random.default_rng(0).normal(size=(3, 4, 5))
    mirrored = maps[:, :, ::-1]
    zero = [np.allclose(mirrored, maps), np.allclose(products(mirrored), products(maps))]
    right = words[[[True, False], [False, True], [True, True], [False, False]].index(zero)]
    assert got == right, "write down two columns of F and swap them in both costs"


def masked_example(seed, shape=(3, 4, 5)):
    rng = np.random.default_rng(seed)
    return rng.normal(size=shape), rng.random(shape[1:]) < 0.4


@check(
    "masked-gram",
    points=2,
    hints=(
        "Keep only the columns of F whose place is marked.",
        "maps[:, mask] has shape (C, places): that is the matrix F to use.",
        "F = maps[:, mask]; F @ F.T / F.shape[1]",
    ),
)
def test_only_marked_places_count(student):
    "the mean over the marked places"
    maps, mask = masked_example(1)
    F = (maps * mask).reshape(3, -1)
    mistakes = {
        "the mask is not used": products(maps),
        "the mean is over all places, not over the marked ones": F @ F.T / mask.size,
        "the products were added up, not averaged": F @ F.T,
        "the places that are not marked were taken": products(maps, ~mask),
    }
    got = student.masked_gram(maps, mask)
    assert_close(got, products(maps, mask), mistakes=mistakes, what="the Gram matrix")
    assert_unchanged(student.masked_gram)


@check(
    "masked-gram",
    hints=(
        "The mean of no numbers does not exist; here it shall be 0.",
        "Divide by at least 1.",
        "/ max(mask.sum(), 1)",
    ),
)
def test_a_mask_without_a_place(student):
    "a mask that marks nothing, one place, and everything"
    maps, mask = masked_example(2)
    for chosen in (np.zeros_like(mask), np.ones_like(mask)):
        got = student.masked_gram(maps, chosen)
        assert_close(got, products(maps, chosen), what=f"with {chosen.sum()} places")
    one = np.zeros_like(mask)
    one[2, 3] = True
    assert_close(student.masked_gram(maps, one), products(maps, one), what="with 1 place")
    maps, mask = masked_example(3, (2, 5, 5))
    assert_close(student.masked_gram(maps, mask), products(maps, mask), what="of square maps")


def channel_by_channel(maps, style, eps=1e-5):
    new = np.zeros(maps.shape)
    for c, (own, other) in enumerate(zip(maps, style, strict=True)):
        scale = np.sqrt(np.mean((other - other.mean()) ** 2))
        size = np.sqrt(np.mean((own - own.mean()) ** 2) + eps)
        new[c] = other.mean() + scale * (own - own.mean()) / size
    return new


@check(
    "adaptive-norm",
    points=2,
    hints=(
        "First take away what the maps have of their own, then give them what the style has.",
        "Means and deviations are taken over axes 1 and 2, with keepdims=True.",
        "(maps - mean) / np.sqrt(var + eps) * style_std + style_mean",
    ),
)
def test_mean_and_deviation_of_each_channel(student):
    "means and deviations of the style, channel by channel"
    rng = np.random.default_rng(3)
    maps = rng.normal(size=(4, 5, 6)) * np.array([1.0, 3, 0.2, 2]).reshape(4, 1, 1) + 1
    style = 2 * rng.normal(size=(4, 3, 7)) - 1
    expected = channel_by_channel(maps, style)
    both = (1, 2)
    spread, middle = style.std(axis=both, keepdims=True), style.mean(axis=both, keepdims=True)
    centred = maps - maps.mean(axis=both, keepdims=True)
    whole = (maps - maps.mean()) / np.sqrt(maps.var() + 1e-5)
    mistakes = {
        "one mean and deviation for all channels": whole * style.std() + style.mean(),
        "divided by the variance, not by its root": centred
        / (maps.var(axis=both, keepdims=True) + 1e-5)
        * spread
        + middle,
        "the mean of the style is missing": expected - middle,
        "the deviation of the style is missing": (expected - middle) / spread + middle,
    }
    got = student.adaptive_norm(maps, style)
    assert_close(got, expected, mistakes=mistakes, what="the maps")
    assert_unchanged(student.adaptive_norm)


@check(
    "adaptive-norm",
    hints=(
        "A channel may be the same everywhere; its variance is 0.",
        "That is what eps is for: it stands under the root of the maps' variance.",
        "np.sqrt(maps.var(axis=(1, 2), keepdims=True) + eps)",
    ),
)
def test_a_level_channel(student):
    "a channel that is the same at all places gets the mean of the style"
    rng = np.random.default_rng(4)
    maps, style = rng.normal(size=(2, 3, 3)), rng.normal(size=(2, 4, 4))
    maps[1] = 0.5
    got = student.adaptive_norm(maps, style)
    assert_close(got, channel_by_channel(maps, style), what="the maps")
    for eps in (0.5, 1e-3):
        got = student.adaptive_norm(maps, style, eps)
        assert_close(got, channel_by_channel(maps, style, eps), what=f"the maps for eps = {eps}")


def covariance_by_the_engine(maps, wanted):
    F = Tensor(maps.reshape(len(maps), -1), requires_grad=True)
    centred = F - F.mean(axis=1, keepdims=True)
    S = centred @ centred.transpose(0, 1) * (1 / F.shape[1])
    loss = ((S - Tensor(wanted)) ** 2).sum() * 0.5
    loss.backward()
    return float(loss.numpy()), F.grad.reshape(maps.shape)


def covariance_example(seed, shape=(3, 4, 5)):
    rng = np.random.default_rng(seed)
    A = rng.normal(size=(shape[0], shape[0]))
    return rng.normal(size=shape) + 1.5, A @ A.T


def pair_of(got):
    assert isinstance(got, tuple | list), f"expected a loss and a gradient, got {kind_of(got)}"
    assert len(got) == 2, f"expected two things, loss and gradient, got {len(got)}"
    return got


@check(
    "covariance-loss",
    hints=(
        "A covariance is the Gram matrix of what is left when each channel's mean is taken away.",
        "X = F - F.mean(axis=1, keepdims=True), then Σ = X Xᵀ / P.",
        "loss = 0.5 * np.sum((X @ X.T / P - wanted) ** 2)",
    ),
)
def test_the_loss(student):
    "the loss"
    maps, wanted = covariance_example(5)
    F = maps.reshape(3, -1)
    right = covariance_by_the_engine(maps, wanted)[0]
    mistakes = {
        "the means were not taken away": 0.5 * np.sum((F @ F.T / 20 - wanted) ** 2),
        "the factor ½ is missing": 2 * right,
        "the covariance divides by the number of places": 0.5
        * np.sum((np.cov(F) * 19 - wanted) ** 2),
        "the covariance divides by P, not by P − 1": 0.5 * np.sum((np.cov(F) - wanted) ** 2),
    }
    got = pair_of(student.covariance_loss(maps, wanted))[0]
    assert_close(got, right, mistakes=mistakes, what="the loss")


@check(
    "covariance-loss",
    points=3,
    after="test_the_loss",
    hints=(
        "The gradient for Σ is Σ − wanted; each product in Σ holds two values of X.",
        "dX = 2 (Σ − wanted) X / P. Its rows sum to 0, so taking the means away changes nothing.",
        "gradient = (2 / P * (S - wanted) @ X).reshape(maps.shape)",
    ),
)
def test_the_gradient_for_the_maps(student):
    "the gradient for the maps"
    maps, wanted = covariance_example(6)
    expected = covariance_by_the_engine(maps, wanted)[1]
    F = maps.reshape(3, -1)
    S = np.cov(F, bias=True)
    mistakes = {
        "each product holds two values: a factor 2 is missing": expected / 2,
        "the places are not divided by": expected * 20,
        "multiply by the centred maps, not by the maps": (2 / 20 * (S - wanted) @ F).reshape(
            maps.shape
        ),
        "the sign is turned round": -expected,
    }
    got = pair_of(student.covariance_loss(maps, wanted))[1]
    assert_close(got, expected, mistakes=mistakes, what="the gradient")
    maps, wanted = covariance_example(7, (2, 1, 3))
    got = pair_of(student.covariance_loss(maps, wanted))[1]
    assert_unchanged(student.covariance_loss)
    assert_close(got, covariance_by_the_engine(maps, wanted)[1], what="for other sizes it")
