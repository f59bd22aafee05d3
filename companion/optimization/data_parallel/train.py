"""Data-parallel training of the digit network: the program that ``torchrun`` starts.

``torchrun --standalone --nproc-per-node 2 -m companion.optimization.data_parallel.train --out DIR``
trains with two processes. It goes on from the checkpoint in DIR if there is one. With the same
options any number of workers makes the same updates, up to rounding, as one process does.
"""

import argparse
import os
import signal
import socket
import threading
import time
from datetime import timedelta
from itertools import islice
from pathlib import Path

import numpy as np
import torch
import torch.distributed as dist
from torch import nn
from torch.nn.functional import cross_entropy
from torch.nn.parallel import DistributedDataParallel

from companion.data.batches import Batches
from companion.data.digits import digits, pooled
from companion.optimization.data_parallel import checkpoint, timing
from companion.optimization.data_parallel.sharding import shard


def parse(arguments=None):
    """Read the options of the command line.

    Parameters
    ----------
    arguments : list of str, optional
        By default those of the process.

    Returns
    -------
    argparse.Namespace
        The options, with their defaults.
    """
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=_Help)
    add = parser.add_argument
    add("--out", type=Path, required=True, help="folder of the checkpoint, seen by all machines")
    add("--examples", type=int, default=4000, help="digits to learn from")
    add("--hidden", type=int, default=64, help="hidden units")
    add("--batch-size", type=int, default=64, help="examples of an update, over all workers")
    add("--epochs", type=int, default=3)
    add("--lr", type=float, default=0.1)
    add("--momentum", type=float, default=0.9)
    add("--dtype", choices=("float32", "float64"), default="float32")
    add("--seed", type=int, default=0)
    add("--save-every", type=int, default=50, help="updates between two checkpoints")
    add("--timeout", type=float, default=120, help="seconds to wait for another worker")
    add("--kill-rank", type=int, default=-1, help="for tests: the worker that dies once")
    add("--kill-step", type=int, default=0, help="for tests: the update before which it dies")
    add("--measure", type=int, nargs="*", default=[], help="batch sizes to time at the end")
    return parser.parse_args(arguments)


class _Help(argparse.ArgumentDefaultsHelpFormatter, argparse.RawDescriptionHelpFormatter):
    """Show the docstring as it is, and the defaults."""


def main(arguments=None):
    """Take part in a run, as the worker that the environment says; alone without ``torchrun``.

    Parameters
    ----------
    arguments : list of str, optional
        Options; by default those of the process.
    """
    options = parse(arguments)
    launched = "RANK" in os.environ
    if launched:
        _stay_local_if_alone()
        _leave_with_the_agent()
        _join(timedelta(seconds=options.timeout))
    try:
        train(options)
        if options.measure:
            timing.measure(options.out / "timing.json", options.measure)
    finally:
        if launched:
            dist.destroy_process_group()


def train(options):
    """Train to the end; every worker of the process group calls this with the same options.

    Parameters
    ----------
    options : argparse.Namespace
        See `parse`. The file ``checkpoint.pt`` in ``out`` holds ``model`` and ``optimizer`` (state
        dicts), ``step`` (updates made), ``losses`` (mean loss of each batch before its update),
        ``gradients`` (of the first update, by name), ``lives`` (steps at which the run was begun
        or resumed) and ``seconds`` (of all updates).
    """
    rank, workers = _place()
    dtype = getattr(torch, options.dtype)
    X, y = _examples(options.examples, dtype)
    torch.manual_seed(options.seed)
    layers = nn.Linear(X.shape[1], options.hidden), nn.ReLU(), nn.Linear(options.hidden, 10)
    model = nn.Sequential(*layers).to(dtype)
    optimizer = torch.optim.SGD(model.parameters(), lr=options.lr, momentum=options.momentum)
    path = options.out / "checkpoint.pt"
    run = {"step": 0, "losses": [], "gradients": {}, "lives": [], "seconds": 0.0}
    if saved := checkpoint.load(path):
        model.load_state_dict(saved.pop("model"))
        optimizer.load_state_dict(saved.pop("optimizer"))
        run = saved
    run["lives"].append(run["step"])
    parallel = DistributedDataParallel(model) if workers > 1 else model
    batches = Batches(np.arange(len(X)), batch_size=options.batch_size, seed=options.seed)
    losses = []
    for batch in _remaining(batches, run["step"], options.epochs):
        _die_if_told(options, rank, run["step"])
        start = time.perf_counter()
        mine = torch.from_numpy(shard(batch, rank, workers))
        optimizer.zero_grad()
        losses.append(backward(parallel, X[mine], y[mine], len(batch), workers))
        if run["step"] == 0:
            run["gradients"] = {name: p.grad.clone() for name, p in model.named_parameters()}
        optimizer.step()
        run["step"] += 1
        run["seconds"] += time.perf_counter() - start
        last = run["step"] == options.epochs * len(batches)
        if last or run["step"] % options.save_every == 0:
            run["losses"] += _summed(losses, workers)
            losses = []
            if rank == 0:
                states = {"model": model.state_dict(), "optimizer": optimizer.state_dict()}
                checkpoint.save(path, {**run, **states})


def backward(model, X, y, size, workers):
    """Compute the gradients of the mean loss over a batch from one worker's part of it.

    Parameters
    ----------
    model : torch.nn.Module
        With several workers a `DistributedDataParallel`, which averages gradients over them.
    X, y : torch.Tensor
        The part: inputs (n, D) and class numbers (n,); n may be 0.
    size : int
        Examples in the whole batch.
    workers : int
        Number of workers.

    Returns
    -------
    float
        The part's share of the mean loss of the batch. The shares of all workers add up to it.
    """
    share = cross_entropy(model(X), y, reduction="sum") / size
    # DistributedDataParallel averages; the shares are to be added up.
    (workers * share).backward()
    return share.item()


def _join(timeout):
    """Meet the other workers."""
    store, rank, workers = next(dist.rendezvous("env://", timeout=timeout))
    if os.environ.get("TORCHELASTIC_USE_AGENT_STORE") == str(True):
        # One store serves all lives: addresses of the dead must not be taken for those of now.
        store = dist.PrefixStore(f"life {_life()}", store)
    dist.init_process_group("gloo", store=store, rank=rank, world_size=workers, timeout=timeout)


def _life():
    """Count how often the agent has started all workers anew."""
    return int(os.environ.get("TORCHELASTIC_RESTART_COUNT", 0))


def _place():
    """Return the number of this worker and of all."""
    if dist.is_initialized():
        return dist.get_rank(), dist.get_world_size()
    return 0, 1


def _examples(count, dtype):
    data = digits()
    X, y = pooled(data.X_train[:count].astype(float)), data.y_train[:count]
    return torch.from_numpy(X).to(dtype), torch.from_numpy(y)


def _remaining(batches, step, epochs):
    """Yield the batches that follow after `step` updates, as arrays of example numbers."""
    done, within = divmod(step, len(batches))
    for epoch in range(done, epochs):
        for (batch,) in islice(batches.epoch(epoch), within, None):
            yield batch
        within = 0


def _summed(shares, workers):
    """Add up the workers' shares of each loss."""
    losses = torch.tensor(shares, dtype=torch.float64)
    if workers > 1:
        dist.all_reduce(losses)
    return losses.tolist()


def _die_if_told(options, rank, step):
    """Kill this worker as a power cut would: no farewell. Once only, in its first life."""
    if (rank, step) == (options.kill_rank, options.kill_step) and _life() == 0:
        os.kill(os.getpid(), signal.SIGKILL)


def _stay_local_if_alone():
    """Talk over the loopback interface where all workers are on this machine."""
    if os.environ["LOCAL_WORLD_SIZE"] == os.environ["WORLD_SIZE"]:
        names = [name for _, name in socket.if_nameindex() if name.startswith("lo")]
        if names:
            os.environ.setdefault("GLOO_SOCKET_IFNAME", names[0])


def _leave_with_the_agent():
    """End this worker when the agent that started it is gone, so that none is left over."""
    agent = os.getppid()

    def watch():
        while os.getppid() == agent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


if __name__ == "__main__":
    main()
