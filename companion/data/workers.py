"""Worker processes that prepare what training needs next, while it computes."""

import multiprocessing
import os
import signal
import threading
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice

_make = None  # in a worker: the function that it was started with


def in_order(make, tasks, workers, ahead=2):
    """Yield ``make(task)`` for each task, in their order, made by several processes at a time.

    Parameters
    ----------
    make : callable
        Runs in the workers, which are copies of this process where the system can fork (Linux);
        elsewhere it is sent to them once, and must be importable there: a function of a module, not
        of a notebook.
    tasks : iterable
        Arguments, picklable. The answers are picklable, too.
    workers : int
        Number of processes; with 0, all is made here.
    ahead : int
        Answers that each worker may have ready before they are asked for.

    Yields
    ------
    object
        The answers. An exception of `make` is raised here.

    Raises
    ------
    ValueError
        If the number of workers is negative.
    RuntimeError
        If a worker died. The others are ended.

    Notes
    -----
    The workers end with the generator: when it is exhausted or closed, at an exception, and at
    Ctrl-C. If this process is killed, they see it and leave. Chapter :ref:`loading_in_parallel`.
    """
    if workers < 0:
        raise ValueError(f"workers is {workers}; take 0 to make batches in this process, or more")
    if workers == 0:
        yield from map(make, tasks)
        return
    with ProcessPoolExecutor(workers, initializer=_begin, initargs=(make,)) as pool:
        tasks = iter(tasks)
        waiting = deque(pool.submit(_one, task) for task in islice(tasks, workers * ahead))
        try:
            while waiting:
                made = waiting.popleft().result()
                waiting.extend(pool.submit(_one, task) for task in islice(tasks, 1))
                yield made
        except BrokenProcessPool as error:
            raise RuntimeError(
                "a worker process died before its batch was ready (killed, or out of memory?); "
                "with workers=0 the same batches are made in this process"
            ) from error
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _begin(make):
    """Prepare a worker: leave Ctrl-C to the parent, and end with it."""
    global _make
    _make = make
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent():
    multiprocessing.parent_process().join()
    os._exit(1)


def _one(task):
    return _make(task)
