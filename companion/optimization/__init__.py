"""Part II: how networks are trained.

``optimizer`` is what all optimizers share, one file each holds the rules (``sgd``, ``adagrad``,
``adadelta``, ``rmsprop``, ``adam``, ``nadam``); ``averages`` is the exponentially weighted average
that most of them are made of. ``surfaces`` and ``trajectories`` let them walk where one can watch;
``comparison`` tunes each on the same budget before they are compared. ``second_order`` holds the
methods that use curvature.

``companion.optim`` lists the optimizers under PyTorch's names.
"""
