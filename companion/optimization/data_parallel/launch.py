"""Starting ``torchrun`` on this machine, and leaving nothing behind."""

import os
import subprocess
import sys
from pathlib import Path

TRAIN = "companion.optimization.data_parallel.train"


def launch(*options, processes=2, restarts=0, module=TRAIN, timeout=300):
    """Run a module in several processes by ``torchrun`` and wait for the end.

    Parameters
    ----------
    *options : object
        Options of the module, in order; turned into text.
    processes : int
        Number of workers.
    restarts : int
        How often ``torchrun`` may start all workers anew after one has died.
    module : str
        What to run.
    timeout : float
        Seconds after which the run is ended.

    Returns
    -------
    subprocess.CompletedProcess
        Return code (0 if the last life of the workers ended well), ``stdout`` and ``stderr``.

    Raises
    ------
    subprocess.TimeoutExpired
        If the run took too long; agent and workers are gone then.
    ModuleNotFoundError
        If torch is not installed.

    Notes
    -----
    The workers meet at a free port of the loopback interface; no network is needed. Told in the
    chapter :ref:`frameworks`.
    """
    _need_torch()
    command = [
        *(sys.executable, "-m", "torch.distributed.run", "--standalone", "--local-addr=127.0.0.1"),
        *(f"--nproc-per-node={processes}", f"--max-restarts={restarts}"),
        *("-m", module, *map(str, options)),
    ]
    root = str(Path(__file__).resolve().parents[3])
    paths = filter(None, [root, os.environ.get("PYTHONPATH")])
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    environment.setdefault("OMP_NUM_THREADS", "1")
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, env=environment, **pipes) as agent:
        try:
            stdout, stderr = agent.communicate(timeout=timeout)
        except BaseException:
            agent.terminate()  # the agent ends its workers before it ends itself
            try:
                agent.wait(60)
            except subprocess.TimeoutExpired:
                agent.kill()  # the workers notice and leave
            raise
    return subprocess.CompletedProcess(command, agent.returncode, stdout, stderr)


def _need_torch():
    from importlib.util import find_spec

    if find_spec("torch") is None:
        raise ModuleNotFoundError(
            "launch: torch is not installed; run: pip install 'deep-learning-companion[torch]'"
        )
