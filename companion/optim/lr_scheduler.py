"""Learning-rate schedules under PyTorch's names: ``from companion.optim import lr_scheduler``.

Every name listed here is compared with torch's own by the parity test, step by step.
"""

from companion.optimization.schedules.cosine import CosineAnnealingLR, CosineAnnealingWarmRestarts
from companion.optimization.schedules.exponential import ExponentialLR
from companion.optimization.schedules.functions import LambdaLR, MultiplicativeLR
from companion.optimization.schedules.one_cycle import OneCycleLR
from companion.optimization.schedules.plateau import ReduceLROnPlateau
from companion.optimization.schedules.ramps import LinearLR, PolynomialLR
from companion.optimization.schedules.scheduler import LRScheduler
from companion.optimization.schedules.sequence import SequentialLR
from companion.optimization.schedules.staircases import ConstantLR, MultiStepLR, StepLR

__all__ = [
    "ConstantLR",
    "CosineAnnealingLR",
    "CosineAnnealingWarmRestarts",
    "ExponentialLR",
    "LRScheduler",
    "LambdaLR",
    "LinearLR",
    "MultiStepLR",
    "MultiplicativeLR",
    "OneCycleLR",
    "PolynomialLR",
    "ReduceLROnPlateau",
    "SequentialLR",
    "StepLR",
]
