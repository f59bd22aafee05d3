"""Known wrong answers to the exercises of the chapter on Inception modules."""

import numpy as np

from companion.exercises import wrong


@wrong("shuffled-pixels", fails="test_what_shuffling_does")
def scores_after_shuffling():
    """Thinks of kernels that see neighbours."""
    return "different"


@wrong("shuffled-pixels", fails="test_what_shuffling_does")
def scores_after_shuffling():
    """Answers with another word."""
    return "equal"


@wrong("shuffled-pixels", fails="test_what_shuffling_does")
def scores_after_shuffling():
    """Answers with a truth value."""
    return True


@wrong("cost-of-a-branch", fails="test_cost_without")
def cost_of_a_branch():
    """Takes 5 for 25."""
    return 22_579_200, 5_268_480


@wrong("cost-of-a-branch", fails="test_cost_without")
def cost_of_a_branch():
    """Forgets the maps."""
    return 2_352_000, 5_268_480


@wrong("cost-of-a-branch", fails="test_cost_with")
def cost_of_a_branch():
    """Takes the bottleneck for free."""
    return 112_896_000, 3_763_200


@wrong("cost-of-a-branch", fails="test_cost_with")
def cost_of_a_branch():
    """Counts the bottleneck only."""
    return 112_896_000, 1_505_280


@wrong("one-by-one", fails="test_it_is_a_dense_layer_at_each_pixel")
def one_by_one(x, weight, bias, stride=1):
    """Forgets the bias."""
    return np.einsum("oc,nchw->nohw", weight, x[:, :, ::stride, ::stride])


@wrong("one-by-one", fails="test_it_is_a_dense_layer_at_each_pixel")
def one_by_one(x, weight, bias, stride=1):
    """Mixes pixels and channels with a reshape."""
    x = x[:, :, ::stride, ::stride]
    N, C, H, W = x.shape
    z = weight @ x.transpose(0, 2, 3, 1).reshape(N, C, H * W)
    return z.reshape(N, -1, H, W) + bias[:, None, None]


@wrong("one-by-one", fails="test_it_is_a_dense_layer_at_each_pixel")
def one_by_one(x, weight, bias, stride=1):
    """Adds the bias along the width."""
    z = np.einsum("oc,nchw->nohw", weight, x[:, :, ::stride, ::stride])
    return z + np.resize(bias, z.shape[-1])


@wrong("one-by-one", fails="test_stride")
def one_by_one(x, weight, bias, stride=1):
    """Forgets the stride."""
    return np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None]


@wrong("one-by-one", fails="test_stride")
def one_by_one(x, weight, bias, stride=1):
    """Begins at the last pixel of each step."""
    x = x[:, :, stride - 1 :: stride, stride - 1 :: stride]
    return np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None]


@wrong("join-branches", fails="test_the_channels_are_joined")
def join(parts):
    """Joins along the images."""
    if len({part.shape[2:] for part in parts}) > 1:
        raise ValueError("sizes differ")
    ends = np.cumsum([part.shape[1] for part in parts]).tolist()
    same = all(part.shape == parts[0].shape for part in parts)
    return np.concatenate(parts, axis=0 if same else 1), list(zip([0, *ends[:-1]], ends))


@wrong("join-branches", fails="test_where_each_branch_lies")
def join(parts):
    """Gives the last channel itself."""
    if len({part.shape[2:] for part in parts}) > 1:
        raise ValueError("sizes differ")
    ends = np.cumsum([part.shape[1] for part in parts]).tolist()
    places = [(a, b - 1) for a, b in zip([0, *ends[:-1]], ends)]
    return np.concatenate(parts, axis=1), places


@wrong("join-branches", fails="test_where_each_branch_lies")
def join(parts):
    """Gives the numbers of channels."""
    if len({part.shape[2:] for part in parts}) > 1:
        raise ValueError("sizes differ")
    return np.concatenate(parts, axis=1), [(0, part.shape[1]) for part in parts]


@wrong("join-branches", fails="test_sizes_that_differ")
def join(parts):
    """Cuts to the smallest size."""
    H, W = (min(part.shape[axis] for part in parts) for axis in (2, 3))
    ends = np.cumsum([part.shape[1] for part in parts]).tolist()
    cut = [part[:, :, :H, :W] for part in parts]
    return np.concatenate(cut, axis=1), list(zip([0, *ends[:-1]], ends))


@wrong("bottleneck-for-a-budget", fails="test_the_widest_that_fits")
def widest_bottleneck(side, C, O, f, budget):
    """Forgets the 1×1 layer."""
    if side**2 * O * f**2 * C <= budget:
        return None
    return budget // (side**2 * f**2 * O)


@wrong("bottleneck-for-a-budget", fails="test_the_widest_that_fits")
def widest_bottleneck(side, C, O, f, budget):
    """Rounds to the nearest."""
    if side**2 * O * f**2 * C <= budget:
        return None
    return round(budget / (side**2 * (C + f**2 * O)))


@wrong("bottleneck-for-a-budget", fails="test_none_needed_and_none_possible")
def widest_bottleneck(side, C, O, f, budget):
    """Never asks whether one is needed."""
    return budget // (side**2 * (C + f**2 * O))


@wrong("bottleneck-for-a-budget", fails="test_none_needed_and_none_possible")
def widest_bottleneck(side, C, O, f, budget):
    """Returns at least one map."""
    if side**2 * O * f**2 * C <= budget:
        return None
    return max(1, budget // (side**2 * (C + f**2 * O)))
