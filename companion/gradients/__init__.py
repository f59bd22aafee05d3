"""Reverse-mode automatic differentiation on NumPy arrays, and the networks it trains.

Read the modules in this order: ``tape`` and ``graph`` (tensors, primitives, the backward pass);
``arithmetic``, ``elementwise``, ``reductions`` and ``shaping`` (the primitives); ``tensor`` (which
operator is which primitive); ``activations``, ``gelu``, ``module``, ``layers`` and
``activation_layers`` (a network); ``losses`` (what it is asked for); ``generator``,
``initialization``, ``clipping`` and ``hooks`` (gradients that neither vanish nor explode);
``hyperplane``, ``perceptron``, ``logistic`` and ``backpropagation`` (by hand); ``checking`` (the
proof).
"""
