"""Known wrong answers to the exercises on the page why normalization works."""

import numpy as np

from companion.exercises import wrong


@wrong("centring-pullback", fails="test_centring_agrees_with_differences")
def centring_pullback(dy):
    """Treats the mean as a constant."""
    return dy


@wrong("centring-pullback", fails="test_centring_agrees_with_differences")
def centring_pullback(dy):
    """Takes the mean over the examples."""
    return dy - dy.mean(axis=0)


@wrong("centring-pullback", fails="test_centring_agrees_with_differences")
def centring_pullback(dy):
    """Takes out the sum."""
    return dy - dy.sum(axis=1, keepdims=True)


@wrong("rms-pullback", fails="test_pullback_agrees_with_differences")
def rms_pullback(x, dy, eps=1e-5):
    """Treats the root as a constant."""
    return dy / np.sqrt(np.mean(x**2, axis=1, keepdims=True) + eps)


@wrong("rms-pullback", fails="test_pullback_agrees_with_differences")
def rms_pullback(x, dy, eps=1e-5):
    """Takes out the mean of dy as well."""
    s = np.sqrt(np.mean(x**2, axis=1, keepdims=True) + eps)
    y = x / s
    dy = dy - dy.mean(axis=1, keepdims=True)
    return (dy - y * np.mean(dy * y, axis=1, keepdims=True)) / s


@wrong("rms-pullback", fails="test_pullback_agrees_with_differences")
def rms_pullback(x, dy, eps=1e-5):
    """Sums where the mean belongs."""
    s = np.sqrt(np.mean(x**2, axis=1, keepdims=True) + eps)
    y = x / s
    return (dy - y * np.sum(dy * y, axis=1, keepdims=True)) / s


@wrong("rms-pullback", fails="test_rows_do_not_mix")
def rms_pullback(x, dy, eps=1e-5):
    """Averages over the examples."""
    s = np.sqrt(np.mean(x**2, axis=0) + eps)
    y = x / s
    return (dy - y * np.mean(dy * y, axis=0)) / s


@wrong("rms-pullback", fails="test_eps_under_the_root")
def rms_pullback(x, dy, eps=1e-5):
    """Forgets eps."""
    with np.errstate(all="ignore"):
        s = np.sqrt(np.mean(x**2, axis=1, keepdims=True))
        y = x / s
        return (dy - y * np.mean(dy * y, axis=1, keepdims=True)) / s
