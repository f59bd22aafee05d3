"""A network in whole numbers, against sums of Python's and against torch's quantized layers."""


import numpy as np
import pytest
import torch

from companion import nn
from companion.cnn.compressing.integer_network import Pooled, Weighted, in_integers
from companion.cnn.compressing.quantization import dequantize, grid_for, quantize
from companion.experiments.cnn.trained_reader import reader_images, trained_reader
from companion.training import manual_seed, predict

pytestmark = [
    pytest.mark.reads("companion/experiments/cnn/trained_reader.npz"),
    pytest.mark.filterwarnings("ignore:.*quantize_per_"),
]
ENGINES = pytest.mark.parametrize("engine", [nn, torch.nn], ids=["own", "torch"])


@pytest.fixture(scope="module")
def digits():
    parts = reader_images()
    return parts["train"][0][:200], *parts["test"]


# --- a layer ---------------------------------------------------------------------------------


def layer_of(shape, zero=7, stride=(1, 1), padding=(0, 0), seed=0):
    """A layer of random whole numbers whose factors are powers of two."""
    rng = np.random.default_rng(seed)
    weight = rng.integers(-127, 128, size=shape, dtype=np.int8)
    bias = rng.integers(-5000, 5000, size=shape[0], dtype=np.int32)
    bias -= (zero * weight.reshape(shape[0], -1).sum(axis=1, dtype=np.int64)).astype(np.int32)
    unit = np.full(shape[0], 2.0**-9)
    given, made = grid_for(0, 1)._replace(zero_point=zero), grid_for(-4, 4)._replace(scale=0.25)
    return Weighted(weight, bias, unit, given, made, 8, stride, padding)


@pytest.mark.parametrize("stride", [(1, 1), (2, 1), (2, 3)])
@pytest.mark.parametrize("padding", [(0, 0), (1, 2)])
def test_sums_of_a_convolution_are_exact(stride, padding):
    """The reference takes the zero point off first and convolves in float64, exact here."""
    layer = layer_of((5, 3, 3, 2), stride=stride, padding=padding)
    q = np.random.default_rng(1).integers(0, 256, size=(2, 3, 7, 8), dtype=np.uint8)
    centred = torch.from_numpy(q.astype(float) - layer.given.zero_point)
    offset = 7 * layer.weight.reshape(5, -1).sum(axis=1, dtype=np.int64)
    expected = torch.nn.functional.conv2d(
        centred,
        torch.from_numpy(layer.weight.astype(float)),
        torch.from_numpy((layer.bias + offset).astype(float)),
        stride=stride,
        padding=padding,
    )
    got = layer.sums(q)
    assert got.dtype == np.int32
    np.testing.assert_array_equal(got, expected.numpy())


def test_sums_of_a_dense_layer_are_exact():
    layer = layer_of((4, 9))
    q = np.random.default_rng(2).integers(0, 256, size=(6, 9), dtype=np.uint8)
    offset = 7 * layer.weight.sum(axis=1, dtype=np.int64)
    expected = (q.astype(np.int64) - 7) @ layer.weight.T.astype(np.int64) + layer.bias + offset
    np.testing.assert_array_equal(layer.sums(q), expected)


def test_whole_numbers_that_go_on_are_torchs():
    """torch's int8 convolution, where this processor has one."""
    engine = next((e for e in ("x86", "fbgemm", "qnnpack") if _has(e)), None)
    if engine is None:
        pytest.skip("torch has no quantized layers here")
    torch.backends.quantized.engine = engine
    torch.manual_seed(0)
    float_layer = torch.nn.Conv2d(3, 6, 3, padding=1)
    weight = float_layer.weight.detach()
    scale = weight.abs().amax(dim=(1, 2, 3)) / 63  # 7 bits, since old processors add in 16 bits
    whole = torch.quantize_per_channel(weight, scale, torch.zeros(6).long(), 0, torch.qint8)
    theirs = torch.ao.nn.quantized.Conv2d(3, 6, 3, padding=1)
    theirs.set_weight_bias(whole, float_layer.bias.detach())
    theirs.scale, theirs.zero_point = 0.02, 100
    x = torch.quantize_per_tensor(torch.rand(2, 3, 8, 8), 1 / 255, 0, torch.quint8)
    expected = theirs(x).int_repr().numpy().astype(int)

    given = grid_for(0, 1)
    made = grid_for(-2, 3.1)._replace(scale=0.02, zero_point=100)
    unit = scale.double().numpy() * given.scale
    bias = np.rint(float_layer.bias.detach().double().numpy() / unit).astype(np.int32)
    ours = Weighted(whole.int_repr().numpy(), bias, unit, given, made, 8, (1, 1), (1, 1))
    got = ours(x.int_repr().numpy()).astype(int)
    assert np.abs(got - expected).max() <= 1  # halves
    assert np.mean(got == expected) > 0.99


def _has(engine):
    return engine in torch.backends.quantized.supported_engines


def test_pooling_of_whole_numbers():
    q = np.random.default_rng(3).integers(0, 256, size=(2, 3, 7, 9), dtype=np.uint8)
    expected = torch.nn.functional.max_pool2d(torch.from_numpy(q.astype(float)), 3).numpy()
    got = Pooled(3)(q)
    assert got.dtype == np.uint8
    np.testing.assert_array_equal(got, expected)


# --- a network -------------------------------------------------------------------------------


@ENGINES
def test_the_reader_in_eight_bits_reads_as_before(engine, digits):
    shown, X, _ = digits
    network = trained_reader(engine)
    before = {name: np.asarray(value).copy() for name, value in network.state_dict().items()}
    whole = in_integers(engine, network, shown)
    for name, value in network.state_dict().items():
        np.testing.assert_array_equal(np.asarray(value), before[name])
    scores, real = whole(X), predict(network, X)
    assert scores.shape == (1000, 10)
    assert scores.dtype == np.float32
    assert np.mean(scores.argmax(axis=1) != real.argmax(axis=1)) <= 0.005
    assert np.abs(scores - real).max() < 0.05 * np.abs(real).max()


def test_both_engines_make_the_same_whole_numbers(digits):
    shown, X, _ = digits
    a, b = (in_integers(e, trained_reader(e), shown) for e in (nn, torch.nn))
    for one, other in zip(a.layers, b.layers, strict=True):
        if isinstance(one, Weighted):
            assert np.mean(one.weight == other.weight) > 0.999
    np.testing.assert_allclose(a(X[:50]), b(X[:50]), atol=0.05)


def test_more_bits_are_nearer_to_the_real_scores(digits):
    shown, X, _ = digits
    network = trained_reader(nn)
    real = predict(network, X[:200])
    apart = [
        np.abs(in_integers(nn, network, shown, bits=b, activation_bits=b)(X[:200]) - real).mean()
        for b in (8, 6, 4, 2)
    ]
    assert apart == sorted(apart)
    assert apart[0] < 0.1 * apart[2]


def test_images_with_numbers_below_zero(digits):
    """Then the zero point of the images is not 0, and the border has to be filled with it."""
    shown, X, _ = digits
    network = trained_reader(nn)
    grid = in_integers(nn, network, shown - 0.25).grid
    assert grid.zero_point == 64
    real = predict(network, X[:100] - 0.25)
    got = in_integers(nn, network, shown - 0.25)(X[:100] - 0.25)
    assert np.abs(got - real).max() < 0.05 * np.abs(real).max()


def test_layers_without_relu_and_strides():
    manual_seed(0)
    network = nn.Sequential(
        nn.Conv2d(1, 4, 3, stride=2, padding=1), nn.Conv2d(4, 5, 3, padding=1), nn.ReLU(),
        nn.Dropout(0.5), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(20, 6), nn.Linear(6, 3),
    ).eval()  # fmt: skip
    X = np.random.default_rng(0).normal(size=(40, 1, 8, 8)).astype(np.float32)
    whole, real = in_integers(nn, network, X), predict(network, X)
    assert whole.layers[0].made.zero_point > 0
    assert np.abs(whole(X) - real).max() < 0.03 * np.abs(real).max() + 0.01
    assert np.corrcoef(whole(X).ravel(), real.ravel())[0, 1] > 0.999


def test_a_channel_whose_weights_are_tiny():
    """Its scale alone would make its bias larger than 32 bits hold."""
    network = nn.Sequential(nn.Flatten(), nn.Linear(4, 2)).eval()
    network[1].weight.data[...] = [[1e-12, 0, 0, 0], [1, 2, 3, 4]]
    network[1].bias.data[...] = [5, -5]
    X = np.random.default_rng(0).random((9, 1, 2, 2)).astype(np.float32)
    for per_channel in (True, False):
        got = in_integers(nn, network, X, per_channel=per_channel)(X)
        np.testing.assert_allclose(got, predict(network, X), atol=0.05)


def test_bytes():
    network, (X, _) = trained_reader(nn), reader_images()["dev"]
    weights = 9 * (1 * 8 + 8 * 16 + 16 * 32) + 288 * 128 + 128 * 10
    others = 9 * (8 + 16 + 32 + 128) + 8 * 10
    assert in_integers(nn, network, X[:20]).nbytes == weights + others
    assert in_integers(nn, network, X[:20], bits=4).nbytes == weights // 2 + others


def test_whole_numbers_survive_the_grid():
    grid = grid_for(-1, 2)
    q = np.arange(256, dtype=np.uint8)
    np.testing.assert_array_equal(quantize(dequantize(q, grid), grid), q)


@pytest.mark.parametrize(
    ("layers", "names"),
    [
        ([nn.Conv2d(1, 2, 3), nn.Tanh(), nn.Flatten(), nn.Linear(2, 2)], "layer 1, Tanh"),
        ([nn.MaxPool2d(2), nn.ReLU(), nn.Flatten(), nn.Linear(1, 2)], "layer 1, ReLU"),
        ([nn.Conv2d(2, 2, 3, groups=2), nn.Flatten(), nn.Linear(2, 2)], "layer 0, Conv2d"),
        ([nn.MaxPool2d(3, stride=2), nn.Flatten(), nn.Linear(1, 2)], "layer 0, MaxPool2d"),
        ([nn.Flatten(), nn.Linear(9, 2), nn.ReLU()], "last layer must be a Linear"),
        ([nn.Flatten()], "last layer must be a Linear"),
    ],
)
def test_layers_without_a_twin(layers, names):
    channels = 2 if "Conv2d" in names else 1
    X = np.random.default_rng(0).random((3, channels, 3, 3)).astype(np.float32)
    with pytest.raises(TypeError, match=names):
        in_integers(nn, nn.Sequential(*layers).eval(), X)


def test_bits_out_of_range(digits):
    for options in ({"bits": 1}, {"activation_bits": 9}):
        with pytest.raises(ValueError, match="choose 2 to 8"):
            in_integers(nn, trained_reader(nn), digits[0], **options)
