"""Checks of the exercises in the chapter on spectrograms."""

import numpy as np
import scipy.signal

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of

HALF, FRAME, STEP, BINS, SPEED = 8000, 400, 160, 512, 16000


def three(got):
    several = isinstance(got, tuple | list) or (isinstance(got, np.ndarray) and got.ndim == 1)
    assert several, f"expected three numbers, got {kind_of(got)}"
    assert len(got) == 3, f"expected three numbers, got {len(got)}"
    return got


@check(
    "frames-by-hand",
    hints=(
        "Count samples: of the recording, of a frame, of a step.",
        "How often can a step of 160 be taken before 400 samples no longer fit into 8000?",
        "1 + (8000 - 400) // 160",
    ),
)
def test_how_many_frames(student):
    "frames"
    got, _, _ = three(student.frames_by_hand())
    mistakes = {
        "the first frame counts as well": (HALF - FRAME) // STEP,
        "the last frames would reach beyond the end": HALF // STEP,
        "the recording lasts half a second": 1 + (SPEED - FRAME) // STEP,
        "the frames overlap: the next one starts after 10 ms": HALF // FRAME,
        "a part of a frame is no frame": 1 + (HALF - FRAME) / STEP,
        "that is the number for 8,000 samples a second": 1 + (HALF // 2 - FRAME) // STEP,
    }
    starts = [s for s in range(0, HALF, STEP) if s + FRAME <= HALF]
    assert_close(got, len(starts), rtol=1e-9, mistakes=mistakes, what="the number of frames")


@check(
    "frames-by-hand",
    hints=(
        "The transform of N real numbers tells everything with k = 0 … N/2.",
        "N is the number of bins, 512; neighbours are rate / N apart.",
        "512 // 2 + 1 and 16000 / 512",
    ),
)
def test_which_frequencies(student):
    "number of frequencies, and their distance"
    _, count, apart = three(student.frames_by_hand())
    places = np.fft.rfftfreq(BINS, 1 / SPEED)
    mistakes = {
        "both ends count: 0 and half the rate": BINS // 2,
        "for real numbers the upper half repeats the lower one": BINS,
        "the transform is as long as the bins, not as the frame": FRAME // 2 + 1,
    }
    assert_close(count, len(places), rtol=1e-9, mistakes=mistakes, what="the number of frequencies")
    mistakes = {
        "the transform is as long as the bins, not as the frame": SPEED / FRAME,
        "the frequencies go up to half the rate only": SPEED / (BINS // 2 + 1),
        "16,000 samples a second": SPEED / 2 / BINS,
    }
    assert_close(apart, places[1], rtol=1e-4, mistakes=mistakes, what="the distance in hertz")


@check(
    "power-of-tone",
    points=2,
    hints=(
        "First the window, then two sums: with a cosine and with a sine.",
        "angles 2πkn/N for n = 0 … N − 1; the window divides by N, not by N − 1",
        "(x @ np.cos(a)) ** 2 + (x @ np.sin(a)) ** 2",
    ),
)
def test_the_power(student):
    "frames of several lengths, each tone"
    rng = np.random.default_rng(0)
    for size in (8, 5, 2, 12, 200):
        frame = rng.normal(size=size) + 0.3
        window = scipy.signal.get_window("hann", size)
        other = np.hanning(size)
        for k in sorted({0, size // 3, size // 2}):
            whole = np.fft.rfft(frame * window)
            mistakes = {
                "the window is missing": abs(np.fft.rfft(frame)[k]) ** 2,
                "the window's period is N, not N − 1": abs(np.fft.rfft(frame * other)[k]) ** 2,
                "the sine is missing": whole[k].real ** 2,
                "the cosine is missing": whole[k].imag ** 2,
                "the power is the square of the absolute value": abs(whole[k]),
                "the power is not divided by N": abs(whole[k]) ** 2 / size,
            }
            expected = abs(whole[k]) ** 2
            mistakes = {t: v for t, v in mistakes.items() if not np.isclose(v, expected)}
            got = student.power_of_tone(frame, k)
            assert_unchanged(student.power_of_tone)
            what = f"the power of tone {k} in {size} samples"
            assert_close(got, expected, rtol=1e-4, atol=1e-6, mistakes=mistakes, what=what)


@check(
    "power-of-tone",
    after="test_the_power",
    hidden=True,
    hints=(
        "A frame may be a list, or whole numbers.",
        "Make it an array of floats inside.",
        "np.asarray(frame, float)",
    ),
)
def test_lists_and_whole_numbers(student):
    "a list, whole numbers, float32"
    whole = [2, 1, 0, 1, 2, 1, 0, 1]
    expected = abs(np.fft.rfft(np.array(whole) * scipy.signal.get_window("hann", 8))) ** 2
    for frame in (whole, np.array(whole), np.array(whole, np.float32)):
        for k in range(5):
            got = student.power_of_tone(frame, k)
            assert_unchanged(student.power_of_tone)
            what = f"the power of tone {k} of {kind_of(frame)}"
            assert_close(got, expected[k], rtol=1e-4, atol=1e-6, what=what)


@check(
    "heard-frequency",
    hints=(
        "What do the samples of a tone of rate + f hertz look like?",
        "The same as those of f: whole turns between two samples are not seen. Take the remainder.",
        "rest = frequency % rate, and if it is above rate / 2, rate - rest",
    ),
)
def test_tones_up_to_the_rate(student):
    "tones below the rate"
    for frequency, rate in ((1000, 8000), (7000, 8000), (4000, 8000), (0, 8000), (30, 44), (9, 10)):
        expected = seemingly(frequency, rate)
        mistakes = {
            "above half of the rate it folds back": frequency,
            "it folds at half of the rate, and goes down from there": frequency - rate / 2,
        }
        mistakes = {t: v for t, v in mistakes.items() if v != expected}
        got = student.heard_frequency(frequency, rate)
        what = f"for {frequency} Hz at {rate} samples a second"
        assert_close(got, expected, rtol=1e-6, atol=1e-6, mistakes=mistakes, what=what)


def seemingly(frequency, rate):
    """The lowest frequency of all that differ from ± the given one by a multiple of the rate.

    A float, as answers may be rounded: `assert_close` allows nothing where a whole number is due.
    """
    count = int(frequency / rate) + 2
    return float(
        min(abs(sign * frequency - m * rate) for m in range(-count, count + 1) for sign in (1, -1))
    )


@check(
    "heard-frequency",
    points=2,
    after="test_tones_up_to_the_rate",
    hints=(
        "Above the rate it goes on bouncing between 0 and half the rate.",
        "frequency % rate first, whatever the frequency; then fold",
        "min(frequency % rate, rate - frequency % rate)",
    ),
)
def test_higher_tones(student):
    "tones far above the rate, and numbers with decimals"
    rng = np.random.default_rng(1)
    drawn = [
        (float(np.round(rng.uniform(0, 7) * rate, 2)), int(rate))
        for rate in rng.integers(5, 50_000, 30)
    ]
    for frequency, rate in (*drawn, (30.0, 12.5), (11.0, 12.5), (1_000_300.0, 8000), (0.3, 0.8)):
        expected = seemingly(frequency, rate)
        got = student.heard_frequency(frequency, rate)
        what = f"for {frequency} Hz at {rate} samples a second"
        assert_close(got, expected, rtol=1e-6, atol=1e-6 * rate, what=what)


def bank(count, high):
    mels = np.linspace(0, 2595 * np.log10(1 + high / 700), count + 2)
    return 700 * (10 ** (mels / 2595) - 1)


def triangles(at, corner):
    few = range(len(corner) - 2)
    return np.array([np.interp(at, corner[j : j + 3], [0, 1, 0], 0, 0) for j in few])


@check(
    "band-weights",
    points=3,
    hints=(
        "Even steps in mel give the corners; turn them back into hertz first.",
        "A triangle is the smaller of a rising and a falling line, and never below 0.",
        "np.maximum(0, np.minimum(up, down)), up = (f − c[j]) / (c[j+1] − c[j])",
    ),
)
def test_the_weights(student):
    "several banks and frequencies"
    rng = np.random.default_rng(0)
    for count, high in ((24, 4000), (3, 4000.0), (1, 1000), (40, 8000)):
        for frequency in (*rng.uniform(0, high, 5), 100.0, *bank(count, high)[1:-1:5]):
            expected = triangles(frequency, bank(count, high))
            even = np.linspace(0, high, count + 2)
            mel = 2595 * np.log10(1 + np.append(bank(count, high), frequency) / 700)
            mistakes = {
                "the corners are evenly spaced in mel, not in hertz": triangles(frequency, even),
                "the triangles are straight in hertz, not in mel": triangles(mel[-1], mel[:-1]),
            }
            mistakes = {t: v for t, v in mistakes.items() if not np.allclose(v, expected)}
            got = student.band_weights(frequency, count, high)
            what = f"the weights for {frequency:.0f} Hz in {count} bands up to {high:g} Hz"
            assert_close(got, expected, rtol=1e-4, atol=1e-5, mistakes=mistakes, what=what)


@check(
    "band-weights",
    after="test_the_weights",
    hidden=True,
    hints=(
        "What lies outside of all triangles has weight 0.",
        "Cut off below at 0.",
        "np.maximum(0, …)",
    ),
)
def test_outside(student):
    "0, the last corner, and beyond both ends"
    for frequency in (0.0, 4000.0, 4001.0, 20000.0, -10.0, -800.0):
        got = student.band_weights(frequency, 7, 4000.0)
        what = f"the weights for {frequency:.0f} Hz, at an end or outside"
        assert_close(got, np.zeros(7), atol=1e-6, what=what)
