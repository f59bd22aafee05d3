"""Batch normalization as layers, which keep the running statistics for the time after training."""

import numpy as np

from companion.gradients.module import Module, Parameter
from companion.gradients.tape import Tensor
from companion.optimization.normalization.batch_norm import batch_norm


class BatchNorm(Module):
    """Base of `BatchNorm1d`, `BatchNorm2d`, `BatchNorm3d`, which say how many axes inputs have.

    Parameters
    ----------
    num_features : int
        Number of channels C.
    eps : float
        ε, added to the variance.
    momentum : float or None
        Share of the new batch in the running statistics; None is the plain mean over all batches.
    affine : bool
        Whether to learn a scale and a shift.
    track_running_stats : bool
        Whether to keep running statistics. Without them evaluation, too, uses those of the batch.
    bias : bool
        Whether to learn the shift, if `affine`.

    Attributes
    ----------
    weight, bias : Parameter or None
        Scale γ and shift β, (C,); 1 and 0 at first.
    running_mean, running_var, num_batches_tracked : Tensor or None
        Buffers: averages of the batches' means and unbiased variances, (C,), 0 and 1 at first; and
        how many batches there were.

    Raises
    ------
    ValueError
        When called, if the input has other axes or another number of channels, or if in training a
        channel has a single value.

    Notes
    -----
    Ioffe and Szegedy (2015). Derived in the chapter :ref:`normalization`.
    """

    axes = {}

    def __init__(
        self,
        num_features,
        eps=1e-5,
        momentum=0.1,
        affine=True,
        track_running_stats=True,
        *,
        bias=True,
    ):
        self.num_features, self.eps, self.momentum = num_features, eps, momentum
        self.affine, self.track_running_stats = affine, track_running_stats
        ones, zeros = np.ones(num_features, np.float32), np.zeros(num_features, np.float32)
        self.weight = Parameter(ones) if affine else None
        self.bias = Parameter(zeros) if affine and bias else None
        track = track_running_stats
        self.register_buffer("running_mean", Tensor(zeros.copy()) if track else None)
        self.register_buffer("running_var", Tensor(ones.copy()) if track else None)
        self.register_buffer("num_batches_tracked", Tensor(np.array(0)) if track else None)

    def reset_running_stats(self):
        """Forget all batches: mean 0, variance 1."""
        if self.track_running_stats:
            self.running_mean.data[...] = 0
            self.running_var.data[...] = 1
            self.num_batches_tracked.data[...] = 0

    def forward(self, x):
        """Standardize each channel of x: (N, C, …); same shape."""
        if len(x.shape) not in self.axes or x.shape[1] != self.num_features:
            expected = " or ".join(self.axes.values()).replace("C", str(self.num_features))
            raise ValueError(f"{type(self).__name__}: got {x.shape}, expected {expected}")
        track, new_share = self.training and self.track_running_stats, self.momentum or 0.0
        if track:
            self.num_batches_tracked.data += 1
            if self.momentum is None:
                new_share = 1 / int(self.num_batches_tracked.data)
        use = track or not self.training
        return batch_norm(
            x,
            self.running_mean if use else None,
            self.running_var if use else None,
            self.weight,
            self.bias,
            self.training or self.running_mean is None,
            new_share,
            self.eps,
        )

    def extra_repr(self):
        """Return the sizes and options."""
        return (
            f"{self.num_features}, eps={self.eps}, momentum={self.momentum}, affine={self.affine}, "
            f"bias={self.bias is not None}, track_running_stats={self.track_running_stats}"
        )


class BatchNorm1d(BatchNorm):
    """Batch normalization of features (N, C) or sequences (N, C, L); see `BatchNorm`."""

    axes = {2: "(N, C)", 3: "(N, C, L)"}


class BatchNorm2d(BatchNorm):
    """Batch normalization of images (N, C, H, W), over examples and pixels; see `BatchNorm`."""

    axes = {4: "(N, C, H, W)"}


class BatchNorm3d(BatchNorm):
    """Batch normalization of volumes (N, C, D, H, W); see `BatchNorm`."""

    axes = {5: "(N, C, D, H, W)"}
