"""Training on several processes or machines, each with its own part of every batch.

``sharding`` cuts a batch, ``ring`` shows how gradients are summed, ``train`` is the program that
``torchrun`` starts, ``checkpoint`` and ``timing`` belong to it; ``launch`` starts it on this
machine and waits. Only ``checkpoint``, ``timing`` and ``train`` import torch.

On one machine::

    torchrun --standalone --nproc-per-node 2 \
        -m companion.optimization.data_parallel.train --out runs/digits

On two machines the same command on each, with the name of the first as the meeting point and a
folder that both can see (the variable makes the workers meet at a new place in each life, so that
another machine may take the place of a broken one)::

    export TORCH_DISABLE_SHARE_RDZV_TCP_STORE=1
    torchrun --nnodes 2 --nproc-per-node 2 --rdzv-backend c10d \
        --rdzv-endpoint first.example:29500 --rdzv-id digits --max-restarts 3 \
        -m companion.optimization.data_parallel.train --out /shared/digits

Told in the chapter :ref:`frameworks`.
"""
