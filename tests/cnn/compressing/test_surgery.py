"""Layers taken apart: what is refused."""

import pytest
import torch

from companion import nn
from companion.cnn.compressing.surgery import plain, steps


@pytest.mark.parametrize("engine", [nn, torch.nn])
@pytest.mark.parametrize("option", [{"groups": 2}, {"dilation": 2}, {"padding_mode": "reflect"}])
def test_only_plain_convolutions_can_be_taken_apart(engine, option):
    with pytest.raises(ValueError, match="this: a convolution with groups"):
        plain("this", engine.Conv2d(4, 4, 3, padding=1, **option))


@pytest.mark.parametrize("engine", [nn, torch.nn])
def test_only_a_sequential_has_steps(engine):
    with pytest.raises(TypeError, match="this: a Linear; expected a Sequential"):
        steps("this", engine.Linear(2, 2))
