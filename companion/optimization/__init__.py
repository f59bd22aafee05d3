"""Part II: how networks are trained.

``optimizer`` is what all optimizers share, one file each holds the rules (``sgd``, ``adagrad``,
``adadelta``, ``rmsprop``, ``adam``, ``nadam``); ``averages`` is the exponentially weighted average
that most of them are made of. ``surfaces`` and ``trajectories`` let them walk where one can watch;
``explorer`` lets the reader choose who walks where; ``random_functions`` and ``tanh_networks`` are
functions of many numbers with all their derivatives, for a census of minima and saddle points;
``comparison`` tunes each on the same budget before they are compared.

``companion.optim`` lists the optimizers under PyTorch's names.
"""
