"""One training loop for both engines, the companion's and torch's.

``fit`` trains and returns a ``History``; callbacks watch, stop or steer it; ``evaluate`` measures;
``record`` looks inside; ``device`` and ``manual_seed`` choose where and with which numbers.
"""

from companion.training.callbacks import Callback, Schedule
from companion.training.early_stopping import EarlyStopping
from companion.training.engines import device, manual_seed
from companion.training.fit import NonFiniteLoss, accuracy, evaluate, fit, predict
from companion.training.history import History
from companion.training.recording import record

__all__ = [
    "Callback",
    "EarlyStopping",
    "History",
    "NonFiniteLoss",
    "Schedule",
    "accuracy",
    "device",
    "evaluate",
    "fit",
    "manual_seed",
    "predict",
    "record",
]
