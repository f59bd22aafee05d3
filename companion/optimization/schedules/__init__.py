"""Learning-rate schedules: the rate as a function of the step.

``scheduler`` applies such a function to the groups of an optimizer; ``rules`` are the plain
functions of the classic decays, ``functions`` puts any function to work, ``staircases``, ``ramps``,
``exponential``, ``cosine`` and ``one_cycle`` hold the schedules with a name, ``sequence`` joins
several, ``plateau`` listens to a measure instead of counting, and ``range_test`` finds the rate to
start from.

``companion.optim.lr_scheduler`` lists the schedulers under PyTorch's names.
"""
