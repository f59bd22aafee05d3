"""Known wrong answers to the exercises of the chapter on compact networks."""

import numpy as np

from companion.exercises import wrong


@wrong("larger-kernels", fails="test_the_share")
def share_with_larger_kernels():
    """Larger kernels, larger price."""
    return "larger"


@wrong("larger-kernels", fails="test_the_share")
def share_with_larger_kernels():
    """Thinks of the pointwise half alone."""
    return "the same"


@wrong("larger-kernels", fails="test_the_share")
def share_with_larger_kernels():
    """Answers with the share."""
    return 1 / 64 + 1 / 25


@wrong("layer-price", fails="test_the_full_price")
def price_of_the_layer():
    """Forgets the border."""
    return 64 * 8 * 16 * 9, 64 * 200


@wrong("layer-price", fails="test_the_separable_price")
def price_of_the_layer():
    """Forgets the pointwise half."""
    return 115_200, 7_200


@wrong("layer-price", fails="test_the_separable_price")
def price_of_the_layer():
    """Counts depthwise kernels by the channels that come out."""
    return 115_200, 100 * (16 * 9 + 8 * 16)


@wrong("inverted-price", fails="test_with_stride_1")
def inverted_price(C, out, t, k, s, H, W):
    """Takes a full convolution in the middle."""
    wide, places = t * C, -(-H // s) * -(-W // s)
    widen = H * W * C * wide if t > 1 else 0
    return widen + places * (wide * wide * k * k + wide * out)


@wrong("inverted-price", fails="test_with_a_stride")
def inverted_price(C, out, t, k, s, H, W):
    """Lets the first convolution take the steps."""
    wide, places = t * C, -(-H // s) * -(-W // s)
    return places * ((C * wide if t > 1 else 0) + wide * k * k + wide * out)


@wrong("inverted-price", fails="test_with_a_stride")
def inverted_price(C, out, t, k, s, H, W):
    """Rounds down."""
    wide = t * C
    widen = H * W * C * wide if t > 1 else 0
    return widen + (H // s) * (W // s) * (wide * k * k + wide * out)


@wrong("inverted-price", fails="test_without_widening")
def inverted_price(C, out, t, k, s, H, W):
    """Always widens."""
    wide, places = t * C, -(-H // s) * -(-W // s)
    return H * W * C * wide + places * (wide * k * k + wide * out)


@wrong("unshuffled", fails="test_back_again")
def unshuffled(x, groups):
    """Shuffles once more."""
    N, C, H, W = x.shape
    return x.reshape(N, groups, C // groups, H, W).swapaxes(1, 2).reshape(N, C, H, W)


@wrong("unshuffled", fails="test_back_again")
def unshuffled(x, groups):
    """Reshapes without swapping."""
    N, C, H, W = x.shape
    return x.reshape(N, C // groups, groups, H, W).reshape(N, C, H, W)


@wrong("unshuffled", fails="test_back_again")
def unshuffled(x, groups):
    """Turns the channels round."""
    return x[:, ::-1]


@wrong("one-kernel", fails="test_the_same_convolution")
def one_kernel(depth, point):
    """Sums over the channels."""
    return (point * depth[:, 0]).sum(axis=1, keepdims=True)


@wrong("one-kernel", fails="test_the_same_convolution")
def one_kernel(depth, point):
    """Lets channels in and out change places."""
    return (point * depth[:, 0]).swapaxes(0, 1)


@wrong("one-kernel", fails="test_the_same_convolution")
def one_kernel(depth, point):
    """Turns the kernels round."""
    return point * depth[:, 0, ::-1, ::-1]


@wrong("taken-apart", fails="test_some_kernels_are_zero")
def taken_apart(W):
    """Takes the kernels of the first result."""
    depth = W[0]
    norm = (depth**2).sum(axis=(1, 2))
    point = (W * depth).sum(axis=(2, 3)) / np.where(norm == 0, 1, norm)
    return depth[:, None], point[:, :, None, None]


@wrong("taken-apart", fails="test_the_halves_make_the_kernels")
def taken_apart(W):
    """Takes the mean kernel, and the sizes as factors."""
    depth = W.mean(axis=0)
    point = np.sqrt((W**2).sum(axis=(2, 3)))
    return depth[:, None], point[:, :, None, None]


@wrong("taken-apart", fails="test_a_channel_that_nobody_reads")
def taken_apart(W):
    """Divides by 0 where a channel is not read."""
    largest = (W**2).sum(axis=(2, 3)).argmax(axis=0)
    depth = W[largest, np.arange(W.shape[1])]
    point = (W * depth).sum(axis=(2, 3)) / (depth**2).sum(axis=(1, 2))
    return depth[:, None], point[:, :, None, None]


@wrong("taken-apart", fails="test_the_halves_make_the_kernels")
def taken_apart(W):
    """Forgets to divide by the size of the kernel."""
    largest = (W**2).sum(axis=(2, 3)).argmax(axis=0)
    depth = W[largest, np.arange(W.shape[1])]
    point = (W * depth).sum(axis=(2, 3))
    return depth[:, None], point[:, :, None, None]


@wrong("inverted-price", fails="test_with_a_stride")
def inverted_price(C, out, t, k, s, H, W):
    """Rounds to the nearest in place of upwards."""
    left = ((H + s // 2) // s) * ((W + s // 2) // s)
    first = C * t * C * H * W if t > 1 else 0
    return first + left * t * C * (k * k + out)


@wrong("taken-apart", fails="test_some_kernels_are_zero")
def taken_apart(W):
    """Reads the factors off one corner, which may be 0."""
    largest = (W**2).sum(axis=(2, 3)).argmax(axis=0)
    depth = W[largest, np.arange(W.shape[1])]
    corner = np.where(depth[:, 0, 0] == 0, 1, depth[:, 0, 0])
    return depth[:, None], (W[:, :, 0, 0] / corner)[:, :, None, None]


@wrong("taken-apart", fails="test_some_kernels_are_zero")
def taken_apart(W):
    """Takes the mean kernel, which may be 0 where the kernels are not."""
    depth = W.mean(axis=0)
    norm = (depth**2).sum(axis=(1, 2))
    point = (W * depth).sum(axis=(2, 3)) / np.where(norm == 0, 1, norm)
    return depth[:, None], point[:, :, None, None]
