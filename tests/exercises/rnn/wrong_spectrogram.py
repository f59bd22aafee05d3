"""Known wrong answers to the exercises of the chapter on spectrograms."""

import numpy as np

from companion.exercises import wrong


@wrong("frames-by-hand", fails="test_how_many_frames")
def frames_by_hand():
    """Forgets the first frame."""
    return 47, 257, 31.25


@wrong("frames-by-hand", fails="test_how_many_frames")
def frames_by_hand():
    """Lets frames reach beyond the end."""
    return 50, 257, 31.25


@wrong("frames-by-hand", fails="test_which_frequencies")
def frames_by_hand():
    """Counts all bins."""
    return 48, 512, 31.25


@wrong("frames-by-hand", fails="test_which_frequencies")
def frames_by_hand():
    """Takes the frame for the transform."""
    return 48, 257, 40


@wrong("frames-by-hand", fails="test_which_frequencies")
def frames_by_hand():
    """Leaves out one end."""
    return 48, 256, 31.25


def parts(frame, k, divide=None):
    n = np.arange(len(frame))
    x = np.asarray(frame, float) * (0.5 - 0.5 * np.cos(2 * np.pi * n / (divide or len(frame))))
    turns = 2 * np.pi * k * n / len(frame)
    return x @ np.cos(turns), x @ np.sin(turns)


@wrong("power-of-tone", fails="test_the_power")
def power_of_tone(frame, k):
    """Forgets the window."""
    return abs(np.fft.rfft(frame)[k]) ** 2


@wrong("power-of-tone", fails="test_the_power")
def power_of_tone(frame, k):
    """Takes the symmetric window."""
    c, s = parts(frame, k, max(1, len(frame) - 1))
    return c**2 + s**2


@wrong("power-of-tone", fails="test_the_power")
def power_of_tone(frame, k):
    """Asks the cosine only."""
    return parts(frame, k)[0] ** 2


@wrong("power-of-tone", fails="test_the_power")
def power_of_tone(frame, k):
    """Forgets the square."""
    return np.hypot(*parts(frame, k))


@wrong("power-of-tone", fails="test_the_power")
def power_of_tone(frame, k):
    """Multiplies the frame in place."""
    n = np.arange(len(frame))
    frame *= 0.5 - 0.5 * np.cos(2 * np.pi * n / len(frame))
    return abs(np.fft.rfft(frame)[k]) ** 2


@wrong("power-of-tone", fails="test_lists_and_whole_numbers")
def power_of_tone(frame, k):
    """Needs an array of floats."""
    n = np.arange(len(frame))
    x = frame.copy()
    x *= (0.5 - 0.5 * np.cos(2 * np.pi * n / len(frame))).astype(x.dtype)
    return abs(np.fft.rfft(x)[k]) ** 2


@wrong("heard-frequency", fails="test_tones_up_to_the_rate")
def heard_frequency(frequency, rate):
    """Hears every tone as it is."""
    return frequency


@wrong("heard-frequency", fails="test_tones_up_to_the_rate")
def heard_frequency(frequency, rate):
    """Starts again from 0 at half the rate."""
    return frequency % (rate / 2)


@wrong("heard-frequency", fails="test_tones_up_to_the_rate")
def heard_frequency(frequency, rate):
    """Cuts off at half the rate."""
    return min(frequency, rate / 2)


@wrong("heard-frequency", fails="test_higher_tones")
def heard_frequency(frequency, rate):
    """Folds once."""
    return abs(rate - frequency) if frequency > rate / 2 else frequency


@wrong("heard-frequency", fails="test_higher_tones")
def heard_frequency(frequency, rate):
    """Returns whole numbers."""
    rest = int(frequency) % rate
    return min(rest, rate - rest)


def triangle(at, corner):
    up = (at - corner[:-2]) / (corner[1:-1] - corner[:-2])
    down = (corner[2:] - at) / (corner[2:] - corner[1:-1])
    return np.minimum(up, down)


def corners(count, high):
    mels = np.linspace(0, 2595 * np.log10(1 + high / 700), count + 2)
    return 700 * (10 ** (mels / 2595) - 1)


@wrong("band-weights", fails="test_the_weights")
def band_weights(frequency, count, high):
    """Spaces the corners evenly in hertz."""
    return np.maximum(0, triangle(frequency, np.linspace(0, high, count + 2)))


@wrong("band-weights", fails="test_the_weights")
def band_weights(frequency, count, high):
    """Makes the triangles straight in mel."""
    mels = np.linspace(0, 2595 * np.log10(1 + high / 700), count + 2)
    return np.maximum(0, triangle(2595 * np.log10(1 + frequency / 700), mels))


@wrong("band-weights", fails="test_the_weights")
def band_weights(frequency, count, high):
    """Forgets to cut off at 0."""
    return triangle(frequency, corners(count, high))


@wrong("band-weights", fails="test_the_weights")
def band_weights(frequency, count, high):
    """Takes the natural logarithm."""
    mels = np.linspace(0, 2595 * np.log(1 + high / 700), count + 2)
    return np.maximum(0, triangle(frequency, 700 * (10 ** (mels / 2595) - 1)))


@wrong("band-weights", fails="test_the_weights")
def band_weights(frequency, count, high):
    """Leaves out the two ends."""
    mels = np.linspace(0, 2595 * np.log10(1 + high / 700), max(count, 2))
    return np.maximum(0, triangle(frequency, 700 * (10 ** (mels / 2595) - 1)))


@wrong("band-weights", fails="test_outside")
def band_weights(frequency, count, high):
    """Gives what lies beyond to the last band."""
    corner = corners(count, high)
    weights = np.maximum(0, triangle(frequency, corner))
    if frequency >= high:
        weights[-1] = 1
    return weights


@wrong("power-of-tone", fails="test_lists_and_whole_numbers")
def power_of_tone(frame, k):
    """Multiplies the window into the list that it was given."""
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(len(frame)) / len(frame))
    if not isinstance(frame, list):
        frame = frame * window
    else:
        for n, w in enumerate(window):
            frame[n] *= w
    return abs(np.fft.rfft(frame)[k]) ** 2


@wrong("heard-frequency", fails="test_higher_tones")
def heard_frequency(frequency, rate):
    """Folds back and forth a few times only."""
    for _ in range(20):
        if frequency > rate / 2:
            frequency = abs(rate - frequency)
    return frequency


@wrong("heard-frequency", fails="test_higher_tones")
def heard_frequency(frequency, rate):
    """Takes the rate for a whole number."""
    rest = frequency % max(1, int(rate))
    return min(rest, int(rate) - rest)


@wrong("band-weights", fails="test_outside")
def band_weights(frequency, count, high):
    """Takes a negative frequency for a positive one."""
    return np.maximum(0, triangle(abs(frequency), corners(count, high)))


@wrong("band-weights", fails="test_the_weights")
def band_weights(frequency, count, high):
    """Gives a frequency at a corner to neither side of the triangle."""
    corner = corners(count, high)
    if np.abs(frequency - corner).min() < 1e-6:
        return np.zeros(count)
    return np.maximum(0, triangle(frequency, corner))
