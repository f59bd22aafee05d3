"""Squeeze-and-excitation against its formula, its published share, and across engines."""

import numpy as np
import pytest
from scipy.special import expit

from companion import nn
from companion.cnn.networks.squeeze_excitation import extra_weights, squeeze_excitation
from companion.gradients.tensor import Tensor

from .branch_twins import assert_twins


def test_it_is_the_formula():
    block = squeeze_excitation(nn, 6, 3).double()
    x = np.random.default_rng(0).normal(size=(4, 6, 5, 7))
    s = {k: v.reshape(v.shape[:2]) for k, v in block.state_dict().items() if "weight" in k}
    b = {k: v for k, v in block.state_dict().items() if "bias" in k}
    hidden = np.maximum(x.mean(axis=(2, 3)) @ s["1.weight"].T + b["1.bias"], 0)
    weights = expit(hidden @ s["3.weight"].T + b["3.bias"])
    np.testing.assert_allclose(block.weights(Tensor(x)).data[:, :, 0, 0], weights, rtol=1e-12)
    np.testing.assert_allclose(block(Tensor(x)).data, x * weights[:, :, None, None], rtol=1e-12)


def test_both_engines_agree():
    assert_twins(lambda nn: squeeze_excitation(nn, 8, 4), (2, 8, 3, 3))


def test_it_knows_where_nothing_is():
    """It sees means only: pixels in another order give the same weights."""
    block = squeeze_excitation(nn, 4, 2).double()
    x = np.random.default_rng(1).normal(size=(1, 4, 6, 6))
    turned = x[:, :, ::-1, ::-1]
    got = block.weights(Tensor(x)).data, block.weights(Tensor(turned)).data
    np.testing.assert_allclose(*got, rtol=1e-12)


def test_published_share():
    # Hu et al. (2018), section 4: SE-ResNet-50 has about 2.5 million more weights than ResNet-50.
    stages = [(3, 256), (4, 512), (6, 1024), (3, 2048)]
    assert extra_weights(stages) == 2_514_944
    block = squeeze_excitation(nn, 32, 8)
    weights = sum(v.size for k, v in block.state_dict().items() if "weight" in k)
    assert extra_weights([(1, 32)], 8) == weights


def test_what_cannot_be_is_named():
    for reduction in (0, 5):
        with pytest.raises(ValueError, match="does not divide 12"):
            squeeze_excitation(nn, 12, reduction)
