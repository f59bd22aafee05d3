"""What the parity test builds and feeds: name in `nn` → how to try it.

A name that `companion.nn` lists without an entry here fails the test.
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

_sequence = _rng.normal(3.0, 2.0, size=(4, 5, 7))
_constant = np.where(np.arange(5) == 2, 0.1, _rng.normal(size=(6, 5)))
_shifted = 1e4 + _rng.normal(size=(8, 5))
_offset_image = -1e4 + _rng.normal(size=(3, 2, 4, 4))
_signal = _rng.normal(size=(2, 4, 9))
_picture = _rng.normal(size=(2, 4, 7, 6))
_volume = _rng.normal(size=(2, 4, 4, 5, 3))
_ties = np.maximum(_rng.integers(-2, 3, size=(2, 3, 8, 8)), 0.0)
_one_pixel = _rng.normal(size=(3, 2, 1, 1))

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
    "Conv1d": [
        ((4, 6, 3), {}, _signal),
        ((4, 6, 3, 2, 1, 2, 2), {}, _signal),
        ((4, 6, 5), {"padding": "same", "padding_mode": "circular", "bias": False}, _signal[0]),
    ],
    "Conv2d": [
        ((4, 6, 3), {}, _picture),
        ((4, 6, (3, 2), (2, 1), (1, 0), 2, 2), {}, _picture),
        ((4, 8, 3), {"groups": 4, "padding": "same", "dilation": 2, "bias": False}, _picture),
        ((4, 5, 1), {}, _picture),
        ((4, 5, 1, 2), {}, _picture[0]),
        ((4, 3, 5), {"padding": 2, "padding_mode": "reflect"}, _picture),
        ((4, 3, 3), {"padding": "same", "padding_mode": "replicate"}, _picture),
        ((4, 3, 3), {"padding": "valid"}, _picture.transpose(0, 1, 3, 2)),
    ],
    "Conv3d": [
        ((4, 6, 3), {"padding": 1}, _volume),
        ((4, 6, (2, 3, 1), (1, 2, 1), 1), {"groups": 2}, _volume),
    ],
    "ConvTranspose1d": [
        ((4, 6, 3), {}, _signal),
        ((4, 6, 3, 2, 1, 1, 2), {"bias": False}, _signal[0]),
    ],
    "ConvTranspose2d": [
        ((4, 6, 3), {}, _picture),
        ((4, 6, (3, 2), (2, 3), (1, 0), (1, 2), 2), {}, _picture),
        ((4, 4, 2, 1, 0, 1, 4), {"dilation": (3, 2)}, _picture),
        ((4, 5, 1, 2), {"output_padding": 1}, _picture[0]),
    ],
    "Unfold": [((3,), {}, _picture), (((3, 2), 2, (1, 0), (1, 2)), {}, _picture[0])],
    "Fold": [
        (((5, 4), 2), {}, _rng.normal(size=(2, 12, 12))),
        ((5, (3, 2), 1, 1, 2), {}, _rng.normal(size=(12, 9))),
    ],
    "Upsample": [
        ((), {"scale_factor": 2}, _picture),
        ((), {"size": (5, 9)}, _picture),
        ((), {"scale_factor": (1.5, 0.7), "mode": "bilinear"}, _picture),
        ((), {"size": (13, 4), "mode": "bilinear", "align_corners": True}, _picture),
        ((), {"size": 20, "mode": "linear"}, _signal),
        ((), {"scale_factor": 2.0, "mode": "trilinear", "align_corners": False}, _volume),
    ],
    "MaxPool1d": [((3,), {}, _signal), ((3, 2, 1), {"ceil_mode": True}, _signal)],
    "MaxPool2d": [
        ((2,), {}, _picture),
        ((3, 2, 1), {}, _ties),
        ((3, 1, 1, 2), {}, _ties),
        (((3, 2), (2, 1)), {"ceil_mode": True}, _picture[0]),
        ((2,), {"ceil_mode": True, "padding": 1}, _ties[:, :, :7, :7]),
    ],
    "AvgPool1d": [((3,), {}, _signal), ((3, 2, 1), {"count_include_pad": False}, _signal)],
    "AvgPool2d": [
        ((2,), {}, _picture),
        ((3, 2, 1), {}, _picture),
        ((3, 2, 1), {"count_include_pad": False, "ceil_mode": True}, _picture),
        ((3, 2, 1), {"ceil_mode": True}, _picture),
        (((3, 2), (2, 1)), {"ceil_mode": True}, _picture[0]),
    ],
    "AdaptiveAvgPool1d": [((4,), {}, _signal), ((12,), {}, _signal[0])],
    "AdaptiveAvgPool2d": [((1,), {}, _picture), (((3, 4),), {}, _picture), ((9,), {}, _picture[0])],
    "Identity": [((), {}, _x)],
    "Flatten": [((), {}, _image)],
    "BatchNorm1d": [
        ((5,), {}, _x),
        ((5, 0.3, 0.5), {}, _sequence),
        ((5,), {"affine": False}, _x),
        ((5,), {"bias": False}, _sequence),
        ((5,), {"momentum": None}, _x),
        ((5,), {"track_running_stats": False}, _x),
        ((5,), {}, _constant),
        ((5,), {}, _shifted),
        ((5,), {}, _x[:2] * 1e-4),
    ],
    "BatchNorm2d": [
        ((2,), {}, _image),
        ((2,), {}, _image[:1]),
        ((2,), {"eps": 0.1, "momentum": 1.0}, _image),
        ((2,), {"affine": False, "momentum": None}, _image),
        ((2,), {}, _one_pixel),
        ((2,), {}, _offset_image),
    ],
    "BatchNorm3d": [((4,), {}, _volume), ((4, 0.1), {"affine": False}, _volume[:1])],
    "LayerNorm": [
        ((5,), {}, _x),
        ((5,), {}, _x[0]),
        (((4, 4),), {}, _image),
        (([2, 4, 4],), {"eps": 0.2}, _image),
        ((5,), {"elementwise_affine": False}, _x),
        ((5,), {"bias": False}, _shifted),
        ((5,), {}, _constant.T[[2, 2]][:, :5]),
        ((1,), {}, _x[:, :1]),
    ],
    "LocalResponseNorm": [
        ((5,), {}, _picture),
        ((3,), {"alpha": 0.7, "beta": 0.75, "k": 2.0}, _picture),
        ((4, 0.5), {}, _sequence),
        ((1, 2.0, 0.5), {}, _volume),
    ],
    "GroupNorm": [
        ((1, 5), {}, _x),
        ((5, 5), {}, _sequence),
        ((2, 4), {"eps": 0.2}, _rng.normal(size=(3, 4, 2, 5))),
        ((2, 4), {"affine": False}, _rng.normal(size=(3, 4))),
        ((2, 4), {"bias": False}, 1e2 + _rng.normal(size=(3, 4, 6))),
        ((2, 2), {}, _one_pixel),
        ((1, 2), {}, _one_pixel[:1]),
    ],
    "Dropout": [((0.3,), {}, _x), ((), {}, _image), ((0.0,), {}, _x), ((1.0,), {}, _x)],
    "Dropout1d": [((), {}, _sequence), ((0.2,), {}, _sequence[0]), ((1.0,), {}, _sequence)],
    "Dropout2d": [((), {}, _image), ((0.8,), {}, _image), ((0.0,), {}, _image)],
    "AlphaDropout": [((0.3,), {}, _x), ((), {}, _image), ((0.0,), {}, _x), ((1.0,), {}, _x)],
    "Sequential": [((), {}, _x)],
}
"""Name → (arguments, options, input); Sequential is filled with a small network by the test."""

_y, _z = _rng.normal(size=(2, 6, 5)) * 3
_far = np.array([[1e4, -1e4, 0.0, 1.0, -1.0], [1e200, -1e200, 1e-9, 0.5, -0.5]])
_counts = _rng.poisson(2.0, size=(6, 5)).astype(float)
_shares = _rng.dirichlet(np.ones(5), size=6)
_log_shares = np.log(_shares)
_onehot = np.eye(5)[_classes]
_unsure = np.array([[0.5, 0.5, 0.0, 0.0, 0.0], [0.0, 0.0, 0.25, 0.0, 0.75]])
_weight = _rng.uniform(0.2, 3.0, size=5)
_some_zero = np.array([0.0, 1.0, 2.0, 0.5, 3.0])
_yes_no = _rng.integers(0, 2, (6, 5)).astype(float)
_signs = np.array([1.0, -1.0, 1.0, -1.0, -1.0, 1.0])


def _reduced(*inputs, **options):
    return [(options | o, *inputs) for o in _reductions]


LOSSES = {
    "MSELoss": [*_reduced(_x, _y), ({}, _far[:1], 0 * _far[:1])],
    "L1Loss": [*_reduced(_x, _y), ({}, _far, 0 * _far), ({}, _x, _x)],
    "HuberLoss": [
        *_reduced(_x, _y),
        *_reduced(_x, _y, delta=2.5),
        ({}, _far, 0 * _far),
        ({"delta": 0.5}, _far[1], 0 * _far[1]),
    ],
    "PoissonNLLLoss": [
        *_reduced(_x, _counts),
        *_reduced(_x, _counts, full=True),
        *_reduced(np.exp(_x), _counts, log_input=False),
        ({"log_input": False, "eps": 1e-3}, 0 * _x, _counts),
        ({}, np.array([-1e4, 700.0]), np.array([3.0, 1e4])),
    ],
    "CosineSimilarity": [
        ({}, _x, _y),
        ({"dim": -2}, _image, _image[:, ::-1] + 1.0),
        ({"eps": 0.5}, _x, _y),
        ({}, np.array([[1e5, 1e-5], [3e-7, -4e-7]]), np.array([[-1e9, 3.0], [1.0, 2.0]])),
        ({"dim": 1}, _x, _y[:1]),
    ],
    "CosineEmbeddingLoss": [
        *_reduced(_x, (_y, _signs)),
        *_reduced(_x, (_y, _signs), margin=-0.2),
        ({}, _x[0], (_y[0], np.array(-1.0))),
        ({}, np.array([[1e5, 1e-5], [0.0, 0.0], [1e-6, 0.0]]), (_y[:3, :2], _signs[:3])),
    ],
    "CrossEntropyLoss": [
        *_reduced(_x, _classes),
        *_reduced(_x, _classes, weight=_weight),
        *_reduced(_x, _shares),
        *_reduced(_x, _shares, weight=_weight),
        *_reduced(_x, _classes, weight=_weight, label_smoothing=0.1),
        *_reduced(_x, _shares, label_smoothing=0.3),
        ({}, _x, _onehot),
        ({}, _extreme, np.array([1, 0])),
        ({}, _extreme, _unsure),
        ({"weight": _some_zero}, _extreme, np.array([1, 0])),
        ({"weight": _some_zero}, _extreme, _unsure),
    ],
    "NLLLoss": [*_reduced(_log_p, _classes), *_reduced(_log_p, _classes, weight=_some_zero)],
    "KLDivLoss": [
        case
        for reduction in ("mean", "batchmean", "sum", "none")
        for case in [
            ({"reduction": reduction}, _log_p, _shares),
            ({"reduction": reduction, "log_target": True}, _log_p, _log_shares),
            ({"reduction": reduction}, _log_p, _onehot),
        ]
    ]
    + [({}, np.array([[-1e4, -1e-9]]), np.array([[0.0, 1.0]]))],
    "BCEWithLogitsLoss": [
        *_reduced(_x, _rng.random((6, 5))),
        *_reduced(_x, _yes_no, weight=_weight, pos_weight=_some_zero),
        *_reduced(_x, _yes_no, weight=_weight[:, None][[0, 1, 2, 3, 4, 0]]),
        ({}, _extreme, np.ones((2, 5))),
        ({}, _extreme, np.zeros((2, 5))),
        ({"pos_weight": np.array(3.0)}, _extreme, np.full((2, 5), 0.25)),
    ],
    "BCELoss": [
        *_reduced(_rng.uniform(0.05, 0.95, (6, 5)), _rng.random((6, 5))),
        *_reduced(_rng.uniform(0.05, 0.95, (6, 5)), _yes_no, weight=_weight),
        ({}, _p, _half),
        ({}, np.array([0.0, 1.0, 1e-300]), np.array([1.0, 0.0, 1.0])),
    ],
}
"""Name → (options, input, target); a loss on pairs has (second input, target) for its target."""

FUNCTIONS = {
    "cosine_similarity": [
        ((_x, _y), {}),
        ((_x, _y), {"dim": 0, "eps": 0.1}),
        ((_image, _image[:1, ::-1] + 1.0), {"dim": -1}),
    ],
    "batch_norm": [
        ((_x, None, None, _x[0], _x[1]), {"training": True}),
        ((_image, None, None, _x[0, :2]), {"training": True, "eps": 0.2}),
        ((_sequence, None, None), {"training": True}),
        ((_constant, None, None, _x[0], _x[1]), {"training": True}),
        ((_x,), {"running_mean": _x[0], "running_var": _x[1] ** 2, "weight": _x[2]}),
        ((_image,), {"running_mean": _x[0, :2], "running_var": _x[1, :2] ** 2}),
    ],
    "layer_norm": [
        ((_x,), {"normalized_shape": (5,)}),
        ((_image,), {"normalized_shape": (4, 4), "weight": _image[0, 0], "bias": _image[0, 1]}),
        ((_image,), {"normalized_shape": (2, 4, 4), "eps": 1.0, "bias": _image[1]}),
    ],
    "group_norm": [
        ((_x,), {"num_groups": 1}),
        ((_image,), {"num_groups": 2, "weight": _x[0, :2], "bias": _x[1, :2]}),
        ((_image,), {"num_groups": 1, "weight": _x[0, :2], "eps": 0.3}),
    ],
    "conv1d": [
        ((_signal, _rng.normal(size=(5, 4, 3)), _x[0]), {}),
        ((_signal, _rng.normal(size=(6, 2, 3))), {"stride": 2, "padding": 1, "groups": 2}),
    ],
    "conv2d": [
        ((_picture, _rng.normal(size=(5, 4, 3, 2)), _x[0]), {"stride": (2, 1)}),
        ((_picture[0], _rng.normal(size=(4, 1, 3, 3))), {"padding": "same", "groups": 4}),
    ],
    "conv3d": [((_volume, _rng.normal(size=(5, 4, 2, 2, 2)), _x[0]), {"dilation": (2, 1, 1)})],
    "conv_transpose1d": [
        ((_signal, _rng.normal(size=(4, 3, 3)), _x[0, :3]), {"stride": 2, "output_padding": 1}),
        ((_signal, _rng.normal(size=(4, 3, 2))), {"groups": 2, "dilation": 3, "padding": 1}),
    ],
    "conv_transpose2d": [
        ((_picture, _rng.normal(size=(4, 5, 3, 2)), _x[0]), {"stride": (2, 1), "padding": 1}),
        ((_picture[0], _rng.normal(size=(4, 1, 3, 3))), {"groups": 4, "dilation": 2}),
    ],
    "unfold": [((_picture,), {"kernel_size": (2, 3), "stride": 2, "padding": (0, 1)})],
    "fold": [((_rng.normal(size=(2, 8, 12)),), {"output_size": (4, 5), "kernel_size": 2})],
    "interpolate": [
        ((_picture,), {"scale_factor": 3}),
        ((_picture,), {"size": 5, "mode": "bilinear", "align_corners": True}),
    ],
    "max_pool1d": [((_signal,), {"kernel_size": 2})],
    "max_pool2d": [((_ties,), {"kernel_size": 3, "stride": 2, "padding": 1})],
    "avg_pool1d": [((_signal,), {"kernel_size": 2, "padding": 1})],
    "avg_pool2d": [((_picture,), {"kernel_size": (2, 3), "stride": 1})],
    "adaptive_avg_pool1d": [((_signal,), {"output_size": 2})],
    "adaptive_avg_pool2d": [((_picture,), {"output_size": (2, 5)})],
    "dropout": [((_x,), {}), ((_x,), {"p": 0.2}), ((_x,), {"training": False})],
    "dropout1d": [((_sequence,), {}), ((_sequence[0],), {"p": 0.3})],
    "dropout2d": [((_image,), {}), ((_image,), {"p": 0.9})],
    "alpha_dropout": [((_x,), {}), ((_x,), {"training": True}), ((_x,), {"p": 0.2})],
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

RANDOM = {"Dropout", "Dropout1d", "Dropout2d", "AlphaDropout"}
RANDOM |= {"dropout", "dropout1d", "dropout2d", "alpha_dropout"}
"""Names that draw numbers when they train: the test lets both sides draw the same ones."""

LOSS_FUNCTIONS = {
    "binary_cross_entropy": "BCELoss",
    "binary_cross_entropy_with_logits": "BCEWithLogitsLoss",
    "cosine_embedding_loss": "CosineEmbeddingLoss",
    "cross_entropy": "CrossEntropyLoss",
    "huber_loss": "HuberLoss",
    "kl_div": "KLDivLoss",
    "l1_loss": "L1Loss",
    "mse_loss": "MSELoss",
    "nll_loss": "NLLLoss",
    "poisson_nll_loss": "PoissonNLLLoss",
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

_LACKING = "tests/gradients/test_losses.py::"
_MAXOUT = "tests/gradients/test_activations.py::test_maxout"
OTHERS = {
    "nn": {
        "CategoricalHingeLoss": _LACKING + "test_categorical_hinge",
        "HingeLoss": _LACKING + "test_hinge",
        "LogCoshLoss": _LACKING + "test_log_cosh",
        "Maxout": f"{_MAXOUT}_layer_equals_torch_s_reshape_and_amax",
        "MAPELoss": _LACKING + "test_percentage_error",
        "MSLELoss": _LACKING + "test_squared_log_error",
        "SquaredHingeLoss": _LACKING + "test_hinge",
    },
    "nn.functional": {
        "categorical_hinge_loss": _LACKING + "test_categorical_hinge",
        "hinge_loss": _LACKING + "test_hinge",
        "log_cosh_loss": _LACKING + "test_log_cosh",
        "maxout": f"{_MAXOUT}_equals_torch_s_reshape_and_amax",
        "mape_loss": _LACKING + "test_percentage_error",
        "msle_loss": _LACKING + "test_squared_log_error",
        "squared_hinge_loss": _LACKING + "test_hinge",
    },
}
"""Names torch does not have → the test that compares them with another reference."""

_LAYERS, _CELLS = (f"tests/rnn/test_{what}.py::test_" for what in ("layers", "cells"))
_TABLE = "tests/rnn/test_embedding.py::test_"
_CTC = "tests/rnn/test_ctc.py::test_values_and_gradients_of_torch"
_BLOCKS = "tests/rnn/test_blocks.py::test_a_block_that_"
_LOOK = "tests/rnn/test_scaled_dot_product.py::test_"
ELSEWHERE = {
    "nn": {
        "CTCLoss": _CTC,
        "Embedding": _TABLE + "layer",
        "GRU": _LAYERS + "every_option",
        "GRUCell": _CELLS + "one_step",
        "LSTM": _LAYERS + "every_option",
        "LSTMCell": _CELLS + "one_step",
        "MultiheadAttention": "tests/rnn/test_multi_head.py::test_every_option",
        "RNN": _LAYERS + "every_option",
        "RNNCell": _CELLS + "one_step",
        "TransformerDecoderLayer": _BLOCKS + "speaks_is_torchs",
        "TransformerEncoderLayer": _BLOCKS + "reads_is_torchs",
    },
    "nn.functional": {
        "ctc_loss": _CTC,
        "embedding": _TABLE + "function",
        "scaled_dot_product_attention": _LOOK + "with_a_mask_of_booleans_true_may_look",
    },
}
"""Names whose inputs or outputs are not one tensor of floats → the test that compares them."""

BASES = {"Module", "Parameter"}
"""Names without numbers of their own; `test_modules.py` compares how they behave."""
