"""Part II: how networks are trained.

``optimizer`` is what all optimizers share, one file each holds the rules (``sgd``, ``adagrad``,
``adadelta``, ``rmsprop``, ``adam``, ``nadam``); ``averages`` is the exponentially weighted average
that most of them are made of. ``surfaces`` and ``trajectories`` let them walk where one can watch.

Rooms of their own: ``second_order`` (curvature and line searches), ``schedules`` (the rate as a
function of the step), ``normalization`` (layers that standardize what passes through a network),
``deferred`` (graphs that are built before they run) and ``data_parallel`` (several processes or
machines).

``companion.optim`` lists the optimizers under PyTorch's names.
"""
