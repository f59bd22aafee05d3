"""Inputs at which the tests check the gradient of each primitive: name → list of calls.

A call is ``(inputs, options)``. A primitive without an entry fails `test_primitives.py`.
"""

import numpy as np

from companion.cnn.geometry import geometry
from companion.rnn.words.huffman import huffman

_rng = np.random.default_rng(7)


def _normal(*shape):
    return _rng.normal(size=shape)


def _positive(*shape):
    return _rng.uniform(0.5, 2.0, size=shape)


def _apart(*shape):
    """Values at least 0.1 from each other and from 0: no kinks, no ties within a step."""
    count = int(np.prod(shape))
    values = (np.arange(count) + 1) * 0.1 * np.where(np.arange(count) % 2, 1, -1)
    return _rng.permutation(values).reshape(shape)


_broadcast = [
    ((_normal(3, 4), _positive(3, 4)), {}),
    ((_normal(3, 4), _positive(4)), {}),
    ((_normal(2, 1, 4), _positive(3, 1)), {}),
    ((_normal(3, 4), _positive()), {}),
]
_axes = [{}, {"axis": 0}, {"axis": (0, 2), "keepdims": True}, {"axis": -1}]
_apart3 = [((_apart(2, 3, 4),), options) for options in _axes]
_slid = {"stride": (2, 1), "padding": ((1, 0), (0, 2)), "dilation": (1, 2)}
_window = geometry((5,), (3,), (2,), ((0, 0),), (1,))
_windows = geometry((5, 6), (3, 2), (2, 2), ((1, 1), (0, 0)), (1, 1))
_low, _high = np.array([0, 0, 2, 3, 3]), np.array([1, 1, 3, 3, 3])
_tree = huffman([6, 3, 2, 1, 1])
_share = np.array([0.25, 0.75, 0.5, 0.0, 0.5])
_owners, _spans = np.array([1, 0, 1]), np.array([[0, 0, 5, 4], [1, 1, 4, 2], [2, 0, 5, 3]])
_classes = np.array([0, 3, 1, 1, 2])

_tokens = np.array([[2, 0, 2], [4, 1, 2]])

SAMPLES = {
    "rnn_scan": [
        ((_normal(4, 2, 3), _normal(2, 3), _normal(3, 3)), {}),
        ((_apart(3, 1, 2), _normal(1, 2), 0.1 * _normal(2, 2)), {"nonlinearity": "relu"}),
    ],
    "gru_scan": [((_normal(4, 2, 9), _normal(2, 3), _normal(9, 3), _normal(9)), {})],
    "lstm_scan": [((_normal(4, 2, 12), _normal(2, 3), _normal(2, 3), _normal(12, 3)), {})],
    "ctc_losses": [
        (
            (_normal(6, 3, 4),),
            {
                "targets": np.array([[1, 1, 3], [2, 0, 0], [0, 0, 0]]),
                "input_lengths": np.array([6, 4, 5]),
                "target_lengths": np.array([3, 1, 0]),
                "blank": 0,
                "zero_infinity": False,
            },
        )
    ],
    "turned_around": [((_normal(4, 3, 2),), {"lengths": np.array([2, 4, 1])})],
    "embedding_rows": [((_normal(5, 3),), {"index": _tokens})],
    "convolve": [
        ((_normal(2, 4, 5, 6), _normal(6, 2, 3, 2), _normal(6)), {**_slid, "groups": 2}),
        ((_normal(2, 3, 5, 6), _normal(4, 3, 3, 2)), _slid),
    ],
    "max_pool": [((_apart(2, 5, 3),), {"axis": 1, "window": _window})],
    "sum_pool": [((_normal(2, 5, 3),), {"axis": 1, "window": _window})],
    "convolve_transposed": [
        (
            (_normal(2, 4, 3, 2), _normal(4, 3, 3, 2), _normal(6)),
            {**_slid, "size": (6, 4), "groups": 2},
        ),
        ((_normal(2, 3, 3, 2), _normal(3, 2, 3, 2)), {**_slid, "size": (7, 4)}),
    ],
    "align_regions": [((_normal(2, 3, 4, 5),), {"owners": _owners, "rows": _normal(3, 2, 4),
                                                "columns": _normal(3, 2, 5)})],
    "pool_regions": [((_apart(2, 2, 4, 5),), {"owners": _owners, "spans": _spans, "size": 2})],
    "unfolded": [((_normal(2, 2, 5, 6),), {"how": _windows})],
    "folded": [((_normal(2, 12, 9),), {"how": _windows})],
    "resample": [
        ((_normal(2, 3, 4),), {"axis": -1, "low": _low, "high": _high, "share": _share}),
        ((_normal(2, 4, 3),), {"axis": 1, "low": _low, "high": None, "share": None}),
    ],
    "add": _broadcast,
    "sub": _broadcast,
    "mul": _broadcast,
    "div": _broadcast,
    "pow": [((_positive(3, 4), _normal(4)), {}), ((_positive(3), _positive()), {})],
    "neg": [((_normal(3, 4),), {})],
    "matmul": [
        ((_normal(3, 4), _normal(4, 5)), {}),
        ((_normal(4), _normal(4, 5)), {}),
        ((_normal(3, 4), _normal(4)), {}),
        ((_normal(4), _normal(4)), {}),
        ((_normal(2, 3, 4), _normal(4, 5)), {}),
        ((_normal(2, 3, 4), _normal(2, 4, 5)), {}),
        ((_normal(2, 3, 4), _normal(4)), {}),
    ],
    "linear": [
        ((_normal(5, 3), _normal(4, 3), _normal(4)), {}),
        ((_normal(2, 5, 3), _normal(4, 3), _normal(4)), {}),
        ((_normal(3), _normal(4, 3), _normal(4)), {}),
    ],
    "exp": [((_normal(3, 4),), {})],
    "log": [((_positive(3, 4),), {})],
    "sqrt": [((_positive(3, 4),), {})],
    "sin": [((_normal(3, 4),), {})],
    "cos": [((_normal(3, 4),), {})],
    "abs": [((_apart(3, 4),), {})],
    "arctan": [((_normal(3, 4),), {})],
    "maximum": [((_apart(3, 4), _normal(4) * 10), {})],
    "minimum": [((_apart(3, 4), _normal(4) * 10), {})],
    "clip": [((_apart(3, 4),), {"min": -0.55, "max": 0.35}), ((_apart(5),), {"max": 0.15})],
    "where": [((np.array([1.0, 0.0, 1.0]), _normal(2, 3), _normal(3)), {})],
    "sum": _apart3,
    "mean": _apart3,
    "max": _apart3,
    "min": _apart3,
    "logsumexp": _apart3,
    "reshape": [((_normal(2, 6),), {"shape": (3, -1)})],
    "permute": [((_normal(2, 3, 4),), {"dims": (2, 0, 1)})],
    "expand": [((_normal(3, 1),), {"shape": (2, 3, 4)})],
    "getitem": [
        ((_normal(4, 5),), {"index": (slice(1, 3), 2)}),
        ((_normal(4, 5),), {"index": np.array([0, 2, 2])}),
        ((_normal(4, 5),), {"index": (np.array([0, 0, 1]), np.array([1, 1, 3]))}),
    ],
    "cat": [((_normal(2, 3), _normal(1, 3)), {}), ((_normal(2, 3), _normal(2, 1)), {"dim": -1})],
    "gather": [
        ((_normal(3, 4),), {"dim": 0, "index": np.array([[0, 2, 2, 1], [0, 0, 2, 1]])}),
        ((_normal(3, 4),), {"dim": -1, "index": np.array([[3], [3], [0]])}),
    ],
    "flip": [((_normal(2, 3, 4),), {"dims": (0, 2)}), ((_normal(3),), {"dims": 0})],
    "pad": [
        ((_normal(2, 3, 4),), {"pad": (1, 2, 0, 3)}),
        ((_normal(2, 3),), {"pad": (1, 0), "value": 2.5}),
        ((_normal(2, 3, 4),), {"pad": (3, 2, 2, 1), "mode": "reflect"}),
        ((_normal(2, 3),), {"pad": (4, 1), "mode": "replicate"}),
        ((_normal(2, 3),), {"pad": (3, 1, 2, 0), "mode": "circular"}),
    ],
    "var": [*_apart3, ((_normal(5, 3),), {"axis": 0, "correction": 0})],
    "norm": _apart3,
    "cumsum": [((_normal(2, 3, 4),), {"dim": 1}), ((_normal(5),), {"dim": -1})],
    "contract": [
        ((_normal(3, 4), _normal(4, 5)), {"letters": ("ij", "jk"), "result": "ik"}),
        ((_normal(2, 3, 4), _normal(2, 3, 4)), {"letters": ("bij", "bij"), "result": "b"}),
        ((_normal(3, 4),), {"letters": ("ij",), "result": "j"}),
        ((_normal(3), _normal(4), _normal(3, 5)), {"letters": ("i", "j", "ik"), "result": "kj"}),
    ],
    "stack": [((_normal(2, 3), _normal(2, 3)), {"dim": 1})],
    "sigmoid": [((_normal(3, 4),), {})],
    "tanh": [((_normal(3, 4),), {})],
    "relu": [((_apart(3, 4),), {})],
    "leaky_relu": [((_apart(3, 4),), {}), ((_apart(3, 4),), {"negative_slope": 1.7})],
    "prelu": [
        ((_apart(3, 4), _normal(1)), {}),
        ((_apart(3, 4), _normal(4)), {}),
        ((_apart(2, 3, 2, 2), _normal(3)), {}),
        ((_apart(5), _normal()), {}),
    ],
    "elu": [((_apart(3, 4),), {}), ((_apart(3, 4),), {"alpha": 0.3})],
    "selu": [((_apart(3, 4),), {})],
    "gelu": [((_normal(3, 4),), {}), ((_normal(3, 4),), {"approximate": "tanh"})],
    "silu": [((_normal(3, 4),), {})],
    "softplus": [((_normal(3, 4),), {}), ((_apart(3, 4),), {"beta": 3.0, "threshold": 2.05})],
    "maxout": [((_apart(3, 6),), {"pieces": 3}), ((_apart(2, 3, 4),), {"pieces": 2})],
    "softmax": [((_normal(3, 4),), {"dim": -1}), ((_normal(2, 3, 4),), {"dim": 1})],
    "squared_error": [((_normal(5, 2), _normal(5, 2)), {})],
    "absolute_error": [((_apart(5, 2), np.zeros((5, 2))), {})],
    "huber": [
        ((_apart(5, 2) * 3.3, np.zeros((5, 2))), {}),
        ((_normal(5, 2), _normal(5, 2)), {"delta": 0.3}),
    ],
    "log_cosh": [((_normal(5, 2) * 3, _normal(5, 2)), {})],
    "absolute_percentage_error": [((_apart(5, 2),), {"target": np.full((5, 2), 0.05)})],
    "squared_log_error": [((_positive(5, 2),), {"target": _positive(5, 2)})],
    "poisson_nll": [
        ((_normal(5, 2),), {"target": _rng.poisson(2, (5, 2))}),
        ((_positive(5, 2),), {"target": _rng.poisson(2, (5, 2)), "log_input": False}),
        ((_normal(5, 2),), {"target": _rng.poisson(2, (5, 2)), "full": True}),
    ],
    "hinge": [((_apart(5, 2) * 1.7,), {"target": _rng.choice([-1, 1], (5, 2))})],
    "categorical_hinge": [((_apart(5, 4) * 1.7,), {"target": _classes})],
    "cosine_similarity": [
        ((_normal(5, 4), _normal(5, 4)), {}),
        ((_normal(5, 4), _normal(1, 4)), {"dim": -1}),
        ((_normal(2, 5, 4), _normal(2, 5, 4)), {"dim": 0, "eps": 1.0}),
    ],
    "smooth_cosine": [((_normal(5, 4), _normal(5, 4)), {}), ((_normal(4), _normal(4)), {})],
    "soft_cross_entropy": [((_normal(5, 4),), {"target": _rng.dirichlet(np.ones(4), 5)})],
    "kl_divergence": [
        ((_normal(5, 4),), {"target": _rng.dirichlet(np.ones(4), 5)}),
        ((_normal(5, 4),), {"target": _normal(5, 4), "log_target": True}),
    ],
    "log_softmax": [((_normal(3, 4),), {"dim": -1}), ((_normal(2, 3, 4),), {"dim": 1})],
    "softmax_cross_entropy": [((_normal(5, 4),), {"target": _classes})],
    "negative_log_likelihood": [((_normal(5, 4),), {"target": _classes})],
    "logistic_cross_entropy": [
        ((_normal(5, 2),), {"target": _rng.random((5, 2))}),
        ((_normal(5, 2),), {"target": _rng.random((5, 2)), "pos_weight": np.array([3.0, 0.5])}),
    ],
    "normalize": [
        (
            (_normal(6, 4) * 3 + 1, _normal(4), _normal(4)),
            {"statistics": (6, 4, 1), "affine": (6, 4, 1)},
        ),
        (
            (_normal(3, 2, 5), _normal(2), _normal(2)),
            {"statistics": (3, 2, 5), "affine": (3, 2, 5), "eps": 0.3},
        ),
        (
            (_normal(3, 2, 5), _normal(2, 5), _normal(2, 5)),
            {"statistics": (1, 3, 10), "affine": (3, 10, 1)},
        ),
        (
            (_normal(3, 4, 5), _normal(4), _normal(4)),
            {"statistics": (1, 6, 10), "affine": (3, 4, 5)},
        ),
        (
            (_normal(4, 3), _normal(), _normal()),
            {"statistics": (4, 3, 1), "affine": (4, 3, 1)},
        ),
    ],
    "binary_cross_entropy": [
        ((_rng.uniform(0.1, 0.9, (5, 2)),), {"target": _rng.random((5, 2))}),
    ],
    "log_probabilities_of_sum": [
        ((_normal(4, 3), _normal(4, 5)), {}),
        ((_normal(2, 1), _normal(2, 4)), {}),
        ((3 * _normal(2, 6), _normal(2, 2)), {}),
    ],
    "distillation_loss": [((_normal(5, 4),), {"teacher": _normal(5, 4), "temperature": 3.0})],
    "focal_cross_entropy": [
        ((_normal(5, 2),), {"target": _rng.integers(2, size=(5, 2)), "gamma": 1.5}),
        ((_normal(5, 2),), {"target": _rng.integers(2, size=(5, 2)), "alpha": 0.25}),
    ],
    "negative_sampling": [((_normal(4, 3), _normal(4, 3), _normal(4, 2, 3)), {})],
    "shared_negative_sampling": [
        ((_normal(4, 3), _normal(4, 3), _normal(6, 3)), {"negatives": 5}),
    ],
    "hierarchical_softmax": [
        ((_normal(4, 3), _normal(4, 3)), {"word": np.array([0, 4, 2, 4]), "paths": _tree}),
    ],
    "glove_loss": [
        (
            (_normal(4, 3), _normal(4, 3), _normal(4), _normal(4)),
            {"log_counts": _normal(4), "weights": _positive(4)},
        ),
    ],
}
