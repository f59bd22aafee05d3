"""Known wrong answers to the exercises of the chapter on normalization."""

import numpy as np

from companion.exercises import wrong


@wrong("standardize-both", fails="test_test_inputs_use_the_statistics_of_training")
def standardize_both(train, test):
    """Standardizes each set by itself."""

    def own(A):
        std = A.std(axis=0)
        return (A - A.mean(axis=0)) / np.where(std == 0, 1.0, std)

    return own(train), own(test)


@wrong("standardize-both", fails="test_test_inputs_use_the_statistics_of_training")
def standardize_both(train, test):
    """Lets the test inputs into the statistics, for them alone."""
    mean, std = train.mean(axis=0), train.std(axis=0)
    std = np.where(std == 0, 1.0, std)
    both = np.concatenate([train, test])
    spread = both.std(axis=0)
    spread = np.where(spread == 0, 1.0, spread)
    return (train - mean) / std, (test - both.mean(axis=0)) / spread


@wrong("standardize-both", fails="test_a_constant_feature_is_divided_by_one")
def standardize_both(train, test):
    """Divides by zero where a feature is constant."""
    mean, std = train.mean(axis=0), train.std(axis=0)
    with np.errstate(all="ignore"):
        return (train - mean) / std, (test - mean) / std


@wrong("standardize-both", fails="test_a_constant_feature_is_divided_by_one")
def standardize_both(train, test):
    """Trusts a standard deviation of exactly 0."""
    mean, std = train.mean(axis=0), train.std(axis=0)
    std = np.where(std == 0, 1.0, std)
    return (train - mean) / std, (test - mean) / std


@wrong("standardize-both", fails="test_training_inputs_are_standardized")
def standardize_both(train, test):
    """Divides by the variance."""
    mean, var = train.mean(axis=0), train.var(axis=0)
    var = np.where(var == 0, 1.0, var)
    return (train - mean) / var, (test - mean) / var


@wrong("standardize-both", fails="test_training_inputs_are_standardized")
def standardize_both(train, test):
    """Takes one mean and one deviation for the whole table."""
    return (train - train.mean()) / train.std(), (test - train.mean()) / train.std()


@wrong("running-averages", fails="test_averages_after_some_batches")
def running_averages(batches, momentum=0.1):
    """Gives the old value the share momentum."""
    mean, var = 0.0, 1.0
    for k, batch in enumerate(batches, start=1):
        share = 1 / k if momentum is None else 1 - momentum
        mean = (1 - share) * mean + share * batch.mean(axis=0)
        var = (1 - share) * var + share * batch.var(axis=0, ddof=1)
    return mean, var


@wrong("running-averages", fails="test_averages_after_some_batches")
def running_averages(batches, momentum=0.1):
    """Takes the biased variance."""
    mean, var = 0.0, 1.0
    for k, batch in enumerate(batches, start=1):
        share = 1 / k if momentum is None else momentum
        mean = (1 - share) * mean + share * batch.mean(axis=0)
        var = (1 - share) * var + share * batch.var(axis=0)
    return mean, var


@wrong("running-averages", fails="test_averages_after_some_batches")
def running_averages(batches, momentum=0.1):
    """Starts the variance at 0."""
    mean, var = 0.0, 0.0
    for k, batch in enumerate(batches, start=1):
        share = 1 / k if momentum is None else momentum
        mean = (1 - share) * mean + share * batch.mean(axis=0)
        var = (1 - share) * var + share * batch.var(axis=0, ddof=1)
    return mean, var


@wrong("running-averages", fails="test_none_is_the_plain_mean")
def running_averages(batches, momentum=0.1):
    """Takes statistics of all examples together for None."""
    if momentum is None:
        together = np.concatenate(batches)
        return together.mean(axis=0), together.var(axis=0, ddof=1)
    mean, var = 0.0, 1.0
    for batch in batches:
        mean = (1 - momentum) * mean + momentum * batch.mean(axis=0)
        var = (1 - momentum) * var + momentum * batch.var(axis=0, ddof=1)
    return mean, var


@wrong("fold-batch-norm", fails="test_one_layer_does_both")
def fold(W, b, gamma, beta, mean, var, eps=1e-5):
    """Leaves the bias as it is."""
    scale = gamma / np.sqrt(var + eps)
    b = 0.0 if b is None else b
    return W * scale[:, None], b - mean * scale + beta


@wrong("fold-batch-norm", fails="test_one_layer_does_both")
def fold(W, b, gamma, beta, mean, var, eps=1e-5):
    """Forgets the running mean."""
    scale = gamma / np.sqrt(var + eps)
    b = np.zeros(len(W)) if b is None else b
    return W * scale[:, None], b * scale + beta


@wrong("fold-batch-norm", fails="test_one_layer_does_both")
def fold(W, b, gamma, beta, mean, var, eps=1e-5):
    """Drops the bias, as if the statistics were those of the batch."""
    scale = gamma / np.sqrt(var + eps)
    return W * scale[:, None], beta - mean * scale


@wrong("fold-batch-norm", fails="test_without_a_bias")
def fold(W, b, gamma, beta, mean, var, eps=1e-5):
    """Cannot do without a bias."""
    scale = gamma / np.sqrt(var + eps)
    return W * scale[:, None], (b - mean) * scale + beta


@wrong("fold-batch-norm", fails="test_eps_counts")
def fold(W, b, gamma, beta, mean, var, eps=1e-5):
    """Always takes the usual eps."""
    scale = gamma / np.sqrt(var + 1e-5)
    b = 0.0 if b is None else b
    return W * scale[:, None], (b - mean) * scale + beta


@wrong("which-axes", fails="test_each_normalization_is_found")
def which_normalization(y):
    """Asks for layer before instance."""
    kinds = {"layer": (1, 2, 3), "batch": (0, 2, 3), "instance": (2, 3)}
    for name, axes in kinds.items():
        off = np.abs(y.mean(axis=axes)), np.abs(y.var(axis=axes) - 1)
        if max(part.max() for part in off) < 1e-3:
            return name
    return "none"


@wrong("which-axes", fails="test_mean_and_variance_both_count")
def which_normalization(y):
    """Looks at the means only."""
    kinds = {"instance": (2, 3), "layer": (1, 2, 3), "batch": (0, 2, 3)}
    for name, axes in kinds.items():
        if np.abs(y.mean(axis=axes)).max() < 1e-3:
            return name
    return "none"


@wrong("which-axes", fails="test_one_bad_channel_is_enough")
def which_normalization(y):
    """Averages the deviations, so that they cancel."""
    kinds = {"instance": (2, 3), "layer": (1, 2, 3), "batch": (0, 2, 3)}
    for name, axes in kinds.items():
        mean, var = y.mean(axis=axes), y.var(axis=axes)
        if abs(mean.mean()) < 1e-3 and abs(var.mean() - 1) < 1e-3:
            return name
    return "none"


@wrong("which-axes", fails="test_each_normalization_is_found")
def which_normalization(y):
    """Takes batch for the axes of the examples alone."""
    kinds = {"instance": (2, 3), "layer": (1, 2, 3), "batch": (0,)}
    for name, axes in kinds.items():
        off = np.abs(y.mean(axis=axes)), np.abs(y.var(axis=axes) - 1)
        if max(part.max() for part in off) < 1e-3:
            return name
    return "none"


@wrong("batch-norm-by-hand", fails="test_the_pencil_is_right")
def one_unit():
    """Divides by one less than the number of examples."""
    return 5, 5**0.5, 4 * 3 / 5**0.5 + 1


@wrong("batch-norm-by-hand", fails="test_the_pencil_is_right")
def one_unit():
    """Gives the variance."""
    return 5, 4, 4 * 3 / 4 + 1


@wrong("batch-norm-by-hand", fails="test_the_output_of_the_last_example")
def one_unit():
    """Forgets β."""
    return 5, 2, 6


@wrong("batch-norm-by-hand", fails="test_the_output_of_the_last_example")
def one_unit():
    """Shifts before it scales."""
    return 5, 2, 4 * (1.5 + 1)


@wrong("loud-example", fails="test_who_changes_the_others")
def loud_example():
    """Takes layer normalization for the one across the examples."""
    return "layer", ["batch", "instance"]


@wrong("loud-example", fails="test_who_does_not_notice")
def loud_example():
    """Thinks that only layer normalization cancels the factor."""
    return "batch", ["layer"]


@wrong("loud-example", fails="test_who_does_not_notice")
def loud_example():
    """Thinks that nothing can go unnoticed."""
    return "batch", []
