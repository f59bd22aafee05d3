"""What the parity test builds and feeds: name in `nn` or `optim` → how to try it.

A name that `companion.nn` or `companion.optim` lists without an entry here fails the test.
"""

import numpy as np

_rng = np.random.default_rng(3)
_x = _rng.normal(size=(6, 5))
_image = _rng.normal(size=(3, 2, 4, 4))
_classes = np.array([0, 4, 2, 2, 1, 3])
_extreme = np.array([[1e4, -1e4, 0, 1, -1], [-1e4, 1e4, 1e4, 0, 0]])
_log_p = np.log(_rng.dirichlet(np.ones(5), size=6))
_p = np.array([[0.0, 1.0, 0.5], [1.0, 0.0, 0.25]])
_half = np.array([[0.0, 1.0, 0.5], [0.0, 1.0, 1.0]])
_reductions = [{"reduction": r} for r in ("mean", "sum", "none")]

LAYERS = {
    "Linear": [
        ((5, 4), {}, _x),
        ((5, 4), {"bias": False}, _x),
        ((5, 4), {}, _rng.normal(size=(2, 3, 5))),
        ((5, 4), {}, _rng.normal(size=5)),
    ],
    "ReLU": [((), {}, np.append(_x, 0.0))],
    "Sigmoid": [((), {}, _extreme)],
    "Tanh": [((), {}, _extreme)],
    "Identity": [((), {}, _x)],
    "Flatten": [((), {}, _image)],
    "Sequential": [((), {}, _x)],
}
"""Name → (arguments, options, input); Sequential is filled with a small network by the test."""

LOSSES = {
    "CrossEntropyLoss": [(o, _x, _classes) for o in _reductions]
    + [({}, _extreme, np.array([1, 0]))],
    "NLLLoss": [(o, _log_p, _classes) for o in _reductions],
    "BCEWithLogitsLoss": [(o, _x, _rng.random((6, 5))) for o in _reductions]
    + [({}, _extreme, np.ones((2, 5)))],
    "BCELoss": [(o, _rng.uniform(0.05, 0.95, (6, 5)), _rng.random((6, 5))) for o in _reductions]
    + [({}, _p, _half)],
}
"""Name → (options, input, target)."""

FUNCTIONS = {
    "relu": [((np.append(_x, 0.0),), {})],
    "sigmoid": [((_extreme,), {})],
    "tanh": [((_extreme,), {})],
    "softmax": [((_x,), {"dim": 1}), ((_image,), {"dim": 0}), ((_extreme,), {"dim": -1})],
}
"""Name in `nn.functional` → (inputs, options); the gradient of every input is compared."""

LOSS_FUNCTIONS = {
    "binary_cross_entropy": "BCELoss",
    "binary_cross_entropy_with_logits": "BCEWithLogitsLoss",
    "cross_entropy": "CrossEntropyLoss",
    "nll_loss": "NLLLoss",
}
"""Name in `nn.functional` → the class of the same loss."""

INITIALIZERS = {
    "calculate_gain",
    "constant_",
    "kaiming_normal_",
    "kaiming_uniform_",
    "normal_",
    "ones_",
    "orthogonal_",
    "uniform_",
    "xavier_normal_",
    "xavier_uniform_",
    "zeros_",
}
"""Names in `nn.init`; `test_initialization.py` compares what they draw."""

UTILITIES = {"clip_grad_norm_", "clip_grad_value_"}
"""Names in `nn.utils`; `test_clipping.py` compares what they do."""

OTHERS = {"nn": {}, "nn.functional": {}}
"""Names torch does not have → the test that compares them with another reference."""

BASES = {"Module", "Parameter"}
"""Names without numbers of their own; `test_modules.py` compares how they behave."""

OPTIMIZERS = {"SGD": [{"lr": 0.1}, {"lr": 1.5}, {}]}
"""Name → options."""
