"""Where the seconds of a data-parallel update go: computing, or waiting for messages."""

import json
import time
from contextlib import nullcontext
from pathlib import Path

import torch
import torch.distributed as dist
from torch import nn
from torch.nn.functional import cross_entropy
from torch.nn.parallel import DistributedDataParallel

WIDTHS = (64, 512)
"""Hidden units of the two networks that are timed."""


def measure(path, sizes, widths=WIDTHS, repeats=9):
    """Time an update's forward and backward pass; every worker of the group calls this.

    Parameters
    ----------
    path : path-like
        JSON file that worker 0 writes: one row for each network and batch size, with ``hidden``,
        ``parameters``, ``batch``, and median seconds of ``alone`` (one worker with the whole batch,
        the others idle), ``compute`` (each worker its part, silent), ``reduce`` (adding up the
        gradients, nothing else) and ``both`` (each worker its part, gradients added up).
    sizes : sequence of int
        Batch sizes, over all workers.
    widths : sequence of int
        Hidden units of the networks 196–hidden–hidden–10.
    repeats : int
        Times each is measured.

    Notes
    -----
    Told in the chapter :ref:`frameworks`.
    """
    rows = [_row(width, size, repeats) for width in widths for size in sizes]
    if dist.get_rank() == 0:
        Path(path).write_text(json.dumps(rows), encoding="utf-8")


def _row(width, size, repeats):
    rank, workers = dist.get_rank(), dist.get_world_size()
    hidden = nn.Linear(196, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU()
    plain = nn.Sequential(*hidden, nn.Linear(width, 10))
    model = DistributedDataParallel(plain)
    numbers = torch.cat([p.detach().ravel() for p in plain.parameters()])
    X, y = torch.rand(size, 196), torch.randint(10, (size,))

    def update(network, part=slice(None), silent=False):
        with network.no_sync() if silent else nullcontext():
            cross_entropy(network(X[part]), y[part]).backward()

    mine = slice(rank, None, workers)
    ways = {
        "alone": lambda: update(plain) if rank == 0 else None,
        "compute": lambda: update(model, mine, silent=True),
        "reduce": lambda: dist.all_reduce(numbers),
        "both": lambda: update(model, mine),
    }
    seconds = {name: [] for name in ways}
    for _ in range(repeats):  # in turns, so that a slow moment of the machine hits all alike
        for name, way in ways.items():
            dist.barrier()
            start = time.perf_counter()
            way()
            seconds[name].append(time.perf_counter() - start)
    medians = {name: sorted(values)[len(values) // 2] for name, values in seconds.items()}
    return {"hidden": width, "parameters": len(numbers), "batch": size, **medians}
