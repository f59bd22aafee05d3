"""The shared way is torch's convolution, the others contain it; shuffled pixels leave the dense."""

import numpy as np
import pytest
import torch

from companion import optim
from companion.data.digits import train_dev_test
from companion.experiments.cnn.ways_to_connect import (
    Connected,
    Layout,
    shifted,
    small_digits,
    trained,
)
from companion.experiments.regularization import small_sets as small
from companion.gradients.tensor import Tensor

X = np.random.default_rng(0).random((5, 196)).astype("float32")
LAYOUTS = [Layout(), Layout(kernel=6, stride=2, pool=1, maps=3), Layout(kernel=3, pool=3)]


def kernels_of(networks, r):
    """The kernels (O, 1, K, K) and biases (O,) of network r."""
    weight, one = networks.first_weight.numpy()[r], networks.layout
    kernels = weight[:-1].T.reshape(one.maps, 1, one.kernel, one.kernel)
    return torch.tensor(kernels), torch.tensor(weight[-1])


def by_torch(networks, r):
    one = networks.layout
    kernels, biases = kernels_of(networks, r)
    maps = torch.nn.functional.conv2d(
        torch.tensor(X).reshape(-1, 1, one.side, one.side), kernels, biases, one.stride
    )
    maps = torch.nn.functional.max_pool2d(maps, one.pool).relu()
    hidden, bias, last, last_bias = (
        torch.tensor(p.numpy()[r]) for p in list(networks.parameters())[1:]
    )
    features = maps.permute(0, 2, 3, 1).flatten(1)
    return (features @ hidden + bias).relu() @ last + last_bias


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_shared_way_is_a_convolution(layout):
    networks = Connected("shared", [3, 4], layout)
    for r in range(2):
        expected = by_torch(networks, r).numpy()
        np.testing.assert_allclose(networks(Tensor(X)).numpy()[r], expected, atol=1e-5)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_local_way_with_tied_kernels_is_the_shared_one(layout):
    local, shared = (Connected(way, [0], layout) for way in ("local", "shared"))
    local.first_weight.data = np.tile(shared.first_weight.data, (1, layout.out**2, 1))
    for name in ("hidden_weight", "hidden_bias", "last_weight", "last_bias"):
        getattr(local, name).data = getattr(shared, name).data
    np.testing.assert_allclose(local(Tensor(X)).numpy(), shared(Tensor(X)).numpy(), atol=1e-5)


def test_numbers_of_the_first_layer():
    found = [Connected(way, [0, 1]).numbers for way in ("dense", "local", "shared")]
    assert found == [800 * 197, 800 * 26, 8 * 26]


def test_shuffled_pixels_make_no_difference_to_dense_layers():
    order = np.random.default_rng(1).permutation(196)
    y = np.arange(5)
    plain, other = Connected("dense", [0]), Connected("dense", [0])
    other.first_weight.data[:, :196] = plain.first_weight.data[:, order]
    for networks, images in ((plain, X), (other, X[:, order])):
        small.learn(networks, [images], [y], optim.SGD(networks.parameters(), lr=0.1), epochs=3)
    expected = plain(Tensor(X)).numpy()
    np.testing.assert_allclose(other(Tensor(X[:, order])).numpy(), expected, atol=1e-4)


def test_a_move_and_its_reverse():
    images = np.zeros((2, 196), "float32")
    images.reshape(2, 14, 14)[:, 4:9, 3:8] = 1 + X[:2, :25].reshape(2, 5, 5)
    moved = shifted(images, [2, -1], [-3, 4])
    assert moved.reshape(2, 14, 14)[0, 1, 5] == images.reshape(2, 14, 14)[0, 4, 3]
    np.testing.assert_array_equal(shifted(moved, [-2, 1], [3, -4]), images)
    assert not shifted(images, 14).any()


def test_small_digits_lose_no_ink_when_they_are_placed():
    still, placed = small_digits(), small_digits(reach=2)
    assert len(placed.X_train) == len(train_dev_test().X_train)
    kept = placed.X_dev.sum(axis=1) / still.X_dev.sum(axis=1)
    assert np.quantile(kept, 0.1) > 0.95
    order = np.random.default_rng(0).permutation(196)
    np.testing.assert_array_equal(small_digits(order=order).X_dev, still.X_dev[:, order])


def test_it_learns():
    found = trained(
        "shared", small_digits(), optim.Adam, [1e-3, 1e-2], seeds=[0, 1], size=200, epochs=10
    )
    assert found.rate == 1e-2
    errors = small.errors(found.networks, small_digits().X_test, small_digits().y_test)
    assert errors.max() < 0.35  # guessing would miss 0.9


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Connected("near", [0]), "no way 'near'"),
        (lambda: Connected("dense", [0], Layout(pool=3)), "windows of 3 do not fill a map of 10"),
        (
            lambda: trained("local", None, None, [], seeds=[100], size=1, epochs=1),
            r"\[100\] would choose for both",
        ),
    ],
)
def test_errors_say_what_to_change(make, message):
    with pytest.raises(ValueError, match=message):
        make()
