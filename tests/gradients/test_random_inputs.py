"""Activations and losses at places nobody chose: value and gradient against torch, to 1e-10."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.nn import functional as ours
from tests.parity.agreement import agree
from tests.parity.nn_cases import FUNCTIONS, OTHERS

theirs = torch.nn.functional
# Options that differ from the defaults where a function has any.
OPTIONS = {
    "elu": {"alpha": 0.6},
    "leaky_relu": {"negative_slope": 0.2},
    "log_softmax": {"dim": 1},
    "softmax": {"dim": 1},
    "softplus": {"beta": 1.7},
}
# Tried on random shapes elsewhere: below, or in tests/optimization/test_normalization.py.
NOT_ELEMENTWISE = {"prelu", "cosine_similarity", "batch_norm", "layer_norm", "group_norm"}
# Drawn at random: compared on torch's own masks in tests/regularization/test_dropout.py.
NOT_ELEMENTWISE |= {"dropout", "dropout1d", "dropout2d", "alpha_dropout"}
# Need images: on random shapes in tests/cnn.
NOT_ELEMENTWISE |= {name for name in FUNCTIONS if name[-2:] in ("1d", "2d", "3d")}
NOT_ELEMENTWISE |= {"fold", "unfold", "interpolate", "local_response_norm"}
ELEMENTWISE = sorted(FUNCTIONS.keys() - NOT_ELEMENTWISE - OTHERS["nn.functional"].keys())


def number(rng, shape, scale):
    return scale * rng.normal(size=shape)


def share(rng, shape, scale):
    """Probabilities, some of them exactly 0 or 1."""
    return np.clip(rng.uniform(-0.2, 1.2, shape), 0, 1)


def rows(rng, shape, scale):
    """Rows of probabilities with sum 1."""
    return rng.dirichlet(np.ones(shape[1]), size=shape[0])


def classes(rng, shape, scale):
    return rng.integers(0, shape[1], shape[0])


def counts(rng, shape, scale):
    return rng.poisson(3.0, shape).astype(float)


def logarithms(rng, shape, scale):
    return np.log(rows(rng, shape, scale))


LOSSES = {
    "mse_loss": (number, number),
    "l1_loss": (number, number),
    "huber_loss": (number, number),
    "cross_entropy": (number, classes),
    "nll_loss": (logarithms, classes),
    "binary_cross_entropy_with_logits": (number, share),
    "binary_cross_entropy": (share, share),
    "kl_div": (logarithms, rows),
    "poisson_nll_loss": (lambda rng, shape, scale: rng.normal(size=shape), counts),
}

places = given(
    seed=st.integers(0, 2**32 - 1),
    shape=st.tuples(st.integers(1, 5), st.integers(2, 6)),
    scale=st.sampled_from([1e-6, 1e-2, 1.0, 30.0, 1e4]),
)
thorough = settings(deadline=None, max_examples=30)


def compare(mine, other, x):
    with np.errstate(all="raise", under="ignore"):
        agree(mine, other, x)


@pytest.mark.parametrize("name", ELEMENTWISE)
@thorough
@places
def test_activations(name, seed, shape, scale):
    options = OPTIONS.get(name, {})
    compare(
        lambda z: getattr(ours, name)(z, **options),
        lambda z: getattr(theirs, name)(z, **options),
        number(np.random.default_rng(seed), shape, scale),
    )


@pytest.mark.parametrize("reduction", ["none", "sum", "mean"])
@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.filterwarnings("ignore:reduction. 'mean' divides the total loss")
@thorough
@places
def test_losses(name, reduction, seed, shape, scale):
    rng = np.random.default_rng(seed)
    x, target = (draw(rng, shape, scale) for draw in LOSSES[name])
    compare(
        lambda z: getattr(ours, name)(z, target, reduction=reduction),
        lambda z: getattr(theirs, name)(z, torch.tensor(target), reduction=reduction),
        x,
    )
