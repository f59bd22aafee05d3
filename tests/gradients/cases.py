"""What the parity test builds and feeds: name in `nn` or `optim` → how to try it.

A name that `companion.nn` or `companion.optim` lists without an entry here fails the test.
"""

import numpy as np

_rng = np.random.default_rng(3)
_x = _rng.normal(size=(6, 5))
_image = _rng.normal(size=(3, 2, 4, 4))
_classes = np.array([0, 4, 2, 2, 1, 3])
_extreme = np.array([[1e4, -1e4, 0, 1, -1], [-1e4, 1e4, 1e4, 0, 0]])
_kinks = np.array([[0.0, -0.0, 1.0, -1.0, 20.0], [20.5, -20.5, 0.0, 1e4, -1e4]])
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
    "ReLU": [((), {}, np.append(_x, 0.0)), ((), {}, _kinks)],
    "Sigmoid": [((), {}, _x), ((), {}, _extreme)],
    "Tanh": [((), {}, _x), ((), {}, _extreme)],
    "LeakyReLU": [((), {}, _x), ((0.3,), {}, _kinks), ((), {"negative_slope": 0.0}, _kinks)],
    "PReLU": [
        ((), {}, _x),
        ((), {}, _kinks),
        ((5, -0.1), {}, _kinks),
        ((2,), {"init": 1.5}, _image),
        ((1,), {"init": 0.0}, _x[0]),
    ],
    "ELU": [((), {}, _x), ((), {}, _kinks), ((0.4,), {}, _kinks), ((), {"alpha": 2.0}, _x)],
    "SELU": [((), {}, _x), ((), {}, _kinks)],
    "GELU": [((), {}, _x), ((), {}, _kinks), (("tanh",), {}, _x), (("tanh",), {}, _kinks)],
    "SiLU": [((), {}, _x), ((), {}, _kinks)],
    "Softplus": [((), {}, _x), ((), {}, _kinks), ((2.5, 3.0), {}, _x), ((0.5,), {}, _kinks)],
    "Softmax": [((1,), {}, _x), ((), {"dim": 0}, _image), ((-1,), {}, _extreme)],
    "LogSoftmax": [((1,), {}, _x), ((), {"dim": 0}, _image), ((-1,), {}, _extreme)],
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
    "relu": [((np.append(_x, 0.0),), {}), ((_kinks,), {})],
    "sigmoid": [((_x,), {}), ((_extreme,), {})],
    "tanh": [((_x,), {}), ((_extreme,), {})],
    "leaky_relu": [((_x,), {}), ((_kinks,), {"negative_slope": 0.2})],
    "prelu": [
        ((_x, np.array([0.3])), {}),
        ((_kinks, _x[0]), {}),
        ((_image, _x[0, :2]), {}),
        ((_x[0], np.array([2.0])), {}),
    ],
    "elu": [((_x,), {}), ((_kinks,), {"alpha": 0.3})],
    "selu": [((_x,), {}), ((_kinks,), {})],
    "gelu": [((_x,), {}), ((_kinks,), {}), ((_x,), {"approximate": "tanh"})],
    "silu": [((_x,), {}), ((_kinks,), {})],
    "softplus": [((_x,), {}), ((_kinks,), {}), ((_x,), {"beta": 2.0, "threshold": 1.0})],
    "log_softmax": [((_x,), {"dim": 1}), ((_image,), {"dim": 0}), ((_extreme,), {"dim": -1})],
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

INITIALIZERS = set()
"""Names in `nn.init`; `test_initialization.py` compares what they draw."""

UTILITIES = set()
"""Names in `nn.utils`; `test_clipping.py` compares what they do."""

_maxout = "tests/gradients/test_activations.py::test_maxout"
OTHERS = {
    "nn": {"Maxout": f"{_maxout}_layer_equals_torch_s_reshape_and_amax"},
    "nn.functional": {"maxout": f"{_maxout}_equals_torch_s_reshape_and_amax"},
}
"""Names torch does not have → the test that compares them with another reference."""

BASES = {"Module", "Parameter"}
"""Names without numbers of their own; `test_modules.py` compares how they behave."""

OPTIMIZERS = {"SGD": [{"lr": 0.1}, {"lr": 1.5}, {}]}
"""Name → options."""
