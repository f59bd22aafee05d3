"""Checks of the exercises in the chapter on trigger words."""

import numpy as np

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of


def parts_of(got, count, what):
    several = isinstance(got, tuple | list) or (isinstance(got, np.ndarray) and got.ndim)
    assert several, f"expected {what}, got {kind_of(got)}"
    assert len(got) == count, f"expected {count} values, {what}; got {len(got)}"
    return got


P = (0.2, 0.8, 0.4, 0.6, 0.0, 0.2, 0.6, 0.8, 1.0, 0.6, 0.8, 0.6)
WHAT = "frames, delay and false alarms"


def rung(smooth, rest, threshold=0.6):
    """Firings, frame by frame."""
    found, sleeps = [], 0
    for t in range(len(P)):
        mean = sum(P[max(0, t - smooth + 1) : t + 1]) / smooth
        if sleeps:
            sleeps -= 1
        elif mean > threshold - 1e-9:
            found.append(t)
            sleeps = rest
    return found


@check(
    "firings-by-hand",
    hints=(
        "First the means of two neighbours, then the threshold, then the sleep after each firing.",
        "The means are 0.1, 0.5, 0.6, 0.5, … and after a firing two frames are passed over.",
        "It fires at 2, then not before 5, …",
    ),
)
def test_when_it_fires(student):
    "the frames"
    got = parts_of(student.firings_by_hand(), 3, WHAT)[0]
    mistakes = {
        "the mean of the last two is compared, not each probability": rung(1, 2),
        "after a firing it sleeps for two frames": rung(2, 0),
        "two frames of sleep, not one": rung(2, 1),
        "two frames of sleep, not three": rung(2, 3),
        "a mean that just reaches the threshold fires, too": rung(2, 2, 0.65),
    }
    assert isinstance(got, tuple | list | np.ndarray), f"expected a list of frames, {kind_of(got)}"
    got = [int(t) if float(t).is_integer() else float(t) for t in got]
    for text, wrong in mistakes.items():
        assert got != wrong, f"firings at {got}: {text}"
    assert got == rung(2, 2), f"firings at {got} are not right"


@check(
    "firings-by-hand",
    after="test_when_it_fires",
    hints=(
        "Which firing belongs to the word that ends with frame 6?",
        "The first one in frames 6 to 9; the others have no word.",
        "a delay of 7 − 6, and all other firings are false alarms",
    ),
)
def test_delay_and_alarms(student):
    "delay and false alarms"
    _, delay, false = parts_of(student.firings_by_hand(), 3, WHAT)
    fired = rung(2, 2)
    own = [t for t in fired if 6 <= t <= 9]
    assert_close(delay, own[0] - 6, rtol=1e-9, what="the delay in frames")
    mistakes = {
        "the firing that belongs to the word is no false alarm": len(fired),
        "the word ended more than three frames before the last firing": len(fired) - 2,
    }
    assert_close(
        false, len(fired) - 1, rtol=1e-9, mistakes=mistakes, what="the number of false alarms"
    )


CASES = (
    ([3], [8], 20, 4),
    ([2, 12], [6, 17], 30, 5),
    ([2, 7], [6, 11], 30, 4),  # the label of one lies within the next
    ([15], [18], 20, 6),  # the label reaches beyond the last frame
    ([17], [25], 20, 3),  # the word does
    ([], [], 7, 3),
    ([0], [1], 1, 2),
    ([4], [6], 12, 1),
    ([1, 8, 15], [4, 11, 18], 25, 5),
    ([3], [8], 12, 0),  # no label at all
)


def frame_by_frame(starts, ends, count, hold):
    labels, weights = [], []
    for t in range(count):
        one = any(end <= t < end + hold for end in ends)
        inside = any(start <= t < end for start, end in zip(starts, ends, strict=True))
        labels.append(float(one))
        weights.append(float(one or not inside))
    return np.array(labels), np.array(weights)


@check(
    "labels-and-weights",
    points=2,
    hints=(
        "Start with zeros; what comes after the end of each word?",
        "hold frames from `end` on, the frame `end` among them",
        "labels[end:end + hold] = 1",
    ),
)
def test_labels(student):
    "labels"
    for starts, ends, count, hold in CASES:
        got = parts_of(student.labels_and_weights(starts, ends, count, hold), 2, "labels, weights")
        assert_unchanged(student.labels_and_weights)
        expected, _ = frame_by_frame(starts, ends, count, hold)
        late = frame_by_frame(starts, [e + 1 for e in ends], count, hold)[0]
        early = frame_by_frame(starts, [e - 1 for e in ends], count, hold)[0]
        within = 1 - frame_by_frame(starts, ends, count, 0)[1]
        first = frame_by_frame(starts, ends, count, 1)[0]
        mistakes = {
            "the first one stands at frame `end`, not behind it": late,
            "the word is over before frame `end`; its own frames stay 0": early,
            "the ones stand after the word, not within": within,
            "`hold` frames are 1, not one": first,
            "`hold` frames are 1, not one more": frame_by_frame(starts, ends, count, hold + 1)[0],
        }
        mistakes = {t: v for t, v in mistakes.items() if not np.array_equal(v, expected)}
        what = f"the labels for starts {starts}, ends {ends}, count {count}, hold {hold}"
        assert_close(as_numbers(got[0]), expected, rtol=1e-9, mistakes=mistakes, what=what)


def as_numbers(got):
    """Bools and whole numbers will do."""
    return np.asarray(got, float) if isinstance(got, list | np.ndarray) else got


@check(
    "labels-and-weights",
    points=2,
    after="test_labels",
    hints=(
        "Weights are 1 except within words, and a label of 1 counts in any case.",
        "Set the weights within words to 0 first, for all words; then look at the labels.",
        "weights[labels == 1] = 1 after the loop",
    ),
)
def test_weights(student):
    "weights"
    for starts, ends, count, hold in CASES:
        got = parts_of(student.labels_and_weights(starts, ends, count, hold), 2, "labels, weights")
        labels, expected = frame_by_frame(starts, ends, count, hold)
        only = frame_by_frame(starts, ends, count, 0)[1]
        mistakes = {
            "where a label is 1 the weight is 1, also within the next word": only,
            "weights are 0 within words and 1 elsewhere, not the other way round": 1 - expected,
            "frames without a word count as well": labels,
            "frames within a word do not count": np.ones(count),
        }
        mistakes = {t: v for t, v in mistakes.items() if not np.array_equal(v, expected)}
        what = f"the weights for starts {starts}, ends {ends}, count {count}, hold {hold}"
        assert_close(as_numbers(got[1]), expected, rtol=1e-9, mistakes=mistakes, what=what)


def counted(fired, ends, frames, per_second, late):
    """Share of missed words and false alarms per minute, by marks on the words."""
    seen, false = [False] * len(ends), 0
    for at in fired:
        for k, end in enumerate(ends):
            if not seen[k] and end <= at <= end + late:
                seen[k] = True
                break
        else:
            false += 1
    minutes = frames / per_second / 60
    return (seen.count(False) / len(ends) if len(ends) else 0.0), false / minutes


SIMPLE = (
    ([105, 400], [100, 250], 3000, 50, 25),
    ([100], [100], 1500, 50, 10),
    ([], [50, 90], 600, 10, 5),
    ([10, 30, 80], [], 600, 100, 20),
    ([99, 126], [100], 3000, 50, 25),
)
CROWDED = (
    ([105, 110], [100], 3000, 50, 25),
    ([110, 112], [100, 108], 3000, 50, 25),
    ([110, 112, 113], [100, 108], 3000, 25, 25),
    ([120, 130], [100, 110], 6000, 50, 15),
)


def against(student, cases):
    for fired, ends, frames, per_second, late in cases:
        got = parts_of(
            student.missed_and_false(fired, ends, frames, per_second, late), 2, "share and rate"
        )
        assert_unchanged(student.missed_and_false)
        share, rate = counted(fired, ends, frames, per_second, late)
        given = f"firings {fired}, ends {ends}, {frames} frames, {per_second} a second, late {late}"
        count = rate * frames / per_second / 60
        mistakes = {
            "a share of the words, not a number of them": share * len(ends),
            "that is the share of detected words": 1 - share,
        }
        mistakes = {t: v for t, v in mistakes.items() if not np.isclose(v, share)}
        assert_close(
            got[0], share, rtol=1e-6, mistakes=mistakes, what=f"the share of missed words; {given}"
        )
        mistakes = {
            "alarms per minute, not their number": count,
            "per minute, not per second": rate / 60,
            "per minute, not per hour": rate * 60,
            "per minute of sound: frames / per_second / 60 minutes": count / frames,
        }
        mistakes = {t: v for t, v in mistakes.items() if not np.isclose(v, rate)}
        assert_close(
            got[1], rate, rtol=1e-6, mistakes=mistakes, what=f"the false alarms a minute; {given}"
        )


@check(
    "missed-and-false",
    points=2,
    hints=(
        "For each firing look for a word whose end lies a little before it.",
        "0 <= at - end <= late; minutes are frames / per_second / 60",
        "false * 60 * per_second / frames, len(waiting) / len(ends)",
    ),
)
def test_words_far_apart(student):
    "words and firings that lie far apart, no words, no firings"
    against(student, SIMPLE)


@check(
    "missed-and-false",
    points=2,
    after="test_words_far_apart",
    hints=(
        "Each word is detected once.",
        "Keep a list of the words that still wait, and take the earliest that fits out of it.",
        "waiting.remove(near[0])",
    ),
)
def test_words_and_firings_in_a_crowd(student):
    "several firings for a word, several words in reach, random lists"
    rng = np.random.default_rng(0)
    drawn = [
        (
            sorted(rng.choice(400, 12, replace=False).tolist()),
            sorted(rng.choice(400, 8, replace=False).tolist()),
            int(rng.integers(400, 5000)),
            int(rng.integers(10, 100)),
            int(rng.integers(0, 60)),
        )
        for _ in range(20)
    ]
    against(student, (*CROWDED, *drawn))


@check(
    "choose-threshold",
    hints=(
        "Leave out what is too loud; of the rest, which has the fewest misses?",
        "min over pairs (missed, −threshold)",
        "[(m, -t) for t, m, f in zip(thresholds, missed, false) if f <= limit]",
    ),
)
def test_a_threshold(student):
    "fewest misses within the limit"
    cases = [
        ([0.2, 0.5, 0.8], [0.05, 0.1, 0.4], [3.0, 0.5, 0.0], 1.0, 0.5),
        ([0.2, 0.5, 0.8], [0.05, 0.1, 0.4], [3.0, 0.5, 0.0], 0.5, 0.5),
        ([0.2, 0.5, 0.8], [0.05, 0.1, 0.4], [3.0, 0.5, 0.0], 0.0, 0.8),
        ([0.8, 0.2, 0.5], [0.4, 0.05, 0.1], [0.0, 3.0, 0.5], 9.0, 0.2),
        ([0.6, 0.3, 0.9], [0.3, 0.1, 0.2], [0.4, 2.0, 0.4], 1.0, 0.9),
        ([0.5], [1.0], [0.0], 0.0, 0.5),
        ([0.2, 0.5, 0.7], [0.0, 0.3, 0.4], [0.9, 0.5, 0.0], 1.0, 0.2),
        ([0.0, 0.5], [0.1, 0.2], [0.5, 0.0], 0.5, 0.0),
    ]
    for thresholds, missed, false, limit, expected in cases:
        got = student.choose_threshold(thresholds, missed, false, limit)
        assert_unchanged(student.choose_threshold)
        given = f"thresholds {thresholds}, missed {missed}, false {false}, limit {limit}"
        assert got is not None, f"{given}: there is one within the limit, got None"
        assert_close(got, expected, rtol=1e-9, what=f"the threshold for {given}")


@check(
    "choose-threshold",
    after="test_a_threshold",
    hints=(
        "Two thresholds may miss equally much; and none may be quiet enough.",
        "of equals the highest; an empty list means None",
        "-min(quiet)[1] if quiet else None",
    ),
)
def test_ties_and_nothing(student):
    "equals, and none within the limit"
    thresholds, missed, false = [0.4, 0.7, 0.6, 0.9], [0.1, 0.1, 0.1, 0.5], [0.5, 0.2, 0.3, 0.0]
    for order in ([0, 1, 2, 3], [3, 2, 1, 0], [1, 0, 3, 2]):
        given = [[values[k] for k in order] for values in (thresholds, missed, false)]
        got = student.choose_threshold(*given, 1.0)
        assert got is not None, "three thresholds miss equally much; expected the highest of them"
        assert_close(got, 0.7, rtol=1e-9, what="the highest of three that miss equally much")
    got = student.choose_threshold([0.5, 0.9], [0.1, 0.2], [3.0, 2.0], 1.0)
    assert got is None, f"none is within the limit: expected None, got {got}"
