"""Batches made by other processes: the same numbers, no hang, nobody left behind."""

import os
import signal
import subprocess
import sys
import textwrap
import time

import numpy as np
import pytest
import torch

from companion.data.batches import Batches
from companion.data.workers import in_order

pytestmark = pytest.mark.reads("companion/**/*.py")

X = np.arange(40.0).reshape(20, 2)
Y = np.arange(20)


def noisy(x, y, rng):
    return x + rng.normal(size=x.shape), y


def batches(workers, **options):
    options = {"batch_size": 6, "seed": 5, "transform": noisy, **options}
    return Batches(X, Y, workers=workers, **options)


def equal(some, others):
    some, others = list(some), list(others)
    assert len(some) == len(others) > 0
    for mine, wanted in zip(some, others, strict=True):
        for a, b in zip(mine, wanted, strict=True):
            np.testing.assert_array_equal(np.asarray(a), np.asarray(b))


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("epoch", [0, 3])
def test_workers_make_what_this_process_makes(workers, epoch):
    equal(batches(workers).epoch(epoch), batches(0).epoch(epoch))


def test_a_transform_gets_other_numbers_in_each_batch_and_epoch():
    noises = [x - X[y] for epoch in range(2) for x, y in batches(0).epoch(epoch)]
    drawn = np.concatenate(noises).ravel()
    assert len(np.unique(drawn)) == drawn.size == 80


def test_without_a_transform_batches_are_rows_of_the_arrays():
    for x, y in batches(2, transform=None).epoch(1):
        np.testing.assert_array_equal(x, X[y])


def test_iterating_goes_on_to_the_next_epoch():
    loader = batches(1)
    equal(list(loader) + list(loader), [*batches(0).epoch(0), *batches(0).epoch(1)])


@pytest.mark.parametrize("num_workers", [0, 2])
def test_the_same_pipeline_under_torch(num_workers):
    loader = torch.utils.data.DataLoader(
        batches(0).epoch(2), batch_size=None, num_workers=num_workers
    )
    equal(loader, batches(0).epoch(2))


def test_an_epoch_is_a_sequence():
    epoch = batches(0, drop_last=True).epoch(0)
    assert len(epoch) == 3
    with pytest.raises(IndexError, match="batch 3 of an epoch of 3"):
        epoch[3]


def test_a_negative_number_of_workers_is_refused():
    with pytest.raises(ValueError, match="workers is -1"):
        batches(-1)
    with pytest.raises(ValueError, match="workers is -1"):
        list(in_order(abs, [1], -1))


def test_no_tasks_no_answers():
    assert list(in_order(abs, [], 2)) == []


def fails_at_seven(x, y, rng):
    if 7 in y:
        raise KeyError("seven")
    return x, y


@pytest.mark.parametrize("workers", [0, 2])
def test_an_error_of_the_transform_is_raised_here(workers):
    with pytest.raises(KeyError, match="seven"):
        list(batches(workers, transform=fails_at_seven).epoch(0))


def dies_at_seven(x, y, rng):
    if 7 in y:
        os.kill(os.getpid(), signal.SIGKILL)
    return x, y


def test_a_dead_worker_is_an_error():
    with pytest.raises(RuntimeError, match=r"worker process died .* workers=0"):
        list(batches(2, transform=dies_at_seven).epoch(0))


def who(x, y, rng):
    return x, np.full(len(y), os.getpid())


def gone(pid, patience=20.0):
    """Whether the process ends: nothing answers to its number any more."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        try:
            os.kill(pid, 0)
            with open(f"/proc/{pid}/stat") as file:
                if file.read().rsplit(")", 1)[1].split()[0] == "Z":
                    return True
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.05)
    return False


def test_the_work_is_done_elsewhere_and_ends_with_the_loop():
    pids = set()
    for _, pid in batches(2, transform=who).epoch(0):
        pids.update(pid.tolist())
        break
    assert os.getpid() not in pids
    assert all(gone(pid) for pid in pids)


CHILD = """
    import os, time
    import numpy as np
    from companion.data.batches import Batches

    def who(x, rng):
        time.sleep(0.2)
        return (np.full(len(x), os.getpid()),)

    for (pids,) in Batches(np.arange(400), batch_size=2, transform=who, workers=2):
        print(pids[0], flush=True)
"""


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_nobody_is_left_when_training_is_interrupted(how, tmp_path):
    program = tmp_path / "loop.py"
    program.write_text(textwrap.dedent(CHILD))
    process = subprocess.Popen(
        [sys.executable, str(program)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        # Whoever runs the tests in the background hands down that Ctrl-C is ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        env={**os.environ, "PYTHONPATH": os.getcwd()},
    )
    pids = {int(process.stdout.readline()) for _ in range(6)}
    # Ctrl-C reaches all processes of a terminal; a kill only the one it is meant for.
    (os.killpg if how == signal.SIGINT else os.kill)(process.pid, how)
    assert process.wait(timeout=60) != 0
    assert pids
    assert all(gone(pid) for pid in pids)
