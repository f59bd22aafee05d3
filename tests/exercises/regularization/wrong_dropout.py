"""Known wrong answers to the exercises of the chapter on dropout."""


from companion.exercises import wrong


@wrong("dropout-three-sums", fails="test_sum_while_learning")
def three_sums():
    """Forgets to divide."""
    return 15.0, 13.5, 18.0


@wrong("dropout-three-sums", fails="test_sum_while_learning")
def three_sums():
    """Divides by the dropout rate."""
    return 60.0, 13.5, 18.0


@wrong("dropout-three-sums", fails="test_sums_at_test_time")
def three_sums():
    """Multiplies by the dropout rate at test time."""
    return 20.0, 4.5, 18.0


@wrong("dropout-three-sums", fails="test_sums_at_test_time")
def three_sums():
    """Scales inverted dropout at test time once more."""
    return 20.0, 13.5, 13.5


@wrong("dropout-noise", fails="test_factor_of_the_noise")
def noise_factor():
    """Compares the rates."""
    return 0.8 / 0.5


@wrong("dropout-noise", fails="test_factor_of_the_noise")
def noise_factor():
    """Gives the standard deviation."""
    return 2.0


@wrong("dropout-noise", fails="test_factor_of_the_noise")
def noise_factor():
    """Takes the variance of the mask without the division."""
    return 0.16 / 0.25


@wrong("inverted-dropout", fails="test_scale_of_the_drawn_mask")
def inverted_dropout(a, rate, rng):
    """Keeps with the dropout rate."""
    scale = (rng.random(a.shape) < rate) / (1 - rate)
    return a * scale, scale


@wrong("inverted-dropout", fails="test_scale_of_the_drawn_mask")
def inverted_dropout(a, rate, rng):
    """Returns the mask for the scale."""
    mask = rng.random(a.shape) >= rate
    return a * mask / (1 - rate), mask.astype(float)


@wrong("inverted-dropout", fails="test_scale_of_the_drawn_mask")
def inverted_dropout(a, rate, rng):
    """Divides by the rate."""
    scale = (rng.random(a.shape) >= rate) / max(rate, 1e-9)
    return a * scale, scale


@wrong("inverted-dropout", fails="test_dropped_activations")
def inverted_dropout(a, rate, rng):
    """Draws a second mask for the activations."""
    scale = (rng.random(a.shape) >= rate) / (1 - rate)
    return a * ((rng.random(a.shape) >= rate) / (1 - rate)), scale


@wrong("inverted-dropout", fails="test_dropped_activations")
def inverted_dropout(a, rate, rng):
    """Works in place."""
    scale = (rng.random(a.shape) >= rate) / (1 - rate)
    a *= scale
    return a, scale


@wrong("inverted-dropout", fails="test_rate_zero_and_the_mean")
def inverted_dropout(a, rate, rng):
    """Drops something even at a rate of 0."""
    rate = max(rate, 0.1)
    scale = (rng.random(a.shape) >= rate) / (1 - rate)
    return a * scale, scale
