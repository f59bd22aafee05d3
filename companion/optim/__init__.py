"""Optimizers under PyTorch's names: ``from companion import optim`` reads like torch's.

Every name listed here is compared with torch's own by the parity test, update by update.
"""

from companion.optim import lr_scheduler  # noqa: F401 - as optim.lr_scheduler
from companion.optimization.adadelta import Adadelta
from companion.optimization.adagrad import Adagrad
from companion.optimization.adam import Adam, AdamW
from companion.optimization.nadam import NAdam
from companion.optimization.optimizer import Optimizer
from companion.optimization.rmsprop import RMSprop
from companion.optimization.sgd import SGD

__all__ = [
    "SGD",
    "Adadelta",
    "Adagrad",
    "Adam",
    "AdamW",
    "NAdam",
    "Optimizer",
    "RMSprop",
]
