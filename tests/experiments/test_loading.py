"""The timetable follows closed forms; the slow transform is a warp."""

from itertools import pairwise

import numpy as np
import pytest

from companion.experiments.regularization import loading


def end(*args):
    return loading.timetable(*args)[-1].end


@pytest.mark.parametrize("make", [1.0, 3.0])
def test_without_workers_all_times_add_up(make):
    assert end(make, 2.0, 5, 0) == pytest.approx(5 * (make + 2))


def test_training_waits_only_for_the_first_batch_where_workers_are_quick():
    assert end(4.0, 2.0, 10, 2) == pytest.approx(4 + 10 * 2)
    assert end(1.0, 2.0, 10, 1) == pytest.approx(1 + 10 * 2)


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_slow_workers_set_the_pace(workers):
    assert end(12.0, 1.0, 12, workers) == pytest.approx(12 / workers * 12 + workers_left(workers))


def workers_left(workers):
    """Batches that become ready at one time are learned one after the other."""
    return float(workers)


def test_nobody_does_two_things_at_a_time_and_nothing_is_learned_before_it_is_made():
    bars = loading.timetable(3.0, 2.0, 9, 2)
    for who in range(3):
        own = sorted((bar.start, bar.end) for bar in bars if bar.who == who)
        assert all(a[1] <= b[0] for a, b in pairwise(own))
    ready = {bar.batch: bar.end for bar in bars if bar.what == "make"}
    assert all(bar.start >= ready[bar.batch] for bar in bars if bar.what == "step")


def test_no_more_batches_lie_ready_than_are_allowed():
    bars = loading.timetable(0.1, 5.0, 12, 2, 2)
    steps = {bar.batch: bar.start for bar in bars if bar.what == "step"}
    for bar in bars:
        if bar.what == "make" and bar.batch >= 4:
            assert bar.start >= steps[bar.batch - 4]


def test_the_warp_moves_pixels_smoothly_and_by_no_more_than_it_should():
    ramp = np.broadcast_to(np.arange(40.0), (1, 40, 40)).copy()
    warped, labels = loading.elastic(ramp, np.array([7]), np.random.default_rng(0), strength=3.0)
    moved = (warped - ramp)[0, 5:-5, 5:-5]  # on a ramp the change is the move along x
    assert 0.5 < np.abs(moved).max() < 3.0 + 1e-6
    assert np.abs(np.diff(moved, axis=0)).max() < 1
    assert labels.tolist() == [7]


def test_time_is_taken():
    images = np.zeros((2, 8, 8))
    assert 0 < loading.seconds_per_epoch(images, 0, repeats=1) < 60
