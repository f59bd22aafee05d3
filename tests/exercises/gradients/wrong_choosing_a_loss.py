"""Known wrong answers to the exercises on the page on choosing a loss."""

import numpy as np

from companion.exercises import wrong


@wrong("pinball", fails="test_pinball_costs")
def pinball(y, q, tau):
    """Exchanges τ and 1 - τ."""
    d = q - y
    return np.mean(np.maximum(tau * d, (tau - 1) * d)), np.where(d > 0, tau, tau - 1) / len(y)


@wrong("pinball", fails="test_pinball_costs")
def pinball(y, q, tau):
    """Takes the sum for the mean."""
    d = q - y
    return np.sum(np.maximum(-tau * d, (1 - tau) * d)), np.where(d > 0, 1 - tau, -tau)


@wrong("pinball", fails="test_pinball_costs")
def pinball(y, q, tau):
    """A cost below 0 for predictions that are too low."""
    d = q - y
    return np.mean(np.where(d < 0, tau, 1 - tau) * d), np.where(d > 0, 1 - tau, -tau) / len(y)


@wrong("pinball", fails="test_pinball_costs")
def pinball(y, q, tau):
    """Changes the predictions in place."""
    q -= y
    gradient = np.where(q < 0, -tau, np.where(q > 0, 1 - tau, 0.0)) / len(y)
    return np.mean(np.maximum(-tau * q, (1 - tau) * q)), gradient


@wrong("pinball", fails="test_pinball_gradient_agrees_with_differences")
def pinball(y, q, tau):
    """The derivative with respect to y: the sign is flipped."""
    d = q - y
    gradient = np.where(d > 0, tau - 1, np.where(d < 0, tau, 0.0)) / len(y)
    return np.mean(np.maximum(-tau * d, (1 - tau) * d)), gradient


@wrong("pinball", fails="test_pinball_gradient_agrees_with_differences")
def pinball(y, q, tau):
    """The gradient of the sum."""
    d = q - y
    gradient = np.where(d < 0, -tau, np.where(d > 0, 1 - tau, 0.0))
    return np.mean(np.maximum(-tau * d, (1 - tau) * d)), gradient


@wrong("pinball", fails="test_pinball_at_the_kink")
def pinball(y, q, tau):
    """Takes the slope on the right for that at the kink."""
    d = q - y
    gradient = np.where(d < 0, -tau, 1 - tau) / len(y)
    return np.mean(np.maximum(-tau * d, (1 - tau) * d)), gradient


@wrong("percentage-constant", fails="test_constant_makes_the_error_least")
def percentage_constant(y):
    """The median, without weights."""
    return np.median(y)


@wrong("percentage-constant", fails="test_constant_makes_the_error_least")
def percentage_constant(y):
    """The weighted mean."""
    return len(y) / np.sum(1 / y)


@wrong("percentage-constant", fails="test_constant_makes_the_error_least")
def percentage_constant(y):
    """Forgets to sort."""
    reached = np.cumsum(1 / y)
    return y[np.argmax(reached >= reached[-1] / 2)]


@wrong("percentage-constant", fails="test_constant_at_exactly_half")
def percentage_constant(y):
    """More than half in place of at least half."""
    y = np.sort(y)
    reached = np.cumsum(1 / y)
    return y[np.argmax(reached > reached[-1] / 2)]


@wrong("multi-margin", fails="test_margin_loss_of_all_wrong_classes")
def multi_margin(S, y):
    """Counts the right class among the wrong ones."""
    rows = np.arange(len(S))
    short = np.maximum(0, 1 + S - S[rows, y][:, None])
    gradient = (short > 0).astype(float)
    gradient[rows, y] -= gradient.sum(axis=1)
    return short.sum() / len(S), gradient / len(S)


@wrong("multi-margin", fails="test_margin_loss_of_all_wrong_classes")
def multi_margin(S, y):
    """Only the best wrong class: the categorical hinge."""
    rows = np.arange(len(S))
    short = np.maximum(0, 1 + S - S[rows, y][:, None])
    short[rows, y] = 0
    return short.max(axis=1).mean(), np.zeros_like(S)


@wrong("multi-margin", fails="test_margin_gradient_agrees_with_differences")
def multi_margin(S, y):
    """The right class is pushed up only once."""
    rows = np.arange(len(S))
    short = np.maximum(0, 1 + S - S[rows, y][:, None])
    short[rows, y] = 0
    gradient = (short > 0).astype(float)
    gradient[rows, y] = -1
    return short.sum() / len(S), gradient / len(S)


@wrong("multi-margin", fails="test_margin_gradient_agrees_with_differences")
def multi_margin(S, y):
    """The gradient of the sum."""
    rows = np.arange(len(S))
    short = np.maximum(0, 1 + S - S[rows, y][:, None])
    short[rows, y] = 0
    gradient = (short > 0).astype(float)
    gradient[rows, y] = -gradient.sum(axis=1)
    return short.sum() / len(S), gradient


@wrong("multi-margin", fails="test_margin_loss_of_all_wrong_classes")
def multi_margin(S, y):
    """Subtracts the right scores in place."""
    rows = np.arange(len(S))
    S -= S[rows, y][:, None]
    short = np.maximum(0, 1 + S)
    short[rows, y] = 0
    gradient = (short > 0).astype(float)
    gradient[rows, y] = -gradient.sum(axis=1)
    return short.sum() / len(S), gradient / len(S)


@wrong("multi-margin", fails="test_margin_at_the_kink")
def multi_margin(S, y):
    """Counts a class that is exactly at the margin."""
    rows = np.arange(len(S))
    short = 1 + S - S[rows, y][:, None]
    short[rows, y] = -1
    gradient = (short >= 0).astype(float)
    gradient[rows, y] = -gradient.sum(axis=1)
    return np.maximum(0, short).sum() / len(S), gradient / len(S)


@wrong("focal-pencil", fails="test_factors_of_the_focal_loss")
def focal_factors():
    """Takes p for 1 - p."""
    return 0.81, 0.25, 3


@wrong("focal-pencil", fails="test_factors_of_the_focal_loss")
def focal_factors():
    """Multiplies by γ in place of raising to it."""
    return 0.2, 1.0, 3


@wrong("focal-pencil", fails="test_factors_of_the_focal_loss")
def focal_factors():
    """Gives the losses, not the factors."""
    return 0.01 * 0.10536, 0.25 * 0.69315, 3


@wrong("focal-pencil", fails="test_gamma_of_a_thousandth")
def focal_factors():
    """Looks for the gamma of the second example."""
    return 0.01, 0.25, 10


@wrong("focal-gradient", fails="test_focal_without_focus_is_cross_entropy")
def focal_gradient(z, y, gamma):
    """Truth minus prediction: the sign is flipped."""
    sign = 2 * y - 1
    log_p = -np.logaddexp(0, -sign * z)
    p, wrong = np.exp(log_p), np.exp(-np.logaddexp(0, sign * z))
    return -sign * wrong**gamma * (gamma * p * log_p - wrong)


@wrong("focal-gradient", fails="test_focal_without_focus_is_cross_entropy")
def focal_gradient(z, y, gamma):
    """Forgets the sign of label 0."""
    sign = 2 * y - 1
    log_p = -np.logaddexp(0, -sign * z)
    p, wrong = np.exp(log_p), np.exp(-np.logaddexp(0, sign * z))
    return wrong**gamma * (gamma * p * log_p - wrong)


@wrong("focal-gradient", fails="test_focal_gradient_agrees_with_differences")
def focal_gradient(z, y, gamma):
    """Holds the factor (1 - p)^γ fixed: half of the product rule."""
    sign = 2 * y - 1
    wrong = np.exp(-np.logaddexp(0, sign * z))
    return -sign * wrong ** (gamma + 1)


@wrong("focal-gradient", fails="test_focal_gradient_of_huge_scores")
def focal_gradient(z, y, gamma):
    """Takes the logarithm of a probability that was rounded to 0."""
    sign = 2 * y - 1
    with np.errstate(all="ignore"):
        p = 1 / (1 + np.exp(-sign * z))
        return sign * (1 - p) ** gamma * (gamma * p * np.log(p) - (1 - p))


@wrong("focal-gradient", fails="test_focal_gradient_of_huge_scores")
def focal_gradient(z, y, gamma):
    """As the product rule gives it: 0 to a negative power where γ is below 1."""
    sign = 2 * y - 1
    log_p = -np.logaddexp(0, -sign * z)
    p, wrong = np.exp(log_p), np.exp(-np.logaddexp(0, sign * z))
    with np.errstate(all="ignore"):
        slope = gamma * wrong ** (gamma - 1) * log_p - wrong**gamma / np.maximum(p, 1e-300)
        return sign * p * wrong * slope


@wrong("focal-gradient", fails="test_focal_gradient_keeps_its_digits")
def focal_gradient(z, y, gamma):
    """Takes 1 - p by subtraction."""
    sign = 2 * y - 1
    log_p = -np.logaddexp(0, -sign * z)
    p = np.exp(log_p)
    return sign * (1 - p) ** gamma * (gamma * p * log_p - (1 - p))


@wrong("focal-gradient", fails="test_focal_gradient_keeps_its_digits")
def focal_gradient(z, y, gamma):
    """Takes 1 - p by subtraction, in one of the two places."""
    sign = 2 * y - 1
    log_p = -np.logaddexp(0, -sign * z)
    p, wrong = np.exp(log_p), np.exp(-np.logaddexp(0, sign * z))
    return sign * (1 - p) ** gamma * (gamma * p * log_p - wrong)
