"""Known wrong answers to the exercises of the chapter on CTC."""

from itertools import groupby
from math import comb

import numpy as np

from companion.exercises import wrong


@wrong("ctc-pencil", fails="test_nothing_and_twice")
def three_frames():
    """Counts neighbours aa as said twice."""
    return 0.2, 0.5, 0.3


@wrong("ctc-pencil", fails="test_nothing_and_twice")
def three_frames():
    """Takes p(a) for the blank in the middle."""
    return 0.05, 0.9, 0.05


@wrong("ctc-pencil", fails="test_once")
def three_frames():
    """Leaves out the paths in which a lasts."""
    return 0.2, 0.45, 0.2


@wrong("ctc-pencil", fails="test_once")
def three_frames():
    """Forgets that aa has a part of the rest."""
    return 0.2, 0.8, 0.2


@wrong("fewest-frames", fails="test_fewest")
def fewest_frames(text):
    """Forgets the blank between equal neighbours."""
    return len(text)


@wrong("fewest-frames", fails="test_fewest")
def fewest_frames(text):
    """Wants a blank after every letter."""
    return max(0, 2 * len(text) - 1)


@wrong("fewest-frames", fails="test_fewest")
def fewest_frames(text):
    """Counts letters that come again anywhere."""
    return len(text) + len(text) - len(set(text))


@wrong("fewest-frames", fails="test_fewest")
def fewest_frames(text):
    """Counts runs, not pairs of neighbours."""
    return len(text) + sum(len(list(run)) > 1 for _, run in groupby(text))


@wrong("fewest-frames", fails="test_fewest_of_numbers")
def fewest_frames(text):
    """Looks for doubles among the letters a and b only."""
    pairs = ("aa", "bb")
    return len(text) + sum("".join(map(str, text[k : k + 2])) in pairs for k in range(len(text)))


@wrong("what-and-when", fails="test_what")
def what_and_when(probabilities, signs):
    """Drops blanks first, so that double letters melt."""
    best = [(t, k) for t, k in enumerate(np.argmax(probabilities, 1)) if k != len(signs) - 1]
    kept = [(t, k) for n, (t, k) in enumerate(best) if n == 0 or best[n - 1][1] != k]
    return "".join(signs[k] for _, k in kept), [t for t, _ in kept]


@wrong("what-and-when", fails="test_what")
def what_and_when(probabilities, signs):
    """Does not join."""
    best = [(t, k) for t, k in enumerate(np.argmax(probabilities, 1)) if k != len(signs) - 1]
    return "".join(signs[k] for _, k in best), [t for t, _ in best]


@wrong("what-and-when", fails="test_what")
def what_and_when(probabilities, signs):
    """Takes the blank to be the first label."""
    best = np.argmax(probabilities, 1)
    kept = [(t, k) for t, k in enumerate(best) if k and (t == 0 or best[t - 1] != k)]
    return "".join(signs[k] for _, k in kept), [t for t, _ in kept]


def runs(probabilities, signs):
    at, found = 0, []
    for k, run in groupby(np.argmax(probabilities, 1).tolist()):
        length = len(list(run))
        if k != len(signs) - 1:
            found.append((signs[k], at, length))
        at += length
    return found


@wrong("what-and-when", fails="test_when")
def what_and_when(probabilities, signs):
    """Gives the last frame of each letter."""
    found = runs(probabilities, signs)
    return "".join(s for s, _, _ in found), [t + n - 1 for _, t, n in found]


@wrong("what-and-when", fails="test_when")
def what_and_when(probabilities, signs):
    """Counts frames from 1."""
    found = runs(probabilities, signs)
    return "".join(s for s, _, _ in found), [t + 1 for _, t, _ in found]


def places_of(text):
    places = [None]
    for letter in text:
        places += [letter, None]
    return places


def ways_of(text, frames, jump, number=int):
    places = places_of(text)
    ways = [number(1)] + [number(0)] * (len(places) - 1)
    for _ in range(frames):
        new = list(ways)
        for s in range(len(places)):
            new[s] = ways[s] + (ways[s - 1] if s else 0)
            if s > 1 and jump(places, s):
                new[s] += ways[s - 2]
        ways = new
    return ways


def right_jump(places, s):
    return places[s] is not None and places[s] != places[s - 2]


@wrong("count-paths", fails="test_few_frames")
def count_paths(text, frames):
    """Jumps over the blank between equal letters, too."""
    return comb(frames + len(text), 2 * len(text))


@wrong("count-paths", fails="test_few_frames")
def count_paths(text, frames):
    """Never jumps over a blank."""
    return sum(ways_of(text, frames, lambda places, s: False)[-2:])


@wrong("count-paths", fails="test_few_frames")
def count_paths(text, frames):
    """Lets paths end in the last blank only."""
    return ways_of(text, frames, right_jump)[-1]


@wrong("count-paths", fails="test_few_frames")
def count_paths(text, frames):
    """Adds up all places, also those of paths that are not done."""
    return sum(ways_of(text, frames, right_jump))


@wrong("count-paths", fails="test_many_frames")
def count_paths(text, frames):
    """Counts in floating point."""
    return int(sum(ways_of(text, frames, right_jump, float)[-2:]))


@wrong("fewest-frames", fails="test_fewest_of_numbers")
def fewest_frames(text):
    """Writes labels as digits and compares those."""
    digits = "".join(map(str, text))
    return len(text) + sum(a == b for a, b in zip(digits, digits[1:], strict=False))


@wrong("fewest-frames", fails="test_fewest_of_numbers")
def fewest_frames(text):
    """Asks whether neighbours are one object."""
    return len(text) + sum(a is b for a, b in zip(text, text[1:], strict=False))


@wrong("fewest-frames", fails="test_fewest")
def fewest_frames(text):
    """Takes capitals and small letters for one label."""
    text = text.lower() if isinstance(text, str) else text
    return len(text) + sum(a == b for a, b in zip(text, text[1:], strict=False))


@wrong("what-and-when", fails="test_what")
def what_and_when(probabilities, signs):
    """Looks for a dash as the blank."""
    best, dash = np.argmax(probabilities, 1), signs.find("-")
    kept = [(t, k) for t, k in enumerate(best) if k != dash and (t == 0 or best[t - 1] != k)]
    return "".join(signs[k] for _, k in kept), [t for t, _ in kept]


@wrong("what-and-when", fails="test_what")
def what_and_when(probabilities, signs):
    """Hears a letter only if its probability is above 0.3."""
    sure = np.max(probabilities, 1) > 0.3
    best = np.where(sure, np.argmax(probabilities, 1), len(signs) - 1)
    found = runs(np.eye(len(signs))[best], signs)
    return "".join(s for s, _, _ in found), [t for _, t, _ in found]


@wrong("what-and-when", fails="test_when")
def what_and_when(probabilities, signs):
    """Gives the times of the frames' middles."""
    found = runs(probabilities, signs)
    return "".join(s for s, _, _ in found), [t + 0.5 for _, t, _ in found]


@wrong("count-paths", fails="test_many_frames")
def count_paths(text, frames):
    """Counts with whole numbers of 64 bits."""
    ways = ways_of(text, frames, right_jump, np.int64)
    return int(sum(ways[-2:]))
